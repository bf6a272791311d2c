//! HTTP: the edge, problems, bodies, answers, authentication and the API document.
//!
//! The edge is what every request meets before a route does; [`stack`] says in which order.

pub mod body;
pub mod body_limit;
pub mod browser;
pub mod checked;
pub mod client_address;
mod components;
pub mod compression;
pub mod connection;
mod deadline;
mod denials;
pub mod docs;
pub mod download;
pub mod examples;
pub mod extract;
pub mod file;
mod headers;
pub mod health;
pub mod idempotency;
mod links;
mod localise;
pub mod logging;
pub mod methods;
pub mod metrics;
pub mod openapi;
mod operations;
pub mod panics;
pub mod param;
pub mod parameters;
mod pattern;
pub mod principal;
pub mod problem;
pub mod problem_types;
pub mod rate_limit;
mod redaction;
pub mod reply;
pub mod request_head;
pub mod request_id;
mod request_log;
pub mod routes;
pub mod schema;
pub mod scope;
pub mod server;
pub mod settings;
pub mod shutdown;
pub mod stack;
mod strict;

use domain::time::Bound;
use poem_openapi::Tags;

use crate::error::Error;

/// The chapters of the API document.
#[derive(Debug, Tags)]
pub enum Tag {
    /// States and everything else that sends delegations.
    Organisations,
    /// Human beings, known by name.
    Persons,
    /// Standing bodies, their members and the roles in them.
    Groups,
    /// Occasions with dates, place and time zone.
    Events,
    /// Rooms in venues.
    Rooms,
    /// Sittings within an event, and their placement.
    Sessions,
    /// One organisation at one event: its head and members.
    Delegations,
    /// Who was represented in a session.
    Attendance,
    /// Badges, what is checked at a door, and what was scanned.
    Door,
    /// Negotiated texts, their clauses and versions.
    Statements,
    /// Calendar subscriptions.
    Feeds,
    /// API keys.
    Keys,
    /// Who asks, and the browsers that are signed in.
    SignIns,
    /// The change feed and the audit log.
    Changes,
}

/// Reads a query parameter that has the shape of a day, a local time or an instant.
pub fn query_time(name: &str, value: Option<&str>) -> Result<Option<Bound>, Error> {
    let invalid = || {
        let detail =
            "Give a day such as 2019-10-07, a local time such as 2019-10-07T09:00:00, or RFC 3339 with an offset.";
        Error::invalid(name, "invalid_time", detail)
    };
    value.map(|time| Bound::parse(time).ok_or_else(invalid)).transpose()
}
