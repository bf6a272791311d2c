//! A programme as it is stored, with all that the clash rules ask of it.

use std::collections::{HashMap, HashSet};

use domain::{
    events::{Event, Room, Venues},
    identifier::{EventId, SessionId},
    schedule::{
        Arrangements, Asked, Claim, Entitled, People, Programme, Sitting,
        agenda::Item,
        clashes::{Finding, Settings, Snapshot, evaluate},
    },
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::store;
use crate::{
    context::Ctx,
    db::{Visible, reference},
    error::Error,
    events::{self, claims},
    schedule::{agenda, arrangements, requests},
};

/// A programme with all that the rules ask of it.
#[derive(Debug)]
pub(super) struct Read {
    id: EventId,
    /// Its sessions.
    pub(super) sessions: Vec<Visible<Sitting>>,
    /// The rooms they name.
    pub(super) rooms: HashMap<Uuid, Room>,
    venues: Venues,
    claims: Vec<Claim>,
    span: Option<(Timestamp, Timestamp)>,
    people: People,
    asked: Asked,
    agendas: HashMap<SessionId, Vec<Item>>,
    arrangements: Arrangements,
    entitled: Entitled,
}

impl Read {
    /// That of an event whose sessions are those in `sessions`, of which some may become what they are in `changed`.
    pub(super) async fn of(
        connection: &impl ConnectionTrait,
        ctx: &Ctx,
        event: &Visible<Event>,
        sessions: Vec<Visible<Sitting>>,
        changed: &[Visible<Sitting>],
    ) -> Result<Self, Error> {
        let (named, groups, span) = {
            let sittings = sessions.iter().chain(changed).map(|session| &session.content);
            let rooms = sittings.clone().filter_map(|sitting| reference(sitting.details.room_id.as_ref()));
            let groups = sittings.clone().filter_map(|sitting| reference(sitting.details.group_id.as_ref()));
            (rooms.collect(), groups.collect(), Programme::span(sittings))
        };
        let rooms = events::rooms::store::rooms_by_id(connection, named).await?;
        Self::around(connection, ctx, event, sessions, groups, rooms, span).await
    }

    /// The same with these rooms and whoever has them between these instants; `groups` are those that sit, or may.
    pub(super) async fn around(
        connection: &impl ConnectionTrait,
        ctx: &Ctx,
        event: &Visible<Event>,
        sessions: Vec<Visible<Sitting>>,
        groups: HashSet<Uuid>,
        rooms: HashMap<Uuid, Room>,
        span: Option<(Timestamp, Timestamp)>,
    ) -> Result<Self, Error> {
        let id = EventId(event.id);
        let claims = match span {
            Some((from, to)) => claims::claims_between(connection, ctx.now, rooms.keys().copied(), from, to).await?,
            None => vec![],
        };
        let known = events::rooms::store::venues_all(connection).await?;
        let known = known.iter().map(|(venue, zone)| (venue, zone.as_deref()));
        let venues = Venues::of(known.chain(rooms.values().map(Room::lies_in)));
        let people = people(connection, id, span).await?;
        let asked = requests::asked(connection, event, &sessions).await?;
        let agendas = agenda::store::agendas_of_event(connection, id).await?;
        let (arrangements, _) = arrangements::store::arrangements_find(connection, id).await?;
        let entitled = store::entitled_of_event(connection, event, groups).await?;
        Ok(Self { id, sessions, rooms, venues, claims, span, people, asked, agendas, arrangements, entitled })
    }

    /// The same programme with these sessions as they are here.
    pub(super) fn put(&mut self, changed: &[Visible<Sitting>]) {
        let mut changed: HashMap<Uuid, _> = changed.iter().map(|session| (session.id, session.clone())).collect();
        for session in &mut self.sessions {
            if let Some(next) = changed.remove(&session.id) {
                *session = next;
            }
        }
    }

    /// As the rules of the domain take it.
    pub(super) fn programme<'a>(&'a self, event: &'a Event) -> Programme<'a> {
        Programme {
            id: self.id,
            event,
            sessions: self.sessions.iter().map(|session| (SessionId(session.id), &session.content)).collect(),
            span: self.span,
            rooms: &self.rooms,
            venues: &self.venues,
            claims: &self.claims,
            people: &self.people,
            asked: &self.asked,
            agendas: &self.agendas,
            arrangements: &self.arrangements,
            entitled: &self.entitled,
        }
    }

    /// As the clash rules look at it at `now`.
    pub(super) fn snapshot(&self, event: &Event, now: Timestamp) -> Result<Snapshot, Error> {
        self.programme(event).snapshot(now).map_err(|fault| Error::Invalid(vec![fault]))
    }

    /// Everything that is wrong with it.
    pub(super) fn findings(&self, event: &Event, now: Timestamp, settings: &Settings) -> Result<Vec<Finding>, Error> {
        Ok(evaluate(&self.snapshot(event, now)?, settings))
    }
}

/// The people around a programme, with what they have elsewhere between these instants; those included without whom a
/// session cannot sit, as its group asked for it.
pub(in crate::schedule) async fn people(
    connection: &impl ConnectionTrait,
    event: EventId,
    span: Option<(Timestamp, Timestamp)>,
) -> Result<People, Error> {
    let mut people = store::people_of_event(connection, event, span).await?;
    people.require(requests::store::required_by_session(connection, event).await?);
    Ok(people)
}
