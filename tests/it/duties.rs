//! Who has a part in a session: what of it clashes, who may know and answer, and whom a release writes to.

use std::collections::BTreeSet;

use api::{config::Config, jobs};
use domain::access::{Account, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server, mailbox::Mailbox},
};

/// A meeting in Seoul with two rooms, to which Poland and Czechia come.
pub struct Meeting {
    pub admin: Client,
    poland: String,
    pub czechia: String,
    states: Vec<String>,
}

impl Meeting {
    pub async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        for room in ["hall-a", "hall-b"] {
            let room = json!({"code": room, "name": {"en": room}, "venue": {"en": "Centre"}});
            admin.post("rooms", room).await.expect(201);
        }
        for code in ["meeting", "elsewhere"] {
            let event = json!({
                "code": code, "kind": "workshop", "title": {"en": "Seoul meeting"}, "city": {"name": {"en": "Seoul"}},
                "time_zone": "Asia/Seoul", "starts_on": "2026-10-07", "ends_on": "2026-10-09", "languages": ["en"],
                "visibility": "participants",
            });
            admin.post("events", event).await.expect(201);
        }
        let (mut states, mut delegations) = (vec![], vec![]);
        for (code, name) in [("PL", "Poland"), ("CZ", "Czechia")] {
            let state = json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": name}}});
            states.push(admin.post("organisations", state).await.expect(201).id());
            let invited = json!({"organisation_id": code});
            let delegation = admin.post("events/meeting/delegations", invited).await.expect(201).id();
            let accepted = json!({"to": "accepted"});
            admin.post(&format!("delegations/{delegation}/transitions"), accepted).await.expect(200);
            delegations.push(delegation);
        }
        let [poland, czechia] = delegations.try_into().unwrap();
        Self { admin, poland, czechia, states }
    }

    pub async fn person(&self, name: &str, more: Value) -> String {
        let mut person = json!({"display_name": name, "family_name": name});
        person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post("persons", person).await.expect(201).id()
    }

    /// Somebody in the delegation of a state; gives the person and the delegate.
    pub async fn delegate(&self, code: &str, name: &str) -> (String, String) {
        let person = self.person(name, json!({"organisation_id": code})).await;
        let named = json!({"delegation_id": code, "person_id": person, "function": "representative"});
        let delegate = self.admin.post("events/meeting/delegates", named).await.expect(201).id();
        (person, delegate)
    }

    pub async fn session(&self, event: &str, title: &str, room: &str, hour: u32, kind: &str) -> String {
        let session = json!({
            "event_id": event, "kind": kind, "title": {"en": title}, "room_id": room, "placement": slot(hour),
        });
        self.admin.post("sessions", session).await.expect(201).id()
    }

    pub async fn duty(&self, session: &str, duty: Value) -> String {
        self.admin.post(&format!("sessions/{session}/duties"), duty).await.expect(201).id()
    }

    async fn answer(&self, duty: &str, to: &str) {
        self.admin.post(&format!("duties/{duty}/transitions"), json!({"to": to})).await.expect(200);
    }

    /// What clashes; that somebody has not answered yet does not.
    async fn clashes(&self) -> Vec<Value> {
        let found = self.admin.get("events/meeting/clashes").await.expect(200);
        let found = found.json["items"].as_array().unwrap().clone();
        found.into_iter().filter(|clash| clash["rule"] != "unconfirmed").collect()
    }

    async fn rules(&self) -> Vec<String> {
        self.clashes().await.iter().map(|clash| clash["rule"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn release(&self, name: &str) {
        self.admin.post("events/meeting/releases", json!({"name": name})).await.expect(201);
    }

    /// Somebody with an account in person.
    pub async fn in_person(&self, server: &Server, person: &str) -> Client {
        let account = Account::of(Role::Guest, format!("{person}@mail.example"), "Somebody");
        let ends_at = domain::moment::Moment::parse("2026-12-01");
        server.signed_in(Account { person_id: Some(person.into()), ends_at, ..account }).await
    }
}

pub fn slot(hour: u32) -> Value {
    json!({"start": format!("2026-10-07T{hour:02}:00:00"), "end": format!("2026-10-07T{:02}:00:00", hour + 1)})
}

async fn seen_in(client: &Client, path: &str) -> BTreeSet<String> {
    let list = client.get(path).await.expect(200);
    list.json["items"].as_array().unwrap().iter().map(|duty| duty["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn who_chairs_two_sessions_at_once_is_named_and_keeps_back_the_release(server) {
        let meeting = Meeting::new(&server).await;
        let opening = meeting.session("meeting", "Opening", "hall-a", 9, "workshop").await;
        let norms = meeting.session("meeting", "Norms", "hall-b", 9, "workshop").await;
        let chair = meeting.person("Kowalska", json!({})).await;
        meeting.duty(&opening, json!({"person_id": chair, "duty": "chair"})).await;
        assert!(meeting.clashes().await.is_empty());
        let second = meeting.duty(&norms, json!({"person_id": chair, "duty": "co_chair"})).await;
        let found = meeting.clashes().await;
        assert_eq!((&found[0]["rule"], &found[0]["severity"]), (&json!("person_overlap_chair"), &json!("block_release")));
        let message = found[0]["message"].as_str().unwrap();
        assert!(["Kowalska", "1 Opening", "2 Norms"].iter().all(|name| message.contains(name)), "{message}");
        meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(409);
        // Who has declined is wanted there no longer; who only may come never was.
        meeting.answer(&second, "declined").await;
        assert!(meeting.clashes().await.is_empty());
        meeting.answer(&second, "accepted").await;
        let stored = meeting.admin.get(&format!("duties/{second}")).await.expect(200);
        let changed = meeting.admin.if_match(&stored).patch(&format!("duties/{second}"), json!({"duty": "optional"})).await.expect(200);
        assert_eq!(changed.json["answer"], "invited", "another duty is answered anew");
        assert!(meeting.clashes().await.is_empty());
    }

    async fn who_cannot_come_or_is_wanted_at_another_event_is_found(server) {
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let (person, delegate) = meeting.delegate("PL", "Nowak").await;
        meeting.duty(&norms, json!({"person_id": person, "duty": "speaker"})).await;
        assert!(meeting.clashes().await.is_empty());
        let path = format!("delegates/{delegate}/availability");
        let away = json!({"windows": [{"placement": slot(9), "kind": "unavailable"}]});
        let said = meeting.admin.get(&path).await.expect(200);
        meeting.admin.if_match(&said).put(&path, away).await.expect(200);
        assert_eq!(meeting.rules().await, ["person_unavailable"]);
        let said = meeting.admin.get(&path).await.expect(200);
        meeting.admin.if_match(&said).put(&path, json!({"windows": []})).await.expect(200);
        let other = meeting.session("elsewhere", "Signing", "hall-b", 9, "ceremony").await;
        let there = meeting.duty(&other, json!({"person_id": person, "duty": "required"})).await;
        assert_eq!(meeting.rules().await, ["cross_event"]);
        meeting.answer(&there, "declined").await;
        assert!(meeting.clashes().await.is_empty());
    }

    async fn a_delegation_that_cannot_come_is_found_and_placement_help_goes_around_it(server) {
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let path = format!("delegations/{}/availability", meeting.poland);
        // It comes on the second day only, in the morning.
        let comes = json!({"start": "2026-10-08T09:00:00", "end": "2026-10-08T13:00:00"});
        let comes = json!({"windows": [{"placement": comes, "kind": "available", "reason": "National day"}]});
        meeting.admin.header("If-Match", "*").put(&path, comes).await.expect(200);
        assert!(meeting.clashes().await.is_empty(), "nobody said that it has to be there");
        let duty = meeting.duty(&norms, json!({"delegation_id": "PL", "duty": "required"})).await;
        let found = meeting.clashes().await;
        assert_eq!(meeting.rules().await, ["person_unavailable"]);
        assert_eq!(found[0]["params"]["minutes"], 60);
        let message = found[0]["message"].as_str().unwrap();
        assert!(message.contains("Poland") && !message.contains("National day"), "{message}");
        let slots = meeting.admin.get(&format!("sessions/{norms}/slots?limit=1")).await.expect(200);
        let best = &slots.json["items"][0];
        assert_eq!((&best["start"]["local"], &best["penalty"]), (&json!("2026-10-08T09:00:00"), &json!(0)));
        let open = json!({
            "event_id": "meeting", "kind": "workshop", "title": {"en": "Evidence"},
            "requirements": {"planned_minutes": 60},
        });
        let open = meeting.admin.post("sessions", open).await.expect(201).id();
        meeting.duty(&open, json!({"delegation_id": "PL", "duty": "required"})).await;
        let proposed = meeting.admin.post("events/meeting/placement-proposals", json!({})).await.expect(200);
        let put = &proposed.json["placements"][0];
        assert_eq!(put["session_id"], json!(open));
        let start = put["placement"]["start"].as_str().unwrap();
        assert!(("2026-10-08T09:00".."2026-10-08T12:15").contains(&start), "{start}");
        meeting.answer(&duty, "declined").await;
        assert!(!meeting.rules().await.contains(&"person_unavailable".to_owned()), "who has declined is not missed");
    }

    async fn a_delegation_of_one_cannot_be_in_two_rooms(server) {
        let meeting = Meeting::new(&server).await;
        meeting.delegate("PL", "Nowak").await;
        let sessions = [
            meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await,
            meeting.session("meeting", "Evidence", "hall-b", 9, "workshop").await,
        ];
        for session in &sessions {
            // By the code of its organisation, as a secretariat names it.
            meeting.duty(session, json!({"delegation_id": "PL", "duty": "required"})).await;
        }
        let found = meeting.clashes().await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["rule"], "delegation_overstretch");
        assert!(found[0]["message"].as_str().unwrap().contains("Poland"), "{}", found[0]["message"]);
        let again = json!({"delegation_id": "PL", "duty": "invited"});
        let refused = meeting.admin.post(&format!("sessions/{}/duties", sessions[0]), again).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/duty-taken");
        let neither = meeting.admin.post(&format!("sessions/{}/duties", sessions[0]), json!({"duty": "chair"})).await.expect(422);
        assert_eq!(neither.codes(), ["person_or_delegation"]);
        let chairing = json!({"delegation_id": "PL", "duty": "chair"});
        let refused = meeting.admin.post(&format!("sessions/{}/duties", sessions[0]), chairing).await.expect(422);
        assert_eq!(refused.codes(), ["not_for_delegations"]);
    }

    async fn everybody_sees_and_answers_what_they_and_theirs_have_to_do(server) {
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let (pole, _) = meeting.delegate("PL", "Nowak").await;
        let (czech, _) = meeting.delegate("CZ", "Novák").await;
        let of_pole = meeting.duty(&norms, json!({"person_id": pole, "duty": "speaker"})).await;
        let of_czech = meeting.duty(&norms, json!({"person_id": czech, "duty": "speaker"})).await;
        let of_poland = meeting.duty(&norms, json!({"delegation_id": meeting.poland, "duty": "required"})).await;
        let manager = server.manager_of(&meeting.states[0]).await;
        let himself = meeting.in_person(&server, &pole).await;
        let (path, of_event) = (format!("sessions/{norms}/duties"), "events/meeting/duties");
        manager.get(&path).await.expect(404);
        assert_eq!(seen_in(&manager, of_event).await, BTreeSet::new(), "nobody learns of a session before it is announced");
        meeting.release("First").await;
        for client in [&manager, &himself] {
            assert_eq!(seen_in(client, &path).await, BTreeSet::from([of_pole.clone(), of_poland.clone()]));
            assert_eq!(seen_in(client, of_event).await, BTreeSet::from([of_pole.clone(), of_poland.clone()]));
            client.get(&format!("duties/{of_czech}")).await.expect(404);
            client.post(&format!("duties/{of_czech}/transitions"), json!({"to": "declined"})).await.expect(404);
            client.post(&path, json!({"person_id": pole, "duty": "chair"})).await.expect(403);
        }
        let answer = |client: &Client, duty: &str, to: &str| {
            let (client, path, to) = (client.clone(), format!("duties/{duty}/transitions"), json!({"to": to}));
            async move { client.post(&path, to).await }
        };
        assert_eq!(answer(&himself, &of_pole, "accepted").await.expect(200).json["name"], "Nowak");
        answer(&manager, &of_pole, "tentative").await.expect(200);
        answer(&manager, &of_poland, "accepted").await.expect(200);
        answer(&himself, &of_poland, "declined").await.expect(403);
        server.anonymous().get(&path).await.expect(401);
        let stored = meeting.admin.get(&format!("duties/{of_pole}")).await.expect(200);
        meeting.admin.delete(&format!("duties/{of_pole}")).await.expect(428);
        meeting.admin.if_match(&stored).delete(&format!("duties/{of_pole}")).await.expect(204);
        meeting.admin.get(&format!("duties/{of_pole}")).await.expect(410);
        assert_eq!(seen_in(&himself, of_event).await, BTreeSet::from([of_poland]));
    }

    async fn a_duty_opens_its_session_and_nothing_else(server) {
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let evidence = meeting.session("meeting", "Evidence", "hall-b", 9, "workshop").await;
        let speaker = meeting.person("Speaker", json!({})).await;
        let himself = meeting.in_person(&server, &speaker).await;
        for visibility in ["common", "internal"] {
            let item = json!({"title": {"en": visibility}, "kind": "discussion", "visibility": visibility});
            meeting.admin.post(&format!("sessions/{norms}/agenda-items"), item).await.expect(201);
        }
        let duty = meeting.duty(&norms, json!({"person_id": speaker, "duty": "speaker"})).await;
        let (own, other) = (format!("sessions/{norms}"), format!("sessions/{evidence}"));
        himself.get(&own).await.expect(404);
        himself.get("events/meeting").await.expect(404);
        assert!(himself.get("sessions").await.expect(200).json["items"].as_array().unwrap().is_empty(), "nobody was told of it");
        meeting.release("First").await;

        assert_eq!(himself.get(&own).await.expect(200).json["location"], "hall-a, Centre, Seoul");
        himself.get("events/meeting").await.expect(200);
        assert_eq!(seen_in(&himself, "sessions").await, BTreeSet::from([norms.clone()]));
        assert_eq!(seen_in(&himself, "events").await.len(), 1);
        assert_eq!(seen_in(&himself, "events/meeting/duties").await, BTreeSet::from([duty.clone()]));
        let items = himself.get(&format!("{own}/agenda-items")).await.expect(200);
        assert_eq!(items.json["items"].as_array().unwrap().len(), 1, "what is internal stays so");
        himself.get(&other).await.expect(404);
        himself.get(&format!("{own}/plan")).await.expect(404);
        himself.get("events/meeting/clashes").await.expect(404);
        assert_eq!(seen_in(&himself, "events/meeting/delegations").await, BTreeSet::new());
        himself.post(&format!("duties/{duty}/transitions"), json!({"to": "accepted"})).await.expect(403);

        // What became of it since is told, and what was before is not.
        assert!(!told_of(&himself, &norms).await);
        server.advance(jiff::SignedDuration::from_mins(1));
        let current = meeting.admin.get(&own).await.expect(200);
        meeting.admin.if_match(&current).patch(&own, json!({"title": {"en": "Norms of behaviour"}})).await.expect(200);
        assert!(told_of(&himself, &norms).await && !told_of(&himself, &evidence).await);

        // It stands in their calendar, and is gone from it with the duty.
        let feed = json!({"kind": "event", "object_id": "meeting", "name": "Mine", "access": "token"});
        let url = himself.post("feeds", feed).await.expect(201).json["url"].as_str().unwrap().to_owned();
        let calendar = url[url.find("/ical/").unwrap()..].to_owned();
        let entries = himself.get(&calendar).await.expect(200).text;
        assert!(entries.contains(&norms) && !entries.contains(&evidence), "{entries}");
        let stored = meeting.admin.get(&format!("duties/{duty}")).await.expect(200);
        meeting.admin.if_match(&stored).delete(&format!("duties/{duty}")).await.expect(204);
        himself.get(&own).await.expect(404);
        himself.get("events/meeting").await.expect(404);
        assert!(!told_of(&himself, &norms).await);
        assert!(!himself.get(&calendar).await.text.contains(&norms));
    }

    async fn a_duty_in_one_sitting_opens_that_and_no_duty_a_label_or_a_seal(server) {
        let meeting = Meeting::new(&server).await;
        let first = meeting.session("meeting", "Drafting", "hall-a", 9, "workshop").await;
        let second = json!({"placement": slot(14)});
        let second = meeting.admin.post(&format!("sessions/{first}/sittings"), second).await.expect(201).id();
        let (one, all) = (meeting.person("One", json!({})).await, meeting.person("All", json!({})).await);
        meeting.duty(&second, json!({"person_id": one, "duty": "speaker", "sitting_only": true})).await;
        meeting.duty(&first, json!({"person_id": all, "duty": "speaker"})).await;
        meeting.release("First").await;
        let (one, all) = (meeting.in_person(&server, &one).await, meeting.in_person(&server, &all).await);
        assert_eq!(seen_in(&one, "sessions").await, BTreeSet::from([second.clone()]));
        assert_eq!(seen_in(&all, "sessions").await, BTreeSet::from([first.clone(), second.clone()]));
        // Above amber nothing stands in calendars, whoever has what to do.
        for (id, tlp) in [(&first, "red"), (&second, "red")] {
            let stored = meeting.admin.get(&format!("sessions/{id}")).await.expect(200);
            if stored.json["tlp"] != tlp {
                meeting.admin.if_match(&stored).patch(&format!("sessions/{id}"), json!({ "tlp": tlp })).await.expect(200);
            }
        }
        let feed = json!({"kind": "event", "object_id": "meeting", "name": "Mine", "access": "token"});
        let url = all.post("feeds", feed).await.expect(201).json["url"].as_str().unwrap().to_owned();
        let entries = all.get(&url[url.find("/ical/").unwrap()..]).await.expect(200).text;
        assert!(!entries.contains(&first) && !entries.contains(&second), "{entries}");
        // Who is not admitted to a sealed group sees nothing of its events.
        let group = json!({"code": "sealed", "kind": "working_group", "name": {"en": "Sealed"}});
        let group = meeting.admin.post("groups", group).await.expect(201).id();
        let event = meeting.admin.get("events/meeting").await.expect(200);
        meeting.admin.if_match(&event).patch("events/meeting", json!({"group_id": "sealed"})).await.expect(200);
        all.get("events/meeting").await.expect(200);
        let account = Account::of(Role::Admin, "admitted@mail.example".to_owned(), "Admitted");
        server.signed_in(account).await.post(&format!("groups/{group}/seal"), json!({})).await.expect(200);
        all.get("events/meeting").await.expect(404);
        assert_eq!(seen_in(&all, "sessions").await, BTreeSet::new());
    }

    async fn a_release_writes_to_exactly_those_it_concerns(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = server.configured(|config: &mut Config| {
            config.smtp_url = Some(mailbox.url.parse().unwrap());
            config.public_url = "https://plenum.example".parse().unwrap();
        });
        let meeting = Meeting::new(&server).await;
        for (email, code) in [("anna@mail.example", "PL"), ("petr@mail.example", "CZ")] {
            let account = json!({"email": email, "name": email, "role": "delegation_manager", "organisation_id": code});
            meeting.admin.post("accounts", account).await.expect(201);
        }
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let evidence = meeting.session("meeting", "Evidence", "hall-b", 10, "workshop").await;
        let plenary = meeting.session("meeting", "Plenary", "hall-a", 14, "plenary").await;
        let (pole, _) = meeting.delegate("PL", "Nowak").await;
        let speaker = meeting.person("Speaker", json!({"email": "speaker@mail.example"})).await;
        let absent = meeting.person("Absent", json!({"email": "absent@mail.example"})).await;
        meeting.in_person(&server, &pole).await;
        meeting.duty(&norms, json!({"person_id": pole, "duty": "speaker"})).await;
        meeting.duty(&norms, json!({"person_id": speaker, "duty": "speaker"})).await;
        let declined = meeting.duty(&norms, json!({"person_id": absent, "duty": "speaker"})).await;
        meeting.answer(&declined, "declined").await;
        meeting.duty(&evidence, json!({"delegation_id": meeting.czechia, "duty": "required"})).await;

        meeting.release("First").await;
        // Those who manage a delegation are told of the plenary, to which all are expected; Czechia of its session too.
        let mails = delivered(&server, &mut mailbox, 4).await;
        let himself = format!("{pole}@mail.example");
        assert_eq!(
            told(&mails),
            [
                (himself.as_str(), vec!["New: 1 Norms"]),
                ("anna@mail.example", vec!["New: 3 Plenary"]),
                ("petr@mail.example", vec!["New: 2 Evidence", "New: 3 Plenary"]),
                ("speaker@mail.example", vec!["New: 1 Norms"]),
            ].into_iter().collect::<BTreeSet<_>>(),
            "a speaker from outside is written to of what they speak in, and of nothing else"
        );

        // What a release leaves as it was concerns nobody.
        let path = format!("sessions/{norms}/plan");
        let moved = json!({"session": {"placement": slot(11), "visibility": "participants"}});
        meeting.admin.patch(&path, moved).await.expect(200);
        meeting.release("Second").await;
        let mails = delivered(&server, &mut mailbox, 2).await;
        let both = [himself.as_str(), "speaker@mail.example"].map(|to| (to, vec!["Moved: 1 Norms"]));
        assert_eq!(told(&mails), both.into_iter().collect());
        let text = mails[0]["text"].as_str().unwrap().replace('\u{a0}', " ");
        assert!(text.contains("7 October 2026, 11:00–12:00 (Asia/Seoul), hall-a, Centre, Seoul"), "{text}");
        assert!(text.contains("Until now: 7 October 2026, 09:00–10:00 (Asia/Seoul)"), "{text}");
        assert!(text.contains("https://plenum.example/events/meeting"), "{text}");

        // And a release that says so writes to nobody.
        let plan = meeting.admin.get(&format!("sessions/{plenary}/plan")).await.expect(200);
        let off = json!({"cancel_reason": "There is nothing to discuss."});
        meeting.admin.if_match(&plan).patch(&format!("sessions/{plenary}/plan"), off).await.expect(200);
        let quiet = json!({"name": "Third", "notify": false});
        meeting.admin.post("events/meeting/releases", quiet).await.expect(201);
        let plan = meeting.admin.get(&format!("sessions/{plenary}/plan")).await.expect(200);
        let on = json!({"cancel_reason": null});
        meeting.admin.if_match(&plan).patch(&format!("sessions/{plenary}/plan"), on).await.expect(200);
        meeting.release("Fourth").await;
        for mail in delivered(&server, &mut mailbox, 2).await {
            assert_eq!(mail["headers"]["subject"].as_str().unwrap().replace('\u{a0}', " "), "Programme of Seoul meeting: Fourth");
        }
    }
}

/// Whether the change feed tells somebody of an object.
async fn told_of(client: &Client, id: &str) -> bool {
    let changes = client.get("changes?limit=200").await.expect(200);
    changes.json["items"].as_array().unwrap().iter().any(|change| change["object_id"] == id)
}

/// Does what is to be done, and takes as many mails; that there are no more is seen by the next.
pub async fn delivered(server: &Server, mailbox: &mut Mailbox, count: usize) -> Vec<Value> {
    while jobs::run_next(&server.app).await {}
    (0..count).map(|_| mailbox.next()).collect()
}

/// Who was told what.
fn told(mails: &[Value]) -> BTreeSet<(&str, Vec<&str>)> {
    mails
        .iter()
        .map(|mail| {
            let text = mail["text"].as_str().unwrap();
            let told = text.lines().filter(|line| line.starts_with("New: ") || line.starts_with("Moved: "));
            (mail["recipients"][0].as_str().unwrap(), told.map(str::trim_end).collect())
        })
        .collect()
}
