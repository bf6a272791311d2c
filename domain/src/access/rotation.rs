//! Replacing a secret by another while both work for a while, so that nobody is cut off in between.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NewKey;
use crate::{Check, Violation};

/// Hours for which an old secret may work beside the new one (7 days).
const MOST_OVERLAP: u16 = 7 * 24;

/// Refuses an overlap that is too long.
pub fn check_overlap(hours: u16) -> Result<(), Violation> {
    let detail = "Let the old one work for 168 hours (7 days) at most.";
    if hours <= MOST_OVERLAP { Ok(()) } else { Err(Violation::new("/overlap_hours", "out_of_range", detail)) }
}

/// The first instant at which an old secret does not work any more.
pub fn overlap_end(now: Timestamp, hours: u16) -> Timestamp {
    now + SignedDuration::from_hours(hours.into())
}

/// How a key is replaced by one like it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRotation {
    /// Hours for which the old key works beside the new one, unless it expires before; 0 ends it at once.
    #[serde(default = "KeyRotation::default_overlap")]
    #[schemars(range(min = 0, max = 168))]
    pub overlap_hours: u16,
    /// Days until the new key expires.
    #[serde(default = "KeyRotation::default_days")]
    #[schemars(range(min = 1, max = 366))]
    pub expires_in_days: u16,
}

impl KeyRotation {
    fn default_overlap() -> u16 {
        24
    }

    fn default_days() -> u16 {
        NewKey::DEFAULT_DAYS
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_overlap(self.overlap_hours));
        let days = (1..=366).contains(&self.expires_in_days);
        check.require(days, "/expires_in_days", "out_of_range", "Let it expire in 1 to 366 days.");
        check.finish()
    }
}

impl Default for KeyRotation {
    fn default() -> Self {
        Self { overlap_hours: Self::default_overlap(), expires_in_days: Self::default_days() }
    }
}
