//! Statements, their clauses, versions and exports through the API.

mod life;
mod text;

use serde_json::{Value, json};

use crate::support::{Answer, Client, Server, foreign};

async fn organisation(admin: &Client, code: &str, english: &str, polish: &str) -> String {
    let names = json!({"en": {"list": english}, "pl": {"list": polish}});
    let body = json!({"code": code, "kind": "state", "alpha2": code, "names": names});
    admin.post("organisations", body).await.expect(201).id()
}

fn seoul() -> Value {
    json!({
        "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting on cybersecurity"},
        "city": {"name": {"en": "Seoul", "pl": "Seul"}, "forms": {"pl": {"locative": "Seulu"}}},
        "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en", "pl"],
        "country_id": "KR", "visibility": "public",
    })
}

fn declaration() -> Value {
    json!({
        "code": "seoul-declaration", "event_id": "seoul-2019", "kind": "declaration",
        "title": {"en": "Seoul declaration", "pl": "Deklaracja z Seulu"}, "drafting_language": "en",
        "languages": ["en", "pl"], "visibility": "public", "participants": ["KR", "LV", "LU"],
    })
}

/// An administrator, three states, a public event and a declaration without clauses.
async fn drafting(server: &Server) -> Client {
    let admin = server.admin().await;
    organisation(&admin, "KR", "Republic of Korea", "Republika Korei").await;
    organisation(&admin, "LV", "Latvia", "Łotwa").await;
    organisation(&admin, "LU", "Luxembourg", "Luksemburg").await;
    admin.post("events", seoul()).await.expect(201);
    admin.post("statements", declaration()).await.expect(201);
    admin
}

/// Adds a clause with these words; gives its id.
async fn clause(admin: &Client, part: &str, english: &str) -> String {
    let body = json!({"part": part, "text": {"en": english}});
    admin.post("statements/seoul-declaration/clauses", body).await.expect(201).id()
}

/// The clauses as (number, English words) in reading order.
async fn read(client: &Client) -> Vec<(Option<u64>, String)> {
    let list = client.get("statements/seoul-declaration/clauses").await.expect(200).json;
    let line = |item: &Value| (item["number"].as_u64(), item["text"]["en"].as_str().unwrap_or_default().to_owned());
    list["items"].as_array().unwrap().iter().map(line).collect()
}

fn words(lines: &[(Option<u64>, &str)]) -> Vec<(Option<u64>, String)> {
    lines.iter().map(|(number, words)| (*number, (*words).to_owned())).collect()
}

async fn step(admin: &Client, to: &str, status: u16) -> Answer {
    admin.post("statements/seoul-declaration/transitions", json!({"to": to})).await.expect(status)
}

async fn agree(admin: &Client, id: &str) {
    let path = format!("clauses/{id}");
    let read = admin.get(&path).await.expect(200);
    admin.if_match(&read).patch(&path, json!({"state": "agreed"})).await.expect(200);
}

/// The declaration with one preambular and two operative clauses, adopted; gives the ids of the clauses.
async fn adopted(admin: &Client) -> Vec<String> {
    let mut ids = vec![];
    for (part, english) in [("preamble", "Recalling,"), ("operative", "Declare."), ("operative", "Decide.")] {
        ids.push(clause(admin, part, english).await);
    }
    step(admin, "tabled", 200).await;
    step(admin, "negotiating", 200).await;
    for id in &ids {
        agree(admin, id).await;
    }
    let body = json!({"to": "adopted", "adopted_on": "2019-10-08"});
    admin.post("statements/seoul-declaration/transitions", body).await.expect(200);
    ids
}

async fn export(client: &Client, query: &str) -> String {
    client.get(&format!("statements/seoul-declaration/export?{query}")).await.expect(200).text
}

/// Adopts the declaration, whose only clause is `id`.
async fn adopted_with(admin: &Client, id: &str) {
    step(admin, "tabled", 200).await;
    step(admin, "negotiating", 200).await;
    agree(admin, id).await;
    step(admin, "adopted", 200).await;
}
