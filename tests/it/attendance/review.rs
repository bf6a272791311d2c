//! Delegates from nomination to approval, who leads the delegation when, and who comes instead of whom.

use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::on_both;

async fn to(client: &Client, delegate: &str, body: Value) -> Answer {
    client.post(&format!("delegates/{delegate}/transitions"), body).await
}

async fn read(client: &Client, delegate: &str) -> Answer {
    client.get(&format!("delegates/{delegate}")).await.expect(200)
}

on_both! {
    async fn a_delegate_lives_from_nomination_to_approval(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let manager = seoul.delegate(&server, "PL").await;
        let person = seoul.person("PL", "Lis").await;
        let named = manager.post("events/seoul-2019/delegates", nomination("PL", &person, "adviser")).await.expect(201);
        let (id, step) = (named.id(), |state: &str| json!({"to": state}));
        assert_eq!(to(&manager, &id, step("nominated")).await.expect(409).json["type"], "/problems/nominated-once");
        to(&manager, &id, step("approved")).await.expect(403);
        to(&manager, &id, step("submitted")).await.expect(200);
        // Once the secretariat knows of them they are withdrawn and not deleted.
        let deleted = manager.header("If-Match", "*").delete(&format!("delegates/{id}")).await.expect(409);
        assert_eq!(deleted.json["type"], "/problems/on-record");
        to(&seoul.admin, &id, step("under_review")).await.expect(200);
        assert_eq!(to(&seoul.admin, &id, step("on_hold")).await.expect(422).codes(), ["reason_missing"]);
        let held = json!({"to": "on_hold", "reason": "The photograph is missing."});
        to(&seoul.admin, &id, held).await.expect(200);
        assert_eq!(read(&manager, &id).await.json["state_reason"], "The photograph is missing.");
        let approved = to(&seoul.admin, &id, step("approved")).await.expect(200);
        assert_eq!((&approved.json["state"], approved.json.get("state_reason")), (&json!("approved"), None));
        to(&manager, &id, step("withdrawn")).await.expect(200);
        assert_eq!(to(&seoul.admin, &id, step("approved")).await.expect(409).json["type"], "/problems/wrong-state");
        // The same person may be named anew.
        manager.post("events/seoul-2019/delegates", nomination("PL", &person, "expert")).await.expect(201);
    }

    async fn what_identifies_somebody_sends_an_approval_back_and_the_menu_does_not(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let id = seoul.nominate("PL", "Lis", "adviser").await.id();
        seoul.approve("PL").await;
        let path = format!("delegates/{id}");
        let manager = seoul.delegate(&server, "PL").await;
        let any = manager.header("If-Match", "*");
        let eats = json!({"diet": "vegetarian", "arrives_on": "2019-10-06"});
        assert_eq!(any.patch(&path, eats).await.expect(200).json["state"], "approved");
        assert_eq!(any.patch(&path, json!({"name_on_id": "Adam Lis"})).await.expect(200).json["state"], "under_review");
        to(&seoul.admin, &id, json!({"to": "approved"})).await.expect(200);
        let office = json!({"position": {"en": "Director"}});
        assert_eq!(any.patch(&path, office).await.expect(200).json["state"], "under_review");
    }

    async fn a_new_name_sends_approvals_back_too(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        seoul.approve("PL").await;
        let list = seoul.admin.get("events/seoul-2019/delegates").await.expect(200);
        let item = |member: &str| list.json["items"][0][member].as_str().unwrap().to_owned();
        let (id, person) = (item("id"), format!("persons/{}", item("person_id")));
        let any = seoul.admin.header("If-Match", "*");
        any.patch(&person, json!({"email": "nowak@example.org"})).await.expect(200);
        assert_eq!(read(&seoul.admin, &id).await.json["state"], "approved");
        any.patch(&person, json!({"family_name": "Nowak-Lis"})).await.expect(200);
        assert_eq!(read(&seoul.admin, &id).await.json["state"], "under_review");
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        let told = each(&changes, "items", "type");
        assert_eq!(told.iter().filter(|kind| **kind == "delegate.review_begun").count(), 1, "{told:?}");
    }

    async fn a_minister_leaves_on_the_second_day(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.confirmed("PL", "Nowak").await.id();
        let deputy = seoul.nominate("PL", "Lis", "deputy_head").await.id();
        let path = format!("delegations/{delegation}/heads");
        let manager = seoul.delegate(&server, "PL").await;
        let heads = manager.get(&path).await.expect(200);
        let minister = heads.json["terms"][0]["delegate_id"].as_str().unwrap().to_owned();
        // The clock of the test stands at 2026-03-02T08:00:00Z.
        let later = json!({"delegate_id": deputy, "valid_from": "2026-03-03T00:00:00Z"});
        let terms = json!({"terms": [{"delegate_id": minister}, later]});
        manager.put(&path, terms.clone()).await.expect(428);
        manager.if_match(&heads).put(&path, terms).await.expect(200);
        assert_eq!(read(&manager, &minister).await.json["function"], "head");
        assert_eq!(read(&manager, &deputy).await.json["function"], "deputy_head");
        server.advance(SignedDuration::from_hours(24));
        assert_eq!(read(&manager, &minister).await.json["function"], "representative");
        assert_eq!(read(&manager, &deputy).await.json["function"], "head");
        let list = manager.get("events/seoul-2019/delegates?function=head").await.expect(200);
        assert_eq!(each(&list, "items", "display_name"), ["Lis"]);
        // Who has led cannot be rewritten, and nobody is left without a head.
        let any = manager.header("If-Match", "*");
        let rewritten = any.put(&path, json!({"terms": [{"delegate_id": deputy}]})).await.expect(409);
        assert_eq!(rewritten.json["type"], "/problems/past-is-past");
        assert_eq!(any.put(&path, json!({"terms": []})).await.expect(409).json["type"], "/problems/head-needed");
        let withdrawn = to(&manager, &deputy, json!({"to": "withdrawn"})).await.expect(409);
        assert_eq!(withdrawn.json["type"], "/problems/head-needed");
        // The minister leads no more and may go.
        to(&manager, &minister, json!({"to": "withdrawn"})).await.expect(200);
    }
}
