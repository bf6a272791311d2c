//! Delegations, their delegates, and who was represented in a session.

mod availability;
mod badges;
mod busy_address;
mod credentials;
mod delegates;
mod delegations;
mod door;
mod history;
mod imports;
mod life;
mod newcomers;
mod participants;
mod places;
mod printed;
mod recount;
mod reminders;
mod review;
mod round_trip;
mod sheet;
mod sittings;
mod substitution;
mod tables;

use serde_json::{Value, json};

use crate::support::{Answer, Client, Server};

/// Seoul 2019 with three states, one person of each, and nobody invited yet.
struct Seoul {
    admin: Client,
    event: String,
    states: Vec<(&'static str, String)>,
}

impl Seoul {
    async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        let mut states = vec![];
        for (code, name) in [("PL", "Poland"), ("CZ", "Czechia"), ("KR", "Republic of Korea")] {
            let state = json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": name}}});
            states.push((code, admin.post("organisations", state).await.expect(201).id()));
        }
        let event = json!({
            "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting on cybersecurity"},
            "city": {"name": {"en": "Seoul"}}, "time_zone": "Asia/Seoul", "starts_on": "2019-10-07",
            "ends_on": "2019-10-08", "languages": ["en"], "visibility": "participants",
        });
        let event = admin.post("events", event).await.expect(201).id();
        Self { admin, event, states }
    }

    fn state(&self, code: &str) -> String {
        self.states.iter().find(|(own, _)| *own == code).unwrap().1.clone()
    }

    async fn invite(&self, code: &str) -> Answer {
        self.admin.post("events/seoul-2019/delegations", json!({"organisation_id": code})).await.expect(201)
    }

    async fn person(&self, code: &str, name: &str) -> String {
        let person = json!({"display_name": name, "family_name": name, "organisation_id": code});
        self.admin.post("persons", person).await.expect(201).id()
    }

    /// Names a new person.
    async fn nominate(&self, code: &str, name: &str, function: &str) -> Answer {
        let person = self.person(code, name).await;
        self.admin.post("events/seoul-2019/delegates", nomination(code, &person, function)).await.expect(201)
    }

    /// A confirmed delegation with a head.
    async fn confirmed(&self, code: &str, head: &str) -> Answer {
        let delegation = self.invite(code).await.id();
        self.nominate(code, head, "head").await;
        for to in ["accepted", "submitted"] {
            step(&self.admin, &delegation, to).await.expect(200);
        }
        step(&self.admin, &delegation, "confirmed").await.expect(200)
    }

    /// Approves everybody in a delegation.
    async fn approve(&self, code: &str) {
        let list = self.admin.get(&format!("events/seoul-2019/delegates?delegation={code}")).await.expect(200);
        for delegate in list.json["items"].as_array().unwrap() {
            let path = format!("delegates/{}/transitions", delegate["id"].as_str().unwrap());
            if delegate["state"] == "nominated" {
                self.admin.post(&path, json!({"to": "submitted"})).await.expect(200);
            }
            if delegate["state"] != "approved" {
                self.admin.post(&path, json!({"to": "approved"})).await.expect(200);
            }
        }
    }

    /// A session; gives the path of its attendance.
    async fn session(&self, visibility: &str) -> String {
        let session = json!({
            "event_id": "seoul-2019", "kind": "plenary", "title": {"en": "Opening"}, "visibility": visibility,
            "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:30:00"},
        });
        format!("sessions/{}/attendance", self.admin.announce(session).await.id())
    }

    /// Somebody who acts for this state.
    async fn delegate(&self, server: &Server, code: &str) -> Client {
        server.manager_of(&self.state(code)).await
    }
}

fn nomination(delegation: &str, person: &str, function: &str) -> Value {
    json!({"delegation_id": delegation, "person_id": person, "function": function})
}

async fn step(client: &Client, delegation: &str, to: &str) -> Answer {
    client.post(&format!("delegations/{delegation}/transitions"), json!({"to": to})).await
}

/// A member of every item of a list.
fn each<'a>(answer: &'a Answer, list: &str, member: &str) -> Vec<&'a str> {
    answer.json[list].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect()
}

/// An answer without what tells one request from another.
fn same_but_the_request(answer: &Answer) -> String {
    answer.text.replace(answer.json["request_id"].as_str().unwrap_or("-"), "")
}
