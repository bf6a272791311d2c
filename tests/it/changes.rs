//! The change feed, the audit log and repeated POSTs.

use domain::access::Role;
use serde_json::json;

use crate::on_both;

fn ngo(code: &str) -> serde_json::Value {
    json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}})
}

on_both! {
    async fn every_change_is_told_once_in_commit_order(server) {
        let admin = server.admin().await;
        let made = admin.post("organisations", ngo("ONE")).await.expect(201);
        let changed = admin.if_match(&made).patch("organisations/ONE", json!({"region": "Europe"})).await.expect(200);
        admin.if_match(&changed).delete("organisations/ONE").await.expect(204);
        let first = server.anonymous().get("changes?limit=2").await.expect(200);
        let kinds = |answer: &serde_json::Value| {
            answer["items"].as_array().unwrap().iter().map(|item| item["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&first.json), ["organisation.created", "organisation.updated"]);
        assert_eq!(first.json["more"], true);
        let next = first.json["next"].as_str().unwrap();
        let rest = server.anonymous().get(&format!("changes?after={next}")).await.expect(200);
        assert_eq!((kinds(&rest.json), &rest.json["items"][0]["deleted"]), (vec!["organisation.deleted".to_owned()], &json!(true)));
        // The key made for this test, and the account it belongs to, are nobody's business but the administrators'.
        let kinds = kinds(&admin.get("changes").await.expect(200).json);
        assert_eq!(kinds[..2], ["account.created", "key.created"]);
        admin.get("changes?after=00000000-0000-7000-8000-000000000000").await.expect(422);
    }

    async fn a_waiting_reader_gets_the_next_change_when_it_comes(server) {
        let admin = server.admin().await;
        let next = admin.get("changes").await.expect(200).json["next"].as_str().unwrap().to_owned();
        let path = format!("changes?after={next}&wait=20");
        let (waited, made) = tokio::join!(admin.get(&path), admin.post("organisations", ngo("LATE")));
        assert_eq!(waited.expect(200).json["items"][0]["object_id"], made.expect(201).json["id"]);
    }

    async fn the_audit_log_says_who_changed_what(server) {
        let secretariat = server.role(Role::Secretariat).await;
        let made = secretariat.post("organisations", ngo("ONE")).await.expect(201);
        secretariat.if_match(&made).patch("organisations/ONE", json!({"region": "Europe"})).await.expect(200);
        let auditor = server.role(Role::Auditor).await;
        let entries = auditor.get(&format!("audit-entries?object_id={}", made.id())).await.expect(200);
        let last = &entries.json["items"][1];
        assert_eq!((&last["action"], &last["actor_name"]), (&json!("organisation.updated"), &json!("secretariat of the test")));
        assert_eq!(last["diff"], json!({"region": {"old": null, "new": "Europe"}}));
        secretariat.get("audit-entries").await.expect(403);
        server.anonymous().get("audit-entries").await.expect(401);
    }

    async fn the_audit_log_cannot_be_rewritten(server) {
        use sea_orm::ConnectionTrait;
        server.admin().await.post("organisations", ngo("ONE")).await.expect(201);
        for statement in ["UPDATE audit_entries SET actor_name = 'nobody'", "DELETE FROM audit_entries"] {
            assert!(server.app.db.read().execute_unprepared(statement).await.is_err(), "{statement}");
        }
    }

    async fn a_repeated_post_has_one_effect_and_one_answer(server) {
        let admin = server.admin().await.header("Idempotency-Key", "9a1b");
        let first = admin.post("organisations", ngo("ONE")).await.expect(201);
        let again = admin.post("organisations", ngo("ONE")).await.expect(201);
        assert_eq!((&again.text, again.header("location"), again.header("idempotency-replayed")), (&first.text, first.header("location"), "true"));
        let other = admin.post("organisations", ngo("TWO")).await.expect(422);
        assert_eq!(other.json["type"], "/problems/idempotency-key-reused");
        assert_eq!(admin.get("organisations").await.json["items"].as_array().unwrap().len(), 1);
    }

    async fn parallel_repetitions_have_one_effect(server) {
        let admin = server.admin().await.header("Idempotency-Key", "9a1b");
        let answers = futures_util::future::join_all((0..20).map(|_| admin.post("organisations", ngo("ONE")))).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert!(made >= 1 && answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 409)), "{answers:?}");
        assert_eq!(admin.get("organisations").await.json["items"].as_array().unwrap().len(), 1);
    }
}
