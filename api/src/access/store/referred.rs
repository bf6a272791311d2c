//! What keys and accounts refer to, by id or code.

use ::entity::{events::event, groups::group, organisations::organisation, people::person};
use domain::{access::Actor, identifier::Handle};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::fence;

/// The event of this id or code, if there is one that no seal keeps from the actor.
pub async fn event_id(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Option<Uuid>, DbErr> {
    let named = match handle {
        Handle::Id(id) => Condition::all().add(event::Column::Id.eq(*id)),
        Handle::Code(code) => Condition::all().add(event::Column::CodeKey.eq(code)),
    };
    let select = event::Entity::find().filter(named).filter(event::Column::DeletedAt.is_null());
    let select = select.filter(fence::unsealed(actor, event::Column::GroupId));
    Ok(select.one(connection).await?.map(|row| row.id))
}

/// The group of this id or code, if there is one that no seal keeps from the actor.
pub async fn group_id(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Option<Uuid>, DbErr> {
    let named = match handle {
        Handle::Id(id) => Condition::all().add(group::Column::Id.eq(*id)),
        Handle::Code(code) => Condition::all().add(group::Column::CodeKey.eq(code)),
    };
    let select = group::Entity::find().filter(named).filter(group::Column::DeletedAt.is_null());
    let select = select.filter(fence::unsealed(actor, group::Column::Id));
    Ok(select.one(connection).await?.map(|row| row.id))
}

/// The organisation of this id or code, if there is one.
pub async fn organisation_id(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Option<Uuid>, DbErr> {
    let named = match handle {
        Handle::Id(id) => Condition::all().add(organisation::Column::Id.eq(*id)),
        Handle::Code(code) => Condition::all().add(organisation::Column::CodeKey.eq(code)),
    };
    let select = organisation::Entity::find().filter(named).filter(organisation::Column::DeletedAt.is_null());
    Ok(select.one(connection).await?.map(|row| row.id))
}

/// The person of this id, if there is one.
pub async fn person_id(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Option<Uuid>, DbErr> {
    let Handle::Id(id) = handle else { return Ok(None) };
    let select = person::Entity::find_by_id(*id).filter(person::Column::DeletedAt.is_null());
    Ok(select.one(connection).await?.map(|row| row.id))
}
