//! The states of an event, the steps between them, and the reasons a step is refused.
//!
//! `idea -> tentative -> announced -> running -> closed`. An idea may be announced at once, and an announced event
//! closed without ever having been marked as running. Everything that is not closed can be cancelled; a cancelled
//! event comes back as tentative, because its dates have to be agreed on again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

crate::words! {
    /// Where an event stands.
    #[derive(Default)]
    #[schemars(rename = "EventState")]
    pub enum State {
        /// Somebody thinks of it.
        #[default]
        Idea = "idea",
        /// Planned, not yet certain.
        Tentative = "tentative",
        /// Told to those who shall come.
        Announced = "announced",
        /// Taking place.
        Running = "running",
        /// Over.
        Closed = "closed",
        /// Does not take place.
        Cancelled = "cancelled",
    }
}

/// A step asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EventTransition")]
pub struct Transition {
    /// The state wanted.
    pub to: State,
}

/// Why a step was refused. The text is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The step does not start from this state.
    #[error("An event that is {state} cannot become {to}; it must be {} first.", either(from))]
    WrongState {
        /// The state wanted.
        to: State,
        /// Where the event stands.
        state: State,
        /// The states the step starts from.
        from: &'static [State],
    },
    /// Ideas only begin.
    #[error("An event begins as an idea and does not become one again. Make it tentative, or cancel it.")]
    OnceAnIdea,
}

impl Refusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::OnceAnIdea => "once_an_idea",
        }
    }
}

impl State {
    /// The step to `to`, or why there is none.
    pub fn step(self, to: Self) -> Result<Self, Refusal> {
        match to {
            Self::Idea => Err(Refusal::OnceAnIdea),
            Self::Tentative => self.plan(),
            Self::Announced => self.announce(),
            Self::Running => self.open(),
            Self::Closed => self.close(),
            Self::Cancelled => self.cancel(),
        }
    }

    /// Makes plans of an idea, or takes a cancelled event up again.
    pub fn plan(self) -> Result<Self, Refusal> {
        self.must_be(&[Self::Idea, Self::Cancelled], Self::Tentative)
    }

    /// Tells those who shall come.
    pub fn announce(self) -> Result<Self, Refusal> {
        self.must_be(&[Self::Idea, Self::Tentative], Self::Announced)
    }

    /// Says that it has begun.
    pub fn open(self) -> Result<Self, Refusal> {
        self.must_be(&[Self::Announced], Self::Running)
    }

    /// Says that it is over.
    pub fn close(self) -> Result<Self, Refusal> {
        self.must_be(&[Self::Announced, Self::Running], Self::Closed)
    }

    /// Calls it off.
    pub fn cancel(self) -> Result<Self, Refusal> {
        self.must_be(&[Self::Idea, Self::Tentative, Self::Announced, Self::Running], Self::Cancelled)
    }

    /// Whether it is certain to take place, or did.
    pub fn is_certain(self) -> bool {
        matches!(self, Self::Announced | Self::Running | Self::Closed)
    }

    fn must_be(self, from: &'static [Self], to: Self) -> Result<Self, Refusal> {
        if from.contains(&self) { Ok(to) } else { Err(Refusal::WrongState { to, state: self, from }) }
    }
}

fn either(states: &[State]) -> String {
    states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_goes_its_way_from_idea_to_closed() {
        let closed = State::Idea.plan().and_then(State::announce).and_then(State::open).and_then(State::close);
        assert_eq!(closed, Ok(State::Closed));
    }

    #[test]
    fn a_cancelled_event_comes_back_as_tentative_only() {
        assert_eq!(State::Running.cancel(), Ok(State::Cancelled));
        assert_eq!(State::Cancelled.step(State::Tentative), Ok(State::Tentative));
        let refused = State::Cancelled.step(State::Announced).unwrap_err();
        assert_eq!(refused.code(), "wrong_state");
        assert_eq!(
            refused.to_string(),
            "An event that is cancelled cannot become announced; it must be idea or tentative first."
        );
    }

    #[test]
    fn what_is_closed_stays_closed() {
        for to in State::ALL {
            assert!(State::Closed.step(*to).is_err(), "{to}");
        }
    }
}
