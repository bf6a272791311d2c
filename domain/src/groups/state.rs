//! The states of a group, the steps between them, and the reasons a step is refused.
//!
//! `proposed -> active <-> dormant`; `concluded` from `active` and `dormant`, and for good.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

crate::words! {
    /// Where a group stands in its life.
    #[schemars(rename = "GroupState")]
    #[derive(Default)]
    pub enum State {
        /// Suggested; it does not meet yet.
        #[default]
        Proposed = "proposed",
        /// It meets.
        Active = "active",
        /// It exists and does not meet at present.
        Dormant = "dormant",
        /// Its work is done. It stays on record with its members, roles and meetings.
        Concluded = "concluded",
    }
}

/// A step that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GroupTransition")]
pub struct Transition {
    /// The state wanted.
    pub to: State,
}

/// Why a step was refused. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The group stands there already.
    #[error("The group is {0} already.")]
    AlreadyThere(State),
    /// Nothing leads on from here.
    #[error("The group is concluded for good. Create a new group to take up its work.")]
    Concluded,
    /// There is nothing yet that could rest or end.
    #[error("The group is only proposed. Make it active first, or delete it.")]
    OnlyProposed,
    /// Proposals only begin.
    #[error("A group begins as a proposal and does not become one again. Make it dormant instead.")]
    OnceProposed,
}

impl Refusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(self) -> &'static str {
        match self {
            Self::AlreadyThere(_) => "already_there",
            Self::Concluded => "group_concluded",
            Self::OnlyProposed => "only_proposed",
            Self::OnceProposed => "once_proposed",
        }
    }
}

impl State {
    /// The step to `to`.
    pub fn step(self, to: Self) -> Result<Self, Refusal> {
        match to {
            Self::Proposed => Err(Refusal::OnceProposed),
            Self::Active => self.activate(),
            Self::Dormant => self.suspend(),
            Self::Concluded => self.conclude(),
        }
    }

    /// The group takes up its work, or takes it up again.
    pub fn activate(self) -> Result<Self, Refusal> {
        match self {
            Self::Proposed | Self::Dormant => Ok(Self::Active),
            Self::Active => Err(Refusal::AlreadyThere(self)),
            Self::Concluded => Err(Refusal::Concluded),
        }
    }

    /// The group stops meeting for the time being.
    pub fn suspend(self) -> Result<Self, Refusal> {
        match self {
            Self::Active => Ok(Self::Dormant),
            Self::Dormant => Err(Refusal::AlreadyThere(self)),
            Self::Proposed => Err(Refusal::OnlyProposed),
            Self::Concluded => Err(Refusal::Concluded),
        }
    }

    /// The group ends.
    pub fn conclude(self) -> Result<Self, Refusal> {
        match self {
            Self::Active | Self::Dormant => Ok(Self::Concluded),
            Self::Proposed => Err(Refusal::OnlyProposed),
            Self::Concluded => Err(Refusal::AlreadyThere(self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_proposed_then_works_rests_works_again_and_ends() {
        let life =
            State::default().activate().and_then(State::suspend).and_then(State::activate).and_then(State::conclude);
        assert_eq!(life, Ok(State::Concluded));
    }

    #[test]
    fn what_is_concluded_stays_concluded_and_what_is_proposed_cannot_end() {
        assert_eq!(State::Concluded.activate(), Err(Refusal::Concluded));
        assert_eq!(State::Concluded.suspend(), Err(Refusal::Concluded));
        assert_eq!(State::Proposed.conclude(), Err(Refusal::OnlyProposed));
        assert_eq!(State::Proposed.suspend(), Err(Refusal::OnlyProposed));
        assert_eq!(State::Active.step(State::Proposed), Err(Refusal::OnceProposed));
        assert_eq!(State::Active.step(State::Active).unwrap_err().to_string(), "The group is active already.");
    }
}
