//! Date polls: when several organisations could meet, before anything is fixed.
//!
//! An organisation has one set of answers, whoever of its people wrote it. How much an option is liked is a pure function
//! of the answers; people decide, and what is decided becomes a session.

pub mod answer;
pub mod decision;
pub mod details;
pub mod notice;
pub mod option;
pub mod ranking;
pub mod state;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Answers, NewAnswers, OptionAnswer};
pub use decision::Decision;
pub use details::{Details, Party};
pub use notice::{Notice, Outgoing};
pub use option::{Days, Offer, PollOption};
pub use ranking::{Required, Tally, ranked};
pub use state::{Refusal, State, Transition};

use jiff::Timestamp;

use crate::{
    identifier::{OrganisationId, PollOptionId, SessionId},
    schedule::Slot,
};

/// A poll as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Poll {
    /// What is said of it, in its final form.
    #[serde(flatten)]
    pub details: Details,
    /// IANA name of the zone in which its times are meant: that of its event when it was made.
    pub time_zone: String,
    /// What can be chosen, by start.
    #[serde(skip)]
    pub choices: Vec<PollOption>,
    /// When it closes by itself.
    #[serde(skip)]
    pub closes: Option<Slot>,
    /// Where it stands, whatever the time.
    pub state: State,
    /// Why it was called off.
    pub cancel_reason: Option<String>,
    /// What was decided.
    pub outcome: Option<Outcome>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Outcome {
    /// The option.
    pub option_id: PollOptionId,
    /// Why that one.
    pub note: Option<String>,
    /// The session it became.
    pub session_id: SessionId,
}

impl Poll {
    /// Where it stands at `now`: what is open closes by itself on its last instant.
    pub fn state_at(&self, now: Timestamp) -> State {
        match self.state {
            State::Open if self.closes.is_some_and(|closes| closes.starts_at <= now) => State::Closed,
            state => state,
        }
    }

    /// The organisations that are invited, the required ones among them said to be so.
    pub fn parties(&self) -> Vec<Party> {
        self.details.parties()
    }

    /// Whether the organisation is invited.
    pub fn invites(&self, organisation: OrganisationId) -> bool {
        self.parties().iter().any(|party| party.organisation == organisation)
    }

    /// One of its options.
    pub fn option(&self, id: PollOptionId) -> Option<&PollOption> {
        self.choices.iter().find(|option| option.id == id)
    }
}
