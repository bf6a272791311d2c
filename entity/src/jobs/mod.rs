//! Tables of jobs.

pub mod job;
pub mod outbox_message;
