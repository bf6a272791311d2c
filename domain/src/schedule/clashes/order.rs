//! Wishes about the order of sessions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::identifier::SessionId;

crate::words! {
    /// What is wished of the later of two sessions.
    #[schemars(rename = "SessionOrder")]
    pub enum Order {
        /// It begins when the earlier is over, or later.
        After = "after",
        /// It sits on the day after the earlier.
        NextDay = "next_day",
        /// At least one whole day lies between them.
        FreeDay = "free_day",
        /// It sits on no day of the earlier, before or after.
        OtherDay = "other_day",
        /// It follows the earlier closely, in the same room.
        Adjacent = "adjacent",
    }
}

/// A wish about two sessions; while one of them has no slot it is neither met nor missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SessionRelation")]
pub struct Relation {
    /// The one meant to be earlier.
    pub earlier: SessionId,
    /// The one meant to be later.
    pub later: SessionId,
    /// What is wished.
    pub order: Order,
}
