//! Tables of schedule.

pub mod session;
