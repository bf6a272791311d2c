//! Methods: which ones a path takes, and the three that no handler should see.
//!
//! OPTIONS is answered here; HEAD becomes GET and loses its body on the way out, so that its headers are those of
//! GET; TRACE and CONNECT are refused. poem does not say which methods a path takes, so they are told to
//! [`PathMethods`], mostly by the OpenAPI document.

use std::{fmt, sync::Arc};

use super::{openapi::Operation, problem::Problem};
use hyper::body::Body as _;
use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderValue, Method, StatusCode, header},
};

type BoxBody = http_body_util::combinators::BoxBody<bytes::Bytes, std::io::Error>;

/// The methods of every path the server knows.
#[derive(Debug, Clone, Default)]
pub struct PathMethods(Vec<Path>);

#[derive(Debug, Clone)]
struct Path {
    segments: Vec<Segment>,
    methods: Vec<Method>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// Any text between a prefix and a suffix, as in `{token}.ics`.
    Parameter {
        prefix: String,
        suffix: String,
    },
    /// Everything below, as in `/docs/*`.
    Rest,
}

impl Segment {
    fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::Rest;
        }
        match (text.find('{'), text.rfind('}')) {
            (Some(start), Some(end)) if start < end => {
                Self::Parameter { prefix: text[..start].into(), suffix: text[end + 1..].into() }
            }
            _ => Self::Literal(text.into()),
        }
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == text,
            Self::Parameter { prefix, suffix } => {
                text.len() > prefix.len() + suffix.len() && text.starts_with(prefix) && text.ends_with(suffix)
            }
            Self::Rest => true,
        }
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => f.write_str(literal),
            Self::Parameter { prefix, suffix } => write!(f, "{prefix}{{}}{suffix}"),
            Self::Rest => f.write_str("*"),
        }
    }
}

impl PathMethods {
    /// Adds a path such as `/ical/{token}.ics` or `/docs/*`. HEAD goes with GET and need not be named.
    #[must_use]
    pub fn with(mut self, path: &str, methods: &[Method]) -> Self {
        let segments: Vec<_> = path.split('/').map(Segment::parse).collect();
        match self.0.iter_mut().find(|known| known.segments == segments) {
            Some(known) => known.methods.extend_from_slice(methods),
            None => self.0.push(Path { segments, methods: methods.to_vec() }),
        }
        self
    }

    /// Adds the operations of an API document that is served below `prefix`.
    #[must_use]
    pub fn with_operations(self, prefix: &str, operations: &[Operation]) -> Self {
        operations.iter().fold(self, |table, operation| {
            table.with(&format!("{prefix}{}", operation.path), std::slice::from_ref(&operation.method))
        })
    }

    /// Every path as it was added, with the methods it takes.
    pub fn paths(&self) -> impl Iterator<Item = (String, &[Method])> {
        self.0.iter().map(|path| {
            let segments: Vec<_> = path.segments.iter().map(ToString::to_string).collect();
            (segments.join("/"), path.methods.as_slice())
        })
    }

    /// The value of `Allow` for a path; none for a path nobody told us of.
    fn allow(&self, path: &str) -> Option<String> {
        let segments: Vec<&str> = path.split('/').collect();
        let matching = self.0.iter().filter(|known| known.matches(&segments));
        // Of several patterns the router takes the one with the fewest parameters.
        let best = matching.max_by_key(|known| known.literals())?;
        let mut names: Vec<&str> = best.methods.iter().map(Method::as_str).collect();
        if best.methods.contains(&Method::GET) {
            names.push("HEAD");
        }
        names.push("OPTIONS");
        names.sort_unstable();
        names.dedup();
        Some(names.join(", "))
    }
}

impl Path {
    fn matches(&self, segments: &[&str]) -> bool {
        let open_ended = self.segments.last() == Some(&Segment::Rest);
        let long_enough = segments.len() == self.segments.len() || (open_ended && segments.len() > self.segments.len());
        long_enough && self.segments.iter().zip(segments).all(|(known, given)| known.matches(given))
    }

    fn literals(&self) -> usize {
        self.segments.iter().filter(|segment| matches!(segment, Segment::Literal(_))).count()
    }
}

/// Hands HEAD on as GET and drops the body of the answer. The length it would have had stays.
pub(super) async fn head<E: Endpoint<Output = Response>>(next: Arc<E>, mut request: Request) -> Result<Response> {
    if request.method() != Method::HEAD {
        return next.call(request).await;
    }
    request.set_method(Method::GET);
    let mut response = next.call(request).await?;
    let length = BoxBody::from(response.take_body()).size_hint().exact();
    let bodiless = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if let Some(length) = length.filter(|_| !bodiless) {
        response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    }
    Ok(response)
}

/// Answers OPTIONS, refuses TRACE and gives every 405 its `Allow`.
pub(super) async fn dispatch<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    request: Request,
    table: Arc<PathMethods>,
) -> Result<Response> {
    let path = request.uri().path().to_owned();
    match *request.method() {
        Method::OPTIONS if path == "*" => return Ok(options("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")),
        Method::OPTIONS => {
            if let Some(allow) = table.allow(&path) {
                return Ok(options(&allow));
            }
        }
        Method::TRACE | Method::CONNECT => return Ok(not_allowed(table.allow(&path).as_deref())),
        _ => {}
    }
    let mut response = next.call(request).await?;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        set_allow(&mut response, table.allow(&path).as_deref());
    }
    Ok(response)
}

/// What of WebDAV is understood where PROPFIND is (RFC 4918, 10.1): no locks, nothing of scheduling.
const DAV: &str = "1, 3, access-control, calendar-access";

fn options(allow: &str) -> Response {
    let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
    if allow.contains("PROPFIND") {
        response.headers_mut().insert("DAV", HeaderValue::from_static(DAV));
    }
    set_allow(&mut response, Some(allow));
    response
}

fn not_allowed(allow: Option<&str>) -> Response {
    let detail = "This server does not answer the method. The header Allow names the ones it takes here.";
    let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail).into_response();
    set_allow(&mut response, allow);
    response
}

/// An empty `Allow` is valid and says that the path takes no method at all (RFC 9110 section 10.2.1).
fn set_allow(response: &mut Response, allow: Option<&str>) {
    if let Ok(value) = HeaderValue::from_str(allow.unwrap_or("")) {
        response.headers_mut().insert(header::ALLOW, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> PathMethods {
        let operation = |(method, path): (Method, &str)| Operation {
            id: String::new(),
            method,
            path: path.to_owned(),
            query: Vec::new(),
        };
        let operations = [
            (Method::GET, "/events"),
            (Method::POST, "/events"),
            (Method::GET, "/events/{id}"),
            (Method::PATCH, "/events/{id}"),
            (Method::DELETE, "/events/{id}"),
            (Method::PUT, "/events/by-external"),
        ];
        PathMethods::default()
            .with("/ical/{token}.ics", &[Method::GET])
            .with("/docs/*", &[Method::GET])
            .with("/", &[Method::GET])
            .with_operations("/api/v1", &operations.map(operation))
    }

    #[test]
    fn allow_names_exactly_what_the_path_takes() {
        let table = table();
        let rows = [
            ("/", Some("GET, HEAD, OPTIONS")),
            ("/api/v1/events", Some("GET, HEAD, OPTIONS, POST")),
            ("/api/v1/events/seoul-2019", Some("DELETE, GET, HEAD, OPTIONS, PATCH")),
            ("/api/v1/events/by-external", Some("OPTIONS, PUT")),
            ("/ical/wgf_x.ics", Some("GET, HEAD, OPTIONS")),
            ("/docs/swagger/app.js", Some("GET, HEAD, OPTIONS")),
            ("/ical/.ics", None),
            ("/ical/wgf_x", None),
            ("/api/v1/events/", None),
            ("/api/v1/events/seoul-2019/sessions", None),
            ("/events", None),
        ];
        for (path, expected) in rows {
            assert_eq!(table.allow(path).as_deref(), expected, "{path}");
        }
    }
}
