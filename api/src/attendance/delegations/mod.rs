//! Delegations: one organisation at one event. The secretariat invites, confirms and closes; the organisation answers
//! and submits.

pub mod resource;
pub mod store;

use domain::{
    Violation,
    access::{Resource, Visibility},
    attendance::{Delegation, Invitation, State, Transition, registration::on_time as on_time_for},
    events::Event,
    identifier::{DelegationId, EventId, Handle, OrganisationId},
};
use serde_json::Value;

use super::{change, heads, places, places::Held, registration, target};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events, organisations,
};
pub use store::Filter;

/// One page of the delegations of an event that the caller may see, by the codes of their organisations.
pub async fn list(
    ctx: &Ctx,
    event: &Handle,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Delegation>>, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    store::delegation_list(connection, &ctx.actor, EventId(event.id), filter, paging).await
}

/// Every delegation of an event that the caller may see, in whatever state, by the codes of their organisations.
pub async fn delegations_of(ctx: &Ctx, event: EventId) -> Result<Vec<Visible<Delegation>>, Error> {
    store::delegation_all(ctx.read(Resource::Delegations)?, &ctx.actor, event).await
}

/// One delegation, as much of it as the caller may see.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Delegation>, Error> {
    store::delegation_find(ctx.read(Resource::Delegations)?, &ctx.actor, handle).await
}

/// One delegation with what is the secretariat's and the organisation's own: to others it has no such things.
pub async fn get_inside(ctx: &Ctx, handle: &Handle) -> Result<Visible<Delegation>, Error> {
    let delegation = get(ctx, handle).await?;
    let (organisation, event) = (organisation_of(&delegation.content)?, delegation.content.event_id);
    let inside = ctx.actor.sees_everything() || ctx.actor.acts_for(organisation, event);
    inside.then_some(delegation).ok_or(Error::NotFound)
}

/// The delegation at `event` behind a reference in a request body, its id or the code of its organisation; `pointer`
/// says where it stood.
pub async fn resolve(ctx: &Ctx, event: EventId, handle: &Handle, pointer: &str) -> Result<Visible<Delegation>, Error> {
    match store::delegation_at(ctx.read(Resource::Delegations)?, &ctx.actor, event, handle).await {
        Err(Error::NotFound | Error::Gone) => Err(unknown(pointer).into()),
        answer => answer,
    }
}

/// Nobody the caller knows is meant at `pointer`.
pub(super) fn unknown(pointer: &str) -> Violation {
    let detail = "Name a delegation at this event by its id or by the code of its organisation.";
    Violation::new(pointer, "unknown_delegation", detail)
}

/// The organisation of a delegation.
pub fn organisation_of(delegation: &Delegation) -> Result<OrganisationId, Error> {
    reference(Some(&delegation.invitation.organisation_id))
        .map(OrganisationId)
        .ok_or_else(|| Error::internal("a delegation without the id of its organisation"))
}

/// Invites an organisation.
pub async fn invite(ctx: &Ctx, event: &Handle, input: Invitation) -> Result<Visible<Delegation>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, None))?;
    input.check()?;
    let organisation = organisations::resolve(ctx, &input.organisation_id, "/organisation_id").await?;
    let tx = ctx.write(permit).await?;
    let id = store::delegation_insert(&tx, EventId(event.id), organisation, &input).await?;
    let made = store::delegation_find(tx.connection(), &ctx.actor, &Handle::Id(id)).await?;
    record(&tx, "delegation.invited", &event, &made, to_json(&made.content)?)?;
    tx.commit().await?;
    Ok(made)
}

/// Changes what the secretariat says of a delegation, if it still is what the caller read. `edit` makes the new
/// invitation of the old; the organisation stays.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Invitation) -> Result<Invitation, Error>,
) -> Result<Visible<Delegation>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let current = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(current.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, None))?;
    expected.check_object(&current)?;
    let invitation = same_organisation(ctx, &current.content, edit(&current.content.invitation)?).await?;
    invitation.check()?;
    let tx = ctx.write(permit).await?;
    let next = Delegation { invitation, ..current.content.clone() };
    let made = store::delegation_update(&tx, current.clone(), next).await?;
    Held::new(&tx, &event, &made).await?.settle_all(&tx).await?;
    record(&tx, "delegation.updated", &event, &made, audit::diff(&current.content, &made.content)?)?;
    tx.commit().await?;
    Ok(made)
}

/// Takes a delegation the step that `transition` asks for. With a delegation that is submitted go its delegates.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: Transition) -> Result<Visible<Delegation>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    transition.check()?;
    let known = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let own = (!transition.to.is_for_the_secretariat()).then(|| organisation_of(&known.content)).transpose()?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, own))?;
    let tx = ctx.write(permit).await?;
    let current = lock(ctx, &tx, &known).await?;
    let heads = heads::store::heads_find(tx.connection(), DelegationId(current.id)).await?;
    let state = current.content.state.step(transition.to, !heads.is_empty())?;
    if !ctx.actor.sees_everything() {
        on_time(&tx, &event, &current.content, &transition).await?;
    }
    let late_reason = transition.reason.or_else(|| current.content.late_reason.clone());
    let next = Delegation { state, late_reason, ..current.content.clone() };
    let made = store::delegation_update(&tx, current.clone(), next).await?;
    if state == State::Submitted {
        places::submit_all(&tx, &event, &made).await?;
    }
    record(&tx, "delegation.state_changed", &event, &made, audit::diff(&current.content, &made.content)?)?;
    tx.commit().await?;
    Ok(made)
}

/// Refuses an organisation that answers or names its delegation late and does not say why.
async fn on_time(tx: &Tx, event: &Visible<Event>, current: &Delegation, step: &Transition) -> Result<(), Error> {
    let today = registration::today(tx, event)?;
    let rules = registration::rules(tx, event.id).await?;
    let last = match step.to {
        State::Accepted => current.invitation.reply_due,
        State::Submitted => rules.nominate_by,
        _ => None,
    };
    Ok(on_time_for(last, today, step.reason.as_deref(), "reason")?)
}

/// Takes back an invitation. A delegation that has delegates or was seen at a session is not attending instead: what
/// it did stays on record.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let current = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(current.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, None))?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    lock(ctx, &tx, &current).await?;
    if store::delegation_in_use(&tx, current.id).await? {
        let detail = "This delegation has delegates or recorded attendance. Let it be not_attending, or withdraw its \
                      delegates and set its attendance to unknown first.";
        return Err(Error::conflict("delegation_in_use", detail));
    }
    let version = store::delegation_delete(&tx, &current).await?;
    record(&tx, "delegation.deleted", &event, &Visible { version, ..current }, Value::Null)?;
    tx.commit().await
}

/// The delegation as it is now, held until the transaction ends: its state, its delegates and its head stay as they
/// are found.
pub(super) async fn lock(ctx: &Ctx, tx: &Tx, known: &Visible<Delegation>) -> Result<Visible<Delegation>, Error> {
    store::delegation_lock(tx, DelegationId(known.id)).await?;
    store::delegation_find(tx.connection(), &ctx.actor, &Handle::Id(known.id)).await
}

/// The new invitation, once it is sure that it is for the same organisation.
async fn same_organisation(ctx: &Ctx, current: &Delegation, mut input: Invitation) -> Result<Invitation, Error> {
    let own = organisation_of(current)?;
    if input.organisation_id != Handle::Id(own.0)
        && organisations::resolve(ctx, &input.organisation_id, "/organisation_id").await? != own
    {
        let detail = "A delegation stays its organisation's. Invite the other organisation too.";
        return Err(Error::invalid("/organisation_id", "cannot_change", detail));
    }
    input.organisation_id = Handle::Id(own.0);
    Ok(input)
}

/// Records a change; of a confirmed delegation all who take part learn, as they see it in the list.
fn record(
    tx: &Tx,
    kind: &'static str,
    event: &Visible<Event>,
    delegation: &Visible<Delegation>,
    diff: Value,
) -> Result<(), Error> {
    let organisation = organisation_of(&delegation.content)?;
    let change = change(kind, (delegation.id, delegation.version), event, organisation, diff);
    let announced = event.content.details.disclosure().at_least(Visibility::Participants);
    let disclosure = if delegation.content.state.is_announced() { announced } else { change.disclosure };
    tx.record(Change { disclosure, ..change });
    Ok(())
}
