//! What belongs to somebody else: one object of every kind, none of which the principals of the swap test may see.

use std::collections::BTreeMap;

use domain::access::{Account, Role};
use serde_json::{Value, json};

use super::seed::Seed;
use crate::support::{Client, Server, invitations};

/// What the objects of the other tenant can be called, by collection: ids, and codes where there are any.
pub struct Tenant(BTreeMap<&'static str, Vec<String>>);

/// Under this every object that takes an external id is known to the systems `partner` and `desk`.
pub const EXTERNAL: &str = "theirs";

impl Tenant {
    /// Beside what the matrix is asked about: Viet Nam's group, event and all that hangs on them, and what other
    /// people keep for themselves.
    pub async fn beside(seed: &Seed) -> Self {
        let admin = seed.server.admin().await;
        let mut tenant = Self(BTreeMap::new());
        tenant.bodies(&admin).await;
        tenant.meeting(&seed.server, &admin).await;
        tenant.paper(&admin).await;
        tenant.belongings(seed, &admin).await;
        tenant
    }

    /// What the object of this collection can be called; nothing where everybody may name them all.
    pub fn handles(&self, collection: &str) -> &[String] {
        self.0.get(collection).map_or(&[], Vec::as_slice)
    }

    async fn made(&mut self, admin: &Client, collection: &'static str, path: &str, body: Value) -> String {
        let id = admin.post(path, body).await.expect(201).id();
        self.0.entry(collection).or_default().push(id.clone());
        id
    }

    fn called(&mut self, collection: &'static str, code: &str) {
        self.0.entry(collection).or_default().push(code.to_owned());
    }

    async fn bodies(&mut self, admin: &Client) {
        let person = json!({"display_name": "Trần Thị Mai", "organisation_id": "VN", "external_ids": external()});
        let person = self.made(admin, "persons", "persons", person).await;
        let group = json!({
            "code": "their-group", "kind": "working_group", "name": {"en": "Theirs"}, "visibility": "participants",
            "external_ids": external(),
        });
        self.made(admin, "groups", "groups", group).await;
        self.called("groups", "their-group");
        let member = json!({"organisation_id": "VN", "category": "co_chair", "valid_from": "2018-01-01"});
        self.made(admin, "memberships", "groups/their-group/memberships", member).await;
        let role =
            json!({"person_id": person, "organisation_id": "VN", "function": "chair", "valid_from": "2018-01-01"});
        self.made(admin, "roles", "groups/their-group/roles", role).await;
    }

    async fn meeting(&mut self, server: &Server, admin: &Client) {
        let event = json!({
            "code": "their-event", "kind": "group_meeting", "title": {"en": "Theirs"}, "city": {"name": {"en": "Hanoi"}},
            "country_id": "VN", "time_zone": "Asia/Ho_Chi_Minh", "starts_on": "2019-10-07", "ends_on": "2019-10-08",
            "languages": ["en"], "visibility": "participants", "group_id": "their-group", "external_ids": external(),
        });
        self.made(admin, "events", "events", event).await;
        self.called("events", "their-event");
        let session = json!({
            "event_id": "their-event", "kind": "plenary", "title": {"en": "Theirs"}, "visibility": "participants",
            "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:30:00"}, "external_ids": external(),
        });
        let session = self.made(admin, "sessions", "sessions", session).await;
        admin.post(&format!("sessions/{session}/transitions"), json!({"to": "scheduled"})).await.expect(200);
        self.made(admin, "releases", "events/their-event/releases", json!({"name": "Theirs"})).await;
        let item = json!({"title": {"en": "Theirs"}, "kind": "discussion"});
        self.made(admin, "agenda-items", &format!("sessions/{session}/agenda-items"), item).await;
        self.made(admin, "agenda-editions", &format!("sessions/{session}/agenda-editions"), json!({})).await;
        let asked = json!({
            "kind": "prebooking", "session_id": session, "reason": "Theirs",
            "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:30:00"},
        });
        self.made(admin, "room-bookings", "rooms/hall-a/bookings", asked).await;
        let poll = json!({
            "title": {"en": "Theirs"}, "organisation_ids": ["VN"],
            "offers": [{"days": {"first": "2019-10-07", "last": "2019-10-08"}}],
        });
        self.made(admin, "polls", "events/their-event/polls", poll).await;
        let request = json!({"group_id": "their-group", "title": {"en": "Theirs"}, "sittings": [{"minutes": 90}]});
        self.made(admin, "session-requests", "events/their-event/session-requests", request).await;
        let invitation = json!({"organisation_id": "VN"});
        let delegation = self.made(admin, "delegations", "events/their-event/delegations", invitation).await;
        admin.post(&format!("delegations/{delegation}/transitions"), json!({"to": "accepted"})).await.expect(200);
        let head = json!({"delegation_id": "VN", "person_id": self.0["persons"][0], "function": "head"});
        let head = self.made(admin, "delegates", "events/their-event/delegates", head).await;
        let duty = json!({"delegation_id": "VN", "duty": "required"});
        self.made(admin, "duties", &format!("sessions/{session}/duties"), duty).await;
        let invitation = invitations::plant(server, &session, &self.0["persons"][0], 1, "Theirs").await;
        let reply = invitations::plant_reply(server, &invitation, "Theirs").await;
        self.0.entry("invitation-replies").or_default().push(reply);
        self.0.entry("invitations").or_default().push(invitation);
        let door = json!({"name": {"en": "Theirs"}, "rule": "multiple"});
        self.made(admin, "check-types", "events/their-event/check-types", door).await;
        self.made(admin, "badges", &format!("delegates/{head}/badge"), json!({})).await;
        let floor = format!("agenda-items/{}/speakers", self.0["agenda-items"][0]);
        self.made(admin, "speakers", &floor, json!({"delegation_id": "VN"})).await;
    }

    async fn paper(&mut self, admin: &Client) {
        let statement = json!({
            "code": "their-statement", "kind": "joint_statement", "event_id": "their-event", "drafting_language": "en",
            "languages": ["en"], "title": {"en": "Theirs"}, "visibility": "participants", "external_ids": external(),
        });
        let id = self.made(admin, "statements", "statements", statement).await;
        self.called("statements", "their-statement");
        let clause = json!({"part": "operative", "text": {"en": "They keep it to themselves."}});
        self.made(admin, "clauses", &format!("statements/{id}/clauses"), clause).await;
        admin.post(&format!("statements/{id}/transitions"), json!({"to": "tabled"})).await.expect(200);
    }

    async fn belongings(&mut self, seed: &Seed, admin: &Client) {
        let feed = json!({"kind": "event", "object_id": "their-event", "name": "Theirs", "access": "token"});
        self.made(admin, "feeds", "feeds", feed).await;
        let account = json!({"email": "theirs@example.org", "name": "Theirs", "role": "auditor"});
        self.made(admin, "accounts", "accounts", account).await;
        self.made(admin, "keys", "keys", json!({"name": "theirs", "role": "auditor"})).await;
        let browser = seed.server.signed_in(Account::of(Role::Auditor, "desk@example.org", "Desk")).await;
        let sign_ins = browser.get("me/sign-ins").await.expect(200);
        self.called("me", sign_ins.json["items"][0]["id"].as_str().unwrap());
    }
}

fn external() -> Value {
    json!([{"system": "partner", "id": EXTERNAL}, {"system": "desk", "id": EXTERNAL}])
}
