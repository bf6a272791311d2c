//! Tables of minutes.

#![expect(clippy::module_inception, reason = "a file is called as its table")]

pub mod correction;
pub mod minutes;
pub mod revision;
