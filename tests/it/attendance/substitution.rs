//! What becomes of the duties of a delegate in whose place somebody else comes. The clock of the test stands at eight in
//! the morning of 2 March 2026, in UTC, which is the zone of the meeting.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::*;
use crate::on_both;

/// A meeting that begins today, a Polish delegation with somebody who has duties, and who comes in their place.
struct Meeting {
    admin: Client,
    manager: Client,
    delegate: String,
    person: String,
    substitute: String,
}

impl Meeting {
    async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        let poland = json!({"code": "PL", "kind": "state", "alpha2": "PL", "names": {"en": {"list": "Poland"}}});
        let poland = admin.post("organisations", poland).await.expect(201).id();
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Geneva"}},
            "time_zone": "UTC", "starts_on": "2026-03-02", "ends_on": "2026-03-04", "languages": ["en"],
            "visibility": "participants",
        });
        admin.post("events", event).await.expect(201);
        let delegation = admin.post("events/meeting/delegations", json!({"organisation_id": "PL"})).await.expect(201);
        step(&admin, &delegation.id(), "accepted").await.expect(200);
        let mut persons = vec![];
        for name in ["Nowak", "Lis"] {
            let person = json!({"display_name": name, "family_name": name, "organisation_id": "PL"});
            persons.push(admin.post("persons", person).await.expect(201).id());
        }
        let [person, substitute] = persons.try_into().unwrap();
        let delegate = nomination("PL", &person, "representative");
        let delegate = admin.post("events/meeting/delegates", delegate).await.expect(201).id();
        admin.post(&format!("delegates/{delegate}/transitions"), json!({"to": "submitted"})).await.expect(200);
        let manager = server.manager_of(&poland).await;
        Self { admin, manager, delegate, person, substitute }
    }

    async fn session(&self, title: &str, start: &str, visibility: &str) -> String {
        let session = json!({
            "event_id": "meeting", "kind": "workshop", "title": {"en": title}, "visibility": visibility,
            "placement": an_hour(start),
        });
        self.admin.announce(session).await.id()
    }

    async fn sitting(&self, session: &str, start: &str) -> String {
        let sitting = json!({"placement": an_hour(start)});
        let id = self.admin.post(&format!("sessions/{session}/sittings"), sitting).await.expect(201).id();
        self.admin.post(&format!("sessions/{id}/transitions"), json!({"to": "scheduled"})).await.expect(200);
        id
    }

    async fn duty(&self, session: &str, person: &str, duty: &str) -> String {
        let duty = json!({"person_id": person, "duty": duty});
        self.admin.post(&format!("sessions/{session}/duties"), duty).await.expect(201).id()
    }

    async fn substituted(&self, duties: &[(&str, bool)]) -> Answer {
        let say = |(duty, moves): &(&str, bool)| json!({"duty_id": duty, "moves": moves});
        let moves = json!({"duties": duties.iter().map(say).collect::<Vec<_>>()});
        let path = format!("delegates/{}/substitution", self.delegate);
        self.manager.post(&path, json!({"person_id": self.substitute, "moves": moves})).await
    }

    /// Who has which duty where: name, duty, answer; all that there are.
    async fn duties(&self, session: &str) -> BTreeSet<String> {
        let list = self.admin.get(&format!("sessions/{session}/duties")).await.expect(200);
        let words = |duty: &Value, member: &str| duty[member].as_str().unwrap().to_owned();
        let line = |duty: &Value| ["name", "duty", "answer"].map(|member| words(duty, member)).join(" ");
        list.json["items"].as_array().unwrap().iter().map(line).collect()
    }

    async fn rules(&self) -> Vec<String> {
        let found = self.admin.get("events/meeting/clashes").await.expect(200);
        let rules = found.json["items"].as_array().unwrap().iter().map(|clash| clash["rule"].as_str().unwrap());
        rules.filter(|rule| rule.starts_with("person_")).map(str::to_owned).collect()
    }
}

fn an_hour(start: &str) -> Value {
    let (day, hour) = start.split_once(' ').unwrap();
    let hour: u32 = hour.parse().unwrap();
    json!({"start": format!("2026-03-{day}T{hour:02}:00:00"), "end": format!("2026-03-{day}T{:02}:00:00", hour + 1)})
}

fn set(lines: &[&str]) -> BTreeSet<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

on_both! {
    async fn a_substitute_keeps_the_place_and_takes_over_what_is_said_to_move(server) {
        let seoul = Seoul::new(&server).await;
        let invited = json!({"organisation_id": "PL", "quota": {"in_person": 1}});
        let delegation = seoul.admin.post("events/seoul-2019/delegations", invited).await.expect(201).id();
        let head = seoul.nominate("PL", "Nowak", "head").await.id();
        for state in ["accepted", "submitted", "confirmed"] {
            step(&seoul.admin, &delegation, state).await.expect(200);
        }
        seoul.approve("PL").await;
        let badge = seoul.admin.post(&format!("delegates/{head}/badge"), json!({})).await.expect(201);
        let (kept, moved) = (seoul.session("participants").await, seoul.session("participants").await);
        for sheet in [&kept, &moved] {
            // Taken off the programme they were announced in, they are still to come.
            let session = sheet.trim_end_matches("/attendance");
            let placed = seoul.admin.get(session).await.expect(200);
            seoul.admin.if_match(&placed).patch(session, json!({"placement": null})).await.expect(200);
            let line = json!({"status": "present", "represented_by": head});
            seoul.admin.put(&format!("{sheet}/PL"), line).await.expect(200);
        }
        let manager = seoul.delegate(&server, "PL").await;
        let commitments = manager.get(&format!("delegates/{head}/commitments")).await.expect(200);
        assert_eq!(each(&commitments, "items", "kind"), ["headship", "representation", "representation"]);
        let person = seoul.person("PL", "Lis").await;
        let path = format!("delegates/{head}/substitution");
        let undecided = manager.post(&path, json!({"person_id": person})).await.expect(422);
        assert_eq!(undecided.codes(), ["undecided", "undecided"]);
        let session = moved.split('/').nth(1).unwrap();
        let without = json!({"person_id": person, "moves": {"headship": false, "session_ids": [session]}});
        assert_eq!(manager.post(&path, without).await.expect(409).json["type"], "/problems/head-needed");
        let body = json!({"person_id": person, "moves": {"headship": true, "session_ids": [session]}});
        let substitute = manager.post(&path, body).await.expect(201);
        assert_eq!((&substitute.json["state"], &substitute.json["function"]), (&json!("submitted"), &json!("head")));
        let gone = manager.get(&format!("delegates/{head}")).await.expect(200);
        assert_eq!((&gone.json["state"], &gone.json["substituted_by"]), (&json!("substituted"), &substitute.json["id"]));
        let passed = seoul.admin.get(&format!("delegates/{}/badge", substitute.id())).await.expect(200);
        assert_eq!(passed.json["serial"], badge.json["serial"]);
        let line = async |sheet: &str| seoul.admin.get(&format!("{sheet}/PL")).await.expect(200);
        assert_eq!(line(&moved).await.json["represented_by"], substitute.json["id"]);
        assert_eq!(line(&kept).await.json.get("represented_by"), None);
        let places = manager.get(&format!("delegations/{delegation}/places")).await.expect(200);
        assert_eq!(places.json["items"][0]["held"], 1);
    }

    async fn nobody_is_substituted_before_it_is_said_of_every_duty_whether_it_moves(server) {
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("Norms", "03 09", "participants").await;
        let evidence = meeting.session("Evidence", "03 11", "participants").await;
        let closed = meeting.session("Steering", "03 14", "secretariat").await;
        let speaks = meeting.duty(&norms, &meeting.person, "speaker").await;
        let chairs = meeting.duty(&evidence, &meeting.person, "chair").await;
        let secret = meeting.duty(&closed, &meeting.person, "note_taker").await;
        meeting.admin.post(&format!("duties/{chairs}/transitions"), json!({"to": "accepted"})).await.expect(200);

        let path = format!("delegates/{}/commitments", meeting.delegate);
        let asked = meeting.manager.get(&path).await.expect(200);
        assert_eq!(each(&asked, "items", "kind"), ["duty", "duty"]);
        assert_eq!(each(&asked, "items", "duty_id"), [&speaks, &chairs]);
        assert_eq!(each(&asked, "items", "duty"), ["speaker", "chair"]);
        assert_eq!(each(&asked, "items", "answer"), ["invited", "accepted"]);
        let first = &asked.json["items"][0];
        assert_eq!((&first["session_id"], &first["title"]["en"]), (&json!(norms), &json!("Norms")));
        assert_eq!((&first["start"]["local"], &first["end"]["local"]), (&json!("2026-03-03T09:00:00"), &json!("2026-03-03T10:00:00")));
        assert!(!asked.text.contains("Steering"), "{}", asked.text);
        let all = meeting.admin.get(&path).await.expect(200);
        assert_eq!(each(&all, "items", "duty_id"), [&speaks, &chairs, &secret]);

        let before = server.dump().await;
        let refused = meeting.substituted(&[]).await.expect(422);
        assert_eq!(refused.codes(), ["undecided", "undecided"]);
        assert!(["'speaker' in session 1, 'Norms'", "'chair' in session 2, 'Evidence'"].iter().all(|named| refused.text.contains(named)), "{}", refused.text);
        assert_eq!(meeting.substituted(&[(&speaks, true)]).await.expect(422).codes(), ["undecided"]);
        // A duty the caller does not see is one there is not.
        let nowhere = "01890000-0000-7000-8000-000000000000";
        for wrong in [secret.as_str(), nowhere] {
            let refused = meeting.substituted(&[(&speaks, true), (&chairs, false), (wrong, true)]).await.expect(422);
            assert_eq!((refused.codes(), refused.json["errors"][0]["pointer"].as_str()), (vec!["not_committed"], Some("/moves/duties/2/duty_id")));
        }
        let twice = meeting.substituted(&[(&speaks, true), (&chairs, false), (&chairs, true)]).await.expect(422);
        assert_eq!(twice.codes(), ["repeated"]);
        assert_eq!(server.dump().await, before, "nothing is written before everything is decided");

        meeting.substituted(&[(&speaks, true), (&chairs, false)]).await.expect(201);
        assert_eq!(meeting.duties(&norms).await, set(&["Lis speaker invited"]));
        assert_eq!(meeting.duties(&evidence).await, BTreeSet::new());
        // What the manager does not see passes to nobody; those who plan read that it was declined.
        assert_eq!(meeting.duties(&closed).await, set(&["Nowak note_taker declined"]));
        meeting.admin.get(&format!("duties/{speaks}")).await.expect(410);
    }

    async fn a_substitution_is_one_act_in_the_audit_log(server) {
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("Norms", "03 09", "participants").await;
        let speaks = meeting.duty(&norms, &meeting.person, "speaker").await;
        let made = meeting.substituted(&[(&speaks, true)]).await.expect(201);
        let log = meeting.admin.get("audit-entries?limit=200").await.expect(200);
        let entries = log.json["items"].as_array().unwrap();
        let of = |kind: &str| entries.iter().filter(|entry| entry["action"] == kind).collect::<Vec<_>>();
        let acts = of("delegate.substituted");
        assert_eq!(acts.len(), 1, "{}", log.text);
        let act = acts[0];
        assert_eq!(act["diff"]["substituted_by"]["new"], json!(made.id()));
        let together: BTreeSet<_> = entries.iter().filter(|entry| entry["request_id"] == act["request_id"]).map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(together, ["delegate.nominated", "delegate.substituted", "duty.deleted", "duty.given"].into_iter().collect());
        assert!(together.iter().all(|kind| of(kind).iter().any(|entry| entry["actor"] == act["actor"])));
    }

    async fn what_passes_clashes_with_what_the_substitute_has_and_no_longer_with_what_the_other_had(server) {
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("Norms", "03 09", "participants").await;
        let same_hour = meeting.session("Evidence", "03 09", "participants").await;
        let later = meeting.session("Reports", "03 11", "participants").await;
        let beside_later = meeting.session("Outlook", "03 11", "participants").await;
        let speaks = meeting.duty(&norms, &meeting.person, "speaker").await;
        let chairs = meeting.duty(&same_hour, &meeting.person, "chair").await;
        let reports = meeting.duty(&later, &meeting.person, "rapporteur").await;
        meeting.duty(&beside_later, &meeting.substitute, "speaker").await;
        let waits = meeting.rules().await;
        assert_eq!(waits.len(), 1, "the delegate is wanted twice at nine: {waits:?}");
        meeting.substituted(&[(&speaks, false), (&chairs, true), (&reports, true)]).await.expect(201);
        let found = meeting.admin.get("events/meeting/clashes").await.expect(200);
        let found: Vec<_> = found.json["items"].as_array().unwrap().iter().filter(|clash| clash["rule"].as_str().unwrap().starts_with("person_")).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        let message = found[0]["message"].as_str().unwrap();
        assert!(["Lis", "3 Reports", "4 Outlook"].iter().all(|named| message.contains(named)), "{message}");
    }

    async fn what_has_begun_stays_with_whoever_did_it_and_later_sittings_pass(server) {
        let meeting = Meeting::new(&server).await;
        let first = meeting.session("Drafting", "02 09", "participants").await;
        let second = meeting.sitting(&first, "03 09").await;
        let third = meeting.sitting(&first, "04 09").await;
        let chairs = meeting.duty(&first, &meeting.person, "chair").await;
        let only = json!({"person_id": meeting.person, "duty": "speaker", "sitting_only": true});
        let speaks = meeting.admin.post(&format!("sessions/{second}/duties"), only.clone()).await.expect(201).id();
        let spoke = meeting.admin.post(&format!("sessions/{first}/duties"), only).await.expect(201).id();
        meeting.admin.post(&format!("duties/{chairs}/transitions"), json!({"to": "accepted"})).await.expect(200);
        server.advance(SignedDuration::from_hours(2));
        let asked = meeting.manager.get(&format!("delegates/{}/commitments", meeting.delegate)).await.expect(200);
        let of = |duty: &str| asked.json["items"].as_array().unwrap().iter().find(|item| item["duty_id"] == *duty).cloned();
        assert_eq!(asked.json["items"].as_array().unwrap().len(), 2, "what was said in the first sitting is over");
        assert_eq!(of(&chairs).unwrap()["start"]["local"], "2026-03-03T09:00:00", "the next sitting");
        assert_eq!(of(&speaks).unwrap()["sitting_only"], true);
        assert_eq!(meeting.substituted(&[(&chairs, true), (&speaks, true), (&spoke, true)]).await.expect(422).codes(), ["not_committed"]);
        meeting.substituted(&[(&chairs, true), (&speaks, true)]).await.expect(201);
        assert_eq!(meeting.duties(&first).await, set(&["Nowak chair accepted", "Nowak speaker invited"]));
        assert_eq!(meeting.duties(&second).await, set(&["Lis chair invited", "Lis speaker invited"]));
        assert_eq!(meeting.duties(&third).await, set(&["Lis chair invited"]));
    }

    async fn who_has_the_duty_already_has_it_once(server) {
        let meeting = Meeting::new(&server).await;
        let first = meeting.session("Drafting", "03 09", "participants").await;
        let second = meeting.sitting(&first, "04 09").await;
        let speaks = meeting.duty(&first, &meeting.person, "speaker").await;
        // The substitute was to speak in the first sitting only, and takes over both.
        let only = json!({"person_id": meeting.substitute, "duty": "speaker", "sitting_only": true});
        let theirs = meeting.admin.post(&format!("sessions/{first}/duties"), only).await.expect(201).id();
        meeting.admin.post(&format!("duties/{theirs}/transitions"), json!({"to": "accepted"})).await.expect(200);
        meeting.substituted(&[(&speaks, true)]).await.expect(201);
        assert_eq!(meeting.duties(&first).await, set(&["Lis speaker accepted"]));
        assert_eq!(meeting.duties(&second).await, set(&["Lis speaker accepted"]));
    }

    async fn who_comes_in_another_delegation_keeps_what_the_caller_does_not_see(server) {
        let meeting = Meeting::new(&server).await;
        let closed = meeting.session("Steering", "03 14", "secretariat").await;
        meeting.duty(&closed, &meeting.person, "note_taker").await;
        let other = json!({"code": "UN", "kind": "igo", "names": {"en": {"list": "United Nations"}}});
        meeting.admin.post("organisations", other).await.expect(201);
        let delegation = meeting.admin.post("events/meeting/delegations", json!({"organisation_id": "UN"})).await.expect(201);
        step(&meeting.admin, &delegation.id(), "accepted").await.expect(200);
        let also = nomination("UN", &meeting.person, "expert");
        meeting.admin.post("events/meeting/delegates", also).await.expect(201);
        meeting.substituted(&[]).await.expect(201);
        assert_eq!(meeting.duties(&closed).await, set(&["Nowak note_taker invited"]));
    }
}
