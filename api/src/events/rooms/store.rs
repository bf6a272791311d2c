//! Queries of rooms. Whoever may read rooms at all may read all of them, so the finder has no visibility predicate.

use std::collections::{HashMap, HashSet};

use ::entity::events::room::{ActiveModel, Column, Entity, Model};
use domain::{Code, Text, events::Room, external::ExternalId, identifier::Handle};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, prelude::Json};
use uuid::Uuid;

use crate::{
    db::{
        self, Page, Paging, Tx, Visible, external_ids_of, external_ids_replace, from_chrono, from_json, page_of,
        reference, to_chrono, to_json,
    },
    error::Error,
};

/// One page, by code.
pub async fn room_list(
    connection: &impl ConnectionTrait,
    q: Option<&str>,
    paging: &Paging,
) -> Result<Page<Visible<Room>>, Error> {
    let mut select = Entity::find().filter(Column::DeletedAt.is_null());
    if let Some(q) = q {
        select = select.filter(db::contains(Column::SearchKey, q));
    }
    let page =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Model| (&row.sort_key, row.id))
            .await?;
    let mut external = external_ids_of(connection, super::KIND, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| {
        let ids = external.remove(&row.id).unwrap_or_default();
        room_read(row, ids)
    })
}

/// The only finder of one room.
pub async fn room_find(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Visible<Room>, Error> {
    let select = match handle {
        Handle::Id(id) => Entity::find_by_id(*id),
        Handle::Code(code) => Entity::find().filter(Column::CodeKey.eq(code)).filter(Column::DeletedAt.is_null()),
    };
    let row = select.one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let ids = external_ids_of(connection, super::KIND, [row.id]).await?.remove(&row.id).unwrap_or_default();
    room_read(row, ids)
}

/// The rooms of these ids, deleted ones too, without their external ids.
pub async fn rooms_by_id(connection: &impl ConnectionTrait, ids: HashSet<Uuid>) -> Result<HashMap<Uuid, Room>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(connection).await?;
    rows.into_iter().map(|row| Ok((row.id, room_read(row, vec![])?.content))).collect()
}

/// All rooms that are not deleted, without their external ids.
pub async fn rooms_all(connection: &impl ConnectionTrait) -> Result<HashMap<Uuid, Room>, Error> {
    let rows = Entity::find().filter(Column::DeletedAt.is_null()).all(connection).await?;
    rows.into_iter().map(|row| Ok((row.id, room_read(row, vec![])?.content))).collect()
}

/// Venue and zone of all rooms that are not deleted.
pub async fn venues_all(connection: &impl ConnectionTrait) -> Result<Vec<(Text, Option<String>)>, Error> {
    let rooms = Entity::find().filter(Column::DeletedAt.is_null());
    let rows: Vec<(Json, Option<String>)> =
        rooms.select_only().columns([Column::Venue, Column::Zone]).into_tuple().all(connection).await?;
    rows.into_iter().map(|(venue, zone)| Ok((from_json(venue)?, zone))).collect()
}

/// Adds a row.
pub async fn room_insert(tx: &Tx, input: &Room) -> Result<Visible<Room>, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        ..columns(tx, input)?
    };
    let row = Entity::insert(row)
        .exec_with_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &input.code))?;
    external_ids_replace(tx, super::KIND, id, &input.external_ids).await?;
    room_read(row, input.external_ids.clone())
}

/// Replaces the row, if its version is still that of `current`.
pub async fn room_update(tx: &Tx, current: &Visible<Room>, input: &Room) -> Result<Visible<Room>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, input)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &input.code))?;
    let row = rows.into_iter().next().ok_or(Error::Stale(None))?;
    external_ids_replace(tx, super::KIND, current.id, &input.external_ids).await?;
    room_read(row, input.external_ids.clone())
}

/// Turns the row into a tombstone; gives its version.
pub async fn room_delete(tx: &Tx, current: &Visible<Room>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    external_ids_replace(tx, super::KIND, current.id, &[]).await?;
    Ok(current.version + 1)
}

fn columns(tx: &Tx, input: &Room) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        code: Set(input.code.to_string()),
        code_key: Set(input.code.key()),
        name: Set(to_json(&input.name)?),
        venue: Set(to_json(&input.venue)?),
        public_label: Set(to_json(&input.public_label)?),
        capacity: Set(input.capacity),
        layouts: Set(to_json(&input.layouts)?),
        zone: Set(input.zone.clone()),
        floor: Set(input.floor),
        position: Set(input.position.clone()),
        time_zone: Set(input.time_zone.clone()),
        opening_hours: Set(to_json(&input.opening_hours)?),
        needs_approval: Set(input.needs_approval),
        shared: Set(input.shared),
        owner_group_id: Set(reference(input.owner_group_id.as_ref())),
        features: Set(to_json(&input.features)?),
        search_key: Set(input.search_key()),
        sort_key: Set(input.code.key()),
        ..Default::default()
    })
}

/// The room of a row, with what partners know it by.
pub fn room_read(row: Model, external_ids: Vec<ExternalId>) -> Result<Visible<Room>, Error> {
    let content = Room {
        code: Code::try_from(row.code).map_err(Error::internal)?,
        name: from_json(row.name)?,
        venue: from_json(row.venue)?,
        public_label: from_json(row.public_label)?,
        capacity: row.capacity,
        layouts: from_json(row.layouts)?,
        zone: row.zone,
        floor: row.floor,
        position: row.position,
        time_zone: row.time_zone,
        opening_hours: from_json(row.opening_hours)?,
        needs_approval: row.needs_approval,
        shared: row.shared,
        owner_group_id: row.owner_group_id.map(Handle::Id),
        features: from_json(row.features)?,
        external_ids,
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content,
    })
}

fn code_taken(error: sea_orm::DbErr, code: &Code) -> Error {
    Error::on_unique(error, || Error::conflict("code_taken", format!("Another room already has the code '{code}'.")))
}
