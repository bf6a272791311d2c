//! What the host of an event arranges, who learns of it, and what of a programme clashes with it. Instants were worked out
//! by hand.

use domain::access::{Account, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server},
};

const PATH: &str = "events/meeting/practical-arrangements";

/// A meeting of a group in Seoul, from Wednesday 7 to Friday 9 October 2026, and a chair who plans it.
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
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-07", "ends_on": "2026-10-09", "languages": ["en"],
            "visibility": "public", "group_id": "cyber",
        });
        admin.post("events", event).await.expect(201);
        Self { admin, chair }
    }

    async fn room(&self, code: &str, venue: Value, zone: Option<&str>) {
        let room = json!({"code": code, "name": {"en": code}, "venue": venue, "zone": zone});
        self.admin.post("rooms", room).await.expect(201);
    }

    /// A session on the first day; gives its id.
    async fn session(&self, title: &str, from: &str, to: &str, more: Value) -> String {
        let mut session = json!({"event_id": "meeting", "kind": "workshop", "title": {"en": title}});
        session["placement"] = at(7, from, to);
        session.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post("sessions", session).await.expect(201).id()
    }

    async fn change(&self, path: &str, patch: Value) {
        let stored = self.admin.get(path).await.expect(200);
        self.admin.if_match(&stored).patch(path, patch).await.expect(200);
    }

    /// Says what the host arranges, in the place of all that was said.
    async fn arrange(&self, said: Value) {
        let stored = self.admin.get(PATH).await.expect(200);
        self.admin.if_match(&stored).put(PATH, said).await.expect(200);
    }

    async fn clashes(&self) -> Vec<Value> {
        self.admin.get("events/meeting/clashes").await.expect(200).json["items"].as_array().unwrap().clone()
    }

    async fn rules(&self) -> Vec<String> {
        self.clashes().await.iter().map(|clash| clash["rule"].as_str().unwrap().to_owned()).collect()
    }

    /// An organisation that comes, or has not said so.
    async fn delegation(&self, organisation: &str, confirmed: bool) {
        let person = json!({"display_name": format!("Head of {organisation}"), "organisation_id": organisation});
        let person = self.admin.post("persons", person).await.expect(201).id();
        let delegation = json!({"organisation_id": organisation});
        let delegation = self.admin.post("events/meeting/delegations", delegation).await.expect(201).id();
        let step = format!("delegations/{delegation}/transitions");
        self.admin.post(&step, json!({"to": "accepted"})).await.expect(200);
        if confirmed {
            let head = json!({"delegation_id": organisation, "person_id": person, "function": "head"});
            self.admin.post("events/meeting/delegates", head).await.expect(201);
            for to in ["submitted", "confirmed"] {
                self.admin.post(&step, json!({"to": to})).await.expect(200);
            }
        }
    }
}

fn at(day: u32, from: &str, to: &str) -> Value {
    json!({"start": format!("2026-10-{day:02}T{from}:00"), "end": format!("2026-10-{day:02}T{to}:00")})
}

fn spans(clash: &Value) -> Vec<(&str, &str)> {
    let spans = clash["spans"].as_array().unwrap();
    spans.iter().map(|span| (span["starts_at"].as_str().unwrap(), span["ends_at"].as_str().unwrap())).collect()
}

on_both! {
    async fn a_session_outside_the_hours_of_the_host_clashes_until_it_is_moved(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", "17:00", "19:00", json!({})).await;
        assert_eq!(meeting.rules().await, [""; 0], "nothing is known of the host");
        meeting.arrange(json!({"working_hours": [{"from": "09:00", "to": "18:00"}]})).await;
        let found = meeting.clashes().await;
        assert_eq!((&found[0]["rule"], &found[0]["params"]["minutes"]), (&json!("outside_hours"), &json!(60)));
        // Seoul is nine hours ahead of Greenwich.
        assert_eq!(spans(&found[0]), [("2026-10-07T09:00:00Z", "2026-10-07T10:00:00Z")]);
        let path = format!("sessions/{opening}");
        meeting.change(&path, json!({"placement": at(7, "16:00", "18:00")})).await;
        assert_eq!(meeting.rules().await, [""; 0]);
        // On the first evening the host stays until two in the night.
        meeting.change(&path, json!({"placement": {"start": "2026-10-07T23:00:00", "end": "2026-10-08T01:00:00"}})).await;
        assert_eq!(meeting.rules().await, ["outside_hours"]);
        let evening = json!({"days": ["2026-10-07"], "from": "18:00", "to": "02:00"});
        meeting.arrange(json!({"working_hours": [{"from": "09:00", "to": "18:00"}, evening]})).await;
        assert_eq!(meeting.rules().await, [""; 0]);
    }

    async fn a_session_moved_to_a_day_off_is_kept_back_as_grave_as_the_event_says(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", "10:00", "11:00", json!({})).await;
        let name = json!({"en": "Hangeul Day", "fr": "Jour du hangeul", "pl": "Dzień hangulu"});
        meeting.arrange(json!({"holidays": [{"day": "2026-10-09", "name": name}]})).await;
        meeting.admin.put("events/meeting/clash-rules", json!({"severities": {"holiday": "block_release"}})).await.expect(200);
        meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(201);
        let path = format!("sessions/{opening}/plan");
        meeting.admin.patch(&path, json!({"session": {"placement": at(9, "10:00", "11:00")}})).await.expect(200);
        let refused = meeting.admin.post("events/meeting/releases", json!({"name": "Second"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/clashes-stand");
        assert!(refused.json["detail"].as_str().unwrap().contains("Hangeul Day"), "{}", refused.text);
        // In the language of the reader.
        for (language, words) in [("fr", "Jour du hangeul"), ("pl", "w dzień wolny. Dzień hangulu"), ("de", "on a day off. Hangeul Day")] {
            let found = meeting.admin.get(&format!("events/meeting/clashes?lang={language}")).await.expect(200);
            // Typesetting keeps short words with what follows.
            let message = found.json["items"][0]["message"].as_str().unwrap().replace('\u{a0}', " ");
            assert!(message.contains(words), "{message}");
        }
        let stored = meeting.admin.get(&path).await.expect(200);
        meeting.admin.if_match(&stored).patch(&path, json!({"session": {"placement": at(8, "10:00", "11:00")}})).await.expect(200);
        meeting.admin.post("events/meeting/releases", json!({"name": "Second"})).await.expect(201);
    }

    async fn times_that_are_kept_free_are_those_on_the_wall_of_the_event(server) {
        let meeting = Meeting::new(&server).await;
        let prayer = json!({"name": {"en": "Noon prayer"}, "when": {"daily": {"from": "12:30", "to": "13:00"}}});
        let once = json!({"start": "2026-10-08T15:00:00", "end": "2026-10-08T20:00:00"});
        let feast = json!({"name": {"en": "Feast"}, "when": {"once": once}});
        let session = meeting.session("Talks", "12:00", "13:30", json!({})).await;
        meeting.arrange(json!({"observances": [prayer, feast]})).await;
        let found = meeting.clashes().await;
        assert_eq!((&found[0]["rule"], &found[0]["params"]["name"]), (&json!("observance"), &json!({"en": "Noon prayer"})));
        assert_eq!(spans(&found[0]), [("2026-10-07T03:30:00Z", "2026-10-07T04:00:00Z")]);
        let path = format!("sessions/{session}");
        meeting.change(&path, json!({"placement": at(8, "14:00", "16:00")})).await;
        let found = meeting.clashes().await;
        assert_eq!(spans(&found[0]), [("2026-10-08T06:00:00Z", "2026-10-08T07:00:00Z")]);
        // The meeting goes to Warsaw, two hours ahead: what was said holds there at the same times on the wall.
        let seoul = meeting.admin.get(PATH).await.expect(200);
        meeting.change("events/meeting", json!({"time_zone": "Europe/Warsaw"})).await;
        let found = meeting.clashes().await;
        assert_eq!(spans(&found[0]), [("2026-10-08T13:00:00Z", "2026-10-08T14:00:00Z")]);
        let warsaw = meeting.admin.header("If-None-Match", seoul.header("etag")).get(PATH).await.expect(200);
        let start = |said: &Value| said["observances"][1]["when"]["once"]["start"].clone();
        assert_eq!((start(&seoul.json), start(&warsaw.json)), (json!("2026-10-08T15:00:00+09:00"), json!("2026-10-08T15:00:00+02:00")));
        // Sent back as it was read, it stays.
        let same = meeting.admin.if_match(&warsaw).put(PATH, warsaw.json.clone()).await.expect(200);
        assert_eq!(same.json, warsaw.json);
        meeting.change(&path, json!({"placement": at(8, "13:00", "15:00")})).await;
        assert_eq!(meeting.rules().await, [""; 0]);
    }

    async fn who_has_to_be_in_two_rooms_needs_the_time_to_walk(server) {
        let meeting = Meeting::new(&server).await;
        meeting.room("throne", json!({"en": "Royal Castle", "pl": "Zamek Królewski"}), Some("north_wing")).await;
        // The same castle, by one of its names.
        meeting.room("library", json!({"pl": "zamek królewski"}), Some("south_wing")).await;
        meeting.room("salon", json!({"en": "Hotel"}), None).await;
        // Nobody sits here, and it says what else the castle is called.
        meeting.room("attic", json!({"en": "Royal Castle", "fr": "Château royal"}), None).await;
        let person = meeting.admin.post("persons", json!({"display_name": "Speaker"})).await.expect(201).id();
        for (room, from, to) in [("throne", "09:00", "10:00"), ("library", "10:00", "11:00"), ("salon", "11:20", "12:00")] {
            let session = meeting.session(room, from, to, json!({"room_id": room})).await;
            let duty = json!({"person_id": person, "duty": "required"});
            let duty = meeting.admin.post(&format!("sessions/{session}/duties"), duty).await.expect(201);
            meeting.admin.post(&format!("duties/{}/transitions", duty.id()), json!({"to": "accepted"})).await.expect(200);
        }
        let needed = async || {
            let found = meeting.clashes().await;
            let gap = |clash: &Value| (clash["rule"].clone(), clash["params"]["minutes"].clone(), clash["params"]["needed"].clone());
            let mut found: Vec<_> = found.iter().map(gap).map(|(rule, gap, needed)| format!("{rule} {gap} {needed}")).collect();
            found.sort();
            found
        };
        // What is usual: five minutes within a venue, half an hour between two.
        assert_eq!(needed().await, [r#""buffer" 0 5"#, r#""buffer" 20 30"#]);
        let wings = json!([{"venue": "royal castle", "zone": "north_wing"}, {"venue": "ZAMEK KROLEWSKI", "zone": "south_wing"}]);
        let streets = json!([{"venue": "Hotel"}, {"venue": "chateau royal"}]);
        let walks = json!([{"between": wings, "minutes": 12}, {"between": streets, "minutes": 21}]);
        meeting.arrange(json!({ "walks": walks })).await;
        assert_eq!(needed().await, [r#""buffer" 0 12"#, r#""buffer" 20 21"#]);
        let walks = json!([{"between": wings, "minutes": 0}, {"between": streets, "minutes": 20}]);
        meeting.arrange(json!({ "walks": walks })).await;
        assert_eq!(needed().await, [""; 0]);
    }

    async fn as_many_sessions_are_interpreted_at_once_as_there_are_teams(server) {
        let meeting = Meeting::new(&server).await;
        let into = |language: &str| json!({"requirements": {"interpretation": {"from": ["en"], "into": [language]}}});
        meeting.session("Plenary", "10:00", "11:00", into("fr")).await;
        let second = meeting.session("Drafting", "10:00", "11:00", into("fr")).await;
        assert_eq!(meeting.rules().await, [""; 0]);
        meeting.arrange(json!({"interpreters": [{"language": "fr", "teams": 1}]})).await;
        let found = meeting.clashes().await;
        assert_eq!(found[0]["params"], json!({"kind": "teams", "language": "fr", "wanted": 2, "available": 1}));
        let path = format!("sessions/{second}");
        meeting.change(&path, into("ar")).await;
        assert_eq!(meeting.clashes().await[0]["params"]["language"], "ar", "no team was told of");
        meeting.arrange(json!({"interpreters": [{"language": "fr", "teams": 1}, {"language": "ar", "teams": 1}]})).await;
        assert_eq!(meeting.rules().await, [""; 0]);
    }

    async fn nothing_is_decided_in_a_programme_before_enough_members_have_confirmed(server) {
        let meeting = Meeting::new(&server).await;
        for code in ["AA", "BB", "CC", "DD"] {
            let organisation = json!({"code": code, "kind": "igo", "names": {"en": {"list": code}}});
            meeting.admin.post("organisations", organisation).await.expect(201);
        }
        for (code, category) in [("AA", "member"), ("BB", "member"), ("CC", "member"), ("DD", "observer")] {
            let member = json!({"organisation_id": code, "category": category, "valid_from": "2020-01-01"});
            meeting.admin.post("groups/cyber/memberships", member).await.expect(201);
        }
        let plenary = meeting.session("Plenary", "10:00", "12:00", json!({"kind": "plenary"})).await;
        let informal = meeting.session("Talks", "14:00", "15:00", json!({"kind": "informal_consultation"})).await;
        for session in [&plenary, &informal] {
            let item = json!({"title": {"en": "Statement"}, "kind": "adoption"});
            meeting.admin.post(&format!("sessions/{session}/agenda-items"), item).await.expect(201);
        }
        assert_eq!(meeting.rules().await, [""; 0], "nobody was invited yet");
        meeting.delegation("AA", true).await;
        meeting.delegation("DD", true).await;
        meeting.delegation("BB", false).await;
        // More than half of three; the observer has confirmed and does not count, and talks decide nothing by a quorum.
        let found = meeting.clashes().await;
        assert_eq!((found.len(), &found[0]["rule"], &found[0]["subjects"][0]["id"]), (1, &json!("quorum_risk"), &json!(plenary)));
        assert_eq!(found[0]["params"], json!({"kind": "quorum", "confirmed": 1, "needed": 2}));
        let refused = meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/clashes-stand");
        // The event may have rules of its own: a third is enough.
        let third = json!({"quorum": {"basis": "members", "comparison": "at_least", "numerator": 1, "denominator": 3}});
        let own = meeting.admin.put("events/meeting/rules", third).await.expect(200);
        assert_eq!(meeting.rules().await, [""; 0]);
        let all = json!({"quorum": {"basis": "members", "comparison": "at_least", "numerator": 1, "denominator": 1}});
        meeting.admin.if_match(&own).put("events/meeting/rules", all).await.expect(200);
        assert_eq!(meeting.clashes().await[0]["params"]["needed"], 3);
        meeting.delegation("CC", true).await;
        let delegations = meeting.admin.get("events/meeting/delegations").await.expect(200);
        let waits = delegations.json["items"].as_array().unwrap().iter().find(|own| own["organisation_code"] == "BB").unwrap();
        let person = meeting.admin.post("persons", json!({"display_name": "Head", "organisation_id": "BB"})).await.expect(201).id();
        let head = json!({"delegation_id": "BB", "person_id": person, "function": "head"});
        meeting.admin.post("events/meeting/delegates", head).await.expect(201);
        for to in ["submitted", "confirmed"] {
            let step = format!("delegations/{}/transitions", waits["id"].as_str().unwrap());
            meeting.admin.post(&step, json!({"to": to})).await.expect(200);
        }
        assert_eq!(meeting.rules().await, [""; 0]);
        meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(201);
    }

    async fn the_best_slots_lie_within_the_hours_of_the_host(server) {
        let meeting = Meeting::new(&server).await;
        let session = json!({
            "event_id": "meeting", "kind": "workshop", "title": {"en": "Talks"}, "requirements": {"planned_minutes": 60},
        });
        let session = meeting.admin.post("sessions", session).await.expect(201).id();
        let starts = async |query: &str| {
            let answer = meeting.admin.get(&format!("sessions/{session}/slots?limit=50{query}")).await.expect(200);
            let start = |slot: &Value| (slot["start"]["local"].as_str().unwrap().to_owned(), slot["penalty"].as_u64().unwrap());
            answer.json["items"].as_array().unwrap().iter().map(start).collect::<Vec<_>>()
        };
        assert_eq!(starts("").await[0], ("2026-10-07T09:00:00".to_owned(), 0), "what is usual");
        let hours = json!([
            {"days": ["2026-10-08"], "from": "14:00", "to": "16:00"}, {"days": ["2026-10-09"], "from": "08:00", "to": "09:15"},
        ]);
        let prayer = json!({"name": {"en": "Prayer"}, "when": {"daily": {"from": "14:30", "to": "14:45"}}});
        meeting.arrange(json!({"working_hours": hours, "observances": [prayer]})).await;
        // On the 8th an hour begins at two, a quarter of an hour later and so on to three; until a quarter to three it is
        // in the way of the prayer, which a warning weighs 200 of.
        let expected = [
            ("2026-10-08T14:45:00", 0), ("2026-10-08T15:00:00", 0), ("2026-10-09T08:00:00", 0), ("2026-10-09T08:15:00", 0),
            ("2026-10-08T14:00:00", 200), ("2026-10-08T14:15:00", 200), ("2026-10-08T14:30:00", 200),
        ];
        assert_eq!(starts("").await, expected.map(|(start, penalty)| (start.to_owned(), penalty)));
        // Who asks for other hours gets them.
        assert_eq!(starts("&opens=19:00&closes=20:00").await[0].0, "2026-10-07T19:00:00");
        let proposal = meeting.admin.post("events/meeting/placement-proposals", json!({})).await.expect(200);
        let placed = proposal.json["placements"][0]["start"]["local"].as_str().unwrap();
        assert!(expected[..4].iter().any(|(start, _)| *start == placed), "{}", proposal.text);
    }

    async fn only_those_who_plan_read_what_is_arranged(server) {
        let meeting = Meeting::new(&server).await;
        let nothing = meeting.chair.get(PATH).await.expect(200);
        let empty = json!({"working_hours": [], "holidays": [], "observances": [], "walks": [], "interpreters": []});
        assert_eq!(nothing.json, empty);
        let said = json!({"working_hours": [{"from": "09:00", "to": "18:00"}]});
        let made = meeting.chair.put(PATH, said.clone()).await.expect(200);
        server.anonymous().get(PATH).await.expect(404);
        meeting.admin.post("organisations", json!({"code": "AA", "kind": "igo", "names": {"en": {"list": "A"}}})).await.expect(201);
        meeting.delegation("AA", false).await;
        server.manager_of("AA").await.get(PATH).await.expect(404);
        server.anonymous().put(PATH, said.clone()).await.expect(401);
        // It is as it was read, or it is not written.
        meeting.chair.put(PATH, said.clone()).await.expect(428);
        let stale = meeting.chair.if_match(&nothing).put(PATH, json!({})).await.expect(412);
        assert_eq!(stale.json["current"]["working_hours"][0]["from"], "09:00");
        let walk = json!({"between": [{"venue": "Nowhere"}, {"venue": "Elsewhere"}], "minutes": 5});
        let wrong = json!({"working_hours": [{"from": "10:00", "to": "18:00"}], "walks": [walk]});
        let refused = meeting.chair.if_match(&made).put(PATH, wrong).await.expect(422);
        assert_eq!(refused.codes(), ["unknown_venue", "unknown_venue"]);
        for wrong in [json!({"opening": []}), json!({"working_hours": [{"from": "25:00", "to": "18:00"}]})] {
            meeting.chair.if_match(&made).put(PATH, wrong).await.expect(400);
        }
        let kept = meeting.chair.get(PATH).await.expect(200);
        assert_eq!((&kept.json, kept.header("etag")), (&made.json, made.header("etag")));
        // One write was told, with what it changed.
        let entries = meeting.admin.get("audit-entries?limit=200").await.expect(200);
        let entries = entries.json["items"].as_array().unwrap().clone();
        let written: Vec<_> = entries.iter().filter(|entry| entry["action"] == "practical_arrangements.updated").collect();
        assert_eq!(written.len(), 1);
        assert!(written[0].to_string().contains("09:00"), "{}", written[0]);
        let changes = server.anonymous().get("changes?limit=200").await.expect(200);
        assert!(!changes.text.contains("practical_arrangements"), "{}", changes.text);
    }
}
