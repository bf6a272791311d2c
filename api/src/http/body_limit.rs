//! Request bodies: how large, how slow, how encoded.
//!
//! The body is read here, once and whole, so that handlers only ever see complete bodies and a slow sender never
//! holds a transaction. Bytes are counted as they arrive; `Content-Length` only allows an earlier refusal. Encoded
//! bodies are refused unread (415): inflating them would let 300 kB become 300 MB.

use std::{io, pin::pin, sync::Arc};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use poem::{
    Body, Endpoint, Request, Response, Result,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use tokio::time::{Duration, Instant, timeout, timeout_at};

use super::problem::Problem;

/// What a request body may cost.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Size in bytes. Default 1 MiB.
    pub bytes: usize,
    /// Time from the head to the last byte. Default 30 s.
    pub time: Duration,
    /// Bytes per second that must arrive on average, after the grace period. Default 1 KiB/s.
    pub bytes_per_second: u32,
    /// How long the body may lag behind that rate. Default 10 s.
    pub grace: Duration,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            bytes: 1024 * 1024,
            time: Duration::from_secs(30),
            bytes_per_second: 1024,
            grace: Duration::from_secs(10),
        }
    }
}

/// What is read and thrown away of a refused body. Closing on a client that still sends resets the connection, and
/// the client would never see why it was refused.
const DISCARDED_BYTES: usize = 8 * 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(5);

#[derive(Debug, PartialEq, Eq)]
enum Refused {
    Encoded,
    TooLarge,
    TooSlow,
    Broken,
}

/// Hands the request on with its whole body, or refuses it.
pub(super) async fn limit<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    mut request: Request,
    limits: BodyLimits,
) -> Result<Response> {
    let body = request.take_body();
    if body.is_empty() {
        return next.call(request).await;
    }
    let announced = content_length(request.headers());
    let early = if is_encoded(request.headers()) {
        Some(Refused::Encoded)
    } else {
        announced.filter(|length| *length > limits.bytes as u64).map(|_| Refused::TooLarge)
    };
    // A client that asked first (Expect: 100-continue) has sent nothing yet, and now never will.
    let sends = !request.headers().contains_key(header::EXPECT);
    let mut stream = pin!(body.into_bytes_stream());
    let outcome = match early {
        Some(refused) => Err(refused),
        None => read(&mut stream, limits).await,
    };
    match outcome {
        Ok(bytes) => {
            request.set_body(bytes);
            next.call(request).await
        }
        Err(refused) => {
            if sends && matches!(refused, Refused::Encoded | Refused::TooLarge) {
                discard(&mut stream).await;
            }
            Ok(answer(&refused, limits))
        }
    }
}

/// Reads and throws away what a client still sends, within bounds, before it is refused for another reason.
pub(super) async fn discard_body(request: &mut Request) {
    let body: Body = request.take_body();
    if !body.is_empty() && !request.headers().contains_key(header::EXPECT) {
        discard(&mut pin!(body.into_bytes_stream())).await;
    }
}

async fn read(
    stream: &mut (impl Stream<Item = io::Result<Bytes>> + Unpin),
    limits: BodyLimits,
) -> Result<Bytes, Refused> {
    let start = Instant::now();
    let mut body = BytesMut::new();
    loop {
        let earned = Duration::from_secs_f64(body.len() as f64 / f64::from(limits.bytes_per_second.max(1)));
        let deadline = start + (limits.grace + earned).min(limits.time);
        let Some(part) = timeout_at(deadline, stream.next()).await.map_err(|_| Refused::TooSlow)? else {
            return Ok(body.freeze());
        };
        let part = part.map_err(|_| Refused::Broken)?;
        if body.len() + part.len() > limits.bytes {
            return Err(Refused::TooLarge);
        }
        body.extend_from_slice(&part);
    }
}

async fn discard(stream: &mut (impl Stream<Item = io::Result<Bytes>> + Unpin)) {
    let all = async {
        let mut seen = 0;
        while let Some(Ok(part)) = stream.next().await {
            seen += part.len();
            if seen > DISCARDED_BYTES {
                break;
            }
        }
    };
    // Whether the client stops in time changes nothing: it is refused either way.
    let _ = timeout(DISCARD_TIME, all).await;
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_encoded(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = codings.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    codings.any(|coding| {
        let coding = coding.trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

fn answer(refused: &Refused, limits: BodyLimits) -> Response {
    let (status, code, detail) = match refused {
        Refused::Encoded => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content_encoding_not_supported",
            "Send the body as it is, without Content-Encoding.".to_owned(),
        ),
        Refused::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            format!("The body may be at most {} bytes here. Send less at a time.", limits.bytes),
        ),
        Refused::TooSlow => (
            StatusCode::REQUEST_TIMEOUT,
            "body_too_slow",
            format!(
                "The body did not arrive in time. Send it within {} s and no slower than {} bytes a second.",
                limits.time.as_secs(),
                limits.bytes_per_second
            ),
        ),
        Refused::Broken => (
            StatusCode::BAD_REQUEST,
            "body_incomplete",
            "The body ended before it was complete, or its chunks are malformed. Send it again.".to_owned(),
        ),
    };
    let mut response = Problem::coded(status, code, detail).into_response();
    let (name, value) = match refused {
        // RFC 9110 section 12.5.3: says which codings would have been taken.
        Refused::Encoded => (header::ACCEPT_ENCODING, "identity"),
        _ => (header::CONNECTION, "close"),
    };
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    /// A tenth of a second of grace, ten bytes a second, ten seconds in all.
    fn limits() -> BodyLimits {
        BodyLimits {
            bytes: 1_000,
            time: Duration::from_secs(10),
            bytes_per_second: 10,
            grace: Duration::from_millis(100),
        }
    }

    /// A body of parts of `size` bytes that stops after `count` of them, with or without an end.
    async fn outcome(size: usize, count: usize, ends: bool, limits: BodyLimits) -> Result<usize, Refused> {
        let part = Bytes::from(vec![b'x'; size]);
        let sent = stream::iter(std::iter::repeat_n(part, count).map(Ok));
        let body = if ends { sent.boxed() } else { sent.chain(stream::pending()).boxed() };
        read(&mut pin!(body), limits).await.map(|body| body.len())
    }

    #[tokio::test]
    async fn a_body_that_stops_arriving_is_given_up_when_its_bytes_are_used_up() {
        let start = Instant::now();
        assert_eq!(outcome(1, 0, false, limits()).await, Err(Refused::TooSlow));
        assert!(start.elapsed() < Duration::from_secs(5), "nothing arrived: the grace is all there is");
        let start = Instant::now();
        assert_eq!(outcome(5, 1, false, limits()).await, Err(Refused::TooSlow));
        assert!(start.elapsed() >= Duration::from_millis(590), "five bytes earn half a second");
    }

    #[tokio::test]
    async fn no_rate_buys_more_than_the_deadline() {
        let hasty = BodyLimits { time: Duration::from_millis(100), ..limits() };
        let start = Instant::now();
        assert_eq!(outcome(900, 1, false, hasty).await, Err(Refused::TooSlow));
        assert!(start.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn bytes_are_counted_as_they_arrive() {
        assert_eq!(outcome(500, 2, true, limits()).await, Ok(1_000));
        assert_eq!(outcome(500, 3, true, limits()).await, Err(Refused::TooLarge));
    }

    #[test]
    fn only_identity_is_no_encoding() {
        let encoded = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(value));
            is_encoded(&headers)
        };
        assert!(!encoded("identity") && !encoded("Identity") && !encoded(""));
        assert!(encoded("gzip") && encoded("identity, gzip") && encoded("br"));
    }
}
