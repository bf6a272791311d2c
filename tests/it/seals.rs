//! Sealed groups: nothing of them by any door for who is not admitted, and nobody opens one alone.

use domain::access::{Account, NewKey, Role};
use jiff::SignedDuration;
use poem::http::Method;
use serde_json::json;

use crate::{
    access_matrix::{PRINCIPALS, client, seed::Seed},
    on_both,
    support::{Client, Server, foreign::python},
    surface::{feed, pages, readable},
};

/// Stands in every text of the group and of what is in it.
const WORD: &str = "quillwort";
/// The code of the group.
const CODE: &str = "warsaw-cyber";
/// What the audit log is sealed with.
const KEY: &str = "the key of the tests, of 32 characters or more";

async fn account_of(client: &Client) -> String {
    client.get("me").await.expect(200).json["account_id"].as_str().unwrap().to_owned()
}

/// Somebody signed in to a new account that the host has made.
async fn person(server: &Server, role: Role, name: &str) -> Client {
    server.signed_in(Account::of(role, format!("{name}@example.org"), name)).await
}

/// A group with an event, a placed session and a statement, all for everybody.
async fn small_world(admin: &Client) {
    let group = json!({"code": "inner", "kind": "working_group", "name": {"en": WORD}, "visibility": "public"});
    admin.post("groups", group).await.expect(201);
    let event = json!({
        "code": "talks", "kind": "workshop", "title": {"en": WORD}, "city": {"name": {"en": "Hanoi"}}, "group_id": "inner",
        "time_zone": "UTC", "starts_on": "2026-05-04", "ends_on": "2026-05-05", "languages": ["en"], "visibility": "public",
        "external_ids": [{"system": "partner", "id": "talks"}],
    });
    admin.post("events", event).await.expect(201);
    let session = json!({
        "event_id": "talks", "kind": "plenary", "title": {"en": WORD}, "visibility": "public",
        "placement": {"start": "2026-05-04T09:00:00", "end": "2026-05-04T10:00:00"},
    });
    let session = admin.post("sessions", session).await.expect(201).id();
    admin.post(&format!("sessions/{session}/transitions"), json!({"to": "scheduled"})).await.expect(200);
    let statement = json!({
        "code": "text", "event_id": "talks", "kind": "joint_statement", "title": {"en": WORD}, "drafting_language": "en",
        "languages": ["en"], "visibility": "public",
    });
    admin.post("statements", statement).await.expect(201);
}

/// Writes the word into everything there is of the seeded group and its event.
async fn filled(seed: &Seed, writer: &Client) {
    let writer = writer.header("If-Match", "*");
    let (group, event) =
        (format!("groups/{}", seed.id("groups participants")), format!("events/{}", seed.id("events participants")));
    writer.patch(&group, json!({"name": {"en": WORD}, "mandate": {"en": WORD}})).await.expect(200);
    writer
        .patch(&event, json!({"title": {"en": WORD}, "description": {"en": WORD}, "city": {"name": {"en": WORD}}}))
        .await
        .expect(200);
    for circle in ["participants", "secretariat"] {
        let session = format!("sessions/{}", seed.id(&format!("sessions {circle}")));
        writer.patch(&session, json!({"title": {"en": WORD}, "description": {"en": WORD}})).await.expect(200);
    }
    for key in ["participants", "secretariat", "drafting"] {
        writer
            .patch(&format!("statements/{}", seed.id(&format!("statements {key}"))), json!({"title": {"en": WORD}}))
            .await
            .expect(200);
    }
    let drafting = seed.id("statements drafting");
    let clause = json!({"part": "operative", "text": {"en": format!("They agree on {WORD}.")}});
    writer.post(&format!("statements/{drafting}/clauses"), clause).await.expect(201);
    writer
        .patch(&format!("memberships/{}", seed.id("memberships participants")), json!({"basis": WORD}))
        .await
        .expect(200);
    writer
        .patch(&format!("delegations/{}", seed.id("delegations own")), json!({"invitation_reference": WORD}))
        .await
        .expect(200);
    writer
        .patch(&format!("delegates/{}", seed.id("delegates own")), json!({"position": {"en": WORD}}))
        .await
        .expect(200);
    let line = json!({"status": "present", "note": WORD});
    writer.put(&format!("sessions/{}/attendance/PL", seed.id("sessions participants")), line).await.expect(200);
    let feed = json!({"kind": "event", "object_id": seed.id("events participants"), "name": WORD, "access": "token"});
    writer.post("feeds", feed).await.expect(201);
}

/// Everything that can be read, with a search for the word wherever there are searches.
async fn doors(seed: &Seed) -> Vec<String> {
    let feed = feed(seed).await;
    let pages =
        pages(seed, &feed).into_iter().filter(|(_, methods)| methods.contains(&Method::GET)).map(|(path, _)| path);
    let read: Vec<_> = readable(seed).into_iter().map(|(_, path)| path).collect();
    let searched: Vec<_> = read.iter().map(|path| format!("{path}?q={WORD}")).collect();
    let more =
        ["/api/v1/audit-entries?limit=200", "/api/v1/changes?limit=200", "/api/v1/feeds?limit=200"].map(str::to_owned);
    let past = read.iter().map(|path| format!("{path}?as_of=2019-10-07"));
    let all = read.iter().cloned().chain(past).chain(searched).chain(pages).chain(more);
    all.filter(|path| !path.starts_with("/openapi")).collect()
}

/// The doors that tell this client of the group or of its event.
async fn telling(client: &Client, seed: &Seed, doors: &[String]) -> Vec<String> {
    let inside = [
        "sessions participants",
        "statements participants",
        "delegations own",
        "memberships participants",
        "roles participants",
    ];
    let ids: Vec<_> = inside.iter().map(|key| seed.id(key)).collect();
    let mut told = vec![];
    for path in doors {
        let answer = client.get(path).await;
        let next = answer.header("link").to_owned();
        let mut text = format!("{}{:?}", answer.text, answer.headers).replace(&format!("{next:?}"), "").to_lowercase();
        // The log says that something was done to an object, by its number, and not what; a refusal repeats its address.
        if !path.starts_with("/api/v1/audit-entries") && answer.status == 200 {
            text.push_str(if ids.iter().any(|id| answer.text.contains(*id)) { WORD } else { "" });
        }
        if [WORD, CODE].iter().any(|word| text.contains(word)) {
            told.push(path.clone());
        }
    }
    told
}

on_both! {
    async fn a_sealed_group_is_not_there_for_anybody_who_is_not_admitted_by_any_door(server) {
        let seed = Seed::on(server).await;
        let staff = person(&seed.server, Role::Secretariat, "desk").await;
        let outside = person(&seed.server, Role::Admin, "outside").await;
        filled(&seed, &staff).await;
        let doors = doors(&seed).await;
        // Calendars go by who subscribed, and not by who fetches them.
        let lists = |told: Vec<String>| told.into_iter().filter(|path| !path.starts_with("/ical/")).collect::<Vec<_>>();
        let all = lists(telling(&staff, &seed, &doors).await);
        assert!(all.len() > 40, "{all:#?}");
        for knows in ["admin", "auditor", "secretariat"] {
            let told = telling(&client(&seed.server, seed.headers(knows)), &seed, &doors).await;
            assert!(told.len() >= 40, "{knows} before the seal: {told:#?}");
        }

        let seal = format!("groups/{CODE}/seal");
        let made = staff.post(&seal, json!({})).await.expect(200).json;
        assert_eq!(made["admissions"][0]["account_id"], json!(account_of(&staff).await));
        // What is said behind the seal is kept like what was said before.
        filled(&seed, &staff).await;
        for principal in PRINCIPALS {
            let told = telling(&client(&seed.server, seed.headers(principal)), &seed, &doors).await;
            assert!(told.is_empty(), "{principal} learns of the group from {told:#?}");
        }
        let told = telling(&outside, &seed, &doors).await;
        assert!(told.is_empty(), "an administrator in person learns of the group from {told:#?}");
        let inside = lists(telling(&staff, &seed, &doors).await);
        assert_eq!(inside, all, "whoever is admitted sees as much as before");

        // The chair sees what a chair sees, once admitted and not before.
        let chair = client(&seed.server, seed.headers("chair"));
        chair.get(&format!("groups/{CODE}")).await.expect(404);
        staff.put(&format!("{seal}/admissions/{}", account_of(&chair).await), json!(null)).await.expect(200);
        chair.get(&format!("groups/{CODE}")).await.expect(200);
        chair.get("events/seoul-2019").await.expect(200);
        chair.get(&format!("groups/{}", seed.id("groups secretariat"))).await.expect(404);
        // A guest who is behind the seal has as much to say of it as anybody there.
        let guest = client(&seed.server, seed.headers("guest"));
        let admission = format!("{seal}/admissions/{}", account_of(&guest).await);
        chair.put(&admission, json!(null)).await.expect(200);
        chair.delete(&admission).await.expect(204);
        staff.delete(&format!("{seal}/admissions/{}", account_of(&chair).await)).await.expect(204);
        chair.get(&format!("groups/{CODE}")).await.expect(404);

        staff.delete(&seal).await.expect(204);
        let admin = client(&seed.server, seed.headers("admin"));
        admin.get(&format!("groups/{CODE}")).await.expect(200);
    }

    async fn nobody_writes_into_a_sealed_group_from_outside(server) {
        let admin = server.admin().await;
        small_world(&admin).await;
        let ids = |answer: &crate::support::Answer| answer.json["items"][0]["id"].as_str().unwrap().to_owned();
        let session = ids(&admin.get("sessions?event=talks").await.expect(200));
        let inside = person(&server, Role::Secretariat, "inside").await;
        inside.post("groups/inner/seal", json!({})).await.expect(200);
        let outside = person(&server, Role::Admin, "outside").await;
        for writer in [admin.header("If-Match", "*"), outside.header("If-Match", "*")] {
            let sitting = format!("sessions/{session}");
            for (path, to) in [("groups/inner", "dormant"), ("events/talks", "cancelled"), ("statements/text", "tabled"), (&sitting, "cancelled")] {
                writer.patch(path, json!({})).await.expect(404);
                writer.delete(path).await.expect(404);
                writer.post(&format!("{path}/transitions"), json!({ "to": to })).await.expect(404);
            }
            let role = json!({"person_id": uuid::Uuid::max(), "function": "chair", "valid_from": "2019-01-01"});
            writer.post("groups/inner/roles", role).await.expect(404);
            let member = json!({"organisation_id": "PL", "category": "member", "valid_from": "2019-01-01"});
            writer.post("groups/inner/memberships", member).await.expect(404);
            let references = [
                ("groups", "unknown_group", json!({"code": "part", "kind": "subgroup", "name": {"en": "x"}, "visibility": "public", "parent_id": "inner"})),
                ("sessions", "unknown_event", json!({"event_id": "talks", "kind": "plenary", "title": {"en": "x"}})),
                ("keys", "unknown_group", json!({"name": "x", "role": "secretariat", "group_ids": ["inner"]})),
                ("accounts", "unknown_event", json!({"email": "x@example.org", "name": "x", "role": "auditor", "event_ids": ["talks"]})),
                ("feeds", "unknown_object", json!({"kind": "group", "object_id": "inner", "name": "x", "access": "token"})),
            ];
            for (path, code, body) in references {
                assert_eq!(writer.post(path, body).await.expect(422).codes(), [code]);
            }
            // A partner's id leads in no more than a code does.
            let upsert = json!({
                "code": "other", "kind": "workshop", "title": {"en": "x"}, "city": {"name": {"en": "Hanoi"}}, "time_zone": "UTC",
                "starts_on": "2026-05-04", "ends_on": "2026-05-05", "languages": ["en"], "visibility": "public",
            });
            assert_eq!(writer.put("events/by-external/partner/talks", upsert).await.expect(409).json["type"], "/problems/external-id-taken");
        }
        let event = inside.get("events/talks").await.expect(200);
        assert_eq!((&event.json["version"], &event.json["title"]["en"]), (&json!(1), &json!(WORD)));
    }

    async fn keys_of_those_admitted_open_no_seal_and_their_calendars_do(server) {
        let admin = server.admin().await;
        small_world(&admin).await;
        let (inside, other) = (person(&server, Role::Secretariat, "inside").await, person(&server, Role::Secretariat, "other").await);
        let inside_id = account_of(&inside).await;
        let owner_id = Some(inside_id.as_str().into());
        let program = server.key(NewKey { role: Role::Secretariat, owner_id, ..NewKey::default() }).await;
        let mut calendars = vec![];
        for owner in [&inside, &other, &program] {
            let feed = json!({"kind": "event", "object_id": "talks", "name": "Mine", "access": "token"});
            let url = owner.post("feeds", feed).await.expect(201).json["url"].as_str().unwrap().to_owned();
            calendars.push(url[url.find("/ical/").unwrap()..].to_owned());
        }
        // Nobody but its owner is ever given the address of a person's calendar.
        let mine = inside.get("feeds").await.expect(200).json["items"].clone();
        let mine = mine.as_array().unwrap().iter().find(|feed| feed["owner_account_id"] == json!(inside_id)).unwrap();
        let turn = format!("feeds/{}/rotate", mine["id"].as_str().unwrap());
        for stranger in [&admin, &other, &program] {
            stranger.post(&turn, json!({})).await.expect(403);
        }
        let reader = server.anonymous();
        let mut tags = vec![];
        for path in &calendars {
            let file = reader.get(path).await;
            assert!(file.text.contains(WORD) && file.header("content-disposition").contains("talks"));
            tags.push(file.header("etag").to_owned());
        }
        assert!(reader.get("/ical/events/talks.ics").await.text.contains(WORD));

        inside.post("groups/inner/seal", json!({})).await.expect(200);
        for (at, path) in calendars.iter().enumerate() {
            let file = reader.header("If-None-Match", &tags[at]).get(path).await;
            assert_eq!((file.status.as_u16(), file.text.contains(WORD)), (200, at == 0), "{at}");
            assert_eq!(file.header("content-disposition").contains("talks"), at == 0, "{at}");
        }
        assert_eq!(reader.get("/ical/events/talks.ics").await.status, 404);
        for path in ["groups/inner", "events/talks", "statements/text", "groups/inner/seal"] {
            program.get(path).await.expect(404);
            inside.get(path).await.expect(200);
        }
        let admitted = format!("groups/inner/seal/admissions/{}", account_of(&other).await);
        program.put(&admitted, json!(null)).await.expect(403);
        inside.put(&admitted, json!(null)).await.expect(200);
        assert!(reader.get(&calendars[1]).await.text.contains(WORD));
        inside.delete(&admitted).await.expect(204);
        assert!(!reader.get(&calendars[1]).await.text.contains(WORD));
    }

    async fn a_seal_is_broken_by_two_administrators_who_are_not_one(server) {
        let admin = server.admin().await;
        small_world(&admin).await;
        let inside = person(&server, Role::Secretariat, "inside").await;
        let (one, two) = (person(&server, Role::Admin, "one").await, person(&server, Role::Admin, "two").await);
        let group = inside.post("groups/inner/seal", json!({})).await.expect(200).json["group_id"].as_str().unwrap().to_owned();
        let breaking = format!("seals/{group}/breaking");
        let approval = format!("{breaking}/approval");
        let reason = json!({"reason": "The desk does not answer"});
        // An account that the first one makes is no second administrator, nor is one whose address it takes over.
        let made = json!({"email": "mine@example.org", "name": "Mine", "role": "admin"});
        let mine = one.post("accounts", made).await.expect(201).id();
        let theirs = admin.post("accounts", json!({"email": "theirs@example.org", "name": "Theirs", "role": "admin"})).await.expect(201).id();
        one.header("If-Match", "*").patch(&format!("accounts/{theirs}"), json!({"email": "one.too@example.org"})).await.expect(200);
        // Nor is one made by a key of somebody else's that the first one has had made.
        let lent = json!({"name": "lent", "role": "admin", "owner_id": account_of(&two).await});
        let lent = server.with_key(one.post("keys", lent).await.expect(201).json["secret"].as_str().unwrap());
        let puppet = lent.post("accounts", json!({"email": "puppet@example.org", "name": "Puppet", "role": "admin"})).await.expect(201).id();
        server.advance(SignedDuration::from_mins(1));

        two.post(&approval, json!(null)).await.expect(409);
        inside.post(&breaking, reason.clone()).await.expect(403);
        admin.post(&breaking, reason.clone()).await.expect(403);
        let asked = one.post(&breaking, reason.clone()).await.expect(200);
        assert_eq!(asked.json["admitted"], 1);
        assert_eq!(two.post(&breaking, reason.clone()).await.expect(409).json["type"], "/problems/breaking-asked");
        // Those inside are told, and by the change feed too.
        let told = inside.get("groups/inner/seal").await.expect(200).json["breaking"].clone();
        assert_eq!((&told["reason"], &told["asked_by"]), (&reason["reason"], &json!(account_of(&one).await)));
        let changes = inside.get("changes?type=seal.breaking_asked").await.expect(200);
        assert_eq!(changes.json["items"].as_array().unwrap().len(), 1);
        assert_eq!(admin.get("changes?type=seal").await.expect(200).json["items"], json!([]));

        let refused = |client: Client| { let approval = approval.clone(); async move { client.post(&approval, json!(null)).await.expect(409).json["type"].clone() } };
        let late = person(&server, Role::Admin, "late").await;
        for second in [one.clone(), server.signs_in(&account_of(&one).await).await, server.signs_in(&mine).await, server.signs_in(&theirs).await, server.signs_in(&puppet).await, late] {
            assert_eq!(refused(second).await, "/problems/second-administrator-needed");
        }
        inside.post(&approval, json!(null)).await.expect(403);
        admin.post(&approval, json!(null)).await.expect(403);
        admin.get("groups/inner").await.expect(404);

        // What nobody approves in three days has to be asked again.
        server.advance(SignedDuration::from_hours(72));
        let (one, two) = (server.signs_in(&account_id(&admin, "one").await).await, server.signs_in(&account_id(&admin, "two").await).await);
        assert_eq!(refused(two.clone()).await, "/problems/breaking-expired");
        one.post(&breaking, reason.clone()).await.expect(200);
        two.delete(&breaking).await.expect(204);
        assert_eq!(refused(two.clone()).await, "/problems/breaking-not-asked");
        one.post(&breaking, reason.clone()).await.expect(200);
        server.advance(SignedDuration::from_mins(11));
        assert_eq!(two.post(&approval, json!(null)).await.expect(403).json["type"], "/problems/sign-in-again");
        let two = server.signs_in(&account_id(&admin, "two").await).await;
        two.post(&approval, json!(null)).await.expect(204);
        admin.get("groups/inner").await.expect(200);
        assert_eq!(admin.get("seals").await.expect(200).json["items"], json!([]));
        let log = admin.get(&format!("audit-entries?limit=200&object_id={group}")).await.expect(200);
        let actions: Vec<_> = log.json["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).filter(|action| *action != "access.denied").collect();
        let story = ["group.created", "seal.created", "seal.breaking_asked", "seal.breaking_asked", "seal.breaking_withdrawn", "seal.breaking_asked", "seal.broken"];
        assert_eq!(actions, story);
    }

    async fn two_accounts_of_one_person_are_one_administrator(server) {
        let admin = server.admin().await;
        small_world(&admin).await;
        let anna = admin.post("persons", json!({"display_name": "Anna"})).await.expect(201).id();
        let of_anna = |name: &str| Account { person_id: Some(anna.as_str().into()), ..Account::of(Role::Admin, format!("{name}@example.org"), name) };
        let (one, two) = (server.signed_in(of_anna("one")).await, server.signed_in(of_anna("two")).await);
        let inside = person(&server, Role::Secretariat, "inside").await;
        let group = inside.post("groups/inner/seal", json!({})).await.expect(200).json["group_id"].as_str().unwrap().to_owned();
        server.advance(SignedDuration::from_mins(1));
        one.post(&format!("seals/{group}/breaking"), json!({"reason": "Test"})).await.expect(200);
        let refused = two.post(&format!("seals/{group}/breaking/approval"), json!(null)).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/second-administrator-needed");
    }

    async fn an_account_that_is_admitted_is_not_taken_over(server) {
        let admin = server.admin().await;
        small_world(&admin).await;
        let (inside, second) = (person(&server, Role::Secretariat, "inside").await, person(&server, Role::Secretariat, "second").await);
        let (inside_id, second_id) = (account_of(&inside).await, account_of(&second).await);
        inside.post("groups/inner/seal", json!({"account_ids": [second_id]})).await.expect(200);
        let anna = admin.post("persons", json!({"display_name": "Anna"})).await.expect(201).id();
        let any = admin.header("If-Match", "*");
        let account = format!("accounts/{inside_id}");
        for change in [json!({"email": "x@example.org"}), json!({"person_id": anna}), json!({"role": "admin"}), json!({"invited": true})] {
            assert_eq!(any.patch(&account, change.clone()).await.expect(409).json["type"], "/problems/admitted-to-seal", "{change}");
        }
        any.patch(&account, json!({"name": "Somebody"})).await.expect(200);
        any.patch(&account, json!({"state": "disabled"})).await.expect(200);
        inside.get("groups/inner").await.expect(401);
        any.patch(&account, json!({"state": "active"})).await.expect(200);
        let inside = server.signs_in(&inside_id).await;
        // Out of the seal the account is like any other, and whoever is left cannot leave.
        second.delete(&format!("groups/inner/seal/admissions/{inside_id}")).await.expect(204);
        any.patch(&account, json!({"email": "x@example.org"})).await.expect(200);
        inside.get("groups/inner").await.expect(404);
        second.put(&format!("groups/inner/seal/admissions/{}", uuid::Uuid::max()), json!(null)).await.expect(404);
        let last = second.delete(&format!("groups/inner/seal/admissions/{second_id}")).await.expect(409);
        assert_eq!(last.json["type"], "/problems/last-admitted");
        // The seal outlives the last account that was admitted.
        any.delete(&format!("accounts/{second_id}")).await.expect(204);
        let seals = admin.get("seals").await.expect(200);
        assert_eq!((&seals.json["items"][0]["admitted"], seals.text.contains(WORD)), (&json!(0), false));
        admin.get("groups/inner").await.expect(404);
    }

    async fn sealing_takes_a_person_who_has_signed_in_lately(server) {
        let admin = server.admin().await;
        small_world(&admin).await;
        let desk = person(&server, Role::Secretariat, "desk").await;
        admin.post("groups/inner/seal", json!({})).await.expect(403);
        let nobody = desk.post("groups/inner/seal", json!({"account_ids": [uuid::Uuid::max()]})).await.expect(422);
        assert_eq!(nobody.codes(), ["unknown_account"]);
        desk.get("groups/inner/seal").await.expect(404);
        server.advance(SignedDuration::from_mins(11));
        assert_eq!(desk.post("groups/inner/seal", json!({})).await.expect(403).json["type"], "/problems/sign-in-again");
        let desk = server.signs_in(&account_of(&desk).await).await;
        desk.post("groups/inner/seal", json!({})).await.expect(200);
        assert_eq!(desk.post("groups/inner/seal", json!({})).await.expect(409).json["type"], "/problems/already-sealed");
        let log = desk.get("changes?type=seal.created").await.expect(200);
        assert_eq!(log.json["items"].as_array().unwrap().len(), 1);
    }

    async fn the_log_says_that_and_not_what_and_can_be_checked_all_the_same(server) {
        let admin = server.admin().await;
        small_world(&admin).await;
        let inside = person(&server, Role::Admin, "inside").await;
        inside.post("groups/inner/seal", json!({})).await.expect(200);
        let event = inside.get("events/talks").await.expect(200);
        inside.if_match(&event).patch("events/talks", json!({"title": {"en": format!("More {WORD}")}})).await.expect(200);
        api::audit::sealing::seal(&server.app, &KEY.parse().unwrap()).await.unwrap();

        let of_event = format!("audit-entries?object_id={}", event.id());
        let log = admin.get(&of_event).await.expect(200).json["items"].clone();
        let sealed = json!({"sealed": true});
        assert_eq!((&log[0]["diff"]["title"], &log[0]["sealed"]), (&sealed, &json!(true)), "from before the seal");
        assert_eq!((&log[1]["diff"], &log[1]["action"]), (&json!({"title": sealed}), &json!("event.updated")));
        assert_eq!(log[1]["actor_name"], "inside");
        let own = inside.get(&of_event).await.expect(200).json["items"].clone();
        assert_eq!(own[1]["diff"]["title"]["new"]["en"], format!("More {WORD}"));
        assert!(own[1].get("sealed").is_none());
        let history = inside.get("events/talks/history").await.expect(200);
        assert!(history.text.contains(&format!("More {WORD}")));

        let (outer, inner) = (admin.get("audit-entries/export").await.expect(200), inside.get("audit-entries/export").await.expect(200));
        assert!(!outer.text.contains(WORD) && inner.text.contains(&format!("More {WORD}")));
        for (export, withheld) in [(&outer, true), (&inner, false)] {
            let (whole, said) = python("verify_audit.py", KEY, &export.text);
            assert!(whole && said.contains("withheld") == withheld, "{said}");
        }
        let changed = outer.text.replacen("\"event.updated\"", "\"event.deleted\"", 1);
        assert!(!python("verify_audit.py", KEY, &changed).0, "what is told of a sealed group is proven too");
        let checked = api::audit::verification::verify(&server.app, &KEY.parse().unwrap(), None).await.unwrap();
        assert!(checked.is_ok(), "{checked:?}");
    }

    async fn an_export_of_a_person_says_nothing_of_sealed_groups_and_an_erasure_reaches_into_them(server) {
        let admin = server.admin().await;
        small_world(&admin).await;
        let anna = admin.post("persons", json!({"display_name": "Anna Nowak"})).await.expect(201);
        let role = json!({"person_id": anna.id(), "function": "chair", "valid_from": "2019-01-01"});
        let role = admin.post("groups/inner/roles", role).await.expect(201).id();
        let ngo = json!({"code": "NGO", "kind": "ngo", "names": {"en": {"list": "Ngo"}}});
        admin.post("organisations", ngo).await.expect(201);
        admin.post("events/talks/delegations", json!({"organisation_id": "NGO"})).await.expect(201);
        let delegate = json!({"delegation_id": "NGO", "person_id": anna.id(), "function": "head", "position": {"en": WORD}});
        admin.post("events/talks/delegates", delegate).await.expect(201);
        let path = format!("persons/{}", anna.id());
        let before = admin.get(&format!("{path}/export")).await.expect(200);
        assert!(before.text.contains(WORD) && before.text.contains(&role));

        let inside = person(&server, Role::Admin, "inside").await;
        inside.post("groups/inner/seal", json!({})).await.expect(200);
        let outer = admin.get(&format!("{path}/export")).await.expect(200);
        assert!(!outer.text.contains(WORD) && !outer.text.contains(&role), "{}", outer.text);
        assert!(inside.get(&format!("{path}/export")).await.expect(200).text.contains(&role));

        admin.header("If-Match", "*").post(&format!("{path}/erasure"), json!({"reason": "Request"})).await.expect(200);
        let roles = inside.get("groups/inner/roles").await.expect(200);
        assert!(!roles.text.contains("Nowak") && roles.json["items"][0]["function"] == "chair");
        assert!(!inside.get("events/talks/delegates").await.expect(200).text.contains(WORD));
    }
}

/// The id of the account with this name's address.
async fn account_id(admin: &Client, name: &str) -> String {
    let accounts = admin.get("accounts?limit=200").await.expect(200);
    let email = json!(format!("{name}@example.org"));
    let found = accounts.json["items"].as_array().unwrap().iter().find(|account| account["email"] == email);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}
