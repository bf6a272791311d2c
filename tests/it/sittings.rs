//! A meeting of two days is one session with several sittings: what they share, what each has of its own, and that the
//! programme takes them as one. Times were worked out by hand; Seoul is nine hours ahead of UTC.

use domain::access::Role;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// A meeting of three days in Seoul, whose drafting group sits twice: on two mornings from nine to noon.
struct Meeting {
    admin: Client,
    public: Client,
    first: String,
    second: String,
}

impl Meeting {
    async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        let group =
            json!({"code": "drafting", "kind": "working_group", "name": {"en": "Drafting"}, "visibility": "public"});
        admin.post("groups", group).await.expect(201);
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-07", "ends_on": "2026-10-09", "languages": ["en"],
            "visibility": "public",
        });
        admin.post("events", event).await.expect(201);
        let session = json!({
            "event_id": "meeting", "kind": "group_meeting", "title": {"en": "Drafting"}, "group_id": "drafting",
            "placement": slot("07 09:00-12:00"), "requirements": {"expected_in_room": 20},
            "external_ids": [{"system": "old", "id": "77"}],
        });
        let first = admin.post("sessions", session).await.expect(201).id();
        let further = json!({"placement": slot("08 09:00-12:00")});
        let second = admin.post(&format!("sessions/{first}/sittings"), further).await.expect(201).id();
        Self { admin, public: server.anonymous(), first, second }
    }

    async fn change(&self, id: &str, patch: Value) -> Answer {
        let path = format!("sessions/{id}");
        let current = self.admin.get(&path).await.expect(200);
        self.admin.if_match(&current).patch(&path, patch).await
    }

    async fn plan(&self, id: &str, session: Value) -> Answer {
        let path = format!("sessions/{id}/plan");
        let current = self.admin.get(&path).await.expect(200);
        self.admin.if_match(&current).patch(&path, json!({ "session": session })).await
    }

    async fn release(&self, name: &str) {
        self.admin.post("events/meeting/releases", json!({ "name": name })).await.expect(201);
    }

    /// Titles and local starts of the sittings, by start.
    async fn sittings(&self, client: &Client) -> Vec<String> {
        let page = client.get(&format!("sessions/{}/sittings", self.second)).await.expect(200);
        page.json["items"].as_array().unwrap().iter().map(line).collect()
    }

    /// The same of what the next release does something to.
    async fn draft(&self) -> Vec<String> {
        let page = self.admin.get("events/meeting/draft").await.expect(200);
        page.json["items"].as_array().unwrap().iter().map(|item| line(&item["session"])).collect()
    }

    /// What clashes in the draft, but for the rooms that these sessions do not have and answers that nobody gave.
    async fn clashes(&self) -> Vec<String> {
        let page = self.admin.get("events/meeting/clashes?limit=200").await.expect(200);
        let rules =
            page.json["items"].as_array().unwrap().iter().map(|clash| clash["rule"].as_str().unwrap().to_owned());
        rules.filter(|rule| rule != "unplaced" && rule != "unconfirmed").collect()
    }

    async fn other(&self, title: &str, when: &str) -> String {
        let session = json!({
            "event_id": "meeting", "kind": "training", "title": {"en": title}, "placement": slot(when),
        });
        self.admin.post("sessions", session).await.expect(201).id()
    }
}

/// `07 09:00-12:00` in October.
fn slot(when: &str) -> Value {
    let (day, times) = when.split_once(' ').unwrap();
    let (from, to) = times.split_once('-').unwrap();
    json!({"start": format!("2026-10-{day}T{from}:00"), "end": format!("2026-10-{day}T{to}:00")})
}

fn line(session: &Value) -> String {
    let start = session["start"]["local"].as_str().map_or("-", |local| &local[8..16]);
    format!("{} {start} {}", session["title"]["en"].as_str().unwrap(), session["state"].as_str().unwrap())
}

on_both! {
    async fn a_session_of_two_days_is_changed_once_and_every_sitting_follows(server) {
        let meeting = Meeting::new(&server).await;
        let second = meeting.admin.get(&format!("sessions/{}", meeting.second)).await.expect(200);
        assert_eq!(second.json["sitting_of"], json!(meeting.first));
        assert_eq!((&second.json["number"], &second.json["requirements"]), (&json!(2), &json!({"expected_in_room": 20})));
        assert_eq!(second.json["external_ids"], json!([]), "an id in a partner system is that of one sitting");

        // A sitting of a sitting is one of the same session; it may have no time yet.
        let third = meeting.admin.post(&format!("sessions/{}/sittings", meeting.second), json!({"planned_minutes": 90})).await.expect(201);
        assert_eq!(third.json["sitting_of"], json!(meeting.first));
        meeting.change(&meeting.first, json!({"title": {"en": "Drafting of the report"}, "requirements": {"layout": "u_shape"}})).await.expect(200);
        let said = ["Drafting of the report 07T09:00 draft", "Drafting of the report 08T09:00 draft", "Drafting of the report - draft"];
        assert_eq!(meeting.sittings(&meeting.admin).await, said);
        let third = meeting.admin.get(&format!("sessions/{}", third.id())).await.expect(200);
        assert_eq!(third.json["requirements"], json!({"expected_in_room": 20, "layout": "u_shape", "planned_minutes": 90}));

        // Time and room are its own; what all share is not.
        meeting.change(&third.id(), json!({"placement": slot("07 15:00-16:30")})).await.expect(200);
        let refused = meeting.change(&third.id(), json!({"title": {"en": "Something else"}, "kind": "plenary"})).await.expect(422);
        assert_eq!(refused.codes(), ["said_of_the_session", "said_of_the_session"]);
        assert!(refused.text.contains(&meeting.first) && refused.text.contains("/kind") && refused.text.contains("/title"));
        let refused = meeting.change(&third.id(), json!({"sitting_of": null})).await.expect(422);
        assert_eq!(refused.codes(), ["sitting_is_fixed"]);
        let whole = json!({"event_id": "meeting", "kind": "plenary", "title": {"en": "Other"}, "sitting_of": meeting.first});
        let refused = meeting.admin.post("sessions", whole).await.expect(422);
        assert!(refused.codes().iter().all(|code| *code == "said_of_the_session"), "{}", refused.text);
        let of_sitting = json!({"event_id": "meeting", "kind": "plenary", "title": {"en": "Other"}, "sitting_of": meeting.second});
        assert_eq!(meeting.admin.post("sessions", of_sitting).await.expect(422).codes(), ["unknown_session"]);

        // All of it is undone as one.
        meeting.admin.post("events/meeting/draft/undo", json!({})).await.expect(200);
        meeting.admin.post("events/meeting/draft/undo", json!({})).await.expect(200);
        assert_eq!(meeting.sittings(&meeting.admin).await, ["Drafting 07T09:00 draft", "Drafting 08T09:00 draft", "Drafting - draft"]);

        // The sitting that leads goes last.
        let leads = meeting.admin.get(&format!("sessions/{}", meeting.first)).await.expect(200);
        let refused = meeting.admin.if_match(&leads).delete(&format!("sessions/{}", meeting.first)).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/sitting-leads");
        for id in [third.id(), meeting.second.clone(), meeting.first.clone()] {
            let path = format!("sessions/{id}");
            let current = meeting.admin.get(&path).await.expect(200);
            meeting.admin.if_match(&current).delete(&path).await.expect(204);
        }
    }

    async fn what_is_planned_of_a_session_is_planned_of_all_its_sittings(server) {
        let meeting = Meeting::new(&server).await;
        assert_eq!(meeting.public.get(&format!("sessions/{}/sittings", meeting.first)).await.status, 404);
        meeting.release("First").await;
        assert_eq!(meeting.sittings(&meeting.public).await, ["Drafting 07T09:00 scheduled", "Drafting 08T09:00 scheduled"]);
        let evening = json!({"placement": slot("07 18:00-20:00")});
        meeting.admin.post(&format!("sessions/{}/sittings", meeting.second), evening).await.expect(201);

        meeting.plan(&meeting.first, json!({"title": {"en": "Final drafting"}})).await.expect(200);
        let refused = meeting.plan(&meeting.second, json!({"title": {"en": "Mine"}})).await.expect(422);
        assert_eq!(refused.codes(), ["said_of_the_session"]);
        meeting.plan(&meeting.second, json!({"placement": slot("08 14:00-17:00")})).await.expect(200);
        let planned = ["Final drafting 07T09:00 scheduled", "Final drafting 07T18:00 scheduled", "Final drafting 08T14:00 scheduled"];
        assert_eq!(meeting.draft().await, planned);
        // Nobody else knows of any of it.
        assert_eq!(meeting.sittings(&meeting.public).await, ["Drafting 07T09:00 scheduled", "Drafting 08T09:00 scheduled"]);

        // Undone one after the other: the move of one sitting, then the title of all.
        meeting.admin.post("events/meeting/draft/undo", json!({})).await.expect(200);
        meeting.admin.post("events/meeting/draft/undo", json!({})).await.expect(200);
        assert_eq!(meeting.draft().await, ["Drafting 07T18:00 scheduled"]);
        meeting.plan(&meeting.first, json!({"title": {"en": "Final drafting"}})).await.expect(200);
        meeting.release("Second").await;
        let known = ["Final drafting 07T09:00 scheduled", "Final drafting 07T18:00 scheduled", "Final drafting 08T09:00 scheduled"];
        assert_eq!(meeting.sittings(&meeting.public).await, known);
        assert!(meeting.draft().await.is_empty());

        // What is said at once holds at once, for all; every sitting has an entry of its own.
        meeting.change(&meeting.first, json!({"title": {"en": "Last drafting"}})).await.expect(200);
        let feed = meeting.public.get("/ical/events/meeting.ics").await.expect(200).text;
        assert_eq!(feed.matches("SUMMARY:Last drafting").count(), 3);
        assert!(["20261007T000000Z", "20261007T090000Z", "20261008T000000Z"].iter().all(|start| feed.contains(start)));

        // Back to the first release: the sitting added since has the title of its session all the same.
        let releases = meeting.admin.get("events/meeting/releases").await.expect(200);
        let first = releases.json["items"].as_array().unwrap().iter().find(|it| it["name"] == "First").unwrap()["id"].clone();
        meeting.admin.post("events/meeting/draft/reset", json!({"release_id": first})).await.expect(200);
        meeting.release("Third").await;
        assert_eq!(meeting.sittings(&meeting.public).await, ["Drafting 07T09:00 scheduled", "Drafting 07T18:00 scheduled", "Drafting 08T09:00 scheduled"]);
    }

    async fn a_session_is_called_off_as_one_and_what_was_held_stays(server) {
        let meeting = Meeting::new(&server).await;
        let third = meeting.admin.post(&format!("sessions/{}/sittings", meeting.first), json!({"placement": slot("09 09:00-12:00")})).await.expect(201);
        meeting.release("First").await;
        let step = async |id: &str, to: Value| meeting.admin.post(&format!("sessions/{id}/transitions"), to).await;
        step(&meeting.first, json!({"to": "held"})).await.expect(200);
        step(&third.id(), json!({"to": "cancelled", "reason": "Done in two days"})).await.expect(200);
        let called_off = step(&meeting.second, json!({"to": "cancelled", "reason": "The building is closed", "all_sittings": true})).await.expect(200);
        assert_eq!(called_off.json["state"], "cancelled");
        assert_eq!(meeting.sittings(&meeting.public).await, ["Drafting 07T09:00 held", "Drafting 08T09:00 cancelled", "Drafting 09T09:00 cancelled"]);
        let third = meeting.admin.get(&format!("sessions/{}", third.id())).await.expect(200);
        assert_eq!(third.json["cancel_reason"], "Done in two days");
        // A step that one of them cannot take is taken by none.
        let refused = step(&meeting.second, json!({"to": "scheduled", "all_sittings": true})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/wrong-state");
        meeting.admin.post(&format!("sessions/{}/sittings", meeting.first), json!({})).await.expect(201);
        let back = step(&meeting.second, json!({"to": "draft", "all_sittings": true})).await.expect(200);
        assert_eq!(back.json["state"], "draft");
        let refused = step(&meeting.second, json!({"to": "scheduled", "all_sittings": true})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/not-placed");
        assert_eq!(meeting.sittings(&meeting.admin).await, ["Drafting 07T09:00 held", "Drafting 08T09:00 draft", "Drafting 09T09:00 draft", "Drafting - draft"]);
    }

    async fn a_duty_in_a_session_is_one_in_every_sitting_and_a_sitting_may_have_its_own(server) {
        let meeting = Meeting::new(&server).await;
        let person = async |name: &str| meeting.admin.post("persons", json!({"display_name": name})).await.expect(201).id();
        let (chair, speaker) = (person("Chair").await, person("Speaker").await);
        let duty = async |session: &str, duty: Value| meeting.admin.post(&format!("sessions/{session}/duties"), duty).await.expect(201);
        // Given to whichever sitting, it is one in the session.
        let given = duty(&meeting.second, json!({"person_id": chair, "duty": "chair"})).await;
        assert_eq!(given.json["session_id"], json!(meeting.first));
        let own = duty(&meeting.second, json!({"person_id": speaker, "duty": "speaker", "sitting_only": true})).await;
        assert_eq!((&own.json["session_id"], &own.json["sitting_only"]), (&json!(meeting.second), &json!(true)));
        let count = async |session: &str| {
            let page = meeting.admin.get(&format!("sessions/{session}/duties")).await.expect(200);
            page.json["items"].as_array().unwrap().len()
        };
        assert_eq!((count(&meeting.first).await, count(&meeting.second).await), (1, 2));
        let path = format!("duties/{}", own.id());
        let stored = meeting.admin.get(&path).await.expect(200);
        let refused = meeting.admin.if_match(&stored).patch(&path, json!({"sitting_only": false})).await.expect(422);
        assert_eq!(refused.codes(), ["duty_of_sitting"]);

        let training = meeting.other("Training", "07 10:00-11:00").await;
        let workshop = meeting.other("Workshop", "08 10:00-11:00").await;
        assert!(meeting.clashes().await.is_empty());
        // The chair is wanted on the second morning too, the speaker on that one only.
        duty(&workshop, json!({"person_id": chair, "duty": "required"})).await;
        assert_eq!(meeting.clashes().await, ["person_overlap_chair"]);
        duty(&training, json!({"person_id": speaker, "duty": "required"})).await;
        assert_eq!(meeting.clashes().await, ["person_overlap_chair"]);
        duty(&workshop, json!({"person_id": speaker, "duty": "required"})).await;
        assert_eq!(meeting.clashes().await, ["person_overlap_chair", "person_overlap_chair"]);
        // Two sittings of one session never lie beside each other.
        meeting.change(&meeting.second, json!({"placement": slot("07 11:00-14:00")})).await.expect(200);
        let clashes = meeting.clashes().await;
        assert!(clashes.contains(&"time_relation".to_owned()), "{clashes:?}");
    }

    async fn an_agenda_goes_on_in_the_next_sitting(server) {
        let meeting = Meeting::new(&server).await;
        let item = async |session: &str, title: &str, minutes: u32| {
            let item = json!({"title": {"en": title}, "kind": "discussion", "planned_minutes": minutes});
            meeting.admin.post(&format!("sessions/{session}/agenda-items"), item).await.expect(201)
        };
        // Asked for or written by whichever sitting, it is the agenda of the session.
        item(&meeting.first, "Scope", 120).await;
        item(&meeting.second, "Definitions", 150).await;
        item(&meeting.second, "Next steps", 60).await;
        let agenda = meeting.admin.get(&format!("sessions/{}/agenda", meeting.second)).await.expect(200).json;
        assert_eq!(agenda["session_id"], json!(meeting.first));
        let lines = agenda["items"].as_array().unwrap();
        let times: Vec<_> = lines.iter().map(|line| (line["number"].as_str().unwrap(), &line["projected_start"]["local"], &line["projected_end"]["local"])).collect();
        // Three hours on each morning: the second item takes an hour of the first and an hour and a half of the second.
        assert_eq!(times, [
            ("1", &json!("2026-10-07T09:00:00"), &json!("2026-10-07T11:00:00")),
            ("2", &json!("2026-10-07T11:00:00"), &json!("2026-10-08T10:30:00")),
            ("3", &json!("2026-10-08T10:30:00"), &json!("2026-10-08T11:30:00")),
        ]);
        assert_eq!((&agenda["running_late_minutes"], &agenda["over_minutes"]), (&json!(0), &json!(0)));
        assert!(meeting.clashes().await.is_empty(), "five and a half hours in six");
        item(&meeting.first, "Any other business", 60).await;
        assert_eq!(meeting.clashes().await, ["agenda_overflow"]);
        meeting.admin.post(&format!("sessions/{}/sittings", meeting.first), json!({"placement": slot("09 09:00-10:00")})).await.expect(201);
        assert!(meeting.clashes().await.is_empty(), "six and a half in seven");
    }

    async fn a_request_for_two_sittings_is_as_far_as_the_one_that_got_least_far(server) {
        let meeting = Meeting::new(&server).await;
        let admin = &meeting.admin;
        let person = admin.post("persons", json!({"display_name": "Expert"})).await.expect(201).id();
        let asked = json!({
            "group_id": "drafting", "title": {"en": "Experts"}, "sittings": [{"minutes": 180}, {"minutes": 120}],
            "required_person_ids": [person], "cannot_meet": [slot("09 09:00-12:00")],
            "relations": [{"relation": "after", "session_id": meeting.first}],
        });
        let request = admin.post("events/meeting/session-requests", asked).await.expect(201);
        let path = format!("session-requests/{}", request.id());
        for to in ["submitted", "approved"] {
            admin.post(&format!("{path}/transitions"), json!({ "to": to })).await.expect(200);
        }
        let stored = admin.get(&path).await.expect(200);
        let session = stored.json["session_id"].as_str().unwrap();
        let sittings = admin.get(&format!("sessions/{session}/sittings")).await.expect(200);
        let planned: Vec<_> = sittings.json["items"].as_array().unwrap().iter().map(|it| (it["id"].as_str().unwrap(), &it["requirements"]["planned_minutes"])).collect();
        let (one, two) = (planned[0].0, planned[1].0);
        assert_eq!(planned, [(one, &json!(180)), (two, &json!(120))]);

        let stands = async |expected: &str| {
            let now = admin.get(&path).await.expect(200).json["state"].as_str().unwrap().to_owned();
            assert_eq!(now, expected);
            for state in ["approved", "scheduled", "announced", "held", "cancelled"] {
                let listed = admin.get(&format!("events/meeting/session-requests?state={state}")).await.expect(200);
                let found = listed.json["items"].as_array().unwrap().len();
                assert_eq!(found, usize::from(state == expected), "listed as {state} while {expected}");
            }
        };
        meeting.change(one, json!({"placement": slot("08 13:00-16:00")})).await.expect(200);
        stands("approved").await;
        // When the group cannot meet, no sitting of it can; and none comes before what the session is to follow.
        meeting.change(two, json!({"placement": slot("09 10:00-12:00")})).await.expect(200);
        stands("scheduled").await;
        assert_eq!(meeting.clashes().await, ["group_unavailable"]);
        meeting.change(two, json!({"placement": slot("07 13:00-15:00")})).await.expect(200);
        assert_eq!(meeting.clashes().await, ["time_relation"]);
        // Without whom it cannot sit, no sitting can.
        let other = meeting.other("Workshop", "09 13:00-15:00").await;
        admin.post(&format!("sessions/{other}/duties"), json!({"person_id": person, "duty": "chair"})).await.expect(201);
        meeting.change(two, json!({"placement": slot("09 14:00-16:00")})).await.expect(200);
        assert_eq!(meeting.clashes().await, ["person_overlap_chair"]);
        meeting.change(two, json!({"placement": slot("09 16:00-18:00")})).await.expect(200);
        meeting.release("First").await;
        stands("announced").await;
        for sitting in [one, two] {
            admin.post(&format!("sessions/{sitting}/transitions"), json!({"to": "held"})).await.expect(200);
            stands(if sitting == one { "announced" } else { "held" }).await;
        }
        let history = admin.get(&format!("{path}/history")).await.expect(200);
        let states: Vec<_> = history.json["items"].as_array().unwrap().iter().map(|step| step["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["draft", "submitted", "approved", "scheduled", "announced", "held"]);
    }

    async fn a_sitting_is_tried_before_it_is_added_and_seen_by_planners_alone_until_it_is_announced(server) {
        let meeting = Meeting::new(&server).await;
        meeting.release("First").await;
        let path = format!("sessions/{}/sittings", meeting.first);
        let tried = meeting.admin.post(&format!("{path}?dry_run=true"), json!({"placement": slot("07 10:00-11:00")})).await.expect(200);
        let rules: Vec<_> = tried.json["clashes"].as_array().unwrap().iter().map(|clash| clash["rule"].as_str().unwrap()).collect();
        assert!(rules.contains(&"time_relation"), "{rules:?}");
        assert_eq!(meeting.sittings(&meeting.admin).await.len(), 2, "nothing was added");
        meeting.admin.post(&path, json!({"placement": slot("09 09:00-12:00")})).await.expect(201);
        assert_eq!((meeting.sittings(&meeting.admin).await.len(), meeting.sittings(&meeting.public).await.len()), (3, 2));
        for (client, status) in [(&meeting.public, 401), (&server.role(Role::Auditor).await, 403)] {
            assert_eq!(client.post(&path, json!({})).await.status, status);
        }
        let outside = meeting.admin.post(&path, json!({"placement": slot("20 09:00-12:00")})).await.expect(422);
        assert_eq!(outside.codes(), ["outside_event"]);
    }
}
