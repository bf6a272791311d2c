//! Who came to the sessions of a group.

use serde_json::json;

use super::*;
use crate::on_both;

/// A session of the group with a placement on this day, and what is recorded of whom.
async fn session(admin: &Client, title: &str, day: &str, said: &[(&str, &str)]) {
    let session = json!({
        "event_id": "seoul-2019", "kind": "plenary", "title": {"en": title}, "group_id": "cyber",
        "visibility": "participants",
        "placement": {"start": format!("{day}T09:00:00"), "end": format!("{day}T10:00:00")},
    });
    let id = admin.announce(session).await.id();
    for (code, status) in said {
        admin.put(&format!("sessions/{id}/attendance/{code}"), json!({"status": status})).await.expect(200);
    }
}

fn counts(answer: &Answer) -> Vec<(String, [u64; 6])> {
    let sessions = answer.json["items"].as_array().unwrap().iter();
    let of = |session: &Value| {
        let number = |name: &str| session["counts"][name].as_u64().unwrap();
        let numbers = ["present", "online", "excused", "absent", "unknown", "delegations"].map(number);
        (session["title"]["en"].as_str().unwrap().to_owned(), numbers)
    };
    sessions.map(of).collect()
}

on_both! {
    async fn a_group_sees_how_many_came_to_which_session_and_an_organisation_when_it_came(server) {
        let seoul = Seoul::new(&server).await;
        let admin = &seoul.admin;
        admin.post("groups", json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "public"})).await.expect(201);
        for code in ["PL", "CZ", "KR"] {
            seoul.confirmed(code, code).await;
        }
        // Made in another order than they are held in.
        session(admin, "Second", "2019-10-08", &[("PL", "absent"), ("CZ", "excused")]).await;
        session(admin, "First", "2019-10-07", &[("PL", "present"), ("CZ", "present"), ("KR", "online")]).await;
        let other = json!({"event_id": "seoul-2019", "kind": "plenary", "title": {"en": "Of nobody"}, "visibility": "participants"});
        admin.post("sessions", other).await.expect(201);
        let list = "groups/cyber/attendance";
        let of = |first, second| vec![("First".to_owned(), first), ("Second".to_owned(), second)];
        let all = admin.get(list).await.expect(200);
        assert_eq!(counts(&all), of([2, 1, 0, 0, 0, 3], [0, 0, 1, 1, 1, 3]));
        assert_eq!(all.json["items"][0]["start"]["local"], "2019-10-07T09:00:00");
        let korea = admin.get(&format!("{list}?organisation=KR")).await.expect(200);
        assert_eq!(counts(&korea), of([0, 1, 0, 0, 0, 1], [0, 0, 0, 0, 1, 1]));
        let day = admin.get(&format!("{list}?from=2019-10-08")).await.expect(200);
        assert_eq!(counts(&day), of([0; 6], [0, 0, 1, 1, 1, 3])[1..]);
        let nobody = admin.get(&format!("{list}?organisation=XX")).await.expect(200);
        assert_eq!(counts(&nobody), of([0; 6], [0; 6]));
        // Each delegation learns of itself only.
        let poland = seoul.delegate(&server, "PL").await.get(list).await.expect(200);
        assert_eq!(counts(&poland), of([1, 0, 0, 0, 0, 1], [0, 0, 0, 1, 0, 1]));
        let spied = seoul.delegate(&server, "PL").await.get(&format!("{list}?organisation=CZ")).await.expect(200);
        assert_eq!(counts(&spied), of([0; 6], [0; 6]));
    }
}
