//! Free and busy times of rooms and delegations, read by programs that are not ours. Seoul is nine hours ahead of UTC.

use std::collections::BTreeMap;

use domain::access::Role;
use serde_json::json;

use super::{
    kinds::{meeting, session},
    readers, subscribe,
    world::{patch, step},
};
use crate::{on_both, support::Client};

type Spans = Vec<(String, String)>;

/// When somebody is busy on the first day, by each program.
fn busy(file: &str) -> Vec<Spans> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("times.ifb");
    std::fs::write(&path, file).unwrap();
    let read: Vec<BTreeMap<String, Spans>> = readers::written("read_free_busy.py", &[path.to_str().unwrap()]);
    read.into_iter().flat_map(BTreeMap::into_values).collect()
}

fn spans(hours: &[(&str, &str)]) -> Spans {
    hours.iter().map(|(from, to)| (format!("2026-10-07T{from}:00Z"), format!("2026-10-07T{to}:00Z"))).collect()
}

async fn says(reader: &Client, path: &str, hours: &[(&str, &str)]) {
    let answer = reader.get(path).await.expect(200);
    for seen in busy(&answer.text) {
        assert_eq!(seen, spans(hours), "{}", answer.text);
    }
    assert!(answer.text.split("\r\n").all(|line| line.len() <= 75), "{}", answer.text);
}

on_both! {
    async fn a_room_says_when_it_is_taken_and_nothing_of_by_what(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        session(&admin, "Opening", 9, Some("hall-a")).await;
        session(&admin, "Right after it", 10, Some("hall-a")).await;
        let moved = session(&admin, "Closed", 14, Some("hall-a")).await;
        patch(&admin, &moved, json!({"visibility": "secretariat"})).await;
        let held = json!({
            "kind": "maintenance", "reason": "Cleaning",
            "placement": {"start": "2026-10-07T18:00:00", "end": "2026-10-07T19:00:00"},
        });
        admin.post("rooms/hall-a/bookings", held).await.expect(201);
        let staff = server.role(Role::Secretariat).await;
        let address = async |client: &Client| {
            let (path, _) = subscribe(client, json!({"kind": "room", "object_id": "hall-a"})).await;
            path.replace(".ics", ".ifb")
        };
        let (all, reader) = (address(&staff).await, server.anonymous());
        let first = reader.get(&all).await;
        says(&reader, &all, &[("00:00", "02:00"), ("05:00", "06:00"), ("09:00", "10:00")]).await;
        for word in ["Opening", "Closed", "Cleaning", "hall", "SUMMARY", "ATTENDEE", "ORGANIZER"] {
            assert!(!first.text.contains(word), "{word} in {}", first.text);
        }
        assert_eq!(first.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(first.header("content-disposition"), "inline; filename=\"hall-a.ifb\"");
        let known = reader.header("If-None-Match", first.header("etag"));
        assert_eq!(known.get(&all).await.status, 304);
        step(&admin, &moved, json!({"to": "cancelled", "reason": "Storm"})).await;
        assert_eq!(known.get(&all).await.status, 200);
        says(&reader, &all, &[("00:00", "02:00"), ("09:00", "10:00")]).await;
        // Who does not run rooms is told of the sessions they may see.
        patch(&admin, "events/seoul-2019", json!({"visibility": "signed_in"})).await;
        let outsider = server.delegate_of(&super::world::organisation(&admin, "ONE").await).await;
        says(&reader, &address(&outsider).await, &[("00:00", "02:00")]).await;
        assert_eq!(reader.get("/ical/nothing.ifb").await.status, 404);
        assert_eq!(reader.get("/ical/events/seoul-2019.ifb").await.status, 404);
    }

    async fn a_delegation_says_when_it_is_busy(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        super::world::organisation(&admin, "PL").await;
        let id = admin.post("events/seoul-2019/delegations", json!({"organisation_id": "PL"})).await.expect(201).id();
        step(&admin, &format!("delegations/{id}"), json!({"to": "accepted"})).await;
        session(&admin, "Plenary", 9, None).await;
        let manager = server.manager_of("PL").await;
        let (path, _) = subscribe(&manager, json!({"kind": "delegation", "object_id": id})).await;
        let reader = server.anonymous();
        says(&reader, &path.replace(".ics", ".ifb"), &[("00:00", "01:00")]).await;
    }
}
