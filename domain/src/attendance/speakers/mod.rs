//! The speakers' list of an item of an agenda: who asks for the floor, in which order they have it, and for how long.
//!
//! An entry is a delegation's; who of it speaks is said when the floor is given, if at all. The rules see a list as a
//! whole, because giving somebody the floor may take it from somebody else.

mod order;
mod settings;
mod speaker;
mod time;

#[cfg(test)]
mod tests;

pub use order::{Lots, Spot, drawn, in_order, moved, queued, swapped};
pub use settings::{ExtraTime, Limits, ListState, Order, Settings};
pub use speaker::{Entry, Kind, Level, NewSpeaker, Refusal, Speaker, SpeakerShown, SpeakerState, Step, step};
pub use time::{Share, shares};
