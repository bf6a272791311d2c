//! Tables of attendance.

pub mod attendance;
pub mod delegate;
pub mod delegation;
