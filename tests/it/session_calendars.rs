//! Sessions from calendar files: what is seen is what is written, a second import changes instead of adding, and no file,
//! however broken, writes anything. Seoul is nine hours ahead of UTC.

use std::process::Command;

use serde_json::{Value, json};

use crate::{
    duties::Meeting,
    on_both,
    support::{
        Answer, Client,
        calendar_host::{CalendarHost, TOKEN},
        setting,
    },
};

const PATH: &str = "events/meeting/session-calendars";

/// A programme as the PyPI package `icalendar` writes it.
fn foreign() -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/write_sessions.py");
    let output = Command::new(setting("PYTHON").unwrap()).arg(script).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn file(entries: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", entries.replace('|', "\r\n"))
}

fn entry(uid: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT|UID:{uid}|SUMMARY:Session|{lines}|END:VEVENT|")
}

async fn look(client: &Client, calendar: &str) -> Answer {
    client.post(PATH, json!({"calendar": calendar, "kind": "workshop"})).await
}

async fn write(client: &Client, calendar: &str, tag: &Value) -> Answer {
    client.post(PATH, json!({"calendar": calendar, "kind": "workshop", "preview_tag": tag})).await
}

/// Title, start and what becomes of each entry.
fn entries(answer: &Answer) -> Vec<(String, String, String)> {
    let text = |entry: &Value, at: &str| entry.pointer(at).unwrap().as_str().unwrap().to_owned();
    let list = answer.json["entries"].as_array().unwrap();
    list.iter().map(|entry| (text(entry, "/title"), text(entry, "/placement/start"), text(entry, "/action"))).collect()
}

fn expected(list: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    list.iter().map(|(title, start, action)| ((*title).to_owned(), (*start).to_owned(), (*action).to_owned())).collect()
}

async fn sessions(client: &Client) -> Vec<Value> {
    client.get("sessions?event=meeting").await.expect(200).json["items"].as_array().unwrap().clone()
}

on_both! {
    async fn what_another_program_wrote_is_looked_at_and_then_written_as_drafts(server) {
        let meeting = Meeting::new(&server).await;
        let (admin, calendar) = (&meeting.admin, foreign());
        let seen = look(admin, &calendar).await.expect(200);
        assert_eq!(
            entries(&seen),
            expected(&[
                ("Opening, with; marks", "2026-10-07T00:00:00Z", "add"),
                ("In UTC", "2026-10-07T02:00:00Z", "add"),
                ("Every day", "2026-10-07T06:00:00Z", "add"),
                ("Later that day", "2026-10-09T07:00:00Z", "add"),
            ])
        );
        let zones: Vec<_> = seen.json["entries"].as_array().unwrap().iter().map(|entry| entry["zone"].clone()).collect();
        assert_eq!(zones, [json!("Asia/Seoul"), json!("UTC"), json!("Asia/Seoul"), json!("Asia/Seoul")]);
        assert_eq!((&seen.json["written"], &seen.json["refused"][0]["code"]), (&json!(false), &json!("whole_day")));
        let line = seen.json["refused"][0]["line"].as_u64().unwrap();
        assert_eq!(calendar.lines().nth(usize::try_from(line).unwrap() - 1), Some("BEGIN:VEVENT"));
        assert!(sessions(admin).await.is_empty(), "a look writes nothing");

        let other = write(admin, &calendar.replace("In UTC", "In UCT"), &seen.json["preview_tag"]).await.expect(409);
        assert_eq!(other.json["type"], "/problems/stale-preview");
        assert!(sessions(admin).await.is_empty());
        let done = write(admin, &calendar, &seen.json["preview_tag"]).await.expect(200);
        assert_eq!((&done.json["written"], &done.json["preview_tag"]), (&json!(true), &seen.json["preview_tag"]));
        let made = sessions(admin).await;
        assert_eq!(made.len(), 4);
        for session in &made {
            assert_eq!((&session["state"], &session["announced"], &session["kind"]), (&json!("draft"), &json!(false), &json!("workshop")));
        }
        assert_eq!(made[0]["start"]["local"], "2026-10-07T09:00:00");
        assert_eq!(made[0]["description"]["en"], "First line\nsecond");
        assert_eq!(made[0]["external_ids"], json!([{"system": "icalendar", "id": "a@other"}]));
        assert!(admin.get("audit-entries?limit=200").await.expect(200).text.contains("session.created"));
        server.anonymous().post(PATH, json!({"calendar": calendar, "kind": "workshop"})).await.expect(401);
    }

    async fn a_second_import_changes_instead_of_adding_and_leaves_what_people_were_told(server) {
        let meeting = Meeting::new(&server).await;
        let admin = &meeting.admin;
        let at = |hour: u32| format!("DTSTART;TZID=Korea Standard Time:20261007T{hour:02}0000|DURATION:PT1H");
        let before = file(&(entry("a@other", &at(9)) + &entry("b@other", &at(11))));
        let seen = look(admin, &before).await.expect(200);
        write(admin, &before, &seen.json["preview_tag"]).await.expect(200);
        let again = look(admin, &before).await.expect(200);
        assert_eq!(entries(&again).into_iter().map(|entry| entry.2).collect::<Vec<_>>(), ["same", "same"]);
        let id = again.json["entries"][0]["session_id"].as_str().unwrap().to_owned();
        let stored = admin.get(&format!("sessions/{id}")).await.expect(200);
        admin.if_match(&stored).patch(&format!("sessions/{id}"), json!({"room_id": "hall-a"})).await.expect(200);
        let moved = file(&(entry("a@other", &at(15)) + &entry("b@other", &at(11))));
        let seen = look(admin, &moved).await.expect(200);
        assert_eq!(entries(&seen)[0].2, "change");
        write(admin, &moved, &seen.json["preview_tag"]).await.expect(200);
        let now = admin.get(&format!("sessions/{id}")).await.expect(200);
        assert_eq!((&now.json["start"]["local"], &now.json["room_id"]), (&json!("2026-10-07T15:00:00"), &stored_room(admin).await));
        assert_eq!(sessions(admin).await.len(), 2);
        // The look before somebody else's change is not what is written after it.
        let seen = look(admin, &before).await.expect(200);
        admin.post(&format!("sessions/{id}/transitions"), json!({"to": "scheduled"})).await.expect(200);
        write(admin, &before, &seen.json["preview_tag"]).await.expect(409);
        let told = look(admin, &before).await.expect(200);
        assert_eq!(entries(&told)[0].2, "announced");
        write(admin, &before, &told.json["preview_tag"]).await.expect(200);
        assert_eq!(admin.get(&format!("sessions/{id}")).await.expect(200).json["start"]["local"], "2026-10-07T15:00:00");
    }

    async fn the_file_is_read_from_where_it_is_and_so_looked_at_and_written(server) {
        let host = CalendarHost::new().await;
        let server = host.named_by(server);
        let meeting = Meeting::new(&server).await;
        let admin = &meeting.admin;
        let told = file(&entry("a@other", "DTSTART:20261007T000000Z|DTEND:20261007T010000Z"));
        host.answers("200 OK", told.as_bytes());
        let body = json!({"url": host.url(), "kind": "workshop"});
        let seen = admin.post(PATH, body.clone()).await.expect(200);
        assert_eq!(entries(&seen), expected(&[("Session", "2026-10-07T00:00:00Z", "add")]));
        let with_tag = |tag: &Value| json!({"url": host.url(), "kind": "workshop", "preview_tag": tag});
        // It says something else than when somebody looked.
        host.answers("200 OK", told.replace("T01", "T02").as_bytes());
        admin.post(PATH, with_tag(&seen.json["preview_tag"])).await.expect(409);
        host.answers("200 OK", told.as_bytes());
        admin.post(PATH, with_tag(&seen.json["preview_tag"])).await.expect(200);
        assert_eq!(sessions(admin).await.len(), 1);
        for (head, code) in [("404 Not Found", "not_found"), ("302 Found", "redirected"), ("500 Oh", "failed")] {
            host.answers(head, b"");
            let refused = admin.post(PATH, body.clone()).await.expect(422);
            assert_eq!(refused.codes(), [code]);
            assert!(refused.text.contains("/url") && !refused.text.contains(TOKEN), "{}", refused.text);
        }
        host.answers("200 OK", b"<html>");
        let refused = admin.post(PATH, body.clone()).await.expect(422);
        assert!(refused.text.contains("/url"), "{}", refused.text);
        let asked = host.asked();
        for (url, code) in [("https://127.0.0.1/a.ics", "not_a_host"), ("http://calendar.example.org/a.ics", "not_encrypted")] {
            let answer = admin.post(PATH, json!({"url": url, "kind": "workshop"})).await.expect(422);
            assert_eq!(answer.codes(), [code]);
        }
        let both = json!({"url": host.url(), "calendar": told, "kind": "workshop"});
        assert_eq!(admin.post(PATH, both).await.expect(422).codes(), ["one_of_two"]);
        admin.post(PATH, json!({"kind": "workshop"})).await.expect(422);
        assert_eq!((host.asked(), sessions(admin).await.len()), (asked, 1));
    }

    async fn no_file_however_broken_writes_anything(server) {
        let meeting = Meeting::new(&server).await;
        let admin = &meeting.admin;
        let time = "DTSTART:20261007T000000Z|DTEND:20261007T010000Z";
        let whole = [
            ("", "not_a_calendar"),
            ("hello", "not_a_calendar"),
            ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "not_closed"),
            ("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "not_closed"),
            ("BEGIN:VCALENDAR\r\nSUMMARY:\u{0}\r\nEND:VCALENDAR\r\n", "control_character"),
        ];
        for (calendar, _) in whole {
            let refused = look(admin, calendar).await.expect(422);
            assert!(refused.text.contains("/calendar"), "{}", refused.text);
        }
        for (calendar, code) in whole.iter().skip(2) {
            assert_eq!(look(admin, calendar).await.expect(422).codes(), [*code]);
        }
        let deep = format!("BEGIN:VCALENDAR\r\n{}", "BEGIN:VEVENT\r\n".repeat(20));
        assert_eq!(look(admin, &deep).await.expect(422).codes(), ["too_deep"]);
        let many = (0..501).map(|n| entry(&format!("{n}@other"), time)).collect::<String>();
        assert_eq!(look(admin, &file(&many)).await.expect(422).codes(), ["too_many"]);
        let bomb = |rule: &str| entry("a@other", &format!("{time}|RRULE:{rule}"));
        let single = [
            (entry("", time), "no_uid"),
            (entry("a@other", "DTSTART:20261007T000000Z"), "no_time"),
            (entry("a@other", "DTSTART:20261007T010000Z|DTEND:20261007T000000Z"), "no_time"),
            (entry("a@other", "DTSTART:20261399T990000Z|DTEND:20261007T000000Z"), "no_time"),
            (entry("a@other", "DTSTART:20261007T010000Z|DURATION:P9999999999W"), "no_time"),
            (entry("a@other", "DTSTART;TZID=Middle-earth:20261007T010000|DURATION:PT1H"), "unknown_zone"),
            (entry("a@other", "DTSTART;VALUE=DATE:20261007"), "whole_day"),
            (entry("a@other", &format!("{time}|STATUS:CANCELLED")), "cancelled"),
            (entry("a@other", &format!("{time}|RECURRENCE-ID:20261007T000000Z")), "not_in_series"),
            (format!("BEGIN:VEVENT|UID:a@other|{time}|END:VEVENT|"), "no_title"),
            (bomb("FREQ=DAILY"), "repeats_forever"),
            (bomb("FREQ=DAILY;COUNT=2147483648"), "repeats_too_often"),
            (bomb("FREQ=SECONDLY;COUNT=5"), "rule_not_read"),
            (bomb("FREQ=MONTHLY;BYSETPOS=2;COUNT=3"), "rule_not_read"),
            (bomb("FREQ=WEEKLY;INTERVAL=0;COUNT=3"), "rule_not_read"),
            (bomb("FREQ=WEEKLY;BYDAY=XX;COUNT=3"), "rule_not_read"),
            (bomb("FREQ=WEEKLY;INTERVAL=52;UNTIL=20991231"), "repeats_too_often"),
            (entry("a@other", &format!("{time}|RDATE:20261008T000000Z")), "rule_not_read"),
        ];
        for (broken, code) in single {
            let answer = look(admin, &file(&broken)).await.expect(200);
            assert_eq!((&answer.json["refused"][0]["code"], &answer.json["entries"]), (&json!(code), &json!([])), "{broken}");
            assert_eq!(answer.json["refused"][0]["line"], 3);
        }
        let twice = look(admin, &file(&(entry("a@other", time) + &entry("a@other", time)))).await.expect(200);
        assert_eq!(twice.json["refused"][0]["code"], "repeated_uid");
        let long = format!("BEGIN:VEVENT|UID:a@other|SUMMARY:{}|{time}|END:VEVENT|", "x".repeat(5000));
        let answer = look(admin, &file(&long)).await.expect(200);
        assert_eq!(answer.json["refused"].as_array().unwrap().len(), 1, "{}", answer.text);
        assert!(sessions(admin).await.is_empty());
    }
}

async fn stored_room(admin: &Client) -> Value {
    admin.get("rooms/hall-a").await.expect(200).json["id"].clone()
}
