//! Documents: what the domain says, laid out for readers.
//!
//! Rendering only. A document is first resolved for one reader's language into one intermediate form, and every
//! format is written from that form, so that no two formats can disagree. No database, no HTTP, no clock.

pub mod badges;
pub mod credentials;
mod line;
mod lines;
mod markup;
pub mod minutes;
mod package;
pub mod participants;
pub mod pdf;
pub mod qr;
pub mod report;
pub mod statement;
pub mod table;

pub use line::{Direction, Line};
