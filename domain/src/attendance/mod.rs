//! Delegations, their delegates, and who was represented in a session.
//!
//! Credentials and quotas belong here too. What is scanned at a door stands in [`door`]: it records what happened, and
//! attendance is what the secretariat concludes from it.

pub mod delegate;
pub mod delegation;
pub mod door;
pub mod sheet;
pub mod state;

pub use delegate::{Delegate, DelegateState, Function, Nomination};
pub use delegation::{Category, Delegation, Invitation, Transition};
pub use sheet::{Counts, Line, LineInput, LinesInput, Record, Sheet, Status};
pub use state::{Refusal, State};
