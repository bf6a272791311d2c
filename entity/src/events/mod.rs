//! Tables of events.

pub mod event;
pub mod room;
