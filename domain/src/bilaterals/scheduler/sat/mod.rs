//! Proofs: whether there is a better timetable at all, asked of the SAT solver CaDiCaL (Biere, Faller, Fazekas, Fleury,
//! Froleyks and Pollitt, CAV 2024).
//!
//! A timetable that is better than the best known is written as a formula. Either the solver finds one, and the
//! question is asked anew of a better one still; or it proves that there is none, and the best known is the optimum.

mod clauses;
mod encoding;
mod prover;

pub(super) use prover::{Prover, Verdict};
