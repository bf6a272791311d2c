//! Calendars of a room and of one's own duties, and what subscribers choose: reminders, and nothing of what was called
//! off. Seoul is nine hours ahead of UTC.

use domain::access::{Account, Role};
use serde_json::{Value, json};

use super::{
    SEOUL,
    readers::{self, Seen, all, read},
    strict::faults,
    subscribe,
    world::{OPENING, Sitting, announce, patch, place, programme, seoul, step},
};
use crate::{
    on_both,
    support::{Client, Server},
};

/// The meeting in Seoul at a time that every calendar shows, with two rooms.
pub(super) async fn meeting(admin: &Client) {
    let mut event = seoul();
    event
        .as_object_mut()
        .unwrap()
        .extend(json!({"starts_on": "2026-10-07", "ends_on": "2026-10-08"}).as_object().unwrap().clone());
    announce(admin, event).await;
    for room in ["hall-a", "hall-b"] {
        let room = json!({"code": room, "name": {"en": room}, "venue": {"en": "Centre"}, "time_zone": "Asia/Seoul"});
        admin.post("rooms", room).await.expect(201);
    }
}

/// A session on the first day at this hour; gives its path.
pub(super) async fn session(admin: &Client, title: &'static str, hour: u32, room: Option<&str>) -> String {
    let (from, to) = (format!("2026-10-07T{hour:02}:00:00"), format!("2026-10-07T{:02}:00:00", hour + 1));
    let path = place(admin, Sitting { title, from: from.leak(), to: to.leak(), ..OPENING }).await;
    if let Some(room) = room {
        patch(admin, &path, json!({ "room_id": room })).await;
    }
    path
}

pub(super) async fn titles(reader: &Client, path: &str) -> Vec<String> {
    read(&reader.get(path).await.text).into_iter().map(|entry| entry.summary).collect()
}

/// A person with an account, signed in.
pub(super) async fn somebody(server: &Server, admin: &Client, name: &str) -> (String, Client) {
    let person = admin.post("persons", json!({"display_name": name, "family_name": name})).await.expect(201).id();
    let account = Account::of(Role::Guest, format!("{person}@mail.example"), name);
    let ends_at = domain::moment::Moment::parse("2026-12-01");
    let client = server.signed_in(Account { person_id: Some(person.as_str().into()), ends_at, ..account }).await;
    (person, client)
}

pub(super) async fn duty(admin: &Client, session: &str, person: &str) -> String {
    admin.post(&format!("{session}/duties"), json!({"person_id": person, "duty": "speaker"})).await.expect(201).id()
}

fn mine() -> Value {
    json!({"kind": "person", "object_id": "me", "name": "My duties"})
}

on_both! {
    async fn a_room_has_a_calendar_of_what_sits_in_it(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        let first = session(&admin, "First", 9, Some("hall-a")).await;
        session(&admin, "Next door", 9, Some("hall-b")).await;
        session(&admin, "Second", 11, Some("hall-a")).await;
        let (path, _) = subscribe(&server.role(Role::Secretariat).await, json!({"kind": "room", "object_id": "hall-a"})).await;
        let reader = server.anonymous();
        let before = reader.get(&path).await;
        assert_eq!(titles(&reader, &path).await, ["First", "Second"]);
        assert_eq!((before.header("content-disposition"), before.text.contains("X-WR-TIMEZONE:Asia/Seoul")), ("inline; filename=\"hall-a.ics\"", true));
        assert_eq!(faults(before.text.as_bytes()), Vec::<&str>::new());
        // What moves out is out, and what moves in is in.
        let known = |answer: &crate::support::Answer| reader.header("If-None-Match", answer.header("etag"));
        assert_eq!(known(&before).get(&path).await.status, 304);
        patch(&admin, &first, json!({"room_id": "hall-b", "placement": {"start": "2026-10-07T14:00:00", "end": "2026-10-07T15:00:00"}})).await;
        let after = known(&before).get(&path).await;
        assert_eq!((after.status.as_u16(), titles(&reader, &path).await), (200, vec!["Second".to_owned()]));
        patch(&admin, &first, json!({"room_id": "hall-a"})).await;
        assert_eq!((known(&after).get(&path).await.status.as_u16(), titles(&reader, &path).await), (200, vec!["Second".to_owned(), "First".to_owned()]));
    }

    async fn the_calendar_of_a_room_shows_its_owner_what_they_may_see_and_nobody_has_one_for_everybody(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        session(&admin, "Open", 9, Some("hall-a")).await;
        let closed = session(&admin, "Closed", 11, Some("hall-a")).await;
        patch(&admin, &closed, json!({"visibility": "participants"})).await;
        let outsider = server.delegate_of(&super::world::organisation(&admin, "ONE").await).await;
        let of_room = |access: &str| json!({"kind": "room", "object_id": "hall-a", "name": "Hall", "access": access});
        let (path, _) = subscribe(&outsider, of_room("token")).await;
        assert_eq!(titles(&server.anonymous(), &path).await, ["Open"]);
        assert_eq!(admin.post("feeds", of_room("public")).await.expect(422).codes(), ["not_for_everybody"]);
        let nowhere = json!({"kind": "room", "object_id": "nowhere", "name": "Hall", "access": "token"});
        assert_eq!(admin.post("feeds", nowhere).await.expect(422).codes(), ["unknown_object"]);
        assert_eq!(server.anonymous().get("/ical/rooms/hall-a.ics").await.status, 404);
    }

    async fn who_has_duties_has_them_in_a_calendar_of_their_own_that_takes_their_time(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        let (first, second) = (session(&admin, "First", 9, None).await, session(&admin, "Second", 11, None).await);
        session(&admin, "Without them", 13, None).await;
        let (person, client) = somebody(&server, &admin, "Speaker").await;
        let (other, _) = somebody(&server, &admin, "Another").await;
        let (path, id) = subscribe(&client, mine()).await;
        assert_eq!(client.get(&format!("feeds/{id}")).await.expect(200).json["object_id"], json!(person));
        let reader = server.anonymous();
        let empty = reader.get(&path).await;
        assert_eq!((empty.status.as_u16(), all(&empty.text).len()), (200, 0));
        duty(&admin, &first, &person).await;
        let given = duty(&admin, &second, &person).await;
        duty(&admin, &first, &other).await;
        let known = |answer: &crate::support::Answer| reader.header("If-None-Match", answer.header("etag"));
        let with_both = known(&empty).get(&path).await;
        assert_eq!((with_both.status.as_u16(), titles(&reader, &path).await), (200, vec!["First".to_owned(), "Second".to_owned()]));
        assert_eq!(with_both.text.matches("\r\nTRANSP:OPAQUE\r\n").count(), 2);
        assert_eq!(known(&with_both).get(&path).await.status, 304);
        // It follows the session, the answer, and the duty itself.
        patch(&admin, &first, json!({"placement": {"start": "2026-10-07T15:00:00", "end": "2026-10-07T16:00:00"}})).await;
        let moved = known(&with_both).get(&path).await;
        assert_eq!((moved.status.as_u16(), titles(&reader, &path).await), (200, vec!["Second".to_owned(), "First".to_owned()]));
        admin.post(&format!("duties/{given}/transitions"), json!({"to": "declined"})).await.expect(200);
        let declined = known(&moved).get(&path).await;
        assert_eq!((declined.status.as_u16(), titles(&reader, &path).await), (200, vec!["First".to_owned()]));
        step(&admin, &first, json!({"to": "cancelled", "reason": "Storm"})).await;
        let cancelled = known(&declined).get(&path).await;
        assert_eq!((cancelled.status.as_u16(), titles(&reader, &path).await), (200, vec!["Cancelled: First".to_owned()]));
        assert!(!cancelled.text.contains("OPAQUE"));
    }

    async fn nobody_has_a_calendar_of_anothers_duties(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        let (person, client) = somebody(&server, &admin, "Speaker").await;
        let (_, other) = somebody(&server, &admin, "Another").await;
        let of = |object: &str| json!({"kind": "person", "object_id": object, "name": "Duties", "access": "token"});
        assert_eq!(other.post("feeds", of(&person)).await.expect(422).codes(), ["unknown_object"]);
        assert_eq!(admin.post("feeds", of(&person)).await.expect(422).codes(), ["not_a_person"], "keys are no people");
        client.post("feeds", of(&person)).await.expect(201);
        assert_eq!(client.post("feeds", of("you")).await.expect(422).codes(), ["unknown_object"]);
    }

    async fn reminders_and_what_was_called_off_are_the_subscribers_choice(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        session(&admin, "First", 9, None).await;
        let second = session(&admin, "Second", 11, None).await;
        step(&admin, &second, json!({"to": "cancelled", "reason": "Storm"})).await;
        let (path, id) = subscribe(&admin, json!({"alarm_minutes": 15})).await;
        let reader = server.anonymous();
        let reminded = reader.get(&path).await;
        assert_eq!(reminded.text.matches("\r\nTRIGGER:-PT15M\r\n").count(), 1, "only of what takes place");
        assert_eq!(faults(reminded.text.as_bytes()), Vec::<&str>::new());
        assert_eq!(titles(&reader, &path).await, ["First", "Cancelled: Second"]);
        let without_alarm: Vec<Seen> = all(&reader.get(SEOUL).await.text);
        for (program, seen) in readers::foreign(&reminded.text) {
            assert_eq!(seen.len(), without_alarm.len(), "{program}");
        }
        let feed = format!("feeds/{id}");
        patch(&admin, &feed, json!({"alarm_minutes": null, "without_cancelled": true})).await;
        let after = reader.header("If-None-Match", reminded.header("etag")).get(&path).await;
        assert_eq!((after.status.as_u16(), after.text.contains("VALARM")), (200, false));
        assert_eq!(titles(&reader, &path).await, ["First"]);
        step(&admin, "events/seoul-2019", json!({"to": "cancelled"})).await;
        assert!(all(&reader.get(&path).await.text).is_empty(), "with its event everything falls");
        assert_eq!(all(&reader.get(SEOUL).await.text).len(), 3, "everybody is told");
        let refused = json!({"kind": "event", "object_id": "seoul-2019", "name": "X", "access": "public", "alarm_minutes": 15});
        assert_eq!(admin.post("feeds", refused).await.expect(422).codes(), ["not_for_public_feeds"]);
    }

    async fn less_detail_tells_less(server) {
        let staff = server.role(Role::Secretariat).await;
        programme(&server.admin().await).await;
        let (busy, _) = subscribe(&staff, json!({"detail": "busy_only"})).await;
        let busy = server.anonymous().get(&busy).await;
        for word in ["Opening", "secretly", "Drafting", "papers", "Seoul", "cyber"] {
            assert!(!busy.text.contains(word), "{word}");
        }
        assert_eq!(super::titles(&read(&busy.text)), ["Busy", "Busy", "Busy"]);
        assert_eq!(busy.header("content-disposition"), "inline; filename=\"calendar.ics\"");
        let (short, _) = subscribe(&staff, json!({"detail": "title_only", "language": "pl"})).await;
        let short = server.anonymous().get(&short).await;
        assert_eq!(super::titles(&read(&short.text))[0], "Opening po polsku");
        assert!(!short.text.contains("papier") && !short.text.contains("Seul"));
        let (polish, _) = subscribe(&staff, json!({"language": "pl"})).await;
        let polish = server.anonymous().get(&polish).await;
        assert!(polish.text.contains("\r\nSUMMARY:Opening po polsku\r\n") && polish.text.contains("\r\nLOCATION:Seul\r\n"));
        assert!(polish.text.contains("Wszystko w papierach"));
        let full = read(&server.anonymous().get(&subscribe(&staff, json!({})).await.0).await.text);
        let uids = |seen: &[Seen]| seen.iter().map(|entry| (entry.uid.clone(), entry.start.clone())).collect::<Vec<_>>();
        assert_eq!((uids(&read(&busy.text)), uids(&read(&short.text))), (uids(&full), uids(&full)));
    }
}
