//! The job queue: one table for both databases, shared by all instances.
//!
//! A job is claimed by a conditional update that gives a lease and a fencing number; a worker that outlives its lease
//! finds that its number is no longer the job's and changes nothing. Jobs are enqueued in the transaction of the data
//! they are about.

use ::entity::jobs::job::{ActiveModel, Column, Entity, Model};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{Db, Tx, from_chrono, to_chrono};
use crate::error::Error;

/// How long a worker may keep a job without a sign of life.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How often a failing job is tried.
const MOST_ATTEMPTS: i32 = 8;

/// A job in the hands of this worker.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// What it is about.
    pub payload: serde_json::Value,
    /// When it was due.
    pub run_at: Timestamp,
    fence: i64,
    attempts: i32,
}

impl Tx {
    /// Adds a job to be done at `run_at` or soon after, if this transaction is committed.
    pub async fn job_enqueue(&self, kind: &str, payload: serde_json::Value, run_at: Timestamp) -> Result<(), Error> {
        let row = ActiveModel {
            id: Set(self.new_id()?),
            kind: Set(kind.to_owned()),
            payload: Set(payload),
            state: Set("queued".to_owned()),
            run_at: Set(to_chrono(run_at)),
            attempts: Set(0),
            lease_until: Set(None),
            fence: Set(0),
            last_error: Set(None),
            created_at: Set(to_chrono(self.now())),
        };
        Entity::insert(row).exec_without_returning(self.connection()).await?;
        Ok(())
    }

    /// Adds a job unless the same is waiting already: what is done then is done for all that happened till then.
    pub async fn job_gather(&self, kind: &str, payload: serde_json::Value, run_at: Timestamp) -> Result<(), Error> {
        let waiting = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::State.eq("queued"));
        let waiting: Vec<serde_json::Value> =
            waiting.select_only().column(Column::Payload).into_tuple().all(self.connection()).await?;
        if waiting.contains(&payload) { Ok(()) } else { self.job_enqueue(kind, payload, run_at).await }
    }

    /// Whether a job of this kind is waiting or being done.
    pub async fn job_pending(&self, kind: &str) -> Result<bool, Error> {
        let pending = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::State.is_in(["queued", "running"]));
        Ok(pending.limit(1).one(self.connection()).await?.is_some())
    }
}

impl Db {
    /// Takes the job that has been due for longest, if there is one that nobody has.
    pub async fn job_claim(&self, now: Timestamp) -> Result<Option<Claimed>, Error> {
        self.claim(now, Condition::all()).await
    }

    /// The same of these kinds.
    pub async fn job_claim_of(
        &self,
        now: Timestamp,
        kinds: impl IntoIterator<Item = &'static str>,
    ) -> Result<Option<Claimed>, Error> {
        self.claim(now, Condition::all().add(Column::Kind.is_in(kinds))).await
    }

    async fn claim(&self, now: Timestamp, wanted: Condition) -> Result<Option<Claimed>, Error> {
        let at = to_chrono(now);
        let due = Condition::any()
            .add(Condition::all().add(Column::State.eq("queued")).add(Column::RunAt.lte(at)))
            .add(Condition::all().add(Column::State.eq("running")).add(Column::LeaseUntil.lt(at)));
        let due = wanted.add(due);
        let next = Entity::find().filter(due.clone()).order_by_asc(Column::RunAt).limit(1).one(self.write()).await?;
        let Some(Model { id, fence, .. }) = next else { return Ok(None) };
        let taken = Entity::update_many()
            .col_expr(Column::State, Expr::value("running"))
            .col_expr(Column::LeaseUntil, Expr::value(to_chrono(now + LEASE)))
            .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.eq(id))
            .filter(Column::Fence.eq(fence))
            .filter(due)
            .exec_with_returning(self.write())
            .await?;
        Ok(taken.into_iter().next().map(|row| Claimed {
            id: row.id,
            kind: row.kind,
            payload: row.payload,
            run_at: from_chrono(row.run_at),
            fence: row.fence,
            attempts: row.attempts,
        }))
    }

    /// Takes a finished job out of the queue.
    pub async fn job_finish(&self, job: &Claimed) -> Result<(), Error> {
        Entity::delete_many()
            .filter(Column::Id.eq(job.id))
            .filter(Column::Fence.eq(job.fence))
            .exec(self.write())
            .await?;
        Ok(())
    }

    /// Puts a failed job back, later each time; after the last attempt it stays as failed for somebody to look at.
    pub async fn job_retry(&self, job: &Claimed, now: Timestamp, why: &str) -> Result<(), Error> {
        let state = if job.attempts < MOST_ATTEMPTS { "queued" } else { "failed" };
        let pause = SignedDuration::from_secs(10 * (1 << job.attempts.clamp(0, 10)));
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state))
            .col_expr(Column::RunAt, Expr::value(to_chrono(now + pause)))
            .col_expr(Column::LastError, Expr::value(why))
            .filter(Column::Id.eq(job.id))
            .filter(Column::Fence.eq(job.fence))
            .exec(self.write())
            .await?;
        Ok(())
    }

    /// Deletes answers to POSTs that need not be remembered any longer; gives how many.
    pub async fn answers_expire(&self, now: Timestamp) -> Result<u64, Error> {
        use ::entity::access::idempotency_record::{Column, Entity};
        Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(to_chrono(now))).exec(self.write()).await?.rows_affected)
    }

    /// Deletes imports that nobody decided on in time; gives how many.
    pub async fn imports_expire(&self, now: Timestamp) -> Result<u64, Error> {
        use ::entity::attendance::import::{Column, Entity};
        Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(to_chrono(now))).exec(self.write()).await?.rows_affected)
    }

    /// Deletes jobs that failed for good before `horizon`; gives how many.
    pub async fn jobs_expire(&self, horizon: Timestamp) -> Result<u64, Error> {
        let failed = Entity::delete_many().filter(Column::State.eq("failed"));
        Ok(failed.filter(Column::RunAt.lt(to_chrono(horizon))).exec(self.write()).await?.rows_affected)
    }

    /// Deletes changes that happened before `horizon`; gives how many.
    pub async fn changes_expire(&self, horizon: Timestamp) -> Result<u64, Error> {
        use ::entity::audit::change::{Column, Entity};
        Ok(Entity::delete_many().filter(Column::At.lt(to_chrono(horizon))).exec(self.write()).await?.rows_affected)
    }
}
