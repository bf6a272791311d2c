//! The other way round: when somebody's calendar says they are busy (RFC 5545, 3.6.1 and 3.6.4).
//!
//! Only times are taken from it. What the entries are called, where they are and with whom is nobody's business here.
//! An entry that repeats counts once, as it stands, and is named: what a rule of repetition means is for the program
//! that holds the calendar, which can write the same times out as free and busy.

use std::collections::BTreeMap;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::reading::{Line, unfolded};
use crate::{
    Violation,
    schedule::clashes::{Span, Spans},
};

/// Lines that are named because they were not understood.
const MOST_NAMED: usize = 50;

/// What was read of a calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Busy {
    /// From when until when, by start; what overlaps or touches is one.
    pub spans: Vec<(Timestamp, Timestamp)>,
    /// Numbers of the lines, from 1, on which something begins that was not or not wholly read; at most 50.
    pub not_read: Vec<usize>,
}

/// Reads when `calendar` says somebody is busy, between two instants. Times without a zone and whole days are meant in
/// `zone`.
pub fn read(calendar: &str, zone: &TimeZone, between: (Timestamp, Timestamp)) -> Result<Busy, Violation> {
    if !calendar.starts_with("BEGIN:VCALENDAR") {
        let detail = "Send a calendar file: its first line is BEGIN:VCALENDAR.";
        return Err(Violation::new("/calendar", "not_a_calendar", detail));
    }
    let mut busy = Busy::default();
    let mut open: Vec<(String, usize)> = vec![];
    let mut entry: BTreeMap<String, Line> = BTreeMap::new();
    for line in unfolded(calendar) {
        match line.name.as_str() {
            "BEGIN" => {
                open.push((line.value.to_ascii_uppercase(), line.number));
                if open.last().is_some_and(|(name, _)| name == "VEVENT") {
                    entry.clear();
                }
            }
            "END" => {
                if let Some((name, number)) = open.pop()
                    && name == "VEVENT"
                {
                    busy.take(&entry, number, zone);
                }
            }
            _ => match open.last().map(|(name, _)| name.as_str()) {
                Some("VEVENT") => drop(entry.entry(line.name.clone()).or_insert(line)),
                Some("VFREEBUSY") if line.name == "FREEBUSY" => busy.take_periods(&line),
                _ => {}
            },
        }
    }
    busy.spans = merged(busy.spans, between);
    busy.not_read.sort_unstable();
    busy.not_read.dedup();
    busy.not_read.truncate(MOST_NAMED);
    Ok(busy)
}

impl Busy {
    /// One entry, if it takes time.
    fn take(&mut self, entry: &BTreeMap<String, Line>, number: usize, zone: &TimeZone) {
        let says = |name: &str, word: &str| entry.get(name).is_some_and(|line| line.value.eq_ignore_ascii_case(word));
        let free = says("TRANSP", "TRANSPARENT") || says("X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
        if free || says("STATUS", "CANCELLED") {
            return;
        }
        if ["RRULE", "RDATE"].iter().any(|name| entry.contains_key(*name)) {
            self.not_read.push(number);
        }
        match span(entry, zone) {
            Some(span) => self.spans.push(span),
            None => self.not_read.push(number),
        }
    }

    /// The periods of a line of free and busy times (RFC 5545, 3.8.2.6).
    fn take_periods(&mut self, line: &Line) {
        if line.parameter("FBTYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("FREE")) {
            return;
        }
        for period in line.value.split(',') {
            match of_period(period) {
                Some(span) => self.spans.push(span),
                None => self.not_read.push(line.number),
            }
        }
    }
}

/// From when until when an entry is; one without an end takes its day, or no time (RFC 5545, 3.6.1).
fn span(entry: &BTreeMap<String, Line>, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let start = entry.get("DTSTART")?;
    let (from, own) = (moment(start)?, zone_of(start, zone)?);
    let to = match (entry.get("DTEND"), entry.get("DURATION"), from) {
        (Some(end), ..) => moment(end)?.at(&zone_of(end, zone)?)?,
        (None, Some(length), _) => {
            let begins = from.at(&own)?.to_zoned(own.clone());
            begins.checked_add(length.value.parse::<jiff::Span>().ok()?).ok()?.timestamp()
        }
        (None, None, Said::Day(day)) => Said::Day(day.checked_add(1.day()).ok()?).at(&own)?,
        (None, None, _) => from.at(&own)?,
    };
    Some((from.at(&own)?, to))
}

/// A period in UTC: two times, or one and how long (RFC 5545, 3.3.9).
fn of_period(period: &str) -> Option<(Timestamp, Timestamp)> {
    let (start, end) = period.trim().split_once('/')?;
    let from = said(start)?.at(&TimeZone::UTC)?;
    let to = match said(end) {
        Some(end) => end.at(&TimeZone::UTC)?,
        None => from.to_zoned(TimeZone::UTC).checked_add(end.parse::<jiff::Span>().ok()?).ok()?.timestamp(),
    };
    Some((from, to))
}

/// A date or a time as it is written (RFC 5545, 3.3.4 and 3.3.5).
#[derive(Debug, Clone, Copy)]
pub(super) enum Said {
    Day(Date),
    Local(DateTime),
    Utc(DateTime),
}

impl Said {
    pub(super) fn at(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(day) => zone.to_timestamp(day.at(0, 0, 0, 0)).ok(),
            Self::Local(local) => zone.to_timestamp(local).ok(),
            Self::Utc(local) => TimeZone::UTC.to_timestamp(local).ok(),
        }
    }
}

fn moment(line: &Line) -> Option<Said> {
    said(&line.value)
}

pub(super) fn said(value: &str) -> Option<Said> {
    match value.len() {
        8 => Date::strptime("%Y%m%d", value).ok().map(Said::Day),
        15 => DateTime::strptime("%Y%m%dT%H%M%S", value).ok().map(Said::Local),
        16 => DateTime::strptime("%Y%m%dT%H%M%SZ", value).ok().map(Said::Utc),
        _ => None,
    }
}

/// The zone a line names, which has to be one of the IANA names; without one `zone`.
fn zone_of(line: &Line, zone: &TimeZone) -> Option<TimeZone> {
    line.parameter("TZID").map_or_else(|| Some(zone.clone()), |name| TimeZone::get(name).ok())
}

/// By start, within the two instants, what overlaps or touches as one.
pub(super) fn merged(
    spans: Vec<(Timestamp, Timestamp)>,
    (first, last): (Timestamp, Timestamp),
) -> Vec<(Timestamp, Timestamp)> {
    let Some(whole) = Span::new(first, last) else { return vec![] };
    let spans: Spans = spans.into_iter().filter_map(|(from, to)| Span::new(from, to)).collect();
    spans.within(whole).into_iter().map(|span| (span.starts_at, span.ends_at)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn read_in(zone: &str, body: &str) -> Busy {
        let zone = TimeZone::get(zone).unwrap();
        let calendar = format!("BEGIN:VCALENDAR\r\n{body}END:VCALENDAR\r\n");
        read(&calendar, &zone, (at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z"))).unwrap()
    }

    fn event(lines: &str) -> String {
        format!("BEGIN:VEVENT\r\nSUMMARY:Secret\r\n{}\r\nEND:VEVENT\r\n", lines.replace('|', "\r\n"))
    }

    fn spans(busy: &Busy) -> Vec<String> {
        busy.spans.iter().map(|(from, to)| format!("{from}/{to}")).collect()
    }

    #[test]
    fn times_are_read_in_utc_in_a_named_zone_on_the_local_clock_and_as_days() {
        let table = [
            ("DTSTART:20261006T070000Z|DTEND:20261006T080000Z", "2026-10-06T07:00:00Z/2026-10-06T08:00:00Z"),
            (
                "DTSTART;TZID=Europe/Warsaw:20261006T090000|DURATION:PT1H30M",
                "2026-10-06T07:00:00Z/2026-10-06T08:30:00Z",
            ),
            ("DTSTART:20261006T090000|DTEND:20261006T100000", "2026-10-06T00:00:00Z/2026-10-06T01:00:00Z"),
            ("DTSTART;VALUE=DATE:20261006", "2026-10-05T15:00:00Z/2026-10-06T15:00:00Z"),
            ("DTSTART;VALUE=DATE:20261006|DTEND;VALUE=DATE:20261008", "2026-10-05T15:00:00Z/2026-10-07T15:00:00Z"),
            (
                "DTSTART;TZID=\"Europe/Warsaw\":20261006T090000|DTEND:2026100\r\n 6T080000Z",
                "2026-10-06T07:00:00Z/2026-10-06T08:00:00Z",
            ),
        ];
        for (lines, expected) in table {
            let busy = read_in("Asia/Seoul", &event(lines));
            assert_eq!((spans(&busy), busy.not_read), (vec![expected.to_owned()], vec![]), "{lines}");
        }
    }

    #[test]
    fn what_takes_no_time_does_not_count_and_what_repeats_is_named() {
        let span = "DTSTART:20261006T070000Z|DTEND:20261006T080000Z";
        for free in ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"] {
            assert_eq!(read_in("UTC", &event(&format!("{span}|{free}"))), Busy::default(), "{free}");
        }
        let weekly = read_in("UTC", &event(&format!("{span}|RRULE:FREQ=WEEKLY")));
        assert_eq!((weekly.spans.len(), weekly.not_read), (1, vec![2]));
        let odd = event("DTSTART;TZID=Romance Standard Time:20261006T090000|DTEND:20261006T080000Z");
        assert_eq!((read_in("UTC", &odd).spans, read_in("UTC", &odd).not_read), (vec![], vec![2]));
        // The alarm's own start is not that of the entry.
        let alarm = event(&format!("{span}|BEGIN:VALARM|DTSTART:20200101T000000Z|END:VALARM"));
        assert_eq!(spans(&read_in("UTC", &alarm)), ["2026-10-06T07:00:00Z/2026-10-06T08:00:00Z"]);
    }

    #[test]
    fn free_and_busy_times_are_read_and_put_together_within_the_event() {
        let body = "BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20261006T070000Z/PT1H,20261006T080000Z/20261006T090000Z\r\n\
            FREEBUSY;FBTYPE=FREE:20261006T120000Z/PT1H\r\nFREEBUSY:20260930T230000Z/20261001T010000Z,nonsense\r\nEND:VFREEBUSY\r\n";
        let busy = read_in("UTC", body);
        assert_eq!(
            spans(&busy),
            ["2026-10-01T00:00:00Z/2026-10-01T01:00:00Z", "2026-10-06T07:00:00Z/2026-10-06T09:00:00Z"]
        );
        assert_eq!(busy.not_read, [5]);
        let not = read("hello", &TimeZone::UTC, (Timestamp::MIN, Timestamp::MAX)).unwrap_err();
        assert_eq!((not.pointer.as_str(), not.code), ("/calendar", "not_a_calendar"));
    }

    /// Lines of calendars in any order, cut, run together and filled with what does not belong there.
    fn broken() -> impl Strategy<Value = String> {
        let pieces = proptest::sample::select(vec![
            "BEGIN:VEVENT\r\n",
            "END:VEVENT\r\n",
            "BEGIN:VFREEBUSY\n",
            "END:VFREEBUSY\n",
            "BEGIN:VALARM\r\n",
            "DTSTART:",
            "DTSTART;TZID=",
            "dtstart;value=date:",
            "DTEND;X=\"a:b\":",
            "DURATION:",
            "FREEBUSY;FBTYPE=BUSY:",
            "RRULE:FREQ=DAILY",
            "20261006T070000Z",
            "20261006T090000",
            "20261006",
            "00000000",
            "99991231T235960Z",
            "PT1H",
            "-P1D",
            "P9999999999W",
            "PT9223372036854775807S",
            "Europe/Warsaw",
            "/",
            ",",
            ":",
            ";",
            "\"",
            "\r\n",
            "\r\n ",
            "\n\t",
            "2026\u{661}006",
            "한국한국",
            "\u{feff}",
        ]);
        let piece = prop_oneof![6 => pieces.prop_map(str::to_owned), 1 => any::<String>()];
        proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// `PROPTEST_CASES` says how many are tried; see docs/CLAIMS.md.
        #[test]
        fn no_calendar_however_broken_makes_it_fail(body in broken(), zone in "(UTC|Australia/Lord_Howe|Asia/Kathmandu)") {
            let zone = TimeZone::get(&zone).unwrap();
            let calendar = format!("BEGIN:VCALENDAR\r\n{body}");
            let always = (Timestamp::MIN, Timestamp::MAX);
            for (first, last) in [always, (at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z"))] {
                let busy = read(&calendar, &zone, (first, last)).unwrap();
                prop_assert!(busy.spans.iter().all(|(from, to)| first <= *from && from < to && *to <= last));
                prop_assert!(busy.spans.windows(2).all(|two| two[0].1 < two[1].0));
                prop_assert!(busy.not_read.len() <= MOST_NAMED);
                let lines = calendar.lines().count();
                prop_assert!(busy.not_read.iter().all(|number| (1..=lines).contains(number)));
            }
        }

        #[test]
        fn no_text_makes_it_fail_and_spans_never_touch(body in "[A-Z;:=/,0-9TZ \r\n-]{0,400}") {
            let busy = read_in("Asia/Seoul", &format!("VERSION:2.0\r\n{body}"));
            prop_assert!(busy.spans.iter().all(|(from, to)| from < to));
            prop_assert!(busy.spans.windows(2).all(|two| two[0].1 < two[1].0));
        }
    }
}
