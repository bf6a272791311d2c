//! What groups ask for: who sees it, what becomes of it, and that the programme goes by it. Instants were worked out by
//! hand.

use domain::access::{Account, NewKey, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

const GROUPS: [&str; 4] = ["cyber", "finance", "police", "media"];

/// Four groups whose meetings everybody with an account sees, and a forum of three days in Seoul, which is nine hours
/// ahead of UTC.
async fn world(admin: &Client) {
    for code in GROUPS {
        let group = json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": "signed_in"});
        admin.post("groups", group).await.expect(201);
    }
    event(admin, "forum", json!({})).await;
}

async fn event(admin: &Client, code: &str, more: Value) {
    let mut said = json!({
        "code": code, "kind": "conference", "title": {"en": code}, "city": {"name": {"en": "Seoul"}},
        "time_zone": "Asia/Seoul", "starts_on": "2026-05-04", "ends_on": "2026-05-06", "languages": ["en"],
        "visibility": "signed_in",
    });
    said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    admin.post("events", said).await.expect(201);
}

/// Somebody new with this role in a group, signed in; with the id of the person.
async fn office(server: &Server, group: &str, function: &str) -> (Client, String) {
    let admin = server.admin().await;
    let name = format!("{function} of {group}");
    let person = admin.post("persons", json!({"display_name": name})).await.expect(201).id();
    let role = json!({"person_id": person, "function": function, "valid_from": "2019-01-01"});
    admin.post(&format!("groups/{group}/roles"), role).await.expect(201);
    let account = Account::of(Role::Guest, format!("{person}@example.org"), &name);
    let ends_at = domain::moment::Moment::parse("2026-04-01");
    let account = Account { person_id: Some(person.as_str().into()), ends_at, ..account };
    (server.signed_in(account).await, person)
}

async fn ask(client: &Client, group: &str, more: Value) -> Answer {
    let mut said =
        json!({"group_id": group, "title": {"en": format!("Meeting of {group}")}, "sittings": [{"minutes": 90}]});
    said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.post("events/forum/session-requests", said).await.expect(201)
}

async fn step(client: &Client, request: &Answer, to: Value) -> Answer {
    client.post(&format!("session-requests/{}/transitions", request.id()), to).await
}

/// A request that was approved, and its session, which sits then: "05-04 09:00-10:30".
async fn granted(admin: &Client, group: &str, when: &str, more: Value) -> (Answer, String) {
    let request = ask(admin, group, more).await;
    step(admin, &request, json!({"to": "submitted"})).await.expect(200);
    let approved = step(admin, &request, json!({"to": "approved"})).await.expect(200);
    let session = approved.json["session_id"].as_str().unwrap().to_owned();
    place(admin, &session, when).await;
    (request, session)
}

async fn place(admin: &Client, session: &str, when: &str) {
    let (day, times) = when.split_once(' ').unwrap();
    let (from, to) = times.split_once('-').unwrap();
    let at = |time: &str| format!("2026-{day}T{time}:00");
    let path = format!("sessions/{session}");
    let current = admin.get(&path).await.expect(200);
    let placement = json!({"placement": {"start": at(from), "end": at(to)}});
    admin.if_match(&current).patch(&path, placement).await.expect(200);
}

/// The rules by which the draft of the forum is found wanting, without that it has no rooms.
async fn clashes(admin: &Client) -> Vec<String> {
    let page = admin.get("events/forum/clashes?limit=200").await.expect(200);
    let items = page.json["items"].as_array().unwrap().clone();
    let rules = items.iter().map(|clash| clash["rule"].as_str().unwrap().to_owned());
    rules.filter(|rule| rule != "unplaced").collect()
}

fn states(history: &Answer) -> Vec<String> {
    let items = history.json["items"].as_array().unwrap();
    items.iter().map(|step| step["state"].as_str().unwrap().to_owned()).collect()
}

fn ids(list: &Answer) -> Vec<String> {
    list.json["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn what_a_group_asks_for_becomes_a_session_and_the_group_sees_how_far_it_is(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (chair, person) = office(&server, "cyber", "chair").await;
        let desk = server.role(Role::Secretariat).await;
        let asked = json!({
            "joint_group_ids": ["police"], "purpose": {"en": "Norms"}, "sittings": [{"minutes": 180}, {"minutes": 120}],
            "requirements": {
                "expected_in_room": 40, "layout": "u_shape", "features": ["booths"], "openness": "closed",
                "interpretation": {"from": ["en"], "into": ["fr"]},
            },
            "recording_allowed": true, "required_person_ids": [person], "comment": "Near the plenary hall",
            "conflicts": [{"group_id": "finance", "tier": "key"}],
            "cannot_meet": [{"start": "2026-05-04T09:00:00", "end": "2026-05-04T12:00:00"}],
        });
        let draft = ask(&chair, "cyber", asked.clone()).await;
        assert_eq!((&draft.json["state"], &draft.json["waits_for"]), (&json!("draft"), &json!("group")));
        let submitted = step(&chair, &draft, json!({"to": "submitted", "note": "As agreed"})).await.expect(200);
        assert_eq!((&submitted.json["state"], &submitted.json["waits_for"]), (&json!("submitted"), &json!("secretariat")));
        // The answer repeats everything that was asked for, references by id and times with their offset.
        for member in ["title", "purpose", "sittings", "requirements", "recording_allowed", "required_person_ids", "comment"] {
            let said = if member == "title" { &json!({"en": "Meeting of cyber"}) } else { &asked[member] };
            assert_eq!(&submitted.json[member], said, "{member}");
        }
        assert_eq!(submitted.json["cannot_meet"][0]["start"], "2026-05-04T09:00:00+09:00");
        let police = admin.get("groups/police").await.expect(200).id();
        assert_eq!(submitted.json["joint_group_ids"], json!([police]));

        step(&chair, &draft, json!({"to": "approved"})).await.expect(403);
        let approved = step(&desk, &draft, json!({"to": "approved"})).await.expect(200);
        assert_eq!((&approved.json["state"], &approved.json["waits_for"]), (&json!("approved"), &json!("secretariat")));
        let session = approved.json["session_id"].as_str().unwrap();
        let made = admin.get(&format!("sessions/{session}")).await.expect(200);
        assert_eq!((&made.json["state"], &made.json["title"]), (&json!("draft"), &json!({"en": "Meeting of cyber"})));
        let mut needs = asked["requirements"].clone();
        needs["planned_minutes"] = json!(180);
        assert_eq!(made.json["joint_group_ids"], json!([police]));
        assert_eq!((&made.json["requirements"], &made.json["description"]), (&needs, &asked["purpose"]));
        let found = desk.get(&format!("events/forum/session-requests?session={session}")).await.expect(200);
        assert_eq!(ids(&found), [draft.id()]);

        // The group is told that there is a time, and not which, until the programme is announced.
        let path = format!("session-requests/{}", draft.id());
        let before = chair.get(&path).await.expect(200);
        let sittings = ids(&admin.get(&format!("sessions/{session}/sittings")).await.expect(200));
        place(&admin, &sittings[1], "05-06 09:00-11:00").await;
        place(&admin, session, "05-05 09:00-12:00").await;
        let scheduled = chair.header("If-None-Match", before.header("ETag")).get(&path).await.expect(200);
        assert_eq!(scheduled.json["state"], "scheduled");
        chair.get(&format!("sessions/{session}")).await.expect(404);
        admin.post(&format!("sessions/{session}/transitions"), json!({"to": "scheduled", "all_sittings": true})).await.expect(200);
        let announced = chair.get(&path).await.expect(200);
        assert_eq!((&announced.json["state"], announced.json.get("waits_for")), (&json!("announced"), None));
        admin.post(&format!("sessions/{session}/transitions"), json!({"to": "held", "all_sittings": true})).await.expect(200);
        assert_eq!(ids(&chair.get("events/forum/session-requests?state=held").await.expect(200)), [draft.id()]);
        assert!(ids(&chair.get("events/forum/session-requests?state=announced").await.expect(200)).is_empty());

        let history = chair.get(&format!("{path}/history")).await.expect(200);
        assert_eq!(states(&history), ["draft", "submitted", "approved", "scheduled", "announced", "held"]);
        let cyber = admin.get("groups/cyber").await.expect(200).id();
        let steps = &history.json["items"];
        assert_eq!((&steps[1]["by"], &steps[1]["note"]), (&json!("chair of cyber"), &json!("As agreed")));
        assert_eq!(steps[1]["on_behalf_of_group_id"], json!(cyber));
        assert_eq!((steps[2]["by"].is_string(), steps[2].get("on_behalf_of_group_id")), (true, None));
        assert_eq!(steps[3].get("by"), None);
        let paged = chair.get(&format!("{path}/history?limit=4")).await.expect(200);
        let rest = chair.get(&format!("{path}/history?cursor={}", paged.json["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!([states(&paged), states(&rest)].concat(), states(&history));
    }

    async fn a_request_is_declined_with_a_reason_and_can_be_made_better(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (chair, _) = office(&server, "cyber", "co_chair").await;
        let bare = chair.post("events/forum/session-requests", json!({"group_id": "cyber"})).await.expect(201);
        let early = step(&chair, &bare, json!({"to": "submitted"})).await.expect(422);
        assert_eq!(early.codes(), ["required", "required"]);
        let request = ask(&chair, "cyber", json!({})).await;
        step(&chair, &request, json!({"to": "submitted"})).await.expect(200);
        assert_eq!(step(&admin, &request, json!({"to": "declined"})).await.expect(422).codes(), ["required"]);
        step(&admin, &request, json!({"to": "declined", "note": "All rooms are taken."})).await.expect(200);
        let path = format!("session-requests/{}", request.id());
        let declined = chair.get(&path).await.expect(200);
        assert_eq!((&declined.json["state"], &declined.json["note"]), (&json!("declined"), &json!("All rooms are taken.")));
        let edit = chair.if_match(&declined).patch(&path, json!({"sittings": [{"minutes": 60}]})).await.expect(409);
        assert_eq!(edit.json["type"], "/problems/request-decided");
        let wrong = step(&admin, &request, json!({"to": "approved"})).await.expect(409);
        assert_eq!(wrong.json["type"], "/problems/wrong-state");
        let again = step(&chair, &request, json!({"to": "draft"})).await.expect(200);
        chair.if_match(&again).patch(&path, json!({"sittings": [{"minutes": 60}]})).await.expect(200);
        step(&chair, &request, json!({"to": "submitted"})).await.expect(200);
        let history = chair.get(&format!("{path}/history")).await.expect(200);
        assert_eq!(states(&history), ["draft", "submitted", "declined", "draft", "submitted"]);
        assert_eq!(history.json["items"][2]["note"], "All rooms are taken.");
    }

    async fn a_group_that_will_not_meet_says_so_and_both_sides_see_it(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (chair, _) = office(&server, "cyber", "chair").await;
        let desk = server.role(Role::Secretariat).await;
        let answer = chair.post("events/forum/session-requests", json!({"group_id": "cyber"})).await.expect(201);
        step(&chair, &answer, json!({"to": "not_meeting", "note": "We meet in June."})).await.expect(200);
        for client in [&chair, &desk] {
            let list = client.get("events/forum/session-requests?state=not_meeting&group=cyber").await.expect(200);
            assert_eq!((ids(&list), &list.json["items"][0]["note"]), (vec![answer.id()], &json!("We meet in June.")));
        }
        let asked = json!({"group_id": "cyber", "title": {"en": "Meeting"}});
        let refused = chair.post("events/forum/session-requests", asked.clone()).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/group-will-not-meet");
        step(&chair, &answer, json!({"to": "draft"})).await.expect(200);
        chair.post("events/forum/session-requests", asked).await.expect(201);
        let both = step(&chair, &answer, json!({"to": "not_meeting"})).await.expect(409);
        assert_eq!(both.json["type"], "/problems/group-meets");
    }

    async fn a_request_is_seen_by_those_who_ask_for_its_groups_and_by_the_secretariat(server) {
        let admin = server.admin().await;
        world(&admin).await;
        event(&admin, "own", json!({"group_id": "media"})).await;
        let (chair, person) = office(&server, "cyber", "chair").await;
        let (secretary, _) = office(&server, "cyber", "secretary").await;
        let (joint, _) = office(&server, "police", "chair").await;
        let (other, _) = office(&server, "finance", "chair").await;
        let (rapporteur, _) = office(&server, "cyber", "rapporteur").await;
        let (host, _) = office(&server, "media", "chair").await;
        let limited = NewKey { role: Role::Secretariat, event_ids: vec!["own".into()], ..NewKey::default() };
        let elsewhere = server.key(limited).await;
        let request = ask(&chair, "cyber", json!({"joint_group_ids": ["police"], "required_person_ids": [person]})).await;
        let path = format!("session-requests/{}", request.id());
        let auditor = server.role(Role::Auditor).await;
        for (who, client) in [("chair", &chair), ("secretary", &secretary), ("joint", &joint), ("auditor", &auditor)] {
            assert_eq!(ids(&client.get("events/forum/session-requests").await.expect(200)), [request.id()], "{who}");
            client.get(&path).await.expect(200);
            client.get(&format!("{path}/history")).await.expect(200);
        }
        for (who, client) in [("other", &other), ("rapporteur", &rapporteur), ("host", &host), ("elsewhere", &elsewhere)] {
            assert!(ids(&client.get("events/forum/session-requests").await.expect(200)).is_empty(), "{who}");
            client.get(&path).await.expect(404);
            client.get(&format!("{path}/history")).await.expect(404);
            client.get(&format!("{path}/copy?event=forum")).await.expect(404);
        }
        let of_media = json!({"group_id": "cyber"});
        assert!(ids(&host.get("events/own/session-requests").await.expect(200)).is_empty());
        chair.post("events/own/session-requests", of_media).await.expect(201);
        assert!(ids(&host.get("events/own/session-requests").await.expect(200)).is_empty(), "its chair decides on nothing");

        joint.if_match(&request).patch(&path, json!({"comment": "Not ours to write"})).await.expect(403);
        other.if_match(&request).patch(&path, json!({"comment": "Nor ours"})).await.expect(404);
        rapporteur.if_match(&request).patch(&path, json!({"comment": "Nor mine"})).await.expect(403);
        other.post("events/forum/session-requests", json!({"group_id": "cyber"})).await.expect(403);
        step(&secretary, &request, json!({"to": "submitted"})).await.expect(200);
        step(&joint, &request, json!({"to": "withdrawn"})).await.expect(403);
        // The change feed and the audit log's own history tell those who are not concerned nothing.
        for client in [&other, &host, &rapporteur] {
            assert!(!client.get("changes?limit=200").await.expect(200).text.contains(&request.id()));
        }
        // Whoever names a person has to see them.
        let stranger = admin.post("persons", json!({"display_name": "Stranger"})).await.expect(201).id();
        let unknown = json!({"group_id": "cyber", "required_person_ids": [stranger]});
        assert_eq!(chair.post("events/forum/session-requests", unknown).await.expect(422).codes(), ["unknown_person"]);
    }

    async fn a_sealed_group_asks_behind_its_fence(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (chair, _) = office(&server, "cyber", "chair").await;
        let sealer = server.signed_in(Account::of(Role::Secretariat, "sealer@example.org", "Sealer")).await;
        let open = ask(&admin, "police", json!({"joint_group_ids": ["cyber"]})).await;
        let own = ask(&chair, "cyber", json!({})).await;
        sealer.post("groups/cyber/seal", json!({})).await.expect(200);
        for client in [&admin, &chair] {
            assert!(ids(&client.get("events/forum/session-requests").await.expect(200)).is_empty());
            client.get(&format!("session-requests/{}", own.id())).await.expect(404);
            client.get("groups/cyber/conflicts").await.expect(404);
        }
        let seen = ids(&sealer.get("events/forum/session-requests").await.expect(200));
        assert!(seen.len() == 2 && seen.contains(&open.id()) && seen.contains(&own.id()), "{seen:?}");
    }

    async fn conflicts_of_groups_are_clashes_in_the_tier_they_were_said_in(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let one = "05-04 09:00-10:30";
        let conflict = |group: &str, tier: &str| json!({"conflicts": [{"group_id": group, "tier": tier}]});
        let (_, cyber) = granted(&admin, "cyber", one, conflict("finance", "key")).await;
        granted(&admin, "finance", "05-04 10:00-11:00", json!({})).await;
        assert_eq!(clashes(&admin).await, ["group_conflict_key"]);
        // What a group says for all occasions counts where it asked for nothing itself.
        let standing = json!({"conflicts": [{"group_id": "cyber", "tier": "topic"}]});
        admin.put("groups/media/conflicts", standing).await.expect(200);
        let session = json!({"event_id": "forum", "kind": "workshop", "title": {"en": "Press"}, "group_id": "media"});
        let press = admin.post("sessions", session).await.expect(201).id();
        place(&admin, &press, one).await;
        assert_eq!(clashes(&admin).await, ["group_conflict_key", "group_conflict_topic"]);
        // The same chair: nobody says it, and it keeps the programme from being released.
        let (_, person) = office(&server, "cyber", "chair").await;
        let role = json!({"person_id": person, "function": "co_chair", "valid_from": "2019-01-01"});
        let office = admin.post("groups/police/roles", role).await.expect(201);
        granted(&admin, "police", one, json!({})).await;
        assert_eq!(clashes(&admin).await, ["group_conflict_chair", "group_conflict_key", "group_conflict_topic"]);
        let refused = admin.post("events/forum/releases", json!({"name": "First"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/clashes-stand");
        // Who is chair no longer when the event begins makes no conflict.
        let path = format!("roles/{}", office.id());
        admin.if_match(&office).patch(&path, json!({"valid_to": "2026-05-01"})).await.expect(200);
        assert_eq!(clashes(&admin).await, ["group_conflict_key", "group_conflict_topic"]);
        place(&admin, &cyber, "05-05 09:00-10:30").await;
        assert!(clashes(&admin).await.is_empty());
    }

    async fn times_and_wishes_about_order_are_clashes_until_they_are_met(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (first, session) = granted(&admin, "cyber", "05-04 09:00-10:30", json!({
            "cannot_meet": [{"start": "2026-05-04T10:00:00", "end": "2026-05-04T12:00:00"}],
        })).await;
        assert_eq!(clashes(&admin).await, ["group_unavailable"]);
        place(&admin, &session, "05-04 08:30-10:00").await;
        assert!(clashes(&admin).await.is_empty());
        let wishes = json!({"relations": [
            {"relation": "after", "request_id": first.id()}, {"relation": "not_same_day", "session_id": session},
        ]});
        let (second, other) = granted(&admin, "finance", "05-04 08:00-08:30", wishes).await;
        assert_eq!(clashes(&admin).await, ["time_relation", "time_relation"]);
        place(&admin, &other, "05-04 10:00-11:30").await;
        assert_eq!(clashes(&admin).await, ["time_relation"]);
        // The secretariat mends what counts for the programme, also after the decision.
        let path = format!("session-requests/{}", second.id());
        let current = admin.get(&path).await.expect(200);
        admin.if_match(&current).patch(&path, json!({"relations": []})).await.expect(200);
        assert!(clashes(&admin).await.is_empty());
        for wish in [json!({"relation": "after"}), json!({"relation": "after", "request_id": first.id(), "session_id": other})] {
            let said = json!({"group_id": "media", "relations": [wish]});
            assert_eq!(admin.post("events/forum/session-requests", said).await.expect(422).codes(), ["one_of_two"]);
        }
    }

    async fn as_last_time_says_what_no_longer_holds(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (chair, person) = office(&server, "cyber", "chair").await;
        let (_, secretary) = office(&server, "cyber", "secretary").await;
        let last = ask(&chair, "cyber", json!({
            "joint_group_ids": ["media"], "required_person_ids": [person, secretary], "purpose": {"en": "Norms"},
            "conflicts": [{"group_id": "finance", "tier": "key"}, {"group_id": "police", "tier": "topic"}],
            "cannot_meet": [{"start": "2026-05-04T10:00:00", "end": "2026-05-04T12:00:00"}],
        })).await;
        for group in ["media", "police"] {
            for to in ["active", "concluded"] {
                admin.post(&format!("groups/{group}/transitions"), json!({ "to": to })).await.expect(200);
            }
        }
        let role = admin.get("groups/cyber/roles").await.expect(200).json["items"].as_array().unwrap().clone();
        let role = role.iter().find(|role| role["function"] == "secretary").unwrap()["id"].as_str().unwrap().to_owned();
        let role = admin.get(&format!("roles/{role}")).await.expect(200);
        admin.if_match(&role).patch(&format!("roles/{}", role.id()), json!({"valid_to": "2026-04-30"})).await.expect(200);
        server.advance(jiff::SignedDuration::from_mins(1));
        let part = json!({
            "code": "ransom", "kind": "subgroup", "name": {"en": "Ransom"}, "visibility": "signed_in", "parent_id": "cyber",
        });
        let part = admin.post("groups", part).await.expect(201).id();
        event(&admin, "next", json!({"starts_on": "2026-11-02", "ends_on": "2026-11-03"})).await;

        let copy = chair.get(&format!("session-requests/{}/copy?event=next", last.id())).await.expect(200);
        let hints = copy.json["hints"].as_array().unwrap();
        let mut kinds: Vec<_> = hints.iter().map(|hint| (hint["kind"].as_str().unwrap(), hint["id"].as_str())).collect();
        kinds.sort_unstable();
        let [media, police] = ["media", "police"].map(|code| format!("groups/{code}"));
        let (media, police) = (admin.get(&media).await.expect(200).id(), admin.get(&police).await.expect(200).id());
        let mut expected = [
            ("group_ended", Some(media.as_str())), ("group_ended", Some(police.as_str())), ("new_group", Some(part.as_str())),
            ("person_without_role", Some(secretary.as_str())), ("times_left_out", None),
        ];
        expected.sort_unstable();
        assert_eq!(kinds, expected);
        let request = copy.json["request"].clone();
        let finance = admin.get("groups/finance").await.expect(200).id();
        assert_eq!(request["conflicts"], json!([{"group_id": finance, "tier": "key"}, {"group_id": part, "tier": "topic"}]));
        assert_eq!((request.get("joint_group_ids"), request.get("cannot_meet")), (None, None));
        // What was prefilled can be sent as it is.
        let made = chair.post("events/next/session-requests", request).await.expect(201);
        assert_eq!((&made.json["purpose"], &made.json["state"]), (&json!({"en": "Norms"}), &json!("draft")));
        chair.get(&format!("session-requests/{}/copy?event=nowhere", last.id())).await.expect(404);
    }

    async fn a_new_request_begins_with_the_list_of_its_group(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (chair, person) = office(&server, "cyber", "chair").await;
        let (other, _) = office(&server, "finance", "chair").await;
        let role = json!({"person_id": person, "function": "chair", "valid_from": "2019-01-01"});
        admin.post("groups/media/roles", role).await.expect(201);
        let list = json!({"conflicts": [{"group_id": "finance", "tier": "key"}, {"group_id": "police", "tier": "topic"}]});
        let first = chair.put("groups/cyber/conflicts", list.clone()).await.expect(200);
        let [finance, police, media] = ["finance", "police", "media"].map(|code| format!("groups/{code}"));
        let id = async |path: &str| admin.get(path).await.expect(200).id();
        let (finance, police, media) = (id(&finance).await, id(&police).await, id(&media).await);
        let kept = json!([{"group_id": finance, "tier": "key"}, {"group_id": police, "tier": "topic"}]);
        assert_eq!((&first.json["conflicts"], &first.json["derived"]), (&kept, &json!([{"group_id": media, "tier": "chair"}])));
        chair.put("groups/cyber/conflicts", list.clone()).await.expect(428);
        chair.header("If-Match", "\"7\"").put("groups/cyber/conflicts", list).await.expect(412);
        other.get("groups/cyber/conflicts").await.expect(404);
        other.put("groups/cyber/conflicts", json!({"conflicts": []})).await.expect(404);
        let own = json!({"conflicts": [{"group_id": "cyber", "tier": "key"}]});
        assert_eq!(chair.if_match(&first).put("groups/cyber/conflicts", own).await.expect(422).codes(), ["own_group"]);

        // What is derived is never stored.
        let request = ask(&chair, "cyber", json!({})).await;
        assert_eq!(request.json["conflicts"], kept);
        assert_eq!(ask(&chair, "cyber", json!({"conflicts": []})).await.json["conflicts"], json!([]));
        let joint = ask(&chair, "cyber", json!({"joint_group_ids": ["finance"]})).await;
        assert_eq!(joint.json["conflicts"], json!([{"group_id": police, "tier": "topic"}]));
    }

    async fn nobody_overwrites_a_request_unseen(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (chair, _) = office(&server, "cyber", "chair").await;
        let request = ask(&chair, "cyber", json!({})).await;
        let path = format!("session-requests/{}", request.id());
        chair.patch(&path, json!({"comment": "Late"})).await.expect(428);
        let changed = admin.if_match(&request).patch(&path, json!({"comment": "From the desk"})).await.expect(200);
        let stale = chair.if_match(&request).patch(&path, json!({"comment": "From the chair"})).await.expect(412);
        assert_eq!(stale.json["current"]["comment"], "From the desk");
        let moved = json!({"group_id": "finance"});
        assert_eq!(admin.if_match(&changed).patch(&path, moved).await.expect(422).codes(), ["group_is_fixed"]);
        let submitted = step(&chair, &request, json!({"to": "submitted"})).await.expect(200);
        let waiting = chair.if_match(&submitted).delete(&path).await.expect(409);
        assert_eq!(waiting.json["type"], "/problems/request-in-use");
        let bare = chair.if_match(&submitted).patch(&path, json!({"title": null})).await.expect(422);
        assert_eq!(bare.codes(), ["required"]);
        step(&chair, &request, json!({"to": "withdrawn"})).await.expect(200);
        step(&admin, &request, json!({"to": "approved"})).await.expect(409);
        let current = chair.get(&path).await.expect(200);
        chair.if_match(&current).delete(&path).await.expect(204);
        chair.get(&path).await.expect(410);
        assert!(ids(&chair.get("events/forum/session-requests").await.expect(200)).is_empty());
    }

    async fn a_request_whose_session_is_called_off_can_be_taken_up_again(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let (chair, _) = office(&server, "cyber", "chair").await;
        let (request, session) = granted(&admin, "cyber", "05-04 09:00-10:30", json!({})).await;
        let made = step(&chair, &request, json!({"to": "withdrawn"})).await.expect(409);
        assert_eq!(made.json["type"], "/problems/session-made");
        let current = admin.get(&format!("sessions/{session}")).await.expect(200);
        admin.if_match(&current).delete(&format!("sessions/{session}")).await.expect(204);
        let path = format!("session-requests/{}", request.id());
        assert_eq!(chair.get(&path).await.expect(200).json["state"], "cancelled");
        assert_eq!(ids(&chair.get("events/forum/session-requests?state=cancelled").await.expect(200)), [request.id()]);
        let again = step(&chair, &request, json!({"to": "draft"})).await.expect(200);
        assert_eq!(again.json.get("session_id"), None);
        step(&chair, &request, json!({"to": "submitted"})).await.expect(200);
        let approved = step(&admin, &request, json!({"to": "approved"})).await.expect(200);
        assert_ne!(approved.json["session_id"], json!(session));
        let history = chair.get(&format!("{path}/history")).await.expect(200);
        let expected =
            ["draft", "submitted", "approved", "scheduled", "cancelled", "draft", "submitted", "approved"];
        assert_eq!(states(&history), expected);
    }
}
