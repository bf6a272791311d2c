//! The states of a session, the steps between them, and the reasons a step is refused.
//!
//! `draft -> scheduled -> held`. Until it was held a session can be cancelled, and a scheduled one taken back into
//! the draft. A cancelled session can be reinstated, as a draft: it keeps its UID, so calendars that showed it as
//! cancelled show it again, where a new session would stand beside the cancelled one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Check, Violation, language::check_line};

crate::words! {
    /// Where a session stands.
    #[derive(Default)]
    #[schemars(rename = "SessionState")]
    pub enum State {
        /// Being planned. Until it is scheduled for the first time, nobody but the planners sees it.
        #[default]
        Draft = "draft",
        /// It has its place in the programme.
        Scheduled = "scheduled",
        /// It took place.
        Held = "held",
        /// It does not take place.
        Cancelled = "cancelled",
    }
}

/// A step asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionTransition")]
pub struct Transition {
    /// The state wanted.
    pub to: State,
    /// Why it is cancelled, in plain words; needed for that step and for no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub reason: Option<String>,
    /// Whether all sittings of the session take it, not only this one. Those that stand there already, and those that
    /// were held, stay as they are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_sittings: bool,
}

impl Transition {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        match &self.reason {
            Some(reason) => drop(check.take(check_line(reason, "/reason", 500))),
            None => drop(check.require(
                self.to != State::Cancelled,
                "/reason",
                "required",
                "Say why the session is cancelled.",
            )),
        }
        check.require(
            self.reason.is_none() || self.to == State::Cancelled,
            "/reason",
            "out_of_place",
            "Only a cancellation has a reason. Leave it out.",
        );
        check.finish()
    }
}

impl State {
    /// Whether a sitting that stands here takes a step to `to` that all sittings of its session shall take.
    pub fn goes_along(self, to: Self) -> bool {
        self != to && self != Self::Held
    }
}

/// Why a step was refused. The text is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The step does not start from this state.
    #[error("A session that is {state} cannot become {to}; it must be {} first.", either(from))]
    WrongState {
        /// The state wanted.
        to: State,
        /// Where the session stands.
        state: State,
        /// The states the step starts from.
        from: &'static [State],
    },
    /// A session without a time cannot stand in the programme.
    #[error("Give the session a placement before scheduling it.")]
    NotPlaced,
}

impl Refusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::NotPlaced => "not_placed",
        }
    }
}

impl State {
    /// The step to `to` of a session that has a placement or has none.
    pub fn step(self, to: Self, placed: bool) -> Result<Self, Refusal> {
        match to {
            Self::Draft => self.redraft(),
            Self::Scheduled => self.schedule(placed),
            Self::Held => self.hold(),
            Self::Cancelled => self.cancel(),
        }
    }

    /// Takes it back into the draft, or reinstates it after a cancellation.
    pub fn redraft(self) -> Result<Self, Refusal> {
        self.must_be(&[Self::Scheduled, Self::Cancelled], Self::Draft)
    }

    /// Gives it its place in the programme.
    pub fn schedule(self, placed: bool) -> Result<Self, Refusal> {
        let scheduled = self.must_be(&[Self::Draft], Self::Scheduled)?;
        if placed { Ok(scheduled) } else { Err(Refusal::NotPlaced) }
    }

    /// Records that it took place.
    pub fn hold(self) -> Result<Self, Refusal> {
        self.must_be(&[Self::Scheduled], Self::Held)
    }

    /// Calls it off.
    pub fn cancel(self) -> Result<Self, Refusal> {
        self.must_be(&[Self::Draft, Self::Scheduled], Self::Cancelled)
    }

    /// What becomes of it when its placement is taken away: what was scheduled is a draft again. `None` for what was
    /// held: when that was is a fact.
    pub fn unplaced(self) -> Option<Self> {
        match self {
            Self::Held => None,
            Self::Draft | Self::Scheduled => Some(Self::Draft),
            Self::Cancelled => Some(Self::Cancelled),
        }
    }

    fn must_be(self, from: &'static [Self], to: Self) -> Result<Self, Refusal> {
        if from.contains(&self) { Ok(to) } else { Err(Refusal::WrongState { to, state: self, from }) }
    }
}

fn either(states: &[State]) -> String {
    states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" or ")
}
