//! Who was represented in a session.

use serde_json::json;

use super::*;
use crate::on_both;

on_both! {
    async fn a_sheet_has_a_line_for_every_delegation_and_adds_up(server) {
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "KR", "CZ"] {
            seoul.invite(code).await;
        }
        let head = seoul.nominate("KR", "Kim", "head").await.id();
        let sheet = seoul.session("participants").await;
        let blank = seoul.admin.get(&sheet).await.expect(200);
        assert_eq!(each(&blank, "lines", "organisation_code"), ["CZ", "KR", "PL"]);
        assert_eq!(each(&blank, "lines", "status"), ["unknown"; 3]);
        assert_eq!(blank.json["lines"][0]["version"], 0);

        let record = json!({"status": "present", "represented_by": head, "note": "Opened the meeting"});
        let line = seoul.admin.put(&format!("{sheet}/KR"), record).await.expect(200);
        assert_eq!((line.header("etag"), &line.json["represented_by"]), ("\"1\"", &json!(head)));
        assert_eq!(seoul.admin.get(&format!("{sheet}/kr")).await.expect(200).json, line.json);
        seoul.admin.put(&format!("{sheet}/PL"), json!({"status": "excused"})).await.expect(200);
        let after = seoul.admin.get(&sheet).await.expect(200);
        assert_eq!(each(&after, "lines", "status"), ["unknown", "present", "excused"]);
        let counts = json!({"present": 1, "online": 0, "excused": 1, "absent": 0, "unknown": 1, "delegations": 3});
        assert_eq!(after.json["counts"], counts);
        assert_eq!(after.json["event_id"], seoul.event);
    }

    async fn a_line_is_written_on_top_of_what_was_read(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.invite("PL").await.id();
        let path = format!("{}/{delegation}", seoul.session("participants").await);
        let blank = seoul.admin.get(&path).await.expect(200);
        let first = seoul.admin.if_match(&blank).put(&path, json!({"status": "present"})).await.expect(200);
        seoul.admin.put(&path, json!({"status": "absent"})).await.expect(428);
        let stale = seoul.admin.if_match(&blank).put(&path, json!({"status": "absent"})).await.expect(412);
        assert_eq!(stale.json["current"], first.json);
        let second = seoul.admin.if_match(&first).put(&path, json!({"status": "online"})).await.expect(200);
        assert_eq!((&second.json["status"], &second.json["version"]), (&json!("online"), &json!(2)));
        let mistaken = seoul.admin.if_match(&second).put(&path, json!({"status": "unknown"})).await.expect(200);
        assert_eq!(mistaken.json["status"], "unknown");
        seoul.admin.if_match(&mistaken).put(&path, json!({"status": "asleep"})).await.expect(400);
    }

    async fn many_lines_are_recorded_all_or_none(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await.id();
        seoul.invite("CZ").await;
        let (kowal, novak) = (seoul.nominate("PL", "Kowal", "head").await.id(), seoul.nominate("CZ", "Novak", "head").await.id());
        let sheet = seoul.session("participants").await;
        let blank = seoul.admin.get(&sheet).await.expect(200);
        let line = |delegation: &str, status: &str| json!({"delegation_id": delegation, "status": status});
        let by = |delegation: &str, status: &str, delegate: &str| json!({"delegation_id": delegation, "status": status, "represented_by": delegate});
        for (lines, code) in [
            (json!([line("PL", "present"), line("KR", "present")]), "unknown_delegation"),
            (json!([line("PL", "present"), line(&poland, "absent")]), "repeated"),
            (json!([by("PL", "present", &kowal), by("CZ", "present", &kowal)]), "unknown_delegate"),
            (json!([by("PL", "present", &kowal), by("CZ", "absent", &novak)]), "does_not_fit_status"),
            (json!([]), "out_of_range"),
        ] {
            assert_eq!(seoul.admin.post(&sheet, json!({"lines": lines})).await.expect(422).codes(), [code]);
            assert_eq!(seoul.admin.get(&sheet).await.expect(200).json, blank.json, "{code}");
        }
        let good = json!({"lines": [by(&poland, "present", &kowal), by("cz", "online", &novak)]});
        let recorded = seoul.admin.post(&sheet, good.clone()).await.expect(200);
        assert_eq!(each(&recorded, "lines", "status"), ["online", "present"]);
        assert_eq!(recorded.json["counts"]["delegations"], 2);
        // What is recorded already is not written again; what differs needs no version.
        assert_eq!(seoul.admin.post(&sheet, good).await.expect(200).json, recorded.json);
        let left = seoul.admin.post(&sheet, json!({"lines": [line("PL", "absent"), by("CZ", "online", &novak)]})).await.expect(200);
        let versions: Vec<_> = left.json["lines"].as_array().unwrap().iter().map(|line| line["version"].as_i64().unwrap()).collect();
        assert_eq!(versions, [1, 2]);
        assert!(left.json["lines"][1]["represented_by"].is_null());
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        assert_eq!(each(&changes, "items", "type").into_iter().filter(|kind| *kind == "attendance.updated").count(), 3);
    }

    async fn doors_that_record_at_once_lose_nothing(server) {
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "CZ", "KR"] {
            seoul.invite(code).await;
        }
        let sheet = seoul.session("participants").await;
        let doors: Vec<_> = [["PL", "CZ"], ["CZ", "KR"], ["KR", "PL"]].into_iter().map(|seen| {
            let (admin, sheet) = (seoul.admin.clone(), sheet.clone());
            let lines = seen.map(|code| json!({"delegation_id": code, "status": "present"}));
            tokio::spawn(async move { admin.post(&sheet, json!({"lines": lines})).await.expect(200) })
        }).collect();
        for door in doors {
            door.await.unwrap();
        }
        let after = seoul.admin.get(&sheet).await.expect(200);
        assert_eq!(each(&after, "lines", "status"), ["present"; 3]);
        let versions: Vec<_> = after.json["lines"].as_array().unwrap().iter().map(|line| line["version"].clone()).collect();
        assert_eq!(versions, [1, 1, 1]);
    }

    async fn a_session_of_the_past_keeps_who_sat_in_it(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.invite("PL").await;
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let path = format!("{}/PL", seoul.session("participants").await);
        let line = seoul.admin.put(&path, json!({"status": "present", "represented_by": head.id()})).await.expect(200);
        seoul.admin.if_match(&head).delete(&format!("delegates/{}", head.id())).await.expect(204);
        assert_eq!(seoul.admin.get(&path).await.expect(200).json, line.json);
        let gone = json!({"status": "online", "represented_by": head.id()});
        assert_eq!(seoul.admin.if_match(&line).put(&path, gone).await.expect(422).codes(), ["unknown_delegate"]);
        let path = format!("delegations/{}", delegation.id());
        let delegation = seoul.admin.get(&path).await.expect(200);
        let used = seoul.admin.if_match(&delegation).delete(&path).await.expect(409);
        assert_eq!(used.json["type"], "/problems/delegation-in-use");
    }

    async fn a_delegate_reads_its_own_line_and_writes_none(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        seoul.confirmed("CZ", "Novak").await;
        let (sheet, hidden) = (seoul.session("participants").await, seoul.session("secretariat").await);
        for sheet in [&sheet, &hidden] {
            let lines = json!([{"delegation_id": "PL", "status": "present"}, {"delegation_id": "CZ", "status": "absent"}]);
            seoul.admin.post(sheet, json!({"lines": lines})).await.expect(200);
        }
        let delegate = seoul.delegate(&server, "PL").await;
        let own = delegate.get(&sheet).await.expect(200);
        assert_eq!(each(&own, "lines", "organisation_code"), ["PL"]);
        let counts = json!({"present": 1, "online": 0, "excused": 0, "absent": 0, "unknown": 0, "delegations": 1});
        assert_eq!(own.json["counts"], counts);
        delegate.get(&format!("{sheet}/PL")).await.expect(200);
        let missing = delegate.get(&format!("{sheet}/XX")).await.expect(404);
        for path in [format!("{sheet}/CZ"), hidden.clone(), format!("{hidden}/PL")] {
            assert_eq!(same_but_the_request(&delegate.get(&path).await.expect(404)), same_but_the_request(&missing), "{path}");
        }
        delegate.header("If-Match", "*").put(&format!("{sheet}/PL"), json!({"status": "absent"})).await.expect(403);
        delegate.post(&sheet, json!({"lines": [{"delegation_id": "PL", "status": "absent"}]})).await.expect(403);
        server.anonymous().get(&sheet).await.expect(401);
        server.anonymous().put(&format!("{sheet}/PL"), json!({"status": "absent"})).await.expect(401);
        let changes = delegate.get("changes?limit=200").await.expect(200);
        assert_eq!(each(&changes, "items", "type").into_iter().filter(|kind| kind.starts_with("attendance")).count(), 1);
    }

    async fn who_took_part_is_who_was_represented_in_a_session(server) {
        use api::{attendance::{Meeting, delegations_of, represented}, context::Ctx};
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "CZ", "KR"] {
            seoul.invite(code).await;
        }
        let (first, second) = (seoul.session("participants").await, seoul.session("participants").await);
        for (sheet, code, status) in [(&first, "PL", "present"), (&first, "CZ", "absent"), (&second, "KR", "online"), (&second, "PL", "present")] {
            seoul.admin.put(&format!("{sheet}/{code}"), json!({"status": status})).await.expect(200);
        }
        let ctx = Ctx::internal(&server.app, "console");
        let event = domain::identifier::EventId(seoul.event.parse().unwrap());
        let session = domain::identifier::SessionId(first.split('/').nth(1).unwrap().parse().unwrap());
        let ids = |found: Vec<domain::identifier::OrganisationId>| found.into_iter().map(|id| id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids(represented(&ctx, Meeting::Event(event)).await.unwrap()), [seoul.state("KR"), seoul.state("PL")]);
        assert_eq!(ids(represented(&ctx, Meeting::Session(session)).await.unwrap()), [seoul.state("PL")]);
        let delegations = delegations_of(&ctx, event).await.unwrap();
        assert_eq!(delegations.iter().map(|it| it.content.organisation_code.as_str()).collect::<Vec<_>>(), ["CZ", "KR", "PL"]);
    }
}
