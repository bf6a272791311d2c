//! The headers every answer carries, errors included.
//!
//! What a handler sets itself is kept: pages and `/docs` need another policy than data.

use std::sync::Arc;

use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};

use super::client_address::Client;

/// Data is never a document that may run, load or be framed.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
const NO_DEVICES: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
/// One year; browsers ignore it over plain HTTP, so it is sent only when a trusted proxy says HTTPS.
const HTTPS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// Adds what is missing of the security and caching headers.
pub(super) async fn protect<E: Endpoint<Output = Response>>(next: Arc<E>, request: Request) -> Result<Response> {
    // A feed's address is its key, so it must not leak into the log of another site.
    let feed = request.uri().path().starts_with("/ical/");
    let https = request.data::<Client>().is_some_and(|client| client.https);
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    headers.remove(header::SERVER);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    add(headers, header::CONTENT_SECURITY_POLICY, DATA_POLICY);
    add(headers, header::REFERRER_POLICY, if feed { "no-referrer" } else { "same-origin" });
    add(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    add(headers, HeaderName::from_static("permissions-policy"), NO_DEVICES);
    add(headers, header::CACHE_CONTROL, "private, no-cache");
    if https {
        add(headers, header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    Ok(response)
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
        let client = TestClient::new(endpoint.around(protect));
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
        let endpoint = make_sync(|_| Response::default()).around(protect).data(client);
        let response = TestClient::new(endpoint).get("/").send().await;
        response.assert_header("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
}
