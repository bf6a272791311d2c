//! Two sessions in one room, and the time between them.

use jiff::SignedDuration;

use super::by_id;
use crate::{
    identifier::RoomId,
    schedule::clashes::{
        BlockingKind, Finding, Params, Rule, Subject,
        fingerprint::Place,
        snapshot::{Room, Session},
        sweep::{Placed, close_pairs},
        view::{Clash, View},
    },
};

/// Overlaps and too short breaks in a room that is not shared. A room of which nothing is known is not shared.
pub(in super::super) fn room(view: View<'_>, id: RoomId, found: &mut Vec<Finding>) {
    let room = view.index.rooms.get(&id);
    if room.is_some_and(|room| room.shared) {
        return;
    }
    let placed = view.placed(view.index.in_room.of(&id));
    let longest = view.settings.turnaround_minutes.max(view.settings.relayout_minutes);
    close_pairs(&placed, SignedDuration::from_mins(longest.into()), |earlier, later| {
        pair(view, id, earlier, later, found);
    });
    for one in &placed {
        bookings(view, room, one, found);
    }
}

fn pair(view: View<'_>, id: RoomId, earlier: Placed<'_>, later: Placed<'_>, found: &mut Vec<Finding>) {
    let sessions = by_id(earlier.session, later.session);
    let others = &[Subject::Room(id)];
    if let Some(shared) = earlier.slot.shared(later.slot) {
        view.report(
            found,
            Clash {
                rule: Rule::RoomOverlap,
                sessions: &sessions,
                others,
                spans: vec![shared],
                place: Place::shared(shared, &sessions),
                params: Params::Overlap { minutes: shared.minutes() },
            },
        );
        return;
    }
    let needed = break_between(view, earlier.session, later.session);
    let gap = later.slot.starts_at.duration_since(earlier.slot.ends_at);
    if gap < SignedDuration::from_mins(needed.into()) {
        view.report(
            found,
            Clash {
                rule: Rule::Buffer,
                sessions: &sessions,
                others,
                spans: sessions.iter().filter_map(|session| session.slot).collect(),
                place: Place::between(earlier, later),
                params: Params::Gap { minutes: gap.as_mins(), needed },
            },
        );
    }
}

/// Minutes the room stands empty between the two.
fn break_between(view: View<'_>, earlier: &Session, later: &Session) -> u32 {
    let otherwise = matches!((&earlier.layout, &later.layout), (Some(one), Some(other)) if one != other);
    let relayout = if otherwise { view.settings.relayout_minutes } else { 0 };
    relayout.max(view.settings.turnaround_minutes)
}

/// What another event has in the room is an overlap like any other, though it is not known what it is.
fn bookings(view: View<'_>, room: Option<&Room>, one: &Placed<'_>, found: &mut Vec<Finding>) {
    let Some(room) = room else { return };
    let booked = room.blockings.iter().filter(|blocking| blocking.kind == BlockingKind::Booking);
    let mut shared: Vec<_> = booked.filter_map(|blocking| blocking.span.shared(one.slot)).collect();
    shared.sort_unstable();
    shared.dedup();
    for span in shared {
        view.report(
            found,
            Clash {
                rule: Rule::RoomOverlap,
                sessions: &[one.session],
                others: &[Subject::Room(room.id)],
                spans: vec![span],
                place: Place::fixed(&[span]),
                params: Params::Blocked { by: BlockingKind::Booking },
            },
        );
    }
}
