//! Who has to be there where something is decided, as far as that can be told beforehand.
//!
//! The quorum itself is counted where people sit (`attendance::quorum`). Here it is asked which delegations would count,
//! and how many of them are needed, so that a programme can be held against those that have said that they come. What is
//! found of credentials is not known yet and not looked at.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Kind, clashes::Quorum};
use crate::{
    attendance::{QuorumRule, quorum::Basis},
    identifier::{DelegationId, GroupId, OrganisationId},
    time::Validity,
};

/// The organisations and delegations that an event's rule of quorum is about.
#[derive(Debug, Clone, Default)]
pub struct Entitled {
    /// The rule that holds for the event.
    pub rule: QuorumRule,
    /// The event's own group, whose members count in sessions of no other.
    pub group: Option<GroupId>,
    /// Who belongs to the groups that sit, or has a vote there.
    pub members: Vec<InGroup>,
    /// The delegations of the event, whatever they have answered.
    pub delegations: Vec<Invited>,
}

/// An organisation in a group.
#[derive(Debug, Clone, Copy)]
pub struct InGroup {
    /// The group.
    pub group: GroupId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// Whether it belongs to the group.
    pub belongs: bool,
    /// Whether it has a vote there.
    pub votes: bool,
    /// When that holds.
    pub holds: Validity,
}

/// A delegation of the event.
#[derive(Debug, Clone, Copy)]
pub struct Invited {
    /// Its id.
    pub id: DelegationId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Whether it has named itself to the secretariat, as a member or a host.
    pub registered: bool,
}

impl Kind {
    /// Whether the body as a whole sits, so that the rules of procedure ask for its quorum.
    pub fn has_quorum(self) -> bool {
        matches!(self, Self::Plenary | Self::Committee | Self::GroupMeeting)
    }
}

impl Entitled {
    /// The quorum of a session of `group`, or of no group of its own, that starts at `start`. None where nothing is known
    /// of who is entitled, or of who comes.
    pub fn quorum(&self, group: Option<GroupId>, start: Timestamp) -> Option<Quorum> {
        let entitled = self.organisations(group.or(self.group), start);
        if entitled.is_empty() || self.delegations.is_empty() {
            return None;
        }
        let needed = u32::try_from(self.rule.required(entitled.len())).unwrap_or(u32::MAX);
        let of = self.delegations.iter().filter(|own| entitled.contains(&own.organisation)).map(|own| own.id);
        Some(Quorum { needed, of: of.collect() })
    }

    fn organisations(&self, group: Option<GroupId>, start: Timestamp) -> BTreeSet<OrganisationId> {
        match (self.rule.basis, group) {
            (Basis::Members, Some(group)) => self.in_group(group, start, |own| own.belongs),
            (Basis::VotingMembers, Some(group)) => self.in_group(group, start, |own| own.votes),
            // Without a group nobody is a member of it, so the registered are who there is.
            (Basis::Registered, _) | (_, None) => {
                self.delegations.iter().filter(|own| own.registered).map(|own| own.organisation).collect()
            }
        }
    }

    fn in_group(&self, group: GroupId, at: Timestamp, counts: fn(&InGroup) -> bool) -> BTreeSet<OrganisationId> {
        let members = self.members.iter().filter(|own| own.group == group && own.holds.holds_at(at));
        members.filter(|own| counts(own)).map(|own| own.organisation).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::attendance::quorum::Comparison;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Ten members, the last two of them without a vote and the first until the end of 2025; an organisation that works
    /// with the group; and one in another group. The members up to the sixth have a delegation, and so has the partner.
    fn body() -> Entitled {
        let from = at("2020-01-01T00:00:00Z");
        let member = |number| InGroup {
            group: id(1),
            organisation: id(number),
            belongs: true,
            votes: number < 9,
            holds: Validity { from, to: (number == 1).then(|| at("2026-01-01T00:00:00Z")) },
        };
        let partner = InGroup { belongs: false, votes: false, ..member(11) };
        let elsewhere = InGroup { group: id(2), ..member(12) };
        let delegation = |number| Invited { id: id(100 + number), organisation: id(number), registered: number < 4 };
        Entitled {
            rule: QuorumRule::default(),
            group: Some(id(1)),
            members: (1..=10).map(member).chain([partner, elsewhere]).collect(),
            delegations: (1..=6).chain([11]).map(delegation).collect(),
        }
    }

    fn numbers(quorum: Option<Quorum>) -> Option<(u32, Vec<u128>)> {
        quorum.map(|quorum| (quorum.needed, quorum.of.iter().map(|own| own.0.as_u128() - 100).collect()))
    }

    #[test]
    fn members_count_as_they_are_when_the_session_starts() {
        let (before, after) = (at("2025-12-31T23:59:59Z"), at("2026-01-01T00:00:00Z"));
        // More than half of ten, and of nine.
        assert_eq!(numbers(body().quorum(None, before)), Some((6, vec![1, 2, 3, 4, 5, 6])));
        assert_eq!(numbers(body().quorum(Some(id(1)), after)), Some((5, vec![2, 3, 4, 5, 6])));
        assert_eq!(numbers(body().quorum(Some(id(2)), after)), Some((1, vec![])), "none of them comes");
    }

    #[test]
    fn the_rule_says_who_counts() {
        let two_thirds = QuorumRule {
            basis: Basis::VotingMembers,
            comparison: Comparison::AtLeast,
            numerator: 2,
            denominator: 3,
            ..QuorumRule::default()
        };
        let (after, with) = (at("2026-01-01T00:00:00Z"), |rule| Entitled { rule, ..body() });
        // Two thirds of seven are four and two thirds.
        assert_eq!(numbers(with(two_thirds).quorum(None, after)), Some((5, vec![2, 3, 4, 5, 6])));
        let registered = QuorumRule { basis: Basis::Registered, ..QuorumRule::default() };
        assert_eq!(numbers(with(registered).quorum(None, after)), Some((2, vec![1, 2, 3])));
        let no_group = Entitled { group: None, ..body() };
        assert_eq!(numbers(no_group.quorum(None, after)), Some((2, vec![1, 2, 3])));
    }

    #[test]
    fn what_is_not_known_is_not_asked_for() {
        let after = at("2026-01-01T00:00:00Z");
        assert_eq!(body().quorum(Some(id(3)), after), None, "nobody was entered into the group");
        assert_eq!(Entitled { delegations: vec![], ..body() }.quorum(None, after), None, "nobody was invited");
    }
}
