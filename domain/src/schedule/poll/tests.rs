//! What a poll is, what may be said to it, and in which order options stand.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    Violation,
    identifier::{EventId, Handle},
    schedule::Kind,
};

const NOW: &str = "2026-03-02T08:00:00Z";

fn organisation(n: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(n))
}

/// Three organisations, of which the first is required; more of what is said as `more`.
fn details(offers: Value, more: Value) -> Details {
    let handle = |n: u128| json!(Uuid::from_u128(n));
    let mut said = json!({
        "title": {"en": "Next meeting"}, "offers": offers,
        "organisation_ids": [handle(1), handle(2), handle(3)], "required_ids": [handle(1)],
    });
    said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(said).unwrap()
}

fn ids(first: u128) -> impl FnMut() -> Result<PollOptionId, Vec<Violation>> {
    let mut next = first;
    move || {
        next += 1;
        Ok(PollOptionId(Uuid::from_u128(next)))
    }
}

fn poll(offers: Value, more: Value) -> Result<Poll, Vec<Violation>> {
    Poll::new(details(offers, more), "Asia/Seoul", NOW.parse().unwrap(), ids(100))
}

fn time(day: u32, from: &str, to: &str) -> Value {
    json!({"placement": {"start": format!("2026-10-{day:02}T{from}:00"), "end": format!("2026-10-{day:02}T{to}:00")}})
}

fn days(first: &str, last: &str) -> Value {
    json!({"days": {"first": first, "last": last}})
}

fn codes(refused: Result<Poll, Vec<Violation>>) -> Vec<(String, &'static str)> {
    refused.unwrap_err().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

fn said(answers: &[(PollOptionId, Answer)]) -> Answers {
    let answer =
        |(option, answer): &(PollOptionId, Answer)| OptionAnswer { option_id: *option, answer: *answer, comment: None };
    Answers { answers: answers.iter().map(answer).collect(), ..Answers::default() }
}

#[test]
fn options_are_times_on_the_clocks_of_the_place_by_start() {
    let poll = poll(
        json!([time(8, "09:00", "12:00"), days("2026-10-05", "2026-10-06"), time(5, "09:00", "10:00")]),
        json!({}),
    );
    let poll = poll.unwrap();
    let spans: Vec<_> =
        poll.choices.iter().map(|own| (own.slot.starts_at.to_string(), own.slot.ends_at.to_string())).collect();
    // Midnight in Seoul is three in the afternoon of the day before in UTC.
    let expected = [
        ("2026-10-04T15:00:00Z", "2026-10-06T15:00:00Z"),
        ("2026-10-05T00:00:00Z", "2026-10-05T01:00:00Z"),
        ("2026-10-08T00:00:00Z", "2026-10-08T03:00:00Z"),
    ];
    assert_eq!(spans, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
    assert_eq!(serde_json::to_value(&poll.details.offers[0]).unwrap(), days("2026-10-05", "2026-10-06"));
    let kept: PollOption = serde_json::from_value(serde_json::to_value(poll.choices[0]).unwrap()).unwrap();
    assert_eq!(kept, poll.choices[0]);
}

#[test]
fn a_day_on_which_the_clocks_change_at_midnight_begins_when_it_begins() {
    // In Santiago the clocks went from midnight to one on 6 September 2026, so that day has 23 hours and begins at one.
    let said = details(json!([days("2026-09-06", "2026-09-06")]), json!({}));
    let poll: Result<Poll, Vec<Violation>> = Poll::new(said, "America/Santiago", NOW.parse().unwrap(), ids(0));
    let slot = poll.unwrap().choices[0].slot;
    assert_eq!(
        (slot.starts_local.to_string(), slot.starts_at.to_string()),
        ("2026-09-06T01:00:00".into(), "2026-09-06T04:00:00Z".into())
    );
    assert_eq!(slot.ends_at.duration_since(slot.starts_at).as_hours(), 23);
}

#[test]
fn every_fault_is_named_where_it_stands() {
    let both =
        json!({"placement": time(5, "09:00", "10:00")["placement"], "days": days("2026-10-05", "2026-10-05")["days"]});
    let offers = json!([
        both,
        time(5, "10:00", "09:00"),
        days("2026-10-05", "2026-10-04"),
        time(6, "09:00", "10:00"),
        time(6, "09:00", "10:00"),
        {}
    ]);
    let wrong = json!({"quorum": 4, "required_ids": [Uuid::from_u128(9)], "deadline": "2026-01-01T00:00:00"});
    assert_eq!(
        codes(poll(offers, wrong)),
        [
            ("/required_ids/0".to_owned(), "not_asked"),
            ("/quorum".to_owned(), "out_of_range"),
            ("/offers/0".to_owned(), "one_of_two"),
            ("/offers/1/placement/end".to_owned(), "ends_before_start"),
            ("/offers/2/days/last".to_owned(), "out_of_range"),
            ("/offers/4".to_owned(), "repeated"),
            ("/offers/5".to_owned(), "one_of_two"),
            ("/deadline".to_owned(), "in_the_past"),
        ]
    );
    assert_eq!(codes(poll(json!([days("2026-01-01", "2026-03-02")]), json!({})))[0].1, "out_of_range");
    assert!(poll(json!([days("2026-01-01", "2026-03-01")]), json!({})).is_ok());
    assert_eq!(codes(poll(json!([]), json!({})))[0], ("/offers".to_owned(), "out_of_range"));
}

#[test]
fn an_option_is_its_time_and_keeps_its_id_as_long_as_that_is_offered() {
    let before = poll(json!([time(5, "09:00", "10:00"), time(6, "09:00", "10:00")]), json!({})).unwrap();
    let offers = json!([time(6, "09:00", "10:00"), time(5, "09:00", "10:30")]);
    let after: Result<Poll, Vec<Violation>> = before.edited(details(offers, json!({})), NOW.parse().unwrap(), ids(200));
    let after = after.unwrap();
    assert_eq!(after.choices[1], before.choices[1]);
    assert_eq!(after.choices[0].id, PollOptionId(Uuid::from_u128(201)));
    let old = said(&[(before.choices[0].id, Answer::Yes), (before.choices[1].id, Answer::No)]);
    assert_eq!(old.standing(&after), said(&[(before.choices[1].id, Answer::No)]));
}

#[test]
fn a_poll_closes_by_itself_at_its_deadline_and_is_open_again_with_a_later_one() {
    let offers = || json!([time(5, "09:00", "10:00")]);
    // Six in the evening in Seoul is nine in the morning in UTC.
    let poll = poll(offers(), json!({"deadline": "2026-09-01T18:00:00"})).unwrap();
    let at = |poll: &Poll, now: &str| poll.state_at(now.parse::<Timestamp>().unwrap());
    assert_eq!((at(&poll, "2026-09-01T08:59:59Z"), at(&poll, "2026-09-01T09:00:00Z")), (State::Open, State::Closed));
    let now: Timestamp = "2026-09-02T00:00:00Z".parse().unwrap();
    let edit = |more: Value| -> Result<Poll, Vec<Violation>> { poll.edited(details(offers(), more), now, ids(0)) };
    assert_eq!(edit(json!({"deadline": "2026-09-01T18:00:00"})).unwrap(), poll);
    assert_eq!(codes(edit(json!({"deadline": "2026-09-01T18:00:01"})))[0].1, "in_the_past");
    let later = edit(json!({"deadline": "2026-09-03T18:00:00"})).unwrap();
    assert_eq!(at(&later, "2026-09-02T00:00:00Z"), State::Open);
}

#[test]
fn steps_follow_one_another_and_what_has_ended_stays() {
    use State::{Cancelled, Closed, Decided, Open};
    let step = |from: State, to, past| from.step(to, past).map_err(Refusal::code);
    assert_eq!(step(Open, Closed, false), Ok(Closed));
    assert_eq!(step(Closed, Open, false), Ok(Open));
    assert_eq!(step(Open, Cancelled, true), Ok(Cancelled));
    assert_eq!(step(Open, Open, false), Err("already_there"));
    assert_eq!((step(Open, Closed, true), step(Closed, Open, true)), (Err("already_there"), Err("past_deadline")));
    assert_eq!(step(Open, Decided, false), Err("no_option"));
    for ended in [Decided, Cancelled] {
        assert!(State::ALL.iter().all(|to| step(ended, *to, false) == Err("poll_ended")));
    }
    let silent = Transition { to: Cancelled, reason: None };
    assert_eq!(silent.check().unwrap_err()[0].code, "required");
    assert_eq!(Transition { to: Closed, reason: Some("Enough".into()) }.check().unwrap_err()[0].code, "out_of_place");
}

#[test]
fn answers_are_to_options_of_the_poll_and_late_ones_say_why() {
    let poll = poll(json!([time(5, "09:00", "10:00")]), json!({})).unwrap();
    let to = |option: PollOptionId, late: Value| -> NewAnswers {
        let mut said = json!({"answers": [{"option_id": option, "answer": "if_need_be", "comment": "Not for long"}]});
        said.as_object_mut().unwrap().extend(late.as_object().unwrap().clone());
        serde_json::from_value(said).unwrap()
    };
    let own = poll.choices[0].id;
    let code = |refused: Result<Answers, Vec<Violation>>| refused.unwrap_err()[0].code;
    assert_eq!(to(own, json!({})).settled(&poll, false).unwrap().to(own), Some(Answer::IfNeedBe));
    assert_eq!(code(to(PollOptionId(Uuid::nil()), json!({})).settled(&poll, false)), "unknown_option");
    assert_eq!(code(to(own, json!({})).settled(&poll, true)), "required");
    assert_eq!(code(to(own, json!({"late_reason": "By telephone"})).settled(&poll, false)), "out_of_place");
    let twice = NewAnswers {
        answers: [to(own, json!({})).answers, to(own, json!({})).answers].concat(),
        ..NewAnswers::default()
    };
    assert_eq!(code(twice.settled(&poll, false)), "repeated");
}

#[test]
fn the_required_come_first_then_the_quorum_then_how_many_can() {
    let offers = (5..12).map(|day| time(day, "09:00", "10:00")).collect::<Vec<_>>();
    let poll = poll(json!(offers), json!({"quorum": 2})).unwrap();
    let option = |n: usize| poll.choices[n].id;
    use Answer::{IfNeedBe, No, Yes};
    // Day by day, what the required one says, and the two others.
    let table = [
        [Some(No), Some(Yes), Some(Yes)],
        [None, Some(Yes), Some(Yes)],
        [Some(IfNeedBe), Some(Yes), Some(Yes)],
        [Some(Yes), None, None],
        [Some(Yes), Some(IfNeedBe), None],
        [Some(Yes), Some(Yes), Some(No)],
        [Some(Yes), Some(Yes), None],
    ];
    let of = |party: usize| {
        let own: Vec<_> = table.iter().enumerate().filter_map(|(n, day)| Some((option(n), day[party]?))).collect();
        (organisation(party as u128 + 1), said(&own))
    };
    let ranked = ranked(&poll.choices, &poll.parties(), Some(2), &[of(0), of(1), of(2)]);
    let order: Vec<_> =
        ranked.iter().map(|(id, _)| poll.choices.iter().position(|own| own.id == *id).unwrap()).collect();
    assert_eq!(order, [6, 5, 4, 3, 2, 1, 0]);
    let tally = |n: usize| &ranked.iter().find(|(id, _)| *id == option(n)).unwrap().1;
    assert_eq!((tally(0).required, &tally(0).missing_ids), (Required::Missing, &vec![organisation(1)]));
    assert_eq!(
        (tally(1).required, tally(2).required, tally(3).required),
        (Required::Open, Required::AllCan, Required::AllYes)
    );
    assert_eq!((tally(3).quorum_met, tally(4).quorum_met), (Some(false), Some(true)));
    assert_eq!((tally(5).yes, tally(5).if_need_be, tally(5).no, tally(5).silent), (2, 0, 1, 0));
    assert_eq!(ranked.iter().map(|(_, tally)| tally.rank).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn an_option_becomes_a_session_within_its_days() {
    let said = json!({"group_id": Uuid::from_u128(7)});
    let poll = poll(json!([time(8, "09:00", "12:00"), days("2026-10-05", "2026-10-06")]), said).unwrap();
    let event = EventId(Uuid::from_u128(8));
    let decide = |option: usize, more: Value| {
        let mut said = json!({"option_id": poll.choices[option].id});
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let decision: Decision = serde_json::from_value(said).unwrap();
        decision.session(&poll, event).map_err(|faults| (faults[0].pointer.clone(), faults[0].code))
    };
    let session = decide(1, json!({})).unwrap();
    assert_eq!((session.kind, session.group_id), (Kind::GroupMeeting, Some(Handle::Id(Uuid::from_u128(7)))));
    assert_eq!(session.placement.unwrap().start, "2026-10-08T09:00:00+09:00");
    assert_eq!(decide(0, json!({})).unwrap_err(), ("/placement".to_owned(), "required"));
    let hours = |day: u32, from: &str, to: &str| time(day, from, to);
    assert!(decide(0, hours(6, "14:00", "18:00")).is_ok());
    assert_eq!(decide(0, hours(7, "09:00", "10:00")).unwrap_err(), ("/placement".to_owned(), "outside_option"));
    assert_eq!(decide(1, hours(8, "08:30", "12:00")).unwrap_err().1, "outside_option");
}

/// Answers of up to six organisations, one set each, to up to six options.
fn any_answers() -> impl Strategy<Value = (usize, Vec<Vec<Option<usize>>>)> {
    (1..=6_usize).prop_flat_map(|options| {
        let set = proptest::collection::vec(proptest::option::of(0..3_usize), options);
        (Just(options), proptest::collection::vec(set, 1..=6))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ranking_is_total_and_the_order_in_which_answers_came_plays_no_part(
        (options, table) in any_answers(),
        quorum in proptest::option::of(1..=6),
        required in proptest::collection::vec(any::<bool>(), 6),
        turn in 0..6_usize,
        same_time in any::<bool>(),
    ) {
        let poll = poll(json!((5..5 + options as u32).map(|day| time(day, "09:00", "10:00")).collect::<Vec<_>>()), json!({})).unwrap();
        let mut choices = poll.choices;
        if same_time {
            // Options that differ in nothing but their ids are still told apart.
            let slot = choices[0].slot;
            choices.iter_mut().for_each(|own| own.slot = slot);
        }
        let answers: Vec<_> = table.iter().enumerate().map(|(n, row)| {
            let own = row.iter().zip(&choices).filter_map(|(answer, option)| Some((option.id, Answer::ALL[(*answer)?])));
            (organisation(n as u128 + 1), said(&own.collect::<Vec<_>>()))
        }).collect();
        let parties: Vec<_> = (0..6).map(|n| Party { organisation: organisation(n as u128 + 1), required: required[n] }).collect();
        let found = ranked(&choices, &parties, quorum, &answers);
        // Every option once, each in a place of its own.
        prop_assert_eq!(found.iter().map(|(_, tally)| tally.rank).collect::<Vec<_>>(), (1..=options as i32).collect::<Vec<_>>());
        let mut named: Vec<_> = found.iter().map(|(id, _)| *id).collect();
        named.sort_unstable();
        named.dedup();
        prop_assert_eq!(named.len(), options);
        // In any order of answers, of parties and of options, and of what is said within a set.
        let (mut answers, mut parties, mut choices) = (answers, parties, choices);
        let by = turn % answers.len();
        answers.rotate_left(by);
        answers.iter_mut().for_each(|(_, own)| own.answers.reverse());
        parties.rotate_left(turn);
        choices.reverse();
        prop_assert_eq!(&ranked(&choices, &parties, quorum, &answers), &found);
        // Who is not asked does not count.
        answers.push((organisation(77), said(&[(choices[0].id, Answer::No)])));
        prop_assert_eq!(&ranked(&choices, &parties, quorum, &answers), &found);
        // Each option stands before the next by the first of the rules in which they differ.
        for pair in found.windows(2) {
            let [(_, one), (_, other)] = pair else { unreachable!() };
            prop_assert!(one.required <= other.required);
            if one.required == other.required {
                prop_assert!(one.quorum_met >= other.quorum_met);
                if one.quorum_met == other.quorum_met {
                    prop_assert!(one.yes + one.if_need_be >= other.yes + other.if_need_be);
                }
            }
        }
    }
}

#[test]
fn a_notice_goes_to_whom_something_is_new() {
    let now: Timestamp = NOW.parse().unwrap();
    let offers = || json!([time(6, "09:00", "11:00"), time(7, "09:00", "11:00")]);
    let before = poll(offers(), json!({"deadline": "2026-03-10T18:00:00"})).unwrap();
    let closes: Timestamp = "2026-03-10T09:00:00Z".parse().unwrap();
    let due: Timestamp = "2026-03-08T09:00:00Z".parse().unwrap();
    let all = || Some(vec![organisation(1), organisation(2), organisation(3)]);
    let told = |before: Option<&Poll>, after: &Poll| Notice::between(before, after, 2, now);
    let asked = Outgoing { notice: Notice::Asked, to: all(), at: now };
    let reminder = Outgoing { notice: Notice::Due { closes }, to: None, at: due };
    assert_eq!(told(None, &before), [asked, reminder]);
    assert_eq!(told(Some(&before), &before), []);
    let fewer = before.edited(
        details(json!([time(6, "09:00", "11:00")]), json!({"deadline": "2026-03-10T18:00:00"})),
        now,
        ids(200),
    );
    let changed =
        Outgoing { notice: Notice::Changed { version: 2 }, to: all(), at: "2026-03-02T08:05:00Z".parse().unwrap() };
    assert_eq!(told(Some(&before), &fewer.unwrap()), [changed]);
    // Who is asked a day before the deadline knows of it.
    let soon = poll(offers(), json!({"deadline": "2026-03-03T18:00:00"})).unwrap();
    assert_eq!(told(None, &soon), [Outgoing { notice: Notice::Asked, to: all(), at: now }]);
    let closed = Poll { state: State::Closed, ..before.clone() };
    assert_eq!(told(Some(&before), &closed), []);
    let off = Poll { state: State::Cancelled, ..closed.clone() };
    assert_eq!(told(Some(&closed), &off), [Outgoing { notice: Notice::Cancelled, to: None, at: now }]);
    assert_eq!(told(Some(&off), &off), []);
    // A reminder of a deadline that was put off is overtaken, and so is one to who has answered.
    let reminder = Notice::Due { closes };
    assert!(reminder.stands(&before, 2, false, due) && !reminder.stands(&before, 2, true, due));
    assert!(!reminder.stands(&soon, 2, false, now) && !reminder.stands(&before, 2, false, closes));
}

#[test]
fn a_notice_is_written_in_the_language_of_its_reader() {
    let poll = poll(json!([time(6, "09:00", "11:00"), days("2026-10-08", "2026-10-09")]), json!({})).unwrap();
    let occasion = notice::Occasion {
        event: "Spotkanie",
        poll: "Grupa redakcyjna",
        organisation: "Polska",
        url: "https://plenum.example/events/seoul",
    };
    let (subject, text) = Notice::Asked.letter(&poll, occasion, &crate::Language::parse("pl").unwrap());
    let plain = |text: String| text.replace('\u{a0}', " ");
    assert_eq!(plain(subject), "Jaki termin Państwu odpowiada? Grupa redakcyjna");
    let text = plain(text);
    assert!(text.contains("6 października 2026 r., 09:00–11:00 (Asia/Seoul)"), "{text}");
    assert!(text.contains("8–9 października 2026 r., godziny zostaną ustalone później"), "{text}");
    assert!(!text.contains("poll-") && !text.contains("najpóźniej"), "{text}");
}
