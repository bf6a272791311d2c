//! Scans as devices send them, and checks as they are kept.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Check, Violation,
    identifier::{BadgeId, CheckTypeId, DelegateId},
    language::check_line,
    moment::Moment,
};

crate::words! {
    /// Which way somebody wants to go.
    #[derive(Default)]
    #[schemars(rename = "CheckDirection")]
    pub enum Direction {
        /// In.
        #[default]
        In = "in",
        /// Out.
        Out = "out",
    }
}

crate::words! {
    /// What is to be said at the door.
    #[schemars(rename = "CheckResult")]
    pub enum Verdict {
        /// Let them pass.
        Ok = "ok",
        /// The code is none of ours, was made up, or is not known any more.
        Unknown = "unknown",
        /// The badge is of another event.
        OtherEvent = "other_event",
        /// The badge was taken back, or another one was printed in its place.
        Revoked = "revoked",
        /// The badge was reported lost: whoever shows it is not its holder.
        Lost = "lost",
        /// The holder is not approved.
        NotApproved = "not_approved",
        /// People of the holder's category do not pass here.
        Category = "category",
        /// The badge does not open this zone.
        WrongZone = "wrong_zone",
        /// The event is not on this day.
        WrongDay = "wrong_day",
        /// The door is not open yet, or not any more.
        OutsideWindow = "outside_window",
        /// The holder has passed already: is inside, or has had it once, or today.
        AlreadyIn = "already_in",
        /// The holder is not inside.
        NotIn = "not_in",
    }
}

/// Scans that can be sent at once.
pub const MOST_SCANS: usize = 100;

/// One scan of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Made by the device, unique for it: sent again, the scan is not recorded again.
    #[schemars(length(min = 1, max = 64), regex(pattern = "^[!-~]{1,64}$"))]
    pub nonce: String,
    /// What was checked.
    pub check_type_id: CheckTypeId,
    /// What the code says, as it was read.
    #[schemars(length(min = 1, max = 2000))]
    pub token: String,
    /// Which way; only `in_and_out` knows a way out.
    #[serde(default)]
    pub direction: Direction,
    /// When, by the clock of the device.
    pub scanned_at: Moment,
    /// Whether somebody let the holder pass whatever the answer.
    #[serde(default)]
    pub forced: bool,
    /// What the device said by itself, where it was offline. The scan then is kept as it went, and as a conflict where
    /// the server would have said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Verdict>,
}

/// Scans of one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scans {
    /// What the device is called: `North door 2`. Devices that share a key are told apart by it.
    #[schemars(length(min = 1, max = 80))]
    pub device: String,
    /// What the clock of the device shows while it sends this. If it is wrong, so are the times of the scans, and by as
    /// much: they are corrected.
    pub sent_at: Moment,
    /// 1 to 100 scans, in the order in which they were made.
    #[schemars(length(min = 1, max = MOST_SCANS))]
    pub scans: Vec<Scan>,
}

impl Scans {
    /// Everything that is wrong with them.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.device, "/device", 80));
        let many = "Send 1 to 100 scans at once.";
        check.require((1..=MOST_SCANS).contains(&self.scans.len()), "/scans", "out_of_range", many);
        for (at, scan) in self.scans.iter().take(MOST_SCANS).enumerate() {
            let visible = (1..=64).contains(&scan.nonce.len()) && scan.nonce.bytes().all(|b| b.is_ascii_graphic());
            let detail = "Write a nonce of 1 to 64 visible ASCII characters, such as a UUID.";
            check.require(visible, &format!("/scans/{at}/nonce"), "invalid", detail);
            let short = (1..=2000).contains(&scan.token.chars().count());
            let detail = "Send what the code says, of 1 to 2,000 characters.";
            check.require(short, &format!("/scans/{at}/token"), "out_of_range", detail);
        }
        check.finish()
    }
}

/// The clock of a device, as it was when it sent its scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceClock {
    now: Timestamp,
    behind: SignedDuration,
}

impl DeviceClock {
    /// What a request may take on its way. A clock that is off by no more is taken for right: correcting it would put
    /// the network's delay into every time.
    pub const TOLERANCE: SignedDuration = SignedDuration::from_secs(10);

    /// The clock that showed `sent_at` when it was `now`.
    pub fn new(sent_at: Timestamp, now: Timestamp) -> Self {
        Self { now, behind: now.duration_since(sent_at) }
    }

    /// By how much the clock is behind; negative if it is ahead.
    pub fn behind(&self) -> SignedDuration {
        self.behind
    }

    /// When something happened that the device puts at `at`; never later than now.
    pub fn corrected(&self, at: Timestamp) -> Timestamp {
        let right = self.behind.abs() <= Self::TOLERANCE;
        let corrected = if right { at } else { at.checked_add(self.behind).unwrap_or(self.now) };
        corrected.min(self.now)
    }
}

/// What became of one scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ScanAnswer")]
pub struct Answer {
    /// As it was sent.
    pub nonce: String,
    /// The check that was recorded.
    pub check_id: Uuid,
    /// What is to be said at the door.
    pub result: Verdict,
    /// Whether the holder passes, or did.
    pub passed: bool,
    /// Whether this does not go together with what else is recorded: let somebody look at it.
    pub conflict: bool,
    /// When it happened, by the clock of the server.
    pub happened_at: Timestamp,
}

/// What became of the scans, in the order in which they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ScanAnswers")]
pub struct Answers {
    /// Milliseconds by which the clock of the device is behind; negative if it is ahead. Up to ten seconds nothing was
    /// corrected.
    pub clock_behind_ms: i64,
    /// One for each scan. A scan that was sent before gets the answer it got then.
    pub answers: Vec<Answer>,
}

/// A check as it is kept: for good, whatever the answer was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Check")]
pub struct RecordedCheck {
    /// Never changes.
    pub id: Uuid,
    /// What was checked.
    pub check_type_id: CheckTypeId,
    /// The badge, where one was known by the code, until its holder is forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badge_id: Option<BadgeId>,
    /// Its holder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegate_id: Option<DelegateId>,
    /// Which way.
    pub direction: Direction,
    /// What was said, or is to be said.
    pub result: Verdict,
    /// What the device said by itself, where it was offline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Verdict>,
    /// Whether the holder passed.
    pub passed: bool,
    /// Whether somebody let the holder pass whatever the answer.
    pub forced: bool,
    /// Whether it does not go together with what else is recorded.
    pub conflict: bool,
    /// The key, or the account, that sent it.
    pub device_id: Uuid,
    /// What the device is called.
    pub device: String,
    /// As it was sent.
    pub nonce: String,
    /// When, by the clock of the device.
    pub scanned_at: Timestamp,
    /// When, by that clock put right.
    pub happened_at: Timestamp,
    /// When the server was told.
    pub received_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_wrong_clock_is_put_right_and_a_right_one_left_alone() {
        let now = at("2019-10-07T10:00:00Z");
        let three_hours_behind = DeviceClock::new(at("2019-10-07T07:00:00Z"), now);
        assert_eq!(three_hours_behind.corrected(at("2019-10-07T06:30:00Z")), at("2019-10-07T09:30:00Z"));
        let a_year_ahead = DeviceClock::new(at("2020-10-07T10:00:00Z"), now);
        assert_eq!(a_year_ahead.corrected(at("2020-10-07T09:59:00Z")), at("2019-10-07T09:59:00Z"));
        let slow_network = DeviceClock::new(at("2019-10-07T09:59:52Z"), now);
        assert_eq!(slow_network.corrected(at("2019-10-07T09:59:51Z")), at("2019-10-07T09:59:51Z"));
    }

    #[test]
    fn nothing_happens_later_than_now() {
        let now = at("2019-10-07T10:00:00Z");
        for sent in ["2019-10-07T10:00:04Z", "1970-01-01T00:00:00Z", "9999-12-01T00:00:00Z"] {
            let clock = DeviceClock::new(at(sent), now);
            assert_eq!(
                clock.corrected(at("9999-12-30T00:00:00Z")).min(now),
                clock.corrected(at("9999-12-30T00:00:00Z"))
            );
        }
    }
}
