//! The data of the benchmark, written through the API.

use std::{path::Path, process::Command};

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::process::Process;

/// Fills a fresh data directory with one event of `many` and one of `few` sessions; gives an administrator's key.
pub async fn fill(data: &Path, many: usize, few: usize) -> String {
    let server = Process::plenum(data).await;
    let key = Command::new(env!("CARGO_BIN_EXE_plenum"))
        .args(["key", "create", "--name", "benchmark", "--role", "admin", "--data-dir"])
        .arg(data)
        .output()
        .unwrap();
    let key = String::from_utf8(key.stdout).unwrap().trim().to_owned();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = async |path: &str, body: Value| {
        let response = client.post(server.url(path)).bearer_auth(&key).json(&body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let scheduled = async |code: &str, n: usize| {
        let made = post("/api/v1/sessions", session(code, n)).await;
        let transitions = format!("/api/v1/sessions/{}/transitions", made["id"].as_str().unwrap());
        post(&transitions, json!({"to": "scheduled"})).await;
    };
    for (code, count) in [("many", many), ("few", few)] {
        post("/api/v1/events", event(code)).await;
        stream::iter(0..count).for_each_concurrent(16, |n| scheduled(code, n)).await;
    }
    key
}

/// A public event that began ten days ago and lasts two months, whenever the benchmark is run.
fn event(code: &str) -> Value {
    let today = jiff::Zoned::now().date();
    json!({
        "code": code, "kind": "assembly", "title": {"en": format!("Assembly with {code} sessions")},
        "city": {"name": {"en": "Geneva"}}, "time_zone": "Europe/Zurich", "languages": ["en"], "visibility": "public",
        "starts_on": today.saturating_sub(jiff::Span::new().days(10)), "ends_on": today.saturating_add(jiff::Span::new().days(50)),
    })
}

fn session(event: &str, n: usize) -> Value {
    let day = jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(i64::try_from(n % 40).unwrap()));
    let hour = 8 + n % 10;
    json!({
        "event_id": event, "kind": "group_meeting", "visibility": "public",
        "title": {"en": format!("Session {n}: exchange of practice on incident handling"), "fr": format!("Séance {n} : échange de pratiques")},
        "placement": {"start": format!("{day}T{hour:02}:00:00"), "end": format!("{day}T{hour:02}:50:00")},
    })
}
