//! Delegations, their delegates, and who was represented in a session.

use domain::access::{NewKey, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// Seoul 2019 with three states, one person of each, and nobody invited yet.
struct Seoul {
    admin: Client,
    event: String,
    states: Vec<(&'static str, String)>,
}

impl Seoul {
    async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        let mut states = vec![];
        for (code, name) in [("PL", "Poland"), ("CZ", "Czechia"), ("KR", "Republic of Korea")] {
            let state = json!({"code": code, "kind": "state", "alpha2": code, "names": {"en": {"list": name}}});
            states.push((code, admin.post("organisations", state).await.expect(201).id()));
        }
        let event = json!({
            "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting on cybersecurity"},
            "city": {"name": {"en": "Seoul"}}, "time_zone": "Asia/Seoul", "starts_on": "2019-10-07",
            "ends_on": "2019-10-08", "languages": ["en"], "visibility": "participants",
        });
        let event = admin.post("events", event).await.expect(201).id();
        Self { admin, event, states }
    }

    fn state(&self, code: &str) -> String {
        self.states.iter().find(|(own, _)| *own == code).unwrap().1.clone()
    }

    async fn invite(&self, code: &str) -> Answer {
        self.admin.post("events/seoul-2019/delegations", json!({"organisation_id": code})).await.expect(201)
    }

    async fn person(&self, code: &str, name: &str) -> String {
        let person = json!({"display_name": name, "family_name": name, "organisation_id": code});
        self.admin.post("persons", person).await.expect(201).id()
    }

    /// Names a new person.
    async fn nominate(&self, code: &str, name: &str, function: &str) -> Answer {
        let person = self.person(code, name).await;
        self.admin.post("events/seoul-2019/delegates", nomination(code, &person, function)).await.expect(201)
    }

    /// A confirmed delegation with a head.
    async fn confirmed(&self, code: &str, head: &str) -> Answer {
        let delegation = self.invite(code).await.id();
        self.nominate(code, head, "head").await;
        for to in ["accepted", "submitted"] {
            step(&self.admin, &delegation, to).await.expect(200);
        }
        step(&self.admin, &delegation, "confirmed").await.expect(200)
    }

    /// A session; gives the path of its attendance.
    async fn session(&self, visibility: &str) -> String {
        let session =
            json!({"event_id": "seoul-2019", "kind": "plenary", "title": {"en": "Opening"}, "visibility": visibility});
        format!("sessions/{}/attendance", self.admin.post("sessions", session).await.expect(201).id())
    }

    /// Somebody who acts for this state.
    async fn delegate(&self, server: &Server, code: &str) -> Client {
        server.manager_of(&self.state(code)).await
    }
}

fn nomination(delegation: &str, person: &str, function: &str) -> Value {
    json!({"delegation_id": delegation, "person_id": person, "function": function})
}

async fn step(client: &Client, delegation: &str, to: &str) -> Answer {
    client.post(&format!("delegations/{delegation}/transitions"), json!({"to": to})).await
}

/// A member of every item of a list.
fn each<'a>(answer: &'a Answer, list: &str, member: &str) -> Vec<&'a str> {
    answer.json[list].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect()
}

on_both! {
    async fn a_delegation_lives_from_invitation_to_the_end(server) {
        let seoul = Seoul::new(&server).await;
        let invited = json!({"organisation_id": "PL", "category": "member", "invitation_reference": "NV 17/2019", "reply_due": "2019-09-15"});
        let invited = seoul.admin.post("events/seoul-2019/delegations", invited).await.expect(201);
        assert_eq!(invited.header("location"), format!("/api/v1/delegations/{}", invited.id()));
        assert_eq!(invited.json["organisation_id"], seoul.state("PL"));
        assert_eq!(invited.json["organisation_name"], json!({"en": "Poland"}));
        assert_eq!((&invited.json["state"], &invited.json["event_id"]), (&json!("invited"), &json!(seoul.event)));
        let id = invited.id();
        for (to, refused) in [("submitted", "/problems/wrong-state"), ("invited", "/problems/invited-once")] {
            assert_eq!(step(&seoul.admin, &id, to).await.expect(409).json["type"], refused);
        }
        step(&seoul.admin, &id, "accepted").await.expect(200);
        step(&seoul.admin, &id, "composing").await.expect(200);
        assert_eq!(step(&seoul.admin, &id, "submitted").await.expect(409).json["type"], "/problems/no-head");
        seoul.nominate("PL", "Nowak", "head").await;
        for to in ["submitted", "confirmed", "closed"] {
            assert_eq!(step(&seoul.admin, &id, to).await.expect(200).json["state"], to);
        }
        let read = seoul.admin.get(&format!("delegations/{id}")).await.expect(200);
        assert_eq!((&read.json["version"], &read.json["reply_due"]), (&json!(6), &json!("2019-09-15")));
        assert_eq!(step(&seoul.admin, &id, "accepted").await.expect(409).json["type"], "/problems/wrong-state");
        step(&seoul.admin, &id, "gone").await.expect(400);
    }

    async fn a_state_that_is_renamed_later_came_under_the_name_it_had(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("CZ", "Novák").await;
        let sheet = seoul.session("participants").await;
        let renamed = json!({"names": {"en": {"list": "Bohemia"}}});
        let any = seoul.admin.header("If-Match", "*");
        let state = any.patch("organisations/CZ", renamed).await.expect(200);
        assert_eq!(state.json["former_names"], json!([{"names": {"en": {"list": "Czechia"}}, "until": "2026-03-02T08:00:00Z"}]));
        let list = seoul.admin.get("events/seoul-2019/delegations").await.expect(200);
        assert_eq!(list.json["items"][0]["organisation_name"], json!({"en": "Czechia"}));
        assert_eq!(seoul.admin.get(&sheet).await.expect(200).json["lines"][0]["organisation_name"], json!({"en": "Czechia"}));
        let statement = json!({
            "code": "seoul-statement", "kind": "joint_statement", "event_id": "seoul-2019", "drafting_language": "en",
            "languages": ["en"], "title": {"en": "Statement"}, "visibility": "participants",
        });
        seoul.admin.post("statements", statement).await.expect(201);
        let participants = seoul.admin.get("statements/seoul-statement/participants").await.expect(200);
        assert_eq!(participants.json["items"][0]["names"]["en"]["list"], "Czechia");
        let later = json!({
            "code": "hanoi-2027", "kind": "group_meeting", "title": {"en": "Next"}, "city": {"name": {"en": "Hanoi"}},
            "time_zone": "Asia/Ho_Chi_Minh", "starts_on": "2027-10-07", "ends_on": "2027-10-08", "languages": ["en"],
            "visibility": "participants",
        });
        seoul.admin.post("events", later).await.expect(201);
        let invited = seoul.admin.post("events/hanoi-2027/delegations", json!({"organisation_id": "CZ"})).await.expect(201);
        assert_eq!(invited.json["organisation_name"], json!({"en": "Bohemia"}));
        // The old name still finds it.
        assert_eq!(seoul.admin.get("organisations?q=czechia").await.expect(200).json["items"][0]["code"], "CZ");
    }

    async fn an_organisation_has_one_delegation_and_keeps_it(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await;
        let again = seoul.admin.post("events/seoul-2019/delegations", json!({"organisation_id": "pl"})).await.expect(409);
        assert_eq!(again.json["type"], "/problems/already-invited");
        let unknown = seoul.admin.post("events/seoul-2019/delegations", json!({"organisation_id": "XX"})).await.expect(422);
        assert_eq!(unknown.codes(), ["unknown_organisation"]);
        let path = format!("delegations/{}", poland.id());
        let other = seoul.admin.if_match(&poland).patch(&path, json!({"organisation_id": "CZ"})).await.expect(422);
        assert_eq!(other.codes(), ["cannot_change"]);
        let same = json!({"organisation_id": "PL", "category": "host"});
        seoul.admin.put(&path, same.clone()).await.expect(428);
        let changed = seoul.admin.if_match(&poland).put(&path, same.clone()).await.expect(200);
        assert_eq!((&changed.json["category"], &changed.json["organisation_id"]), (&json!("host"), &json!(seoul.state("PL"))));
        let stale = seoul.admin.if_match(&poland).put(&path, same).await.expect(412);
        assert_eq!(stale.json["current"], changed.json);
    }

    async fn a_delegation_leaves_a_tombstone_unless_it_has_delegates(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await;
        let path = format!("delegations/{}", poland.id());
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let used = seoul.admin.if_match(&poland).delete(&path).await.expect(409);
        assert_eq!(used.json["type"], "/problems/delegation-in-use");
        let person = format!("delegates/{}", head.id());
        seoul.admin.if_match(&head).delete(&person).await.expect(204);
        seoul.admin.get(&person).await.expect(410);
        seoul.admin.if_match(&poland).delete(&path).await.expect(204);
        seoul.admin.get(&path).await.expect(410);
        assert_eq!(seoul.admin.get("events/seoul-2019/delegations").await.expect(200).json["items"], json!([]));
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        let gone = |kind: &str| changes.json["items"].as_array().unwrap().iter().any(|item| item["type"] == kind && item["deleted"] == true);
        assert!(gone("delegation.deleted") && gone("delegate.withdrawn"), "{}", changes.text);
        seoul.invite("PL").await;
    }

    async fn delegations_are_listed_by_code_and_found_by_name_and_state(server) {
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "CZ"] {
            seoul.invite(code).await;
        }
        seoul.confirmed("KR", "Kim").await;
        let codes = async |query: &str| {
            let page = seoul.admin.get(&format!("events/{}/delegations{query}", seoul.event)).await.expect(200);
            each(&page, "items", "organisation_code").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(codes("").await, ["CZ", "KR", "PL"]);
        assert_eq!(codes("?state=invited").await, ["CZ", "PL"]);
        assert_eq!(codes("?q=POLAND").await, ["PL"]);
        let first = seoul.admin.get("events/seoul-2019/delegations?limit=2").await.expect(200);
        let cursor = first.json["next_cursor"].as_str().unwrap();
        assert_eq!(codes(&format!("?limit=2&cursor={cursor}")).await, ["PL"]);
        seoul.admin.get("events/seoul-2019/delegations?state=gone").await.expect(400);
        let english = seoul.admin.get("events/seoul-2019/delegations?lang=en").await.expect(200);
        assert_eq!(each(&english, "items", "organisation_name"), ["Czechia", "Republic of Korea", "Poland"]);
    }

    async fn a_delegation_has_one_head_and_changes_it_in_two_steps(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let second = seoul.nominate("PL", "Wójcik", "adviser").await;
        let path = format!("delegates/{}", second.id());
        let refused = seoul.admin.if_match(&second).patch(&path, json!({"function": "head"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/head-exists");
        assert!(refused.json["detail"].as_str().unwrap().contains("another function"));
        let third = seoul.person("PL", "Lis").await;
        seoul.admin.post("events/seoul-2019/delegates", nomination("PL", &third, "head")).await.expect(409);

        let heads = seoul.admin.get("events/seoul-2019/delegates?delegation=PL&function=head").await.expect(200);
        assert_eq!(each(&heads, "items", "display_name"), ["Nowak"]);
        let old = seoul.admin.get(&format!("delegates/{}", heads.json["items"][0]["id"].as_str().unwrap())).await.expect(200);
        seoul.admin.if_match(&old).patch(&format!("delegates/{}", old.id()), json!({"function": "deputy_head"})).await.expect(200);
        let new = seoul.admin.if_match(&second).patch(&path, json!({"function": "head"})).await.expect(200);
        assert_eq!((&new.json["version"], &new.json["function"]), (&json!(2), &json!("head")));
        // Whoever is the head already stays it in a write that says so again.
        seoul.admin.if_match(&new).patch(&path, json!({"position": {"en": "Director"}})).await.expect(200);
    }

    async fn two_heads_named_at_once_make_one(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let mut named = vec![];
        for name in ["Nowak", "Wójcik", "Lis", "Mazur"] {
            named.push(nomination("PL", &seoul.person("PL", name).await, "head"));
        }
        let answers = named.into_iter().map(|body| {
            let admin = seoul.admin.clone();
            tokio::spawn(async move { admin.post("events/seoul-2019/delegates", body).await.status.as_u16() })
        });
        let mut statuses = vec![];
        for answer in answers.collect::<Vec<_>>() {
            statuses.push(answer.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
    }

    async fn a_delegate_stays_the_same_person_in_the_same_delegation(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        seoul.invite("CZ").await;
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let path = format!("delegates/{}", head.id());
        let other = seoul.person("PL", "Lis").await;
        let moved = seoul.admin.if_match(&head).patch(&path, json!({"delegation_id": "CZ", "person_id": other})).await.expect(422);
        assert_eq!(moved.codes(), ["cannot_change", "cannot_change"]);
        let same = nomination("PL", head.json["person_id"].as_str().unwrap(), "representative");
        let replaced = seoul.admin.if_match(&head).put(&path, same.clone()).await.expect(200);
        assert_eq!(replaced.json["delegation_id"], head.json["delegation_id"]);
        let twice = seoul.admin.post("events/seoul-2019/delegates", same).await.expect(409);
        assert_eq!(twice.json["type"], "/problems/already-nominated");
        let nowhere = seoul.admin.post("events/seoul-2019/delegates", nomination("KR", &other, "expert")).await.expect(422);
        assert_eq!(nowhere.codes(), ["unknown_delegation"]);
        let nobody = seoul.admin.post("events/seoul-2019/delegates", nomination("PL", &head.id(), "expert")).await.expect(422);
        assert_eq!(nobody.codes(), ["unknown_person"]);
    }

    async fn nobody_is_named_to_a_delegation_that_declined(server) {
        let seoul = Seoul::new(&server).await;
        let id = seoul.invite("PL").await.id();
        step(&seoul.admin, &id, "declined").await.expect(200);
        let person = seoul.person("PL", "Nowak").await;
        let body = nomination(&id, &person, "head");
        let refused = seoul.admin.post("events/seoul-2019/delegates", body.clone()).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/not-coming");
        step(&seoul.admin, &id, "accepted").await.expect(200);
        seoul.admin.post("events/seoul-2019/delegates", body).await.expect(201);
    }

    async fn delegates_of_a_past_event_keep_the_names_they_had(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let path = format!("persons/{}", head.json["person_id"].as_str().unwrap());
        let person = seoul.admin.get(&path).await.expect(200);
        // The clock of the test stands in 2026: the name changes years after the meeting.
        seoul.admin.if_match(&person).patch(&path, json!({"display_name": "Nowak-Lis"})).await.expect(200);
        let read = seoul.admin.get(&format!("delegates/{}", head.id())).await.expect(200);
        assert_eq!(read.json["display_name"], "Nowak");
    }

    async fn a_delegate_runs_its_own_delegation_but_does_not_confirm_it(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await;
        let korea = seoul.confirmed("KR", "Kim").await;
        let delegate = seoul.delegate(&server, "PL").await;
        let id = poland.id();
        step(&delegate, &id, "accepted").await.expect(200);
        let person = seoul.person("PL", "Nowak").await;
        let head = delegate.post("events/seoul-2019/delegates", nomination("PL", &person, "head")).await.expect(201);
        step(&delegate, &id, "submitted").await.expect(200);
        step(&delegate, &id, "confirmed").await.expect(403);
        step(&delegate, &korea.id(), "not_attending").await.expect(403);
        delegate.post("events/seoul-2019/delegates", nomination("KR", &person, "expert")).await.expect(403);
        delegate.post("events/seoul-2019/delegations", json!({"organisation_id": "CZ"})).await.expect(403);
        let read = delegate.get(&format!("delegations/{id}")).await.expect(200);
        delegate.if_match(&read).patch(&format!("delegations/{id}"), json!({"category": "host"})).await.expect(403);
        delegate.if_match(&read).delete(&format!("delegations/{id}")).await.expect(403);

        for to in ["confirmed", "closed"] {
            step(&seoul.admin, &id, to).await.expect(200);
        }
        let path = format!("delegates/{}", head.id());
        let closed = delegate.if_match(&head).patch(&path, json!({"function": "expert"})).await.expect(409);
        assert_eq!(closed.json["type"], "/problems/record-closed");
        delegate.if_match(&head).delete(&path).await.expect(409);
        seoul.admin.if_match(&head).patch(&path, json!({"function": "expert"})).await.expect(200);
    }

    async fn delegations_see_nothing_of_each_others_delegates(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        seoul.confirmed("CZ", "Novak").await;
        let invited = seoul.invite("KR").await;
        let all = seoul.admin.get("events/seoul-2019/delegates").await.expect(200);
        assert_eq!(each(&all, "items", "display_name"), ["Novak", "Nowak"]);
        for (own, other, name, foreign) in [("PL", "CZ", "Nowak", "Novak"), ("CZ", "PL", "Novak", "Nowak")] {
            let delegate = seoul.delegate(&server, own).await;
            let list = async |query: &str| delegate.get(&format!("events/seoul-2019/delegates{query}")).await.expect(200);
            assert_eq!(each(&list("").await, "items", "display_name"), [name]);
            for query in [format!("?delegation={other}"), format!("?q={foreign}"), "?function=adviser".to_owned()] {
                assert_eq!(list(&query).await.text, r#"{"items":[]}"#, "{query}");
            }
            let hidden = all.json["items"].as_array().unwrap().iter().find(|item| item["display_name"] == foreign).unwrap();
            let missing = delegate.get("delegates/01890000-0000-7000-8000-000000000000").await.expect(404);
            let path = format!("delegates/{}", hidden["id"].as_str().unwrap());
            for refused in [
                delegate.get(&path).await,
                delegate.header("If-Match", "\"1\"").patch(&path, json!({"function": "expert"})).await,
                delegate.header("If-Match", "\"1\"").delete(&path).await,
            ] {
                assert_eq!(same_but_the_request(&refused.expect(404)), same_but_the_request(&missing));
            }
        }
        // Of others a delegation knows that they are confirmed, and nothing of who is only invited.
        let delegate = seoul.delegate(&server, "PL").await;
        let seen = delegate.get("events/seoul-2019/delegations").await.expect(200);
        assert_eq!(each(&seen, "items", "organisation_code"), ["CZ", "PL"]);
        delegate.get(&format!("delegations/{}", invited.id())).await.expect(404);
        assert_eq!(delegate.get("events/seoul-2019/delegations?state=invited").await.expect(200).json["items"], json!([]));
    }

    async fn how_an_invitation_went_out_is_not_shown_to_others(server) {
        let seoul = Seoul::new(&server).await;
        let korea = seoul.confirmed("KR", "Kim").await;
        let path = format!("delegations/{}", korea.id());
        seoul.admin.if_match(&korea).patch(&path, json!({"invitation_reference": "NV 1", "reply_due": "2019-09-01"})).await.expect(200);
        seoul.invite("PL").await;
        let own = seoul.delegate(&server, "KR").await.get(&path).await.expect(200);
        assert_eq!((&own.json["invitation_reference"], &own.json["reply_due"]), (&json!("NV 1"), &json!("2019-09-01")));
        let other = seoul.delegate(&server, "PL").await.get(&path).await.expect(200);
        assert_eq!(other.json["organisation_code"], "KR");
        assert!(!other.text.contains("NV 1") && !other.text.contains("2019-09-01"), "{}", other.text);
    }

    async fn a_delegation_at_a_hidden_event_is_hidden_from_its_own_organisation(server) {
        let seoul = Seoul::new(&server).await;
        let event = seoul.admin.get("events/seoul-2019").await.expect(200);
        seoul.admin.if_match(&event).patch("events/seoul-2019", json!({"visibility": "secretariat"})).await.expect(200);
        let poland = seoul.invite("PL").await;
        let delegate = seoul.delegate(&server, "PL").await;
        delegate.get(&format!("delegations/{}", poland.id())).await.expect(404);
        delegate.get("events/seoul-2019/delegations").await.expect(404);
        let changes = delegate.get("changes?limit=200").await.expect(200);
        assert!(!changes.text.contains("delegation."), "{}", changes.text);
    }

    async fn changes_of_delegates_reach_the_secretariat_and_their_own_organisation(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        seoul.invite("CZ").await;
        seoul.nominate("PL", "Nowak", "head").await;
        for (code, told) in [("PL", 2), ("CZ", 1)] {
            let changes = seoul.delegate(&server, code).await.get("changes?limit=200").await.expect(200);
            let count = each(&changes, "items", "type").into_iter().filter(|kind| kind.starts_with("delegat")).count();
            assert_eq!(count, told, "{code}: {}", changes.text);
        }
    }

    async fn staff_work_within_their_limits_and_auditors_only_read(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await;
        let path = format!("delegations/{}", poland.id());
        let other = json!({
            "code": "hanoi-2025", "kind": "visit", "title": {"en": "Visit"}, "city": {"name": {"en": "Hanoi"}},
            "time_zone": "Asia/Ho_Chi_Minh", "starts_on": "2025-10-24", "ends_on": "2025-10-26", "languages": ["en"],
            "visibility": "public",
        });
        let hanoi = seoul.admin.post("events", other).await.expect(201).id();
        let staff = async |event: &str| {
            let event_ids = vec![event.into()];
            server.key(NewKey { role: Role::Secretariat, event_ids, ..NewKey::default() }).await
        };
        let (here, elsewhere) = (staff(&seoul.event).await, staff(&hanoi).await);
        here.get(&path).await.expect(200);
        step(&here, &poland.id(), "accepted").await.expect(200);
        elsewhere.get(&path).await.expect(404);
        step(&elsewhere, &poland.id(), "declined").await.expect(404);
        here.post("events/hanoi-2025/delegations", json!({"organisation_id": "PL"})).await.expect(403);
        let auditor = server.role(Role::Auditor).await;
        auditor.get(&path).await.expect(200);
        step(&auditor, &poland.id(), "declined").await.expect(403);
        for path in [path.as_str(), "events/seoul-2019/delegations", "events/seoul-2019/delegates"] {
            server.anonymous().get(path).await.expect(401);
        }
        server.anonymous().post("events/hanoi-2025/delegations", json!({"organisation_id": "PL"})).await.expect(401);
    }

    async fn a_sheet_has_a_line_for_every_delegation_and_adds_up(server) {
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "KR", "CZ"] {
            seoul.invite(code).await;
        }
        let head = seoul.nominate("KR", "Kim", "head").await.id();
        let sheet = seoul.session("participants").await;
        let blank = seoul.admin.get(&sheet).await.expect(200);
        assert_eq!(each(&blank, "lines", "organisation_code"), ["CZ", "KR", "PL"]);
        assert_eq!(each(&blank, "lines", "status"), ["unknown"; 3]);
        assert_eq!(blank.json["lines"][0]["version"], 0);

        let record = json!({"status": "present", "represented_by": head, "note": "Opened the meeting"});
        let line = seoul.admin.put(&format!("{sheet}/KR"), record).await.expect(200);
        assert_eq!((line.header("etag"), &line.json["represented_by"]), ("\"1\"", &json!(head)));
        assert_eq!(seoul.admin.get(&format!("{sheet}/kr")).await.expect(200).json, line.json);
        seoul.admin.put(&format!("{sheet}/PL"), json!({"status": "excused"})).await.expect(200);
        let after = seoul.admin.get(&sheet).await.expect(200);
        assert_eq!(each(&after, "lines", "status"), ["unknown", "present", "excused"]);
        let counts = json!({"present": 1, "online": 0, "excused": 1, "absent": 0, "unknown": 1, "delegations": 3});
        assert_eq!(after.json["counts"], counts);
        assert_eq!(after.json["event_id"], seoul.event);
    }

    async fn a_line_is_written_on_top_of_what_was_read(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.invite("PL").await.id();
        let path = format!("{}/{delegation}", seoul.session("participants").await);
        let blank = seoul.admin.get(&path).await.expect(200);
        let first = seoul.admin.if_match(&blank).put(&path, json!({"status": "present"})).await.expect(200);
        seoul.admin.put(&path, json!({"status": "absent"})).await.expect(428);
        let stale = seoul.admin.if_match(&blank).put(&path, json!({"status": "absent"})).await.expect(412);
        assert_eq!(stale.json["current"], first.json);
        let second = seoul.admin.if_match(&first).put(&path, json!({"status": "online"})).await.expect(200);
        assert_eq!((&second.json["status"], &second.json["version"]), (&json!("online"), &json!(2)));
        let mistaken = seoul.admin.if_match(&second).put(&path, json!({"status": "unknown"})).await.expect(200);
        assert_eq!(mistaken.json["status"], "unknown");
        seoul.admin.if_match(&mistaken).put(&path, json!({"status": "asleep"})).await.expect(400);
    }

    async fn many_lines_are_recorded_all_or_none(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await.id();
        seoul.invite("CZ").await;
        let (kowal, novak) = (seoul.nominate("PL", "Kowal", "head").await.id(), seoul.nominate("CZ", "Novak", "head").await.id());
        let sheet = seoul.session("participants").await;
        let blank = seoul.admin.get(&sheet).await.expect(200);
        let line = |delegation: &str, status: &str| json!({"delegation_id": delegation, "status": status});
        let by = |delegation: &str, status: &str, delegate: &str| json!({"delegation_id": delegation, "status": status, "represented_by": delegate});
        for (lines, code) in [
            (json!([line("PL", "present"), line("KR", "present")]), "unknown_delegation"),
            (json!([line("PL", "present"), line(&poland, "absent")]), "repeated"),
            (json!([by("PL", "present", &kowal), by("CZ", "present", &kowal)]), "unknown_delegate"),
            (json!([by("PL", "present", &kowal), by("CZ", "absent", &novak)]), "does_not_fit_status"),
            (json!([]), "out_of_range"),
        ] {
            assert_eq!(seoul.admin.post(&sheet, json!({"lines": lines})).await.expect(422).codes(), [code]);
            assert_eq!(seoul.admin.get(&sheet).await.expect(200).json, blank.json, "{code}");
        }
        let good = json!({"lines": [by(&poland, "present", &kowal), by("cz", "online", &novak)]});
        let recorded = seoul.admin.post(&sheet, good.clone()).await.expect(200);
        assert_eq!(each(&recorded, "lines", "status"), ["online", "present"]);
        assert_eq!(recorded.json["counts"]["delegations"], 2);
        // What is recorded already is not written again; what differs needs no version.
        assert_eq!(seoul.admin.post(&sheet, good).await.expect(200).json, recorded.json);
        let left = seoul.admin.post(&sheet, json!({"lines": [line("PL", "absent"), by("CZ", "online", &novak)]})).await.expect(200);
        let versions: Vec<_> = left.json["lines"].as_array().unwrap().iter().map(|line| line["version"].as_i64().unwrap()).collect();
        assert_eq!(versions, [1, 2]);
        assert!(left.json["lines"][1]["represented_by"].is_null());
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        assert_eq!(each(&changes, "items", "type").into_iter().filter(|kind| *kind == "attendance.updated").count(), 3);
    }

    async fn doors_that_record_at_once_lose_nothing(server) {
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "CZ", "KR"] {
            seoul.invite(code).await;
        }
        let sheet = seoul.session("participants").await;
        let doors: Vec<_> = [["PL", "CZ"], ["CZ", "KR"], ["KR", "PL"]].into_iter().map(|seen| {
            let (admin, sheet) = (seoul.admin.clone(), sheet.clone());
            let lines = seen.map(|code| json!({"delegation_id": code, "status": "present"}));
            tokio::spawn(async move { admin.post(&sheet, json!({"lines": lines})).await.expect(200) })
        }).collect();
        for door in doors {
            door.await.unwrap();
        }
        let after = seoul.admin.get(&sheet).await.expect(200);
        assert_eq!(each(&after, "lines", "status"), ["present"; 3]);
        let versions: Vec<_> = after.json["lines"].as_array().unwrap().iter().map(|line| line["version"].clone()).collect();
        assert_eq!(versions, [1, 1, 1]);
    }

    async fn a_session_of_the_past_keeps_who_sat_in_it(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.invite("PL").await;
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let path = format!("{}/PL", seoul.session("participants").await);
        let line = seoul.admin.put(&path, json!({"status": "present", "represented_by": head.id()})).await.expect(200);
        seoul.admin.if_match(&head).delete(&format!("delegates/{}", head.id())).await.expect(204);
        assert_eq!(seoul.admin.get(&path).await.expect(200).json, line.json);
        let gone = json!({"status": "online", "represented_by": head.id()});
        assert_eq!(seoul.admin.if_match(&line).put(&path, gone).await.expect(422).codes(), ["unknown_delegate"]);
        let used = seoul.admin.if_match(&delegation).delete(&format!("delegations/{}", delegation.id())).await.expect(409);
        assert_eq!(used.json["type"], "/problems/delegation-in-use");
    }

    async fn a_delegate_reads_its_own_line_and_writes_none(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        seoul.confirmed("CZ", "Novak").await;
        let (sheet, hidden) = (seoul.session("participants").await, seoul.session("secretariat").await);
        for sheet in [&sheet, &hidden] {
            let lines = json!([{"delegation_id": "PL", "status": "present"}, {"delegation_id": "CZ", "status": "absent"}]);
            seoul.admin.post(sheet, json!({"lines": lines})).await.expect(200);
        }
        let delegate = seoul.delegate(&server, "PL").await;
        let own = delegate.get(&sheet).await.expect(200);
        assert_eq!(each(&own, "lines", "organisation_code"), ["PL"]);
        let counts = json!({"present": 1, "online": 0, "excused": 0, "absent": 0, "unknown": 0, "delegations": 1});
        assert_eq!(own.json["counts"], counts);
        delegate.get(&format!("{sheet}/PL")).await.expect(200);
        let missing = delegate.get(&format!("{sheet}/XX")).await.expect(404);
        for path in [format!("{sheet}/CZ"), hidden.clone(), format!("{hidden}/PL")] {
            assert_eq!(same_but_the_request(&delegate.get(&path).await.expect(404)), same_but_the_request(&missing), "{path}");
        }
        delegate.header("If-Match", "*").put(&format!("{sheet}/PL"), json!({"status": "absent"})).await.expect(403);
        delegate.post(&sheet, json!({"lines": [{"delegation_id": "PL", "status": "absent"}]})).await.expect(403);
        server.anonymous().get(&sheet).await.expect(401);
        server.anonymous().put(&format!("{sheet}/PL"), json!({"status": "absent"})).await.expect(401);
        let changes = delegate.get("changes?limit=200").await.expect(200);
        assert_eq!(each(&changes, "items", "type").into_iter().filter(|kind| kind.starts_with("attendance")).count(), 1);
    }

    async fn who_took_part_is_who_was_represented_in_a_session(server) {
        use api::{attendance::{Meeting, delegations_of, represented}, context::Ctx};
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "CZ", "KR"] {
            seoul.invite(code).await;
        }
        let (first, second) = (seoul.session("participants").await, seoul.session("participants").await);
        for (sheet, code, status) in [(&first, "PL", "present"), (&first, "CZ", "absent"), (&second, "KR", "online"), (&second, "PL", "present")] {
            seoul.admin.put(&format!("{sheet}/{code}"), json!({"status": status})).await.expect(200);
        }
        let ctx = Ctx::internal(&server.app, "console");
        let event = domain::identifier::EventId(seoul.event.parse().unwrap());
        let session = domain::identifier::SessionId(first.split('/').nth(1).unwrap().parse().unwrap());
        let ids = |found: Vec<domain::identifier::OrganisationId>| found.into_iter().map(|id| id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids(represented(&ctx, Meeting::Event(event)).await.unwrap()), [seoul.state("KR"), seoul.state("PL")]);
        assert_eq!(ids(represented(&ctx, Meeting::Session(session)).await.unwrap()), [seoul.state("PL")]);
        let delegations = delegations_of(&ctx, event).await.unwrap();
        assert_eq!(delegations.iter().map(|it| it.content.organisation_code.as_str()).collect::<Vec<_>>(), ["CZ", "KR", "PL"]);
    }

    async fn forty_six_delegations_fit_on_one_page(server) {
        let seoul = Seoul::new(&server).await;
        for n in 0..46 {
            let code = format!("ORG-{n:02}");
            seoul.admin.post("organisations", json!({"code": code, "kind": "agency", "names": {"en": {"list": code}}})).await.expect(201);
            seoul.invite(&code).await;
        }
        let page = seoul.admin.get("events/seoul-2019/delegations").await.expect(200);
        assert_eq!(each(&page, "items", "organisation_code").len(), 46);
        assert!(page.json["next_cursor"].is_null());
    }
}

/// An answer without what tells one request from another.
fn same_but_the_request(answer: &Answer) -> String {
    answer.text.replace(answer.json["request_id"].as_str().unwrap_or("-"), "")
}
