//! The list of participants: who came to an event, as a secretariat prints it.
//!
//! A [`Roll`] is what is frozen when an edition is published. It is in no language: names of organisations stand in all
//! they have, and the order within a category is the protocol order of whatever language it is read in
//! ([`Roll::in_order`]). How it looks on paper belongs to the documents.

mod order;
pub mod phrases;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Category, DelegateState, Function, State};
use crate::{Code, Text, organisations::Names};
pub use order::Section;

crate::words! {
    /// What an edition of the list of participants claims to be.
    #[schemars(rename = "ParticipantsKind")]
    pub enum EditionKind {
        /// Whoever has been named so far, approved or not.
        Provisional = "provisional",
        /// Whoever was approved, of the delegations that were confirmed.
        Final = "final",
    }
}

impl EditionKind {
    /// Whether delegations that stand there are listed: once they have said that they will come, in the final list once
    /// they are confirmed.
    pub fn lists_delegation(self, state: State) -> bool {
        match self {
            Self::Provisional => {
                matches!(
                    state,
                    State::Accepted | State::Composing | State::Submitted | State::Confirmed | State::Closed
                )
            }
            Self::Final => state.is_announced(),
        }
    }

    /// Whether delegates who stand there are listed: those who belong to the delegation, in the final list those who were
    /// approved.
    pub fn lists_delegate(self, state: DelegateState) -> bool {
        match self {
            Self::Provisional => state.is_live(),
            Self::Final => state == DelegateState::Approved,
        }
    }
}

/// What is asked for in publishing an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ParticipantsPublication")]
pub struct Publication {
    /// What the edition claims to be.
    pub kind: EditionKind,
}

/// A published edition of the list of participants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ParticipantsEdition")]
pub struct Edition {
    /// Number of the edition at its event, from 1.
    pub number: i32,
    /// What it claims to be.
    pub kind: EditionKind,
    /// When it was published.
    pub published_at: crate::moment::Moment,
    /// Who published it.
    pub published_by: String,
    /// How many delegations it lists.
    pub delegations: i32,
    /// How many persons it lists, those whose names are withheld included.
    pub people: i32,
}

/// The event a list belongs to, as far as its heading tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occasion {
    /// What the event is called.
    pub title: Text,
    /// Where it takes place.
    pub place: Option<Text>,
    /// Its first day.
    pub starts_on: Date,
    /// Its last day.
    pub ends_on: Date,
}

/// Everything that a list of participants says, in no language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// What it claims to be.
    pub kind: EditionKind,
    /// Number and day of the edition by the calendar of the event's place; none of what is not published.
    pub edition: Option<(i32, Date)>,
    /// The event.
    pub event: Occasion,
    /// The delegations.
    pub parties: Vec<Party>,
}

/// One organisation of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Code of the organisation.
    pub code: Code,
    /// Its names when the event began.
    pub names: Names,
    /// In what capacity it came.
    pub category: Category,
    /// Its people.
    #[serde(skip)]
    pub people: Vec<Person>,
}

/// One person of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What the person does in the delegation.
    pub function: Function,
    /// Who it is; none of whoever is known by function only.
    pub named: Option<Named>,
}

/// What a list says of a person whom it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name when the event began.
    pub name: String,
    /// What the person is sorted by.
    pub sort: String,
    /// How the person is addressed.
    pub honorific: Option<String>,
    /// The office held at home.
    pub position: Option<Text>,
}

impl Roll {
    /// How many delegations and how many persons it lists.
    pub fn count(&self) -> (usize, usize) {
        (self.parties.len(), self.parties.iter().map(|party| party.people.len()).sum())
    }
}
