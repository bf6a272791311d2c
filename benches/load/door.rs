//! Doors: an event of these days, delegations of people with badges, the main door and that of a session, and a device that
//! may scan and nothing else.

use std::path::Path;

use entity::attendance::delegate;
use sea_orm::{Database, EntityTrait, sea_query::Expr};
use serde_json::{Value, json};

use crate::process::Process;

/// Delegations, and the people of each who come and go.
const DELEGATIONS: usize = 20;
const PEOPLE: usize = 5;

/// Which door.
#[derive(Debug, Clone, Copy)]
pub enum Gate {
    /// One that is for nothing but itself.
    Main,
    /// That of a session, whose attendance follows from it.
    Session,
}

/// What a device scans, and with which key.
pub struct Door {
    device: String,
    main: String,
    session: String,
    codes: Vec<String>,
}

impl Door {
    /// Fills the database in `data`, on which `server` runs, with the key of an administrator.
    pub async fn open(data: &Path, server: &Process, key: &str) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answered = async |request: reqwest::RequestBuilder| {
            let response = request.bearer_auth(key).send().await.unwrap();
            let (status, text) = (response.status(), response.text().await.unwrap());
            assert!(status.is_success(), "{status} {text}");
            serde_json::from_str::<Value>(&text).unwrap()
        };
        let url = |path: &str| server.url(&format!("/api/v1/{path}"));
        let post = async |path: &str, body: Value| answered(client.post(url(path)).json(&body)).await;
        post("events", event()).await;
        let mut delegates = vec![];
        for delegation in 0..DELEGATIONS {
            let code = format!("NGO-{delegation}");
            let ngo = json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}});
            post("organisations", ngo).await;
            post("events/door/delegations", json!({"organisation_id": code})).await;
            for n in 0..PEOPLE {
                let person = post("persons", json!({"display_name": format!("Person {n}")})).await;
                let body = json!({"delegation_id": code, "person_id": person["id"], "function": "expert"});
                delegates.push(post("events/door/delegates", body).await["id"].as_str().unwrap().to_owned());
            }
        }
        approve_all(data).await;
        post("events/door/badges", json!({})).await;
        let mut codes = vec![];
        for delegate in &delegates {
            let badge = answered(client.get(url(&format!("delegates/{delegate}/badge")))).await;
            codes.push(badge["qr"].as_str().unwrap().to_owned());
        }
        let id = |made: Value| made["id"].as_str().unwrap().to_owned();
        let main = json!({"name": {"en": "Main door"}, "rule": "in_and_out"});
        let main = id(post("events/door/check-types", main).await);
        let session = json!({"event_id": "door", "kind": "plenary", "title": {"en": "Plenary"}});
        let session = id(post("sessions", session).await);
        let session = json!({"name": {"en": "Plenary hall"}, "rule": "in_and_out", "session_id": session});
        let session = id(post("events/door/check-types", session).await);
        let device = json!({"name": "door", "role": "secretariat", "scopes": ["checks:write"], "event_ids": ["door"]});
        let device = post("keys", device).await["secret"].as_str().unwrap().to_owned();
        Self { device, main, session, codes }
    }

    /// The scan of this number: one person after the other goes in, and then one after the other out. Every one is let
    /// pass.
    pub fn scan(&self, gate: Gate, client: &reqwest::Client, server: &Process, n: usize) -> reqwest::RequestBuilder {
        let now = jiff::Timestamp::now();
        let direction = if (n / self.codes.len()).is_multiple_of(2) { "in" } else { "out" };
        let scan = json!({
            "nonce": format!("{gate:?}-{n}"), "check_type_id": self.check_type(gate), "token": self.codes[n % self.codes.len()],
            "direction": direction, "scanned_at": now,
        });
        let body = json!({"device": "Door 1", "sent_at": now, "scans": [scan]});
        client.post(server.url("/api/v1/events/door/checks")).bearer_auth(&self.device).json(&body)
    }

    /// How many the server takes to be inside.
    pub async fn inside(&self, gate: Gate, client: &reqwest::Client, server: &Process) -> u64 {
        let presence = client.get(server.url("/api/v1/events/door/presence")).bearer_auth(&self.device);
        let presence: Value = presence.send().await.unwrap().json().await.unwrap();
        let rooms = presence["rooms"].as_array().unwrap();
        let room = rooms.iter().find(|room| room["check_type_id"] == self.check_type(gate));
        room.unwrap()["count"].as_u64().unwrap()
    }

    fn check_type(&self, gate: Gate) -> &str {
        match gate {
            Gate::Main => &self.main,
            Gate::Session => &self.session,
        }
    }

    /// How many are inside after so many scans.
    pub fn inside_after(&self, scans: usize) -> u64 {
        let (rounds, rest) = (scans / self.codes.len(), scans % self.codes.len());
        let inside = if rounds.is_multiple_of(2) { rest } else { self.codes.len() - rest };
        u64::try_from(inside).unwrap()
    }
}

/// Past the rules of approval, which are not what is measured.
async fn approve_all(data: &Path) {
    let database = Database::connect(format!("sqlite://{}", data.join("plenum.sqlite").display())).await.unwrap();
    let approve = delegate::Entity::update_many().col_expr(delegate::Column::State, Expr::value("approved"));
    approve.exec(&database).await.unwrap();
    database.close().await.unwrap();
}

/// An event that began yesterday, whenever the benchmark is run.
fn event() -> Value {
    let today = jiff::Zoned::now().date();
    json!({
        "code": "door", "kind": "assembly", "title": {"en": "Assembly"}, "city": {"name": {"en": "Geneva"}},
        "time_zone": "Europe/Zurich", "languages": ["en"], "starts_on": today.saturating_sub(jiff::Span::new().days(1)),
        "ends_on": today.saturating_add(jiff::Span::new().days(2)),
    })
}
