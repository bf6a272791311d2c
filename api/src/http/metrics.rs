//! Measurements in the text format of Prometheus, on a listener of their own.
//!
//! Labels are routes, methods and statuses, never people, ids or addresses, so that there are always few of them.
//! `http_requests_total`, `http_request_duration_seconds`, `http_connections` and the `process_*` family, whose
//! names and units are Prometheus' own.

use std::{sync::OnceLock, time::Duration};

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use poem::{Endpoint, Response, Route, endpoint::make_sync, get};

/// Seconds; from an unchanged feed (under a millisecond) to the handler deadline (30 s).
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];

/// Counts one answered request.
pub(super) fn count_request(method: &'static str, route: &str, status: u16, elapsed: Duration) {
    let route = route.to_owned();
    counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!("http_request_duration_seconds", "method" => method, "route" => route).record(elapsed);
}

/// Why nothing can be measured.
#[derive(Debug, thiserror::Error)]
#[error("metrics cannot be collected: {0}")]
pub struct MetricsError(String);

/// Starts collecting for the whole process; the second call finds the first one's collection.
///
/// # Errors
/// When something else in the process collects already.
pub fn collect() -> Result<Metrics, MetricsError> {
    static COLLECTION: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    let collection = COLLECTION.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).map_err(|error| error.to_string())?;
        builder.install_recorder().map_err(|error| error.to_string())
    });
    collection.clone().map(Metrics).map_err(MetricsError)
}

/// What has been measured so far.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// `GET /metrics`. Serve it on a listener that only the operator reaches: loopback, unless configured.
    pub fn endpoint(self) -> impl Endpoint<Output = Response> + 'static {
        let scrape = make_sync(move |_| {
            let text = self.render();
            Response::builder().content_type("text/plain; version=0.0.4; charset=utf-8").body(text)
        });
        Route::new().at("/metrics", get(scrape))
    }

    /// The measurements as text, those of the process taken now.
    pub fn render(&self) -> String {
        measure_process();
        self.0.run_upkeep();
        self.0.render()
    }
}

/// Reads what Linux tells a process about itself; elsewhere these measurements are missing.
fn measure_process() {
    if let Some(bytes) = resident_bytes() {
        gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    if let Some(seconds) = cpu_seconds() {
        // A counter by nature, but one that arrives as a total.
        gauge!("process_cpu_seconds_total").set(seconds);
    }
    if let Ok(descriptors) = std::fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(descriptors.count() as f64);
    }
}

fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let number: u64 = kibibytes.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(number * 1024)
}

/// User and system time, fields 14 and 15 of proc(5) `stat`, in ticks of 1/100 s on every Linux platform.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in parentheses and may hold anything.
    let after_name = &stat[stat.rfind(')')? + 1..];
    let ticks = |index: usize| after_name.split_whitespace().nth(index)?.parse::<u64>().ok();
    Some((ticks(11)? + ticks(12)?) as f64 / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_shows_requests_and_the_process() {
        let metrics = collect().unwrap();
        count_request("GET", "/canary/{id}", 404, Duration::from_millis(7));
        let text = metrics.render();
        assert!(text.contains(r#"http_requests_total{method="GET",route="/canary/{id}",status="404"} 1"#), "{text}");
        let bucket = r#"http_request_duration_seconds_bucket{method="GET",route="/canary/{id}",le="0.01"} 1"#;
        assert!(text.contains(bucket), "{text}");
        assert!(collect().is_ok(), "asking twice is no fault");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_process_measures_itself() {
        assert!(resident_bytes().unwrap() > 1024 * 1024);
        let before = cpu_seconds().unwrap();
        let spin = std::time::Instant::now();
        while spin.elapsed() < Duration::from_millis(50) {
            std::hint::black_box(0);
        }
        assert!(cpu_seconds().unwrap() > before);
    }
}
