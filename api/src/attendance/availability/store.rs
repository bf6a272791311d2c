//! Rows of availability, one a delegate. Who may see whose is decided by who sees the delegate.

use ::entity::attendance::delegate_availability::{ActiveModel, Column, Entity};
use domain::{
    attendance::Availability,
    identifier::{DelegateId, EventId},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::{
    db::{Tx, from_json, to_json},
    error::Error,
};

/// When a delegate can come; always, if nothing was said.
pub(super) async fn availability_find(
    connection: &impl ConnectionTrait,
    delegate: DelegateId,
) -> Result<Availability, Error> {
    let row = Entity::find_by_id(delegate.0).one(connection).await?;
    let windows = row.and_then(|row| row.windows).map(from_json).transpose()?.unwrap_or_default();
    Ok(Availability { windows })
}

/// Writes when a delegate can come.
pub(super) async fn availability_replace(
    tx: &Tx,
    delegate: DelegateId,
    event: EventId,
    availability: &Availability,
) -> Result<(), Error> {
    let row = ActiveModel {
        delegate_id: Set(delegate.0),
        event_id: Set(event.0),
        windows: Set(Some(to_json(&availability.windows)?)),
    };
    let known = OnConflict::column(Column::DelegateId).update_column(Column::Windows).to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(tx.connection()).await?;
    Ok(())
}
