//! Handing out badges: one person picks up those of a delegation, and it is kept who, which and when.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Check, Violation,
    identifier::{BadgeId, DelegateId, DelegationId, Handle},
};

/// Badges that can be handed out at once.
pub const MOST_BADGES: usize = 100;

/// Badges of a delegation that somebody picks up, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BadgeCollectionInput {
    /// 1 to 100 valid badges of delegates of the delegation, none of which was picked up before.
    #[schemars(length(min = 1, max = MOST_BADGES))]
    pub badge_ids: Vec<BadgeId>,
    /// Who picks them up: a delegate of the delegation, by id.
    pub collected_by: Handle,
}

impl BadgeCollectionInput {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let within = (1..=MOST_BADGES).contains(&self.badge_ids.len());
        check.require(within, "/badge_ids", "out_of_range", "Hand out 1 to 100 badges at once.");
        for (at, badge) in self.badge_ids.iter().enumerate().filter(|_| within) {
            let pointer = format!("/badge_ids/{at}");
            check.require(!self.badge_ids[..at].contains(badge), &pointer, "repeated", "Name every badge once.");
        }
        check.finish()
    }
}

/// Badges that were picked up together. It is a fact and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BadgeCollection {
    /// Its id.
    pub id: Uuid,
    /// The delegation.
    pub delegation_id: DelegationId,
    /// Which badges.
    pub badge_ids: Vec<BadgeId>,
    /// The delegate who picked them up.
    pub collected_by: DelegateId,
    /// When (UTC).
    pub collected_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_badges_at_most_are_handed_out_each_once() {
        let badge = |n: u128| BadgeId(Uuid::from_u128(n));
        let faults = |badge_ids| {
            let input = BadgeCollectionInput { badge_ids, collected_by: Handle::from("anna") };
            input
                .check()
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|fault| (fault.pointer, fault.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(faults((1..=100).map(badge).collect()), []);
        assert_eq!(faults((1..=101).map(badge).collect()), [("/badge_ids".to_owned(), "out_of_range")]);
        assert_eq!(faults(vec![]), [("/badge_ids".to_owned(), "out_of_range")]);
        assert_eq!(faults(vec![badge(1), badge(2), badge(1)]), [("/badge_ids/2".to_owned(), "repeated")]);
    }
}
