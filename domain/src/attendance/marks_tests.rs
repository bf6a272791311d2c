use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn delegate(n: u128) -> DelegateId {
    DelegateId(Uuid::from_u128(n))
}

fn mark(who: Option<u128>, status: Status, source: Source, second: i64) -> Mark {
    Mark {
        delegate: who.map(delegate),
        status,
        source,
        at: at(second),
        number: second,
        represented_by: None,
        level: None,
        id: Uuid::nil(),
    }
}

/// Delegate 1 heads the delegation, the others are experts.
fn function(who: DelegateId) -> Function {
    if who == delegate(1) { Function::Head } else { Function::Expert }
}

fn status(marks: &[Mark]) -> Status {
    presence(marks, at(1000), function).status
}

#[test]
fn staff_is_believed_before_the_door_the_door_before_the_platform_and_all_before_oneself() {
    use Status::*;
    let marks = [
        mark(Some(1), Present, Source::Staff, 1),
        mark(Some(1), Absent, Source::Scan, 2),
        mark(Some(1), Online, Source::PlatformLog, 3),
        mark(Some(1), Excused, Source::Own, 4),
    ];
    let believed = |from: usize| status(&marks[from..]);
    assert_eq!([believed(0), believed(1), believed(2), believed(3)], [Present, Absent, Online, Excused]);
}

#[test]
fn the_later_word_of_one_source_holds_and_of_two_for_one_instant_the_one_recorded_later() {
    let marks = [mark(Some(1), Status::Online, Source::Own, 5), mark(Some(1), Status::Present, Source::Own, 3)];
    assert_eq!(status(&marks), Status::Online);
    let again = Mark { number: 6, ..mark(Some(1), Status::Absent, Source::Own, 5) };
    assert_eq!(status(&[marks[0], again]), Status::Absent);
}

#[test]
fn staff_that_takes_its_word_back_leaves_the_others_theirs() {
    let marks = [
        mark(None, Status::Absent, Source::Staff, 1),
        mark(Some(2), Status::Present, Source::Own, 2),
        mark(None, Status::Unknown, Source::Staff, 3),
    ];
    assert_eq!(status(&marks[..2]), Status::Absent);
    assert_eq!(status(&marks), Status::Present);
}

#[test]
fn one_person_in_the_room_makes_a_delegation_present_and_an_excuse_only_if_nobody_is() {
    let excused = mark(None, Status::Excused, Source::Own, 9);
    assert_eq!(status(&[excused]), Status::Excused);
    assert_eq!(status(&[excused, mark(Some(2), Status::Online, Source::PlatformLog, 1)]), Status::Online);
    let both = [mark(Some(2), Status::Online, Source::PlatformLog, 1), mark(Some(3), Status::Present, Source::Own, 1)];
    assert_eq!(status(&both), Status::Present);
    assert_eq!(status(&[mark(Some(2), Status::Absent, Source::PlatformLog, 5)]), Status::Absent);
}

#[test]
fn whoever_has_the_highest_function_represents_unless_staff_named_somebody() {
    let both = [mark(Some(2), Status::Present, Source::Own, 1), mark(Some(1), Status::Present, Source::Own, 2)];
    assert_eq!(presence(&both, at(10), function).represented_by, Some(delegate(1)));
    assert_eq!(presence(&both, at(1), function).represented_by, Some(delegate(2)), "the head was not there yet");
    let named = Mark { represented_by: Some(delegate(3)), ..mark(None, Status::Present, Source::Staff, 3) };
    assert_eq!(presence(&[both[0], both[1], named], at(10), function).represented_by, Some(delegate(3)));
    let away = mark(Some(1), Status::Excused, Source::Own, 1);
    assert_eq!(presence(&[away], at(10), function).represented_by, None);
}

fn some_mark() -> impl Strategy<Value = Mark> {
    let who = prop_oneof![Just(None), (1..4u128).prop_map(Some)];
    let source = prop::sample::select(Source::ALL);
    (who, prop::sample::select(Status::ALL), source, 0..8i64).prop_map(|(who, status, source, second)| {
        let represented_by = (who.is_none() && source == Source::Staff && status.is_represented() && second % 2 == 0)
            .then(|| delegate(u128::from(second.unsigned_abs()) % 3 + 1));
        Mark { represented_by, ..mark(who, status, source, second) }
    })
}

pub fn history() -> impl Strategy<Value = Vec<Mark>> {
    prop::collection::vec(some_mark(), 0..14)
        .prop_map(|marks| marks.into_iter().zip(0..).map(|(mark, number)| Mark { number, ..mark }).collect())
}

/// The rule read off the page: mark by mark in order of time, without looking anything up.
fn naive(marks: &[Mark], until: Timestamp) -> Status {
    let mut ordered: Vec<&Mark> = marks.iter().filter(|mark| mark.at <= until).collect();
    ordered.sort_by_key(|mark| (mark.at, mark.number));
    let say = |who: Option<DelegateId>, source: Source| {
        let last = ordered.iter().rev().find(|mark| mark.delegate == who && mark.source == source);
        last.map_or(Status::Unknown, |mark| mark.status)
    };
    let first = |who: Option<DelegateId>, sources: &[Source]| {
        sources.iter().map(|source| say(who, *source)).find(|status| *status != Status::Unknown)
    };
    let order = [Source::Staff, Source::Scan, Source::PlatformLog, Source::Own];
    if let Some(status) = first(None, &order[..1]) {
        return status;
    }
    let people: Vec<Status> = (1..4).filter_map(|n| first(Some(delegate(n)), &order)).collect();
    let any = |status| people.contains(&status);
    if any(Status::Present) {
        Status::Present
    } else if any(Status::Online) {
        Status::Online
    } else if let Some(status) = first(None, &order[1..]) {
        status
    } else if any(Status::Excused) {
        Status::Excused
    } else if any(Status::Absent) {
        Status::Absent
    } else {
        Status::Unknown
    }
}

proptest! {
    #[test]
    fn what_holds_is_what_a_reader_of_the_rules_would_say(marks in history(), until in 0..9i64) {
        prop_assert_eq!(presence(&marks, at(until), function).status, naive(&marks, at(until)));
    }

    #[test]
    fn the_order_in_which_marks_are_read_does_not_matter(marks in history(), until in 0..9i64) {
        let mut backwards = marks.clone();
        backwards.reverse();
        prop_assert_eq!(presence(&backwards, at(until), function), presence(&marks, at(until), function));
    }

    #[test]
    fn what_comes_later_changes_nothing_of_what_was(marks in history(), until in 0..9i64) {
        let known: Vec<Mark> = marks.iter().copied().filter(|mark| mark.at <= at(until)).collect();
        prop_assert_eq!(presence(&marks, at(until), function), presence(&known, at(until), function));
    }
}
