//! The change feed: what happened, told in the order in which it was committed.
//!
//! A caller gets every committed change it may see, without gaps or repeats, tombstones included: [`crate::db::Tx`]
//! numbers changes in commit order. The cursor is the id of the last change given, not its number, so that nobody
//! learns from it how much happened out of sight.

pub mod resource;
pub mod store;

use std::time::Duration;

use domain::access::Resource;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::{context::Ctx, error::Error};
pub use store::Filter;

/// Seconds a caller can wait for the next change: as long as the document says, and less than such a request may take.
pub const LONGEST_WAIT: u64 = 30;

/// A committed change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeEntry {
    /// Tells repeated deliveries of this change apart from others.
    pub id: Uuid,
    /// What happened, such as `session.moved`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When (UTC).
    pub at: Timestamp,
    /// What it happened to, such as `session`.
    pub object_kind: String,
    /// Its id.
    pub object_id: Uuid,
    /// Its version after the change.
    pub object_version: i32,
    /// Its event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<Uuid>,
    /// Its group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<Uuid>,
    /// Whether it is gone: a tombstone.
    pub deleted: bool,
}

/// Changes after a cursor.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Changes {
    /// In commit order.
    pub items: Vec<ChangeEntry>,
    /// Send it as `after` for what comes next; the one you sent if nothing has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Uuid>,
    /// Whether there is more already.
    pub more: bool,
}

/// Changes after `after`, at once or as soon as there is one within `wait` seconds.
pub async fn list(ctx: &Ctx, filter: &Filter, after: Option<Uuid>, limit: u64, wait: u64) -> Result<Changes, Error> {
    let connection = ctx.read(Resource::Changes)?;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(wait.min(LONGEST_WAIT));
    let mut commits = ctx.app.db.commits();
    loop {
        commits.mark_unchanged();
        let changes = store::change_list(connection, &ctx.actor, filter, after, limit).await?;
        let left = deadline.saturating_duration_since(tokio::time::Instant::now());
        if !changes.items.is_empty() || left.is_zero() {
            return Ok(changes);
        }
        // Our own commits wake us; those of other instances are seen within a second.
        tokio::time::timeout(left.min(Duration::from_secs(1)), commits.changed()).await.ok();
    }
}
