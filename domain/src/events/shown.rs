//! What calendars show of an event as a whole: its days.
//!
//! The sessions have entries of their own. That of the event is there before any of them is placed, and tells people
//! which days to keep free.

use super::{Event, State};
use crate::{
    Language, Text,
    calendars::{Class, Days, Detail, Entry, Stamp, Status, Text as Line, When, place},
    identifier::EventId,
};

/// What calendars know an event by. `domain` is configured once and for good.
pub fn uid(id: EventId, domain: &str) -> String {
    format!("event-{id}@{domain}")
}

impl Event {
    /// This event, written in the place of `before`: SEQUENCE is one more whenever calendars have to be told (RFC 5546,
    /// 2.1.4), that is, when its days, its place or its status are others.
    pub fn succeeding(self, before: &Self) -> Self {
        let told = |event: &Self| {
            let details = &event.details;
            (details.starts_on, details.ends_on, event.city(&[]), event.state.shown())
        };
        let sequence = before.sequence.saturating_add(i32::from(told(&self) != told(before)));
        Self { sequence, ..self }
    }

    /// The entry in full detail, in the event's main language; none as long as it is an idea.
    pub fn vevent(&self, stamp: Stamp<'_>) -> Option<String> {
        Some(self.entry(stamp, &[])?.vevent(Detail::Full, &self.details.main_language()))
    }

    /// What calendars show of it, each text in the first of `languages` there is, else in its main one.
    pub fn entry(&self, stamp: Stamp<'_>, languages: &[Language]) -> Option<Entry> {
        let details = &self.details;
        Some(Entry {
            uid: Line::line(stamp.uid),
            sequence: self.sequence,
            created: stamp.created,
            changed: stamp.changed,
            when: When::WholeDays(Days::new(details.starts_on, details.ends_on).ok()?),
            status: self.state.shown()?,
            takes_time: false,
            summary: Line::line(&self.say(&details.title, languages)),
            location: place([self.city(languages).as_str()]),
            position: None,
            description: details.description.as_ref().map(|text| Line::long(&self.say(text, languages))),
            url: stamp.page.cloned(),
            categories: vec![Line::line(&details.kind.words())],
            class: Class::of(details.disclosure().visibility),
        })
    }

    fn city(&self, languages: &[Language]) -> String {
        self.say(&self.details.city.name, languages)
    }

    fn say(&self, text: &Text, languages: &[Language]) -> String {
        let wanted: Vec<_> = languages.iter().cloned().chain([self.details.main_language()]).collect();
        text.resolve(&wanted).map(|(_, words)| words.to_owned()).unwrap_or_default()
    }
}

impl State {
    /// How certain calendars show it; an idea is nobody's appointment.
    fn shown(self) -> Option<Status> {
        match self {
            Self::Idea => None,
            Self::Tentative => Some(Status::Tentative),
            Self::Announced | Self::Running | Self::Closed => Some(Status::Confirmed),
            Self::Cancelled => Some(Status::Cancelled),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::events::Details;

    fn seoul() -> Event {
        let details = serde_json::json!({
            "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting", "pl": "Spotkanie"},
            "city": {"name": {"en": "Seoul", "pl": "Seul"}}, "time_zone": "Asia/Seoul",
            "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en", "pl"],
        });
        Event { details: serde_json::from_value(details).unwrap(), state: State::Announced, sequence: 3 }
    }

    fn stamp(page: Option<&crate::calendars::Uri>) -> Stamp<'_> {
        let at = "2019-09-02T06:00:00Z".parse().unwrap();
        Stamp { uid: "event-1@plenum", created: at, changed: at, page }
    }

    #[test]
    fn calendars_show_the_days_of_an_event_in_its_main_language() {
        let page = crate::calendars::Uri::parse("https://plenum.example/events/1");
        let entry = seoul().vevent(stamp(page.as_ref())).unwrap();
        for line in [
            "SEQUENCE:3",
            "DTSTART;VALUE=DATE:20191007",
            "DTEND;VALUE=DATE:20191009",
            "SUMMARY:Meeting",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
            "CLASS:CONFIDENTIAL",
            "LOCATION:Seoul",
            "DESCRIPTION:https://plenum.example/events/1",
            "URL:https://plenum.example/events/1",
            "CATEGORIES:group meeting",
        ] {
            assert!(entry.contains(&format!("\r\n{line}\r\n")), "{line} in {entry}");
        }
        let polish = [Language::parse("pl").unwrap()];
        let entry = seoul().entry(stamp(None), &polish).unwrap();
        assert_eq!((entry.summary.as_str(), entry.location), ("Spotkanie", Some(Line::line("Seul"))));
    }

    #[test]
    fn an_idea_is_nobodys_appointment_and_what_is_called_off_stays() {
        let in_state = |state| Event { state, ..seoul() }.entry(stamp(None), &[]).map(|entry| entry.status);
        assert_eq!(in_state(State::Idea), None);
        assert_eq!(in_state(State::Tentative), Some(Status::Tentative));
        assert_eq!(in_state(State::Closed), Some(Status::Confirmed));
        assert_eq!(in_state(State::Cancelled), Some(Status::Cancelled));
    }

    #[test]
    fn the_sequence_rises_with_days_place_and_status_and_with_nothing_else() {
        let after = |change: fn(&mut Event)| {
            let mut next = seoul();
            change(&mut next);
            next.succeeding(&seoul()).sequence
        };
        assert_eq!(after(|event| event.details.ends_on = date(2019, 10, 9)), 4);
        assert_eq!(after(|event| event.state = State::Cancelled), 4);
        assert_eq!(
            after(|event| event.details.city = serde_json::from_str(r#"{"name": {"en": "Busan"}}"#).unwrap()),
            4
        );
        // Both are certain.
        assert_eq!(after(|event| event.state = State::Running), 3);
        let renamed =
            |details: &mut Details| details.title = serde_json::from_str(r#"{"en": "Meeting, renamed"}"#).unwrap();
        let mut next = seoul();
        renamed(&mut next.details);
        assert_eq!(next.succeeding(&seoul()).sequence, 3);
    }
}
