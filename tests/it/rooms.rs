//! Who has a room, and when: bookings, approvals, and that nobody has a room twice. Instants were worked out by hand.

use domain::{
    access::{Account, NewKey, Role},
    moment::Moment,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

fn event(code: &str, zone: &str) -> Value {
    json!({
        "code": code, "kind": "workshop", "title": {"en": code}, "city": {"name": {"en": "Seoul"}}, "time_zone": zone,
        "starts_on": "2026-10-05", "ends_on": "2026-10-07", "languages": ["en"], "visibility": "participants",
    })
}

fn span(from: &str, to: &str) -> Value {
    json!({"start": format!("2026-10-06T{from}:00"), "end": format!("2026-10-06T{to}:00")})
}

fn session(event: &str, title: &str, from: &str, to: &str) -> Value {
    json!({"event_id": event, "kind": "workshop", "title": {"en": title}, "room_id": "hall", "placement": span(from, to)})
}

/// Two events in Seoul that share a hall.
async fn seoul(admin: &Client, more: Value) {
    for code in ["first", "second"] {
        admin.post("events", event(code, "Asia/Seoul")).await.expect(201);
    }
    let mut hall =
        json!({"code": "hall", "name": {"en": "Grand Hall"}, "venue": {"en": "Centre"}, "time_zone": "Asia/Seoul"});
    hall.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    admin.post("rooms", hall).await.expect(201);
}

/// Asks for a session to be scheduled.
async fn schedule(client: &Client, session: &Answer) -> Answer {
    client.post(&format!("sessions/{}/transitions", session.id()), json!({"to": "scheduled"})).await
}

#[track_caller]
fn refused(answer: Answer, words: &[&str]) {
    let answer = answer.expect(409);
    assert_eq!(answer.json["type"], "/problems/room-taken", "{}", answer.text);
    for words in words {
        assert!(answer.json["detail"].as_str().unwrap().contains(words), "{words} is missing in {}", answer.text);
    }
}

async fn limited(server: &Server, event: &str) -> Client {
    let key = NewKey { role: Role::Secretariat, event_ids: vec![event.into()], ..NewKey::default() };
    server.key(key).await
}

on_both! {
    async fn a_room_is_had_once_at_a_time_whatever_the_event(server) {
        let admin = server.admin().await;
        seoul(&admin, json!({})).await;
        let opening = admin.post("sessions", session("first", "Opening", "09:00", "10:30")).await.expect(201);
        let other = admin.post("sessions", session("second", "Panel", "10:00", "11:00")).await.expect(201);
        schedule(&admin, &opening).await.expect(200);
        // A draft may be tried out anywhere; it is refused when it is to be certain.
        refused(schedule(&admin, &other).await, &["'Grand Hall'", "2026-10-06 09:00 until 2026-10-06 10:30 (Asia/Seoul)", "session 1, 'Opening'", "from 2026-10-06 10:30"]);
        let path = format!("sessions/{}", other.id());
        let touching = admin.if_match(&other).patch(&path, json!({"placement": span("10:30", "11:30")})).await.expect(200);
        let scheduled = schedule(&admin, &touching).await.expect(200);
        refused(admin.if_match(&scheduled).patch(&path, json!({"placement": span("10:29", "11:30")})).await, &[]);
        let kept = admin.get(&path).await.expect(200);
        assert_eq!((&kept.json["placement"], &kept.json["version"]), (&scheduled.json["placement"], &scheduled.json["version"]));
        admin.if_match(&kept).patch(&path, json!({"title": {"en": "Another panel"}})).await.expect(200);
        let step = async |of: &Answer, to: Value| admin.post(&format!("sessions/{}/transitions", of.id()), to).await.expect(200);
        step(&opening, json!({"to": "cancelled", "reason": "Storm"})).await;
        let current = admin.get(&path).await.expect(200);
        admin.if_match(&current).patch(&path, json!({"placement": span("09:00", "11:00")})).await.expect(200);
        step(&opening, json!({"to": "draft"})).await;
        refused(schedule(&admin, &opening).await, &["session 1, 'Another panel'", "from 2026-10-06 11:00"]);
        let current = admin.get(&path).await.expect(200);
        admin.if_match(&current).delete(&path).await.expect(204);
        schedule(&admin, &opening).await.expect(200);
    }

    async fn a_cancelled_event_has_no_rooms_and_does_not_come_back_into_one_that_is_taken(server) {
        let admin = server.admin().await;
        seoul(&admin, json!({})).await;
        let opening = admin.post("sessions", session("first", "Opening", "09:00", "10:30")).await.expect(201);
        schedule(&admin, &opening).await.expect(200);
        admin.post("events/first/transitions", json!({"to": "cancelled"})).await.expect(200);
        let other = admin.post("sessions", session("second", "Panel", "10:00", "11:00")).await.expect(201);
        schedule(&admin, &other).await.expect(200);
        refused(admin.post("events/first/transitions", json!({"to": "tentative"})).await, &["session 1, 'Panel'"]);
        assert_eq!(admin.get("events/first").await.expect(200).json["state"], "cancelled");
    }

    async fn who_has_a_room_is_told_to_those_alone_who_may_know(server) {
        let admin = server.admin().await;
        seoul(&admin, json!({})).await;
        let secret = admin.post("sessions", session("first", "Talks nobody knows of", "09:00", "10:30")).await.expect(201);
        schedule(&admin, &secret).await.expect(200);
        let desk = limited(&server, "second").await;
        let panel = desk.post("sessions", session("second", "Panel", "10:00", "11:00")).await.expect(201);
        let answer = schedule(&desk, &panel).await;
        assert!(!answer.text.contains("Talks") && !answer.text.contains(&secret.id()), "{}", answer.text);
        refused(answer, &["by another commitment", "from 2026-10-06 10:30"]);
    }

    async fn an_event_moves_to_another_zone_though_each_session_takes_the_place_of_the_next(server) {
        let admin = server.admin().await;
        admin.post("events", event("moving", "Europe/Warsaw")).await.expect(201);
        admin.post("rooms", json!({"code": "hall", "name": {"en": "Hall"}, "venue": {"en": "Centre"}})).await.expect(201);
        let mut made = vec![];
        for (from, to) in [("09:00", "10:00"), ("10:00", "11:00"), ("11:00", "12:00")] {
            let one = admin.post("sessions", session("moving", from, from, to)).await.expect(201);
            schedule(&admin, &one).await.expect(200);
            made.push(one);
        }
        // London is an hour behind Warsaw, so the first begins when the second did.
        let before = admin.get("events/moving").await.expect(200);
        admin.if_match(&before).patch("events/moving", json!({"time_zone": "Europe/London"})).await.expect(200);
        for (session, utc) in made.iter().zip(["08", "09", "10"]) {
            let moved = admin.get(&format!("sessions/{}", session.id())).await.expect(200);
            assert_eq!(moved.json["start"]["utc"], format!("2026-10-06T{utc}:00:00Z"));
        }
        // Somebody else has the room when a session of the event would come to be in it.
        admin.post("events", event("other", "UTC")).await.expect(201);
        let other = admin.post("sessions", session("other", "Late", "11:00", "12:00")).await.expect(201);
        schedule(&admin, &other).await.expect(200);
        let before = admin.get("events/moving").await.expect(200);
        refused(admin.if_match(&before).patch("events/moving", json!({"time_zone": "UTC"})).await, &["'Late'"]);
        assert_eq!(admin.get("events/moving").await.expect(200).json["time_zone"], "Europe/London");
    }

    async fn two_sessions_change_rooms_in_one_release_and_a_release_into_a_taken_room_changes_nothing(server) {
        let admin = server.admin().await;
        seoul(&admin, json!({})).await;
        admin.post("rooms", json!({"code": "annex", "name": {"en": "Annex"}, "venue": {"en": "Centre"}})).await.expect(201);
        let release = async |name: &str| admin.post("events/first/releases", json!({"name": name})).await;
        let mut other = session("first", "Reports", "09:00", "10:00");
        other["room_id"] = json!("annex");
        let (opening, reports) = (session("first", "Opening", "09:00", "10:00"), other);
        let mut made = vec![];
        for session in [opening, reports] {
            made.push(admin.post("sessions", session).await.expect(201));
        }
        release("One").await.expect(201);
        let plan = async |session: &Answer, patch: Value| {
            let path = format!("sessions/{}/plan", session.id());
            let standing = admin.get(&path).await.expect(200);
            admin.if_match(&standing).patch(&path, json!({"session": patch})).await.expect(200)
        };
        let place = async |session: &Answer| admin.get(&format!("sessions/{}", session.id())).await.expect(200).json["location"].clone();
        let before = [place(&made[0]).await, place(&made[1]).await];
        // At once neither can go first.
        let live = admin.get(&format!("sessions/{}", made[0].id())).await.expect(200);
        refused(admin.if_match(&live).patch(&format!("sessions/{}", made[0].id()), json!({"room_id": "annex"})).await, &["'Reports'"]);
        plan(&made[0], json!({"room_id": "annex"})).await;
        plan(&made[1], json!({"room_id": "hall"})).await;
        release("Two").await.expect(201);
        let after = [place(&made[0]).await, place(&made[1]).await];
        assert_eq!(after, [before[1].clone(), before[0].clone()]);
        let panel = admin.post("sessions", session("second", "Panel", "14:00", "15:00")).await.expect(201);
        schedule(&admin, &panel).await.expect(200);
        plan(&made[0], json!({"title": {"en": "Welcome"}, "placement": span("14:30", "15:30"), "room_id": "hall"})).await;
        plan(&made[1], json!({"placement": span("11:00", "12:00")})).await;
        let stands = release("Three").await.expect(409);
        assert_eq!(stands.json["type"], "/problems/clashes-stand");
        assert!(stands.json["detail"].as_str().unwrap().contains("Welcome"), "{}", stands.text);
        let standing = admin.get(&format!("sessions/{}", made[1].id())).await.expect(200);
        assert_eq!(standing.json["placement"]["start"], "2026-10-06T09:00:00+09:00");
        assert_eq!(admin.get("events/first/releases").await.expect(200).json["items"].as_array().unwrap().len(), 2);
    }

    async fn a_shared_room_takes_several_until_it_is_closed(server) {
        let admin = server.admin().await;
        seoul(&admin, json!({"shared": true})).await;
        for event in ["first", "second"] {
            let coffee = admin.post("sessions", session(event, "Coffee", "10:00", "10:30")).await.expect(201);
            schedule(&admin, &coffee).await.expect(200);
        }
        let hall = admin.get("rooms/hall").await.expect(200);
        refused(admin.if_match(&hall).patch("rooms/hall", json!({"shared": false})).await, &["2026-10-06 10:00"]);
        let paint = json!({"kind": "maintenance", "placement": span("10:29", "12:00"), "reason": "Paint"});
        refused(admin.post("rooms/hall/bookings", paint).await, &[]);
        let paint = json!({"kind": "maintenance", "placement": span("10:30", "12:00"), "reason": "Paint"});
        admin.post("rooms/hall/bookings", paint).await.expect(201);
        let lunch = admin.post("sessions", session("first", "Lunch", "11:00", "12:30")).await.expect(201);
        refused(schedule(&admin, &lunch).await, &["by another commitment", "from 2026-10-06 12:00"]);
    }

    async fn a_hold_keeps_a_room_for_its_event_until_it_expires(server) {
        let admin = server.admin().await;
        seoul(&admin, json!({})).await;
        let desk = limited(&server, "first").await;
        let hold = json!({"kind": "hold", "event_id": "first", "placement": span("09:00", "12:00"), "expires_at": "2026-03-02T10:00:00Z"});
        let made = desk.post("rooms/hall/bookings", hold.clone()).await.expect(201);
        assert_eq!((&made.json["state"], &made.json["start"]["utc"]), (&json!("approved"), &json!("2026-10-06T00:00:00Z")));
        let panel = admin.post("sessions", session("second", "Panel", "10:00", "11:00")).await.expect(201);
        refused(schedule(&admin, &panel).await, &["from 2026-10-06 12:00"]);
        let own = desk.post("sessions", session("first", "Opening", "09:00", "09:30")).await.expect(201);
        schedule(&desk, &own).await.expect(200);
        server.advance(SignedDuration::from_hours(2));
        schedule(&admin, &panel).await.expect(200);
        assert_eq!(desk.post("rooms/hall/bookings", hold).await.expect(422).codes(), ["in_the_past"]);
        // Closing a room is for those who answer for it.
        desk.post("rooms/hall/bookings", json!({"kind": "blocking", "event_id": "first", "placement": span("15:00", "16:00")})).await.expect(403);
        desk.post("rooms/hall/bookings", json!({"kind": "hold", "placement": span("15:00", "16:00"), "expires_at": "2026-04-01"})).await.expect(403);
    }

    async fn what_was_promised_to_an_event_ends_with_it(server) {
        let admin = server.admin().await;
        seoul(&admin, json!({})).await;
        let hold = json!({"kind": "hold", "event_id": "first", "placement": span("09:00", "12:00"), "expires_at": "2026-09-01"});
        let hold = admin.post("rooms/hall/bookings", hold).await.expect(201);
        let panel = admin.post("sessions", session("second", "Panel", "10:00", "11:00")).await.expect(201);
        refused(schedule(&admin, &panel).await, &[]);
        let first = admin.get("events/first").await.expect(200);
        admin.if_match(&first).delete("events/first").await.expect(204);
        schedule(&admin, &panel).await.expect(200);
        admin.if_match(&hold).delete(&format!("room-bookings/{}", hold.id())).await.expect(204);
    }

    async fn a_room_that_needs_approval_is_asked_for_and_decided_on_by_its_owners(server) {
        let admin = server.admin().await;
        let group = json!({"code": "hosts", "kind": "committee", "name": {"en": "Hosts"}, "visibility": "signed_in"});
        admin.post("groups", group).await.expect(201);
        seoul(&admin, json!({"needs_approval": true, "owner_group_id": "hosts"})).await;
        let person = admin.post("persons", json!({"display_name": "Host"})).await.expect(201).id();
        admin.post("groups/hosts/roles", json!({"person_id": person, "function": "chair", "valid_from": "2019-01-01"})).await.expect(201);
        let account = Account::of(Role::Guest, "host@example.org", "Host");
        let account = Account { person_id: Some(person.as_str().into()), ends_at: Moment::parse("2026-04-01"), ..account };
        let host = server.signed_in(account).await;
        let desk = limited(&server, "first").await;
        let opening = desk.post("sessions", session("first", "Opening", "09:00", "10:30")).await.expect(201);
        let unasked = schedule(&desk, &opening).await.expect(409);
        assert_eq!(unasked.json["type"], "/problems/room-not-approved");
        let asked = json!({"kind": "prebooking", "session_id": opening.id(), "placement": span("08:30", "10:30")});
        let asked = desk.post("rooms/hall/bookings", asked).await.expect(201);
        assert_eq!((&asked.json["state"], &asked.json["event_id"]), (&json!("requested"), &opening.json["event_id"]));
        schedule(&desk, &opening).await.expect(409);
        let (path, decide) = (format!("room-bookings/{}", asked.id()), format!("room-bookings/{}/transitions", asked.id()));
        desk.post(&decide, json!({"to": "approved"})).await.expect(403);
        assert_eq!(admin.post(&decide, json!({"to": "refused"})).await.expect(422).codes(), ["required"]);
        // The host answers for the hall, but does not see the session it is for.
        host.get(&path).await.expect(404);
        let whole = json!({"kind": "prebooking", "event_id": "first", "placement": span("09:00", "12:00"), "booked_for": "Office of the Chair"});
        let whole = desk.post("rooms/hall/bookings", whole).await.expect(201);
        assert_eq!(host.get("rooms/hall/bookings?state=requested").await.expect(200).json["items"], json!([whole.json]));
        let decide_whole = format!("room-bookings/{}/transitions", whole.id());
        let approved = host.post(&decide_whole, json!({"to": "approved", "note": "Without catering"})).await.expect(200);
        assert_eq!((&approved.json["state"], &approved.json["note"]), (&json!("approved"), &json!("Without catering")));
        assert_eq!(host.post(&decide_whole, json!({"to": "approved"})).await.expect(409).json["type"], "/problems/already-there");
        schedule(&desk, &opening).await.expect(200);
        // Outside of what was approved it may not move, and the other event may not come in between.
        let current = desk.get(&format!("sessions/{}", opening.id())).await.expect(200);
        let earlier = desk.if_match(&current).patch(&format!("sessions/{}", opening.id()), json!({"placement": span("08:59", "10:00")})).await;
        assert_eq!(earlier.expect(409).json["type"], "/problems/room-not-approved");
        let panel = admin.post("sessions", session("second", "Panel", "11:00", "12:00")).await.expect(201);
        refused(schedule(&admin, &panel).await, &["from 2026-10-06 12:00"]);
        // What is asked for anew has to be approved anew.
        let longer = desk.if_match(&approved).patch(&format!("room-bookings/{}", whole.id()), json!({"placement": span("09:00", "13:00")})).await.expect(200);
        assert_eq!((&longer.json["state"], longer.json.get("note")), (&json!("requested"), None));
    }

    async fn bookings_are_for_those_who_run_the_event_or_answer_for_the_room(server) {
        let admin = server.admin().await;
        seoul(&admin, json!({})).await;
        let closed = json!({"kind": "blocking", "placement": span("09:00", "12:00"), "booked_for": "Security", "reason": "Search"});
        let closed = admin.post("rooms/hall/bookings", closed).await.expect(201);
        let asked = admin.post("rooms/hall/bookings", json!({"kind": "prebooking", "event_id": "first", "placement": span("13:00", "14:00")})).await.expect(201);
        let ids = |list: Answer| list.expect(200).json["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let (first, second) = (limited(&server, "first").await, limited(&server, "second").await);
        let auditor = server.role(Role::Auditor).await;
        let guest = server.role(Role::Guest).await;
        assert_eq!(ids(auditor.get("rooms/hall/bookings").await), [closed.id(), asked.id()]);
        assert_eq!(ids(first.get("rooms/hall/bookings").await), [asked.id()]);
        for nobody in [&second, &guest] {
            assert_eq!(ids(nobody.get("rooms/hall/bookings").await), Vec::<String>::new());
            nobody.get(&format!("room-bookings/{}", closed.id())).await.expect(404);
            nobody.get(&format!("room-bookings/{}", asked.id())).await.expect(404);
        }
        server.anonymous().get("rooms/hall/bookings").await.expect(401);
        for (query, found) in [("from=2026-10-06T12:00:00", vec![asked.id()]), ("to=2026-10-06T09:00:01", vec![closed.id()]), ("to=2026-10-06T00:00:00Z", vec![]), ("kind=blocking", vec![closed.id()]), ("event=first", vec![asked.id()])] {
            assert_eq!(ids(admin.get(&format!("rooms/hall/bookings?{query}")).await), found, "{query}");
        }
        let path = format!("room-bookings/{}", closed.id());
        let changed = admin.if_match(&closed).patch(&path, json!({"reason": null, "placement": span("10:00", "12:00")})).await.expect(200);
        assert_eq!((changed.json.get("reason"), &changed.json["start"]["local"]), (None, &json!("2026-10-06T10:00:00")));
        admin.if_match(&closed).delete(&path).await.expect(412);
        admin.if_match(&changed).delete(&path).await.expect(204);
        admin.get(&path).await.expect(410);
        second.get(&path).await.expect(404);
        let kinds = |list: Answer| list.expect(200).json["items"].as_array().unwrap().iter().filter_map(|item| item["type"].as_str()).filter(|kind| kind.starts_with("room_booking.")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(kinds(admin.get("changes").await), ["room_booking.created", "room_booking.created", "room_booking.updated", "room_booking.deleted"]);
        assert_eq!(kinds(first.get("changes").await), ["room_booking.created"]);
        assert_eq!(kinds(guest.get("changes").await), Vec::<String>::new());
    }
}
