//! Tables of calendars.

pub mod feed;
pub mod revision;
pub mod state;
