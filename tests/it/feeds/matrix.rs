//! Every calendar of the five occasions of the demonstration, read by programs of others and compared with what the
//! interface says of the same events and sessions to the same person.

use std::collections::HashMap;

use api::{
    context::Ctx,
    demo::{self, Scenario},
};
use domain::access::Role;
use serde_json::{Value, json};

use super::{
    readers::{self, Seen},
    strict::faults,
    subscribe,
    world::programme,
};
use crate::{
    on_both,
    support::{Client, Server},
};

/// What the interface says to somebody.
struct Told {
    events: HashMap<String, Value>,
    sessions: Vec<Value>,
}

impl Told {
    async fn to(client: &Client) -> Self {
        let events = all(client, "events").await.into_iter().map(|event| (text(&event, "/id"), event)).collect();
        Self { events, sessions: all(client, "sessions").await }
    }

    fn event_of(&self, session: &Value) -> &Value {
        &self.events[&text(session, "/event_id")]
    }

    /// The entries of the events and of the sessions that are chosen, sorted by UID.
    fn entries(&self, of_event: impl Fn(&Value) -> bool, of_session: impl Fn(&Value, &Value) -> bool) -> Vec<Seen> {
        let shown = |session: &&Value| {
            session["start"].is_object() && session["announced"] != false && session["state"] != "draft"
        };
        let sessions = self.sessions.iter().filter(shown).filter(|session| of_session(session, self.event_of(session)));
        let sessions = sessions.map(|session| seen_session(session, self.event_of(session)));
        let events = self.events.values().filter(|event| event["state"] != "idea" && of_event(event)).map(seen_event);
        let mut entries: Vec<_> = sessions.chain(events).collect();
        entries.sort_by(|a, b| a.uid.cmp(&b.uid));
        entries
    }
}

/// All pages of a list.
async fn all(client: &Client, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (vec![], String::new());
    loop {
        let page = client.get(&format!("{path}?limit=200{cursor}")).await.expect(200).json;
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { return items };
        cursor = format!("&cursor={next}");
    }
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).expect(pointer).to_owned()
}

/// Its main language.
fn language(event: &Value) -> String {
    text(event, "/languages/0")
}

fn in_language(words: &Value, language: &str) -> String {
    let any = words.as_object().and_then(|all| all.values().next());
    [words.get(language), words.get("en"), any].into_iter().flatten().next().unwrap().as_str().unwrap().to_owned()
}

fn titled(title: String, status: &str, language: &str) -> String {
    match (status, language) {
        ("CANCELLED", "en") => format!("Cancelled: {title}"),
        ("CANCELLED", "pl") => format!("Odwołane: {title}"),
        ("CANCELLED", other) => unreachable!("look up the word in {other}"),
        _ => title,
    }
}

fn seen_session(session: &Value, event: &Value) -> Seen {
    let held = session["state"] == "held";
    let status = match (session["state"].as_str().unwrap(), event["state"].as_str().unwrap()) {
        ("cancelled", _) => "CANCELLED",
        (_, "cancelled") if !held => "CANCELLED",
        (_, "idea" | "tentative") if !held => "TENTATIVE",
        _ => "CONFIRMED",
    };
    let language = language(event);
    let restricted = session["tlp"] == "amber";
    let title = match (restricted, language.as_str()) {
        (false, _) => in_language(&session["title"], &language),
        (true, "en") => "Busy – restricted session".into(),
        (true, "pl") => "Zajęte – sesja zastrzeżona".into(),
        (true, other) => unreachable!("look up the words in {other}"),
    };
    Seen {
        uid: text(session, "/uid"),
        summary: titled(title, status, &language),
        start: text(session, "/start/utc"),
        end: text(session, "/end/utc"),
        status: status.into(),
        sequence: u32::try_from(session["sequence"].as_u64().unwrap()).unwrap(),
        location: None,
    }
}

fn seen_event(event: &Value) -> Seen {
    let status = match event["state"].as_str().unwrap() {
        "cancelled" => "CANCELLED",
        "tentative" => "TENTATIVE",
        _ => "CONFIRMED",
    };
    let day = |pointer: &str| text(event, pointer).parse::<jiff::civil::Date>().unwrap();
    Seen {
        uid: format!("event-{}@plenum", text(event, "/id")),
        summary: titled(in_language(&event["title"], &language(event)), status, &language(event)),
        start: day("/starts_on").to_string(),
        end: day("/ends_on").tomorrow().unwrap().to_string(),
        status: status.into(),
        sequence: 0,
        location: None,
    }
}

/// What the interface does not tell in the same words is left out: places, and the SEQUENCE of events.
fn comparable(seen: Vec<Seen>) -> Vec<Seen> {
    let plain = |entry: Seen| {
        let sequence = if entry.is_whole_days() { 0 } else { entry.sequence };
        Seen { location: None, sequence, ..entry }
    };
    seen.into_iter().map(plain).collect()
}

/// What of an entry every detail and language shows.
fn bare(seen: &[Seen]) -> Vec<Seen> {
    seen.iter().map(|entry| Seen { summary: String::new(), ..entry.clone() }).collect()
}

/// Calendars, each with the entries it should have and whether its titles are those of the interface.
#[derive(Default)]
struct Calendars {
    names: Vec<String>,
    files: Vec<String>,
    expected: Vec<(Vec<Seen>, bool)>,
}

impl Calendars {
    async fn take(&mut self, server: &Server, path: &str, expected: Vec<Seen>, titles: bool) {
        let feed = server.anonymous().get(path).await;
        assert_eq!(
            (feed.status.as_u16(), feed.header("content-type")),
            (200, "text/calendar; charset=utf-8"),
            "{path}"
        );
        self.names.push(path.to_owned());
        self.files.push(feed.text);
        self.expected.push((expected, titles));
    }

    /// The calendars everybody may read.
    async fn take_public(&mut self, server: &Server) {
        let public = Told::to(&server.anonymous()).await;
        for (id, event) in &public.events {
            let entries = public.entries(|other| other["id"] == event["id"], |session, _| session["event_id"] == **id);
            self.take(server, &format!("/ical/events/{}.ics", text(event, "/code")), entries, true).await;
        }
        for group in all(&server.anonymous(), "groups").await {
            let id = &group["id"];
            let sits = |session: &Value, event: &Value| {
                let joint = session["joint_group_ids"].as_array().is_some_and(|joint| joint.contains(id));
                session["group_id"] == *id || event["group_id"] == *id || joint
            };
            let entries = public.entries(|event| event["group_id"] == *id, sits);
            self.take(server, &format!("/ical/groups/{}/all.ics", text(&group, "/code")), entries, true).await;
        }
    }

    /// Those of the secretariat, of every event, in every detail.
    async fn take_of_staff(&mut self, server: &Server) {
        let staff = server.role(Role::Secretariat).await;
        let told = Told::to(&staff).await;
        for (id, event) in &told.events {
            let amber = event["tlp"] == "amber";
            let own = |other: &Value| other["id"] == event["id"] && !amber;
            let of_event = |session: &Value, _: &Value| session["event_id"] == **id;
            for (more, titles) in [(json!({}), true), (json!({"detail": "title_only", "language": "pl"}), false)] {
                let feed = subscribe(&staff, about(event, more)).await.0;
                self.take(server, &feed, told.entries(own, of_event), titles).await;
            }
            let busy = subscribe(&staff, about(event, json!({"detail": "busy_only"}))).await.0;
            self.take(server, &busy, told.entries(|_| false, of_event), false).await;
        }
    }

    fn compare(self) {
        let files: Vec<_> = self.files.iter().map(|file| file.as_bytes()).collect();
        let entries: usize = self.expected.iter().map(|(expected, _)| expected.len()).sum();
        for (name, file) in self.names.iter().zip(&files) {
            assert_eq!(faults(file), Vec::<&str>::new(), "{name}");
        }
        let read = readers::all_foreign::<Seen>(&files);
        let programs: Vec<_> = read[0].iter().map(|(program, _)| program.clone()).collect();
        eprintln!("{} calendars with {entries} entries, read by {}", files.len(), programs.join(", "));
        for ((name, (expected, titles)), by_programs) in self.names.iter().zip(&self.expected).zip(read) {
            for (program, seen) in by_programs {
                let seen = comparable(seen);
                let (seen, expected) = if *titles { (seen, expected.clone()) } else { (bare(&seen), bare(expected)) };
                assert_eq!(seen, expected, "{program} reads {name}");
            }
        }
    }
}

fn about(event: &Value, mut more: Value) -> Value {
    more["object_id"] = event["code"].clone();
    more
}

on_both! {
    async fn every_calendar_of_the_five_occasions_is_read_as_the_interface_says(server) {
        let ctx = Ctx::internal(&server.app, "console");
        for scenario in Scenario::ALL {
            demo::load(&ctx, *scenario).await.unwrap();
        }
        let mut calendars = Calendars::default();
        calendars.take_public(&server).await;
        assert!(calendars.files.len() >= 10, "{:?}", calendars.names);
        calendars.take_of_staff(&server).await;
        calendars.compare();
    }

    async fn foreign_programs_read_the_instants_the_api_says(server) {
        programme(&server.admin().await).await;
        let staff = server.role(Role::Secretariat).await;
        let (path, _) = subscribe(&staff, json!({})).await;
        let file = server.anonymous().get(&path).await.text;
        let sessions = staff.get("sessions").await.expect(200).json["items"].as_array().unwrap().clone();
        let word = |session: &Value, pointer: &str| session.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        // What is for the secretariat alone is amber, of which calendars show the time only.
        let amber = |session: &Value| session["tlp"] == "amber";
        assert_eq!(sessions.iter().filter(|session| amber(session)).count(), 1);
        let mut expected: Vec<Seen> = sessions.iter().map(|session| Seen {
            uid: word(session, "/uid"),
            summary: if amber(session) { "Busy – restricted session".into() } else { word(session, "/title/en") },
            start: word(session, "/start/utc"),
            end: word(session, "/end/utc"),
            status: "CONFIRMED".into(),
            sequence: u32::try_from(session["sequence"].as_u64().unwrap()).unwrap(),
            location: (!amber(session)).then(|| word(session, "/location")),
        }).collect();
        assert_eq!((expected.len(), &readers::read(&file)), (3, &expected), "the crate icalendar");
        let event = staff.get("events/seoul-2019").await.expect(200).id();
        expected.push(Seen {
            uid: format!("event-{event}@plenum"),
            summary: "Meeting on cybersecurity".into(),
            // Two days: the end is the day after the last.
            start: "2019-10-07".into(),
            end: "2019-10-09".into(),
            status: "CONFIRMED".into(),
            sequence: 1,
            location: Some("Seoul".into()),
        });
        expected.sort_by(|a, b| a.uid.cmp(&b.uid));
        for (program, seen) in readers::foreign(&file) {
            assert_eq!(seen, expected, "{program}");
        }
    }
}
