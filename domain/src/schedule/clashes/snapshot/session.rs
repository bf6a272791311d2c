//! A session with all that rules ask of it.

use jiff::civil::Date;

use crate::{
    Language,
    identifier::{DelegationId, GroupId, PersonId, RoomId, SessionId},
    schedule::{Kind, clashes::Span},
};

/// The delegations without enough of which nothing is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    /// How many have to be there.
    pub needed: u32,
    /// Those that count.
    pub of: Vec<DelegationId>,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What people call it within its event.
    pub number: i32,
    /// What it is.
    pub kind: Kind,
    /// The group that sits and those that sit with it.
    pub groups: Vec<GroupId>,
    /// Where it sits.
    pub room: Option<RoomId>,
    /// When it sits.
    pub slot: Option<Span>,
    /// How long it is meant to be, while it has no slot.
    pub minutes: Option<u32>,
    /// Persons expected in the room.
    pub in_room: u32,
    /// How the room is to be set up, as a word.
    pub layout: Option<String>,
    /// What the room has to have, as words.
    pub needs: Vec<String>,
    /// Languages that need a team of interpreters.
    pub languages: Vec<Language>,
    /// Who does what in it.
    pub duties: Vec<Duty>,
    /// The delegations expected; the two parties of a bilateral.
    pub expected: Vec<Expected>,
    /// Its agenda.
    pub agenda: Vec<Item>,
    /// How long the other sittings are for which that agenda is meant as well, in minutes.
    pub other_sittings_minutes: u32,
    /// Who has to be there where something is decided.
    pub quorum: Option<Quorum>,
    /// Days it has to wait for, such as those of a document.
    pub not_before: Vec<NotBefore>,
    /// When those who sit have said that they cannot.
    pub cannot_meet: Vec<Span>,
    /// Whether the owner of its room has agreed.
    pub room_approved: bool,
    /// Whether placement help leaves it where it is.
    pub locked: bool,
}

impl Session {
    /// A session of which nothing else is known.
    pub fn new(id: SessionId, number: i32, kind: Kind) -> Self {
        Self {
            id,
            number,
            kind,
            groups: Vec::new(),
            room: None,
            slot: None,
            minutes: None,
            in_room: 0,
            layout: None,
            needs: Vec::new(),
            languages: Vec::new(),
            duties: Vec::new(),
            expected: Vec::new(),
            agenda: Vec::new(),
            other_sittings_minutes: 0,
            quorum: None,
            not_before: Vec::new(),
            cannot_meet: Vec::new(),
            room_approved: false,
            locked: false,
        }
    }

    /// What `person` is in it: the weightiest of what is told, `None` where there is only something optional.
    pub(in super::super) fn weight(&self, person: PersonId) -> Option<Weight> {
        let own = self.duties.iter().filter(|duty| duty.person == person && duty.weight != Weight::Optional);
        own.map(|duty| duty.weight).min()
    }

    /// Those who are more than free to come.
    pub(in super::super) fn people(&self) -> impl Iterator<Item = PersonId> {
        self.duties.iter().filter(|duty| duty.weight != Weight::Optional).map(|duty| duty.person)
    }
}

crate::words! {
    /// What somebody is in a session, the weightiest first.
    #[schemars(rename = "DutyWeight")]
    pub enum Weight {
        /// Chairs it.
        Chair = "chair",
        /// Heads a delegation in it.
        Head = "head",
        /// Speaks.
        Speaker = "speaker",
        /// Has to be there.
        Required = "required",
        /// Is asked to come.
        Invited = "invited",
        /// May come.
        Optional = "optional",
    }
}

impl Weight {
    /// Whether the session does not go without them as they are planned: chairs, heads and speakers.
    pub fn is_high(self) -> bool {
        self <= Self::Speaker
    }

    /// Whether they have to be there.
    pub fn is_required(self) -> bool {
        self <= Self::Required
    }
}

/// Somebody's part in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// Who.
    pub person: PersonId,
    /// What they are in it.
    pub weight: Weight,
    /// Whether they have said that they come.
    pub confirmed: bool,
}

/// A delegation in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Which.
    pub delegation: DelegationId,
    /// Whether its head is on the list of those who speak.
    pub head_listed: bool,
}

/// An item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// How long it is planned to take.
    pub minutes: u32,
    /// Whether something is decided, adopted or somebody elected.
    pub decides: bool,
    /// Whether a vote or an election is planned.
    pub votes: bool,
    /// What has to be on the table before.
    pub documents: Vec<Document>,
}

/// A document that has to be there some days before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// How many days before the day of the session.
    pub days_before: u16,
    /// The day it was there, if it is.
    pub provided_on: Option<Date>,
}

/// Something a session has to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotBefore {
    /// The day of that, such as the day a document is out.
    pub day: Date,
    /// So many days later at the earliest.
    pub days_after: u16,
}
