//! Delegations, from the invitation to the end of the event.

use domain::access::{NewKey, Role};
use serde_json::json;

use super::*;
use crate::on_both;

on_both! {
    async fn a_delegation_lives_from_invitation_to_the_end(server) {
        let seoul = Seoul::new(&server).await;
        let invited = json!({"organisation_id": "PL", "category": "member", "invitation_reference": "NV 17/2019", "reply_due": "2019-09-15"});
        let invited = seoul.admin.post("events/seoul-2019/delegations", invited).await.expect(201);
        assert_eq!(invited.header("location"), format!("/api/v1/delegations/{}", invited.id()));
        assert_eq!(invited.json["organisation_id"], seoul.state("PL"));
        assert_eq!(invited.json["organisation_name"], json!({"en": "Poland"}));
        assert_eq!((&invited.json["state"], &invited.json["event_id"]), (&json!("invited"), &json!(seoul.event)));
        let id = invited.id();
        for (to, refused) in [("submitted", "/problems/wrong-state"), ("invited", "/problems/invited-once")] {
            assert_eq!(step(&seoul.admin, &id, to).await.expect(409).json["type"], refused);
        }
        step(&seoul.admin, &id, "accepted").await.expect(200);
        step(&seoul.admin, &id, "composing").await.expect(200);
        assert_eq!(step(&seoul.admin, &id, "submitted").await.expect(409).json["type"], "/problems/no-head");
        seoul.nominate("PL", "Nowak", "head").await;
        for to in ["submitted", "confirmed", "closed"] {
            assert_eq!(step(&seoul.admin, &id, to).await.expect(200).json["state"], to);
        }
        let read = seoul.admin.get(&format!("delegations/{id}")).await.expect(200);
        // Five steps, and a head was named.
        assert_eq!((&read.json["version"], &read.json["reply_due"]), (&json!(7), &json!("2019-09-15")));
        assert_eq!(step(&seoul.admin, &id, "accepted").await.expect(409).json["type"], "/problems/wrong-state");
        step(&seoul.admin, &id, "gone").await.expect(400);
    }

    async fn a_state_that_is_renamed_later_came_under_the_name_it_had(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("CZ", "Novák").await;
        let sheet = seoul.session("participants").await;
        let renamed = json!({"names": {"en": {"list": "Bohemia"}}});
        let any = seoul.admin.header("If-Match", "*");
        let state = any.patch("organisations/CZ", renamed).await.expect(200);
        assert_eq!(state.json["former_names"], json!([{"names": {"en": {"list": "Czechia"}}, "until": "2026-03-02T08:00:00Z"}]));
        let list = seoul.admin.get("events/seoul-2019/delegations").await.expect(200);
        assert_eq!(list.json["items"][0]["organisation_name"], json!({"en": "Czechia"}));
        assert_eq!(seoul.admin.get(&sheet).await.expect(200).json["lines"][0]["organisation_name"], json!({"en": "Czechia"}));
        let statement = json!({
            "code": "seoul-statement", "kind": "joint_statement", "event_id": "seoul-2019", "drafting_language": "en",
            "languages": ["en"], "title": {"en": "Statement"}, "visibility": "participants",
        });
        seoul.admin.post("statements", statement).await.expect(201);
        let participants = seoul.admin.get("statements/seoul-statement/participants").await.expect(200);
        assert_eq!(participants.json["items"][0]["names"]["en"]["list"], "Czechia");
        let later = json!({
            "code": "hanoi-2027", "kind": "group_meeting", "title": {"en": "Next"}, "city": {"name": {"en": "Hanoi"}},
            "time_zone": "Asia/Ho_Chi_Minh", "starts_on": "2027-10-07", "ends_on": "2027-10-08", "languages": ["en"],
            "visibility": "participants",
        });
        seoul.admin.post("events", later).await.expect(201);
        let invited = seoul.admin.post("events/hanoi-2027/delegations", json!({"organisation_id": "CZ"})).await.expect(201);
        assert_eq!(invited.json["organisation_name"], json!({"en": "Bohemia"}));
        // The old name still finds it.
        assert_eq!(seoul.admin.get("organisations?q=czechia").await.expect(200).json["items"][0]["code"], "CZ");
    }

    async fn an_organisation_has_one_delegation_and_keeps_it(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await;
        let again = seoul.admin.post("events/seoul-2019/delegations", json!({"organisation_id": "pl"})).await.expect(409);
        assert_eq!(again.json["type"], "/problems/already-invited");
        let unknown = seoul.admin.post("events/seoul-2019/delegations", json!({"organisation_id": "XX"})).await.expect(422);
        assert_eq!(unknown.codes(), ["unknown_organisation"]);
        let path = format!("delegations/{}", poland.id());
        let other = seoul.admin.if_match(&poland).patch(&path, json!({"organisation_id": "CZ"})).await.expect(422);
        assert_eq!(other.codes(), ["cannot_change"]);
        let same = json!({"organisation_id": "PL", "category": "host"});
        seoul.admin.put(&path, same.clone()).await.expect(428);
        let changed = seoul.admin.if_match(&poland).put(&path, same.clone()).await.expect(200);
        assert_eq!((&changed.json["category"], &changed.json["organisation_id"]), (&json!("host"), &json!(seoul.state("PL"))));
        let stale = seoul.admin.if_match(&poland).put(&path, same).await.expect(412);
        assert_eq!(stale.json["current"], changed.json);
    }

    async fn a_delegation_leaves_a_tombstone_unless_it_has_delegates(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await;
        let path = format!("delegations/{}", poland.id());
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let led = seoul.admin.get(&path).await.expect(200);
        let used = seoul.admin.if_match(&led).delete(&path).await.expect(409);
        assert_eq!(used.json["type"], "/problems/delegation-in-use");
        let person = format!("delegates/{}", head.id());
        seoul.admin.if_match(&head).delete(&person).await.expect(204);
        seoul.admin.get(&person).await.expect(410);
        let alone = seoul.admin.get(&path).await.expect(200);
        seoul.admin.if_match(&alone).delete(&path).await.expect(204);
        seoul.admin.get(&path).await.expect(410);
        assert_eq!(seoul.admin.get("events/seoul-2019/delegations").await.expect(200).json["items"], json!([]));
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        let gone = |kind: &str| changes.json["items"].as_array().unwrap().iter().any(|item| item["type"] == kind && item["deleted"] == true);
        assert!(gone("delegation.deleted") && gone("delegate.deleted"), "{}", changes.text);
        seoul.invite("PL").await;
    }

    async fn delegations_are_listed_by_code_and_found_by_name_and_state(server) {
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "CZ"] {
            seoul.invite(code).await;
        }
        seoul.confirmed("KR", "Kim").await;
        let codes = async |query: &str| {
            let page = seoul.admin.get(&format!("events/{}/delegations{query}", seoul.event)).await.expect(200);
            each(&page, "items", "organisation_code").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(codes("").await, ["CZ", "KR", "PL"]);
        assert_eq!(codes("?state=invited").await, ["CZ", "PL"]);
        assert_eq!(codes("?q=POLAND").await, ["PL"]);
        let first = seoul.admin.get("events/seoul-2019/delegations?limit=2").await.expect(200);
        let cursor = first.json["next_cursor"].as_str().unwrap();
        assert_eq!(codes(&format!("?limit=2&cursor={cursor}")).await, ["PL"]);
        seoul.admin.get("events/seoul-2019/delegations?state=gone").await.expect(400);
        let english = seoul.admin.get("events/seoul-2019/delegations?lang=en").await.expect(200);
        assert_eq!(each(&english, "items", "organisation_name"), ["Czechia", "Republic of Korea", "Poland"]);
    }

    async fn how_an_invitation_went_out_is_not_shown_to_others(server) {
        let seoul = Seoul::new(&server).await;
        let korea = seoul.confirmed("KR", "Kim").await;
        let path = format!("delegations/{}", korea.id());
        let sent = json!({
            "invitation_reference": "NV 1", "invitation_email": "protocol@mail.example", "reply_due": "2019-09-01",
        });
        seoul.admin.if_match(&korea).patch(&path, sent).await.expect(200);
        seoul.invite("PL").await;
        let own = seoul.delegate(&server, "KR").await.get(&path).await.expect(200);
        assert_eq!((&own.json["invitation_reference"], &own.json["reply_due"]), (&json!("NV 1"), &json!("2019-09-01")));
        assert_eq!(own.json["invitation_email"], "protocol@mail.example");
        let other = seoul.delegate(&server, "PL").await.get(&path).await.expect(200);
        assert_eq!(other.json["organisation_code"], "KR");
        assert!(!other.text.contains("NV 1") && !other.text.contains("protocol@") && !other.text.contains("2019-09-01"), "{}", other.text);
    }

    async fn a_delegation_at_a_hidden_event_is_hidden_from_its_own_organisation(server) {
        let seoul = Seoul::new(&server).await;
        let event = seoul.admin.get("events/seoul-2019").await.expect(200);
        seoul.admin.if_match(&event).patch("events/seoul-2019", json!({"visibility": "secretariat"})).await.expect(200);
        let poland = seoul.invite("PL").await;
        let delegate = seoul.delegate(&server, "PL").await;
        delegate.get(&format!("delegations/{}", poland.id())).await.expect(404);
        delegate.get("events/seoul-2019/delegations").await.expect(404);
        let changes = delegate.get("changes?limit=200").await.expect(200);
        assert!(!changes.text.contains("delegation."), "{}", changes.text);
    }

    async fn staff_work_within_their_limits_and_auditors_only_read(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await;
        let path = format!("delegations/{}", poland.id());
        let other = json!({
            "code": "hanoi-2025", "kind": "visit", "title": {"en": "Visit"}, "city": {"name": {"en": "Hanoi"}},
            "time_zone": "Asia/Ho_Chi_Minh", "starts_on": "2025-10-24", "ends_on": "2025-10-26", "languages": ["en"],
            "visibility": "public",
        });
        let hanoi = seoul.admin.post("events", other).await.expect(201).id();
        let staff = async |event: &str| {
            let event_ids = vec![event.into()];
            server.key(NewKey { role: Role::Secretariat, event_ids, ..NewKey::default() }).await
        };
        let (here, elsewhere) = (staff(&seoul.event).await, staff(&hanoi).await);
        here.get(&path).await.expect(200);
        step(&here, &poland.id(), "accepted").await.expect(200);
        elsewhere.get(&path).await.expect(404);
        step(&elsewhere, &poland.id(), "declined").await.expect(404);
        here.post("events/hanoi-2025/delegations", json!({"organisation_id": "PL"})).await.expect(403);
        let auditor = server.role(Role::Auditor).await;
        auditor.get(&path).await.expect(200);
        step(&auditor, &poland.id(), "declined").await.expect(403);
        for path in [path.as_str(), "events/seoul-2019/delegations", "events/seoul-2019/delegates"] {
            server.anonymous().get(path).await.expect(401);
        }
        server.anonymous().post("events/hanoi-2025/delegations", json!({"organisation_id": "PL"})).await.expect(401);
    }

    async fn forty_six_delegations_fit_on_one_page(server) {
        let seoul = Seoul::new(&server).await;
        for n in 0..46 {
            let code = format!("ORG-{n:02}");
            seoul.admin.post("organisations", json!({"code": code, "kind": "agency", "names": {"en": {"list": code}}})).await.expect(201);
            seoul.invite(&code).await;
        }
        let page = seoul.admin.get("events/seoul-2019/delegations").await.expect(200);
        assert_eq!(each(&page, "items", "organisation_code").len(), 46);
        assert!(page.json["next_cursor"].is_null());
    }
}
