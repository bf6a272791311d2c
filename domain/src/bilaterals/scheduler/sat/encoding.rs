//! A timetable as a formula.

use std::rc::Rc;

use super::clauses::{Clauses, Literal};
use crate::bilaterals::scheduler::{
    problem::{BUSY, Meeting, NONE, Problem, Slot},
    search::Watch,
};

/// The formula of all timetables of a problem.
pub(super) struct Encoding<'a> {
    pub(super) problem: &'a Problem,
    pub(super) clauses: Clauses,
    /// Meeting times slot: the meeting has the slot. 0 where it cannot.
    has: Vec<Literal>,
    /// For each meeting that may be left out: it is.
    pub(super) left_out: Vec<Option<Literal>>,
    /// Delegation times slot: it is engaged, if it can be.
    engaged: Vec<Option<Literal>>,
    /// For each delegation: it has at least so many breaks.
    pub(super) breaks: Vec<Vec<Literal>>,
}

impl<'a> Encoding<'a> {
    /// `None` if `watch` says to stop before it is written.
    pub(super) fn new(problem: &'a Problem, watch: &Rc<dyn Watch>) -> Option<Self> {
        let mut new = Self {
            problem,
            clauses: Clauses::new(Rc::clone(watch)),
            has: vec![0; problem.items.len() * problem.slots],
            left_out: vec![None; problem.items.len()],
            engaged: Vec::new(),
            breaks: Vec::new(),
        };
        problem.meetings().for_each(|meeting| new.give_slot(meeting));
        problem.meetings().for_each(|meeting| new.keep_order(meeting));
        (1..problem.capacity.len() as u32).for_each(|pool| new.keep_capacity(pool));
        for row in problem.delegations as u32..problem.rows as u32 {
            (0..problem.slots as Slot).for_each(|slot| {
                let there = new.users(row, slot);
                new.clauses.at_most_one(&there);
            });
        }
        for delegation in 0..problem.delegations as u32 {
            let row = (0..problem.slots as Slot).map(|slot| new.engaged(delegation, slot)).collect::<Vec<_>>();
            new.engaged.extend(row);
        }
        if watch.stop() {
            return None;
        }
        (0..problem.slots).for_each(|slot| new.bound_engaged(slot));
        new.count_breaks();
        Some(new)
    }

    /// The literal for `meeting` in `slot`, if it can be there.
    fn has(&self, meeting: Meeting, slot: Slot) -> Option<Literal> {
        let literal = self.has[meeting as usize * self.problem.slots + slot as usize];
        (literal != 0).then_some(literal)
    }

    fn give_slot(&mut self, meeting: Meeting) {
        let item = &self.problem.items[meeting as usize];
        let mut one_of: Vec<Literal> = item.slots.iter().map(|_| self.clauses.variable()).collect();
        for (slot, literal) in item.slots.iter().zip(&one_of) {
            self.has[meeting as usize * self.problem.slots + *slot as usize] = *literal;
        }
        self.clauses.at_most_one(&one_of);
        if !item.required {
            let left_out = self.clauses.variable();
            one_of.iter().for_each(|literal| self.clauses.implies(&[*literal], -left_out));
            one_of.push(left_out);
            self.left_out[meeting as usize] = Some(left_out);
        }
        self.clauses.any(&one_of);
    }

    /// Where `meeting` is, everything it waits for was before.
    fn keep_order(&mut self, meeting: Meeting) {
        let problem = self.problem;
        let item = &problem.items[meeting as usize];
        for earlier in &item.after {
            let slots = &problem.items[*earlier as usize].slots;
            for slot in &item.slots {
                let Some(literal) = self.has(meeting, *slot) else { continue };
                let mut clause = vec![-literal];
                clause
                    .extend(slots.iter().filter(|other| *other < slot).filter_map(|other| self.has(*earlier, *other)));
                self.clauses.any(&clause);
            }
        }
    }

    fn keep_capacity(&mut self, pool: u32) {
        let problem = self.problem;
        let capacity = problem.capacity[pool as usize] as usize;
        let users: Vec<Meeting> =
            problem.meetings().filter(|one| problem.items[*one as usize].pools.contains(&pool)).collect();
        for slot in 0..problem.slots as Slot {
            let there: Vec<Literal> = users.iter().filter_map(|one| self.has(*one, slot)).collect();
            if there.len() > capacity {
                let count = self.clauses.count(&there, capacity + 1, false);
                count.get(capacity).iter().for_each(|over| self.clauses.any(&[-**over]));
            }
        }
    }

    /// The literals of the meetings that `row` can have in `slot`.
    fn users(&self, row: u32, slot: Slot) -> Vec<Literal> {
        self.problem.of_row[row as usize].iter().filter_map(|meeting| self.has(*meeting, slot)).collect()
    }

    fn count_breaks(&mut self) {
        let delegations = 0..self.problem.delegations as u32;
        let Some(difference) = self.problem.max_difference else {
            self.breaks = delegations.map(|one| self.breaks_of(one, usize::MAX, false)).collect();
            return;
        };
        // Nobody can have more breaks than one less than there are engagements.
        let engagements = |one: u32| {
            let row = &self.problem.empty[one as usize * self.problem.slots..][..self.problem.slots];
            row.iter().filter(|what| **what == BUSY).count() + self.problem.of_row[one as usize].len()
        };
        let base = delegations.clone().map(|one| engagements(one).saturating_sub(1)).min().unwrap_or(0);
        self.breaks = delegations.map(|one| self.breaks_of(one, base + difference, base > 0)).collect();
        self.keep_fair(base, difference);
    }

    /// No delegation has more breaks than the one with the fewest and `difference`. The fewest are at most `base`.
    fn keep_fair(&mut self, base: usize, difference: usize) {
        // Everybody has at least so many breaks: always, if none; otherwise if the solver chooses so.
        let fewest: Vec<Literal> = (0..base).map(|_| self.clauses.variable()).collect();
        for (place, least) in fewest.iter().enumerate() {
            place.checked_sub(1).iter().for_each(|place| self.clauses.implies(&[*least], fewest[*place]));
        }
        for breaks in std::mem::take(&mut self.breaks) {
            for (place, least) in fewest.iter().enumerate() {
                let mut clause = vec![-least];
                clause.extend(breaks.get(place));
                self.clauses.any(&clause);
            }
            for (place, more) in breaks.iter().enumerate().skip(difference) {
                let mut clause = vec![-more];
                clause.extend(fewest.get(place - difference));
                self.clauses.any(&clause);
            }
            self.breaks.push(breaks);
        }
    }

    /// Literals for one, two and more breaks of `delegation`, up to one more than `most`. With `exact` they hold only
    /// if there are so many.
    fn breaks_of(&mut self, delegation: u32, most: usize, exact: bool) -> Vec<Literal> {
        let problem = self.problem;
        let row = delegation as usize * problem.slots;
        let engaged = self.engaged[row..row + problem.slots].to_vec();
        self.fix_number(delegation, &engaged);
        let mut ends = Vec::new();
        for slots in &problem.in_block {
            let mut before: Option<Literal> = None;
            for (place, slot) in slots.iter().enumerate() {
                let Some(here) = engaged[*slot as usize] else { continue };
                let previous = place.checked_sub(1).and_then(|place| engaged[slots[place] as usize]);
                if let Some(before) = before {
                    // Engaged, not so just before, but earlier in the block: a break ends here.
                    let end = self.clauses.variable();
                    let mut clause = vec![-here, -before, end];
                    clause.extend(previous);
                    self.clauses.any(&clause);
                    if exact {
                        [Some(here), Some(before), previous.map(|one| -one)].iter().flatten().for_each(|one| {
                            self.clauses.implies(&[end], *one);
                        });
                    }
                    ends.push(end);
                }
                let so_far = self.clauses.variable();
                self.clauses.implies(&[here], so_far);
                before.iter().for_each(|before| self.clauses.implies(&[*before], so_far));
                let since: Vec<Literal> = [-so_far, here].into_iter().chain(before).collect();
                self.clauses.any(&since);
                before = Some(so_far);
            }
        }
        self.clauses.count(&ends, most.saturating_add(1), exact)
    }

    /// A literal for `delegation` being engaged in `slot`, if it can be.
    fn engaged(&mut self, delegation: u32, slot: Slot) -> Option<Literal> {
        let engaged = if self.problem.empty[delegation as usize * self.problem.slots + slot as usize] == BUSY {
            let engaged = self.clauses.variable();
            self.clauses.any(&[engaged]);
            engaged
        } else {
            let mut there = self.users(delegation, slot);
            if there.is_empty() {
                return None;
            }
            self.clauses.at_most_one(&there);
            let engaged = self.clauses.variable();
            there.iter().for_each(|one| self.clauses.implies(&[*one], engaged));
            there.push(-engaged);
            self.clauses.any(&there);
            engaged
        };
        Some(engaged)
    }

    /// In `slot` no more delegations can meet than have room at the tables. It follows from the rest, but counting
    /// delegations is much less work than counting meetings.
    fn bound_engaged(&mut self, slot: usize) {
        let problem = self.problem;
        let largest = problem.items.iter().map(|item| item.parties).max().unwrap_or(0);
        let most = largest * problem.capacity[0] as usize;
        let meeting = (0..problem.delegations).map(|one| one * problem.slots + slot);
        let meeting: Vec<Literal> =
            meeting.filter(|cell| problem.empty[*cell] != BUSY).filter_map(|cell| self.engaged[cell]).collect();
        if meeting.len() > most {
            let count = self.clauses.count(&meeting, most + 1, false);
            count.get(most).iter().for_each(|over| self.clauses.any(&[-**over]));
        }
    }

    /// Says how often `delegation` is engaged where nothing of it may be left out. It follows from the rest, but the
    /// solver sees it sooner.
    fn fix_number(&mut self, delegation: u32, engaged: &[Option<Literal>]) {
        let problem = self.problem;
        let meetings = &problem.of_row[delegation as usize];
        if meetings.iter().any(|one| self.left_out[*one as usize].is_some()) {
            return;
        }
        let engaged: Vec<Literal> = engaged.iter().flatten().copied().collect();
        let row = &problem.empty[delegation as usize * problem.slots..][..problem.slots];
        let number = meetings.len() + row.iter().filter(|what| **what == BUSY).count();
        let count = self.clauses.count(&engaged, engaged.len(), true);
        if number > count.len() {
            self.clauses.any(&[]);
        }
        for (place, literal) in count.iter().enumerate() {
            self.clauses.any(&[if place < number { *literal } else { -literal }]);
        }
    }

    /// Guesses as in `slots` from now on.
    pub(super) fn prefer(&mut self, slots: &[Slot]) {
        self.each(|clauses, meeting, slot, literal| {
            clauses.prefer(if slots[meeting as usize] == slot { literal } else { -literal });
        });
    }

    /// Guesses as it likes from now on.
    pub(super) fn prefer_nothing(&mut self) {
        self.each(|clauses, _, _, literal| clauses.prefer_nothing(literal));
    }

    fn each(&mut self, mut work: impl FnMut(&mut Clauses, Meeting, Slot, Literal)) {
        for meeting in self.problem.meetings() {
            for slot in &self.problem.items[meeting as usize].slots {
                let literal = self.has[meeting as usize * self.problem.slots + *slot as usize];
                work(&mut self.clauses, meeting, *slot, literal);
            }
        }
    }

    /// The slots of what was found last.
    pub(super) fn found(&mut self) -> Vec<Slot> {
        let mut slots = vec![NONE; self.problem.items.len()];
        self.each(|clauses, meeting, slot, literal| {
            if clauses.holds(literal) {
                slots[meeting as usize] = slot;
            }
        });
        slots
    }
}
