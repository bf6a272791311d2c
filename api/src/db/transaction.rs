//! The one way to write: open a transaction with a permit, write rows, record what happened, commit.
//!
//! Audit entries, the change feed, feed revisions and the idempotency record are written in the same transaction as
//! the data. The change feed is numbered at the end of the transaction from a counter row whose lock is held until
//! the commit: numbers therefore appear in commit order and without gaps, on both databases and with any number of
//! instances, and the row is locked only for the moment it takes to write a few rows.

use std::collections::BTreeSet;
use std::sync::Mutex;

use ::entity::{
    access::idempotency_record,
    audit::{change, counter},
    calendars::revision,
};
use domain::access::{Actor, Disclosure, Permit, Principal, Tlp, Visibility};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
    sea_query::{Expr, OnConflict},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Db, to_chrono};
use crate::{clock::Entropy, error::Error};

/// The kind of job by which invitations follow a programme.
const FOLLOWING: &str = "invitations";
/// For how long it waits for more of the same.
const GATHERED: SignedDuration = SignedDuration::from_mins(5);

/// Who writes, from where, and when.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Who.
    pub actor: Actor,
    /// By which door: `api`, `console`, `job`.
    pub via: &'static str,
    /// Which server of several.
    pub instance: String,
    /// When; the time of everything written in one transaction.
    pub now: Timestamp,
    /// Chance, for ids.
    pub entropy: Entropy,
    /// The request, for the log and the audit.
    pub request_id: Option<String>,
    /// The client's address.
    pub address: Option<String>,
    /// The repetition guard of a POST.
    pub idempotency: Option<Claim>,
    /// Whether invitations follow what is written.
    pub invitations: bool,
}

/// The key of a POST that must have its effect only once.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Whose key it is.
    pub principal: String,
    /// The `Idempotency-Key` header.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: String,
}

/// Something that happened to an object: becomes an audit entry and a row of the change feed.
#[derive(Debug, Clone)]
pub struct Change {
    /// Event type, such as `group.created`; the word before the dot is the kind of object.
    pub kind: &'static str,
    /// The object.
    pub id: Uuid,
    /// Its version after the write.
    pub version: i32,
    /// Its event.
    pub event: Option<Uuid>,
    /// Its group.
    pub group: Option<Uuid>,
    /// The organisation it belongs to.
    pub organisation: Option<Uuid>,
    /// Who may see it, and therefore the change, and its label.
    pub disclosure: Disclosure,
    /// Whether it is gone.
    pub deleted: bool,
    /// What changed, for the audit log: members with their old and new values, or the content of what was made.
    pub diff: Value,
    /// The person it is about; the object itself if not said.
    pub subject: Option<Uuid>,
    /// Only for the audit log: nothing changed that anybody could fetch.
    pub silent: bool,
}

impl Change {
    /// A change of an object without label that the secretariat sees; say more of it as needed.
    pub fn new(kind: &'static str, id: Uuid, version: i32) -> Self {
        Self {
            kind,
            id,
            version,
            event: None,
            group: None,
            organisation: None,
            disclosure: Disclosure { tlp: Tlp::Clear, ..Disclosure::of(Visibility::Secretariat) },
            deleted: kind.ends_with(".deleted"),
            diff: Value::Null,
            subject: None,
            silent: false,
        }
    }

    /// The kind of object, such as `group`.
    pub fn object_kind(&self) -> &'static str {
        self.kind.split('.').next().unwrap_or(self.kind)
    }
}

/// The scope that every feed looks at: what a seal or a group keeps out of calendars, it keeps out of all that show its
/// sessions, of rooms and people too.
pub const EVERY_FEED: &str = "every";

/// An open writing transaction. Dropped without [`Tx::commit`] it leaves no trace.
#[derive(Debug)]
pub struct Tx {
    pub(super) inner: DatabaseTransaction,
    pub(super) origin: Origin,
    changes: Mutex<Vec<Change>>,
    revisions: Mutex<BTreeSet<String>>,
    programmes: Mutex<BTreeSet<Uuid>>,
    bell: tokio::sync::watch::Sender<u64>,
}

impl Db {
    /// Opens a transaction to write what `_permit` allows. On SQLite it takes the write lock at once, so that it
    /// cannot fail half-way because another writer was faster.
    pub async fn write_as(&self, _permit: Permit, origin: Origin) -> Result<Tx, Error> {
        self.open(origin).await
    }

    /// Writes into the audit log what changed no data. It needs no permit: what a caller did is a fact, whatever it
    /// may do.
    pub(crate) async fn note_as(&self, origin: Origin, note: Change) -> Result<(), Error> {
        let tx = self.open(Origin { idempotency: None, ..origin }).await?;
        tx.record(Change { silent: true, ..note });
        tx.commit().await
    }

    async fn open(&self, origin: Origin) -> Result<Tx, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        #[expect(clippy::disallowed_methods, reason = "the one place that begins transactions to write")]
        let inner = self.write().begin_with_options(options).await?;
        let (changes, revisions, programmes) = Default::default();
        Ok(Tx { inner, origin, changes, revisions, programmes, bell: self.commit_bell() })
    }
}

impl Tx {
    /// Where queries inside this transaction go.
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// The instant of this transaction.
    pub fn now(&self) -> Timestamp {
        self.origin.now
    }

    /// The name of whoever writes, for revisions and versions.
    pub fn author(&self) -> String {
        actor_name(&self.origin.actor)
    }

    /// A new id.
    pub fn new_id(&self) -> Result<Uuid, Error> {
        Ok(self.origin.entropy.uuid(self.origin.now)?)
    }

    /// Records what happened; written at commit.
    pub fn record(&self, change: Change) {
        lock(&self.changes).push(change);
    }

    /// Marks the feeds of `scope` (`event:<id>`, `group:<id>`, `room:<id>`, or [`EVERY_FEED`]) as changed.
    pub fn touch_feeds(&self, scope: String) {
        lock(&self.revisions).insert(scope);
    }

    /// Marks what people know of the programme of an event, or have to do in it, as changed: invitations follow it, where
    /// they are sent.
    pub fn programme_changed(&self, event: Uuid) {
        if self.origin.invitations {
            lock(&self.programmes).insert(event);
        }
    }

    /// Writes audit, change feed, feed revisions and idempotency record, and makes everything durable.
    pub async fn commit(self) -> Result<(), Error> {
        let changes = std::mem::take(&mut *lock(&self.changes));
        let revisions = std::mem::take(&mut *lock(&self.revisions));
        let programmes = std::mem::take(&mut *lock(&self.programmes));
        if let Some(claim) = &self.origin.idempotency {
            self.idempotency_insert(claim).await?;
        }
        for event in programmes {
            self.job_gather(FOLLOWING, json!({ "event": event }), self.now() + GATHERED).await?;
        }
        for scope in revisions {
            self.revision_bump(scope).await?;
        }
        if !changes.is_empty() {
            let first = self.numbers_take(changes.len()).await?;
            self.audit_insert(&changes, first).await?;
            self.changes_insert(&changes, first).await?;
            self.values_erase(&changes).await?;
        }
        self.inner.commit().await?;
        Db::committed(&self.bell);
        Ok(())
    }

    /// The next numbers of the change feed; gives the first. Locks the counter until the commit.
    async fn numbers_take(&self, count: usize) -> Result<i64, Error> {
        let count = i64::try_from(count).map_err(Error::internal)?;
        let counter = counter::Entity::update_many()
            .col_expr(counter::Column::Value, Expr::col(counter::Column::Value).add(count))
            .filter(counter::Column::Name.eq("changes"))
            .exec_with_returning(&self.inner)
            .await?;
        let last =
            counter.first().map(|row| row.value).ok_or_else(|| Error::internal("the change counter is missing"))?;
        Ok(last - count + 1)
    }

    async fn changes_insert(&self, changes: &[Change], first: i64) -> Result<(), Error> {
        let rows = changes
            .iter()
            .zip(first..)
            .filter(|(change, _)| !change.silent)
            .map(|(change, seq)| {
                Ok(change::ActiveModel {
                    seq: Set(seq),
                    id: Set(self.new_id()?),
                    at: Set(to_chrono(self.origin.now)),
                    kind: Set(change.kind.to_owned()),
                    object_kind: Set(change.object_kind().to_owned()),
                    object_id: Set(change.id),
                    object_version: Set(change.version),
                    event_id: Set(change.event),
                    group_id: Set(change.group),
                    organisation_id: Set(change.organisation),
                    visibility: Set(change.disclosure.visibility.circle().to_string()),
                    audience_id: Set(change.disclosure.audience.map(|audience| audience.0)),
                    event_audience_id: Set(change.disclosure.event_audience.map(|audience| audience.0)),
                    tlp: Set(change.disclosure.tlp.to_string()),
                    deleted: Set(change.deleted),
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        for rows in chunks(rows) {
            change::Entity::insert_many(rows).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }

    async fn revision_bump(&self, scope: String) -> Result<(), Error> {
        let row =
            revision::ActiveModel { scope: Set(scope), value: Set(1), changed_at: Set(to_chrono(self.origin.now)) };
        revision::Entity::insert(row)
            .on_conflict(
                OnConflict::column(revision::Column::Scope)
                    .value(revision::Column::Value, Expr::col((revision::Entity, revision::Column::Value)).add(1))
                    .update_column(revision::Column::ChangedAt)
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await?;
        Ok(())
    }

    async fn idempotency_insert(&self, claim: &Claim) -> Result<(), Error> {
        let row = idempotency_record::ActiveModel {
            principal: Set(claim.principal.clone()),
            key: Set(claim.key.clone()),
            fingerprint: Set(claim.fingerprint.clone()),
            status: Set(None),
            headers: Set(Value::Null),
            body: Set(None),
            created_at: Set(to_chrono(self.origin.now)),
            expires_at: Set(to_chrono(self.origin.now + SignedDuration::from_hours(24))),
        };
        idempotency_record::Entity::insert(row).exec_without_returning(&self.inner).await.map_err(|error| {
            Error::on_unique(error, || {
                Error::conflict(
                    "request_in_progress",
                    "A request with this Idempotency-Key is being carried out; send it again in a moment.",
                )
            })
        })?;
        Ok(())
    }
}

/// Rows in portions that stay below the number of variables a statement may have (32 766 on SQLite).
pub fn chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || Some(rows.by_ref().take(1000).collect::<Vec<_>>()).filter(|chunk| !chunk.is_empty()))
}

fn actor_name(actor: &Actor) -> String {
    match &actor.principal {
        Principal::Anonymous => "anonymous".to_owned(),
        Principal::Key { name, .. } | Principal::Session { name, .. } => name.clone(),
        Principal::Subscriber { .. } => "calendar".to_owned(),
        Principal::Console => "console".to_owned(),
    }
}

/// A poisoned lock only means that another task panicked; the list behind it is whole.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Db {
    /// Notes that a key was used. The only write without a permit: a fact about the request itself, which every
    /// caller may cause and nobody can choose.
    pub(crate) async fn key_used(&self, id: Uuid, now: Timestamp) -> Result<(), Error> {
        use ::entity::access::api_key;
        api_key::Entity::update_many()
            .col_expr(api_key::Column::LastUsedAt, Expr::value(Some(to_chrono(now))))
            .filter(api_key::Column::Id.eq(id))
            .exec(self.write())
            .await?;
        Ok(())
    }

    /// Notes that a feed was fetched, and by which program. Like [`Db::key_used`] a fact about the request itself; it is
    /// no change of the feed, so its version stays.
    pub(crate) async fn feed_fetched(&self, id: Uuid, now: Timestamp, agent: Option<&str>) -> Result<(), Error> {
        use ::entity::calendars::feed;
        feed::Entity::update_many()
            .col_expr(feed::Column::LastFetchedAt, Expr::value(Some(to_chrono(now))))
            .col_expr(feed::Column::LastAgent, Expr::value(agent.map(str::to_owned)))
            .filter(feed::Column::Id.eq(id))
            .exec(self.write())
            .await?;
        Ok(())
    }
}
