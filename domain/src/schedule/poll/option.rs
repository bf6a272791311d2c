//! What can be chosen: a time, or whole days.

use jiff::{SignedDuration, ToSpan, civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Violation,
    identifier::PollOptionId,
    schedule::{Placement, Slot},
    time,
};

/// The longest time offered: a session lasts no longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The most days in a row.
const MOST_DAYS: i32 = 60;

/// Days in a row, the last one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PollDays")]
pub struct Days {
    /// The first day.
    pub first: Date,
    /// The last day; at most 60 with the first.
    pub last: Date,
}

/// An option as it is offered: either a time or whole days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PollOffer")]
pub struct Offer {
    /// A time on the clocks of the event, of any length up to seven days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// Whole days, as they are counted where the event is; the hours are chosen with the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Days>,
}

/// An option. It is its time: another time is another option, which nobody has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollOption {
    /// Its id.
    pub id: PollOptionId,
    /// Whole days, where it is those.
    pub days: Option<Days>,
    /// From when until when.
    #[serde(with = "stored")]
    pub slot: Slot,
}

impl Offer {
    /// The time it stands for in `zone`, and the days if it is whole days.
    pub fn read(&self, zone: &TimeZone, pointer: &str) -> Result<(Slot, Option<Days>), Violation> {
        match (&self.placement, self.days) {
            (Some(placement), None) => Ok((time_of(placement, zone, pointer)?, None)),
            (None, Some(days)) => Ok((days.slot(zone, &format!("{pointer}/days"))?, Some(days))),
            _ => {
                let detail = "Offer either a time, as 'placement', or whole days, as 'days'.";
                Err(Violation::new(pointer, "one_of_two", detail))
            }
        }
    }
}

fn time_of(placement: &Placement, zone: &TimeZone, pointer: &str) -> Result<Slot, Violation> {
    let there = |fault: Violation| Violation { pointer: format!("{pointer}{}", fault.pointer), ..fault };
    let slot = Slot::parse(placement, zone).map_err(there)?;
    let length = slot.ends_at.duration_since(slot.starts_at);
    let end = format!("{pointer}/placement/end");
    if length <= SignedDuration::ZERO {
        return Err(Violation::new(end, "ends_before_start", "Give an end that is later than the start."));
    }
    if length > LONGEST {
        let detail =
            "A session lasts 7 days at most. Offer whole days instead, and choose the hours with the decision.";
        return Err(Violation::new(end, "too_long", detail));
    }
    Ok(slot)
}

impl Days {
    /// From the first instant of the first day to the first instant after the last.
    fn slot(self, zone: &TimeZone, pointer: &str) -> Result<Slot, Violation> {
        let many = self.first.until(self.last).map_or(i32::MAX, |days| days.get_days());
        if !(0..MOST_DAYS).contains(&many) {
            let detail = "Give a last day that is not before the first, and at most 60 days in all.";
            return Err(Violation::new(format!("{pointer}/last"), "out_of_range", detail));
        }
        let within = |day: Date| (1900..=2200).contains(&day.year());
        let begins = |day: Date| day.to_zoned(zone.clone()).map(|day| day.timestamp());
        let after = self.last.checked_add(1.day());
        match (begins(self.first), after.and_then(begins)) {
            (Ok(starts_at), Ok(ends_at)) if within(self.first) && within(self.last) => Ok(Slot {
                starts_local: time::local(starts_at, zone),
                ends_local: time::local(ends_at, zone),
                starts_at,
                ends_at,
            }),
            _ => Err(Violation::new(pointer, "time_out_of_range", "Give days between the years 1900 and 2200.")),
        }
    }
}

impl PollOption {
    /// Whether it is the time that is offered.
    pub fn is(&self, slot: &Slot, days: Option<Days>) -> bool {
        self.days == days && (self.slot.starts_at, self.slot.ends_at) == (slot.starts_at, slot.ends_at)
    }

    /// The option by the rules that `zone` has now: the time on the wall, or the days, stay as they were offered. A fault
    /// is one of a time that the clocks there skip or show twice by now.
    pub fn rederived(&self, zone: &TimeZone) -> Result<Self, Violation> {
        let slot = match self.days {
            Some(days) => days.slot(zone, "/days"),
            None => self.slot.in_zone(zone, "/placement"),
        };
        Ok(Self { slot: slot?, ..*self })
    }

    /// The offer as answers give it.
    pub fn offer(&self) -> Offer {
        let placement = self.days.is_none().then(|| self.slot.placement());
        Offer { placement, days: self.days }
    }
}

/// How the time of an option is kept: the times on the wall, and the instants.
mod stored {
    use jiff::{Timestamp, civil::DateTime};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::schedule::Slot;

    type Parts = (DateTime, DateTime, Timestamp, Timestamp);

    pub(super) fn serialize<S: Serializer>(slot: &Slot, serializer: S) -> Result<S::Ok, S::Error> {
        let parts: Parts = (slot.starts_local, slot.ends_local, slot.starts_at, slot.ends_at);
        parts.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Slot, D::Error> {
        let (starts_local, ends_local, starts_at, ends_at) = Parts::deserialize(deserializer)?;
        Ok(Slot { starts_local, ends_local, starts_at, ends_at })
    }
}
