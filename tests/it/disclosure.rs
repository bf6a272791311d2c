//! Labels of the Traffic Light Protocol: what has one, and through which ways out it goes.

use std::collections::BTreeSet;

use domain::access::{NewKey, Role, Tlp, Visibility};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server},
};

fn event(code: &str, visibility: &str, tlp: &str) -> Value {
    json!({
        "code": code, "kind": "workshop", "title": {"en": format!("Event {code}")},
        "city": {"name": {"en": "Hanoi"}}, "time_zone": "Asia/Ho_Chi_Minh", "starts_on": "2026-05-04",
        "ends_on": "2026-05-05", "languages": ["en"], "visibility": visibility, "tlp": tlp,
    })
}

fn group(code: &str, tlp: &str) -> Value {
    json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": "participants", "tlp": tlp})
}

fn session(event: &str, tlp: &str) -> Value {
    json!({
        "event_id": event, "kind": "plenary", "title": {"en": format!("Session {tlp}")}, "visibility": "participants",
        "tlp": tlp, "placement": {"start": "2026-05-04T09:00:00", "end": "2026-05-04T10:00:00"},
    })
}

fn statement(event: &str, tlp: &str) -> Value {
    let code = format!("text-{}", tlp.replace('+', "-"));
    json!({
        "code": code, "event_id": event, "kind": "joint_statement", "drafting_language": "en", "languages": ["en"],
        "visibility": "participants", "tlp": tlp,
    })
}

/// One object of each kind under every label; gives path and label of each.
async fn labelled(admin: &Client) -> Vec<(String, Tlp)> {
    admin.post("events", event("open", "public", "clear")).await.expect(201);
    let mut made = vec![];
    for label in Tlp::ALL {
        let code = format!("of-{}", label.as_str().replace('+', "-"));
        for (collection, body) in [
            ("groups", group(&code, label.as_str())),
            ("events", event(&code, "participants", label.as_str())),
            ("sessions", session("open", label.as_str())),
            ("statements", statement("open", label.as_str())),
        ] {
            let answer = admin.post(collection, body).await.expect(201);
            assert_eq!(answer.json["tlp"], label.as_str());
            if collection == "sessions" {
                let step = format!("sessions/{}/transitions", answer.id());
                admin.post(&step, json!({"to": "scheduled"})).await.expect(200);
            }
            made.push((format!("{collection}/{}", answer.id()), *label));
        }
    }
    made
}

/// Everything the client finds in the lists and in the change feed: ids, and ids behind a word that says where.
async fn seen(client: &Client) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for collection in ["groups", "events", "sessions", "statements"] {
        let list = client.get(&format!("{collection}?limit=200")).await;
        let items = list.json["items"].as_array().cloned().unwrap_or_default();
        seen.extend(items.iter().map(|item| format!("{collection}/{}", item["id"].as_str().unwrap())));
    }
    let changes = client.get("changes?limit=200").await;
    for change in changes.json["items"].as_array().cloned().unwrap_or_default() {
        seen.insert(format!("changes/{}", change["object_id"].as_str().unwrap()));
    }
    seen
}

on_both! {
    async fn what_is_labelled_above_its_ceiling_leaves_through_no_door_of_a_key(server) {
        let made = labelled(&server.admin().await).await;
        for ceiling in Tlp::ALL {
            let key = server.key(NewKey { role: Role::Auditor, tlp_ceiling: *ceiling, ..NewKey::default() }).await;
            let found = seen(&key).await;
            for (path, label) in &made {
                let passes = label <= ceiling;
                let status = key.get(path).await.status.as_u16();
                assert_eq!(status, if passes { 200 } else { 404 }, "{path} {label} through a key up to {ceiling}");
                assert_eq!(found.contains(path), passes, "{path} {label} in the list up to {ceiling}");
                let id = path.split('/').nth(1).unwrap();
                let told = found.contains(&format!("changes/{id}"));
                assert_eq!(told, passes, "{path} {label} in the changes up to {ceiling}");
            }
            // Asked for by the code of its event, it is no more there than with an event that does not exist.
            let (hidden, unknown) = (key.get("sessions?event=of-red").await, key.get("sessions?event=nowhere").await);
            assert_eq!((hidden.status, &hidden.json), (unknown.status, &unknown.json));
        }
    }

    async fn calendars_show_amber_as_a_time_that_is_taken_and_nothing_narrower(server) {
        let admin = server.admin().await;
        admin.post("groups", group("host", "clear")).await.expect(201);
        labelled(&admin).await;
        let open = admin.get("events/open").await.expect(200);
        admin.if_match(&open).patch("events/open", json!({"group_id": "host"})).await.expect(200);
        let calendars = [json!({}), json!({"language": "pl"}), json!({"detail": "title_only"})];
        let titles = async |more: &Value| {
            let mut feed = json!({"kind": "event", "object_id": "open", "name": "All", "access": "token"});
            feed.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let url = admin.post("feeds", feed).await.expect(201).json["url"].as_str().unwrap().to_owned();
            let text = admin.get(&url[url.find("/ical/").unwrap()..]).await.text;
            let titles = text.lines().filter_map(|line| line.strip_prefix("SUMMARY:")).map(str::to_owned);
            (titles.collect::<Vec<_>>(), text)
        };
        for more in &calendars {
            let (titles, text) = titles(more).await;
            let busy = if more["language"] == "pl" { "Zajęte – sesja zastrzeżona" } else { "Busy – restricted session" };
            assert_eq!(titles, ["Session clear", "Session green", busy], "{more}");
            for word in ["mailto:", "ATTENDEE", "Session amber", "Session red"] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
        let (_, plain) = titles(&json!({"detail": "busy_only"})).await;
        assert!(!plain.contains("restricted"), "only that the time is taken: {plain}");

        let host = admin.get("groups/host").await.expect(200);
        admin.if_match(&host).patch("groups/host", json!({"amber_in_calendars": true})).await.expect(200);
        for more in &calendars {
            assert_eq!(titles(more).await.0, ["Session clear", "Session green", "Session amber"], "{more}");
        }
    }

    async fn a_calendar_notices_that_its_group_lets_amber_through(server) {
        let admin = server.admin().await;
        admin.post("groups", group("host", "clear")).await.expect(201);
        let mut body = event("open", "public", "clear");
        body["group_id"] = json!("host");
        admin.post("events", body).await.expect(201);
        let feed = json!({"kind": "event", "object_id": "open", "name": "All", "access": "token"});
        let url = admin.post("feeds", feed).await.expect(201).json["url"].as_str().unwrap().to_owned();
        let path = &url[url.find("/ical/").unwrap()..];
        let before = admin.get(path).await;
        let host = admin.get("groups/host").await.expect(200);
        admin.if_match(&host).patch("groups/host", json!({"amber_in_calendars": true})).await.expect(200);
        let tag = before.header("etag").to_owned();
        assert_eq!(admin.header("If-None-Match", &tag).get(path).await.status, 200);
    }

    async fn what_everybody_may_see_is_clear_and_a_chosen_label_is_only_lowered_by_saying_so(server) {
        let admin = server.admin().await;
        let contradiction = admin.post("events", event("x1", "public", "amber")).await.expect(422);
        assert_eq!(contradiction.codes(), ["public_is_clear"]);
        let mut plain = event("x1", "participants", "");
        plain.as_object_mut().unwrap().remove("tlp");
        let made = admin.post("events", plain).await.expect(201);
        assert_eq!(made.json["tlp"], "green");
        let opened = admin.if_match(&made).patch("events/x1", json!({"visibility": "public"})).await.expect(200);
        assert_eq!(opened.json["tlp"], "clear");

        let chosen = admin.post("groups", group("g1", "red")).await.expect(201);
        let public = json!({"visibility": "public"});
        assert_eq!(admin.if_match(&chosen).patch("groups/g1", public.clone()).await.expect(422).codes(), ["public_is_clear"]);
        let lowered = json!({"visibility": "public", "tlp": "clear"});
        admin.if_match(&chosen).patch("groups/g1", lowered).await.expect(200);
    }

    async fn a_session_is_labelled_no_wider_than_its_event(server) {
        let admin = server.admin().await;
        admin.post("events", event("e1", "participants", "amber")).await.expect(201);
        assert_eq!(admin.post("sessions", session("e1", "green")).await.expect(422).codes(), ["wider_than_event"]);
        let mut plain = session("e1", "");
        plain.as_object_mut().unwrap().remove("tlp");
        let made = admin.post("sessions", plain).await.expect(201);
        assert_eq!(made.json["tlp"], "amber");
        let event = admin.get("events/e1").await.expect(200);
        let raised = admin.if_match(&event).patch("events/e1", json!({"tlp": "red"})).await.expect(200);
        let path = format!("sessions/{}", made.id());
        assert_eq!(admin.get(&path).await.expect(200).json["tlp"], "red");
        // Lowering the event's label lowers no session by the way.
        admin.if_match(&raised).patch("events/e1", json!({"tlp": "green"})).await.expect(200);
        assert_eq!(admin.get(&path).await.expect(200).json["tlp"], "red");
    }

    async fn nobody_labels_above_their_own_ceiling(server) {
        let key = server.key(NewKey { role: Role::Admin, tlp_ceiling: Tlp::Green, ..NewKey::default() }).await;
        key.post("events", event("low", "participants", "green")).await.expect(201);
        key.post("events", event("high", "participants", "amber")).await.expect(403);
        key.post("groups", group("high", "amber")).await.expect(403);
        key.post("sessions", session("low", "amber")).await.expect(403);
        key.post("statements", statement("low", "amber")).await.expect(403);
        let wider = json!({"name": "x", "role": "admin", "tlp_ceiling": "amber"});
        key.post("keys", wider.clone()).await.expect(403);
        key.post("keys", json!({"name": "x", "role": "admin"})).await.expect(403);
        let narrow = json!({"name": "x", "role": "admin", "tlp_ceiling": "green"});
        assert_eq!(key.post("keys", narrow).await.expect(201).json["tlp_ceiling"], "green");
    }

    // R18 through the API: whatever becomes of an account, each of its keys sees no more than a key with all that the
    // account has at that moment.
    async fn whatever_becomes_of_an_account_its_keys_see_no_more_than_it(server) {
        let admin = server.admin().await;
        labelled(&admin).await;
        for code in ["PL", "KR"] {
            let organisation = json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}});
            admin.post("organisations", organisation).await.expect(201);
            let delegation = json!({"organisation_id": code, "category": "member"});
            admin.post("events/of-amber/delegations", delegation).await.expect(201);
        }
        let account = json!({"email": "anna@example.org", "name": "Anna", "role": "admin"});
        let path = format!("accounts/{}", admin.post("accounts", account).await.expect(201).id());
        let keys = owned_keys(&server).await;
        let mut runner = TestRunner::deterministic();
        let states = prop::sample::select(vec![
            json!({"role": "admin", "organisation_id": null, "state": "active"}),
            json!({"role": "secretariat", "organisation_id": null, "state": "active"}),
            json!({"role": "auditor", "organisation_id": null, "state": "active"}),
            json!({"role": "delegate", "organisation_id": "PL", "state": "active"}),
            json!({"role": "delegate", "organisation_id": "KR", "state": "active"}),
            json!({"role": "admin", "organisation_id": null, "state": "disabled"}),
        ]);
        let mut opened = 0;
        for _ in 0..12 {
            let state = states.new_tree(&mut runner).unwrap().current();
            let now = admin.get(&path).await.expect(200);
            admin.if_match(&now).patch(&path, state.clone()).await.expect(200);
            let whole = whole_key(&server, &state).await;
            for key in &keys {
                if key.get("events").await.status == 401 {
                    continue;
                }
                let whole = whole.as_ref().expect("a key of an account that is disabled opened something");
                let (part, all) = (seen(key).await, seen(whole).await);
                assert!(part.is_subset(&all), "{state}: {:?}", part.difference(&all).collect::<Vec<_>>());
                opened += part.len();
            }
        }
        assert!(opened > 100, "the keys saw {opened} objects in all");
    }
}

/// Keys of all sorts that belong to Anna, made while she is an administrator.
async fn owned_keys(server: &Server) -> Vec<Client> {
    let mut keys = vec![];
    for (role, tlp_ceiling) in [(Role::Admin, Tlp::Red), (Role::Secretariat, Tlp::Amber), (Role::Auditor, Tlp::Green)] {
        keys.push(NewKey { role, tlp_ceiling, ..NewKey::default() });
    }
    for organisation in ["PL", "KR"] {
        keys.push(NewKey { role: Role::Delegate, organisation_id: Some(organisation.into()), ..NewKey::default() });
    }
    keys.push(NewKey { role: Role::Secretariat, event_ids: vec!["of-amber".into()], ..NewKey::default() });
    let mut clients = vec![];
    for key in keys {
        clients.push(server.key(NewKey { owner_id: Some("anna@example.org".into()), ..key }).await);
    }
    clients
}

/// A key with all that Anna's account has now; none while it is disabled.
async fn whole_key(server: &Server, account: &Value) -> Option<Client> {
    if account["state"] == "disabled" {
        return None;
    }
    let role = Role::parse(account["role"].as_str().unwrap()).unwrap();
    let organisation_id = account["organisation_id"].as_str().map(Into::into);
    let owner_id = Some("anna@example.org".into());
    Some(server.key(NewKey { role, organisation_id, owner_id, ..NewKey::default() }).await)
}

#[test]
fn every_visibility_has_a_label_by_default() {
    let labels: Vec<_> = Visibility::ALL.iter().map(|visibility| Tlp::of(*visibility).as_str()).collect();
    assert_eq!(labels, ["clear", "green", "amber", "amber", "amber", "green", "green", "amber", "amber"]);
}
