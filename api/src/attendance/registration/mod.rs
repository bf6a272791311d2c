//! What an event asks of those who come: deadlines, numbers of places, reminders. The secretariat says so.

pub mod resource;
pub mod store;

use domain::{
    access::Resource,
    attendance::{Registration, registration},
    events::Event,
    identifier::{EventId, Handle},
    time,
};
use jiff::civil::Date;
use uuid::Uuid;

use super::{places, target};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Tx, Visible, reference},
    error::Error,
    events,
};

/// What an event asks, with its version.
#[derive(Debug)]
pub struct Asked {
    /// What it asks.
    pub registration: Registration,
    /// Rises with every write; 0 while nothing was said.
    pub version: i32,
}

/// What an event asks of those who come; for those who see the event and who may come at all.
pub async fn get(ctx: &Ctx, event: &Handle) -> Result<Asked, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let (registration, version) = store::registration_find(connection, EventId(event.id)).await?;
    Ok(Asked { registration, version })
}

/// Says what an event asks. Where there are more places than before, those who wait are offered them.
pub async fn set(ctx: &Ctx, event: &Handle, expected: Expected, input: Registration) -> Result<Asked, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, None))?;
    input.check()?;
    let tx = ctx.write(permit).await?;
    let (before, version) = store::registration_find(tx.connection(), EventId(event.id)).await?;
    expected.check_version(version, &before)?;
    store::registration_write(&tx, EventId(event.id), version, &input).await?;
    places::settle_event(&tx, &event, &input).await?;
    let diff = audit::diff(&before, &input)?;
    tx.record(Change {
        event: Some(event.id),
        group: reference(event.content.details.group_id.as_ref()),
        disclosure: event.content.details.disclosure(),
        diff,
        ..Change::new("registration.updated", event.id, version + 1)
    });
    tx.commit().await?;
    Ok(Asked { registration: input, version: version + 1 })
}

/// What holds at the event of a delegation that is being written.
pub(super) async fn rules(tx: &Tx, event: Uuid) -> Result<Registration, Error> {
    Ok(store::registration_find(tx.connection(), EventId(event)).await?.0)
}

/// The day at the event's place, by which its deadlines are counted.
pub(super) fn today(tx: &Tx, event: &Visible<Event>) -> Result<Date, Error> {
    let zone = time::zone(&event.content.details.time_zone, "/time_zone")?;
    Ok(registration::today(tx.now(), &zone))
}
