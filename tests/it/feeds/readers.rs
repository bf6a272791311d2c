//! Programs that are not ours and read what we write: the `icalendar` crate, and those in `tests/foreign`.

use std::process::Command;

use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime, EventLike};
use serde::Deserialize;

use crate::support::setting;

/// What a subscriber sees of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Seen {
    pub uid: String,
    pub summary: String,
    #[serde(rename = "start_utc")]
    pub start: String,
    #[serde(rename = "end_utc")]
    pub end: String,
    pub status: String,
    pub sequence: u32,
    pub location: Option<String>,
}

impl Seen {
    /// Whether it is one of whole days, as an event is; a session is at a time.
    pub fn is_whole_days(&self) -> bool {
        !self.start.contains('T')
    }
}

/// The sessions of a file in its order, as the `icalendar` crate reads them.
pub fn read(file: &str) -> Vec<Seen> {
    all(file).into_iter().filter(|entry| !entry.is_whole_days()).collect()
}

/// All entries of a file in its order, as the `icalendar` crate reads them.
pub fn all(file: &str) -> Vec<Seen> {
    let calendar: Calendar = file.parse().expect("a calendar");
    let property = |event: &icalendar::Event, name: &str| event.property_value(name).map(str::to_owned);
    let events = calendar.components.iter().map(|component| component.as_event().expect("only events"));
    let seen = events.map(|event| Seen {
        uid: event.get_uid().expect("a UID").to_owned(),
        summary: event.get_summary().expect("a title").to_owned(),
        start: when(event.get_start()),
        end: when(event.get_end()),
        status: property(event, "STATUS").expect("a status"),
        sequence: event.get_sequence().unwrap_or_default(),
        location: event.get_location().map(str::to_owned),
    });
    seen.collect()
}

fn when(when: Option<DatePerhapsTime>) -> String {
    match when {
        Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(at))) => Some(at.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        Some(DatePerhapsTime::Date(day)) => Some(day.format("%Y-%m-%d").to_string()),
        _ => None,
    }
    .expect("an instant in UTC, or a day")
}

/// What the programs in `tests/foreign` see, each with its name; those that cannot run say so and are left out.
pub fn foreign(file: &str) -> Vec<(&'static str, Vec<Seen>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign");
    let ics = tempfile::NamedTempFile::with_suffix(".ics").unwrap();
    std::fs::write(ics.path(), file).unwrap();
    let mut seen = vec![];
    match setting("PYTHON") {
        Some(python) => {
            seen.push(("read_feed.py", run(Command::new(python).arg(format!("{folder}/read_feed.py")).arg(ics.path()))))
        }
        None => eprintln!("SKIP: PLENUM_TEST_PYTHON does not name a Python with tests/foreign/requirements.txt"),
    }
    if std::path::Path::new(&format!("{folder}/node_modules/ical.js")).exists() {
        seen.push(("read_feed.mjs", run(Command::new("node").arg(format!("{folder}/read_feed.mjs")).arg(ics.path()))));
    } else {
        eprintln!("SKIP: the packages of tests/foreign are not installed; scripts/test does that");
    }
    seen
}

/// Runs a reader; its entries come sorted by UID.
fn run(command: &mut Command) -> Vec<Seen> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
