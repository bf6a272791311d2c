//! When delegates can come to sessions: what they or their organisation say of it, and when their calendar has them
//! busy. Whoever sees a delegate sees when; why is the organisation's and the secretariat's alone.

pub mod resource;
mod store;

use domain::{
    access::Resource,
    attendance::{
        Availability, Delegate,
        availability::{CalendarFile, Imported},
    },
    events::Event,
    identifier::{DelegateId, DelegationId, EventId, Handle},
};
use serde_json::Value;

use super::{change, delegates, delegations, target};
use crate::{
    context::Ctx,
    db::{Expected, Tx, Visible, reference},
    error::Error,
    events,
};

/// When a delegate can come, with the version of the delegate.
#[derive(Debug)]
pub struct Said {
    /// When.
    pub availability: Availability,
    /// Rises with every write of the delegate; the entity tag.
    pub version: i32,
}

/// When a delegate can come.
pub async fn get(ctx: &Ctx, delegate: &Handle) -> Result<Said, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let delegate = delegates::get(ctx, delegate).await?;
    let availability = store::availability_find(connection, DelegateId(delegate.id)).await?;
    let inside =
        ctx.actor.sees_everything() || ctx.actor.acts_for(delegate.content.organisation_id, delegate.content.event_id);
    let availability = if inside { availability } else { availability.without_reasons() };
    Ok(Said { availability, version: delegate.version })
}

/// Says when a delegate can come, if nobody has written the delegate meanwhile.
pub async fn set(ctx: &Ctx, delegate: &Handle, expected: Expected, input: Availability) -> Result<Said, Error> {
    let (event, tx, current) = held(ctx, delegate).await?;
    expected.check_object(&current)?;
    let availability = input.settled(&event.content)?;
    let version = write(&tx, &event, &current, &availability).await?;
    tx.commit().await?;
    Ok(Said { availability, version })
}

/// Takes the busy times of a calendar in the place of those of the one before.
pub async fn import(ctx: &Ctx, delegate: &Handle, file: CalendarFile) -> Result<Imported, Error> {
    let (event, tx, current) = held(ctx, delegate).await?;
    let before = store::availability_find(tx.connection(), DelegateId(current.id)).await?;
    let (availability, not_read) = before.with_calendar(&file, &event.content)?;
    write(&tx, &event, &current, &availability).await?;
    tx.commit().await?;
    Ok(Imported { windows: availability.windows, not_read })
}

/// A delegate the caller may write, and whom nobody else writes until the transaction ends.
async fn held(ctx: &Ctx, delegate: &Handle) -> Result<(Visible<Event>, Tx, Visible<Delegate>), Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let known = delegates::get(ctx, delegate).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(known.content.organisation_id)))?;
    let tx = ctx.write(permit).await?;
    let delegation = reference(Some(&known.content.nomination.delegation_id)).map(DelegationId);
    let delegation = delegation.ok_or_else(|| Error::internal("a delegate without the id of its delegation"))?;
    delegations::store::delegation_held(&tx, delegation).await?.ok_or(Error::Gone)?;
    let current = delegates::store::delegate_find(tx.connection(), &ctx.actor, &Handle::Id(known.id)).await?;
    Ok((event, tx, current))
}

/// Writes it; gives the version of the delegate. The audit log says that it changed and not to what: why somebody cannot
/// come is not for keeps.
async fn write(
    tx: &Tx,
    event: &Visible<Event>,
    delegate: &Visible<Delegate>,
    availability: &Availability,
) -> Result<i32, Error> {
    let id = DelegateId(delegate.id);
    store::availability_replace(tx, id, EventId(event.id), availability).await?;
    let version = delegates::store::delegate_touch(tx, id).await?;
    let organisation = delegate.content.organisation_id;
    tx.record(change("delegate.availability_changed", (id.0, version), event, organisation, Value::Null));
    Ok(version)
}
