//! The door: badges, what is checked, and what was scanned.
//!
//! Badges and check types are objects like others. Checks are not: they are facts, written once and never changed. A
//! check is its own record of who (the device), when (by three clocks), where (the check type) and what came of it, and
//! the database refuses to change it as it does with an entry of the audit log. So there is neither a change nor an audit
//! entry for each: at a large event 20,000 a day would bury everything else in the change feed, and every one of them
//! would wait for its counter. Only at the door of a session there is a change, of the line of attendance that follows.

pub mod badges;
pub mod check_types;
pub mod checks;
pub mod collections;
mod key;
mod signing;

use domain::attendance::door::BadgeEnded;

use crate::error::Error;
pub use signing::{Signer, Verifier};

impl From<BadgeEnded> for Error {
    fn from(ended: BadgeEnded) -> Self {
        Self::conflict("badge_ended", ended.to_string())
    }
}
