//! A panic in a handler is one lost request, not a lost server.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use poem::{Endpoint, Request, Response, Result, http::StatusCode};

use super::problem::Problem;

/// Sends the report of every panic of the process, once, to the log instead of bare to standard error. Within a
/// request it carries the request's id. Call after `logging::init`.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.message = message(panic.payload()), panic.location = location, "panic");
    }));
}

/// Answers 500 when a handler panics.
pub(super) async fn catch<E: Endpoint<Output = Response>>(next: Arc<E>, request: Request) -> Result<Response> {
    // Nothing the handler left half-changed is reachable afterwards: transactions roll back, and shared state that is
    // behind a poisoned lock says so.
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    outcome.unwrap_or_else(|_| {
        let detail = "The server failed. It has been logged; name the request id when you ask.";
        Ok(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response())
    })
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message")
}
