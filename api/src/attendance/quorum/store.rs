//! Queries of quorums. They are for whoever runs the event, who is told numbers and not who is behind them.

use std::collections::BTreeSet;

use ::entity::{
    attendance::quorum_snapshot::{ActiveModel, Column, Entity, Model},
    groups::membership,
};
use domain::{
    attendance::Quorum,
    groups::Category,
    identifier::{GroupId, OrganisationId, SessionId},
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::Snapshot;
use crate::{
    db::{Page, Paging, Tx, from_chrono, from_json, page_by_number, to_chrono, to_json},
    error::Error,
};

/// The organisations that belong to the group at `at`, or those of all in it with a voting right. Nobody is asked whether
/// they may see them: that of a group whose members the caller does not see, the number is told.
pub async fn members(
    connection: &impl ConnectionTrait,
    group: GroupId,
    at: Timestamp,
    voting: bool,
) -> Result<BTreeSet<OrganisationId>, Error> {
    use membership::Column;
    let at = to_chrono(at);
    let belongs = match voting {
        true => Condition::all().add(Column::VotingRight.eq(true)),
        false => Condition::all().add(Column::Category.is_in(Category::BELONGING.iter().map(|word| word.as_str()))),
    };
    let ids: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(Column::OrganisationId)
        .filter(Column::GroupId.eq(group.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::ValidFrom.lte(at))
        .filter(Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(at)))
        .filter(belongs)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(OrganisationId).collect())
}

/// One page of the snapshots of a session, oldest first.
pub async fn snapshot_list(
    connection: &impl ConnectionTrait,
    session: SessionId,
    paging: &Paging,
) -> Result<Page<Snapshot>, Error> {
    let select = Entity::find().filter(Column::SessionId.eq(session.0));
    page_by_number(connection, select, Column::Number, paging, |row: &Model| (row.number, row.id))
        .await?
        .try_map(snapshot)
}

/// The number of the last snapshot; 0 if there is none.
pub async fn snapshot_last(tx: &Tx, session: SessionId) -> Result<i32, Error> {
    let select = Entity::find().filter(Column::SessionId.eq(session.0)).order_by_desc(Column::Number);
    Ok(select.one(tx.connection()).await?.map_or(0, |row| row.number))
}

/// Adds a snapshot; gives the id of its row.
pub async fn snapshot_insert(tx: &Tx, taken: &Snapshot) -> Result<Uuid, Error> {
    let id = tx.new_id()?;
    let number = |number: usize| i32::try_from(number).map_err(Error::internal);
    let quorum = &taken.quorum;
    let row = ActiveModel {
        id: Set(id),
        session_id: Set(quorum.session_id.0),
        number: Set(taken.number),
        at: Set(to_chrono(quorum.as_of)),
        rule: Set(to_json(&quorum.rule)?),
        entitled: Set(number(quorum.entitled)?),
        present: Set(number(quorum.present)?),
        required: Set(number(quorum.required)?),
        reached: Set(quorum.reached),
        reason: Set(taken.reason.clone()),
        taken_by: Set(taken.taken_by.clone()),
        author_id: Set(tx.author_id()),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(id)
}

fn snapshot(row: Model) -> Result<Snapshot, Error> {
    let number = |number: i32| usize::try_from(number).map_err(Error::internal);
    Ok(Snapshot {
        quorum: Quorum {
            session_id: SessionId(row.session_id),
            as_of: from_chrono(row.at),
            rule: from_json(row.rule)?,
            entitled: number(row.entitled)?,
            present: number(row.present)?,
            required: number(row.required)?,
            reached: row.reached,
        },
        number: row.number,
        reason: row.reason,
        taken_by: row.taken_by,
    })
}
