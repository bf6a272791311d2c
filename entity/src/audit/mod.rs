//! Tables of audit.

pub mod audit_entry;
pub mod change;
pub mod counter;
