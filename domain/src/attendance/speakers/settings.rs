//! What the secretariat and the chair say of a speakers' list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::{Check, Violation};

/// The longest time that is given at once, in seconds.
const LONGEST: u32 = 4 * 60 * 60;

crate::words! {
    /// Whether a list takes requests.
    #[derive(Default)]
    #[schemars(rename = "SpeakersListState")]
    pub enum ListState {
        /// Delegations ask for nothing but points of order.
        #[default]
        Closed = "closed",
        /// Delegations ask for the floor.
        Open = "open",
        /// Lots were drawn among those who asked, and the list is closed.
        Drawn = "drawn",
    }
}

crate::words! {
    /// In which order statements are made.
    #[derive(Default)]
    #[schemars(rename = "SpeakersListOrder")]
    pub enum Order {
        /// As they were asked for.
        #[default]
        Requested = "requested",
        /// By the level at which a delegation speaks, and then as they were asked for.
        Level = "level",
    }
}

/// How long somebody may speak, in seconds; without a limit where none is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SpeakingLimits")]
pub struct Limits {
    /// A statement of a delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 14400))]
    pub statement: Option<u32>,
    /// A statement on behalf of a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 14400))]
    pub group_statement: Option<u32>,
    /// A point of order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 14400))]
    pub point_of_order: Option<u32>,
    /// A right of reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 14400))]
    pub right_of_reply: Option<u32>,
}

impl Limits {
    /// The one for this kind.
    pub fn of(&self, kind: Kind) -> Option<u32> {
        match kind {
            Kind::Statement => self.statement,
            Kind::GroupStatement => self.group_statement,
            Kind::PointOfOrder => self.point_of_order,
            Kind::RightOfReply => self.right_of_reply,
        }
    }
}

/// What is said of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "SpeakersListSettings")]
pub struct Settings {
    /// Whether it takes requests.
    pub state: ListState,
    /// In which order statements are made.
    pub order: Order,
    /// How long somebody may speak.
    pub limits: Limits,
    /// How many rights of reply a delegation has; as many as it likes where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    pub replies_per_delegation: Option<u8>,
    /// How many seconds a delegation has in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 14400))]
    pub delegation_seconds: Option<u32>,
    /// Whether only delegations ask that are recorded as present in the session, or as taking part online.
    pub present_only: bool,
}

impl Settings {
    /// Everything that is wrong with it in the place of `before`.
    pub fn check(&self, before: &Self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let limits = &self.limits;
        for (seconds, pointer) in [
            (limits.statement, "/limits/statement"),
            (limits.group_statement, "/limits/group_statement"),
            (limits.point_of_order, "/limits/point_of_order"),
            (limits.right_of_reply, "/limits/right_of_reply"),
            (self.delegation_seconds, "/delegation_seconds"),
        ] {
            let fits = seconds.is_none_or(|seconds| (1..=LONGEST).contains(&seconds));
            check.require(fits, pointer, "out_of_range", "Give 1 to 14400 seconds, four hours.");
        }
        let replies = self.replies_per_delegation.is_none_or(|replies| replies <= 100);
        check.require(replies, "/replies_per_delegation", "out_of_range", "Give 0 to 100.");
        check.require(
            self.state != ListState::Drawn || before.state == ListState::Drawn,
            "/state",
            "drawn_by_lot",
            "A list is drawn with POST /agenda-items/{id}/speakers-list/draw.",
        );
        check.finish()
    }
}

/// The same extra time for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraTime {
    /// How many seconds more every entry and every delegation has; fewer, where it is negative.
    #[schemars(range(min = -14400, max = 14400))]
    pub seconds: i32,
}

impl ExtraTime {
    /// What everybody has then, who had `before` until now.
    pub fn added(self, before: i32) -> Result<i32, Violation> {
        let most = i32::try_from(LONGEST).unwrap_or(i32::MAX);
        let sum = before.saturating_add(self.seconds);
        if (-most..=most).contains(&sum) && (-most..=most).contains(&self.seconds) {
            return Ok(sum);
        }
        let detail = "All in all everybody has four hours more or less at most.";
        Err(Violation::new("/seconds", "out_of_range", detail))
    }
}
