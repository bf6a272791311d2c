//! Queries of what passes from a delegate to whoever comes instead.

use ::entity::{attendance::attendance, schedule::session};
use domain::{
    Text,
    access::Actor,
    identifier::{DelegateId, SessionId},
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

/// The sessions the actor may see that have not begun, or have no time yet, and in which the delegate is recorded to
/// sit; by their time.
pub async fn sessions_ahead(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    delegate: DelegateId,
    now: Timestamp,
) -> Result<Vec<(SessionId, Text)>, Error> {
    let ahead =
        Condition::any().add(session::Column::StartsAt.is_null()).add(session::Column::StartsAt.gt(to_chrono(now)));
    let lines =
        session::Entity::belongs_to(attendance::Entity).from(session::Column::Id).to(attendance::Column::SessionId);
    let rows: Vec<(Uuid, Json)> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .column(session::Column::Title)
        .join(JoinType::InnerJoin, lines.into())
        .filter(attendance::Column::RepresentedBy.eq(delegate.0))
        .filter(attendance::Column::DeletedAt.is_null())
        .filter(session::Column::DeletedAt.is_null())
        .filter(ahead)
        .filter(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .order_by_asc(session::Column::StartsAt)
        .order_by_asc(session::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    rows.into_iter().map(|(id, title)| Ok((SessionId(id), from_json(title)?))).collect()
}
