//! Queries of who stands around a text. What a text says of them does not depend on who reads it, so nothing here is
//! narrowed to a viewer: the statement was found first.

use ::entity::{
    attendance::{attendance, delegation},
    events::event,
    groups::{group, membership},
    schedule::session,
};
use domain::{
    access::Actor,
    attendance::{Category, State, Status},
    groups,
    identifier::{EventId, GroupId, Handle, OrganisationId},
    statements::Inflected,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};
use uuid::Uuid;

use crate::{
    access::store::{events_of, inside_event_visible},
    db::{from_chrono, from_json, reference, to_chrono},
    error::Error,
};

/// The co-chairs of a group at an instant, by code, and since when each of them has been in the chair.
pub async fn co_chair_list(
    connection: &impl ConnectionTrait,
    group: GroupId,
    at: Timestamp,
) -> Result<Vec<(OrganisationId, Timestamp)>, Error> {
    let at = to_chrono(at);
    let rows: Vec<(Uuid, chrono::DateTime<chrono::Utc>)> = membership::Entity::find()
        .filter(membership::Column::GroupId.eq(group.0))
        .filter(membership::Column::Category.eq(groups::Category::CoChair.as_str()))
        .filter(membership::Column::DeletedAt.is_null())
        .filter(membership::Column::ValidFrom.lte(at))
        .filter(Condition::any().add(membership::Column::ValidTo.is_null()).add(membership::Column::ValidTo.gt(at)))
        .order_by_asc(membership::Column::SortKey)
        .select_only()
        .column(membership::Column::OrganisationId)
        .column(membership::Column::ValidFrom)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(chair, since)| (OrganisationId(chair), from_chrono(since))).collect())
}

/// Members and hosts that were represented in any session of the event.
pub async fn represented_list(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<OrganisationId>, Error> {
    let sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::EventId.eq(event.0))
        .and_where(session::Column::DeletedAt.is_null())
        .to_owned();
    let represented = Query::select()
        .column(attendance::Column::DelegationId)
        .from(attendance::Entity)
        .and_where(attendance::Column::SessionId.in_subquery(sessions))
        .and_where(attendance::Column::Status.is_in(Status::REPRESENTED.iter().map(|status| status.as_str())))
        .and_where(attendance::Column::DeletedAt.is_null())
        .to_owned();
    delegation_list(connection, event, delegation::Column::Id.in_subquery(represented)).await
}

/// Members and hosts that have said they come.
pub async fn accepted_list(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<OrganisationId>, Error> {
    let coming = [State::Accepted, State::Composing, State::Submitted, State::Confirmed, State::Closed];
    delegation_list(connection, event, delegation::Column::State.is_in(coming.map(State::as_str))).await
}

async fn delegation_list(
    connection: &impl ConnectionTrait,
    event: EventId,
    which: sea_orm::sea_query::SimpleExpr,
) -> Result<Vec<OrganisationId>, Error> {
    let organisations: Vec<Uuid> = delegation::Entity::find()
        .select_only()
        .column(delegation::Column::OrganisationId)
        .filter(delegation::Column::EventId.eq(event.0))
        .filter(delegation::Column::DeletedAt.is_null())
        // Observers, press and guests do not formulate.
        .filter(delegation::Column::Category.is_in([Category::Member, Category::Host].map(Category::as_str)))
        .filter(which)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(organisations.into_iter().map(OrganisationId).collect())
}

/// The name of the group that meets, with the case forms that are stored.
pub async fn group_name(connection: &impl ConnectionTrait, group: GroupId) -> Result<Inflected, Error> {
    let row = group::Entity::find_by_id(group.0).one(connection).await?.ok_or(Error::NotFound)?;
    Ok(Inflected { name: from_json(row.name)?, forms: from_json(row.name_forms)? })
}

/// Whether the actor staffs the event, or its organisation has a delegation there or belongs to the group.
pub async fn takes_part(connection: &impl ConnectionTrait, actor: &Actor, event: &Handle) -> Result<bool, Error> {
    let Some(id) = reference(Some(event)) else { return Ok(false) };
    let own = |organisation| Condition::all().add(event::Column::Id.in_subquery(events_of(actor, organisation)));
    let inside = event::Entity::find_by_id(id).filter(inside_event_visible(actor, event::Column::Id, own));
    Ok(inside.count(connection).await? > 0)
}
