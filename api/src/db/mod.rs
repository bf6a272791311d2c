//! The database: connecting, migrating, reading, and the only place where transactions begin.

mod audience;
mod audit;
mod calendar;
mod connect;
mod expected;
mod external;
mod idempotency;
mod paging;
mod queue;
mod row;
mod sign_in;
mod transaction;

pub use audience::{audience_keep, audience_of};
pub use connect::{Db, SchemaError};
pub use expected::Expected;
pub use external::{
    external_ids_insert, external_ids_of, external_ids_of_kind, external_ids_replace, if_seen, object_by_external,
    objects_by_external,
};
pub use idempotency::{Earlier, KeptAnswer};
pub use paging::{Cursor, Page, Paging};
pub use queue::Claimed;
pub use row::{
    Visible, contains, cut, date_from_chrono, date_to_chrono, from_chrono, from_chrono_opt, from_json, keyset,
    local_from_chrono, local_to_chrono, page_by_number, page_of, reference, refers_to, to_chrono, to_chrono_opt,
    to_json, tombstone, word,
};
pub use sign_in::Allowance;
pub use transaction::{Change, Claim, EVERY_FEED, Origin, Tx, chunks};

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Whether trying again later helps: the pool is exhausted, the database is locked, away, or asks for a retry.
pub(crate) fn is_transient(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            match cause.as_ref() {
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => true,
                // SQLite: BUSY (5), LOCKED (6) and their extended codes, FULL (13).
                // PostgreSQL: connection (08), serialization (40), cancelled (57), insufficient resources (53).
                sqlx::Error::Database(cause) => cause.code().is_some_and(|code| match code.parse::<u32>() {
                    Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 13),
                    _ => ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)),
                }),
                _ => false,
            }
        }
        _ => false,
    }
}
