//! Refusals of callers with a name (403) become entries of the audit log.
//!
//! The extractor of the context notes who asks for what; when the answer comes back as a refusal, the note is written.
//! Somebody without a name (401) leaves no entry: anybody could fill the log otherwise.

use std::sync::{Arc, OnceLock};

use domain::access::Principal;
use poem::{Endpoint, IntoResponse, PathPattern, Request, Response, Result, http::StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::pattern::documented;
use crate::{audit, context::Ctx};

/// Who asks for what.
#[derive(Debug)]
struct Attempt {
    ctx: Ctx,
    operation: String,
    object: Uuid,
}

#[derive(Debug, Clone, Default)]
struct Blank(Arc<OnceLock<Attempt>>);

/// Notes that `ctx` asks for what the request names, in case that is refused.
pub(super) fn note(request: &Request, ctx: &Ctx) {
    let Some(blank) = request.data::<Blank>() else { return };
    let pattern = request.data::<PathPattern>().map_or_else(String::new, |pattern| documented(&pattern.0));
    // The framework's own name for the first parameter of a path.
    let object = request.raw_path_param("param0").and_then(|id| Uuid::try_parse(id).ok()).unwrap_or_default();
    let operation = format!("{} {pattern}", request.method());
    // A context is made once for a request; were it made twice, the first one counts.
    let _ = blank.0.set(Attempt { ctx: ctx.clone(), operation, object });
}

/// Passes the request on, and writes an entry if a caller with a name is refused.
pub(super) async fn record<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> Result<Response> {
    let blank = Blank::default();
    request.set_data(blank.clone());
    let answer = endpoint.call(request).await.map(IntoResponse::into_response);
    let status = answer.as_ref().map_or_else(poem::Error::status, Response::status);
    if let (StatusCode::FORBIDDEN, Some(attempt)) = (status, blank.0.get()) {
        write(attempt).await;
    }
    answer
}

async fn write(attempt: &Attempt) {
    let Attempt { ctx, operation, object } = attempt;
    if ctx.actor.principal == Principal::Anonymous {
        return;
    }
    let noted = audit::note(ctx, "access.denied", *object, json!({"operation": operation})).await;
    if let Err(error) = noted {
        // The refusal stands all the same.
        tracing::warn!(%error, "a refusal is missing in the audit log");
    }
}
