//! The application: use cases over rows, and the doors to them.

pub mod access;
pub mod attendance;
pub mod audit;
pub mod calendars;
pub mod changes;
pub mod cli;
pub mod clock;
pub mod config;
pub mod context;
pub mod db;
pub mod demo;
pub mod error;
pub mod events;
pub mod groups;
pub mod http;
pub mod jobs;
pub mod mail;
pub mod organisations;
pub mod overview;
pub mod people;
pub mod privacy;
pub mod private;
pub mod schedule;
pub mod start;
pub mod statements;
pub mod web;
