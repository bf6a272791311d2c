//! Clashes: what a secretariat has to know of a programme before delegates do.
//!
//! Pure functions over a snapshot. [`evaluate`] looks at a whole programme, [`Board`] at what an edit touches; both find
//! the same. A finding is data with a fingerprint; a waiver is for one fingerprint. What is a clash is told in `rules`,
//! each rule beside what it looks at. Reading the snapshot from rows, keeping waivers and telling people are the
//! business of others.

mod board;
mod finding;
mod fingerprint;
mod index;
mod order;
mod phrase;
pub mod placement;
mod redaction;
mod rule;
mod rules;
mod settings;
mod snapshot;
mod span;
mod sweep;
mod view;
mod waiver;
mod walks;

#[cfg(test)]
mod tests;

pub use board::{Board, Changes, Edit};
pub use finding::{Finding, Params, PlenaryMatter, Subject};
pub use fingerprint::Fingerprint;
pub use order::{Order, Relation};
pub use phrase::phrase;
pub use rule::{Rule, Severity};
pub use settings::Settings;
pub use snapshot::{
    Area, Availability, Blocking, BlockingKind, Commitment, Conflict, Delegation, Document, Duty, Expected, Holiday,
    Hours, Interpreters, Item, MustAttend, NotBefore, Observance, Party, Quorum, Room, Session, Snapshot, Tier, Walk,
    Weight,
};
pub use span::Span;
pub(crate) use span::Spans;
pub use waiver::{NewWaiver, Sorted, Waiver};

use index::Index;
use view::View;

/// Everything the rules find in `snapshot`, by rule, then by fingerprint.
pub fn evaluate(snapshot: &Snapshot, settings: &Settings) -> Vec<Finding> {
    let index = Index::of(snapshot, settings);
    let view = View { snapshot, settings, index: &index };
    let mut found = Vec::new();
    view.cells().for_each(|cell| view.look(&cell, &mut found));
    in_order(found)
}

/// By rule, then by fingerprint, so that the same programme always gives the same list.
fn in_order(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_unstable_by(|one, other| (one.rule, &one.fingerprint).cmp(&(other.rule, &other.fingerprint)));
    found
}
