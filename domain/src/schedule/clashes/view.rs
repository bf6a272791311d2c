//! A snapshot with its index and the settings of its event: what every rule is given.
//!
//! Findings are sought cell by cell. A cell is one thing whose sessions are looked at together (a room, a person, a
//! wish); no finding belongs to two cells, and what a cell finds depends on that thing and its sessions only. So an
//! edit leaves all cells alone but those it touches.

use std::collections::BTreeSet;

use super::{
    Finding, Fingerprint, Params, Rule, Settings, Severity, Span, Subject,
    fingerprint::Place,
    index::Index,
    rules,
    snapshot::{Party, Room, Session, Snapshot},
    sweep::Placed,
};
use crate::{
    Language,
    identifier::{DelegationId, PersonId, RoomId, SessionId},
};

/// What is looked at together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Cell {
    Session(SessionId),
    Room(RoomId),
    Person(PersonId),
    Delegation(DelegationId),
    /// The sessions that need interpretation into a language.
    Language(Language),
    /// A conflict between groups, by its place in the index.
    Conflict(usize),
    /// Likewise.
    MustAttend(usize),
    /// Likewise.
    Relation(usize),
}

/// What the rules see.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) settings: &'a Settings,
    pub(super) index: &'a Index,
}

/// Something a rule has found, before it is known what that weighs.
pub(super) struct Clash<'a> {
    pub(super) rule: Rule,
    /// Sorted by id.
    pub(super) sessions: &'a [&'a Session],
    /// The other subjects, sorted.
    pub(super) others: &'a [Subject],
    pub(super) spans: Vec<Span>,
    pub(super) place: Place,
    pub(super) params: Params,
}

impl<'a> View<'a> {
    /// Every cell there is something to be found in.
    pub(super) fn cells(self) -> impl Iterator<Item = Cell> {
        let index = self.index;
        let wishes = |count: usize, cell: fn(usize) -> Cell| (0..count).map(cell);
        (self.snapshot.sessions.iter().map(|session| Cell::Session(session.id)))
            .chain(index.in_room.keys().map(|id| Cell::Room(*id)))
            .chain(index.of_person.keys().map(|id| Cell::Person(*id)))
            .chain(index.of_delegation.keys().map(|id| Cell::Delegation(*id)))
            .chain(index.of_language.keys().cloned().map(Cell::Language))
            .chain(wishes(index.conflicts.len(), Cell::Conflict))
            .chain(wishes(index.must_attend.len(), Cell::MustAttend))
            .chain(wishes(index.relations.len(), Cell::Relation))
    }

    /// The cells that `session` is looked at in.
    pub(super) fn cells_of(self, session: &Session) -> Vec<Cell> {
        let index = self.index;
        let mut cells = vec![Cell::Session(session.id)];
        if session.slot.is_some() {
            cells.extend(session.room.map(Cell::Room));
            cells.extend(session.people().map(Cell::Person));
            cells.extend(session.expected.iter().map(|own| Cell::Delegation(own.delegation)));
            cells.extend(session.languages.iter().cloned().map(Cell::Language));
            let conflicts = session.groups.iter().filter_map(|group| index.conflicts_of.get(group)).flatten();
            cells.extend(conflicts.map(|at| Cell::Conflict(*at)));
            let must_attend = index.must_attend_of.get(&session.id).into_iter().flatten();
            cells.extend(must_attend.map(|at| Cell::MustAttend(*at)));
            let relations = index.relations_of.get(&session.id).into_iter().flatten();
            cells.extend(relations.map(|at| Cell::Relation(*at)));
        }
        cells
    }

    /// What is found in `cell`.
    pub(super) fn look(self, cell: &Cell, found: &mut Vec<Finding>) {
        match cell {
            Cell::Session(id) => rules::session(self, *id, found),
            Cell::Room(id) => rules::room(self, *id, found),
            Cell::Person(id) => rules::person(self, *id, found),
            Cell::Delegation(id) => rules::delegation(self, *id, found),
            Cell::Language(language) => rules::language(self, language, found),
            Cell::Conflict(at) => rules::conflict(self, self.index.conflicts[*at], found),
            Cell::MustAttend(at) => rules::must_attend(self, self.index.must_attend[*at], found),
            Cell::Relation(at) => rules::relation(self, self.index.relations[*at], found),
        }
    }

    /// Adds the finding unless its rule is to be ignored.
    pub(super) fn report(self, found: &mut Vec<Finding>, clash: Clash<'_>) {
        let Clash { rule, sessions, others, spans, place, params } = clash;
        let severity = self.settings.severity(rule);
        if severity == Severity::Ignore {
            return;
        }
        let sessions = sessions.iter().map(|session| Subject::Session(session.id));
        let subjects: Vec<Subject> = sessions.chain(others.iter().copied()).collect();
        let fingerprint = Fingerprint::of(rule, &subjects, &params, &place);
        found.push(Finding { rule, severity, subjects, spans, params, fingerprint });
    }

    /// The session, if it is in the snapshot.
    pub(super) fn session(self, id: SessionId) -> Option<&'a Session> {
        self.index.places.get(&id).map(|place| &self.snapshot.sessions[*place])
    }

    /// The room `session` sits in, as far as it is known.
    pub(super) fn room_of(self, session: &Session) -> Option<&'a Room> {
        self.index.rooms.get(&session.room?)
    }

    /// The sessions at these places, by start, then by id.
    pub(super) fn placed(self, places: &[usize]) -> Vec<Placed<'a>> {
        let sessions = places.iter().map(|place| &self.snapshot.sessions[*place]);
        let mut placed: Vec<Placed<'a>> = sessions.filter_map(Placed::of).collect();
        placed.sort_unstable_by_key(|one| (one.slot.starts_at, one.session.id));
        placed
    }

    /// Whether `party` can come to its sessions: its own windows, and what it has elsewhere where it has to come.
    pub(super) fn check_times(
        self,
        party: Party,
        placed: &[Placed<'a>],
        has_to: impl Fn(&Session) -> bool,
        found: &mut Vec<Finding>,
    ) {
        let Some(times) = self.index.times.get(&party) else { return };
        for one in placed {
            let outside = if times.windows.is_empty() { Vec::new() } else { times.windows.outside(one.slot) };
            let missing: super::span::Spans = outside.into_iter().chain(times.away.within(one.slot)).collect();
            let missing = missing.within(one.slot);
            if !missing.is_empty() {
                let minutes = missing.iter().map(|span| span.minutes()).sum();
                self.report(
                    found,
                    Clash {
                        rule: Rule::PersonUnavailable,
                        sessions: &[one.session],
                        others: &[party.into()],
                        place: Place::fixed(&missing),
                        spans: missing,
                        params: Params::Outside { minutes },
                    },
                );
            }
            if !has_to(one.session) {
                continue;
            }
            let shared: BTreeSet<Span> = times.commitments.iter().filter_map(|own| own.shared(one.slot)).collect();
            for shared in shared {
                self.report(
                    found,
                    Clash {
                        rule: Rule::CrossEvent,
                        sessions: &[one.session],
                        others: &[party.into()],
                        spans: vec![shared],
                        place: Place::fixed(&[shared]),
                        params: Params::Overlap { minutes: shared.minutes() },
                    },
                );
            }
        }
    }
}
