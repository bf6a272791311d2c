//! Help with placing sessions. Whether known plans are found again is a benchmark; see benches/schedule.

use jiff::civil::{date, time};
use proptest::prelude::*;

use super::{
    super::placement::{Filled, best_slots, fill},
    random::Draw,
    *,
};

/// One day from nine to twelve, and two rooms, for 20 and for 50.
fn morning(sessions: impl IntoIterator<Item = Session>) -> Board {
    let hours = Hours { days: vec![], from: time(9, 0, 0, 0), to: time(12, 0, 0, 0) };
    let capacity = |number, capacity| Room { capacity: Some(capacity), ..room(number) };
    let snapshot = Snapshot {
        days: Some((date(2026, 6, 8), date(2026, 6, 8))),
        working_hours: vec![hours],
        rooms: vec![capacity(1, 20), capacity(2, 50)],
        ..programme(sessions)
    };
    Board::new(snapshot, Settings::default())
}

fn unplaced(number: u128, minutes: u32, in_room: u32) -> Session {
    let number_said = i32::try_from(number).unwrap();
    Session { minutes: Some(minutes), in_room, ..Session::new(id(number), number_said, Kind::Workshop) }
}

fn after(board: &Board, plan: &Filled) -> Board {
    let mut board = board.clone();
    plan.moves.iter().for_each(|own| drop(board.apply((*own).into())));
    board
}

/// Says yes so many times.
fn steps(mut count: u32) -> impl FnMut() -> bool {
    move || {
        count = count.saturating_sub(1);
        count > 0
    }
}

#[test]
fn the_best_slot_is_the_one_least_is_said_against_and_the_others_say_what_is() {
    // The chair is busy from ten to eleven; the larger room is taken until half past nine.
    let chaired = with(5, Weight::Chair, unplaced(3, 60, 30));
    let board = morning([
        with(5, Weight::Chair, in_room(1, sits(1, "8 10:00-11:00"))),
        in_room(2, sits(2, "8 09:00-09:30")),
        chaired,
    ]);
    let best = best_slots(&board, id(3), 3, || true);
    assert_eq!((best[0].room, best[0].slot, best[0].penalty), (Some(id(2)), span("8 11:00-12:00"), 0));
    assert!(best[0].is_feasible() && best[0].reasons.is_empty());
    // At nine the small room is free, and too small: that weighs less than two sessions of one chair.
    assert_eq!((best[1].room, best[1].slot, best[1].penalty), (Some(id(1)), span("8 09:00-10:00"), 100));
    assert_eq!(best[1].reasons[0].finding.rule, Rule::RoomCapacity);
    assert!(!best[2].is_feasible());
    assert_eq!(best[2].reasons[0].finding.rule, Rule::PersonOverlapChair);
    // The board itself is as it was.
    assert_eq!(board.snapshot().sessions[2].slot, None);
    assert_eq!(best_slots(&board, id(4), 3, || true), []);
}

#[test]
fn all_sessions_find_a_place_where_there_is_one_and_what_is_locked_stays() {
    // Six hours of rooms for six hours of sessions; the large ones go into the large room.
    let locked = Session { locked: true, ..in_room(2, sits(1, "8 10:00-11:00")) };
    let others =
        [unplaced(2, 60, 40), unplaced(3, 60, 40), unplaced(4, 90, 20), unplaced(5, 60, 5), unplaced(6, 30, 5)];
    let board = morning(others.into_iter().chain([locked.clone()]));
    let plan = fill(&board, 1, steps(10_000));
    assert_eq!((plan.left.len(), plan.moves.len()), (0, 5));
    let full = after(&board, &plan);
    assert_eq!(full.findings(), []);
    assert!(full.snapshot().sessions.contains(&locked));
    assert_eq!(plan, fill(&board, 1, steps(10_000)));
}

#[test]
fn a_session_makes_room_for_one_that_fits_nowhere_else() {
    let board = morning([unplaced(1, 180, 40), in_room(2, Session { in_room: 20, ..sits(2, "8 10:00-11:00") })]);
    let plan = fill(&board, 1, steps(10_000));
    let moved: Vec<_> = plan.moves.iter().map(|own| (own.session, own.room)).collect();
    assert_eq!(moved, [(id(1), Some(id(2))), (id(2), Some(id(1)))]);
    assert_eq!(after(&board, &plan).findings(), []);
}

#[test]
fn where_nothing_fits_the_rules_that_block_are_named() {
    let locked = |number, room| Session { locked: true, ..in_room(room, sits(number, "8 09:00-12:00")) };
    let board = morning([locked(1, 1), locked(2, 2), unplaced(3, 60, 10), Session::new(id(4), 4, Kind::Workshop)]);
    let plan = fill(&board, 1, steps(10_000));
    let left: Vec<_> = plan.left.iter().map(|own| (own.session, own.rules())).collect();
    assert_eq!((&plan.moves[..], left), (&[][..], vec![(id(3), vec![Rule::RoomOverlap]), (id(4), vec![])]));
}

#[test]
fn while_an_event_lasts_nothing_is_proposed_for_the_time_before() {
    let at = |now: &str| {
        let snapshot = Snapshot { as_of: now.parse().unwrap(), ..morning([unplaced(1, 60, 0)]).snapshot().clone() };
        best_slots(&Board::new(snapshot, Settings::default()), id(1), 1, || true)[0].slot
    };
    let (before, after) = ("2026-06-01T00:00:00Z", "2026-06-10T00:00:00Z");
    assert_eq!((at(before), at(after)), (span("8 09:00-10:00"), span("8 09:00-10:00")));
    let at_ten_past = span("8 10:10-10:11").starts_at.to_string();
    assert_eq!(at(&at_ten_past), span("8 10:15-11:15"));
}

#[test]
fn a_session_that_was_given_a_room_and_no_time_keeps_the_room() {
    let taken = Session { locked: true, ..in_room(1, sits(1, "8 09:00-11:00")) };
    let board = morning([taken, in_room(1, unplaced(2, 60, 5))]);
    let best = best_slots(&board, id(2), 2, || true);
    assert_eq!((best[0].room, best[0].slot), (Some(id(1)), span("8 11:00-12:00")));
    assert_eq!(best[1].room, Some(id(1)));
    let plan = fill(&board, 1, steps(10_000));
    assert_eq!((plan.moves[0].room, plan.moves[0].slot), (Some(id(1)), span("8 11:00-12:00")));
}

#[test]
fn whoever_stops_the_search_for_slots_gets_the_best_so_far() {
    let board = morning([unplaced(1, 60, 10)]);
    let best = best_slots(&board, id(1), 3, steps(3));
    assert_eq!(best.iter().map(|own| own.slot).collect::<Vec<_>>(), [span("8 09:00-10:00")]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_is_the_same_for_the_same_seed_and_moves_nothing_that_is_locked(seed in any::<u64>()) {
        let mut draw = Draw(seed);
        let mut snapshot = draw.programme(14);
        snapshot.days = Some((date(2026, 10, 24), date(2026, 10, 27)));
        for session in &mut snapshot.sessions {
            session.locked = draw.below(4) == 0;
            session.minutes = Some(60);
        }
        let board = Board::new(snapshot, Settings::default());
        let plan = fill(&board, seed, steps(300));
        prop_assert_eq!(&plan, &fill(&board, seed, steps(300)));
        let planned = after(&board, &plan);
        for (before, after) in board.snapshot().sessions.iter().zip(&planned.snapshot().sessions) {
            let left = plan.left.iter().any(|own| own.session == before.id);
            prop_assert!(!before.locked || before == after);
            prop_assert_eq!(after.slot.is_none(), before.slot.is_none() && (before.locked || left));
            prop_assert!(after.slot.is_none_or(|slot| before.slot.is_none_or(|own| own.length() == slot.length())));
        }
    }
}
