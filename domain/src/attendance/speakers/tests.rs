//! What holds of every speakers' list, whatever happens on it.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::identifier::{AgendaItemId, DelegationId, SpeakerId};

fn id(number: usize) -> SpeakerId {
    SpeakerId(Uuid::from_u128(number as u128 + 1))
}

fn at(seconds: i64) -> Timestamp {
    "2019-10-07T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

fn speaker(delegation: usize, kind: Kind, level: Level) -> Speaker {
    Speaker {
        agenda_item_id: AgendaItemId(Uuid::nil()),
        delegation_id: DelegationId(Uuid::from_u128(delegation as u128)),
        delegate_id: None,
        kind,
        level,
        group_id: None,
        on_behalf_of: None,
        state: SpeakerState::Waiting,
        lot: None,
        periods: vec![],
        interrupted_by: None,
        rank: 0,
    }
}

fn put(list: &mut [Entry], changed: Vec<Entry>) {
    for (id, speaker) in changed {
        list.iter_mut().find(|(other, _)| *other == id).unwrap().1 = speaker;
    }
}

fn ask(list: &mut Vec<Entry>, speaker: Speaker, order: Order) -> SpeakerId {
    let (speaker, shifted) = queued(list, speaker, order);
    put(list, shifted);
    let new = id(list.len());
    list.push((new, speaker));
    new
}

#[derive(Debug, Clone)]
enum Act {
    Ask { delegation: usize, kind: Kind, level: Level, order: Order },
    Step { which: usize, to: SpeakerState },
    Move { which: usize, to: u16 },
    Swap { one: usize, other: usize },
    Draw { seed: u8, by_level: bool },
}

fn any<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
    let asks = (0..5usize, any(Kind::ALL), any(Level::ALL), any(Order::ALL))
        .prop_map(|(delegation, kind, level, order)| Act::Ask { delegation, kind, level, order });
    let steps = (0..12usize, any(SpeakerState::ALL)).prop_map(|(which, to)| Act::Step { which, to });
    let moves = (0..12usize, 1..6u16).prop_map(|(which, to)| Act::Move { which, to });
    let swaps = (0..12usize, 0..12usize).prop_map(|(one, other)| Act::Swap { one, other });
    let draws = (0..9u8, prop::bool::ANY).prop_map(|(seed, by_level)| Act::Draw { seed, by_level });
    let act = prop_oneof![4 => asks, 6 => steps, 1 => moves, 1 => swaps, 1 => draws];
    prop::collection::vec((act, 0..20i64), 0..60)
}

fn act(list: &mut Vec<Entry>, act: &Act, now: Timestamp) {
    let some = |which: usize| list.get(which).map(|(id, _)| *id);
    let changed = match *act {
        Act::Ask { delegation, kind, level, order } => {
            ask(list, speaker(delegation, kind, level), order);
            Ok(vec![])
        }
        Act::Step { which, to } => some(which).map_or(Ok(vec![]), |id| step(list, id, to, now)),
        Act::Move { which, to } => some(which).map_or(Ok(vec![]), |id| moved(list, id, Spot { position: to })),
        Act::Swap { one, other } => match (some(one), some(other)) {
            (Some(one), Some(other)) => swapped(list, [one, other]),
            _ => Ok(vec![]),
        },
        Act::Draw { seed, by_level } => drawn(list, &[seed], Lots { by_level }),
    };
    put(list, changed.unwrap_or_default());
}

proptest! {
    /// Beside a count, second by second, of who has the floor.
    #[test]
    fn time_used_is_that_of_the_floor_and_one_has_it(acts in acts()) {
        let (mut list, mut now, mut counted) = (vec![], 0, HashMap::<SpeakerId, i64>::new());
        for (what, wait) in acts {
            act(&mut list, &what, at(now));
            let speaking: Vec<_> = list.iter().filter(|(_, it)| it.state == SpeakerState::Speaking).collect();
            prop_assert!(speaking.len() <= 1);
            if let Some((id, _)) = speaking.first() {
                *counted.entry(*id).or_default() += wait;
            }
            now += wait;
            for (id, speaker) in &list {
                let counted = counted.get(id).copied().unwrap_or_default();
                prop_assert_eq!(time::used(&speaker.periods, at(now)).as_secs(), counted);
                prop_assert_eq!(
                    speaker.periods.last().is_some_and(|last| last.to.is_none()),
                    speaker.state == SpeakerState::Speaking
                );
            }
        }
        let settings = Settings { delegation_seconds: Some(60), ..Settings::default() };
        let shares = shares(&list, &settings, -10, at(now));
        prop_assert_eq!(shares.iter().map(|share| share.used_seconds).sum::<i64>(), counted.values().sum::<i64>());
        prop_assert!(shares.iter().all(|share| share.left_seconds == Some(50 - share.used_seconds)));
    }

    /// Total: everybody who waits once, by kind. Stable: who asks and who leaves changes the order of no others.
    #[test]
    fn the_order_is_total_and_stable(acts in acts()) {
        let mut list = vec![];
        for (what, _) in acts {
            let before = in_order(&list);
            act(&mut list, &what, at(0));
            let after = in_order(&list);
            let waiting = list.iter().filter(|(_, it)| it.state == SpeakerState::Waiting).count();
            prop_assert_eq!(after.iter().collect::<HashSet<_>>().len(), waiting);
            let kind = |id: &SpeakerId| list.iter().find(|(other, _)| other == id).unwrap().1.kind;
            prop_assert!(after.windows(2).all(|pair| kind(&pair[0]) <= kind(&pair[1])));
            if matches!(what, Act::Ask { .. } | Act::Step { .. }) {
                let stayed: Vec<_> = before.iter().filter(|id| after.contains(id)).collect();
                let still: Vec<_> = after.iter().filter(|id| before.contains(id)).collect();
                prop_assert_eq!(stayed, still);
            }
            let mut turned = list.clone();
            turned.reverse();
            prop_assert_eq!(in_order(&turned), after);
        }
    }
}

#[test]
fn groups_come_first_then_levels_and_replies_last() {
    let mut list = vec![];
    let order = Order::Level;
    let other = ask(&mut list, speaker(1, Kind::Statement, Level::Other), order);
    let reply = ask(&mut list, speaker(2, Kind::RightOfReply, Level::Minister), order);
    let ambassador = ask(&mut list, speaker(3, Kind::Statement, Level::Ambassador), order);
    let group = ask(&mut list, speaker(4, Kind::GroupStatement, Level::Other), order);
    let minister = ask(&mut list, speaker(5, Kind::Statement, Level::Minister), order);
    let second = ask(&mut list, speaker(6, Kind::Statement, Level::Minister), order);
    let point = ask(&mut list, speaker(7, Kind::PointOfOrder, Level::Other), order);
    assert_eq!(in_order(&list), [point, group, minister, second, ambassador, other, reply]);
    let changed = moved(&list, other, Spot { position: 1 }).unwrap();
    put(&mut list, changed);
    assert_eq!(in_order(&list), [point, group, other, minister, second, ambassador, reply]);
    let changed = swapped(&list, [other, ambassador]).unwrap();
    put(&mut list, changed);
    assert_eq!(in_order(&list), [point, group, ambassador, minister, second, other, reply]);
    assert_eq!(swapped(&list, [point, other]).unwrap_err().code(), "other_queue");
}

#[test]
fn a_point_of_order_takes_the_floor_and_gives_it_back() {
    let mut list = vec![];
    let speech = ask(&mut list, speaker(1, Kind::Statement, Level::Other), Order::Requested);
    let next = ask(&mut list, speaker(2, Kind::Statement, Level::Other), Order::Requested);
    let point = ask(&mut list, speaker(3, Kind::PointOfOrder, Level::Other), Order::Requested);
    let turn = |list: &mut Vec<Entry>, id, to, now| {
        let changed = step(list, id, to, at(now))?;
        put(list, changed);
        Ok::<_, Refusal>(())
    };
    turn(&mut list, speech, SpeakerState::Speaking, 0).unwrap();
    assert_eq!(turn(&mut list, next, SpeakerState::Speaking, 30), Err(Refusal::SomebodySpeaks));
    turn(&mut list, point, SpeakerState::Speaking, 60).unwrap();
    assert_eq!(list[0].1.state, SpeakerState::Paused);
    turn(&mut list, point, SpeakerState::Done, 100).unwrap();
    assert_eq!((list[0].1.state, list[2].1.state), (SpeakerState::Speaking, SpeakerState::Done));
    turn(&mut list, speech, SpeakerState::Done, 110).unwrap();
    let used: Vec<_> = list.iter().map(|(_, it)| time::used(&it.periods, at(500)).as_secs()).collect();
    assert_eq!(used, [70, 0, 40]);
}

#[test]
fn lots_can_be_drawn_again_by_whoever_has_the_seed() {
    let mut list = vec![];
    for (delegation, level) in [Level::Other, Level::Minister, Level::Other, Level::Minister].into_iter().enumerate() {
        ask(&mut list, speaker(delegation, Kind::Statement, level), Order::Requested);
    }
    let changed = drawn(&list, b"seed", Lots::default()).unwrap();
    put(&mut list, changed);
    // Python's hashlib: the digests of `seed` and the ids 1 to 4 begin with 4c, e4, 7e and f2.
    let again = drawn(&list, b"seed", Lots::default()).unwrap();
    assert_eq!(in_order(&list), [id(0), id(2), id(1), id(3)]);
    assert_eq!(again.iter().map(|(id, _)| *id).collect::<Vec<_>>(), in_order(&list));
    assert_eq!(again.iter().map(|(_, it)| it.lot).collect::<Vec<_>>(), [Some(1), Some(2), Some(3), Some(4)]);
    let by_level = drawn(&list, b"seed", Lots { by_level: true }).unwrap();
    assert_eq!(by_level.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id(1), id(3), id(0), id(2)]);
    // Who asks after that comes last, whatever the level.
    let late = ask(&mut list, speaker(9, Kind::Statement, Level::HeadOfState), Order::Level);
    assert_eq!(in_order(&list).last(), Some(&late));
}

#[test]
fn a_delegation_asks_while_the_list_is_open_once_and_replies_as_often_as_it_may() {
    let settings = Settings { state: ListState::Open, replies_per_delegation: Some(2), ..Settings::default() };
    let mut list = vec![];
    ask(&mut list, speaker(1, Kind::Statement, Level::Other), Order::Requested);
    let again = speaker(1, Kind::Statement, Level::Other);
    assert_eq!(again.admitted(&list, &settings, true, false), Err(Refusal::ListedAlready));
    let other = speaker(2, Kind::Statement, Level::Other);
    assert_eq!(other.admitted(&list, &settings, true, false), Ok(()));
    assert_eq!(other.admitted(&list, &Settings::default(), true, false), Err(Refusal::Closed));
    assert_eq!(other.admitted(&list, &Settings::default(), false, false), Ok(()));
    assert_eq!(speaker(2, Kind::PointOfOrder, Level::Other).admitted(&list, &Settings::default(), true, false), Ok(()));
    let present = Settings { present_only: true, ..settings.clone() };
    assert_eq!(other.admitted(&list, &present, true, false), Err(Refusal::NotPresent));
    for _ in 0..2 {
        let reply = speaker(1, Kind::RightOfReply, Level::Other);
        assert_eq!(reply.admitted(&list, &settings, true, false), Ok(()));
        let id = ask(&mut list, reply, Order::Requested);
        for to in [SpeakerState::Speaking, SpeakerState::Done] {
            let changed = step(&list, id, to, at(0)).unwrap();
            put(&mut list, changed);
        }
    }
    let third = speaker(1, Kind::RightOfReply, Level::Other);
    assert_eq!(third.admitted(&list, &settings, true, false), Err(Refusal::RepliesSpent(2)));
}
