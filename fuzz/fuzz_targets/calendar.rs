//! The writer of calendars: whatever stands in an entry and around it, the file is one that the strict reading of the
//! tests finds nothing wrong with, says what was put in and nothing else, and has the time that was meant.

#![no_main]

#[path = "../../tests/it/feeds/strict.rs"]
mod strict;

use arbitrary::{Arbitrary, Result, Unstructured};
use domain::{
    Language,
    access::Visibility,
    calendars::{Calendar, Class, Colour, Days, Detail, Entry, Position, Span, Status, Text, Uri, When, busy, place},
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use libfuzzer_sys::fuzz_target;

/// What people can have typed of an entry.
#[derive(Debug, Arbitrary)]
struct Typed<'a> {
    uid: u64,
    title: &'a str,
    rooms: Vec<&'a str>,
    description: Option<&'a str>,
    link: Option<&'a str>,
    categories: Vec<&'a str>,
    position: (f64, f64),
    sequence: i32,
    start: Moment,
    minutes: u16,
    whole_days: bool,
    takes_time: bool,
    status: u8,
    visibility: u8,
    created: Moment,
    changed: Moment,
}

/// And of the calendar around it, with what its reader chose.
#[derive(Debug, Arbitrary)]
struct Around<'a> {
    name: &'a str,
    about: Option<&'a str>,
    source: Option<&'a str>,
    zone: Option<&'a str>,
    colour: u8,
    changed: Moment,
    detail: u8,
    language: u8,
    alarm: Option<u16>,
    restricted: bool,
    entries: Vec<Typed<'a>>,
}

/// An instant in the years that times of meetings are taken from.
#[derive(Debug, Clone, Copy)]
struct Moment(Timestamp);

impl<'a> Arbitrary<'a> for Moment {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<Self> {
        // 1 January 1900 and 2200, midnight UTC.
        let second = input.int_in_range(-2_208_988_800_i64..=7_258_118_400)?;
        Ok(Self(Timestamp::new(second, input.int_in_range(0..=999_999_999)?).unwrap()))
    }
}

fn date(moment: Moment) -> Date {
    TimeZone::UTC.to_datetime(moment.0).date()
}

impl Typed<'_> {
    fn entry(&self, number: usize) -> Option<Entry> {
        let when = if self.whole_days {
            let first = date(self.start);
            When::WholeDays(Days::new(first, first.saturating_add(i64::from(self.minutes % 400).days())).ok()?)
        } else {
            let end = self.start.0.saturating_add(i64::from(self.minutes).minutes()).ok()?;
            When::Once(Span::new(self.start.0, end).ok()?)
        };
        Some(Entry {
            // The server makes them, so they are never the same and never hostile.
            uid: Text::line(&format!("session-{number}-{:x}@plenum", self.uid)),
            sequence: self.sequence.saturating_abs(),
            created: self.created.0,
            changed: self.changed.0,
            when,
            status: [Status::Tentative, Status::Confirmed, Status::Cancelled][usize::from(self.status % 3)],
            takes_time: self.takes_time,
            // Without a title there is no session.
            summary: Text::line(&format!("T{}", self.title)),
            location: place(self.rooms.iter().copied()),
            position: Position::new(self.position.0, self.position.1),
            description: self.description.map(Text::long).filter(|text| !text.as_str().is_empty()),
            url: self.link.and_then(Uri::parse),
            categories: self.categories.iter().map(|category| Text::line(category)).collect(),
            class: Class::of(Visibility::ALL[usize::from(self.visibility) % Visibility::ALL.len()]),
        })
    }
}

fuzz_target!(|around: Around<'_>| {
    let language = Language::parse(["en", "pl", "fr", "ar", "ko"][usize::from(around.language % 5)]).unwrap();
    let detail = [Detail::Full, Detail::TitleOnly, Detail::BusyOnly][usize::from(around.detail % 3)];
    let calendar = Calendar {
        uid: Text::line("feed-1@plenum"),
        name: Text::line(around.name),
        description: around.about.map(Text::line),
        source: around.source.and_then(Uri::parse),
        page: around.source.and_then(Uri::parse),
        time_zone: around.zone.map(Text::line),
        colour: Some(Colour::ALL[usize::from(around.colour) % Colour::ALL.len()]),
        changed: around.changed.0,
    };
    let entries: Vec<Entry> = around.entries.iter().enumerate().filter_map(|(at, typed)| typed.entry(at)).collect();
    let entries: Vec<Entry> =
        entries.into_iter().map(|entry| if around.restricted { entry.restricted(&language) } else { entry }).collect();
    let file = calendar.assemble(entries.iter().map(|entry| entry.vevent_with(detail, &language, around.alarm)));
    assert_eq!(strict::faults(file.as_bytes()), Vec::<&str>::new(), "{file}");
    let blocks: Vec<String> = file.split("BEGIN:VEVENT\r\n").skip(1).map(unfolded).collect();
    assert_eq!(blocks.len(), entries.len(), "{file}");
    for (entry, block) in entries.iter().zip(&blocks) {
        reads_as_it_was(entry, detail, block);
    }
    keeps_time(&file, &entries, detail);
});

fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "")
}

/// The value of the first property of this name, escapes undone (RFC 5545, 3.3.11).
fn text_of(block: &str, name: &str) -> Option<String> {
    let value = block.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let (mut text, mut escaped) = (String::new(), false);
    for c in value.chars() {
        match (escaped, c) {
            (false, '\\') => {
                escaped = true;
                continue;
            }
            (true, 'n') => text.push('\n'),
            _ => text.push(c),
        }
        escaped = false;
    }
    Some(text)
}

/// What an entry says is what was put into it.
fn reads_as_it_was(entry: &Entry, detail: Detail, block: &str) {
    let title = text_of(block, "SUMMARY").unwrap();
    // A title of full length gives way to the word that says it is called off.
    if detail != Detail::BusyOnly && entry.summary.as_str().chars().count() < 230 {
        let title = if entry.status == Status::Cancelled { title.splitn(2, ": ").last().unwrap() } else { &title };
        assert_eq!(title.trim_start(), entry.summary.as_str(), "{block}");
    }
    assert_eq!(text_of(block, "UID").as_deref(), Some(entry.uid.as_str()));
    assert_eq!(text_of(block, "SEQUENCE"), Some(entry.sequence.to_string()));
    if detail != Detail::Full {
        let told = ["LOCATION", "GEO", "URL", "CATEGORIES"].map(|name| text_of(block, name));
        assert_eq!(told, [None, None, None, None], "{block}");
        return;
    }
    let location = entry.location.as_ref().map(|place| place.as_str().to_owned()).filter(|place| !place.is_empty());
    assert_eq!(text_of(block, "LOCATION"), location, "{block}");
    let before_alarm = block.split("BEGIN:VALARM").next().unwrap();
    let description = text_of(before_alarm, "DESCRIPTION").unwrap_or_default();
    let link = entry.url.as_ref().map(Uri::as_str).unwrap_or_default();
    assert!(description.ends_with(link), "{block}");
    let said = entry.description.as_ref().map(Text::as_str).unwrap_or_default();
    if said.len() + link.len() < 8_000 {
        assert!(description.starts_with(said), "{block}");
        assert_eq!(description.len(), said.len() + link.len() + if said.is_empty() || link.is_empty() { 0 } else { 2 });
    }
}

/// Our own reader of other people's calendars finds the times that are taken, and no other.
fn keeps_time(file: &str, entries: &[Entry], detail: Detail) {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let ever = (at("1890-01-01T00:00:00Z"), at("2300-01-01T00:00:00Z"));
    let read = busy::read(file, &TimeZone::UTC, ever).unwrap();
    assert!(read.not_read.is_empty(), "{:?}\n{file}", read.not_read);
    let opaque = file.matches("\r\nTRANSP:OPAQUE\r\n").count();
    assert_eq!(read.spans.is_empty(), opaque == 0, "{file}");
    let taken = |entry: &&Entry| {
        let timed = matches!(entry.when, When::Once(_)) && entry.status != Status::Cancelled;
        timed && (entry.takes_time || detail == Detail::BusyOnly)
    };
    assert_eq!(entries.iter().filter(taken).count(), opaque, "{file}");
}
