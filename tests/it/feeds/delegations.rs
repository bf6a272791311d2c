//! Calendars of what concerns a delegation at one event, and the delegations of an organisation at all.

use domain::access::Role;
use serde_json::json;

use super::{
    kinds::{duty, meeting, session, titles},
    readers::all,
    strict::faults,
    subscribe,
    world::{announce, organisation, patch, seoul, step},
};
use crate::{
    on_both,
    support::{Answer, Client},
};

/// Poland and Czechia come to Seoul; gives the ids of their delegations.
async fn coming(admin: &Client) -> [String; 2] {
    meeting(admin).await;
    let mut ids = vec![];
    for code in ["PL", "CZ"] {
        organisation(admin, code).await;
        let id = admin.post("events/seoul-2019/delegations", json!({"organisation_id": code})).await.expect(201).id();
        step(admin, &format!("delegations/{id}"), json!({"to": "accepted"})).await;
        ids.push(id);
    }
    ids.try_into().unwrap()
}

/// A session that is not for all.
async fn meeting_of_some(admin: &Client, title: &'static str, hour: u32) -> String {
    let path = session(admin, title, hour, None).await;
    patch(admin, &path, json!({"kind": "workshop"})).await;
    path
}

fn of(kind: &str, object: &str) -> serde_json::Value {
    json!({"kind": kind, "object_id": object, "name": "What concerns us"})
}

async fn again(reader: &Client, before: &Answer, path: &str) -> u16 {
    reader.header("If-None-Match", before.header("etag")).get(path).await.status.as_u16()
}

on_both! {
    async fn a_delegation_has_a_calendar_of_plenaries_and_of_what_it_and_its_people_do(server) {
        let admin = server.admin().await;
        let [poland, czechia] = coming(&admin).await;
        session(&admin, "Plenary", 9, None).await;
        let spoken = meeting_of_some(&admin, "Poland speaks", 11).await;
        let attended = meeting_of_some(&admin, "A Polish expert speaks", 13).await;
        let other = meeting_of_some(&admin, "Czechia speaks", 14).await;
        meeting_of_some(&admin, "Others", 15).await;
        let manager = server.manager_of("PL").await;
        let (path, _) = subscribe(&manager, of("delegation", &poland)).await;
        let reader = server.anonymous();
        assert_eq!(titles(&reader, &path).await, ["Plenary"]);
        for (session, delegation) in [(&spoken, &poland), (&other, &czechia)] {
            admin.post(&format!("{session}/duties"), json!({"delegation_id": delegation, "duty": "speaker"})).await.expect(201);
        }
        let person = admin.post("persons", json!({"display_name": "Nowak", "organisation_id": "PL"})).await.expect(201).id();
        duty(&admin, &attended, &person).await;
        let before = reader.get(&path).await;
        assert_eq!(titles(&reader, &path).await, ["Plenary", "Poland speaks"]);
        // Whoever joins the delegation brings what they have to do, and takes it along.
        let named = json!({"delegation_id": "PL", "person_id": person, "function": "expert"});
        let delegate = admin.post("events/seoul-2019/delegates", named).await.expect(201).id();
        let after = reader.get(&path).await;
        assert_eq!(again(&reader, &before, &path).await, 200);
        assert_eq!(titles(&reader, &path).await, ["Plenary", "Poland speaks", "A Polish expert speaks"]);
        assert_eq!(again(&reader, &after, &path).await, 304);
        assert_eq!(faults(after.text.as_bytes()), Vec::<&str>::new());
        assert!(!after.text.contains("Nowak") && !after.text.contains("OPAQUE"));
        admin.post(&format!("delegates/{delegate}/transitions"), json!({"to": "withdrawn"})).await.expect(200);
        assert_eq!(titles(&reader, &path).await, ["Plenary", "Poland speaks"]);
        // Whoever does not come after all has nothing there.
        step(&admin, &format!("delegations/{poland}"), json!({"to": "not_attending"})).await;
        assert!(all(&reader.get(&path).await.text).is_empty());
    }

    async fn an_organisation_has_a_calendar_of_all_events_to_which_it_comes(server) {
        let admin = server.admin().await;
        let [_, _] = coming(&admin).await;
        session(&admin, "Plenary in Seoul", 9, None).await;
        let mut event = seoul();
        event.as_object_mut().unwrap().extend(
            json!({"code": "hanoi-2026", "starts_on": "2026-11-02", "ends_on": "2026-11-03", "title": {"en": "Hanoi"}})
                .as_object().unwrap().clone(),
        );
        announce(&admin, event).await;
        let (path, _) = subscribe(&server.manager_of("PL").await, of("organisation", "PL")).await;
        let reader = server.anonymous();
        let summaries = async || {
            let seen = all(&reader.get(&path).await.text);
            seen.into_iter().map(|entry| entry.summary).collect::<Vec<_>>()
        };
        assert_eq!(summaries().await, ["Meeting on cybersecurity", "Plenary in Seoul"]);
        let before = reader.get(&path).await;
        let id = admin.post("events/hanoi-2026/delegations", json!({"organisation_id": "PL"})).await.expect(201).id();
        step(&admin, &format!("delegations/{id}"), json!({"to": "accepted"})).await;
        assert_eq!(again(&reader, &before, &path).await, 200);
        assert_eq!(summaries().await, ["Meeting on cybersecurity", "Plenary in Seoul", "Hanoi"]);
    }

    async fn nobody_has_a_calendar_of_what_concerns_others(server) {
        let admin = server.admin().await;
        let [poland, _] = coming(&admin).await;
        session(&admin, "Plenary", 9, None).await;
        let token = |kind: &str, object: &str| {
            let mut feed = of(kind, object);
            feed["access"] = json!("token");
            feed
        };
        let others = server.manager_of("CZ").await;
        for (kind, object) in [("delegation", poland.as_str()), ("organisation", "PL"), ("organisation", "NOBODY")] {
            assert_eq!(others.post("feeds", token(kind, object)).await.expect(422).codes(), ["unknown_object"], "{kind}");
        }
        // Those who run the event have it, and what they may not see any more leaves it.
        let staff = server.role(Role::Secretariat).await;
        let (path, _) = subscribe(&staff, of("organisation", "PL")).await;
        assert_eq!(titles(&server.anonymous(), &path).await, ["Plenary"]);
        let (own, _) = subscribe(&server.manager_of("PL").await, of("delegation", &poland)).await;
        patch(&admin, "events/seoul-2019", json!({"visibility": "secretariat"})).await;
        assert!(all(&server.anonymous().get(&own).await.text).is_empty());
        assert_eq!(titles(&server.anonymous(), &path).await, ["Busy – restricted session"], "it is amber now");
    }

    async fn what_a_group_keeps_out_of_calendars_leaves_those_of_rooms_too(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "languages": ["en"], "amber_in_calendars": true});
        admin.post("groups", group).await.expect(201);
        let amber = session(&admin, "Amber", 9, Some("hall-a")).await;
        patch(&admin, &amber, json!({"group_id": "cyber", "tlp": "amber", "visibility": "participants"})).await;
        let staff = server.role(Role::Secretariat).await;
        let (path, _) = subscribe(&staff, json!({"kind": "room", "object_id": "hall-a"})).await;
        let reader = server.anonymous();
        let open = reader.get(&path).await;
        assert_eq!(titles(&reader, &path).await, ["Amber"]);
        patch(&admin, "groups/cyber", json!({"amber_in_calendars": false})).await;
        assert_eq!(again(&reader, &open, &path).await, 200);
        assert_eq!(titles(&reader, &path).await, ["Busy – restricted session"]);
    }
}
