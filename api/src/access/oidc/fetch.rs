//! What a provider of identities answers, read as JSON.

use serde::de::DeserializeOwned;

use crate::egress::{Answer, Fault};

/// Why a provider gave no usable answer; for the log.
#[derive(Debug, thiserror::Error)]
pub enum FetchFault {
    /// It could not be asked.
    #[error(transparent)]
    Egress(#[from] Fault),
    /// It answered something else than 200.
    #[error("it answered with status {0}")]
    Status(u16),
    /// It answered something else than was asked. What that was may be a secret, so only its place is told.
    #[error("its answer cannot be read from line {} column {}", .0.line(), .0.column())]
    Json(#[from] serde_json::Error),
    /// Its words contradict the configuration.
    #[error("{0}")]
    Contradiction(String),
}

/// The JSON of a 200.
pub(super) fn json<T: DeserializeOwned>(answer: Result<Answer, Fault>) -> Result<T, FetchFault> {
    match answer? {
        Answer { status: 200, body } => Ok(serde_json::from_slice(&body)?),
        Answer { status, .. } => Err(FetchFault::Status(status)),
    }
}
