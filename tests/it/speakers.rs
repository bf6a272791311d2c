//! Speakers' lists: who may ask, in which order, who has the floor and for how long. The clock of the tests moves by hand.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    agenda::Meeting,
    on_both,
    support::{Answer, Client, Server},
};

/// A meeting of Poland, Korea and Viet Nam with an item that is open.
struct Debate {
    meeting: Meeting,
    item: String,
    poland: Client,
}

impl Debate {
    async fn new(server: &Server) -> Self {
        let meeting = Meeting::new(server).await;
        for code in ["PL", "KR", "VN", "NO"] {
            let state =
                json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": code, "text": code}}});
            meeting.admin.post("organisations", state).await.expect(201);
            meeting.admin.post("events/meeting/delegations", json!({"organisation_id": code})).await.expect(201);
        }
        let item = meeting.item("General debate", json!({})).await;
        meeting.admin.post(&format!("agenda-items/{}/transitions", item.id()), json!({"to": "open"})).await.expect(200);
        let poland = server.manager_of("PL").await;
        Self { item: item.id(), meeting, poland }
    }

    fn path(&self, of: &str) -> String {
        format!("agenda-items/{}/{of}", self.item)
    }

    async fn settings(&self, settings: Value) {
        let path = self.path("speakers-list");
        let list = self.meeting.chair.get(&path).await.expect(200);
        self.meeting.chair.if_match(&list).put(&path, settings).await.expect(200);
    }

    async fn ask(&self, client: &Client, code: &str, more: Value) -> Answer {
        let mut entry = json!({"delegation_id": code});
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client.post(&self.path("speakers"), entry).await
    }

    async fn listed(&self, code: &str, more: Value) -> String {
        self.ask(&self.meeting.chair, code, more).await.expect(201).id()
    }

    async fn step(&self, speaker: &str, to: &str) -> Answer {
        self.meeting.chair.post(&format!("speakers/{speaker}/transitions"), json!({"to": to})).await
    }

    async fn list(&self) -> Value {
        self.meeting.chair.get(&self.path("speakers-list")).await.expect(200).json
    }

    /// Codes and states in the order of the list.
    async fn lines(&self) -> Vec<String> {
        let list = self.list().await;
        let line =
            |it: &Value| format!("{} {}", it["organisation_code"].as_str().unwrap(), it["state"].as_str().unwrap());
        list["speakers"].as_array().unwrap().iter().map(line).collect()
    }
}

fn problem(answer: &Answer) -> &str {
    answer.json["type"].as_str().unwrap_or(&answer.text)
}

fn seconds(server: &Server, seconds: i64) {
    server.advance(SignedDuration::from_secs(seconds));
}

on_both! {
    async fn groups_come_first_then_levels_and_a_point_of_order_at_once(server) {
        let debate = Debate::new(&server).await;
        debate.settings(json!({"state": "open", "order": "level"})).await;
        let korea = debate.listed("KR", json!({"level": "ambassador"})).await;
        debate.listed("PL", json!({"level": "minister"})).await;
        debate.listed("NO", json!({"kind": "group_statement", "on_behalf_of": "the Nordic states"})).await;
        let reply = debate.listed("VN", json!({"kind": "right_of_reply"})).await;
        assert_eq!(debate.lines().await, ["NO waiting", "PL waiting", "KR waiting", "VN waiting"]);
        debate.step(&korea, "speaking").await.expect(200);
        assert_eq!(problem(&debate.step(&reply, "speaking").await.expect(409)), "/problems/somebody-speaks");
        let point = debate.listed("VN", json!({"kind": "point_of_order"})).await;
        assert_eq!(debate.lines().await, ["KR speaking", "VN waiting", "NO waiting", "PL waiting", "VN waiting"]);
        seconds(&server, 60);
        debate.step(&point, "speaking").await.expect(200);
        assert_eq!(debate.lines().await[..2], ["VN speaking", "KR paused"]);
        seconds(&server, 30);
        debate.step(&point, "done").await.expect(200);
        assert_eq!(debate.lines().await[0], "KR speaking");
        let bare = json!({"delegation_id": "KR", "kind": "group_statement"});
        let refused = debate.meeting.chair.post(&debate.path("speakers"), bare).await.expect(422);
        assert_eq!(refused.codes(), ["out_of_place"]);
    }

    async fn time_is_that_of_the_floor_without_pauses_and_everybody_gets_the_same_more(server) {
        let debate = Debate::new(&server).await;
        debate.settings(json!({"state": "open", "limits": {"statement": 120}, "delegation_seconds": 200})).await;
        let poland = debate.listed("PL", json!({})).await;
        debate.step(&poland, "speaking").await.expect(200);
        seconds(&server, 100);
        debate.step(&poland, "paused").await.expect(200);
        seconds(&server, 500);
        debate.step(&poland, "speaking").await.expect(200);
        seconds(&server, 50);
        let list = debate.list().await;
        let (entry, share) = (&list["speakers"][0], &list["shares"][0]);
        assert_eq!((&entry["used_seconds"], &entry["limit_seconds"], &entry["over_seconds"]), (&json!(150), &json!(120), &json!(30)));
        assert_eq!((&share["used_seconds"], &share["left_seconds"], &share["speeches"]), (&json!(150), &json!(50), &json!(1)));
        let more = debate.meeting.chair.post(&debate.path("speakers-list/extra-time"), json!({"seconds": 40})).await.expect(200);
        let (entry, share) = (&more.json["speakers"][0], &more.json["shares"][0]);
        assert_eq!((&entry["limit_seconds"], &entry["over_seconds"], &share["left_seconds"]), (&json!(160), &json!(0), &json!(90)));
        seconds(&server, 100);
        debate.step(&poland, "done").await.expect(200);
        seconds(&server, 1000);
        let list = debate.list().await;
        assert_eq!((&list["shares"][0]["used_seconds"], &list["shares"][0]["left_seconds"]), (&json!(250), &json!(-10)));
        assert_eq!(problem(&debate.step(&poland, "speaking").await.expect(409)), "/problems/wrong-state");
    }

    async fn a_delegation_asks_for_itself_while_the_list_is_open(server) {
        let debate = Debate::new(&server).await;
        assert_eq!(problem(&debate.ask(&debate.poland, "PL", json!({})).await.expect(409)), "/problems/list-closed");
        debate.ask(&debate.poland, "PL", json!({"kind": "point_of_order"})).await.expect(201);
        debate.settings(json!({"state": "open", "replies_per_delegation": 1})).await;
        let own = debate.ask(&debate.poland, "PL", json!({"level": "minister"})).await.expect(201);
        assert_eq!((&own.json["position"], &own.json["organisation_code"]), (&json!(2), &json!("PL")));
        assert_eq!(problem(&debate.ask(&debate.poland, "PL", json!({})).await.expect(409)), "/problems/listed-already");
        // Whom it does not see it cannot name, and for whom it sees it does not speak.
        assert_eq!(debate.ask(&debate.poland, "KR", json!({})).await.expect(422).codes(), ["unknown_delegation"]);
        let korea = debate.listed("KR", json!({})).await;
        for to in ["speaking", "absent"] {
            debate.poland.post(&format!("speakers/{}/transitions", own.id()), json!({"to": to})).await.expect(403);
        }
        debate.poland.post(&format!("speakers/{korea}/transitions"), json!({"to": "withdrawn"})).await.expect(403);
        debate.poland.post(&format!("speakers/{}/move", own.id()), json!({"position": 1})).await.expect(403);
        debate.poland.post(&debate.path("speakers-list/draw"), json!({})).await.expect(403);
        let withdrawn = debate.poland.post(&format!("speakers/{}/transitions", own.id()), json!({"to": "withdrawn"})).await.expect(200);
        assert_eq!(withdrawn.json["state"], "withdrawn");
        debate.ask(&debate.poland, "PL", json!({})).await.expect(201);
        let reply = debate.ask(&debate.poland, "PL", json!({"kind": "right_of_reply"})).await.expect(201).id();
        for to in ["speaking", "done"] {
            debate.step(&reply, to).await.expect(200);
        }
        let refused = debate.ask(&debate.poland, "PL", json!({"kind": "right_of_reply"})).await.expect(409);
        assert_eq!(problem(&refused), "/problems/replies-spent");
    }

    async fn only_those_who_are_there_ask_where_the_list_says_so(server) {
        let debate = Debate::new(&server).await;
        debate.settings(json!({"state": "open", "present_only": true})).await;
        assert_eq!(problem(&debate.ask(&debate.poland, "PL", json!({})).await.expect(409)), "/problems/not-present");
        let line = format!("sessions/{}/attendance/PL", debate.meeting.session);
        debate.meeting.admin.put(&line, json!({"status": "present"})).await.expect(200);
        debate.ask(&debate.poland, "PL", json!({})).await.expect(201);
    }

    async fn the_chair_moves_swaps_and_draws_lots_that_anybody_can_draw_again(server) {
        let debate = Debate::new(&server).await;
        let mut ids = vec![];
        for code in ["PL", "KR", "VN", "NO"] {
            ids.push(debate.listed(code, json!({})).await);
        }
        debate.meeting.chair.post(&format!("speakers/{}/move", ids[3]), json!({"position": 1})).await.expect(200);
        assert_eq!(debate.lines().await, ["NO waiting", "PL waiting", "KR waiting", "VN waiting"]);
        let swap = json!({"speaker_ids": [ids[0], ids[2]]});
        debate.meeting.chair.post(&debate.path("speakers-list/swap"), swap).await.expect(200);
        assert_eq!(debate.lines().await, ["NO waiting", "VN waiting", "KR waiting", "PL waiting"]);
        let drawn = debate.meeting.chair.post(&debate.path("speakers-list/draw"), json!({})).await.expect(200).json;
        assert_eq!((&drawn["settings"]["state"], &drawn["speakers"][0]["lot"]), (&json!("drawn"), &json!(1)));
        let seed = drawn["draw"]["seed"].as_str().unwrap();
        let bytes = |hex: &str| -> Vec<u8> {
            let hex = hex.replace('-', "");
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
        };
        let mut again = ids.clone();
        again.sort_by_key(|id| {
            use sha2::{Digest, Sha256};
            Sha256::digest([bytes(seed), bytes(id)].concat()).to_vec()
        });
        let order: Vec<_> = drawn["speakers"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert_eq!(order, again);
        assert_eq!(problem(&debate.ask(&debate.poland, "PL", json!({})).await.expect(409)), "/problems/list-closed");
        let list = debate.meeting.chair.get(&debate.path("speakers-list")).await.expect(200);
        assert_eq!(list.json["draw"]["seed"], seed);
        for id in &ids {
            debate.step(id, "withdrawn").await.expect(200);
        }
        let nothing = debate.meeting.chair.post(&debate.path("speakers-list/draw"), json!({})).await.expect(409);
        assert_eq!(problem(&nothing), "/problems/nothing-to-draw");
    }

    async fn the_floor_is_given_while_the_item_is_open_and_to_one_at_a_time(server) {
        let debate = Debate::new(&server).await;
        let (one, other) = (debate.listed("PL", json!({})).await, debate.listed("KR", json!({})).await);
        let (first, second) = tokio::join!(debate.step(&one, "speaking"), debate.step(&other, "speaking"));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let speaking = if first.status == 200 { &one } else { &other };
        debate.step(speaking, "done").await.expect(200);
        let closed = json!({"to": "closed"});
        debate.meeting.chair.post(&debate.path("transitions"), closed).await.expect(200);
        let waiting = if first.status == 200 { &other } else { &one };
        assert_eq!(problem(&debate.step(waiting, "speaking").await.expect(409)), "/problems/item-not-open");
    }

    async fn who_does_not_see_the_item_does_not_see_its_list(server) {
        let debate = Debate::new(&server).await;
        let internal = debate.meeting.item("Consultations", json!({"visibility": "internal"})).await.id();
        let entry = json!({"delegation_id": "KR"});
        let speaker = debate.meeting.chair.post(&format!("agenda-items/{internal}/speakers"), entry).await.expect(201).id();
        let nobody = server.manager_of("KR").await;
        for path in [format!("agenda-items/{internal}/speakers-list"), format!("speakers/{speaker}")] {
            debate.poland.get(&path).await.expect(404);
            nobody.get(&path).await.expect(404);
            debate.meeting.chair.get(&path).await.expect(200);
            server.anonymous().get(&path).await.expect(401);
        }
        let asked = nobody.post(&format!("agenda-items/{internal}/speakers"), json!({"delegation_id": "KR"})).await;
        asked.expect(404);
        nobody.post(&format!("speakers/{speaker}/transitions"), json!({"to": "withdrawn"})).await.expect(404);
        assert!(!nobody.get("changes?limit=200").await.expect(200).text.contains(&speaker));
    }

    async fn who_speaks_is_told_to_the_delegation_and_those_who_run_the_event(server) {
        let debate = Debate::new(&server).await;
        let person = debate.meeting.admin.post("persons", json!({"display_name": "Speaker", "organisation_id": "PL"})).await.expect(201).id();
        let delegations = debate.meeting.admin.get("events/meeting/delegations").await.expect(200).json["items"].clone();
        let own = delegations.as_array().unwrap().iter().find(|it| it["organisation_code"] == "PL").unwrap()["id"].clone();
        let accepted = format!("delegations/{}/transitions", own.as_str().unwrap());
        debate.meeting.admin.post(&accepted, json!({"to": "accepted"})).await.expect(200);
        let delegate = json!({"delegation_id": "PL", "person_id": person, "function": "representative"});
        let delegate = debate.meeting.admin.post("events/meeting/delegates", delegate).await.expect(201).id();
        let refused = debate.ask(&debate.meeting.chair, "KR", json!({"delegate_id": delegate})).await.expect(422);
        assert_eq!(refused.codes(), ["unknown_delegate"]);
        let speaker = debate.listed("PL", json!({})).await;
        let step = json!({"to": "speaking", "delegate_id": delegate});
        debate.meeting.chair.post(&format!("speakers/{speaker}/transitions"), step).await.expect(200);
        let seen = async |client: &Client| client.get(&debate.path("speakers-list")).await.expect(200).json["speakers"][0]["delegate_id"].clone();
        assert_eq!((seen(&debate.poland).await, seen(&debate.meeting.chair).await), (json!(delegate), json!(delegate)));
        let other = server.manager_of("KR").await;
        assert_eq!(seen(&other).await, Value::Null);
    }
}
