//! A programme as the clash rules look at it: made of sessions as they are or shall be, and of rooms as they are.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};

use super::{
    Asked, Claim, Holder, Sitting, State, agenda,
    clashes::{Area, Blocking, BlockingKind, Room as RoomOfRules, Session as SessionOfRules, Snapshot, Span},
};
use crate::{
    Violation,
    events::{Event, Room, opening},
    identifier::{EventId, Handle, RoomId, SessionId},
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
    /// The rooms they name.
    pub rooms: &'a HashMap<uuid::Uuid, Room>,
    /// Who has those rooms.
    pub claims: &'a [Claim],
    /// What groups asked for.
    pub asked: &'a Asked,
    /// What is on the agendas of its sessions, in their order.
    pub agendas: &'a HashMap<SessionId, Vec<agenda::Item>>,
}

impl Programme<'_> {
    /// From the first start to the last end; none where nothing has a time.
    pub fn span(sessions: &[(SessionId, &Sitting)]) -> Option<(Timestamp, Timestamp)> {
        let slots = || sessions.iter().filter_map(|(_, sitting)| sitting.slot);
        Some((slots().map(|slot| slot.starts_at).min()?, slots().map(|slot| slot.ends_at).max()?))
    }

    /// From the first to the last instant of the days of `event`, and of what is placed outside of them. A fault is one
    /// of its zone.
    pub fn whole_span(event: &Event, sessions: &[(SessionId, &Sitting)]) -> Result<(Timestamp, Timestamp), Violation> {
        let zone = time::zone(&event.details.time_zone, "/time_zone")?;
        let midnight = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX);
        let (first, last) = (event.details.starts_on, event.details.ends_on.saturating_add(1.day()));
        let (from, to) = (midnight(first), midnight(last));
        Ok(Self::span(sessions).map_or((from, to), |(starts, ends)| (from.min(starts), to.max(ends))))
    }

    /// The programme as the rules look at it at `now`. A fault is one of the zone of its event.
    pub fn snapshot(&self, now: Timestamp) -> Result<Snapshot, Violation> {
        self.snapshot_over(now, Self::span(&self.sessions))
    }

    /// The same, with what is known of rooms in all of `whole`: what is placed may come to lie anywhere in it.
    pub fn snapshot_over(&self, now: Timestamp, whole: Option<(Timestamp, Timestamp)>) -> Result<Snapshot, Violation> {
        let zone = time::zone(&self.event.details.time_zone, "/time_zone")?;
        let planned = self.sessions.iter().filter(|(_, sitting)| matters(sitting));
        let own: HashSet<SessionId> = self.sessions.iter().map(|(id, _)| *id).collect();
        Ok(Snapshot {
            as_of: now,
            days: Some((self.event.details.starts_on, self.event.details.ends_on)),
            rooms: self.rooms.iter().map(|(id, room)| self.room(RoomId(*id), room, &own, whole)).collect(),
            sessions: planned.map(|(id, sitting)| self.session(*id, sitting)).collect(),
            conflicts: self.asked.conflicts.clone(),
            relations: self.asked.relations.clone(),
            zone,
            ..Snapshot::default()
        })
    }

    fn room(
        &self,
        id: RoomId,
        room: &Room,
        own: &HashSet<SessionId>,
        whole: Option<(Timestamp, Timestamp)>,
    ) -> RoomOfRules {
        let count = |persons: i32| u32::try_from(persons).unwrap_or_default();
        let taken = self.claims.iter().filter(|claim| claim.room == id);
        let blockings =
            taken.filter_map(|claim| Some(Blocking { span: span(claim)?, kind: self.kept_by(claim, own)? }));
        RoomOfRules {
            area: Area { venue: room.venue.search_key(), zone: room.zone.clone() },
            capacity: room.capacity.map(count),
            layouts: room.layouts.iter().map(|seats| (seats.layout.to_string(), count(seats.capacity))).collect(),
            features: room.features.clone(),
            windows: self.windows(room, whole),
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

    /// When a room is open around `whole`, by the clocks of its building, or of the event where it has none.
    fn windows(&self, room: &Room, whole: Option<(Timestamp, Timestamp)>) -> Vec<Span> {
        let Some((from, to)) = whole else { return vec![] };
        let name = room.time_zone.as_ref().unwrap_or(&self.event.details.time_zone);
        let Ok(zone) = time::zone(name, "/time_zone") else { return vec![] };
        let (from, to) = (from.saturating_sub(AROUND).unwrap_or(from), to.saturating_add(AROUND).unwrap_or(to));
        let windows = opening::windows(&room.opening_hours, &zone, from, to);
        windows.into_iter().filter_map(|(opens, closes)| Span::new(opens, closes)).collect()
    }

    fn session(&self, id: SessionId, sitting: &Sitting) -> SessionOfRules {
        let details = &sitting.details;
        let needs = &details.requirements;
        let claim = Claim::of_session(id, &Sitting { state: State::Scheduled, ..sitting.clone() }, self.event);
        let approved = claim.is_some_and(|claim| self.claims.iter().any(|other| other.approves(&claim)));
        let day = sitting.slot.map(|slot| slot.starts_local.date());
        let agenda = self.agendas.get(&id).into_iter().flatten();
        SessionOfRules {
            agenda: agenda.filter_map(|item| item.for_rules(day)).collect(),
            groups: id_of(details.group_id.as_ref()).map(Into::into).into_iter().collect(),
            room: id_of(details.room_id.as_ref()).map(RoomId),
            slot: sitting.slot.and_then(|slot| Span::new(slot.starts_at, slot.ends_at)),
            minutes: needs.planned_minutes.and_then(|minutes| u32::try_from(minutes).ok()),
            in_room: needs.expected_in_room.and_then(|persons| u32::try_from(persons).ok()).unwrap_or_default(),
            layout: needs.layout.map(|layout| layout.to_string()),
            needs: needs.features.clone(),
            languages: needs.interpretation.iter().flat_map(|wanted| wanted.into.clone()).collect(),
            room_approved: approved,
            cannot_meet: self.asked.cannot_meet.get(&id).cloned().unwrap_or_default(),
            ..SessionOfRules::new(id, sitting.number, details.kind)
        }
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
