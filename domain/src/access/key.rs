//! API keys: what is asked for, what is shown, and what fits together.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Network, Role, Scope, Secret, Tlp, account::check_fit};
use crate::{Check, Violation, identifier::Handle, language::check_line};

/// What a new key is to be. A key never changes afterwards: make another and revoke the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// Its purpose, in the words of whoever asks for it: which system uses it, and what for.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// What it is narrowed to; empty for all that the role may.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub scopes: Vec<Scope>,
    /// Events it is limited to, by id or code; only for `secretariat`, `auditor` and
    /// `delegation_manager`.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub event_ids: Vec<Handle>,
    /// Groups it is limited to, with their events and without their subgroups, by id or code; only for the same.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub group_ids: Vec<Handle>,
    /// The organisation it acts for; a `delegation_manager` and a `delegate` have one, nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<Handle>,
    /// The label of the most confidential objects it sees; nothing with a narrower label leaves through it.
    #[serde(default = "NewKey::default_ceiling")]
    pub tlp_ceiling: Tlp,
    /// Networks it works from, in CIDR notation; empty for everywhere. From elsewhere it is refused as if it were unknown.
    /// An address alone is a network of one; bits beyond the prefix are refused, as they mostly are a typing error.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(max = 49)))]
    pub networks: Vec<String>,
    /// The account it belongs to, by id or e-mail address; that of the key making it if not given. The key can never
    /// do more than its account and ends with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Handle>,
    /// Days until it expires.
    #[serde(default = "NewKey::default_days")]
    #[schemars(range(min = 1, max = 366))]
    pub expires_in_days: u16,
}

impl NewKey {
    /// Days until a key expires where nothing is said.
    pub const DEFAULT_DAYS: u16 = 90;

    fn default_days() -> u16 {
        Self::DEFAULT_DAYS
    }

    fn default_ceiling() -> Tlp {
        Tlp::Red
    }

    /// A key of this role without limits.
    pub fn of(role: Role, name: impl Into<String>) -> Self {
        Self { name: name.into(), role, ..Self::default() }
    }

    /// The networks it works from, in the form that is kept.
    pub fn networks(&self) -> Vec<Network> {
        self.networks.iter().filter_map(|network| Network::parse(network)).collect()
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.name, "/name", 200));
        check_fit(&mut check, self.role, self.organisation_id.as_ref(), [&self.event_ids, &self.group_ids]);
        for (at, network) in self.networks.iter().enumerate().filter(|(_, network)| Network::parse(network).is_none()) {
            check.add(Network::violation(network, &format!("/networks/{at}")));
        }
        check
            .require(self.scopes.len() <= 50, "/scopes", "too_many", "Give at most 50 scopes.")
            .require(self.networks.len() <= 50, "/networks", "too_many", "Give at most 50 networks.")
            .require(
                (1..=366).contains(&self.expires_in_days),
                "/expires_in_days",
                "out_of_range",
                "Let it expire in 1 to 366 days.",
            );
        check.finish()
    }
}

impl Default for NewKey {
    /// The key that can do least harm, still without a name.
    fn default() -> Self {
        Self {
            name: String::new(),
            role: Role::Auditor,
            scopes: vec![],
            event_ids: vec![],
            group_ids: vec![],
            organisation_id: None,
            tlp_ceiling: Self::default_ceiling(),
            networks: vec![],
            owner_id: None,
            expires_in_days: Self::DEFAULT_DAYS,
        }
    }
}

crate::words! {
    /// Whether a key opens anything. A revoked one is gone.
    pub enum KeyState {
        /// It does.
        Active = "active",
        /// Its time is over.
        Expired = "expired",
    }
}

/// A key as it can be looked at; its secret cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Key {
    /// How the key itself begins, to recognise it by.
    pub prefix: String,
    /// Its purpose.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// What it is narrowed to; empty for all that the role may.
    pub scopes: Vec<Scope>,
    /// Events it is limited to.
    pub event_ids: Vec<Uuid>,
    /// Groups it is limited to.
    pub group_ids: Vec<Uuid>,
    /// The organisation it acts for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<Uuid>,
    /// The label of the most confidential objects it sees.
    pub tlp_ceiling: Tlp,
    /// Networks it works from; empty for everywhere.
    pub networks: Vec<Network>,
    /// The account it belongs to.
    pub owner_id: Uuid,
    /// Shared by the keys that replaced one another: the id of the first of them.
    pub lineage_id: Uuid,
    /// Whether it opens anything.
    pub state: KeyState,
    /// When it stops working (UTC).
    pub expires_at: Timestamp,
    /// When it was last used (UTC), known to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// Whether nobody has used it for 90 days: revoke it, unless you know better.
    pub idle: bool,
}

/// A key that was made just now: the only time its secret is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IssuedKey {
    /// The key.
    #[serde(flatten)]
    pub key: Key,
    /// The whole key, for `Authorization: Bearer`. It is not kept and cannot be shown again.
    pub secret: Secret,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(key: &NewKey) -> Vec<(String, &'static str)> {
        key.check().err().into_iter().flatten().map(|v| (v.pointer, v.code)).collect()
    }

    #[test]
    fn a_delegate_and_only_a_delegate_acts_for_an_organisation() {
        let wrong = [("/organisation_id".to_owned(), "does_not_fit_role")];
        assert_eq!(codes(&NewKey::of(Role::Delegate, "x")), wrong);
        let poland = Some(Handle::from("PL"));
        assert!(codes(&NewKey { organisation_id: poland.clone(), ..NewKey::of(Role::Delegate, "x") }).is_empty());
        assert_eq!(codes(&NewKey { organisation_id: poland, ..NewKey::of(Role::Admin, "x") }), wrong);
    }

    #[test]
    fn limits_are_refused_where_they_would_not_hold() {
        let limited = |role| NewKey { event_ids: vec!["seoul-2019".into()], ..NewKey::of(role, "x") };
        assert!(codes(&limited(Role::Secretariat)).is_empty() && codes(&limited(Role::Auditor)).is_empty());
        assert_eq!(codes(&limited(Role::Admin)), [("/event_ids".to_owned(), "does_not_fit_role")]);
    }

    #[test]
    fn a_key_lives_a_year_at_most() {
        for (days, fits) in [(0, false), (1, true), (366, true), (367, false)] {
            let key = NewKey { expires_in_days: days, ..NewKey::of(Role::Admin, "x") };
            assert_eq!(key.check().is_ok(), fits, "{days}");
        }
    }
}
