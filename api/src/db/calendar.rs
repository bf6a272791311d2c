//! What calendar programs leave behind by reading: which app password was used, and what a client was given.
//!
//! Like the last use of a key these are facts about the request itself; they need no permit.

use ::entity::{access::app_password, calendars::state};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict, SimpleExpr},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Db, to_chrono};
use crate::error::Error;

/// How long what a client was given is remembered. One that is away for longer begins anew.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How many contents of one calendar are remembered; more would be those of a calendar that changes all the time.
const MOST: u64 = 100;

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
        let newest = state::Entity::find().select_only().column(Column::KeptAt).filter(Column::FeedId.eq(feed));
        let last_kept = newest.order_by_desc(Column::KeptAt).offset(MOST - 1).limit(1).into_query();
        let last_kept = SimpleExpr::SubQuery(None, Box::new(last_kept.into()));
        let old = Condition::any()
            .add(Column::KeptAt.lt(to_chrono(now - REMEMBERED)))
            .add(Column::KeptAt.into_expr().lt(last_kept));
        let of_feed = state::Entity::delete_many().filter(Column::FeedId.eq(feed));
        of_feed.filter(old).exec(self.write()).await?;
        Ok(())
    }
}
