//! Sealing in the background, on one instance at a time, and the head in the log once an hour.

use domain::access::{Resource, Target};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{key, sealing};
use crate::{
    context::{App, Ctx},
    db::Claimed,
    error::Error,
    jobs::JobKind,
};

/// How long an entry may stay without a seal.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// How often the head is logged.
const HEAD: SignedDuration = SignedDuration::from_hours(1);

/// Sees to it that exactly one sealing is in the queue.
pub async fn schedule(app: &App) -> Result<(), Error> {
    if key::find_or_make(&app.config, &app.entropy)?.is_none() {
        tracing::warn!("audit entries are not sealed: no audit_key is configured");
    }
    let ctx = Ctx::internal(app, "job");
    let tx = ctx.write(ctx.actor.permit(Resource::Audit, Target::default())?).await?;
    if !tx.job_pending(JobKind::Sealing.as_str()).await? {
        tx.job_enqueue(JobKind::Sealing.as_str(), serde_json::Value::Null, ctx.now).await?;
    }
    tx.commit().await
}

/// Seals what waits, logs the head if it is time, and comes again. A chain that cannot go on is said in the log each
/// time; it is no reason to stop looking.
pub async fn run(app: &App, job: &Claimed) -> Result<(), Error> {
    let now = app.clock.now();
    let told = job.payload["head_logged_at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let told = match seal(app).await {
        Ok(Some(head)) if told.is_none_or(|told| now.duration_since(told) >= HEAD) => {
            tracing::info!(audit.head = %head, "the head of the audit log");
            Some(now)
        }
        Ok(_) => told,
        Err(Error::Internal(cause)) => {
            tracing::error!(%cause, "audit entries cannot be sealed");
            told
        }
        Err(error) => return Err(error),
    };
    let ctx = Ctx::internal(app, "job");
    let tx = ctx.write(ctx.actor.permit(Resource::Audit, Target::default())?).await?;
    tx.job_enqueue(JobKind::Sealing.as_str(), json!({"head_logged_at": told}), now + PAUSE).await?;
    tx.commit().await
}

/// Seals what waits, if there is a key.
pub async fn seal(app: &App) -> Result<Option<domain::audit::Head>, Error> {
    match key::find_or_make(&app.config, &app.entropy)? {
        Some(key) => sealing::seal(app, &key).await,
        None => Ok(None),
    }
}
