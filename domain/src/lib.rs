//! The rules of Plenum, and nothing else.
//!
//! Everything here is pure: no database, no HTTP, no async, no system clock and no randomness (both are
//! parameters). One folder per capability; the words are those of diplomacy and of the RFCs.

pub mod access;
mod address;
pub mod attendance;
pub mod audit;
pub mod bilaterals;
pub mod calendars;
mod canonical;
pub mod events;
pub mod external;
mod former;
pub mod groups;
pub mod identifier;
pub mod language;
pub mod minutes;
pub mod moment;
pub mod organisations;
pub mod people;
pub mod privacy;
pub mod proceedings;
pub mod schedule;
pub mod statements;
pub mod time;
pub mod violation;
pub mod words;

pub use identifier::Code;
pub use language::{Language, Text};
pub use violation::{Check, Violation};
