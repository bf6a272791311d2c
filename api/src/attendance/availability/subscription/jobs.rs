//! Reading a calendar, again and again.
//!
//! Each address has one job in the queue, which names the turn it is for: once an address is changed or taken back, the job
//! of the turn before finds that and ends. Nothing is held while somebody else's machine is waited for.

use domain::{
    access::{Resource, Target},
    attendance::{Availability, ReadResult, availability::Source, busy_address::pause},
    events::Event,
    identifier::Handle,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::{self, Due};
use crate::{
    attendance::{
        availability::{store::availability_find, write},
        delegations,
    },
    context::{App, Ctx},
    db::{Claimed, Tx, Visible, from_json, to_json},
    egress::{self, Address},
    error::Error,
    events,
    jobs::JobKind,
    vault::Vault,
};

/// The reading of an address. Holds no address, so that a job that waits is no secret.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Turn {
    /// Whose it is.
    pub availability_id: Uuid,
    /// Which reading.
    pub turn: Uuid,
}

/// What became of a reading.
pub(super) struct Outcome {
    pub(super) result: ReadResult,
    pub(super) not_read: Vec<usize>,
    pub(super) failures: u32,
}

/// Reads a calendar whose turn it is, until the event is over or whoever gave its address comes no more.
pub async fn run(app: &App, job: &Claimed) -> Result<(), Error> {
    let turn: Turn = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let Some(due) = store::address_due(app.db.read(), &turn).await? else { return Ok(()) };
    let event = events::get(&ctx, &Handle::Id(due.subject.event.0)).await?;
    if domain::attendance::availability::is_over(&event.content, ctx.now) {
        return Ok(());
    }
    let found = if due.live { fetch(app, &turn, &due.address).await? } else { Err(ReadResult::NotFound) };
    let tx = ctx.write(ctx.actor.permit(Resource::Delegations, Target::default())?).await?;
    // Whoever comes no more may have left while the calendar was read.
    let held = delegations::store::delegation_held(&tx, due.subject.delegation).await?;
    let Some(due) = store::address_due(tx.connection(), &turn).await? else { return Ok(()) };
    if held.is_none() || !due.live {
        end(&tx, &event, &turn, &due).await?;
    } else {
        settle(&tx, &event, &turn, &due, found).await?;
    }
    tx.commit().await
}

/// What is at the address, as text, or the word for why there is nothing.
async fn fetch(app: &App, turn: &Turn, sealed: &str) -> Result<Result<String, ReadResult>, Error> {
    let vault = match Vault::open(&app.config, &app.entropy) {
        Err(Error::Conflict { .. }) => return Ok(Err(ReadResult::KeyChanged)),
        vault => vault?,
    };
    let Ok(address) = vault.open_sealed(turn.availability_id, sealed) else { return Ok(Err(ReadResult::KeyChanged)) };
    // The configuration may have changed since it was given.
    let Ok(address) = Address::parse(&address, &app.config.intranet) else {
        return Ok(Err(ReadResult::AddressRefused));
    };
    egress::calendar_at(&app.config, &address).await
}

/// Writes down what was read, if it is something else than before, and when it is read again.
async fn settle(
    tx: &Tx,
    event: &Visible<Event>,
    turn: &Turn,
    due: &Due,
    found: Result<String, ReadResult>,
) -> Result<(), Error> {
    let before = availability_find(tx.connection(), due.subject.owner).await?;
    let read = found.and_then(|calendar| {
        let read = before.clone().with_calendar(&calendar, Source::Subscription, &event.content);
        read.map_err(|faults| ReadResult::of_faults(&faults))
    });
    let outcome = match read {
        Ok((availability, not_read)) => {
            change(tx, event, due, &before, &availability).await?;
            Outcome { result: ReadResult::Read, not_read, failures: 0 }
        }
        Err(result) => Outcome { result, not_read: vec![], failures: due.failures.saturating_add(1) },
    };
    let next = Turn { turn: tx.new_id()?, ..*turn };
    store::address_read(tx, turn, next.turn, &outcome).await?;
    tx.job_enqueue(JobKind::BusyAddress.as_str(), to_json(&next)?, tx.now() + pause(outcome.failures)).await
}

/// Forgets the address of somebody who comes no more, and what was read there.
async fn end(tx: &Tx, event: &Visible<Event>, turn: &Turn, due: &Due) -> Result<(), Error> {
    let before = availability_find(tx.connection(), due.subject.owner).await?;
    let after = before.clone().without(Source::Subscription);
    store::address_end(tx, turn.availability_id).await?;
    change(tx, event, due, &before, &after).await
}

/// Nobody is told of what is as it was.
async fn change(
    tx: &Tx,
    event: &Visible<Event>,
    due: &Due,
    before: &Availability,
    after: &Availability,
) -> Result<(), Error> {
    if before != after {
        write(tx, event, &due.subject, after).await?;
    }
    Ok(())
}
