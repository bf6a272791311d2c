//! Sealing: entries are chained in commit order, each exactly once, by one sealer at a time.
//!
//! A sealer holds the counter of seals until it commits, so that whoever comes second goes on where the first stopped;
//! the primary key of the seals would stop it otherwise. Before it goes on, it makes the last seal again: who has
//! another key, or finds the last entry changed, seals nothing.

use domain::{
    access::{Resource, Target},
    audit::{AuditKey, Entry, Head, Mac, Seal},
};

use super::store;
use crate::{
    context::{App, Ctx},
    db::Tx,
    error::Error,
};

/// Entries sealed in one transaction: few, because all of them are in memory with what they changed.
const BATCH: u64 = 50;

/// Seals all entries there are. Gives the end of the chain.
///
/// # Errors
/// When the chain cannot go on: an entry is missing, or its end was made with another key.
pub async fn seal(app: &App, key: &AuditKey) -> Result<Option<Head>, Error> {
    loop {
        let counted = store::counted(app.db.read()).await?;
        if counted.seals >= counted.entries {
            return head(app).await;
        }
        seal_next(app, key).await?;
    }
}

/// The end of the chain.
pub async fn head(app: &App) -> Result<Option<Head>, Error> {
    let last = store::counted(app.db.read()).await?.seals;
    Ok(store::seals_between(app.db.read(), last - 1, Some(last)).await?.pop())
}

async fn seal_next(app: &App, key: &AuditKey) -> Result<(), Error> {
    let ctx = Ctx::internal(app, "job");
    let tx = ctx.write(ctx.actor.permit(Resource::Audit, Target::default())?).await?;
    let last = store::seals_lock(&tx).await?;
    let mut mac = end(&tx, key, last).await?;
    let mut seals = vec![];
    for (entry, seq) in store::entries_after(tx.connection(), last, BATCH).await?.iter().zip(last + 1..) {
        in_order(entry, seq)?;
        mac = key.seal(mac, entry);
        seals.push(Seal { seq, mac });
    }
    if !seals.is_empty() {
        store::seals_insert(&tx, &seals).await?;
    }
    tx.commit().await
}

fn in_order(entry: &Entry, seq: i64) -> Result<(), Error> {
    if entry.seq == seq {
        return Ok(());
    }
    Err(Error::internal(format!("audit entry {seq} is missing, so those after it cannot be sealed")))
}

/// The code of the last seal, once it is sure that this key made it for the entry that is there.
async fn end(tx: &Tx, key: &AuditKey, last: i64) -> Result<Mac, Error> {
    if last == 0 {
        return Ok(Mac::START);
    }
    let mut seals = store::seals_between(tx.connection(), last - 2, Some(last)).await?;
    let seal = seals.pop().filter(|seal| seal.seq == last);
    let before = seals.pop().map_or(Mac::START, |seal| seal.mac);
    let entry = store::entries_after(tx.connection(), last - 1, 1).await?.pop().filter(|entry| entry.seq == last);
    match (seal, entry) {
        (Some(seal), Some(entry)) if key.seal(before, &entry) == seal.mac => Ok(seal.mac),
        _ => Err(Error::internal(format!(
            "audit entry {last} is not what was sealed, or was sealed with another audit key; nothing more is sealed"
        ))),
    }
}
