//! What may be said, and what the clash rules are told of it; instants were worked out by hand.

use serde_json::{Value, json};

use super::*;
use crate::{
    events::Room,
    schedule::clashes::{Area, Snapshot},
};

fn event(zone: &str) -> Event {
    let said = json!({
        "code": "warsaw", "kind": "group_meeting", "title": {"en": "Warsaw"}, "city": {"name": {"en": "Warsaw"}},
        "time_zone": zone, "starts_on": "2026-10-24", "ends_on": "2026-10-25", "visibility": "public",
        "languages": ["en"],
    });
    Event { details: serde_json::from_value(said).unwrap(), state: crate::events::State::default(), sequence: 0 }
}

fn rooms() -> Vec<Room> {
    let room = |venue: Value, zone: Option<&str>| -> Room {
        serde_json::from_value(json!({"code": "aa", "name": {"en": "A"}, "venue": venue, "zone": zone})).unwrap()
    };
    let castle = json!({"en": "Royal Castle", "pl": "Zamek Królewski"});
    vec![room(castle.clone(), Some("north_wing")), room(castle, None), room(json!({"en": "Hotel"}), None)]
}

fn said(value: Value) -> Arrangements {
    serde_json::from_value(value).unwrap()
}

fn settled(value: Value) -> Result<Arrangements, Vec<Violation>> {
    said(value).settled(
        &event("Europe/Warsaw"),
        &Venues::of(rooms().iter().map(Room::lies_in)),
        &Arrangements::default(),
    )
}

#[track_caller]
fn faults(value: Value, expected: &[(&str, &str)]) {
    let found = settled(value).unwrap_err();
    let found: Vec<_> = found.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert_eq!(found, expected);
}

/// What the rules are told at an event in `zone`.
fn told(arrangements: &Arrangements, zone: &str) -> Snapshot {
    let mut snapshot = Snapshot { zone: TimeZone::get(zone).unwrap(), ..Snapshot::default() };
    arrangements.tell(&mut snapshot, &event(zone), &Venues::of(rooms().iter().map(Room::lies_in)));
    snapshot
}

fn spans(snapshot: &Snapshot) -> Vec<String> {
    let span = |own: &clashes::Observance| format!("{} {}", own.span.starts_at, own.span.ends_at);
    snapshot.observances.iter().map(span).collect()
}

#[test]
fn nothing_needs_to_be_said() {
    assert_eq!(settled(json!({})), Ok(Arrangements::default()));
    assert_eq!(told(&Arrangements::default(), "Europe/Warsaw").working_hours, []);
}

#[test]
fn days_are_those_of_the_event_give_or_take_one() {
    let hours = |days: &[&str]| json!({"working_hours": [{"days": days, "from": "09:00", "to": "18:00"}]});
    assert!(settled(hours(&["2026-10-23", "2026-10-26"])).is_ok());
    faults(
        hours(&["2026-10-22", "2026-10-24", "2026-10-24"]),
        &[("/working_hours/0/days/0", "outside_event"), ("/working_hours/0/days/2", "repeated")],
    );
    let twice = json!([{"from": "09:00", "to": "18:00"}, {"from": "09:00", "to": "18:00"}]);
    faults(json!({"working_hours": twice}), &[("/working_hours/1", "repeated")]);
    let off = |day: &str| json!({"day": day, "name": {"en": "Day off"}});
    faults(
        json!({"holidays": [
            off("2026-10-27"), off("2026-10-24"), off("2026-10-24"), {"day": "2026-10-25", "name": {}},
        ]}),
        &[("/holidays/0/day", "outside_event"), ("/holidays/2/day", "repeated"), ("/holidays/3/name", "required")],
    );
}

#[test]
fn what_is_kept_free_for_once_has_an_end_and_lies_at_the_event() {
    let once = |start: &str, end: &str| {
        let when = json!({"once": {"start": start, "end": end}});
        json!({"observances": [{"name": {"en": "Feast"}, "when": when}]})
    };
    // People may be there from the 23rd to the 26th.
    assert!(settled(once("2026-10-23T00:00:00", "2026-10-27T00:00:00")).is_ok());
    let outside = [("/observances/0/when/once", "outside_event")];
    faults(once("2026-10-22T23:59:59", "2026-10-24T00:00:00"), &outside);
    faults(once("2026-10-26T12:00:00", "2026-10-27T00:00:01"), &outside);
    let backwards = [("/observances/0/when/once/end", "ends_before_start")];
    faults(once("2026-10-24T12:00:00", "2026-10-24T12:00:00"), &backwards);
    faults(once("noon", "2026-10-24T12:00:00"), &[("/observances/0/when/once/start", "invalid_time")]);
    // At three in the morning of the 25th the clocks go back to two.
    let twice = [("/observances/0/when/once/start", "ambiguous_local_time")];
    faults(once("2026-10-25T02:30:00", "2026-10-25T04:00:00"), &twice);
    let meant = settled(once("2026-10-25T02:30:00+01:00", "2026-10-25T04:00:00")).unwrap();
    assert_eq!(spans(&told(&meant, "Europe/Warsaw")), ["2026-10-25T01:30:00Z 2026-10-25T03:00:00Z"]);
    let feast = json!({"name": {"en": "Feast"}, "when": {"daily": {"from": "12:00", "to": "13:00"}}});
    faults(json!({"observances": [feast, feast]}), &[("/observances/1", "repeated")]);
}

#[test]
fn what_is_kept_free_every_day_stands_on_the_wall() {
    let daily = |days: &[&str], from: &str, to: &str| {
        let when = json!({"daily": {"days": days, "from": from, "to": to}});
        settled(json!({"observances": [{"name": {"en": "Prayer"}, "when": when}]})).unwrap()
    };
    // Two hours ahead of Greenwich until the clocks go back in the night to the 25th.
    assert_eq!(
        spans(&told(&daily(&[], "12:15", "12:45"), "Europe/Warsaw")),
        [
            "2026-10-23T10:15:00Z 2026-10-23T10:45:00Z",
            "2026-10-24T10:15:00Z 2026-10-24T10:45:00Z",
            "2026-10-25T11:15:00Z 2026-10-25T11:45:00Z",
            "2026-10-26T11:15:00Z 2026-10-26T11:45:00Z",
        ]
    );
    let night = daily(&["2026-10-24"], "23:00", "01:00");
    assert_eq!(spans(&told(&night, "Europe/Warsaw")), ["2026-10-24T21:00:00Z 2026-10-24T23:00:00Z"]);
}

#[test]
fn times_follow_the_clocks_of_the_event() {
    let once = json!({"once": {"start": "2026-10-24T12:00:00", "end": "2026-10-24T13:00:00"}});
    let daily = json!({"daily": {"days": ["2026-10-24"], "from": "12:00", "to": "13:00"}});
    let name = json!({"en": "Prayer"});
    let both = json!({"observances": [{"name": name, "when": once}, {"name": name, "when": daily}]});
    let kept = settled(both).unwrap();
    let at = |zone| spans(&told(&kept, zone));
    assert_eq!(at("Europe/Warsaw"), ["2026-10-24T10:00:00Z 2026-10-24T11:00:00Z"; 2]);
    assert_eq!(at("Asia/Seoul"), ["2026-10-24T03:00:00Z 2026-10-24T04:00:00Z"; 2]);
    let When::Once(placement) = kept.recalled(&TimeZone::get("Asia/Seoul").unwrap()).observances.remove(0).when else {
        panic!("it was said once")
    };
    assert_eq!(placement.start, "2026-10-24T12:00:00+09:00");
}

#[test]
fn walks_are_between_places_that_rooms_are_in() {
    let walk = |one: Value, other: Value| json!({"between": [one, other], "minutes": 12});
    let (castle, hotel) = (json!({"venue": "Royal Castle"}), json!({"venue": "hotel"}));
    let wing = json!({"venue": "zamek krolewski", "zone": "north_wing"});
    let kept =
        settled(json!({"walks": [walk(castle.clone(), hotel.clone()), walk(hotel.clone(), wing.clone())]})).unwrap();
    let walks = told(&kept, "Europe/Warsaw").walks;
    let area = |zone: Option<&str>| Area { venue: "royal castle".into(), zone: zone.map(str::to_owned) };
    assert_eq!((&walks[0].between[0], &walks[1].between[1]), (&area(None), &area(Some("north_wing"))));
    // The same way, in another language and back.
    let back = walk(hotel.clone(), json!({"venue": "Zamek Królewski"}));
    faults(json!({"walks": [walk(castle, hotel.clone()), back]}), &[("/walks/1", "repeated")]);
    faults(
        json!({"walks": [
            walk(json!({"venue": "Castel"}), json!({"venue": "Hotel", "zone": "north_wing"})),
            walk(json!({"venue": " "}), json!({"venue": "Hotel", "zone": "North"})),
            {"between": [wing, wing], "minutes": 1441},
        ]}),
        &[
            ("/walks/0/between/0/venue", "unknown_venue"),
            ("/walks/0/between/1/zone", "unknown_zone"),
            ("/walks/1/between/0/venue", "blank"),
            ("/walks/1/between/1/zone", "invalid"),
            ("/walks/2/minutes", "out_of_range"),
        ],
    );
}

#[test]
fn a_walk_stays_when_its_rooms_have_gone() {
    let walks = json!({"walks": [{"between": [{"venue": "Royal Castle"}, {"venue": "Hotel"}], "minutes": 12}]});
    let (before, none) = (settled(walks.clone()).unwrap(), Venues::default());
    let event = event("Europe/Warsaw");
    assert_eq!(said(walks.clone()).settled(&event, &none, &before), Ok(before.clone()));
    assert!(said(walks).settled(&event, &none, &Arrangements::default()).is_err());
    let mut snapshot = Snapshot::default();
    before.tell(&mut snapshot, &event, &none);
    assert_eq!(snapshot.walks, []);
}

#[test]
fn every_language_has_its_teams_once() {
    let teams = |language: &str, teams: u32| json!({"language": language, "teams": teams});
    faults(
        json!({"interpreters": [teams("fr", 2), teams("ar", 101), teams("fr", 0)]}),
        &[("/interpreters/1/teams", "out_of_range"), ("/interpreters/2/language", "repeated")],
    );
    let kept = settled(json!({"interpreters": [teams("fr", 0)]})).unwrap();
    assert_eq!(told(&kept, "Europe/Warsaw").interpreters[0].teams, 0);
}
