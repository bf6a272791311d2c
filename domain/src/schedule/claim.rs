//! Who has a room and when: what keeps others out of it.
//!
//! Nobody else decides it. That two sessions clash for other reasons (people, buffers, capacity) is for findings; that
//! a room is had twice is refused.

use jiff::{SignedDuration, Timestamp};

use super::{BookingKind, RoomBooking, Sitting, State};
use crate::{
    events::{Event, State as EventState},
    identifier::{EventId, Handle, RoomId, SessionId},
};
use uuid::Uuid;

/// Who has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A session that sits in it.
    Session(EventId, SessionId),
    /// A session that was promised it.
    ForSession(EventId, SessionId),
    /// An event that was promised it, for any of its sessions.
    ForEvent(EventId),
    /// Somebody who is no session and no event.
    Outsider,
    /// Nobody: it is closed.
    Closed,
}

impl Holder {
    /// Whether both may have the room at once.
    fn admits(self, other: Self, shared: bool) -> bool {
        let (one, two) = if self <= other { (self, other) } else { (other, self) };
        match (one, two) {
            (Self::Closed, Self::Closed) => true,
            (_, Self::Closed) => false,
            _ if shared => true,
            (Self::Session(_, sits), Self::ForSession(_, promised)) => sits == promised,
            (Self::Session(event, _) | Self::ForSession(event, _), Self::ForEvent(promised)) => event == promised,
            (Self::ForSession(_, one), Self::ForSession(_, two)) => one == two,
            (Self::ForEvent(one), Self::ForEvent(two)) => one == two,
            _ => false,
        }
    }
}

/// A room, had from an instant to the first at which it is free again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The session or booking that has it.
    pub id: Uuid,
    /// The room.
    pub room: RoomId,
    /// From when.
    pub start: Timestamp,
    /// The first instant at which it is free again.
    pub end: Timestamp,
    /// Who has it.
    pub holder: Holder,
}

impl Claim {
    /// What a session has: a room, once it is scheduled or was held. What is cancelled, with its event or by itself, has
    /// none; neither has a draft, which may be tried out anywhere.
    pub fn of_session(id: SessionId, sitting: &Sitting, event: &Event) -> Option<Self> {
        let firm = match sitting.state {
            State::Held => true,
            State::Scheduled => event.state != EventState::Cancelled,
            State::Draft | State::Cancelled => false,
        };
        let (Some(Handle::Id(room)), Handle::Id(own)) = (&sitting.details.room_id, &sitting.details.event_id) else {
            return None;
        };
        let slot = sitting.slot.filter(|_| firm)?;
        let holder = Holder::Session(EventId(*own), id);
        Some(Self { id: id.0, room: RoomId(*room), start: slot.starts_at, end: slot.ends_at, holder })
    }

    /// What a booking keeps at `now`, if anything.
    pub fn of_booking(id: Uuid, booking: &RoomBooking, now: Timestamp) -> Option<Self> {
        let id_of = |handle: &Option<Handle>| match handle {
            Some(Handle::Id(id)) => Some(*id),
            _ => None,
        };
        let event = id_of(&booking.details.event_id).map(EventId);
        let session = id_of(&booking.details.session_id).map(SessionId);
        let holder = match (booking.details.kind, event, session) {
            (BookingKind::Blocking | BookingKind::Maintenance, ..) => Holder::Closed,
            (_, Some(event), Some(session)) => Holder::ForSession(event, session),
            (_, Some(event), None) => Holder::ForEvent(event),
            (_, None, _) => Holder::Outsider,
        };
        let (start, end) = (booking.slot.starts_at, booking.slot.ends_at);
        booking.keeps_the_room(now).then_some(Self { id, room: booking.room_id, start, end, holder })
    }

    /// Whether the other cannot have the room too. Touching is not overlapping; of a room that is shared, only what
    /// closes it keeps anybody out.
    pub fn excludes(&self, other: &Self, shared: bool) -> bool {
        self.id != other.id
            && self.room == other.room
            && self.start < other.end
            && other.start < self.end
            && !self.holder.admits(other.holder, shared)
    }

    /// Whether it is the approval that `session` needs for the whole of its time.
    pub fn approves(&self, session: &Self) -> bool {
        self.room == session.room
            && self.start <= session.start
            && session.end <= self.end
            && matches!(self.holder, Holder::ForSession(..) | Holder::ForEvent(_))
            && self.holder.admits(session.holder, false)
    }

    /// The first instant, no earlier than its own start, from which the room is free for as long as it lasts, if that is
    /// before `horizon`. `others` need no order.
    pub fn free_from(&self, others: &[Self], shared: bool, horizon: Timestamp) -> Option<Timestamp> {
        let length: SignedDuration = self.end.duration_since(self.start);
        let shifted = |start: Timestamp| Some(Self { start, end: start.checked_add(length).ok()?, ..*self });
        let mut sorted: Vec<_> = others.iter().collect();
        sorted.sort_unstable_by_key(|other| (other.start, other.end));
        let mut wanted = *self;
        for other in sorted {
            if wanted.excludes(other, shared) {
                wanted = shifted(other.end)?;
            }
        }
        (wanted.end <= horizon).then_some(wanted.start)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_570_406_400 + 60 * minute).unwrap()
    }

    fn event(n: u128) -> EventId {
        EventId(Uuid::from_u128(n))
    }

    fn session(n: u128) -> SessionId {
        SessionId(Uuid::from_u128(100 + n))
    }

    fn claim(id: u128, start: i64, end: i64, holder: Holder) -> Claim {
        Claim { id: Uuid::from_u128(id), room: RoomId(Uuid::nil()), start: at(start), end: at(end), holder }
    }

    #[test]
    fn who_may_have_a_room_with_whom() {
        use Holder::{Closed, ForEvent, ForSession, Outsider, Session};
        let (one, two) = (event(1), event(2));
        let (first, second) = (session(1), session(2));
        // Both ways round; in a room of one's own, and in one that is shared.
        let table = [
            (Session(one, first), Session(one, second), false, true),
            (Session(one, first), Session(two, second), false, true),
            (Session(one, first), ForSession(one, first), true, true),
            (Session(one, first), ForSession(one, second), false, true),
            (Session(one, first), ForEvent(one), true, true),
            (Session(one, first), ForEvent(two), false, true),
            (Session(one, first), Outsider, false, true),
            (Session(one, first), Closed, false, false),
            (ForSession(one, first), ForSession(one, first), true, true),
            (ForSession(one, first), ForSession(one, second), false, true),
            (ForSession(one, first), ForEvent(one), true, true),
            (ForSession(one, first), ForEvent(two), false, true),
            (ForEvent(one), ForEvent(one), true, true),
            (ForEvent(one), ForEvent(two), false, true),
            (ForEvent(one), Outsider, false, true),
            (Outsider, Outsider, false, true),
            (Outsider, Closed, false, false),
            (Closed, Closed, true, true),
        ];
        for (a, b, alone, shared) in table {
            for (a, b) in [(a, b), (b, a)] {
                let (a, b) = (claim(1, 0, 60, a), claim(2, 30, 90, b));
                assert_eq!([a.excludes(&b, false), a.excludes(&b, true)], [!alone, !shared], "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn touching_is_not_overlapping_and_nobody_is_in_their_own_way() {
        let of = |id, start, end| claim(id, start, end, Holder::Session(event(1), session(id)));
        assert!(!of(1, 0, 60).excludes(&of(2, 60, 90), false));
        assert!(of(1, 0, 61).excludes(&of(2, 60, 90), false));
        assert!(!of(1, 0, 60).excludes(&of(1, 30, 90), false), "a session that moves");
        let elsewhere = Claim { room: RoomId(Uuid::from_u128(9)), ..of(2, 0, 60) };
        assert!(!of(1, 0, 60).excludes(&elsewhere, false));
    }

    #[test]
    fn a_room_is_approved_for_the_whole_of_a_session_or_not_at_all() {
        let sits = claim(1, 30, 60, Holder::Session(event(1), session(1)));
        let promised = |start, end, holder| claim(2, start, end, holder).approves(&sits);
        assert!(promised(30, 60, Holder::ForSession(event(1), session(1))));
        assert!(promised(0, 90, Holder::ForEvent(event(1))));
        assert!(!promised(31, 90, Holder::ForEvent(event(1))) && !promised(0, 59, Holder::ForEvent(event(1))));
        assert!(!promised(0, 90, Holder::ForSession(event(1), session(2))));
        assert!(!promised(0, 90, Holder::ForEvent(event(2))) && !promised(0, 90, Holder::Outsider));
    }

    #[test]
    fn a_room_is_free_again_once_it_is_for_as_long_as_is_wanted() {
        let of = |id, start, end| claim(id, start, end, Holder::Session(event(1), session(id)));
        let wanted = of(1, 0, 60);
        let others = [of(3, 100, 130), of(2, 30, 50)];
        // Fifty minutes lie between the two, which are not enough.
        assert_eq!(wanted.free_from(&others, false, at(1000)), Some(at(130)));
        assert_eq!(of(1, 0, 50).free_from(&others, false, at(1000)), Some(at(50)));
        assert_eq!(wanted.free_from(&others, false, at(189)), None, "not within the time that was looked at");
        assert_eq!(wanted.free_from(&[], false, at(60)), Some(at(0)));
    }

    proptest! {
        /// Against minutes crossed off one by one.
        #[test]
        fn the_first_free_time_is_the_one_found_by_trying_every_minute(
            taken in prop::collection::vec((0..200i64, 1..40i64), 0..12),
            start in 0..100i64,
            length in 1..60i64,
        ) {
            let others: Vec<_> = (2u128..)
                .zip(taken)
                .map(|(id, (from, minutes))| {
                    claim(id, from, from + minutes, Holder::Session(event(1), session(id)))
                })
                .collect();
            let wanted = claim(1, start, start + length, Holder::Session(event(1), session(1)));
            let crossed = |minute: i64| others.iter().any(|it| it.start <= at(minute) && at(minute) < it.end);
            let naive = (start..).find(|from| (*from..from + length).all(|minute| !crossed(minute))).map(at);
            prop_assert_eq!(wanted.free_from(&others, false, at(100_000)), naive);
            let overlaps = others.iter().any(|other| wanted.excludes(other, false));
            prop_assert_eq!(overlaps, (start..start + length).any(crossed));
        }
    }
}
