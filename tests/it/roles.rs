//! What roles permit: heads, managers and members of delegations, secretariats of a group, chairs of a tree of groups, and
//! observers.

use domain::{
    access::{Account, Role},
    moment::Moment,
};
use serde_json::json;

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// Two organisations, two groups with an event each that only its members see, and three events of no group, two of them for
/// participants.
async fn world(admin: &Client) {
    for code in ["PL", "KR"] {
        let organisation = json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}});
        admin.post("organisations", organisation).await.expect(201);
    }
    for code in ["cyber", "other"] {
        let group = json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": "chairs"});
        admin.post("groups", group).await.expect(201);
    }
    for (code, group, visibility) in [
        ("of-cyber", Some("cyber"), "members"),
        ("of-other", Some("other"), "members"),
        ("open", None, "participants"),
        ("second", None, "participants"),
        ("closed", None, "secretariat"),
    ] {
        let event = json!({
            "code": code, "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Hanoi"}},
            "time_zone": "UTC", "starts_on": "2026-05-04", "ends_on": "2026-05-05", "languages": ["en"],
            "visibility": visibility, "group_id": group,
        });
        admin.post("events", event).await.expect(201);
    }
}

fn session(event: &str) -> serde_json::Value {
    json!({"event_id": event, "kind": "plenary", "title": {"en": "Opening"}})
}

/// A person in the delegation of `organisation` at the open event, which is invited if it was not.
async fn delegate(admin: &Client, organisation: &str, function: &str) -> String {
    let person = json!({"display_name": format!("{function} of {organisation}"), "organisation_id": organisation});
    let person = admin.post("persons", person).await.expect(201).id();
    admin.post("events/open/delegations", json!({"organisation_id": organisation})).await;
    let delegate = json!({"delegation_id": organisation, "person_id": person, "function": function});
    admin.post("events/open/delegates", delegate).await.expect(201);
    person
}

/// A guest with the account of this person.
async fn guest(server: &Server, person: &str) -> Client {
    let account = Account::of(Role::Guest, format!("{person}@example.org"), "Guest");
    let (person_id, ends_at) = (Some(person.into()), Moment::parse("2026-04-01"));
    server.signed_in(Account { person_id, ends_at, ..account }).await
}

on_both! {
    async fn the_head_composes_the_own_delegation_and_nobody_elses(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let head = delegate(&admin, "PL", "head").await;
        let adviser = delegate(&admin, "PL", "adviser").await;
        delegate(&admin, "KR", "head").await;
        let expert = admin.post("persons", json!({"display_name": "Expert", "organisation_id": "PL"})).await.expect(201).id();
        let (head, adviser) = (guest(&server, &head).await, guest(&server, &adviser).await);
        let nominated = |of: &str| json!({"delegation_id": of, "person_id": expert, "function": "expert"});
        adviser.post("events/open/delegates", nominated("PL")).await.expect(403);
        head.post("events/open/delegates", nominated("KR")).await.expect(422);
        head.post("events/closed/delegates", nominated("PL")).await.expect(404);
        head.post("events/open/delegates", nominated("PL")).await.expect(201);

        // Both see their own delegation and what is for participants at this event, and no other.
        for client in [&head, &adviser] {
            let own = client.get("events/open/delegates").await.expect(200);
            assert_eq!(own.json["items"].as_array().unwrap().len(), 3, "head, adviser and expert of Poland");
            client.get("events/closed").await.expect(404);
        }
        let seen = head.get(&format!("persons/{expert}")).await.expect(200);
        assert_eq!(seen.json["display_name"], json!("Expert"));
    }

    async fn a_manager_composes_what_a_delegate_only_sees_and_within_the_limits_of_the_account(server) {
        let admin = server.admin().await;
        world(&admin).await;
        for event in ["open", "second"] {
            admin.post(&format!("events/{event}/delegations"), json!({"organisation_id": "PL"})).await.expect(201);
        }
        let of_poland = |role: Role, events: &[&str]| Account {
            organisation_id: Some("PL".into()),
            event_ids: events.iter().map(|event| (*event).into()).collect(),
            ..Account::of(role, format!("{role}{}@example.org", events.len()), "Somebody")
        };
        let accepted = json!({"to": "accepted"});
        let delegation = |event: &str| format!("events/{event}/delegations?limit=1");
        let path = |listed: Answer| format!("delegations/{}/transitions", listed.json["items"][0]["id"].as_str().unwrap());
        let (first, second) = (path(admin.get(&delegation("open")).await), path(admin.get(&delegation("second")).await));

        let delegate = server.signed_in(of_poland(Role::Delegate, &[])).await;
        delegate.post(&first, accepted.clone()).await.expect(403);
        let limited = server.signed_in(of_poland(Role::DelegationManager, &["open"])).await;
        limited.post(&second, accepted.clone()).await.expect(404);
        limited.post(&first, accepted.clone()).await.expect(200);
        let manager = server.signed_in(of_poland(Role::DelegationManager, &[])).await;
        manager.post(&second, accepted).await.expect(200);
    }

    async fn the_secretariat_of_a_group_runs_it_and_nothing_else_and_its_key_at_most_that(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let account = |group: &str| json!({"email": "s@example.org", "name": "Secretariat", "role": "secretariat", "group_ids": [group]});
        assert_eq!(admin.post("accounts", account("nowhere")).await.expect(422).codes(), ["unknown_group"]);
        let guest = json!({"email": "s@example.org", "name": "Guest", "role": "guest", "ends_at": "2026-04-01", "group_ids": ["cyber"]});
        assert_eq!(admin.post("accounts", guest).await.expect(422).codes(), ["does_not_fit_role"]);
        let made = admin.post("accounts", account("cyber")).await.expect(201);
        let group = admin.get("groups/cyber").await.expect(200).id();
        assert_eq!(made.json["group_ids"], json!([group]));

        let key = |events: &[&str]| json!({"name": "x", "role": "secretariat", "owner_id": made.id(), "event_ids": events});
        let whole = admin.post("keys", key(&[])).await.expect(201);
        let narrowed = admin.post("keys", key(&["of-other"])).await.expect(201);
        let whole = server.with_key(whole.json["secret"].as_str().unwrap());
        let narrowed = server.with_key(narrowed.json["secret"].as_str().unwrap());
        whole.post("sessions", session("of-cyber")).await.expect(201);
        whole.get("events/of-other").await.expect(404);
        assert_eq!(whole.post("sessions", session("of-other")).await.expect(422).codes(), ["unknown_event"]);
        // What lies within one limit only is within neither.
        for event in ["of-cyber", "of-other"] {
            narrowed.get(&format!("events/{event}")).await.expect(404);
        }
    }

    async fn a_chair_runs_the_subgroups_where_its_role_says_so_and_no_group_above(server) {
        let admin = server.admin().await;
        world(&admin).await;
        let below = json!({"code": "below", "kind": "subgroup", "name": {"en": "Below"}, "visibility": "chairs", "parent_id": "cyber"});
        admin.post("groups", below).await.expect(201);
        let lowest = json!({"code": "lowest", "kind": "subgroup", "name": {"en": "Lowest"}, "visibility": "chairs", "parent_id": "below"});
        admin.post("groups", lowest).await.expect(201);
        for (name, group, in_subgroups, seen) in [
            ("everywhere", "cyber", true, ["cyber", "below", "lowest"].as_slice()),
            ("here", "cyber", false, &["cyber"]),
            ("from below", "below", true, &["below", "lowest"]),
        ] {
            let person = admin.post("persons", json!({"display_name": name})).await.expect(201).id();
            let role = json!({"person_id": person, "function": "chair", "valid_from": "2019-01-01", "in_subgroups": in_subgroups});
            admin.post(&format!("groups/{group}/roles"), role).await.expect(201);
            let chair = guest(&server, &person).await;
            for group in ["cyber", "below", "lowest", "other"] {
                let status = if seen.contains(&group) { 200 } else { 404 };
                chair.get(&format!("groups/{group}")).await.expect(status);
            }
        }
    }

    async fn an_observer_takes_part_without_seeing_what_is_for_members(server) {
        let admin = server.admin().await;
        world(&admin).await;
        for (code, category) in [("PL", "member"), ("KR", "observer")] {
            let membership = json!({"organisation_id": code, "category": category, "valid_from": "2019-01-01"});
            admin.post("groups/other/memberships", membership).await.expect(201);
        }
        let event = admin.get("events/of-other").await.expect(200);
        let event = admin.if_match(&event).patch("events/of-other", json!({"visibility": "participants"})).await.expect(200);
        let (member, observer) = (server.delegate_of("PL").await, server.delegate_of("KR").await);
        for client in [&member, &observer] {
            client.get("events/of-other").await.expect(200);
        }
        admin.if_match(&event).patch("events/of-other", json!({"visibility": "members"})).await.expect(200);
        member.get("events/of-other").await.expect(200);
        observer.get("events/of-other").await.expect(404);
    }
}
