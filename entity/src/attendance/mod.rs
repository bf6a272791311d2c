//! Tables of attendance.

#![expect(clippy::module_inception, reason = "a file is called as its table")]

pub mod attendance;
pub mod delegate;
pub mod delegation;
