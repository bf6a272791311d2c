//! Events, sessions and delegations for tests of feeds, made through the API.

use serde_json::{Value, json};

use crate::support::{Answer, Client};

/// A session to be placed.
#[derive(Clone, Copy)]
pub struct Sitting {
    pub event: &'static str,
    pub group: Option<&'static str>,
    pub title: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub visibility: &'static str,
}

pub const OPENING: Sitting = Sitting {
    event: "seoul-2019",
    group: None,
    title: "Opening",
    from: "2019-10-07T09:00:00",
    to: "2019-10-07T10:30:00",
    visibility: "public",
};

/// A meeting in Seoul that everybody may know of.
pub fn seoul() -> Value {
    json!({
        "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting on cybersecurity", "pl": "Spotkanie"},
        "description": {"en": "Practice, policy"}, "city": {"name": {"en": "Seoul", "pl": "Seul"}},
        "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en", "pl"],
        "visibility": "public",
    })
}

/// Something nobody is told of.
pub fn hidden() -> Value {
    json!({
        "code": "hidden", "kind": "visit", "title": {"en": "Visit"}, "city": {"name": {"en": "Hanoi"}},
        "time_zone": "UTC", "starts_on": "2026-01-01", "ends_on": "2026-01-01", "languages": ["en"],
    })
}

/// Makes an event and announces it; gives its id.
pub async fn announce(admin: &Client, event: Value) -> String {
    let made = admin.post("events", event).await.expect(201);
    admin.post(&format!("events/{}/transitions", made.id()), json!({"to": "announced"})).await.expect(200);
    made.id()
}

/// Places a session and puts it into the programme; gives its path.
pub async fn place(admin: &Client, sitting: Sitting) -> String {
    let mut body = json!({
        "event_id": sitting.event, "kind": "plenary", "visibility": sitting.visibility,
        "title": {"en": sitting.title, "pl": format!("{} po polsku", sitting.title)},
        "description": {"en": "What is in the papers; read it, all.", "pl": "Wszystko w papierach"},
        "placement": {"start": sitting.from, "end": sitting.to},
    });
    if let Some(group) = sitting.group {
        body["group_id"] = json!(group);
    }
    let path = format!("sessions/{}", admin.post("sessions", body).await.expect(201).id());
    step(admin, &path, json!({"to": "scheduled"})).await;
    path
}

/// Takes a session or an event to another state.
pub async fn step(admin: &Client, path: &str, transition: Value) -> Answer {
    admin.post(&format!("{path}/transitions"), transition).await.expect(200)
}

/// Changes an object, whatever its version is.
pub async fn patch(admin: &Client, path: &str, body: Value) -> Answer {
    admin.header("If-Match", "*").patch(path, body).await.expect(200)
}

/// The meeting in Seoul with a public opening, a closed meeting of heads and a session for participants; gives the
/// path of the opening.
pub async fn programme(admin: &Client) -> String {
    announce(admin, seoul()).await;
    let opening = place(admin, OPENING).await;
    let (from, to) = ("2019-10-07T11:00:00", "2019-10-07T12:00:00");
    let title = "Heads only, secretly";
    place(admin, Sitting { title, from, to, visibility: "secretariat", ..OPENING }).await;
    let (from, to) = ("2019-10-07T13:00:00", "2019-10-07T14:00:00");
    place(admin, Sitting { title: "Drafting", from, to, visibility: "participants", ..OPENING }).await;
    opening
}

/// Adds an organisation; gives its id.
pub async fn organisation(admin: &Client, code: &str) -> String {
    let body = json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}});
    admin.post("organisations", body).await.expect(201).id()
}
