//! Quorum: whether enough of those entitled are there to decide.
//!
//! A delegation counts when its organisation is entitled, its credentials let it vote, and at least one person who may
//! vote for it is there: in the room, or online where the rule says so; of what rank does not matter. Where staff said
//! of the delegation as a whole that it is there and named nobody, whoever answered may vote for it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use super::{Status, marks::Presence};
use crate::{
    Check,
    identifier::{DelegateId, OrganisationId, SessionId},
};

crate::words! {
    /// Of whom a fraction must be there.
    #[schemars(rename = "QuorumBasis")]
    pub enum Basis {
        /// Those who belong to the group when the session starts.
        Members = "members",
        /// Those with a voting right in the group when the session starts.
        VotingMembers = "voting_members",
        /// The delegations that have submitted who comes, in the capacity of a member or a host.
        Registered = "registered",
    }
}

crate::words! {
    /// How the fraction is meant.
    #[schemars(rename = "QuorumComparison")]
    pub enum Comparison {
        /// Strictly more than the fraction.
        MoreThan = "more_than",
        /// The fraction or more.
        AtLeast = "at_least",
    }
}

/// How many must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuorumRule {
    /// Of whom.
    pub basis: Basis,
    /// How the fraction is meant.
    pub comparison: Comparison,
    /// Upper part of the fraction.
    #[schemars(range(min = 1, max = 100))]
    pub numerator: u32,
    /// Lower part of the fraction.
    #[schemars(range(min = 1, max = 100))]
    pub denominator: u32,
    /// Whether whoever is online counts.
    #[serde(default)]
    pub online_counts: bool,
}

impl Default for QuorumRule {
    /// More than half of the members, in the room.
    fn default() -> Self {
        Self {
            basis: Basis::Members,
            comparison: Comparison::MoreThan,
            numerator: 1,
            denominator: 2,
            online_counts: false,
        }
    }
}

impl QuorumRule {
    /// Adds everything that is wrong with it.
    pub(super) fn check(&self, check: &mut Check) {
        check
            .require(
                (1..=100).contains(&self.numerator) && (1..=100).contains(&self.denominator),
                "/quorum",
                "out_of_range",
                "Give a fraction of two numbers from 1 to 100, such as 1 and 2 for a half.",
            )
            .require(
                self.numerator < self.denominator
                    || (self.numerator == self.denominator && self.comparison == Comparison::AtLeast),
                "/quorum",
                "never_reached",
                "Let the fraction be less than one; for everybody say at_least 1 of 1.",
            );
    }

    /// How many of `entitled` must be there; one at least, because nobody alone is no meeting.
    pub fn required(&self, entitled: usize) -> usize {
        let (over, under) = (as_size(self.numerator), as_size(self.denominator).max(1));
        let part = entitled.saturating_mul(over);
        let least = match self.comparison {
            Comparison::MoreThan => part / under + 1,
            Comparison::AtLeast => part.div_ceil(under),
        };
        least.max(1)
    }

    fn counts(&self, status: Status) -> bool {
        status == Status::Present || (status == Status::Online && self.online_counts)
    }

    /// Whether somebody is there who may vote for the delegation.
    pub fn has_voter(&self, presence: &Presence, may_vote: impl Fn(DelegateId) -> bool) -> bool {
        let there: Vec<DelegateId> = presence
            .people
            .iter()
            .filter(|(_, mark)| self.counts(mark.status))
            .map(|(delegate, _)| *delegate)
            .collect();
        let voter = there.iter().any(|delegate| may_vote(*delegate));
        match presence.by_staff {
            None => voter,
            Some(whole) if !self.counts(whole.status) => false,
            Some(whole) => voter || whole.represented_by.map_or(there.is_empty(), may_vote),
        }
    }
}

fn as_size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A delegation as far as the quorum depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Whether its credentials let it vote.
    pub may_vote: bool,
    /// Whether somebody is there who may vote for it.
    pub has_voter: bool,
}

/// A quorum as counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quorum {
    /// The session.
    pub session_id: SessionId,
    /// The instant it was counted for (UTC).
    pub as_of: Timestamp,
    /// The rule it was counted by.
    pub rule: QuorumRule,
    /// How many are entitled.
    pub entitled: usize,
    /// How many of them are there with a vote.
    pub present: usize,
    /// How many must be.
    pub required: usize,
    /// Whether they are.
    pub reached: bool,
}

/// Counts; `entitled` are the organisations by the basis of the rule.
pub fn count(
    session_id: SessionId,
    as_of: Timestamp,
    rule: QuorumRule,
    entitled: &BTreeSet<OrganisationId>,
    seats: &[Seat],
) -> Quorum {
    let voting = seats.iter().filter(|seat| seat.may_vote && seat.has_voter).map(|seat| seat.organisation);
    let present = voting.collect::<BTreeSet<_>>().intersection(entitled).count();
    let required = rule.required(entitled.len());
    Quorum { session_id, as_of, rule, entitled: entitled.len(), present, required, reached: present >= required }
}

#[cfg(test)]
#[path = "quorum_tests.rs"]
mod tests;
