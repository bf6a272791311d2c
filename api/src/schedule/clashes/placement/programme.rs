//! The draft of an event as places are looked for in it: with the rooms there are, in the hours asked for.

use std::collections::{HashMap, HashSet};

use domain::{
    access::Resource,
    events::{Event, Room, Venues},
    identifier::{EventId, Handle, SessionId},
    schedule::{
        Programme, Sitting, Slot,
        clashes::{Board, Finding, Snapshot, Span, Subject},
        placing::{Search, slot_of},
    },
    time,
};
use uuid::Uuid;

use crate::{
    context::Ctx,
    db::{Visible, reference},
    error::Error,
    events::{rooms, sittings},
    schedule::{
        clashes::{self, Read, names::Names, store},
        plans::{self, store::Kept},
    },
};

/// The draft of an event, on a board.
#[derive(Debug)]
pub(super) struct Drafted {
    /// Where places are tried.
    pub(super) board: Board,
    /// The sessions the caller may see.
    pub(super) seen: HashSet<Uuid>,
    event: Visible<Event>,
    kept: HashMap<SessionId, Kept>,
    read: Read,
    names: Names,
}

impl Drafted {
    /// Reads it.
    pub(super) async fn read(ctx: &Ctx, event: Visible<Event>, search: &Search) -> Result<Self, Error> {
        let connection = ctx.read(Resource::Sessions)?;
        let sessions = sittings::sittings_read(connection, event.id).await?;
        let kept = plans::store::plans_of_event(connection, EventId(event.id)).await?;
        let seen = sittings::sessions_seen(connection, &ctx.actor, event.id).await?;
        check_kept(search, &seen)?;
        let (settings, _) = store::settings_find(connection, EventId(event.id)).await?;
        let announced: HashSet<Uuid> =
            sessions.iter().filter(|session| session.content.announced).map(|session| session.id).collect();
        let sessions = clashes::as_planned(sessions, &kept, &event);
        let rooms = rooms_for(rooms::store::rooms_all(connection).await?, &sessions, &search.room_ids)?;
        let (from, to) = Programme::whole_span(&event.content, sessions.iter().map(|session| &session.content))?;
        let groups = sessions.iter().filter_map(|own| reference(own.content.details.group_id.as_ref())).collect();
        let read = Read::around(connection, ctx, &event, sessions, groups, rooms, Some((from, to))).await?;
        let mut snapshot = read.snapshot(&event.content, ctx.now)?;
        let names = Names::of(connection, ctx, EventId(event.id), subjects(&snapshot)).await?;
        let own: HashMap<_, _> = read.sessions.iter().map(|session| (session.id, &session.content)).collect();
        let stays = |id: SessionId| {
            let next = own.get(&id.0);
            !seen.contains(&id.0) || next.is_none_or(|next| search.keeps(id, next, announced.contains(&id.0), ctx.now))
        };
        arrange(&mut snapshot, search, stays);
        let board = Board::new(snapshot, settings);
        Ok(Self { board, seen, event, kept, read, names })
    }

    /// Whether it is in the programme that is planned.
    pub(super) fn stands(&self, id: SessionId) -> bool {
        self.board.snapshot().sessions.iter().any(|session| session.id == id)
    }

    /// How long it sits, if anybody has said so.
    pub(super) fn length(&self, id: SessionId) -> Option<i64> {
        let session = self.board.snapshot().sessions.iter().find(|session| session.id == id)?;
        session.slot.map(Span::minutes).or(session.minutes.map(i64::from))
    }

    /// A session as the next release would make it.
    pub(super) fn session(&self, id: SessionId) -> Result<&Visible<Sitting>, Error> {
        let session = self.read.sessions.iter().find(|session| session.id == id.0);
        session.ok_or_else(|| Error::internal("a place for a session that is not in the event"))
    }

    /// What tells as what it is planned.
    pub(super) fn tag(&self, id: SessionId) -> Result<String, Error> {
        let version = self.kept.get(&id).map_or(0, |kept| kept.version);
        Ok(plans::tag(version, self.session(id)?.version))
    }

    /// A span on the clocks of the event.
    pub(super) fn slot(&self, span: Span) -> Result<Slot, Error> {
        Ok(slot_of(span, &time::zone(self.zone(), "/time_zone")?))
    }

    /// The zone of the event.
    pub(super) fn zone(&self) -> &str {
        &self.event.content.details.time_zone
    }

    /// What the caller may know of a clash, and the sentence about it.
    pub(super) fn told(&self, ctx: &Ctx, clash: &Finding) -> Option<(Finding, String)> {
        self.names.told(ctx, &self.read, clash)
    }
}

/// Everybody whom a clash of the programme can be about.
fn subjects(snapshot: &Snapshot) -> HashSet<Subject> {
    let persons = snapshot.sessions.iter().flat_map(|session| &session.duties).map(|duty| duty.person);
    let delegations = snapshot.delegations.iter().map(|delegation| Subject::Delegation(delegation.id));
    persons.map(Subject::Person).chain(delegations).collect()
}

/// Sets how long sessions sit that do not say it, which of them stay, and the hours in which places are looked for.
fn arrange(snapshot: &mut Snapshot, search: &Search, stays: impl Fn(SessionId) -> bool) {
    for session in &mut snapshot.sessions {
        session.minutes = session.minutes.or(search.minutes);
        session.locked = stays(session.id);
    }
    let said = search.opens.is_some() || search.closes.is_some();
    if said || snapshot.working_hours.is_empty() {
        snapshot.working_hours = vec![search.hours()];
    }
}

fn check_kept(search: &Search, seen: &HashSet<Uuid>) -> Result<(), Error> {
    match search.keep_ids.iter().position(|id| !seen.contains(&id.0)) {
        Some(at) => {
            let detail = "Name sessions of this event, by id.";
            Err(Error::invalid(&format!("/keep_ids/{at}"), "unknown_session", detail))
        }
        None => Ok(()),
    }
}

/// The rooms that sessions of the event sit in, all rooms of the same venues, and those asked for.
fn rooms_for(
    all: HashMap<Uuid, Room>,
    sessions: &[Visible<Sitting>],
    asked: &[Handle],
) -> Result<HashMap<Uuid, Room>, Error> {
    let used = sessions.iter().filter_map(|session| reference(session.content.details.room_id.as_ref()));
    let known = Venues::of(all.values().map(Room::lies_in));
    let venues: HashSet<String> = used.filter_map(|id| Some(known.key_of(&all.get(&id)?.venue))).collect();
    let mut wanted = HashSet::new();
    for (at, handle) in asked.iter().enumerate() {
        let named = all.iter().find(|(id, room)| match handle {
            Handle::Id(asked) => *id == asked,
            Handle::Code(code) => room.code.key() == code.as_str(),
        });
        let (id, _) = named.ok_or_else(|| {
            let detail = "Name an existing room by id or code.";
            Error::invalid(&format!("/room_ids/{at}"), "unknown_room", detail)
        })?;
        wanted.insert(*id);
    }
    let considered = |(id, room): &(Uuid, Room)| wanted.contains(id) || venues.contains(&known.key_of(&room.venue));
    Ok(all.into_iter().filter(considered).collect())
}
