//! Seals: what keeps a group from everybody who is not admitted to it, administrators included, and what it takes to
//! break one.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Check, Violation, language::check_line};

/// The order to seal a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSeal {
    /// The accounts that are admitted besides one's own, by id: `GET /me` tells each person theirs.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub account_ids: Vec<Uuid>,
}

impl NewSeal {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.require(
            self.account_ids.len() <= 100,
            "/account_ids",
            "too_many",
            "Admit at most 100 accounts at first, and the others one by one.",
        );
        check.finish()
    }
}

/// An account that is admitted to a sealed group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SealAdmission")]
pub struct Admission {
    /// The account.
    pub account_id: Uuid,
    /// The account of whoever admitted it.
    pub admitted_by: Uuid,
    /// When (UTC).
    pub admitted_at: Timestamp,
}

/// A running request to break a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SealBreaking")]
pub struct Breaking {
    /// The account of the administrator who asked.
    pub asked_by: Uuid,
    /// When (UTC).
    pub asked_at: Timestamp,
    /// First instant at which it can no longer be approved (UTC).
    pub expires_at: Timestamp,
    /// Why, in the words of whoever asked.
    pub reason: String,
}

impl Breaking {
    /// For how long a second administrator can approve it (three days): long enough for a weekend, and short enough
    /// that nobody approves what has been forgotten.
    pub const LASTS: SignedDuration = SignedDuration::from_hours(72);

    /// A request that somebody made at `asked_at`.
    pub fn new(asked_by: Uuid, asked_at: Timestamp, reason: String) -> Self {
        Self { asked_by, asked_at, expires_at: asked_at + Self::LASTS, reason }
    }

    /// Whether it can still be approved.
    pub fn runs(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// The seal on a group, as those see it who are admitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Seal {
    /// The group.
    pub group_id: Uuid,
    /// The account of whoever sealed it.
    pub sealed_by: Uuid,
    /// When (UTC).
    pub sealed_at: Timestamp,
    /// Who is admitted, the earliest first.
    pub admissions: Vec<Admission>,
    /// Whether an administrator has asked to break it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaking: Option<Breaking>,
}

/// A seal, as administrators see it: nothing of what is behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SealSummary {
    /// The group.
    pub group_id: Uuid,
    /// The account of whoever sealed it.
    pub sealed_by: Uuid,
    /// When (UTC).
    pub sealed_at: Timestamp,
    /// How many accounts are admitted. Where none is left, only breaking the seal opens the group.
    pub admitted: u64,
    /// The request to break it, if one is running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaking: Option<Breaking>,
}

/// The request to break a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBreaking {
    /// Why. Those admitted read it, and it stays in the audit log.
    #[schemars(length(min = 1, max = 500))]
    pub reason: String,
}

impl NewBreaking {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.reason, "/reason", 500));
        check.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_to_break_a_seal_can_be_approved_for_three_days() {
        let asked: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let request = Breaking::new(Uuid::nil(), asked, "The holder has left".to_owned());
        assert!(request.runs("2026-03-05T07:59:59Z".parse().unwrap()));
        assert!(!request.runs("2026-03-05T08:00:00Z".parse().unwrap()));
    }
}
