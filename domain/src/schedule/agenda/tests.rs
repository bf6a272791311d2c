//! What holds of every agenda, whatever is done to it.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::identifier::AgendaItemId;

fn id(number: usize) -> AgendaItemId {
    AgendaItemId(Uuid::from_u128(number as u128 + 1))
}

fn at(minutes: i64) -> Timestamp {
    "2019-10-07T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

#[derive(Debug, Clone)]
enum Act {
    Insert { below: usize, at: usize },
    Move { which: usize, to: usize },
    Delete { which: usize },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let insert = (0..20usize, 0..6usize).prop_map(|(below, at)| Act::Insert { below, at });
    let shift = (0..20usize, 0..6usize).prop_map(|(which, to)| Act::Move { which, to });
    let delete = (0..20usize).prop_map(|which| Act::Delete { which });
    prop::collection::vec(prop_oneof![3 => insert, 2 => shift, 1 => delete], 0..60)
}

/// An agenda of which only tree and numbers matter, as the use cases treat it.
#[derive(Default)]
struct Model {
    tree: Vec<Branch>,
    numbers: HashMap<AgendaItemId, String>,
    taken: Taken,
    made: usize,
}

impl Model {
    fn siblings(&self, parent: Option<AgendaItemId>) -> Vec<AgendaItemId> {
        walk(&self.tree).into_iter().filter(|stop| stop.parent == parent).map(|stop| stop.id).collect()
    }

    fn some(&self, which: usize) -> Option<AgendaItemId> {
        (!self.tree.is_empty()).then(|| self.tree[which % self.tree.len()].id)
    }

    fn place(
        &mut self,
        item: AgendaItemId,
        parent: Option<AgendaItemId>,
        position: usize,
    ) -> (Option<AgendaItemId>, bool) {
        let mut siblings = self.siblings(parent);
        siblings.retain(|other| *other != item);
        let position = position.min(siblings.len());
        let (before, last) = (position.checked_sub(1).map(|at| siblings[at]), position == siblings.len());
        siblings.insert(position, item);
        for branch in &mut self.tree {
            if let Some(rank) = siblings.iter().position(|sibling| *sibling == branch.id) {
                branch.rank = i32::try_from(rank).unwrap();
            }
        }
        (before, last)
    }

    fn act(&mut self, act: Act, numbering: &Numbering, adopted: bool) {
        match act {
            Act::Insert { below, at } => {
                let (item, parent) = (id(self.made), self.some(below).filter(|_| below % 3 > 0));
                self.made += 1;
                self.tree.push(Branch { id: item, parent, rank: i32::MAX });
                let (before, last) = self.place(item, parent, at);
                if adopted {
                    let number = |id: Option<AgendaItemId>| id.and_then(|id| self.numbers.get(&id)).cloned();
                    let (parent, before) = (number(parent), number(before));
                    let number = numbering.inserted(parent.as_deref(), before.as_deref(), last, &self.taken);
                    assert!(self.taken.add(&number), "{number} is given twice");
                    self.numbers.insert(item, number);
                }
            }
            Act::Move { which, to } => {
                if let Some(item) = self.some(which) {
                    let parent = self.tree.iter().find(|branch| branch.id == item).and_then(|branch| branch.parent);
                    self.place(item, parent, to);
                }
            }
            Act::Delete { which } => {
                if let Some(item) = self.some(which).filter(|item| self.siblings(Some(*item)).is_empty()) {
                    self.tree.retain(|branch| branch.id != item);
                    self.numbers.remove(&item);
                }
            }
        }
    }
}

fn numbering() -> impl Strategy<Value = Numbering> {
    let style = prop_oneof![Just(Style::Arabic), Just(Style::Roman)];
    (style, prop::option::of(prop_oneof![Just("A-".to_owned()), Just("1.".to_owned())]))
        .prop_map(|(style, prefix)| Numbering { style, prefix })
}

fn leg() -> impl Strategy<Value = (ItemState, u16, Vec<i64>)> {
    let states = prop_oneof![
        Just(ItemState::Planned),
        Just(ItemState::Suspended),
        Just(ItemState::Closed),
        Just(ItemState::Deferred),
        Just(ItemState::Withdrawn)
    ];
    (states, 0..90u16, prop::collection::vec(0..40i64, 0..3))
}

/// A sitting from 0 to 180 in which one item after the other was dealt with, and the minute at which that came to an end.
fn course() -> impl Strategy<Value = (Course, i64)> {
    (prop::collection::vec(leg(), 0..8), prop::option::of(0..8usize)).prop_map(|(parts, open)| {
        let (mut clock, mut legs) = (0, vec![]);
        for (number, (state, minutes, lengths)) in parts.into_iter().enumerate() {
            let begun = matches!(state, ItemState::Suspended | ItemState::Closed);
            let mut periods = vec![];
            for length in lengths.into_iter().chain(begun.then_some(5)).filter(|_| state != ItemState::Planned) {
                periods.push(Period { from: at(clock), to: Some(at(clock + length)) });
                clock += length;
            }
            legs.push(Leg { id: id(number), state, minutes, periods });
        }
        if let Some(leg) = open.filter(|at| *at < legs.len()).map(|at| &mut legs[at]) {
            leg.state = ItemState::Open;
            leg.periods.push(Period { from: at(clock), to: None });
        }
        (Course::new(vec![(at(0), at(180))], legs).unwrap(), clock)
    })
}

proptest! {
    #[test]
    fn a_number_never_changes_after_the_adoption_and_is_given_once(
        before in acts(), after in acts(), numbering in numbering(),
    ) {
        let mut model = Model::default();
        for act in before {
            model.act(act, &numbering, false);
        }
        model.numbers = assigned(&numbering, &walk(&model.tree), &HashMap::new());
        model.taken = model.numbers.values().map(String::as_str).collect();
        prop_assert_eq!(model.numbers.len(), model.tree.len());
        let given: std::collections::HashSet<_> = model.numbers.values().collect();
        prop_assert_eq!(given.len(), model.numbers.len());
        for act in after {
            let earlier = model.numbers.clone();
            model.act(act, &numbering, true);
            for (id, number) in &model.numbers {
                prop_assert!(earlier.get(id).is_none_or(|known| known == number));
            }
            prop_assert_eq!(model.numbers.len(), model.tree.len());
        }
    }

    #[test]
    fn numbers_given_by_hand_are_passed_over(acts in acts(), hand in 0..20usize, count in 1..6u32) {
        let mut model = Model::default();
        for act in acts {
            model.act(act, &Numbering::default(), false);
        }
        let by_hand: HashMap<_, _> = model.some(hand).map(|id| (id, count.to_string())).into_iter().collect();
        let numbers = assigned(&Numbering::default(), &walk(&model.tree), &by_hand);
        let given: std::collections::HashSet<_> = numbers.values().collect();
        prop_assert_eq!((given.len(), numbers.len()), (numbers.len(), model.tree.len()));
        prop_assert!(by_hand.iter().all(|(id, number)| numbers.get(id) == Some(number)));
    }

    #[test]
    fn the_way_through_the_tree_meets_everything_once_and_parents_first(acts in acts()) {
        let mut model = Model::default();
        for act in acts {
            model.act(act, &Numbering::default(), false);
        }
        let way = walk(&model.tree);
        prop_assert_eq!(way.len(), model.tree.len());
        for (at, stop) in way.iter().enumerate() {
            let above = stop.parent.map(|parent| way[..at].iter().find(|other| other.id == parent));
            prop_assert_eq!(above.map_or(Some(0), |found| found.map(|found| found.depth + 1)), Some(stop.depth));
        }
    }

    /// While nobody does anything, a sitting is through no earlier the later it gets; and what follows begins when what
    /// is before it ends.
    #[test]
    fn projected_times_only_move_on((course, clock) in course(), waits in prop::collection::vec(0..30i64, 1..6)) {
        let mut now = clock;
        let mut last = course.expected(at(now));
        for wait in waits {
            now += wait;
            let next = course.expected(at(now));
            if course.legs.iter().any(|leg| !leg.periods.is_empty()) || now < 180 {
                prop_assert!(last.ends_at <= next.ends_at && last.running_late_minutes <= next.running_late_minutes);
                for (before, after) in last.legs.iter().zip(&next.legs) {
                    prop_assert!(before.0 == after.0 && before.1 <= after.1 && before.2 <= after.2);
                }
            }
            for pair in next.legs.windows(2) {
                prop_assert!(pair[0].2 <= pair[1].2);
                let begun = course.legs.iter().any(|leg| leg.id == pair[1].0 && !leg.periods.is_empty());
                prop_assert!(begun || pair[1].1 == pair[0].2);
            }
            last = next;
        }
    }
}

fn planned(number: usize, minutes: u16) -> Leg {
    Leg { id: id(number), state: ItemState::Planned, minutes, periods: vec![] }
}

fn dealt(number: usize, minutes: u16, state: ItemState, from: i64, to: Option<i64>) -> Leg {
    Leg { state, periods: vec![Period { from: at(from), to: to.map(at) }], ..planned(number, minutes) }
}

fn sitting(legs: Vec<Leg>) -> Course {
    Course::new(vec![(at(0), at(90))], legs).unwrap()
}

#[test]
fn a_sitting_runs_late_by_what_an_item_takes_too_long() {
    let legs =
        vec![dealt(1, 10, ItemState::Closed, 5, Some(20)), dealt(2, 30, ItemState::Open, 20, None), planned(3, 30)];
    let course = sitting(legs);
    // Begun five minutes late, and the first took five more than its ten.
    let expected = course.expected(at(30));
    assert_eq!(expected.legs, vec![(id(2), at(20), at(50)), (id(3), at(50), at(80))]);
    assert_eq!((expected.running_late_minutes, expected.over_minutes), (10, 0));
    // The second goes on beyond its half hour.
    let expected = course.expected(at(65));
    assert_eq!(expected.legs, vec![(id(2), at(20), at(65)), (id(3), at(65), at(95))]);
    assert_eq!((expected.running_late_minutes, expected.over_minutes), (25, 5));
}

#[test]
fn what_a_sitting_does_not_get_through_goes_on_in_the_next() {
    // Two sittings of an hour and a half with an hour and a half between them, and two hours of business.
    let two = |legs| Course::new(vec![(at(180), at(270)), (at(0), at(90))], legs).unwrap();
    let course = two(vec![planned(1, 60), planned(2, 50), planned(3, 10)]);
    let expected = course.expected(at(-100));
    assert_eq!(expected.legs, vec![(id(1), at(0), at(60)), (id(2), at(60), at(200)), (id(3), at(200), at(210))]);
    assert_eq!((expected.running_late_minutes, expected.over_minutes), (0, 0));
    // What fills a sitting to its end is through then, and what follows begins with the next.
    let full = two(vec![planned(1, 90), planned(2, 100)]).expected(at(-1));
    assert_eq!(full.legs, vec![(id(1), at(0), at(90)), (id(2), at(180), at(280))]);
    assert_eq!((full.running_late_minutes, full.over_minutes), (0, 10));
    // The first took twenty more than its hour; between the sittings nobody falls further behind.
    let late = two(vec![dealt(1, 60, ItemState::Closed, 0, Some(80)), planned(2, 50), planned(3, 10)]);
    for now in [80, 100, 170] {
        let expected = late.expected(at(now));
        let (_, begins, ends) = expected.legs[0];
        assert_eq!((begins, ends), if now == 80 { (at(80), at(220)) } else { (at(180), at(230)) }, "{now}");
        assert_eq!(expected.running_late_minutes, if now == 80 { 20 } else { 30 }, "{now}");
    }
    // A sitting that goes on over lunch does so for as long as its open item takes.
    let lunch = two(vec![dealt(1, 60, ItemState::Open, 40, None), planned(2, 50)]).expected(at(95));
    assert_eq!(lunch.legs, vec![(id(1), at(40), at(100)), (id(2), at(180), at(230))]);
    assert_eq!(Course::new(vec![], vec![]), None);
}

#[test]
fn what_was_suspended_needs_only_what_is_left_of_its_time() {
    let course =
        sitting(vec![dealt(1, 30, ItemState::Suspended, 0, Some(20)), dealt(2, 20, ItemState::Open, 20, None)]);
    let expected = course.expected(at(25));
    assert_eq!(expected.legs, vec![(id(2), at(20), at(40)), (id(1), at(0), at(50))]);
    assert_eq!(expected.running_late_minutes, 0);
}

#[test]
fn what_is_put_off_leaves_the_plan_and_the_time_it_took_stays() {
    let course = sitting(vec![dealt(1, 30, ItemState::Deferred, 0, Some(10)), planned(2, 20)]);
    let expected = course.expected(at(10));
    assert_eq!((expected.ends_at, expected.running_late_minutes), (at(30), 0));
}

#[test]
fn a_sitting_that_should_have_begun_is_late_and_one_nobody_kept_is_as_planned() {
    let course = sitting(vec![planned(1, 30), planned(2, 30)]);
    assert_eq!(course.expected(at(-500)).ends_at, at(60));
    let late = course.expected(at(15));
    assert_eq!((late.ends_at, late.running_late_minutes), (at(75), 15));
    let forgotten = course.expected(at(5000));
    assert_eq!((forgotten.ends_at, forgotten.running_late_minutes), (at(60), 0));
}

#[test]
fn a_document_has_its_deadline_whenever_the_session_is() {
    let details: Details = serde_json::from_value(serde_json::json!({
        "title": {"en": "Budget"}, "kind": "decision", "planned_minutes": 20,
        "documents": [
            {"title": {"en": "Draft"}, "due_on": "2019-10-01", "received_on": "2019-10-02"}, {"title": {"en": "Annex"}},
        ],
    }))
    .unwrap();
    let item = Item::new(details, crate::identifier::SessionId(Uuid::nil()));
    let found = item.for_rules(Some(jiff::civil::date(2019, 10, 7))).unwrap();
    assert!(found.decides && found.minutes == 20 && found.documents.len() == 1);
    assert_eq!((found.documents[0].days_before, found.documents[0].provided_on.is_some()), (6, true));
    let later = item.for_rules(Some(jiff::civil::date(2019, 11, 7))).unwrap();
    assert_eq!(later.documents[0].days_before, 37);
    assert!(item.stepped(ItemState::Withdrawn, at(0)).unwrap().for_rules(None).is_none());
}

#[test]
fn an_item_keeps_every_time_it_was_dealt_with() {
    let details =
        serde_json::from_value(serde_json::json!({"title": {"en": "Opening"}, "kind": "procedural"})).unwrap();
    let item = Item::new(details, crate::identifier::SessionId(Uuid::nil()));
    let open = item.stepped(ItemState::Open, at(0)).unwrap();
    let resumed = open.stepped(ItemState::Suspended, at(10)).unwrap().stepped(ItemState::Open, at(30)).unwrap();
    let closed = resumed.stepped(ItemState::Closed, at(40)).unwrap();
    let period = |from, to| Period { from: at(from), to: Some(at(to)) };
    assert_eq!(closed.periods, vec![period(0, 10), period(30, 40)]);
    assert_eq!(item.stepped(ItemState::Closed, at(0)).unwrap_err().code(), "wrong_state");
    let details = Details { visibility: Visibility::Hidden, ..item.details.clone() };
    assert_eq!(Item { details, ..item }.stepped(ItemState::Open, at(0)).unwrap_err(), Refusal::Hidden);
}
