//! Work in the background: a queue in the database, and the worker that every instance runs.

use std::{future::Future, iter, time::Duration};

use domain::{
    access::{Resource, Target},
    audit::ADDRESS_KEPT,
};
use futures_util::{FutureExt, future::join_all};
use jiff::SignedDuration;

use crate::{
    access::sign_in::links,
    attendance::{availability, invitations, notices, places, reminders},
    audit,
    context::{App, Ctx},
    db::{Claimed, Tx},
    error::Error,
    privacy,
};

domain::words! {
    /// What can be done in the background.
    pub enum JobKind {
        /// Mail a link to sign in with.
        SignInLink = "sign_in_link",
        /// Forget what need not be remembered: old answers to POSTs, old changes, where old actions came from.
        Housekeeping = "housekeeping",
        /// Seal the audit log.
        Sealing = "sealing",
        /// Take back a place that nobody took and offer it to the next.
        PlaceOffer = "place_offer",
        /// Remind delegations of their deadlines.
        Reminders = "reminders",
        /// Mail somebody who manages a delegation.
        DelegationMail = "delegation_mail",
        /// Find out whom a release concerns.
        ReleaseNotices = "release_notices",
        /// Mail somebody whom a release concerns.
        ReleaseMail = "release_mail",
        /// Find out who has no more what they were told of.
        DutiesLost = "duties_lost",
        /// Mail somebody who has something no more.
        LossMail = "loss_mail",
        /// Find out who is to be told of a date poll.
        PollNotices = "poll_notices",
        /// Mail somebody who manages a delegation of an organisation that a date poll asks.
        PollMail = "poll_mail",
        /// Find out who is to be written to because the programme of an event has changed.
        Invitations = "invitations",
        /// Mail somebody the invitations that are due to them.
        InvitationMail = "invitation_mail",
        /// Look for invitations of those who may not know of the session any more.
        InvitationRounds = "invitation_rounds",
        /// Read when somebody is busy from the address of their calendar.
        BusyAddress = "busy_address",
    }
}

/// What waits for the machines of strangers, for as long as it takes, is not in the way of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// Everything but that.
    House,
    /// That alone.
    Strangers,
}

/// Calendars that are read at once, at most.
const READERS: usize = 4;

impl Lane {
    fn takes(self, kind: JobKind) -> bool {
        (kind == JobKind::BusyAddress) == (self == Self::Strangers)
    }
}

/// How often the queue is looked at when nothing wakes the worker.
const PAUSE: Duration = Duration::from_secs(5);

/// What is done again and again, and how often.
const RECURRING: [(JobKind, SignedDuration); 3] = [
    (JobKind::Housekeeping, SignedDuration::from_hours(1)),
    (JobKind::Reminders, SignedDuration::from_mins(15)),
    (JobKind::InvitationRounds, SignedDuration::from_hours(1)),
];

/// How long a change stays in the change feed: a year.
const CHANGES_KEPT: SignedDuration = SignedDuration::from_hours(366 * 24);

/// How long a job that failed for good stays for somebody to look at (30 days).
const FAILED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// For how long it is waited for more of the same before those who lost a duty are written to.
const LOSSES_GATHERED: SignedDuration = SignedDuration::from_mins(5);

/// Sees to it that those who may lose what they were told of learn of it, once the transaction holds.
pub async fn duties_lost(app: &App, tx: &Tx) -> Result<(), Error> {
    if app.config.smtp_url.is_none() {
        return Ok(());
    }
    tx.job_enqueue(JobKind::DutiesLost.as_str(), serde_json::Value::Null, tx.now() + LOSSES_GATHERED).await
}

/// Works off the queue until `shutdown`; a job that has begun is finished.
pub async fn work(app: App, shutdown: impl Future<Output = ()>) {
    let shutdown = shutdown.shared();
    if let Err(error) = schedule(&app).await {
        tracing::error!(%error, "housekeeping could not be scheduled");
    }
    if let Err(error) = audit::jobs::schedule(&app).await {
        tracing::error!(%error, "sealing could not be scheduled");
    }
    let lanes = iter::once(Lane::House).chain(iter::repeat_n(Lane::Strangers, READERS));
    join_all(lanes.map(|lane| work_in(&app, lane, shutdown.clone()))).await;
    // So that a server that stands still has no entry without a seal.
    if let Err(error) = audit::jobs::seal(&app).await {
        tracing::error!(%error, "the last audit entries are not sealed");
    }
}

async fn work_in(app: &App, lane: Lane, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        // Once it has come, it must not be asked for again.
        if shutdown.as_mut().now_or_never().is_some() {
            return;
        }
        if run_next_of(app, |kind| lane.takes(kind)).await {
            continue;
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Sees to it that of everything that recurs exactly one is in the queue.
pub async fn schedule(app: &App) -> Result<(), Error> {
    let ctx = Ctx::internal(app, "job");
    let tx = ctx.write(ctx.actor.permit(Resource::Audit, Target::default())?).await?;
    for (kind, pause) in RECURRING {
        if !tx.job_pending(kind.as_str()).await? {
            tx.job_enqueue(kind.as_str(), serde_json::Value::Null, ctx.now + pause).await?;
        }
    }
    tx.commit().await
}

/// Puts what recurs into the queue again, once it was done.
async fn recur(app: &App, done: JobKind) -> Result<(), Error> {
    let Some((kind, pause)) = RECURRING.into_iter().find(|(kind, _)| *kind == done) else { return Ok(()) };
    let ctx = Ctx::internal(app, "job");
    let tx = ctx.write(ctx.actor.permit(Resource::Audit, Target::default())?).await?;
    tx.job_enqueue(kind.as_str(), serde_json::Value::Null, ctx.now + pause).await?;
    tx.commit().await
}

/// Does the next job that is due. Says whether there was one.
pub async fn run_next(app: &App) -> bool {
    run_next_of(app, |_| true).await
}

async fn run_next_of(app: &App, takes: impl Fn(JobKind) -> bool) -> bool {
    let kinds = JobKind::ALL.iter().filter(|kind| takes(**kind)).map(|kind| kind.as_str());
    let job = match app.db.job_claim_of(app.clock.now(), kinds).await {
        Ok(Some(job)) => job,
        Ok(None) => return false,
        Err(error) => {
            tracing::warn!(%error, "the queue cannot be read");
            return false;
        }
    };
    let settled = match run(app, &job).await {
        Ok(()) => app.db.job_finish(&job).await,
        Err(error) => {
            tracing::warn!(job.kind, job.id = %job.id, %error, "a job failed and will be tried again");
            app.db.job_retry(&job, app.clock.now(), &error.to_string()).await
        }
    };
    if let Err(error) = settled {
        tracing::warn!(job.id = %job.id, %error, "a job could not be settled; its lease will end");
    }
    true
}

async fn run(app: &App, job: &Claimed) -> Result<(), Error> {
    let Some(kind) = JobKind::parse(&job.kind) else {
        return Err(Error::internal(format!("no instance of this release knows the job '{}'", job.kind)));
    };
    match kind {
        JobKind::SignInLink => links::send(app, job).await,
        JobKind::Housekeeping => housekeeping(app).await,
        JobKind::PlaceOffer => places::jobs::run(app, job).await,
        JobKind::Sealing => audit::jobs::run(app, job).await,
        JobKind::Reminders => reminders::remind(app).await,
        JobKind::DelegationMail => reminders::jobs::run(app, job).await,
        JobKind::ReleaseNotices => notices::releases::announce(app, job).await,
        JobKind::ReleaseMail => notices::releases::send(app, job).await,
        JobKind::DutiesLost => notices::losses::announce(app).await,
        JobKind::LossMail => notices::losses::send(app, job).await,
        JobKind::PollNotices => notices::polls::announce(app, job).await,
        JobKind::PollMail => notices::polls::send(app, job).await,
        JobKind::Invitations => invitations::following::follow(app, job).await,
        JobKind::InvitationMail => invitations::following::take_turn(app, job).await,
        JobKind::InvitationRounds => invitations::following::go_round(app).await,
        JobKind::BusyAddress => availability::subscription::jobs::run(app, job).await,
    }?;
    recur(app, kind).await
}

async fn housekeeping(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    let answers = app.db.answers_expire(now).await?;
    let changes = app.db.changes_expire(now - CHANGES_KEPT).await?;
    let sign_ins = app.db.sign_ins_expire(now).await?;
    let addresses = app.db.addresses_expire(now - ADDRESS_KEPT).await?;
    let failed = app.db.jobs_expire(now - FAILED_KEPT).await?;
    let imports = app.db.imports_expire(now).await?;
    let personal = privacy::retention::run(app).await?;
    tracing::info!(
        answers,
        changes,
        sign_ins,
        addresses,
        failed,
        imports,
        personal,
        "forgot what need not be remembered"
    );
    Ok(())
}
