//! A programme from what groups ask for to its second release, as one story. Instants were worked out by hand: Seoul is
//! nine hours ahead of UTC.

use std::collections::BTreeSet;

use api::{config::Config, jobs};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server, mailbox::Mailbox},
};

/// A forum of three days, open to all, at which two groups want to meet.
struct Forum {
    server: Server,
    admin: Client,
}

impl Forum {
    async fn new(server: Server) -> Self {
        let admin = server.admin().await;
        for room in ["hall-a", "hall-b"] {
            let room = json!({"code": room, "name": {"en": room}, "venue": {"en": "Centre"}});
            admin.post("rooms", room).await.expect(201);
        }
        for code in ["cyber", "finance"] {
            let group = json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": "public"});
            admin.post("groups", group).await.expect(201);
        }
        let event = json!({
            "code": "forum", "kind": "conference", "title": {"en": "Forum"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-05-04", "ends_on": "2026-05-06", "languages": ["en"],
            "visibility": "public",
        });
        let event = admin.post("events", event).await.expect(201).id();
        admin.post(&format!("events/{event}/transitions"), json!({"to": "announced"})).await.expect(200);
        Self { server, admin }
    }

    /// A session for a group that asked for it and got it, with somebody who speaks there and has an address.
    async fn granted(&self, group: &str, room: &str, more: Value) -> (String, String) {
        let mut asked =
            json!({"group_id": group, "title": {"en": format!("Meeting of {group}")}, "sittings": [{"minutes": 60}]});
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let request = self.admin.post("events/forum/session-requests", asked).await.expect(201).id();
        let path = format!("session-requests/{request}");
        let mut session = Value::Null;
        for to in ["submitted", "approved"] {
            let step = self.admin.post(&format!("{path}/transitions"), json!({"to": to})).await.expect(200);
            session = step.json["session_id"].clone();
        }
        let session = session.as_str().unwrap().to_owned();
        self.change(&format!("sessions/{session}"), json!({"room_id": room, "placement": slot("04", 9)})).await;
        let speaker = json!({"display_name": format!("Speaker of {group}"), "email": format!("{group}@mail.example")});
        let speaker = self.admin.post("persons", speaker).await.expect(201).id();
        let duty = json!({"person_id": speaker, "duty": "speaker"});
        let duty = self.admin.post(&format!("sessions/{session}/duties"), duty).await.expect(201).id();
        self.admin.post(&format!("duties/{duty}/transitions"), json!({"to": "accepted"})).await.expect(200);
        (session, path)
    }

    async fn change(&self, path: &str, patch: Value) {
        let stored = self.admin.get(path).await.expect(200);
        self.admin.if_match(&stored).patch(path, patch).await.expect(200);
    }

    async fn clashes(&self) -> Vec<Value> {
        let found = self.admin.get("events/forum/clashes").await.expect(200);
        found.json["items"].as_array().unwrap().clone()
    }

    async fn release(&self, name: &str) -> Answer {
        self.admin.post("events/forum/releases", json!({"name": name})).await
    }

    /// Who was written to, and of what, since the last time.
    async fn told(&self, mailbox: &mut Mailbox, mails: usize) -> BTreeSet<(String, String)> {
        while jobs::run_next(&self.server.app).await {}
        let line = |mail: &Value| {
            let text = mail["text"].as_str().unwrap().to_owned();
            let news = text.lines().find(|line| line.starts_with("New: ") || line.starts_with("Moved: "));
            (mail["recipients"][0].as_str().unwrap().to_owned(), news.unwrap().trim_end().to_owned())
        };
        (0..mails).map(|_| line(&mailbox.next())).collect()
    }

    /// Number, UTC start and SEQUENCE of what is announced, as the calendar has it.
    async fn feed(&self) -> BTreeSet<(String, String, String)> {
        let feed = self.server.anonymous().get("/ical/events/forum.ics").await.expect(200);
        let value = |entry: &str, name: &str| {
            let line = entry.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let entries = feed.text.split("BEGIN:VEVENT").skip(1).filter(|entry| !entry.contains(";VALUE=DATE:"));
        entries.map(|entry| (value(entry, "SUMMARY"), value(entry, "DTSTART"), value(entry, "SEQUENCE"))).collect()
    }

    /// The same as the API has it.
    async fn listed(&self) -> BTreeSet<(String, String, String)> {
        let list = self.server.anonymous().get("sessions?event=forum").await.expect(200);
        let entry = |session: &Value| {
            let start = session["start"]["utc"].as_str().unwrap().replace(['-', ':'], "");
            (session["title"]["en"].as_str().unwrap().to_owned(), start, session["sequence"].to_string())
        };
        list.json["items"].as_array().unwrap().iter().map(entry).collect()
    }
}

fn slot(day: &str, hour: u32) -> Value {
    json!({"start": format!("2026-05-{day}T{hour:02}:00:00"), "end": format!("2026-05-{day}T{:02}:00:00", hour + 1)})
}

fn pair(whom: &str, what: &str) -> (String, String) {
    (whom.to_owned(), what.to_owned())
}

fn entry(title: &str, start: &str) -> (String, String) {
    (title.to_owned(), start.to_owned())
}

fn starts(entries: &BTreeSet<(String, String, String)>) -> BTreeSet<(String, String)> {
    entries.iter().map(|(title, start, _)| (title.clone(), start.clone())).collect()
}

on_both! {
    async fn what_is_asked_for_is_approved_placed_waived_released_moved_and_released_again(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = server.configured(|config: &mut Config| {
            config.smtp_url = Some(mailbox.url.parse().unwrap());
            config.public_url = "https://plenum.example".parse().unwrap();
        });
        let forum = Forum::new(server).await;
        let needed = json!({"display_name": "Needed", "email": "needed@mail.example"});
        let needed = forum.admin.post("persons", needed).await.expect(201).id();
        let asked = json!({"conflicts": [{"group_id": "finance", "tier": "key"}], "required_person_ids": [needed]});
        let (cyber, request) = forum.granted("cyber", "hall-a", asked).await;
        forum.granted("finance", "hall-b", json!({})).await;
        assert_eq!(forum.admin.get(&request).await.expect(200).json["state"], "scheduled");

        // Both at once: not as they asked for it, and here that keeps the programme back.
        let grave = json!({"severities": {"group_conflict_key": "block_release"}});
        forum.admin.put("events/forum/clash-rules", grave).await.expect(200);
        let found = forum.clashes().await;
        assert_eq!(found.iter().map(|clash| &clash["rule"]).collect::<Vec<_>>(), ["group_conflict_key", "unconfirmed"]);
        assert_eq!(forum.release("First").await.expect(409).json["type"], "/problems/clashes-stand");
        assert!(forum.feed().await.is_empty() && forum.listed().await.is_empty());
        let waiver = json!({"fingerprint": found[0]["fingerprint"], "reason": "Both chairs agree."});
        forum.admin.post("events/forum/waivers", waiver).await.expect(201);
        let first = forum.release("First").await.expect(201).id();
        let mails = forum.told(&mut mailbox, 3).await;
        let told = [
            pair("cyber@mail.example", "New: 1 Meeting of cyber"),
            pair("needed@mail.example", "New: 1 Meeting of cyber"),
            pair("finance@mail.example", "New: 2 Meeting of finance"),
        ];
        assert_eq!(mails, BTreeSet::from(told));
        assert_eq!(forum.admin.get(&request).await.expect(200).json["state"], "announced");
        let known = [entry("Meeting of cyber", "20260504T000000Z"), entry("Meeting of finance", "20260504T000000Z")];
        let before = forum.feed().await;
        assert_eq!((&starts(&before), &before), (&BTreeSet::from(known), &forum.listed().await));

        // One of them moves: planned first, and nobody notices.
        let plan = json!({"session": {"placement": slot("05", 14)}});
        forum.admin.patch(&format!("sessions/{cyber}/plan"), plan).await.expect(200);
        let left = forum.clashes().await;
        assert_eq!((left.len(), &left[0]["rule"]), (1, &json!("unconfirmed")), "whom the group needs has not answered");
        assert_eq!(forum.feed().await, before);
        let second = forum.release("Second").await.expect(201).id();
        let mails = forum.told(&mut mailbox, 2).await;
        let moved = "Moved: 1 Meeting of cyber";
        assert_eq!(mails, BTreeSet::from([pair("cyber@mail.example", moved), pair("needed@mail.example", moved)]));
        let known = [entry("Meeting of cyber", "20260505T050000Z"), entry("Meeting of finance", "20260504T000000Z")];
        let after = forum.feed().await;
        assert_eq!((&starts(&after), &after), (&BTreeSet::from(known), &forum.listed().await));
        let sequence = |entries: &BTreeSet<(String, String, String)>, title: &str| -> u32 {
            entries.iter().find(|(own, ..)| own == title).unwrap().2.parse().unwrap()
        };
        assert!(sequence(&after, "Meeting of cyber") > sequence(&before, "Meeting of cyber"));
        assert_eq!(sequence(&after, "Meeting of finance"), sequence(&before, "Meeting of finance"));

        // What was said first stays readable.
        for (release, start) in [(first, "2026-05-04T00:00:00Z"), (second, "2026-05-05T05:00:00Z")] {
            let stood = forum.server.anonymous().get(&format!("releases/{release}/sessions")).await.expect(200);
            let own = stood.json["items"].as_array().unwrap().iter().find(|it| it["session_id"] == json!(cyber)).unwrap();
            assert_eq!(own["session"]["start"]["utc"], start);
        }
        // Nobody else was written to: the next mail is that of the next release.
        let plan = forum.admin.get(&format!("sessions/{cyber}/plan")).await.expect(200);
        let back = json!({"session": {"placement": slot("06", 9)}});
        forum.admin.if_match(&plan).patch(&format!("sessions/{cyber}/plan"), back).await.expect(200);
        forum.release("Third").await.expect(201);
        while jobs::run_next(&forum.server.app).await {}
        let mails = [mailbox.next(), mailbox.next()];
        let recipients: BTreeSet<_> = mails.iter().map(|mail| mail["recipients"][0].as_str().unwrap()).collect();
        assert_eq!(recipients, BTreeSet::from(["cyber@mail.example", "needed@mail.example"]));
        let subject = |mail: &Value| mail["headers"]["subject"].as_str().unwrap().to_owned();
        assert!(mails.iter().all(|mail| subject(mail).ends_with("Third")), "{mails:?}");
    }
}
