//! Queries of the conflicts of groups. The use cases have asked whether the caller may know of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ::entity::groups::{
    conflict::{ActiveModel, Column, Entity},
    role,
};
use domain::{
    access::Actor,
    groups::{Function, GroupConflict, GroupConflicts},
    identifier::GroupId,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    db::{Tx, from_json, to_chrono, to_json},
    error::Error,
    groups::store::groups_seen,
};

/// What a group says, with the version: 0 and nothing while nothing was said.
pub(super) async fn conflicts_find(
    connection: &impl ConnectionTrait,
    group: GroupId,
) -> Result<(GroupConflicts, i32), Error> {
    match Entity::find_by_id(group.0).one(connection).await? {
        Some(row) => Ok((GroupConflicts { conflicts: from_json(row.conflicts)? }, row.version)),
        None => Ok((GroupConflicts::default(), 0)),
    }
}

/// What these groups say.
pub(super) async fn conflicts_of(
    connection: &impl ConnectionTrait,
    groups: impl IntoIterator<Item = GroupId>,
) -> Result<HashMap<GroupId, Vec<GroupConflict>>, Error> {
    let select = Entity::find().filter(Column::GroupId.is_in(groups.into_iter().map(|group| group.0)));
    let rows = select.all(connection).await?;
    rows.into_iter().map(|row| Ok((GroupId(row.group_id), from_json(row.conflicts)?))).collect()
}

/// Writes it under the version after `version`; the group is held.
pub(super) async fn conflicts_write(tx: &Tx, group: GroupId, version: i32, said: &GroupConflicts) -> Result<(), Error> {
    let row = ActiveModel {
        group_id: Set(group.0),
        version: Set(version + 1),
        changed_at: Set(to_chrono(tx.now())),
        conflicts: Set(to_json(&said.conflicts)?),
    };
    let columns = [Column::Version, Column::ChangedAt, Column::Conflicts];
    let replace = OnConflict::column(Column::GroupId).update_columns(columns).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Which two of these groups have a chair or co-chair in common at `at`.
pub(super) async fn chaired_alike(
    connection: &impl ConnectionTrait,
    groups: &[GroupId],
    at: Timestamp,
) -> Result<Vec<[GroupId; 2]>, Error> {
    let among = role::Column::GroupId.is_in(groups.iter().map(|group| group.0));
    let rows: Vec<(Uuid, Uuid)> = chairs(at)
        .filter(among)
        .column(role::Column::PersonId)
        .column(role::Column::GroupId)
        .into_tuple()
        .all(connection)
        .await?;
    let mut chaired: BTreeMap<Uuid, BTreeSet<GroupId>> = BTreeMap::new();
    for (person, group) in rows {
        chaired.entry(person).or_default().insert(GroupId(group));
    }
    let mut pairs = BTreeSet::new();
    for groups in chaired.into_values() {
        let others = |one: GroupId| groups.range(one..).skip(1).map(move |other| [one, *other]);
        pairs.extend(groups.iter().flat_map(|one| others(*one)));
    }
    Ok(pairs.into_iter().collect())
}

/// The groups the actor may see that have a chair or co-chair in common with this one at the instant of the request.
pub(super) async fn chaired_with(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    group: GroupId,
) -> Result<Vec<GroupId>, Error> {
    let own = Query::select()
        .column(role::Column::PersonId)
        .from(role::Entity)
        .cond_where(chairing(actor.at).add(role::Column::GroupId.eq(group.0)))
        .to_owned();
    let others: Vec<Uuid> = chairs(actor.at)
        .filter(role::Column::PersonId.in_subquery(own))
        .filter(role::Column::GroupId.ne(group.0))
        .filter(role::Column::GroupId.in_subquery(groups_seen(actor)))
        .column(role::Column::GroupId)
        .distinct()
        .order_by_asc(role::Column::GroupId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(others.into_iter().map(GroupId).collect())
}

/// Chairs and co-chairs in their term.
fn chairs(at: Timestamp) -> Select<role::Entity> {
    role::Entity::find().select_only().filter(chairing(at))
}

fn chairing(at: Timestamp) -> Condition {
    let at = to_chrono(at);
    Condition::all()
        .add(role::Column::Function.is_in([Function::Chair, Function::CoChair].map(Function::as_str)))
        .add(role::Column::DeletedAt.is_null())
        .add(role::Column::ValidFrom.lte(at))
        .add(Condition::any().add(role::Column::ValidTo.is_null()).add(role::Column::ValidTo.gt(at)))
}
