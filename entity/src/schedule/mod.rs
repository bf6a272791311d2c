//! Tables of schedule.

pub mod room_booking;
pub mod session;
