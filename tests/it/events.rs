//! Events and rooms through the API.

use domain::access::Role;
use serde_json::{Value, json};

use crate::on_both;

fn seoul() -> Value {
    json!({
        "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting on cybersecurity", "pl": "Spotkanie"},
        "city": {"name": {"en": "Seoul", "pl": "Seul"}, "forms": {"pl": {"locative": "Seulu"}}},
        "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en", "pl"],
        "tracks": [{"code": "policy", "title": {"en": "Policy"}}], "visibility": "public",
    })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

fn codes_of(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect()
}

on_both! {
    async fn an_event_is_found_by_its_code_and_leaves_a_tombstone(server) {
        let admin = server.admin().await;
        let made = admin.post("events", seoul()).await.expect(201);
        assert_eq!((&made.json["state"], &made.json["starts_on"]), (&json!("idea"), &json!("2019-10-07")));
        let read = server.anonymous().get("events/SEOUL-2019").await.expect(200);
        assert_eq!(read.json, made.json);
        assert_eq!(read.json["city"]["forms"]["pl"]["locative"], "Seulu");
        let changed = admin.if_match(&read).patch("events/seoul-2019", json!({"description": {"en": "Two days"}})).await.expect(200);
        assert_eq!((changed.json["version"].as_i64(), &changed.json["tracks"]), (Some(2), &read.json["tracks"]));
        let cleared = admin.if_match(&changed).patch("events/seoul-2019", json!({"description": null})).await.expect(200);
        assert_eq!(cleared.json.get("description"), None);
        admin.if_match(&cleared).delete("events/seoul-2019").await.expect(204);
        server.anonymous().get(&format!("events/{}", made.id())).await.expect(410);
        admin.get("events/seoul-2019").await.expect(404);
        admin.post("events", seoul()).await.expect(201);
    }

    async fn a_hidden_event_and_a_missing_one_get_the_same_answer(server) {
        let admin = server.admin().await;
        let hidden = admin.post("events", with(seoul(), "visibility", json!("secretariat"))).await.expect(201);
        let anonymous = server.anonymous();
        let missing = anonymous.get("events/0199c0de-0000-7000-8000-000000000000").await.expect(404);
        for path in [format!("events/{}", hidden.id()), "events/seoul-2019".to_owned()] {
            let answer = anonymous.get(&path).await.expect(404);
            assert_eq!((&answer.json["type"], &answer.json["detail"]), (&missing.json["type"], &missing.json["detail"]));
        }
        assert_eq!(anonymous.get("events").await.expect(200).json["items"], json!([]));
        admin.if_match(&hidden).delete("events/seoul-2019").await.expect(204);
        anonymous.get(&format!("events/{}", hidden.id())).await.expect(404);
        server.role(Role::Auditor).await.get(&format!("events/{}", hidden.id())).await.expect(410);
    }

    async fn an_event_moves_only_by_the_steps_there_are(server) {
        let admin = server.admin().await;
        admin.post("events", seoul()).await.expect(201);
        let path = "events/seoul-2019/transitions";
        assert_eq!(admin.post(path, json!({"to": "running"})).await.expect(409).json["type"], "/problems/wrong-state");
        for state in ["tentative", "announced", "running", "cancelled", "tentative", "announced", "closed"] {
            assert_eq!(admin.post(path, json!({"to": state})).await.expect(200).json["state"], state);
        }
        admin.post(path, json!({"to": "cancelled"})).await.expect(409);
        admin.post(path, json!({"to": "postponed"})).await.expect(400);
        server.anonymous().post(path, json!({"to": "running"})).await.expect(401);
        server.role(Role::Auditor).await.post(path, json!({"to": "running"})).await.expect(403);
    }

    async fn events_are_listed_by_day_and_filtered(server) {
        let admin = server.admin().await;
        admin.post("events", seoul()).await.expect(201);
        let hanoi = json!({
            "code": "hanoi-2025", "kind": "visit", "title": {"en": "Visit"}, "city": {"name": {"vi": "Hà Nội"}},
            "time_zone": "Asia/Ho_Chi_Minh", "starts_on": "2025-10-24", "ends_on": "2025-10-26", "languages": ["en"],
            "visibility": "public",
        });
        admin.post("events", hanoi).await.expect(201);
        let anonymous = server.anonymous();
        for (query, found) in [
            ("", vec!["seoul-2019", "hanoi-2025"]),
            ("?q=ha+noi", vec!["hanoi-2025"]),
            ("?kind=group_meeting", vec!["seoul-2019"]),
            ("?state=announced", vec![]),
            ("?from=2019-10-08&to=2019-10-08", vec!["seoul-2019"]),
            ("?from=2019-10-09", vec!["hanoi-2025"]),
            ("?to=2019-10-06", vec![]),
            ("?group=nobody", vec![]),
        ] {
            assert_eq!(codes_of(&anonymous.get(&format!("events{query}")).await.expect(200).json), found, "{query}");
        }
        anonymous.get("events?kind=party").await.expect(400);
        anonymous.get("events?from=2019-02-30").await.expect(400);
    }

    async fn references_and_days_are_checked(server) {
        let admin = server.admin().await;
        let body = with(with(seoul(), "host_id", json!("KR")), "country_id", json!("KR"));
        assert_eq!(admin.post("events", body.clone()).await.expect(422).codes(), ["unknown_organisation"]);
        admin.post("organisations", json!({"code": "KR", "kind": "state", "alpha2": "KR", "names": {"en": {"list": "Republic of Korea"}}})).await.expect(201);
        let made = admin.post("events", body).await.expect(201);
        assert_eq!(made.json["host_id"], made.json["country_id"]);
        assert_eq!(admin.post("events", with(seoul(), "group_id", json!("nobody"))).await.expect(422).codes(), ["unknown_group"]);
        let bad = with(with(seoul(), "time_zone", json!("Seoul")), "ends_on", json!("2019-10-06"));
        assert_eq!(admin.post("events", bad).await.expect(422).codes(), ["unknown_time_zone", "ends_before_start"]);
        assert_eq!(admin.post("events", seoul()).await.expect(409).json["type"], "/problems/code-taken");
    }

    async fn a_partner_synchronises_events_and_rooms(server) {
        let admin = server.admin().await;
        let made = admin.put("events/by-external/accreditation/7", seoul()).await.expect(201);
        let again = admin.put("events/by-external/accreditation/7", seoul()).await.expect(200);
        assert_eq!((again.id(), again.json["version"].as_i64()), (made.id(), Some(2)));
        let room = json!({"code": "hall", "name": {"en": "Hall"}, "venue": {"en": "Centre"}});
        let made = admin.put("rooms/by-external/accreditation/7", room.clone()).await.expect(201);
        assert_eq!(admin.put("rooms/by-external/accreditation/7", room).await.expect(200).id(), made.id());
    }

    async fn rooms_are_for_those_with_a_key(server) {
        let admin = server.admin().await;
        let hall = json!({"code": "hall", "name": {"en": "Grand Hall"}, "venue": {"en": "Centre"}, "capacity": 400, "features": ["booths"]});
        let made = admin.post("rooms", hall).await.expect(201);
        server.anonymous().get("rooms").await.expect(401);
        let auditor = server.role(Role::Auditor).await;
        assert_eq!(auditor.get("rooms/HALL").await.expect(200).json, made.json);
        assert_eq!(codes_of(&auditor.get("rooms?q=grand").await.expect(200).json), ["hall"]);
        auditor.if_match(&made).delete("rooms/hall").await.expect(403);
        let changed = admin.if_match(&made).patch("rooms/hall", json!({"capacity": null})).await.expect(200);
        assert_eq!(changed.json.get("capacity"), None);
        admin.if_match(&made).delete("rooms/hall").await.expect(412);
        admin.if_match(&changed).delete("rooms/hall").await.expect(204);
        auditor.get(&format!("rooms/{}", made.id())).await.expect(410);
    }

    async fn a_room_says_how_it_is_set_when_it_is_open_and_whose_it_is(server) {
        let admin = server.admin().await;
        admin.post("groups", json!({"code": "hosts", "kind": "committee", "name": {"en": "Hosts"}, "visibility": "signed_in"})).await.expect(201);
        let hall = json!({
            "code": "hall", "name": {"en": "Grand Hall"}, "venue": {"en": "Centre"}, "capacity": 120, "zone": "north_wing", "floor": 2,
            "layouts": [{"layout": "theatre", "capacity": 120}, {"layout": "u_shape", "capacity": 40}],
            "time_zone": "asia/seoul", "opening_hours": [{"day": "monday", "opens": "08:00", "closes": "18:30"}],
            "needs_approval": true, "shared": true, "owner_group_id": "hosts",
        });
        let made = admin.post("rooms", hall.clone()).await.expect(201);
        assert_eq!((&made.json["time_zone"], &made.json["opening_hours"]), (&json!("Asia/Seoul"), &hall["opening_hours"]));
        let hosts = admin.get("groups/hosts").await.expect(200).id();
        assert_eq!(made.json["owner_group_id"], hosts);
        for member in ["layouts", "zone", "floor", "needs_approval", "shared"] {
            assert_eq!(made.json[member], hall[member], "{member}");
        }
        assert_eq!(server.role(Role::Auditor).await.get("rooms/hall").await.expect(200).json, made.json);
        let over = admin.if_match(&made).patch("rooms/hall", json!({"capacity": 100})).await.expect(422);
        assert_eq!(over.json["errors"][0]["pointer"], "/layouts/0/capacity");
        let nobody = admin.if_match(&made).patch("rooms/hall", json!({"owner_group_id": "nobody"})).await.expect(422);
        assert_eq!(nobody.json["errors"][0]["pointer"], "/owner_group_id");
        let plain = json!({"code": "hall", "name": {"en": "Grand Hall"}, "venue": {"en": "Centre"}});
        let plain = admin.if_match(&made).put("rooms/hall", plain).await.expect(200);
        for member in ["layouts", "zone", "opening_hours", "needs_approval", "shared", "owner_group_id"] {
            assert_eq!(plain.json.get(member), None, "{member}");
        }
    }

    async fn a_session_says_what_it_needs_of_its_room(server) {
        let admin = server.admin().await;
        admin.post("events", seoul()).await.expect(201);
        let needs = json!({
            "expected_in_room": 40, "expected_online": 5, "layout": "u_shape", "features": ["booths"], "openness": "closed",
            "interpretation": {"from": ["en"], "into": ["en", "fr"]},
        });
        let session = json!({"event_id": "seoul-2019", "kind": "plenary", "title": {"en": "Opening"}, "requirements": needs});
        let made = admin.post("sessions", session).await.expect(201);
        assert_eq!(made.json["requirements"], needs);
        let path = format!("sessions/{}", made.id());
        let fewer = admin.if_match(&made).patch(&path, json!({"requirements": {"expected_in_room": 30, "interpretation": null}})).await.expect(200);
        assert_eq!(fewer.json["requirements"], json!({"expected_in_room": 30, "expected_online": 5, "layout": "u_shape", "features": ["booths"], "openness": "closed"}));
        assert_eq!((&fewer.json["sequence"], &admin.get(&path).await.expect(200).json["requirements"]), (&json!(0), &fewer.json["requirements"]));
        let odd = admin.if_match(&fewer).patch(&path, json!({"requirements": {"features": ["Booths!"]}})).await.expect(422);
        assert_eq!(odd.json["errors"][0]["pointer"], "/requirements/features/0");
    }
}
