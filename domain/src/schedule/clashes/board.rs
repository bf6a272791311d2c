//! A programme being edited, with what is wrong with it kept up to date.
//!
//! An edit looks again at the cells that it touches, before and after, and at no other; what they find replaces what
//! they found. So the findings are always those of [`evaluate`](super::evaluate), at the cost of the edit.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    Availability, Commitment, Delegation, Finding, Fingerprint, Party, Room, Session, Settings, Snapshot, Span,
    index::Index,
    view::{Cell, View},
    walks::Walks,
};
use crate::identifier::{RoomId, SessionId};

/// A snapshot with its findings.
#[derive(Debug, Clone)]
pub struct Board {
    snapshot: Snapshot,
    settings: Settings,
    index: Index,
    /// By the cell that found them; cells that found nothing are left out.
    findings: HashMap<Cell, Vec<Finding>>,
}

/// Something that changes in a programme. For anything else (settings, wishes, days) a new board is made.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// A session gets another slot and room, or loses them. Of an unknown session nothing changes.
    Place {
        /// Which.
        session: SessionId,
        /// Where it sits from now on.
        room: Option<RoomId>,
        /// When.
        slot: Option<Span>,
    },
    /// A session is this from now on, whether it was there before or not.
    Put(Box<Session>),
    /// A session is gone.
    Remove(SessionId),
    /// A room is this from now on: its hours, its blockings, its facts.
    Room(Box<Room>),
    /// A delegation is this from now on.
    Delegation(Delegation),
    /// Somebody can come at these times from now on.
    Availability(Availability),
    /// What somebody has elsewhere is this from now on.
    Commitments {
        /// Who.
        of: Party,
        /// All of it.
        spans: Vec<Span>,
    },
}

/// What an edit did to the findings, by rule, then by fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Those that were not there.
    pub opened: Vec<Finding>,
    /// Those that are no longer there.
    pub resolved: Vec<Finding>,
}

impl Board {
    /// Looks at the whole of `snapshot`.
    pub fn new(snapshot: Snapshot, settings: Settings) -> Self {
        let index = Index::of(&snapshot, &settings);
        let mut board = Self { snapshot, settings, index, findings: HashMap::new() };
        let cells: Vec<Cell> = board.view().cells().collect();
        board.look_again(cells);
        board
    }

    /// The programme as it stands.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// How the rules are meant.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Everything that is wrong with the programme, as [`evaluate`](super::evaluate) gives it.
    pub fn findings(&self) -> Vec<Finding> {
        super::in_order(self.findings.values().flatten().cloned().collect())
    }

    /// What is wrong with one session, in no order.
    pub fn findings_of(&self, session: SessionId) -> impl Iterator<Item = &Finding> {
        let cells: BTreeSet<Cell> =
            self.view().session(session).map(|own| self.view().cells_of(own)).into_iter().flatten().collect();
        let found = cells.into_iter().filter_map(|cell| self.findings.get(&cell)).flatten();
        found.filter(move |finding| finding.sessions().any(|id| id == session))
    }

    /// Makes an edit.
    pub fn apply(&mut self, edit: Edit) -> Changes {
        let cells = match edit {
            Edit::Place { session, room, slot } => match self.view().session(session).cloned() {
                Some(session) => self.put(Session { room, slot, ..session }),
                None => BTreeSet::new(),
            },
            Edit::Put(session) => self.put(*session),
            Edit::Remove(id) => self.remove(id),
            Edit::Room(room) => self.set_room(*room),
            Edit::Delegation(delegation) => self.set_delegation(delegation),
            Edit::Availability(availability) => self.set_availability(availability),
            Edit::Commitments { of, spans } => self.set_commitments(of, spans),
        };
        self.look_again(cells)
    }

    pub(super) fn view(&self) -> View<'_> {
        View { snapshot: &self.snapshot, settings: &self.settings, index: &self.index }
    }

    fn look_again(&mut self, cells: impl IntoIterator<Item = Cell>) -> Changes {
        let mut changes = Changes::default();
        for cell in cells {
            let mut now = Vec::new();
            self.view().look(&cell, &mut now);
            let before = self.findings.remove(&cell).unwrap_or_default();
            changes.opened.extend(only(&now, &before));
            changes.resolved.extend(only(&before, &now));
            if !now.is_empty() {
                self.findings.insert(cell, now);
            }
        }
        Changes { opened: super::in_order(changes.opened), resolved: super::in_order(changes.resolved) }
    }

    fn put(&mut self, session: Session) -> BTreeSet<Cell> {
        let Some(place) = self.index.places.get(&session.id).copied() else {
            self.snapshot.sessions.push(session);
            return self.taken_in(self.snapshot.sessions.len() - 1);
        };
        let mut cells = self.taken_out(place);
        self.snapshot.sessions[place] = session;
        cells.extend(self.taken_in(place));
        cells
    }

    /// The last session takes the place of the one that goes, so that no other moves.
    fn remove(&mut self, id: SessionId) -> BTreeSet<Cell> {
        let Some(place) = self.index.places.get(&id).copied() else { return BTreeSet::new() };
        let cells = self.taken_out(place);
        let last = self.snapshot.sessions.len() - 1;
        if place != last {
            self.index.remove(last, &self.snapshot.sessions[last]);
        }
        self.snapshot.sessions.swap_remove(place);
        if place != last {
            self.index.add(place, &self.snapshot.sessions[place]);
        }
        cells
    }

    /// Takes a session out of the index; gives where it was looked at.
    fn taken_out(&mut self, place: usize) -> BTreeSet<Cell> {
        let cells = self.view().cells_of(&self.snapshot.sessions[place]);
        self.index.remove(place, &self.snapshot.sessions[place]);
        cells.into_iter().collect()
    }

    /// Takes a session into the index; gives where it is looked at.
    fn taken_in(&mut self, place: usize) -> BTreeSet<Cell> {
        self.index.add(place, &self.snapshot.sessions[place]);
        self.view().cells_of(&self.snapshot.sessions[place]).into_iter().collect()
    }

    fn set_room(&mut self, room: Room) -> BTreeSet<Cell> {
        let id = room.id;
        self.index.rooms.insert(id, room.clone());
        replace(&mut self.snapshot.rooms, room, |own| own.id);
        self.index.walks = Walks::of(&self.snapshot, &self.settings);
        let mut cells = BTreeSet::from([Cell::Room(id)]);
        for place in self.index.in_room.of(&id) {
            let session = &self.snapshot.sessions[*place];
            cells.insert(Cell::Session(session.id));
            cells.extend(session.people().map(Cell::Person));
        }
        cells
    }

    fn set_delegation(&mut self, delegation: Delegation) -> BTreeSet<Cell> {
        let id = delegation.id;
        self.index.delegations.insert(id, delegation.clone());
        replace(&mut self.snapshot.delegations, delegation, |own| own.id);
        let expect = self.index.of_delegation.of(&id).iter().map(|place| &self.snapshot.sessions[*place]);
        let counts = |session: &&Session| session.quorum.as_ref().is_some_and(|quorum| quorum.of.contains(&id));
        let sessions = expect.chain(self.snapshot.sessions.iter().filter(counts)).map(|session| session.id);
        sessions.map(Cell::Session).chain([Cell::Delegation(id)]).collect()
    }

    fn set_availability(&mut self, availability: Availability) -> BTreeSet<Cell> {
        let of = availability.of;
        self.index.times.entry(of).or_default().set(&availability);
        replace(&mut self.snapshot.availability, availability, |own| own.of);
        BTreeSet::from([cell_of(of)])
    }

    fn set_commitments(&mut self, of: Party, spans: Vec<Span>) -> BTreeSet<Cell> {
        self.snapshot.commitments.retain(|own| own.of != of);
        self.snapshot.commitments.extend(spans.iter().map(|span| Commitment { of, span: *span }));
        self.index.times.entry(of).or_default().commitments = spans.into_iter().collect();
        BTreeSet::from([cell_of(of)])
    }
}

fn cell_of(party: Party) -> Cell {
    match party {
        Party::Person(id) => Cell::Person(id),
        Party::Delegation(id) => Cell::Delegation(id),
    }
}

/// Puts `item` in the place of the one with its key, or at the end.
fn replace<T, K: PartialEq>(items: &mut Vec<T>, item: T, key: impl Fn(&T) -> K) {
    match items.iter_mut().find(|own| key(own) == key(&item)) {
        Some(own) => *own = item,
        None => items.push(item),
    }
}

/// Those of `these` that are not among `others`.
fn only(these: &[Finding], others: &[Finding]) -> Vec<Finding> {
    let known: HashSet<&Fingerprint> = others.iter().map(|finding| &finding.fingerprint).collect();
    these.iter().filter(|finding| !known.contains(&finding.fingerprint)).cloned().collect()
}
