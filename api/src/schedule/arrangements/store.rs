//! Queries of what hosts arrange. The use cases have asked whether the caller plans the event.

use ::entity::schedule::practical_arrangement::{ActiveModel, Column, Entity};
use domain::{identifier::EventId, schedule::Arrangements};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::{
    db::{Tx, from_json, to_chrono, to_json},
    error::Error,
};

/// What the host of an event arranges, with the version: 0 and nothing while nothing was said.
pub async fn arrangements_find(
    connection: &impl ConnectionTrait,
    event: EventId,
) -> Result<(Arrangements, i32), Error> {
    match Entity::find_by_id(event.0).one(connection).await? {
        Some(row) => Ok((from_json(row.arrangements)?, row.version)),
        None => Ok((Arrangements::default(), 0)),
    }
}

/// Writes it under this version; the event is held.
pub async fn arrangements_write(
    tx: &Tx,
    event: EventId,
    version: i32,
    arrangements: &Arrangements,
) -> Result<(), Error> {
    let row = ActiveModel {
        event_id: Set(event.0),
        version: Set(version),
        changed_at: Set(to_chrono(tx.now())),
        arrangements: Set(to_json(arrangements)?),
    };
    let written = [Column::Version, Column::ChangedAt, Column::Arrangements];
    let replace = OnConflict::column(Column::EventId).update_columns(written).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx.connection()).await?;
    Ok(())
}
