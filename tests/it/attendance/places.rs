//! Places in delegations, deadlines, and who waits.

use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::on_both;

/// Poland, accepted, with so many places in the room.
async fn poland(seoul: &Seoul, places: u32) -> String {
    let invited = json!({"organisation_id": "PL", "quota": {"in_person": places}});
    let delegation = seoul.admin.post("events/seoul-2019/delegations", invited).await.expect(201).id();
    step(&seoul.admin, &delegation, "accepted").await.expect(200);
    delegation
}

async fn to(client: &Client, delegate: &str, state: &str) -> Answer {
    client.post(&format!("delegates/{delegate}/transitions"), json!({"to": state})).await
}

/// Puts delegates on the waiting list for places in the room, in this order.
async fn wait(client: &Client, delegation: &str, order: &[&str]) -> Answer {
    let read = client.get(&format!("delegations/{delegation}")).await.expect(200);
    let list = json!({"participation": "in_person", "delegate_ids": order});
    client.if_match(&read).put(&format!("delegations/{delegation}/waiting-list"), list).await
}

async fn in_person(client: &Client, delegation: &str) -> Value {
    client.get(&format!("delegations/{delegation}/places")).await.expect(200).json["items"][0].clone()
}

on_both! {
    async fn thirty_two_who_submit_at_once_take_no_more_places_than_there_are(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = poland(&seoul, 5).await;
        let mut named = vec![];
        for n in 0..32 {
            named.push(seoul.nominate("PL", &format!("Person{n}"), "adviser").await.id());
        }
        let submit = |delegate: String| {
            let admin = seoul.admin.clone();
            tokio::spawn(async move { to(&admin, &delegate, "submitted").await.status.as_u16() })
        };
        let mut statuses = vec![];
        for answer in named.into_iter().map(submit).collect::<Vec<_>>() {
            statuses.push(answer.await.unwrap());
        }
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 5, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 27, "{statuses:?}");
        let places = in_person(&seoul.admin, &delegation).await;
        assert_eq!((&places["held"], &places["quota"]), (&json!(5), &json!(5)));
        let submitted = seoul.admin.get("events/seoul-2019/delegates?state=submitted").await.expect(200);
        assert_eq!(submitted.json["items"].as_array().unwrap().len(), 5);
    }

    async fn a_place_that_becomes_free_is_offered_in_order_and_for_a_time(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = poland(&seoul, 1).await;
        let manager = seoul.delegate(&server, "PL").await;
        let mut ids = vec![];
        for name in ["Nowak", "Wójcik", "Lis", "Mazur"] {
            ids.push(seoul.nominate("PL", name, "adviser").await.id());
        }
        let [first, second, third, last] = &ids[..] else { unreachable!() };
        to(&manager, first, "submitted").await.expect(200);
        assert_eq!(to(&manager, second, "submitted").await.expect(409).json["type"], "/problems/quota-reached");
        let list = wait(&manager, &delegation, &[third, second]).await.expect(200);
        assert_eq!(list.json["items"][0]["waiting"][0]["delegate_id"], json!(third));

        to(&manager, first, "withdrawn").await.expect(200);
        let places = in_person(&manager, &delegation).await;
        // The clock of the test stands at eight in the morning; an offer holds for two days.
        assert_eq!(places["waiting"][0], json!({"delegate_id": third, "rank": 1, "offered_until": "2026-03-04T08:00:00Z"}));
        assert_eq!((&places["held"], &places["offered"]), (&json!(0), &json!(1)));
        // Nobody overtakes, and nobody takes what was offered to somebody else.
        for other in [second, last] {
            assert_eq!(to(&manager, other, "submitted").await.expect(409).json["type"], "/problems/quota-reached");
        }
        server.advance(SignedDuration::from_hours(48));
        while api::jobs::run_next(&server.app).await {}
        let places = in_person(&manager, &delegation).await;
        assert_eq!(places["waiting"], json!([{"delegate_id": second, "rank": 1, "offered_until": "2026-03-06T08:00:00Z"}]));
        to(&manager, third, "submitted").await.expect(409);
        to(&manager, second, "submitted").await.expect(200);
        let places = in_person(&manager, &delegation).await;
        assert_eq!((&places["held"], &places["waiting"]), (&json!(1), &json!([])));
    }

    async fn more_places_are_offered_at_once_to_those_who_wait(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = poland(&seoul, 0).await;
        let waiting = seoul.nominate("PL", "Nowak", "adviser").await.id();
        let sent = json!({"participation": "online", "delegate_ids": [waiting]});
        let any = seoul.admin.header("If-Match", "*");
        let path = format!("delegations/{delegation}/waiting-list");
        assert_eq!(any.put(&path, sent).await.expect(422).codes(), ["not_nominated"]);
        wait(&seoul.admin, &delegation, &[&waiting]).await.expect(200);
        assert_eq!(in_person(&seoul.admin, &delegation).await["offered"], 0);
        any.patch(&format!("delegations/{delegation}"), json!({"quota": {"in_person": 1}})).await.expect(200);
        assert_eq!(in_person(&seoul.admin, &delegation).await["offered"], 1);
    }

    async fn whoever_submits_a_delegation_submits_all_who_do_not_wait_or_nobody(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = poland(&seoul, 2).await;
        for (name, function) in [("Nowak", "head"), ("Lis", "adviser"), ("Mazur", "expert")] {
            seoul.nominate("PL", name, function).await;
        }
        let refused = step(&seoul.admin, &delegation, "submitted").await.expect(409);
        assert_eq!(refused.json["type"], "/problems/quota-reached");
        let nominated = seoul.admin.get("events/seoul-2019/delegates?state=nominated").await.expect(200);
        assert_eq!(each(&nominated, "items", "display_name"), ["Lis", "Mazur", "Nowak"]);
        let three = json!({"quota": {"in_person": 3}});
        seoul.admin.header("If-Match", "*").patch(&format!("delegations/{delegation}"), three).await.expect(200);
        step(&seoul.admin, &delegation, "submitted").await.expect(200);
        let submitted = seoul.admin.get("events/seoul-2019/delegates?state=submitted").await.expect(200);
        assert_eq!(each(&submitted, "items", "display_name"), ["Lis", "Mazur", "Nowak"]);
    }

    async fn after_the_last_day_a_reason_is_wanted_and_then_the_secretariat(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = poland(&seoul, 9).await;
        let manager = seoul.delegate(&server, "PL").await;
        // The test stands on 2 March 2026.
        let rules = json!({"nominate_by": "2026-03-01", "confirm_by": "2026-03-02"});
        seoul.admin.put("events/seoul-2019/registration", rules.clone()).await.expect(200);
        seoul.admin.put("events/seoul-2019/registration", rules).await.expect(428);
        let mut body = nomination("PL", &seoul.person("PL", "Nowak").await, "head");
        let late = manager.post("events/seoul-2019/delegates", body.clone()).await.expect(409);
        assert_eq!(late.json["type"], "/problems/late-without-reason");
        body["late_reason"] = json!("A change of government");
        manager.post("events/seoul-2019/delegates", body).await.expect(201);
        let late = step(&manager, &delegation, "submitted").await.expect(409);
        assert_eq!(late.json["type"], "/problems/late-without-reason");
        let submitted = json!({"to": "submitted", "reason": "A change of government"});
        let submitted = manager.post(&format!("delegations/{delegation}/transitions"), submitted).await.expect(200);
        assert_eq!(submitted.json["late_reason"], "A change of government");
        server.advance(SignedDuration::from_hours(24));
        let mut body = nomination("PL", &seoul.person("PL", "Lis").await, "expert");
        body["late_reason"] = json!("A change of government");
        let closed = manager.post("events/seoul-2019/delegates", body.clone()).await.expect(409);
        assert_eq!(closed.json["type"], "/problems/nominations-closed");
        seoul.admin.post("events/seoul-2019/delegates", body).await.expect(201);
    }

    async fn an_organisation_that_answers_late_says_why(server) {
        let seoul = Seoul::new(&server).await;
        let invited = json!({"organisation_id": "PL", "reply_due": "2026-03-01"});
        let delegation = seoul.admin.post("events/seoul-2019/delegations", invited).await.expect(201).id();
        let manager = seoul.delegate(&server, "PL").await;
        let late = step(&manager, &delegation, "accepted").await.expect(409);
        assert_eq!(late.json["type"], "/problems/late-without-reason");
        let accepted = json!({"to": "accepted", "reason": "The note came late"});
        manager.post(&format!("delegations/{delegation}/transitions"), accepted).await.expect(200);
    }

    async fn other_delegations_learn_nothing_of_places_and_heads(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.confirmed("PL", "Nowak").await;
        seoul.confirmed("CZ", "Novák").await;
        let path = format!("delegations/{}", delegation.id());
        let more = json!({"quota": {"in_person": 7}});
        seoul.admin.if_match(&delegation).patch(&path, more).await.expect(200);
        let other = seoul.delegate(&server, "CZ").await;
        assert_eq!(other.get(&path).await.expect(200).json["quota"], json!({}));
        for inner in ["places", "heads"] {
            other.get(&format!("{path}/{inner}")).await.expect(404);
        }
        assert_eq!(seoul.delegate(&server, "PL").await.get(&path).await.expect(200).json["quota"], json!({"in_person": 7}));
    }
}
