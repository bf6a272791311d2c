//! Delegates: persons in a delegation. The secretariat and the organisation itself name them; nobody else sees them.

pub mod resource;
pub mod store;
pub mod substitution;

use domain::{
    access::Resource,
    attendance::{Delegate, DelegateState, DelegateTransition, Delegation, Function, Heads, Nomination},
    events::Event,
    identifier::{DelegateId, DelegationId, EventId, Handle, OrganisationId, PersonId},
};
use serde_json::Value;

use super::{change, delegations, heads, places, registration, target};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events,
    people::newcomers,
};
pub use store::Filter;

/// One page of the delegates at an event that the caller may see, by family name.
pub async fn list(
    ctx: &Ctx,
    event: &Handle,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Delegate>>, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    store::delegate_list(connection, &ctx.actor, EventId(event.id), filter, paging).await
}

/// One delegate.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Delegate>, Error> {
    store::delegate_find(ctx.read(Resource::Delegations)?, &ctx.actor, handle).await
}

/// Names a person to a delegation.
pub async fn nominate(ctx: &Ctx, event: &Handle, input: Nomination) -> Result<Visible<Delegate>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let delegation = delegations::resolve(ctx, EventId(event.id), &input.delegation_id, "/delegation_id").await?;
    let organisation = delegations::organisation_of(&delegation.content)?;
    let delegation = DelegationId(delegation.id);
    let place = target(&event, Some(organisation));
    let permit = ctx.actor.permit(Resource::Delegations, place)?;
    input.check()?;
    let named = (input.person_id.as_ref(), input.person.as_ref());
    let named = newcomers::named(ctx, named, (place, organisation)).await?;
    let tx = ctx.write(permit).await?;
    admit(ctx, &tx, delegation).await?;
    on_time(ctx, &tx, &event, input.late_reason.as_deref()).await?;
    let person = newcomers::enter(ctx, &tx, named).await?;
    let id = name(ctx, &tx, &event, (delegation, organisation, person), &input, DelegateState::Nominated).await?;
    if input.function == Function::Head {
        let heads = first_head(&tx, delegation).await?;
        heads::write(&tx, &event, (delegation, organisation), &heads, &Heads::only(id)).await?;
    }
    let made = store::delegate_find(tx.connection(), &ctx.actor, &Handle::Id(id.0)).await?;
    tx.commit().await?;
    Ok(made)
}

/// Adds a person to a delegation that is held, in this state.
async fn name(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    (delegation, organisation, person): (DelegationId, OrganisationId, PersonId),
    input: &Nomination,
    state: DelegateState,
) -> Result<DelegateId, Error> {
    if store::person_is_named(tx, delegation, person).await? {
        let detail = "This person is already in the delegation. Change the delegate there is instead.";
        return Err(Error::conflict("already_nominated", detail));
    }
    let id = store::delegate_insert(tx, EventId(event.id), delegation, person, input, state).await?;
    let made = store::delegate_find(tx.connection(), &ctx.actor, &Handle::Id(id)).await?;
    let diff = to_json(&made.content)?;
    let told = change("delegate.nominated", (made.id, made.version), event, organisation, diff);
    tx.record(Change { subject: Some(person.0), ..told });
    Ok(DelegateId(id))
}

/// Changes what is said of a delegate, if it still is what the caller read. `edit` makes the new nomination of the
/// old; person and delegation stay.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Nomination) -> Result<Nomination, Error>,
) -> Result<Visible<Delegate>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let current = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(current.content.event_id.0)).await?;
    let organisation = current.content.organisation_id;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    expected.check_object(&current)?;
    let mut nomination = edit(&current.content.nomination)?;
    nomination.check()?;
    if let Handle::Code(_) = nomination.delegation_id {
        let named = delegations::resolve(ctx, EventId(event.id), &nomination.delegation_id, "/delegation_id").await?;
        nomination.delegation_id = Handle::Id(named.id);
    }
    nomination.check_same(&current.content.nomination)?;
    let tx = ctx.write(permit).await?;
    let delegation = delegation_of(&current)?;
    let held = admit(ctx, &tx, delegation).await?;
    let said = &current.content.nomination;
    if !nomination.describes_as(said) {
        on_time(ctx, &tx, &event, nomination.late_reason.as_deref()).await?;
    }
    lead(&tx, &event, &current, &held, nomination.function).await?;
    let state = current.content.state;
    let state = if nomination.describes_as(said) { state } else { state.redescribed() };
    let next = Delegate { nomination, state, ..current.content.clone() };
    places::follow(&tx, &event, &held, &current, &next).await?;
    let made = store::delegate_update(&tx, current.clone(), next).await?;
    places::release(&tx, &event, &held, &current, &made).await?;
    record(&tx, &event, "delegate.updated", &current, &made)?;
    tx.commit().await?;
    Ok(made)
}

/// Takes a delegate the step that `transition` asks for. Who is withdrawn stays on record, and in the sessions where
/// they sat.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: DelegateTransition) -> Result<Visible<Delegate>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    transition.check()?;
    let known = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let own = (!transition.to.is_for_the_secretariat()).then_some(known.content.organisation_id);
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, own))?;
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, delegation_of(&known)?).await?;
    let current = store::delegate_find(tx.connection(), &ctx.actor, &Handle::Id(known.id)).await?;
    let state = current.content.state.step(transition.to)?;
    match state {
        DelegateState::Submitted => held.content.state.admit_delegates(!ctx.actor.sees_everything())?,
        _ => held.content.state.admit_withdrawal(!ctx.actor.sees_everything())?,
    }
    if !state.is_live() {
        leave(&tx, &event, &current, &held).await?;
    }
    let next = Delegate { state, state_reason: transition.reason, ..current.content.clone() };
    places::follow(&tx, &event, &held, &current, &next).await?;
    let made = store::delegate_update(&tx, current.clone(), next).await?;
    places::release(&tx, &event, &held, &current, &made).await?;
    record(&tx, &event, state.change_kind(), &current, &made)?;
    tx.commit().await?;
    Ok(made)
}

/// Takes back a nomination that the secretariat has not been handed yet.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let current = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(current.content.event_id.0)).await?;
    let organisation = current.content.organisation_id;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    expected.check_object(&current)?;
    current.content.state.delete()?;
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, delegation_of(&current)?).await?;
    held.content.state.admit_withdrawal(!ctx.actor.sees_everything())?;
    leave(&tx, &event, &current, &held).await?;
    let version = store::delegate_delete(&tx, &current).await?;
    places::release(&tx, &event, &held, &current, &current).await?;
    let gone = change("delegate.deleted", (current.id, version), &event, organisation, Value::Null);
    tx.record(gone);
    tx.commit().await
}

/// The delegation as it is, held until the transaction ends.
async fn hold(tx: &Tx, delegation: DelegationId) -> Result<Visible<Delegation>, Error> {
    delegations::store::delegation_held(tx, delegation).await?.ok_or(Error::Gone)
}

/// Holds the delegation until the transaction ends and refuses where its delegates are not to be changed.
async fn admit(ctx: &Ctx, tx: &Tx, delegation: DelegationId) -> Result<Visible<Delegation>, Error> {
    let held = hold(tx, delegation).await?;
    held.content.state.admit_delegates(!ctx.actor.sees_everything())?;
    Ok(held)
}

/// Refuses an organisation that names or describes somebody too late.
pub(super) async fn on_time(ctx: &Ctx, tx: &Tx, event: &Visible<Event>, reason: Option<&str>) -> Result<(), Error> {
    if ctx.actor.sees_everything() {
        return Ok(());
    }
    let rules = registration::rules(tx, event.id).await?;
    Ok(rules.admit_nomination(registration::today(tx, event)?, reason)?)
}

/// Refuses a second head beside one there is; gives what was said of heads so far, which is nothing.
async fn first_head(tx: &Tx, delegation: DelegationId) -> Result<Heads, Error> {
    let heads = heads::store::heads_find(tx.connection(), delegation).await?;
    if heads.is_empty() {
        return Ok(heads);
    }
    let detail = "The delegation has a head. Give the present head another function, or say who leads from when (PUT                   /delegations/{id}/heads).";
    Err(Error::conflict("head_exists", detail))
}

/// Lets a delegate become the head, or stop being it, where `function` says so.
async fn lead(
    tx: &Tx,
    event: &Visible<Event>,
    current: &Visible<Delegate>,
    held: &Visible<Delegation>,
    function: Function,
) -> Result<(), Error> {
    let (before, after) = (current.content.nomination.function == Function::Head, function == Function::Head);
    let delegation = (DelegationId(held.id), current.content.organisation_id);
    match (before, after) {
        (false, true) => {
            let heads = first_head(tx, delegation.0).await?;
            heads::write(tx, event, delegation, &heads, &Heads::only(DelegateId(current.id))).await?;
        }
        (true, false) => leave(tx, event, current, held).await?,
        _ => {}
    }
    Ok(())
}

/// Lets a delegate who leaves the delegation, or leads it no more, be none of its heads, where it can do without.
async fn leave(
    tx: &Tx,
    event: &Visible<Event>,
    current: &Visible<Delegate>,
    held: &Visible<Delegation>,
) -> Result<(), Error> {
    let delegation = DelegationId(held.id);
    let heads = heads::store::heads_find(tx.connection(), delegation).await?;
    if !heads.goes_on_with(DelegateId(current.id), tx.now()) {
        return Ok(());
    }
    held.content.state.leave_without_head()?;
    if heads.rows().len() > 1 {
        let detail = "This delegate leads the delegation for a part of the time. Say first who leads without them (PUT                       /delegations/{id}/heads).";
        return Err(Error::conflict("head_terms", detail));
    }
    heads::write(tx, event, (delegation, current.content.organisation_id), &heads, &Heads::default()).await?;
    Ok(())
}

/// Records a change of a delegate.
fn record(
    tx: &Tx,
    event: &Visible<Event>,
    kind: &'static str,
    before: &Visible<Delegate>,
    after: &Visible<Delegate>,
) -> Result<(), Error> {
    let diff = audit::diff(&before.content, &after.content)?;
    let told = change(kind, (after.id, after.version), event, after.content.organisation_id, diff);
    // Of a protected person whom the actor does not know, the delegate's own number leads to them.
    let person = reference(after.content.nomination.person_id.as_ref()).filter(|person| !person.is_nil());
    tx.record(Change { subject: person, ..told });
    Ok(())
}

/// The delegation of a delegate.
pub(super) fn delegation_of(delegate: &Visible<Delegate>) -> Result<DelegationId, Error> {
    reference(Some(&delegate.content.nomination.delegation_id))
        .map(DelegationId)
        .ok_or_else(|| Error::internal("a delegate without the id of its delegation"))
}
