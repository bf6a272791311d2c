//! Queries of places in delegations and of who waits for one.

use std::collections::HashMap;

use ::entity::attendance::{
    delegate, delegation,
    waiting_delegate::{ActiveModel, Column, Entity},
};
use domain::{
    attendance::{DelegateState, Participation, Places, Quota, Waiting},
    identifier::{DelegateId, DelegationId, EventId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};
use uuid::Uuid;

use crate::{
    db::{Tx, from_chrono_opt, to_chrono},
    error::Error,
};

/// The places of one kind in a delegation.
pub async fn places_find(
    connection: &impl ConnectionTrait,
    delegation: DelegationId,
    participation: Participation,
    quota: Quota,
) -> Result<Places, Error> {
    let held = delegate::Entity::find()
        .filter(delegate::Column::DelegationId.eq(delegation.0))
        .filter(delegate::Column::Participation.eq(participation.as_str()))
        .filter(delegate::Column::State.is_in(DelegateState::PLACED.iter().map(|state| state.as_str())))
        .filter(delegate::Column::DeletedAt.is_null())
        .count(connection)
        .await?;
    let rows = Entity::find()
        .filter(Column::DelegationId.eq(delegation.0))
        .filter(Column::Participation.eq(participation.as_str()))
        .order_by_asc(Column::Rank)
        .all(connection)
        .await?;
    let waiting = rows.into_iter().map(|row| Waiting {
        delegate: DelegateId(row.delegate_id),
        offered_until: from_chrono_opt(row.offered_until),
    });
    Ok(Places {
        participation,
        quota: quota.of(participation),
        held: u32::try_from(held).map_err(Error::internal)?,
        waiting: waiting.collect(),
    })
}

/// Replaces who waits for places of this kind in a delegation, which must be held.
pub async fn waiting_replace(tx: &Tx, delegation: DelegationId, places: &Places) -> Result<(), Error> {
    Entity::delete_many()
        .filter(Column::DelegationId.eq(delegation.0))
        .filter(Column::Participation.eq(places.participation.as_str()))
        .exec(tx.connection())
        .await?;
    let rows: Vec<_> = (1..)
        .zip(&places.waiting)
        .map(|(rank, waiting)| ActiveModel {
            delegate_id: Set(waiting.delegate.0),
            delegation_id: Set(delegation.0),
            participation: Set(places.participation.to_string()),
            rank: Set(rank),
            offered_until: Set(waiting.offered_until.map(to_chrono)),
        })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Takes a delegate off whatever list they are on.
pub async fn waiting_remove(tx: &Tx, delegate: DelegateId) -> Result<(), Error> {
    Entity::delete_by_id(delegate.0).exec(tx.connection()).await?;
    Ok(())
}

/// The delegations of an event in which somebody waits, with their organisations and their own numbers of places; held
/// until the transaction ends.
pub async fn delegations_waiting(tx: &Tx, event: EventId) -> Result<HashMap<DelegationId, (Uuid, Quota)>, Error> {
    let waiting = Query::select().column(Column::DelegationId).from(Entity).to_owned();
    let rows = delegation::Entity::find()
        .filter(delegation::Column::EventId.eq(event.0))
        .filter(delegation::Column::Id.in_subquery(waiting))
        .order_by_asc(delegation::Column::Id)
        .lock_exclusive()
        .all(tx.connection())
        .await?;
    let own = |row: delegation::Model| {
        let quota = super::super::delegations::store::quota(&row);
        (DelegationId(row.id), (row.organisation_id, quota))
    };
    Ok(rows.into_iter().map(own).collect())
}
