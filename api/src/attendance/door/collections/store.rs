//! Queries of collections. Who may see those of a delegation is decided where the delegation is found.

use std::collections::HashMap;

use ::entity::attendance::{
    badge,
    badge_collection::{ActiveModel, Column, Entity, Model},
    delegate,
};
use domain::{
    attendance::door::{BadgeCollection, BadgeState},
    events::Event,
    identifier::{BadgeId, DelegateId, DelegationId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    db::{self, Page, Paging, Tx, Visible, from_chrono, page_of, to_chrono},
    error::Error,
};

/// A badge as far as handing it out depends on it.
#[derive(Debug, Clone, Copy)]
pub struct ToCollect {
    /// Whether it opens anything.
    pub state: BadgeState,
    /// Whether it was picked up.
    pub collected: bool,
}

/// One page of a delegation, the first collection first, with the badges of each.
pub async fn collection_list(
    connection: &impl ConnectionTrait,
    delegation: DelegationId,
    paging: &Paging,
) -> Result<Page<BadgeCollection>, Error> {
    let select = Entity::find().filter(Column::DelegationId.eq(delegation.0));
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    let mut badges: HashMap<Uuid, Vec<BadgeId>> = HashMap::new();
    let rows = badge::Entity::find()
        .filter(badge::Column::CollectionId.is_in(page.items.iter().map(|row| row.id)))
        .order_by_asc(badge::Column::Serial)
        .order_by_asc(badge::Column::Printing)
        .all(connection)
        .await?;
    for row in rows {
        badges.entry(row.collection_id.unwrap_or_default()).or_default().push(BadgeId(row.id));
    }
    page.try_map(|row| {
        Ok(BadgeCollection {
            id: row.id,
            delegation_id: DelegationId(row.delegation_id),
            badge_ids: badges.remove(&row.id).unwrap_or_default(),
            collected_by: DelegateId(row.collected_by),
            collected_at: from_chrono(row.collected_at),
        })
    })
}

/// Those of `ids` that are badges of delegates of the delegation.
pub async fn badges_to_collect(
    tx: &Tx,
    delegation: DelegationId,
    ids: &[BadgeId],
) -> Result<HashMap<BadgeId, ToCollect>, Error> {
    let delegates = Query::select()
        .column(delegate::Column::Id)
        .from(delegate::Entity)
        .and_where(delegate::Column::DelegationId.eq(delegation.0))
        .to_owned();
    let rows = badge::Entity::find()
        .filter(badge::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(badge::Column::DelegateId.in_subquery(delegates))
        .all(tx.connection())
        .await?;
    let found = |row: badge::Model| {
        let state = db::word(&row.state, BadgeState::parse)?;
        Ok((BadgeId(row.id), ToCollect { state, collected: row.collection_id.is_some() }))
    };
    rows.into_iter().map(found).collect()
}

/// Adds a collection, and notes it on its badges, which are held; gives their versions.
pub async fn collection_insert(
    tx: &Tx,
    event: &Visible<Event>,
    made: &BadgeCollection,
) -> Result<Vec<(BadgeId, i32)>, Error> {
    let row = ActiveModel {
        id: Set(made.id),
        event_id: Set(event.id),
        delegation_id: Set(made.delegation_id.0),
        collected_by: Set(made.collected_by.0),
        collected_at: Set(to_chrono(made.collected_at)),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    let done = badge::Entity::update_many()
        .col_expr(badge::Column::CollectionId, Expr::value(Some(made.id)))
        .col_expr(badge::Column::Version, Expr::col(badge::Column::Version).add(1))
        .col_expr(badge::Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .filter(badge::Column::Id.is_in(made.badge_ids.iter().map(|id| id.0)))
        .exec_with_returning(tx.connection())
        .await?;
    let mut versions: Vec<_> = done.into_iter().map(|row| (BadgeId(row.id), row.version)).collect();
    versions.sort();
    Ok(versions)
}
