//! A session as it is stored, and how a write changes it.

use serde::Serialize;

use super::{Details, Refusal, Session, Setting, Shown, Slot, State, Transition};
use crate::{
    Language, Violation,
    access::{Disclosure, Tlp},
    calendars::{Class, Detail, Entry, Span, Stamp, Text, When},
    events::{Event, Room},
    identifier::SessionId,
    time,
};

/// A session as it is stored: what is said of it, and what follows from that and from its life so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sitting {
    /// What is said of it, in its final form.
    #[serde(flatten)]
    pub details: Details,
    /// What people call it within its event.
    pub number: i32,
    /// Where it stands.
    pub state: State,
    /// Whether it ever stood in the programme that people were told of. Until then it is the planners' own affair.
    pub announced: bool,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// SEQUENCE.
    pub sequence: i32,
    /// When it sits: the placement as times.
    #[serde(skip)]
    pub slot: Option<Slot>,
}

/// What calendars know a session by. `domain` is configured once and for good.
pub fn uid(id: SessionId, domain: &str) -> String {
    format!("session-{id}@{domain}")
}

impl Sitting {
    /// A new session of `event`.
    pub fn new(mut details: Details, number: i32, event: &Event) -> Result<Self, Vec<Violation>> {
        let slot = details.settle(event, None)?;
        let state = State::default();
        Ok(Self { details, number, state, announced: false, cancel_reason: None, sequence: 0, slot })
    }

    /// This session with other details. Only a changed placement is read again: an event may have moved its days away
    /// from a session that stayed.
    pub fn edited(&self, mut details: Details, event: &Event) -> Result<Self, Vec<Violation>> {
        let same = details.placement == self.details.placement;
        let placement = if same { details.placement.take() } else { None };
        let slot = details.settle(event, Some(&self.details))?;
        if same {
            details.placement = placement;
            return Ok(Self { details, ..self.clone() });
        }
        let state = if slot.is_some() { Some(self.state) } else { self.state.unplaced() };
        let state = state.ok_or_else(|| {
            let detail = "The session was held; when that was is a fact. Correct its time, but do not take it away.";
            vec![Violation::new("/placement", "session_was_held", detail)]
        })?;
        Ok(Self { details, state, slot, ..self.clone() })
    }

    /// This session after a step.
    pub fn stepped(&self, transition: &Transition) -> Result<Self, Refusal> {
        let state = self.state.step(transition.to, self.slot.is_some())?;
        let announced = self.announced || state == State::Scheduled;
        Ok(Self { state, announced, cancel_reason: transition.reason.clone(), ..self.clone() })
    }

    /// Who may see it as it stands, and its label.
    pub fn disclosure(&self) -> Disclosure {
        self.details.disclosure_as_it_stands(self.announced)
    }

    /// This session in its event as it is now: the same time on the wall of perhaps another zone, and seen by no more
    /// than those who see the event, nor with a wider label. A pointer of a fault is one of the event.
    pub fn following(&self, event: &Event) -> Result<Self, Violation> {
        let mut next = self.clone();
        let number = self.number;
        if let Some(code) = &self.details.track {
            let Some(track) = event.details.track(code) else {
                let detail = format!("Session {number} is in the track '{code}'. Move it to another track first.");
                return Err(Violation::new("/tracks", "track_in_use", detail));
            };
            next.details.track = Some(track.code.clone());
        }
        let (own, around) = (self.details.disclosure(), event.details.disclosure());
        next.details.visibility = Some(own.visibility.inside(around.visibility));
        next.details.tlp = Some(own.tlp.max(around.tlp));
        next.rederived(event)
    }

    /// This session with the instants that its time on the wall stands for by the rules that the zone of its event has
    /// now: itself, unless they changed.
    pub fn rederived(&self, event: &Event) -> Result<Self, Violation> {
        let Some(slot) = self.slot else { return Ok(self.clone()) };
        let zone = time::zone(&event.details.time_zone, "/time_zone")?;
        let next = slot.in_zone(&zone, "/time_zone").map_err(|fault| Violation {
            detail: format!("Session {}: {} Or move the session first.", self.number, fault.detail),
            ..fault
        })?;
        if next == slot {
            return Ok(self.clone());
        }
        let details = Details { placement: Some(next.placement()), ..self.details.clone() };
        Ok(Self { details, slot: Some(next), ..self.clone() })
    }

    /// How many minutes it sits: in its slot, else as it is meant to; 0 where neither is known.
    pub fn minutes(&self) -> u32 {
        let slot = self.slot.map(|slot| slot.ends_at.duration_since(slot.starts_at).as_mins());
        let planned = self.details.requirements.planned_minutes.map(i64::from);
        slot.or(planned).and_then(|minutes| u32::try_from(minutes).ok()).unwrap_or_default()
    }

    /// What lists are ordered by: the instant of the start, then the number; unplaced sessions last.
    pub fn sort_key(&self) -> String {
        let start = self.slot.map_or_else(|| "unplaced".to_owned(), |slot| slot.starts_at.to_string());
        format!("{start} {:06}", self.number)
    }

    /// The session as answers give it, with its place in the first of `languages` there is.
    pub fn present(self, id: SessionId, domain: &str, setting: Setting<'_>, languages: &[Language]) -> Session {
        self.presented(id, domain, &setting.event.details.time_zone, setting.location(languages))
    }

    /// The same in an event of this zone, at this place.
    pub fn presented(self, id: SessionId, domain: &str, zone: &str, location: Option<String>) -> Session {
        Session {
            number: self.number,
            state: self.state,
            announced: self.announced,
            cancel_reason: self.cancel_reason,
            sequence: self.sequence,
            uid: uid(id, domain),
            start: self.slot.map(|slot| slot.start(zone)),
            end: self.slot.map(|slot| slot.end(zone)),
            location,
            details: self.details,
        }
    }

    /// The calendar entry in full detail, in the event's main language; none without a placement.
    pub fn vevent(&self, setting: Setting<'_>, stamp: Stamp<'_>) -> Option<String> {
        let language = setting.event.details.main_language();
        Some(self.entry(setting, stamp, &[])?.vevent(Detail::Full, &language))
    }

    /// What stands in calendars instead where the session's group lets nothing amber into them; only what is amber has
    /// that.
    pub fn restricted_vevent(&self, setting: Setting<'_>, stamp: Stamp<'_>) -> Option<String> {
        if self.details.disclosure().tlp != Tlp::Amber {
            return None;
        }
        let language = setting.event.details.main_language();
        Some(self.entry(setting, stamp, &[])?.restricted(&language).vevent(Detail::Full, &language))
    }

    /// What calendars show of it, each text in the first of `languages` there is, else in the event's main language;
    /// none without a placement.
    pub fn entry(&self, setting: Setting<'_>, stamp: Stamp<'_>, languages: &[Language]) -> Option<Entry> {
        let slot = self.slot?;
        let span = Span::new(slot.starts_at, slot.ends_at).ok()?;
        let wanted: Vec<_> = languages.iter().cloned().chain([setting.event.details.main_language()]).collect();
        let say = |text: &crate::Text| text.resolve(&wanted).map(|(_, words)| words.to_owned()).unwrap_or_default();
        let track = self.details.track.as_ref().and_then(|code| setting.event.details.track(code));
        Some(Entry {
            uid: Text::line(stamp.uid),
            sequence: self.sequence,
            created: stamp.created,
            changed: stamp.changed,
            when: When::Once(span),
            status: Shown::of(self, setting).status,
            // Feeds of an event or group tell what is on; they do not take up the time of all who subscribe.
            takes_time: false,
            summary: Text::line(&say(&self.details.title)),
            location: setting.location(languages).as_deref().map(Text::line),
            position: setting.room.and_then(Room::shown_at),
            description: self.details.description.as_ref().map(|text| Text::long(&say(text))),
            url: stamp.page.cloned(),
            categories: [track.map(|track| say(&track.title)), Some(self.details.kind.words())]
                .into_iter()
                .flatten()
                .map(|category| Text::line(&category))
                .collect(),
            class: Class::of(self.details.disclosure().visibility),
        })
    }
}
