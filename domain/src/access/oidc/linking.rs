//! Which account a person at a provider is, and what their groups there make of them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    access::{Account, AccountState, Role},
    moment::Moment,
};

/// How long somebody stays a guest whom no group gives a role any more.
const GUEST_STAY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Why somebody who is new here is not linked to an account. The person is told the same each time: who is not told
/// which addresses have accounts cannot go looking for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// The provider does not vouch for an address.
    #[error("the provider does not vouch for an e-mail address")]
    NotVerified,
    /// No account has the address.
    #[error("no account has this e-mail address")]
    NoAccount,
    /// The account waits for nobody.
    #[error("the account is not waiting to be linked")]
    NotInvited,
    /// The account cannot be used.
    #[error("the account is disabled")]
    Disabled,
}

/// Whether a person whom nobody knows yet may be linked to the account with the address the provider vouches for.
/// An address alone links nobody: an administrator must have invited the account.
pub fn may_link(account: &Account, verified_email: &str) -> Result<(), LinkRefusal> {
    if account.email_key() != verified_email.to_lowercase() {
        return Err(LinkRefusal::NoAccount);
    }
    if account.state != AccountState::Active {
        return Err(LinkRefusal::Disabled);
    }
    if account.invited { Ok(()) } else { Err(LinkRefusal::NotInvited) }
}

/// The account after a sign-in in which the provider told of `groups`; its invitation is used.
///
/// Where the operator listed groups the role is the widest that they give, and otherwise that of a guest for thirty days; a
/// group that is not listed gives nothing, whatever it is called. A guest who is given a role has it for good. Where none are
/// listed, and for delegates, whose role comes with an organisation, administrators decide.
pub fn after_sign_in(account: &Account, groups: &[&str], roles: &BTreeMap<String, Role>, now: Timestamp) -> Account {
    let after = Account { invited: false, ..account.clone() };
    if roles.is_empty() || account.role.acts_for_organisation() {
        return after;
    }
    let given: Vec<Role> = groups.iter().filter_map(|group| roles.get(*group).copied()).collect();
    let role = Role::ALL.iter().copied().find(|role| given.contains(role)).unwrap_or(Role::Guest);
    let soon = Moment(now + GUEST_STAY);
    let ends_at = match (account.role == Role::Guest, role == Role::Guest) {
        (false, true) => Some(account.ends_at.map_or(soon, |end| end.min(soon))),
        (true, false) => None,
        _ => account.ends_at,
    };
    Account { role, ends_at, ..after }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account { invited: true, ..Account::of(Role::Secretariat, "Anna@Example.org", "Anna") }
    }

    #[test]
    fn an_address_links_only_to_an_account_that_waits_for_it() {
        assert_eq!(may_link(&account(), "anna@example.ORG"), Ok(()));
        assert_eq!(may_link(&account(), "anne@example.org"), Err(LinkRefusal::NoAccount));
        let linked = Account { invited: false, ..account() };
        assert_eq!(may_link(&linked, "anna@example.org"), Err(LinkRefusal::NotInvited));
        let disabled = Account { state: AccountState::Disabled, ..account() };
        assert_eq!(may_link(&disabled, "anna@example.org"), Err(LinkRefusal::Disabled));
    }

    #[test]
    fn staff_has_the_widest_role_of_its_listed_groups_and_without_one_is_a_guest_for_a_while() {
        let now: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let roles = BTreeMap::from([
            ("desk".to_owned(), Role::Secretariat),
            ("board".to_owned(), Role::Auditor),
            ("root".to_owned(), Role::Admin),
        ]);
        let after = |account: &Account, groups: &[&str]| {
            let after = after_sign_in(account, groups, &roles, now);
            (after.role, after.ends_at.map(|end| end.0.to_string()))
        };
        let in_thirty_days = Some("2026-04-01T08:00:00Z".to_owned());
        assert_eq!(after(&account(), &["desk", "board"]), (Role::Secretariat, None));
        assert_eq!(after(&account(), &["board", "root"]), (Role::Admin, None));
        assert_eq!(after(&account(), &["admin", "Root", ""]), (Role::Guest, in_thirty_days.clone()));
        let guest = after_sign_in(&account(), &[], &roles, now);
        assert!(guest.check().is_ok());
        assert_eq!(after(&guest, &[]), (Role::Guest, in_thirty_days));
        assert_eq!(after(&guest, &["desk"]), (Role::Secretariat, None));
        let for_a_day = Account { ends_at: Moment::parse("2026-03-03"), ..account() };
        assert_eq!(after(&for_a_day, &["root"]), (Role::Admin, Some("2026-03-03T00:00:00Z".to_owned())));
        assert_eq!(after(&for_a_day, &[]), (Role::Guest, Some("2026-03-03T00:00:00Z".to_owned())));
        let delegate = Account { role: Role::Delegate, ..account() };
        assert_eq!(after(&delegate, &["root"]), (Role::Delegate, None));
        let nobody_listed = after_sign_in(&account(), &["root"], &BTreeMap::new(), now);
        assert_eq!(nobody_listed, Account { invited: false, ..account() });
    }
}
