//! How a statement goes from drafting to its end, and who sees it on the way.

use domain::access::{NewKey, Role};
use serde_json::{Value, json};

use super::*;
use crate::on_both;

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
        // Whoever does not see the statement is not told that it is there, only that the id is taken.
        let event = json!({
            "code": "own", "kind": "workshop", "title": {"en": "Own"}, "city": {"name": {"en": "Hanoi"}},
            "time_zone": "UTC", "starts_on": "2026-05-04", "ends_on": "2026-05-05", "languages": ["en"],
        });
        admin.post("events", event).await.expect(201);
        let event_ids = vec!["own".into()];
        let other = server.key(NewKey { role: Role::Secretariat, event_ids, ..NewKey::default() }).await;
        let mut body = declaration();
        body["code"] = json!("other");
        body["event_id"] = json!("own");
        let refused = other.put(path, body).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/external-id-taken");
    }
}
