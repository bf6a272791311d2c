//! Delegations, their delegates, and who was represented in a session.
//!
//! What is scanned at a door stands in [`door`]: it records what happened, and attendance is what the secretariat
//! concludes from it.

pub mod availability;
pub mod busy_address;
pub mod credentials;
pub mod delegate;
pub mod delegate_state;
pub mod delegation;
pub mod door;
pub mod duty;
pub mod finding;
pub mod follow;
pub mod head;
pub mod import;
pub mod invitation;
pub mod invitation_reply;
pub mod marks;
pub mod participants;
pub mod places;
pub mod platform_log;
pub mod quorum;
pub mod registration;
pub mod reminder;
pub mod roll_call;
pub mod rules;
pub mod sheet;
pub mod speakers;
pub mod state;
pub mod substitution;

pub use availability::Availability;
pub use busy_address::{BusyAddress, BusyAddressInput, ReadResult};
pub use credentials::Credential;
pub use delegate::{Delegate, DelegateTransition, Function, Nomination};
pub use delegate_state::{DelegateRefusal, DelegateState};
pub use delegation::{Category, Delegation, Invitation, Transition};
pub use duty::{Answer, Duty, DutyDetails, DutyTransition, Part};
pub use finding::{Finding, FindingInput, FindingRefusal};
pub use follow::{Follow, Followed, NewFollow};
pub use head::{Heads, Term, TermsInput};
pub use places::{NoPlace, Participation, Places, PlacesAnswer, Quota, Waiting, WaitingListInput};
pub use quorum::{Quorum, QuorumRule};
pub use registration::{Capacity, Level, Registration, TooLate};
pub use reminder::{Deadline, Notice, Reminder};
pub use rules::{Entitlement, RulesOfProcedure};
pub use sheet::{Counts, Line, LineInput, LinesInput, Record, Sheet, Status};
pub use state::{Refusal, State};
pub use substitution::{Commitment, CommitmentAnswer, DutyMove, Moves, Substitution};
