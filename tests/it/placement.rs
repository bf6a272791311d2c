//! Help with placing sessions: the best slots for one, proposals for all, and taking them over. Slots and penalties were
//! worked out by hand.

use domain::access::{Account, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// Three days in October 2026, and a venue with a hall for thirty and a small room.
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
        for (code, venue, capacity) in [("hall", "Centre", 30), ("cabin", "Centre", 8), ("barn", "Farm", 300)] {
            let room = json!({"code": code, "name": {"en": code}, "venue": {"en": venue}, "capacity": capacity});
            admin.post("rooms", room).await.expect(201);
        }
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-07", "ends_on": "2026-10-09", "languages": ["en"],
            "visibility": "public", "group_id": "cyber",
        });
        admin.post("events", event).await.expect(201);
        Self { admin, chair }
    }

    async fn session(&self, title: &str, more: Value) -> String {
        let mut session = json!({"event_id": "meeting", "kind": "workshop", "title": {"en": title}});
        session.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post("sessions", session).await.expect(201).id()
    }

    async fn slots(&self, session: &str, query: &str) -> Vec<Value> {
        let answer = self.admin.get(&format!("sessions/{session}/slots?{query}")).await.expect(200);
        answer.json["items"].as_array().unwrap().clone()
    }

    async fn propose(&self, body: Value) -> Answer {
        self.admin.post("events/meeting/placement-proposals", body).await
    }

    async fn place(&self, client: &Client, placements: Vec<Value>) -> Answer {
        client.post("events/meeting/placements", json!({ "placements": placements })).await
    }

    async fn release(&self, name: &str) {
        self.admin.post("events/meeting/releases", json!({ "name": name })).await.expect(201);
    }

    async fn room(&self, code: &str) -> Value {
        self.admin.get(&format!("rooms/{code}")).await.expect(200).json["id"].clone()
    }
}

fn at(day: u32, from: &str, to: &str) -> Value {
    json!({"start": format!("2026-10-{day:02}T{from}:00"), "end": format!("2026-10-{day:02}T{to}:00")})
}

/// For so many people and minutes.
fn needs(people: u32, minutes: u32) -> Value {
    json!({"requirements": {"expected_in_room": people, "planned_minutes": minutes}})
}

/// What of a proposal is sent back to have it.
fn taken(proposed: &Value) -> Vec<Value> {
    let member = |own: &Value, name: &str| own[name].clone();
    let put = |own: &Value| {
        let mut put = json!({
            "session_id": member(own, "session_id"), "plan_tag": member(own, "plan_tag"),
            "placement": member(own, "placement"),
        });
        if let Some(room) = own.get("room_id") {
            put["room_id"] = room.clone();
        }
        put
    };
    proposed["placements"].as_array().unwrap().iter().map(put).collect()
}

fn local(slot: &Value) -> &str {
    slot["start"]["local"].as_str().unwrap()
}

on_both! {
    async fn the_best_slots_of_a_session_come_first_and_say_what_is_against_them(server) {
        let meeting = Meeting::new(&server).await;
        // The hall is taken until half past five on all days but for an hour at noon on the second.
        for (title, day, from, to) in
            [("A", 7, "09:00", "17:30"), ("B", 8, "09:00", "12:00"), ("C", 8, "13:00", "17:30"), ("D", 9, "09:00", "17:30")]
        {
            meeting.session(title, json!({"room_id": "hall", "placement": at(day, from, to)})).await;
        }
        let talks = meeting.session("Talks", needs(20, 60)).await;
        let slots = meeting.slots(&talks, "limit=2").await;
        assert_eq!(local(&slots[0]), "2026-10-08T12:00:00");
        assert_eq!(slots[0]["start"]["utc"], "2026-10-08T03:00:00Z");
        assert_eq!(slots[0]["end"]["local"], "2026-10-08T13:00:00");
        assert_eq!((&slots[0]["room_id"], &slots[0]["penalty"]), (&meeting.room("hall").await, &json!(0)));
        assert_eq!((&slots[0]["feasible"], &slots[0]["reasons"]), (&json!(true), &json!([])));
        // Otherwise the small room of the same venue: too small, which a warning weighs 100 of. Nobody named the barn.
        assert_eq!((local(&slots[1]), &slots[1]["penalty"]), ("2026-10-07T09:00:00", &json!(100)));
        assert_eq!(slots[1]["room_id"], meeting.room("cabin").await);
        let reason = &slots[1]["reasons"][0];
        assert_eq!((&reason["rule"], &reason["params"]["capacity"]), (&json!("room_capacity"), &json!(8)));
        assert!(reason["message"].as_str().unwrap().contains("Talks"), "{reason}");
        let slots = meeting.slots(&talks, "limit=1&room=barn&opens=17:00&closes=19:00").await;
        assert_eq!((local(&slots[0]), &slots[0]["room_id"]), ("2026-10-07T17:00:00", &meeting.room("barn").await));
        let open = meeting.session("Open end", json!({})).await;
        let path = format!("sessions/{open}/slots");
        assert_eq!(meeting.admin.get(&path).await.expect(422).codes(), ["required"]);
        assert_eq!(local(&meeting.slots(&open, "minutes=30").await[0]), "2026-10-07T09:00:00");
        // It is for those who plan, as the session is, that nobody was told of.
        server.anonymous().get(&path).await.expect(404);
        server.role(Role::Auditor).await.get(&format!("{path}?minutes=30")).await.expect(200);
    }

    async fn of_a_hidden_session_a_slot_says_only_that_there_is_another_commitment(server) {
        let meeting = Meeting::new(&server).await;
        let secret = json!({"room_id": "hall", "placement": at(7, "09:00", "10:00"), "visibility": "secretariat", "tlp": "amber"});
        meeting.session("Secret talks", secret).await;
        let reports = meeting.session("Reports", json!({"room_id": "hall", "requirements": {"planned_minutes": 60}})).await;
        let path = format!("sessions/{reports}/slots?limit=1&opens=09:00&closes=10:00");
        let free = meeting.chair.get(&path).await.expect(200);
        assert_eq!(local(&free.json["items"][0]), "2026-10-08T09:00:00");
        let path = format!("sessions/{reports}/slots?limit=3&opens=09:00&closes=10:00");
        let all = meeting.chair.get(&path).await.expect(200);
        let last = &all.json["items"][2];
        assert_eq!((local(last), &last["feasible"], &last["penalty"]), ("2026-10-07T09:00:00", &json!(false), &json!(2000)));
        let message = last["reasons"][0]["message"].as_str().unwrap();
        assert!(message.contains("another commitment") && !all.text.contains("Secret"), "{}", all.text);
        // Nor is it placed by those who do not see it.
        let hidden = json!({"visibility": "secretariat", "tlp": "amber", "requirements": {"planned_minutes": 60}});
        let hidden = meeting.session("Nobody's business", hidden).await;
        let proposal = meeting.chair.post("events/meeting/placement-proposals", json!({})).await.expect(200);
        assert!(!proposal.text.contains(&hidden), "{}", proposal.text);
        let put = json!({"session_id": hidden, "plan_tag": "0-1", "placement": at(8, "09:00", "10:00")});
        assert_eq!(meeting.place(&meeting.chair, vec![put]).await.expect(422).codes(), ["unknown_session"]);
        let keep = json!({"keep_ids": [hidden]});
        assert_eq!(meeting.chair.post("events/meeting/placement-proposals", keep).await.expect(422).codes(), ["unknown_session"]);
    }

    async fn a_proposal_places_all_and_is_taken_over_and_undone_as_one(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", json!({"room_id": "hall", "placement": at(7, "09:00", "10:30")})).await;
        let late = meeting.session("Late", json!({"room_id": "hall", "placement": at(7, "16:00", "17:00")})).await;
        meeting.release("First").await;
        // One that people know of loses its time, so it is placed by a plan.
        let plan = json!({"session": {"placement": null}});
        meeting.admin.patch(&format!("sessions/{late}/plan"), plan).await.expect(200);
        let plan = json!({"session": {"requirements": {"planned_minutes": 60}}});
        meeting.admin.header("If-Match", "*").patch(&format!("sessions/{late}/plan"), plan).await.expect(200);
        let mut new = vec![];
        for n in 0..4 {
            new.push(meeting.session(&format!("Workshop {n}"), needs(20, 120)).await);
        }
        let day = json!({"seed": 7, "opens": "09:00", "closes": "13:00"});
        let proposal = meeting.propose(day.clone()).await.expect(200).json;
        assert_eq!((&proposal["seed"], &proposal["unplaced"]), (&json!(7), &json!([])));
        assert_eq!(proposal, meeting.propose(day).await.expect(200).json);
        let placements = proposal["placements"].as_array().unwrap();
        let mut of: Vec<_> = placements.iter().map(|own| own["session_id"].as_str().unwrap()).collect();
        let mut all: Vec<_> = new.iter().chain([&late]).map(String::as_str).collect();
        of.sort_unstable();
        all.sort_unstable();
        assert_eq!(of, all);
        assert!(placements.iter().all(|own| own["penalty"] == 0 && own["moved"] == false), "{placements:?}");
        // Nothing was written by asking.
        let unplaced = meeting.admin.get("events/meeting/clashes").await.expect(200);
        let unplaced = unplaced.json["items"].as_array().unwrap().iter().filter(|clash| clash["rule"] == "unplaced").count();
        assert_eq!(unplaced, 5);
        meeting.place(&meeting.admin, taken(&proposal)).await.expect(200);
        assert_eq!(meeting.admin.get("events/meeting/clashes").await.expect(200).json["items"], json!([]));
        let first = meeting.admin.get(&format!("sessions/{}", new[0])).await.expect(200);
        let own = placements.iter().find(|own| own["session_id"] == new[0].as_str()).unwrap();
        assert_eq!((&first.json["start"], &first.json["room_id"]), (&own["start"], &own["room_id"]));
        // People see nothing of it before the release.
        let known = server.anonymous().get(&format!("sessions/{late}")).await.expect(200);
        assert_eq!(known.json["start"]["local"], "2026-10-07T16:00:00");
        let undone = meeting.admin.post("events/meeting/draft/undo", json!({})).await.expect(200);
        assert_eq!(undone.json["session_ids"].as_array().unwrap().len(), 5);
        assert!(meeting.admin.get(&format!("sessions/{}", new[0])).await.expect(200).json.get("start").is_none());
        let again = meeting.place(&meeting.admin, taken(&proposal)).await.expect(409);
        assert_eq!(again.json["type"], "/problems/changed-since");
        let opening = meeting.admin.get(&format!("sessions/{opening}")).await.expect(200);
        assert_eq!(opening.json["start"]["local"], "2026-10-07T09:00:00");
    }

    async fn what_is_placed_stays_unless_it_may_move_and_was_not_announced(server) {
        let meeting = Meeting::new(&server).await;
        // One day from nine to eleven and only the hall: the short one in the middle leaves no two hours.
        let day = json!({"opens": "09:00", "closes": "12:00"});
        for (number, day) in [(1, 8), (2, 9)] {
            meeting.session(&format!("Full {number}"), json!({"room_id": "hall", "placement": at(day, "09:00", "12:00")})).await;
        }
        meeting.release("First").await;
        let middle = meeting.session("Middle", json!({"room_id": "hall", "placement": at(7, "10:00", "11:00")})).await;
        let mut long = needs(20, 120);
        long["room_id"] = json!("hall");
        let long = meeting.session("Long", long).await;
        let stuck = meeting.propose(day.clone()).await.expect(200).json;
        assert_eq!((&stuck["placements"], &stuck["unplaced"][0]["session_id"]), (&json!([]), &json!(long)));
        assert_eq!(stuck["unplaced"][0]["why"], "blocked");
        let blocking = stuck["unplaced"][0]["blocking"].as_array().unwrap();
        assert!(blocking.iter().any(|reason| reason["rule"] == "room_overlap"), "{blocking:?}");
        let mut keeping = day.clone();
        (keeping["may_move"], keeping["keep_ids"]) = (json!(true), json!([middle]));
        assert_eq!(meeting.propose(keeping).await.expect(200).json["placements"], json!([]));
        let mut moving = day;
        moving["may_move"] = json!(true);
        let proposal = meeting.propose(moving).await.expect(200).json;
        assert_eq!(proposal["unplaced"], json!([]), "{proposal}");
        let moved: Vec<_> = proposal["placements"].as_array().unwrap().iter().map(|own| (own["session_id"].clone(), own["moved"].clone())).collect();
        assert_eq!(moved, [(json!(middle), json!(true)), (json!(long), json!(false))]);
        meeting.place(&meeting.admin, taken(&proposal)).await.expect(200);
        assert_eq!(meeting.admin.get("events/meeting/clashes").await.expect(200).json["items"], json!([]));
    }

    async fn a_session_that_was_changed_since_keeps_the_whole_proposal_from_being_taken(server) {
        let meeting = Meeting::new(&server).await;
        let one = meeting.session("One", needs(5, 60)).await;
        let other = meeting.session("Other", needs(5, 60)).await;
        let proposal = meeting.propose(json!({"room_ids": ["hall"]})).await.expect(200).json;
        let stored = meeting.admin.get(&format!("sessions/{other}")).await.expect(200);
        meeting.admin.if_match(&stored).patch(&format!("sessions/{other}"), needs(25, 90)).await.expect(200);
        let refused = meeting.place(&meeting.admin, taken(&proposal)).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/changed-since");
        assert!(refused.json["detail"].as_str().unwrap().contains("Session 2"), "{}", refused.text);
        assert!(meeting.admin.get(&format!("sessions/{one}")).await.expect(200).json.get("start").is_none());
        // What must not even be planned is not placed either, and nothing of what was sent with it.
        let grave = json!({"severities": {"room_overlap": "block_edit"}});
        meeting.admin.put("events/meeting/clash-rules", grave).await.expect(200);
        let fresh = meeting.propose(json!({"room_ids": ["hall"]})).await.expect(200).json;
        let mut both = taken(&fresh);
        both[1]["placement"] = both[0]["placement"].clone();
        both[1]["room_id"] = both[0]["room_id"].clone();
        let refused = meeting.place(&meeting.admin, both).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/clash-blocks-edit");
        assert!(meeting.admin.get(&format!("sessions/{one}")).await.expect(200).json.get("start").is_none());
        meeting.place(&meeting.admin, taken(&fresh)).await.expect(200);
        let auditor = server.role(Role::Auditor).await;
        auditor.post("events/meeting/placement-proposals", json!({})).await.expect(403);
        meeting.place(&auditor, taken(&fresh)).await.expect(403);
    }

    async fn a_session_for_which_there_is_no_place_says_why(server) {
        let meeting = Meeting::new(&server).await;
        meeting.session("No length", json!({})).await;
        meeting.session("Longer than the day", needs(0, 600)).await;
        meeting.session("No room", needs(10, 60)).await;
        let why = |answer: &Value| answer["unplaced"].as_array().unwrap().iter().map(|own| own["why"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let proposal = meeting.propose(json!({})).await.expect(200).json;
        // With no room at all it gets a time; the room is then missing, as the clash says.
        assert_eq!(why(&proposal), ["no_length", "nowhere"]);
        assert_eq!(proposal["placements"][0]["number"], 3);
        let proposal = meeting.propose(json!({"minutes": 30, "opens": "08:00", "closes": "20:00"})).await.expect(200).json;
        assert_eq!(why(&proposal), Vec::<String>::new());
        assert_eq!(meeting.propose(json!({"room_ids": ["hall", "cellar"]})).await.expect(422).codes(), ["unknown_room"]);
    }
}
