//! What calendars show of a session, and what a change of it means to them.

use jiff::Timestamp;

use super::{Sitting, State};
use crate::{
    Language,
    calendars::{Status, place},
    events::{Event, Room, State as EventState},
    identifier::Handle,
};

/// What a session takes from its event and from its room.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Its event.
    pub event: &'a Event,
    /// Its room, if it has one.
    pub room: Option<&'a Room>,
}

impl Setting<'_> {
    /// Room, venue and city on one line, in the first of `languages` there is, else in the event's main language.
    pub fn location(&self, languages: &[Language]) -> Option<String> {
        let details = &self.event.details;
        let languages: Vec<_> = languages.iter().cloned().chain([details.main_language()]).collect();
        let room = self.room.map(|room| room.place(&languages)).unwrap_or_default();
        let city = details.city.name.resolve(&languages).map(|(_, name)| name);
        place(room.into_iter().chain(city)).map(|place| place.as_str().to_owned())
    }

    /// Whether sessions read otherwise in `other`, though nothing was said of them themselves.
    pub fn differs_from(&self, other: &Self) -> bool {
        let of_event = |setting: &Self| {
            let details = &setting.event.details;
            let state = (setting.event.state.is_certain(), setting.event.state == EventState::Cancelled);
            (details.main_language(), details.city.name.clone(), details.tracks.clone(), state)
        };
        let of_room = |setting: &Self| {
            let read = |room: &Room| (room.name.clone(), room.venue.clone(), room.public_label.clone());
            setting.room.map(|room| (read(room), room.position.clone()))
        };
        of_event(self) != of_event(other) || of_room(self) != of_room(other)
    }
}

/// What of a session calendars have to be told about when it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The instants of start and end.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Its room; two rooms may read the same.
    pub room: Option<Handle>,
    /// Its place as calendars show it.
    pub location: Option<String>,
    /// How certain it is.
    pub status: Status,
}

/// What a write did to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// It is called off.
    Cancelled,
    /// It took place.
    Held,
    /// People are told of it for the first time.
    Announced,
    /// It sits at another time or place than it did.
    Moved,
    /// Anything else.
    Updated,
}

impl Happening {
    /// The kind of change the change feed tells.
    pub fn change_kind(self) -> &'static str {
        match self {
            Self::Cancelled => "session.cancelled",
            Self::Held => "session.held",
            Self::Announced => "session.announced",
            Self::Moved => "session.moved",
            Self::Updated => "session.updated",
        }
    }
}

impl Shown {
    /// What calendars show of `sitting` in `setting`.
    pub fn of(sitting: &Sitting, setting: Setting<'_>) -> Self {
        Self {
            span: sitting.slot.map(|slot| (slot.starts_at, slot.ends_at)),
            room: sitting.details.room_id.clone(),
            location: setting.location(&[]),
            status: status(sitting.state, setting.event.state),
        }
    }

    /// The SEQUENCE after a write that made this of `before`: one more whenever calendars have to be told
    /// (RFC 5546, 2.1.4; location too, because some programs look at nothing else).
    pub fn sequence_after(&self, before: &Self, sequence: i32) -> i32 {
        if self == before { sequence } else { sequence.saturating_add(1) }
    }

    /// Whether the write that made this of `before` moved the session. What had no time has not moved when it gets one.
    fn moved_from(&self, before: &Self) -> bool {
        let place = |shown: &Self| (shown.span, shown.room.clone(), shown.location.clone());
        before.span.is_some() && place(self) != place(before)
    }
}

impl Sitting {
    /// What a write did that put this session, now in `setting`, in the place of `before`. Gives this session with its
    /// SEQUENCE.
    pub fn succeeding(self, setting: Setting<'_>, before: &Self, setting_before: Setting<'_>) -> (Self, Happening) {
        let (shown, shown_before) = (Shown::of(&self, setting), Shown::of(before, setting_before));
        let sequence = shown.sequence_after(&shown_before, before.sequence);
        let happening = if self.announced && !before.announced {
            Happening::Announced
        } else if shown.status == Status::Cancelled && shown_before.status != Status::Cancelled {
            Happening::Cancelled
        } else if self.state == State::Held && before.state != State::Held {
            Happening::Held
        } else if shown.moved_from(&shown_before) {
            Happening::Moved
        } else {
            Happening::Updated
        };
        (Self { sequence, ..self }, happening)
    }
}

/// What was held stays held, whatever becomes of the event; what was not falls with it. Nothing is more certain than
/// its event.
fn status(session: State, event: EventState) -> Status {
    match (session, event) {
        (State::Held, _) => Status::Confirmed,
        (State::Cancelled, _) | (_, EventState::Cancelled) => Status::Cancelled,
        (State::Scheduled, event) if event.is_certain() => Status::Confirmed,
        (State::Draft | State::Scheduled, _) => Status::Tentative,
    }
}
