//! What is said of a room besides the sessions in it: kept for somebody, asked for, closed.
//!
//! A session that is scheduled in a room has the room: its placement is the booking, and there is no other record of
//! it. What is here says who else may not have the room, and who was promised it.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Placement, Slot};
use crate::{
    Check, Violation,
    identifier::{Handle, RoomId},
    language::check_line,
    moment::Moment,
    time::{self, WallTime},
};

/// The longest booking: a renovation.
const LONGEST: SignedDuration = SignedDuration::from_hours(400 * 24);

crate::words! {
    /// What a booking is.
    #[schemars(rename = "RoomBookingKind")]
    pub enum BookingKind {
        /// Keeps the room until it expires.
        Hold = "hold",
        /// Asks for the room; once approved, it keeps it.
        Prebooking = "prebooking",
        /// Closes the room to everybody.
        Blocking = "blocking",
        /// Closes the room while it is mended, cleaned or set up.
        Maintenance = "maintenance",
    }
}

impl BookingKind {
    /// Whether it closes the room to everybody, whoever asks.
    pub fn closes(self) -> bool {
        matches!(self, Self::Blocking | Self::Maintenance)
    }
}

crate::words! {
    /// Where a booking stands.
    #[derive(Default)]
    #[schemars(rename = "RoomBookingState")]
    pub enum BookingState {
        /// A prebooking nobody has decided on.
        #[default]
        Requested = "requested",
        /// It keeps the room.
        Approved = "approved",
        /// A prebooking that was turned down.
        Refused = "refused",
    }
}

/// What is said of a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RoomBookingDetails")]
pub struct BookingDetails {
    /// What it is.
    pub kind: BookingKind,
    /// When. Local times are meant on the clocks of the room's building; of a room without a time zone, on those of the
    /// event.
    pub placement: Placement,
    /// The event it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<Handle>,
    /// The session of that event it is for; left out, any session of the event may sit there meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Handle>,
    /// When a hold ends by itself; needed for a hold and for nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// For whom it is: an office, a delegation, a caterer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub booked_for: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub reason: Option<String>,
}

/// A booking as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoomBooking {
    /// What is said of it, in its final form.
    #[serde(flatten)]
    pub details: BookingDetails,
    /// The room.
    pub room_id: RoomId,
    /// Where it stands.
    pub state: BookingState,
    /// Why it was turned down, or on which condition it was approved.
    pub note: Option<String>,
    /// When it is.
    #[serde(skip)]
    pub slot: Slot,
    /// IANA name of the zone its times are meant in; it stays, should the room's change.
    pub time_zone: String,
}

/// A booking as answers give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RoomBooking")]
pub struct BookingShown {
    /// What is said of it.
    #[serde(flatten)]
    pub details: BookingDetails,
    /// The room.
    pub room_id: RoomId,
    /// Where it stands. Only prebookings are decided on; everything else is `approved` from the start.
    pub state: BookingState,
    /// Why it was turned down, or on which condition it was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it begins.
    pub start: WallTime,
    /// The first instant at which it is over.
    pub end: WallTime,
}

/// What is decided on a prebooking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RoomBookingTransition")]
pub struct BookingTransition {
    /// The state wanted.
    pub to: BookingState,
    /// Why it is refused, or on which condition it is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub note: Option<String>,
}

impl BookingTransition {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(note) = &self.note {
            check.take(check_line(note, "/note", 500));
        }
        check.require(
            self.note.is_some() || self.to != BookingState::Refused,
            "/note",
            "required",
            "Say why the room is refused.",
        );
        check.finish()
    }
}

/// Why a step was refused. The text is meant for people and says how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BookingRefusal {
    /// Only requests are decided on.
    #[error("Only a prebooking is approved or refused. Delete this booking, or change it.")]
    NotAsked,
    /// It is in that state already.
    #[error("The prebooking is {0} already.")]
    AlreadyThere(BookingState),
}

impl BookingRefusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAsked => "not_a_request",
            Self::AlreadyThere(_) => "already_there",
        }
    }
}

impl BookingDetails {
    /// Everything that is wrong with it but its time, which needs a zone.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(whom) = &self.booked_for {
            check.take(check_line(whom, "/booked_for", 200));
        }
        if let Some(reason) = &self.reason {
            check.take(check_line(reason, "/reason", 500));
        }
        check.require(
            self.expires_at.is_some() == (self.kind == BookingKind::Hold),
            "/expires_at",
            "out_of_place",
            "A hold says when it expires, and nothing else does.",
        );
        check.require(
            self.expires_at.is_none_or(|at| at.0 > now),
            "/expires_at",
            "in_the_past",
            "Give an instant still to come.",
        );
        check.require(
            self.session_id.is_none() || !self.kind.closes(),
            "/session_id",
            "out_of_place",
            "A room that is closed is closed to every session. Leave the session out.",
        );
        check.finish()
    }
}

impl RoomBooking {
    /// A booking of `room`, whose clocks are those of `time_zone`.
    pub fn new(details: BookingDetails, room: RoomId, time_zone: &str) -> Result<Self, Violation> {
        let zone = time::zone(time_zone, "/placement")?;
        let slot = Slot::parse(&details.placement, &zone)?;
        if slot.ends_at <= slot.starts_at {
            let detail = "Give an end that is later than the start.";
            return Err(Violation::new("/placement/end", "ends_before_start", detail));
        }
        if slot.ends_at.duration_since(slot.starts_at) > LONGEST {
            return Err(Violation::new("/placement/end", "too_long", "A booking lasts 400 days at most."));
        }
        let asked = details.kind == BookingKind::Prebooking;
        let state = if asked { BookingState::Requested } else { BookingState::Approved };
        let details = BookingDetails { placement: slot.placement(), ..details };
        Ok(Self { details, room_id: room, state, note: None, slot, time_zone: time_zone.to_owned() })
    }

    /// This booking with other details. What was decided stays decided while the same is asked for.
    pub fn edited(&self, details: BookingDetails) -> Result<Self, Violation> {
        let next = Self::new(details, self.room_id, &self.time_zone)?;
        let asked = |it: &Self| {
            let said = &it.details;
            (said.kind, it.slot.starts_at, it.slot.ends_at, said.event_id.clone(), said.session_id.clone())
        };
        if asked(&next) != asked(self) {
            return Ok(next);
        }
        Ok(Self { state: self.state, note: self.note.clone(), ..next })
    }

    /// This booking with the instants that its time on the wall stands for by the rules that its zone has now. What was
    /// decided stays decided: the same is asked for.
    pub fn rederived(&self) -> Result<Self, Violation> {
        let slot = self.slot.in_zone(&time::zone(&self.time_zone, "/placement")?, "/placement")?;
        if slot == self.slot {
            return Ok(self.clone());
        }
        let details = BookingDetails { placement: slot.placement(), ..self.details.clone() };
        Ok(Self { details, slot, ..self.clone() })
    }

    /// This booking after a step.
    pub fn stepped(&self, transition: &BookingTransition) -> Result<Self, BookingRefusal> {
        if self.details.kind != BookingKind::Prebooking {
            return Err(BookingRefusal::NotAsked);
        }
        if transition.to == self.state {
            return Err(BookingRefusal::AlreadyThere(self.state));
        }
        Ok(Self { state: transition.to, note: transition.note.clone(), ..self.clone() })
    }

    /// Whether it keeps others out of the room at `now`.
    pub fn keeps_the_room(&self, now: Timestamp) -> bool {
        self.state == BookingState::Approved && self.details.expires_at.is_none_or(|at| now < at.0)
    }

    /// The booking as answers give it.
    pub fn present(self) -> BookingShown {
        BookingShown {
            start: self.slot.start(&self.time_zone),
            end: self.slot.end(&self.time_zone),
            room_id: self.room_id,
            state: self.state,
            note: self.note,
            details: self.details,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn details(kind: &str, more: serde_json::Value) -> BookingDetails {
        let mut said = json!({
            "kind": kind, "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T12:00:00"},
        });
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(said).unwrap()
    }

    fn booking(kind: &str) -> RoomBooking {
        RoomBooking::new(details(kind, json!({})), RoomId(uuid::Uuid::from_u128(1)), "Asia/Seoul").unwrap()
    }

    #[test]
    fn a_booking_is_meant_on_the_clocks_of_the_room() {
        let blocked = booking("blocking");
        assert_eq!(blocked.slot.starts_at.to_string(), "2019-10-07T00:00:00Z");
        assert_eq!(blocked.details.placement.end, "2019-10-07T12:00:00+09:00");
        assert_eq!(blocked.state, BookingState::Approved);
    }

    #[test]
    fn a_prebooking_is_decided_on_and_asked_for_again_when_it_changes() {
        let asked = booking("prebooking");
        let now = asked.slot.starts_at;
        assert!(asked.state == BookingState::Requested && !asked.keeps_the_room(now));
        let yes = BookingTransition { to: BookingState::Approved, note: Some("Without catering".into()) };
        let approved = asked.stepped(&yes).unwrap();
        assert!(approved.keeps_the_room(now));
        assert_eq!(approved.stepped(&yes).unwrap_err().code(), "already_there");
        let because = approved.edited(details("prebooking", json!({"reason": "Opening"}))).unwrap();
        assert_eq!((because.state, because.note.as_deref()), (BookingState::Approved, Some("Without catering")));
        let longer = json!({"placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T13:00:00"}});
        assert_eq!(approved.edited(details("prebooking", longer)).unwrap().state, BookingState::Requested);
        assert_eq!(booking("blocking").stepped(&yes), Err(BookingRefusal::NotAsked));
        let silent = BookingTransition { to: BookingState::Refused, note: None };
        assert_eq!(silent.check().unwrap_err()[0].code, "required");
    }

    #[test]
    fn a_hold_expires_by_itself_and_nothing_else_does() {
        let now: Timestamp = "2019-09-01T00:00:00Z".parse().unwrap();
        let until = json!({"expires_at": "2019-09-02T00:00:00Z"});
        let hold = details("hold", until.clone());
        assert_eq!(hold.check(now), Ok(()));
        let hold = RoomBooking::new(hold, RoomId(uuid::Uuid::nil()), "UTC").unwrap();
        let end = "2019-09-02T00:00:00Z".parse().unwrap();
        assert!(hold.keeps_the_room(now) && !hold.keeps_the_room(end));
        assert_eq!(hold.details.check(end).unwrap_err()[0].code, "in_the_past");
        assert_eq!(details("hold", json!({})).check(now).unwrap_err()[0].code, "out_of_place");
        assert_eq!(details("blocking", until).check(now).unwrap_err()[0].code, "out_of_place");
    }

    #[test]
    fn a_booking_ends_after_it_starts_and_within_400_days() {
        let at = |start: &str, end: &str| {
            let said = details("maintenance", json!({"placement": {"start": start, "end": end}}));
            RoomBooking::new(said, RoomId(uuid::Uuid::nil()), "UTC").map_err(|fault| fault.code)
        };
        assert_eq!(at("2019-10-07T09:00:00", "2019-10-07T09:00:00").unwrap_err(), "ends_before_start");
        // 2019-10-07 to 2020-11-10 are 400 days: 366 to 2020-10-07 with the leap day, and 34.
        assert!(at("2019-10-07T00:00:00", "2020-11-10T00:00:00").is_ok());
        assert_eq!(at("2019-10-07T00:00:00", "2020-11-10T00:00:01").unwrap_err(), "too_long");
    }
}
