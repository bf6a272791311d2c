//! What the rules find, as data: which rule, who is concerned, when, by how much.
//!
//! Nothing here is a sentence; `phrase` makes one for a reader.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BlockingKind, Fingerprint, Order, Party, Rule, Severity, Span, Weight};
use crate::{
    Language, Text,
    identifier::{DelegationId, GroupId, PersonId, RoomId, SessionId},
};

/// Somebody or something a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
#[schemars(rename = "ClashSubject")]
pub enum Subject {
    /// A session.
    Session(SessionId),
    /// A room.
    Room(RoomId),
    /// A person.
    Person(PersonId),
    /// A delegation.
    Delegation(DelegationId),
    /// A group.
    Group(GroupId),
    /// A session, or several, that the reader may not see.
    AnotherCommitment,
}

impl From<Party> for Subject {
    fn from(party: Party) -> Self {
        match party {
            Party::Person(id) => Self::Person(id),
            Party::Delegation(id) => Self::Delegation(id),
        }
    }
}

/// One thing that is wrong with a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Clash")]
pub struct Finding {
    /// The rule that found it.
    pub rule: Rule,
    /// What it does, by the settings of the event.
    pub severity: Severity,
    /// Whom it is about, sessions first, each kind by id.
    pub subjects: Vec<Subject>,
    /// When: what overlaps, what is closed; where that is not a time, the slots of its sessions.
    pub spans: Vec<Span>,
    /// By how much, and why.
    pub params: Params,
    /// Tells it from every other, and stays the same while it is the same.
    pub fingerprint: Fingerprint,
}

impl Finding {
    /// The sessions it is about.
    pub fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.subjects.iter().filter_map(|subject| match subject {
            Subject::Session(id) => Some(*id),
            _ => None,
        })
    }
}

crate::words! {
    /// Why a bilateral cannot do without plenary.
    pub enum PlenaryMatter {
        /// The head of a party is on the list of those who speak.
        HeadListed = "head_listed",
        /// A vote is planned.
        Vote = "vote",
    }
}

/// By how much something is wrong, and why. All lengths are in whole minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schemars(rename = "ClashParams")]
pub enum Params {
    /// Nothing to be said, or nothing the reader may know.
    None,
    /// Sessions overlap.
    Overlap {
        /// For how long.
        minutes: i64,
    },
    /// Two sessions of one person overlap.
    Duties {
        /// What they are in each, in the order of the sessions.
        weights: [Weight; 2],
        /// For how long.
        minutes: i64,
    },
    /// A room is taken by something else.
    Blocked {
        /// By what.
        by: BlockingKind,
    },
    /// Outside the times at which a room is open, a host works, or somebody can come.
    Outside {
        /// For how long in all.
        minutes: i64,
    },
    /// Too many persons.
    Capacity {
        /// Persons expected.
        expected: u32,
        /// Persons the room holds.
        capacity: u32,
        /// In this layout; none where it holds so many however it is set up.
        layout: Option<String>,
    },
    /// A room lacks something.
    Features {
        /// What.
        missing: Vec<String>,
    },
    /// Too few teams at the same time.
    Teams {
        /// For this language.
        language: Language,
        /// Teams wanted.
        wanted: u32,
        /// Teams there are.
        available: u32,
    },
    /// Too few teams for each to rest.
    Rest {
        /// For this language.
        language: Language,
        /// Teams wanted, the resting ones counted.
        wanted: u32,
        /// Teams there are.
        available: u32,
        /// How long a team rests.
        minutes: u32,
    },
    /// Longer than a team of interpreters works.
    Sitting {
        /// How long it sits.
        minutes: i64,
        /// How long a team works.
        at_most: u32,
    },
    /// Too few people in a delegation.
    Stretched {
        /// Sessions at once.
        sessions: u32,
        /// Members who can go.
        able: u32,
    },
    /// Something in plenary.
    Plenary {
        /// What.
        matter: PlenaryMatter,
        /// For how long both are on.
        minutes: i64,
    },
    /// A wish about two sessions.
    Relation {
        /// What was wished.
        order: Order,
        /// Which of the two was to be the earlier.
        earlier: SessionId,
    },
    /// It had to wait.
    Wait {
        /// The first day on which it could sit.
        until: Date,
    },
    /// Too little time between two uses or duties.
    Gap {
        /// What there is.
        minutes: i64,
        /// What is needed.
        needed: u32,
    },
    /// A day off, or a time kept free.
    Named {
        /// What it is called.
        name: Text,
    },
    /// Night for those who take part from afar.
    Night {
        /// Delegations that have night.
        asleep: u32,
        /// Delegations that take part from afar and whose clocks are known.
        online: u32,
    },
    /// Too much on the agenda.
    Agenda {
        /// How long the items take.
        minutes: u32,
        /// How long it sits.
        available: i64,
    },
    /// Too few delegations.
    Quorum {
        /// Those that have said that they come.
        confirmed: u32,
        /// Those that have to be there.
        needed: u32,
    },
    /// A document that was late, or is.
    Document {
        /// The item it is for, counted from 1.
        item: u32,
        /// The last day.
        deadline: Date,
        /// The day it was there, if it is.
        provided_on: Option<Date>,
    },
    /// Not placed.
    Missing {
        /// Whether it has no time.
        time: bool,
        /// Whether it has no room though people are expected in one.
        room: bool,
    },
}
