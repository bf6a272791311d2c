//! What somebody else's calendar has in it (RFC 5545, 3.6.1), read to be entered here as sessions.
//!
//! Tolerant where it is clear what is meant, and strict where it is not: an entry that is not understood is named by
//! its line with the reason, and never guessed. However a file is made, it costs no more than it has characters.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, Timestamp, tz::TimeZone};

use super::{
    busy::{Said, said},
    reading::{Line, unfolded},
    repetition::Repetition,
    windows_zones::of_windows,
};
use crate::Violation;

/// Characters a calendar has at most.
pub const LONGEST: usize = 500_000;
/// Entries that are read at most, each time of one that repeats being one.
const MOST: usize = 500;
/// Components within components.
const DEEPEST: usize = 16;
/// Characters of the longest UID that is kept as an id.
const LONGEST_UID: usize = 150;

/// A time at which something is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Line on which the entry begins, from 1.
    pub line: usize,
    /// UID; for one time of something that repeats with when that was meant to be.
    pub uid: String,
    /// SUMMARY.
    pub title: String,
    /// DESCRIPTION.
    pub description: Option<String>,
    /// The zone that was understood: an IANA name.
    pub zone: String,
    /// Its start.
    pub start: Timestamp,
    /// The first instant after it.
    pub end: Timestamp,
}

/// An entry that is not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead {
    /// Line on which it begins, from 1.
    pub line: usize,
    /// Why, as a word.
    pub code: &'static str,
    /// Why, and what to do.
    pub detail: &'static str,
}

/// What was read of a calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    /// What can be entered, in the order of the file.
    pub found: Vec<Occurrence>,
    /// What cannot.
    pub not_read: Vec<NotRead>,
}

/// An entry as it stands in the file.
struct Raw {
    line: usize,
    lines: BTreeMap<String, Vec<Line>>,
}

type Reason = (&'static str, &'static str);

/// Reads a calendar. Times without a zone are meant in `zone`, an IANA name.
pub fn read(calendar: &str, zone: &str) -> Result<Entries, Violation> {
    let own = TimeZone::get(zone).map_err(|_| broken("unknown_zone", "The event has a time zone nobody knows."))?;
    let raw = components(calendar)?;
    let mut entries = Entries::default();
    let mut overrides: BTreeMap<(String, Timestamp), Raw> = BTreeMap::new();
    let (mut single, mut uids) = (vec![], BTreeSet::new());
    for entry in raw {
        match (entry.recurrence(&own), entry.uid()) {
            (Ok(None), Ok(uid)) if !uids.insert(uid.clone()) => entries.refuse(entry.line, REPEATED),
            (Ok(None), Ok(_)) => single.push(entry),
            (Ok(Some(at)), Ok(uid)) => {
                let line = entry.line;
                if overrides.insert((uid, at), entry).is_some() {
                    entries.refuse(line, REPEATED);
                }
            }
            (Err(reason), _) | (_, Err(reason)) => entries.refuse(entry.line, reason),
        }
    }
    for entry in single {
        match entry.occurrences((&own, zone), &mut overrides) {
            Ok(found) => entries.found.extend(found),
            Err(reason) => entries.refuse(entry.line, reason),
        }
        if entries.found.len() + entries.not_read.len() > MOST {
            return Err(broken("too_many", "The file has more than 500 entries. Send the days of the event alone."));
        }
    }
    overrides.into_values().for_each(|entry| entries.refuse(entry.line, ORPHAN));
    entries.not_read.sort_by_key(|entry| entry.line);
    Ok(entries)
}

const REPEATED: Reason =
    ("repeated_uid", "Another entry has the same UID. Give each its own, and send the file again.");
const ORPHAN: Reason =
    ("not_in_series", "It changes one time of a series that is not in the file, or not at that time.");
const NO_UID: Reason = ("no_uid", "It has no UID of at most 150 characters, by which it would be known again.");
const NO_TITLE: Reason = ("no_title", "It has no title (SUMMARY).");
const NO_TIME: Reason = ("no_time", "Its times cannot be read, or it ends before it begins.");
const WHOLE_DAY: Reason = ("whole_day", "It is one of whole days. Sessions have times: enter the days in the event.");
const UNKNOWN_ZONE: Reason =
    ("unknown_zone", "It names a time zone nobody knows. Write IANA names, such as Europe/Warsaw.");
const CANCELLED: Reason = ("cancelled", "It is called off.");
const RULE: Reason =
    ("rule_not_read", "It repeats by a rule that is not read. Daily and weekly ones are, with COUNT or UNTIL.");
const FOREVER: Reason = ("repeats_forever", "It repeats without end. Give its rule COUNT or UNTIL.");
const TOO_OFTEN: Reason = ("repeats_too_often", "It repeats more than 100 times, or for more than three years.");

fn broken(code: &'static str, detail: impl Into<std::borrow::Cow<'static, str>>) -> Violation {
    Violation::new("/calendar", code, detail.into())
}

/// The entries of a file that is one.
fn components(calendar: &str) -> Result<Vec<Raw>, Violation> {
    if calendar.chars().count() > LONGEST {
        return Err(broken(
            "too_long",
            "Send a calendar of at most 500,000 characters: the days of the event are enough.",
        ));
    }
    if !calendar.starts_with("BEGIN:VCALENDAR") {
        return Err(broken("not_a_calendar", "Send a calendar file: its first line is BEGIN:VCALENDAR."));
    }
    if calendar.contains(|c: char| c.is_control() && !matches!(c, '\r' | '\n' | '\t')) {
        return Err(broken("not_text", "The file holds control characters: it is damaged, or no calendar."));
    }
    let (mut open, mut entries): (Vec<String>, Vec<Raw>) = (vec![], vec![]);
    for line in unfolded(calendar) {
        match line.name.as_str() {
            "BEGIN" => {
                open.push(line.value.to_ascii_uppercase());
                if open.len() > DEEPEST {
                    return Err(broken("too_deep", "Components are nested more than 16 deep: the file is damaged."));
                }
                if open.last().is_some_and(|name| name == "VEVENT") {
                    entries.push(Raw { line: line.number, lines: BTreeMap::new() });
                }
            }
            "END" => {
                let name = line.value.to_ascii_uppercase();
                if open.pop().is_none_or(|opened| opened != name) {
                    let detail = format!("Line {} ends {name}, which is not what was begun last.", line.number);
                    return Err(broken("not_closed", detail));
                }
            }
            _ if open.last().is_some_and(|name| name == "VEVENT") => {
                if let Some(entry) = entries.last_mut() {
                    entry.lines.entry(line.name.clone()).or_default().push(line);
                }
            }
            _ => {}
        }
    }
    if open.is_empty() {
        Ok(entries)
    } else {
        Err(broken("not_closed", "The file ends before its last component does."))
    }
}

impl Entries {
    fn refuse(&mut self, line: usize, (code, detail): Reason) {
        self.not_read.push(NotRead { line, code, detail });
    }
}

impl Raw {
    fn one(&self, name: &str) -> Option<&Line> {
        self.lines.get(name).and_then(|lines| lines.first())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.one(name).map(|line| line.text().trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn uid(&self) -> Result<String, Reason> {
        self.text("UID").filter(|uid| uid.chars().count() <= LONGEST_UID && !uid.contains(['\n', '\\'])).ok_or(NO_UID)
    }

    /// Which time of a series it changes.
    fn recurrence(&self, own: &TimeZone) -> Result<Option<Timestamp>, Reason> {
        let Some(line) = self.one("RECURRENCE-ID") else { return Ok(None) };
        let (zone, _) = zone_of(line, (own, ""))?;
        said(&line.value).and_then(|said| said.at(&zone)).map(Some).ok_or(NO_TIME)
    }

    /// When it is on, with what changes single times of it taken out of `overrides`.
    fn occurrences(
        &self,
        own: (&TimeZone, &str),
        overrides: &mut BTreeMap<(String, Timestamp), Raw>,
    ) -> Result<Vec<Occurrence>, Reason> {
        let first = self.occurrence(own)?;
        if self.lines.contains_key("RDATE") || self.lines.get("RRULE").is_some_and(|rules| rules.len() > 1) {
            return Err(RULE);
        }
        let Some(rule) = self.one("RRULE") else { return Ok(vec![first]) };
        let start = self.one("DTSTART").ok_or(NO_TIME)?;
        let (zone, _) = zone_of(start, own)?;
        let zone = if start.value.ends_with('Z') { TimeZone::UTC } else { zone };
        let repetition = Repetition::parse(&rule.value, &zone).ok_or(RULE)?;
        if repetition.is_endless() {
            return Err(FOREVER);
        }
        let starts = repetition.starts(first.start, &zone).ok_or(TOO_OFTEN)?;
        let left_out = self.left_out(own)?;
        let length = first.end.duration_since(first.start);
        let mut found = vec![];
        for at in starts.into_iter().filter(|at| !left_out.contains(at)) {
            let uid = format!("{} {at}", first.uid);
            let changed = overrides.remove(&(first.uid.clone(), at));
            match changed.map(|entry| entry.occurrence(own)).transpose() {
                Ok(Some(changed)) => found.push(Occurrence { uid, ..changed }),
                Ok(None) => {
                    let end = at.checked_add(length).map_err(|_| NO_TIME)?;
                    found.push(Occurrence { uid, start: at, end, ..first.clone() });
                }
                Err(CANCELLED) => {}
                Err(reason) => return Err(reason),
            }
        }
        Ok(found)
    }

    /// The times of a series that are left out.
    fn left_out(&self, own: (&TimeZone, &str)) -> Result<BTreeSet<Timestamp>, Reason> {
        let mut left_out = BTreeSet::new();
        for line in self.lines.get("EXDATE").into_iter().flatten() {
            let (zone, _) = zone_of(line, own)?;
            for value in line.value.split(',') {
                left_out.insert(said(value.trim()).and_then(|said| said.at(&zone)).ok_or(NO_TIME)?);
            }
        }
        Ok(left_out)
    }

    /// The entry as it stands, without its repetition.
    fn occurrence(&self, own: (&TimeZone, &str)) -> Result<Occurrence, Reason> {
        if self.one("STATUS").is_some_and(|status| status.value.eq_ignore_ascii_case("CANCELLED")) {
            return Err(CANCELLED);
        }
        let uid = self.uid()?;
        let start = self.one("DTSTART").ok_or(NO_TIME)?;
        let (zone, name) = zone_of(start, own)?;
        let begins = match said(&start.value).ok_or(NO_TIME)? {
            Said::Day(_) => return Err(WHOLE_DAY),
            said => said.at(&zone).ok_or(NO_TIME)?,
        };
        let ends = match (self.one("DTEND"), self.one("DURATION")) {
            (Some(end), _) => {
                let (zone, _) = zone_of(end, own)?;
                said(&end.value).and_then(|said| said.at(&zone)).ok_or(NO_TIME)?
            }
            (None, Some(length)) => {
                let length = length.value.parse::<Span>().map_err(|_| NO_TIME)?;
                begins.to_zoned(zone).checked_add(length).map_err(|_| NO_TIME)?.timestamp()
            }
            (None, None) => return Err(NO_TIME),
        };
        if ends <= begins {
            return Err(NO_TIME);
        }
        let zone = if start.value.ends_with('Z') { "UTC".to_owned() } else { name };
        let title = self.text("SUMMARY").ok_or(NO_TITLE)?.replace('\n', " ");
        let description = self.text("DESCRIPTION");
        Ok(Occurrence { line: self.line, uid, title, description, zone, start: begins, end: ends })
    }
}

/// The zone that a line names: by IANA, behind a prefix of a program, or as Windows calls it; else that of the event.
fn zone_of(line: &Line, (own, own_name): (&TimeZone, &str)) -> Result<(TimeZone, String), Reason> {
    let Some(name) = line.parameter("TZID") else { return Ok((own.clone(), own_name.to_owned())) };
    let parts: Vec<&str> = name.split('/').collect();
    let last = |count: usize| parts[parts.len().saturating_sub(count)..].join("/");
    let names = [name.to_owned(), last(3), last(2), of_windows(name).unwrap_or_default().to_owned()];
    let known = names.into_iter().filter(|name| !name.is_empty());
    let mut known = known.filter_map(|name| Some((TimeZone::get(&name).ok()?, name)));
    known.next().ok_or(UNKNOWN_ZONE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(uid: &str, lines: &str) -> String {
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:Title\r\n{}\r\nEND:VEVENT\r\n", lines.replace('|', "\r\n"))
    }

    fn read_in(zone: &str, body: &str) -> Entries {
        read(&format!("BEGIN:VCALENDAR\r\n{body}END:VCALENDAR\r\n"), zone).unwrap()
    }

    fn starts(entries: &Entries) -> Vec<String> {
        entries.found.iter().map(|entry| entry.start.to_string()).collect()
    }

    #[test]
    fn what_repeats_keeps_its_time_on_the_wall_and_ends_as_it_says() {
        // Clocks in Warsaw go back on 25 October 2026: nine o'clock is 07:00 in UTC before and 08:00 after.
        let rule = |rule: &str| {
            let start = "DTSTART;TZID=Europe/Warsaw:20261019T090000|DURATION:PT1H";
            starts(&read_in("UTC", &event("a", &format!("{start}|RRULE:{rule}"))))
        };
        let table = [
            ("FREQ=WEEKLY;COUNT=2", vec!["2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z"]),
            (
                "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3",
                vec!["2026-10-19T07:00:00Z", "2026-10-21T07:00:00Z", "2026-10-26T08:00:00Z"],
            ),
            ("FREQ=DAILY;INTERVAL=2;UNTIL=20261021T070000Z", vec!["2026-10-19T07:00:00Z", "2026-10-21T07:00:00Z"]),
            ("FREQ=DAILY;UNTIL=20261020", vec!["2026-10-19T07:00:00Z", "2026-10-20T07:00:00Z"]),
            (
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU;COUNT=3",
                vec!["2026-10-19T07:00:00Z", "2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z"],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(rule(text), expected, "{text}");
        }
    }

    #[test]
    fn zones_are_known_by_iana_behind_a_prefix_and_as_windows_calls_them() {
        for zone in ["Asia/Seoul", "/mozilla.org/20050126_1/Asia/Seoul", "Korea Standard Time", "\"Asia/Seoul\""] {
            let read = read_in("UTC", &event("a", &format!("DTSTART;TZID={zone}:20261007T090000|DURATION:PT1H")));
            assert_eq!(
                (starts(&read), read.found[0].zone.as_str()),
                (vec!["2026-10-07T00:00:00Z".to_owned()], "Asia/Seoul")
            );
        }
        for (_, iana) in super::super::windows_zones::NAMES {
            assert!(TimeZone::get(iana).is_ok(), "{iana}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(body in "[A-Z;:=/,0-9TZ \r\n-]{0,400}", rule in "[A-Z;=,0-9]{0,60}") {
            let start = "DTSTART:20261007T000000Z|DURATION:PT1H";
            let calendar = format!("BEGIN:VCALENDAR\r\n{}{body}", event("a", &format!("{start}|RRULE:{rule}")));
            let _ = read(&calendar, "Asia/Seoul");
            let repeats = read_in("Asia/Seoul", &event("a", &format!("{start}|RRULE:{rule}")));
            prop_assert!(repeats.found.len() <= 100 && repeats.found.iter().all(|entry| entry.start < entry.end));
        }
    }
}
