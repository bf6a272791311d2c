//! A sitting: who says who is there, whom the chair calls, and whether there is a quorum.

use domain::access::{Account, Role};
use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::on_both;

/// The browser of a guest who is this person.
async fn in_person(server: &Server, person: &str) -> Client {
    let account = Account::of(Role::Guest, format!("{person}@example.org"), "Guest");
    let ends_at = domain::moment::Moment::parse("2026-04-01");
    server.signed_in(Account { person_id: Some(person.into()), ends_at, ..account }).await
}

async fn line(client: &Client, sheet: &str, code: &str) -> Value {
    client.get(&format!("{sheet}/{code}")).await.expect(200).json
}

on_both! {
    async fn people_mark_themselves_by_the_code_on_the_screen_while_it_is_open(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Kowal").await;
        let anna = seoul.person("PL", "Anna").await;
        seoul.admin.post("events/seoul-2019/delegates", nomination("PL", &anna, "expert")).await.expect(201);
        let sheet = seoul.session("participants").await;
        let screen = sheet.replace("attendance", "attendance-code");
        seoul.admin.get(&screen).await.expect(404);
        let code = seoul.admin.post(&screen, json!({"minutes": 10})).await.expect(200).json["code"].as_str().unwrap().to_owned();
        let person = in_person(&server, &anna).await;
        let own = format!("{sheet}/self");
        let wrong = person.post(&own, json!({"code": "AAAAAA", "status": "present"})).await.expect(409);
        assert_eq!(wrong.json["type"], "/problems/wrong-code");
        let typed = format!("{}-{}", &code[..3].to_lowercase(), &code[3..]);
        let marked = person.post(&own, json!({"code": typed, "status": "present"})).await.expect(200).json;
        assert_eq!((&marked["status"], &marked["source"]), (&json!("present"), &json!("self")));
        assert_eq!(marked["people"][0]["display_name"], "Anna");
        // A delegate with a key is a program, and somebody in no delegation has nothing to say.
        seoul.delegate(&server, "PL").await.post(&own, json!({"code": code, "status": "present"})).await.expect(403);
        server.advance(SignedDuration::from_mins(10));
        person.post(&own, json!({"code": code, "status": "online"})).await.expect(409);
        for _ in 0..10 {
            person.post(&own, json!({"code": "BBBBBB", "status": "online"})).await;
        }
        person.post(&own, json!({"code": "BBBBBB", "status": "online"})).await.expect(429);
        assert_eq!(line(&seoul.admin, &sheet, "PL").await["status"], "present");
    }

    async fn an_organisation_marks_its_own_people_and_staff_has_the_last_word(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        seoul.invite("CZ").await;
        let kowal = seoul.nominate("PL", "Kowal", "head").await.id();
        let novak = seoul.nominate("CZ", "Novak", "head").await.id();
        let sheet = seoul.session("participants").await;
        let marks = sheet.replace("attendance", "attendance-marks");
        let one = |delegate: &str, status: &str| json!({"marks": [{"delegate_id": delegate, "status": status}]});
        let poland = seoul.delegate(&server, "PL").await;
        poland.post(&marks, one(&kowal, "present")).await.expect(200);
        assert_eq!(poland.post(&marks, one(&novak, "present")).await.expect(422).codes(), ["unknown_delegate"]);
        assert_eq!(poland.post(&marks, one(&kowal, "absent")).await.expect(422).codes(), ["for_the_secretariat"]);
        let said = line(&seoul.admin, &sheet, "PL").await;
        assert_eq!((&said["status"], &said["represented_by"]), (&json!("present"), &json!(kowal)));

        // Staff confirms, then knows better; what the organisation says after that changes nothing.
        seoul.admin.post(&sheet, json!({"lines": [{"delegation_id": "PL", "status": "present"}]})).await.expect(200);
        assert_eq!(line(&seoul.admin, &sheet, "PL").await["source"], "staff");
        seoul.admin.post(&sheet, json!({"lines": [{"delegation_id": "PL", "status": "absent"}]})).await.expect(200);
        poland.post(&marks, one(&kowal, "present")).await.expect(200);
        assert_eq!(line(&poland, &sheet, "PL").await["status"], "absent");
        // Staff takes its word back.
        seoul.admin.post(&sheet, json!({"lines": [{"delegation_id": "PL", "status": "unknown"}]})).await.expect(200);
        assert_eq!(line(&poland, &sheet, "PL").await["status"], "present");
        let history = seoul.admin.get(&marks).await.expect(200);
        assert_eq!(each(&history, "items", "source"), ["self", "staff", "staff", "self", "staff"]);
        poland.get(&marks).await.expect(403);
        // The other delegation sees nothing of it.
        let other = seoul.delegate(&server, "CZ").await.get(&sheet).await.expect(200);
        assert_eq!(each(&other, "lines", "organisation_code"), ["CZ"]);
    }

    async fn the_log_of_a_platform_marks_online_once_and_names_whom_it_could_not_match(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let person = json!({"display_name": "Anna", "email": "Anna@Example.org"});
        let person = seoul.admin.post("persons", person).await.expect(201).id();
        seoul.admin.post("events/seoul-2019/delegates", nomination("PL", &person, "head")).await.expect(201);
        let sheet = seoul.session("participants").await;
        let log = sheet.replace("attendance", "platform-log");
        let stay = |who: Value, joined: &str, left: &str| {
            let mut stay = json!({"joined_at": joined, "left_at": left});
            stay.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
            stay
        };
        let stays = json!({"stays": [
            stay(json!({"email": "anna@example.org"}), "2019-10-07T00:00:00Z", "2019-10-07T01:00:00Z"),
            stay(json!({"person_id": person}), "2019-10-07T00:30:00Z", "2019-10-07T02:00:00Z"),
            stay(json!({"email": "nobody@example.org"}), "2019-10-07T00:30:00Z", "2019-10-07T02:00:00Z"),
        ]});
        let imported = seoul.admin.post(&log, stays.clone()).await.expect(200).json;
        assert_eq!(imported, json!({"marks": 2, "unmatched": [2]}));
        assert_eq!(seoul.admin.post(&log, stays).await.expect(200).json["marks"], 0);
        let at = async |instant: &str| {
            let sheet = seoul.admin.get(&format!("{sheet}?as_of={instant}")).await.expect(200);
            sheet.json["lines"][0]["status"].as_str().unwrap().to_owned()
        };
        assert_eq!(at("2019-10-06T23:59:59Z").await, "unknown");
        assert_eq!(at("2019-10-07T01:30:00Z").await, "online", "the second device was still there");
        assert_eq!(at("2019-10-07T02:00:00Z").await, "absent");
    }

    async fn a_session_may_be_attended_at_another_level_than_the_delegates_own(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Kowal").await;
        let delegates = seoul.admin.get("events/seoul-2019/delegates").await.expect(200);
        let head = delegates.json["items"][0]["id"].as_str().unwrap().to_owned();
        seoul.admin.header("If-Match", "*").patch(&format!("delegates/{head}"), json!({"level": "senior_official"})).await.expect(200);
        let sheet = seoul.session("participants").await;
        let (line, roll) = (format!("{sheet}/PL"), sheet.replace("attendance", "roll-call"));
        let level = async || seoul.admin.get(&roll).await.expect(200).json["lines"][0]["level"].clone();
        let put = async |record| seoul.admin.header("If-Match", "*").put(&line, record).await;
        assert_eq!(level().await, Value::Null);
        put(json!({"status": "present", "represented_by": head})).await.expect(200);
        assert_eq!(level().await, "senior_official", "that of the delegate who sits");
        let before = server.app.clock.now();
        server.advance(jiff::SignedDuration::from_mins(5));
        let set = put(json!({"status": "present", "represented_by": head, "level": "minister"})).await.expect(200);
        assert_eq!((&set.json["level"], level().await), (&json!("minister"), json!("minister")));
        let as_of = async |at: jiff::Timestamp| {
            seoul.admin.get(&format!("{sheet}?as_of={at}")).await.expect(200).json["lines"][0]["level"].clone()
        };
        assert_eq!((as_of(before).await, as_of(server.app.clock.now()).await), (Value::Null, json!("minister")));
        put(json!({"status": "present", "represented_by": head})).await.expect(200);
        assert_eq!(level().await, "senior_official", "what is left out is cleared");
        let refused = put(json!({"status": "absent", "level": "minister"})).await.expect(422);
        assert_eq!((refused.codes(), refused.json["errors"][0]["pointer"].as_str()), (vec!["does_not_fit_status"], Some("/level")));
    }

    async fn the_roll_is_called_in_the_alphabet_of_the_language(server) {
        let seoul = Seoul::new(&server).await;
        for (code, en, pl) in [("LV", "Latvia", "Łotwa"), ("LU", "Luxembourg", "Luksemburg")] {
            let names = json!({"en": {"list": en}, "pl": {"list": pl}});
            let state = json!({"code": code, "kind": "state", "alpha2": code, "names": names});
            seoul.admin.post("organisations", state).await.expect(201);
            seoul.confirmed(code, code).await;
        }
        seoul.invite("CZ").await;
        let sheet = seoul.session("participants").await;
        let roll = sheet.replace("attendance", "roll-call");
        let called = async |language: &str| seoul.admin.get(&format!("{roll}?lang={language}")).await.expect(200);
        let english = called("en").await;
        assert_eq!(each(&english, "lines", "organisation_name"), ["Latvia", "Luxembourg"], "Czechia has not accepted");
        let polish = called("pl").await;
        assert_eq!(each(&polish, "lines", "organisation_name"), ["Luksemburg", "Łotwa"]);
        let first = polish.json["lines"][0]["delegation_id"].clone();
        let answer = json!({"lines": [{"delegation_id": first, "status": "present"}]});
        seoul.admin.post(&sheet, answer).await.expect(200);
        assert_eq!(each(&called("pl").await, "lines", "status"), ["present", "unknown"]);
        server.manager_of("LV").await.get(&roll).await.expect(403);
    }

    async fn the_adoption_of_a_statement_freezes_the_quorum_of_its_session(server) {
        let seoul = Seoul::new(&server).await;
        for (code, head) in [("PL", "Kowal"), ("CZ", "Novak"), ("KR", "Kim")] {
            seoul.confirmed(code, head).await;
        }
        let sheet = seoul.session("participants").await;
        let present = |codes: &[&str]| {
            let lines: Vec<_> = codes.iter().map(|code| json!({"delegation_id": code, "status": "present"})).collect();
            json!({"lines": lines})
        };
        seoul.admin.post(&sheet, present(&["PL", "CZ"])).await.expect(200);
        let statement = json!({
            "code": "joint", "kind": "joint_statement", "event_id": "seoul-2019", "drafting_language": "en",
            "languages": ["en"], "title": {"en": "Statement"}, "visibility": "participants",
        });
        seoul.admin.post("statements", statement).await.expect(201);
        let clause = json!({"part": "operative", "text": {"en": "They agree."}});
        let clause = seoul.admin.post("statements/joint/clauses", clause).await.expect(201);
        let id = clause.id();
        for to in ["tabled", "negotiating"] {
            seoul.admin.post("statements/joint/transitions", json!({ "to": to })).await.expect(200);
        }
        seoul.admin.header("If-Match", "*").patch(&format!("clauses/{id}"), json!({"state": "agreed"})).await.expect(200);
        let session = sheet.split('/').nth(1).unwrap();
        let adopted = json!({"to": "adopted", "session_id": session});
        seoul.admin.post("statements/joint/transitions", adopted).await.expect(200);
        // What is recorded later changes the live count, not what was frozen.
        seoul.admin.post(&sheet, json!({"lines": [{"delegation_id": "PL", "status": "absent"}]})).await.expect(200);
        let live = seoul.admin.get(&format!("sessions/{session}/quorum")).await.expect(200).json;
        assert_eq!([&live["entitled"], &live["present"], &live["required"]], [3, 1, 2]);
        assert_eq!(live["reached"], false);
        let frozen = seoul.admin.get(&format!("sessions/{session}/quorum-snapshots")).await.expect(200).json;
        let first = &frozen["items"][0];
        assert_eq!([&first["number"], &first["entitled"], &first["present"], &first["required"]], [1, 3, 2, 2]);
        assert_eq!((&first["reached"], &first["reason"]), (&json!(true), &json!("Adoption of joint")));
        let called = seoul.admin.post(&format!("sessions/{session}/quorum"), json!({"reason": "Called"})).await.expect(200);
        assert_eq!([&called.json["number"], &called.json["present"]], [2, 1]);
    }
}
