//! An organisation in a group, from one instant to another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Check, Code, Violation, identifier::Handle, language::check_line, moment::Moment, time::Validity};

crate::words! {
    /// What an organisation is in a group.
    #[schemars(rename = "MembershipCategory")]
    pub enum Category {
        /// It leads the group together with others, and is a member.
        CoChair = "co_chair",
        /// A full member.
        Member = "member",
        /// A member with fewer rights.
        Associate = "associate",
        /// It follows the work without taking part in decisions.
        Observer = "observer",
        /// It works with the group without belonging to it.
        Partner = "partner",
        /// Invited for a time.
        Invited = "invited",
        /// It receives the group.
        Host = "host",
    }
}

impl Category {
    /// What those are who belong to the group. The others take part in what it does without seeing what is for its
    /// members only.
    pub const BELONGING: [Self; 4] = [Self::CoChair, Self::Member, Self::Associate, Self::Host];
}

/// An organisation in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The organisation. It belongs to a group once at a time: memberships of the same organisation do not overlap.
    pub organisation_id: Handle,
    /// What it is there.
    pub category: Category,
    /// Whether it has a vote.
    #[serde(default)]
    pub voting_right: bool,
    /// First instant at which it holds.
    pub valid_from: Moment,
    /// First instant at which it no longer holds; absent while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Moment>,
    /// The decision or note it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub basis: Option<String>,
}

/// A membership as it is answered with.
// Only ever flattened into `MembershipResource`; see `GroupAnswer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Membership")]
pub struct MembershipAnswer {
    /// The group.
    pub group_id: Uuid,
    /// The organisation's code.
    pub organisation_code: Code,
    /// What was said of it.
    #[serde(flatten)]
    pub membership: Membership,
}

impl Membership {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check_span(self.validity(), &mut check);
        if let Some(basis) = &self.basis {
            check.take(check_line(basis, "/basis", 1000));
        }
        check.finish()
    }

    /// When it holds.
    pub fn validity(&self) -> Validity {
        Validity { from: self.valid_from.0, to: self.valid_to.map(|to| to.0) }
    }

    /// What lists are ordered by: the code of the organisation, then the time.
    pub fn sort_key(&self, organisation: &Code) -> String {
        format!("{} {}", organisation.key(), self.valid_from.sort_key())
    }
}

/// A relation holds for an instant at least.
pub(super) fn check_span(validity: Validity, check: &mut Check) {
    check.require(
        validity.to.is_none_or(|to| validity.from < to),
        "/valid_to",
        "not_after_start",
        "Let it end after it begins, or leave the end out while it goes on.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_membership_ends_after_it_begins() {
        let of = |to: &str| -> Membership {
            let body = serde_json::json!({"organisation_id": "PL", "category": "member", "valid_from": "2019-02-14", "valid_to": to});
            serde_json::from_value(body).unwrap()
        };
        assert!(of("2019-02-15").check().is_ok());
        assert_eq!(of("2019-02-14").check().unwrap_err()[0].pointer, "/valid_to");
    }
}
