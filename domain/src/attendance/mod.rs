//! Delegations, their delegates, and who was represented in a session.
//!
//! Credentials, quotas and accreditation belong here too once they exist; check-in at a door does not: it records what
//! happened, and attendance is what the secretariat concludes from it.

pub mod delegate;
pub mod delegation;
pub mod sheet;
pub mod state;

pub use delegate::{Delegate, DelegateState, Function, Nomination};
pub use delegation::{Category, Delegation, Invitation, Transition};
pub use sheet::{Counts, Line, LineInput, LinesInput, Record, Sheet, Status};
pub use state::{Refusal, State};
