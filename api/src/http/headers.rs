//! The headers every answer carries, errors included.
//!
//! What a handler sets itself is kept: pages and `/docs` need another policy than data.

use std::sync::Arc;

use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};

use super::{client_address::Client, openapi};

/// Data is never a document that may run, load or be framed.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
const NO_DEVICES: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
/// One year; browsers ignore it over plain HTTP.
const HTTPS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// Collections of the API whose answers are about people, or about what people did.
const PERSONAL: [&str; 10] =
    ["persons", "accounts", "keys", "me", "delegates", "roles", "audit-entries", "history", "seal", "seals"];

/// Adds what is missing of the security and caching headers. `https` says that the server is known under an address with
/// `https`; otherwise a trusted proxy says so of a request.
pub(super) async fn protect<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    request: Request,
    https: bool,
) -> Result<Response> {
    // A feed's address is its key, so it must not leak into the log of another site.
    let feed = request.uri().path().starts_with("/ical/");
    let personal = is_personal(request.uri().path());
    let https = https || request.data::<Client>().is_some_and(|client| client.https);
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    headers.remove(header::SERVER);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    add(headers, header::CONTENT_SECURITY_POLICY, DATA_POLICY);
    // What the policy says of frames, for what does not read it.
    add(headers, header::X_FRAME_OPTIONS, "DENY");
    add(headers, header::REFERRER_POLICY, if feed { "no-referrer" } else { "same-origin" });
    add(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    add(headers, HeaderName::from_static("permissions-policy"), NO_DEVICES);
    if personal {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    add(headers, header::CACHE_CONTROL, "private, no-cache");
    if https {
        add(headers, header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    Ok(response)
}

/// Whether the answer may name people: then no browser and no proxy keeps a copy of it (R106).
fn is_personal(path: &str) -> bool {
    let below = path.strip_prefix(openapi::BASE).unwrap_or("");
    below.split('/').any(|segment| PERSONAL.contains(&segment))
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync, http::StatusCode, test::TestClient};

    use super::*;

    #[tokio::test]
    async fn data_may_not_run_and_pages_keep_their_own_policy() {
        let endpoint = make_sync(|request| match request.uri().path() {
            "/page" => Response::builder().header("Content-Security-Policy", "script-src 'self'").finish(),
            _ => Response::builder().status(StatusCode::NOT_FOUND).header("Server", "poem").finish(),
        });
        let client = TestClient::new(endpoint.around(|next, request| protect(next, request, false)));
        let data = client.get("/ical/x.ics").send().await;
        data.assert_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        data.assert_header("Referrer-Policy", "no-referrer");
        data.assert_header("X-Content-Type-Options", "nosniff");
        data.assert_header("Cache-Control", "private, no-cache");
        assert!(data.0.header("Server").is_none() && data.0.header("Strict-Transport-Security").is_none());
        let page = client.get("/page").send().await;
        page.assert_header("Content-Security-Policy", "script-src 'self'");
        page.assert_header("Referrer-Policy", "same-origin");
    }

    #[tokio::test]
    async fn https_is_demanded_once_it_was_used() {
        let client = Client { address: None, through_proxy: true, https: true };
        let site = || make_sync(|_| Response::default());
        let told_by_a_proxy = site().around(|next, request| protect(next, request, false)).data(client);
        let configured = site().around(|next, request| protect(next, request, true));
        for response in
            [TestClient::new(told_by_a_proxy).get("/").send().await, TestClient::new(configured).get("/").send().await]
        {
            response.assert_header("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
    }

    #[test]
    fn what_is_about_people_is_kept_by_nobody() {
        for path in
            ["/api/v1/persons", "/api/v1/persons/1/history", "/api/v1/events/e/delegates", "/api/v1/me/sign-ins"]
        {
            assert!(is_personal(path), "{path}");
        }
        for path in ["/api/v1/events/persons-2019", "/persons", "/api/v1/organisations", "/"] {
            assert!(!is_personal(path), "{path}");
        }
    }
}
