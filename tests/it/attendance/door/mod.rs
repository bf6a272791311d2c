//! At the door: what is said to a scan, what is kept of it, and who is inside.

mod rules;
mod scans;
mod sessions;

use domain::access::{NewKey, Role, Scope};
use entity::attendance::delegate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};

use crate::support::{Answer, Client, Server};

/// An assembly in Seoul, on the days around that at which the clock of the tests stands.
struct Hall {
    admin: Client,
    event: String,
}

/// A delegate with what the code of their badge says.
#[derive(Debug, Clone)]
struct Holder {
    delegate: String,
    qr: String,
}

impl Hall {
    async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        for code in ["PL", "CZ"] {
            let state = json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": code}}});
            admin.post("organisations", state).await.expect(201);
        }
        let event = json!({
            "code": "assembly", "kind": "assembly", "title": {"en": "Assembly"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-03-01", "ends_on": "2026-03-04", "languages": ["en"],
            "visibility": "participants",
        });
        let event = admin.post("events", event).await.expect(201).id();
        for (code, category) in [("PL", "member"), ("CZ", "observer")] {
            let invitation = json!({"organisation_id": code, "category": category});
            admin.post("events/assembly/delegations", invitation).await.expect(201);
        }
        Self { admin, event }
    }

    /// A new delegate, not approved.
    async fn delegate(&self, code: &str, name: &str) -> String {
        let person = json!({"display_name": name, "family_name": name, "organisation_id": code});
        let person = self.admin.post("persons", person).await.expect(201).id();
        let body = json!({"delegation_id": code, "person_id": person, "function": "expert"});
        self.admin.post("events/assembly/delegates", body).await.expect(201).id()
    }

    /// A new delegate with a badge.
    async fn holder(&self, server: &Server, code: &str, name: &str) -> Holder {
        let delegate = self.delegate(code, name).await;
        approve_all(server, &self.event).await;
        self.badge(&delegate).await
    }

    async fn badge(&self, delegate: &str) -> Holder {
        self.admin.post(&format!("delegates/{delegate}/badge"), json!({})).await.expect(201);
        self.code_of(delegate).await
    }

    async fn code_of(&self, delegate: &str) -> Holder {
        let badge = self.admin.get(&format!("delegates/{delegate}/badge")).await.expect(200);
        Holder { delegate: delegate.to_owned(), qr: badge.json["qr"].as_str().unwrap().to_owned() }
    }

    async fn check_type(&self, name: &str, rule: &str) -> String {
        let body = json!({"name": {"en": name}, "rule": rule});
        self.admin.post("events/assembly/check-types", body).await.expect(201).id()
    }

    /// A program that scans and may do nothing else.
    async fn device(&self, server: &Server) -> Client {
        let scopes = vec![Scope::parse("checks:write").unwrap()];
        let event_ids = vec!["assembly".into()];
        server.key(NewKey { role: Role::Secretariat, scopes, event_ids, ..NewKey::default() }).await
    }

    async fn checks(&self) -> Vec<Value> {
        let (mut rows, mut cursor) = (vec![], String::new());
        loop {
            let page = self.admin.get(&format!("events/assembly/checks?limit=200{cursor}")).await.expect(200);
            rows.extend(page.json["items"].as_array().unwrap().clone());
            match page.json["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }

    /// Who is inside, by the id of the check type.
    async fn inside(&self, check_type: &str) -> Vec<String> {
        let presence = self.admin.get("events/assembly/presence").await.expect(200);
        let rooms = presence.json["rooms"].as_array().unwrap();
        let room = rooms.iter().find(|room| room["check_type_id"] == check_type).expect("a room");
        let delegates = room["delegates"].as_array().unwrap();
        assert_eq!(room["count"], delegates.len());
        let mut ids: Vec<_> =
            delegates.iter().map(|inside| inside["delegate_id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    }
}

/// Approves everybody at the event, past the rules of that, which are not the door's.
pub(super) async fn approve_all(server: &Server, event: &str) {
    delegate::Entity::update_many()
        .col_expr(delegate::Column::State, Expr::value("approved"))
        .filter(delegate::Column::EventId.eq(event.parse::<uuid::Uuid>().unwrap()))
        .exec(server.app.db.read())
        .await
        .unwrap();
}

/// One scan of a code at an instant.
fn scan(nonce: &str, check_type: &str, qr: &str, at: &str) -> Value {
    json!({"nonce": nonce, "check_type_id": check_type, "token": qr, "scanned_at": at})
}

/// Scans that are sent when the clock of the device shows this.
fn scans(device: &str, sent_at: &str, scans: &[Value]) -> Value {
    json!({"device": device, "sent_at": sent_at, "scans": scans})
}

/// What is said to each.
fn results(answer: &Answer) -> Vec<&str> {
    answer.json["answers"].as_array().unwrap().iter().map(|it| it["result"].as_str().unwrap()).collect()
}

async fn record(client: &Client, body: Value) -> Answer {
    client.post("events/assembly/checks", body).await.expect(200)
}
