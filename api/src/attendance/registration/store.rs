//! Queries of what events ask of those who come. Who sees the event sees it; the use cases have asked for the event.

use ::entity::attendance::registration::{ActiveModel, Column, Entity, Model};
use domain::{
    attendance::{Quota, Registration},
    identifier::EventId,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Tx, date_from_chrono, date_to_chrono, from_json, to_chrono, to_json},
    error::Error,
};

/// What an event asks, with its version: 0 and what is usual while nothing was said.
pub async fn registration_find(
    connection: &impl ConnectionTrait,
    event: EventId,
) -> Result<(Registration, i32), Error> {
    let row = Entity::find().filter(Column::EventId.eq(event.0)).one(connection).await?;
    row.map_or_else(|| Ok((Registration::default(), 0)), |row| Ok((content(&row)?, row.version)))
}

/// Writes it under the version after `version`, if that still is the one.
pub async fn registration_write(tx: &Tx, event: EventId, version: i32, input: &Registration) -> Result<(), Error> {
    let row = ActiveModel {
        version: Set(version + 1),
        changed_at: Set(to_chrono(tx.now())),
        nominate_by: Set(input.nominate_by.map(date_to_chrono)),
        confirm_by: Set(input.confirm_by.map(date_to_chrono)),
        quota_in_person: Set(number(input.quota.in_person)?),
        quota_online: Set(number(input.quota.online)?),
        quota_overflow: Set(number(input.quota.overflow)?),
        offer_hours: Set(i32::from(input.offer_hours)),
        remind_days_before: Set(to_json(&input.remind_days_before)?),
        ..Default::default()
    };
    if version > 0 {
        let update = Entity::update_many().set(row).filter(Column::EventId.eq(event.0));
        let done = update.filter(Column::Version.eq(version)).exec(tx.connection()).await?;
        return if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(None)) };
    }
    let (id, at) = (tx.new_id()?, to_chrono(tx.now()));
    let row = ActiveModel { id: Set(id), created_at: Set(at), deleted_at: Set(None), event_id: Set(event.0), ..row };
    let inserted = Entity::insert(row).exec_without_returning(tx.connection()).await;
    inserted.map(drop).map_err(|error| Error::on_unique(error, || Error::Stale(None)))
}

/// A number of places as a column holds it.
pub(in crate::attendance) fn number(places: Option<u32>) -> Result<Option<i32>, Error> {
    places.map(|places| i32::try_from(places).map_err(Error::internal)).transpose()
}

/// The number of places in a column.
pub(in crate::attendance) fn places(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

fn content(row: &Model) -> Result<Registration, Error> {
    Ok(Registration {
        nominate_by: row.nominate_by.map(date_from_chrono),
        confirm_by: row.confirm_by.map(date_from_chrono),
        quota: Quota {
            in_person: places(row.quota_in_person),
            online: places(row.quota_online),
            overflow: places(row.quota_overflow),
        },
        offer_hours: u16::try_from(row.offer_hours).map_err(Error::internal)?,
        remind_days_before: from_json(row.remind_days_before.clone())?,
    })
}
