//! Events: occasions with dates, place and time zone; and the rooms in which they sit.
//!
//! Belongs here: what an event and a room are made of, and which step of an event may follow which. What happens
//! within an event, and when, is the business of `schedule`.

pub mod event;
pub mod kind;
pub mod layout;
pub mod opening;
pub mod room;
mod shown;
pub mod state;
pub mod venue;

pub use event::{Details, Event, Track};
pub use kind::Kind;
pub use layout::{Layout, Seating};
pub use opening::{ClockTime, OpeningHours, Weekday, open_throughout};
pub use room::Room;
pub use shown::uid;
pub use state::{Refusal, State, Transition};
pub use venue::Venues;
