//! A timetable for everything that is asked for.

use std::rc::Rc;

use super::{
    Instance, Status,
    anneal::{Cooling, anneal},
    bound, greedy,
    problem::{NONE, Problem},
    sat::{Prover, Verdict},
    search::{Search, Watch},
    squeeze::squeeze,
    timetable::Timetable,
};
use crate::Violation;

/// How long the first annealing is, in moves a meeting, if there are few and if there are many meetings; the next ones
/// are longer.
const FIRST_MOVES: (u64, u64) = (2_500, 100);
/// Up to so many moves, there are few meetings.
const FEW: u64 = 1_000_000;
/// How warm an annealing begins and ends, in breaks.
const COOLING: Cooling = Cooling { from: 0.4, to: 0.15, moves: 0 };
/// How many moves come before the first formula, for each pair of a meeting and a slot that it can have.
const MOVES_A_PAIR: u64 = 400;
/// The conflicts for which the solver is let go on at first.
const FIRST_CONFLICTS: u64 = 1_000;
/// The rounds without gain after which squeezing ends, beside some for each meeting.
const SQUEEZES: u64 = 500;

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
    let status = run(&mut search);
    if status != Status::Infeasible {
        return Ok(proposal(&search, status));
    }
    // Then as little as possible is left out; and if even that cannot be fair, it is not.
    let relaxed = problem.relaxed();
    let mut search = search.again(&relaxed);
    if run(&mut search) != Status::Infeasible {
        return Ok(proposal(&search, Status::Infeasible));
    }
    let unfair = relaxed.without_fairness();
    let mut search = search.again(&unfair);
    run(&mut search);
    Ok(proposal(&search, Status::Infeasible))
}

/// Searches until the best is proven, or it is to end: annealing and asking for proofs take turns, each for longer than
/// before, so that neither waits long for the other.
fn run(search: &mut Search<'_>) -> Status {
    let problem = search.problem;
    let size = problem.items.len() as u64;
    let pairs: u64 = problem.items.iter().map(|item| item.slots.len() as u64).sum();
    search.bound = search.bound.max(bound::least_unplaced(problem));
    let mut timetable = Timetable::with(problem, &search.best.slots);
    greedy::fill(search, &mut timetable);
    search.offer(&timetable);
    let mut moves = (FIRST_MOVES.0 * size).min(FEW).max(FIRST_MOVES.1 * size);
    let (mut annealed, mut conflicts) = (0, FIRST_CONFLICTS);
    let mut prover = None;
    while !search.stopped() {
        if search.is_best() {
            return Status::Optimal;
        }
        squeeze(search, &mut timetable, SQUEEZES + size / 8);
        anneal(search, &mut timetable, Cooling { moves, ..COOLING });
        annealed += moves;
        moves = moves * 3 / 2;
        // A formula is small only once there are few breaks.
        if annealed < MOVES_A_PAIR * pairs {
            continue;
        }
        let Some(prover) = prover.get_or_insert_with(|| Prover::new(problem, search)) else { continue };
        match ask(search, prover, conflicts) {
            Verdict::Best => return Status::Optimal,
            Verdict::Impossible => return Status::Infeasible,
            Verdict::Better | Verdict::Open if search.best.cost.is_complete() => {
                timetable.become_like(&search.best.slots);
            }
            Verdict::Better | Verdict::Open => {}
        }
        conflicts = conflicts * 3 / 2;
    }
    if search.best.cost.is_complete() { Status::Feasible } else { Status::Unknown }
}

/// Asks for as long as answers come.
fn ask(search: &mut Search<'_>, prover: &mut Prover<'_>, conflicts: u64) -> Verdict {
    loop {
        match prover.advance(search, conflicts) {
            Verdict::Better if !search.stopped() => {}
            verdict => return verdict,
        }
    }
}

fn proposal(search: &Search<'_>, status: Status) -> Proposal {
    let best = &search.best;
    Proposal {
        slots: best.slots.iter().map(|slot| (*slot != NONE).then_some(*slot as usize)).collect(),
        status,
        unplaced_weight: best.cost.unplaced,
        breaks: best.cost.breaks,
        least_unplaced_weight: search.bound,
        least_breaks: search.least_breaks,
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
