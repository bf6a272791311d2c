//! Compressed answers.
//!
//! Only gzip, which every client knows, and only where it helps: text of at least 1 KiB whose length is known, so never
//! an event stream. A compressed answer is another representation, so its strong ETag gets a suffix (RFC 9110 section
//! 8.8.3); conditions that name such a tag are translated back before the handler sees them. Handlers may compress by
//! themselves (feeds do): what carries `Content-Encoding` already is left alone.

use std::{io::Write, sync::Arc};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use hyper::body::Body as _;
use poem::{
    Body, Endpoint, Request, Response, Result,
    error::InternalServerError,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};

type BoxBody = http_body_util::combinators::BoxBody<Bytes, std::io::Error>;

/// Below this a compressed answer saves less than a packet.
const WORTHWHILE_BYTES: u64 = 1024;
/// From here on compressing takes milliseconds and is moved off the threads that serve connections.
const LARGE_BYTES: usize = 64 * 1024;

/// Compresses the answer if the client wants it and it is worth it.
pub(super) async fn compress<E: Endpoint<Output = Response>>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let client = Wishes::of(request.headers());
    for name in [header::IF_NONE_MATCH, header::IF_MATCH] {
        translate_tags(request.headers_mut(), &name);
    }
    let response = next.call(request).await?;
    if response.status() == StatusCode::NOT_MODIFIED {
        return Ok(confirm(response, &client));
    }
    encode(response, &client).await
}

/// What the request said about representations.
struct Wishes {
    gzip: bool,
    outlook: bool,
    known_tags: String,
}

impl Wishes {
    fn of(headers: &HeaderMap) -> Self {
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
        let tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        Self {
            gzip: wants_gzip(headers),
            outlook: agent.contains("Outlook") || agent.contains("Exchange"),
            known_tags: tags.collect::<Vec<_>>().join(","),
        }
    }
}

/// Whether a calendar of so many bytes is sent compressed in answer to this request. Outlook and Exchange announce gzip and
/// then fail on a compressed calendar.
pub fn takes_compressed_calendar(request: &HeaderMap, bytes: usize) -> bool {
    let client = Wishes::of(request);
    client.gzip && !client.outlook && bytes as u64 >= WORTHWHILE_BYTES
}

/// Whether gzip is preferred by `Accept-Encoding` (RFC 9110 section 12.5.3). Without the header nothing is said in
/// its favour, so the answer stays as it is.
fn wants_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let (mut gzip, mut identity, mut any) = (None, None, None);
    for item in lines.flat_map(|line| line.split(',')) {
        let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight(parameters);
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = Some(weight),
            "identity" => identity = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && identity.is_none_or(|identity| gzip >= identity)
}

/// The weight in thousandths; 1 without one, 0 for one that cannot be read.
fn weight(parameters: &str) -> u32 {
    let Some((name, value)) = parameters.split_once('=') else { return 1_000 };
    if !name.trim().eq_ignore_ascii_case("q") {
        return 1_000;
    }
    let weight: f32 = value.trim().parse().unwrap_or(0.0);
    (weight.clamp(0.0, 1.0) * 1_000.0).round() as u32
}

/// Replaces the tags of compressed representations by those the handlers know.
fn translate_tags(headers: &mut HeaderMap, name: &HeaderName) {
    let suffixed = |value: &HeaderValue| value.to_str().is_ok_and(|tags| tags.contains("-gz\""));
    if !headers.get_all(name).iter().any(suffixed) {
        return;
    }
    let translated: Vec<HeaderValue> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| HeaderValue::try_from(value.to_str().ok()?.replace("-gz\"", "\"")).ok())
        .collect();
    headers.remove(name);
    for value in translated {
        headers.append(name, value);
    }
}

/// The tag of the compressed form of what `tag` names. Weak tags name both.
fn compressed_tag(tag: &HeaderValue) -> Option<HeaderValue> {
    let opaque = tag.to_str().ok()?.strip_prefix('"')?.strip_suffix('"')?;
    HeaderValue::try_from(format!("\"{opaque}-gz\"")).ok()
}

/// A 304 names the representation the client holds, and varies as the 200 would have.
fn confirm(mut response: Response, client: &Wishes) -> Response {
    vary(response.headers_mut());
    let compressed = response.headers().get(header::ETAG).and_then(compressed_tag);
    let held = compressed.filter(|tag| tag.to_str().is_ok_and(|tag| client.known_tags.contains(tag)));
    if let Some(tag) = held {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

async fn encode(mut response: Response, client: &Wishes) -> Result<Response> {
    if !is_compressible(&response) {
        return Ok(response);
    }
    let body = BoxBody::from(response.take_body());
    let worthwhile = body.size_hint().exact().is_some_and(|bytes| bytes >= WORTHWHILE_BYTES);
    if worthwhile {
        vary(response.headers_mut());
    }
    let calendar = response.content_type().is_some_and(|kind| kind.starts_with("text/calendar"));
    // See `takes_compressed_calendar`.
    if !worthwhile || !client.gzip || (client.outlook && calendar) {
        response.set_body(Body::from(body));
        return Ok(response);
    }
    let plain = Body::from(body).into_bytes().await?;
    response.set_body(gzip(plain).await.map_err(InternalServerError)?);
    mark_compressed(&mut response);
    Ok(response)
}

/// Makes an answer whose body is compressed already say so, as this module does where it compresses by itself.
pub fn mark_compressed(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::ACCEPT_RANGES);
    if let Some(tag) = headers.get(header::ETAG).and_then(compressed_tag) {
        headers.insert(header::ETAG, tag);
    }
    vary(headers);
}

/// The compressed form.
pub async fn gzip(plain: Bytes) -> Result<Bytes, std::io::Error> {
    let large = plain.len() >= LARGE_BYTES;
    let compress = move || {
        // The fastest level already takes text to about a fifth; the next ones cost twice the time for little.
        let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
        encoder.write_all(&plain)?;
        encoder.finish().map(Bytes::from)
    };
    if large { tokio::task::spawn_blocking(compress).await.map_err(std::io::Error::other)? } else { compress() }
}

fn is_compressible(response: &Response) -> bool {
    let status = response.status();
    let whole = !status.is_informational() && status != StatusCode::NO_CONTENT && status != StatusCode::PARTIAL_CONTENT;
    let cache = response.headers().get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    // RFC 9111, 5.2.2.6.
    let may_be = cache.is_none_or(|cache| !cache.contains("no-transform"));
    whole
        && may_be
        && !response.headers().contains_key(header::CONTENT_ENCODING)
        && response.content_type().is_some_and(is_text)
}

fn is_text(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if kind == "text/event-stream" {
        return false;
    }
    let named = ["application/json", "application/javascript", "application/yaml", "application/xml", "image/svg+xml"];
    kind.starts_with("text/") || kind.ends_with("+json") || kind.ends_with("+xml") || named.contains(&kind.as_str())
}

fn vary(headers: &mut HeaderMap) {
    let mut values = headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok());
    let said = values.any(|value| {
        value.split(',').any(|name| name.trim() == "*" || name.trim().eq_ignore_ascii_case("accept-encoding"))
    });
    if !said {
        headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use poem::{EndpointExt, endpoint::make_sync, test::TestClient};

    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        headers
    }

    #[test]
    fn gzip_is_sent_only_to_those_who_prefer_it() {
        let table = [
            ("gzip", true),
            ("GZIP", true),
            ("x-gzip", true),
            ("gzip, deflate, br, zstd", true),
            ("*", true),
            ("gzip;q=0.5", true),
            ("gzip ; q=0.001", true),
            ("identity;q=0.5, gzip;q=0.5", true),
            ("identity;q=0, gzip;q=0.1", true),
            ("", false),
            ("identity", false),
            ("br, zstd", false),
            ("gzip;q=0", false),
            ("gzip;q=0.000", false),
            ("*;q=0", false),
            ("gzip;q=0, *", false),
            ("identity, gzip;q=0.5", false),
            ("gzip;q=nonsense", false),
            ("gzipped", false),
        ];
        for (value, expected) in table {
            assert_eq!(wants_gzip(&headers(header::ACCEPT_ENCODING, value)), expected, "{value:?}");
        }
        assert!(!wants_gzip(&HeaderMap::new()), "no header, no preference");
    }

    /// Answers with the conditions it was asked under; 304 when asked about its own tag.
    fn feed(request: Request) -> Response {
        let condition = request.header("if-none-match").unwrap_or("").to_owned();
        let answer = Response::builder().header("ETag", "\"abc\"").header("X-Condition", &condition);
        if condition.contains("\"abc\"") {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
        answer.content_type("text/calendar; charset=utf-8").body("BEGIN:VCALENDAR\r\n".repeat(100))
    }

    #[tokio::test]
    async fn a_compressed_answer_has_its_own_tag_and_varies() {
        let client = TestClient::new(make_sync(feed).around(compress));
        let response = client.get("/").header("Accept-Encoding", "gzip").send().await;
        response.assert_header("ETag", "\"abc-gz\"");
        response.assert_header("Vary", "Accept-Encoding");
        response.assert_header("Content-Encoding", "gzip");
        let packed = response.0.into_body().into_bytes().await.unwrap();
        let mut plain = String::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut plain).unwrap();
        assert_eq!(plain, "BEGIN:VCALENDAR\r\n".repeat(100));

        let response = client.get("/").send().await;
        response.assert_header("ETag", "\"abc\"");
        response.assert_header("Vary", "Accept-Encoding");
        assert!(response.0.header("Content-Encoding").is_none());
    }

    #[tokio::test]
    async fn the_tag_of_a_compressed_answer_is_recognised_and_confirmed_as_such() {
        let client = TestClient::new(make_sync(feed).around(compress));
        for (sent, confirmed) in [
            ("\"abc-gz\"", "\"abc-gz\""),
            ("\"x\", \"abc-gz\"", "\"abc-gz\""),
            ("W/\"abc-gz\"", "\"abc-gz\""),
            ("\"abc\"", "\"abc\""),
        ] {
            let response = client.get("/").header("Accept-Encoding", "gzip").header("If-None-Match", sent).send().await;
            response.assert_status(StatusCode::NOT_MODIFIED);
            response.assert_header("ETag", confirmed);
            response.assert_header("Vary", "Accept-Encoding");
            assert!(response.0.header("Content-Encoding").is_none());
        }
        let other = client.get("/").header("If-None-Match", "\"other-gz\"").send().await;
        other.assert_status_is_ok();
        other.assert_header("X-Condition", "\"other\"");
    }

    #[tokio::test]
    async fn outlook_gets_calendars_plain() {
        let client = TestClient::new(make_sync(feed).around(compress));
        for agent in ["Microsoft Exchange/15.20 (Windows NT 10.0; Win64)", "Microsoft Office/16.0 (Outlook 16.0)"] {
            let request = client.get("/").header("Accept-Encoding", "gzip").header("User-Agent", agent);
            let response = request.send().await;
            assert!(response.0.header("Content-Encoding").is_none(), "{agent}");
            response.assert_header("ETag", "\"abc\"");
        }
    }

    #[tokio::test]
    async fn what_would_not_profit_is_left_alone() {
        let long = "x".repeat(5000);
        let table = [
            (Response::builder().content_type("image/png").body(long.clone()), "a picture"),
            (Response::builder().content_type("text/event-stream").body(long.clone()), "an event stream"),
            (Response::builder().content_type("application/json").body("{}"), "a short answer"),
            (
                Response::builder().status(StatusCode::PARTIAL_CONTENT).content_type("text/plain").body(long.clone()),
                "a part",
            ),
            (
                Response::builder().header("Content-Encoding", "br").content_type("text/plain").body(long),
                "encoded already",
            ),
        ];
        let client = Wishes { gzip: true, outlook: false, known_tags: String::new() };
        for (response, what) in table {
            let before = response.header("content-encoding").map(str::to_owned);
            let after = encode(response, &client).await.unwrap();
            assert_eq!(after.header("content-encoding").map(str::to_owned), before, "{what}");
            assert!(after.header("vary").is_none(), "{what}");
        }
    }
}
