//! Minutes: drafted from what is on record, edited by several at once, circulated, corrected and adopted.

use domain::access::{Account, Role};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// A session in Seoul with a chair, a present delegation with a protected expert, and one that is excused.
struct Sitting {
    admin: Client,
    minutes: String,
    session: String,
    chair: Client,
}

async fn sitting(server: &Server) -> Sitting {
    let admin = server.admin().await;
    for (code, en, pl) in [("PL", "Poland", "Polska"), ("CZ", "Czechia", "Czechy")] {
        let names = json!({"en": {"list": en}, "pl": {"list": pl}});
        let state = json!({"code": code, "kind": "state", "alpha2": code, "names": names});
        admin.post("organisations", state).await.expect(201);
    }
    let group =
        json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "participants"});
    admin.post("groups", group).await.expect(201);
    let chair = admin.post("persons", json!({"display_name": "Berta Chair"})).await.expect(201).id();
    let role = json!({"person_id": chair, "organisation_id": "PL", "function": "chair", "valid_from": "2019-01-01"});
    admin.post("groups/cyber/roles", role).await.expect(201);
    let former = json!({"person_id": admin.post("persons", json!({"display_name": "Former Chair"})).await.expect(201).id(), "function": "chair", "valid_from": "2018-01-01", "valid_to": "2019-01-01"});
    admin.post("groups/cyber/roles", former).await.expect(201);
    let event = json!({
        "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting"}, "group_id": "cyber",
        "city": {"name": {"en": "Seoul", "pl": "Seul"}}, "time_zone": "Asia/Seoul", "starts_on": "2019-10-07",
        "ends_on": "2019-10-08", "languages": ["en"], "visibility": "participants",
    });
    admin.post("events", event).await.expect(201);
    for code in ["PL", "CZ"] {
        let delegation = json!({"organisation_id": code});
        let id = admin.post("events/seoul-2019/delegations", delegation).await.expect(201).id();
        admin.post(&format!("delegations/{id}/transitions"), json!({"to": "accepted"})).await.expect(200);
    }
    let mut people = vec![];
    for (name, function, protected) in [("Anna Kowal", "head", false), ("Secret Officer", "expert", true)] {
        let person = json!({"display_name": name, "organisation_id": "PL", "protected": protected});
        let person = admin.post("persons", person).await.expect(201).id();
        let named = json!({"delegation_id": "PL", "person_id": person, "function": function});
        people.push(admin.post("events/seoul-2019/delegates", named).await.expect(201).id());
    }
    let session = json!({
        "event_id": "seoul-2019", "kind": "plenary", "title": {"en": "Opening", "pl": "Otwarcie obrad"},
        "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:30:00"},
    });
    let session = admin.announce(session).await.id();
    let marks: Vec<Value> = people.iter().map(|id| json!({"delegate_id": id, "status": "present"})).collect();
    admin.post(&format!("sessions/{session}/attendance-marks"), json!({ "marks": marks })).await.expect(200);
    let excused = json!({"lines": [{"delegation_id": "CZ", "status": "excused"}]});
    admin.post(&format!("sessions/{session}/attendance"), excused).await.expect(200);
    let account = Account::of(Role::Guest, "chair@example.org".to_owned(), "Chair");
    let ends_at = domain::moment::Moment::parse("2026-04-01");
    let chair = server.signed_in(Account { person_id: Some(chair.as_str().into()), ends_at, ..account }).await;
    Sitting { admin, minutes: format!("sessions/{session}/minutes"), session, chair }
}

fn part<'a>(minutes: &'a Answer, part: &str) -> &'a str {
    let sections = minutes.json["sections"].as_array().unwrap();
    sections.iter().find(|section| section["part"] == part).unwrap()["text"].as_str().unwrap()
}

fn edit(base: i64, part: &str, text: &str) -> Value {
    json!({"base_revision": base, "sections": [{"part": part, "text": text}]})
}

on_both! {
    async fn a_draft_says_who_was_there_and_what_was_adopted_as_it_was_at_the_start(server) {
        let Sitting { admin, minutes, session, chair } = sitting(&server).await;
        let statement = json!({
            "code": "joint", "kind": "joint_statement", "event_id": "seoul-2019", "drafting_language": "en",
            "languages": ["en"], "title": {"en": "Joint statement"}, "visibility": "participants",
        });
        admin.post("statements", statement).await.expect(201);
        let clause = json!({"part": "operative", "text": {"en": "They agree."}});
        let clause = admin.post("statements/joint/clauses", clause).await.expect(201).id();
        for to in ["tabled", "negotiating"] {
            admin.post("statements/joint/transitions", json!({ "to": to })).await.expect(200);
        }
        admin.header("If-Match", "*").patch(&format!("clauses/{clause}"), json!({"state": "agreed"})).await.expect(200);
        admin.post("statements/joint/transitions", json!({"to": "adopted", "session_id": session})).await.expect(200);
        // A new name after the session changes nothing of what is on record.
        let renamed = json!({"names": {"en": {"list": "Czech Republic"}}});
        admin.header("If-Match", "*").patch("organisations/CZ", renamed).await.expect(200);

        let drafted = admin.post(&minutes, json!({"opened_at": "2019-10-07T09:10:00"})).await.expect(201);
        let opening = part(&drafted, "opening");
        assert!(opening.contains("Scheduled: 7 October 2019, 09:00–10:30\nOpened at 09:10\nChair: PL"), "{opening}");
        assert!(!opening.contains("Former"), "{opening}");
        let attendance = part(&drafted, "attendance");
        assert!(attendance.contains("Present (1):\nPoland: head of delegation"), "{attendance}");
        assert!(attendance.contains("; expert") && !attendance.contains("Secret"), "{attendance}");
        assert!(attendance.contains("Excused (1):\nCzechia"), "{attendance}");
        assert_eq!(part(&drafted, "decisions"), "Adopted: Joint statement\n");
        chair.post(&minutes, json!({})).await.expect(409);
    }

    async fn two_who_edit_at_once_both_keep_their_words_or_are_told(server) {
        let Sitting { admin, minutes, chair, .. } = sitting(&server).await;
        admin.post(&minutes, json!({})).await.expect(201);
        let edits = format!("{minutes}/edits");
        admin.post(&edits, edit(1, "discussion", "First.\nSecond.\nThird.\n")).await.expect(200);
        admin.post(&edits, edit(2, "discussion", "First, more.\nSecond.\nThird.\n")).await.expect(200);
        let merged = chair.post(&edits, edit(2, "discussion", "First.\nSecond.\nThird, more.\n")).await.expect(200);
        assert_eq!(part(&merged, "discussion"), "First, more.\nSecond.\nThird, more.\n");
        assert_eq!(merged.json["revision"], 4);
        let refused = chair.post(&edits, edit(2, "discussion", "First, less.\nSecond.\nThird.\n")).await.expect(412);
        assert_eq!(refused.json["current"]["minutes"]["revision"], 4);
        assert_eq!(refused.json["current"]["sent"]["sections"][0]["text"], "First, less.\nSecond.\nThird.\n");
        admin.post(&edits, edit(9, "discussion", "x")).await.expect(422);
        let kept = admin.get(&format!("{minutes}/revisions")).await.expect(200);
        assert_eq!(kept.json["items"].as_array().unwrap().len(), 4);
        assert_eq!(kept.json["items"][1]["sections"][3]["text"], "First.\nSecond.\nThird.\n");
    }

    async fn delegations_see_circulated_minutes_correct_them_in_time_and_a_session_adopts(server) {
        let Sitting { admin, minutes, session, .. } = sitting(&server).await;
        let (poland, czechia) = (server.manager_of("PL").await, server.manager_of("CZ").await);
        admin.post(&minutes, json!({"language": "pl"})).await.expect(201);
        poland.get(&minutes).await.expect(404);
        let (steps, corrections) = (format!("{minutes}/transitions"), format!("{minutes}/corrections"));
        assert_eq!(admin.post(&steps, json!({"to": "circulated"})).await.expect(409).json["type"], "/problems/no-window");
        let until = server.app.clock.now() + SignedDuration::from_hours(2);
        let circulate = json!({"to": "circulated", "corrections_until": until.to_string()});
        admin.post(&steps, circulate).await.expect(200);
        poland.get(&minutes).await.expect(200);
        server.manager_of("PL").await.post(&steps, json!({"to": "adopted", "session_id": session})).await.expect(403);
        let proposal = json!({"part": "attendance", "text": "We were there as well."});
        let correction = czechia.post(&corrections, proposal.clone()).await.expect(200).id();
        admin.post(&corrections, proposal.clone()).await.expect(403);
        let seen = async |client: &Client| client.get(&corrections).await.expect(200).json["items"].as_array().unwrap().len();
        assert_eq!([seen(&admin).await, seen(&czechia).await, seen(&poland).await], [1, 1, 0]);
        let adopt = json!({"to": "adopted", "session_id": session});
        assert_eq!(admin.post(&steps, adopt.clone()).await.expect(409).json["type"], "/problems/window-open");
        server.advance(SignedDuration::from_hours(2));
        assert_eq!(czechia.post(&corrections, proposal).await.expect(409).json["type"], "/problems/window-closed");
        assert_eq!(admin.post(&steps, adopt.clone()).await.expect(409).json["type"], "/problems/corrections-open");
        let decision = format!("corrections/{correction}/decision");
        czechia.post(&decision, json!({"to": "accepted"})).await.expect(403);
        poland.post(&decision, json!({"to": "accepted"})).await.expect(404);
        admin.post(&decision, json!({"to": "declined", "answer": "The sheet says otherwise."})).await.expect(200);
        let exported = poland.get(&format!("{minutes}/export")).await.expect(200).text;
        assert!(exported.starts_with("**Rozesłany; można zgłaszać poprawki**\n\n# Protokół: Otwarcie obrad\n"), "{exported}");
        assert!(exported.contains("Czechy"), "{exported}");
        let other = json!({
            "code": "other", "kind": "workshop", "title": {"en": "Other"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-03-02", "ends_on": "2026-03-02", "languages": ["en"],
        });
        admin.post("events", other).await.expect(201);
        let elsewhere = json!({"event_id": "other", "kind": "plenary", "title": {"en": "Elsewhere"}});
        let elsewhere = admin.post("sessions", elsewhere).await.expect(201).id();
        let refused = admin.post(&steps, json!({"to": "adopted", "session_id": elsewhere})).await.expect(422);
        assert_eq!(refused.codes(), ["other_body"], "who did not sit does not adopt");
        let adopted = admin.post(&steps, adopt).await.expect(200);
        assert_eq!((&adopted.json["state"], &adopted.json["adopted_in"]), (&json!("adopted"), &json!(session)));
        let late = admin.post(&format!("{minutes}/edits"), edit(1, "discussion", "More.")).await.expect(409);
        assert_eq!(late.json["type"], "/problems/minutes-final");
    }
}
