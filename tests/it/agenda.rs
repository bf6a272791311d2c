//! Agendas: numbers that stay, items that not everybody sees, and when a sitting will be through. Times were worked out
//! by hand: the clock of the tests stands at 08:00 UTC, which is 09:00 in Warsaw.

use domain::access::{Account, Role};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// A public meeting on the day of the tests, with a session from nine to half past ten that was announced.
pub struct Meeting {
    pub admin: Client,
    pub chair: Client,
    pub session: String,
}

impl Meeting {
    pub async fn new(server: &Server) -> Self {
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
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Warsaw"}},
            "time_zone": "Europe/Warsaw", "starts_on": "2026-03-02", "ends_on": "2026-03-03", "languages": ["en"],
            "visibility": "public", "group_id": "cyber",
        });
        admin.post("events", event).await.expect(201);
        let session = json!({
            "event_id": "meeting", "kind": "plenary", "title": {"en": "Opening"},
            "placement": {"start": "2026-03-02T09:00:00", "end": "2026-03-02T10:30:00"},
        });
        let session = admin.announce(session).await.id();
        Self { admin, chair, session }
    }

    fn path(&self, of: &str) -> String {
        format!("sessions/{}/{of}", self.session)
    }

    pub async fn item(&self, title: &str, more: Value) -> Answer {
        let mut item = json!({"title": {"en": title}, "kind": "discussion"});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post(&self.path("agenda-items"), item).await.expect(201)
    }

    async fn agenda(&self, client: &Client) -> Value {
        client.get(&self.path("agenda")).await.expect(200).json
    }

    /// Numbers and titles in the order of the agenda.
    async fn lines(&self, client: &Client) -> Vec<String> {
        let agenda = self.agenda(client).await;
        let line = |item: &Value| {
            format!("{} {}", item["number"].as_str().unwrap_or("-"), item["title"]["en"].as_str().unwrap())
        };
        agenda["items"].as_array().unwrap().iter().map(line).collect()
    }

    async fn step(&self, item: &Answer, to: &str) -> Answer {
        self.chair.post(&format!("agenda-items/{}/transitions", item.id()), json!({"to": to})).await
    }

    async fn change(&self, item: &Answer, patch: Value) -> Answer {
        let path = format!("agenda-items/{}", item.id());
        let stored = self.admin.get(&path).await.expect(200);
        self.admin.if_match(&stored).patch(&path, patch).await
    }
}

fn minutes(server: &Server, minutes: i64) {
    server.advance(SignedDuration::from_mins(minutes));
}

fn at(time: &str) -> Value {
    json!({"local": format!("2026-03-02T{time}:00"), "time_zone": "Europe/Warsaw", "utc": format!("2026-03-02T{:02}{}:00Z", time[..2].parse::<u8>().unwrap() - 1, &time[2..])})
}

on_both! {
    async fn numbers_follow_the_tree_until_the_agenda_is_adopted_and_stay_from_then_on(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.item("Opening", json!({})).await;
        let reports = meeting.item("Reports", json!({})).await;
        let first = meeting.item("Of the chair", json!({"parent_id": reports.id()})).await;
        meeting.item("Of the members", json!({"parent_id": reports.id()})).await;
        meeting.item("Statement", json!({"position": 2})).await;
        assert_eq!(meeting.lines(&meeting.admin).await, ["1 Opening", "2 Statement", "3 Reports", "3.1 Of the chair", "3.2 Of the members"]);
        meeting.admin.put(&meeting.path("agenda-numbering"), json!({"style": "roman", "prefix": "A-"})).await.expect(200);
        assert_eq!(meeting.lines(&meeting.admin).await[2..4], ["A-III Reports", "A-III.1 Of the chair"]);
        let numbering = meeting.admin.get(&meeting.path("agenda-numbering")).await.expect(200);
        meeting.admin.if_match(&numbering).put(&meeting.path("agenda-numbering"), json!({})).await.expect(200);
        meeting.change(&opening, json!({"position": 2})).await.expect(200);
        assert_eq!(meeting.lines(&meeting.admin).await[..3], ["1 Statement", "2 Opening", "3 Reports"]);
        let adopted = meeting.chair.post(&meeting.path("agenda/adopt"), json!({"note": "As amended"})).await.expect(201);
        let before = meeting.lines(&meeting.admin).await;

        meeting.item("Elections", json!({"position": 3})).await;
        let ter = meeting.item("Budget", json!({"position": 3})).await;
        meeting.item("Of the host", json!({"parent_id": reports.id(), "position": 2})).await;
        meeting.item("Any other business", json!({"kind": "any_other_business"})).await;
        let lines = ["1 Statement", "2 Opening", "2 ter Budget", "2 bis Elections", "3 Reports", "3.1 Of the chair", "3.1 bis Of the host", "3.2 Of the members", "4 Any other business"];
        assert_eq!(meeting.lines(&server.anonymous()).await, lines);
        // Moving and deleting change no number, and none is given twice.
        meeting.change(&opening, json!({"position": 1})).await.expect(200);
        meeting.change(&first, json!({"parent_id": null, "position": 1})).await.expect(200);
        let path = format!("agenda-items/{}", ter.id());
        let stored = meeting.admin.get(&path).await.expect(200);
        meeting.admin.if_match(&stored).delete(&path).await.expect(204);
        meeting.admin.get(&path).await.expect(410);
        meeting.item("Staff", json!({"position": 3})).await;
        let lines = ["3.1 Of the chair", "2 Opening", "2 quater Staff", "1 Statement", "2 bis Elections", "3 Reports", "3.1 bis Of the host", "3.2 Of the members", "4 Any other business"];
        assert_eq!(meeting.lines(&meeting.admin).await, lines);
        let refused = meeting.change(&opening, json!({"manual_number": "7"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/agenda-adopted");
        let numbering = meeting.admin.get(&meeting.path("agenda-numbering")).await.expect(200);
        meeting.admin.if_match(&numbering).put(&meeting.path("agenda-numbering"), json!({"style": "roman"})).await.expect(409);

        // What was adopted stays readable as it was.
        let kept = server.anonymous().get(&format!("agenda-editions/{}", adopted.id())).await.expect(200).json;
        let line = |item: &Value| format!("{} {}", item["number"].as_str().unwrap(), item["title"]["en"].as_str().unwrap());
        let kept_lines: Vec<_> = kept["items"].as_array().unwrap().iter().map(line).filter(|line| !line.contains("Budget")).collect();
        assert_eq!((kept_lines, &kept["kind"], &kept["note"]), (before, &json!("adopted"), &json!("As amended")));
    }

    async fn a_number_given_by_hand_is_passed_over_and_had_once(server) {
        let meeting = Meeting::new(&server).await;
        meeting.item("Opening", json!({})).await;
        meeting.item("Annex", json!({"manual_number": "2"})).await;
        meeting.item("Closing", json!({})).await;
        assert_eq!(meeting.lines(&meeting.admin).await, ["1 Opening", "2 Annex", "3 Closing"]);
        let item = json!({"title": {"en": "Again"}, "kind": "discussion", "manual_number": " 2"});
        let refused = meeting.admin.post(&meeting.path("agenda-items"), item).await.expect(422);
        assert_eq!(refused.codes(), ["number_taken"]);
    }

    async fn who_does_not_run_the_event_misses_no_number_and_learns_of_no_internal_item(server) {
        let meeting = Meeting::new(&server).await;
        meeting.item("Opening", json!({"planned_minutes": 10})).await;
        let secret = meeting.item("Consultations", json!({"visibility": "internal", "planned_minutes": 30})).await;
        let below = meeting.item("With the host", json!({"visibility": "hidden", "parent_id": secret.id(), "planned_minutes": 100})).await;
        let closing = meeting.item("Closing", json!({"planned_minutes": 5})).await;
        assert_eq!(meeting.lines(&meeting.chair).await, ["1 Opening", "- Consultations", "- With the host", "2 Closing"]);
        let (anonymous, path) = (server.anonymous(), format!("agenda-items/{}", secret.id()));
        assert_eq!(meeting.lines(&anonymous).await, ["1 Opening", "2 Closing"]);
        let agenda = meeting.agenda(&anonymous).await;
        assert_eq!((&agenda["planned_minutes"], &agenda["items"][1]["position"]), (&json!(15), &json!(2)));
        // What is internal takes its time, what is hidden does not.
        assert_eq!((&agenda["items"][1]["projected_start"], &agenda["projected_end"]), (&at("09:40"), &at("09:45")));
        anonymous.get(&path).await.expect(404);
        assert_eq!(anonymous.get(&meeting.path("agenda-items")).await.expect(200).json["items"].as_array().unwrap().len(), 2);
        let edition = meeting.chair.post(&meeting.path("agenda-editions"), json!({})).await.expect(201);
        assert_eq!(edition.json["items"].as_array().unwrap().len(), 3);
        let seen = anonymous.get(&format!("agenda-editions/{}", edition.id())).await.expect(200);
        assert!(seen.json["items"].as_array().unwrap().len() == 2 && !seen.text.contains("Consultations"), "{}", seen.text);
        let changes = anonymous.get("changes?limit=200").await.expect(200).text;
        assert!(changes.contains(&closing.id()) && !changes.contains(&secret.id()) && !changes.contains(&below.id()));
        assert_eq!(meeting.change(&below, json!({"visibility": "common"})).await.expect(422).codes(), ["wider_than_parent"]);
        assert_eq!(meeting.change(&secret, json!({"manual_number": "9"})).await.expect(422).codes(), ["out_of_place"]);
        assert_eq!(meeting.step(&below, "open").await.expect(409).json["type"], "/problems/hidden-item");
        // It was not to be seen then, so the edition does not show it now.
        meeting.change(&secret, json!({"visibility": "common"})).await.expect(200);
        assert_eq!(meeting.lines(&anonymous).await, ["1 Opening", "2 Consultations", "3 Closing"]);
        let seen = anonymous.get(&format!("agenda-editions/{}", edition.id())).await.expect(200);
        assert_eq!(seen.json["items"].as_array().unwrap().len(), 2);
    }

    async fn a_sitting_says_by_how_much_it_runs_late(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.item("Opening", json!({"planned_minutes": 10})).await;
        let reports = meeting.item("Reports", json!({"planned_minutes": 30})).await;
        meeting.item("Closing", json!({"planned_minutes": 30})).await;
        let agenda = meeting.agenda(&server.anonymous()).await;
        assert_eq!((&agenda["running_late_minutes"], &agenda["projected_end"]), (&json!(0), &at("10:10")));
        minutes(&server, 5);
        let opened = meeting.step(&opening, "open").await.expect(200);
        assert_eq!((&opened.json["state"], &opened.json["started"]), (&json!("open"), &at("09:05")));
        let refused = meeting.step(&reports, "open").await.expect(409);
        assert_eq!(refused.json["type"], "/problems/another-item-open");
        assert!(refused.json["detail"].as_str().unwrap().contains("(1)"), "{}", refused.text);
        minutes(&server, 15);
        let closed = meeting.step(&opening, "closed").await.expect(200);
        assert_eq!(closed.json["ended"], at("09:20"));
        meeting.step(&reports, "open").await.expect(200);
        minutes(&server, 10);
        let agenda = meeting.agenda(&server.anonymous()).await;
        let times = |at: usize| (agenda["items"][at]["projected_start"].clone(), agenda["items"][at]["projected_end"].clone());
        assert_eq!((times(0), times(1), times(2)), ((Value::Null, Value::Null), (at("09:20"), at("09:50")), (at("09:50"), at("10:20"))));
        assert_eq!((&agenda["running_late_minutes"], &agenda["over_minutes"]), (&json!(10), &json!(0)));
        // It goes on beyond its half hour.
        minutes(&server, 35);
        let agenda = meeting.agenda(&server.anonymous()).await;
        assert_eq!((&agenda["running_late_minutes"], &agenda["over_minutes"], &agenda["projected_end"]), (&json!(25), &json!(5), &at("10:35")));
        meeting.step(&reports, "suspended").await.expect(200);
        meeting.step(&reports, "closed").await.expect(200);
        assert_eq!(meeting.step(&reports, "deferred").await.expect(409).json["type"], "/problems/wrong-state");
    }

    async fn an_item_is_opened_in_a_session_that_is_scheduled(server) {
        let meeting = Meeting::new(&server).await;
        let item = meeting.item("Opening", json!({})).await;
        let cancelled = json!({"to": "cancelled", "reason": "Storm"});
        meeting.admin.post(&meeting.path("transitions"), cancelled).await.expect(200);
        assert_eq!(meeting.step(&item, "open").await.expect(409).json["type"], "/problems/session-not-scheduled");
        meeting.step(&item, "deferred").await.expect(200);
        let agenda = meeting.agenda(&meeting.admin).await;
        assert_eq!((&agenda["projected_end"], &agenda["items"][0]["state"]), (&Value::Null, &json!("deferred")));
    }

    async fn two_that_open_items_at_once_open_one(server) {
        let meeting = Meeting::new(&server).await;
        let (one, other) = (meeting.item("One", json!({})).await, meeting.item("Other", json!({})).await);
        let (first, second) = tokio::join!(meeting.step(&one, "open"), meeting.step(&other, "open"));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let open = meeting.admin.get(&meeting.path("agenda-items?state=open")).await.expect(200);
        assert_eq!(open.json["items"].as_array().unwrap().len(), 1);
    }

    async fn an_item_changes_for_who_has_read_it_and_hangs_where_it_may(server) {
        let meeting = Meeting::new(&server).await;
        let above = meeting.item("Above", json!({"documents": [{"title": {"en": "Draft"}, "symbol": "WP/1", "due_on": "2026-02-20"}]})).await;
        let below = meeting.item("Below", json!({"parent_id": above.id()})).await;
        let path = format!("agenda-items/{}", above.id());
        meeting.admin.patch(&path, json!({"planned_minutes": 5})).await.expect(428);
        let read = meeting.admin.get(&path).await.expect(200);
        let changed = meeting.admin.if_match(&read).patch(&path, json!({"outcome": {"en": "Agreed."}})).await.expect(200);
        assert_eq!((&changed.json["outcome"]["en"], &changed.json["documents"][0]["symbol"]), (&json!("Agreed."), &json!("WP/1")));
        let stale = meeting.admin.if_match(&read).patch(&path, json!({"planned_minutes": 5})).await.expect(412);
        assert_eq!(stale.json["current"]["outcome"]["en"], "Agreed.");
        let refused = meeting.change(&above, json!({"parent_id": below.id()})).await.expect(422);
        assert_eq!(refused.codes(), ["below_itself"]);
        assert_eq!(meeting.admin.if_match(&changed).delete(&path).await.expect(409).json["type"], "/problems/has-items");
        let elsewhere = json!({"event_id": "meeting", "kind": "plenary", "title": {"en": "Other"}});
        let elsewhere = meeting.admin.post("sessions", elsewhere).await.expect(201).id();
        let item = json!({"title": {"en": "Lost"}, "kind": "discussion", "parent_id": above.id()});
        let refused = meeting.admin.post(&format!("sessions/{elsewhere}/agenda-items"), item).await.expect(422);
        assert_eq!(refused.codes(), ["unknown_agenda_item"]);
        let nothing = meeting.admin.post(&format!("sessions/{elsewhere}/agenda/adopt"), json!({})).await.expect(409);
        assert_eq!(nothing.json["type"], "/problems/agenda-empty");
        let bad = json!({"title": {"en": "Bad"}, "kind": "discussion", "documents": [{"title": {"en": "Draft"}, "url": "ftp://x"}]});
        let refused = meeting.admin.post(&meeting.path("agenda-items"), bad).await.expect(422);
        assert_eq!(refused.json["errors"][0]["pointer"], "/documents/0/url");
    }

    async fn who_introduces_an_item_is_named_to_those_who_may_see_the_person(server) {
        let meeting = Meeting::new(&server).await;
        let person = meeting.admin.post("persons", json!({"display_name": "Rapporteur"})).await.expect(201).id();
        let item = meeting.item("Report", json!({"lead_person_id": person})).await;
        assert_eq!(item.json["lead_person_id"], person);
        let seen = server.anonymous().get(&format!("agenda-items/{}", item.id())).await.expect(200);
        assert!(!seen.text.contains(&person), "{}", seen.text);
    }

    async fn an_agenda_that_does_not_fit_and_a_paper_that_is_late_are_clashes(server) {
        let meeting = Meeting::new(&server).await;
        let clashes = async || {
            let found = meeting.admin.get("events/meeting/clashes").await.expect(200).json["items"].clone();
            found.as_array().unwrap().iter().map(|clash| clash["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let long = meeting.item("Everything", json!({"planned_minutes": 91})).await;
        assert_eq!(clashes().await, ["agenda_overflow"]);
        meeting.change(&long, json!({"planned_minutes": 60})).await.expect(200);
        meeting.item("Not yet", json!({"planned_minutes": 60, "visibility": "hidden"})).await;
        assert!(clashes().await.is_empty());
        let paper = json!({"kind": "decision", "documents": [{"title": {"en": "Draft"}, "due_on": "2026-02-20", "received_on": "2026-02-23"}]});
        let decision = meeting.item("Budget", paper).await;
        assert_eq!(clashes().await, ["doc_deadline"]);
        let found = meeting.admin.get("events/meeting/clashes").await.expect(200);
        assert_eq!(found.json["items"][0]["params"]["deadline"], "2026-02-20");
        meeting.step(&decision, "withdrawn").await.expect(200);
        assert!(clashes().await.is_empty());
    }
}
