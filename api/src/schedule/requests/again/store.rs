//! Queries of what became of groups and persons since last time.

use std::collections::HashSet;

use ::entity::groups::{group, role};
use domain::{
    access::Actor,
    groups::State,
    identifier::{GroupId, PersonId},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use crate::{access::store::group_visible, db::to_chrono, error::Error};

/// Those of these groups that are concluded or deleted.
pub(super) async fn groups_ended(
    connection: &impl ConnectionTrait,
    groups: impl IntoIterator<Item = Uuid>,
) -> Result<HashSet<GroupId>, Error> {
    let over = Condition::any()
        .add(group::Column::DeletedAt.is_not_null())
        .add(group::Column::State.eq(State::Concluded.as_str()));
    let select = group::Entity::find().select_only().column(group::Column::Id);
    let ids: Vec<Uuid> =
        select.filter(group::Column::Id.is_in(groups)).filter(over).into_tuple().all(connection).await?;
    Ok(ids.into_iter().map(GroupId).collect())
}

/// Groups near this one that were made after `since` and that the actor may see: those beside it in the same group, its
/// own parts, and the one it is a part of.
pub(super) async fn groups_made_near(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    group: GroupId,
    since: Timestamp,
) -> Result<Vec<GroupId>, Error> {
    let above = Query::select()
        .column(group::Column::ParentId)
        .from(group::Entity)
        .and_where(group::Column::Id.eq(group.0))
        .and_where(group::Column::ParentId.is_not_null())
        .to_owned();
    let near = Condition::any()
        .add(group::Column::ParentId.eq(group.0))
        .add(group::Column::ParentId.in_subquery(above.clone()))
        .add(group::Column::Id.in_subquery(above));
    let ids: Vec<Uuid> = group::Entity::find()
        .select_only()
        .column(group::Column::Id)
        .filter(near)
        .filter(group::Column::Id.ne(group.0))
        .filter(group::Column::CreatedAt.gt(to_chrono(since)))
        .filter(group::Column::DeletedAt.is_null())
        .filter(group::Column::State.ne(State::Concluded.as_str()))
        .filter(group_visible(actor))
        .order_by_asc(group::Column::Id)
        .limit(50)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(GroupId).collect())
}

/// Those of these persons who have a role in one of the groups at `at`.
pub(super) async fn persons_in_role(
    connection: &impl ConnectionTrait,
    persons: &[PersonId],
    groups: impl IntoIterator<Item = Uuid>,
    at: Timestamp,
) -> Result<HashSet<PersonId>, Error> {
    let at = to_chrono(at);
    let ids: Vec<Uuid> = role::Entity::find()
        .select_only()
        .column(role::Column::PersonId)
        .filter(role::Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(role::Column::GroupId.is_in(groups))
        .filter(role::Column::DeletedAt.is_null())
        .filter(role::Column::ValidFrom.lte(at))
        .filter(Condition::any().add(role::Column::ValidTo.is_null()).add(role::Column::ValidTo.gt(at)))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(PersonId).collect())
}
