//! The timetable of bilateral meetings.

mod anneal;
mod bound;
mod chance;
mod exchange;
mod greedy;
mod instance;
mod problem;
mod propose;
mod sat;
mod search;
mod squeeze;
mod timetable;

pub use instance::{Delegation, Instance, Meeting, Person, Resource, Slot};
pub use propose::{Effort, Proposal, propose};
pub use search::{Patient, Progress, Watch};

crate::words! {
    /// What is known of a timetable.
    pub enum Status {
        /// There is no better one, which is proven.
        Optimal = "optimal",
        /// Everything mandatory has its slot; whether there is a better one is not known.
        Feasible = "feasible",
        /// It is proven that not everything mandatory can have a slot. What is given leaves out as little as was found.
        Infeasible = "infeasible",
        /// Something mandatory has no slot, and it is not known whether everything could have one.
        Unknown = "unknown",
    }
}
