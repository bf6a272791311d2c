//! When delegates and delegations can come, said by hand and read from a calendar. Instants were worked out by hand.

use domain::access::{Account, Role};
use domain::moment::Moment;
use serde_json::{Value, json};

use super::Seoul;
use crate::{
    on_both,
    support::{Answer, Server},
};

fn window(kind: &str, start: &str, end: &str) -> Value {
    json!({"kind": kind, "placement": {"start": start, "end": end}, "reason": "Dentist"})
}

async fn delegate(seoul: &Seoul) -> Answer {
    seoul.invite("PL").await;
    seoul.nominate("PL", "Jadwiga", "expert").await
}

on_both! {
    async fn a_delegate_says_when_they_can_come_and_only_their_own_know_why(server) {
        let seoul = Seoul::new(&server).await;
        let made = delegate(&seoul).await;
        let (path, manager) = (format!("delegates/{}/availability", made.id()), seoul.delegate(&server, "PL").await);
        let nothing = manager.get(&path).await.expect(200);
        assert_eq!(nothing.json, json!({"windows": []}), "none means always");
        let said = json!({"windows": [window("unavailable", "2019-10-07T09:00:00", "2019-10-07T12:00:00")]});
        let changed = manager.if_match(&nothing).put(&path, said.clone()).await.expect(200);
        let placement = json!({"start": "2019-10-07T09:00:00+09:00", "end": "2019-10-07T12:00:00+09:00"});
        assert_eq!((&changed.json["windows"][0]["placement"], &changed.json["windows"][0]["source"]), (&placement, &json!("said")));
        manager.if_match(&nothing).put(&path, said).await.expect(412);
        let stranger = seoul.delegate(&server, "CZ").await;
        stranger.get(&path).await.expect(404);
        let auditor = server.role(Role::Auditor).await.get(&path).await.expect(200);
        assert_eq!(auditor.json, changed.json);
        let chair = chair(&server, &seoul).await.get(&path).await.expect(200);
        assert_eq!(chair.json["windows"], json!([{"kind": "unavailable", "placement": placement, "source": "said"}]));
        let late = json!({"windows": [window("available", "2019-10-20T09:00:00", "2019-10-20T12:00:00")]});
        let late = manager.if_match(&changed).put(&path, late).await.expect(422);
        assert_eq!(late.json["errors"][0]["pointer"], "/windows/0/placement");
        let told = seoul.admin.get("changes").await.expect(200);
        let kinds: Vec<_> = told.json["items"].as_array().unwrap().iter().map(|item| item["type"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"delegate.availability_changed"), "{kinds:?}");
        let log = seoul.admin.get("audit-entries?limit=200").await.expect(200);
        assert!(!log.text.contains("Dentist"), "why somebody cannot come is not for keeps");
    }

    async fn a_calendar_is_read_for_its_times_and_nothing_else(server) {
        let seoul = Seoul::new(&server).await;
        let made = delegate(&seoul).await;
        let (path, manager) = (format!("delegates/{}/availability", made.id()), seoul.delegate(&server, "PL").await);
        let said = json!({"windows": [window("preferred", "2019-10-08T09:00:00", "2019-10-08T12:00:00")]});
        manager.header("If-Match", "*").put(&path, said).await.expect(200);
        let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
            BEGIN:VEVENT\r\nSUMMARY:Private matter\r\nDTSTART;TZID=Europe/Warsaw:20191007T030000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nSUMMARY:Weekly\r\nDTSTART:20191008T000000Z\r\nDTEND:20191008T010000Z\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nSUMMARY:Long ago\r\nDTSTART:20180101T000000Z\r\nDTEND:20180101T010000Z\r\nEND:VEVENT\r\n\
            END:VCALENDAR\r\n";
        let import = async |text: &str| manager.post(&format!("{path}/calendar"), json!({"calendar": text})).await;
        let read = import(calendar).await.expect(200);
        let found: Vec<_> = read.json["windows"].as_array().unwrap().iter().map(|it| (it["source"].as_str().unwrap(), it["placement"]["start"].as_str().unwrap())).collect();
        // Three in the morning in Warsaw is ten in Seoul; the weekly entry counts once and touches what was said.
        assert_eq!(found, [("calendar", "2019-10-07T10:00:00+09:00"), ("calendar", "2019-10-08T09:00:00+09:00"), ("said", "2019-10-08T09:00:00+09:00")]);
        assert_eq!(read.json["not_read"], json!([8]), "the line on which the weekly entry begins");
        assert!(!server.dump().await.contains("Private matter"), "only times are kept");
        let free = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";
        assert_eq!(import(free).await.expect(200).json["windows"].as_array().unwrap().len(), 1, "what was said stays");
        assert_eq!(import("no calendar at all").await.expect(422).codes(), ["not_a_calendar"]);
    }

    async fn a_delegation_as_a_whole_says_when_it_can_come_beside_what_its_delegates_say(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.confirmed("PL", "Jadwiga").await.id();
        seoul.confirmed("CZ", "Petr").await;
        let delegate = seoul.nominate("PL", "Anna", "expert").await.id();
        let (path, manager) = (format!("delegations/{delegation}/availability"), seoul.delegate(&server, "PL").await);
        let of_delegate = format!("delegates/{delegate}/availability");
        let own = json!({"windows": [window("preferred", "2019-10-08T09:00:00", "2019-10-08T12:00:00")]});
        let own = manager.header("If-Match", "*").put(&of_delegate, own).await.expect(200);
        let nothing = manager.get(&path).await.expect(200);
        assert_eq!(nothing.json, json!({"windows": []}), "none means always");
        manager.put(&path, json!({"windows": []})).await.expect(428);
        let said = json!({"windows": [window("unavailable", "2019-10-07T00:00:00", "2019-10-08T00:00:00")]});
        let changed = manager.if_match(&nothing).put(&path, said.clone()).await.expect(200);
        let stale = manager.if_match(&nothing).put(&path, json!({"windows": []})).await.expect(412);
        assert_eq!(stale.json["current"], changed.json, "what somebody else said meanwhile");
        assert_eq!(manager.get(&of_delegate).await.expect(200).json, own.json);
        let shown = manager.get(&format!("delegations/{delegation}")).await.expect(200);
        assert_eq!(shown.header("etag"), changed.header("etag"), "the entity tag is that of the delegation");
        assert!(!shown.text.contains("Dentist"));
        // The others at the event see a delegation that is confirmed, and so when it comes; why is not theirs.
        let other = seoul.delegate(&server, "CZ").await;
        let told = other.get(&path).await.expect(200);
        let placement = json!({"start": "2019-10-07T00:00:00+09:00", "end": "2019-10-08T00:00:00+09:00"});
        assert_eq!(told.json["windows"], json!([{"kind": "unavailable", "placement": placement, "source": "said"}]));
        other.header("If-Match", "*").put(&path, json!({"windows": []})).await.expect(403);
        seoul.delegate(&server, "KR").await.get(&path).await.expect(404);
        server.anonymous().get(&path).await.expect(401);
        let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nFREEBUSY:20191008T010000Z/PT2H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n";
        let read = manager.post(&format!("{path}/calendar"), json!({"calendar": calendar})).await.expect(200);
        let found: Vec<_> = read.json["windows"].as_array().unwrap().iter().map(|it| (it["source"].as_str().unwrap(), it["placement"]["start"].as_str().unwrap())).collect();
        assert_eq!(found, [("said", "2019-10-07T00:00:00+09:00"), ("calendar", "2019-10-08T10:00:00+09:00")]);
        let log = seoul.admin.get(&format!("audit-entries?object_id={delegation}&limit=200")).await.expect(200);
        assert!(log.text.contains("delegation.availability_changed") && !log.text.contains("Dentist"), "{}", log.text);
    }
}

/// Somebody who chairs the group that meets.
async fn chair(server: &Server, seoul: &Seoul) -> crate::support::Client {
    let admin = &seoul.admin;
    let group = json!({"code": "wg", "kind": "working_group", "name": {"en": "Group"}, "visibility": "public"});
    admin.post("groups", group).await.expect(201);
    let person = admin.post("persons", json!({"display_name": "Chair"})).await.expect(201).id();
    let role = json!({"person_id": person, "function": "chair", "valid_from": "2018-01-01"});
    admin.post("groups/wg/roles", role).await.expect(201);
    let event = admin.get("events/seoul-2019").await.expect(200);
    admin.if_match(&event).patch("events/seoul-2019", json!({"group_id": "wg"})).await.expect(200);
    let account = Account::of(Role::Guest, "chair@example.org", "Chair");
    server
        .signed_in(Account { person_id: Some(person.as_str().into()), ends_at: Moment::parse("2026-04-01"), ..account })
        .await
}
