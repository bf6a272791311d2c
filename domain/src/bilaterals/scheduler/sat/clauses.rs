//! Clauses for the solver, and how counts are written with them.

use std::{cell::Cell, rc::Rc};

use cadical_sys::{CaDiCal, Status, Terminator};

use crate::bilaterals::scheduler::search::Watch;

/// A variable, or with a minus its opposite. Never 0.
pub(super) type Literal = i32;

/// The solver asks more often whether to stop than a clock should be read.
const ASK_EVERY: u32 = 8;
/// So many literals are kept apart two by two; more by a ladder, which needs fewer clauses.
const TWO_BY_TWO: usize = 6;

/// A formula and the solver that looks at it.
pub(super) struct Clauses {
    solver: CaDiCal,
    variables: i32,
    contradiction: bool,
}

/// What the solver says to a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Satisfiable,
    Unsatisfiable,
    /// It was stopped before it knew.
    Unknown,
}

struct Stop {
    watch: Rc<dyn Watch>,
    asked: Cell<u32>,
}

impl Terminator for Stop {
    fn terminated(&mut self) -> bool {
        self.asked.set(self.asked.get().wrapping_add(1));
        self.asked.get().is_multiple_of(ASK_EVERY) && self.watch.stop()
    }
}

impl Clauses {
    pub(super) fn new(watch: Rc<dyn Watch>) -> Self {
        let mut solver = CaDiCal::new();
        solver.set("quiet", 1);
        solver.connect_terminator(Stop { watch, asked: Cell::new(0) });
        Self { solver, variables: 0, contradiction: false }
    }

    pub(super) fn variable(&mut self) -> Literal {
        self.variables += 1;
        self.variables
    }

    /// At least one of `literals` holds.
    pub(super) fn any(&mut self, literals: &[Literal]) {
        self.contradiction |= literals.is_empty();
        literals.iter().for_each(|literal| self.solver.add(*literal));
        self.solver.add(0);
    }

    /// If all of `reasons` hold, so does `then`.
    pub(super) fn implies(&mut self, reasons: &[Literal], then: Literal) {
        reasons.iter().for_each(|literal| self.solver.add(-literal));
        self.solver.add(then);
        self.solver.add(0);
    }

    /// At most one of `literals` holds.
    pub(super) fn at_most_one(&mut self, literals: &[Literal]) {
        let (near, far) = literals.split_at(literals.len().min(TWO_BY_TWO));
        for (place, one) in near.iter().enumerate() {
            near[..place].iter().for_each(|other| self.implies(&[*one], -other));
        }
        if far.is_empty() {
            return;
        }
        let taken = self.variable();
        near.iter().for_each(|one| self.implies(&[*one], taken));
        let rest: Vec<Literal> = std::iter::once(taken).chain(far.iter().copied()).collect();
        self.at_most_one(&rest);
    }

    /// Literals of which the first holds if at least one of `literals` does, the second if at least two do, and so on
    /// to `most` (a totalizer; Bailleux and Boufkhad, CP 2003). With `exact` they hold only then.
    pub(super) fn count(&mut self, literals: &[Literal], most: usize, exact: bool) -> Vec<Literal> {
        let leaves = literals.iter().map(|literal| vec![*literal]).collect();
        self.sum(leaves, most, exact)
    }

    /// As [`Self::count`], of numbers that are counts themselves.
    pub(super) fn sum(&mut self, mut counts: Vec<Vec<Literal>>, most: usize, exact: bool) -> Vec<Literal> {
        while counts.len() > 1 {
            let pairs = counts.chunks(2).map(|pair| match pair {
                [left, right] => self.add(left, right, most, exact),
                alone => alone.concat(),
            });
            counts = pairs.collect();
        }
        counts.pop().unwrap_or_default()
    }

    fn add(&mut self, left: &[Literal], right: &[Literal], most: usize, exact: bool) -> Vec<Literal> {
        let total: Vec<Literal> = (0..(left.len() + right.len()).min(most)).map(|_| self.variable()).collect();
        for few in 0..=left.len() {
            for more in 0..=right.len() {
                if few + more > 0 {
                    // At least so many left and so many right.
                    let reasons: Vec<Literal> =
                        [(few, left), (more, right)].iter().filter(|(n, _)| *n > 0).map(|(n, of)| of[n - 1]).collect();
                    if few + more <= total.len() {
                        self.implies(&reasons, total[few + more - 1]);
                    }
                }
                if exact && few + more < total.len() {
                    // Fewer than so many left and so many right.
                    let mut clause = vec![-total[few + more]];
                    clause.extend(left.get(few));
                    clause.extend(right.get(more));
                    self.any(&clause);
                }
            }
        }
        total
    }

    /// Tries `literal` this way first when it has to guess.
    pub(super) fn prefer(&mut self, literal: Literal) {
        self.solver.phase(literal);
    }

    /// Guesses as it likes again.
    pub(super) fn prefer_nothing(&mut self, literal: Literal) {
        self.solver.unphase(literal);
    }

    /// Looks for an answer under `assumed`, for so many conflicts at most.
    pub(super) fn solve(&mut self, assumed: &[Literal], conflicts: u64) -> Answer {
        if self.contradiction {
            return Answer::Unsatisfiable;
        }
        assumed.iter().for_each(|literal| self.solver.assume(*literal));
        self.solver.limit("conflicts", i32::try_from(conflicts).unwrap_or(i32::MAX));
        match self.solver.solve() {
            Status::SATISFIABLE => Answer::Satisfiable,
            Status::UNSATISFIABLE => Answer::Unsatisfiable,
            Status::UNKNOWN => Answer::Unknown,
        }
    }

    /// Whether `literal` holds in what was found last.
    pub(super) fn holds(&mut self, literal: Literal) -> bool {
        self.solver.val(literal) > 0
    }
}
