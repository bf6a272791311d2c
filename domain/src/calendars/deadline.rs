//! Entries of deadlines.

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    value::Text,
    vevent::{Class, Days, Entry, Span, Stamp, Status, When},
};
use crate::{
    Language, Text as Translated,
    proceedings::{Clerk, Fact},
};

/// Until when something can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// To the end of this day at the event's place.
    Day(Date),
    /// Up to this instant.
    Instant(Timestamp),
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// To answer the invitation.
    Reply,
    /// To name delegates, without saying why it is late.
    Nomination,
    /// To name delegates at all.
    Confirmation,
    /// To say when one could meet, about what.
    Poll(Translated),
}

/// How long before an instant its entry begins: one that does not last would be dropped or mangled.
const LASTS: SignedDuration = SignedDuration::from_mins(30);

impl Due {
    /// What the UID of its entry says of the row of `id` that it comes from.
    pub fn uid(&self, id: impl std::fmt::Display, domain: &str) -> String {
        let word = match self {
            Self::Reply => "reply",
            Self::Nomination => "nomination",
            Self::Confirmation => "confirmation",
            Self::Poll(_) => "poll",
        };
        format!("deadline-{word}-{id}@{domain}")
    }

    /// The entry of it for `event`, which is called so in `languages`, the best first; none where `by` is no time that
    /// calendars know. It takes nobody's time. `version` is that of its row, of which every change is told.
    pub fn entry(
        &self,
        stamp: Stamp<'_>,
        (version, by): (i32, By),
        (event, class): (&str, Class),
        languages: &[Language],
    ) -> Option<Entry> {
        let english = Language::english();
        let clerk = Clerk::of(languages.first().unwrap_or(&english));
        let mut facts = vec![("event", Fact::Words(event))];
        let message = match self {
            Self::Reply => "deadline-reply",
            Self::Nomination => "deadline-nomination",
            Self::Confirmation => "deadline-confirmation",
            Self::Poll(title) => {
                facts.push(("poll", Fact::Words(title.resolve(languages).map_or("", |(_, title)| title))));
                "deadline-poll"
            }
        };
        let when = match by {
            By::Day(day) => When::WholeDays(Days::new(day, day).ok()?),
            By::Instant(at) => When::Once(Span::new(at.checked_sub(LASTS).ok()?, at).ok()?),
        };
        Some(Entry {
            uid: Text::line(stamp.uid),
            sequence: version.saturating_sub(1),
            created: stamp.created,
            changed: stamp.changed,
            when,
            status: Status::Confirmed,
            takes_time: false,
            summary: Text::line(&clerk.say(message, &facts)),
            location: None,
            position: None,
            description: None,
            url: stamp.page.cloned(),
            categories: vec![],
            class,
        })
    }
}
