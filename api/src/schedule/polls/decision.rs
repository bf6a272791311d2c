//! An option of a poll becomes a session, in one step; the poll stays on record with the link.

use domain::{
    identifier::{Handle, SessionId},
    schedule::poll::{Decision, Outcome, Poll, State},
};

use super::{Shown, found, held, refused, settle};
use crate::{context::Ctx, error::Error, schedule};

/// Chooses an option and makes the session it becomes.
pub async fn decide(ctx: &Ctx, handle: &Handle, decision: Decision) -> Result<Shown, Error> {
    let (_, known, permit) = found(ctx, handle).await?;
    let room = schedule::room_named(ctx, decision.room_id.as_ref()).await?;
    let decision = Decision { room_id: room, ..decision };
    let (tx, event, current) = held(ctx, permit, &known).await?;
    let poll = &current.content.poll;
    poll.state.going_on().map_err(refused)?;
    let details = decision.session(poll, current.content.event)?;
    let sent = decision.placement.is_some();
    let sitting = schedule::drawn_up(&tx, &event, details).await.map_err(|error| of_option(error, sent))?;
    let made = schedule::enter(ctx, &tx, sitting).await.map_err(|error| of_option(error, sent))?;
    let outcome = Outcome { option_id: decision.option_id, note: decision.note, session_id: SessionId(made.id) };
    let next = Poll { state: State::Decided, outcome: Some(outcome), ..poll.clone() };
    settle(ctx, tx, &event, &current, ("poll.decided", next)).await
}

/// What is wrong with a time that nobody has sent is wrong with the option.
fn of_option(error: Error, sent: bool) -> Error {
    let Error::Invalid(faults) = error else { return error };
    let there = |fault: domain::Violation| {
        let of_time = !sent && fault.pointer.starts_with("/placement");
        domain::Violation { pointer: if of_time { "/option_id".to_owned() } else { fault.pointer }, ..fault }
    };
    Error::Invalid(faults.into_iter().map(there).collect())
}
