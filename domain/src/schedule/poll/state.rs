//! Where a poll stands, and the steps between.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Check, language::check_line};

crate::words! {
    /// Where a poll stands.
    #[derive(Default)]
    #[schemars(rename = "PollState")]
    pub enum State {
        /// Those invited answer.
        #[default]
        Open = "open",
        /// Nobody answers any more; an answer that came late is written down by those who run it.
        Closed = "closed",
        /// An option was chosen and is a session.
        Decided = "decided",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

/// A step asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PollTransition")]
pub struct Transition {
    /// The state wanted: `closed`, `open` again, or `cancelled`. To decide is a step of its own.
    pub to: State,
    /// Why it is called off, in plain words; needed for that step and for no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub reason: Option<String>,
}

impl Transition {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<crate::Violation>> {
        let mut check = Check::new();
        let cancels = self.to == State::Cancelled;
        if let Some(reason) = &self.reason {
            check.take(check_line(reason, "/reason", 500));
        }
        check.require(self.reason.is_some() || !cancels, "/reason", "required", "Say why the poll is called off.");
        check.require(
            self.reason.is_none() || cancels,
            "/reason",
            "out_of_place",
            "Only calling a poll off has a reason. Leave it out.",
        );
        check.finish()
    }
}

/// Why a step was refused. The text is meant for people and says how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It is there already.
    #[error("The poll is {0} already.")]
    AlreadyThere(State),
    /// What was decided or called off stays so.
    #[error("The poll is {0}, which is on record for good. Make another poll.")]
    Ended(State),
    /// To decide is to choose an option.
    #[error("Choose an option: POST /polls/{{id}}/decision makes a session of it.")]
    NoOption,
    /// Its last instant is over.
    #[error("The poll closed by itself. Give it a later deadline, then it is open again.")]
    PastDeadline,
}

impl Refusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(self) -> &'static str {
        match self {
            Self::AlreadyThere(_) => "already_there",
            Self::Ended(_) => "poll_ended",
            Self::NoOption => "no_option",
            Self::PastDeadline => "past_deadline",
        }
    }
}

impl State {
    /// The step to `to`; `past` says whether the deadline is over.
    pub fn step(self, to: Self, past: bool) -> Result<Self, Refusal> {
        self.going_on()?;
        let now = if past { Self::Closed } else { self };
        match to {
            Self::Decided => Err(Refusal::NoOption),
            Self::Open if past => Err(Refusal::PastDeadline),
            to if to == now => Err(Refusal::AlreadyThere(to)),
            to => Ok(to),
        }
    }

    /// Refuses what is decided or called off.
    pub fn going_on(self) -> Result<(), Refusal> {
        match self {
            Self::Open | Self::Closed => Ok(()),
            ended => Err(Refusal::Ended(ended)),
        }
    }
}
