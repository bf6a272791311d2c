//! What calendar programs leave behind by reading: which app password was used, and what a client was given.
//!
//! Like the last use of a key these are facts about the request itself; they need no permit.

use ::entity::{access::app_password, calendars::state};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Db, to_chrono};
use crate::error::Error;

/// How long what a client was given is remembered. One that is away for longer begins anew.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Db {
    /// Notes that an app password was used, and by which program.
    pub(crate) async fn app_password_used(&self, id: Uuid, now: Timestamp, agent: Option<&str>) -> Result<(), Error> {
        app_password::Entity::update_many()
            .col_expr(app_password::Column::LastUsedAt, Expr::value(Some(to_chrono(now))))
            .col_expr(app_password::Column::LastAgent, Expr::value(agent.map(str::to_owned)))
            .filter(app_password::Column::Id.eq(id))
            .exec(self.write())
            .await?;
        Ok(())
    }

    /// Keeps what a calendar held under this tag, and forgets what it held long ago. One tag stands for one content, so
    /// whoever comes second changes nothing.
    pub(crate) async fn calendar_state_keep(
        &self,
        feed: Uuid,
        tag: &str,
        entries: Value,
        now: Timestamp,
    ) -> Result<(), Error> {
        use state::Column;
        let row = state::ActiveModel {
            feed_id: Set(feed),
            tag: Set(tag.to_owned()),
            kept_at: Set(to_chrono(now)),
            entries: Set(entries),
        };
        let known = OnConflict::columns([Column::FeedId, Column::Tag]).do_nothing().to_owned();
        state::Entity::insert(row).on_conflict(known).exec_without_returning(self.write()).await?;
        let of_feed = state::Entity::delete_many().filter(Column::FeedId.eq(feed));
        of_feed.filter(Column::KeptAt.lt(to_chrono(now - REMEMBERED))).exec(self.write()).await?;
        Ok(())
    }
}
