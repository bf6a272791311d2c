//! The schedule: sessions, their sittings within an event, and where and when they sit.
//!
//! Belongs here: what a session is made of, what its placement means in its event's zone, which step may follow
//! which, and what a change means to those who have the session in their calendars. Whether two sessions clash is
//! decided in `clashes`; how a calendar entry is written is the business of `calendars`.

pub mod agenda;
pub mod arrangements;
pub mod booking;
pub mod calendar_file;
pub mod claim;
pub mod clashes;
pub mod entitled;
pub mod kind;
pub mod notice;
pub mod placing;
pub mod plan;
pub mod poll;
pub mod programme;
pub mod release;
pub mod request;
pub mod requirements;
pub mod session;
pub mod shown;
pub mod sitting;
pub mod sittings;
pub mod slot;
pub mod state;

#[cfg(test)]
mod tests;

pub use arrangements::Arrangements;
pub use booking::{
    BookingDetails, BookingKind, BookingRefusal, BookingShown, BookingState, BookingTransition, RoomBooking,
};
pub use claim::{Claim, Holder};
pub use entitled::{Entitled, InGroup, Invited};
pub use kind::Kind;
pub use plan::{Plan, Planned, Step, Stood};
pub use programme::{Concerned, People, Place, Programme, Touched};
pub use release::{NewRelease, Novelty, Release};
pub use request::{
    Asked, Granted, Request, RequestDetails, RequestShown, RequestStage, RequestState, RequestTransition,
};
pub use requirements::{Interpretation, Openness, Requirements};
pub use session::{Details, Session};
pub use shown::{Happening, Setting, Shown};
pub use sitting::{Sitting, uid};
pub use sittings::{NewSitting, Sittings};
pub use slot::{Placement, Slot};
pub use state::{Refusal, State, Transition};
