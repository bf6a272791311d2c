//! The timetable against a judge that knows nothing of how it is made, and against all timetables there are.

mod examples;
mod judge;
mod properties;
mod random;

use std::rc::Rc;

use super::{Effort, Instance, Patient, Proposal, propose};

/// A search of so many steps.
fn effort(seed: u64, most_steps: u64) -> Effort {
    Effort { seed, most_steps, watch: Rc::new(Patient) }
}

fn proposed(instance: &Instance, steps: u64) -> Proposal {
    propose(instance, &effort(1, steps)).unwrap()
}
