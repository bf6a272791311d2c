//! Many subscriptions of their own addresses, and all of them polled.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, future, stream};
use serde_json::{Value, json};

use crate::process::Process;

/// A subscription and the tag of what it holds.
pub struct Subscription {
    url: String,
    etag: String,
}

/// So many feeds with tokens of an event, each fetched once.
pub async fn subscribe(server: &Process, key: &str, event: &str, count: usize) -> Vec<Subscription> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let made = async |number: usize| {
        let feed = json!({"kind": "event", "object_id": event, "name": format!("Feed {number}"), "access": "token"});
        let made = client.post(server.url("/api/v1/feeds")).bearer_auth(key).json(&feed).send().await.unwrap();
        let made: Value = made.error_for_status().unwrap().json().await.unwrap();
        let url = made["url"].as_str().unwrap();
        let url = server.url(&url[url.find("/ical/").unwrap()..]);
        let fetched = client.get(&url).send().await.unwrap().error_for_status().unwrap();
        let etag = fetched.headers()["etag"].to_str().unwrap().to_owned();
        fetched.bytes().await.unwrap();
        Subscription { url, etag }
    };
    stream::iter(0..count).map(made).buffer_unordered(16).collect().await
}

/// How long the answers took, and all of them together.
pub struct Burst {
    sorted: Vec<Duration>,
    /// Until the last was there.
    pub all: Duration,
}

impl Burst {
    /// The time within which so many of a hundred were answered.
    pub fn percentile(&self, of_hundred: usize) -> Duration {
        self.sorted[(self.sorted.len() * of_hundred / 100).min(self.sorted.len() - 1)]
    }
}

/// Every subscription asks once whether anything has changed, as many at a time as there are connections, which are
/// open before.
pub async fn poll(subscriptions: &[Subscription], connections: usize) -> Burst {
    let clients: Vec<_> = (0..connections).map(|_| reqwest::Client::builder().no_proxy().build().unwrap()).collect();
    let known = async |client: &reqwest::Client, subscription: &Subscription| {
        let sent = Instant::now();
        let asked = client.get(&subscription.url).header("If-None-Match", &subscription.etag);
        assert_eq!(asked.send().await.unwrap().status(), 304);
        sent.elapsed()
    };
    future::join_all(clients.iter().map(|client| known(client, &subscriptions[0]))).await;
    let (next, began) = (Cell::new(0), Instant::now());
    let polling = clients.iter().map(async |client| {
        let mut took = vec![];
        while let Some(subscription) = subscriptions.get(next.replace(next.get() + 1)) {
            took.push(known(client, subscription).await);
        }
        took
    });
    let mut sorted = future::join_all(polling).await.concat();
    sorted.sort_unstable();
    Burst { sorted, all: began.elapsed() }
}
