//! What people may do by what they are: chairs during their term, guests for their time, and the last administrator.

use domain::{
    access::{Account, Role},
    moment::Moment,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server},
};

/// A group with an event that only its secretariat sees, and another group without anything.
async fn world(admin: &Client) {
    for code in ["cyber", "other"] {
        let group = json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": "chairs"});
        admin.post("groups", group).await.expect(201);
    }
    for (code, group) in [("of-cyber", "cyber"), ("of-other", "other")] {
        let event = json!({
            "code": code, "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Hanoi"}},
            "time_zone": "UTC", "starts_on": "2026-05-04", "ends_on": "2026-05-05", "languages": ["en"],
            "visibility": "chairs", "group_id": group,
        });
        admin.post("events", event).await.expect(201);
    }
}

fn session(event: &str) -> Value {
    json!({"event_id": event, "kind": "plenary", "title": {"en": "Opening"}})
}

/// A guest with the account of this person, for a month.
async fn guest(server: &Server, person: &str) -> Client {
    let account = Account::of(Role::Guest, format!("{person}@example.org"), "Guest");
    let (person_id, ends_at) = (Some(person.into()), Moment::parse("2026-04-01"));
    server.signed_in(Account { person_id, ends_at, ..account }).await
}

on_both! {
    async fn a_chair_runs_the_sessions_of_its_group_from_the_first_to_the_last_instant_of_its_term(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let person = admin.post("persons", json!({"display_name": "Anna"})).await.expect(201).id();
        let successor = admin.post("persons", json!({"display_name": "Berta"})).await.expect(201).id();
        for (person, from, to) in [(&person, "2026-03-02T08:10:00Z", json!("2026-03-02T08:20:00Z")), (&successor, "2026-03-02T08:20:00Z", json!(null))] {
            let role = json!({"person_id": person, "function": "chair", "valid_from": from, "valid_to": to});
            admin.post("groups/cyber/roles", role).await.expect(201);
        }
        let (chair, next) = (guest(&server, &person).await, guest(&server, &successor).await);
        chair.get("groups/cyber").await.expect(404);
        chair.post("sessions", session("of-cyber")).await.expect(403);

        // No administrator lifts a finger from here on: the clock does it.
        server.advance(SignedDuration::from_mins(10));
        chair.get("groups/cyber").await.expect(200);
        chair.get("events/of-other").await.expect(404);
        assert_eq!(chair.post("sessions", session("of-other")).await.expect(422).codes(), ["unknown_event"]);
        let made = chair.post("sessions", session("of-cyber")).await.expect(201);
        chair.if_match(&made).patch(&format!("sessions/{}", made.id()), json!({"title": {"en": "Closing"}})).await.expect(200);
        let statement = json!({
            "code": "text", "event_id": "of-cyber", "kind": "joint_statement", "drafting_language": "en", "languages": ["en"],
            "visibility": "chairs",
        });
        chair.post("statements", statement).await.expect(201);
        let event = chair.get("events/of-cyber").await.expect(200);
        chair.if_match(&event).patch("events/of-cyber", json!({"ordinal": 2})).await.expect(403);
        chair.get("keys").await.expect(403);

        server.advance(SignedDuration::from_mins(10));
        chair.get("events/of-cyber").await.expect(404);
        next.post("sessions", session("of-cyber")).await.expect(201);
    }

    async fn other_functions_in_a_group_permit_nothing(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let person = admin.post("persons", json!({"display_name": "Anna"})).await.expect(201).id();
        for function in ["vice_chair", "rapporteur", "secretary", "point_of_contact", "expert", "note_taker"] {
            let role = json!({"person_id": person, "function": function, "valid_from": "2019-01-01"});
            admin.post("groups/cyber/roles", role).await.expect(201);
        }
        let guest = guest(&server, &person).await;
        guest.get("groups/cyber").await.expect(404);
        guest.post("sessions", session("of-cyber")).await.expect(403);
    }

    async fn a_guest_is_gone_when_its_time_is_over(server) {
        let admin = server.admin().await;
        let person = admin.post("persons", json!({"display_name": "Anna"})).await.expect(201).id();
        let endless = json!({"email": "g@example.org", "name": "Guest", "role": "guest"});
        assert_eq!(admin.post("accounts", endless).await.expect(422).codes(), ["required"]);
        let long = json!({"email": "g@example.org", "name": "Guest", "role": "guest", "ends_at": "2027-04-01"});
        assert_eq!(admin.post("accounts", long).await.expect(422).codes(), ["out_of_range"]);
        let brief = json!({"email": "g@example.org", "name": "Guest", "role": "guest", "ends_at": "2026-03-02T08:30:00Z"});
        let account = admin.post("accounts", brief).await.expect(201);
        let owned = json!({"name": "x", "role": "guest", "owner_id": account.id()});
        let made = admin.post("keys", owned).await.expect(201);
        let key = server.with_key(made.json["secret"].as_str().unwrap());
        let browser = guest(&server, &person).await;
        key.get("events").await.expect(200);
        server.advance(SignedDuration::from_mins(30));
        key.get("events").await.expect(401);
        browser.get("events").await.expect(200);
        server.advance(SignedDuration::from_hours(24 * 30));
        browser.get("events").await.expect(401);
    }

    async fn a_calendar_of_a_person_follows_what_the_person_may_see(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let made = admin.post("sessions", json!({
            "event_id": "of-cyber", "kind": "plenary", "title": {"en": "Opening"}, "tlp": "green",
            "placement": {"start": "2026-05-04T09:00:00", "end": "2026-05-04T10:00:00"},
        }));
        let refused = made.await.expect(422);
        assert_eq!(refused.codes(), ["wider_than_event"], "what chairs alone see is amber, unless they say otherwise");
        let event = admin.get("events/of-cyber").await.expect(200);
        admin.if_match(&event).patch("events/of-cyber", json!({"tlp": "green"})).await.expect(200);
        let session = json!({
            "event_id": "of-cyber", "kind": "plenary", "title": {"en": "Opening"}, "tlp": "green",
            "placement": {"start": "2026-05-04T09:00:00", "end": "2026-05-04T10:00:00"},
        });
        let path = format!("sessions/{}/transitions", admin.post("sessions", session).await.expect(201).id());
        admin.post(&path, json!({"to": "scheduled"})).await.expect(200);

        let person = admin.post("persons", json!({"display_name": "Anna"})).await.expect(201).id();
        let term = json!({"person_id": person, "function": "chair", "valid_from": "2019-01-01", "valid_to": "2026-03-02T08:10:00Z"});
        admin.post("groups/cyber/roles", term).await.expect(201);
        let chair = guest(&server, &person).await;
        let feed = json!({"kind": "event", "object_id": "of-cyber", "name": "Mine", "access": "token"});
        let made = chair.post("feeds", feed).await.expect(201);
        assert!(made.json["owner_account_id"].is_string() && made.json.get("owner_key_id").is_none());
        let url = made.json["url"].as_str().unwrap();
        let path = &url[url.find("/ical/").unwrap()..];
        let reader = server.anonymous();
        let during = reader.get(path).await;
        assert!(during.text.contains("SUMMARY:Opening"), "{}", during.text);
        assert_eq!(reader.header("If-None-Match", during.header("etag")).get(path).await.status, 304);

        // The term ends by the clock alone: the session leaves the calendar of who is no chair any more.
        server.advance(SignedDuration::from_mins(10));
        let after = reader.header("If-None-Match", during.header("etag")).get(path).await;
        assert!(after.status == 200 && !after.text.contains("SUMMARY:Opening"), "{}", after.text);

        let account = admin.get("accounts?limit=200").await.expect(200).json["items"].as_array().unwrap().iter()
            .find(|account| account["role"] == "guest").unwrap()["id"].as_str().unwrap().to_owned();
        admin.header("If-Match", "*").patch(&format!("accounts/{account}"), json!({"state": "disabled"})).await.expect(200);
        assert_eq!(reader.get(path).await.status, 404);
    }

    async fn what_is_for_everybody_signed_in_is_not_for_those_who_are_not(server) {
        let admin = server.admin().await;
        let event = json!({
            "code": "e1", "kind": "workshop", "title": {"en": "E"}, "city": {"name": {"en": "Hanoi"}}, "time_zone": "UTC",
            "starts_on": "2026-05-04", "ends_on": "2026-05-04", "languages": ["en"], "visibility": "signed_in",
        });
        assert_eq!(admin.post("events", event).await.expect(201).json["tlp"], "green");
        let person = admin.post("persons", json!({"display_name": "Anna"})).await.expect(201).id();
        guest(&server, &person).await.get("events/e1").await.expect(200);
        server.anonymous().get("events/e1").await.expect(404);
    }

    async fn the_last_administrator_stays_one(server) {
        let admin = server.admin().await;
        let operator = admin.get("accounts").await.expect(200).json["items"][0].clone();
        let path = format!("accounts/{}", operator["id"].as_str().unwrap());
        let last = admin.get(&path).await.expect(200);
        for less in [json!({"role": "auditor"}), json!({"state": "disabled"}), json!({"ends_at": "2026-03-03"})] {
            let refused = admin.if_match(&last).patch(&path, less).await.expect(409);
            assert_eq!(refused.json["type"], "/problems/last-administrator");
        }
        admin.if_match(&last).delete(&path).await.expect(409);
        admin.if_match(&last).patch(&path, json!({"name": "Operations"})).await.expect(200);
        let brief = json!({"email": "b@example.org", "name": "B", "role": "admin", "ends_at": "2026-03-02T08:00:00Z"});
        admin.post("accounts", brief).await.expect(201);
        admin.header("If-Match", "*").delete(&path).await.expect(409);
        let second = admin.post("accounts", json!({"email": "a@example.org", "name": "A", "role": "admin"})).await.expect(201);

        // Both at once take the other's role: one of them is refused, whoever comes first.
        let (other, first) = (format!("accounts/{}", second.id()), admin.header("If-Match", "*"));
        let less = json!({"role": "auditor"});
        let beside = server.beside().await;
        let key = json!({"name": "x", "role": "admin", "owner_id": second.id()});
        let made = admin.post("keys", key).await.expect(201);
        let theirs = beside.with_key(made.json["secret"].as_str().unwrap()).header("If-Match", "*");
        let (one, two) = tokio::join!(first.patch(&other, less.clone()), theirs.patch(&path, less.clone()));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        // Who lost the role before its request began is not known any more: that is as good.
        assert!(matches!(statuses, [200, 409] | [200, 401]), "{statuses:?}: {} {}", one.text, two.text);
    }
}
