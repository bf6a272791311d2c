//! Wall-clock time in a place, and the instant it stands for.
//!
//! People agree on the time on the wall of the meeting place, so that is what is stored; the instant is derived by
//! the rules of the place's IANA time zone and stored beside it. Intervals are half-open: touching is not overlapping.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Violation;

/// The IANA zone of this name.
pub fn zone(name: &str, pointer: &str) -> Result<TimeZone, Violation> {
    // jiff also reads POSIX rules and offsets; people agree on places, so only names of the form Area/Place and UTC count.
    let named = name == "UTC" || name.contains('/');
    named.then(|| TimeZone::get(name).ok()).flatten().ok_or_else(|| {
        Violation::new(pointer, "unknown_time_zone", "Name an IANA time zone such as 'Asia/Seoul' or 'UTC'.")
    })
}

/// The instant at which the clocks of `zone` show `local`.
///
/// A time that the clocks skip, or show twice, is refused and both candidates are named; the caller then sends the
/// one that is meant with its offset (RFC 3339).
pub fn instant(local: DateTime, zone: &TimeZone, pointer: &str) -> Result<Timestamp, Violation> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let (code, before, after, what) = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {
            return ambiguous.unambiguous().map_err(|_| out_of_range(pointer));
        }
        AmbiguousOffset::Gap { before, after } => ("missing_local_time", before, after, "does not exist"),
        AmbiguousOffset::Fold { before, after } => ("ambiguous_local_time", before, after, "exists twice"),
    };
    let candidate = |offset: jiff::tz::Offset| {
        let at = offset.to_timestamp(local).map_err(|_| out_of_range(pointer))?;
        Ok::<_, Violation>(at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    };
    let (first, second) = (candidate(before)?, candidate(after)?);
    Err(Violation::new(
        pointer,
        code,
        format!(
            "{local} {what} in {}: the clocks change. Send {first} or {second} instead.",
            zone.iana_name().unwrap_or("UTC")
        ),
    ))
}

/// What the clocks of `zone` show at `at`.
pub fn local(at: Timestamp, zone: &TimeZone) -> DateTime {
    zone.to_datetime(at)
}

/// Reads a time given by a person or partner: local without offset (meant in `zone`), or RFC 3339 with one.
/// Gives the wall-clock time in `zone` and the instant, both to the second.
pub fn parse(value: &str, zone: &TimeZone, pointer: &str) -> Result<(DateTime, Timestamp), Violation> {
    let malformed = || {
        Violation::new(
            pointer,
            "invalid_time",
            "Write a local time such as 2019-10-07T09:00:00, or RFC 3339 with an offset such as 2019-10-07T00:00:00Z.",
        )
    };
    // RFC 3339 wants a full date, 'T' and seconds; jiff is more liberal, so the shape is checked first.
    let shape = value.len() >= 19
        && value.is_ascii()
        && value.as_bytes()[10].eq_ignore_ascii_case(&b'T')
        && !value.contains('[');
    if !shape {
        return Err(malformed());
    }
    if let Ok(at) = value.parse::<Timestamp>() {
        let at = at.round(jiff::Unit::Second).map_err(|_| out_of_range(pointer))?;
        return Ok((local(at, zone), at)).and_then(|pair| within_years(pair, pointer));
    }
    let local: DateTime = value.parse().map_err(|_| malformed())?;
    let local = local.round(jiff::Unit::Second).map_err(|_| out_of_range(pointer))?;
    within_years((local, instant(local, zone, pointer)?), pointer)
}

/// Years a calendar can be asked to hold; also what both databases store and every calendar client reads.
fn within_years(pair: (DateTime, Timestamp), pointer: &str) -> Result<(DateTime, Timestamp), Violation> {
    if (1900..=2200).contains(&pair.0.year()) { Ok(pair) } else { Err(out_of_range(pointer)) }
}

fn out_of_range(pointer: &str) -> Violation {
    Violation::new(pointer, "time_out_of_range", "Give a time between the years 1900 and 2200.")
}

/// A moment as people and machines read it: the agreed time on the wall, where the wall stands, and the instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WallTime {
    /// What the clocks of the place show: `2019-10-07T09:00:00`.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"))]
    pub local: DateTime,
    /// IANA name of the zone.
    pub time_zone: String,
    /// The instant.
    pub utc: Timestamp,
}

/// A limit of a search in time: a time on the wall wherever the meeting is, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Compared with what the clocks of the meeting place show.
    Local(DateTime),
    /// Compared with the instant.
    Instant(Timestamp),
}

impl Bound {
    /// Reads a day (`2019-10-07`, its first moment), a local time or RFC 3339. A `+` that an address turned into a
    /// blank is taken for what it was.
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.replace(' ', "+");
        match value.len() {
            10 => Some(Self::Local(value.parse::<Date>().ok()?.to_datetime(Time::midnight()))),
            19.. if value.is_ascii() && value.as_bytes()[10] == b'T' && !value.contains('[') => {
                let instant = value.parse().map(Self::Instant).ok();
                instant.or_else(|| value.parse().map(Self::Local).ok())
            }
            _ => None,
        }
    }
}

/// A half-open span of instants `[from, to)`; without an end it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First instant at which the relation holds.
    pub from: Timestamp,
    /// First instant at which it no longer holds; `None` while it goes on.
    pub to: Option<Timestamp>,
}

impl Validity {
    /// Whether the relation holds at `at`.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }

    /// Whether the two spans share an instant.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.to.is_none_or(|to| other.from < to) && other.to.is_none_or(|to| self.from < to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str, name: &str) -> Result<(DateTime, Timestamp), Violation> {
        parse(value, &zone(name, "").unwrap(), "/start")
    }

    #[test]
    fn a_local_time_is_meant_in_the_zone_of_the_event() {
        let (local, at) = read("2019-10-07T09:00:00", "Asia/Seoul").unwrap();
        assert_eq!((local.to_string(), at.to_string()), ("2019-10-07T09:00:00".into(), "2019-10-07T00:00:00Z".into()));
        assert_eq!(read("2019-10-07T00:00:00Z", "Asia/Seoul").unwrap(), (local, at));
    }

    #[test]
    fn a_time_the_clocks_skip_or_repeat_is_refused_with_both_candidates() {
        let skipped = read("2025-03-30T02:30:00", "Europe/Warsaw").unwrap_err();
        assert_eq!(skipped.code, "missing_local_time");
        assert!(
            skipped.detail.contains("2025-03-30T03:30:00+02:00")
                && skipped.detail.contains("2025-03-30T01:30:00+01:00")
        );
        let repeated = read("2025-10-26T02:30:00", "Europe/Warsaw").unwrap_err();
        assert_eq!(repeated.code, "ambiguous_local_time");
        assert!(
            repeated.detail.contains("2025-10-26T02:30:00+02:00")
                && repeated.detail.contains("2025-10-26T02:30:00+01:00")
        );
    }

    #[test]
    fn a_search_is_bounded_by_the_wall_or_by_an_instant() {
        let midnight = Bound::Local("2019-10-07T00:00:00".parse().unwrap());
        assert_eq!(Bound::parse("2019-10-07"), Some(midnight));
        assert_eq!(Bound::parse("2019-10-07T00:00:00"), Some(midnight));
        let instant = Some(Bound::Instant("2019-10-06T15:00:00Z".parse().unwrap()));
        assert_eq!(
            (Bound::parse("2019-10-07T00:00:00 09:00"), Bound::parse("2019-10-06T15:00:00Z")),
            (instant, instant)
        );
        assert_eq!((Bound::parse("2019-10"), Bound::parse("2019-10-07T25:00:00")), (None, None));
    }

    #[test]
    fn zones_are_places_and_years_are_bounded() {
        assert!(zone("EST5EDT4", "").is_err() && zone("+02:00", "").is_err() && zone("Mars/Base", "").is_err());
        assert!(read("9999-10-07T09:00:00", "UTC").is_err() && read("2019-10-07", "UTC").is_err());
    }

    #[test]
    fn touching_is_not_overlapping() {
        let at = |s: &str| s.parse::<Timestamp>().unwrap();
        let first = Validity { from: at("2019-01-01T00:00:00Z"), to: Some(at("2020-01-01T00:00:00Z")) };
        let second = Validity { from: at("2020-01-01T00:00:00Z"), to: None };
        assert!(!first.overlaps(&second) && second.holds_at(second.from) && !first.holds_at(second.from));
    }
}
