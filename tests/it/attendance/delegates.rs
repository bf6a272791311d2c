//! The people in delegations.

use serde_json::json;

use super::*;
use crate::on_both;

on_both! {
    async fn a_delegation_being_composed_changes_its_head_in_two_steps(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let old = seoul.nominate("PL", "Nowak", "head").await;
        let second = seoul.nominate("PL", "Wójcik", "adviser").await;
        let path = format!("delegates/{}", second.id());
        let refused = seoul.admin.if_match(&second).patch(&path, json!({"function": "head"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/head-exists");
        assert!(refused.json["detail"].as_str().unwrap().contains("another function"));
        let third = seoul.person("PL", "Lis").await;
        seoul.admin.post("events/seoul-2019/delegates", nomination("PL", &third, "head")).await.expect(409);

        let heads = seoul.admin.get("events/seoul-2019/delegates?delegation=PL&function=head").await.expect(200);
        assert_eq!(each(&heads, "items", "display_name"), ["Nowak"]);
        seoul.admin.if_match(&old).patch(&format!("delegates/{}", old.id()), json!({"function": "deputy_head"})).await.expect(200);
        let new = seoul.admin.if_match(&second).patch(&path, json!({"function": "head"})).await.expect(200);
        assert_eq!((&new.json["version"], &new.json["function"]), (&json!(2), &json!("head")));
        // Whoever is the head already stays it in a write that says so again.
        seoul.admin.if_match(&new).patch(&path, json!({"position": {"en": "Director"}})).await.expect(200);
    }

    async fn two_heads_named_at_once_make_one(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let mut named = vec![];
        for name in ["Nowak", "Wójcik", "Lis", "Mazur"] {
            named.push(nomination("PL", &seoul.person("PL", name).await, "head"));
        }
        let answers = named.into_iter().map(|body| {
            let admin = seoul.admin.clone();
            tokio::spawn(async move { admin.post("events/seoul-2019/delegates", body).await.status.as_u16() })
        });
        let mut statuses = vec![];
        for answer in answers.collect::<Vec<_>>() {
            statuses.push(answer.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
    }

    async fn a_delegate_stays_the_same_person_in_the_same_delegation(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        seoul.invite("CZ").await;
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let path = format!("delegates/{}", head.id());
        let other = seoul.person("PL", "Lis").await;
        let moved = seoul.admin.if_match(&head).patch(&path, json!({"delegation_id": "CZ", "person_id": other})).await.expect(422);
        assert_eq!(moved.codes(), ["cannot_change", "cannot_change"]);
        let same = nomination("PL", head.json["person_id"].as_str().unwrap(), "representative");
        let replaced = seoul.admin.if_match(&head).put(&path, same.clone()).await.expect(200);
        assert_eq!(replaced.json["delegation_id"], head.json["delegation_id"]);
        let twice = seoul.admin.post("events/seoul-2019/delegates", same).await.expect(409);
        assert_eq!(twice.json["type"], "/problems/already-nominated");
        let nowhere = seoul.admin.post("events/seoul-2019/delegates", nomination("KR", &other, "expert")).await.expect(422);
        assert_eq!(nowhere.codes(), ["unknown_delegation"]);
        let nobody = seoul.admin.post("events/seoul-2019/delegates", nomination("PL", &head.id(), "expert")).await.expect(422);
        assert_eq!(nobody.codes(), ["unknown_person"]);
    }

    async fn nobody_is_named_to_a_delegation_that_declined(server) {
        let seoul = Seoul::new(&server).await;
        let id = seoul.invite("PL").await.id();
        step(&seoul.admin, &id, "declined").await.expect(200);
        let person = seoul.person("PL", "Nowak").await;
        let body = nomination(&id, &person, "head");
        let refused = seoul.admin.post("events/seoul-2019/delegates", body.clone()).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/not-coming");
        step(&seoul.admin, &id, "accepted").await.expect(200);
        seoul.admin.post("events/seoul-2019/delegates", body).await.expect(201);
    }

    async fn delegates_of_a_past_event_keep_the_names_they_had(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let path = format!("persons/{}", head.json["person_id"].as_str().unwrap());
        let person = seoul.admin.get(&path).await.expect(200);
        // The clock of the test stands in 2026: the name changes years after the meeting.
        seoul.admin.if_match(&person).patch(&path, json!({"display_name": "Nowak-Lis"})).await.expect(200);
        let read = seoul.admin.get(&format!("delegates/{}", head.id())).await.expect(200);
        assert_eq!(read.json["display_name"], "Nowak");
    }

    async fn a_delegate_runs_its_own_delegation_but_does_not_confirm_it(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await;
        let korea = seoul.confirmed("KR", "Kim").await;
        let delegate = seoul.delegate(&server, "PL").await;
        let id = poland.id();
        step(&delegate, &id, "accepted").await.expect(200);
        let person = seoul.person("PL", "Nowak").await;
        let head = delegate.post("events/seoul-2019/delegates", nomination("PL", &person, "head")).await.expect(201);
        step(&delegate, &id, "submitted").await.expect(200);
        step(&delegate, &id, "confirmed").await.expect(403);
        step(&delegate, &korea.id(), "not_attending").await.expect(403);
        delegate.post("events/seoul-2019/delegates", nomination("KR", &person, "expert")).await.expect(403);
        delegate.post("events/seoul-2019/delegations", json!({"organisation_id": "CZ"})).await.expect(403);
        let read = delegate.get(&format!("delegations/{id}")).await.expect(200);
        delegate.if_match(&read).patch(&format!("delegations/{id}"), json!({"category": "host"})).await.expect(403);
        delegate.if_match(&read).delete(&format!("delegations/{id}")).await.expect(403);

        for to in ["confirmed", "closed"] {
            step(&seoul.admin, &id, to).await.expect(200);
        }
        let path = format!("delegates/{}", head.id());
        let head = delegate.get(&path).await.expect(200);
        let closed = delegate.if_match(&head).patch(&path, json!({"diet": "vegetarian"})).await.expect(409);
        assert_eq!(closed.json["type"], "/problems/record-closed");
        let withdrawn = delegate.post(&format!("{path}/transitions"), json!({"to": "withdrawn"})).await.expect(409);
        assert_eq!(withdrawn.json["type"], "/problems/record-closed");
        seoul.admin.if_match(&head).patch(&path, json!({"diet": "vegetarian"})).await.expect(200);
    }

    async fn delegations_see_nothing_of_each_others_delegates(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        seoul.confirmed("CZ", "Novak").await;
        let invited = seoul.invite("KR").await;
        let all = seoul.admin.get("events/seoul-2019/delegates").await.expect(200);
        assert_eq!(each(&all, "items", "display_name"), ["Novak", "Nowak"]);
        for (own, other, name, foreign) in [("PL", "CZ", "Nowak", "Novak"), ("CZ", "PL", "Novak", "Nowak")] {
            let delegate = seoul.delegate(&server, own).await;
            let list = async |query: &str| delegate.get(&format!("events/seoul-2019/delegates{query}")).await.expect(200);
            assert_eq!(each(&list("").await, "items", "display_name"), [name]);
            for query in [format!("?delegation={other}"), format!("?q={foreign}"), "?function=adviser".to_owned()] {
                assert_eq!(list(&query).await.text, r#"{"items":[]}"#, "{query}");
            }
            let hidden = all.json["items"].as_array().unwrap().iter().find(|item| item["display_name"] == foreign).unwrap();
            let missing = delegate.get("delegates/01890000-0000-7000-8000-000000000000").await.expect(404);
            let path = format!("delegates/{}", hidden["id"].as_str().unwrap());
            for refused in [
                delegate.get(&path).await,
                delegate.header("If-Match", "\"1\"").patch(&path, json!({"function": "expert"})).await,
                delegate.header("If-Match", "\"1\"").delete(&path).await,
            ] {
                assert_eq!(same_but_the_request(&refused.expect(404)), same_but_the_request(&missing));
            }
        }
        // Of others a delegation knows that they are confirmed, and nothing of who is only invited.
        let delegate = seoul.delegate(&server, "PL").await;
        let seen = delegate.get("events/seoul-2019/delegations").await.expect(200);
        assert_eq!(each(&seen, "items", "organisation_code"), ["CZ", "PL"]);
        delegate.get(&format!("delegations/{}", invited.id())).await.expect(404);
        assert_eq!(delegate.get("events/seoul-2019/delegations?state=invited").await.expect(200).json["items"], json!([]));
    }

    async fn changes_of_delegates_reach_the_secretariat_and_their_own_organisation(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        seoul.invite("CZ").await;
        seoul.nominate("PL", "Nowak", "head").await;
        for (code, told) in [("PL", 3), ("CZ", 1)] {
            let changes = seoul.delegate(&server, code).await.get("changes?limit=200").await.expect(200);
            let count = each(&changes, "items", "type").into_iter().filter(|kind| kind.starts_with("delegat")).count();
            assert_eq!(count, told, "{code}: {}", changes.text);
        }
    }
}
