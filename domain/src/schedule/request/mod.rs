//! Requests: sessions that groups ask for, and what becomes of them.
//!
//! A group says what it needs, the secretariat decides, and what it approves becomes a session. From then on the request
//! stands where its session stands: that is read off the session and kept nowhere else. What an approved request says
//! of conflicts, order and times goes on to the rules of [`clashes`](super::clashes).

mod again;
mod asked;
mod details;
mod state;
mod timeline;
mod wish;

#[cfg(test)]
mod tests;

pub use again::{Again, Hint, HintKind, Known};
pub use asked::{Asked, Granted};
pub use details::{Request, RequestDetails, RequestShown, SittingAsked};
pub use state::{RequestRefusal, RequestStage, RequestState, RequestTransition, Side, Stand};
pub use timeline::{Done, RequestStep, merged, session_steps};
pub use wish::{RelationWish, Wish};
