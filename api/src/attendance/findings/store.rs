//! Queries of findings. Who may see them is decided where their delegation is found.

use std::collections::HashMap;

use ::entity::{
    attendance::credential_finding::{ActiveModel, Column, Entity, Model},
    schedule::session,
};
use domain::{
    Text,
    access::Actor,
    attendance::{Finding, finding::Found},
    identifier::{DelegationId, EventId, SessionId},
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Json,
};
use uuid::Uuid;

use crate::{
    access::store::in_event_visible,
    db::{self, Page, Paging, Tx, from_chrono, from_json, page_by_number, to_chrono},
    error::Error,
    events::sittings,
};

/// One page of the findings on a delegation, oldest first.
pub async fn finding_list(
    connection: &impl ConnectionTrait,
    delegation: DelegationId,
    paging: &Paging,
) -> Result<Page<Found>, Error> {
    let select = Entity::find().filter(Column::DelegationId.eq(delegation.0));
    page_by_number(connection, select, Column::Number, paging, |row: &Model| (row.number, row.id)).await?.try_map(found)
}

/// The finding that holds of a delegation.
pub async fn finding_last(connection: &impl ConnectionTrait, delegation: DelegationId) -> Result<Option<Found>, Error> {
    let select = Entity::find().filter(Column::DelegationId.eq(delegation.0));
    select.order_by_desc(Column::Number).one(connection).await?.map(found).transpose()
}

/// The findings that held at `at` of the delegations at an event.
pub async fn finding_latest(
    connection: &impl ConnectionTrait,
    event: EventId,
    at: Timestamp,
) -> Result<HashMap<DelegationId, Found>, Error> {
    let rows = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::CreatedAt.lte(to_chrono(at)))
        .order_by_asc(Column::Number)
        .all(connection)
        .await?;
    // The last of each delegation stays.
    rows.into_iter().map(|row| Ok((DelegationId(row.delegation_id), found(row)?))).collect()
}

/// Adds a finding; gives the id of its row.
pub async fn finding_insert(tx: &Tx, event: EventId, finding: &Found) -> Result<Uuid, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        delegation_id: Set(finding.delegation_id.0),
        event_id: Set(event.0),
        number: Set(finding.number),
        finding: Set(finding.finding.to_string()),
        session_id: Set(finding.session_id.map(Uuid::from)),
        committee: Set(finding.committee.clone()),
        reason: Set(finding.reason.clone()),
        created_at: Set(to_chrono(tx.now())),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(id)
}

/// The titles of those of `ids` that the actor sees.
pub async fn session_titles(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: impl Iterator<Item = SessionId>,
) -> Result<HashMap<Uuid, Text>, Error> {
    let rows: Vec<(Uuid, Json)> = session::Entity::find()
        .select_only()
        .columns([session::Column::Id, session::Column::Title])
        .filter(session::Column::Id.is_in(ids.map(Uuid::from)))
        .filter(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .into_tuple()
        .all(connection)
        .await?;
    rows.into_iter().map(|(id, title)| Ok((id, from_json(title)?))).collect()
}

fn found(row: Model) -> Result<Found, Error> {
    Ok(Found {
        delegation_id: DelegationId(row.delegation_id),
        number: row.number,
        finding: db::word(&row.finding, Finding::parse)?,
        session_id: row.session_id.map(SessionId),
        committee: row.committee,
        reason: row.reason,
        found_at: Some(from_chrono(row.created_at)),
    })
}
