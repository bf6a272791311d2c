//! Queries of keys and accounts, and the predicates by which every other capability narrows its reads.

use ::entity::access::{api_key, api_key_limit};
use domain::identifier::{EventId, GroupId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

pub use ::entity::access::api_key::Model as ApiKey;

/// The key with this public part, whatever its state.
pub async fn key_by_prefix(connection: &impl ConnectionTrait, prefix: &str) -> Result<Option<ApiKey>, DbErr> {
    api_key::Entity::find().filter(api_key::Column::Prefix.eq(prefix)).one(connection).await
}

/// What a key is limited to.
pub async fn key_limits(connection: &impl ConnectionTrait, key: Uuid) -> Result<(Vec<EventId>, Vec<GroupId>), DbErr> {
    let rows = api_key_limit::Entity::find().filter(api_key_limit::Column::KeyId.eq(key)).all(connection).await?;
    let of = |kind: &str| rows.iter().filter(|row| row.kind == kind).map(|row| row.object_id).collect::<Vec<_>>();
    Ok((of("event").into_iter().map(EventId).collect(), of("group").into_iter().map(GroupId).collect()))
}
