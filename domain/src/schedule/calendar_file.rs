//! Sessions from somebody else's calendar: what a file would add to a programme, and what it would change.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Details, Kind, Placement};
use crate::{
    Language, Text, Violation,
    access::Visibility,
    calendars::entries::{NotRead, Occurrence},
    external::ExternalId,
    identifier::{Handle, SessionId},
};

/// The partner system under which the UIDs of calendars are kept.
pub const SYSTEM: &str = "icalendar";

/// A calendar of which sessions are to be made. Its address may hold a secret, and does not print itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionCalendar")]
pub struct CalendarInput {
    /// The file as text (iCalendar); or else its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 15, max = 500_000), regex(pattern = "^BEGIN:VCALENDAR"))]
    pub calendar: Option<String>,
    /// Where the file is, `https://` or `webcal://`. It is read once, and the address is kept nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 12, max = 2048), regex(pattern = "^[A-Za-z]+://"))]
    pub url: Option<String>,
    /// What the new sessions are.
    pub kind: Kind,
    /// Their language; left out, the event's main one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The `preview_tag` of what was looked at. Left out, nothing is written and the preview is the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 32, max = 64))]
    pub preview_tag: Option<String>,
}

impl CalendarInput {
    /// Where in it the calendar is.
    pub fn pointer(&self) -> &'static str {
        if self.calendar.is_none() && self.url.is_some() { "/url" } else { "/calendar" }
    }
}

impl fmt::Debug for CalendarInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CalendarInput(***)")
    }
}

crate::words! {
    /// What becomes of an entry.
    #[schemars(rename = "SessionCalendarAction")]
    pub enum Action {
        /// A draft is added.
        Add = "add",
        /// A draft that came from the same entry before is changed.
        Change = "change",
        /// It is there already, and so.
        Same = "same",
        /// Nothing: people were told of the session, and its changes are planned by hand.
        Announced = "announced",
    }
}

/// An entry that is taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SessionCalendarEntry")]
pub struct Taken {
    /// Line of the file on which it begins, from 1.
    pub line: usize,
    /// What becomes of it.
    pub action: Action,
    /// What the session is called.
    pub title: String,
    /// When it sits (UTC).
    pub placement: Placement,
    /// The zone that was understood: an IANA name.
    pub zone: String,
    /// Its id in the calendar: the UID; for one time of something that repeats with when that was meant to be.
    pub external_id: ExternalId,
    /// The session, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
}

/// An entry that is not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SessionCalendarRefusal")]
pub struct Refused {
    /// Line of the file on which it begins, from 1.
    pub line: usize,
    /// Why, as a word.
    pub code: String,
    /// Why, and what to do.
    pub detail: String,
}

/// What a calendar would make of a programme, or made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SessionCalendarImport")]
pub struct Outcome {
    /// Names what was looked at: sent back with the same file it is done, as long as it is still the same.
    pub preview_tag: String,
    /// Whether it was written.
    pub written: bool,
    /// What is taken over, in the order of the file.
    #[schemars(length(max = 500))]
    pub entries: Vec<Taken>,
    /// What is not.
    #[schemars(length(max = 1000))]
    pub refused: Vec<Refused>,
}

impl From<NotRead> for Refused {
    fn from(entry: NotRead) -> Self {
        Self { line: entry.line, code: entry.code.to_owned(), detail: entry.detail.to_owned() }
    }
}

impl Refused {
    /// An entry of which no session can be made.
    pub fn because(line: usize, faults: Vec<Violation>) -> Self {
        let code = faults.first().map_or("invalid", |fault| fault.code).to_owned();
        let detail = faults.into_iter().map(|fault| fault.detail.to_string()).collect::<Vec<_>>().join(" ");
        Self { line, code, detail }
    }
}

/// The id of an entry in its calendar.
pub fn external_id(entry: &Occurrence) -> ExternalId {
    ExternalId { system: SYSTEM.to_owned(), id: entry.uid.clone() }
}

/// What a new session is that an entry asks for: a draft that its planners alone know of.
pub fn details(event: Handle, entry: &Occurrence, (kind, language): (Kind, &Language)) -> Details {
    let said = |text: &str| Text([(language.clone(), text.to_owned())].into_iter().collect());
    Details {
        event_id: event,
        sitting_of: None,
        kind,
        title: said(&entry.title),
        description: entry.description.as_deref().map(said),
        track: None,
        group_id: None,
        joint_group_ids: vec![],
        room_id: None,
        placement: Some(placement(entry)),
        languages: vec![],
        requirements: Default::default(),
        visibility: None::<Visibility>,
        audience_ids: vec![],
        tlp: None,
        external_ids: vec![external_id(entry)],
    }
}

/// What a session becomes that came from the same entry before: all else that was said of it stays.
pub fn merged(current: &Details, entry: &Occurrence, language: &Language) -> Details {
    let mut next = current.clone();
    next.title.0.insert(language.clone(), entry.title.clone());
    if let Some(description) = &entry.description {
        next.description.get_or_insert_default().0.insert(language.clone(), description.clone());
    }
    next.placement = Some(placement(entry));
    next
}

/// When an entry is.
pub fn placement(entry: &Occurrence) -> Placement {
    Placement { start: entry.start.to_string(), end: entry.end.to_string() }
}
