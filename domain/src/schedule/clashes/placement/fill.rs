//! Places for all sessions that have none.

use std::collections::BTreeSet;

use super::{
    Reason, best_slots, length,
    model::{Item, Model},
    search::{Place, Search},
};
use crate::{
    identifier::{RoomId, SessionId},
    schedule::clashes::{Board, Edit, Rule, Session, Severity, Span},
};

/// For so many sessions at most is looked what blocks them; of more nobody would read it.
const NAMED: usize = 20;

/// A session gets a place, or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Which.
    pub session: SessionId,
    /// Where it sits.
    pub room: Option<RoomId>,
    /// When.
    pub slot: Span,
}

impl From<Move> for Edit {
    fn from(own: Move) -> Self {
        Self::Place { session: own.session, room: own.room, slot: Some(own.slot) }
    }
}

/// A session for which there is no place. One that had a place keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Which.
    pub session: SessionId,
    /// What blocks it where it would do least harm, the gravest first. None where it could not be tried anywhere: its
    /// length or the days of the event are not known, or it is longer than a day.
    pub blocking: Vec<Reason>,
    /// Whether that was looked for; of no more than 20 it is.
    pub looked_into: bool,
}

impl Left {
    /// The rules that block it.
    pub fn rules(&self) -> Vec<Rule> {
        let rules: BTreeSet<Rule> = self.blocking.iter().map(|reason| reason.finding.rule).collect();
        rules.into_iter().collect()
    }
}

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What is to be placed and moved, by session.
    pub moves: Vec<Move>,
    /// What is left.
    pub left: Vec<Left>,
}

/// Searches places for all sessions without one, so that nothing is found that has to do with places.
///
/// Sessions with a place move where that helps, but none that is locked. The same board, seed and number of steps give
/// the same plan; `go_on` is asked before every step (some microseconds each), so the caller decides by steps or by a
/// clock. For what is still without a place then, the best slot is taken where no rule blocks it; otherwise the rules
/// are named.
pub fn fill(board: &Board, seed: u64, go_on: impl FnMut() -> bool) -> Filled {
    let model = Model::of(board.view());
    let places = model.as_ref().map(|model| Search::new(model, seed).run(go_on)).unwrap_or_default();
    let mut moves: Vec<Move> = Vec::new();
    let mut taken_out: Vec<SessionId> = Vec::new();
    if let Some(model) = &model {
        for (item, place) in model.items.iter().zip(&places).filter(|(item, place)| !item.fixed && **place != item.at) {
            match place {
                Some(place) => moves.extend(found(board, model, item, *place)),
                None => taken_out.push(item.id),
            }
        }
    }
    let mut plan = board.clone();
    let taken_out: Vec<Session> = taken_out.iter().filter_map(|id| plan.view().session(*id).cloned()).collect();
    for session in taken_out {
        // It keeps its length and its room while it has no time.
        let minutes = session.slot.and_then(|slot| u32::try_from(slot.minutes()).ok());
        plan.apply(Edit::Put(Box::new(Session { slot: None, minutes, ..session })));
    }
    moves.iter().for_each(|own| drop(plan.apply((*own).into())));
    let left = place_the_rest(&mut plan, &mut moves);
    moves.sort_by_key(|own| own.session);
    Filled { moves, left }
}

/// The place on the clock; the session keeps its length, whatever that is in full ticks.
fn found(board: &Board, model: &Model, item: &Item, (room, start): Place) -> Option<Move> {
    let starts_at = model.span(start, 1).starts_at;
    let length = length(board.view().session(item.id)?)?;
    let slot = Span::new(starts_at, starts_at.checked_add(length).ok()?)?;
    Some(Move { session: item.id, room: room.map(|room| model.halls[room].id), slot })
}

fn place_the_rest(plan: &mut Board, moves: &mut Vec<Move>) -> Vec<Left> {
    let waiting = plan.snapshot().sessions.iter().filter(|session| session.slot.is_none() && !session.locked);
    let mut waiting: Vec<SessionId> = waiting.map(|session| session.id).collect();
    waiting.sort_unstable();
    let mut left = Vec::new();
    for session in waiting {
        let looked_into = left.len() < NAMED;
        let best = if looked_into { best_slots(plan, session, 1, || true) } else { Vec::new() };
        match best.into_iter().next() {
            Some(best) if best.is_feasible() => {
                let own = Move { session, room: best.room, slot: best.slot };
                plan.apply(own.into());
                moves.push(own);
            }
            best => {
                let reasons = best.into_iter().flat_map(|best| best.reasons);
                let blocking = reasons.filter(|reason| reason.finding.severity <= Severity::BlockRelease).collect();
                left.push(Left { session, blocking, looked_into });
            }
        }
    }
    left
}
