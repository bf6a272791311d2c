//! One line and two metrics per request.
//!
//! Never written: query values, `Authorization`, `Cookie`, bodies, the secret of a token in a path. The line is
//! written when the answer is ready to be sent; of a stream the length is not known then and is left out.

use std::{sync::Arc, time::Instant};

use hyper::body::Body as _;
use poem::{Body, Endpoint, PathPattern, Request, Response, Result, http::Method};
use tracing::Instrument;

use super::{
    client_address::Client, metrics, pattern::documented, principal, redaction::redact_path, request_id::RequestId,
};

type BoxBody = http_body_util::combinators::BoxBody<bytes::Bytes, std::io::Error>;

/// Logs and counts the request. Everything else that is logged while it is answered stands in a span with its id and client.
pub(super) async fn record<E: Endpoint<Output = Response>>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let start = Instant::now();
    let principal = principal::attach(&mut request);
    let id = request.data::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let address = request.data::<Client>().and_then(|client| client.address);
    let method = request.method().clone();
    let path = redact_path(request.uri().path());
    let address = address.map(tracing::field::display);
    let span = tracing::info_span!("request", request.id = id, client.address = address);
    let response = next.call(request).instrument(span).await?;
    let (response, length) = with_length(response);
    let route = response.data::<PathPattern>().map_or_else(|| UNMATCHED.to_owned(), |pattern| documented(&pattern.0));
    let (status, elapsed) = (response.status().as_u16(), start.elapsed());
    metrics::count_request(method_label(&method), &route, status, elapsed);
    // All of it is said in the line itself: to read it from the span costs as much as everything else here together.
    tracing::info!(
        parent: None,
        request.id = id,
        client.address = address,
        actor.id = principal.get().map(|principal| &**principal),
        http.method = method_label(&method),
        http.route = route,
        url.path = path,
        http.status = status,
        http.response_bytes = length,
        duration_ms = elapsed.as_micros() as f64 / 1000.0,
        "request"
    );
    Ok(response)
}

/// What a request that no route wanted is counted under.
const UNMATCHED: &str = "unmatched";

/// The method, with whatever clients invent under one word, so that labels stay few.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "TRACE" => "TRACE",
        _ => "other",
    }
}

/// The answer and the length of its body, if it is known.
fn with_length(mut response: Response) -> (Response, Option<u64>) {
    let body = BoxBody::from(response.take_body());
    let length = body.size_hint().exact();
    response.set_body(Body::from(body));
    (response, length)
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Mutex, PoisonError},
    };

    use poem::{EndpointExt, Route, get, handler, test::TestClient};
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[handler]
    fn feed(request: &Request) -> &'static str {
        principal::note(request, "feed k3x9");
        "BEGIN:VCALENDAR"
    }

    #[tokio::test]
    async fn a_line_says_who_what_and_how_long_and_no_secret() {
        let lines = Lines::default();
        let subscriber = super::super::logging::json(lines.clone(), "info").unwrap();
        let _guard = tracing::subscriber::set_default(subscriber);
        let app = Route::new().at("/ical/:token", get(feed)).around(record);
        let secret = "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4";
        TestClient::new(app)
            .get(format!("/ical/wgf_k3x9_{secret}_a1B2c3.ics?lang=canary-query"))
            .header("Authorization", "Bearer canary-key")
            .header("Cookie", "canary-cookie")
            .body("canary-body")
            .send()
            .await
            .assert_status_is_ok();
        let written = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(written.lines().count(), 1);
        assert!(!written.contains("canary") && !written.contains(secret), "{written}");
        let line: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(line["http.route"], "/ical/{token}");
        assert_eq!(line["url.path"], "/ical/wgf_k3x9_***.ics");
        assert_eq!(line["http.status"], 200);
        assert_eq!(line["http.response_bytes"], 15);
        assert_eq!(line["actor.id"], "feed k3x9");
        assert!(line["duration_ms"].is_number());
    }
}
