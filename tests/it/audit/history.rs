//! The history of an object, as those see it who may see the object.

use domain::access::Role;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// The actions of a history, oldest first.
fn actions(answer: &Answer) -> Vec<&str> {
    answer.json["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap()).collect()
}

fn event(circle: &str) -> Value {
    json!({
        "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Working title"},
        "city": {"name": {"en": "Seoul"}}, "country_id": "KR", "time_zone": "Asia/Seoul",
        "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en"], "visibility": circle,
    })
}

/// Korea and Poland, and an event at which Poland has a delegation.
async fn meeting(server: &Server, circle: &str) -> (Client, Answer) {
    let admin = server.admin().await;
    for code in ["KR", "PL", "VN"] {
        let state =
            json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": code, "text": code}}});
        admin.post("organisations", state).await.expect(201);
    }
    let event = admin.post("events", event(circle)).await.expect(201);
    (admin, event)
}

on_both! {
    async fn staff_learn_who_changed_what_and_others_only_what(server) {
        let (admin, made) = meeting(&server, "public").await;
        admin.if_match(&made).patch("events/seoul-2019", json!({"title": {"en": "Meeting"}})).await.expect(200);
        let seen = server.role(Role::Secretariat).await.get("events/seoul-2019/history").await.expect(200);
        assert_eq!(actions(&seen), ["event.created", "event.updated"]);
        let last = &seen.json["items"][1];
        assert_eq!(last["actor_name"], "admin of the test");
        assert_eq!(last["diff"]["title"], json!({"old": {"en": "Working title"}, "new": {"en": "Meeting"}}));
        assert_eq!(seen.json["items"][0]["diff"]["code"], json!({"new": "seoul-2019"}));
        let public = server.anonymous().get("events/seoul-2019/history").await.expect(200);
        assert_eq!(public.json["items"][1]["diff"], last["diff"]);
        assert!(!public.text.contains("of the test"), "{}", public.text);
    }

    async fn what_an_event_was_before_it_was_published_stays_with_staff(server) {
        let (admin, made) = meeting(&server, "secretariat").await;
        server.anonymous().get("events/seoul-2019/history").await.expect(404);
        let changes = json!({"title": {"en": "Meeting"}, "visibility": "public"});
        admin.if_match(&made).patch("events/seoul-2019", changes).await.expect(200);
        let public = server.anonymous().get("events/seoul-2019/history").await.expect(200);
        assert_eq!(actions(&public), ["event.updated"]);
        assert!(public.text.contains("Meeting") && !public.text.contains("Working title"), "{}", public.text);
        assert!(admin.get("events/seoul-2019/history").await.expect(200).text.contains("Working title"));
    }

    async fn a_history_comes_in_pages_and_costs_the_same_whatever_its_length(server) {
        let (admin, mut made) = meeting(&server, "public").await;
        for n in 0..5 {
            let title = json!({"title": {"en": format!("Title {n}")}});
            made = admin.if_match(&made).patch("events/seoul-2019", title).await.expect(200);
        }
        let first = admin.get("events/seoul-2019/history?limit=4").await.expect(200);
        let next = first.json["next_cursor"].as_str().unwrap();
        let rest = admin.get(&format!("events/seoul-2019/history?limit=4&cursor={next}")).await.expect(200);
        assert_eq!((actions(&first).len(), actions(&rest).len()), (4, 2));
        assert_eq!(rest.json["items"][1]["diff"]["title"]["new"]["en"], "Title 4");
        server.statements();
        admin.get("events/seoul-2019/history?limit=1").await.expect(200);
        let short = server.statements();
        admin.get("events/seoul-2019/history").await.expect(200);
        assert_eq!(server.statements(), short);
    }

    async fn every_kind_of_object_has_a_history(server) {
        let (admin, _) = meeting(&server, "participants").await;
        let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "participants"});
        admin.post("groups", group).await.expect(201);
        let person = admin.post("persons", json!({"display_name": "Maria", "organisation_id": "PL"})).await.expect(201);
        let session = json!({"event_id": "seoul-2019", "kind": "plenary", "title": {"en": "Opening"}});
        let session = admin.post("sessions", session).await.expect(201);
        let statement = json!({
            "code": "joint", "kind": "joint_statement", "event_id": "seoul-2019", "drafting_language": "en",
            "languages": ["en"], "title": {"en": "Statement"}, "visibility": "participants",
        });
        admin.post("statements", statement).await.expect(201);
        let delegation = admin.post("events/seoul-2019/delegations", json!({"organisation_id": "PL"})).await.expect(201);
        for (path, first) in [
            ("organisations/PL".to_owned(), "organisation.created"),
            (format!("persons/{}", person.id()), "person.created"),
            ("groups/cyber".to_owned(), "group.created"),
            ("events/seoul-2019".to_owned(), "event.created"),
            (format!("sessions/{}", session.id()), "session.created"),
            ("statements/joint".to_owned(), "statement.created"),
            (format!("delegations/{}", delegation.id()), "delegation.invited"),
        ] {
            let history = admin.get(&format!("{path}/history")).await.expect(200);
            assert_eq!(actions(&history), [first], "{path}");
            assert_ne!(history.json["items"][0]["diff"], json!({}), "{path}");
        }
    }

    async fn a_delegation_reads_its_own_history_and_nobody_elses_terms(server) {
        let (admin, _) = meeting(&server, "participants").await;
        let invited = json!({"organisation_id": "PL", "invitation_reference": "NV 12/2019", "reply_due": "2019-09-15"});
        let path = admin.post("events/seoul-2019/delegations", invited).await.expect(201);
        let path = format!("delegations/{}", path.id());
        admin.post("events/seoul-2019/delegations", json!({"organisation_id": "VN"})).await.expect(201);
        let person = admin.post("persons", json!({"display_name": "Maria", "organisation_id": "PL"})).await.expect(201);
        admin.post(&format!("{path}/transitions"), json!({"to": "accepted"})).await.expect(200);
        let head = json!({"delegation_id": "PL", "person_id": person.id(), "function": "head"});
        admin.post("events/seoul-2019/delegates", head).await.expect(201);
        for to in ["submitted", "confirmed"] {
            admin.post(&format!("{path}/transitions"), json!({ "to": to })).await.expect(200);
        }
        let own = server.delegate_of("PL").await.get(&format!("{path}/history")).await.expect(200);
        let steps = ["delegation.invited", "delegation.state_changed", "delegation.heads_changed"];
        assert_eq!(actions(&own)[..3], steps);
        assert_eq!(actions(&own).len(), 5);
        assert!(own.text.contains("NV 12/2019") && !own.text.contains("of the test"), "{}", own.text);
        // The others learn that it is confirmed, and no more.
        let other = server.delegate_of("VN").await.get(&format!("{path}/history")).await.expect(200);
        assert_eq!(actions(&other), ["delegation.state_changed"]);
        assert!(!other.text.contains("NV 12/2019"));
    }

    async fn the_history_of_a_person_is_for_those_who_may_see_the_person(server) {
        let (admin, _) = meeting(&server, "public").await;
        let person = admin.post("persons", json!({"display_name": "Maria", "organisation_id": "PL"})).await.expect(201);
        let path = format!("persons/{}/history", person.id());
        let own = server.delegate_of("PL").await.get(&path).await.expect(200);
        assert_eq!(own.json["items"][0]["diff"]["display_name"], json!({"new": "Maria"}));
        server.delegate_of("VN").await.get(&path).await.expect(404);
        server.anonymous().get(&path).await.expect(401);
    }
}
