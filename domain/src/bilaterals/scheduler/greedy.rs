//! A first timetable: the meeting with the fewest slots left comes next (saturation; Brélaz, Communications of the ACM
//! 22, 1979), in the slot where it leaves the fewest breaks.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    problem::{FREE, Meeting, NONE, Slot},
    search::Search,
    timetable::Timetable,
};

/// How urgent a meeting is: required, by weight, with few slots left, and asked for by the busiest. The last is its
/// number, so that no two are equal.
type Urgency = (bool, u64, Reverse<u32>, usize, Reverse<Meeting>);

/// Gives slots to what has none, one after the other, without moving anything.
pub(super) fn fill(search: &mut Search<'_>, timetable: &mut Timetable<'_>) {
    let mut queue = Queue::of(timetable);
    while let Some(meeting) = queue.next() {
        if !search.goes_on() {
            return;
        }
        if let Some(slot) = best_slot(timetable, meeting) {
            queue.take(timetable, meeting, slot);
            timetable.place(meeting, slot);
        }
        queue.release(timetable, meeting);
    }
}

/// The free slot in which `meeting` adds the fewest breaks, and of those the least crowded.
pub(super) fn best_slot(timetable: &Timetable<'_>, meeting: Meeting) -> Option<Slot> {
    let item = &timetable.problem.items[meeting as usize];
    let free = item.slots.iter().copied().filter(|slot| timetable.is_free_for(meeting, *slot));
    free.min_by_key(|slot| (added_breaks(timetable, meeting, *slot), timetable.users(0, *slot).len()))
}

/// By how many the breaks grow if `meeting`, without a slot, is placed in `slot`.
pub(super) fn added_breaks(timetable: &Timetable<'_>, meeting: Meeting, slot: Slot) -> i64 {
    let item = &timetable.problem.items[meeting as usize];
    item.rows[..item.parties].iter().map(|row| timetable.breaks_if_engaged(*row, slot)).sum()
}

/// What waits for a slot, the most urgent first.
struct Queue {
    waiting: BinaryHeap<Urgency>,
    /// How many slots each meeting has left as far as its rows go; `NONE` once it has its turn.
    left: Vec<u32>,
}

impl Queue {
    fn of(timetable: &Timetable<'_>) -> Self {
        let problem = timetable.problem;
        let free = |meeting: Meeting| {
            let item = &problem.items[meeting as usize];
            let open = |slot: &&Slot| item.rows.iter().all(|row| timetable.at(*row, **slot) == FREE);
            item.slots.iter().filter(open).count() as u32
        };
        let unplaced = |meeting: &Meeting| timetable.slot(*meeting) == NONE;
        let mut new = Self { waiting: BinaryHeap::new(), left: vec![NONE; problem.items.len()] };
        problem.meetings().filter(unplaced).for_each(|meeting| new.left[meeting as usize] = free(meeting));
        problem.meetings().filter(unplaced).for_each(|meeting| new.push(timetable, meeting));
        new
    }

    fn push(&mut self, timetable: &Timetable<'_>, meeting: Meeting) {
        let problem = timetable.problem;
        let item = &problem.items[meeting as usize];
        if item.after.iter().any(|earlier| self.left[*earlier as usize] != NONE) {
            return;
        }
        let asked: usize = item.rows.iter().map(|row| problem.of_row[*row as usize].len()).sum();
        let left = Reverse(self.left[meeting as usize]);
        self.waiting.push((item.required, item.weight, left, asked, Reverse(meeting)));
    }

    fn next(&mut self) -> Option<Meeting> {
        while let Some((_, _, Reverse(left), _, Reverse(meeting))) = self.waiting.pop() {
            // An older entry of a meeting that has fewer slots left by now is passed over.
            if self.left[meeting as usize] == left {
                self.left[meeting as usize] = NONE;
                return Some(meeting);
            }
        }
        None
    }

    /// `meeting` had its turn: those that had to wait for it come in.
    fn release(&mut self, timetable: &Timetable<'_>, meeting: Meeting) {
        for later in &timetable.problem.items[meeting as usize].before {
            if self.left[*later as usize] != NONE {
                self.push(timetable, *later);
            }
        }
    }

    /// `meeting` is about to take `slot` from those who share a row with it.
    fn take(&mut self, timetable: &Timetable<'_>, meeting: Meeting, slot: Slot) {
        let problem = timetable.problem;
        for row in &problem.items[meeting as usize].rows {
            for other in &problem.of_row[*row as usize] {
                let rows = &problem.items[*other as usize].rows;
                let had = problem.fits(*other, slot) && rows.iter().all(|row| timetable.at(*row, slot) == FREE);
                if had && !matches!(self.left[*other as usize], NONE | 0) {
                    self.left[*other as usize] -= 1;
                    self.push(timetable, *other);
                }
            }
        }
    }
}
