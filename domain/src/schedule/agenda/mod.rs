//! The agenda of a session: its items in a tree, their numbers, their states, and when the sitting will be through.
//!
//! Belongs here: what an item is made of, which number it has and keeps, which step may follow which, and how planned
//! minutes and what has happened so far give the times of what is still to come. Who speaks on an item is the business of
//! attendance; whether the agenda fits into the session is found by `clashes`.

mod course;
mod edition;
mod item;
mod numbering;
mod state;
mod tree;

#[cfg(test)]
mod tests;

pub use course::{Course, Expected, Leg};
pub use edition::{Edition, EditionHead, EditionItem, EditionKind, NewEdition};
pub use item::{Details, Document, Item, ItemShown, Kind, Visibility};
pub use numbering::{Numbering, Style, Taken, assigned};
pub use state::{ItemState, Period, Refusal, Transition};
pub use tree::{Branch, Stop, walk, would_circle};

/// The most items an agenda has.
pub const MOST_ITEMS: usize = 500;
