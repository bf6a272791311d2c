//! Rows of availability, one a delegate or a delegation. Who may see whose is decided by who sees those.

use ::entity::attendance::availability::{ActiveModel, Column, Entity};
use domain::{
    attendance::{Availability, availability::Owner},
    identifier::EventId,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    db::{Tx, from_json, to_json},
    error::Error,
};

/// The column that names the owner, and the owner's id.
fn key(owner: Owner) -> (Column, Uuid) {
    match owner {
        Owner::Delegate(id) => (Column::DelegateId, id.0),
        Owner::Delegation(id) => (Column::DelegationId, id.0),
    }
}

/// When somebody can come; always, if nothing was said.
pub(super) async fn availability_find(connection: &impl ConnectionTrait, owner: Owner) -> Result<Availability, Error> {
    let (column, id) = key(owner);
    let row = Entity::find().filter(column.eq(id)).one(connection).await?;
    let windows = row.and_then(|row| row.windows).map(from_json).transpose()?.unwrap_or_default();
    Ok(Availability { windows })
}

/// The id of the row of an owner who is held; made now where nobody has said anything yet.
pub(super) async fn availability_hold(tx: &Tx, owner: Owner, event: EventId) -> Result<Uuid, Error> {
    let (column, id) = key(owner);
    if let Some(row) = Entity::find().filter(column.eq(id)).one(tx.connection()).await? {
        return Ok(row.id);
    }
    availability_replace(tx, owner, event, &Availability::default()).await?;
    let row = Entity::find().filter(column.eq(id)).one(tx.connection()).await?;
    row.map(|row| row.id).ok_or_else(|| Error::internal("availability that was written is not there"))
}

/// Writes when somebody can come.
pub(super) async fn availability_replace(
    tx: &Tx,
    owner: Owner,
    event: EventId,
    availability: &Availability,
) -> Result<(), Error> {
    let (delegate, delegation) = match owner {
        Owner::Delegate(id) => (Some(id.0), None),
        Owner::Delegation(id) => (None, Some(id.0)),
    };
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        event_id: Set(event.0),
        delegate_id: Set(delegate),
        delegation_id: Set(delegation),
        windows: Set(Some(to_json(&availability.windows)?)),
    };
    let known = OnConflict::column(key(owner).0).update_column(Column::Windows).to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(tx.connection()).await?;
    Ok(())
}
