//! The best places for one session.

use super::{TICK, event_span, length, penalty};
use crate::{
    identifier::{RoomId, SessionId},
    schedule::clashes::{Board, Edit, Finding, Session, Severity, Span, view::View},
};

/// A place for a session, and what speaks against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The room; none for a session that needs none.
    pub room: Option<RoomId>,
    /// When.
    pub slot: Span,
    /// The sum of the reasons' penalties; 0 is a place nothing speaks against.
    pub penalty: u32,
    /// What would be found, the gravest first.
    pub reasons: Vec<Reason>,
}

/// One thing that speaks against a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What would be found.
    pub finding: Finding,
    /// What that weighs: 10 to 10,000.
    pub penalty: u32,
}

impl Suggestion {
    /// Whether the session may sit there: nothing would block an edit or a release.
    pub fn is_feasible(&self) -> bool {
        self.reasons.iter().all(|reason| reason.finding.severity > Severity::BlockRelease)
    }
}

/// The `count` best slots for `session` within the days of the event and the hours of its host, each with its best
/// room, the best first and the earlier of two that are as good. None where the session's length is not known.
///
/// `go_on` is asked before every slot that is looked at; once it says no, the best so far are given.
pub fn best_slots(board: &Board, session: SessionId, count: usize, mut go_on: impl FnMut() -> bool) -> Vec<Suggestion> {
    let mut trial = board.clone();
    let Some(own) = trial.view().session(session).cloned() else { return Vec::new() };
    let slots = slots(trial.view(), own.slot, length(&own));
    let rooms = rooms(trial.view(), &own);
    // Without a room there is less to be found: no room makes a slot better than that.
    let mut bounded: Vec<(u32, Span)> = Vec::new();
    for slot in slots {
        if !go_on() {
            break;
        }
        bounded.push((try_place(&mut trial, session, None, slot).penalty, slot));
    }
    bounded.sort_unstable();
    let mut best: Vec<Suggestion> = Vec::new();
    for (bound, slot) in bounded {
        if best.len() >= count && best.last().is_none_or(|worst| worst.penalty <= bound) {
            break;
        }
        // Something is proposed even when time is up.
        if !best.is_empty() && !go_on() {
            break;
        }
        let mut of_slot: Option<Suggestion> = None;
        for room in &rooms {
            let tried = try_place(&mut trial, session, *room, slot);
            if of_slot.as_ref().is_none_or(|so_far| tried.penalty < so_far.penalty) {
                of_slot = Some(tried);
            }
            if of_slot.as_ref().is_some_and(|so_far| so_far.penalty == bound) {
                break;
            }
        }
        best.extend(of_slot);
        best.sort_by_key(|suggestion| (suggestion.penalty, suggestion.slot));
        best.truncate(count);
    }
    best
}

fn try_place(trial: &mut Board, session: SessionId, room: Option<RoomId>, slot: Span) -> Suggestion {
    trial.apply(Edit::Place { session, room, slot: Some(slot) });
    let reasons = weigh(trial, session);
    Suggestion { room, slot, penalty: reasons.iter().map(|reason| reason.penalty).sum(), reasons }
}

/// What speaks against the place that `session` has on the board, the gravest first.
pub fn weigh(board: &Board, session: SessionId) -> Vec<Reason> {
    let weighed =
        board.findings_of(session).map(|finding| (penalty(finding), finding)).filter(|(weight, _)| *weight > 0);
    let mut reasons: Vec<Reason> =
        weighed.map(|(penalty, finding)| Reason { finding: finding.clone(), penalty }).collect();
    reasons.sort_by(|one, other| {
        other.penalty.cmp(&one.penalty).then_with(|| one.finding.fingerprint.cmp(&other.finding.fingerprint))
    });
    reasons
}

/// The slots a session of that length could have, by start; its own among them.
fn slots(view: View<'_>, own: Option<Span>, length: Option<jiff::SignedDuration>) -> Vec<Span> {
    let (Some(days), Some(length)) = (event_span(view), length) else { return Vec::new() };
    let mut slots = Vec::from_iter(own);
    let mut starts_at = days.starts_at;
    while let Some(slot) = starts_at.checked_add(length).ok().and_then(|ends_at| Span::new(starts_at, ends_at)) {
        if slot.ends_at > days.ends_at {
            break;
        }
        if view.outside(&view.snapshot.working_hours, slot).is_empty() {
            slots.push(slot);
        }
        starts_at = slot.starts_at.saturating_add(TICK).unwrap_or(days.ends_at);
    }
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// The rooms to be tried: those that hold enough first, the smaller before the larger, so that nobody gets a hall who
/// would do with a room. Whoever gave the session a room and no time yet has chosen the room.
fn rooms(view: View<'_>, own: &Session) -> Vec<Option<RoomId>> {
    let expected = own.in_room;
    if own.slot.is_none() && own.room.is_some() || expected == 0 && own.room.is_none() {
        return vec![own.room];
    }
    if view.snapshot.rooms.is_empty() {
        return vec![None];
    }
    let mut rooms: Vec<_> = view.snapshot.rooms.iter().collect();
    rooms.sort_by_key(|room| {
        let holds = room.capacity.unwrap_or(u32::MAX);
        (holds < expected, holds, room.id)
    });
    rooms.into_iter().map(|room| Some(room.id)).collect()
}
