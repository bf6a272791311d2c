//! What is wrong with a programme, who learns of it, and what it keeps from happening.

use domain::access::{Account, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server},
};

/// A meeting of a group with a hall for thirty.
struct Meeting {
    admin: Client,
    chair: Client,
}

impl Meeting {
    async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "public"});
        admin.post("groups", group).await.expect(201);
        let chair = admin.post("persons", json!({"display_name": "Chair"})).await.expect(201).id();
        let role = json!({"person_id": chair, "function": "chair", "valid_from": "2018-01-01"});
        admin.post("groups/cyber/roles", role).await.expect(201);
        let account = Account::of(Role::Guest, "chair@example.org".to_owned(), "Chair");
        let ends_at = domain::moment::Moment::parse("2026-04-01");
        let chair = server.signed_in(Account { person_id: Some(chair.as_str().into()), ends_at, ..account }).await;
        let hall = json!({"code": "hall", "name": {"en": "Hall"}, "venue": {"en": "Centre"}, "capacity": 30});
        admin.post("rooms", hall).await.expect(201);
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-07", "ends_on": "2026-10-09", "languages": ["en"],
            "visibility": "public", "group_id": "cyber",
        });
        admin.post("events", event).await.expect(201);
        Self { admin, chair }
    }

    /// A session in the hall from this hour on; gives its id.
    async fn session(&self, title: &str, hour: u32, more: Value) -> String {
        let mut session = json!({
            "event_id": "meeting", "kind": "plenary", "title": {"en": title}, "room_id": "hall", "placement": slot(hour),
        });
        session.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post("sessions", session).await.expect(201).id()
    }

    async fn change(&self, session: &str, patch: Value) {
        let path = format!("sessions/{session}");
        let stored = self.admin.get(&path).await.expect(200);
        self.admin.if_match(&stored).patch(&path, patch).await.expect(200);
    }

    async fn clashes(&self, client: &Client) -> Vec<Value> {
        client.get("events/meeting/clashes").await.expect(200).json["items"].as_array().unwrap().clone()
    }
}

fn slot(hour: u32) -> Value {
    json!({"start": format!("2026-10-07T{hour:02}:00:00"), "end": format!("2026-10-07T{:02}:00:00", hour + 1)})
}

fn crowd(persons: u32) -> Value {
    json!({"requirements": {"expected_in_room": persons}})
}

fn rules(clashes: &[Value]) -> Vec<&str> {
    clashes.iter().map(|clash| clash["rule"].as_str().unwrap()).collect()
}

on_both! {
    async fn a_room_that_two_sessions_have_keeps_the_programme_from_being_released(server) {
        let meeting = Meeting::new(&server).await;
        meeting.session("Opening", 9, json!({})).await;
        let reports = meeting.session("Reports", 9, json!({})).await;
        let found = meeting.clashes(&meeting.admin).await;
        assert_eq!(rules(&found), ["room_overlap"]);
        assert_eq!((&found[0]["severity"], &found[0]["params"]["minutes"]), (&json!("block_release"), &json!(60)));
        let message = found[0]["message"].as_str().unwrap();
        assert!(["1 Opening", "2 Reports", "Hall"].iter().all(|name| message.contains(name)), "{message}");
        let refused = meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/clashes-stand");
        assert!(refused.json["detail"].as_str().unwrap().contains("2 Reports"), "{}", refused.text);
        let waiver = json!({"fingerprint": found[0]["fingerprint"], "reason": "Somehow"});
        assert_eq!(meeting.admin.post("events/meeting/waivers", waiver).await.expect(422).codes(), ["not_waivable"]);
        assert!(server.anonymous().get("sessions?event=meeting").await.expect(200).json["items"].as_array().unwrap().is_empty());
        meeting.change(&reports, json!({"placement": slot(10)})).await;
        assert!(meeting.clashes(&meeting.admin).await.is_empty());
        meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(201);
        let announced = meeting.admin.get("events/meeting/clashes?programme=announced").await.expect(200);
        assert_eq!(announced.json["items"], json!([]));
    }

    async fn a_write_that_is_only_tried_says_what_would_clash_and_leaves_no_trace(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9, json!({})).await;
        let reports = json!({
            "event_id": "meeting", "kind": "plenary", "title": {"en": "Reports"}, "room_id": "hall", "placement": slot(9),
        });
        let before = meeting.admin.get("changes?limit=200").await.expect(200).text;
        let tried = |answer: &crate::support::Answer| rules(answer.json["clashes"].as_array().unwrap()).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let created = meeting.admin.post("sessions?dry_run=true", reports.clone()).await.expect(200);
        assert_eq!(tried(&created), ["room_overlap"]);
        let path = format!("sessions/{opening}");
        let stored = meeting.admin.get(&path).await.expect(200);
        let crowded = meeting.admin.if_match(&stored).patch(&format!("{path}?dry_run=true"), crowd(40)).await.expect(200);
        assert_eq!(tried(&crowded), ["room_capacity"]);
        assert!(crowded.json["clashes"][0]["message"].as_str().unwrap().contains("1 Opening"));
        meeting.admin.patch(&format!("{path}?dry_run=true"), crowd(40)).await.expect(428);
        let scheduled = meeting.admin.post(&format!("{path}/transitions?dry_run=true"), json!({"to": "scheduled"})).await.expect(200);
        assert_eq!(tried(&scheduled), [""; 0]);
        assert_eq!(meeting.admin.get("changes?limit=200").await.expect(200).text, before, "nothing has happened");
        assert_eq!(meeting.admin.get(&path).await.expect(200).text, stored.text);
        meeting.admin.post("sessions", reports).await.expect(201);
        let release = meeting.admin.post("events/meeting/releases?dry_run=true", json!({"name": "First"})).await.expect(200);
        assert_eq!(tried(&release), ["room_overlap"]);
        assert_eq!(meeting.admin.get("events/meeting/releases").await.expect(200).json["items"], json!([]));
        meeting.change(&opening, json!({"placement": slot(11)})).await;
        meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(201);
        let planned = meeting.admin.patch(&format!("{path}/plan?dry_run=true"), json!({"session": {"placement": slot(9)}})).await.expect(200);
        assert_eq!(tried(&planned), ["room_overlap"]);
        assert_eq!(meeting.admin.get("events/meeting/draft").await.expect(200).json["items"], json!([]));
        // Who may not write may not try either.
        server.anonymous().post("sessions?dry_run=true", json!({})).await.expect(401);
    }

    async fn a_waiver_is_for_one_clash_while_it_is_the_same(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9, crowd(40)).await;
        let other = meeting.session("Reports", 11, json!({})).await;
        assert_eq!(rules(&meeting.clashes(&meeting.admin).await), ["room_capacity"]);
        let grave = json!({"severities": {"room_capacity": "block_release"}});
        meeting.admin.put("events/meeting/clash-rules", grave).await.expect(200);
        let release = async |name: &str| meeting.admin.post("events/meeting/releases", json!({"name": name})).await;
        assert_eq!(release("First").await.expect(409).json["type"], "/problems/clashes-stand");
        let fingerprint = meeting.clashes(&meeting.admin).await[0]["fingerprint"].clone();
        let waiver = json!({"fingerprint": fingerprint, "reason": "Ten of them stand."});
        let waiver = meeting.admin.post("events/meeting/waivers", waiver).await.expect(201);
        // Another session moves: that is another matter.
        meeting.change(&other, json!({"placement": slot(13)})).await;
        let found = meeting.clashes(&meeting.admin).await;
        assert_eq!((&found[0]["fingerprint"], &found[0]["waiver"]["reason"]), (&fingerprint, &json!("Ten of them stand.")));
        release("First").await.expect(201);
        // More people come than somebody answered for.
        let path = format!("sessions/{opening}/plan");
        meeting.admin.patch(&path, json!({"session": crowd(400)})).await.expect(200);
        let found = meeting.clashes(&meeting.admin).await;
        assert!(found[0]["fingerprint"] != fingerprint && found[0]["waiver"] == Value::Null, "{found:?}");
        release("Second").await.expect(409);
        let announced = meeting.admin.get("events/meeting/clashes?programme=announced").await.expect(200);
        assert_eq!(announced.json["items"][0]["fingerprint"], fingerprint);
        meeting.admin.post("events/meeting/draft/undo", json!({})).await.expect(200);
        meeting.admin.if_match(&waiver).delete(&format!("waivers/{}", waiver.id())).await.expect(204);
        release("Second").await.expect(409);
        let unknown = json!({"fingerprint": "0".repeat(32), "reason": "None"});
        assert_eq!(meeting.admin.post("events/meeting/waivers", unknown).await.expect(422).codes(), ["unknown_clash"]);
    }

    async fn what_must_not_be_planned_is_refused_and_changes_nothing(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9, json!({})).await;
        let rules = json!({"severities": {"room_overlap": "block_edit", "room_capacity": "block_edit"}});
        meeting.admin.put("events/meeting/clash-rules", rules).await.expect(200);
        let path = format!("sessions/{opening}");
        let stored = meeting.admin.get(&path).await.expect(200);
        let refused = meeting.admin.if_match(&stored).patch(&path, crowd(31)).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/clash-blocks-edit");
        assert_eq!(meeting.admin.get(&path).await.expect(200).json, stored.json);
        meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(201);
        let plan = format!("{path}/plan");
        meeting.admin.patch(&plan, json!({"session": crowd(31)})).await.expect(409);
        assert_eq!(meeting.admin.get("events/meeting/draft").await.expect(200).json["items"], json!([]));
        meeting.admin.patch(&plan, json!({"session": crowd(30)})).await.expect(200);
        let light = json!({"severities": {"room_overlap": "ignore"}});
        let rules = meeting.admin.get("events/meeting/clash-rules").await.expect(200);
        assert_eq!(meeting.admin.if_match(&rules).put("events/meeting/clash-rules", light).await.expect(422).codes(), ["too_light"]);
    }

    async fn a_planner_learns_of_a_hidden_session_only_that_there_is_one(server) {
        let meeting = Meeting::new(&server).await;
        meeting.session("Opening", 9, json!({})).await;
        meeting.session("Secret talks", 9, json!({"visibility": "secretariat", "tlp": "amber"})).await;
        assert_eq!(rules(&meeting.clashes(&meeting.admin).await), ["room_overlap"]);
        let found = meeting.clashes(&meeting.chair).await;
        assert_eq!(rules(&found), ["room_overlap"]);
        let message = found[0]["message"].as_str().unwrap();
        assert!(message.contains("another commitment") && !message.contains("Secret"), "{message}");
        let kinds: Vec<_> = found[0]["subjects"].as_array().unwrap().iter().map(|subject| subject["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["session", "room", "another_commitment"]);
        let refused = meeting.chair.post("events/meeting/releases", json!({"name": "First"})).await.expect(409);
        assert!(!refused.text.contains("Secret"), "{}", refused.text);
        server.anonymous().get("events/meeting/clashes").await.expect(404);
    }

    async fn a_room_of_others_and_a_closed_one_are_clashes_too(server) {
        let meeting = Meeting::new(&server).await;
        let hall = meeting.admin.get("rooms/hall").await.expect(200);
        let hours = json!({"time_zone": "Asia/Seoul", "opening_hours": [{"day": "wednesday", "opens": "08:00", "closes": "18:00"}]});
        meeting.admin.if_match(&hall).patch("rooms/hall", hours).await.expect(200);
        // 7 October 2026 is a Wednesday.
        let opening = meeting.session("Opening", 9, json!({})).await;
        assert!(meeting.clashes(&meeting.admin).await.is_empty());
        meeting.change(&opening, json!({"placement": slot(18)})).await;
        assert_eq!(rules(&meeting.clashes(&meeting.admin).await), ["room_unavailable"]);
        meeting.change(&opening, json!({"placement": slot(9)})).await;
        let closed = json!({"kind": "blocking", "placement": slot(9), "reason": "Painting"});
        meeting.admin.post("rooms/hall/bookings", closed).await.expect(201);
        assert_eq!(rules(&meeting.clashes(&meeting.admin).await), ["room_unavailable"]);
    }
    async fn who_takes_part_from_home_is_not_asked_for_at_night(server) {
        let meeting = Meeting::new(&server).await;
        for (code, zone) in [("US", "America/New_York"), ("CA", "America/Toronto"), ("PL", "Europe/Warsaw")] {
            let state = json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": code}}, "time_zone": zone});
            meeting.admin.post("organisations", state).await.expect(201);
            let delegation = meeting.admin.post("events/meeting/delegations", json!({"organisation_id": code})).await.expect(201).id();
            meeting.admin.post(&format!("delegations/{delegation}/transitions"), json!({"to": "accepted"})).await.expect(200);
        }
        let delegate = async |code: &str, participation: &str| {
            let person = json!({"display_name": code, "organisation_id": code});
            let person = meeting.admin.post("persons", person).await.expect(201).id();
            let named = json!({"delegation_id": code, "person_id": person, "function": "representative", "participation": participation});
            meeting.admin.post("events/meeting/delegates", named).await.expect(201);
        };
        delegate("US", "online").await;
        delegate("CA", "online").await;
        delegate("PL", "in_person").await;
        // 15:00 in Seoul is 02:00 in New York and Toronto, and 08:00 in Warsaw.
        let plenary = meeting.session("Plenary", 15, json!({})).await;
        let night = async || {
            let found = meeting.clashes(&meeting.admin).await;
            let night = found.iter().find(|clash| clash["rule"] == "unsociable_remote")?;
            Some((night["params"]["asleep"].clone(), night["params"]["online"].clone(), night["subjects"][0]["id"].clone()))
        };
        assert_eq!(night().await, Some((json!(2), json!(2), json!(plenary))));
        // Whoever sends somebody to the room is awake there.
        delegate("CA", "in_person").await;
        assert_eq!(night().await, Some((json!(1), json!(1), json!(plenary))));
        // 22:00 in Seoul is 09:00 in New York.
        let morning = json!({"placement": {"start": "2026-10-07T22:00:00", "end": "2026-10-07T23:00:00"}});
        meeting.change(&plenary, morning).await;
        assert_eq!(night().await, None);
        let nowhere = json!({"code": "XX", "kind": "ngo", "names": {"en": {"list": "X"}}, "time_zone": "Mars/Olympus"});
        let refused = meeting.admin.post("organisations", nowhere).await.expect(422);
        assert_eq!(refused.json["errors"][0]["pointer"], "/time_zone");
    }

    async fn a_bilateral_goes_live_at_once_and_runs_the_same_checks(server) {
        let meeting = Meeting::new(&server).await;
        let mut delegations = vec![];
        for code in ["PL", "CZ"] {
            let state = json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": code}}});
            meeting.admin.post("organisations", state).await.expect(201);
            let delegation = meeting.admin.post("events/meeting/delegations", json!({"organisation_id": code})).await.expect(201).id();
            meeting.admin.post(&format!("delegations/{delegation}/transitions"), json!({"to": "accepted"})).await.expect(200);
            delegations.push(delegation);
        }
        // Planned by the secretariat and told to nobody: Poland speaks in it.
        let plenary = meeting.session("Plenary", 10, json!({})).await;
        let speaks = json!({"delegation_id": delegations[0], "duty": "speaker"});
        meeting.admin.post(&format!("sessions/{plenary}/duties"), speaks).await.expect(201);
        let talk = json!({
            "event_id": "meeting", "kind": "bilateral", "title": {"en": "Talk"}, "placement": slot(10),
            "visibility": "parties", "audience_ids": ["PL", "CZ"],
        });
        let talk = meeting.admin.post("sessions", talk).await.expect(201).id();
        for delegation in &delegations {
            let comes = json!({"delegation_id": delegation, "duty": "required"});
            meeting.admin.post(&format!("sessions/{talk}/duties"), comes).await.expect(201);
        }
        meeting.admin.post(&format!("sessions/{talk}/transitions"), json!({"to": "scheduled"})).await.expect(200);
        let (poland, path) = (server.manager_of("PL").await, format!("sessions/{talk}"));
        assert_eq!(poland.get(&path).await.expect(200).json["state"], "scheduled");
        poland.get(&format!("sessions/{plenary}")).await.expect(404);
        let found = meeting.clashes(&meeting.admin).await;
        let beside: Vec<_> = found.iter().filter(|clash| clash["rule"] == "bilateral_vs_plenary").collect();
        assert_eq!(beside.len(), 1, "{found:?}");
        assert_eq!((&beside[0]["params"]["matter"], &beside[0]["params"]["minutes"]), (&json!("head_listed"), &json!(60)));
        let subjects: Vec<_> = beside[0]["subjects"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
        for id in [&plenary, &talk, &delegations[0]] {
            assert!(subjects.contains(&id.as_str()), "{subjects:?}");
        }
    }
}
