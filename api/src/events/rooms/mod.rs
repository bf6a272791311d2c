//! Rooms in venues. Events share them, so only a secretariat without limits writes here; every key may read.

pub mod resource;
pub mod store;

use domain::{
    access::{Resource, Target},
    events::Room,
    external::ExternalId,
    identifier::Handle,
    time,
};

use crate::{
    context::Ctx,
    db::{Change, Expected, Page, Paging, Visible, object_by_external, to_json},
    error::Error,
    events::{claims, sittings},
    groups,
};

const KIND: &str = "room";

/// One page of the rooms, by code.
pub async fn list(ctx: &Ctx, q: Option<&str>, paging: &Paging) -> Result<Page<Visible<Room>>, Error> {
    store::room_list(ctx.read(Resource::Rooms)?, q, paging).await
}

/// One room.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Room>, Error> {
    store::room_find(ctx.read(Resource::Rooms)?, handle).await
}

/// The room behind a reference in a request body; `pointer` says where it stood.
pub async fn resolve(ctx: &Ctx, handle: &Handle, pointer: &str) -> Result<Visible<Room>, Error> {
    match get(ctx, handle).await {
        Err(Error::NotFound | Error::Gone) => {
            Err(Error::invalid(pointer, "unknown_room", "Name an existing room by id or code."))
        }
        answer => answer,
    }
}

/// Adds a room.
pub async fn create(ctx: &Ctx, input: Room) -> Result<Visible<Room>, Error> {
    let permit = ctx.actor.permit(Resource::Rooms, Target::default())?;
    let input = checked(ctx, input, None).await?;
    let tx = ctx.write(permit).await?;
    let made = store::room_insert(&tx, &input).await?;
    tx.record(change("room.created", &made, to_json(&made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// Changes what is known of a room, if it still is what the caller read. `edit` makes the new room of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Room) -> Result<Room, Error>,
) -> Result<Visible<Room>, Error> {
    let permit = ctx.actor.permit(Resource::Rooms, Target::default())?;
    let current = get(ctx, handle).await?;
    expected.check_object(&current)?;
    let input = checked(ctx, edit(&current.content)?, Some(&current.content)).await?;
    let tx = ctx.write(permit).await?;
    let made = store::room_update(&tx, &current, &input).await?;
    if current.content.shared && !made.content.shared {
        claims::check_alone(ctx, &tx, made.id, &made.content).await?;
    }
    sittings::follow_room(ctx, &tx, &current.content, &made).await?;
    tx.record(change("room.updated", &made, crate::audit::diff(&current.content, &made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// Takes a room out of all lists; sessions that sit in it keep it.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let permit = ctx.actor.permit(Resource::Rooms, Target::default())?;
    let current = get(ctx, handle).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    let version = store::room_delete(&tx, &current).await?;
    tx.record(Change { version, ..change("room.deleted", &current, serde_json::Value::Null) });
    tx.commit().await
}

/// Creates the room a partner knows by `external`, or replaces it. Says whether it is new.
pub async fn put_external(
    ctx: &Ctx,
    external: ExternalId,
    expected: Expected,
    mut input: Room,
) -> Result<(Visible<Room>, bool), Error> {
    external.claim(&mut input.external_ids)?;
    match object_by_external(ctx.read(Resource::Rooms)?, KIND, &external).await? {
        None => Ok((create(ctx, input).await?, true)),
        Some(id) => Ok((edit(ctx, &Handle::Id(id), expected.or_any(), |_| Ok(input)).await?, false)),
    }
}

/// The input with its owner by id and its zone as it is spelt, once nothing is wrong with it. An owner that stays is not
/// asked for again: the group may have been dissolved since.
async fn checked(ctx: &Ctx, mut input: Room, current: Option<&Room>) -> Result<Room, Error> {
    input.check()?;
    if let Some(name) = &input.time_zone
        && let Some(spelt) = time::zone(name, "/time_zone")?.iana_name()
    {
        input.time_zone = Some(spelt.to_owned());
    }
    if let Some(owner) = &input.owner_group_id
        && current.is_none_or(|current| current.owner_group_id != input.owner_group_id)
    {
        input.owner_group_id = Some(Handle::Id(groups::resolve(ctx, owner, "/owner_group_id").await?.0));
    }
    Ok(input)
}

/// Rooms are seen by every key and by nobody else; the change feed has no such level, so it tells the secretariat.
fn change(kind: &'static str, room: &Visible<Room>, diff: serde_json::Value) -> Change {
    Change { diff, ..Change::new(kind, room.id, room.version) }
}
