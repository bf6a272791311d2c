//! What is logged, where and how.
//!
//! One event per line on standard error; standard output belongs to the commands that print something. JSON escapes
//! control characters, so nobody can forge a line. What may not be logged is kept out at its source: see
//! `request_log` and `redaction`.

use std::io::IsTerminal;

use tracing::{Subscriber, subscriber::SetGlobalDefaultError};
use tracing_subscriber::{
    EnvFilter,
    filter::ParseError,
    fmt::{MakeWriter, fmt},
};

use crate::config::LogFormat;

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter cannot be read.
    #[error("the log filter cannot be read ({0}): write for example 'info' or 'info,api=debug'")]
    Filter(#[from] ParseError),
    /// Logging was set up before.
    #[error("logging is set up already")]
    Twice(#[from] SetGlobalDefaultError),
}

/// Always in force unless the given filter says otherwise for the same target: statements of the database layer hold
/// people's data.
const QUIET: &str = "sqlx=warn,sea_orm=warn,sea_orm_migration=warn,hyper=warn,hyper_util=warn,poem=warn";

/// Sets up logging for the process; `filter` in the syntax of `tracing_subscriber::EnvFilter`, default `info`.
///
/// # Errors
/// When the filter cannot be read, or logging was set up before.
pub fn init(format: LogFormat, filter: Option<&str>) -> Result<(), LoggingError> {
    let filter = filter.unwrap_or("info");
    match format {
        LogFormat::Json => tracing::subscriber::set_global_default(json(std::io::stderr, filter)?)?,
        LogFormat::Text => {
            let subscriber = fmt()
                .with_env_filter(env_filter(filter)?)
                .with_writer(std::io::stderr)
                .with_target(false)
                .with_ansi(std::io::stderr().is_terminal());
            tracing::subscriber::set_global_default(subscriber.finish())?;
        }
    }
    Ok(())
}

pub(super) fn json(
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
    filter: &str,
) -> Result<impl Subscriber + Send + Sync, LoggingError> {
    let subscriber = fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(env_filter(filter)?)
        .with_writer(writer);
    Ok(subscriber.finish())
}

fn env_filter(filter: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::builder().parse(format!("{QUIET},{filter}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_cannot_be_read_is_refused_in_plain_words() {
        let error = json(std::io::stderr, "api=loud").err().unwrap().to_string();
        assert!(error.contains("'info'"), "{error}");
        assert!(json(std::io::stderr, "debug,sqlx=debug").is_ok());
    }
}
