//! The rows of the log in memory, to be tampered with.

use crate::support::NOW;
use api::{audit::store, context::App};
use domain::audit::{AuditKey, Counted, Entry, Fault, Head, Kept, Report, Seal, Verification};

/// All rows of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    pub entries: Vec<Entry>,
    pub seals: Vec<Seal>,
    pub values: Vec<Kept>,
    pub counted: Counted,
}

impl Ledger {
    /// What the database holds, read as `plenum audit verify` reads it.
    pub async fn read(app: &App) -> Self {
        let connection = app.db.read();
        Self {
            entries: store::entries_after(connection, 0, 100_000).await.unwrap(),
            seals: store::seals_between(connection, 0, None).await.unwrap(),
            values: store::values_between(connection, 0, None).await.unwrap(),
            counted: store::counted(connection).await.unwrap(),
        }
    }

    /// What `plenum audit verify` would say.
    pub fn verified(&self, key: &AuditKey, head: Option<Head>) -> Result<Report, Fault> {
        let mut verification = Verification::new(key, self.counted, head, NOW.parse().unwrap());
        verification.take(&self.entries, &self.seals, &self.values)?;
        verification.finish()
    }
}
