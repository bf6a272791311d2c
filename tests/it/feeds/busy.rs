//! The other way round: calendars that a program of others wrote, read for when somebody is busy.

use domain::calendars::busy;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;

use super::readers;

/// A calendar, and what it says by the program that wrote it.
#[derive(Debug, Deserialize)]
struct Written {
    calendar: String,
    zone: String,
    busy: Vec<String>,
    named: usize,
}

#[test]
fn busy_times_of_calendars_written_by_others_are_read_to_the_second() {
    let written: Vec<Written> = readers::written("write_busy.py", &["300", "20261007"]);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let month = (at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z"));
    for Written { calendar, zone, busy, named } in written {
        let read = busy::read(&calendar, &TimeZone::get(&zone).unwrap(), month).unwrap();
        let spans: Vec<_> = read.spans.iter().map(|(from, to)| format!("{from}/{to}")).collect();
        assert_eq!((spans, read.not_read.len()), (busy, named), "in {zone}:\n{calendar}");
    }
}
