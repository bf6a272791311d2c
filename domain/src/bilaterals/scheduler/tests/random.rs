//! Instances small enough that every timetable of them can be looked at.

use proptest::{collection::vec, option, prelude::*, sample::subsequence};

use super::super::{Delegation, Instance, Meeting, Person, Resource, Slot};

const SLOTS: usize = 5;

fn some_slots(most: usize) -> impl Strategy<Value = Vec<usize>> {
    subsequence((0..SLOTS).collect::<Vec<_>>(), 0..=most)
}

fn meeting() -> impl Strategy<Value = Meeting> {
    let allowed = option::weighted(0.3, subsequence((0..SLOTS).collect::<Vec<_>>(), 1..=SLOTS));
    let needs = (subsequence(vec![0, 1], 0..=1), subsequence(vec![0], 0..=1));
    let parties = subsequence(vec![0, 1, 2, 3], 2..=3);
    (parties, 1..4_u32, prop::bool::weighted(0.3), allowed, option::weighted(0.1, 0..SLOTS), needs).prop_map(
        |(parties, weight, mandatory, slots, locked_slot, (persons, resources))| Meeting {
            parties,
            weight,
            mandatory,
            slots,
            locked_slot,
            after: Vec::new(),
            persons,
            resources,
        },
    )
}

prop_compose! {
    /// Two half days, four delegations, and up to five meetings, some of which wait for the one before.
    pub(super) fn instance()(
        slots in Just([0, 0, 0, 1, 1].map(|block| Slot { block }).to_vec()),
        tables in 1..3_usize,
        away in vec((some_slots(1), some_slots(2)), 4),
        absent in vec(some_slots(2), 2),
        mut meetings in vec(meeting(), 1..=5),
        waits in vec(prop::bool::weighted(0.15), 5),
        max_break_difference in option::weighted(0.3, 0..2_usize),
    ) -> Instance {
        for place in (1..meetings.len()).filter(|place| waits[*place]) {
            meetings[place].after = vec![place - 1];
        }
        Instance {
            slots,
            tables,
            delegations: away.into_iter().map(|(absent, busy)| Delegation { absent, busy }).collect(),
            persons: absent.into_iter().map(|absent| Person { absent }).collect(),
            resources: vec![Resource { capacity: 1 }],
            meetings,
            max_break_difference,
        }
    }
}
