//! What the audit log says, and how it is shown that nobody has changed it since.
//!
//! An entry names the members of an object that changed, with their old and new values. Values that are about a person
//! stand beside it, so that they can be erased; the entry itself keeps only a salted hash of them. Entries are chained
//! by seals: a change, a gap or another order anywhere breaks the chain. Writing and reading all this is not done here.

mod chain;
mod diff;
mod entry;
mod history;
mod personal;
mod verification;

pub(crate) use chain::keyed;
pub use chain::{AuditKey, Head, Mac};
pub use diff::{Diff, difference, normalised};
pub use entry::{ERASED, Entry, Seal};
pub use history::{Reader, shown};
pub use personal::{
    ACTOR_NAME, ADDRESS, ADDRESS_KEPT, Commitment, Kept, SALT_BYTES, Split, aside, is_of_diff, joined, split,
    stands_aside, withheld,
};
pub use verification::{Counted, Fault, Report, Verification};
