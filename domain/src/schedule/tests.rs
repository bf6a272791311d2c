//! The rules of the schedule. Instants were worked out by hand from the offsets of the places.

use serde_json::json;

use super::*;
use crate::{
    Language,
    access::Visibility,
    calendars::Status,
    events::{Event, Room, State as EventState},
    identifier::SessionId,
};

fn event(zone: &str, first: &str, last: &str) -> Event {
    let details = serde_json::from_value(json!({
        "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"},
        "city": {"name": {"en": "Seoul", "pl": "Seul"}}, "time_zone": zone, "starts_on": first, "ends_on": last,
        "languages": ["en"], "visibility": "public",
        "tracks": [{"code": "Policy", "title": {"en": "Policy track"}}],
    }));
    Event { details: details.unwrap(), state: EventState::Announced, sequence: 0 }
}

fn seoul() -> Event {
    event("Asia/Seoul", "2019-10-07", "2019-10-08")
}

fn details(start: &str, end: &str) -> Details {
    serde_json::from_value(json!({
        "event_id": "meeting", "kind": "side_event", "title": {"en": "Opening"}, "placement": {"start": start, "end": end},
    }))
    .unwrap()
}

fn opening() -> Sitting {
    Sitting::new(details("2019-10-07T09:00:00", "2019-10-07T10:30:00"), 1, &seoul()).unwrap()
}

fn in_event(event: &Event) -> Setting<'_> {
    Setting { event, room: None }
}

fn fault(result: Result<Sitting, Vec<crate::Violation>>) -> (String, &'static str) {
    let faults = result.unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    (faults[0].pointer.clone(), faults[0].code)
}

#[test]
fn a_local_time_is_meant_on_the_wall_of_the_event() {
    let slot = opening().slot.unwrap();
    assert_eq!(slot.starts_at.to_string(), "2019-10-07T00:00:00Z");
    assert_eq!(slot.ends_at.to_string(), "2019-10-07T01:30:00Z");
    assert_eq!(opening().details.placement.unwrap().start, "2019-10-07T09:00:00+09:00");
}

#[test]
fn a_placement_from_an_answer_can_be_sent_back_even_at_a_repeated_hour() {
    let warsaw = event("Europe/Warsaw", "2025-10-25", "2025-10-26");
    let second = Sitting::new(details("2025-10-26T02:30:00+01:00", "2025-10-26T03:00:00"), 1, &warsaw).unwrap();
    assert_eq!(second.slot.unwrap().starts_at.to_string(), "2025-10-26T01:30:00Z");
    let again = Sitting::new(second.details.clone(), 1, &warsaw).unwrap();
    assert_eq!(again, second);
    assert_eq!(
        fault(Sitting::new(details("2025-10-26T02:30:00", "2025-10-26T03:30:00"), 1, &warsaw)),
        ("/placement/start".into(), "ambiguous_local_time")
    );
}

#[test]
fn a_session_ends_after_it_starts_lasts_a_week_at_most_and_stays_near_its_event() {
    let long = event("Asia/Seoul", "2019-10-01", "2019-10-31");
    let refused = |event: &Event, start: &str, end: &str| fault(Sitting::new(details(start, end), 1, event));
    assert_eq!(
        refused(&long, "2019-10-07T09:00:00", "2019-10-07T09:00:00"),
        ("/placement/end".into(), "ends_before_start")
    );
    assert!(Sitting::new(details("2019-10-07T09:00:00", "2019-10-14T09:00:00"), 1, &long).is_ok());
    assert_eq!(refused(&long, "2019-10-07T09:00:00", "2019-10-14T09:00:01"), ("/placement/end".into(), "too_long"));
    assert!(Sitting::new(details("2019-10-06T00:00:00", "2019-10-06T09:00:00"), 1, &seoul()).is_ok());
    assert!(Sitting::new(details("2019-10-09T22:00:00", "2019-10-10T00:00:00"), 1, &seoul()).is_ok());
    assert_eq!(
        refused(&seoul(), "2019-10-05T23:59:59", "2019-10-06T09:00:00"),
        ("/placement/start".into(), "outside_event")
    );
    assert_eq!(
        refused(&seoul(), "2019-10-09T22:00:00", "2019-10-10T00:00:01"),
        ("/placement/end".into(), "outside_event")
    );
}

#[test]
fn a_session_is_never_seen_by_more_than_its_event() {
    let closed = Event {
        details: crate::events::Details { visibility: Visibility::Participants, ..seoul().details },
        ..seoul()
    };
    let of = |visibility| Details { visibility, ..details("2019-10-07T09:00:00", "2019-10-07T10:00:00") };
    assert_eq!(
        fault(Sitting::new(of(Some(Visibility::Public)), 1, &closed)),
        ("/visibility".into(), "wider_than_event")
    );
    assert_eq!(Sitting::new(of(None), 1, &closed).unwrap().details.disclosure().visibility, Visibility::Participants);
    assert_eq!(opening().following(&closed).unwrap().details.disclosure().visibility, Visibility::Participants);
    let own = Sitting { details: of(Some(Visibility::Secretariat)), ..opening() };
    assert_eq!(own.following(&seoul()).unwrap().details.disclosure().visibility, Visibility::Secretariat);
}

#[test]
fn a_track_is_one_of_the_event_and_stays_while_it_is_used() {
    let of = |code: &str| Details { track: crate::Code::parse(code, "").ok(), ..opening().details };
    assert_eq!(fault(Sitting::new(of("other"), 1, &seoul())), ("/track".into(), "unknown_track"));
    let inside = Sitting::new(of("policy"), 1, &seoul()).unwrap();
    assert_eq!(inside.details.track.as_ref().unwrap().as_str(), "Policy");
    let mut without = seoul();
    without.details.tracks.clear();
    assert_eq!(inside.following(&without).unwrap_err().code, "track_in_use");
}

#[test]
fn another_zone_keeps_the_time_on_the_wall_and_moves_the_instant() {
    let moved = opening().following(&event("Europe/Warsaw", "2019-10-07", "2019-10-08")).unwrap();
    let slot = moved.slot.unwrap();
    assert_eq!(slot.starts_local, opening().slot.unwrap().starts_local);
    assert_eq!(slot.starts_at.to_string(), "2019-10-07T07:00:00Z");
    assert_eq!(moved.details.placement.unwrap().start, "2019-10-07T09:00:00+02:00");
}

#[test]
fn a_zone_whose_clocks_skip_a_session_is_refused_and_the_session_named() {
    let night = Sitting::new(
        details("2025-03-30T02:30:00", "2025-03-30T04:00:00"),
        7,
        &event("Asia/Seoul", "2025-03-30", "2025-03-30"),
    );
    let refused = night.unwrap().following(&event("Europe/Warsaw", "2025-03-30", "2025-03-30")).unwrap_err();
    assert_eq!((refused.pointer.as_str(), refused.code), ("/time_zone", "missing_local_time"));
    assert!(refused.detail.starts_with("Session 7: "), "{}", refused.detail);
}

#[test]
fn a_repeated_hour_that_was_said_exactly_survives_other_changes_of_the_event() {
    let warsaw = event("Europe/Warsaw", "2025-10-25", "2025-10-26");
    let second = Sitting::new(details("2025-10-26T02:30:00+01:00", "2025-10-26T03:00:00"), 1, &warsaw).unwrap();
    let longer = event("Europe/Warsaw", "2025-10-24", "2025-10-27");
    assert_eq!(second.following(&longer).unwrap(), second);
}

#[test]
fn new_rules_of_a_zone_move_the_instant_and_nothing_else() {
    let now = opening();
    assert_eq!(now.rederived(&seoul()).unwrap(), now);
    let hour = jiff::SignedDuration::from_hours(1);
    let slot = now.slot.unwrap();
    // As clocks ten hours ahead of Greenwich would have had it.
    let old = Slot { starts_at: slot.starts_at - hour, ends_at: slot.ends_at - hour, ..slot };
    let details = Details { placement: Some(old.placement()), ..now.details.clone() };
    let before = Sitting { details, slot: Some(old), ..now.clone() };
    assert_eq!(before.rederived(&seoul()).unwrap(), now);
}

#[test]
fn a_time_said_exactly_stays_while_the_clocks_show_it_and_is_asked_for_where_its_order_is_lost() {
    let warsaw = event("Europe/Warsaw", "2025-10-25", "2025-10-26");
    let placed = details("2025-10-26T02:30:00+02:00", "2025-10-26T02:15:00+01:00");
    let night = Sitting::new(placed, 4, &warsaw).unwrap();
    let slot = night.slot.unwrap();
    let late = Slot { ends_local: "2025-10-26T04:00:00".parse().unwrap(), ..slot };
    let mended = Sitting { slot: Some(late), ..night.clone() }.rederived(&warsaw).unwrap().slot.unwrap();
    assert_eq!((mended.starts_at, mended.ends_at.to_string()), (slot.starts_at, "2025-10-26T03:00:00Z".into()));
    let lost = night.rederived(&event("Asia/Seoul", "2025-10-25", "2025-10-26")).unwrap_err();
    assert_eq!((lost.pointer.as_str(), lost.code), ("/time_zone", "ends_before_start"));
    assert!(lost.detail.starts_with("Session 4: "), "{}", lost.detail);
}

#[test]
fn the_sequence_rises_with_time_place_and_status_and_with_nothing_else() {
    let (event, before) = (seoul(), opening());
    let outcome = |after: Sitting, setting: Setting<'_>| {
        let (after, happening) = after.succeeding(setting, &before, in_event(&event));
        (after.sequence, happening)
    };
    let same = in_event(&event);
    let mut retitled = before.clone();
    retitled.details.title = crate::Text::one(Language::english(), "Welcome");
    assert_eq!(outcome(retitled, same), (0, Happening::Updated));
    let later = before.edited(details("2019-10-07T09:15:00", "2019-10-07T10:30:00"), &event).unwrap();
    assert_eq!(outcome(later, same), (1, Happening::Moved));
    let room: Room =
        serde_json::from_value(json!({"code": "hall", "name": {"en": "Hall"}, "venue": {"en": "Centre"}})).unwrap();
    assert_eq!(outcome(before.clone(), Setting { room: Some(&room), ..same }), (1, Happening::Moved));
    let scheduled = Sitting { state: State::Scheduled, ..before.clone() };
    assert_eq!(outcome(scheduled, same), (1, Happening::Updated));
    let cancelled = Sitting { state: State::Cancelled, ..before.clone() };
    assert_eq!(outcome(cancelled, same), (1, Happening::Cancelled));
    let called_off = Event { state: EventState::Cancelled, ..event.clone() };
    assert_eq!(outcome(before.clone(), in_event(&called_off)), (1, Happening::Cancelled));
}

#[test]
fn what_was_held_stays_confirmed_when_the_event_breaks_off() {
    let broken_off = Event { state: EventState::Cancelled, ..seoul() };
    let held = Sitting { state: State::Held, ..opening() };
    assert_eq!(Shown::of(&held, in_event(&broken_off)).status, Status::Confirmed);
    let idea = Event { state: EventState::Idea, ..seoul() };
    let scheduled = Sitting { state: State::Scheduled, ..opening() };
    assert_eq!(Shown::of(&scheduled, in_event(&idea)).status, Status::Tentative);
}

#[test]
fn a_session_is_scheduled_once_placed_and_cancelled_until_held() {
    let to = |to, reason: Option<&str>| Transition { to, reason: reason.map(str::to_owned), all_sittings: false };
    let unplaced = opening().edited(Details { placement: None, ..opening().details }, &seoul()).unwrap();
    assert_eq!(unplaced.slot, None);
    assert_eq!(unplaced.stepped(&to(State::Scheduled, None)).unwrap_err(), Refusal::NotPlaced);
    let scheduled = opening().stepped(&to(State::Scheduled, None)).unwrap();
    let cancelled = scheduled.stepped(&to(State::Cancelled, Some("Strike"))).unwrap();
    assert_eq!(cancelled.cancel_reason.as_deref(), Some("Strike"));
    let reinstated = cancelled.stepped(&to(State::Draft, None)).unwrap();
    assert_eq!((reinstated.state, reinstated.cancel_reason), (State::Draft, None));
    let held = scheduled.stepped(&to(State::Held, None)).unwrap();
    assert_eq!(
        held.stepped(&to(State::Cancelled, Some("Late"))).unwrap_err().to_string(),
        "A session that is held cannot become cancelled; it must be draft or scheduled first."
    );
    assert_eq!(to(State::Cancelled, None).check().unwrap_err()[0].code, "required");
    assert_eq!(to(State::Held, Some("x")).check().unwrap_err()[0].code, "out_of_place");
}

#[test]
fn a_scheduled_session_without_a_time_is_a_draft_again_and_a_held_one_keeps_it() {
    let without = Details { placement: None, ..opening().details };
    let scheduled = Sitting { state: State::Scheduled, ..opening() };
    assert_eq!(scheduled.edited(without.clone(), &seoul()).unwrap().state, State::Draft);
    let held = Sitting { state: State::Held, ..opening() };
    assert_eq!(fault(held.edited(without, &seoul())), ("/placement".into(), "session_was_held"));
}

#[test]
fn a_calendar_shows_utc_the_place_and_the_words_of_the_main_language() {
    let (event, id) = (seoul(), SessionId(uuid::Uuid::from_u128(7)));
    let uid = uid(id, "plenum.example");
    let at = "2019-09-01T12:00:00Z".parse().unwrap();
    let stamp = crate::calendars::Stamp { uid: &uid, created: at, changed: at, page: None };
    let entry = opening().vevent(in_event(&event), stamp).unwrap();
    for line in [
        "UID:session-00000000-0000-0000-0000-000000000007@plenum.example",
        "DTSTART:20191007T000000Z",
        "DTEND:20191007T013000Z",
        "SEQUENCE:0",
        "SUMMARY:Opening",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "CLASS:PUBLIC",
        "LOCATION:Seoul",
        "CATEGORIES:side event",
    ] {
        assert!(entry.lines().any(|found| found == line), "{line} is missing in\n{entry}");
    }
    let unplaced = Sitting { slot: None, ..opening() };
    assert_eq!(unplaced.vevent(in_event(&event), stamp), None);
}
