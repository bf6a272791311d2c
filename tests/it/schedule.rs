//! Sessions through the API. Instants were worked out by hand from the offsets of the places.

use std::collections::BTreeSet;

use ::entity::{
    attendance::delegation,
    calendars::revision,
    schedule::session::{self, Column},
};
use api::context::Ctx;
use domain::access::{Actor, NewKey, Resource, Role, Target};
use jiff::SignedDuration;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    on_both,
    support::{Client, Server},
};

fn event(zone: &str, day: &str) -> Value {
    json!({
        "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"},
        "city": {"name": {"en": "Seoul", "pl": "Seul"}}, "time_zone": zone, "starts_on": day, "ends_on": day,
        "languages": ["en"], "tracks": [{"code": "policy", "title": {"en": "Policy"}}], "visibility": "public",
    })
}

fn opening() -> Value {
    json!({
        "event_id": "meeting", "kind": "plenary", "title": {"en": "Opening", "pl": "Otwarcie"}, "track": "policy",
        "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:30:00"},
    })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

fn numbers(list: &Value) -> Vec<i64> {
    list["items"].as_array().unwrap().iter().map(|item| item["number"].as_i64().unwrap()).collect()
}

async fn seoul(admin: &Client) {
    admin.post("events", event("Asia/Seoul", "2019-10-07")).await.expect(201);
}

async fn session_row(server: &Server, id: &str) -> session::Model {
    let id = Uuid::parse_str(id).unwrap();
    session::Entity::find().filter(Column::Id.eq(id)).one(server.app.db.read()).await.unwrap().unwrap()
}

async fn entry(server: &Server, id: &str) -> String {
    session_row(server, id).await.vevent.unwrap().replace("\r\n", "\n")
}

async fn revision_of(server: &Server, scope: &str) -> i64 {
    let row = revision::Entity::find_by_id(scope.to_owned()).one(server.app.db.read()).await.unwrap();
    row.map_or(0, |row| row.value)
}

#[track_caller]
fn has_line(entry: &str, line: &str) {
    assert!(entry.lines().any(|found| found == line), "{line} is missing in\n{entry}");
}

on_both! {
    async fn a_session_is_placed_on_the_wall_of_its_city(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let made = admin.post("sessions", opening()).await.expect(201);
        assert_eq!(made.json["start"], json!({"local": "2019-10-07T09:00:00", "time_zone": "Asia/Seoul", "utc": "2019-10-07T00:00:00Z"}));
        assert_eq!(made.json["end"]["utc"], "2019-10-07T01:30:00Z");
        assert_eq!((&made.json["number"], &made.json["state"], &made.json["sequence"]), (&json!(1), &json!("draft"), &json!(0)));
        assert_eq!((&made.json["location"], &made.json["visibility"]), (&json!("Seoul"), &json!("public")));
        assert_eq!(made.json["uid"], format!("session-{}@plenum", made.id()));
        let read = admin.get(&format!("sessions/{}", made.id())).await.expect(200);
        assert_eq!(read.json, made.json);
        assert_eq!(admin.get(&format!("sessions/{}?lang=pl", made.id())).await.expect(200).json["location"], "Seul");
        let vevent = entry(&server, &made.id()).await;
        for line in ["DTSTART:20191007T000000Z", "DTEND:20191007T013000Z", "SEQUENCE:0", "SUMMARY:Opening", "STATUS:TENTATIVE", "LOCATION:Seoul", "CATEGORIES:Policy,plenary"] {
            has_line(&vevent, line);
        }
    }

    async fn a_local_time_the_clocks_skip_or_repeat_is_refused_with_both_candidates(server) {
        let admin = server.admin().await;
        let refused = async |body: Value| {
            let fault = admin.post("sessions", body).await.expect(422).json["errors"][0].clone();
            ["pointer", "code", "detail"].map(|member| fault[member].as_str().unwrap().to_owned())
        };
        admin.post("events", with(event("Europe/Warsaw", "2025-03-30"), "code", json!("spring"))).await.expect(201);
        let at = |code: &str, start: &str, end: &str| with(with(opening(), "event_id", json!(code)), "placement", json!({"start": start, "end": end}));
        let [pointer, code, detail] = refused(at("spring", "2025-03-30T02:30:00", "2025-03-30T04:00:00")).await;
        assert_eq!((pointer.as_str(), code.as_str()), ("/placement/start", "missing_local_time"));
        assert!(detail.contains("2025-03-30T01:30:00+01:00") && detail.contains("2025-03-30T03:30:00+02:00"), "{detail}");
        admin.post("events", with(event("Europe/Warsaw", "2025-10-26"), "code", json!("autumn"))).await.expect(201);
        let [_, code, detail] = refused(at("autumn", "2025-10-26T02:30:00", "2025-10-26T04:00:00")).await;
        assert_eq!(code, "ambiguous_local_time");
        assert!(detail.contains("2025-10-26T02:30:00+02:00") && detail.contains("2025-10-26T02:30:00+01:00"), "{detail}");
        let second = admin.post("sessions", at("autumn", "2025-10-26T02:30:00+01:00", "2025-10-26T04:00:00")).await.expect(201);
        assert_eq!((&second.json["start"]["local"], &second.json["start"]["utc"]), (&json!("2025-10-26T02:30:00"), &json!("2025-10-26T01:30:00Z")));
        let path = format!("sessions/{}", second.id());
        let retitled = admin.if_match(&second).patch(&path, json!({"title": {"en": "Late"}})).await.expect(200);
        assert_eq!((&retitled.json["start"], &retitled.json["sequence"]), (&second.json["start"], &json!(0)));
    }

    async fn another_zone_keeps_the_wall_clock_and_moves_the_instants(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let placed = admin.post("sessions", opening()).await.expect(201);
        let unplaced = admin.post("sessions", with(opening(), "placement", Value::Null)).await.expect(201);
        let before = admin.get("events/meeting").await.expect(200);
        server.advance(SignedDuration::from_mins(5));
        let feed = format!("event:{}", before.id());
        let revision = revision_of(&server, &feed).await;
        let after = admin.if_match(&before).patch("events/meeting", json!({"time_zone": "Europe/Warsaw"})).await.expect(200);
        let moved = admin.get(&format!("sessions/{}", placed.id())).await.expect(200);
        assert_eq!(moved.json["start"], json!({"local": "2019-10-07T09:00:00", "time_zone": "Europe/Warsaw", "utc": "2019-10-07T07:00:00Z"}));
        assert_eq!((&moved.json["sequence"], &moved.json["version"]), (&json!(1), &json!(2)));
        has_line(&entry(&server, &placed.id()).await, "DTSTART:20191007T070000Z");
        has_line(&entry(&server, &placed.id()).await, "SEQUENCE:1");
        assert!(revision_of(&server, &feed).await > revision);
        let still = admin.get(&format!("sessions/{}", unplaced.id())).await.expect(200);
        assert_eq!((&still.json["sequence"], &still.json["version"]), (&json!(0), &json!(1)));
        admin.if_match(&after).patch("events/meeting", json!({"description": {"en": "Two tracks"}})).await.expect(200);
        assert_eq!(admin.get(&format!("sessions/{}", placed.id())).await.expect(200).json["version"], 2);
    }

    async fn an_event_does_not_move_to_a_zone_that_skips_one_of_its_sessions(server) {
        let admin = server.admin().await;
        let made = admin.post("events", event("Asia/Seoul", "2025-03-30")).await.expect(201);
        let night = with(opening(), "placement", json!({"start": "2025-03-30T02:30:00", "end": "2025-03-30T04:00:00"}));
        admin.post("sessions", night).await.expect(201);
        let refused = admin.if_match(&made).patch("events/meeting", json!({"time_zone": "Europe/Warsaw"})).await.expect(422);
        assert_eq!(refused.json["errors"][0]["pointer"], "/time_zone");
        assert!(refused.text.contains("Session 1:"), "{}", refused.text);
        assert_eq!(admin.get("events/meeting").await.expect(200).json["time_zone"], "Asia/Seoul");
        let without = admin.if_match(&made).patch("events/meeting", json!({"tracks": []})).await.expect(422);
        assert_eq!(without.codes(), ["track_in_use"]);
    }

    async fn the_sequence_rises_with_time_place_and_status_only(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let hall = json!({"code": "hall", "name": {"en": "Grand Hall"}, "venue": {"en": "Centre"}, "public_label": {"en": "Room 7"}});
        let hall = admin.post("rooms", hall).await.expect(201);
        let made = admin.post("sessions", opening()).await.expect(201);
        let path = format!("sessions/{}", made.id());
        let patch = async |body: Value| {
            server.advance(SignedDuration::from_mins(1));
            let current = admin.get(&path).await.expect(200);
            let changed = admin.if_match(&current).patch(&path, body).await.expect(200);
            let vevent = entry(&server, &made.id()).await;
            has_line(&vevent, &format!("SEQUENCE:{}", changed.json["sequence"]));
            (changed.json["sequence"].as_i64().unwrap(), vevent.lines().find(|line| line.starts_with("LAST-MODIFIED")).unwrap().to_owned())
        };
        assert_eq!(patch(json!({"title": {"en": "Welcome"}})).await, (0, "LAST-MODIFIED:20260302T080100Z".into()));
        assert_eq!(patch(json!({"placement": {"start": "2019-10-07T09:15:00"}})).await.0, 1);
        assert_eq!(patch(json!({"placement": {"start": "2019-10-07T09:15:00"}})).await.0, 1);
        assert_eq!(patch(json!({"room_id": "hall"})).await.0, 2);
        has_line(&entry(&server, &made.id()).await, "LOCATION:Room 7\\, Centre\\, Seoul");
        let capacity = admin.if_match(&hall).patch("rooms/hall", json!({"capacity": 9})).await.expect(200);
        assert_eq!(admin.get(&path).await.expect(200).json["sequence"], 2);
        admin.if_match(&capacity).patch("rooms/hall", json!({"public_label": {"en": "Room 8"}})).await.expect(200);
        let relabelled = admin.get(&path).await.expect(200);
        assert_eq!((&relabelled.json["sequence"], &relabelled.json["location"]), (&json!(3), &json!("Room 8, Centre, Seoul")));
        admin.post("events/meeting/transitions", json!({"to": "announced"})).await.expect(200);
        assert_eq!(admin.get(&path).await.expect(200).json["sequence"], 3);
        admin.post(&format!("{path}/transitions"), json!({"to": "scheduled"})).await.expect(200);
        has_line(&entry(&server, &made.id()).await, "STATUS:CONFIRMED");
        admin.post("events/meeting/transitions", json!({"to": "cancelled"})).await.expect(200);
        let off = entry(&server, &made.id()).await;
        for line in ["STATUS:CANCELLED", "SEQUENCE:5", "SUMMARY:Cancelled: Welcome"] {
            has_line(&off, line);
        }
    }

    async fn a_session_goes_from_draft_to_held_and_is_called_off_with_a_reason(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let made = admin.post("sessions", with(opening(), "placement", Value::Null)).await.expect(201);
        let (path, step) = (format!("sessions/{}", made.id()), format!("sessions/{}/transitions", made.id()));
        assert_eq!(admin.post(&step, json!({"to": "scheduled"})).await.expect(409).json["type"], "/problems/not-placed");
        admin.if_match(&made).patch(&path, json!({"placement": opening()["placement"]})).await.expect(200);
        admin.post(&step, json!({"to": "scheduled"})).await.expect(200);
        assert_eq!(admin.post(&step, json!({"to": "cancelled"})).await.expect(422).codes(), ["required"]);
        let off = admin.post(&step, json!({"to": "cancelled", "reason": "Storm"})).await.expect(200);
        assert_eq!((&off.json["state"], &off.json["cancel_reason"]), (&json!("cancelled"), &json!("Storm")));
        has_line(&entry(&server, &made.id()).await, "STATUS:CANCELLED");
        let back = admin.post(&step, json!({"to": "draft"})).await.expect(200);
        assert_eq!((&back.json["uid"], back.json.get("cancel_reason")), (&made.json["uid"], None));
        assert!(back.json["sequence"].as_i64() > off.json["sequence"].as_i64());
        admin.post(&step, json!({"to": "scheduled"})).await.expect(200);
        let held = admin.post(&step, json!({"to": "held"})).await.expect(200);
        admin.post(&step, json!({"to": "cancelled", "reason": "Late"})).await.expect(409);
        assert_eq!(admin.if_match(&held).patch(&path, json!({"placement": null})).await.expect(422).codes(), ["session_was_held"]);
        server.role(Role::Auditor).await.post(&step, json!({"to": "draft"})).await.expect(403);
        server.anonymous().post(&step, json!({"to": "draft"})).await.expect(401);
    }

    async fn null_takes_a_session_off_the_programme(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let made = admin.post("sessions", opening()).await.expect(201);
        admin.post(&format!("sessions/{}/transitions", made.id()), json!({"to": "scheduled"})).await.expect(200);
        let path = format!("sessions/{}", made.id());
        let placed = admin.get(&path).await.expect(200);
        let cleared = admin.if_match(&placed).patch(&path, json!({"placement": null})).await.expect(200);
        for member in ["placement", "start", "end"] {
            assert_eq!(cleared.json.get(member), None, "{member}");
        }
        assert_eq!(cleared.json["state"], "draft");
        assert_eq!(session_row(&server, &made.id()).await.vevent, None);
    }

    async fn what_an_answer_says_can_be_sent_back_unchanged(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let made = admin.post("sessions", opening()).await.expect(201);
        let mut body = made.json.clone();
        for computed in ["id", "version", "created_at", "changed_at", "number", "state", "announced", "sequence", "uid", "start", "end", "location"] {
            body.as_object_mut().unwrap().remove(computed).unwrap();
        }
        let again = admin.if_match(&made).put(&format!("sessions/{}", made.id()), body).await.expect(200);
        for member in ["start", "end", "sequence", "title", "track", "event_id", "visibility"] {
            assert_eq!(again.json[member], made.json[member], "{member}");
        }
    }

    async fn faults_are_named_and_a_session_stays_in_its_event(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let bad = with(with(with(opening(), "track", json!("none")), "title", json!({})), "placement", json!({"start": "2019-10-01T09:00:00", "end": "2019-10-01T10:00:00"}));
        assert_eq!(admin.post("sessions", bad).await.expect(422).codes(), ["required", "unknown_track", "outside_event"]);
        assert_eq!(admin.post("sessions", with(opening(), "event_id", json!("nowhere"))).await.expect(422).codes(), ["unknown_event"]);
        assert_eq!(admin.post("sessions", with(opening(), "room_id", json!("nowhere"))).await.expect(422).codes(), ["unknown_room"]);
        assert_eq!(admin.post("sessions", with(opening(), "group_id", json!("nobody"))).await.expect(422).codes(), ["unknown_group"]);
        admin.post("events", with(event("Asia/Seoul", "2019-10-07"), "code", json!("other"))).await.expect(201);
        let made = admin.post("sessions", opening()).await.expect(201);
        let path = format!("sessions/{}", made.id());
        assert_eq!(admin.if_match(&made).patch(&path, json!({"event_id": "other"})).await.expect(422).codes(), ["event_is_fixed"]);
        admin.if_match(&made).patch(&path, json!({"event_id": "MEETING"})).await.expect(200);
        let stale = admin.if_match(&made).patch(&path, json!({"kind": "press"})).await.expect(412);
        assert_eq!(stale.json["current"]["number"], 1);
    }

    async fn everybody_sees_the_sessions_of_their_level_and_nothing_more(server) {
        let admin = server.admin().await;
        let state = async |code: &str| {
            let body = json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": code}}});
            admin.post("organisations", body).await.expect(201).id()
        };
        let (present, absent) = (state("XA").await, state("XB").await);
        let meeting = admin.post("events", event("Asia/Seoul", "2019-10-07")).await.expect(201);
        let mut made = vec![];
        for level in ["public", "participants", "secretariat"] {
            made.push(admin.announce(with(opening(), "visibility", json!(level))).await);
        }
        delegation_insert(&server, &meeting.id(), &present).await;
        admin.post("events", with(event("Asia/Seoul", "2019-10-07"), "code", json!("other"))).await.expect(201);
        let limited = server.key(NewKey { role: Role::Secretariat, event_ids: vec!["other".into()], ..NewKey::default() }).await;
        for (client, seen) in [
            (server.anonymous(), vec![1]),
            (server.delegate_of(&absent).await, vec![1]),
            (server.delegate_of(&present).await, vec![1, 2]),
            (limited, vec![1]),
            (server.role(Role::Auditor).await, vec![1, 2, 3]),
        ] {
            assert_eq!(numbers(&client.get("sessions").await.expect(200).json), seen);
            for session in &made {
                let visible = seen.contains(&session.json["number"].as_i64().unwrap());
                client.get(&format!("sessions/{}", session.id())).await.expect(if visible { 200 } else { 404 });
            }
        }
        let missing = server.anonymous().get("sessions/0199c0de-0000-7000-8000-000000000000").await.expect(404);
        let hidden = server.anonymous().get(&format!("sessions/{}", made[2].id())).await.expect(404);
        assert_eq!((&hidden.json["type"], &hidden.json["detail"]), (&missing.json["type"], &missing.json["detail"]));
    }

    async fn what_nobody_was_told_of_is_seen_by_its_planners_only(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let told = async || {
            let changes = server.anonymous().get("changes?type=session").await.expect(200).json["items"].clone();
            changes.as_array().unwrap().iter().map(|change| change["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let made = admin.post("sessions", opening()).await.expect(201);
        assert_eq!((&made.json["announced"], &made.json["visibility"]), (&json!(false), &json!("public")));
        let (path, step) = (format!("sessions/{}", made.id()), format!("sessions/{}/transitions", made.id()));
        server.anonymous().get(&path).await.expect(404);
        server.role(Role::Auditor).await.get(&path).await.expect(200);
        assert!(told().await.is_empty());
        // Called off before anybody knew: nobody has to be told of that either.
        admin.post(&step, json!({"to": "cancelled", "reason": "No room"})).await.expect(200);
        server.anonymous().get(&path).await.expect(404);
        admin.post(&step, json!({"to": "draft"})).await.expect(200);
        admin.post(&step, json!({"to": "scheduled"})).await.expect(200);
        assert_eq!(server.anonymous().get(&path).await.expect(200).json["announced"], true);
        assert_eq!(told().await, ["session.announced"]);
        // What people know of stays known, also while it is planned anew.
        admin.post(&step, json!({"to": "draft"})).await.expect(200);
        assert_eq!(server.anonymous().get(&path).await.expect(200).json["state"], "draft");
    }

    async fn a_session_is_never_seen_by_more_than_its_event(server) {
        let admin = server.admin().await;
        let meeting = admin.post("events", event("Asia/Seoul", "2019-10-07")).await.expect(201);
        let made = admin.announce(opening()).await;
        admin.if_match(&meeting).patch("events/meeting", json!({"visibility": "participants"})).await.expect(200);
        let path = format!("sessions/{}", made.id());
        let narrowed = admin.get(&path).await.expect(200);
        assert_eq!(narrowed.json["visibility"], "participants");
        server.anonymous().get(&path).await.expect(404);
        assert_eq!(admin.if_match(&narrowed).patch(&path, json!({"visibility": "public"})).await.expect(422).codes(), ["wider_than_event"]);
    }

    async fn a_secretariat_limited_to_an_event_plans_only_that_one(server) {
        let admin = server.admin().await;
        let meeting = admin.post("events", event("Asia/Seoul", "2019-10-07")).await.expect(201);
        admin.post("events", with(event("Asia/Seoul", "2019-10-07"), "code", json!("other"))).await.expect(201);
        let event_ids = vec![meeting.id().into()];
        let staff = server.key(NewKey { role: Role::Secretariat, event_ids, ..NewKey::default() }).await;
        let made = staff.post("sessions", opening()).await.expect(201);
        staff.post("sessions", with(opening(), "event_id", json!("other"))).await.expect(403);
        let other = admin.announce(with(opening(), "event_id", json!("other"))).await;
        staff.if_match(&other).delete(&format!("sessions/{}", other.id())).await.expect(403);
        staff.if_match(&made).delete(&format!("sessions/{}", made.id())).await.expect(204);
        staff.post("events", with(event("Asia/Seoul", "2019-10-07"), "code", json!("third"))).await.expect(403);
        server.anonymous().post("sessions", opening()).await.expect(401);
    }

    async fn sessions_entered_at_once_get_different_numbers(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let made = futures_util::future::join_all((0..8).map(|_| admin.post("sessions", opening()))).await;
        let given: BTreeSet<_> = made.into_iter().map(|answer| answer.expect(201).json["number"].as_i64().unwrap()).collect();
        assert_eq!(given, (1..=8).collect());
    }

    async fn a_deleted_session_leaves_a_tombstone_and_its_number(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let made = admin.announce(opening()).await;
        let path = format!("sessions/{}", made.id());
        admin.delete(&path).await.expect(428);
        admin.if_match(&made).delete(&path).await.expect(204);
        server.anonymous().get(&path).await.expect(410);
        assert_eq!(admin.get("sessions").await.expect(200).json["items"], json!([]));
        assert_eq!(session_row(&server, &made.id()).await.vevent, None);
        let next = admin.post("sessions", opening()).await.expect(201);
        assert_eq!(next.json["number"], 2);
        let event = admin.get("events/meeting").await.expect(200);
        assert_eq!(admin.if_match(&event).delete("events/meeting").await.expect(409).json["type"], "/problems/event-in-use");
        let kinds = admin.get("changes?type=session").await.expect(200);
        let kinds: Vec<_> = kinds.json["items"].as_array().unwrap().iter().map(|change| (change["type"].as_str().unwrap(), change["deleted"].as_bool().unwrap())).collect();
        assert_eq!(kinds, [("session.created", false), ("session.announced", false), ("session.deleted", true), ("session.created", false)]);
    }

    async fn the_change_feed_says_what_happened_to_a_session(server) {
        let admin = server.admin().await;
        let meeting = admin.post("events", event("Asia/Seoul", "2019-10-07")).await.expect(201);
        let made = admin.post("sessions", opening()).await.expect(201);
        let (path, step) = (format!("sessions/{}", made.id()), format!("sessions/{}/transitions", made.id()));
        let moved = admin.if_match(&made).patch(&path, json!({"placement": {"end": "2019-10-07T11:00:00"}})).await.expect(200);
        admin.if_match(&moved).patch(&path, json!({"kind": "ceremony"})).await.expect(200);
        admin.post(&step, json!({"to": "cancelled", "reason": "Storm"})).await.expect(200);
        let changes = admin.get("changes?type=session").await.expect(200);
        let told: Vec<_> = changes.json["items"].as_array().unwrap().iter().map(|change| change["type"].as_str().unwrap()).collect();
        assert_eq!(told, ["session.created", "session.moved", "session.updated", "session.cancelled"]);
        assert_eq!(changes.json["items"][1]["event_id"], meeting.json["id"]);
    }

    async fn sessions_are_listed_by_start_and_filtered(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        admin.post("rooms", json!({"code": "hall", "name": {"en": "Hall"}, "venue": {"en": "Centre"}})).await.expect(201);
        let at = |start: &str, end: &str| with(opening(), "placement", json!({"start": start, "end": end}));
        admin.post("sessions", with(with(opening(), "placement", Value::Null), "track", Value::Null)).await.expect(201);
        admin.announce(at("2019-10-07T14:00:00", "2019-10-07T15:00:00")).await;
        admin.announce(with(at("2019-10-07T09:00:00", "2019-10-07T10:00:00"), "room_id", json!("hall"))).await;
        admin.post("events", with(event("Europe/Warsaw", "2019-10-07"), "code", json!("other"))).await.expect(201);
        admin.announce(with(with(at("2019-10-07T09:00:00", "2019-10-07T10:00:00"), "event_id", json!("other")), "title", json!({"pl": "Żegnamy"}))).await;
        for (query, found) in [
            ("", vec![3, 2, 1, 1]),
            ("?event=meeting", vec![3, 2, 1]),
            ("?event=nowhere", vec![]),
            ("?room=hall", vec![3]),
            ("?event=meeting&track=policy", vec![3, 2]),
            ("?q=zegnamy", vec![1]),
            ("?state=held", vec![]),
            ("?group=nobody", vec![]),
            // Instants: the Seoul morning is over when Warsaw begins; on the wall both begin at nine.
            ("?from=2019-10-07T07:00:00Z", vec![1]),
            ("?to=2019-10-07T05:00:00Z", vec![3]),
            ("?from=2019-10-07T09:30:00&to=2019-10-07T10:00:00", vec![3, 1]),
            ("?from=2019-10-08", vec![]),
        ] {
            assert_eq!(numbers(&admin.get(&format!("sessions{query}")).await.expect(200).json), found, "{query}");
        }
        server.anonymous().get("sessions?from=tomorrow..").await.expect(400);
        let first = admin.get("sessions?limit=2").await.expect(200);
        let next = first.json["next_cursor"].as_str().unwrap();
        assert_eq!(numbers(&admin.get(&format!("sessions?limit=2&cursor={next}")).await.expect(200).json), [1, 1]);
    }

    async fn a_groups_list_has_its_own_sittings_and_those_of_its_events(server) {
        let admin = server.admin().await;
        let group = async |code: &str| {
            let body = json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": "public", "languages": ["en"]});
            admin.post("groups", body).await.expect(201).id()
        };
        let (parent, legal) = (group("cyber").await, group("legal").await);
        admin.post("events", with(event("Asia/Seoul", "2019-10-07"), "group_id", json!("cyber"))).await.expect(201);
        let own = admin.post("sessions", with(opening(), "group_id", json!("LEGAL"))).await.expect(201);
        admin.post("sessions", opening()).await.expect(201);
        assert_eq!(own.json["group_id"], legal);
        assert_eq!(numbers(&admin.get("sessions?group=legal").await.expect(200).json), [1]);
        assert_eq!(numbers(&admin.get(&format!("sessions?group={parent}")).await.expect(200).json), [1, 2]);
        assert_eq!(admin.get("events?group=cyber").await.expect(200).json["items"].as_array().unwrap().len(), 1);
        let before = (revision_of(&server, &format!("group:{parent}")).await, revision_of(&server, &format!("group:{legal}")).await);
        admin.if_match(&own).patch(&format!("sessions/{}", own.id()), json!({"group_id": null})).await.expect(200);
        let after = (revision_of(&server, &format!("group:{parent}")).await, revision_of(&server, &format!("group:{legal}")).await);
        assert!(after.0 > before.0 && after.1 > before.1);
    }

    async fn a_page_costs_the_same_statements_however_long_it_is(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        for n in 0..3 {
            admin.post("rooms", json!({"code": format!("hall-{n}"), "name": {"en": "Hall"}, "venue": {"en": "Centre"}})).await.expect(201);
            admin.post("events", with(event("Asia/Seoul", "2019-10-07"), "code", json!(format!("event-{n}")))).await.expect(201);
            admin.announce(with(with(opening(), "event_id", json!(format!("event-{n}"))), "room_id", json!(format!("hall-{n}")))).await;
        }
        let cost = async |path: &str| {
            server.statements();
            server.anonymous().get(path).await.expect(200);
            server.statements()
        };
        assert_eq!(cost("sessions?limit=1").await, cost("sessions?limit=3").await);
        assert_eq!(cost("sessions").await, 4);
        assert_eq!(cost("events?limit=1").await, cost("events?limit=3").await);
    }

    async fn a_partner_synchronises_sessions(server) {
        let admin = server.admin().await;
        seoul(&admin).await;
        let made = admin.put("sessions/by-external/planner/12", opening()).await.expect(201);
        let again = admin.put("sessions/by-external/planner/12", opening()).await.expect(200);
        assert_eq!((again.id(), &again.json["number"], &again.json["sequence"]), (made.id(), &json!(1), &json!(0)));
    }
}

/// Delegations have their own tests; here it only matters that there is one.
async fn delegation_insert(server: &Server, event: &str, organisation: &str) {
    let at = "2026-03-01T00:00:00Z".parse().unwrap();
    let row = delegation::ActiveModel {
        id: Set(server.app.entropy.uuid(server.app.clock.now()).unwrap()),
        version: Set(1),
        created_at: Set(at),
        changed_at: Set(at),
        deleted_at: Set(None),
        event_id: Set(Uuid::parse_str(event).unwrap()),
        organisation_id: Set(Uuid::parse_str(organisation).unwrap()),
        category: Set("member".into()),
        state: Set("confirmed".into()),
        invitation_reference: Set(None),
        invitation_email: Set(None),
        reply_due: Set(None),
        quota_in_person: Set(None),
        quota_online: Set(None),
        quota_overflow: Set(None),
        late_reason: Set(None),
    };
    let permit = Actor::console().permit(Resource::Delegations, Target::default()).unwrap();
    let tx = Ctx::internal(&server.app, "console").write(permit).await.unwrap();
    delegation::Entity::insert(row).exec_without_returning(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
}
