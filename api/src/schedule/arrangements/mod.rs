//! What the host of an event arranges: hours, days off, times kept free, ways and interpreters. Those who plan the event
//! say it and read it; what follows for its programme is found by `clashes`.

pub mod resource;
pub mod store;

use domain::{
    access::{Resource, Visibility},
    events::{Event, Venues},
    identifier::{EventId, Handle},
    schedule::Arrangements,
    time,
};
use sea_orm::ConnectionTrait;

use super::clashes::planned;
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Visible, reference},
    error::Error,
    events,
};

/// What the host arranges, with its version.
#[derive(Debug)]
pub struct Said {
    /// What was said, as the clocks of the event stand now.
    pub arrangements: Arrangements,
    /// Rises with every write; 0 while nothing was said.
    pub version: i32,
}

/// What the host arranges; for those who plan.
pub async fn get(ctx: &Ctx, event: &Handle) -> Result<Said, Error> {
    let event = planned(ctx, event).await?;
    read(ctx.read(Resource::Sessions)?, &event).await
}

/// Says what the host arranges.
pub async fn set(ctx: &Ctx, event: &Handle, expected: Expected, input: Arrangements) -> Result<Said, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let before = read(tx.connection(), &event).await?;
    expected.check_version(before.version, &before.arrangements)?;
    let rooms = events::rooms::store::venues_all(tx.connection()).await?;
    let venues = Venues::of(rooms.iter().map(|(venue, zone)| (venue, zone.as_deref())));
    let arrangements = input.settled(&event.content, &venues, &before.arrangements)?;
    let version = before.version + 1;
    store::arrangements_write(&tx, EventId(event.id), version, &arrangements).await?;
    let details = &event.content.details;
    tx.record(Change {
        event: Some(event.id),
        group: reference(details.group_id.as_ref()),
        disclosure: details.disclosure().at_least(Visibility::Chairs),
        diff: audit::diff(&before.arrangements, &arrangements)?,
        ..Change::new("practical_arrangements.updated", event.id, version)
    });
    tx.commit().await?;
    Ok(Said { arrangements, version })
}

async fn read(connection: &impl ConnectionTrait, event: &Visible<Event>) -> Result<Said, Error> {
    let (arrangements, version) = store::arrangements_find(connection, EventId(event.id)).await?;
    let zone = time::zone(&event.content.details.time_zone, "/time_zone")?;
    Ok(Said { arrangements: arrangements.recalled(&zone), version })
}
