//! A programme as the clash rules look at it: made of sessions as they are or shall be, and of rooms as they are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};

use super::{
    Arrangements, Asked, Claim, Entitled, Holder, Kind, Sitting, Sittings, State, agenda,
    clashes::{
        Area, Availability, Blocking, BlockingKind, Commitment, Delegation, Duty, Edit, Expected, Item, Quorum,
        Room as RoomOfRules, Session as SessionOfRules, Snapshot, Span, Weight,
    },
};
use crate::{
    Violation,
    events::{Event, Room, Venues, opening},
    identifier::{DelegationId, EventId, GroupId, Handle, PersonId, RoomId, SessionId},
    time,
};

/// A week to either side: so that a room with hours is never taken for one that is always open.
const AROUND: SignedDuration = SignedDuration::from_hours(8 * 24);

/// What stands in a programme and around it.
#[derive(Debug)]
pub struct Programme<'a> {
    /// The id of the event.
    pub id: EventId,
    /// The event.
    pub event: &'a Event,
    /// Its sessions; of those, what is called off or over is left aside.
    pub sessions: Vec<(SessionId, &'a Sitting)>,
    /// When anything is on, or shall be: rooms and claims are looked at between these; none where nothing has a time.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The rooms they name.
    pub rooms: &'a HashMap<uuid::Uuid, Room>,
    /// The venues there are: those rooms' among them.
    pub venues: &'a Venues,
    /// Who has those rooms.
    pub claims: &'a [Claim],
    /// What groups asked for.
    pub asked: &'a Asked,
    /// What is on the agendas of its sessions, in their order.
    pub agendas: &'a HashMap<SessionId, Vec<agenda::Item>>,
    /// Those who come, and what is asked of them.
    pub people: &'a People,
    /// What the host arranges.
    pub arrangements: &'a Arrangements,
    /// Who has to be there where something is decided.
    pub entitled: &'a Entitled,
}

/// The people around a programme.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// What persons have to do.
    pub duties: HashMap<Place, Vec<Duty>>,
    /// The delegations that have to do something.
    pub expected: HashMap<Place, Vec<Expected>>,
    /// The delegations that come.
    pub delegations: Vec<Delegation>,
    /// When persons can come; whoever is not here always can.
    pub availability: Vec<Availability>,
    /// Where else persons have to be.
    pub commitments: Vec<Commitment>,
}

/// Where somebody has something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In all sittings of the session that this one leads.
    Session(SessionId),
    /// In this sitting only.
    Sitting(SessionId),
}

impl Place {
    /// Of what is kept for `session`: for one sitting, or for the session that it leads.
    pub fn of(session: SessionId, sitting_only: bool) -> Self {
        if sitting_only { Self::Sitting(session) } else { Self::Session(session) }
    }

    /// Whether that is something to do in `sitting`, of the session that `leading` leads.
    pub fn includes(self, sitting: SessionId, leading: SessionId) -> bool {
        match self {
            Self::Session(session) => session == leading,
            Self::Sitting(session) => session == sitting,
        }
    }
}

impl People {
    /// Adds those without whom sessions cannot sit, where nothing was said of their part in it.
    pub fn require(&mut self, required: impl IntoIterator<Item = (SessionId, Vec<PersonId>)>) {
        for (session, persons) in required {
            let duties = self.duties.entry(Place::Session(session)).or_default();
            for person in persons {
                if duties.iter().all(|duty| duty.person != person) {
                    duties.push(Duty { person, weight: Weight::Required, confirmed: false });
                }
            }
        }
    }

    /// Those who have a part in `sessions`, and in which. In a plenary for which no delegation was named all that come have
    /// one.
    pub fn concerned(&self, sessions: &[Touched]) -> Concerned {
        let mut concerned = Concerned::default();
        for touched in sessions {
            for duty in self.duties(touched.session, touched.leading) {
                concerned.persons.entry(duty.person).or_default().insert(touched.session);
            }
            for expected in self.expected(touched.session, touched.leading, touched.kind) {
                concerned.delegations.entry(expected.delegation).or_default().insert(touched.session);
            }
        }
        concerned
    }

    /// What persons have to do in a sitting: in all of its session, and in itself.
    fn duties(&self, id: SessionId, leading: SessionId) -> Vec<Duty> {
        of_sitting(&self.duties, id, leading).copied().collect()
    }

    /// The delegations expected in a sitting. In a plenary all are that come, unless it was said which.
    fn expected(&self, id: SessionId, leading: SessionId, kind: Kind) -> Vec<Expected> {
        let mut expected: Vec<Expected> = of_sitting(&self.expected, id, leading).copied().collect();
        if expected.is_empty() && kind == Kind::Plenary {
            let all = self.delegations.iter();
            expected.extend(all.map(|own| Expected { delegation: own.id, head_listed: false }));
        }
        expected
    }
}

/// What is kept for the session of a sitting, then what is for the sitting itself.
fn of_sitting<T>(kept: &HashMap<Place, Vec<T>>, id: SessionId, leading: SessionId) -> impl Iterator<Item = &T> {
    let both = [Place::Session(leading), Place::Sitting(id)];
    both.into_iter().filter_map(|place| kept.get(&place)).flatten()
}

/// A sitting to which something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touched {
    /// Which.
    pub session: SessionId,
    /// The sitting that leads the session it belongs to: itself, or another.
    pub leading: SessionId,
    /// What it is.
    pub kind: Kind,
}

/// Those who have a part in sessions, and in which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concerned {
    /// The persons.
    pub persons: BTreeMap<PersonId, BTreeSet<SessionId>>,
    /// The delegations.
    pub delegations: BTreeMap<DelegationId, BTreeSet<SessionId>>,
}

impl Programme<'_> {
    /// From the first start to the last end of `sessions`.
    pub fn span<'s>(sessions: impl Iterator<Item = &'s Sitting> + Clone) -> Option<(Timestamp, Timestamp)> {
        let slots = || sessions.clone().filter_map(|sitting| sitting.slot);
        Some((slots().map(|slot| slot.starts_at).min()?, slots().map(|slot| slot.ends_at).max()?))
    }

    /// From the first to the last instant of the days of `event`, and of what is placed outside of them. A fault is one
    /// of its zone.
    pub fn whole_span<'s>(
        event: &Event,
        sessions: impl Iterator<Item = &'s Sitting> + Clone,
    ) -> Result<(Timestamp, Timestamp), Violation> {
        let zone = time::zone(&event.details.time_zone, "/time_zone")?;
        let midnight = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX);
        let (first, last) = (event.details.starts_on, event.details.ends_on.saturating_add(1.day()));
        let (from, to) = (midnight(first), midnight(last));
        Ok(Self::span(sessions).map_or((from, to), |(starts, ends)| (from.min(starts), to.max(ends))))
    }

    /// The programme as the rules look at it at `now`. A fault is one of the zone of its event.
    pub fn snapshot(&self, now: Timestamp) -> Result<Snapshot, Violation> {
        let zone = time::zone(&self.event.details.time_zone, "/time_zone")?;
        let planned = self.sessions.iter().filter(|(_, sitting)| matters(sitting));
        let own: HashSet<SessionId> = self.sessions.iter().map(|(id, _)| *id).collect();
        let further = self.further_minutes();
        let sittings = Sittings::of(planned.clone().map(|(id, sitting)| (*id, *sitting)));
        let wishes = self.asked.relations.iter().flat_map(|wish| sittings.wish(*wish));
        let mut snapshot = Snapshot {
            as_of: now,
            days: Some((self.event.details.starts_on, self.event.details.ends_on)),
            rooms: self.rooms.iter().map(|(id, room)| self.room(RoomId(*id), room, &own)).collect(),
            sessions: planned.map(|(id, sitting)| self.session(*id, sitting, &further)).collect(),
            conflicts: self.asked.conflicts.clone(),
            relations: wishes.chain(sittings.order()).collect(),
            delegations: self.people.delegations.clone(),
            availability: self.people.availability.clone(),
            commitments: self.people.commitments.clone(),
            zone,
            ..Snapshot::default()
        };
        self.arrangements.tell(&mut snapshot, self.event, self.venues);
        Ok(snapshot)
    }

    /// What it is to a board that a session becomes `sitting`.
    pub fn edit(&self, id: SessionId, sitting: &Sitting) -> Edit {
        match matters(sitting) {
            true => Edit::Put(Box::new(self.session(id, sitting, &self.further_minutes()))),
            false => Edit::Remove(id),
        }
    }

    fn room(&self, id: RoomId, room: &Room, own: &HashSet<SessionId>) -> RoomOfRules {
        let count = |persons: i32| u32::try_from(persons).unwrap_or_default();
        let taken = self.claims.iter().filter(|claim| claim.room == id);
        let blockings =
            taken.filter_map(|claim| Some(Blocking { span: span(claim)?, kind: self.kept_by(claim, own)? }));
        RoomOfRules {
            area: Area { venue: self.venues.key_of(&room.venue), zone: room.zone.clone() },
            capacity: room.capacity.map(count),
            layouts: room.layouts.iter().map(|seats| (seats.layout.to_string(), count(seats.capacity))).collect(),
            features: room.features.clone(),
            windows: self.windows(room),
            blockings: blockings.collect(),
            needs_approval: room.needs_approval,
            shared: room.shared,
            ..RoomOfRules::new(id)
        }
    }

    /// By what a room is kept from the sessions of the programme; none for what is theirs.
    fn kept_by(&self, claim: &Claim, own: &HashSet<SessionId>) -> Option<BlockingKind> {
        match claim.holder {
            Holder::Session(_, id) | Holder::ForSession(_, id) if own.contains(&id) => None,
            Holder::ForEvent(id) if id == self.id => None,
            Holder::Closed => Some(BlockingKind::Blocking),
            _ => Some(BlockingKind::Booking),
        }
    }

    /// When a room is open around the programme, by the clocks of its building, or of the event where it has none.
    fn windows(&self, room: &Room) -> Vec<Span> {
        let Some((from, to)) = self.span else { return vec![] };
        let name = room.time_zone.as_ref().unwrap_or(&self.event.details.time_zone);
        let Ok(zone) = time::zone(name, "/time_zone") else { return vec![] };
        let (from, to) = (from.saturating_sub(AROUND).unwrap_or(from), to.saturating_add(AROUND).unwrap_or(to));
        let windows = opening::windows(&room.opening_hours, &zone, from, to);
        windows.into_iter().filter_map(|(opens, closes)| Span::new(opens, closes)).collect()
    }

    fn session(&self, id: SessionId, sitting: &Sitting, further: &HashMap<SessionId, u32>) -> SessionOfRules {
        let details = &sitting.details;
        let needs = &details.requirements;
        let claim = Claim::of_session(id, &Sitting { state: State::Scheduled, ..sitting.clone() }, self.event);
        let approved = claim.is_some_and(|claim| self.claims.iter().any(|other| other.approves(&claim)));
        let day = sitting.slot.map(|slot| slot.starts_local.date());
        let leading = details.leading(id);
        let agenda = self.agenda(id, leading, day);
        SessionOfRules {
            quorum: if agenda.iter().any(|item| item.decides) { self.quorum(sitting) } else { None },
            agenda,
            other_sittings_minutes: further.get(&id).copied().unwrap_or_default(),
            groups: details.groups().filter_map(|group| id_of(Some(group))).map(Into::into).collect(),
            room: id_of(details.room_id.as_ref()).map(RoomId),
            slot: sitting.slot.and_then(|slot| Span::new(slot.starts_at, slot.ends_at)),
            minutes: needs.planned_minutes.and_then(|minutes| u32::try_from(minutes).ok()),
            in_room: needs.expected_in_room.and_then(|persons| u32::try_from(persons).ok()).unwrap_or_default(),
            layout: needs.layout.map(|layout| layout.to_string()),
            needs: needs.features.clone(),
            languages: needs.interpretation.iter().flat_map(|wanted| wanted.into.clone()).collect(),
            duties: self.people.duties(id, leading),
            expected: self.people.expected(id, leading, details.kind),
            room_approved: approved,
            cannot_meet: self.asked.cannot_meet.get(&leading).cloned().unwrap_or_default(),
            ..SessionOfRules::new(id, sitting.number, details.kind)
        }
    }

    /// Who has to be there for the body to decide; nobody where it is not the body that sits.
    fn quorum(&self, sitting: &Sitting) -> Option<Quorum> {
        let group = id_of(sitting.details.group_id.as_ref()).map(GroupId);
        let slot = sitting.slot.filter(|_| sitting.details.kind.has_quorum())?;
        self.entitled.quorum(group, slot.starts_at)
    }

    /// What is on the agenda of a sitting. It is that of its session, so the sitting that leads answers for its length,
    /// documents and quorum; what is put to the vote may come up in any of them.
    fn agenda(&self, id: SessionId, leading: SessionId, day: Option<Date>) -> Vec<Item> {
        let items = self.agendas.get(&leading).into_iter().flatten().filter_map(|item| item.for_rules(day));
        match id == leading {
            true => items.collect(),
            false => items.map(|item| Item { votes: item.votes, ..Item::default() }).collect(),
        }
    }

    /// How long the further sittings are of each session that has some, in minutes.
    fn further_minutes(&self) -> HashMap<SessionId, u32> {
        let mut minutes: HashMap<SessionId, u32> = HashMap::new();
        for (_, sitting) in self.sessions.iter().filter(|(_, sitting)| matters(sitting)) {
            if let Some(leading) = sitting.details.sitting_of {
                let sum = minutes.entry(leading).or_default();
                *sum = sum.saturating_add(sitting.minutes());
            }
        }
        minutes
    }
}

/// Whether it can still clash with anything.
fn matters(sitting: &Sitting) -> bool {
    matches!(sitting.state, State::Draft | State::Scheduled)
}

fn id_of(handle: Option<&Handle>) -> Option<uuid::Uuid> {
    match handle {
        Some(Handle::Id(id)) => Some(*id),
        _ => None,
    }
}

fn span(claim: &Claim) -> Option<Span> {
    Span::new(claim.start, claim.end)
}
