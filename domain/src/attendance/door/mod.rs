//! The door: badges, what is checked at which door, and what became of every scan.
//!
//! A badge carries a random token in a signed envelope, so that a device without a network can tell a badge of this
//! event from any other; of the person it says nothing. What was scanned is a fact and is never changed: who is inside
//! follows from the rows. Who represented whom in a session is concluded elsewhere, in `attendance::sheet`.

pub mod badge;
pub mod base45;
pub mod bundle;
pub mod check;
pub mod check_type;
pub mod collection;
pub mod decision;
pub mod presence;
pub mod sheet;
pub mod token;

pub use badge::{Badge, BadgeEnded, BadgeOrder, BadgeState, BadgeTransition, BadgesIssued, BadgesOrder};
pub use bundle::{Door, DoorBadge, DoorCheckType};
pub use check::{Answer, Answers, DeviceClock, Direction, RecordedCheck, Scan, Scans, Verdict};
pub use check_type::{CheckType, CheckTypeDetails, Rule};
pub use collection::{BadgeCollection, BadgeCollectionInput};
pub use decision::{Holder, Occasion, Passage};
pub use presence::{Inside, Presence, Room};
pub use sheet::{BadgePhrases, Paper, Printed, in_order};
pub use token::{BadgeKey, BadgeToken, Envelope, QrContent, SignedEnvelope};

#[cfg(test)]
mod tests;
