//! One binary of integration tests: a module per capability, on both databases.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod access_matrix;
mod architecture;
mod attendance;
mod audience;
mod audit;
mod canaries;
mod changes;
mod cli;
mod concurrency;
mod demo;
mod disclosure;
mod edge;
mod events;
mod feeds;
mod groups;
mod instances;
mod jobs;
mod keys;
mod memberships;
mod migrations;
mod minutes;
mod offices;
mod oidc;
mod openapi;
mod organisations;
mod passkeys;
mod people;
mod privacy;
mod problems;
mod query_count;
mod roles;
mod room_booking;
mod rooms;
mod schedule;
mod seals;
mod seoul;
mod sign_in;
mod sign_in_ways;
mod statements;
mod support;
mod surface;
mod tour;
mod traps;
mod visibility;
