//! The edge over real sockets, with limits short enough to be waited for.
//!
//! The pauses below are how slow a client is, never how long a test hopes something takes: every test waits for the
//! connection to be closed or answered, within [`PATIENCE`].

#![expect(clippy::panic, reason = "one handler is there to panic")]

use std::{io::Write, net::SocketAddr, sync::Arc, time::Duration};

use api::http::{
    body_limit::BodyLimits,
    connection::Patience,
    methods::PathMethods,
    rate_limit::RateLimits,
    server::{Limits, serve},
    shutdown::{Shutdown, Stage, Trigger},
    stack::{EdgeConfig, RouteLimits, edge},
};
use futures_util::future::join_all;
use poem::{Body, Response, Route, endpoint::make, get, handler, http::Method, post};
use reqwest::StatusCode;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
    time::{Instant, timeout},
};

/// Within this every awaited thing has happened, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// The limits under test.
const SHORT: Duration = Duration::from_millis(400);
/// Limits that no test waits for.
const LONG: Duration = Duration::from_secs(600);

/// What the handler that waits tells the test, and what it waits for.
#[derive(Clone, Default)]
struct Gate {
    entered: Arc<Notify>,
    open: Arc<Notify>,
}

struct Site {
    address: SocketAddr,
    trigger: Trigger,
    gate: Gate,
    server: JoinHandle<std::io::Result<()>>,
    http: reqwest::Client,
}

#[handler]
fn hello() -> Response {
    Response::builder()
        .content_type("text/plain; charset=utf-8")
        .header("ETag", "\"7\"")
        .body("Good morning. ".repeat(200))
}

#[handler]
async fn measure(body: Body) -> String {
    body.into_bytes().await.map(|bytes| bytes.len().to_string()).unwrap_or_default()
}

#[handler]
fn stumble() -> String {
    panic!("the canary fell off its perch")
}

#[handler]
fn huge() -> Vec<u8> {
    vec![b'x'; 64 * 1024 * 1024]
}

impl Site {
    async fn start(limits: Limits, config: EdgeConfig) -> Self {
        let gate = Gate::default();
        let (trigger, shutdown) = Shutdown::by_hand();
        let waiting = gate.clone();
        let wait = make(move |_| {
            let gate = waiting.clone();
            async move {
                gate.entered.notify_one();
                gate.open.notified().await;
                Ok::<_, poem::Error>("done")
            }
        });
        let routes = Route::new()
            .at("/hello", get(hello))
            .at("/measure", post(measure))
            .at("/stumble", get(stumble))
            .at("/large", get(huge))
            .at("/wait", get(wait));
        let methods = PathMethods::default()
            .with("/hello", &[Method::GET])
            .with("/measure", &[Method::POST])
            .with("/stumble", &[Method::GET]);
        let endpoint = edge(routes, &EdgeConfig { methods, ..config });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(serve(listener, endpoint, limits, shutdown.reached(Stage::Stopping)));
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { address, trigger, gate, server, http }
    }

    async fn with_patience(patience: Patience) -> Self {
        Self::start(Limits { patience, ..Limits::default() }, EdgeConfig::default()).await
    }

    async fn with_body_limits(body: BodyLimits) -> Self {
        let limits = RouteLimits { body, ..RouteLimits::default() };
        Self::start(Limits::default(), EdgeConfig { limits, ..EdgeConfig::default() }).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        self.http.get(self.url(path)).send().await.unwrap()
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends `text` on a connection of its own and reads until the server closes it.
    async fn exchange(&self, text: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        read_to_end(&mut stream).await
    }

    /// The median of what thirty requests on new connections wait for their answer.
    async fn waits(&self) -> Duration {
        let mut waits = vec![];
        for _ in 0..30 {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let start = Instant::now();
            assert_eq!(client.get(self.url("/hello")).send().await.unwrap().status(), StatusCode::OK);
            waits.push(start.elapsed());
        }
        waits.sort_unstable();
        waits[waits.len() / 2]
    }

    /// Ten requests on new connections, each answered as if nobody else were there.
    async fn serves_others(&self) {
        for _ in 0..10 {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let start = Instant::now();
            assert_eq!(client.get(self.url("/hello")).send().await.unwrap().status(), StatusCode::OK);
            assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        }
    }
}

/// Everything until the server closes; a reset counts as closed.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = vec![];
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server holds the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes one byte of `text` after another, for ever, until the server closes; gives what it answered.
async fn drip(mut stream: TcpStream, text: &'static str) -> String {
    let (mut reader, mut writer) = stream.split();
    let mut answer = vec![];
    let write = async {
        for byte in text.bytes().cycle() {
            if writer.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        std::future::pending::<()>().await
    };
    let read = async { drop(reader.read_to_end(&mut answer).await) };
    let until_closed = async {
        tokio::select! {
            () = write => {}
            () = read => {}
        }
    };
    timeout(PATIENCE, until_closed).await.expect("the server holds the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

fn problem(answer: &str) -> Value {
    assert!(answer.to_lowercase().contains("content-type: application/problem+json"), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Attackers of all kinds at once. What others wait is printed, so that `--nocapture` shows it beside what they waited
/// while nobody was slow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_slow_clients_is_gone_after_the_limits_and_others_do_not_wait_for_it() {
    let patience = Patience { first_byte: SHORT, head: SHORT, ..Patience::default() };
    let body = BodyLimits { grace: SHORT, ..BodyLimits::default() };
    let limits = RouteLimits { body, ..RouteLimits::default() };
    let config = EdgeConfig { limits, ..EdgeConfig::default() };
    let site = Site::start(Limits { patience, ..Limits::default() }, config).await;
    let alone = site.waits().await;
    let heads = join_all((0..100).map(|_| async {
        let mut stream = site.connect().await;
        stream.write_all(b"GET /hello HTTP/1.1\r\nHost: x\r\n").await.unwrap();
        drip(stream, "X-Slow: yes\r\n").await
    }));
    let bodies = join_all((0..50).map(|_| async {
        let mut stream = site.connect().await;
        stream.write_all(b"POST /measure HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n").await.unwrap();
        drip(stream, "x").await
    }));
    let silent = join_all((0..20).map(|_| async { read_to_end(&mut site.connect().await).await }));
    let (heads, bodies, silent, among_them) = tokio::join!(heads, bodies, silent, site.waits());
    assert_eq!(heads.into_iter().chain(silent).collect::<String>(), "");
    assert!(bodies.iter().all(|answer| answer.starts_with("HTTP/1.1 408 ")), "{bodies:?}");
    eprintln!("median wait: {alone:?} alone, {among_them:?} among 170 slow clients");
    assert!(among_them < Duration::from_secs(1), "{among_them:?}");
}

#[tokio::test]
async fn slow_heads_are_closed_and_others_keep_being_served() {
    let site = Site::with_patience(Patience { first_byte: SHORT, head: SHORT, ..Patience::default() }).await;
    let dripping = join_all((0..100).map(|_| async {
        let mut stream = site.connect().await;
        stream.write_all(b"GET /hello HTTP/1.1\r\nHost: x\r\n").await.unwrap();
        drip(stream, "X-Slow: yes\r\n").await
    }));
    let silent = join_all((0..20).map(|_| async { read_to_end(&mut site.connect().await).await }));
    let halted = join_all((0..20).map(|_| site.exchange("GET /hel")));
    let (dripping, silent, halted, ()) = tokio::join!(dripping, silent, halted, site.serves_others());
    for answer in dripping.iter().chain(&silent).chain(&halted) {
        assert_eq!(answer, "");
    }
    site.serves_others().await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_longer_than_a_slow_head_and_then_closed() {
    let patience = Patience { head: Duration::from_millis(50), keep_alive: SHORT, ..Patience::default() };
    let site = Site::with_patience(patience).await;
    let start = Instant::now();
    let answer = site.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(start.elapsed() >= SHORT, "closed after {:?}", start.elapsed());
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_given_up() {
    let site = Site::with_patience(Patience { write_stall: SHORT, ..Patience::default() }).await;
    let mut stream = site.connect().await;
    stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    // Not reading until the server has given up: its side is gone when it no longer accepts bytes.
    let given_up = async {
        while stream.write_all(b"x").await.is_ok() {
            tokio::task::yield_now().await
        }
    };
    timeout(PATIENCE, given_up).await.expect("the server holds the connection");
}

#[tokio::test]
async fn slow_bodies_are_answered_408_and_others_keep_being_served() {
    let site = Site::with_body_limits(BodyLimits { grace: SHORT, ..BodyLimits::default() }).await;
    let dripping = join_all((0..50).map(|_| async {
        let mut stream = site.connect().await;
        stream.write_all(b"POST /measure HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n").await.unwrap();
        drip(stream, "x").await
    }));
    let (answers, ()) = tokio::join!(dripping, site.serves_others());
    for answer in answers {
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer:?}");
        assert_eq!(problem(&answer)["status"], 408);
    }
}

#[tokio::test]
async fn bodies_are_counted_however_they_are_sent() {
    let site = Site::with_body_limits(BodyLimits { bytes: 100_000, ..BodyLimits::default() }).await;
    for (size, taken) in [(100_000, true), (100_001, false), (5_000_000, false)] {
        let plain = site.http.post(site.url("/measure")).body(vec![b'x'; size]).send().await.unwrap();
        assert_eq!(plain.status(), if taken { StatusCode::OK } else { StatusCode::PAYLOAD_TOO_LARGE }, "{size}");
    }
    let chunks = |count: usize| {
        let chunk = format!("2710\r\n{}\r\n", "x".repeat(10_000)).repeat(count);
        format!(
            "POST /measure HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n"
        )
    };
    let taken = site.exchange(&chunks(10)).await;
    assert!(taken.ends_with("100000"), "{taken}");
    let refused = problem(&site.exchange(&chunks(11)).await);
    assert!(refused["detail"].as_str().unwrap().contains("100000 bytes"), "{refused}");
    assert_eq!(site.get("/hello").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_client_that_sends_all_before_it_reads_still_learns_why_it_was_refused() {
    let site = Site::with_body_limits(BodyLimits { bytes: 10, ..BodyLimits::default() }).await;
    for (header, status) in [("X-Plain: yes", 413), ("Content-Encoding: gzip", 415)] {
        let body = "x".repeat(6_000_000);
        let head = format!("POST /measure HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n");
        let answer = site.exchange(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).await;
        assert_eq!(problem(&answer)["status"], status);
    }
}

#[tokio::test]
async fn a_client_that_asks_first_is_refused_before_it_sends() {
    let site = Site::with_body_limits(BodyLimits { bytes: 10, ..BodyLimits::default() }).await;
    let head = "POST /measure HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n";
    let answer = site.exchange(head).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_gzip_bomb_is_refused_unread() {
    // A hundred members of 3 MB of zeros each: 300 kB that would become 300 MB.
    let mut member = flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
    member.write_all(&vec![0; 3_000_000]).unwrap();
    let bomb = member.finish().unwrap().repeat(100);
    assert!((290_000..320_000).contains(&bomb.len()), "{}", bomb.len());
    let site = Site::start(Limits::default(), EdgeConfig::default()).await;
    let request = site.http.post(site.url("/measure")).header("Content-Encoding", "gzip").body(bomb);
    let refused = request.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(refused.headers()["accept-encoding"], "identity");
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn a_panic_is_one_lost_request() {
    let site = Site::start(Limits::default(), EdgeConfig::default()).await;
    let lost = site.get("/stumble").await;
    assert_eq!(lost.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let id = lost.headers()["x-request-id"].to_str().unwrap().to_owned();
    let problem: Value = lost.json().await.unwrap();
    assert_eq!(problem["request_id"], id);
    assert!(!problem.to_string().contains("canary"), "{problem}");
    assert_eq!(site.get("/hello").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_cut_off() {
    let limits = RouteLimits { deadline: SHORT, ..RouteLimits::default() };
    let site = Site::start(Limits::default(), EdgeConfig { limits, ..EdgeConfig::default() }).await;
    let late = site.get("/wait").await;
    assert_eq!(late.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(late.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn a_server_that_stops_finishes_what_it_began_and_takes_no_more() {
    let site = Site::start(Limits { drain: LONG, ..Limits::default() }, EdgeConfig::default()).await;
    let mut idle = site.connect().await;
    idle.write_all(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert!(idle.read(&mut [0; 16]).await.unwrap() > 0);
    let waiting = tokio::spawn(site.http.get(site.url("/wait")).send());
    site.gate.entered.notified().await;
    site.trigger.advance(Stage::Stopping);
    read_to_end(&mut idle).await;
    let refused = async {
        while TcpStream::connect(site.address).await.is_ok() {
            tokio::task::yield_now().await
        }
    };
    timeout(PATIENCE, refused).await.expect("the server still accepts");
    assert!(!site.server.is_finished());
    site.gate.open.notify_one();
    assert_eq!(waiting.await.unwrap().unwrap().text().await.unwrap(), "done");
    timeout(PATIENCE, site.server).await.expect("the server goes on").unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_outlasts_the_drain_limit_is_cut_off() {
    let site = Site::start(Limits { drain: SHORT, ..Limits::default() }, EdgeConfig::default()).await;
    let waiting = tokio::spawn(site.http.get(site.url("/wait")).send());
    site.gate.entered.notified().await;
    site.trigger.advance(Stage::Stopping);
    timeout(PATIENCE, site.server).await.expect("the server goes on").unwrap().unwrap();
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test]
async fn one_network_cannot_take_all_connections() {
    let limits = Limits { connections_per_network: 2, exempt_networks: vec![], ..Limits::default() };
    let site = Site::start(limits, EdgeConfig::default()).await;
    let (first, _second) = (site.connect().await, site.connect().await);
    assert_eq!(read_to_end(&mut site.connect().await).await, "", "the third is closed at once");
    drop(first);
    let again = async { while !site.exchange("GET /hello HTTP/1.0\r\n\r\n").await.starts_with("HTTP/1.0 200") {} };
    timeout(PATIENCE, again).await.expect("a closed connection gives its place back");
}

#[tokio::test]
async fn when_all_connections_are_taken_the_next_one_waits_its_turn() {
    let patience = Patience { first_byte: SHORT, ..Patience::default() };
    let site = Site::start(Limits { connections: 2, patience, ..Limits::default() }, EdgeConfig::default()).await;
    let _silent = [site.connect().await, site.connect().await];
    assert_eq!(site.get("/hello").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_head_of_a_request_has_limits() {
    let site = Site::start(Limits::default(), EdgeConfig::default()).await;
    let many: String = (0..70).map(|n| format!("X-{n}: x\r\n")).collect();
    let large = format!("X-Large: {}\r\n", "x".repeat(40_000));
    let table = [
        (format!("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{many}\r\n"), 431),
        (format!("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{large}\r\n"), 431),
        (format!("GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "x".repeat(9_000)), 414),
        ("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n".into(), 400),
        ("GET /hello HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n".into(), 400),
        ("GET /a/%2e%2e/hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".into(), 400),
        ("GET //hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".into(), 400),
        ("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".into(), 404),
    ];
    for (request, status) in table {
        let answer = site.exchange(&request).await;
        assert_eq!(problem(&answer)["status"], status, "{answer}");
    }
    let http2 = site.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(!http2.contains("HTTP/1.1 2"), "{http2}");
    let hopeless = format!("GET /hello HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n", "x".repeat(100_000));
    assert!(!site.exchange(&hopeless).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn methods_are_answered_by_the_book() {
    let site = Site::start(Limits::default(), EdgeConfig::default()).await;
    let send = |method: &str, path: &str| {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        site.http.request(method, site.url(path)).header("Accept-Encoding", "gzip").send()
    };
    let (get, head) = (send("GET", "/hello").await.unwrap(), send("HEAD", "/hello").await.unwrap());
    let headers = |response: &reqwest::Response| {
        let mut headers = response.headers().clone();
        assert!(headers.remove("x-request-id").is_some() && headers.remove("date").is_some());
        headers
    };
    assert_eq!(headers(&get), headers(&head));
    assert_eq!(
        (&get.headers()["etag"], &get.headers()["content-encoding"]),
        (&"\"7-gz\"".parse().unwrap(), &"gzip".parse().unwrap())
    );
    assert_eq!(head.bytes().await.unwrap().len(), 0);

    for (method, path, status, allow) in [
        ("OPTIONS", "/hello", 204, Some("GET, HEAD, OPTIONS")),
        ("OPTIONS", "/measure", 204, Some("OPTIONS, POST")),
        ("OPTIONS", "/nowhere", 404, None),
        ("DELETE", "/hello", 405, Some("GET, HEAD, OPTIONS")),
        ("HEAD", "/measure", 405, Some("OPTIONS, POST")),
        ("BREW", "/measure", 405, Some("OPTIONS, POST")),
        ("TRACE", "/hello", 405, Some("GET, HEAD, OPTIONS")),
        ("TRACE", "/nowhere", 405, Some("")),
        ("GET", "/nowhere", 404, None),
    ] {
        let response = send(method, path).await.unwrap();
        let allowed = response.headers().get("allow").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!((response.status().as_u16(), allowed.as_deref()), (status, allow), "{method} {path}");
    }
}

#[tokio::test]
async fn every_answer_is_named_and_protected() {
    let config = EdgeConfig { rates: Some(RateLimits::default()), ..EdgeConfig::default() };
    let site = Site::start(Limits::default(), config).await;
    let mut ids = std::collections::HashSet::new();
    for (method, path, status) in [
        (Method::GET, "/hello", 200),
        (Method::HEAD, "/hello", 200),
        (Method::OPTIONS, "/hello", 204),
        (Method::GET, "/stumble", 500),
        (Method::GET, "/nowhere", 404),
        (Method::GET, "/ical/unknown.ics", 404),
        (Method::PUT, "/hello", 405),
        (Method::TRACE, "/hello", 405),
        (Method::GET, "/a;b", 400),
    ] {
        let response = site.http.request(method, site.url(path)).header("X-Request-Id", "forged").send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let header = |name: &str| response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        assert_eq!(header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'; sandbox");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), if path.starts_with("/ical/") { "no-referrer" } else { "same-origin" });
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("cache-control"), "private, no-cache");
        assert_eq!(header("server"), "");
        assert_eq!(header("x-request-id").len(), 36, "nobody but a proxy names requests");
        assert!(ids.insert(header("x-request-id")));
    }
}
