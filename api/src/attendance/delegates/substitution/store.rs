//! Queries of what passes from a delegate to whoever comes instead.

use ::entity::{attendance::attendance, schedule::session};
use chrono::{DateTime, NaiveDateTime, Utc};
use domain::{
    Text,
    access::Actor,
    identifier::{DelegateId, SessionId},
    schedule::Slot,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, prelude::Json,
};
use uuid::Uuid;

use crate::{
    access::store::in_event_visible,
    db::{from_json, to_chrono},
    error::Error,
    events::sittings,
};

/// Id and title, start and end on the wall, and their instants.
type Row = (Uuid, Json, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The sessions the actor may see that have not begun, or have no time yet, and in which the delegate is recorded to
/// sit, and when; by their time.
pub async fn sessions_ahead(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    delegate: DelegateId,
    now: Timestamp,
) -> Result<Vec<(SessionId, Text, Option<Slot>)>, Error> {
    let ahead =
        Condition::any().add(session::Column::StartsAt.is_null()).add(session::Column::StartsAt.gt(to_chrono(now)));
    let lines =
        session::Entity::belongs_to(attendance::Entity).from(session::Column::Id).to(attendance::Column::SessionId);
    let rows: Vec<Row> = session::Entity::find()
        .select_only()
        .columns([session::Column::Id, session::Column::Title])
        .columns([session::Column::StartsLocal, session::Column::EndsLocal])
        .columns([session::Column::StartsAt, session::Column::EndsAt])
        .join(JoinType::InnerJoin, lines.into())
        .filter(attendance::Column::RepresentedBy.eq(delegate.0))
        .filter(attendance::Column::DeletedAt.is_null())
        .filter(session::Column::DeletedAt.is_null())
        .filter(ahead)
        .filter(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .order_by_asc(session::Column::SortKey)
        .order_by_asc(session::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    let read = |(id, title, starts, ends, starts_at, ends_at): Row| {
        Ok((SessionId(id), from_json(title)?, sittings::slot_of((starts, ends), (starts_at, ends_at))))
    };
    rows.into_iter().map(read).collect()
}
