//! Delegates: persons in a delegation. The secretariat and the organisation itself name them; nobody else sees them.

pub mod resource;
pub mod store;

use domain::{
    access::Resource,
    attendance::{Delegate, Function, Nomination},
    identifier::{DelegationId, EventId, Handle},
};
use serde_json::Value;
use uuid::Uuid;

use super::{change, delegations, target};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events, people,
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
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    input.check()?;
    let person = people::resolve(ctx, &input.person_id, "/person_id").await?;
    let input = Nomination { person_id: Handle::Id(person.0), delegation_id: Handle::Id(delegation.0), ..input };
    let tx = ctx.write(permit).await?;
    admit(ctx, &tx, delegation).await?;
    if store::person_is_named(&tx, delegation, person).await? {
        let detail = "This person is already in the delegation. Change the delegate there is instead.";
        return Err(Error::conflict("already_nominated", detail));
    }
    one_head(&tx, &input, delegation, None).await?;
    let id = store::delegate_insert(&tx, EventId(event.id), delegation, person, &input).await?;
    let made = store::delegate_find(tx.connection(), &ctx.actor, &Handle::Id(id)).await?;
    let diff = to_json(&made.content)?;
    let told = change("delegate.nominated", (made.id, made.version), &event, organisation, diff);
    tx.record(Change { subject: Some(person.0), ..told });
    tx.commit().await?;
    Ok(made)
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
    admit(ctx, &tx, delegation).await?;
    one_head(&tx, &nomination, delegation, Some(current.id)).await?;
    let next = Delegate { nomination, ..current.content.clone() };
    let made = store::delegate_update(&tx, current.clone(), next).await?;
    let diff = audit::diff(&current.content, &made.content)?;
    let told = change("delegate.updated", (made.id, made.version), &event, organisation, diff);
    // Of a protected person whom the actor does not know, the delegate's own number leads to them.
    let person = reference(Some(&made.content.nomination.person_id)).filter(|person| !person.is_nil());
    tx.record(Change { subject: person, ..told });
    tx.commit().await?;
    Ok(made)
}

/// Withdraws a delegate; sessions where the person sat keep it.
pub async fn withdraw(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let current = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(current.content.event_id.0)).await?;
    let organisation = current.content.organisation_id;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    let state = delegations::store::delegation_lock(&tx, delegation_of(&current)?).await?;
    state.admit_withdrawal(!ctx.actor.sees_everything())?;
    let version = store::delegate_delete(&tx, &current).await?;
    let gone = change("delegate.withdrawn", (current.id, version), &event, organisation, Value::Null);
    tx.record(Change { deleted: true, ..gone });
    tx.commit().await
}

/// Holds the delegation until the transaction ends and refuses where its delegates are not to be changed.
async fn admit(ctx: &Ctx, tx: &Tx, delegation: DelegationId) -> Result<(), Error> {
    let state = delegations::store::delegation_lock(tx, delegation).await?;
    Ok(state.admit_delegates(!ctx.actor.sees_everything())?)
}

/// Refuses a second head. The delegation is held, so that nobody else names one meanwhile.
async fn one_head(tx: &Tx, input: &Nomination, delegation: DelegationId, own: Option<Uuid>) -> Result<(), Error> {
    if input.function == Function::Head && store::head_exists(tx, delegation, own).await? {
        let detail = "The delegation has a head. Give the present head another function, or withdraw them, and then \
                      name the new one.";
        return Err(Error::conflict("head_exists", detail));
    }
    Ok(())
}

fn delegation_of(delegate: &Visible<Delegate>) -> Result<DelegationId, Error> {
    reference(Some(&delegate.content.nomination.delegation_id))
        .map(DelegationId)
        .ok_or_else(|| Error::internal("a delegate without the id of its delegation"))
}
