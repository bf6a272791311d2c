//! Credentials: the papers of a delegation, what is found of them, and what it may do with them.

use serde_json::json;

use super::*;
use crate::on_both;

fn note(original_seen: bool) -> Value {
    json!({
        "kind": "note_verbale", "issuer": "foreign_ministry", "issued_on": "2019-09-30",
        "original_seen": original_seen, "powers": ["represent", "vote"],
    })
}

async fn find(client: &Client, delegation: &str, finding: Value) -> Answer {
    client.post(&format!("delegations/{delegation}/findings"), finding).await
}

/// Of a refusal, why.
trait Refused {
    fn refused(&self, code: &str);
}

impl Refused for Answer {
    #[track_caller]
    fn refused(&self, code: &str) {
        let problem = self.json["type"].as_str().unwrap();
        assert!(problem.ends_with(&format!("/{code}")), "{problem} is not {code}");
    }
}

on_both! {
    async fn credentials_go_from_a_copy_to_a_decision_and_every_finding_stays_on_record(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.confirmed("PL", "Kowal").await.id();
        let head = seoul.admin.get("events/seoul-2019/delegates?delegation=PL").await.expect(200).json["items"][0]["id"].clone();
        let own = seoul.delegate(&server, "PL").await;
        let standing = own.get(&format!("delegations/{poland}/finding")).await.expect(200);
        assert_eq!((&standing.json["finding"], &standing.json["number"]), (&json!("none"), &json!(0)));
        assert_eq!(standing.json["participation"], "votes", "seated provisionally until the committee has reported");

        find(&seoul.admin, &poland, json!({"to": "provisional"})).await.expect(409).refused("no-document");
        let mut paper = note(false);
        paper["delegate_ids"] = json!([head]);
        let paper = own.post(&format!("delegations/{poland}/credentials"), paper).await.expect(201);
        find(&seoul.admin, &poland, json!({"to": "provisional"})).await.expect(200);
        find(&seoul.admin, &poland, json!({"to": "in_due_form"})).await.expect(409).refused("original-not-seen");
        let seen = json!({"original_seen": true});
        seoul.admin.if_match(&paper).patch(&format!("credentials/{}", paper.id()), seen).await.expect(200);
        find(&seoul.admin, &poland, json!({"to": "in_due_form"})).await.expect(200);
        find(&seoul.admin, &poland, json!({"to": "rejected"})).await.expect(409).refused("wrong-finding");
        find(&seoul.admin, &poland, json!({"to": "challenged"})).await.expect(409).refused("no-reason");
        find(&seoul.admin, &poland, json!({"to": "challenged", "reason": "Two papers differ"})).await.expect(200);
        let unsaid = json!({"to": "rejected", "reason": "Neither is signed"});
        find(&seoul.admin, &poland, unsaid).await.expect(409).refused("no-decision");
        let session = json!({"event_id": "seoul-2019", "kind": "plenary", "title": {"en": "Opening"}});
        let session = seoul.admin.post("sessions", session).await.expect(201).id();
        let decided = json!({"to": "rejected", "reason": "Neither is signed", "session_id": session});
        let rejected = find(&seoul.admin, &poland, decided).await.expect(200);
        assert_eq!((&rejected.json["session_id"], &rejected.json["participation"]), (&json!(session), &json!("excluded")));

        let history = own.get(&format!("delegations/{poland}/findings")).await.expect(200);
        assert_eq!(each(&history, "items", "finding"), ["provisional", "in_due_form", "challenged", "rejected"]);
        find(&own, &poland, json!({"to": "provisional"})).await.expect(403);
    }

    async fn a_session_of_another_event_decides_nothing_here(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await.id();
        seoul.admin.post(&format!("delegations/{poland}/credentials"), note(true)).await.expect(201);
        find(&seoul.admin, &poland, json!({"to": "in_due_form"})).await.expect(200);
        let mut elsewhere = seoul.admin.get("events/seoul-2019").await.expect(200).json;
        let known = ["id", "version", "created_at", "changed_at", "state"];
        known.iter().for_each(|member| drop(elsewhere.as_object_mut().unwrap().remove(*member)));
        elsewhere["code"] = json!("elsewhere");
        seoul.admin.post("events", elsewhere).await.expect(201);
        let session = json!({"event_id": "elsewhere", "kind": "plenary", "title": {"en": "Opening"}});
        let session = seoul.admin.post("sessions", session).await.expect(201).id();
        let refused = find(&seoul.admin, &poland, json!({"to": "accepted", "session_id": session})).await.expect(422);
        assert_eq!(refused.json["errors"][0]["pointer"], "/session_id");
    }

    async fn a_delegation_does_not_touch_what_the_secretariat_has_seen_the_original_of(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await.id();
        let own = seoul.delegate(&server, "PL").await;
        let papers = format!("delegations/{poland}/credentials");
        let claimed = own.post(&papers, note(true)).await.expect(422);
        assert_eq!(claimed.json["errors"][0]["code"], "for_the_secretariat");
        let paper = own.post(&papers, note(false)).await.expect(201);
        let path = format!("credentials/{}", paper.id());
        own.if_match(&paper).patch(&path, json!({"reference": "NV 1"})).await.expect(200);
        let any = own.header("If-Match", "*");
        any.patch(&path, json!({"original_seen": true})).await.expect(422);
        seoul.admin.header("If-Match", "*").patch(&path, json!({"original_seen": true})).await.expect(200);
        any.patch(&path, json!({"reference": "NV 2"})).await.expect(409).refused("original-on-record");
        any.delete(&path).await.expect(409).refused("original-on-record");
        assert_eq!(own.get(&path).await.expect(200).json["reference"], "NV 1");
        seoul.admin.header("If-Match", "*").delete(&path).await.expect(204);
        own.get(&path).await.expect(410);
    }

    async fn a_credential_names_delegates_of_its_own_delegation_only(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await.id();
        seoul.invite("CZ").await;
        let novak = seoul.nominate("CZ", "Novak", "head").await.id();
        let mut paper = note(false);
        paper["delegate_ids"] = json!([novak]);
        let refused = seoul.admin.post(&format!("delegations/{poland}/credentials"), paper).await.expect(422);
        assert_eq!(refused.json["errors"][0]["pointer"], "/delegate_ids/0");
    }

    async fn other_delegations_learn_nothing_of_papers_and_findings(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.confirmed("PL", "Kowal").await.id();
        seoul.invite("CZ").await;
        let paper = seoul.admin.post(&format!("delegations/{poland}/credentials"), note(true)).await.expect(201).id();
        find(&seoul.admin, &poland, json!({"to": "in_due_form"})).await.expect(200);
        let other = seoul.delegate(&server, "CZ").await;
        other.get(&format!("delegations/{poland}")).await.expect(200);
        for path in ["credentials", "findings", "finding"] {
            other.get(&format!("delegations/{poland}/{path}")).await.expect(403);
        }
        other.get(&format!("credentials/{paper}")).await.expect(404);
        let changes = other.get("changes").await.expect(200);
        assert!(!changes.text.contains("credential"), "{}", changes.text);
        let own = seoul.delegate(&server, "PL").await.get("changes").await.expect(200);
        assert!(own.text.contains("credential_finding.recorded"), "{}", own.text);
    }

    async fn rules_of_the_event_come_before_those_of_its_group(server) {
        let seoul = Seoul::new(&server).await;
        let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}});
        seoul.admin.post("groups", group).await.expect(201);
        seoul.admin.header("If-Match", "*").patch("events/seoul-2019", json!({"group_id": "cyber"})).await.expect(200);
        let poland = seoul.invite("PL").await.id();
        let rules = |none: &str| json!({"until_report": {"none": none, "provisional": "votes"}});
        let may = async |expected: [&str; 2]| {
            let in_force = seoul.admin.get("events/seoul-2019/rules").await.expect(200);
            let standing = seoul.admin.get(&format!("delegations/{poland}/finding")).await.expect(200);
            assert_eq!([&in_force.json["from"], &standing.json["participation"]], expected);
        };
        may(["default", "votes"]).await;
        seoul.admin.put("groups/cyber/rules", rules("seated")).await.expect(200);
        may(["group", "seated"]).await;
        let own = seoul.admin.put("events/seoul-2019/rules", rules("excluded")).await.expect(200);
        may(["event", "excluded"]).await;
        seoul.admin.put("events/seoul-2019/rules", rules("votes")).await.expect(428);
        // From the committee's report on, other rules hold.
        let mut reported = rules("votes");
        reported["committee_reported_at"] = json!("2019-10-07T00:00:00Z");
        seoul.admin.if_match(&own).put("events/seoul-2019/rules", reported).await.expect(200);
        may(["event", "seated"]).await;
    }

    async fn the_committees_draft_report_lists_delegations_in_the_alphabet_of_the_language(server) {
        let seoul = Seoul::new(&server).await;
        let names = [("LV", "Latvia", "Łotwa", "Lettonie"), ("LU", "Luxembourg", "Luksemburg", "Luxembourg")];
        for (code, en, pl, fr) in names {
            let names = json!({"en": {"list": en}, "pl": {"list": pl}, "fr": {"list": fr}});
            let state = json!({"code": code, "kind": "state", "alpha2": code, "names": names});
            seoul.admin.post("organisations", state).await.expect(201);
            let delegation = seoul.confirmed(code, code).await.id();
            seoul.admin.post(&format!("delegations/{delegation}/credentials"), note(true)).await.expect(201);
            find(&seoul.admin, &delegation, json!({"to": "in_due_form"})).await.expect(200);
        }
        seoul.confirmed("PL", "Kowal").await;
        // Invited, and never heard of again.
        seoul.invite("CZ").await;
        let report = async |query: &str| {
            seoul.admin.get(&format!("events/seoul-2019/credentials-report?{query}")).await.expect(200).text
        };
        let english = report("lang=en").await;
        assert!(english.contains("- Latvia\n- Luxembourg\n\n## B."), "{english}");
        assert!(english.contains("No credentials have been received from one delegation:\n\n- Poland"), "{english}");
        assert!(!english.contains("Czechia"), "{english}");
        let polish = report("lang=pl").await;
        assert!(polish.contains("- Luksemburg\n- Łotwa"), "{polish}");
        assert!(polish.contains("złożyły 2 delegacje:"), "{polish}");
        let french = report("lang=fr&format=html").await;
        assert!(french.contains("<html lang=\"fr\""), "{french}");
        assert!(french.contains("<li>Lettonie</li>\n<li>Luxembourg</li>"), "{french}");
        seoul.delegate(&server, "PL").await.get("events/seoul-2019/credentials-report").await.expect(403);
    }
}
