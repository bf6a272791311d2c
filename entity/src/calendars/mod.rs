//! Tables of calendars.

pub mod feed;
pub mod revision;
