//! How the seats of a room stand, and how many there are then.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Check;

/// The most persons a room holds.
const MOST: i32 = 1_000_000;

crate::words! {
    /// How the seats stand.
    pub enum Layout {
        /// Rows of chairs.
        Theatre = "theatre",
        /// Rows of desks.
        Classroom = "classroom",
        /// Desks on three sides.
        UShape = "u_shape",
        /// One table, everybody around it.
        Boardroom = "boardroom",
        /// Desks on four sides, nobody in the middle.
        HollowSquare = "hollow_square",
        /// Desks with name plates in an order of precedence, advisers behind.
        Plenary = "plenary",
        /// Round tables.
        Banquet = "banquet",
        /// Two sides of one table.
        Bilateral = "bilateral",
        /// Nobody sits.
        Standing = "standing",
    }
}

/// How many persons a room holds in a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seating {
    /// How the seats stand.
    pub layout: Layout,
    /// Persons it then holds.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub capacity: i32,
}

/// Whether `persons` is a number a room can hold.
pub(super) fn is_capacity(persons: i32) -> bool {
    (1..=MOST).contains(&persons)
}

/// Every layout once, none with more persons than the room holds at all.
pub(super) fn check(seatings: &[Seating], capacity: Option<i32>, check: &mut Check) {
    for (at, seating) in seatings.iter().enumerate() {
        let once = seatings[..at].iter().all(|other| other.layout != seating.layout);
        check.require(once, &format!("/layouts/{at}/layout"), "repeated", "Name every layout once.");
        let pointer = format!("/layouts/{at}/capacity");
        check.require(is_capacity(seating.capacity), &pointer, "out_of_range", "Give 1 to 1,000,000 persons.");
        check.require(
            capacity.is_none_or(|most| seating.capacity <= most),
            &pointer,
            "more_than_capacity",
            "No layout holds more than the capacity of the room. Raise that, or lower this.",
        );
    }
}
