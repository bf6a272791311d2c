//! Where to look: which sessions concern a room, a person, a delegation, and what is known of each of those.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
};

use super::{
    Settings, Span,
    snapshot::{Availability, Conflict, Delegation, MustAttend, Party, Room, Session, Snapshot},
    span::Spans,
    walks::Walks,
};
use crate::{
    Language,
    identifier::{DelegationId, GroupId, PersonId, RoomId, SessionId},
    schedule::clashes::Relation,
};

/// For every key the places, in the list of sessions, of those that have a slot and concern it.
#[derive(Debug, Clone)]
pub(super) struct Lists<K>(HashMap<K, Vec<usize>>);

impl<K> Default for Lists<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Clone> Lists<K> {
    /// The places of `key`.
    pub(super) fn of(&self, key: &K) -> &[usize] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// All keys there are sessions for.
    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }

    fn add(&mut self, key: &K, place: usize) {
        let places = self.0.entry(key.clone()).or_default();
        // A session names a key at one go, so that a second naming finds the first at the end.
        if places.last() != Some(&place) {
            places.push(place);
        }
    }

    fn remove(&mut self, key: &K, place: usize) {
        if let Some(places) = self.0.get_mut(key) {
            places.retain(|own| *own != place);
        }
    }
}

/// When a party can come, and what it has elsewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct PartyTimes {
    /// When it can come; empty means always.
    pub(super) windows: Spans,
    /// When it cannot.
    pub(super) away: Spans,
    /// What it has elsewhere, sorted, each once.
    pub(super) commitments: BTreeSet<Span>,
}

impl PartyTimes {
    /// Takes over when it can come.
    pub(super) fn set(&mut self, availability: &Availability) {
        self.windows = availability.windows.iter().copied().collect();
        self.away = availability.away.iter().copied().collect();
    }
}

/// The index of a snapshot.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// Where each session stands in the list.
    pub(super) places: HashMap<SessionId, usize>,
    pub(super) in_room: Lists<RoomId>,
    pub(super) of_person: Lists<PersonId>,
    pub(super) of_delegation: Lists<DelegationId>,
    pub(super) of_group: Lists<GroupId>,
    pub(super) of_language: Lists<Language>,
    /// The facts of each room.
    pub(super) rooms: HashMap<RoomId, Room>,
    pub(super) walks: Walks,
    /// The facts of each delegation.
    pub(super) delegations: HashMap<DelegationId, Delegation>,
    pub(super) times: HashMap<Party, PartyTimes>,
    /// Teams for each language.
    pub(super) teams: HashMap<Language, u32>,
    /// Each conflict once.
    pub(super) conflicts: Vec<Conflict>,
    pub(super) conflicts_of: HashMap<GroupId, Vec<usize>>,
    /// Each wish to go to two sessions once.
    pub(super) must_attend: Vec<MustAttend>,
    pub(super) must_attend_of: HashMap<SessionId, Vec<usize>>,
    /// Each wish about an order once.
    pub(super) relations: Vec<Relation>,
    pub(super) relations_of: HashMap<SessionId, Vec<usize>>,
}

impl Index {
    /// Reads `snapshot`.
    pub(super) fn of(snapshot: &Snapshot, settings: &Settings) -> Self {
        let mut index = Self {
            rooms: snapshot.rooms.iter().map(|room| (room.id, room.clone())).collect(),
            walks: Walks::of(snapshot, settings),
            delegations: snapshot.delegations.iter().map(|own| (own.id, own.clone())).collect(),
            teams: snapshot.interpreters.iter().map(|own| (own.language.clone(), own.teams)).collect(),
            ..Self::default()
        };
        for availability in &snapshot.availability {
            index.times.entry(availability.of).or_default().set(availability);
        }
        for commitment in &snapshot.commitments {
            index.times.entry(commitment.of).or_default().commitments.insert(commitment.span);
        }
        index.read_wishes(snapshot);
        for (place, session) in snapshot.sessions.iter().enumerate() {
            index.add(place, session);
        }
        index
    }

    fn read_wishes(&mut self, snapshot: &Snapshot) {
        self.conflicts =
            each_once(snapshot.conflicts.iter().map(|own| Conflict { groups: in_order(own.groups), ..*own }));
        self.conflicts_of = by_key(&self.conflicts, |own| own.groups);
        self.must_attend =
            each_once(snapshot.must_attend.iter().map(|own| MustAttend { sessions: in_order(own.sessions), ..*own }));
        self.must_attend_of = by_key(&self.must_attend, |own| own.sessions);
        self.relations = each_once(snapshot.relations.iter().copied());
        self.relations_of = by_key(&self.relations, |own| [own.earlier, own.later]);
    }

    /// Takes the session at `place` in.
    pub(super) fn add(&mut self, place: usize, session: &Session) {
        self.places.insert(session.id, place);
        if session.slot.is_none() {
            return;
        }
        session.room.iter().for_each(|room| self.in_room.add(room, place));
        session.people().for_each(|person| self.of_person.add(&person, place));
        session.expected.iter().for_each(|own| self.of_delegation.add(&own.delegation, place));
        session.groups.iter().for_each(|group| self.of_group.add(group, place));
        session.languages.iter().for_each(|language| self.of_language.add(language, place));
    }

    /// Takes the session at `place` out.
    pub(super) fn remove(&mut self, place: usize, session: &Session) {
        self.places.remove(&session.id);
        if session.slot.is_none() {
            return;
        }
        session.room.iter().for_each(|room| self.in_room.remove(room, place));
        session.people().for_each(|person| self.of_person.remove(&person, place));
        session.expected.iter().for_each(|own| self.of_delegation.remove(&own.delegation, place));
        session.groups.iter().for_each(|group| self.of_group.remove(group, place));
        session.languages.iter().for_each(|language| self.of_language.remove(language, place));
    }
}

fn in_order<T: Ord + Copy>(pair: [T; 2]) -> [T; 2] {
    let [one, other] = pair;
    [one.min(other), one.max(other)]
}

fn each_once<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.collect::<BTreeSet<_>>().into_iter().collect()
}

fn by_key<T, K: Eq + Hash>(items: &[T], keys: impl Fn(&T) -> [K; 2]) -> HashMap<K, Vec<usize>> {
    let mut lists: HashMap<K, Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        for key in keys(item) {
            lists.entry(key).or_default().push(at);
        }
    }
    lists
}
