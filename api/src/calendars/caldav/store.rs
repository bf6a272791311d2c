//! Queries of what calendars held.

use ::entity::calendars::state::{Column, Entity};
use domain::calendars::caldav::State;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{db::from_json, error::Error};

/// What a calendar held under this tag, as far as that was kept.
pub(super) async fn state_find(
    connection: &impl ConnectionTrait,
    feed: Uuid,
    tag: &str,
) -> Result<Option<State>, Error> {
    let row = Entity::find().filter(Column::FeedId.eq(feed)).filter(Column::Tag.eq(tag)).one(connection).await?;
    row.map(|row| from_json(row.entries)).transpose()
}
