//! What a statement says: clauses, versions, first drafts and exports.

use domain::access::Role;
use serde_json::{Value, json};

use super::*;
use crate::{on_both, support::Answer};

on_both! {
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
}
