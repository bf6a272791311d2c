//! Every error as RFC 9457 `application/problem+json`, from the use cases and from the framework alike.

use domain::Violation;
use poem::{
    PathPattern, Response,
    http::{StatusCode, header},
};
use poem_openapi::{
    ApiResponse,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{
    problem_types,
    schema::{self, Way},
};
use crate::error::Error;

/// Media type of RFC 9457.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong, for machines and for people.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Problem {
    /// Stable URI of this type of problem, relative to the server; documented at `/docs`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The type of problem in a few words.
    pub title: String,
    /// The status code of the answer.
    pub status: u16,
    /// What happened this time and how to mend it.
    pub detail: String,
    /// One entry per fault in the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Violation>,
    /// The object as it is now, where the write was based on an older version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Value>,
    /// When it can be tried again, in seconds: the header of the answer says so.
    #[serde(skip)]
    #[schemars(skip)]
    pub retry_after: Option<i64>,
    /// What may be done how often, where it was done more often: times and seconds.
    #[serde(skip)]
    #[schemars(skip)]
    pub allowance: Option<(i32, i64)>,
    /// Name it when you ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem of the type that goes with `status`.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self {
            kind: format!("/problems/{}", title.to_lowercase().replace([' ', '\''], "-")),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            errors: vec![],
            current: None,
            retry_after: None,
            allowance: None,
            request_id: None,
        }
    }

    /// A problem with a type of its own.
    pub fn coded(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self { kind: format!("/problems/{}", code.replace('_', "-")), ..Self::new(status, detail) }
    }

    /// What the document shows for `status`.
    pub(super) fn example(status: StatusCode) -> Self {
        let remedy = problem_types::of_status(status).map_or("", |kind| kind.remedy);
        let problem =
            Self { request_id: Some("0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f507".into()), ..Self::new(status, remedy) };
        match status {
            StatusCode::BAD_REQUEST => problem.with(vec![Violation::new(
                "/cod",
                "does_not_fit",
                "unknown field `cod`, expected one of `code`, `kind`, `names`",
            )]),
            StatusCode::UNPROCESSABLE_ENTITY => problem.with(vec![Violation::new(
                "/ends_on",
                "ends_before_start",
                "Let it end on its first day or later.",
            )]),
            _ => problem,
        }
    }

    fn with(self, errors: Vec<Violation>) -> Self {
        Self { errors, ..self }
    }

    /// The answer that carries this problem.
    pub fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut builder = Response::builder().status(status).content_type(PROBLEM_JSON);
        if status == StatusCode::UNAUTHORIZED {
            builder = builder.header(header::WWW_AUTHENTICATE, r#"Bearer realm="plenum""#);
        }
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE) || self.kind.ends_with("request-in-progress") {
            builder = builder.header(header::RETRY_AFTER, "1");
        }
        if let Some(seconds) = self.retry_after {
            builder = builder.header(header::RETRY_AFTER, seconds);
        }
        if let (Some((times, window)), Some(wait)) = (self.allowance, self.retry_after) {
            builder = builder
                .header("RateLimit-Policy", format!("\"attempts\";q={times};w={window}"))
                .header("RateLimit", format!("\"attempts\";r=0;t={wait}"));
        }
        let mut response = builder.body(serde_json::to_vec(&self).unwrap_or_default());
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::new(
                StatusCode::NOT_FOUND,
                "There is nothing here that you may see. Check the address and your key.",
            ),
            Error::Gone => Self::new(StatusCode::GONE, "This object has been deleted."),
            Error::Unauthenticated => {
                Self::new(StatusCode::UNAUTHORIZED, "Send a valid API key as 'Authorization: Bearer <key>'.")
            }
            Error::Forbidden(detail) => Self::new(StatusCode::FORBIDDEN, detail),
            Error::SignInAgain => Self::coded(
                StatusCode::FORBIDDEN,
                "sign_in_again",
                "This needs a sign-in of the last ten minutes. Sign in again at /sign-in, then repeat it.",
            ),
            Error::TooOften { wait, times, window } => Self {
                retry_after: Some(wait.max(1)),
                allowance: Some((times, window)),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    format!("This was tried too often. Wait {} minutes, then try again.", (wait.max(1) + 59) / 60),
                )
            },
            Error::Malformed(errors) => {
                Self::new(StatusCode::BAD_REQUEST, "The request cannot be read; see 'errors'.").with(errors)
            }
            Error::Invalid(errors) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "The request cannot be carried out as it is; see 'errors'.")
                    .with(errors)
            }
            Error::Conflict { code, detail } => Self::coded(StatusCode::CONFLICT, code, detail),
            Error::PreconditionRequired => Self::new(
                StatusCode::PRECONDITION_REQUIRED,
                "Read the object first and send its ETag as 'If-Match', so that nobody's change is overwritten.",
            ),
            Error::Stale(current) => Self {
                current,
                ..Self::new(
                    StatusCode::PRECONDITION_FAILED,
                    "Somebody has changed the object since you read it; 'current' is how it stands now.",
                )
            },
            Error::Unavailable(cause) => {
                tracing::warn!(error = %cause, "database unavailable");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "The server is busy. Try again in a moment.")
            }
            Error::Internal(cause) => {
                tracing::error!(error = %cause, "internal error");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The server failed. It has been logged; name the request id when you ask.",
                )
            }
        }
    }
}

impl From<Error> for poem::Error {
    fn from(error: Error) -> Self {
        let problem = Problem::from(error);
        // An error does not keep what is noted on its answer; pages show the problem in their own way.
        let mut refusal = Self::from_response(problem.clone().into_response());
        refusal.set_data(problem);
        refusal
    }
}

/// The statuses an operation can fail with; the document keeps those that fit each.
pub(super) const STATUSES: &[(StatusCode, &str)] = &[
    (StatusCode::BAD_REQUEST, "The request cannot be read"),
    (StatusCode::UNAUTHORIZED, "No valid key"),
    (StatusCode::FORBIDDEN, "The key may not do this"),
    (StatusCode::NOT_FOUND, "Not there, or not yours to see"),
    (StatusCode::REQUEST_TIMEOUT, "The request did not arrive in time"),
    (StatusCode::CONFLICT, "Contradicts what is there"),
    (StatusCode::GONE, "Deleted"),
    (StatusCode::PRECONDITION_FAILED, "Somebody has changed the object since you read it"),
    (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
    (StatusCode::URI_TOO_LONG, "The address is too long"),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is not JSON"),
    (StatusCode::UNPROCESSABLE_ENTITY, "The request cannot be carried out as it is"),
    (StatusCode::PRECONDITION_REQUIRED, "If-Match is missing"),
    (StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
    (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "The header fields are too large"),
    (StatusCode::INTERNAL_SERVER_ERROR, "The server failed"),
    (StatusCode::SERVICE_UNAVAILABLE, "The server is busy"),
];

impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        let answer = |&(status, description): &(StatusCode, &'static str)| MetaResponse {
            description,
            status: Some(status.as_u16()),
            status_range: None,
            content: vec![MetaMediaType { content_type: PROBLEM_JSON, schema: schema::reference::<Problem>() }],
            headers: vec![],
        };
        MetaResponses { responses: STATUSES.iter().map(answer).collect() }
    }

    fn register(registry: &mut Registry) {
        schema::register::<Problem>(registry, Way::Answered);
    }
}

/// Turns whatever the framework refused into a problem; answers that are problems already pass.
pub async fn from_framework(error: poem::Error) -> Response {
    use poem_openapi::error as api;
    if error.is_from_response() || error.status().is_redirection() || error.status().is_success() {
        return error.into_response();
    }
    let status = error.status();
    let fault = |pointer: &str, detail: &str| {
        Problem::from(Error::Malformed(vec![Violation::new(pointer, "invalid_parameter", detail)]))
    };
    let problem = if let Some(cause) = error.downcast_ref::<api::ParseParamError>() {
        fault(cause.name, &format!("The value does not fit: {}.", plain(&cause.reason)))
    } else if error.is::<api::ParsePathError>() {
        Problem::from(Error::NotFound)
    } else {
        match status {
            StatusCode::NOT_FOUND => Problem::from(Error::NotFound),
            StatusCode::METHOD_NOT_ALLOWED => {
                Problem::new(status, "This address does not take that method; 'Allow' says which it takes.")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(status, "Send the body as application/json."),
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "The body is too large."),
            status if status.is_server_error() => {
                tracing::error!(error = %error, "internal error");
                Problem::new(status, "The server failed. It has been logged; name the request id when you ask.")
            }
            status => Problem::new(status, plain(&error.to_string())),
        }
    };
    let mut response = problem.into_response();
    if let Some(pattern) = error.data::<PathPattern>() {
        response.set_data(pattern.clone());
    }
    // Headers the framework put on the error (`Allow`, `Retry-After`) stay.
    let sent = error.into_response();
    let kept = [header::ALLOW, header::RETRY_AFTER]
        .into_iter()
        .filter_map(|name| Some((name.clone(), sent.headers().get(name)?.clone())));
    response.headers_mut().extend(kept);
    response
}

/// Drops the Rust type names the framework writes into its messages.
fn plain(reason: &str) -> String {
    let reason = reason.split('"').nth(2).map_or(reason, |rest| rest.trim_start_matches([':', ' ']));
    let reason = reason.split(" (occurred while parsing").next().unwrap_or(reason);
    reason.trim_end_matches('.').chars().take(200).collect()
}
