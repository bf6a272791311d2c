//! One object of every kind, and where the circle that may see it matters, one for each circle.

use std::collections::BTreeMap;

use domain::{
    access::{Account, NewKey, Role},
    moment::Moment,
};
use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, invitations};

/// A server with something of everything, and the keys of all principals.
pub struct Seed {
    /// The server.
    pub server: Server,
    headers: BTreeMap<String, Vec<(&'static str, String)>>,
    ids: BTreeMap<String, String>,
}

impl Seed {
    /// Poland belongs to the group and takes part in the event, Korea hosts it, Viet Nam takes part in nothing.
    pub async fn new() -> Self {
        Self::on(Server::start(Backend::Sqlite).await.unwrap()).await
    }

    /// The same on this server.
    pub async fn on(server: Server) -> Self {
        let admin = server.admin().await;
        let mut seed = Self { server, headers: BTreeMap::new(), ids: BTreeMap::new() };
        seed.shared(&admin).await;
        seed.groups(&admin).await;
        seed.events(&admin).await;
        seed.sessions(&admin).await;
        seed.delegations(&admin).await;
        seed.statements(&admin).await;
        seed.principals(&admin).await;
        seed.minutes(&admin).await;
        seed.feeds(&admin).await;
        seed.seal(&admin).await;
        seed
    }

    /// The headers by which a principal is known; none for nobody.
    pub fn headers(&self, principal: &str) -> &[(&'static str, String)] {
        self.headers.get(principal).map_or(&[], Vec::as_slice)
    }

    /// One more principal, known by a key like this.
    pub async fn admit(&mut self, principal: String, key: NewKey) {
        let (_, secret) = self.server.secret(key).await;
        self.headers.insert(principal, vec![("Authorization", format!("Bearer {secret}"))]);
    }

    /// One more principal: a guest in a browser, who is this person.
    pub async fn welcome(&mut self, principal: &str, person: &str) {
        let headers = self.guest(person).await;
        self.headers.insert(principal.to_owned(), headers);
    }

    /// The path with the id of what was seeded for this circle.
    pub fn path(&self, template: &str, circle: &str) -> String {
        let collection = template.split('/').nth(1).unwrap();
        let named = format!("{collection} {circle}");
        let id = self.ids.get(named.trim()).or_else(|| self.ids.get(collection)).map_or("", String::as_str);
        let path = template.replace("{id}", id).replace("{system}", "partner").replace("{external_id}", "new");
        let path = path
            .replace("{delegation}", "PL")
            .replace("{organisation_id}", "PL")
            .replace("{account_id}", &self.ids["accounts"]);
        let query = match template {
            "/events/{id}/imports" => "?kind=delegations",
            copy if copy.ends_with("/copy") => "?event=open-2019",
            _ => "",
        };
        format!("/api/v1{}{query}", path.replace("{number}", "1"))
    }

    /// The id of what was seeded under this key.
    pub fn id(&self, key: &str) -> &str {
        &self.ids[key]
    }

    /// The body with ids for `$key`.
    pub fn fill(&self, body: Value) -> Value {
        match body {
            Value::String(text) => match text.strip_prefix('$') {
                Some(key) => json!(self.ids[key]),
                None => Value::String(text),
            },
            Value::Array(items) => items.into_iter().map(|item| self.fill(item)).collect(),
            Value::Object(members) => members.into_iter().map(|(name, member)| (name, self.fill(member))).collect(),
            other => other,
        }
    }

    async fn made(&mut self, admin: &Client, key: &str, path: &str, body: Value) -> String {
        let id = admin.post(path, body).await.expect(201).id();
        self.ids.insert(key.to_owned(), id.clone());
        id
    }

    async fn shared(&mut self, admin: &Client) {
        for code in ["PL", "KR", "VN", "US"] {
            let state =
                json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": code, "text": code}}});
            admin.post("organisations", state).await.expect(201);
        }
        let ngo = json!({"code": "SPARE", "kind": "ngo", "names": {"en": {"list": "Spare"}}});
        self.made(admin, "organisations", "organisations", ngo).await;
        let person = |name: &str| json!({"display_name": name, "organisation_id": "PL"});
        self.made(admin, "persons", "persons", person("Jadwiga Zielińska")).await;
        self.made(admin, "person unnamed", "persons", person("Maria Wiśniewska")).await;
        // Shared, because the sessions of the matrix are all at the same time.
        let room = json!({"code": "hall-a", "name": {"en": "Hall A"}, "venue": {"en": "Centre"}, "shared": true});
        self.made(admin, "rooms", "rooms", room.clone()).await;
        let account = json!({"email": "auditor@example.org", "name": "Auditor", "role": "auditor"});
        let account = self.made(admin, "accounts", "accounts", account).await;
        // No principal here is a browser, so any id does for one of "my" sign-ins.
        self.ids.insert("me".to_owned(), account);
        let key = json!({"name": "spare", "role": "auditor"});
        self.made(admin, "keys", "keys", key).await;
    }

    async fn groups(&mut self, admin: &Client) {
        for (circle, code) in
            [("public", "open-group"), ("participants", "warsaw-cyber"), ("secretariat", "inner-group")]
        {
            let group = json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": circle});
            self.made(admin, &format!("groups {circle}"), "groups", group).await;
            let member = json!({"organisation_id": "PL", "category": "co_chair", "valid_from": "2018-01-01"});
            self.made(admin, &format!("memberships {circle}"), &format!("groups/{code}/memberships"), member).await;
            let role = json!({"person_id": self.ids["persons"], "organisation_id": "PL", "function": "chair", "valid_from": "2018-01-01"});
            self.made(admin, &format!("roles {circle}"), &format!("groups/{code}/roles"), role).await;
        }
        let empty = json!({"code": "empty-group", "kind": "subgroup", "name": {"en": "Empty"}, "visibility": "public"});
        self.made(admin, "groups empty", "groups", empty).await;
    }

    async fn events(&mut self, admin: &Client) {
        let event = |code: &str, circle: &str| {
            json!({
                "code": code, "kind": "group_meeting", "title": {"en": code}, "city": {"name": {"en": "Seoul"}},
                "country_id": "KR", "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08",
                "languages": ["en"], "visibility": circle,
            })
        };
        let mut seoul = event("seoul-2019", "participants");
        seoul["group_id"] = json!("warsaw-cyber");
        self.made(admin, "events participants", "events", seoul).await;
        self.made(admin, "events public", "events", event("open-2019", "public")).await;
        self.made(admin, "events secretariat", "events", event("closed-2019", "secretariat")).await;
        self.made(admin, "event elsewhere", "events", event("hanoi-2025", "participants")).await;
    }

    async fn sessions(&mut self, admin: &Client) {
        for (circle, event) in [("public", "open-2019"), ("participants", "seoul-2019"), ("secretariat", "seoul-2019")]
        {
            let session = json!({
                "event_id": event, "kind": "plenary", "title": {"en": "Opening"}, "room_id": "hall-a", "visibility": circle,
                "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:30:00"},
            });
            let id = self.made(admin, &format!("sessions {circle}"), "sessions", session).await;
            admin.post(&format!("sessions/{id}/transitions"), json!({"to": "scheduled"})).await.expect(200);
            admin.post(&format!("sessions/{id}/attendance-code"), json!({"minutes": 240})).await.expect(200);
        }
        let asked = json!({
            "kind": "prebooking", "event_id": "seoul-2019",
            "placement": {"start": "2019-10-08T09:00:00", "end": "2019-10-08T10:30:00"},
        });
        self.made(admin, "room-bookings participants", "rooms/hall-a/bookings", asked).await;
        for (circle, event) in [("public", "open-2019"), ("participants", "seoul-2019")] {
            let release = json!({"name": "First version"});
            self.made(admin, &format!("releases {circle}"), &format!("events/{event}/releases"), release).await;
        }
        let unplaced = json!({"event_id": "seoul-2019", "kind": "side_event", "title": {"en": "Somewhere"}});
        self.made(admin, "sessions unplaced", "sessions", unplaced).await;
        let clash = admin.get("events/seoul-2019/clashes").await.expect(200).json["items"][0]["fingerprint"].clone();
        self.ids.insert("clashes participants".to_owned(), clash.as_str().unwrap().to_owned());
        let waiver = json!({"fingerprint": clash, "reason": "It will find its place."});
        self.made(admin, "waivers participants", "events/seoul-2019/waivers", waiver).await;
        let asked = json!({
            "title": {"en": "Drafting group"}, "organisation_ids": ["PL", "KR"],
            "offers": [{"placement": {"start": "2019-10-08T14:00:00", "end": "2019-10-08T15:00:00"}}],
        });
        let poll = self.made(admin, "polls participants", "events/seoul-2019/polls", asked).await;
        let poll = admin.get(&format!("polls/{poll}")).await.expect(200);
        let option = poll.json["options"][0]["id"].as_str().unwrap().to_owned();
        self.ids.insert("poll-options participants".to_owned(), option);
        for (key, event, group) in [
            ("public", "open-2019", "open-group"),
            ("participants", "seoul-2019", "warsaw-cyber"),
            ("submitted", "seoul-2019", "warsaw-cyber"),
        ] {
            let asked = json!({"group_id": group, "title": {"en": "Meeting"}, "sittings": [{"minutes": 90}]});
            let path = format!("events/{event}/session-requests");
            self.made(admin, &format!("session-requests {key}"), &path, asked).await;
        }
        let submitted = format!("session-requests/{}/transitions", self.ids["session-requests submitted"]);
        admin.post(&submitted, json!({"to": "submitted"})).await.expect(200);
        self.agendas(admin).await;
        // Something to undo, that every principal with the right to do so may undo.
        let plan = json!({"session": {"title": {"en": "Opening ceremony"}}});
        let planned = format!("sessions/{}/plan", self.ids["sessions participants"]);
        admin.patch(&planned, plan).await.expect(200);
    }

    async fn agendas(&mut self, admin: &Client) {
        for (circle, session, visibility) in [
            ("public", "sessions public", "common"),
            ("participants", "sessions participants", "common"),
            ("internal", "sessions participants", "internal"),
        ] {
            let session = self.ids[session].clone();
            let item = json!({"title": {"en": "Statement"}, "kind": "discussion", "visibility": visibility});
            let path = format!("sessions/{session}/agenda-items");
            self.made(admin, &format!("agenda-items {circle}"), &path, item).await;
        }
        let path = format!("sessions/{}/agenda-editions", self.ids["sessions participants"]);
        self.made(admin, "agenda-editions participants", &path, json!({})).await;
    }

    async fn delegations(&mut self, admin: &Client) {
        let poland = self.invited(admin, "own", "PL").await;
        self.invited(admin, "other", "KR").await;
        let us = self.invited(admin, "confirmed", "US").await;
        admin.post(&format!("delegations/{poland}/transitions"), json!({"to": "accepted"})).await.expect(200);
        admin.post(&format!("delegations/{us}/transitions"), json!({"to": "accepted"})).await.expect(200);
        let head = |delegation: &str, person: &str| json!({"delegation_id": delegation, "person_id": person, "function": "head"});
        let first = self.made(admin, "persons head", "persons", json!({"display_name": "Head"})).await;
        let second = self.ids["person unnamed"].clone();
        self.made(admin, "delegates own", "events/seoul-2019/delegates", head("PL", &first)).await;
        self.made(admin, "delegates other", "events/seoul-2019/delegates", head("US", &second)).await;
        let own = json!({"display_name": "Adviser", "organisation_id": "PL"});
        let own = self.made(admin, "persons own", "persons", own).await;
        let adviser = json!({"delegation_id": "PL", "person_id": own, "function": "adviser"});
        admin.post("events/seoul-2019/delegates", adviser).await.expect(201);
        let duties = format!("sessions/{}/duties", self.ids["sessions participants"]);
        let speaks = json!({"person_id": own, "duty": "speaker"});
        self.made(admin, "duties own", &duties, speaks).await;
        let comes = json!({"delegation_id": "US", "duty": "required"});
        self.made(admin, "duties other", &duties, comes).await;
        let sitting = self.ids["sessions participants"].clone();
        for (key, person) in [("invitations own", &own), ("invitations other", &second)] {
            let invitation = invitations::plant(&self.server, &sitting, person, 1, "Away").await;
            let reply = invitations::plant_reply(&self.server, &invitation, "Away").await;
            self.ids.insert(key.replace("invitations", "invitation-replies"), reply);
            self.ids.insert(key.to_owned(), invitation);
        }
        for whose in ["own", "other"] {
            let badge = format!("delegates/{}/badge", self.ids[&format!("delegates {whose}")]);
            self.made(admin, &format!("badges {whose}"), &badge, json!({})).await;
        }
        let calendar = json!({"url": "https://calendar.example.org/busy.ics"});
        for owner in ["delegates own", "delegates other", "delegations own", "delegations confirmed"] {
            let collection = owner.split(' ').next().unwrap();
            let path = format!("{collection}/{}/availability/subscription", self.ids[owner]);
            admin.put(&path, calendar.clone()).await.expect(200);
        }
        let door = json!({"name": {"en": "Main door"}, "rule": "in_and_out"});
        self.made(admin, "check-types own", "events/seoul-2019/check-types", door).await;
        for to in ["submitted", "confirmed"] {
            admin.post(&format!("delegations/{us}/transitions"), json!({ "to": to })).await.expect(200);
        }
        let floor = format!("agenda-items/{}/speakers", self.ids["agenda-items participants"]);
        self.made(admin, "speakers own", &floor, json!({"delegation_id": "PL"})).await;
        self.made(admin, "speakers other", &floor, json!({"delegation_id": "US"})).await;
        let note = json!({"kind": "note_verbale", "issuer": "foreign_ministry", "issued_on": "2019-09-30", "powers": ["vote"]});
        self.made(admin, "credentials own", &format!("delegations/{poland}/credentials"), note.clone()).await;
        self.made(admin, "credentials confirmed", &format!("delegations/{us}/credentials"), note).await;
        admin.post("events/seoul-2019/participants/editions", json!({"kind": "provisional"})).await.expect(201);
    }

    /// Circulated minutes with a correction, and minutes nobody has circulated.
    async fn minutes(&mut self, admin: &Client) {
        for circle in ["participants", "public"] {
            let minutes = format!("sessions/{}/minutes", self.ids[&format!("sessions {circle}")]);
            admin.post(&minutes, json!({"language": "en"})).await.expect(201);
        }
        let minutes = format!("sessions/{}/minutes", self.ids["sessions participants"]);
        let circulate = json!({"to": "circulated", "corrections_until": "2026-03-09T00:00:00Z"});
        admin.post(&format!("{minutes}/transitions"), circulate).await.expect(200);
        let poland = self.server.manager_of("PL").await;
        let proposal = json!({"part": "opening", "text": "We opened it."});
        let correction = poland.post(&format!("{minutes}/corrections"), proposal).await.expect(200).id();
        self.ids.insert("corrections own".to_owned(), correction);
    }

    async fn invited(&mut self, admin: &Client, whose: &str, code: &str) -> String {
        let key = format!("delegations {whose}");
        self.made(admin, &key, "events/seoul-2019/delegations", json!({"organisation_id": code})).await
    }

    async fn statements(&mut self, admin: &Client) {
        let rows = [
            ("public", "open-2019", "public"),
            ("participants", "seoul-2019", "participants"),
            ("secretariat", "seoul-2019", "secretariat"),
            ("drafting", "seoul-2019", "participants"),
        ];
        for (key, event, circle) in rows {
            let statement = json!({
                "code": format!("statement-{key}"), "kind": "joint_statement", "event_id": event, "drafting_language": "en",
                "languages": ["en"], "title": {"en": "Statement"}, "visibility": circle,
            });
            let id = self.made(admin, &format!("statements {key}"), "statements", statement).await;
            if key != "drafting" {
                let clause = json!({"part": "operative", "text": {"en": "They agree."}});
                self.made(admin, &format!("clauses {key}"), &format!("statements/{id}/clauses"), clause).await;
                admin.post(&format!("statements/{id}/transitions"), json!({"to": "tabled"})).await.expect(200);
            }
        }
    }

    async fn principals(&mut self, admin: &Client) {
        let of =
            |role, organisation: &str| NewKey { role, organisation_id: Some(organisation.into()), ..NewKey::default() };
        let limited = |events: &[&str]| NewKey {
            role: Role::Secretariat,
            event_ids: events.iter().map(|event| (*event).into()).collect(),
            ..NewKey::default()
        };
        let unlimited = |role| NewKey { role, ..NewKey::default() };
        for (principal, key) in [
            ("delegate", of(Role::Delegate, "PL")),
            ("manager", of(Role::DelegationManager, "PL")),
            ("outsider", of(Role::DelegationManager, "VN")),
            ("limited_other", limited(&["hanoi-2025"])),
            ("limited_here", limited(&["seoul-2019", "open-2019", "closed-2019"])),
            ("secretariat", unlimited(Role::Secretariat)),
            ("auditor", unlimited(Role::Auditor)),
            ("admin", unlimited(Role::Admin)),
            ("revoked", unlimited(Role::Admin)),
        ] {
            let (id, secret) = self.server.secret(key).await;
            if principal == "revoked" {
                admin.header("If-Match", "*").delete(&format!("keys/{id}")).await.expect(204);
            }
            self.headers.insert(principal.to_owned(), vec![("Authorization", format!("Bearer {secret}"))]);
        }
        for principal in ["guest", "chair", "head"] {
            let headers = self.in_person(admin, principal).await;
            self.headers.insert(principal.to_owned(), headers);
        }
    }

    async fn in_person(&self, admin: &Client, principal: &str) -> Vec<(&'static str, String)> {
        let person = match principal {
            "head" => self.ids["persons head"].clone(),
            _ => admin.post("persons", json!({"display_name": principal})).await.expect(201).id(),
        };
        if principal == "chair" {
            let role = json!({"person_id": person, "function": "chair", "valid_from": "2019-01-01"});
            admin.post("groups/warsaw-cyber/roles", role).await.expect(201);
        }
        self.guest(&person).await
    }

    /// The browser of a guest who is this person.
    async fn guest(&self, person: &str) -> Vec<(&'static str, String)> {
        let account = Account::of(Role::Guest, format!("{person}@example.org"), "Guest");
        let (person_id, ends_at) = (Some(person.into()), Moment::parse("2026-04-01"));
        self.server.browser(Account { person_id, ends_at, ..account }).await
    }

    /// A group that none of the principals is admitted to.
    async fn seal(&mut self, admin: &Client) {
        let group =
            json!({"code": "sealed-group", "kind": "subgroup", "name": {"en": "Sealed"}, "visibility": "public"});
        let id = self.made(admin, "seals", "groups", group).await;
        self.ids.insert("groups sealed".to_owned(), id);
        let sealer = self.server.signed_in(Account::of(Role::Secretariat, "sealer@example.org", "Sealer")).await;
        sealer.post("groups/sealed-group/seal", json!({})).await.expect(200);
    }

    async fn feeds(&mut self, admin: &Client) {
        let feed = json!({"kind": "event", "object_id": "seoul-2019", "name": "Seoul", "access": "token"});
        let desk = self.server.anonymous().header("Authorization", &self.headers["secretariat"][0].1);
        let (path, table) = ("events/seoul-2019/imports?kind=delegations", "organisation,category\r\nPL,member\r\n");
        let import = desk.send_file(path, "text/csv", table.as_bytes()).await.expect(201).id();
        self.ids.insert("imports own".to_owned(), import);
        let delegate = self.server.anonymous().header("Authorization", &self.headers["delegate"][0].1);
        self.made(admin, "feeds", "feeds", feed.clone()).await;
        self.made(&delegate, "feeds own", "feeds", feed).await;
    }
}
