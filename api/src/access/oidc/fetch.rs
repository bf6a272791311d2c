//! The one client by which providers of identities are asked.
//!
//! A provider answers quickly, shortly and from the address that was asked, or not at all: no redirects, no proxy from
//! the environment, a time limit, and a limit on what is read.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde::de::DeserializeOwned;

/// Time to connect, and time for everything.
const CONNECT: Duration = Duration::from_secs(3);
const WHOLE: Duration = Duration::from_secs(10);

/// Bytes of an answer.
const LIMIT: usize = 256 * 1024;

/// Why a provider gave no usable answer; for the log.
#[derive(Debug, thiserror::Error)]
pub enum FetchFault {
    /// It could not be asked.
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    /// It answered something else than 200.
    #[error("it answered with status {0}")]
    Status(u16),
    /// It did not stop.
    #[error("its answer is larger than {LIMIT} bytes")]
    TooLarge,
    /// It answered something else than was asked. What that was may be a secret, so only its place is told.
    #[error("its answer cannot be read from line {} column {}", .0.line(), .0.column())]
    Json(#[from] serde_json::Error),
    /// Its words contradict the configuration.
    #[error("{0}")]
    Contradiction(String),
}

/// The client. Made once: it keeps connections.
pub(super) fn client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .user_agent(concat!("plenum/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Sends the request and reads the JSON of a 200.
pub(super) async fn json<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, FetchFault> {
    let mut response = request.header("accept", "application/json").send().await?;
    if response.status().as_u16() != 200 {
        return Err(FetchFault::Status(response.status().as_u16()));
    }
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LIMIT {
            return Err(FetchFault::TooLarge);
        }
    }
    Ok(serde_json::from_slice(&body)?)
}
