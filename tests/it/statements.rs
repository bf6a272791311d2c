//! Statements, their clauses, versions and exports through the API.

use domain::access::{NewKey, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server, foreign},
};

async fn organisation(admin: &Client, code: &str, english: &str, polish: &str) -> String {
    let names = json!({"en": {"list": english}, "pl": {"list": polish}});
    let body = json!({"code": code, "kind": "state", "alpha2": code, "names": names});
    admin.post("organisations", body).await.expect(201).id()
}

fn seoul() -> Value {
    json!({
        "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting on cybersecurity"},
        "city": {"name": {"en": "Seoul", "pl": "Seul"}, "forms": {"pl": {"locative": "Seulu"}}},
        "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en", "pl"],
        "country_id": "KR", "visibility": "public",
    })
}

fn declaration() -> Value {
    json!({
        "code": "seoul-declaration", "event_id": "seoul-2019", "kind": "declaration",
        "title": {"en": "Seoul declaration", "pl": "Deklaracja z Seulu"}, "drafting_language": "en",
        "languages": ["en", "pl"], "visibility": "public", "participants": ["KR", "LV", "LU"],
    })
}

/// An administrator, three states, a public event and a declaration without clauses.
async fn drafting(server: &Server) -> Client {
    let admin = server.admin().await;
    organisation(&admin, "KR", "Republic of Korea", "Republika Korei").await;
    organisation(&admin, "LV", "Latvia", "Łotwa").await;
    organisation(&admin, "LU", "Luxembourg", "Luksemburg").await;
    admin.post("events", seoul()).await.expect(201);
    admin.post("statements", declaration()).await.expect(201);
    admin
}

/// Adds a clause with these words; gives its id.
async fn clause(admin: &Client, part: &str, english: &str) -> String {
    let body = json!({"part": part, "text": {"en": english}});
    admin.post("statements/seoul-declaration/clauses", body).await.expect(201).id()
}

/// The clauses as (number, English words) in reading order.
async fn read(client: &Client) -> Vec<(Option<u64>, String)> {
    let list = client.get("statements/seoul-declaration/clauses").await.expect(200).json;
    let line = |item: &Value| (item["number"].as_u64(), item["text"]["en"].as_str().unwrap_or_default().to_owned());
    list["items"].as_array().unwrap().iter().map(line).collect()
}

fn words(lines: &[(Option<u64>, &str)]) -> Vec<(Option<u64>, String)> {
    lines.iter().map(|(number, words)| (*number, (*words).to_owned())).collect()
}

async fn step(admin: &Client, to: &str, status: u16) -> Answer {
    admin.post("statements/seoul-declaration/transitions", json!({"to": to})).await.expect(status)
}

async fn agree(admin: &Client, id: &str) {
    let path = format!("clauses/{id}");
    let read = admin.get(&path).await.expect(200);
    admin.if_match(&read).patch(&path, json!({"state": "agreed"})).await.expect(200);
}

/// The declaration with one preambular and two operative clauses, adopted; gives the ids of the clauses.
async fn adopted(admin: &Client) -> Vec<String> {
    let mut ids = vec![];
    for (part, english) in [("preamble", "Recalling,"), ("operative", "Declare."), ("operative", "Decide.")] {
        ids.push(clause(admin, part, english).await);
    }
    step(admin, "tabled", 200).await;
    step(admin, "negotiating", 200).await;
    for id in &ids {
        agree(admin, id).await;
    }
    let body = json!({"to": "adopted", "adopted_on": "2019-10-08"});
    admin.post("statements/seoul-declaration/transitions", body).await.expect(200);
    ids
}

async fn export(client: &Client, query: &str) -> String {
    client.get(&format!("statements/seoul-declaration/export?{query}")).await.expect(200).text
}

on_both! {
    async fn a_statement_begins_in_drafting_and_leaves_a_tombstone(server) {
        let admin = drafting(&server).await;
        let read = admin.get("statements/SEOUL-DECLARATION").await.expect(200);
        assert_eq!((&read.json["state"], &read.json["head_version"]), (&json!("drafting"), &json!(0)));
        let changed = admin.if_match(&read).patch("statements/seoul-declaration", json!({"session_id": null, "languages": ["en"]})).await.expect(200);
        assert_eq!((changed.json["version"].as_i64(), changed.json["participants"].as_array().unwrap().len()), (Some(2), 3));
        admin.if_match(&read).patch("statements/seoul-declaration", json!({"languages": ["en"]})).await.expect(412);
        for (query, found) in [("event=seoul-2019&state=drafting", 1), ("kind=memorandum", 0), ("q=DEKLARACJA", 1), ("event=nowhere", 0)] {
            let list = admin.get(&format!("statements?{query}")).await.expect(200);
            assert_eq!(list.json["items"].as_array().unwrap().len(), found, "{query}");
        }
        let one = clause(&admin, "operative", "Words.").await;
        admin.if_match(&changed).delete("statements/seoul-declaration").await.expect(204);
        admin.get(&format!("statements/{}", read.id())).await.expect(410);
        admin.get(&format!("clauses/{one}")).await.expect(410);
        admin.post("statements", declaration()).await.expect(201);
    }

    async fn a_statement_stays_with_an_event_and_a_session_that_exist(server) {
        let admin = drafting(&server).await;
        let with = |name: &str, value: Value| { let mut body = declaration(); body["code"] = json!("other"); body[name] = value; body };
        for (name, value, code) in [
            ("event_id", json!("nowhere"), "unknown_event"),
            ("session_id", json!("0199c0de-0000-7000-8000-000000000000"), "unknown_session"),
            ("participants", json!(["KR", "XX"]), "unknown_organisation"),
            ("drafting_language", json!("ko"), "drafting_language_missing"),
        ] {
            assert_eq!(admin.post("statements", with(name, value)).await.expect(422).codes(), [code]);
        }
        assert_eq!(admin.post("statements", declaration()).await.expect(409).json["type"], "/problems/code-taken");
        let mut second = seoul();
        second["code"] = json!("seoul-2020");
        admin.post("events", second).await.expect(201);
        let read = admin.get("statements/seoul-declaration").await.expect(200);
        let moved = admin.if_match(&read).patch("statements/seoul-declaration", json!({"event_id": "seoul-2020"})).await.expect(422);
        assert_eq!(moved.codes(), ["cannot_change"]);
    }

    async fn clauses_are_numbered_in_reading_order_whatever_is_added_moved_or_struck_out(server) {
        let admin = drafting(&server).await;
        let only = clause(&admin, "operative", "A.").await;
        assert_eq!(read(&admin).await, words(&[(None, "A.")]));
        let last = clause(&admin, "operative", "B.").await;
        clause(&admin, "preamble", "Recalling,").await;
        let middle = json!({"text": {"en": "A bis."}, "after": only});
        let middle = admin.post("statements/seoul-declaration/clauses", middle).await.expect(201);
        assert_eq!(middle.header("location"), format!("/api/v1/clauses/{}", middle.id()));
        assert_eq!(read(&admin).await, words(&[(None, "Recalling,"), (Some(1), "A."), (Some(2), "A bis."), (Some(3), "B.")]));

        let path = format!("clauses/{last}");
        let seen = admin.get(&path).await.expect(200);
        let moved = admin.if_match(&seen).patch(&path, json!({"before": only})).await.expect(200);
        assert_eq!((moved.json["number"].as_u64(), moved.json["revision"].as_u64()), (Some(1), Some(1)));
        admin.if_match(&middle).delete(&format!("clauses/{}", middle.id())).await.expect(204);
        admin.get(&format!("clauses/{}", middle.id())).await.expect(410);
        assert_eq!(read(&admin).await, words(&[(None, "Recalling,"), (Some(1), "B."), (Some(2), "A.")]));

        let elsewhere = json!({"part": "preamble", "text": {"en": "X."}, "after": only});
        let refused = admin.post("statements/seoul-declaration/clauses", elsewhere).await.expect(422);
        assert_eq!((refused.codes(), &refused.json["errors"][0]["pointer"]), (vec!["unknown_clause"], &json!("/after")));
    }

    async fn a_cached_clause_is_not_taken_for_current_when_its_number_has_changed(server) {
        let admin = drafting(&server).await;
        let first = clause(&admin, "operative", "A.").await;
        let second = clause(&admin, "operative", "B.").await;
        let path = format!("clauses/{second}");
        let seen = admin.get(&path).await.expect(200);
        admin.header("If-None-Match", seen.header("etag")).get(&path).await.expect(304);
        let one = admin.get(&format!("clauses/{first}")).await.expect(200);
        admin.if_match(&one).delete(&format!("clauses/{first}")).await.expect(204);
        assert_eq!(admin.header("If-None-Match", seen.header("etag")).get(&path).await.expect(200).json.get("number"), None);
        admin.if_match(&seen).patch(&path, json!({"text": {"pl": "B po polsku."}})).await.expect(200);
    }

    async fn every_change_of_words_is_a_revision_with_its_author_and_reason(server) {
        let admin = drafting(&server).await;
        let id = clause(&admin, "operative", "We agree.").await;
        let path = format!("clauses/{id}");
        agree(&admin, &id).await;
        let seen = admin.get(&path).await.expect(200);
        assert_eq!((&seen.json["state"], &seen.json["revision"]), (&json!("agreed"), &json!(1)));
        let edit = json!({"text": {"en": "We decide."}, "reason": "As proposed in plenary"});
        let edited = admin.if_match(&seen).patch(&path, edit.clone()).await.expect(200);
        assert_eq!((&edited.json["state"], &edited.json["revision"], &edited.json["provenance"]), (&json!("open"), &json!(2), &json!({"kind": "authored"})));
        let stale = admin.if_match(&seen).patch(&path, edit.clone()).await.expect(412);
        assert_eq!(stale.json["current"]["text"]["en"], "We decide.");
        admin.patch(&path, edit).await.expect(428);
        let revisions = admin.get(&format!("{path}/revisions")).await.expect(200).json;
        let line = |at: usize| { let item = &revisions["items"][at]; (item["text"]["en"].as_str(), item["author"].as_str(), item["reason"].as_str()) };
        assert_eq!(line(0), (Some("We agree."), Some("admin of the test"), None));
        assert_eq!(line(1), (Some("We decide."), Some("admin of the test"), Some("As proposed in plenary")));
        let first = admin.get(&format!("{path}/revisions?limit=1")).await.expect(200);
        let next = first.json["next_cursor"].as_str().unwrap();
        assert_eq!(admin.get(&format!("{path}/revisions?limit=1&cursor={next}")).await.expect(200).json["items"][0]["revision"], 2);
    }

    async fn revisions_and_versions_cannot_be_rewritten(server) {
        use sea_orm::ConnectionTrait;
        let admin = drafting(&server).await;
        clause(&admin, "operative", "Words.").await;
        admin.post("statements/seoul-declaration/versions", json!({})).await.expect(201);
        for statement in [
            "UPDATE clause_revisions SET author = 'nobody'",
            "UPDATE clause_revisions SET text = '{}', author = '(erased)'",
            "UPDATE statement_versions SET created_by = 'nobody'",
            "UPDATE statement_versions SET author_id = NULL",
            "DELETE FROM clause_revisions",
            "DELETE FROM statement_versions",
        ] {
            assert!(server.app.db.read().execute_unprepared(statement).await.is_err(), "{statement}");
        }
    }

    async fn a_refused_step_says_what_to_do_first(server) {
        let admin = drafting(&server).await;
        assert_eq!(step(&admin, "tabled", 409).await.json["type"], "/problems/no-operative-clause");
        let id = clause(&admin, "operative", "Declare.").await;
        assert_eq!(step(&admin, "adopted", 409).await.json["type"], "/problems/wrong-state");
        step(&admin, "tabled", 200).await;
        step(&admin, "negotiating", 200).await;
        let refused = step(&admin, "adopted", 409).await;
        assert_eq!(refused.json["detail"], "Agree or delete these clauses before adoption: operative.");
        assert_eq!(step(&admin, "drafting", 409).await.json["type"], "/problems/once-drafted");
        agree(&admin, &id).await;
        for (body, code) in [
            (json!({"to": "adopted", "adopted_on": "2019-10-06"}), "before_the_event"),
            (json!({"to": "adopted", "adopted_on": "2026-03-03"}), "in_the_future"),
            (json!({"to": "failed", "adopted_on": "2019-10-08"}), "not_an_adoption"),
        ] {
            assert_eq!(admin.post("statements/seoul-declaration/transitions", body).await.expect(422).codes(), [code]);
        }
        // The clock of the test stands at 8 o'clock in the morning of 2 March 2026, which is the same day in Seoul.
        assert_eq!(step(&admin, "adopted", 200).await.json["adopted_on"], "2026-03-02");
    }

    async fn nothing_is_edited_after_adoption(server) {
        let admin = drafting(&server).await;
        let ids = adopted(&admin).await;
        let path = format!("clauses/{}", ids[1]);
        let seen = admin.get(&path).await.expect(200);
        let statement = admin.get("statements/seoul-declaration").await.expect(200);
        assert_eq!((&statement.json["state"], &statement.json["head_version"]), (&json!("adopted"), &json!(2)));
        let refusals = [
            admin.if_match(&seen).patch(&path, json!({"text": {"en": "Other."}})).await,
            admin.if_match(&seen).patch(&path, json!({"state": "open"})).await,
            admin.if_match(&seen).delete(&path).await,
            admin.post("statements/seoul-declaration/clauses", json!({"text": {"en": "More."}})).await,
            admin.post("statements/seoul-declaration/versions", json!({})).await,
            admin.if_match(&statement).patch("statements/seoul-declaration", json!({"title": {"en": "Other"}})).await,
            admin.if_match(&statement).put("statements/seoul-declaration/participants", json!({"participants": ["KR"]})).await,
            admin.if_match(&statement).delete("statements/seoul-declaration").await,
            step(&admin, "withdrawn", 409).await,
        ];
        for refusal in refusals {
            assert_eq!(refusal.expect(409).json["type"], "/problems/text-is-final");
        }
        let hidden = admin.if_match(&statement).patch("statements/seoul-declaration", json!({"visibility": "participants"})).await.expect(200);
        assert_eq!(hidden.json["visibility"], "participants");
        assert_eq!(step(&admin, "published", 200).await.json["visibility"], "public");
    }

    async fn an_adopted_text_says_for_ever_what_it_said(server) {
        let admin = drafting(&server).await;
        adopted(&admin).await;
        let before = export(&admin, "format=text&lang=pl").await;
        assert_eq!(
            before,
            "Deklaracja z Seulu\n==================\n\n[en] Recalling,\n\n1. [en] Declare.\n\n2. [en] Decide.\n\n\
             Państwa uczestniczące\n\n1. Luksemburg\n2. Łotwa\n3. Republika Korei\n\nPrzyjęto w\u{a0}Seulu 8 października 2019 r.\n"
        );
        let korea = admin.get("organisations/KR").await.expect(200);
        admin.if_match(&korea).patch("organisations/KR", json!({"names": {"pl": {"list": "Korea"}}})).await.expect(200);
        let event = admin.get("events/seoul-2019").await.expect(200);
        admin.if_match(&event).patch("events/seoul-2019", json!({"city": {"forms": {"pl": {"locative": "Pusanie"}}}})).await.expect(200);
        assert_eq!(export(&admin, "format=text&lang=pl").await, before);
        step(&admin, "published", 200).await;
        assert_eq!(export(&admin, "format=text&lang=pl").await, before);
        assert!(export(&admin, "format=text&version=1").await.starts_with("Draft, version 1\n"));
    }

    async fn a_version_proves_itself_to_others(server) {
        let admin = drafting(&server).await;
        adopted(&admin).await;
        let versions = admin.get("statements/seoul-declaration/versions").await.expect(200).json;
        let labels: Vec<_> = versions["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
        assert_eq!(labels, ["zero_draft", "adopted"]);
        let mut previous = Value::Null;
        for number in 1..=2 {
            let version = admin.get(&format!("statements/seoul-declaration/versions/{number}")).await.expect(200);
            assert_eq!(foreign::node("content_hash.mjs", &version.text), version.json["sha256"].as_str().unwrap());
            assert_eq!(version.json["content"].get("previous").unwrap_or(&Value::Null), &previous);
            previous = version.json["sha256"].clone();
        }
        admin.get("statements/seoul-declaration/versions/3").await.expect(404);
    }

    async fn versions_are_frozen_by_hand_too_under_labels_of_their_own(server) {
        let admin = drafting(&server).await;
        let id = clause(&admin, "operative", "First words.").await;
        let path = "statements/seoul-declaration/versions";
        let made = admin.post(path, json!({"comment": "After the first reading"})).await.expect(201);
        assert_eq!((&made.json["label"], &made.json["number"]), (&json!("rev.1"), &json!(1)));
        assert_eq!(admin.post(path, json!({"label": "rev.1"})).await.expect(409).json["type"], "/problems/label-taken");
        assert_eq!(admin.post(path, json!({"label": "adopted"})).await.expect(422).codes(), ["reserved_label"]);
        let seen = admin.get(&format!("clauses/{id}")).await.expect(200);
        admin.if_match(&seen).patch(&format!("clauses/{id}"), json!({"text": {"en": "Second words."}})).await.expect(200);
        assert_eq!(admin.post(path, json!({"label": "rev.4"})).await.expect(201).json["number"], 2);
        assert_eq!(admin.post(path, json!({})).await.expect(201).json["label"], "rev.5");
        assert!(export(&admin, "format=text&version=1").await.contains("First words."));
        assert!(export(&admin, "format=text").await.contains("Second words."));
    }

    async fn an_export_has_the_media_type_and_language_that_were_asked_for(server) {
        let admin = drafting(&server).await;
        adopted(&admin).await;
        for (format, media_type, beginning) in [
            ("markdown", "text/markdown; charset=utf-8", "# Seoul declaration\n"),
            ("html", "text/html; charset=utf-8", "<!DOCTYPE html>\n<html lang=\"en\""),
            ("text", "text/plain; charset=utf-8", "Seoul declaration\n=="),
            ("json", "application/json", "{\"language\":\"en\""),
        ] {
            let path = format!("statements/seoul-declaration/export?format={format}");
            let answer = server.anonymous().get(&path).await.expect(200);
            assert_eq!((answer.header("content-type"), answer.header("content-language")), (media_type, "en"));
            assert!(answer.text.starts_with(beginning), "{}", answer.text);
            assert!(answer.header("content-security-policy").contains("default-src 'none'") && answer.header("content-security-policy").contains("sandbox"));
            let again = server.anonymous().header("If-None-Match", answer.header("etag")).get(&path).await.expect(304);
            assert_eq!((again.text.as_str(), again.header("etag")), ("", answer.header("etag")));
        }
        let path = "statements/seoul-declaration/export";
        let polish = admin.header("Accept-Language", "ko, pl;q=0.8, en;q=0.5").get(path).await.expect(200);
        assert_eq!(polish.header("content-language"), "pl");
        assert_eq!(admin.get(&format!("{path}?lang=ko")).await.expect(200).header("content-language"), "ko");
        admin.get(&format!("{path}?format=docx")).await.expect(400);
        admin.get(&format!("{path}?version=7")).await.expect(404);
    }

    async fn participants_are_listed_in_the_order_of_the_reader(server) {
        let admin = drafting(&server).await;
        let path = "statements/seoul-declaration/participants";
        let codes = |answer: &Answer| {
            answer.json["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let english = admin.get(path).await.expect(200);
        assert_eq!((codes(&english), &english.json["basis"]), (vec!["LV".into(), "LU".into(), "KR".into()], &json!("named")));
        assert_eq!(codes(&admin.get(&format!("{path}?lang=pl")).await.expect(200)), ["LU", "LV", "KR"]);
        admin.put(path, json!({"participants": []})).await.expect(428);
        let named = admin.if_match(&english).put(path, json!({"participants": ["KR", "LV"]})).await.expect(200);
        assert_eq!(codes(&named), ["LV", "KR"]);
        admin.if_match(&english).put(path, json!({"participants": ["KR"]})).await.expect(412);
        let statement = admin.get("statements/seoul-declaration").await.expect(200);
        admin.if_match(&statement).patch("statements/seoul-declaration", json!({"order_policy": "host_first"})).await.expect(200);
        let hosted = admin.get(path).await.expect(200);
        assert_eq!(codes(&hosted), ["KR", "LV"]);
        let open = admin.if_match(&hosted).put(path, json!({"participants": []})).await.expect(200);
        assert_eq!((codes(&open), &open.json["basis"]), (vec![], &json!("accepted")));
    }

    async fn only_a_joint_statement_without_clauses_is_drafted_and_only_from_facts(server) {
        let admin = drafting(&server).await;
        let draft = |code: &str| format!("statements/{code}/draft");
        assert_eq!(admin.post(&draft("seoul-declaration"), json!({})).await.expect(409).json["type"], "/problems/no-draft-for-kind");
        let mut joint = declaration();
        (joint["code"], joint["kind"]) = (json!("joint"), json!("joint_statement"));
        admin.post("statements", joint).await.expect(201);
        let refused = admin.post(&draft("joint"), json!({})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/facts-missing");
        server.anonymous().post(&draft("joint"), json!({})).await.expect(401);
        server.role(Role::Auditor).await.post(&draft("joint"), json!({})).await.expect(403);
    }

    async fn a_first_draft_says_what_is_on_record_and_what_it_could_not_say_properly(server) {
        let admin = drafting(&server).await;
        let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Working Group", "pl": "Grupa Robocza"}});
        admin.post("groups", group).await.expect(201);
        // The chair of Luxembourg ended with the day before the meeting, that of Latvia began with its first.
        for (code, from, to) in [("LU", "2018-01-01", Some("2019-10-06T15:00:00Z")), ("LV", "2019-10-06T15:00:00Z", None), ("KR", "2019-10-06", None)] {
            let body = json!({"organisation_id": code, "category": "co_chair", "valid_from": from, "valid_to": to});
            admin.post("groups/cyber/memberships", body).await.expect(201);
        }
        let event = admin.get("events/seoul-2019").await.expect(200);
        admin.if_match(&event).patch("events/seoul-2019", json!({"group_id": "cyber", "ordinal": 2})).await.expect(200);
        let mut joint = declaration();
        (joint["code"], joint["kind"], joint["title"]) = (json!("joint"), json!("joint_statement"), json!({}));
        admin.post("statements", joint).await.expect(201);
        let draft = admin.post("statements/joint/draft", json!({})).await.expect(200).json;
        assert_eq!(draft["statement"]["title"]["en"], "Joint statement – Meeting on cybersecurity (7 and 8 October 2019)");
        let held = &draft["clauses"][0];
        assert_eq!(
            held["text"]["en"],
            "On 7 and 8 October 2019 the second meeting of the Working Group was held in Seoul, in Republic of Korea, under \
             the joint chairmanship of Republic of Korea and Latvia."
        );
        assert_eq!(held["provenance"], json!({"kind": "generated", "template": "joint_statement/held", "facts": ["dates", "place", "host", "co_chairs", "ordinal", "group"]}));
        let lint = |subject: &str| draft["lints"].as_array().unwrap().iter().find(|lint| lint["subject"] == subject && lint["case"] == "gen").unwrap().clone();
        assert_eq!(lint("group")["detail"], "The gen form of 'group' in 'pl' is not stored; add it and draft again.");
        lint("KR");
        assert_eq!(admin.post("statements/joint/draft", json!({})).await.expect(409).json["type"], "/problems/already-drafted");
        let path = format!("clauses/{}", held["id"].as_str().unwrap());
        let seen = admin.get(&path).await.expect(200);
        let edited = admin.if_match(&seen).patch(&path, json!({"text": {"pl": "Po polsku."}})).await.expect(200);
        assert_eq!((&edited.json["provenance"]["kind"], &edited.json["text"]["en"]), (&json!("authored"), &held["text"]["en"]));
    }

    async fn outsiders_see_what_was_adopted_and_not_how_it_came_about(server) {
        let admin = drafting(&server).await;
        let anonymous = server.anonymous();
        anonymous.get("statements/seoul-declaration").await.expect(404);
        assert_eq!(anonymous.get("statements").await.expect(200).json["items"], json!([]));
        let early = clause(&admin, "operative", "Secret words.").await;
        anonymous.get(&format!("clauses/{early}")).await.expect(404);
        anonymous.get("statements/seoul-declaration/export").await.expect(404);
        let seen = admin.get(&format!("clauses/{early}")).await.expect(200);
        admin.if_match(&seen).patch(&format!("clauses/{early}"), json!({"text": {"en": "Public words."}, "reason": "Too frank"})).await.expect(200);
        adopted_with(&admin, &early).await;
        let revisions = anonymous.get(&format!("clauses/{early}/revisions")).await.expect(200);
        assert_eq!(revisions.json["items"].as_array().unwrap().len(), 1);
        assert!(!revisions.text.contains("Secret") && !revisions.text.contains("frank") && !revisions.text.contains("\"author\":"));
        let versions = anonymous.get("statements/seoul-declaration/versions").await.expect(200);
        assert_eq!((versions.json["items"][0]["label"].as_str(), versions.json["items"].as_array().unwrap().len()), (Some("adopted"), 1));
        anonymous.get("statements/seoul-declaration/versions/1").await.expect(404);
        anonymous.get("statements/seoul-declaration/export?version=1").await.expect(404);
        anonymous.get("statements/seoul-declaration/versions/2").await.expect(200);
        let told = anonymous.get("changes?limit=200").await.expect(200).json;
        let told: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| item["type"].as_str().unwrap()).filter(|kind| !kind.starts_with("organisation") && !kind.starts_with("event")).collect();
        assert_eq!(told, ["statement.state_changed", "statement.version_frozen", "statement.state_changed", "clause.updated", "statement.adopted", "statement.version_frozen"]);
    }

    async fn staff_of_another_event_are_outsiders_here(server) {
        let admin = drafting(&server).await;
        let mut other = seoul();
        other["code"] = json!("seoul-2020");
        admin.post("events", other).await.expect(201);
        let staff = async |event: &str| server.key(NewKey { role: Role::Secretariat, event_ids: vec![event.into()], ..NewKey::default() }).await;
        let (here, elsewhere) = (staff("seoul-2019").await, staff("seoul-2020").await);
        elsewhere.get("statements/seoul-declaration").await.expect(404);
        elsewhere.post("statements/seoul-declaration/clauses", json!({"text": {"en": "Words."}})).await.expect(404);
        let id = here.post("statements/seoul-declaration/clauses", json!({"text": {"en": "Words."}})).await.expect(201).id();
        adopted_with(&here, &id).await;
        elsewhere.get("statements/seoul-declaration").await.expect(200);
        elsewhere.get("statements/seoul-declaration/versions/1").await.expect(404);
        elsewhere.post("statements/seoul-declaration/transitions", json!({"to": "published"})).await.expect(403);
        assert!(!elsewhere.get(&format!("clauses/{id}/revisions")).await.expect(200).text.contains("\"author\":"));
        elsewhere.post("statements", declaration()).await.expect(403);
    }

    async fn a_chairs_summary_is_published_without_adoption_and_then_stands(server) {
        let admin = drafting(&server).await;
        let read = admin.get("statements/seoul-declaration").await.expect(200);
        admin.if_match(&read).patch("statements/seoul-declaration", json!({"kind": "chairs_summary"})).await.expect(200);
        let id = clause(&admin, "operative", "The chair noted convergence.").await;
        step(&admin, "tabled", 200).await;
        assert_eq!(step(&admin, "adopted", 409).await.json["type"], "/problems/not-for-adoption");
        let other = json!({"code": "summary", "event_id": "seoul-2019", "kind": "chairs_summary", "title": {"en": "Summary"}, "drafting_language": "en", "languages": ["en"]});
        admin.post("statements", other).await.expect(201);
        admin.post("statements/summary/clauses", json!({"text": {"en": "The chair noted convergence."}})).await.expect(201);
        let published = admin.post("statements/summary/transitions", json!({"to": "published"})).await.expect(200);
        assert_eq!((&published.json["visibility"], &published.json["head_version"]), (&json!("public"), &json!(1)));
        let text = server.anonymous().get("statements/summary/export?format=text").await.expect(200).text;
        assert_eq!(text, "Summary\n=======\n\nThe chair noted convergence.\n");
        admin.get(&format!("clauses/{id}")).await.expect(200);
    }

    async fn a_text_is_never_adopted_in_words_nobody_agreed_to(server) {
        let admin = drafting(&server).await;
        let id = clause(&admin, "operative", "Agreed words.").await;
        step(&admin, "tabled", 200).await;
        step(&admin, "negotiating", 200).await;
        agree(&admin, &id).await;
        let path = format!("clauses/{id}");
        let seen = admin.if_match(&admin.get(&path).await.expect(200));
        let (adoption, edit) = tokio::join!(
            admin.post("statements/seoul-declaration/transitions", json!({"to": "adopted"})),
            seen.patch(&path, json!({"text": {"en": "Other words."}})),
        );
        let adopted = adoption.status.as_u16() == 200;
        let (won, lost, beginning) = if adopted { (adoption, edit, "Seoul") } else { (edit, adoption, "Draft") };
        won.expect(200);
        lost.expect(409);
        let text = export(&admin, "format=text").await;
        assert!(text.starts_with(beginning) && text.contains("Agreed words.") == adopted, "{text}");
    }

    async fn a_page_of_statements_costs_the_same_however_long_it_is(server) {
        let admin = drafting(&server).await;
        let mut costs = vec![];
        for more in [1, 10] {
            for n in 0..more {
                let mut body = declaration();
                body["code"] = json!(format!("text-{more}-{n}"));
                admin.post("statements", body).await.expect(201);
            }
            server.statements();
            admin.get("statements").await.expect(200);
            costs.push(server.statements());
        }
        assert_eq!(costs[0], costs[1]);
    }

    async fn a_partner_synchronises_statements_by_its_own_id(server) {
        let admin = drafting(&server).await;
        let path = "statements/by-external/registry/77";
        let mut body = declaration();
        body["code"] = json!("from-outside");
        let made = admin.put(path, body.clone()).await.expect(201);
        body["title"] = json!({"en": "Renamed"});
        let again = admin.put(path, body).await.expect(200);
        assert_eq!((again.id(), again.json["version"].as_i64(), &again.json["title"]["en"]), (made.id(), Some(2), &json!("Renamed")));
    }
}

/// Adopts the declaration, whose only clause is `id`.
async fn adopted_with(admin: &Client, id: &str) {
    step(admin, "tabled", 200).await;
    step(admin, "negotiating", 200).await;
    agree(admin, id).await;
    step(admin, "adopted", 200).await;
}
