//! Tables of audit.

pub mod audit_entry;
pub mod audit_seal;
pub mod audit_value;
pub mod change;
pub mod counter;
