//! Everything the rules look at, as plain data.
//!
//! Whoever asks builds it from the live programme or from a draft laid over it; the rules cannot tell the two apart.
//! What is not known stays empty, and a rule that would need it says nothing. A fact told twice counts once. What the
//! snapshot names but does not describe (a room of a session, a delegation that is expected) has no such facts.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{Relation, Span};
use crate::{
    Language, Text,
    identifier::{DelegationId, GroupId, PersonId, RoomId, SessionId},
};

mod session;

pub use session::{Document, Duty, Expected, Item, NotBefore, Quorum, Session, Weight};

/// A programme and what surrounds it, at one instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// When it was taken: what is not there on its last day is late from then on.
    pub as_of: Timestamp,
    /// Where the clocks of the event stand; every time on the wall is meant there.
    pub zone: TimeZone,
    /// First and last day of the event; placement help looks for slots between them.
    pub days: Option<(Date, Date)>,
    /// When the host works.
    pub working_hours: Vec<Hours>,
    /// Days on which the host does not.
    pub holidays: Vec<Holiday>,
    /// Times kept free for prayer and feasts.
    pub observances: Vec<Observance>,
    /// How long one walks. What is not told is taken from the settings.
    pub walks: Vec<Walk>,
    /// The rooms.
    pub rooms: Vec<Room>,
    /// The sessions, placed and not yet placed. Those that are cancelled are left out.
    pub sessions: Vec<Session>,
    /// Groups that had better not sit at the same time.
    pub conflicts: Vec<Conflict>,
    /// Who must be able to go to two sessions.
    pub must_attend: Vec<MustAttend>,
    /// Which session comes before which.
    pub relations: Vec<Relation>,
    /// The delegations.
    pub delegations: Vec<Delegation>,
    /// The teams of interpreters; none at all means that nothing is known of them, and then nobody is missed.
    pub interpreters: Vec<Interpreters>,
    /// When persons and delegations can come; at most one for each. None means always.
    pub availability: Vec<Availability>,
    /// What persons and delegations have elsewhere.
    pub commitments: Vec<Commitment>,
}

impl Default for Snapshot {
    /// Nothing at all, in UTC.
    fn default() -> Self {
        Self {
            as_of: Timestamp::UNIX_EPOCH,
            zone: TimeZone::UTC,
            days: None,
            working_hours: Vec::new(),
            holidays: Vec::new(),
            observances: Vec::new(),
            walks: Vec::new(),
            rooms: Vec::new(),
            sessions: Vec::new(),
            conflicts: Vec::new(),
            must_attend: Vec::new(),
            relations: Vec::new(),
            delegations: Vec::new(),
            interpreters: Vec::new(),
            availability: Vec::new(),
            commitments: Vec::new(),
        }
    }
}

/// A part of the day, on the wall of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// The days it is meant for; none means every day.
    pub days: Vec<Date>,
    /// Its first minute.
    pub from: Time,
    /// The first minute after it; one that is not later than `from` is meant on the next day.
    pub to: Time,
}

/// A day off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The day.
    pub day: Date,
    /// What it is called.
    pub name: Text,
}

/// A time kept free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observance {
    /// When.
    pub span: Span,
    /// What it is called.
    pub name: Text,
}

/// A part of a venue, or the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Area {
    /// The building, by whatever tells it from others.
    pub venue: String,
    /// The part; `None` is the whole.
    pub zone: Option<String>,
}

/// How long it takes from one area to another, in either direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// From here to there.
    pub between: [Area; 2],
    /// How long that takes.
    pub minutes: u32,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// Where it is.
    pub area: Area,
    /// Persons it holds, however it is set up.
    pub capacity: Option<u32>,
    /// Persons it holds in each layout it can be set up in.
    pub layouts: Vec<(String, u32)>,
    /// What it has, as words.
    pub features: Vec<String>,
    /// When it is open; none means always.
    pub opening: Vec<Hours>,
    /// When it can be had at all; none means always.
    pub windows: Vec<Span>,
    /// What else it is taken for.
    pub blockings: Vec<Blocking>,
    /// Whether its owner has to agree to each use.
    pub needs_approval: bool,
    /// Whether several may use it at once, as a foyer. Any other room is never booked twice.
    pub shared: bool,
}

impl Room {
    /// A room of which nothing else is known.
    pub fn new(id: RoomId) -> Self {
        Self {
            id,
            area: Area::default(),
            capacity: None,
            layouts: Vec::new(),
            features: Vec::new(),
            opening: Vec::new(),
            windows: Vec::new(),
            blockings: Vec::new(),
            needs_approval: false,
            shared: false,
        }
    }
}

/// A time at which a room is taken by something that is not in the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blocking {
    /// When.
    pub span: Span,
    /// By what.
    pub kind: BlockingKind,
}

crate::words! {
    /// What takes a room besides the sessions of the event.
    #[schemars(rename = "RoomBlockingKind")]
    pub enum BlockingKind {
        /// A session of another event: in the room as much as one of this.
        Booking = "booking",
        /// Kept for something else.
        Blocking = "blocking",
        /// Being repaired or set up.
        Maintenance = "maintenance",
    }
}

crate::words! {
    /// How badly two groups do not want to sit at the same time.
    #[schemars(rename = "ConflictTier")]
    pub enum Tier {
        /// The same person chairs both.
        Chair = "chair",
        /// The same people matter in both.
        Key = "key",
        /// They speak of the same matters.
        Topic = "topic",
    }
}

/// Two groups that had better not sit at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The groups, in whatever order.
    pub groups: [GroupId; 2],
    /// How badly.
    pub tier: Tier,
}

/// Who goes to sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Somebody.
    Person(PersonId),
    /// A delegation.
    Delegation(DelegationId),
}

/// Somebody has to be able to go to two sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MustAttend {
    /// Who.
    pub who: Party,
    /// Where, in whatever order.
    pub sessions: [SessionId; 2],
}

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// How many of its members can go to sessions, if that is known.
    pub able: Option<u32>,
    /// Whether it has said that it comes.
    pub confirmed: bool,
    /// Where its people are, if all of them take part from afar and it is known.
    pub zone: Option<TimeZone>,
}

/// Teams for one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpreters {
    /// The language.
    pub language: Language,
    /// How many teams.
    pub teams: u32,
}

/// When somebody can come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// Who.
    pub of: Party,
    /// When they can; none means always.
    pub windows: Vec<Span>,
    /// When they cannot.
    pub away: Vec<Span>,
}

impl Availability {
    /// Narrows this to what `other` allows too.
    pub fn narrow(&mut self, other: Self) {
        self.away.extend(other.away);
        if self.windows.is_empty() || other.windows.is_empty() {
            self.windows.extend(other.windows);
            return;
        }
        let shared = |one: &Span| other.windows.iter().filter_map(|two| one.shared(*two)).collect::<Vec<_>>();
        let both: Vec<Span> = self.windows.iter().flat_map(shared).collect();
        if both.is_empty() {
            // No window would mean always.
            self.away.extend(Span::new(Timestamp::MIN, Timestamp::MAX));
        }
        self.windows = both;
    }
}

/// Something somebody has elsewhere: in another event here, or in a calendar of their own. What it is stays there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Commitment {
    /// Who.
    pub of: Party,
    /// When.
    pub span: Span,
}
