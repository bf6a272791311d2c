//! Where a session lies in time.

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{DateTime, Time},
    tz::{Offset, TimeZone},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Violation, events::Event, time, time::WallTime};

/// The longest session.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// When a session sits, as people and partners write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The wall-clock time in the zone of the event, `2019-10-07T09:00:00`, or RFC 3339 with an offset. Answers give
    /// the latter, with the offset of the place, so that sending one back never moves a session.
    #[schemars(length(min = 19, max = 40), example = "2019-10-07T09:00:00")]
    pub start: String,
    /// The first instant at which it is over; written like the start.
    #[schemars(length(min = 19, max = 40), example = "2019-10-07T10:30:00")]
    pub end: String,
}

/// When a session sits: the agreed time on the wall, and the instants derived from it. Half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// What the clocks of the event show at the start.
    pub starts_local: DateTime,
    /// What they show at the end.
    pub ends_local: DateTime,
    /// The instant of the start.
    pub starts_at: Timestamp,
    /// The first instant at which it is over.
    pub ends_at: Timestamp,
}

impl Slot {
    /// Reads a placement in the zone of `event`; within its days, give or take one.
    pub fn read(placement: &Placement, event: &Event) -> Result<Self, Violation> {
        let slot = Self::parse(placement, &time::zone(&event.details.time_zone, "/placement")?)?;
        slot.check_length()?;
        slot.check_days(event)?;
        Ok(slot)
    }

    /// Reads a placement in `zone`, however long it is.
    pub fn parse(placement: &Placement, zone: &TimeZone) -> Result<Self, Violation> {
        let (starts_local, starts_at) = time::parse(&placement.start, zone, "/placement/start")?;
        let (ends_local, ends_at) = time::parse(&placement.end, zone, "/placement/end")?;
        Ok(Self { starts_local, ends_local, starts_at, ends_at })
    }

    /// A placement as answers give it, by the rules that `zone` has now: the time on the wall stays. None where the
    /// clocks there skip or repeat it by now, or it cannot be read.
    pub fn recalled(placement: &Placement, zone: &TimeZone) -> Option<Self> {
        let read = |text: &str| Some((text.get(..19)?.parse::<DateTime>().ok()?, text.parse::<Timestamp>().ok()?));
        let ((starts_local, starts_at), (ends_local, ends_at)) = (read(&placement.start)?, read(&placement.end)?);
        Self { starts_local, ends_local, starts_at, ends_at }.in_zone(zone, "/placement").ok()
    }

    fn check_length(&self) -> Result<(), Violation> {
        let length = self.ends_at.duration_since(self.starts_at);
        if length <= SignedDuration::ZERO {
            let detail = "Give an end that is later than the start.";
            return Err(Violation::new("/placement/end", "ends_before_start", detail));
        }
        if length > LONGEST {
            let detail = "A sitting lasts 7 days at most. Add further sittings to the session instead.";
            return Err(Violation::new("/placement/end", "too_long", detail));
        }
        Ok(())
    }

    fn check_days(&self, event: &Event) -> Result<(), Violation> {
        let (first, last) = event.details.days_with_margin();
        let opens = first.to_datetime(Time::midnight());
        let closes = last.saturating_add(1.day()).to_datetime(Time::midnight());
        let outside = |pointer| {
            let detail = format!(
                "Place it between {first} and {last}, a day before and after the event, or change the days of the event."
            );
            Violation::new(pointer, "outside_event", detail)
        };
        if self.starts_local < opens || self.starts_local >= closes {
            return Err(outside("/placement/start"));
        }
        if self.ends_local > closes { Err(outside("/placement/end")) } else { Ok(()) }
    }

    /// The same time on the wall of `zone`, by the rules that it has now. An instant at which its clocks show that time
    /// stays, so that a time that they show twice is not asked for again: it was meant as it was said. Refused, with both
    /// candidates named, where the clocks skip or repeat a time, and where the end would no longer be after the start.
    pub fn in_zone(&self, zone: &TimeZone, pointer: &str) -> Result<Self, Violation> {
        let instant = |local, at| match time::local(at, zone) == local {
            true => Ok(at),
            false => time::instant(local, zone, pointer),
        };
        let starts_at = instant(self.starts_local, self.starts_at)?;
        let ends_at = instant(self.ends_local, self.ends_at)?;
        if ends_at <= starts_at {
            let detail = "By the clocks there it would end before it starts.";
            return Err(Violation::new(pointer, "ends_before_start", detail));
        }
        Ok(Self { starts_at, ends_at, ..*self })
    }

    /// The placement as answers give it.
    pub fn placement(&self) -> Placement {
        Placement {
            start: with_offset(self.starts_local, self.starts_at),
            end: with_offset(self.ends_local, self.ends_at),
        }
    }

    /// The start in all its forms.
    pub fn start(&self, time_zone: &str) -> WallTime {
        WallTime { local: self.starts_local, time_zone: time_zone.to_owned(), utc: self.starts_at }
    }

    /// The end in all its forms.
    pub fn end(&self, time_zone: &str) -> WallTime {
        WallTime { local: self.ends_local, time_zone: time_zone.to_owned(), utc: self.ends_at }
    }
}

/// RFC 3339 with the offset that lies between the time on the wall and the instant.
fn with_offset(local: DateTime, at: Timestamp) -> String {
    let as_if_utc = Offset::UTC.to_timestamp(local).unwrap_or(at);
    let seconds = i32::try_from(as_if_utc.duration_since(at).as_secs()).unwrap_or_default();
    at.display_with_offset(Offset::from_seconds(seconds).unwrap_or(Offset::UTC)).to_string()
}
