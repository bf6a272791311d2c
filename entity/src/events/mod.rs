//! Tables of events.

pub mod event;
pub mod procedure;
pub mod room;
