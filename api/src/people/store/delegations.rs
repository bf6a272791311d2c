//! Queries of the delegations that persons are in, as far as what is known of the persons depends on them.

use std::collections::HashMap;

use ::entity::{
    attendance::{delegate, delegation},
    events::event,
};
use domain::{
    access::{Actor, Target},
    attendance::{DelegateState, State},
    identifier::{EventId, GroupId, OrganisationId, PersonId},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    access::store::fence::event_unsealed,
    db::{Tx, to_chrono},
    error::Error,
};

/// Where the person is in delegations of this organisation and has not left them: delegations that are not closed, nor
/// kept from the actor by a seal.
pub async fn delegations_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    person: PersonId,
    organisation: OrganisationId,
) -> Result<Vec<Target>, Error> {
    let delegates = Query::select()
        .column(delegate::Column::DelegationId)
        .from(delegate::Entity)
        .and_where(delegate::Column::PersonId.eq(person.0))
        .and_where(delegate::Column::State.is_not_in(DelegateState::GONE.iter().map(|state| state.as_str())))
        .and_where(delegate::Column::DeletedAt.is_null())
        .to_owned();
    let events = delegation::Entity::belongs_to(event::Entity).from(delegation::Column::EventId).to(event::Column::Id);
    let rows: Vec<(Uuid, Option<Uuid>)> = delegation::Entity::find()
        .select_only()
        .column(delegation::Column::EventId)
        .column(event::Column::GroupId)
        .join(JoinType::InnerJoin, events.into())
        .filter(delegation::Column::OrganisationId.eq(organisation.0))
        .filter(delegation::Column::Id.in_subquery(delegates))
        .filter(delegation::Column::State.ne(State::Closed.as_str()))
        .filter(event_unsealed(actor, delegation::Column::EventId))
        .filter(delegation::Column::DeletedAt.is_null())
        .order_by_asc(delegation::Column::EventId)
        .into_tuple()
        .all(connection)
        .await?;
    let target = |(event, group): (Uuid, Option<Uuid>)| Target {
        event: Some(EventId(event)),
        group: group.map(GroupId),
        organisation: Some(organisation),
    };
    Ok(rows.into_iter().map(target).collect())
}

/// An approval that was sent back to review.
#[derive(Debug)]
pub struct Approved {
    /// The delegate.
    pub id: Uuid,
    /// Its version now.
    pub version: i32,
    /// The event.
    pub event: Uuid,
    /// The organisation.
    pub organisation: Uuid,
}

/// Sends the person's approvals back to review, except in delegations that are closed: what is past stays.
pub async fn approvals_withdraw(tx: &Tx, person: PersonId) -> Result<Vec<Approved>, Error> {
    let open = delegation::Entity::find().filter(delegation::Column::State.ne(State::Closed.as_str()));
    let mine = Query::select()
        .column(delegate::Column::DelegationId)
        .from(delegate::Entity)
        .and_where(delegate::Column::PersonId.eq(person.0))
        .and_where(delegate::Column::State.eq(DelegateState::Approved.as_str()))
        .and_where(delegate::Column::DeletedAt.is_null())
        .to_owned();
    let open = open.filter(delegation::Column::Id.in_subquery(mine)).all(tx.connection()).await?;
    let of: HashMap<Uuid, Uuid> = open.into_iter().map(|row| (row.id, row.organisation_id)).collect();
    let sent = delegate::Entity::update_many()
        .col_expr(delegate::Column::State, Expr::value(DelegateState::UnderReview.as_str()))
        .col_expr(delegate::Column::Version, Expr::col(delegate::Column::Version).add(1))
        .col_expr(delegate::Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .filter(delegate::Column::PersonId.eq(person.0))
        .filter(delegate::Column::State.eq(DelegateState::Approved.as_str()))
        .filter(delegate::Column::DelegationId.is_in(of.keys().copied()))
        .filter(delegate::Column::DeletedAt.is_null())
        .exec_with_returning(tx.connection())
        .await?;
    let approved = |row: delegate::Model| {
        let organisation = *of.get(&row.delegation_id)?;
        Some(Approved { id: row.id, version: row.version, event: row.event_id, organisation })
    };
    Ok(sent.into_iter().filter_map(approved).collect())
}
