//! What the head of a request must look like before anything else is asked.
//!
//! Paths that two programs could read differently are refused, so that a proxy, the router and the code that checks
//! rights all mean the same resource. (A query parameter given twice is canonical already: every reader takes the
//! first.)

use std::sync::Arc;

use poem::{
    Addr, Endpoint, Request, Response, Result,
    http::{HeaderMap, StatusCode, Version, header},
};

use super::problem::Problem;

/// Header fields of one request.
pub const MAX_FIELDS: usize = 64;
/// Bytes of the request line and all header fields of one request.
pub const MAX_BYTES: usize = 32 * 1024;
/// Bytes of the request's target.
const MAX_TARGET_BYTES: usize = 8 * 1024;

/// Refuses what is too large, malformed or ambiguous.
pub(super) async fn check<E: Endpoint<Output = Response>>(next: Arc<E>, request: Request) -> Result<Response> {
    match fault(&request) {
        Some((status, code, detail)) => Ok(Problem::coded(status, code, detail).into_response()),
        None => next.call(request).await,
    }
}

type Fault = (StatusCode, &'static str, &'static str);

fn fault(request: &Request) -> Option<Fault> {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    if target.len() > MAX_TARGET_BYTES {
        let detail = "The address is longer than 8 KiB. Send long values in a body.";
        return Some((StatusCode::URI_TOO_LONG, "address_too_long", detail));
    }
    if request.headers().len() > MAX_FIELDS || target.len() + size(request.headers()) > MAX_BYTES {
        let detail = "Send at most 64 header fields and 32 KiB of them.";
        return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", detail));
    }
    if !names_one_host(request) {
        return Some((StatusCode::BAD_REQUEST, "invalid_host", "Send exactly one Host header (RFC 9112 section 3.2)."));
    }
    if is_ambiguous(request.uri().path()) {
        let detail = "Write the path without empty segments, dot segments, ';', backslashes or control characters.";
        return Some((StatusCode::BAD_REQUEST, "ambiguous_path", detail));
    }
    None
}

fn size(headers: &HeaderMap) -> usize {
    // ": " and the line end count as well.
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

fn names_one_host(request: &Request) -> bool {
    // Requests that never were on a wire (in process, in tests) carry none.
    let from_a_socket = matches!(request.remote_addr().0, Addr::SocketAddr(_));
    match request.headers().get_all(header::HOST).iter().count() {
        0 => request.version() < Version::HTTP_11 || !from_a_socket,
        count => count == 1,
    }
}

fn is_ambiguous(path: &str) -> bool {
    if path == "*" {
        return false;
    }
    let Some(segments) = path.strip_prefix('/') else { return true };
    let mut segments = segments.split('/').peekable();
    while let Some(segment) = segments.next() {
        // One slash at the end is a different path, but not an ambiguous one.
        let inside = segments.peek().is_some();
        if (segment.is_empty() && inside) || is_ambiguous_segment(segment) {
            return true;
        }
    }
    false
}

fn is_ambiguous_segment(segment: &str) -> bool {
    if segment.contains([';', '\\']) {
        return true;
    }
    let Some(decoded) = decode(segment.as_bytes()) else { return true };
    let backslash_or_control = |character: char| character == '\\' || character.is_control();
    matches!(decoded.as_str(), "." | "..") || decoded.contains(backslash_or_control)
}

/// Decodes `%41`; none for what is not UTF-8 or has no two hexadecimal digits.
pub(super) fn decode(segment: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bytes.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_can_be_read_in_two_ways_are_refused() {
        for path in [
            "//",
            "/api//v1",
            "/api/v1//",
            "/a/../b",
            "/a/./b",
            "/a/%2e%2e/b",
            "/a/%2E",
            "/a/.%2e/b",
            "/a;b=c/d",
            "/a\\b",
            "/a%5cb",
            "/a%00b",
            "/a%0d%0aX",
            "/a%7f",
            "/%zz",
            "/%4",
            "/%",
            "/%ff",
            "",
        ] {
            assert!(is_ambiguous(path), "{path:?}");
        }
        for path in
            ["/", "/api/v1/events", "/api/v1/events/", "/a/...", "/a/..b", "/J%C3%B3zef", "/a%2Fb", "/x.ics", "*"]
        {
            assert!(!is_ambiguous(path), "{path:?}");
        }
    }
}
