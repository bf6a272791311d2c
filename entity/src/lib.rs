//! Rows as the databases keep them: one file per table, a folder per capability, and no behaviour.

pub mod access;
pub mod attendance;
pub mod audit;
pub mod calendars;
pub mod events;
pub mod groups;
pub mod jobs;
pub mod minutes;
pub mod organisations;
pub mod people;
pub mod schedule;
pub mod statements;
