//! The entry of a session, or of an event as a whole (VEVENT; RFC 5545, 3.6.1).

use jiff::{RoundMode, Timestamp, TimestampRound, ToSpan, Unit, civil::Date};

use super::{
    content_line::{Lines, Value},
    detail::{self, Detail},
    value::{ParamValue, Position, Text, Uri},
};
use crate::{Language, Violation, access::Visibility};

/// What a calendar shows of one session or event.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `<kind>-<uuid>@<domain>`: the same in every feed and for the whole life of the session, also when it moves.
    /// A new one makes a second entry in the subscriber's calendar.
    pub uid: Text,
    /// From 0; rises by one whenever time, place or status change (RFC 5546, 2.1.4). INTEGER has 32 bits with a sign.
    pub sequence: i32,
    /// When the session was entered.
    pub created: Timestamp,
    /// When it was last changed. It is also the DTSTAMP, as RFC 5545 (3.8.7.2) has it for calendars without METHOD.
    pub changed: Timestamp,
    /// When it takes place.
    pub when: When,
    /// How certain it is.
    pub status: Status,
    /// Whether it takes up the subscriber's time. True in the feed of somebody who attends; false in feeds of a group
    /// or event, which would otherwise fill everybody's free time with other people's meetings.
    pub takes_time: bool,
    /// The title, in the language of the feed.
    pub summary: Text,
    /// The place as people write it: see [`place`].
    pub location: Option<Text>,
    /// The place on the map.
    pub position: Option<Position>,
    /// Plain text.
    pub description: Option<Text>,
    /// The page of the session. It is repeated at the end of the description because some programs hide it.
    pub url: Option<Uri>,
    /// The group, the track, the kind of session.
    pub categories: Vec<Text>,
    /// A hint to the subscriber's program; it protects nothing.
    pub class: Class,
}

/// What an entry says of the row it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// See [`Entry::uid`].
    pub uid: &'a str,
    /// When the row was entered.
    pub created: Timestamp,
    /// When it was last written.
    pub changed: Timestamp,
    /// The page that says more.
    pub page: Option<&'a Uri>,
}

/// When an entry takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A single session, written in UTC: no program can then mistake its zone.
    Once(Span),
    /// Whole days, the same everywhere; never takes up the subscriber's time.
    WholeDays(Days),
}

/// From one instant to a later one, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: Timestamp,
    end: Timestamp,
}

impl Span {
    /// Refused unless the end is at least one second later: calendars drop or mangle entries that do not last.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, Violation> {
        let (start, end) = (to_the_second(start), to_the_second(end));
        if start < end { Ok(Self { start, end }) } else { Err(ends_too_early()) }
    }
}

/// Whole days, the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    first: Date,
    /// The day after the last (RFC 5545, 3.6.1: DTEND is not part of the event).
    end: Date,
}

impl Days {
    /// From the first to the last day; refused when the last lies before the first.
    pub fn new(first: Date, last: Date) -> Result<Self, Violation> {
        let end = last.checked_add(1.day()).map_err(|_| ends_too_early())?;
        if first < end { Ok(Self { first, end }) } else { Err(ends_too_early()) }
    }
}

/// How certain an entry is (RFC 5545, 3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Planned, not yet announced as certain.
    Tentative,
    /// It takes place.
    Confirmed,
    /// It does not take place; subscribers still see that it was planned.
    Cancelled,
}

impl Status {
    pub(super) fn as_token(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Confirmed => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// Whom the entry is meant for (RFC 5545, 3.8.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Anybody.
    Public,
    /// The subscriber.
    Private,
    /// Those who were told.
    Confidential,
}

impl Class {
    /// That of an object with this visibility.
    pub fn of(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public => Self::Public,
            Visibility::SignedIn | Visibility::Participants | Visibility::Members => Self::Private,
            Visibility::Parties | Visibility::OwnDelegation | Visibility::Named => Self::Confidential,
            Visibility::Chairs | Visibility::Secretariat => Self::Confidential,
        }
    }

    pub(super) fn as_token(self) -> &'static str {
        match self {
            Self::Public => "PUBLIC",
            Self::Private => "PRIVATE",
            Self::Confidential => "CONFIDENTIAL",
        }
    }
}

/// "Room, Venue, City", as far as they are known. A venue that names its city is not followed by it once more.
pub fn place<'a>(parts: impl IntoIterator<Item = &'a str>) -> Option<Text> {
    let mut known: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    known.dedup_by(|part, before| {
        before.strip_suffix(*part).is_some_and(|rest| rest.is_empty() || rest.ends_with(", "))
    });
    (!known.is_empty()).then(|| Text::line(&known.join(", ")))
}

impl Entry {
    /// What is left of it in calendars that its label keeps the rest out of: that the time is taken.
    pub fn restricted(self, language: &Language) -> Self {
        Self {
            summary: Text::line(detail::restricted(language)),
            takes_time: true,
            location: None,
            position: None,
            description: None,
            url: None,
            categories: vec![],
            ..self
        }
    }

    /// The finished VEVENT, to be stored and put into feeds by [`Calendar::assemble`](super::Calendar::assemble).
    pub fn vevent(&self, detail: Detail, language: &Language) -> String {
        self.vevent_with(detail, language, None)
    }

    /// The same, with a reminder so many minutes before it. What was called off and what lasts whole days has none.
    pub fn vevent_with(&self, detail: Detail, language: &Language, alarm: Option<u16>) -> String {
        let mut lines = Lines::default();
        lines
            .property("BEGIN", Value::Token("VEVENT"))
            .property("UID", Value::Text(&self.uid))
            .property("DTSTAMP", Value::Instant(self.changed))
            .property("CREATED", Value::Instant(self.created))
            .property("LAST-MODIFIED", Value::Instant(self.changed))
            .property("SEQUENCE", Value::Integer(self.sequence));
        self.write_when(&mut lines);
        lines
            .property("SUMMARY", Value::Text(&self.title(detail, language)))
            .property("STATUS", Value::Token(self.status.as_token()))
            .property("TRANSP", Value::Token(self.transparency(detail)))
            .property("CLASS", Value::Token(self.class.as_token()));
        if detail == Detail::Full {
            self.write_particulars(&mut lines);
        }
        let reminds = self.status != Status::Cancelled && matches!(self.when, When::Once(_));
        if let Some(minutes) = alarm.filter(|_| reminds) {
            self.write_alarm(&mut lines, minutes, &self.title(detail, language));
        }
        lines.property("END", Value::Token("VEVENT"));
        lines.into_string()
    }

    /// A reminder (VALARM; RFC 5545, 3.6.6, with the UID of RFC 9074, so that one that was dismissed stays so).
    fn write_alarm(&self, lines: &mut Lines, minutes: u16, title: &Text) {
        let uid = Text::line(&format!("alarm-{}", self.uid.as_str()));
        lines
            .property("BEGIN", Value::Token("VALARM"))
            .property("UID", Value::Text(&uid))
            .property("ACTION", Value::Token("DISPLAY"))
            .property("DESCRIPTION", Value::Text(title))
            .property("TRIGGER", Value::MinutesBefore(minutes))
            .property("END", Value::Token("VALARM"));
    }

    pub(super) fn write_when(&self, lines: &mut Lines) {
        match self.when {
            When::Once(span) => {
                lines.property("DTSTART", Value::Instant(span.start)).property("DTEND", Value::Instant(span.end));
            }
            When::WholeDays(days) => {
                let date = [("VALUE", ParamValue::new("DATE"))];
                lines.property_with("DTSTART", &date, Value::Day(days.first)).property_with(
                    "DTEND",
                    &date,
                    Value::Day(days.end),
                );
            }
        }
    }

    pub(super) fn write_particulars(&self, lines: &mut Lines) {
        let description = match (self.description.clone(), &self.url) {
            (description, Some(url)) => Some(description.unwrap_or_default().followed_by(url)),
            (description, None) => description,
        };
        lines
            .optional("LOCATION", self.location.as_ref().map(Value::Text))
            .optional("GEO", self.position.map(Value::Position))
            .optional("DESCRIPTION", description.as_ref().map(Value::Text))
            .optional("URL", self.url.as_ref().map(Value::Uri))
            .optional("CATEGORIES", (!self.categories.is_empty()).then_some(Value::Texts(&self.categories)));
    }

    fn title(&self, detail: Detail, language: &Language) -> Text {
        let title = match detail {
            Detail::BusyOnly => detail::busy(language),
            Detail::Full | Detail::TitleOnly => self.summary.as_str(),
        };
        match self.status {
            Status::Cancelled => Text::line(&format!("{}{title}", detail::cancelled(language))),
            Status::Tentative | Status::Confirmed => Text::line(title),
        }
    }

    /// A busy-only entry that took no time would say nothing at all, so it always does.
    fn transparency(&self, detail: Detail) -> &'static str {
        let can_take_time = self.status != Status::Cancelled && matches!(self.when, When::Once(_));
        let takes_time = can_take_time && (self.takes_time || detail == Detail::BusyOnly);
        if takes_time { "OPAQUE" } else { "TRANSPARENT" }
    }
}

fn to_the_second(at: Timestamp) -> Timestamp {
    let seconds = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    // Rounding fails only at the far ends of the calendar, where the instant is written by its second anyway.
    at.round(seconds).unwrap_or(at)
}

fn ends_too_early() -> Violation {
    Violation::new("/end", "ends_before_start", "Give an end that is later than the start.")
}
