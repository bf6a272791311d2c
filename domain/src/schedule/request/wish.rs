//! Where a session shall lie beside another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Violation,
    identifier::{RequestId, SessionId},
    schedule::clashes::{Order, Relation},
};

crate::words! {
    /// Where the session of a request shall lie beside another.
    #[schemars(rename = "SessionWish")]
    pub enum Wish {
        /// It is over when the other begins.
        Before = "before",
        /// It begins when the other is over, or later.
        After = "after",
        /// On the day before the other.
        DayBefore = "day_before",
        /// On the day after the other.
        DayAfter = "day_after",
        /// On no day of the other.
        NotSameDay = "not_same_day",
        /// Closely before the other, in the same room.
        RightBefore = "right_before",
        /// Closely after the other, in the same room.
        RightAfter = "right_after",
    }
}

impl Wish {
    /// The same as the rules know it, of the session `own` beside `other`.
    pub fn between(self, own: SessionId, other: SessionId) -> Relation {
        let (earlier, later, order) = match self {
            Self::Before => (own, other, Order::After),
            Self::After => (other, own, Order::After),
            Self::DayBefore => (own, other, Order::NextDay),
            Self::DayAfter => (other, own, Order::NextDay),
            Self::NotSameDay => (own.min(other), own.max(other), Order::OtherDay),
            Self::RightBefore => (own, other, Order::Adjacent),
            Self::RightAfter => (other, own, Order::Adjacent),
        };
        Relation { earlier, later, order }
    }
}

/// A wish about the order of a request and another, or a session that is there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationWish {
    /// Where its session shall lie.
    pub relation: Wish,
    /// Beside the session of this request of the same event; one of the two is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Beside this session of the same event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
}

impl RelationWish {
    /// Everything that is wrong with `list`, which stands at `pointer`.
    pub(super) fn check_all(list: &[Self], pointer: &str, check: &mut Check) {
        check.require(list.len() <= 20, pointer, "too_many", "Name at most 20 wishes about order.");
        for (at, wish) in list.iter().enumerate() {
            if wish.request_id.is_some() == wish.session_id.is_some() {
                let detail = "Name a request or a session, and not both.";
                check.add(Violation::new(format!("{pointer}/{at}"), "one_of_two", detail));
            } else if list[..at].contains(wish) {
                check.add(Violation::new(format!("{pointer}/{at}"), "repeated", "Say every wish once."));
            }
        }
    }
}
