//! Agendas of sessions: their items, numbers and editions, and when a sitting will be through.
//!
//! What is common is seen by whoever sees the session; internal and hidden items only by those who run the event. The
//! rules are in `domain::schedule::agenda`; who speaks on an item is in `attendance`.

pub mod editions;
mod held;
pub mod items;
pub mod resource;
pub(crate) mod store;

use std::collections::{HashMap, HashSet};

use domain::{
    access::{Permit, Resource, Visibility as Circle},
    events::Event,
    identifier::{AgendaItemId, Handle, PersonId, SessionId},
    schedule::{
        Session, State,
        agenda::{Course, Expected as Prospect, Item, ItemShown, Numbering, Refusal, Visibility, assigned, walk},
    },
    time::{self, WallTime},
};
use jiff::{Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Tx, Visible, reference},
    error::Error,
    events, people,
};
use store::Kept;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::conflict(refusal.code(), refusal.to_string())
    }
}

/// A session with its sittings and its event, as whoever deals with its agenda sees them.
#[derive(Debug)]
pub struct Place {
    /// The sitting that leads, of which the agenda is kept.
    pub(super) session: Visible<Session>,
    sittings: Vec<Visible<Session>>,
    pub(super) event: Visible<Event>,
    zone: TimeZone,
}

/// An item and when it is to be expected.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AgendaLine")]
pub struct Line {
    /// The item.
    #[serde(flatten)]
    pub item: Visible<ItemShown>,
    /// When it begins, if it lies ahead; when it began, if it is open or suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projected_start: Option<WallTime>,
    /// When it is through, if it lies ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projected_end: Option<WallTime>,
}

/// The agenda of a session as it is at this moment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Agenda {
    /// The session.
    pub session_id: SessionId,
    /// How it is numbered.
    pub numbering: Numbering,
    /// When it was adopted (UTC); since then no number changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted_at: Option<Timestamp>,
    /// How many minutes the items that the caller sees are planned to take, those that left the agenda not counted.
    pub planned_minutes: u32,
    /// When the last item will be through; of a session that was held, when it was. None without a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projected_end: Option<WallTime>,
    /// By how many minutes that is later than planned; negative where it is earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running_late_minutes: Option<i64>,
    /// By how many minutes that is later than the session is meant to be over; 0 where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_minutes: Option<i64>,
    /// The items in their order, each before those below it.
    pub items: Vec<Line>,
}

/// How an agenda is numbered, with its version.
#[derive(Debug)]
pub struct Said {
    /// How.
    pub numbering: Numbering,
    /// Rises with every write; 0 while nothing was said.
    pub version: i32,
}

/// The agenda of a session as far as the caller may see it, with the times to be expected at this moment.
pub async fn get(ctx: &Ctx, session: &Handle) -> Result<Agenda, Error> {
    let place = place_of(ctx, session).await?;
    let connection = ctx.read(Resource::Sessions)?;
    let session = SessionId(place.session.id);
    let kept = store::agenda_find(connection, session).await?;
    let items = store::items_seen(connection, &ctx.actor, session).await?;
    let prospect = place.prospect(store::legs_of_session(connection, session).await?, ctx.now);
    let items = present(ctx, &place, &kept, items).await?;
    let counted = items.iter().filter(|item| !item.content.state.has_left());
    let counted = counted.filter(|item| item.content.details.visibility != Visibility::Hidden);
    let planned_minutes = counted.map(|item| u32::from(item.content.details.planned_minutes)).sum();
    let legs = prospect.iter().flat_map(|prospect| &prospect.legs);
    let legs: HashMap<Uuid, _> = legs.map(|(id, from, to)| (id.0, (*from, *to))).collect();
    let line = |item: Visible<ItemShown>| {
        let leg = legs.get(&item.id);
        Line {
            projected_start: leg.map(|leg| place.wall(leg.0)),
            projected_end: leg.map(|leg| place.wall(leg.1)),
            item,
        }
    };
    Ok(Agenda {
        session_id: session,
        numbering: kept.numbering,
        adopted_at: kept.adopted_at,
        planned_minutes,
        projected_end: prospect.as_ref().map(|prospect| place.wall(prospect.ends_at)),
        running_late_minutes: prospect.as_ref().map(|prospect| prospect.running_late_minutes),
        over_minutes: prospect.as_ref().map(|prospect| prospect.over_minutes),
        items: items.into_iter().map(line).collect(),
    })
}

/// How the agenda of a session is numbered.
pub async fn numbering(ctx: &Ctx, session: &Handle) -> Result<Said, Error> {
    let place = place_of(ctx, session).await?;
    let kept = store::agenda_find(ctx.read(Resource::Sessions)?, SessionId(place.session.id)).await?;
    Ok(Said { numbering: kept.numbering, version: kept.version })
}

/// Says how the agenda of a session is numbered, until it is adopted.
pub async fn set_numbering(ctx: &Ctx, session: &Handle, expected: Expected, input: Numbering) -> Result<Said, Error> {
    let (place, permit) = writable(ctx, session).await?;
    input.check()?;
    let tx = ctx.write(permit).await?;
    let kept = store::agenda_hold(&tx, &place).await?;
    expected.check_version(kept.version, &kept.numbering)?;
    if kept.adopted_at.is_some() {
        return Err(Refusal::Adopted.into());
    }
    let diff = audit::diff(&kept.numbering, &input)?;
    let next = Kept { numbering: input, version: kept.version + 1, ..kept };
    store::agenda_write(&tx, SessionId(place.session.id), &next).await?;
    tx.record(place.change("agenda.numbering_changed", (place.session.id, next.version), Visibility::Common, diff));
    tx.commit().await?;
    Ok(Said { numbering: next.numbering, version: next.version })
}

/// The session, if the caller may see it.
async fn place_of(ctx: &Ctx, session: &Handle) -> Result<Place, Error> {
    ctx.read(Resource::Sessions)?;
    let session = super::sittings::leading(ctx, session).await?;
    let sittings = super::sittings::seen(ctx, SessionId(session.id)).await?;
    let event = events::get(ctx, &session.content.details.event_id).await?;
    let zone = time::zone(&event.content.details.time_zone, "/time_zone")?;
    Ok(Place { session, sittings, event, zone })
}

/// The same for those who run its event.
async fn writable(ctx: &Ctx, session: &Handle) -> Result<(Place, Permit), Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let place = place_of(ctx, session).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&place.event))?;
    Ok((place, permit))
}

impl Place {
    /// What is to be expected of the session; nothing without a time, or where it does not sit.
    fn prospect(&self, legs: Vec<domain::schedule::agenda::Leg>, now: Timestamp) -> Option<Prospect> {
        let all = |state| self.states().all(|own| own == state);
        let live = self.sittings.iter().filter(|sitting| sitting.content.state != State::Cancelled);
        let times = live.filter_map(|own| Some((own.content.start.as_ref()?.utc, own.content.end.as_ref()?.utc)));
        let times: Vec<_> = times.collect();
        let starts_at = *times.iter().map(|(starts_at, _)| starts_at).min()?;
        let course = Course::new(times, legs)?;
        Some(match (all(State::Draft), all(State::Held)) {
            (true, _) => course.expected(now.min(starts_at)),
            (_, true) => course.over(),
            _ => course.expected(now),
        })
    }

    /// Where its sittings stand that were not called off.
    fn states(&self) -> impl Iterator<Item = State> {
        self.sittings.iter().map(|sitting| sitting.content.state).filter(|state| *state != State::Cancelled)
    }

    /// Whether it stands in the programme, so that it can be sitting.
    fn is_on(&self) -> bool {
        self.states().any(|state| state == State::Scheduled)
    }

    fn wall(&self, at: Timestamp) -> WallTime {
        let time_zone = self.event.content.details.time_zone.clone();
        WallTime { local: time::local(at, &self.zone), time_zone, utc: at }
    }

    /// The event.
    pub fn event(&self) -> &Visible<Event> {
        &self.event
    }

    /// The session.
    pub fn session_id(&self) -> SessionId {
        SessionId(self.session.id)
    }

    /// A change of something that those see who see the session, or who run its event.
    pub(crate) fn change(
        &self,
        kind: &'static str,
        (id, version): (Uuid, i32),
        shown: Visibility,
        diff: Value,
    ) -> Change {
        let details = &self.event.content.details;
        let stated = self.session.content.disclosure();
        let disclosure = match shown {
            Visibility::Common => stated,
            // The chairs may not be among those few.
            _ if stated.visibility.names_few() => stated.at_least(Circle::Secretariat),
            _ => stated.at_least(Circle::Chairs),
        };
        Change {
            event: Some(self.event.id),
            group: reference(details.group_id.as_ref()),
            disclosure: disclosure.within(details.disclosure()),
            diff,
            ..Change::new(kind, id, version)
        }
    }
}

/// The numbers of items that are all the caller sees of an agenda. Only common items are numbered, and those everybody
/// sees, so they are counted alike for everybody.
fn numbers(kept: &Kept, items: &[Visible<Item>]) -> HashMap<AgendaItemId, String> {
    if kept.adopted_at.is_some() {
        let own = items.iter().filter_map(|item| Some((AgendaItemId(item.id), item.content.number.clone()?)));
        return own.collect();
    }
    let common = || items.iter().filter(|item| item.content.details.visibility == Visibility::Common);
    let by_hand =
        common().filter_map(|item| Some((AgendaItemId(item.id), item.content.details.manual_number.clone()?)));
    assigned(&kept.numbering, &walk(&store::branches(common())), &by_hand.collect())
}

/// Items as the caller may see them, in the order of the agenda; `items` are all of it that the caller sees.
async fn present(
    ctx: &Ctx,
    place: &Place,
    kept: &Kept,
    items: Vec<Visible<Item>>,
) -> Result<Vec<Visible<ItemShown>>, Error> {
    let lead = |item: &Visible<Item>| reference(item.content.details.lead_person_id.as_ref()).map(PersonId);
    let known: HashSet<PersonId> = people::names_of(ctx, items.iter().filter_map(lead)).await?.into_keys().collect();
    let mut numbers = numbers(kept, &items);
    let way = walk(&store::branches(&items));
    let mut by_id: HashMap<_, _> = items.into_iter().map(|item| (AgendaItemId(item.id), item)).collect();
    let shown = way.iter().filter_map(|stop| {
        let mut item = by_id.remove(&stop.id)?;
        if lead(&item).is_some_and(|person| !known.contains(&person)) {
            item.content.details.lead_person_id = None;
        }
        let number = numbers.remove(&stop.id);
        Some(item.map(|item| item.present((stop.depth, stop.position), number, &place.zone)))
    });
    Ok(shown.collect())
}

/// The agenda of a session as it is now, which nobody else writes until the transaction ends.
async fn hold(tx: &Tx, place: &Place) -> Result<held::Held, Error> {
    let kept = store::agenda_hold(tx, place).await?;
    let session = SessionId(place.session.id);
    let items = store::items_of_session(tx.connection(), session).await?;
    let gone = store::numbers_of_deleted(tx.connection(), session).await?;
    Ok(held::Held { kept, items, gone })
}
