//! Going through the whole log: what `plenum audit verify` does.

use domain::audit::{AuditKey, Fault, Head, Report, Verification};
use sea_orm::{ConnectionTrait, DbErr};

use super::store;
use crate::{context::App, db::is_transient, error::Error};

/// Entries read at once.
const PORTION: u64 = 1000;

/// Checks every entry, seal and personal value as they are at this moment, while others go on writing. `expected` is an
/// earlier head that the log must lead to.
///
/// # Errors
/// When the database cannot be asked. What is wrong with the log is no error but the answer.
pub async fn verify(app: &App, key: &AuditKey, expected: Option<Head>) -> Result<Result<Report, Fault>, Error> {
    let snapshot = app.db.snapshot().await?;
    let counted = store::counted(&snapshot).await?;
    let mut verification = Verification::new(key, counted, expected, app.clock.now());
    loop {
        match portion(&snapshot, &mut verification).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return Ok(verification.finish()),
            Ok(Err(fault)) => return Ok(Err(fault)),
            Err(error) if is_transient(&error) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "an audit row cannot be read");
                return Ok(Err(Fault::Unreadable(verification.last())));
            }
        }
    }
}

/// Checks the next entries; says whether there may be more.
async fn portion(
    snapshot: &impl ConnectionTrait,
    verification: &mut Verification<'_>,
) -> Result<Result<bool, Fault>, DbErr> {
    let after = verification.last();
    let entries = store::entries_after(snapshot, after, PORTION).await?;
    let more = entries.len() as u64 == PORTION;
    // What stands behind the last entry belongs to none.
    let last = entries.last().filter(|_| more).map(|entry| entry.seq);
    let seals = store::seals_between(snapshot, after, last).await?;
    let values = store::values_between(snapshot, after, last).await?;
    Ok(verification.take(&entries, &seals, &values).map(|()| more))
}
