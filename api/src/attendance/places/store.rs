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
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use crate::{
    db::{self, Tx, from_chrono_opt, to_chrono},
    error::Error,
};

/// Who holds places in delegations and who waits for one, as it was read at one moment.
#[derive(Debug, Default)]
pub struct Taken {
    held: HashMap<(DelegationId, Participation), u32>,
    waiting: HashMap<(DelegationId, Participation), Vec<Waiting>>,
}

impl Taken {
    /// The places of one kind in a delegation.
    pub fn places(&self, delegation: DelegationId, participation: Participation, quota: Quota) -> Places {
        let of = (delegation, participation);
        Places {
            participation,
            quota: quota.of(participation),
            held: self.held.get(&of).copied().unwrap_or_default(),
            waiting: self.waiting.get(&of).cloned().unwrap_or_default(),
        }
    }
}

/// Who holds places of every kind in these delegations, and who waits for one.
pub async fn places_of(connection: &impl ConnectionTrait, delegations: &[DelegationId]) -> Result<Taken, Error> {
    let ids: Vec<Uuid> = delegations.iter().map(|id| id.0).collect();
    let held: Vec<(Uuid, String, i64)> = delegate::Entity::find()
        .select_only()
        .columns([delegate::Column::DelegationId, delegate::Column::Participation])
        .column_as(delegate::Column::Id.count(), "held")
        .filter(delegate::Column::DelegationId.is_in(ids.iter().copied()))
        .filter(delegate::Column::State.is_in(DelegateState::PLACED.iter().map(|state| state.as_str())))
        .filter(delegate::Column::DeletedAt.is_null())
        .group_by(delegate::Column::DelegationId)
        .group_by(delegate::Column::Participation)
        .into_tuple()
        .all(connection)
        .await?;
    let mut taken = Taken::default();
    for (delegation, way, held) in held {
        let of = (DelegationId(delegation), db::word(&way, Participation::parse)?);
        taken.held.insert(of, u32::try_from(held).map_err(Error::internal)?);
    }
    let rows =
        Entity::find().filter(Column::DelegationId.is_in(ids)).order_by_asc(Column::Rank).all(connection).await?;
    for row in rows {
        let of = (DelegationId(row.delegation_id), db::word(&row.participation, Participation::parse)?);
        let (delegate, offered_until) = (DelegateId(row.delegate_id), from_chrono_opt(row.offered_until));
        taken.waiting.entry(of).or_default().push(Waiting { delegate, offered_until });
    }
    Ok(taken)
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
