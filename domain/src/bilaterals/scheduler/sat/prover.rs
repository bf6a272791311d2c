//! Asking for better and better timetables until there is none.

use super::{
    clauses::{Answer, Literal},
    encoding::Encoding,
};
use crate::bilaterals::scheduler::{problem::Problem, search::Search, timetable::Timetable};

/// The most pairs of a meeting and a slot that are written as a formula; more would be of no use and cost memory.
const LARGEST: usize = 150_000;
/// The most weight that is counted in a formula.
const HEAVIEST: u64 = 2_000;
/// The conflicts during which the solver keeps to the best timetable known.
const NEAR: u64 = 500;

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bilaterals::scheduler) enum Verdict {
    /// More is known than before: a better timetable, or that there is none with so few breaks.
    Better,
    /// There is no better one.
    Best,
    /// Not everything required can have a slot.
    Impossible,
    /// It is not known yet.
    Open,
}

/// A formula that is asked again and again.
pub(in crate::bilaterals::scheduler) struct Prover<'a> {
    encoding: Encoding<'a>,
    /// At least so much weight is left out.
    weight: Vec<Literal>,
    /// At least so many breaks; empty until they are asked about.
    breaks: Vec<Literal>,
    /// By how many breaks more than the fewest possible it asks, to get on quicker.
    stride: u64,
}

impl<'a> Prover<'a> {
    /// `None` where the problem is too large for it, or the search is to end before the formula is written.
    pub(in crate::bilaterals::scheduler) fn new(problem: &'a Problem, search: &Search<'_>) -> Option<Self> {
        let size: usize = problem.items.iter().map(|item| item.slots.len()).sum();
        let optional = problem.items.iter().filter(|item| !item.required).map(|item| item.weight);
        let best = search.best.cost;
        let heaviest = if best.is_complete() { best.unplaced } else { optional.sum() };
        if size > LARGEST || heaviest > HEAVIEST {
            return None;
        }
        let mut encoding = Encoding::new(problem, &search.watch)?;
        let mut weights = Vec::new();
        for (item, left_out) in problem.items.iter().zip(&encoding.left_out) {
            weights.extend(left_out.map(|literal| vec![literal; item.weight.min(heaviest + 1) as usize]));
        }
        let weight = encoding.clauses.sum(weights, heaviest as usize + 1, false);
        Some(Self { encoding, weight, breaks: Vec::new(), stride: 0 })
    }

    /// Asks once, for so many conflicts at most, whether there is something better than the best of `search`: any
    /// timetable at all first, then less weight left out, then fewer breaks.
    pub(in crate::bilaterals::scheduler) fn advance(&mut self, search: &mut Search<'_>, conflicts: u64) -> Verdict {
        let cost = search.best.cost;
        if !cost.is_complete() {
            return match self.ask(search, &[], conflicts) {
                Answer::Unsatisfiable => Verdict::Impossible,
                answer => self.taken(search, answer),
            };
        }
        if cost.unplaced > search.bound {
            let lighter = self.weight.get(cost.unplaced as usize - 1).map(|more| -more);
            let answer = self.ask(search, lighter.as_slice(), conflicts);
            if answer == Answer::Unsatisfiable {
                search.bound = cost.unplaced;
            }
            return self.taken(search, answer);
        }
        self.ask_for_fewer_breaks(search, conflicts)
    }

    /// Asks for as few breaks as are not known to be impossible yet, or a few more. That there are none with so few is
    /// mostly quick to prove, and where there is one, nothing is left to do.
    fn ask_for_fewer_breaks(&mut self, search: &mut Search<'_>, conflicts: u64) -> Verdict {
        let cost = search.best.cost;
        if search.least_breaks >= cost.breaks {
            return Verdict::Best;
        }
        if self.breaks.is_empty() {
            let each = self.encoding.breaks.clone();
            self.breaks = self.encoding.clauses.sum(each, cost.breaks as usize, false);
            self.weight.get(cost.unplaced as usize).iter().for_each(|more| self.encoding.clauses.any(&[-**more]));
        }
        let wished = (search.least_breaks + self.stride).min(cost.breaks - 1);
        let more = self.breaks.get(wished as usize).copied();
        let fewer = more.map(|more| -more);
        match self.ask(search, fewer.as_slice(), conflicts) {
            Answer::Unsatisfiable => {
                more.iter().for_each(|more| self.encoding.clauses.any(&[*more]));
                search.least_breaks = wished + 1;
                self.stride = 2 * self.stride + 1;
                if search.least_breaks >= cost.breaks { Verdict::Best } else { Verdict::Better }
            }
            Answer::Unknown if self.stride > 0 => {
                self.stride = 0;
                Verdict::Better
            }
            answer => self.taken(search, answer),
        }
    }

    fn taken(&mut self, search: &mut Search<'_>, answer: Answer) -> Verdict {
        if answer != Answer::Satisfiable {
            return Verdict::Open;
        }
        let found = self.encoding.found();
        search.offer(&Timetable::with(search.problem, &found));
        Verdict::Better
    }

    /// The solver stays near the best timetable known for a while, then goes where it likes.
    fn ask(&mut self, search: &mut Search<'_>, assumed: &[Literal], conflicts: u64) -> Answer {
        self.encoding.prefer(&search.best.slots);
        let near = conflicts.min(NEAR);
        let mut answer = self.encoding.clauses.solve(assumed, near);
        if answer == Answer::Unknown && conflicts > near && !search.watch.stop() {
            self.encoding.prefer_nothing();
            answer = self.encoding.clauses.solve(assumed, conflicts - near);
        }
        search.count(conflicts);
        answer
    }
}
