//! Statements: negotiated texts, their clauses, their first draft and their states.
//!
//! Belongs here: what a text is made of, who comes in which order in its lists, how its first draft is written from
//! the facts of a meeting, which step may follow which. Does not belong here: storage, permissions, and any file
//! format (the crate `documents`).

pub mod clause;
pub mod dates;
pub mod draft;
pub mod facts;
pub mod furniture;
pub mod kind;
pub mod lint;
pub mod order;
pub mod phrases;
pub mod state;
pub mod statement;
pub mod typography;
pub mod version;
pub mod wording;

#[cfg(test)]
mod seoul;

pub use clause::{Clause, ClauseState, Part, Provenance, Revision};
pub use draft::{Draft, DraftClause, joint_statement};
pub use facts::{Adoption, CaseForms, DateRange, Facts, Inflected, NextMeeting, Participant, Theme, Track};
pub use kind::Kind;
pub use lint::{Case, Lint};
pub use order::OrderPolicy;
pub use state::{Refusal, State};
pub use statement::{Details, Statement, Transition};
pub use version::{Content, Label};
pub use wording::{Place, Wording};
