//! What the parts of a search share: the best so far, chance, and when to stop.

use std::rc::Rc;

use super::{
    chance::Chance,
    problem::{Problem, Slot},
    timetable::{Cost, Timetable},
};

/// How far a search has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The weight of what has no slot yet.
    pub unplaced_weight: u64,
    /// The breaks of all delegations.
    pub breaks: u64,
    /// Whether it is a timetable already: everything mandatory has its slot.
    pub complete: bool,
}

/// Who lets a search go on, and hears of it. Time is known here only.
pub trait Watch {
    /// Whether to stop now. Asked often, so it should be quick.
    fn stop(&self) -> bool;

    /// Something better was found.
    fn found(&self, _progress: Progress) {}
}

/// One that never stops a search.
#[derive(Debug, Clone, Copy)]
pub struct Patient;

impl Watch for Patient {
    fn stop(&self) -> bool {
        false
    }
}

/// Steps between two questions whether to stop.
const ASK_EVERY: u64 = 64;

/// What the parts of a search share.
pub(super) struct Search<'a> {
    pub(super) problem: &'a Problem,
    pub(super) chance: Chance,
    pub(super) watch: Rc<dyn Watch>,
    pub(super) best: Best,
    /// The weight of what cannot be placed by anybody, as far as that is proven.
    pub(super) bound: u64,
    /// With the least weight left out, there are at least so many breaks, as far as that is proven.
    pub(super) least_breaks: u64,
    steps: u64,
    /// After so many steps it ends, whatever the watch says.
    most_steps: u64,
    stopped: bool,
}

/// The best timetable so far.
#[derive(Debug, Clone)]
pub(super) struct Best {
    pub(super) slots: Vec<Slot>,
    pub(super) cost: Cost,
}

impl<'a> Search<'a> {
    pub(super) fn new(problem: &'a Problem, seed: u64, most_steps: u64, watch: Rc<dyn Watch>) -> Self {
        let empty = Timetable::new(problem);
        let best = Best { slots: empty.slots().to_vec(), cost: empty.cost() };
        Self {
            problem,
            chance: Chance::new(seed),
            watch,
            best,
            bound: 0,
            least_breaks: 0,
            steps: 0,
            most_steps,
            stopped: false,
        }
    }

    /// The same search goes on with `problem`, which differs in what is required only.
    pub(super) fn again<'b>(&self, problem: &'b Problem) -> Search<'b> {
        let timetable = Timetable::with(problem, &self.best.slots);
        let best = Best { slots: self.best.slots.clone(), cost: timetable.cost() };
        let (chance, watch) = (self.chance.clone(), Rc::clone(&self.watch));
        let Self { bound, steps, most_steps, stopped, .. } = *self;
        Search { problem, chance, watch, best, bound, least_breaks: 0, steps, most_steps, stopped }
    }

    /// Counts a step; whether to go on.
    pub(super) fn goes_on(&mut self) -> bool {
        self.steps += 1;
        if self.steps.is_multiple_of(ASK_EVERY) {
            self.ask();
        }
        !self.stopped
    }

    /// Counts the work of others as steps.
    pub(super) fn count(&mut self, steps: u64) {
        self.steps += steps;
        self.ask();
    }

    fn ask(&mut self) {
        self.stopped |= self.steps >= self.most_steps || self.watch.stop();
    }

    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }

    /// Whether the best so far is proven to be the best there is.
    pub(super) fn is_best(&self) -> bool {
        let cost = self.best.cost;
        cost.is_complete() && cost.unplaced <= self.bound && cost.breaks <= self.least_breaks
    }

    /// Keeps `timetable` if it is better than the best.
    pub(super) fn offer(&mut self, timetable: &Timetable<'_>) -> bool {
        let cost = timetable.cost();
        if cost >= self.best.cost {
            return false;
        }
        self.best.cost = cost;
        self.best.slots.copy_from_slice(timetable.slots());
        self.watch.found(cost.progress());
        true
    }
}

impl Cost {
    /// Whether it is that of a timetable: fair, with everything required.
    pub(super) fn is_complete(self) -> bool {
        self.unfair == 0 && self.missing == 0
    }

    pub(super) fn progress(self) -> Progress {
        Progress { unplaced_weight: self.unplaced, breaks: self.breaks, complete: self.is_complete() }
    }
}
