//! Releases: the draft of a programme becomes what people are told, in one step and under a name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Sitting, State};
use crate::{
    Check, Text,
    language::{check_line, search_key},
};

crate::words! {
    /// What a release did to a session.
    pub enum Novelty {
        /// It was not in the programme before.
        New = "new",
        /// It sits at another time or in another room.
        Moved = "moved",
        /// Something else is said of it.
        Changed = "changed",
        /// It does not take place.
        Cancelled = "cancelled",
        /// It has no time for now.
        Postponed = "postponed",
    }
}

impl Novelty {
    /// What the step from `before` to `after` is to those who know the programme; none where nothing of it changes for
    /// them.
    pub fn between(before: &Sitting, after: &Sitting) -> Option<Self> {
        let in_programme = |sitting: &Sitting| sitting.announced && sitting.state == State::Scheduled;
        let place = |sitting: &Sitting| {
            (sitting.slot.map(|slot| (slot.starts_at, slot.ends_at)), sitting.details.room_id.clone())
        };
        match (in_programme(before), in_programme(after)) {
            _ if before == after => None,
            (false, true) => Some(Self::New),
            (true, false) if after.state == State::Cancelled => Some(Self::Cancelled),
            (true, false) if after.state == State::Draft => Some(Self::Postponed),
            (true, true) if place(before) != place(after) => Some(Self::Moved),
            _ => Some(Self::Changed),
        }
    }
}

/// Names that mean something else than a release.
const RESERVED: [&str; 2] = ["draft", "latest"];

/// A release as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelease {
    /// What people call this state of the programme: `Second version`. Once per event.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// What is to be known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// Whether those whom it concerns are written to: the people and delegations with a part in the sessions to which it
    /// does something. Left out, they are. Invitations for calendars follow the programme either way.
    #[serde(default = "yes")]
    #[schemars(default = "yes")]
    pub notify: bool,
}

fn yes() -> bool {
    true
}

impl NewRelease {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<crate::Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.name, "/name", 100));
        check.require(
            !RESERVED.contains(&self.key().as_str()),
            "/name",
            "reserved_name",
            "'draft' and 'latest' mean something else. Choose another name, such as 'Second version'.",
        );
        if let Some(comment) = &self.comment {
            check.take(comment.check("/comment", 2_000));
        }
        check.finish()
    }

    /// The name folded for comparison.
    pub fn key(&self) -> String {
        search_key(&self.name)
    }
}

/// A release as answers give it. What it did to a session is said with the session, to those who may see that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// The first of an event is 1.
    pub number: i32,
    /// What people call it.
    pub name: String,
    /// What is to be known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
}
