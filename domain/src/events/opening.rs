//! When a room can be used: windows of the week on the wall of its building.

use std::{borrow::Cow, fmt, str::FromStr};

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::Check;

/// Windows a week has at most.
const MOST: usize = 50;

crate::words! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

impl Weekday {
    /// That of a date.
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Monday,
            jiff::civil::Weekday::Tuesday => Self::Tuesday,
            jiff::civil::Weekday::Wednesday => Self::Wednesday,
            jiff::civil::Weekday::Thursday => Self::Thursday,
            jiff::civil::Weekday::Friday => Self::Friday,
            jiff::civil::Weekday::Saturday => Self::Saturday,
            jiff::civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// What a clock shows, to the minute: `08:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(Time);

impl JsonSchema for ClockTime {
    fn schema_name() -> Cow<'static, str> {
        "ClockTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "What a clock shows, to the minute.",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
            "examples": ["08:30"],
        })
    }
}

impl ClockTime {
    /// The full hour; `hour` is below 24.
    pub const fn at_hour(hour: i8) -> Self {
        Self(Time::constant(hour, 0, 0, 0))
    }

    /// The same as a time of day.
    pub fn time(self) -> Time {
        self.0
    }
}

impl FromStr for ClockTime {
    type Err = String;

    fn from_str(value: &str) -> Result<Self, String> {
        let malformed = || format!("'{value}' is not a time from '00:00' to '23:59'.");
        let (hour, minute) = value.split_once(':').ok_or_else(malformed)?;
        let two = |digits: &str| digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        if !two(hour) || !two(minute) {
            return Err(malformed());
        }
        let (hour, minute) = (hour.parse().map_err(|_| malformed())?, minute.parse().map_err(|_| malformed())?);
        Time::new(hour, minute, 0, 0).map(Self).map_err(|_| malformed())
    }
}

impl TryFrom<String> for ClockTime {
    type Error = String;

    fn try_from(value: String) -> Result<Self, String> {
        value.parse()
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

/// A window of the week. One that closes no later than it opens goes on past midnight: `00:00` to `00:00` is the whole
/// day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// The day on which it opens.
    pub day: Weekday,
    /// When it opens.
    pub opens: ClockTime,
    /// The first moment at which it is closed.
    pub closes: ClockTime,
}

impl OpeningHours {
    /// The instants of the window that opens on `date`; the clocks' jumps make it longer or shorter. A time that the
    /// clocks skip or show twice is taken as calendars take it (RFC 5545, 3.3.5).
    fn on(&self, date: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        if Weekday::of(date) != self.day {
            return None;
        }
        let last = if self.closes <= self.opens { date.checked_add(1.day()).ok()? } else { date };
        let at = |date: Date, time: ClockTime| zone.to_timestamp(date.to_datetime(time.0)).ok();
        Some((at(date, self.opens)?, at(last, self.closes)?))
    }
}

/// Whether a room with these hours is open from `start` to the first instant `end`, without a gap. A room without hours
/// is always open.
pub fn open_throughout(hours: &[OpeningHours], zone: &TimeZone, start: Timestamp, end: Timestamp) -> bool {
    if hours.is_empty() || end <= start {
        return true;
    }
    let reached = windows(hours, zone, start, end)
        .iter()
        .fold(start, |reached, (opens, closes)| if *opens <= reached { reached.max(*closes) } else { reached });
    reached >= end
}

/// The windows that may reach into the time from `start` to `end`, by start.
pub fn windows(
    hours: &[OpeningHours],
    zone: &TimeZone,
    start: Timestamp,
    end: Timestamp,
) -> Vec<(Timestamp, Timestamp)> {
    let first = zone.to_datetime(start).date().saturating_sub(1.day());
    let last = zone.to_datetime(end).date();
    let dates = std::iter::successors(Some(first), |date| date.checked_add(1.day()).ok());
    let dates = dates.take_while(|date| *date <= last);
    let mut windows: Vec<_> = dates.flat_map(|date| hours.iter().filter_map(move |one| one.on(date, zone))).collect();
    windows.sort_unstable();
    windows
}

/// Every window once, and not too many.
pub(super) fn check(hours: &[OpeningHours], check: &mut Check) {
    check.require(hours.len() <= MOST, "/opening_hours", "too_many", "Give at most 50 windows a week.");
    for (at, window) in hours.iter().enumerate() {
        let once = !hours[..at].contains(window);
        check.require(once, &format!("/opening_hours/{at}"), "repeated", "Give every window once.");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(day: &str, opens: &str, closes: &str) -> OpeningHours {
        serde_json::from_value(serde_json::json!({"day": day, "opens": opens, "closes": closes})).unwrap()
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn open(hours: &[OpeningHours], name: &str, start: &str, end: &str) -> bool {
        open_throughout(hours, &zone(name), start.parse().unwrap(), end.parse().unwrap())
    }

    #[test]
    fn a_clock_shows_hours_and_minutes_and_nothing_else() {
        assert_eq!("08:30".parse::<ClockTime>().unwrap().to_string(), "08:30");
        for wrong in ["8:30", "08:60", "24:00", "08:30:00", "+8:30", "", "0830"] {
            assert!(wrong.parse::<ClockTime>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_room_is_open_within_its_windows_by_the_clocks_of_its_building() {
        // 2019-10-07 is a Monday; Seoul is nine hours ahead of UTC.
        let hours = [window("monday", "08:00", "12:00"), window("monday", "12:00", "18:00")];
        let table = [
            ("2019-10-06T23:00:00Z", "2019-10-07T09:00:00Z", true, "touching windows are one"),
            ("2019-10-06T22:59:59Z", "2019-10-07T09:00:00Z", false, "a second before it opens"),
            ("2019-10-06T23:00:00Z", "2019-10-07T09:00:01Z", false, "a second after it closed"),
            ("2019-10-07T23:00:00Z", "2019-10-08T00:00:00Z", false, "a Tuesday"),
        ];
        for (start, end, expected, why) in table {
            assert_eq!(open(&hours, "Asia/Seoul", start, end), expected, "{why}");
        }
        assert!(open(&[], "Asia/Seoul", "2019-10-06T00:00:00Z", "2019-10-20T00:00:00Z"), "no hours: always open");
    }

    #[test]
    fn a_window_goes_past_midnight_and_the_whole_week_has_no_gap() {
        let late = [window("saturday", "20:00", "02:00")];
        assert!(open(&late, "UTC", "2019-10-12T20:00:00Z", "2019-10-13T02:00:00Z"));
        assert!(open(&late, "UTC", "2019-10-13T00:30:00Z", "2019-10-13T01:30:00Z"), "only after midnight");
        assert!(!open(&late, "UTC", "2019-10-13T20:00:00Z", "2019-10-13T21:00:00Z"));
        let week: Vec<_> = Weekday::ALL.iter().map(|day| window(day.as_str(), "00:00", "00:00")).collect();
        assert!(open(&week, "Europe/Warsaw", "2025-03-27T05:00:00Z", "2025-04-03T05:00:00Z"));
    }

    #[test]
    fn the_night_the_clocks_change_is_as_long_as_it_is() {
        // Warsaw, 2025-03-30, a Sunday: 02:00 becomes 03:00, so that 01:00 to 04:00 is two hours, 00:00Z to 02:00Z.
        let night = [window("sunday", "01:00", "04:00")];
        assert!(open(&night, "Europe/Warsaw", "2025-03-30T00:00:00Z", "2025-03-30T02:00:00Z"));
        assert!(!open(&night, "Europe/Warsaw", "2025-03-30T00:00:00Z", "2025-03-30T02:00:01Z"));
        // 2025-10-26: 03:00 becomes 02:00, so that it is four hours, 23:00Z the day before to 03:00Z.
        assert!(open(&night, "Europe/Warsaw", "2025-10-25T23:00:00Z", "2025-10-26T03:00:00Z"));
    }

    proptest! {
        /// Against the plain question, asked of every quarter of an hour: does a window of that day or of the day before
        /// hold what the clock shows?
        #[test]
        fn it_is_open_throughout_when_it_is_open_at_every_moment(
            said in prop::collection::vec((0..7usize, 0..24i8, 0..24i8), 1..6),
            starts in 0..672i64,
            quarters in 1..120i64,
        ) {
            let hours: Vec<_> = said
                .into_iter()
                .map(|(day, opens, closes)| {
                    window(Weekday::ALL[day].as_str(), &format!("{opens:02}:00"), &format!("{closes:02}:00"))
                })
                .collect();
            let monday: Timestamp = "2019-10-07T00:00:00Z".parse().unwrap();
            let at = |quarter: i64| monday + jiff::SignedDuration::from_mins(15 * quarter);
            let holds = |quarter: i64| {
                let now = TimeZone::UTC.to_datetime(at(quarter));
                let (today, yesterday) = (Weekday::of(now.date()), Weekday::of(now.date().saturating_sub(1.day())));
                hours.iter().any(|one| {
                    let (opens, closes, time) = (one.opens.0, one.closes.0, now.time());
                    let over = closes <= opens;
                    (one.day == today && time >= opens && (over || time < closes))
                        || (one.day == yesterday && over && time < closes)
                })
            };
            let expected = (starts..starts + quarters).all(holds);
            prop_assert_eq!(open_throughout(&hours, &TimeZone::UTC, at(starts), at(starts + quarters)), expected);
        }
    }
}
