//! A timetable for everything that is asked for.

use std::rc::Rc;

use super::{
    Instance, Status,
    anneal::{Cooling, anneal},
    greedy,
    problem::{NONE, Problem},
    search::{Search, Watch},
    squeeze::squeeze,
    timetable::Timetable,
};
use crate::Violation;

/// How a search is made.
#[derive(Clone)]
pub struct Effort {
    /// Chance: the same seed, the same timetable.
    pub seed: u64,
    /// After so many steps it ends. As steps are counted and not timed, they give the same timetable on every machine.
    pub most_steps: u64,
    /// Who can end it sooner, and hears of it. A search that is ended sooner has done the same steps until then.
    pub watch: Rc<dyn Watch>,
}

/// A timetable, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The slot of each meeting, if it has one.
    pub slots: Vec<Option<usize>>,
    /// Whether it is a timetable, and the best.
    pub status: Status,
    /// The weight of what has no slot.
    pub unplaced_weight: u64,
    /// The breaks of all delegations.
    pub breaks: u64,
    /// No timetable leaves less weight without a slot.
    pub least_unplaced_weight: u64,
    /// No timetable that leaves the least weight without a slot has fewer breaks.
    pub least_breaks: u64,
}

/// Makes the best timetable that `effort` allows. The longer it lasts, the better it is: a longer search begins with
/// the shorter one.
///
/// # Errors
///
/// The faults of `instance`.
pub fn propose(instance: &Instance, effort: &Effort) -> Result<Proposal, Vec<Violation>> {
    instance.check()?;
    let problem = Problem::of(instance);
    let mut search = Search::new(&problem, effort.seed, effort.most_steps, Rc::clone(&effort.watch));
    let mut timetable = Timetable::new(&problem);
    greedy::fill(&mut search, &mut timetable);
    search.offer(&timetable);
    let size = problem.items.len() as u64;
    squeeze(&mut search, &mut timetable, 2_000 + 2 * size);
    let mut moves = 100 * size;
    while !search.stopped() {
        anneal(&mut search, &mut timetable, Cooling { from: 0.8, to: 0.12, moves });
        moves = moves * 3 / 2;
    }
    Ok(proposal(&search))
}

fn proposal(search: &Search<'_>) -> Proposal {
    let best = &search.best;
    let complete = best.cost.unfair == 0 && best.cost.missing == 0;
    Proposal {
        slots: best.slots.iter().map(|slot| (*slot != NONE).then_some(*slot as usize)).collect(),
        status: if complete { Status::Feasible } else { Status::Unknown },
        unplaced_weight: best.cost.unplaced,
        breaks: best.cost.breaks,
        least_unplaced_weight: search.bound,
        least_breaks: 0,
    }
}

impl Proposal {
    /// The less, the better: of two proposals for the same instance the better one, and of equal ones the better known.
    pub fn rank(&self) -> impl Ord + use<> {
        let state = match self.status {
            Status::Optimal => 0,
            Status::Feasible => 1,
            Status::Infeasible => 2,
            Status::Unknown => 3,
        };
        let complete = matches!(self.status, Status::Optimal | Status::Feasible);
        (!complete, self.unplaced_weight, self.breaks, state)
    }
}
