//! What an item of an agenda is made of.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ItemState, Leg, Period, Refusal, state::after};
use crate::{
    Check, Text, Violation,
    identifier::{AgendaItemId, Handle, SessionId},
    language::check_line,
    schedule::clashes,
    time::WallTime,
};

/// The longest an item is planned to take, in minutes: a week, as the longest session.
const LONGEST: u16 = 7 * 24 * 60;

/// The most documents an item has.
const MOST_DOCUMENTS: usize = 50;

crate::words! {
    /// What an item is for.
    #[schemars(rename = "AgendaItemKind")]
    pub enum Kind {
        /// Opening, organisation of work, closing.
        Procedural = "procedural",
        /// The meeting is told something.
        Information = "information",
        /// The meeting talks about something.
        Discussion = "discussion",
        /// The meeting decides.
        Decision = "decision",
        /// The meeting elects somebody.
        Election = "election",
        /// The meeting adopts a text.
        Adoption = "adoption",
        /// What nobody has put on the agenda before.
        AnyOtherBusiness = "any_other_business",
    }
}

impl Kind {
    /// Whether something is decided, adopted or somebody elected.
    pub fn decides(self) -> bool {
        matches!(self, Self::Decision | Self::Election | Self::Adoption)
    }
}

crate::words! {
    /// Who sees an item, from the widest circle to the narrowest.
    #[derive(Default)]
    #[schemars(rename = "AgendaItemVisibility")]
    pub enum Visibility {
        /// Whoever sees the session.
        #[default]
        Common = "common",
        /// Those who run the event. It takes its time of the sitting.
        Internal = "internal",
        /// The same, and it is not on the agenda yet: it takes no time and is not opened.
        Hidden = "hidden",
    }
}

/// A document that an item needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AgendaDocument")]
pub struct Document {
    /// What it is called.
    pub title: Text,
    /// What it is cited by, such as `WP/2019/CYB/3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub symbol: Option<String>,
    /// The last day on which it has to be there, by the calendar of the event's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The day on which it was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<Date>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2000), regex(pattern = r"^https?://[^\s]+$"))]
    pub url: Option<String>,
}

/// What is said of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AgendaItemDetails")]
pub struct Details {
    /// What it is called.
    pub title: Text,
    /// What it is for.
    pub kind: Kind,
    /// Who sees it; no more than see the item above it.
    #[serde(default)]
    pub visibility: Visibility,
    /// The item above it, of the same session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<Handle>,
    /// Which it is among the items below the same one, from 1, as the caller sees them. Left out, a new item or one that
    /// moves below another comes last, and any other stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 500))]
    pub position: Option<u16>,
    /// A number given by hand, in the place of the one that is counted. For common items only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20))]
    pub manual_number: Option<String>,
    /// How many minutes it is planned to take, without the items below it.
    #[serde(default)]
    #[schemars(range(max = 10080))]
    pub planned_minutes: u16,
    /// What has to be on the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub documents: Vec<Document>,
    /// The person who introduces it; shown to those who may see the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_person_id: Option<Handle>,
    /// The organisation that introduces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_organisation_id: Option<Handle>,
    /// What shall come of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_outcome: Option<Text>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Text>,
}

/// An item as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What is said of it, without its position.
    #[serde(flatten)]
    pub details: Details,
    /// The session.
    pub session_id: SessionId,
    /// The number it has for good, once the agenda is adopted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where it stands.
    pub state: ItemState,
    /// When it was dealt with.
    pub periods: Vec<Period>,
    /// Orders it among its siblings.
    #[serde(skip)]
    pub rank: i32,
}

/// An item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AgendaItem")]
pub struct ItemShown {
    /// What is said of it.
    #[serde(flatten)]
    pub details: Details,
    /// The session.
    pub session_id: SessionId,
    /// Its number, such as `3`, `3.1` or `3 bis`; once the agenda is adopted, for good. None where not everybody sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How many items are above it.
    pub depth: usize,
    /// Where it stands.
    pub state: ItemState,
    /// When it was first opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<WallTime>,
    /// When it was closed, or put off after it had been opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<WallTime>,
}

impl Document {
    fn check(&self, pointer: &str, check: &mut Check) {
        check.take(self.title.check(&format!("{pointer}/title"), 300));
        if let Some(symbol) = &self.symbol {
            check.take(check_line(symbol, &format!("{pointer}/symbol"), 100));
        }
        let address = self.url.as_deref().unwrap_or("https://x");
        let after = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        let fits = after.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace));
        check.require(
            fits && address.len() <= 2000 && !address.contains(char::is_control),
            &format!("{pointer}/url"),
            "invalid_url",
            "Give an address that begins with https:// or http:// and has at most 2000 characters.",
        );
    }
}

impl Details {
    /// Everything that is wrong with it by itself.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(self.title.check("/title", 500));
        for (text, pointer) in [(&self.expected_outcome, "/expected_outcome"), (&self.outcome, "/outcome")] {
            if let Some(text) = text {
                check.take(text.check(pointer, 10_000));
            }
        }
        if let Some(number) = &self.manual_number {
            check.take(check_line(number, "/manual_number", 20));
        }
        let minutes = "An item takes a week at most.";
        check.require(self.planned_minutes <= LONGEST, "/planned_minutes", "too_long", minutes);
        let position = "Positions are 1 to 500.";
        check.require(self.position.is_none_or(|at| at > 0), "/position", "out_of_range", position);
        let documents = "Name at most 50 documents.";
        check.require(self.documents.len() <= MOST_DOCUMENTS, "/documents", "too_many", documents);
        for (at, document) in self.documents.iter().enumerate() {
            document.check(&format!("/documents/{at}"), &mut check);
        }
        check.finish()
    }

    /// The same below `parent`, which an item does not stand out from.
    pub fn check_below(&self, parent: Option<&Self>) -> Result<(), Violation> {
        match parent {
            Some(parent) if self.visibility < parent.visibility => {
                let seen = parent.visibility;
                let detail = format!("The item above it is {seen}. Let this one be so too, or open that one first.");
                Err(Violation::new("/visibility", "wider_than_parent", detail))
            }
            _ => Ok(()),
        }
    }
}

impl Item {
    /// A new item of a session, which is to be given its rank, and its number where the agenda is adopted.
    pub fn new(details: Details, session: SessionId) -> Self {
        Self {
            details: Details { position: None, ..details },
            session_id: session,
            number: None,
            state: ItemState::default(),
            periods: vec![],
            rank: 0,
        }
    }

    /// This item after a step at `now`.
    pub fn stepped(&self, to: ItemState, now: Timestamp) -> Result<Self, Refusal> {
        let state = self.state.step(to)?;
        if state == ItemState::Open && self.details.visibility == Visibility::Hidden {
            return Err(Refusal::Hidden);
        }
        Ok(Self { state, periods: after(&self.periods, state, now), ..self.clone() })
    }

    /// As far as time depends on it; nothing of what is hidden.
    pub fn leg(&self, id: AgendaItemId) -> Option<Leg> {
        (self.details.visibility != Visibility::Hidden).then(|| Leg {
            id,
            state: self.state,
            minutes: self.details.planned_minutes,
            periods: self.periods.clone(),
        })
    }

    /// As the rules about clashes look at it, in a session on `day`; nothing of what takes no part of the sitting.
    pub fn for_rules(&self, day: Option<Date>) -> Option<clashes::Item> {
        if self.details.visibility == Visibility::Hidden || self.state.has_left() {
            return None;
        }
        let due = self.details.documents.iter().filter_map(|document| Some((document.due_on?, document.received_on)));
        let documents = due.zip(std::iter::repeat(day)).filter_map(|((due_on, provided_on), day)| {
            let days = due_on.until(day?).ok()?.get_days().max(0);
            Some(clashes::Document { days_before: u16::try_from(days).unwrap_or(u16::MAX), provided_on })
        });
        Some(clashes::Item {
            minutes: self.details.planned_minutes.into(),
            decides: self.details.kind.decides(),
            votes: self.details.kind == Kind::Election,
            documents: documents.collect(),
        })
    }

    /// The item as answers give it, by the clocks of `zone`.
    pub fn present(self, place: (usize, usize), number: Option<String>, zone: &TimeZone) -> ItemShown {
        let (depth, position) = place;
        let wall = |at: Timestamp| WallTime {
            local: crate::time::local(at, zone),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            utc: at,
        };
        let done = matches!(self.state, ItemState::Closed | ItemState::Deferred);
        let ended = self.periods.last().and_then(|last| last.to).filter(|_| done);
        ItemShown {
            session_id: self.session_id,
            number: self.number.or(number),
            depth,
            state: self.state,
            started: self.periods.first().map(|first| wall(first.from)),
            ended: ended.map(wall),
            details: Details { position: u16::try_from(position).ok(), ..self.details },
        }
    }
}
