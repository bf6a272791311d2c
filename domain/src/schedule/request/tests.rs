//! The machine against its table, and what becomes of what is asked for.

use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{
    groups::GroupConflict,
    identifier::{EventId, GroupId, Handle, PersonId, RequestId, SessionId},
    schedule::{
        State,
        clashes::{Conflict, Order, Tier},
    },
};

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn group(number: u128) -> Handle {
    Handle::Id(Uuid::from_u128(number))
}

fn details(more: serde_json::Value) -> RequestDetails {
    let mut said = json!({"group_id": Uuid::from_u128(1)});
    said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(said).unwrap()
}

fn seoul() -> crate::events::Event {
    let said = json!({
        "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Seoul"}, "city": {"name": {"en": "Seoul"}},
        "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "visibility": "public",
        "languages": ["en"],
    });
    crate::events::Event {
        details: serde_json::from_value(said).unwrap(),
        state: crate::events::State::default(),
        sequence: 0,
    }
}

/// Which step starts where, as the documentation has it; the states are those of the request with its session.
const TABLE: &[(RequestState, &[RequestStage])] = {
    use RequestStage as To;
    use RequestState as S;
    &[
        (S::Draft, &[To::Submitted, To::Withdrawn, To::NotMeeting]),
        (S::Submitted, &[To::Draft, To::Approved, To::Declined, To::Withdrawn, To::NotMeeting]),
        (S::Approved, &[]),
        (S::Scheduled, &[]),
        (S::Announced, &[]),
        (S::Held, &[]),
        (S::Declined, &[To::Draft]),
        (S::Withdrawn, &[To::Draft]),
        (S::NotMeeting, &[To::Draft]),
        (S::Cancelled, &[To::Draft]),
    ]
};

#[test]
fn the_machine_takes_the_steps_of_the_table_and_no_others() {
    assert_eq!(TABLE.len(), RequestState::ALL.len());
    for (state, allowed) in TABLE {
        for to in RequestStage::ALL {
            match state.step(*to) {
                Ok(next) => assert!(next == *to && allowed.contains(to), "{state} -> {to}"),
                Err(refusal) => assert!(!allowed.contains(to), "{state} -> {to}: {refusal}"),
            }
        }
    }
}

#[test]
fn a_refused_step_says_what_to_do_instead() {
    let refused = |state: RequestState, to| state.step(to).unwrap_err();
    let drafted = refused(RequestState::Draft, RequestStage::Approved);
    assert_eq!(drafted.to_string(), "A request that is draft cannot become approved; it must be submitted first.");
    assert_eq!(refused(RequestState::Announced, RequestStage::Withdrawn).code(), "session_made");
    assert_eq!(refused(RequestState::Held, RequestStage::Draft).code(), "session_was_held");
    assert_eq!(refused(RequestState::Withdrawn, RequestStage::Submitted).code(), "wrong_state");
    let silent = RequestTransition { to: RequestStage::Declined, note: None };
    assert_eq!(silent.check().unwrap_err()[0].code, "required");
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Step(RequestStage),
    Session(Option<State>, bool),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let step = prop::sample::select(RequestStage::ALL).prop_map(Act::Step);
    let state = prop::option::of(prop::sample::select(State::ALL));
    let session = (state, any::<bool>()).prop_map(|(state, placed)| Act::Session(state, placed));
    prop::collection::vec(prop_oneof![step, session], 0..40)
}

proptest! {
    /// Whatever is asked for, in whatever order, and whatever becomes of the session meanwhile.
    #[test]
    fn no_sequence_of_steps_leaves_the_table(acts in acts()) {
        let mut request = Request::new(details(json!({})), id::<EventId>(9), jiff::Timestamp::UNIX_EPOCH);
        for act in acts {
            let before = request.state();
            match act {
                Act::Step(to) => {
                    let asked = RequestTransition { to, note: None };
                    let allowed = TABLE.iter().any(|(state, steps)| *state == before && steps.contains(&to));
                    match request.stepped(&asked, jiff::Timestamp::UNIX_EPOCH) {
                        Ok(next) => {
                            prop_assert!(allowed && next.stage == to);
                            request = next;
                        }
                        Err(_) => prop_assert!(!allowed),
                    }
                    if request.stage == RequestStage::Approved && request.session_id.is_none() {
                        request.session_id = Some(id(77));
                        request.sittings = vec![Stand { state: Some(State::Draft), placed: false, version: 1 }];
                    }
                }
                Act::Session(state, placed) if request.session_id.is_some() => {
                    request.sittings = vec![Stand { state, placed, version: 2 }];
                }
                Act::Session(..) => {}
            }
            // A session belongs to what was approved, and to nothing else.
            prop_assert_eq!(request.session_id.is_some(), request.stage == RequestStage::Approved);
            let of_session = [
                RequestState::Approved, RequestState::Scheduled, RequestState::Announced, RequestState::Held,
                RequestState::Cancelled,
            ];
            prop_assert_eq!(of_session.contains(&request.state()), request.session_id.is_some());
        }
    }
}

#[test]
fn an_approved_request_stands_where_its_session_stands() {
    let stand = |state, placed| Stand { state, placed, version: 1 };
    let stands = |state, placed| RequestState::of(RequestStage::Approved, &[stand(state, placed)]);
    assert_eq!(stands(Some(State::Draft), false), RequestState::Approved);
    assert_eq!(stands(Some(State::Draft), true), RequestState::Scheduled);
    assert_eq!(stands(Some(State::Scheduled), true), RequestState::Announced);
    assert_eq!(stands(Some(State::Held), true), RequestState::Held);
    assert_eq!(stands(Some(State::Cancelled), true), RequestState::Cancelled);
    assert_eq!(stands(None, true), RequestState::Cancelled);
    // Of several sittings the one that got least far counts, and what was called off does not.
    let several = |sittings: &[Stand]| RequestState::of(RequestStage::Approved, sittings);
    let (held, announced) = (stand(Some(State::Held), true), stand(Some(State::Scheduled), true));
    let (placed, cancelled) = (stand(Some(State::Draft), true), stand(Some(State::Cancelled), true));
    assert_eq!(several(&[held, announced, placed]), RequestState::Scheduled);
    assert_eq!(several(&[cancelled, announced, held]), RequestState::Announced);
    assert_eq!(several(&[cancelled, held, stand(None, true)]), RequestState::Held);
    assert_eq!(several(&[cancelled, stand(None, false)]), RequestState::Cancelled);
    assert_eq!(RequestState::Submitted.waits_for(), Some(Side::Secretariat));
    assert_eq!(RequestState::Announced.waits_for(), None);
}

#[test]
fn every_fault_is_named_where_it_stands() {
    let mut said = details(json!({
        "title": {"en": " "}, "joint_group_ids": [Uuid::from_u128(1)], "sittings": [{"minutes": 90}, {"minutes": 4}],
        "conflicts": [
            {"group_id": Uuid::from_u128(2), "tier": "key"}, {"group_id": Uuid::from_u128(2), "tier": "topic"},
            {"group_id": Uuid::from_u128(1), "tier": "key"},
        ],
        "cannot_meet": [{"start": "2019-10-07T12:00:00", "end": "2019-10-07T12:00:00"}, {"start": "noon", "end": "one"}],
        "relations": [{"relation": "before"}],
    }));
    let faults = said.settle(&seoul()).unwrap_err();
    let mut found: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    found.sort_unstable();
    let expected = [
        ("/cannot_meet/0/end", "ends_before_start"),
        ("/cannot_meet/1/start", "invalid_time"),
        ("/conflicts/1/group_id", "repeated"),
        ("/conflicts/2/group_id", "own_group"),
        ("/joint_group_ids/0", "repeated"),
        ("/relations/0", "one_of_two"),
        ("/sittings/1/minutes", "out_of_range"),
        ("/title/en", "blank"),
    ];
    assert_eq!(found, expected);
    let missing: Vec<_> = details(json!({})).check_whole().unwrap_err().into_iter().map(|it| it.pointer).collect();
    assert_eq!(missing, ["/title", "/sittings"]);
}

#[test]
fn times_stay_on_the_wall_when_the_zone_changes() {
    let mut said = details(json!({"cannot_meet": [{"start": "2019-10-07T12:00:00", "end": "2019-10-07T14:00:00"}]}));
    said.settle(&seoul()).unwrap();
    assert_eq!(said.cannot_meet[0].start, "2019-10-07T12:00:00+09:00");
    let starts = |zone: &str| said.away(&crate::time::zone(zone, "").unwrap())[0].starts_at.to_string();
    assert_eq!(starts("Asia/Seoul"), "2019-10-07T03:00:00Z");
    assert_eq!(starts("Europe/Warsaw"), "2019-10-07T10:00:00Z");
    let moved = said.clone().recalled(&crate::time::zone("Europe/Warsaw", "").unwrap());
    assert_eq!(moved.cannot_meet[0].end, "2019-10-07T14:00:00+02:00");
}

fn granted(number: u128, asking: u128, more: serde_json::Value) -> Granted {
    let details = RequestDetails { group_id: group(asking), ..details(more) };
    Granted {
        id: id::<RequestId>(number),
        session: id::<SessionId>(100 + number),
        group: id::<GroupId>(asking),
        details,
    }
}

#[test]
fn every_two_groups_are_in_conflict_once_and_in_the_gravest_tier() {
    let wish = |other: u128, tier| GroupConflict { group_id: group(other), tier };
    let asked = granted(1, 1, json!({"conflicts": [{"group_id": Uuid::from_u128(2), "tier": "topic"}]}));
    let standing = [
        // The group asked at this event, so what it says there counts and not its list.
        (id(1), vec![wish(3, Tier::Chair)]),
        (id(2), vec![wish(1, Tier::Key), wish(4, Tier::Topic)]),
    ];
    let all = Asked::of(&[asked], &standing.into(), &[[id(4), id(2)]], &jiff::tz::TimeZone::UTC);
    let between = |one, other, tier| Conflict { groups: [id(one), id(other)], tier };
    assert_eq!(all.conflicts, [between(1, 2, Tier::Key), between(2, 4, Tier::Chair)]);
}

#[test]
fn wishes_about_order_reach_the_sessions_made_of_requests() {
    let beside = |relation: &str, request: u128| json!({"relation": relation, "request_id": Uuid::from_u128(request)});
    let wishes = json!({"relations": [
        beside("before", 2), beside("right_after", 2), beside("not_same_day", 2), beside("after", 3),
        {"relation": "day_after", "session_id": Uuid::from_u128(50)},
    ]});
    let all = [granted(1, 1, wishes), granted(2, 2, json!({}))];
    let asked = Asked::of(&all, &[].into(), &[], &jiff::tz::TimeZone::UTC);
    let said: Vec<_> = asked.relations.iter().map(|it| (it.earlier, it.later, it.order)).collect();
    let (one, two, other) = (id(101), id(102), id(50));
    // The third request was not approved: there is no session of it.
    let expected = [
        (one, two, Order::After),
        (two, one, Order::Adjacent),
        (one, two, Order::OtherDay),
        (other, one, Order::NextDay),
    ];
    assert_eq!(said, expected);
}

#[test]
fn as_last_time_says_what_no_longer_holds() {
    let last = details(json!({
        "title": {"en": "Plenary"}, "joint_group_ids": [Uuid::from_u128(2), Uuid::from_u128(3)],
        "required_person_ids": [Uuid::from_u128(21), Uuid::from_u128(22)],
        "conflicts": [
            {"group_id": Uuid::from_u128(4), "tier": "key"}, {"group_id": Uuid::from_u128(5), "tier": "chair"},
            {"group_id": Uuid::from_u128(6), "tier": "topic"},
        ],
        "cannot_meet": [{"start": "2019-10-07T12:00:00+09:00", "end": "2019-10-07T14:00:00+09:00"}],
        "relations": [{"relation": "before", "session_id": Uuid::from_u128(50)}],
    }));
    let known = Known {
        ended: [id(3), id(4)].into(),
        in_role: [id::<PersonId>(21)].into(),
        made_since: vec![id(2), id(6), id(7)],
        chaired_alike: [id(5)].into(),
    };
    let Again { request, hints } = last.again(&known);
    assert_eq!(request.joint_group_ids, [group(2)]);
    let conflicts: Vec<_> = request.conflicts().iter().map(|it| (it.group_id.clone(), it.tier)).collect();
    assert_eq!(conflicts, [(group(6), Tier::Topic), (group(7), Tier::Topic)]);
    assert_eq!(request.required_person_ids.len(), 2);
    assert!(request.cannot_meet.is_empty() && request.relations.is_empty());
    let said: Vec<_> = hints.iter().map(|hint| (hint.kind, hint.id)).collect();
    let of = |number| Some(Uuid::from_u128(number));
    let expected = [
        (HintKind::GroupEnded, of(3)),
        (HintKind::GroupEnded, of(4)),
        (HintKind::DerivedConflict, of(5)),
        (HintKind::PersonWithoutRole, of(22)),
        (HintKind::NewGroup, of(7)),
        (HintKind::TimesLeftOut, None),
        (HintKind::RelationLeftOut, None),
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_session_tells_the_story_until_the_request_goes_on_by_itself() {
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    let step = |second, state| RequestStep {
        at: at(second),
        state,
        by: Some("Planner".into()),
        on_behalf_of_group_id: None,
        note: None,
    };
    let followed =
        vec![(at(3), RequestState::Scheduled), (at(4), RequestState::Cancelled), (at(6), RequestState::Approved)];
    let own = vec![
        (step(1, RequestState::Submitted), vec![]),
        (step(2, RequestState::Approved), followed),
        (step(5, RequestState::Draft), vec![]),
    ];
    let said: Vec<_> = merged(own).into_iter().map(|it| (it.at.as_second(), it.state, it.by.is_some())).collect();
    let expected = [
        (1, RequestState::Submitted, true),
        (2, RequestState::Approved, true),
        (3, RequestState::Scheduled, false),
        (4, RequestState::Cancelled, false),
        (5, RequestState::Draft, true),
    ];
    assert_eq!(said, expected);
}

#[test]
fn the_steps_of_a_session_are_read_off_its_changes() {
    let changes = [
        json!({"state": {"new": "draft"}, "title": {"new": {"en": "Plenary"}}}),
        json!({"placement": {"new": {"start": "2019-10-07T09:00:00+09:00"}}}),
        json!({"title": {"old": {"en": "Plenary"}, "new": {"en": "Opening"}}}),
        json!({"state": {"old": "draft", "new": "scheduled"}, "announced": {"old": false, "new": true}}),
        json!({"placement": {"old": {}, "new": null}, "state": {"old": "scheduled", "new": "draft"}}),
        json!({}),
    ];
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    let sitting = id(7);
    let told = (1..).zip(&changes).map(|(second, diff)| Done { sitting, at: at(second), diff, deleted: second == 6 });
    let expected = [
        (at(2), RequestState::Scheduled),
        (at(4), RequestState::Announced),
        (at(5), RequestState::Approved),
        (at(6), RequestState::Cancelled),
    ];
    assert_eq!(session_steps(told), expected);
}

#[test]
fn a_request_with_two_sittings_is_scheduled_when_both_are() {
    let placed = json!({"placement": {"new": {"start": "2019-10-07T09:00:00+09:00"}}});
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    let created = json!({"state": {"new": "draft"}});
    let done = [(1, 1, &created), (2, 1, &created), (1, 2, &placed), (2, 3, &placed)];
    let done = done.map(|(sitting, second, diff)| Done { sitting: id(sitting), at: at(second), diff, deleted: false });
    assert_eq!(session_steps(done), [(at(3), RequestState::Scheduled)]);
}
