//! Accounts: who may sign in, and to whom keys belong.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Limit, Role};
use crate::{Check, Violation, identifier::Handle, language::check_line, moment::Moment};

crate::words! {
    /// Whether an account can be used.
    #[derive(Default)]
    pub enum AccountState {
        /// It can.
        #[default]
        Active = "active",
        /// It cannot, and its keys neither, until it is active again.
        Disabled = "disabled",
    }
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The address it is known by; no other account has it.
    #[schemars(length(min = 3, max = 254), regex(pattern = "^[^@\\s]+@[^@\\s]+$"))]
    pub email: String,
    /// Name of the person.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// What the account may do, and its keys at most.
    pub role: Role,
    /// The organisation it acts for; a `delegation_manager` and a `delegate` have one, nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<Handle>,
    /// Events it is limited to, by id or code; only for `secretariat`, `auditor` and `delegation_manager`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub event_ids: Vec<Handle>,
    /// Groups it is limited to, with their events and without their subgroups, by id or code; only for the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub group_ids: Vec<Handle>,
    /// The person whose it is, by id: what that person is in groups and delegations counts for whoever signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Handle>,
    /// First instant at which it can no longer be used; a `guest` has one, a year ahead at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Moment>,
    /// Whether it can be used.
    #[serde(default)]
    pub state: AccountState,
    /// Whether it waits for its person: the first sign-in through a provider that vouches for the e-mail address is
    /// linked to the account, and it waits no longer. Set it again for somebody who changes the provider.
    #[serde(default = "yes")]
    pub invited: bool,
}

/// Making an account is the invitation.
fn yes() -> bool {
    true
}

impl Account {
    /// Where the operator of the server is found, to whom belong the keys made on the host for nobody in particular.
    pub const OPERATOR: &str = "operator@localhost";

    const LONGEST_STAY: SignedDuration = SignedDuration::from_hours(366 * 24);

    /// The account of whoever has a shell on the host.
    pub fn operator() -> Self {
        Self::of(Role::Admin, Self::OPERATOR, "Operator of this server")
    }

    /// An active account of nobody in particular and for no organisation.
    pub fn of(role: Role, email: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            name: name.into(),
            role,
            organisation_id: None,
            event_ids: vec![],
            group_ids: vec![],
            person_id: None,
            ends_at: None,
            state: AccountState::Active,
            invited: false,
        }
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.name, "/name", 200));
        check.require(
            is_address(&self.email),
            "/email",
            "invalid",
            "Give one e-mail address of at most 254 characters, such as anna@example.org.",
        );
        check_fit(&mut check, self.role, self.organisation_id.as_ref(), [&self.event_ids, &self.group_ids]);
        check.require(
            self.role != Role::Guest || self.ends_at.is_some(),
            "/ends_at",
            "required",
            "Say until when the guest may sign in.",
        );
        check.finish()
    }

    /// Refuses a guest that would stay for more than a year from `now`.
    pub fn check_stay(&self, now: Timestamp) -> Result<(), Vec<Violation>> {
        let latest = now.saturating_add(Self::LONGEST_STAY).unwrap_or(now);
        let mut check = Check::new();
        check.require(
            self.role != Role::Guest || self.ends_at.is_none_or(|end| end.0 <= latest),
            "/ends_at",
            "out_of_range",
            "Let a guest stay a year at most, and renew it then.",
        );
        check.finish()
    }

    /// Where it may act, once what it is limited to is named by id; none means everywhere.
    pub fn limit(&self) -> Option<Limit> {
        let ids = |handles: &[Handle]| handles.iter().filter_map(Handle::id).collect::<Vec<_>>();
        Limit::of(ids(&self.event_ids), ids(&self.group_ids))
    }

    /// Whether it is signed in to by the same person in the same ways as `other`: nobody else comes by its links, and no
    /// invitation waits.
    pub fn is_opened_as(&self, other: &Self) -> bool {
        self.email_key() == other.email_key() && self.invited <= other.invited
    }

    /// Whether it permits just what `other` does, in person included.
    pub fn permits_the_same_as(&self, other: &Self) -> bool {
        self.role == other.role
            && self.organisation_id == other.organisation_id
            && self.person_id == other.person_id
            && self.limit() == other.limit()
    }

    /// Whether its time is over at `now`.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at.is_some_and(|end| end.0 <= now)
    }

    /// The form by which addresses are compared and found.
    pub fn email_key(&self) -> String {
        self.email.to_lowercase()
    }
}

/// Refuses an organisation or limits (events, groups) that do not fit the role of an account or a key.
pub(super) fn check_fit(
    check: &mut Check,
    role: Role,
    organisation: Option<&Handle>,
    [events, groups]: [&[Handle]; 2],
) {
    check.require(
        role.acts_for_organisation() == organisation.is_some(),
        "/organisation_id",
        "does_not_fit_role",
        "A delegate or a delegation manager, and nobody else, names the organisation it acts for.",
    );
    for (pointer, list) in [("/event_ids", events), ("/group_ids", groups)] {
        check.require(list.len() <= 100, pointer, "too_many", "Name at most 100.").require(
            role.can_be_limited() || list.is_empty(),
            pointer,
            "does_not_fit_role",
            "Only the secretariat, auditors and delegation managers can be limited to events and groups.",
        );
    }
}

/// Loosely: what delivers mail decides whether an address exists.
fn is_address(value: &str) -> bool {
    let visible = value.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let parts = value.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    visible && parts && value.matches('@').count() == 1 && value.chars().count() <= 254
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_parts_and_no_gaps() {
        for (address, fits) in
            [("a@b", true), ("Zoë@exämple.org", true), ("a@b@c", false), ("@b", false), ("a@", false), ("a b@c", false)]
        {
            assert_eq!(is_address(address), fits, "{address}");
        }
    }
}
