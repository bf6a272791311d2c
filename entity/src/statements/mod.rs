//! Tables of statements.

pub mod clause;
pub mod clause_revision;
pub mod statement;
pub mod statement_participant;
pub mod statement_version;
