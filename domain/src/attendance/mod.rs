//! Delegations, their delegates, and who was represented in a session.
//!
//! What is scanned at a door stands in [`door`]: it records what happened, and attendance is what the secretariat
//! concludes from it.

pub mod credentials;
pub mod delegate;
pub mod delegation;
pub mod door;
pub mod finding;
pub mod participants;
pub mod rules;
pub mod sheet;
pub mod state;

pub use credentials::Credential;
pub use delegate::{Delegate, DelegateState, Function, Nomination};
pub use delegation::{Category, Delegation, Invitation, Transition};
pub use finding::{Finding, FindingInput, FindingRefusal};
pub use rules::{Participation, RulesOfProcedure};
pub use sheet::{Counts, Line, LineInput, LinesInput, Record, Sheet, Status};
pub use state::{Refusal, State};
