//! Objects for a chosen few: the parties, one delegation, named persons. Nobody else learns that they exist.

use domain::{
    access::{Account, NewKey, Role},
    moment::Moment,
};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// A public event of a group that a guest chairs, with delegations of three organisations.
struct World {
    admin: Client,
    chair: Client,
    /// A member of the delegation of `PL`, in person.
    adviser: Client,
    adviser_id: String,
}

impl World {
    async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        for code in ["PL", "KR", "VN"] {
            let organisation = json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}});
            admin.post("organisations", organisation).await.expect(201);
        }
        let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "C"}, "visibility": "public"});
        admin.post("groups", group).await.expect(201);
        admin.post("events", event("open", json!({"visibility": "public", "group_id": "cyber"}))).await.expect(201);
        admin.post("events", event("next", json!({"visibility": "public", "group_id": "cyber"}))).await.expect(201);
        for code in ["PL", "KR", "VN"] {
            admin.post("events/open/delegations", json!({"organisation_id": code})).await.expect(201);
        }
        let chair_id = admin.post("persons", json!({"display_name": "Chair"})).await.expect(201).id();
        let role = json!({"person_id": chair_id, "function": "chair", "valid_from": "2019-01-01"});
        admin.post("groups/cyber/roles", role).await.expect(201);
        let adviser = json!({"display_name": "Adviser", "organisation_id": "PL"});
        let adviser_id = admin.post("persons", adviser).await.expect(201).id();
        let delegate = json!({"delegation_id": "PL", "person_id": adviser_id, "function": "adviser"});
        admin.post("events/open/delegates", delegate).await.expect(201);
        let (chair, adviser) = (guest(server, &chair_id).await, guest(server, &adviser_id).await);
        Self { admin, chair, adviser, adviser_id }
    }

    /// A session of the open event with a time, for these few.
    async fn session(&self, event: &str, visibility: &str, audience: Value) -> String {
        let made = self.admin.post("sessions", session(event, visibility, audience)).await.expect(201).id();
        self.admin.post(&format!("sessions/{made}/transitions"), json!({"to": "scheduled"})).await.expect(200);
        made
    }
}

fn event(code: &str, more: Value) -> Value {
    let mut event = json!({
        "code": code, "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Hanoi"}},
        "time_zone": "UTC", "starts_on": "2026-05-04", "ends_on": "2026-05-05", "languages": ["en"],
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

fn session(event: &str, visibility: &str, audience: Value) -> Value {
    json!({
        "event_id": event, "kind": "bilateral", "title": {"en": "Two sides meet"}, "visibility": visibility,
        "audience_ids": audience, "tlp": "green",
        "placement": {"start": "2026-05-04T09:00:00", "end": "2026-05-04T10:00:00"},
    })
}

async fn guest(server: &Server, person: &str) -> Client {
    let account = Account::of(Role::Guest, format!("{person}@example.org"), "Guest");
    let (person_id, ends_at) = (Some(person.into()), Moment::parse("2026-04-01"));
    server.signed_in(Account { person_id, ends_at, ..account }).await
}

/// Whether the object is there by every way that leads to it: alone, in the list, in the history, among the changes.
/// All have to agree.
async fn sees(client: &Client, collection: &str, id: &str) -> bool {
    let path = format!("{collection}/{id}");
    let there = client.get(&path).await.status == 200;
    let holds = |answer: Answer| answer.text.contains(id);
    assert_eq!(holds(client.get(&format!("{collection}?limit=200")).await.expect(200)), there, "{path} in the list");
    assert_eq!(holds(client.get("changes?limit=200").await.expect(200)), there, "{path} among the changes");
    let history = client.get(&format!("{path}/history")).await.status == 200;
    assert_eq!(history, there, "{path} and its history");
    there
}

on_both! {
    async fn a_bilateral_is_seen_by_its_two_sides_and_the_secretariat_alone(server) {
        let world = World::new(&server).await;
        let bilateral = world.session("open", "parties", json!(["PL", "KR"])).await;
        for (who, expected) in [
            (world.admin.clone(), true),
            (server.role(Role::Secretariat).await, true),
            (server.role(Role::Auditor).await, true),
            (server.delegate_of("PL").await, true),
            (server.delegate_of("KR").await, true),
            (server.delegate_of("VN").await, false),
            (server.manager_of("PL").await, true),
            (server.manager_of("VN").await, false),
            (world.adviser.clone(), true),
            (world.chair.clone(), false),
        ] {
            assert_eq!(sees(&who, "sessions", &bilateral).await, expected);
        }
        assert_eq!(server.anonymous().get(&format!("sessions/{bilateral}")).await.status, 404);
        // At another event the adviser sits in no delegation; an account of the organisation acts for it there too.
        let elsewhere = world.session("next", "parties", json!(["PL", "KR"])).await;
        assert!(!sees(&world.adviser, "sessions", &elsewhere).await);
        assert!(sees(&server.delegate_of("PL").await, "sessions", &elsewhere).await);
    }

    async fn who_is_a_party_and_does_not_see_the_event_sees_nothing_in_it(server) {
        let world = World::new(&server).await;
        let closed = event("closed", json!({"visibility": "participants"}));
        world.admin.post("events", closed).await.expect(201);
        world.admin.post("events/closed/delegations", json!({"organisation_id": "KR"})).await.expect(201);
        let bilateral = world.session("closed", "parties", json!(["PL", "KR"])).await;
        assert!(sees(&server.delegate_of("KR").await, "sessions", &bilateral).await);
        assert!(!sees(&server.delegate_of("PL").await, "sessions", &bilateral).await);
    }

    async fn naming_many_costs_what_naming_few_does(server) {
        let admin = server.admin().await;
        let (mut organisations, mut persons) = (vec![], vec![]);
        for at in 0..12 {
            let organisation = json!({"code": format!("O{at}"), "kind": "ngo", "names": {"en": {"list": "Some"}}});
            admin.post("organisations", organisation).await.expect(201);
            organisations.push(format!("O{at}"));
            persons.push(admin.post("persons", json!({"display_name": "Some"})).await.expect(201).id());
        }
        admin.post("events", event("open", json!({"visibility": "public"}))).await.expect(201);
        for (visibility, members) in [("parties", &organisations), ("named", &persons)] {
            let mut costs = vec![];
            for count in [2, 12] {
                server.statements();
                admin.post("sessions", session("open", visibility, json!(members[..count]))).await.expect(201);
                costs.push(server.statements());
            }
            assert_eq!(costs[0], costs[1], "{visibility}");
        }
    }

    async fn a_delegation_meets_among_its_own(server) {
        let world = World::new(&server).await;
        let meeting = world.session("open", "own_delegation", json!(["PL"])).await;
        assert!(sees(&server.delegate_of("PL").await, "sessions", &meeting).await);
        assert!(sees(&world.adviser, "sessions", &meeting).await);
        assert!(!sees(&server.delegate_of("KR").await, "sessions", &meeting).await);
        assert!(!sees(&world.chair, "sessions", &meeting).await);
    }

    async fn named_persons_see_in_person_and_by_no_key(server) {
        let world = World::new(&server).await;
        let talk = world.session("open", "named", json!([world.adviser_id])).await;
        assert!(sees(&world.adviser, "sessions", &talk).await);
        assert!(!sees(&server.delegate_of("PL").await, "sessions", &talk).await);
        let delegate = Account::of(Role::Delegate, "own@example.org", "Own");
        let person_id = Some(world.adviser_id.as_str().into());
        let own = server.signed_in(Account { organisation_id: Some("PL".into()), person_id, ..delegate }).await;
        assert!(sees(&own, "sessions", &talk).await);
        let me = own.get("me").await.expect(200).json["account_id"].as_str().unwrap().to_owned();
        let key = NewKey { role: Role::Delegate, organisation_id: Some("PL".into()), owner_id: Some(me.as_str().into()), ..NewKey::default() };
        assert!(!sees(&server.key(key).await, "sessions", &talk).await);
    }

    async fn groups_events_and_statements_can_be_for_few_as_well(server) {
        let world = World::new(&server).await;
        let few = json!({"visibility": "parties", "audience_ids": ["PL", "KR"]});
        let mut group = json!({"code": "two", "kind": "contact_group", "name": {"en": "Two"}});
        group.as_object_mut().unwrap().extend(few.as_object().unwrap().clone());
        let group = world.admin.post("groups", group).await.expect(201).id();
        let meeting = world.admin.post("events", event("two-meet", few.clone())).await.expect(201).id();
        // What nobody said more of inside is for those who see the event.
        let opening = json!({
            "event_id": "two-meet", "kind": "plenary", "title": {"en": "O"},
            "placement": {"start": "2026-05-04T09:00:00", "end": "2026-05-04T10:00:00"},
        });
        let opening = world.admin.announce(opening).await;
        assert_eq!(opening.json["visibility"], "signed_in");
        let text = json!({
            "code": "text", "event_id": "open", "kind": "joint_statement", "title": {"en": "Text"}, "drafting_language": "en",
            "languages": ["en"], "visibility": "own_delegation", "audience_ids": ["PL"],
        });
        let text = world.admin.post("statements", text).await.expect(201).id();
        let clause = json!({"part": "operative", "text": {"en": "The participants met."}});
        world.admin.post(&format!("statements/{text}/clauses"), clause).await.expect(201);
        let (pl, kr, vn) = (server.delegate_of("PL").await, server.delegate_of("KR").await, server.delegate_of("VN").await);
        // While it is drafted it is the secretariat's.
        assert!(!sees(&pl, "statements", &text).await);
        world.admin.post(&format!("statements/{text}/transitions"), json!({"to": "tabled"})).await.expect(200);
        for (collection, id, seen) in [
            ("groups", &group, [true, true, false, false]),
            ("events", &meeting, [true, true, false, false]),
            ("sessions", &opening.id(), [true, true, false, false]),
        ] {
            for (who, seen) in [&pl, &kr, &vn, &world.chair].into_iter().zip(seen) {
                assert_eq!(sees(who, collection, id).await, seen, "{collection}");
            }
        }
        assert_eq!(pl.get(&format!("statements/{text}")).await.status, 200);
        let pages = [pl.get(&format!("statements/{text}/clauses")).await, pl.get("statements/text/export?format=text&lang=en").await];
        for page in pages {
            assert!(page.expect(200).text.contains("The participants met."));
        }
        for other in [&kr, &vn, &world.chair] {
            for path in ["statements/text", "statements/text/clauses", "statements/text/export?format=text&lang=en"] {
                other.get(path).await.expect(404);
            }
        }
    }

    async fn calendars_show_a_bilateral_to_its_sides_only(server) {
        let world = World::new(&server).await;
        world.session("open", "parties", json!(["PL", "KR"])).await;
        for (who, shown) in [
            (server.delegate_of("PL").await, true),
            (server.delegate_of("VN").await, false),
            (world.adviser.clone(), true),
            (world.chair.clone(), false),
        ] {
            let feed = json!({"kind": "event", "object_id": "open", "name": "Mine", "access": "token"});
            let made = who.post("feeds", feed).await.expect(201);
            let url = made.json["url"].as_str().unwrap();
            let calendar = server.anonymous().get(&url[url.find("/ical/").unwrap()..]).await;
            assert_eq!(calendar.expect(200).text.contains("Two sides meet"), shown);
        }
        assert!(!server.anonymous().get("/ical/events/open.ics").await.text.contains("Two sides meet"));
    }

    async fn who_joins_later_learns_nothing_of_the_time_before(server) {
        let world = World::new(&server).await;
        let bilateral = world.session("open", "parties", json!(["PL", "KR"])).await;
        let path = format!("sessions/{bilateral}");
        let any = world.admin.header("If-Match", "*");
        any.patch(&path, json!({"title": {"en": "About the border"}})).await.expect(200);
        any.patch(&path, json!({"audience_ids": ["PL", "VN"], "title": {"en": "Something else"}})).await.expect(200);
        let (kr, vn) = (server.delegate_of("KR").await, server.delegate_of("VN").await);
        kr.get(&path).await.expect(404);
        // What the one who left could know then, it can still know; what came after is not for it.
        let changes = kr.get("changes?limit=200&type=session").await.expect(200);
        assert!(changes.text.contains(&bilateral));
        assert!(vn.get(&path).await.expect(200).text.contains("Something else"));
        let history = vn.get(&format!("{path}/history")).await.expect(200);
        assert!(!history.text.contains("border") && !history.text.contains("Two sides"), "{}", history.text);
        let audience = vn.get(&path).await.expect(200).json["audience_ids"].clone();
        assert_eq!(audience.as_array().unwrap().len(), 2);
    }

    async fn an_audience_has_to_fit_what_is_said_of_it(server) {
        let world = World::new(&server).await;
        let protected = json!({"display_name": "Officer", "protected": true});
        let protected = world.admin.post("persons", protected).await.expect(201).id();
        let before = server.dump().await;
        for (visibility, audience, code) in [
            ("parties", json!(["PL"]), "does_not_fit_visibility"),
            ("parties", json!(["PL", "pl"]), "repeated"),
            ("own_delegation", json!(["PL", "KR"]), "does_not_fit_visibility"),
            ("own_delegation", json!(["XX"]), "unknown_organisation"),
            ("named", json!([]), "does_not_fit_visibility"),
            ("named", json!(["0192f3a4-5b6c-7d8e-9fa0-000000000000"]), "unknown_person"),
            ("named", json!([protected]), "protected_person"),
            ("participants", json!(["PL"]), "nobody_to_name"),
        ] {
            let refused = world.admin.post("sessions", session("open", visibility, audience.clone())).await.expect(422);
            assert!(refused.codes().contains(&code), "{visibility} {audience}: {}", refused.text);
        }
        assert_eq!(server.dump().await, before);
        // Back to a circle it names nobody any more.
        let bilateral = world.session("open", "parties", json!(["PL", "KR"])).await;
        let path = format!("sessions/{bilateral}");
        let any = world.admin.header("If-Match", "*");
        any.patch(&path, json!({"visibility": "public", "tlp": "clear"})).await.expect(422);
        let opened = json!({"visibility": "public", "tlp": "clear", "audience_ids": []});
        assert!(any.patch(&path, opened).await.expect(200).json.get("audience_ids").is_none());
        server.anonymous().get(&path).await.expect(200);
    }
}
