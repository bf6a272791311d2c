//! Queries of who stands around a text. What a text says of them does not depend on who reads it, so nothing here is
//! narrowed to a viewer: the statement was found first.

use ::entity::{
    attendance::{attendance, delegation},
    events::event,
    groups::{group, membership},
    schedule::session,
};
use domain::{
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
    access::store::events_of,
    db::{from_json, reference, to_chrono},
    error::Error,
};

/// The co-chairs of a group at an instant, in the order in which they came to the chair.
pub async fn co_chair_list(
    connection: &impl ConnectionTrait,
    group: GroupId,
    at: Timestamp,
) -> Result<Vec<OrganisationId>, Error> {
    let at = to_chrono(at);
    let rows = membership::Entity::find()
        .filter(membership::Column::GroupId.eq(group.0))
        .filter(membership::Column::Category.eq("co_chair"))
        .filter(membership::Column::DeletedAt.is_null())
        .filter(membership::Column::ValidFrom.lte(at))
        .filter(Condition::any().add(membership::Column::ValidTo.is_null()).add(membership::Column::ValidTo.gt(at)))
        .order_by_asc(membership::Column::ValidFrom)
        .order_by_asc(membership::Column::CreatedAt)
        .order_by_asc(membership::Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.organisation_id)).collect())
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
        .and_where(attendance::Column::Status.is_in(["present", "online"]))
        .and_where(attendance::Column::DeletedAt.is_null())
        .to_owned();
    delegation_list(connection, event, delegation::Column::Id.in_subquery(represented)).await
}

/// Members and hosts that have said they come.
pub async fn accepted_list(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<OrganisationId>, Error> {
    let coming = ["accepted", "composing", "submitted", "confirmed", "closed"];
    delegation_list(connection, event, delegation::Column::State.is_in(coming)).await
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
        .filter(delegation::Column::Category.is_in(["member", "host"]))
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

/// Whether the organisation has a delegation at the event or belongs to its group.
pub async fn takes_part(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    event: &Handle,
) -> Result<bool, Error> {
    let Some(id) = reference(Some(event)) else { return Ok(false) };
    let own = event::Entity::find_by_id(id).filter(event::Column::Id.in_subquery(events_of(organisation)));
    Ok(own.count(connection).await? > 0)
}
