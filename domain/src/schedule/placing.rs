//! Placing sessions with help: where places are looked for, and what is put where in one step.
//!
//! How a place is found is decided in `clashes::placement`.

use std::collections::HashSet;

use jiff::{Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Placement, Sitting, Slot,
    clashes::{Hours, Span},
};
use crate::{
    Check, Violation,
    events::ClockTime,
    identifier::{Handle, SessionId},
    time,
};

/// When the day begins where nobody says.
const OPENS: ClockTime = ClockTime::at_hour(9);
/// When it ends.
const CLOSES: ClockTime = ClockTime::at_hour(18);
/// The longest sitting, in minutes: seven days.
const LONGEST: u32 = 7 * 24 * 60;

/// How places are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PlacementSearch")]
pub struct Search {
    /// Of proposals that are as good, another seed gives another; the same seed gives the same one of the same programme.
    #[serde(default)]
    #[schemars(range(max = 4_294_967_295u32))]
    pub seed: u32,
    /// Sessions that stay as they are, with a time or without. Those with a time that people were told of stay anyway.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    pub keep_ids: Vec<SessionId>,
    /// Whether sessions that have a time, and that nobody was told of yet, may get another to make room. They stay where
    /// they are otherwise.
    #[serde(default)]
    pub may_move: bool,
    /// Rooms to look at besides those of the venues in which sessions of the event sit, by id or code.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub room_ids: Vec<Handle>,
    /// When the day begins, on the clocks of the event; left out, at nine. Where neither this nor `closes` is given, the
    /// working hours of the host count, if it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<ClockTime>,
    /// When it ends; left out, at six in the evening. Not later than it begins means the next day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<ClockTime>,
    /// How many minutes a session sits that does not say it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_080))]
    pub minutes: Option<u32>,
}

impl Search {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.require(self.keep_ids.len() <= 2000, "/keep_ids", "too_many", "Name at most 2,000 sessions.");
        check.require(self.room_ids.len() <= 200, "/room_ids", "too_many", "Name at most 200 rooms.");
        check.require(
            self.minutes.is_none_or(|minutes| (1..=LONGEST).contains(&minutes)),
            "/minutes",
            "out_of_range",
            "A session sits 1 to 10,080 minutes, which are seven days.",
        );
        check.finish()
    }

    /// The part of each day in which places are looked for.
    pub fn hours(&self) -> Hours {
        Hours { days: vec![], from: self.opens.unwrap_or(OPENS).time(), to: self.closes.unwrap_or(CLOSES).time() }
    }

    /// Whether a session stays as it is; `next` is what the next release would make of it. What has begun stays too.
    pub fn keeps(&self, id: SessionId, next: &Sitting, announced: bool, now: Timestamp) -> bool {
        let stays = |slot: Slot| announced || !self.may_move || slot.starts_at <= now;
        next.slot.is_some_and(stays) || self.keep_ids.contains(&id)
    }
}

/// A session is put somewhere in the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionPlacement")]
pub struct Put {
    /// Which.
    pub session_id: SessionId,
    /// The `plan_tag` that the proposal gave with it: it is put there only while it is planned as it was then.
    #[schemars(length(min = 3, max = 40))]
    pub plan_tag: String,
    /// Where it sits; left out, its room stays what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<Handle>,
    /// When it sits.
    pub placement: Placement,
}

/// Several sessions are put somewhere in one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionPlacements")]
pub struct Puts {
    /// Which sessions, and where.
    #[schemars(length(min = 1, max = 2000))]
    pub placements: Vec<Put>,
}

impl Puts {
    /// Everything that is wrong with them besides the times.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let fits = (1..=2000).contains(&self.placements.len());
        check.require(fits, "/placements", "out_of_range", "Place 1 to 2,000 sessions at once.");
        let mut seen = HashSet::new();
        for (at, put) in self.placements.iter().enumerate() {
            let pointer = format!("/placements/{at}/session_id");
            check.require(seen.insert(put.session_id), &pointer, "repeated", "Place every session once.");
        }
        check.finish()
    }
}

/// A span as the clocks of `zone` show it.
pub fn slot_of(span: Span, zone: &TimeZone) -> Slot {
    Slot {
        starts_local: time::local(span.starts_at, zone),
        ends_local: time::local(span.ends_at, zone),
        starts_at: span.starts_at,
        ends_at: span.ends_at,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_day_is_the_usual_one_unless_somebody_says() {
        let hours = |said| serde_json::from_value::<Search>(said).unwrap().hours();
        let told = |hours: Hours| (hours.from.to_string(), hours.to.to_string());
        assert_eq!(told(hours(json!({}))), ("09:00:00".to_owned(), "18:00:00".to_owned()));
        assert_eq!(told(hours(json!({"opens": "13:30"}))), ("13:30:00".to_owned(), "18:00:00".to_owned()));
    }

    #[test]
    fn a_search_and_what_is_put_are_read_strictly() {
        assert!(serde_json::from_value::<Search>(json!({"sed": 1})).is_err());
        let long: Search = serde_json::from_value(json!({"minutes": 10_081})).unwrap();
        assert_eq!(long.check().unwrap_err()[0].pointer, "/minutes");
        let put = json!({
            "session_id": "01890000-0000-7000-8000-000000000001", "plan_tag": "0-1",
            "placement": {"start": "2026-10-07T09:00:00", "end": "2026-10-07T10:00:00"},
        });
        let puts = |list: Vec<&serde_json::Value>| serde_json::from_value::<Puts>(json!({"placements": list})).unwrap();
        assert_eq!(puts(vec![&put]).check(), Ok(()));
        assert_eq!(puts(vec![&put, &put]).check().unwrap_err()[0].pointer, "/placements/1/session_id");
        assert_eq!(puts(vec![]).check().unwrap_err()[0].code, "out_of_range");
    }
}
