//! Single rules, by hand.

use super::{
    super::{Delegation, Instance, Meeting, Slot, Status, propose},
    effort, proposed,
};

/// Four delegations and six slots of one half day.
fn morning(meetings: &[[usize; 2]]) -> Instance {
    let meeting = |parties: &[usize; 2]| Meeting { parties: parties.to_vec(), weight: 1, ..Meeting::default() };
    Instance {
        slots: vec![Slot { block: 0 }; 6],
        tables: 2,
        delegations: vec![Delegation::default(); 4],
        meetings: meetings.iter().map(meeting).collect(),
        ..Instance::default()
    }
}

#[test]
fn a_round_of_four_is_placed_without_a_break() {
    let found = proposed(&morning(&[[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]), 500_000);
    assert_eq!((found.status, found.unplaced_weight, found.breaks), (Status::Optimal, 0, 0));
}

#[test]
fn an_engagement_elsewhere_makes_a_break_that_cannot_be_mended() {
    let mut instance = morning(&[[0, 1]]);
    instance.delegations[0].busy = vec![0, 5];
    instance.meetings[0].slots = Some(vec![2, 3]);
    let found = proposed(&instance, 500_000);
    assert_eq!((found.status, found.breaks, found.least_breaks), (Status::Optimal, 2, 2));
}

#[test]
fn what_weighs_less_is_left_out() {
    let mut instance = morning(&[[0, 1], [0, 2], [0, 3]]);
    instance.delegations[0].absent = vec![0, 1, 2, 3];
    instance.meetings[1].weight = 3;
    instance.meetings[2].weight = 9;
    let found = proposed(&instance, 500_000);
    assert_eq!((found.slots[0], found.unplaced_weight), (None, 1));
    assert_eq!((found.status, found.least_unplaced_weight), (Status::Optimal, 1));
}

#[test]
fn a_locked_meeting_stays_and_what_is_impossible_is_said_so() {
    let mut instance = morning(&[[0, 1], [0, 2]]);
    instance.meetings[0].locked_slot = Some(4);
    instance.meetings[1].mandatory = true;
    instance.meetings[1].slots = Some(vec![4]);
    let found = proposed(&instance, 500_000);
    assert_eq!(found.status, Status::Infeasible);
    assert_eq!(found.slots, [Some(4), None]);
    assert_eq!(found.unplaced_weight, 1);
}

#[test]
fn nothing_asked_for_is_placed_at_once() {
    assert_eq!(proposed(&Instance::default(), 1_000).status, Status::Optimal);
}

#[test]
fn every_name_of_something_that_is_not_there_is_pointed_at() {
    let mut instance = morning(&[[0, 7], [1, 1]]);
    instance.meetings[0].slots = Some(vec![6]);
    instance.meetings[1].persons = vec![0];
    let faults = propose(&instance, &effort(1, 10)).unwrap_err();
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/meetings/0/parties", "/meetings/0/slots", "/meetings/1/parties", "/meetings/1/persons"]);
}
