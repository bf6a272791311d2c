//! The clocks of a place, written into a calendar (VTIMEZONE; RFC 5545, 3.6.5).
//!
//! Single sessions are written in UTC and need none. A series that repeats on the local clock needs one, and it has to be
//! right by itself: programs follow it even where they know the zone. Outlook follows only the simplest ones
//! (MS-OXCICAL, 2.1.3.1.1.19), so each says whether it is one of those; where it is not, a series has to be written out.

use std::collections::BTreeMap;

use jiff::{
    Timestamp, ToSpan,
    civil::{DateTime, date},
    tz::{Offset, TimeZone},
};

use super::{
    content_line::{Lines, Value},
    value::Text,
    yearly::{CYCLE, Yearly},
};

/// The clocks of a zone from one instant to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocks {
    name: Text,
    observances: Vec<Observance>,
}

/// A time from which the clocks are so many hours from UTC (RFC 5545, 3.6.5).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Observance {
    change: Change,
    /// When it begins, on the clock as it was before.
    onset: DateTime,
    /// When it begins in the years after.
    rule: Option<Yearly>,
}

/// How the clocks change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    from: Offset,
    to: Offset,
    daylight: bool,
    /// What the time is called from then on.
    name: Text,
}

impl Clocks {
    /// Those of `zone`, called by its IANA name, from `from` until `until`. Where the zone has rules that go on, they go
    /// on. `None` for a zone without a name, such as a mere offset.
    pub fn of(zone: &TimeZone, from: Timestamp, until: Timestamp) -> Option<Self> {
        let name = Text::line(zone.iana_name()?);
        let changes = changes(zone, from, until);
        let (before, after): (Vec<_>, Vec<_>) = changes.iter().cloned().partition(|(at, ..)| *at <= from);
        let last = before.last().map(|(_, change, onset)| (change.clone(), *onset));
        let observances = ruled(&changes, last.as_ref()).unwrap_or_else(|| {
            let listed = after.into_iter().take_while(|(at, ..)| *at < until);
            let listed = listed.map(|(_, change, onset)| Observance { change, onset, rule: None });
            std::iter::once(standing(zone, from)).chain(listed).collect()
        });
        Some(Self { name, observances })
    }

    /// The IANA name, as the TZID of times by these clocks.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Whether Outlook follows them: one time, or two that come by a simple rule each.
    pub fn is_outlook_safe(&self) -> bool {
        let simple = |observance: &Observance| observance.rule.is_some_and(Yearly::is_simple);
        match self.observances.as_slice() {
            [only] => !only.change.daylight,
            [one, other] => one.change.daylight != other.change.daylight && simple(one) && simple(other),
            _ => false,
        }
    }

    /// The finished VTIMEZONE, to stand in the calendar before the entries that name it.
    pub fn vtimezone(&self) -> String {
        let mut lines = Lines::default();
        lines.property("BEGIN", Value::Token("VTIMEZONE")).property("TZID", Value::Text(&self.name));
        for Observance { change, onset, rule } in &self.observances {
            let kind = Value::Token(if change.daylight { "DAYLIGHT" } else { "STANDARD" });
            lines
                .property("BEGIN", kind)
                .property("DTSTART", Value::Local(*onset))
                .property("TZOFFSETFROM", Value::Offset(change.from))
                .property("TZOFFSETTO", Value::Offset(change.to))
                .optional("RRULE", rule.map(Value::Yearly))
                .property("TZNAME", Value::Text(&change.name))
                .property("END", kind);
        }
        lines.property("END", Value::Token("VTIMEZONE"));
        lines.into_string()
    }
}

/// The changes of the clock from the last one at or before `from` on, as long as it takes to know the rules after
/// `until`: when, how, and what the clock showed before.
fn changes(zone: &TimeZone, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Change, DateTime)> {
    let known = TimeZone::UTC.to_datetime(until).date().saturating_add((i32::from(CYCLE) + 2).years());
    let end = TimeZone::UTC.to_timestamp(known.at(0, 0, 0, 0)).unwrap_or(until);
    let before = zone.preceding(from.saturating_add(1.second()).unwrap_or(from));
    // Two years hold the last change of a zone that changes its clocks every year.
    let earliest = from.saturating_sub((24 * 366 * 2).hours()).unwrap_or(from);
    let mut found: Vec<_> =
        before.take_while(|change| change.timestamp() >= earliest).filter_map(|t| change(zone, &t)).take(1).collect();
    let following = zone.following(from).take_while(|change| change.timestamp() < end);
    found.extend(following.filter_map(|t| change(zone, &t)));
    found
}

/// How the clock changes at a transition; none where only what its time is called does.
fn change(zone: &TimeZone, transition: &jiff::tz::TimeZoneTransition<'_>) -> Option<(Timestamp, Change, DateTime)> {
    let at = transition.timestamp();
    let earlier = zone.to_offset_info(at.checked_sub(1.second()).ok()?);
    let (from, to) = (earlier.offset(), transition.offset());
    let seasonal = earlier.dst() != transition.dst();
    // Ireland and Morocco call the season the standard; what programs expect is that daylight time is ahead.
    let change = Change { from, to, daylight: seasonal && to > from, name: Text::line(transition.abbreviation()) };
    (from != to).then(|| (at, change, from.to_datetime(at)))
}

/// The observances of a zone in which every change comes by a rule, beginning with the last before; none where one does
/// not, or where nothing changed before, so that no rule says what the time is until the first change.
fn ruled(changes: &[(Timestamp, Change, DateTime)], last: Option<&(Change, DateTime)>) -> Option<Vec<Observance>> {
    let mut onsets: BTreeMap<&Change, Vec<DateTime>> = BTreeMap::new();
    for (_, change, onset) in changes {
        onsets.entry(change).or_default().push(*onset);
    }
    let observance = |(change, onsets): (&Change, Vec<DateTime>)| {
        let rule = Some(Yearly::of(&onsets)?);
        Some(Observance { change: change.clone(), onset: *onsets.first()?, rule })
    };
    let mut ruled: Vec<_> = onsets.into_iter().map(observance).collect::<Option<_>>()?;
    ruled.sort_by_key(|observance| observance.onset);
    last.is_some().then_some(ruled).filter(|ruled| !ruled.is_empty())
}

/// The time that stands at `from`, as if it always had: what was before is not said.
fn standing(zone: &TimeZone, from: Timestamp) -> Observance {
    let info = zone.to_offset_info(from);
    let offset = info.offset();
    let change = Change { from: offset, to: offset, daylight: false, name: Text::line(info.abbreviation()) };
    let epoch = date(1970, 1, 1).at(0, 0, 0, 0);
    Observance { change, onset: epoch.min(offset.to_datetime(from)), rule: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(name: &str) -> Clocks {
        let at = |text: &str| text.parse().unwrap();
        let zone = TimeZone::get(name).unwrap();
        Clocks::of(&zone, at("2026-03-02T08:00:00Z"), at("2027-01-01T00:00:00Z")).unwrap()
    }

    /// Written by hand: summer time in Poland is from the last Sunday of March, two o'clock, to the last of October, three.
    #[test]
    fn summer_time_is_a_rule_for_each_half_of_the_year() {
        let expected = [
            "BEGIN:VTIMEZONE",
            "TZID:Europe/Warsaw",
            "BEGIN:STANDARD",
            "DTSTART:20251026T030000",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
            "TZNAME:CET",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:20260329T020000",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "TZNAME:CEST",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
            "",
        ];
        assert_eq!(clocks("Europe/Warsaw").vtimezone(), expected.join("\r\n"));
    }

    #[test]
    fn clocks_that_never_change_have_one_time() {
        let expected = "BEGIN:VTIMEZONE\r\nTZID:Asia/Kathmandu\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
            TZOFFSETFROM:+0545\r\nTZOFFSETTO:+0545\r\nTZNAME:+0545\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        assert_eq!(clocks("Asia/Kathmandu").vtimezone(), expected);
        assert_eq!(clocks("Asia/Kathmandu").name(), "Asia/Kathmandu");
        assert!(
            Clocks::of(&TimeZone::fixed(Offset::constant(2)), Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH).is_none()
        );
    }

    #[test]
    fn daylight_time_is_the_one_that_is_ahead_also_where_the_law_calls_it_standard() {
        let dublin = clocks("Europe/Dublin").vtimezone();
        assert!(
            dublin.contains("BEGIN:DAYLIGHT\r\nDTSTART:20260329T010000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n")
        );
    }

    #[test]
    fn only_simple_clocks_are_safe_for_outlook() {
        let safe = |name: &&str| clocks(name).is_outlook_safe();
        let simple = [
            "UTC",
            "Asia/Seoul",
            "Europe/Warsaw",
            "Europe/Dublin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "Pacific/Auckland",
        ];
        assert_eq!(simple.iter().filter(|name| !safe(name)).collect::<Vec<_>>(), Vec::<&&str>::new());
        let others =
            ["Asia/Jerusalem", "Africa/Cairo", "Asia/Gaza", "America/Nuuk", "America/Santiago", "Africa/Casablanca"];
        assert_eq!(others.iter().filter(|name| safe(name)).collect::<Vec<_>>(), Vec::<&&str>::new());
    }

    #[test]
    fn the_same_clocks_give_the_same_bytes() {
        assert_eq!(clocks("Africa/Casablanca").vtimezone(), clocks("Africa/Casablanca").vtimezone());
    }
}
