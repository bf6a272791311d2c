//! The change feed and the audit log: what happened, told in the order in which it was committed.
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

use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
};
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

/// One action as the audit log keeps it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: Uuid,
    /// Groups the entries of one transaction.
    pub position: Uuid,
    /// When (UTC).
    pub at: Timestamp,
    /// `key`, `console` or `anonymous`.
    pub actor_kind: String,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<Uuid>,
    /// The name the key had.
    pub actor_name: String,
    /// The organisation acted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
    /// By which door: `api`, `console`, `job`.
    pub via: String,
    /// What was done, such as `statement.adopted`.
    pub action: String,
    /// What it was done to.
    pub object_kind: String,
    /// Its id.
    pub object_id: Uuid,
    /// Old and new value of every member that changed.
    pub diff: serde_json::Value,
    /// The request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
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

/// One page of the audit log, oldest first. Looking at it is for administrators and auditors.
pub async fn audit(ctx: &Ctx, object: Option<Uuid>, paging: &Paging) -> Result<Page<AuditEntry>, Error> {
    store::audit_list(ctx.read(Resource::Audit)?, object, paging).await
}
