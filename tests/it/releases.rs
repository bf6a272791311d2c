//! Drafts and releases of programmes: planned privately, announced in one step, readable for good.

use domain::access::{NewKey, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// A public meeting with two rooms.
struct Meeting {
    admin: Client,
    public: Client,
}

impl Meeting {
    async fn new(server: &Server) -> Self {
        let (admin, public) = (server.admin().await, server.anonymous());
        for room in ["hall-a", "hall-b"] {
            let room = json!({"code": room, "name": {"en": room}, "venue": {"en": "Centre"}});
            admin.post("rooms", room).await.expect(201);
        }
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-07", "ends_on": "2026-10-09", "languages": ["en"],
            "visibility": "public",
        });
        admin.post("events", event).await.expect(201);
        Self { admin, public }
    }

    /// A session on the first day from this hour on; gives its id.
    async fn session(&self, title: &str, hour: u32) -> String {
        let session = json!({
            "event_id": "meeting", "kind": "plenary", "title": {"en": title}, "room_id": "hall-a",
            "placement": {"start": at(hour), "end": at(hour + 1)},
        });
        self.admin.post("sessions", session).await.expect(201).id()
    }

    async fn release(&self, name: &str) -> String {
        self.admin.post("events/meeting/releases", json!({ "name": name })).await.expect(201).id()
    }

    async fn plan(&self, session: &str, patch: Value) -> Answer {
        let path = format!("sessions/{session}/plan");
        let standing = self.admin.get(&path).await.expect(200);
        self.admin.if_match(&standing).patch(&path, patch).await.expect(200)
    }

    /// Title, hour and state of every session that somebody sees.
    async fn programme(&self, client: &Client) -> Vec<String> {
        lines(&client.get("sessions?event=meeting").await.expect(200).json, |session| session)
    }

    /// The same of a release, with what it did.
    async fn released(&self, client: &Client, release: &str) -> Vec<String> {
        let list = client.get(&format!("releases/{release}/sessions")).await.expect(200).json;
        let mut lines = lines(&list, |item| &item["session"]);
        for (line, item) in lines.iter_mut().zip(list["items"].as_array().unwrap()) {
            line.push_str(&format!(" {}", item["novelty"].as_str().unwrap_or("-")));
        }
        lines
    }

    /// What the public feed of the event says: summaries with their start.
    async fn feed(&self) -> Vec<String> {
        let file = self.public.get("/ical/events/meeting.ics").await.expect(200).text.replace("\r\n", "\n");
        let entries = file.split("BEGIN:VEVENT").skip(1);
        let line = |entry: &str, name: &str| {
            entry.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned)).unwrap_or_default()
        };
        entries
            .map(|entry| format!("{} {} {}", line(entry, "SUMMARY:"), line(entry, "DTSTART:"), line(entry, "STATUS:")))
            .collect()
    }
}

fn at(hour: u32) -> String {
    format!("2026-10-07T{hour:02}:00:00")
}

fn lines(list: &Value, session: impl Fn(&Value) -> &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |item: &Value| {
        let session = session(item);
        let start = word(&session["start"]["local"]);
        format!("{} {} {}", word(&session["title"]["en"]), start.get(11..13).unwrap_or("-"), word(&session["state"]))
    };
    list["items"].as_array().unwrap().iter().map(line).collect()
}

on_both! {
    async fn what_is_planned_becomes_known_in_one_step_and_stays_readable(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9).await;
        meeting.session("Reports", 11).await;
        assert!(meeting.programme(&meeting.public).await.is_empty());
        let draft = meeting.admin.get("events/meeting/draft").await.expect(200);
        assert_eq!(lines(&draft.json, |item| &item["session"]), ["Opening 09 scheduled", "Reports 11 scheduled"]);
        let first = meeting.release("First version").await;
        assert_eq!(meeting.programme(&meeting.public).await, ["Opening 09 scheduled", "Reports 11 scheduled"]);

        // Planned, and nobody else learns of it: not even that something is planned.
        let before = meeting.public.get(&format!("sessions/{opening}")).await.expect(200);
        meeting.plan(&opening, json!({"session": {"placement": {"start": at(14), "end": at(15)}, "room_id": "hall-b"}})).await;
        let same = meeting.public.get(&format!("sessions/{opening}")).await.expect(200);
        assert_eq!((same.json, same.headers.get("etag")), (before.json, before.headers.get("etag")));
        meeting.public.get(&format!("sessions/{opening}/plan")).await.expect(404);
        assert_eq!(meeting.public.get("events/meeting/draft").await.expect(200).json["items"], json!([]));
        assert_eq!(meeting.feed().await, ["Opening 20261007T000000Z TENTATIVE", "Reports 20261007T020000Z TENTATIVE"]);

        meeting.session("Closing", 16).await;
        let second = meeting.release("Second version").await;
        assert_eq!(meeting.programme(&meeting.public).await, ["Reports 11 scheduled", "Opening 14 scheduled", "Closing 16 scheduled"]);
        assert_eq!(meeting.feed().await, ["Reports 20261007T020000Z TENTATIVE", "Opening 20261007T050000Z TENTATIVE", "Closing 20261007T070000Z TENTATIVE"]);
        assert_eq!(meeting.released(&meeting.public, &first).await, ["Opening 09 scheduled new", "Reports 11 scheduled new"]);
        assert_eq!(meeting.released(&meeting.public, &second).await, ["Reports 11 scheduled -", "Opening 14 scheduled moved", "Closing 16 scheduled new"]);
        let news = meeting.public.get(&format!("releases/{second}/sessions?news=true")).await.expect(200);
        assert_eq!(lines(&news.json, |item| &item["session"]), ["Opening 14 scheduled", "Closing 16 scheduled"]);
        let moved = meeting.public.get(&format!("sessions/{opening}")).await.expect(200);
        assert_eq!((&moved.json["sequence"], &moved.json["location"]), (&json!(1), &json!("hall-b, Centre, Seoul")));
        let names: Vec<_> = meeting.public.get("events/meeting/releases").await.expect(200).json["items"].as_array().unwrap().iter().map(|release| release["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["First version", "Second version"]);
    }

    async fn a_session_is_planned_to_be_called_off_and_back(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9).await;
        meeting.release("First").await;
        meeting.plan(&opening, json!({"cancel_reason": "The hall is flooded."})).await;
        let draft = meeting.admin.get("events/meeting/draft").await.expect(200);
        assert_eq!((&draft.json["items"][0]["novelty"], &draft.json["items"][0]["session_id"]), (&json!("cancelled"), &json!(opening)));
        meeting.release("Second").await;
        assert_eq!(meeting.programme(&meeting.public).await, ["Opening 09 cancelled"]);
        assert_eq!(meeting.feed().await, ["Cancelled: Opening 20261007T000000Z CANCELLED"]);
        meeting.plan(&opening, json!({"cancel_reason": null})).await;
        let third = meeting.release("Third").await;
        assert_eq!(meeting.released(&meeting.public, &third).await, ["Opening 09 scheduled new"]);
        meeting.plan(&opening, json!({"session": {"placement": null}})).await;
        let fourth = meeting.release("Fourth").await;
        assert_eq!(meeting.released(&meeting.public, &fourth).await, ["Opening - draft postponed"]);
    }

    async fn what_is_changed_at_once_goes_into_the_plan_unless_that_says_otherwise(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9).await;
        meeting.release("First").await;
        let before = meeting.plan(&opening, json!({"session": {"placement": {"start": at(10), "end": at(11)}}})).await;
        let live = meeting.admin.get(&format!("sessions/{opening}")).await.expect(200);
        let at_once = json!({"room_id": "hall-b", "placement": {"start": at(8), "end": at(9)}});
        meeting.admin.if_match(&live).patch(&format!("sessions/{opening}"), at_once).await.expect(200);
        // Whoever kept the plan from before learns that it says something else now.
        let tag = before.headers["etag"].to_str().unwrap();
        let path = format!("sessions/{opening}/plan");
        let plan = meeting.admin.header("If-None-Match", tag).get(&path).await.expect(200);
        assert_eq!(plan.json["session"]["placement"]["start"], "2026-10-07T10:00:00+09:00");
        assert!(plan.json["session"]["room_id"] != before.json["session"]["room_id"]);
        let tag = plan.headers["etag"].to_str().unwrap();
        meeting.admin.header("If-None-Match", tag).get(&path).await.expect(304);
        // And does not plan the old room back.
        meeting.admin.if_match(&before).put(&path, before.json.clone()).await.expect(412);
        meeting.release("Second").await;
        let then = meeting.public.get(&format!("sessions/{opening}")).await.expect(200);
        assert_eq!((&then.json["start"]["local"], &then.json["location"]), (&json!("2026-10-07T10:00:00"), &json!("hall-b, Centre, Seoul")));
    }

    async fn a_plan_that_is_the_session_is_none_and_two_planners_do_not_overwrite_each_other(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9).await;
        let path = format!("sessions/{opening}/plan");
        let place = |hour: u32| json!({"session": {"placement": {"start": at(hour), "end": at(hour + 1)}}});
        let refused = meeting.admin.patch(&path, place(10)).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/not-announced");
        meeting.release("First").await;
        let first = meeting.admin.patch(&path, place(10)).await.expect(200);
        meeting.admin.patch(&path, place(11)).await.expect(428);
        meeting.admin.if_match(&first).patch(&path, place(11)).await.expect(200);
        let stale = meeting.admin.if_match(&first).patch(&path, place(12)).await.expect(412);
        assert_eq!(stale.json["current"]["session"]["placement"]["start"], "2026-10-07T11:00:00+09:00");
        // Written as local time or with an offset, the same time is the same time.
        meeting.plan(&opening, place(9)).await;
        assert_eq!(meeting.admin.get("events/meeting/draft").await.expect(200).json["items"], json!([]));
        let faults = meeting.admin.get(&path).await.expect(200);
        let nowhere = json!({"session": {"placement": {"start": "2027-10-07T09:00:00", "end": "2027-10-07T10:00:00"}}, "cancel_reason": ""});
        meeting.admin.if_match(&faults).patch(&path, nowhere).await.expect(422);
    }

    async fn the_last_changes_of_a_draft_are_undone_one_after_the_other(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9).await;
        meeting.release("First").await;
        let new = meeting.session("Reports", 11).await;
        let undo = "events/meeting/draft/undo";
        let stored = meeting.admin.get(&format!("sessions/{new}")).await.expect(200);
        meeting.admin.if_match(&stored).patch(&format!("sessions/{new}"), json!({"title": {"en": "Talks"}})).await.expect(200);
        meeting.plan(&opening, json!({"session": {"placement": {"start": at(13), "end": at(14)}}})).await;
        meeting.plan(&opening, json!({"session": {"placement": {"start": at(15), "end": at(16)}}})).await;
        let draft = async || lines(&meeting.admin.get("events/meeting/draft").await.expect(200).json, |item| &item["session"]);
        assert_eq!(draft().await, ["Opening 15 scheduled", "Talks 11 scheduled"]);
        assert_eq!(meeting.admin.post(undo, json!({})).await.expect(200).json["session_ids"], json!([opening]));
        assert_eq!(draft().await, ["Opening 13 scheduled", "Talks 11 scheduled"]);
        meeting.admin.post(undo, json!({})).await.expect(200);
        assert_eq!(draft().await, ["Talks 11 scheduled"]);
        assert_eq!(meeting.admin.post(undo, json!({})).await.expect(200).json["session_ids"], json!([new]));
        assert_eq!(draft().await, ["Reports 11 scheduled"]);
        // What people were told of at once is no change of the draft any more.
        let stored = meeting.admin.get(&format!("sessions/{new}")).await.expect(200);
        meeting.admin.if_match(&stored).patch(&format!("sessions/{new}"), json!({"title": {"en": "Talks"}})).await.expect(200);
        meeting.admin.post(&format!("sessions/{new}/transitions"), json!({"to": "scheduled"})).await.expect(200);
        assert_eq!(meeting.admin.post(undo, json!({})).await.expect(409).json["type"], "/problems/nothing-to-undo");
        assert_eq!(meeting.admin.get(&format!("sessions/{new}")).await.expect(200).json["title"]["en"], "Talks");
    }

    async fn a_session_added_or_deleted_in_the_draft_is_taken_away_and_put_back(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9).await;
        meeting.release("First").await;
        let undo = "events/meeting/draft/undo";
        let nothing = async || meeting.admin.post(undo, json!({})).await.expect(409).json["type"].clone();
        assert_eq!(nothing().await, "/problems/nothing-to-undo", "a release is no change of the draft");
        let new = meeting.session("Reports", 11).await;
        let path = format!("sessions/{new}");
        let known = json!({"external_ids": [{"system": "plans", "id": "7"}]});
        let stored = meeting.admin.get(&path).await.expect(200);
        let stored = meeting.admin.if_match(&stored).patch(&path, known).await.expect(200);
        meeting.admin.if_match(&stored).delete(&path).await.expect(204);
        let draft = async || lines(&meeting.admin.get("events/meeting/draft").await.expect(200).json, |item| &item["session"]);
        assert_eq!(draft().await, Vec::<String>::new());
        // Put back as it was, with the name that partners know it by and with what it had.
        assert_eq!(meeting.admin.post(undo, json!({})).await.expect(200).json["session_ids"], json!([new]));
        assert_eq!(draft().await, ["Reports 11 scheduled"]);
        let back = meeting.admin.get(&path).await.expect(200);
        let told = |answer: &Answer| {
            let mut json = answer.json.clone();
            for name in ["version", "changed_at"] {
                json.as_object_mut().unwrap().remove(name);
            }
            json
        };
        assert_eq!(told(&back), told(&stored));
        assert!(back.json["version"].as_i64() > stored.json["version"].as_i64());
        // The name, then the session itself.
        meeting.admin.post(undo, json!({})).await.expect(200);
        assert_eq!(draft().await, ["Reports 11 scheduled"]);
        meeting.admin.post(undo, json!({})).await.expect(200);
        meeting.admin.get(&path).await.expect(410);
        assert_eq!(nothing().await, "/problems/nothing-to-undo");
        // What people were told of is not put back by a draft.
        let stored = meeting.admin.get(&format!("sessions/{opening}")).await.expect(200);
        meeting.admin.if_match(&stored).delete(&format!("sessions/{opening}")).await.expect(204);
        assert_eq!(nothing().await, "/problems/nothing-to-undo");
    }

    async fn a_sitting_is_put_back_after_the_one_that_leads_it(server) {
        let meeting = Meeting::new(&server).await;
        let first = meeting.session("Reports", 11).await;
        let later = json!({"placement": {"start": at(14), "end": at(15)}});
        let second = meeting.admin.post(&format!("sessions/{first}/sittings"), later).await.expect(201).id();
        for id in [&second, &first] {
            let stored = meeting.admin.get(&format!("sessions/{id}")).await.expect(200);
            meeting.admin.if_match(&stored).delete(&format!("sessions/{id}")).await.expect(204);
        }
        let undo = "events/meeting/draft/undo";
        assert_eq!(meeting.admin.post(undo, json!({})).await.expect(200).json["session_ids"], json!([first]));
        assert_eq!(meeting.admin.post(undo, json!({})).await.expect(200).json["session_ids"], json!([second]));
        let sittings = meeting.admin.get(&format!("sessions/{first}/sittings")).await.expect(200);
        assert_eq!(sittings.json["items"].as_array().unwrap().len(), 2);
        // Added last, taken away first.
        meeting.admin.post(undo, json!({})).await.expect(200);
        meeting.admin.get(&format!("sessions/{second}")).await.expect(410);
        meeting.admin.get(&format!("sessions/{first}")).await.expect(200);
    }

    async fn going_back_to_a_release_keeps_what_was_made_since(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9).await;
        let first = meeting.release("First").await;
        meeting.plan(&opening, json!({"session": {"placement": {"start": at(14), "end": at(15)}, "title": {"en": "Start"}}})).await;
        meeting.session("Reports", 11).await;
        meeting.release("Second").await;
        meeting.session("Closing", 16).await;
        let reset = meeting.admin.post("events/meeting/draft/reset", json!({"release_id": first})).await.expect(200);
        assert_eq!(reset.json["session_ids"], json!([opening]));
        assert_eq!(meeting.programme(&meeting.public).await, ["Reports 11 scheduled", "Start 14 scheduled"]);
        let third = meeting.release("Third").await;
        assert_eq!(meeting.released(&meeting.public, &third).await, ["Opening 09 scheduled moved", "Reports 11 scheduled -", "Closing 16 scheduled new"]);
        let foreign = json!({"release_id": "0199c0de-0000-7000-8000-000000000000"});
        assert_eq!(meeting.admin.post("events/meeting/draft/reset", foreign).await.expect(422).codes(), ["unknown_release"]);
    }

    async fn a_release_tells_nobody_of_sessions_they_may_not_see(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("Opening", 9).await;
        let secret = json!({
            "event_id": "meeting", "kind": "bureau", "title": {"en": "Bureau"}, "visibility": "secretariat",
            "placement": {"start": at(12), "end": at(13)},
        });
        meeting.admin.post("sessions", secret).await.expect(201);
        let first = meeting.release("First").await;
        assert_eq!(meeting.released(&meeting.public, &first).await, ["Opening 09 scheduled new"]);
        assert_eq!(meeting.released(&meeting.admin, &first).await, ["Opening 09 scheduled new", "Bureau 12 scheduled new"]);
        // Hidden today: not in old releases either. Opened again: what it was while hidden stays hidden.
        meeting.plan(&opening, json!({"session": {"visibility": "secretariat", "title": {"en": "Secret"}}})).await;
        let second = meeting.release("Second").await;
        assert!(meeting.released(&meeting.public, &first).await.is_empty());
        meeting.plan(&opening, json!({"session": {"visibility": "public", "title": {"en": "Opening"}}})).await;
        meeting.release("Third").await;
        assert_eq!(meeting.released(&meeting.public, &first).await, ["Opening 09 scheduled new"]);
        assert!(meeting.released(&meeting.public, &second).await.is_empty());
        assert_eq!(meeting.released(&meeting.admin, &second).await[0], "Secret 09 scheduled changed");
        // What is planned is not told by the change feed or the history either.
        meeting.plan(&opening, json!({"session": {"title": {"en": "Hidden plan"}}})).await;
        for path in ["changes?limit=200".to_owned(), format!("sessions/{opening}/history")] {
            let told = meeting.public.get(&path).await.expect(200).text;
            assert!(!told.contains("session.planned") && !told.contains("Hidden plan"), "{path}: {told}");
        }
    }

    async fn whoever_may_not_plan_an_event_neither_releases_nor_undoes(server) {
        let meeting = Meeting::new(&server).await;
        meeting.session("Opening", 9).await;
        let other = json!({
            "code": "other", "kind": "workshop", "title": {"en": "Other"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-07", "ends_on": "2026-10-09", "languages": ["en"],
        });
        meeting.admin.post("events", other).await.expect(201);
        let limited = server.key(NewKey { role: Role::Secretariat, event_ids: vec!["other".into()], ..NewKey::default() }).await;
        let auditor = server.role(Role::Auditor).await;
        for client in [&limited, &auditor] {
            client.post("events/meeting/releases", json!({"name": "Mine"})).await.expect(403);
            client.post("events/meeting/draft/undo", json!({})).await.expect(403);
        }
        assert_eq!(limited.get("events/meeting/draft").await.expect(200).json["items"], json!([]));
        assert_eq!(auditor.get("events/meeting/draft").await.expect(200).json["items"].as_array().unwrap().len(), 1);
        for (name, code) in [("draft", "reserved_name"), ("Latest", "reserved_name")] {
            assert_eq!(meeting.admin.post("events/meeting/releases", json!({"name": name})).await.expect(422).codes(), [code]);
        }
        meeting.release("First").await;
        assert_eq!(meeting.admin.post("events/meeting/releases", json!({"name": "FIRST"})).await.expect(422).codes(), ["name_taken"]);
    }
}
