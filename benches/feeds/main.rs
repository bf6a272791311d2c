//! Feeds under load: `cargo bench --bench feeds`. With `-- --tenth` it makes a tenth of everything, to see whether it
//! works.
//!
//! Release build, embedded database, clients on loopback. nginx serves the very bytes of the largest feed, compressed
//! before, in the same run and to the same fifty clients; the cost of a request is the CPU time that each server process
//! spent on it by the kernel's own account. How many statements a request takes is the business of a test (`feeds::a_fetch_costs_…`).

#![expect(clippy::disallowed_methods, reason = "a benchmark has the time of the machine and no other")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::panic, clippy::print_stdout, reason = "and reports by printing")]

mod burst;
mod clients;
#[path = "../load/cost.rs"]
mod cost;
mod nginx;
#[path = "../load/process.rs"]
mod process;
#[path = "../load/report.rs"]
mod report;
#[path = "../load/seed.rs"]
mod seed;

use clients::Clients;
use cost::{cost, fresh};
use nginx::Nginx;
use process::Process;
use report::Report;

/// Sessions of the large event, and subscriptions of the small one.
const MANY: usize = 5000;
/// Sessions of the small one.
const FEW: usize = 50;
/// How often all programs ask in a round, and rounds: the servers take turns.
const TIMES: u32 = 20;
const ROUNDS: u32 = 20;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if std::env::args().any(|argument| argument == "--hello") {
        return process::serve_hello().await;
    }
    let many = if std::env::args().any(|argument| argument == "--tenth") { MANY / 10 } else { MANY };
    let data = tempfile::tempdir().unwrap();
    let mut report = Report::default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let hello = Process::hello().await;
    let of_hello = cost(&hello, || client.get(hello.url("/"))).await;
    report.line("poem hello", of_hello * 1e3, "ms CPU/request", None);

    let key = seed::fill(data.path(), many, FEW).await;
    let server = Process::plenum(data.path()).await;
    report.line("start to ready", server.cpu_seconds_at_ready(), "CPU s", None);
    let feed = server.url("/ical/events/many.ics");
    let spent = fresh(&server, &client, &feed, (&key, many)).await;
    report.line(&format!("feed of {many} sessions, fresh"), spent * 1e3, "ms CPU/request", Some(45.0));
    beside_nginx(&server, &client, &feed, &mut report).await;
    report.line("resident memory with that data", server.resident_megabytes(), "MB", None);

    let subscriptions = burst::subscribe(&server, &key, "few", many).await;
    for connections in [2, 50, 200, 1000] {
        let burst = burst::poll(&subscriptions, connections).await;
        let what = format!("{many} subscriptions, {connections} at a time");
        report.line(&format!("{what}: all"), burst.all.as_secs_f64(), "s", None);
        report.line("  half of them within", burst.percentile(50).as_secs_f64() * 1e3, "ms", None);
        // What programs of others do to each other at the full hour, as far as there are connections for it.
        let limit = (connections == 200).then_some(100.0);
        report.line("  99 of 100 within", burst.percentile(99).as_secs_f64() * 1e3, "ms", limit);
    }
    report.print();
}

/// The feed that has not changed, and the whole of it compressed, each beside nginx.
async fn beside_nginx(server: &Process, client: &reqwest::Client, feed: &str, report: &mut Report) {
    let get = |url: &str| client.get(url).header("Accept-Encoding", "gzip");
    let plain = client.get(feed).send().await.unwrap().bytes().await.unwrap();
    let compressed = get(feed).send().await.unwrap();
    assert_eq!(compressed.headers()["content-encoding"], "gzip");
    let compressed = compressed.bytes().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let nginx = Nginx::start(folder.path(), &plain, &compressed).await;
    let by_nginx = get(&nginx.url()).send().await.unwrap();
    assert_eq!(by_nginx.headers()["content-encoding"], "gzip");
    assert_eq!(by_nginx.bytes().await.unwrap(), compressed, "the very bytes");
    report.line("  its bytes, plain", plain.len() as f64 / 1e3, "kB", None);
    report.line("  its bytes, compressed", compressed.len() as f64 / 1e3, "kB", None);

    let (ours, theirs) = (feed.parse().unwrap(), nginx.url().parse().unwrap());
    let gzip = ("Accept-Encoding", "gzip");
    let known = async |url: &str| get(url).send().await.unwrap().headers()["etag"].to_str().unwrap().to_owned();
    let (our_tag, their_tag) = (known(feed).await, known(&nginx.url()).await);
    let if_not = |tag| [gzip, ("If-None-Match", tag)];
    let unchanged =
        [Clients::connect(&ours, &if_not(&our_tag), 304), Clients::connect(&theirs, &if_not(&their_tag), 304)];
    let warm = [Clients::connect(&ours, &[gzip], 200), Clients::connect(&theirs, &[gzip], 200)];
    for (what, limit, [mut ours, mut theirs]) in
        [("unchanged (304)", 2.5, unchanged), ("warm, compressed (200)", 3.0, warm)]
    {
        let (mut by_us, mut by_nginx) = (0.0, 0.0);
        for _ in 0..ROUNDS {
            by_us += spent(|| server.cpu_seconds(), &mut ours);
            by_nginx += spent(|| nginx.cpu_seconds(), &mut theirs);
        }
        let a_request = |spent: f64| spent * 1e6 / f64::from(ROUNDS);
        report.line(&format!("feed {what}"), a_request(by_us), "us CPU/request", None);
        report.line("  the same by nginx", a_request(by_nginx), "us CPU/request", None);
        report.line("  against nginx", by_us / by_nginx, "times", Some(limit));
    }
}

/// Mean CPU seconds of one request in a round, after a tenth of them as warm-up.
fn spent(so_far: impl Fn() -> f64, clients: &mut Clients) -> f64 {
    for _ in 0..TIMES / 10 {
        clients.ask();
    }
    let before = so_far();
    for _ in 0..TIMES {
        clients.ask();
    }
    (so_far() - before) / f64::from(TIMES * clients.count())
}
