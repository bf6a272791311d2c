//! What a request costs a server.

use crate::process::Process;

/// Requests per case, after a tenth of them as warm-up.
const REQUESTS: u32 = 500;

/// Mean CPU seconds of the server for one request.
pub async fn cost(server: &Process, request: impl Fn() -> reqwest::RequestBuilder) -> f64 {
    for _ in 0..REQUESTS / 10 {
        answer(request()).await;
    }
    let before = server.cpu_seconds();
    for _ in 0..REQUESTS {
        answer(request()).await;
    }
    (server.cpu_seconds() - before) / f64::from(REQUESTS)
}

/// Mean CPU seconds of the feed of the event `many`, which has so many sessions and has to be made anew, because one of
/// them was changed before each fetch.
pub async fn fresh(
    server: &Process,
    client: &reqwest::Client,
    feed: &str,
    (key, sessions_in_it): (&str, usize),
) -> f64 {
    const FETCHES: u32 = 30;
    let sessions = server.url("/api/v1/sessions?limit=1&event=many");
    let list: serde_json::Value = client.get(sessions).bearer_auth(key).send().await.unwrap().json().await.unwrap();
    let session = server.url(&format!("/api/v1/sessions/{}", list["items"][0]["id"].as_str().unwrap()));
    let mut spent = 0.0;
    for n in 0..FETCHES {
        let patch = serde_json::json!({"title": {"en": format!("Changed for the {n}th time")}});
        let changed =
            client.patch(&session).bearer_auth(key).header("If-Match", "*").json(&patch).send().await.unwrap();
        assert!(changed.status().is_success(), "{}", changed.text().await.unwrap());
        let before = server.cpu_seconds();
        let body = client.get(feed).send().await.unwrap().text().await.unwrap();
        spent += server.cpu_seconds() - before;
        assert_eq!(body.matches("BEGIN:VEVENT").count(), sessions_in_it);
    }
    spent / f64::from(FETCHES)
}

/// Sends a request and reads all of its answer.
pub async fn answer(request: reqwest::RequestBuilder) {
    let response = request.send().await.unwrap();
    assert!(response.status().is_success() || response.status() == 304, "{}", response.status());
    response.bytes().await.unwrap();
}
