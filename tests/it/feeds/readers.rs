//! Programs that are not ours and read what we write: the `icalendar` crate, and those in `tests/foreign`.

use std::{collections::BTreeMap, path::Path, process::Command};

use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime, EventLike};
use serde::{Deserialize, de::DeserializeOwned};

use crate::support::setting;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign");

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

/// What a program reads, or why it does not.
type Reading<T> = Result<Vec<T>, String>;

/// What one program says of a file.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Said<T> {
    Read(Vec<T>),
    Refused { error: String },
}

/// What the programs in `tests/foreign` see, each with its name; those that cannot run say so and are left out.
pub fn foreign(file: &str) -> Vec<(String, Vec<Seen>)> {
    all_foreign(&[file.as_bytes()]).into_iter().flatten().collect()
}

/// The same of many files at once, and of what an entry says where another thing is asked than [`Seen`].
pub fn all_foreign<T: DeserializeOwned>(files: &[&[u8]]) -> Vec<Vec<(String, Vec<T>)>> {
    let read = |(program, entries): (String, Reading<T>)| {
        assert!(entries.is_ok(), "{program} refuses a file: {:?}", entries.err());
        (program, entries.unwrap())
    };
    all_said(files).into_iter().map(|by_program| by_program.into_iter().map(read).collect()).collect()
}

/// The same, with the reasons of those that refuse a file.
pub fn all_said<T: DeserializeOwned>(files: &[&[u8]]) -> Vec<Vec<(String, Reading<T>)>> {
    let read = |(program, said)| match said {
        Said::Read(entries) => (program, Ok(entries)),
        Said::Refused { error } => (program, Err(error)),
    };
    said_of(files).into_iter().map(|by_program| by_program.into_iter().map(read).collect()).collect()
}

/// The programs that refuse each of these files.
pub fn refusals(files: &[&[u8]]) -> Vec<Vec<String>> {
    let refused = |(program, said)| matches!(said, Said::<serde_json::Value>::Refused { .. }).then_some(program);
    said_of(files).into_iter().map(|by_program| by_program.into_iter().filter_map(refused).collect()).collect()
}

/// What each program says of each file.
fn said_of<T: DeserializeOwned>(files: &[&[u8]]) -> Vec<BTreeMap<String, Said<T>>> {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..files.len()).map(|number| folder.path().join(format!("{number}.ics"))).collect();
    paths.iter().zip(files).for_each(|(path, file)| std::fs::write(path, file).unwrap());
    let paths: Vec<_> = paths.iter().map(|path| path.as_path()).collect();
    let mut said: Vec<BTreeMap<String, Said<T>>> = files.iter().map(|_| BTreeMap::new()).collect();
    for (_, of_files) in programs::<Vec<BTreeMap<String, Said<T>>>>("read_feed", &paths) {
        assert_eq!(of_files.len(), files.len());
        said.iter_mut().zip(of_files).for_each(|(all, own)| all.extend(own));
    }
    said
}

/// What they make of the zones that a file defines, at some times on the wall.
pub fn zones<T: DeserializeOwned>(file: &Path, points: &Path) -> Vec<(&'static str, T)> {
    programs("read_zones", &[file, points])
}

/// What a script says in Python, with the packages of tests/foreign/requirements.txt, and in JavaScript, with those of
/// package.json.
fn programs<T: DeserializeOwned>(script: &str, arguments: &[&Path]) -> Vec<(&'static str, T)> {
    let mut said = vec![];
    match setting("PYTHON") {
        Some(python) => {
            said.push(("python", run(Command::new(python).arg(format!("{FOLDER}/{script}.py")).args(arguments))))
        }
        None => eprintln!("SKIP: PLENUM_TEST_PYTHON does not name a Python with tests/foreign/requirements.txt"),
    }
    if Path::new(&format!("{FOLDER}/node_modules/ical.js")).exists() {
        said.push(("node", run(Command::new("node").arg(format!("{FOLDER}/{script}.mjs")).args(arguments))));
    } else {
        eprintln!("SKIP: the packages of tests/foreign are not installed; scripts/test does that");
    }
    said
}

/// What a Python script that needs packages writes; nothing, said loudly, where there are none.
pub fn written<T: DeserializeOwned>(script: &str, arguments: &[&str]) -> Vec<T> {
    let Some(python) = setting("PYTHON") else {
        eprintln!("SKIP: PLENUM_TEST_PYTHON does not name a Python with tests/foreign/requirements.txt");
        return vec![];
    };
    run(Command::new(python).arg(format!("{FOLDER}/{script}")).args(arguments))
}

/// Runs a reader and reads the JSON it prints.
fn run<T: DeserializeOwned>(command: &mut Command) -> T {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
