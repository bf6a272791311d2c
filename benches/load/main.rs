//! The whole server under load: `cargo bench --bench load`.
//!
//! Release build, embedded database, one client on loopback. The cost of a request is the CPU time the server process
//! spent on it by the kernel's own account (all threads, nanoseconds), not the time on the wall, so that a busy machine
//! changes little; a bare poem "hello" is measured in the same run, in a process of its own, as the yardstick.

#![expect(clippy::disallowed_methods, reason = "a benchmark has the time of the machine and no other")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark fails by panicking and reports by printing")]

mod cost;
mod door;
mod process;
mod report;
mod seed;

use std::{cell::Cell, sync::Arc};

use cost::{cost, fresh};
use door::{Door, Gate};
use process::Process;
use report::Report;

/// Sessions of the large event.
const MANY: usize = 2000;
/// Sessions of the small one.
const FEW: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if std::env::args().any(|argument| argument == "--hello") {
        return process::serve_hello().await;
    }
    let data = tempfile::tempdir().unwrap();
    let mut report = Report::default();
    let hello = Process::hello().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = |url: String| client.get(url);
    let hello_cost = cost(&hello, || get(hello.url("/"))).await;
    report.line("poem hello", hello_cost * 1e3, "ms CPU/request", None);

    let key = seed::fill(data.path(), MANY, FEW).await;
    let started = Process::plenum(data.path()).await;
    report.line("start to ready", started.cpu_seconds_at_ready(), "CPU s", Some(0.3));
    report.line("resident memory then", started.resident_megabytes(), "MB", None);
    let page = |event: &str| get(started.url(&format!("/api/v1/sessions?limit=50&event={event}"))).bearer_auth(&key);
    let of_few = cost(&started, || page("few")).await;
    let of_many = cost(&started, || page("many")).await;
    report.line("resident memory after pages", started.resident_megabytes(), "MB", None);
    report.line("page of 50 of 200 sessions", of_few * 1e3, "ms CPU/request", None);
    report.line("page of 50 of 2,000 sessions", of_many * 1e3, "ms CPU/request", Some(3.0));
    report.line("  against that of 200", of_many / of_few, "times", Some(1.2));

    let feed = started.url("/ical/events/many.ics");
    report.line(
        "feed of 2,000 sessions, fresh",
        fresh(&started, &client, &feed, (&key, MANY)).await * 1e3,
        "ms CPU/request",
        Some(18.0),
    );
    let etag: Arc<str> = client.get(&feed).send().await.unwrap().headers()["etag"].to_str().unwrap().into();
    let unchanged = cost(&started, || get(feed.clone()).header("If-None-Match", &*etag)).await;
    report.line("feed unchanged, If-None-Match", unchanged * 1e3, "ms CPU/request", Some(0.3));
    report.line("  against poem hello", unchanged / hello_cost, "times", None);
    report.line("resident memory with that data", started.resident_megabytes(), "MB", Some(60.0));
    let door = Door::open(data.path(), &started, &key).await;
    let spent = scanned(&door, Gate::Main, &started, &client).await;
    report.line("scan at a door to its answer", spent * 1e3, "ms CPU/request", Some(2.0));
    let spent = scanned(&door, Gate::Session, &started, &client).await;
    report.line("scan at the door of a session, attendance included", spent * 1e3, "ms CPU/request", Some(2.0));
    report.print();
}

/// Mean CPU seconds from a scan to its answer, one scan a request, each committed to the disk before it is answered.
async fn scanned(door: &Door, gate: Gate, server: &Process, client: &reqwest::Client) -> f64 {
    let count = Cell::new(0);
    let scan = || door.scan(gate, client, server, count.replace(count.get() + 1));
    let spent = cost(server, scan).await;
    assert_eq!(door.inside(gate, client, server).await, door.inside_after(count.get()), "every scan let somebody pass");
    spent
}
