//! `/healthz`: the process answers. `/readyz`: it should be given work.
//!
//! Anybody may ask, so neither says more than names of checks: no versions, no addresses, no error texts (those are
//! logged).

use std::{sync::Arc, time::Duration};

use futures_util::future::{BoxFuture, FutureExt, join_all};
use poem::{
    Response, Route,
    endpoint::make,
    get,
    http::{StatusCode, header},
};
use serde_json::json;

use super::shutdown::{Shutdown, Stage};

/// Longer than any healthy dependency takes, shorter than the patience of usual probes.
const CHECK_TIME: Duration = Duration::from_secs(2);

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What has to be in order before the server is given requests.
#[derive(Clone)]
pub struct Readiness {
    shutdown: Shutdown,
    checks: Vec<(&'static str, Check)>,
    check_time: Duration,
}

impl Readiness {
    /// Ready until `shutdown` begins.
    pub fn new(shutdown: Shutdown) -> Self {
        Self { shutdown, checks: Vec::new(), check_time: CHECK_TIME }
    }

    /// Adds a check, such as `database` or `migrations`. Its error goes to the log, only its name to the caller.
    #[must_use]
    pub fn check<F, Fut>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.checks.push((name, Arc::new(move || check().boxed())));
        self
    }

    /// Adds `GET /healthz` and `GET /readyz`.
    pub fn add_to(self, routes: Route) -> Route {
        let readiness = Arc::new(self);
        let alive = make(|_| async { Ok::<_, poem::Error>(report(true, &json!({}))) });
        let ready = make(move |_| {
            let readiness = readiness.clone();
            async move { Ok::<_, poem::Error>(readiness.answer().await) }
        });
        routes.at("/healthz", get(alive)).at("/readyz", get(ready))
    }

    async fn answer(&self) -> Response {
        let serving = self.shutdown.stage() == Stage::Serving;
        let outcomes = join_all(self.checks.iter().map(|(name, check)| run(name, check, self.check_time))).await;
        let ready = serving && outcomes.iter().all(|(_, passed)| *passed);
        let word = |passed: bool| if passed { "ok" } else { "failed" };
        let mut checks: serde_json::Map<_, _> =
            outcomes.iter().map(|(name, passed)| ((*name).to_owned(), word(*passed).into())).collect();
        checks.insert("serving".into(), word(serving).into());
        report(ready, &checks.into())
    }
}

async fn run(name: &'static str, check: &Check, limit: Duration) -> (&'static str, bool) {
    let outcome = tokio::time::timeout(limit, check()).await;
    let outcome = outcome.unwrap_or_else(|_| Err(format!("no answer within {limit:?}")));
    if let Err(error) = &outcome {
        tracing::warn!(check.name = name, error, "not ready");
    }
    (name, outcome.is_ok())
}

fn report(good: bool, checks: &serde_json::Value) -> Response {
    let (status, word) = if good { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable") };
    Response::builder()
        .status(status)
        .content_type("application/json")
        .header(header::CACHE_CONTROL, "no-store")
        .body(json!({ "status": word, "checks": checks }).to_string())
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;

    use super::*;

    #[tokio::test]
    async fn readiness_names_what_failed_and_says_no_more() {
        let (_trigger, shutdown) = Shutdown::by_hand();
        let broken = || async { Err("password of plenum@10.0.0.5 refused".to_owned()) };
        let readiness = Readiness::new(shutdown).check("migrations", || async { Ok(()) }).check("database", broken);
        let client = TestClient::new(readiness.add_to(Route::new()));
        client.get("/healthz").send().await.assert_status_is_ok();
        let response = client.get("/readyz").send().await;
        response.assert_status(StatusCode::SERVICE_UNAVAILABLE);
        let body = response.0.into_body().into_string().await.unwrap();
        assert!(body.contains(r#""database":"failed""#) && body.contains(r#""migrations":"ok""#), "{body}");
        assert!(!body.contains("10.0.0.5"), "{body}");
    }

    #[tokio::test]
    async fn a_draining_server_is_alive_but_not_ready() {
        let (trigger, shutdown) = Shutdown::by_hand();
        let client = TestClient::new(Readiness::new(shutdown).add_to(Route::new()));
        client.get("/readyz").send().await.assert_status_is_ok();
        trigger.advance(Stage::Draining);
        client.get("/readyz").send().await.assert_status(StatusCode::SERVICE_UNAVAILABLE);
        client.get("/healthz").send().await.assert_status_is_ok();
    }

    #[tokio::test]
    async fn a_check_that_hangs_counts_as_failed() {
        let (_trigger, shutdown) = Shutdown::by_hand();
        let readiness = Readiness::new(shutdown).check("database", std::future::pending);
        let readiness = Readiness { check_time: Duration::from_millis(20), ..readiness };
        TestClient::new(readiness.add_to(Route::new()))
            .get("/readyz")
            .send()
            .await
            .assert_status(StatusCode::SERVICE_UNAVAILABLE);
    }
}
