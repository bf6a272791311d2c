//! Date polls: who is asked and who sees what, one set of answers for each organisation, the ranking, and the session a poll
//! becomes. Instants and ranks were worked out by hand.

use std::time::Instant;

use domain::access::{Account, NewKey, Role};
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// A meeting in Seoul that Poland, Czechia and Korea take part in, and Austria does too but is not asked.
struct Meeting {
    admin: Client,
    poll: String,
    options: Vec<String>,
}

impl Meeting {
    async fn without_poll(server: &Server) -> Self {
        let admin = server.admin().await;
        let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "public"});
        admin.post("groups", group).await.expect(201);
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-05", "ends_on": "2026-10-09", "languages": ["en"],
            "visibility": "participants", "group_id": "cyber",
        });
        admin.post("events", event).await.expect(201);
        for code in ["PL", "CZ", "KR", "AT"] {
            let names = json!({"en": {"list": code, "text": code}});
            admin.post("organisations", json!({"code": code, "kind": "igo", "names": names})).await.expect(201);
            let delegation =
                admin.post("events/meeting/delegations", json!({"organisation_id": code})).await.expect(201);
            admin
                .post(&format!("delegations/{}/transitions", delegation.id()), json!({"to": "accepted"}))
                .await
                .expect(200);
        }
        Self { admin, poll: String::new(), options: vec![] }
    }

    /// The same, with a poll of three options.
    async fn new(server: &Server, more: Value) -> Self {
        let meeting = Self::without_poll(server).await;
        let made = meeting.ask(more).await.expect(201);
        let option = |own: &Value| own["id"].as_str().unwrap().to_owned();
        let options = made.json["options"].as_array().unwrap().iter().map(option).collect();
        Self { poll: format!("polls/{}", made.id()), options, ..meeting }
    }

    async fn ask(&self, more: Value) -> Answer {
        let mut poll = json!({
            "title": {"en": "Drafting group"}, "organisation_ids": ["PL", "CZ", "KR"], "required_ids": ["KR"],
            "quorum": 2, "offers": [
                {"placement": {"start": "2026-10-06T09:00:00", "end": "2026-10-06T11:00:00"}},
                {"placement": {"start": "2026-10-07T09:00:00", "end": "2026-10-07T11:00:00"}},
                {"days": {"first": "2026-10-08", "last": "2026-10-09"}},
            ],
        });
        poll.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post("events/meeting/polls", poll).await
    }

    /// What an organisation says to the options, in their order; an empty word says nothing.
    fn said(&self, answers: [&str; 3]) -> Value {
        let given = self.options.iter().zip(answers).filter(|(_, answer)| !answer.is_empty());
        json!({"answers": given.map(|(id, answer)| json!({"option_id": id, "answer": answer})).collect::<Vec<_>>()})
    }

    async fn answer(&self, client: &Client, organisation: &str, body: Value) -> Answer {
        client.put(&format!("{}/answers/{organisation}", self.poll), body).await
    }

    async fn step(&self, body: Value) -> Answer {
        self.admin.post(&format!("{}/transitions", self.poll), body).await
    }
}

fn ranks(poll: &Value) -> Vec<i64> {
    poll["options"].as_array().unwrap().iter().map(|own| own["tally"]["rank"].as_i64().unwrap()).collect()
}

/// Somebody who heads the delegation of this organisation, signed in.
async fn head_of(server: &Server, admin: &Client, organisation: &str) -> Client {
    let person = json!({"display_name": format!("Head {organisation}"), "organisation_id": organisation});
    let person = admin.post("persons", person).await.expect(201).id();
    let head = json!({"delegation_id": organisation, "person_id": person, "function": "head"});
    admin.post("events/meeting/delegates", head).await.expect(201);
    let account = Account::of(Role::Guest, format!("head.{organisation}@example.org"), "Head");
    let ends_at = domain::moment::Moment::parse("2027-01-01");
    server.signed_in(Account { person_id: Some(person.as_str().into()), ends_at, ..account }).await
}

on_both! {
    async fn a_poll_is_seen_by_those_who_are_asked_and_those_who_run_it(server) {
        let meeting = Meeting::new(&server, json!({"title": {"en": "Drafting group", "pl": "Grupa redakcyjna"}})).await;
        let (poland, austria) = (server.manager_of("PL").await, server.manager_of("AT").await);
        let seen = poland.get(&meeting.poll).await.expect(200);
        assert_eq!(seen.json["options"][0]["start"], json!({"local": "2026-10-06T09:00:00", "time_zone": "Asia/Seoul", "utc": "2026-10-06T00:00:00Z"}));
        assert_eq!(seen.json["options"][2]["end"]["utc"], "2026-10-09T15:00:00Z");
        assert_eq!((&seen.json["state"], &seen.json["answers"]), (&json!("open"), &json!([])));
        server.role(Role::Auditor).await.get(&meeting.poll).await.expect(200);
        server.delegate_of("CZ").await.get(&meeting.poll).await.expect(200);
        for stranger in [&austria, &server.anonymous(), &server.role(Role::Guest).await] {
            stranger.get(&meeting.poll).await.expect(404);
            stranger.get(&format!("{}/answers/PL", meeting.poll)).await.json["status"].as_u64().filter(|status| [401, 404].contains(status)).unwrap();
        }
        let listed = |answer: Answer| answer.expect(200).json["items"].as_array().unwrap().len();
        assert_eq!(listed(poland.get("events/meeting/polls").await), 1);
        assert_eq!(listed(austria.get("events/meeting/polls").await), 0);
        assert_eq!(listed(poland.get("events/meeting/polls?state=closed").await), 0);
        // Whom the poll no longer asks no longer sees it.
        let stored = meeting.admin.get(&meeting.poll).await.expect(200);
        meeting.admin.if_match(&stored).patch(&meeting.poll, json!({"organisation_ids": ["KR", "AT"]})).await.expect(200);
        poland.get(&meeting.poll).await.expect(404);
        austria.get(&meeting.poll).await.expect(200);
        // Only those who run the event ask, change and decide.
        assert_eq!(austria.post("events/meeting/polls", json!({})).await.status, 403);
        let stored = austria.get(&meeting.poll).await.expect(200);
        austria.if_match(&stored).patch(&meeting.poll, json!({"quorum": 1})).await.expect(403);
        austria.post(&format!("{}/decision", meeting.poll), json!({"option_id": meeting.options[0]})).await.expect(403);
    }

    async fn whoever_answers_for_an_organisation_answers_for_that_alone(server) {
        let meeting = Meeting::new(&server, json!({})).await;
        let manager = server.manager_of("PL").await;
        let head = head_of(&server, &meeting.admin, "PL").await;
        let first = meeting.answer(&manager, "PL", meeting.said(["yes", "no", ""])).await.expect(200);
        assert_eq!(first.json["answered_by"], "delegation_manager of the test");
        // Another person of the same organisation changes the same set, knowing what was there.
        let path = format!("{}/answers/PL", meeting.poll);
        head.put(&path, meeting.said(["yes", "yes", "yes"])).await.expect(428);
        let read = head.get(&path).await.expect(200);
        assert_eq!(read.json["answers"].as_array().unwrap().len(), 2);
        head.if_match(&read).put(&path, meeting.said(["yes", "yes", "yes"])).await.expect(200);
        manager.if_match(&first).put(&path, meeting.said(["no", "no", "no"])).await.expect(412);
        let poll = meeting.admin.get(&meeting.poll).await.expect(200);
        let answers = poll.json["answers"].as_array().unwrap();
        assert_eq!((answers.len(), &answers[0]["answered_by"]), (1, &json!("Head")));
        assert_eq!(poll.json["options"][0]["tally"]["yes"], 1);
        // Not for others, and not by those who only take part.
        meeting.answer(&manager, "CZ", meeting.said(["yes", "", ""])).await.expect(403);
        meeting.answer(&head, "CZ", meeting.said(["yes", "", ""])).await.expect(403);
        meeting.answer(&manager, "AT", meeting.said(["yes", "", ""])).await.expect(404);
        meeting.answer(&server.delegate_of("CZ").await, "CZ", meeting.said(["yes", "", ""])).await.expect(403);
        let bad = json!({"answers": [{"option_id": "0192f3a4-5b6c-7d8e-9fa0-000000000000", "answer": "yes"}]});
        assert_eq!(meeting.answer(&server.manager_of("CZ").await, "CZ", bad).await.expect(422).codes(), ["unknown_option"]);
        // Who wrote it is for their own people and those who run the poll.
        let others = server.manager_of("KR").await.get(&meeting.poll).await.expect(200);
        assert_eq!(others.json["answers"][0]["answers"].as_array().unwrap().len(), 3);
        assert_eq!(others.json["answers"][0].get("answered_by"), None);
    }

    async fn answers_written_at_once_leave_one_set(server) {
        let meeting = Meeting::new(&server, json!({})).await;
        let path = format!("{}/answers/PL", meeting.poll);
        let manager = server.manager_of("PL").await;
        let other = server.beside().await;
        let beside = other.key(NewKey { role: Role::DelegationManager, organisation_id: Some("PL".into()), ..NewKey::default() }).await;
        let began = Instant::now();
        // All begin at nothing: one is written, and every other learns that it was too late.
        let words = ["yes", "if_need_be", "no"];
        let writes = (0..16).map(|n| {
            let client = if n % 2 == 0 { &manager } else { &beside };
            client.put(&path, meeting.said([words[n % 3], words[(n + 1) % 3], ""]))
        });
        let answers = join_all(writes).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|answer| [200, 428].contains(&answer.status.as_u16())));
        let won = answers.iter().find(|answer| answer.status == 200).unwrap();
        assert_eq!(manager.get(&path).await.expect(200).json["answers"], won.json["answers"]);
        // Whoever overwrites knowingly is written one after the other, whole.
        let knowing = manager.header("If-Match", "*");
        let writes = words.iter().cycle().take(16).map(|word| knowing.put(&path, meeting.said([word; 3])));
        join_all(writes).await.into_iter().for_each(|answer| drop(answer.expect(200)));
        let poll = meeting.admin.get(&meeting.poll).await.expect(200);
        let all = poll.json["answers"].as_array().unwrap();
        assert_eq!(all.len(), 1);
        let set: Vec<_> = all[0]["answers"].as_array().unwrap().iter().map(|own| own["answer"].as_str().unwrap()).collect();
        assert!(set.len() == 3 && set.iter().all(|own| *own == set[0]), "{set:?}");
        for option in poll.json["options"].as_array().unwrap() {
            let tally = &option["tally"];
            let count = |name: &str| tally[name].as_i64().unwrap();
            assert_eq!((count("yes") + count("if_need_be") + count("no"), count("silent")), (1, 2));
        }
        assert_eq!(manager.get(&path).await.expect(200).header("etag").split(['"', '-']).nth(1), Some("17"));
        eprintln!("33 writes in {:?}", began.elapsed());
    }

    async fn options_are_ranked_by_the_required_the_quorum_and_how_many_can(server) {
        let meeting = Meeting::new(&server, json!({})).await;
        let admin = &meeting.admin;
        // The first has most friends, but the required organisation cannot.
        meeting.answer(admin, "PL", meeting.said(["yes", "if_need_be", "no"])).await.expect(200);
        meeting.answer(admin, "CZ", meeting.said(["yes", "no", "no"])).await.expect(200);
        let before = admin.get(&meeting.poll).await.expect(200);
        assert_eq!(ranks(&before.json), [1, 2, 3]);
        assert_eq!(before.json["options"][0]["tally"]["required"], "open");
        meeting.answer(admin, "KR", meeting.said(["no", "if_need_be", "yes"])).await.expect(200);
        let poll = admin.get(&meeting.poll).await.expect(200);
        assert_ne!(before.header("etag"), poll.header("etag"));
        // The third suits the required one plainly, though nobody else; the second has a quorum, but only if need be.
        assert_eq!(ranks(&poll.json), [3, 2, 1]);
        let tallies: Vec<_> = poll.json["options"].as_array().unwrap().iter().map(|own| own["tally"].clone()).collect();
        assert_eq!((&tallies[0]["required"], &tallies[0]["missing_ids"][0]), (&json!("missing"), &poll.json["required_ids"][0]));
        assert_eq!((&tallies[1]["required"], &tallies[1]["quorum_met"]), (&json!("all_can"), &json!(true)));
        assert_eq!((&tallies[2]["required"], &tallies[2]["quorum_met"]), (&json!("all_yes"), &json!(false)));
        // Another time is another option, which nobody has answered; those that stay keep what was said.
        let offers = json!([poll.json["offers"][1], {"placement": {"start": "2026-10-06T09:00:00", "end": "2026-10-06T10:00:00"}}]);
        let changed = admin.if_match(&poll).patch(&meeting.poll, json!({"offers": offers})).await.expect(200);
        assert_eq!(changed.json["options"][1]["id"], meeting.options[1].as_str());
        assert_eq!((&changed.json["options"][1]["tally"]["silent"], &changed.json["options"][0]["tally"]["silent"]), (&json!(0), &json!(3)));
    }

    async fn after_the_deadline_only_those_who_run_the_poll_write_and_they_say_why(server) {
        let meeting = Meeting::new(&server, json!({"deadline": "2026-03-05T18:00:00"})).await;
        let manager = server.manager_of("PL").await;
        let opened = manager.get(&meeting.poll).await.expect(200);
        assert_eq!(opened.json["closes"]["utc"], "2026-03-05T09:00:00Z");
        let early = json!({"answers": [], "late_reason": "By telephone"});
        assert_eq!(meeting.answer(&meeting.admin, "PL", early).await.expect(422).codes(), ["out_of_place"]);
        meeting.answer(&manager, "PL", meeting.said(["yes", "", ""])).await.expect(200);
        // The clock stands at 8 in the morning of 2 March, UTC; the deadline is 73 hours later.
        server.advance(SignedDuration::from_hours(73));
        let closed = manager.get(&meeting.poll).await.expect(200);
        assert_eq!(closed.json["state"], "closed");
        assert_ne!(closed.header("etag"), opened.header("etag"));
        let refused = meeting.answer(&manager.header("If-Match", "*"), "PL", meeting.said(["no", "", ""])).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/poll-closed");
        let mut late = meeting.said(["no", "yes", "yes"]);
        assert_eq!(meeting.answer(&meeting.admin, "CZ", late.clone()).await.expect(422).codes(), ["required"]);
        late["late_reason"] = json!("By telephone on Thursday");
        let written = meeting.answer(&meeting.admin, "CZ", late).await.expect(200);
        assert_eq!(written.json["late_reason"], "By telephone on Thursday");
        assert_eq!(meeting.admin.get("events/meeting/polls?state=closed").await.expect(200).json["items"].as_array().unwrap().len(), 1);
        assert_eq!(meeting.step(json!({"to": "open"})).await.expect(409).json["type"], "/problems/past-deadline");
        let stored = meeting.admin.get(&meeting.poll).await.expect(200);
        let later = json!({"deadline": "2026-03-06T18:00:00"});
        let open = meeting.admin.if_match(&stored).patch(&meeting.poll, later).await.expect(200);
        assert_eq!(open.json["state"], "open");
        meeting.answer(&manager.header("If-Match", "*"), "PL", meeting.said(["no", "", ""])).await.expect(200);
    }

    async fn hidden_answers_are_told_to_others_when_the_poll_closes_and_not_by_a_count_before(server) {
        let meeting = Meeting::new(&server, json!({"answers_hidden": true})).await;
        let (poland, czechia) = (server.manager_of("PL").await, server.manager_of("CZ").await);
        let silent = czechia.get(&meeting.poll).await.expect(200);
        let mut said = meeting.said(["no", "yes", "if_need_be"]);
        said["comment"] = json!("Minister travels");
        meeting.answer(&poland, "PL", said).await.expect(200);
        let seen = czechia.get(&meeting.poll).await.expect(200);
        assert_eq!((&seen.json, seen.header("etag")), (&silent.json, silent.header("etag")));
        assert!(seen.json["options"].as_array().unwrap().iter().all(|own| own.get("tally").is_none()));
        czechia.get(&format!("{}/answers/PL", meeting.poll)).await.expect(404);
        let listed = czechia.get("events/meeting/polls").await.expect(200);
        assert!(!listed.text.contains("Minister"), "{}", listed.text);
        assert_eq!(poland.get(&meeting.poll).await.expect(200).json["answers"][0]["comment"], "Minister travels");
        assert_eq!(meeting.admin.get(&meeting.poll).await.expect(200).json["options"][0]["tally"]["no"], 1);
        meeting.step(json!({"to": "closed"})).await.expect(200);
        let seen = czechia.get(&meeting.poll).await.expect(200);
        assert_eq!((&seen.json["answers"][0]["comment"], &seen.json["options"][0]["tally"]["no"]), (&json!("Minister travels"), &json!(1)));
        czechia.get(&format!("{}/answers/PL", meeting.poll)).await.expect(200);
        meeting.step(json!({"to": "open"})).await.expect(200);
        assert_eq!(czechia.get(&meeting.poll).await.expect(200).json["answers"], json!([]));
    }

    async fn a_decision_makes_a_session_and_the_poll_stays_on_record(server) {
        let meeting = Meeting::new(&server, json!({"group_id": "cyber"})).await;
        let manager = server.manager_of("PL").await;
        meeting.answer(&manager, "PL", meeting.said(["yes", "", "yes"])).await.expect(200);
        let decide = async |body: Value| meeting.admin.post(&format!("{}/decision", meeting.poll), body).await;
        let days = &meeting.options[2];
        assert_eq!(decide(json!({"option_id": days})).await.expect(422).codes(), ["required"]);
        let outside = json!({"start": "2026-10-07T14:00:00", "end": "2026-10-07T16:00:00"});
        assert_eq!(decide(json!({"option_id": days, "placement": outside})).await.expect(422).codes(), ["outside_option"]);
        let hours = json!({"start": "2026-10-09T14:00:00", "end": "2026-10-09T16:00:00"});
        let decided = decide(json!({"option_id": days, "placement": hours, "note": "Korea can"})).await.expect(200);
        assert_eq!(decided.json["state"], "decided");
        let session = decided.json["outcome"]["session_id"].as_str().unwrap();
        let session = meeting.admin.get(&format!("sessions/{session}")).await.expect(200);
        assert_eq!((&session.json["title"]["en"], &session.json["kind"]), (&json!("Drafting group"), &json!("group_meeting")));
        assert_eq!((&session.json["start"]["utc"], &session.json["state"]), (&json!("2026-10-09T05:00:00Z"), &json!("draft")));
        assert_eq!(session.json["group_id"], meeting.admin.get("groups/cyber").await.expect(200).json["id"]);
        // Those who were asked learn what was chosen at once, and of the session when it is announced.
        let seen = manager.get(&meeting.poll).await.expect(200);
        assert_eq!(seen.json["outcome"], json!({"option_id": days, "note": "Korea can"}));
        meeting.admin.post("events/meeting/releases", json!({"name": "First"})).await.expect(201);
        let later = manager.get(&meeting.poll).await.expect(200);
        assert_eq!(later.json["outcome"]["session_id"], session.json["id"]);
        assert_ne!(later.header("etag"), seen.header("etag"));
        // It is decided for good.
        let again = decide(json!({"option_id": meeting.options[0]})).await.expect(409);
        assert_eq!(again.json["type"], "/problems/poll-ended");
        let stored = meeting.admin.get(&meeting.poll).await.expect(200);
        meeting.admin.if_match(&stored).patch(&meeting.poll, json!({"quorum": 1})).await.expect(409);
        meeting.admin.if_match(&stored).delete(&meeting.poll).await.expect(409);
        meeting.answer(&manager.header("If-Match", "*"), "PL", meeting.said(["no", "", ""])).await.expect(409);
        assert_eq!(meeting.admin.get("sessions?event=meeting").await.expect(200).json["items"].as_array().unwrap().len(), 1);
    }

    async fn an_option_outside_the_event_is_chosen_once_the_event_has_moved(server) {
        let meeting = Meeting::without_poll(&server).await;
        let offers = json!([{"placement": {"start": "2026-11-06T09:00:00", "end": "2026-11-06T11:00:00"}}]);
        let made = meeting.ask(json!({"offers": offers, "quorum": null})).await.expect(201);
        let option = &made.json["options"][0]["id"];
        let decision = format!("polls/{}/decision", made.id());
        let refused = meeting.admin.post(&decision, json!({"option_id": option})).await.expect(422);
        assert_eq!((refused.codes(), &refused.json["errors"][0]["pointer"]), (vec!["outside_event"], &json!("/option_id")));
        let event = meeting.admin.get("events/meeting").await.expect(200);
        meeting.admin.if_match(&event).patch("events/meeting", json!({"ends_on": "2026-11-06"})).await.expect(200);
        meeting.admin.post(&decision, json!({"option_id": option})).await.expect(200);
    }

    async fn chairs_run_the_polls_of_their_group_and_what_is_called_off_or_deleted_is_over(server) {
        let meeting = Meeting::new(&server, json!({})).await;
        let person = meeting.admin.post("persons", json!({"display_name": "Chair"})).await.expect(201).id();
        let role = json!({"person_id": person, "function": "chair", "valid_from": "2018-01-01"});
        meeting.admin.post("groups/cyber/roles", role).await.expect(201);
        let account = Account::of(Role::Guest, "chair@example.org".to_owned(), "Chair");
        let ends_at = domain::moment::Moment::parse("2027-01-01");
        let chair = server.signed_in(Account { person_id: Some(person.as_str().into()), ends_at, ..account }).await;
        meeting.answer(&chair, "PL", meeting.said(["yes", "yes", "yes"])).await.expect(200);
        let path = format!("{}/transitions", meeting.poll);
        assert_eq!(chair.post(&path, json!({"to": "cancelled"})).await.expect(422).codes(), ["required"]);
        chair.post(&path, json!({"to": "closed"})).await.expect(200);
        let over = chair.post(&path, json!({"to": "cancelled", "reason": "The text is agreed"})).await.expect(200);
        assert_eq!((&over.json["state"], &over.json["cancel_reason"]), (&json!("cancelled"), &json!("The text is agreed")));
        assert_eq!(chair.post(&path, json!({"to": "open"})).await.expect(409).json["type"], "/problems/poll-ended");
        let manager = server.manager_of("PL").await;
        assert_eq!(manager.get(&meeting.poll).await.expect(200).json["cancel_reason"], "The text is agreed");
        chair.if_match(&over).delete(&meeting.poll).await.expect(204);
        manager.get(&meeting.poll).await.expect(410);
        server.manager_of("AT").await.get(&meeting.poll).await.expect(404);
    }

    async fn those_asked_learn_of_a_poll_by_the_changes_and_others_do_not(server) {
        let meeting = Meeting::new(&server, json!({})).await;
        meeting.answer(&server.manager_of("CZ").await, "CZ", meeting.said(["yes", "", ""])).await.expect(200);
        let kinds = async |client: &Client| {
            let changes = client.get("changes?limit=200").await.expect(200);
            let of_poll = changes.json["items"].as_array().unwrap().iter().filter(|own| own["type"].as_str().unwrap().starts_with("poll."));
            of_poll.map(|own| own["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&server.manager_of("PL").await).await, ["poll.told"]);
        assert_eq!(kinds(&server.manager_of("CZ").await).await, ["poll.told", "poll.answered"]);
        assert_eq!(kinds(&server.manager_of("AT").await).await, Vec::<String>::new());
        assert_eq!(kinds(&meeting.admin).await, ["poll.created", "poll.told", "poll.answered"]);
    }
}
