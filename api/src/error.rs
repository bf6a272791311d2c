//! Why a use case did not do what was asked. Carries what the caller may know; the cause is logged, never shown.

use domain::{Violation, access::Denial};
use sea_orm::{DbErr, SqlErr};
use serde_json::Value;

/// The one error type of all use cases.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or not the caller's to see: the same answer.
    #[error("not found")]
    NotFound,
    /// Was there and has been deleted.
    #[error("deleted")]
    Gone,
    /// No key, or not a valid one.
    #[error("a valid key is needed")]
    Unauthenticated,
    /// A valid key that may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// Who asks has signed in too long ago for this.
    #[error("sign in again")]
    SignInAgain,
    /// Tried too often.
    #[error("too often; again in {wait} s")]
    TooOften {
        /// In so many seconds it may be tried again.
        wait: i64,
        /// How often it may be tried
        times: i32,
        /// in so many seconds.
        window: i64,
    },
    /// The request cannot be read.
    #[error("malformed")]
    Malformed(Vec<Violation>),
    /// The request can be read but not carried out as it is.
    #[error("invalid")]
    Invalid(Vec<Violation>),
    /// The request contradicts what is there.
    #[error("{detail}")]
    Conflict {
        /// Stable machine-readable code.
        code: &'static str,
        /// Plain words that say how to mend it.
        detail: String,
    },
    /// A write without `If-Match`.
    #[error("If-Match is missing")]
    PreconditionRequired,
    /// A write on an older version; carries the object as it is now.
    #[error("stale version")]
    Stale(Option<Value>),
    /// The database is busy or away; trying again helps.
    #[error("temporarily unavailable")]
    Unavailable(#[source] DbErr),
    /// Our own fault.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One violation of the request's content.
    pub fn invalid(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::new(pointer, code, detail)])
    }

    /// A contradiction with what is there.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into() }
    }

    /// Our own fault, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// Turns a broken uniqueness rule into `otherwise`; leaves every other error as it is.
    pub fn on_unique(error: DbErr, otherwise: impl FnOnce() -> Self) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => otherwise(),
            _ => error.into(),
        }
    }
}

impl From<Vec<Violation>> for Error {
    fn from(violations: Vec<Violation>) -> Self {
        Self::Invalid(violations)
    }
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        Self::Invalid(vec![violation])
    }
}

impl From<Denial> for Error {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Unauthenticated => Self::Unauthenticated,
            Denial::Forbidden(detail) => Self::Forbidden(detail),
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if crate::db::is_transient(&error) { Self::Unavailable(error) } else { Self::Internal(Box::new(error)) }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::internal(error)
    }
}
