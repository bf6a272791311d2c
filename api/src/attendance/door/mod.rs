//! The door: badges, and what they are made with.

pub mod badges;
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
