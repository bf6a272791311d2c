//! What clocks that change do to times on the wall, beside Python's zoneinfo; and a country that changes its rules after
//! people agreed on a time there. Instants were worked out by hand from the offsets of the places.

use std::fmt::Write;

use ::entity::schedule::{
    date_poll, room_booking,
    session::{self, ActiveModel, Column, Entity},
    session_plan,
};
use api::{
    context::Ctx,
    schedule::zones::{rederive, shifts},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::time;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::date};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    on_both,
    support::{Client, Server, foreign::python, plenum::plenum},
};

const CASABLANCA: &str = "Africa/Casablanca";
const SANTIAGO: &str = "America/Santiago";
const LORD_HOWE: &str = "Australia/Lord_Howe";

/// Zone, time on the wall, and what becomes of it: the instant; of a time that is shown twice, both; of one that is
/// skipped, what the clocks show at the instants that the offsets before and after would mean.
const TABLE: &[(&str, &str, &str)] = &[
    // An hour ahead of Greenwich all year but in Ramadan, in 2026 from 15 February, 3:00, to 22 March, 2:00.
    (CASABLANCA, "2026-02-14T09:00:00", "once 2026-02-14T08:00:00Z 2026-02-14T09:00:00+01:00"),
    (CASABLANCA, "2026-02-15T01:59:59", "once 2026-02-15T00:59:59Z 2026-02-15T01:59:59+01:00"),
    (CASABLANCA, "2026-02-15T02:30:00", "twice 2026-02-15T02:30:00+01:00 2026-02-15T02:30:00+00:00"),
    (CASABLANCA, "2026-02-15T03:00:00", "once 2026-02-15T03:00:00Z 2026-02-15T03:00:00+00:00"),
    (CASABLANCA, "2026-02-16T09:00:00", "once 2026-02-16T09:00:00Z 2026-02-16T09:00:00+00:00"),
    (CASABLANCA, "2026-03-22T02:30:00", "skipped 2026-03-22T03:30:00+01:00 2026-03-22T01:30:00+00:00"),
    (CASABLANCA, "2026-03-22T03:00:00", "once 2026-03-22T02:00:00Z 2026-03-22T03:00:00+01:00"),
    (CASABLANCA, "2026-03-23T09:00:00", "once 2026-03-23T08:00:00Z 2026-03-23T09:00:00+01:00"),
    // The clocks change at midnight, so that an hour of the day before is had twice, and a day begins at one.
    (SANTIAGO, "2026-04-04T09:00:00", "once 2026-04-04T12:00:00Z 2026-04-04T09:00:00-03:00"),
    (SANTIAGO, "2026-04-04T23:30:00", "twice 2026-04-04T23:30:00-03:00 2026-04-04T23:30:00-04:00"),
    (SANTIAGO, "2026-04-05T00:00:00", "once 2026-04-05T04:00:00Z 2026-04-05T00:00:00-04:00"),
    (SANTIAGO, "2026-04-06T09:00:00", "once 2026-04-06T13:00:00Z 2026-04-06T09:00:00-04:00"),
    (SANTIAGO, "2026-09-05T23:59:59", "once 2026-09-06T03:59:59Z 2026-09-05T23:59:59-04:00"),
    (SANTIAGO, "2026-09-06T00:30:00", "skipped 2026-09-06T01:30:00-03:00 2026-09-05T23:30:00-04:00"),
    (SANTIAGO, "2026-09-06T01:00:00", "once 2026-09-06T04:00:00Z 2026-09-06T01:00:00-03:00"),
    (SANTIAGO, "2026-09-07T09:00:00", "once 2026-09-07T12:00:00Z 2026-09-07T09:00:00-03:00"),
    // The clocks change by half an hour, from 2:00 to 1:30 and from 2:00 to 2:30.
    (LORD_HOWE, "2026-04-04T09:00:00", "once 2026-04-03T22:00:00Z 2026-04-04T09:00:00+11:00"),
    (LORD_HOWE, "2026-04-05T01:29:59", "once 2026-04-04T14:29:59Z 2026-04-05T01:29:59+11:00"),
    (LORD_HOWE, "2026-04-05T01:45:00", "twice 2026-04-05T01:45:00+11:00 2026-04-05T01:45:00+10:30"),
    (LORD_HOWE, "2026-04-05T02:00:00", "once 2026-04-04T15:30:00Z 2026-04-05T02:00:00+10:30"),
    (LORD_HOWE, "2026-04-06T09:00:00", "once 2026-04-05T22:30:00Z 2026-04-06T09:00:00+10:30"),
    (LORD_HOWE, "2026-10-04T02:15:00", "skipped 2026-10-04T02:45:00+11:00 2026-10-04T01:45:00+10:30"),
    (LORD_HOWE, "2026-10-04T02:30:00", "once 2026-10-03T15:30:00Z 2026-10-04T02:30:00+11:00"),
    (LORD_HOWE, "2026-10-05T09:00:00", "once 2026-10-04T22:00:00Z 2026-10-05T09:00:00+11:00"),
];

/// What we make of a time on the wall, as `read_clocks.py` writes it.
fn ours(zone: &str, wall: &str) -> String {
    let rules = time::zone(zone, "").unwrap();
    let refused = match time::parse(wall, &rules, "") {
        Ok((local, at)) => {
            assert_eq!(
                (local, local.to_string()),
                (time::local(at, &rules), wall.to_owned()),
                "there and back in {zone}"
            );
            return format!("once {at} {}", at.to_zoned(rules).strftime("%Y-%m-%dT%H:%M:%S%:z"));
        }
        Err(refused) => refused,
    };
    let word = if refused.code == "ambiguous_local_time" { "twice" } else { "skipped" };
    let (_, send) = refused.detail.split_once("Send ").unwrap();
    let candidates: Vec<_> = send.trim_end_matches(" instead.").split(" or ").collect();
    // What is sent instead is taken, and is the instant it says.
    for candidate in &candidates {
        let at: Timestamp = candidate.parse().unwrap();
        assert_eq!(time::parse(candidate, &rules, "").unwrap().1, at);
    }
    format!("{word} {}", candidates.join(" "))
}

fn theirs(zone: &str, walls: &str) -> Vec<String> {
    let (well, said) = python("read_clocks.py", zone, walls);
    assert!(well, "{said}");
    said.lines().map(str::to_owned).collect()
}

#[test]
fn a_time_on_the_wall_is_the_instant_that_hand_and_zoneinfo_give() {
    for (zone, wall, expected) in TABLE {
        assert_eq!(ours(zone, wall), *expected, "{wall} in {zone}");
        assert_eq!(theirs(zone, wall), [*expected], "{wall} in {zone} by zoneinfo");
    }
}

#[test]
fn every_quarter_of_a_year_is_as_zoneinfo_has_it() {
    for zone in [CASABLANCA, SANTIAGO, LORD_HOWE, "Asia/Almaty", "Europe/Warsaw"] {
        let (mut wall, mut walls) = (date(2026, 1, 1).at(0, 0, 0, 0), String::new());
        while wall.year() == 2026 {
            writeln!(walls, "{wall}").unwrap();
            wall = wall.checked_add(15.minutes()).unwrap();
        }
        let theirs = theirs(zone, &walls);
        assert_eq!(theirs.len(), 365 * 24 * 4);
        for (wall, said) in walls.lines().zip(theirs) {
            assert_eq!(ours(zone, wall), said, "{wall} in {zone}");
        }
    }
}

fn event(code: &str, zone: &str, day: &str) -> Value {
    json!({
        "code": code, "kind": "workshop", "title": {"en": code}, "city": {"name": {"en": "There"}}, "time_zone": zone,
        "starts_on": day, "ends_on": day, "languages": ["en"], "visibility": "public",
    })
}

fn session(event: &str, start: &str, end: &str, room: Option<&str>) -> Value {
    let mut body = json!({
        "event_id": event, "kind": "plenary", "title": {"en": "Talks"}, "placement": {"start": start, "end": end},
    });
    if let Some(room) = room {
        body["room_id"] = json!(room);
    }
    body
}

async fn scheduled(admin: &Client, body: Value) -> Uuid {
    let made = admin.post("sessions", body).await.expect(201);
    admin.post(&format!("sessions/{}/transitions", made.id()), json!({"to": "scheduled"})).await.expect(200);
    made.id().parse().unwrap()
}

const DAY: &str = "2026-05-11";

fn on_the_day(hour: u8) -> String {
    format!("{DAY}T{hour:02}:00:00")
}

/// Two events in Almaty that have a hall after one another, which then is closed; the first has held a session, too.
/// Gives the sessions in the hall, that of the second event last, and the one that was held.
///
/// All is stored as it was before Kazakhstan went from UTC+6 to UTC+5 in 2024.
async fn almaty(server: &Server, admin: &Client) -> ([Uuid; 3], Uuid) {
    for code in ["first", "second"] {
        let made = admin.post("events", event(code, "Asia/Almaty", DAY)).await.expect(201);
        admin.post(&format!("events/{}/transitions", made.id()), json!({"to": "announced"})).await.expect(200);
    }
    let hall = json!({"code": "hall", "name": {"en": "Hall"}, "venue": {"en": "Centre"}, "time_zone": "Asia/Almaty"});
    admin.post("rooms", hall).await.expect(201);
    let at = |event, from, to| session(event, &on_the_day(from), &on_the_day(to), Some("hall"));
    let early = scheduled(admin, at("first", 9, 10)).await;
    let late = scheduled(admin, at("first", 11, 12)).await;
    let between = scheduled(admin, at("second", 10, 11)).await;
    let closed = json!({"kind": "blocking", "placement": {"start": on_the_day(12), "end": on_the_day(13)}});
    admin.post("rooms/hall/bookings", closed).await.expect(201);
    let held = scheduled(admin, session("first", &on_the_day(15), &on_the_day(16), None)).await;
    admin.post(&format!("sessions/{held}/transitions"), json!({"to": "held"})).await.expect(200);
    for id in [early, late, between, held] {
        as_of_an_hour_earlier(server, id).await;
    }
    let row = room_booking::Entity::find().one(server.app.db.read()).await.unwrap().unwrap();
    let earlier = room_booking::ActiveModel {
        starts_at: Set(row.starts_at - TimeDelta::hours(1)),
        ends_at: Set(row.ends_at - TimeDelta::hours(1)),
        ..Default::default()
    };
    room_booking::Entity::update_many().set(earlier).exec(server.app.db.read()).await.unwrap();
    ([early, late, between], held)
}

async fn row(server: &Server, id: Uuid) -> session::Model {
    Entity::find_by_id(id).one(server.app.db.read()).await.unwrap().unwrap()
}

/// Writes the instants of a session, and all that was derived from them, as clocks an hour ahead would have had them.
async fn as_of_an_hour_earlier(server: &Server, id: Uuid) {
    let row = row(server, id).await;
    let hour = TimeDelta::hours(1);
    let (start, end) = (row.starts_at.unwrap(), row.ends_at.unwrap());
    let basic = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    let entry = row.vevent.unwrap();
    let entry = entry.replace(&format!("DTSTART:{}", basic(start)), &format!("DTSTART:{}", basic(start - hour)));
    let entry = entry.replace(&format!("DTEND:{}", basic(end)), &format!("DTEND:{}", basic(end - hour)));
    let earlier = ActiveModel {
        starts_at: Set(Some(start - hour)),
        ends_at: Set(Some(end - hour)),
        vevent: Set(Some(entry)),
        sort_key: Set(format!("{} {:06}", (start - hour).format("%Y-%m-%dT%H:%M:%SZ"), row.number)),
        ..Default::default()
    };
    Entity::update_many().set(earlier).filter(Column::Id.eq(id)).exec(server.app.db.read()).await.unwrap();
}

/// Writes the times of polls and plans as clocks an hour ahead would have had them: six hours before Greenwich.
async fn as_clocks_an_hour_ahead_had_them(server: &Server) {
    let connection = server.app.db.read();
    let row = date_poll::Entity::find().one(connection).await.unwrap().unwrap();
    let mut options = row.options.clone();
    for option in options.as_array_mut().unwrap() {
        for part in [2, 3] {
            let at: Timestamp = option["slot"][part].as_str().unwrap().parse().unwrap();
            option["slot"][part] = json!(at - SignedDuration::from_hours(1));
        }
    }
    let closes_at = row.closes_at.map(|at| at - TimeDelta::hours(1));
    let poll = date_poll::ActiveModel { options: Set(options), closes_at: Set(closes_at), ..Default::default() };
    date_poll::Entity::update_many().set(poll).exec(connection).await.unwrap();
    let row = session_plan::Entity::find().one(connection).await.unwrap().unwrap();
    let planned = row.planned.unwrap().to_string();
    assert!(planned.contains("+05:00"), "{planned}");
    let planned = serde_json::from_str(&planned.replace("+05:00", "+06:00")).unwrap();
    let plan = session_plan::ActiveModel { planned: Set(Some(planned)), ..Default::default() };
    session_plan::Entity::update_many().set(plan).exec(connection).await.unwrap();
}

/// What the command prints, and the code it ends with.
fn doctor(server: &Server, more: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = plenum(&["doctor", "--zones", "--database", &server.app.config.database_url()]);
    let output = command.args(["--data-dir", folder.path().to_str().unwrap()]).args(more).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[track_caller]
fn says(said: &str, line: &str) {
    assert!(said.lines().any(|found| found.starts_with(line)), "{line} is missing in\n{said}");
}

on_both! {
    async fn a_country_that_changes_its_clocks_moves_the_instants_and_subscribers_are_told(server) {
        let admin = server.admin().await;
        let (sessions, held) = almaty(&server, &admin).await;
        let path = format!("sessions/{}", sessions[0]);
        let before = admin.get(&path).await.expect(200);
        assert_eq!(before.json["start"]["utc"], "2026-05-11T03:00:00Z");
        let anybody = server.anonymous();
        assert!(anybody.get("/ical/events/first.ics").await.text.contains("DTSTART:20260511T030000Z"));

        server.advance(SignedDuration::from_mins(1));
        let ctx = Ctx::internal(&server.app, "console");
        let found = shifts(&ctx).await.unwrap();
        let subjects: Vec<_> = found.iter().map(|shift| shift.subject.as_str()).collect();
        assert_eq!(subjects.len(), 4, "what was held is a fact: {subjects:?}");
        for subject in ["first session 1", "first session 2", "second session 1"] {
            assert!(subjects.contains(&subject), "{subjects:?}");
        }
        assert_eq!(admin.get(&path).await.expect(200).json, before.json, "looking changes nothing");
        assert_eq!(rederive(&ctx, "Asia/Almaty").await.unwrap(), 4);

        let after = admin.get(&path).await.expect(200);
        assert_eq!(after.json["start"], json!({"local": "2026-05-11T09:00:00", "time_zone": "Asia/Almaty", "utc": "2026-05-11T04:00:00Z"}));
        let sequence = before.json["sequence"].as_i64().unwrap() + 1;
        assert_eq!(after.json["sequence"], sequence);
        let feed = anybody.get("/ical/events/first.ics").await.text;
        assert!(feed.contains("DTSTART:20260511T040000Z") && !feed.contains("DTSTART:20260511T030000Z"), "{feed}");
        assert!(feed.contains(&format!("\r\nSEQUENCE:{sequence}\r\n")), "{feed}");
        let told = anybody.get("changes?type=session.moved").await.expect(200);
        let told: Vec<_> = told.json["items"].as_array().unwrap().iter().map(|item| item["object_id"].as_str().unwrap().to_owned()).collect();
        assert!(told.len() == 3 && sessions.iter().all(|id| told.contains(&id.to_string())), "{told:?}");
        assert_eq!(row(&server, held).await.starts_at.unwrap().to_rfc3339(), "2026-05-11T09:00:00+00:00");
        let booked = admin.get("rooms/hall/bookings").await.expect(200);
        assert_eq!((&booked.json["items"][0]["start"]["utc"], &booked.json["items"][0]["state"]), (&json!("2026-05-11T07:00:00Z"), &json!("approved")));
        assert!(shifts(&ctx).await.unwrap().is_empty());
    }

    async fn a_shift_into_a_room_that_somebody_has_is_refused_whole(server) {
        let admin = server.admin().await;
        let ([early, ..], _) = almaty(&server, &admin).await;
        admin.post("events", event("abroad", "Asia/Seoul", DAY)).await.expect(201);
        scheduled(&admin, session("abroad", &on_the_day(16), &on_the_day(17), Some("hall"))).await;
        let (code, said) = doctor(&server, &["--confirm"]);
        assert_eq!(code, Some(1), "{said}");
        says(&said, "Asia/Almaty: nothing was changed. ");
        assert!(said.contains("is taken from"), "{said}");
        assert_eq!(admin.get(&format!("sessions/{early}")).await.expect(200).json["start"]["utc"], "2026-05-11T03:00:00Z");
    }

    async fn the_doctor_lists_what_shifts_and_leaves_what_a_person_has_to_say(server) {
        let admin = server.admin().await;
        assert_eq!(doctor(&server, &[]), (Some(0), "No instant changes: every session, booking and poll is as the rules of its zone have it.\n".into()));
        almaty(&server, &admin).await;
        // Said exactly: the clocks show it twice, and it is not asked for again.
        admin.post("events", event("island", LORD_HOWE, "2026-04-05")).await.expect(201);
        scheduled(&admin, session("island", "2026-04-05T01:45:00+10:30", "2026-04-05T03:00:00", None)).await;
        // At half past two, which rules of a later day skip.
        admin.post("events", event("rabat", CASABLANCA, "2026-03-22")).await.expect(201);
        let night = scheduled(&admin, session("rabat", "2026-03-22T03:30:00", "2026-03-22T05:00:00", None)).await;
        let wall = row(&server, night).await.starts_local.unwrap() - TimeDelta::hours(1);
        let skipped = ActiveModel { starts_local: Set(Some(wall)), ..Default::default() };
        Entity::update_many().set(skipped).filter(Column::Id.eq(night)).exec(server.app.db.read()).await.unwrap();

        let (code, said) = doctor(&server, &[]);
        assert_eq!((code, said.lines().count()), (Some(1), 7), "{said}");
        says(&said, "first session 1: 2026-05-11T09:00:00 to 2026-05-11T10:00:00 (Asia/Almaty) is 2026-05-11T04:00:00Z to 2026-05-11T05:00:00Z, not 2026-05-11T03:00:00Z to 2026-05-11T04:00:00Z");
        says(&said, "rabat session 1: 2026-03-22T02:30:00 to 2026-03-22T05:00:00 (Africa/Casablanca) needs a person. ");
        says(&said, "Back up, then ");
        let (code, said) = doctor(&server, &["--confirm"]);
        assert_eq!(code, Some(1), "{said}");
        says(&said, "Asia/Almaty: 4 derived again");
        says(&said, "To be given a time by a person: 1.");
        let (_, said) = doctor(&server, &["--confirm"]);
        assert_eq!(said.lines().count(), 2, "{said}");

        let path = format!("sessions/{night}");
        let current = admin.get(&path).await.expect(200);
        let later = json!({"placement": {"start": "2026-03-22T03:30:00", "end": "2026-03-22T05:00:00"}});
        admin.if_match(&current).patch(&path, later).await.expect(200);
        assert_eq!(doctor(&server, &[]).0, Some(0));
    }
    async fn what_is_asked_and_planned_keeps_its_time_on_the_wall(server) {
        let admin = server.admin().await;
        admin.post("events", event("steppe", "Asia/Almaty", DAY)).await.expect(201);
        let ngo = json!({"code": "NGO", "kind": "ngo", "names": {"en": {"list": "Ngo"}}});
        admin.post("organisations", ngo).await.expect(201);
        let poll = json!({
            "title": {"en": "When?"}, "organisation_ids": ["NGO"], "deadline": "2026-05-09T12:00:00",
            "offers": [
                {"placement": {"start": on_the_day(9), "end": on_the_day(10)}},
                {"days": {"first": DAY, "last": DAY}},
            ],
        });
        let poll = format!("polls/{}", admin.post("events/steppe/polls", poll).await.expect(201).id());
        let id = scheduled(&admin, session("steppe", &on_the_day(9), &on_the_day(10), None)).await;
        let plan = format!("sessions/{id}/plan");
        let stands = admin.get(&plan).await.expect(200);
        let later = json!({"session": {"placement": {"start": on_the_day(14), "end": on_the_day(15)}}});
        admin.if_match(&stands).patch(&plan, later).await.expect(200);
        let before = admin.get(&poll).await.expect(200);
        as_clocks_an_hour_ahead_had_them(&server).await;

        let (code, said) = doctor(&server, &[]);
        assert_eq!((code, said.lines().count()), (Some(1), 4), "{said}");
        let id_of_poll = poll.trim_start_matches("polls/");
        for (local, stood, stands) in [
            ("2026-05-11T09:00:00 to 2026-05-11T10:00:00", "2026-05-11T03:00:00Z to 2026-05-11T04:00:00Z", "2026-05-11T04:00:00Z to 2026-05-11T05:00:00Z"),
            ("2026-05-11T00:00:00 to 2026-05-12T00:00:00", "2026-05-10T18:00:00Z to 2026-05-11T18:00:00Z", "2026-05-10T19:00:00Z to 2026-05-11T19:00:00Z"),
            ("2026-05-09T12:00:00 to 2026-05-09T12:00:00", "2026-05-09T06:00:00Z to 2026-05-09T06:00:00Z", "2026-05-09T07:00:00Z to 2026-05-09T07:00:00Z"),
        ] {
            says(&said, &format!("poll {id_of_poll}: {local} (Asia/Almaty) is {stands}, not {stood}"));
        }
        says(&doctor(&server, &["--confirm"]).1, "Asia/Almaty: 1 derived again");
        assert_eq!(doctor(&server, &[]).0, Some(0));
        let after = admin.get(&poll).await.expect(200);
        for name in ["offers", "deadline", "options"] {
            assert_eq!(after.json[name], before.json[name], "{name}");
        }
        let stands = admin.get(&plan).await.expect(200);
        assert_eq!(stands.json["session"]["placement"]["start"], "2026-05-11T14:00:00+05:00");
        admin.post("events/steppe/releases", json!({"name": "First"})).await.expect(201);
        let moved = admin.get(&format!("sessions/{id}")).await.expect(200);
        assert_eq!(moved.json["start"]["utc"], "2026-05-11T09:00:00Z");
    }
}
