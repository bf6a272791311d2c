//! The timetable of bilateral meetings: which of those that were asked for takes place, and when.
//!
//! What is wished, the first that differs deciding: that as little weight as possible is left without a slot, and that
//! delegations have few breaks, which are gaps between two engagements of a half day. [`propose`] begins with a first
//! timetable, places by ejection what found no slot, anneals the breaks away, and asks a SAT solver whether there is
//! anything better. All this is one chain of steps that follows from the instance and the seed. Whoever waits for it
//! ends it by a [`Watch`], where alone time is known: a longer search begins with the shorter one and is never worse.
//!
//! The problem is that of Bofill, Espasa, Garcia, Palahí, Suy and Villaret (Scheduling B2B meetings, CP 2014; Journal
//! of Artificial Intelligence Research 74, 2022), with persons, resources, weights and half days beside.

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

#[cfg(test)]
mod tests;

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
