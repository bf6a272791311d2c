//! What is forgotten by itself.

use api::jobs;
use domain::access::{Account, Role};
use entity::access::api_key;
use jiff::SignedDuration;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server},
};

fn event(code: &str, day: &str) -> Value {
    json!({
        "code": code, "kind": "workshop", "title": {"en": code}, "city": {"name": {"en": "Seoul"}}, "time_zone": "Asia/Seoul",
        "starts_on": day, "ends_on": day, "languages": ["en"],
    })
}

/// A person with an address, in the delegation to each of these events.
async fn delegate(admin: &Client, name: &str, events: &[&str]) -> String {
    let person = json!({"display_name": name, "email": format!("{}@mail.example", name.to_lowercase())});
    let id = admin.post("persons", person).await.expect(201).id();
    for event in events {
        let nomination = json!({"delegation_id": "NGO", "person_id": id, "function": "expert"});
        admin.post(&format!("events/{event}/delegates"), nomination).await.expect(201);
    }
    id
}

/// Housekeeping, an hour later.
async fn keep_house(server: &Server) {
    jobs::schedule(&server.app).await.unwrap();
    server.advance(SignedDuration::from_hours(2));
    while jobs::run_next(&server.app).await {}
    assert_eq!(server.app.db.job_claim(server.app.clock.now()).await.unwrap().map(|job| job.kind), None);
}

on_both! {
    async fn contact_data_are_forgotten_some_months_after_the_last_meeting(server) {
        let server = server.configured(|config| config.contact_months = 24);
        let admin = server.admin().await;
        admin.post("organisations", json!({"code": "NGO", "kind": "ngo", "names": {"en": {"list": "Ngo"}}})).await.expect(201);
        for (code, day) in [("old", "2019-10-07"), ("edge", "2024-03-02"), ("new", "2025-11-24")] {
            admin.post("events", event(code, day)).await.expect(201);
            admin.post(&format!("events/{code}/delegations"), json!({"organisation_id": "NGO"})).await.expect(201);
        }
        let past = delegate(&admin, "Past", &["old"]).await;
        let kept = ["Both", "Edge", "Office", "Login", "Never"];
        delegate(&admin, "Both", &["old", "new"]).await;
        delegate(&admin, "Edge", &["edge"]).await;
        let office = delegate(&admin, "Office", &["old"]).await;
        admin.post("groups", json!({"code": "wg", "kind": "working_group", "name": {"en": "Group"}})).await.expect(201);
        let role = json!({"person_id": office, "function": "point_of_contact", "valid_from": "2018-01-01"});
        admin.post("groups/wg/roles", role).await.expect(201);
        let login = delegate(&admin, "Login", &["old"]).await;
        let account = json!({"email": "x@other.example", "name": "x", "role": "secretariat", "person_id": login});
        admin.post("accounts", account).await.expect(201);
        delegate(&admin, "Never", &[]).await;

        keep_house(&server).await;
        assert!(!server.dump().await.contains("past@mail.example"), "the address is nowhere, the audit log included");
        let read = admin.get(&format!("persons/{past}")).await.expect(200);
        assert_eq!((read.json.get("email"), &read.json["display_name"]), (None, &json!("Past")));
        assert_eq!(admin.get("persons?q=past@mail").await.expect(200).json["items"], json!([]));
        assert_eq!(admin.get("persons?q=past").await.expect(200).json["items"][0]["id"], past.as_str());
        for name in kept {
            let found = admin.get(&format!("persons?q={name}")).await.expect(200);
            assert_eq!(found.json["items"][0]["email"], format!("{}@mail.example", name.to_lowercase()), "{name}");
        }

        // The meeting of two years ago is past the next day, and once forgotten nothing is done again.
        server.advance(SignedDuration::from_hours(24));
        keep_house(&server).await;
        assert!(!server.dump().await.contains("edge@mail.example"));
        let version = admin.get(&format!("persons/{past}")).await.expect(200).json["version"].clone();
        assert_eq!(version, read.json["version"]);
    }

    async fn meals_needs_and_travel_are_forgotten_some_days_after_the_event(server) {
        let server = server.configured(|config| config.after_event_days = 30);
        let admin = server.admin().await;
        admin.post("organisations", json!({"code": "NGO", "kind": "ngo", "names": {"en": {"list": "Ngo"}}})).await.expect(201);
        for (code, day) in [("past", "2026-02-02"), ("next", "2026-03-09")] {
            admin.post("events", event(code, day)).await.expect(201);
            admin.post(&format!("events/{code}/delegations"), json!({"organisation_id": "NGO"})).await.expect(201);
        }
        delegate(&admin, "Guest", &["past", "next"]).await;
        // A reason that a delegation gives may speak of people too.
        let delegations = admin.get("events/past/delegations").await.expect(200);
        let whole = format!("delegations/{}/availability", delegations.json["items"][0]["id"].as_str().unwrap());
        let away = json!({"start": "2026-02-02T09:00:00", "end": "2026-02-02T12:00:00"});
        let away = json!({"windows": [{"kind": "unavailable", "placement": away, "reason": "The head is ill"}]});
        admin.header("If-Match", "*").put(&whole, away).await.expect(200);
        let delegates = async |event: &str| admin.get(&format!("events/{event}/delegates")).await.expect(200).json["items"][0].clone();
        let told = json!({"diet": "kosher", "access_needs": "ramp", "arrives_on": "2026-02-01", "departs_on": "2026-02-10"});
        for event in ["past", "next"] {
            let path = format!("delegates/{}", delegates(event).await["id"].as_str().unwrap());
            let read = admin.get(&path).await.expect(200);
            admin.if_match(&read).patch(&path, told.clone()).await.expect(200);
        }
        let known = |delegate: &Value| told.as_object().unwrap().iter().all(|(name, value)| delegate.get(name) == Some(value));
        let before = delegates("past").await;
        assert!(known(&before));
        // The clock stands at 2 March, twenty-eight days after the last day in Seoul.
        api::privacy::retention::run(&server.app).await.unwrap();
        assert!(known(&delegates("past").await));
        assert!(admin.get(&whole).await.expect(200).text.contains("The head is ill"));
        server.advance(SignedDuration::from_hours(3 * 24));
        api::privacy::retention::run(&server.app).await.unwrap();
        let after = delegates("past").await;
        for name in ["diet", "access_needs", "arrives_on", "departs_on"] {
            assert_eq!(after.get(name), None, "{name}");
        }
        assert_eq!(after["version"], before["version"].as_i64().unwrap() + 1, "who kept the old answer is told that it is old");
        assert_eq!(admin.get(&whole).await.expect(200).json, json!({"windows": []}));
        assert!(!server.dump().await.contains("The head is ill"));
        assert!(known(&delegates("next").await), "the meeting to come needs them");
        api::privacy::retention::run(&server.app).await.unwrap();
        assert_eq!(delegates("past").await["version"], after["version"], "once forgotten nothing is done again");
    }

    async fn what_was_taken_out_of_use_is_forgotten_some_days_later(server) {
        let admin = server.admin().await;
        let account = server.signed_in(Account::of(Role::Secretariat, "gone@mail.example", "Gone Person")).await;
        let id = account.get("me").await.expect(200).json["account_id"].as_str().unwrap().to_owned();
        let key = admin.post("keys", json!({"name": "Laptop of Gone", "role": "auditor"})).await.expect(201);
        admin.if_match(&key).delete(&format!("keys/{}", key.id())).await.expect(204);
        let read = admin.get(&format!("accounts/{id}")).await.expect(200);
        admin.if_match(&read).delete(&format!("accounts/{id}")).await.expect(204);
        let name = async || {
            let id = key.id().parse::<uuid::Uuid>().unwrap();
            let key = api_key::Entity::find_by_id(id).one(server.app.db.read()).await.unwrap().unwrap();
            let rows = entity::access::account::Entity::find().all(server.app.db.read()).await.unwrap();
            (key.name, rows.iter().any(|row| row.email == "gone@mail.example"))
        };
        server.advance(SignedDuration::from_hours(89 * 24));
        keep_house(&server).await;
        assert_eq!(name().await, ("Laptop of Gone".to_owned(), true));
        server.advance(SignedDuration::from_hours(24));
        keep_house(&server).await;
        assert_eq!(name().await, ("(erased)".to_owned(), false));
        // Keys in use keep their names.
        assert_eq!(server.admin().await.get("keys").await.expect(200).json["items"][0]["name"], "admin of the test");
    }
}
