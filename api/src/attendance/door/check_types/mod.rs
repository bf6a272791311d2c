//! Check types: what is checked at the doors of an event. For those who run it.

pub mod resource;
pub mod store;

use domain::{
    access::{Resource, Visibility},
    attendance::door::{CheckType, CheckTypeDetails},
    events::Event,
    identifier::{EventId, Handle},
};
use serde_json::Value;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Visible, reference, to_json},
    error::Error,
    events, schedule,
};

/// One page of the check types of an event, in the order in which they were made.
pub async fn list(ctx: &Ctx, event: &Handle, paging: &Paging) -> Result<Page<Visible<CheckType>>, Error> {
    let connection = ctx.read(Resource::Badges)?;
    let event = events::get(ctx, event).await?;
    store::check_type_list(connection, &ctx.actor, EventId(event.id), paging).await
}

/// One check type.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<CheckType>, Error> {
    store::check_type_find(ctx.read(Resource::Badges)?, &ctx.actor, handle).await
}

/// Adds a check type to an event.
pub async fn create(ctx: &Ctx, event: &Handle, input: CheckTypeDetails) -> Result<Visible<CheckType>, Error> {
    ctx.actor.may_write(Resource::Badges)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Badges, events::target(&event))?;
    let input = resolved(ctx, &event, input).await?;
    let tx = ctx.write(permit).await?;
    let made = store::check_type_insert(&tx, EventId(event.id), &input).await?;
    tx.record(change("check_type.created", &made, &event, to_json(&made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// Changes what is said of a check type, if it still is what the caller read. `edit` makes the new details of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&CheckTypeDetails) -> Result<CheckTypeDetails, Error>,
) -> Result<Visible<CheckType>, Error> {
    ctx.actor.may_write(Resource::Badges)?;
    let current = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(current.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Badges, events::target(&event))?;
    expected.check_object(&current)?;
    let input = resolved(ctx, &event, edit(&current.content.details)?).await?;
    let tx = ctx.write(permit).await?;
    let made = store::check_type_update(&tx, &current, input).await?;
    let diff = audit::diff(&current.content, &made.content)?;
    tx.record(change("check_type.updated", &made, &event, diff));
    tx.commit().await?;
    Ok(made)
}

/// Takes a check type away: its doors let nobody pass any more. What was scanned there stays.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Badges)?;
    let current = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(current.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Badges, events::target(&event))?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    let version = store::check_type_delete(&tx, &current).await?;
    let gone = Visible { version, ..current };
    tx.record(Change { deleted: true, ..change("check_type.deleted", &gone, &event, Value::Null) });
    tx.commit().await
}

/// The input with its session by id, which must be one of the same event.
async fn resolved(ctx: &Ctx, event: &Visible<Event>, input: CheckTypeDetails) -> Result<CheckTypeDetails, Error> {
    input.check()?;
    let Some(named) = &input.session_id else { return Ok(input) };
    let session = schedule::resolve(ctx, named, "/session_id").await?;
    if reference(Some(&session.content.details.event_id)) != Some(event.id) {
        let detail = "Name a session of the same event.";
        return Err(Error::invalid("/session_id", "unknown_session", detail));
    }
    Ok(CheckTypeDetails { session_id: Some(Handle::Id(session.id)), ..input })
}

fn change(kind: &'static str, made: &Visible<CheckType>, event: &Visible<Event>, diff: Value) -> Change {
    let stated = event.content.details.disclosure();
    Change {
        event: Some(event.id),
        group: reference(event.content.details.group_id.as_ref()),
        disclosure: stated.at_least(Visibility::Secretariat),
        diff,
        ..Change::new(kind, made.id, made.version)
    }
}
