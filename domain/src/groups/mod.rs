//! Standing bodies, the organisations that belong to them and the persons who hold a role in them.
//!
//! Membership and role are two relations and never one: an organisation belongs to a group, a person acts in it. Both
//! hold from one instant to another, so that every instant of the past has its own answer.

mod conflict;
mod group;
mod kind;
mod membership;
mod role;
mod seal;
mod state;
mod tree;

pub use conflict::{GroupConflict, GroupConflictList, GroupConflicts};
pub use group::{Group, GroupAnswer};
pub use kind::Kind;
pub use membership::{Category, Membership, MembershipAnswer};
pub use role::{Function, Role, RoleAnswer};
pub use seal::{Admission, Breaking, NewBreaking, NewSeal, Seal, SealSummary};
pub use state::{Refusal, State, Transition};
pub use tree::Tree;
