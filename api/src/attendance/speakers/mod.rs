//! Speakers' lists of items of agendas: who asks for the floor, who has it, and for how long.
//!
//! Whoever sees the item and is known to the server sees its list. The secretariat and the chairs run it; a delegation's
//! manager or head asks for the floor for the delegation, and withdraws. The rules are in `domain::attendance::speakers`.

pub mod resource;
mod store;

use std::collections::HashMap;

use domain::{
    access::{Permit, Resource, Visibility},
    attendance::speakers::{
        Entry, ExtraTime, Lots, NewSpeaker, Refusal, Settings, Share, Speaker, SpeakerShown, SpeakerState, Spot, Step,
        drawn, in_order, moved, queued, shares, step as stepped, swapped,
    },
    events::Event,
    identifier::{AgendaItemId, DelegateId, DelegationId, EventId, Handle, OrganisationId, SpeakerId},
    schedule::agenda::{ItemShown, ItemState},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{delegates, delegations, roster, sheet, target};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Tx, Visible, reference, to_json},
    error::Error,
    events, groups,
    schedule::agenda::{self, Place},
};
use store::Kept;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::conflict(refusal.code(), refusal.to_string())
    }
}

/// How lots were drawn, so that anybody can draw them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SpeakersLots")]
pub struct Draw {
    /// Chance, as hexadecimal digits: the lot of an entry is the SHA-256 of these bytes and those of its id.
    pub seed: String,
    /// When they were drawn (UTC).
    pub at: Timestamp,
}

/// A speakers' list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SpeakersList {
    /// The item.
    pub agenda_item_id: AgendaItemId,
    /// What is said of it.
    pub settings: Settings,
    /// How many seconds more everybody has than that.
    pub extra_seconds: i32,
    /// How lots were drawn, if they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draw: Option<Draw>,
    /// Its entries: who has the floor, who was interrupted, who waits, in that order; then the others, the last first.
    pub speakers: Vec<Visible<SpeakerShown>>,
    /// How long each delegation had the floor.
    pub shares: Vec<Share>,
    /// Rises with every write of what is said of it; the entity tag begins with it.
    #[serde(skip)]
    #[schemars(skip)]
    pub version: i32,
}

/// Two entries that take each other's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SpeakersSwap")]
pub struct Swap {
    /// Which two.
    #[schemars(length(min = 2, max = 2))]
    pub speaker_ids: Vec<Handle>,
}

/// An item of an agenda and where it stands.
struct Floor {
    place: Place,
    item: Visible<ItemShown>,
}

/// A list that nobody else writes.
struct Held {
    kept: Kept,
    entries: Vec<Visible<Speaker>>,
}

/// The speakers' list of an item.
pub async fn get(ctx: &Ctx, item: &Handle) -> Result<SpeakersList, Error> {
    let floor = floor(ctx, item).await?;
    shown(ctx, &floor).await
}

/// One entry of a list.
pub async fn find(ctx: &Ctx, handle: &Handle) -> Result<Visible<SpeakerShown>, Error> {
    let (floor, speaker) = found(ctx, handle).await?;
    of(shown(ctx, &floor).await?, speaker.id)
}

/// Says how a list is run.
pub async fn set(ctx: &Ctx, item: &Handle, expected: Expected, input: Settings) -> Result<SpeakersList, Error> {
    let (floor, permit) = run(ctx, item).await?;
    let tx = ctx.write(permit).await?;
    let kept = store::list_hold(&tx, floor.id(), floor.event()).await?;
    expected.check_version(kept.version, &kept.settings)?;
    input.check(&kept.settings)?;
    let diff = audit::diff(&kept.settings, &input)?;
    let next = Kept { settings: input, version: kept.version + 1, ..kept };
    store::list_write(&tx, floor.id(), &next).await?;
    floor.record(&tx, "speakers_list.updated", (floor.item.id, next.version), diff);
    tx.commit().await?;
    shown(ctx, &floor).await
}

/// Gives everybody the same extra time.
pub async fn extend(ctx: &Ctx, item: &Handle, input: ExtraTime) -> Result<SpeakersList, Error> {
    let (floor, permit) = run(ctx, item).await?;
    let tx = ctx.write(permit).await?;
    let kept = store::list_hold(&tx, floor.id(), floor.event()).await?;
    let extra_seconds = input.added(kept.extra_seconds)?;
    let next = Kept { extra_seconds, version: kept.version + 1, ..kept };
    store::list_write(&tx, floor.id(), &next).await?;
    let diff = json!({"extra_seconds": {"old": next.extra_seconds - input.seconds, "new": next.extra_seconds}});
    floor.record(&tx, "speakers_list.extended", (floor.item.id, next.version), diff);
    tx.commit().await?;
    shown(ctx, &floor).await
}

/// Draws lots among the statements that wait, and closes the list.
pub async fn draw(ctx: &Ctx, item: &Handle, lots: Lots) -> Result<SpeakersList, Error> {
    let (floor, permit) = run(ctx, item).await?;
    let seed = ctx.app.entropy.bytes::<16>()?;
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, &floor).await?;
    let changed = drawn(&held.list(), &seed, lots)?;
    let seed: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let settings = Settings { state: domain::attendance::speakers::ListState::Drawn, ..held.kept.settings.clone() };
    let draw = Some(Draw { seed: seed.clone(), at: tx.now() });
    let next = Kept { settings, draw, version: held.kept.version + 1, ..held.kept.clone() };
    store::list_write(&tx, floor.id(), &next).await?;
    let order: Vec<Uuid> = changed.iter().map(|(id, _)| id.0).collect();
    held.write(&tx, changed).await?;
    let diff = json!({"seed": seed, "by_level": lots.by_level, "order": order});
    floor.record(&tx, "speakers_list.drawn", (floor.item.id, next.version), diff);
    tx.commit().await?;
    shown(ctx, &floor).await
}

/// Lets two entries take each other's place.
pub async fn swap(ctx: &Ctx, item: &Handle, input: Swap) -> Result<SpeakersList, Error> {
    let (floor, permit) = run(ctx, item).await?;
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, &floor).await?;
    let ids: Vec<_> = input.speaker_ids.iter().filter_map(Handle::id).map(SpeakerId).collect();
    let known = ids.iter().all(|id| held.entries.iter().any(|entry| entry.id == id.0));
    let two: [SpeakerId; 2] = ids.try_into().ok().filter(|_| known).ok_or_else(|| {
        Error::invalid("/speaker_ids", "unknown_speaker", "Name two entries of this list by their ids.")
    })?;
    let changed = swapped(&held.list(), two)?;
    held.write(&tx, changed).await?;
    let diff = json!({"speaker_ids": two});
    floor.record(&tx, "speakers_list.swapped", (floor.item.id, held.kept.version), diff);
    tx.commit().await?;
    shown(ctx, &floor).await
}

/// Asks for the floor: those who run the list for any delegation, its manager or head for their own.
pub async fn request(ctx: &Ctx, item: &Handle, input: NewSpeaker) -> Result<Visible<SpeakerShown>, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let floor = floor(ctx, item).await?;
    let delegation = delegations::resolve(ctx, floor.event(), &input.delegation_id, "/delegation_id").await?;
    let organisation = delegations::organisation_of(&delegation.content)?;
    let (permit, own) = permitted(ctx, &floor, organisation)?;
    input.check()?;
    let group_id = match &input.group_id {
        Some(group) => Some(groups::resolve(ctx, group, "/group_id").await?),
        None => None,
    };
    let speaker = Speaker {
        agenda_item_id: floor.id(),
        delegation_id: DelegationId(delegation.id),
        delegate_id: None,
        kind: input.kind,
        level: input.level,
        group_id,
        on_behalf_of: input.on_behalf_of,
        state: SpeakerState::Waiting,
        lot: None,
        periods: vec![],
        interrupted_by: None,
        rank: 0,
    };
    let tx = ctx.write(permit).await?;
    let speaker = spoken_by(&tx, speaker, input.delegate_id).await?;
    let held = hold(&tx, &floor).await?;
    let settings = &held.kept.settings;
    let present = settings.present_only && is_present(ctx, &floor, delegation.id).await?;
    speaker.admitted(&held.list(), settings, own, present)?;
    let (speaker, shifted) = queued(&held.list(), speaker, settings.order);
    held.write(&tx, shifted).await?;
    let made = store::speaker_insert(&tx, floor.event(), &speaker).await?;
    floor.record(&tx, "speaker.requested", (made.id, made.version), to_json(&made.content)?);
    tx.commit().await?;
    of(shown(ctx, &floor).await?, made.id)
}

/// Takes an entry a step; the clock is that of the server. A delegation withdraws its own, everything else is for those
/// who run the list.
pub async fn step(ctx: &Ctx, handle: &Handle, input: Step) -> Result<Visible<SpeakerShown>, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let (floor, speaker) = found(ctx, handle).await?;
    let permit = match input.to {
        SpeakerState::Withdrawn => {
            let organisation = store::organisation_of(ctx.read(Resource::Attendance)?, &speaker.content).await?;
            permitted(ctx, &floor, organisation)?.0
        }
        _ => ctx.actor.permit(Resource::Attendance, target(floor.place.event(), None))?,
    };
    if input.to == SpeakerState::Speaking && floor.item.content.state != ItemState::Open {
        return Err(Refusal::ItemNotOpen.into());
    }
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, &floor).await?;
    let mut changed = stepped(&held.list(), SpeakerId(speaker.id), input.to, tx.now())?;
    if let Some((_, own)) = changed.first_mut() {
        *own = spoken_by(&tx, own.clone(), input.delegate_id).await?;
    }
    for made in held.write(&tx, changed).await? {
        let before = held.entries.iter().find(|entry| entry.id == made.id);
        let diff = before.map_or(Ok(Value::Null), |before| audit::diff(&before.content, &made.content))?;
        floor.record(&tx, "speaker.state_changed", (made.id, made.version), diff);
    }
    tx.commit().await?;
    of(shown(ctx, &floor).await?, speaker.id)
}

/// Moves an entry among those that wait for the same.
pub async fn shift(ctx: &Ctx, handle: &Handle, spot: Spot) -> Result<Visible<SpeakerShown>, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let (floor, speaker) = found(ctx, handle).await?;
    let permit = ctx.actor.permit(Resource::Attendance, target(floor.place.event(), None))?;
    if !(1..=10_000).contains(&spot.position) {
        return Err(Error::invalid("/position", "out_of_range", "Positions are 1 to 10000."));
    }
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, &floor).await?;
    let changed = moved(&held.list(), SpeakerId(speaker.id), spot)?;
    held.write(&tx, changed).await?;
    let diff = json!({"position": spot.position});
    floor.record(&tx, "speaker.moved", (speaker.id, speaker.version), diff);
    tx.commit().await?;
    of(shown(ctx, &floor).await?, speaker.id)
}

impl Floor {
    fn id(&self) -> AgendaItemId {
        AgendaItemId(self.item.id)
    }

    fn event(&self) -> EventId {
        EventId(self.place.event().id)
    }

    fn record(&self, tx: &Tx, kind: &'static str, object: (Uuid, i32), diff: Value) {
        let change = self.place.change(kind, object, self.item.content.details.visibility, diff);
        // Who is not known to the server is not shown the list either.
        let disclosure = change.disclosure.at_least(Visibility::SignedIn);
        tx.record(Change { disclosure, ..change });
    }
}

impl Held {
    fn list(&self) -> Vec<Entry> {
        self.entries.iter().map(|entry| (SpeakerId(entry.id), entry.content.clone())).collect()
    }

    /// Writes entries that changed; gives those of which more changed than where they stand. Whoever has the floor leaves
    /// it before somebody else is given it.
    async fn write(&self, tx: &Tx, changed: Vec<Entry>) -> Result<Vec<Visible<Speaker>>, Error> {
        let mut changed = changed;
        changed.sort_by_key(|(_, speaker)| speaker.state == SpeakerState::Speaking);
        let mut written = vec![];
        for (id, next) in changed {
            let Some(current) = self.entries.iter().find(|entry| entry.id == id.0) else { continue };
            if (Speaker { rank: current.content.rank, ..next.clone() }) == current.content {
                store::speaker_rank(tx, id, next.rank).await?;
            } else {
                written.push(store::speaker_update(tx, current, &next).await?);
            }
        }
        Ok(written)
    }
}

/// The item, if the caller may see it and is known to the server.
async fn floor(ctx: &Ctx, item: &Handle) -> Result<Floor, Error> {
    ctx.read(Resource::Attendance)?;
    let (place, item) = agenda::items::found(ctx, item).await?;
    Ok(Floor { place, item })
}

/// The same for those who run its list.
async fn run(ctx: &Ctx, item: &Handle) -> Result<(Floor, Permit), Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let floor = floor(ctx, item).await?;
    let permit = ctx.actor.permit(Resource::Attendance, target(floor.place.event(), None))?;
    Ok((floor, permit))
}

async fn found(ctx: &Ctx, handle: &Handle) -> Result<(Floor, Visible<Speaker>), Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let speaker = store::speaker_find(ctx.read(Resource::Attendance)?, SpeakerId(*id)).await?;
    let floor = floor(ctx, &Handle::Id(speaker.content.agenda_item_id.0)).await?;
    Ok((floor, speaker))
}

/// The right to write an entry of this organisation, and whether it is only that of the organisation itself.
fn permitted(ctx: &Ctx, floor: &Floor, organisation: OrganisationId) -> Result<(Permit, bool), Error> {
    match ctx.actor.permit(Resource::Attendance, target(floor.place.event(), None)) {
        Ok(permit) => Ok((permit, false)),
        Err(_) => {
            let own = target(floor.place.event(), Some(organisation));
            Ok((ctx.actor.permit(Resource::Attendance, own)?, true))
        }
    }
}

async fn hold(tx: &Tx, floor: &Floor) -> Result<Held, Error> {
    let kept = store::list_hold(tx, floor.id(), floor.event()).await?;
    Ok(Held { kept, entries: store::speakers_of(tx.connection(), floor.id()).await? })
}

/// The entry with whom of its delegation speaks, where that is said.
async fn spoken_by(tx: &Tx, speaker: Speaker, delegate: Option<Handle>) -> Result<Speaker, Error> {
    let Some(delegate) = delegate else { return Ok(speaker) };
    let id = reference(Some(&delegate)).map(DelegateId);
    let of = delegates::store::delegates_delegation(tx, id).await?;
    if id.and_then(|id| of.get(&id)) == Some(&speaker.delegation_id) {
        return Ok(Speaker { delegate_id: Some(delegate), ..speaker });
    }
    Err(Error::invalid("/delegate_id", "unknown_delegate", "Name a delegate of this delegation by id."))
}

async fn is_present(ctx: &Ctx, floor: &Floor, delegation: Uuid) -> Result<bool, Error> {
    let session = Handle::Id(floor.place.session_id().0);
    match sheet::line(ctx, &session, &Handle::Id(delegation)).await {
        Ok(line) => Ok(line.record.status.is_represented()),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn of(list: SpeakersList, id: Uuid) -> Result<Visible<SpeakerShown>, Error> {
    list.speakers.into_iter().find(|speaker| speaker.id == id).ok_or(Error::NotFound)
}

/// The list as the caller may see it.
async fn shown(ctx: &Ctx, floor: &Floor) -> Result<SpeakersList, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let kept = store::list_find(connection, floor.id()).await?;
    let entries = store::speakers_of(connection, floor.id()).await?;
    let list: Vec<Entry> = entries.iter().map(|entry| (SpeakerId(entry.id), entry.content.clone())).collect();
    let waiting: HashMap<SpeakerId, usize> = in_order(&list).into_iter().zip(1..).collect();
    let event: &Visible<Event> = floor.place.event();
    let details = &event.content.details;
    let begin = events::begin_of(details.starts_on, &details.time_zone)?;
    let names = roster::store::entry_list(connection, floor.event(), begin).await?;
    let names: HashMap<DelegationId, roster::Entry> =
        names.into_iter().map(|entry| (entry.delegation_id, entry)).collect();
    let runs = ctx.actor.oversees(events::target(event))
        || ctx.actor.permit(Resource::Attendance, events::target(event)).is_ok();
    let present = |entry: Visible<Speaker>| {
        let of = names.get(&entry.content.delegation_id)?;
        let inside = runs || ctx.actor.acts_for(of.organisation_id, floor.event());
        let position = waiting.get(&SpeakerId(entry.id)).copied();
        let name = (of.organisation_id, of.organisation_code.clone(), of.names.clone().in_lists());
        Some(entry.map(|mut speaker| {
            speaker.delegate_id = speaker.delegate_id.filter(|_| inside);
            speaker.present(name, position, (&kept.settings, kept.extra_seconds), ctx.now)
        }))
    };
    let mut speakers: Vec<_> = entries.into_iter().filter_map(present).collect();
    speakers.sort_by_key(|speaker| {
        let standing = match speaker.content.state {
            SpeakerState::Speaking => 0,
            SpeakerState::Paused => 1,
            SpeakerState::Waiting => 2,
            SpeakerState::Done | SpeakerState::Withdrawn | SpeakerState::Absent => 3,
        };
        (standing, speaker.content.position, std::cmp::Reverse(speaker.changed_at), speaker.id)
    });
    Ok(SpeakersList {
        agenda_item_id: floor.id(),
        shares: shares(&list, &kept.settings, kept.extra_seconds, ctx.now),
        settings: kept.settings,
        extra_seconds: kept.extra_seconds,
        draw: kept.draw,
        speakers,
        version: kept.version,
    })
}
