//! Entries that are rendered when they are asked for.

use std::collections::HashSet;

use domain::{
    Language,
    access::{Tlp, Visibility},
    calendars::{By, Class, Detail, Entry, Stamp},
    events::{self, Event},
    identifier::{EventId, SessionId},
    schedule::{self, Setting, Sitting},
};

use super::store::Deadline;
use uuid::Uuid;

use crate::{
    context::App,
    db::{Visible, reference},
    error::Error,
    events::{
        page,
        sittings::{Settings, event_of},
    },
};

/// How entries are wanted.
pub(super) struct Wanted<'a> {
    /// How much of each.
    pub detail: Detail,
    /// In this language; otherwise in that of each event.
    pub language: Option<&'a Language>,
    /// Groups whose amber sessions are shown as any other.
    pub open: HashSet<Uuid>,
    /// Minutes before each session at which the program reminds.
    pub alarm: Option<u16>,
    /// The sessions at which the subscriber has to be.
    pub expected: HashSet<Uuid>,
}

/// An entry, with what the entries of a feed are ordered by: its start, then the id.
type Ordered = ((String, Uuid), String);

/// The entries of events, of their sessions and of `dates`, in the order of a feed.
pub(super) fn vevents(
    app: &App,
    (events, sessions, dates): (&[Visible<Event>], &[Visible<Sitting>], Vec<Ordered>),
    settings: &Settings,
    wanted: &Wanted<'_>,
) -> Result<Vec<String>, Error> {
    let mut entries = Vec::with_capacity(events.len() + sessions.len() + dates.len());
    entries.extend(dates);
    for event in events {
        entries.extend(wanted.event(app, event).map(|entry| ((event.content.details.sort_key(), event.id), entry)));
    }
    for session in sessions {
        let entry = wanted.session(app, session, settings.of(&session.content)?)?;
        entries.extend(entry.map(|entry| ((session.content.sort_key(), session.id), entry)));
    }
    entries.sort_by(|(key, _), (other, _)| key.cmp(other));
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

impl Wanted<'_> {
    /// The entries of the deadlines of an event, which take nobody's time: where only that may be known nothing is left.
    pub(super) fn deadlines(&self, app: &App, event: &Visible<Event>, deadlines: Vec<Deadline>) -> Vec<Ordered> {
        if self.detail == Detail::BusyOnly {
            return vec![];
        }
        let language = self.language_of(&event.content);
        let languages: Vec<_> = [language.clone()].into_iter().chain(event.content.details.languages.clone()).collect();
        let title = event.content.details.title.resolve(&languages).map_or("", |(_, title)| title);
        let class = Class::of(event.content.details.disclosure().visibility.max(Visibility::Participants));
        let page = page(app, event.id);
        let entry = |deadline: Deadline| {
            let uid = deadline.due.uid(deadline.id, &app.config.uid_domain);
            let Deadline { due, by, version, created, changed, id } = deadline;
            let stamp = Stamp { uid: &uid, created, changed, page: page.as_ref() };
            let entry = due.entry(stamp, (version, by), (title, class), &languages)?;
            let key = match by {
                By::Day(day) => day.to_string(),
                By::Instant(at) => at.to_string(),
            };
            Some(((key, id), entry.vevent_with(self.detail, &language, self.alarm)))
        };
        deadlines.into_iter().filter_map(entry).collect()
    }

    /// Whole days take nobody's time, so where only that may be known nothing is left of them.
    fn event(&self, app: &App, event: &Visible<Event>) -> Option<String> {
        if self.detail == Detail::BusyOnly {
            return None;
        }
        let (uid, page) = (events::uid(EventId(event.id), &app.config.uid_domain), page(app, event.id));
        let stamp = Stamp { uid: &uid, created: event.created_at, changed: event.changed_at, page: page.as_ref() };
        let language = self.language_of(&event.content);
        Some(event.content.entry(stamp, std::slice::from_ref(&language))?.vevent(self.detail, &language))
    }

    fn session(&self, app: &App, session: &Visible<Sitting>, setting: Setting<'_>) -> Result<Option<String>, Error> {
        let uid = schedule::uid(SessionId(session.id), &app.config.uid_domain);
        let page = page(app, event_of(&session.content)?);
        let stamp = Stamp { uid: &uid, created: session.created_at, changed: session.changed_at, page: page.as_ref() };
        let language = self.language_of(setting.event);
        let entry = session.content.entry(setting, stamp, std::slice::from_ref(&language));
        let restricted = session.content.details.disclosure().tlp == Tlp::Amber
            && group_of(&session.content, setting).is_none_or(|group| !self.open.contains(&group));
        Ok(entry.map(|entry| {
            let entry = if restricted { entry.restricted(&language) } else { entry };
            let entry = Entry { takes_time: self.expected.contains(&session.id) || entry.takes_time, ..entry };
            entry.vevent_with(self.detail, &language, self.alarm)
        }))
    }

    fn language_of(&self, event: &Event) -> Language {
        self.language.cloned().unwrap_or_else(|| event.details.main_language())
    }
}

/// The group that sits: the session's own, else that of its event.
pub(super) fn group_of(sitting: &Sitting, setting: Setting<'_>) -> Option<Uuid> {
    reference(sitting.details.group_id.as_ref().or(setting.event.details.group_id.as_ref()))
}
