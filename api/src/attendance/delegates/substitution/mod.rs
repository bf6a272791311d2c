//! Somebody else comes instead of a delegate, keeps the place, and takes over of the commitments what is said to move.

pub mod resource;
pub mod store;

use std::collections::BTreeSet;

use domain::{
    Check,
    access::Resource,
    attendance::{Commitment, CommitmentAnswer, Delegate, DelegateState, Moves, Substitution},
    events::Event,
    identifier::{DelegateId, DelegationId, DutyId, Handle, SessionId},
};

use super::{delegation_of, hold, leave, name, on_time, record};
use crate::{
    attendance::{
        door::badges,
        duties::handover::{Duties, hand_over},
        heads, sheet, target,
    },
    context::Ctx,
    db::{Tx, Visible},
    error::Error,
    events, jobs,
    people::newcomers,
};

/// What a delegate is still to do that could pass to whoever comes instead.
pub async fn commitments(ctx: &Ctx, handle: &Handle) -> Result<Vec<CommitmentAnswer>, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let delegate = super::get(ctx, handle).await?;
    let own = ctx.actor.acts_for(delegate.content.organisation_id, delegate.content.event_id);
    if !own && !ctx.actor.sees_everything() {
        return Err(Error::NotFound);
    }
    let event = events::get(ctx, &Handle::Id(delegate.content.event_id.0)).await?;
    let zone = &event.content.details.time_zone;
    let id = DelegateId(delegate.id);
    let heads = heads::store::heads_find(connection, delegation_of(&delegate)?).await?;
    let leads = heads.goes_on_with(id, ctx.now).then(|| CommitmentAnswer::of(Commitment::Headship));
    let sessions = store::sessions_ahead(connection, &ctx.actor, id, ctx.now).await?;
    let sits = sessions.into_iter().map(|(session, title, slot)| CommitmentAnswer {
        session_id: Some(session),
        title: Some(title),
        start: slot.map(|slot| slot.start(zone)),
        end: slot.map(|slot| slot.end(zone)),
        ..CommitmentAnswer::of(Commitment::Representation)
    });
    let duties = Duties::of(connection, ctx, &event, id).await?;
    Ok(leads.into_iter().chain(sits).chain(duties.known.into_iter().map(|duty| duty.asked(zone))).collect())
}

/// Lets somebody else come instead of a delegate. The substitute holds the place from now on and is reviewed like
/// anybody who was submitted.
pub async fn substitute(ctx: &Ctx, handle: &Handle, input: Substitution) -> Result<Visible<Delegate>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let known = super::get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let organisation = known.content.organisation_id;
    let place = target(&event, Some(organisation));
    let permit = ctx.actor.permit(Resource::Delegations, place)?;
    let nomination = input.nomination(&known.content.nomination);
    nomination.check()?;
    let named = (input.person_id.as_ref(), input.person.as_ref());
    let named = newcomers::named(ctx, named, (place, organisation)).await?;
    let tx = ctx.write(permit).await?;
    let delegation = delegation_of(&known)?;
    let held = hold(&tx, delegation).await?;
    held.content.state.admit_delegates(!ctx.actor.sees_everything())?;
    on_time(ctx, &tx, &event, input.late_reason.as_deref()).await?;
    let current = super::store::delegate_find(tx.connection(), &ctx.actor, &Handle::Id(known.id)).await?;
    let state = current.content.state.substitute()?;
    // Before the sessions: whoever locks both locks them in this order.
    let event = events::lock(&tx, current.content.event_id).await?;
    let person = newcomers::enter(ctx, &tx, named).await?;
    let former = DelegateId(current.id);
    let heads = heads::store::heads_find(tx.connection(), delegation).await?;
    let leads = heads.goes_on_with(former, tx.now());
    let sessions = store::sessions_ahead(tx.connection(), &ctx.actor, former, tx.now()).await?;
    let ahead: BTreeSet<SessionId> = sessions.into_iter().map(|(id, ..)| id).collect();
    let duties = Duties::of(tx.connection(), ctx, &event, former).await?;
    let moving = decided(ctx, &input.moves, leads, &ahead, &duties)?;
    let next = Delegate { state, ..current.content.clone() };
    let gone = super::store::delegate_update(&tx, current.clone(), next).await?;
    let place = (delegation, organisation, person);
    let substitute = name(ctx, &tx, &event, place, &nomination, DelegateState::Submitted).await?;
    let next = Delegate { substituted_by: Some(substitute), ..gone.content.clone() };
    let gone = super::store::delegate_update(&tx, gone, next).await?;
    if input.moves.headship == Some(true) && leads {
        let after = heads.succeeded(former, substitute, tx.now());
        heads::write(&tx, &event, (delegation, organisation), &heads, &after).await?;
    }
    leave(&tx, &event, &gone, &held).await?;
    sit(ctx, &tx, &event, (delegation, substitute), (&ahead, &moving.sessions)).await?;
    hand_over(&tx, &event, duties, (former, person), &moving.duties).await?;
    jobs::duties_lost(&ctx.app, &tx).await?;
    badges::pass_on(ctx, &tx, &event, (former, substitute)).await?;
    record(&tx, &event, "delegate.substituted", &current, &gone)?;
    let made = super::store::delegate_find(tx.connection(), &ctx.actor, &Handle::Id(substitute.0)).await?;
    tx.commit().await?;
    Ok(made)
}

/// What passes to the substitute.
struct Moving {
    sessions: BTreeSet<SessionId>,
    duties: BTreeSet<DutyId>,
}

/// What moves, once it is decided of every commitment whether it does.
fn decided(
    ctx: &Ctx,
    moves: &Moves,
    leads: bool,
    ahead: &BTreeSet<SessionId>,
    duties: &Duties,
) -> Result<Moving, Error> {
    let mut check = Check::new();
    let detail = "Say whether the substitute leads the delegation in the delegate's place.";
    check.require(!leads || moves.headship.is_some(), "/moves/headship", "undecided", detail);
    let detail = "Name the sessions in which the substitute sits instead, or send an empty list. GET \
                  /delegates/{id}/commitments lists them.";
    check.require(ahead.is_empty() || moves.session_ids.is_some(), "/moves/session_ids", "undecided", detail);
    let mut sessions = BTreeSet::new();
    for (at, session) in moves.session_ids.iter().flatten().enumerate() {
        let id = session.id().map(SessionId).filter(|id| ahead.contains(id));
        let detail = "Name a session by id where the delegate is to sit and that is still ahead.";
        check.require(id.is_some(), &format!("/moves/session_ids/{at}"), "not_committed", detail);
        sessions.extend(id);
    }
    let known: Vec<_> = duties.known.iter().map(|duty| (duty.id(), duty.words(ctx))).collect();
    let duties = moves.decide_duties(&known, &mut check);
    check.finish()?;
    Ok(Moving { sessions, duties })
}

/// Lets the substitute sit in the sessions that move; in the others nobody is named any more.
async fn sit(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    (delegation, substitute): (DelegationId, DelegateId),
    (ahead, moving): (&BTreeSet<SessionId>, &BTreeSet<SessionId>),
) -> Result<(), Error> {
    for session in ahead {
        let sits = moving.contains(session).then_some(substitute);
        sheet::represent(ctx, tx, event, *session, delegation, sits).await?;
    }
    Ok(())
}
