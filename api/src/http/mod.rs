//! HTTP: the edge, problems, bodies, answers, authentication and the API document.
//!
//! The edge is what every request meets before a route does; [`stack`] says in which order.

pub mod body;
pub mod body_limit;
pub mod client_address;
mod compression;
pub mod connection;
mod deadline;
pub mod docs;
pub mod extract;
mod headers;
pub mod health;
pub mod idempotency;
mod localise;
pub mod logging;
pub mod methods;
pub mod metrics;
pub mod openapi;
pub mod panics;
pub mod principal;
pub mod problem;
pub mod query;
pub mod rate_limit;
mod redaction;
pub mod reply;
pub mod request_head;
pub mod request_id;
mod request_log;
pub mod routes;
pub mod schema;
pub mod server;
pub mod settings;
pub mod shutdown;
pub mod stack;

use domain::{Violation, time::Bound};
use jiff::civil::Date;
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
    /// Negotiated texts, their clauses and versions.
    Statements,
    /// Calendar subscriptions.
    Feeds,
    /// API keys.
    Keys,
    /// The change feed and the audit log.
    Changes,
}

/// Reads a query parameter that takes a day.
pub fn query_day(name: &str, value: Option<&str>) -> Result<Option<Date>, Error> {
    let invalid = |_| Error::Malformed(vec![Violation::new(name, "invalid_day", "Give a day such as 2019-10-07.")]);
    value.map(|day| day.parse().map_err(invalid)).transpose()
}

/// Reads a query parameter that takes a day, a local time or an instant.
pub fn query_time(name: &str, value: Option<&str>) -> Result<Option<Bound>, Error> {
    let invalid = || {
        let detail =
            "Give a day such as 2019-10-07, a local time such as 2019-10-07T09:00:00, or RFC 3339 with an offset.";
        Error::Malformed(vec![Violation::new(name, "invalid_time", detail)])
    };
    value.map(|time| Bound::parse(time).ok_or_else(invalid)).transpose()
}

/// Reads a query parameter that takes one of a few words.
pub fn query_word<T: Copy + std::fmt::Display>(
    name: &str,
    value: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
    all: &[T],
) -> Result<Option<T>, Error> {
    value
        .map(|word| {
            parse(word).ok_or_else(|| {
                let words: Vec<_> = all.iter().map(ToString::to_string).collect();
                Error::Malformed(vec![Violation::new(
                    name,
                    "unknown_word",
                    format!("Give one of: {}.", words.join(", ")),
                )])
            })
        })
        .transpose()
}
