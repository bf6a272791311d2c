//! Help with placing sessions: the best slots for one, a proposal for all that have none, and the way in which what was
//! proposed is taken over.
//!
//! How places are weighed and sought is decided in `domain::schedule::clashes::placement`, on the draft as planners have
//! it before them. Nothing is written before somebody takes a proposal over.

mod programme;
pub mod resource;

use std::time::{Duration, Instant};

use domain::{
    access::Resource,
    identifier::{Handle, RoomId, SessionId},
    schedule::{
        Placement,
        clashes::{
            Finding,
            placement::{Filled, Left, Move, Reason, Suggestion, best_slots, fill, weigh},
        },
        placing::{Puts, Search},
    },
    time::WallTime,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    context::Ctx,
    error::Error,
    events,
    schedule::{plans, store::session_find},
};
use programme::Drafted;

/// So long is looked for places at most.
const PATIENCE: Duration = Duration::from_secs(5);
/// A search that finds no way out takes so many steps at most, so that on any machine it ends the same.
const STEPS: u32 = 200_000;

/// A time at which a session could sit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SessionSlot {
    /// Where; left out where it needs no room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// When, as it is written to place it there.
    pub placement: Placement,
    /// When it would begin.
    pub start: WallTime,
    /// The first instant at which it would be over.
    pub end: WallTime,
    /// Whether it may sit there: nothing that stands would keep the programme from being released.
    pub feasible: bool,
    /// What speaks against it, in all: 0 is nothing, 2,000 keeps a release back.
    pub penalty: u32,
    /// What speaks against it, the gravest first.
    pub reasons: Vec<SlotReason>,
}

/// Something that speaks against a place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SlotReason {
    /// How much, from 10 to 10,000.
    pub penalty: u32,
    /// The clash there would be.
    #[serde(flatten)]
    pub clash: Finding,
    /// The same as a sentence, in the language asked for.
    pub message: String,
}

/// The best slots for a session.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SessionSlots {
    /// The best first, and the earlier of two that are as good.
    pub items: Vec<SessionSlot>,
}

/// Places for the sessions of an event that have none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlacementProposal {
    /// The seed it was made with.
    pub seed: u32,
    /// Which session could sit where, by number.
    pub placements: Vec<ProposedPlacement>,
    /// The sessions for which no place was found, by number.
    pub unplaced: Vec<UnplacedSession>,
}

/// A place for a session.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProposedPlacement {
    /// Which session.
    pub session_id: SessionId,
    /// What people call it.
    pub number: i32,
    /// Tells as what it is planned now; sent back with the place, it keeps a change that came between from being lost.
    pub plan_tag: String,
    /// Whether it has another time now.
    pub moved: bool,
    /// The place, and what is to be said against it once all are placed like that.
    #[serde(flatten)]
    pub slot: SessionSlot,
}

/// A session without a place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnplacedSession {
    /// Which session.
    pub session_id: SessionId,
    /// What people call it.
    pub number: i32,
    /// Why there is none.
    pub why: WhyUnplaced,
    /// What blocks it where it would do least harm: the rules by name, as far as you may know of them.
    pub blocking: Vec<SlotReason>,
}

domain::words! {
    /// Why no place was found for a session.
    pub enum WhyUnplaced {
        /// Something blocks it wherever it is put.
        Blocked = "blocked",
        /// It is longer than the day.
        Nowhere = "nowhere",
        /// Nobody has said how long it sits.
        NoLength = "no_length",
        /// There were too many that have no place to look into each.
        NotLookedInto = "not_looked_into",
    }
}

/// The sessions that were placed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlacedSessions {
    /// In the order in which they were named.
    pub session_ids: Vec<SessionId>,
}

/// The best slots for one session in the draft; for those who plan.
pub async fn slots(ctx: &Ctx, handle: &Handle, count: usize, search: Search) -> Result<SessionSlots, Error> {
    let session = session_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let event = super::planned(ctx, &session.content.details.event_id).await?;
    search.check()?;
    let drafted = Drafted::read(ctx, event, &search).await?;
    let id = SessionId(session.id);
    if !drafted.stands(id) {
        // It was held or is called off: there is nothing to place.
        return Ok(SessionSlots { items: vec![] });
    }
    if drafted.length(id).is_none() {
        let detail = "Nobody has said how long the session sits. Say it here, or as 'planned_minutes' of the session.";
        return Err(Error::invalid("minutes", "required", detail));
    }
    let (drafted, found) = aside(drafted, move |drafted| {
        let until = Instant::now() + PATIENCE;
        best_slots(&drafted.board, id, count, || Instant::now() < until)
    })
    .await?;
    let items = found.into_iter().map(|suggestion| slot(ctx, &drafted, suggestion)).collect::<Result<_, _>>()?;
    Ok(SessionSlots { items })
}

/// Looks for places for all sessions of an event that have none; nothing is written.
pub async fn propose(ctx: &Ctx, event: &Handle, search: Search) -> Result<PlacementProposal, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let _permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    search.check()?;
    let drafted = Drafted::read(ctx, event, &search).await?;
    let seed = search.seed;
    let (mut drafted, filled) = aside(drafted, move |drafted| {
        let (until, mut left) = (Instant::now() + PATIENCE, STEPS);
        fill(&drafted.board, seed.into(), || {
            left = left.saturating_sub(1);
            left > 0 && Instant::now() < until
        })
    })
    .await?;
    filled.moves.iter().for_each(|own| drop(drafted.board.apply((*own).into())));
    let Filled { moves, left } = filled;
    let mut placements = moves.into_iter().map(|own| proposed(ctx, &drafted, own)).collect::<Result<Vec<_>, _>>()?;
    let seen = left.into_iter().filter(|left| drafted.seen.contains(&left.session.0));
    let mut unplaced = seen.map(|left| why(ctx, &drafted, left)).collect::<Result<Vec<_>, _>>()?;
    placements.sort_by_key(|own| own.number);
    unplaced.sort_by_key(|own| own.number);
    Ok(PlacementProposal { seed, placements, unplaced })
}

/// Puts several sessions somewhere in the draft, as one change of it.
pub async fn place(ctx: &Ctx, event: &Handle, input: Puts) -> Result<PlacedSessions, Error> {
    Ok(PlacedSessions { session_ids: plans::places::put(ctx, event, input).await? })
}

/// Does what takes time where it keeps nobody else waiting.
async fn aside<T: Send + 'static>(
    drafted: Drafted,
    work: impl FnOnce(&Drafted) -> T + Send + 'static,
) -> Result<(Drafted, T), Error> {
    let work = move || {
        let found = work(&drafted);
        (drafted, found)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

fn proposed(ctx: &Ctx, drafted: &Drafted, own: Move) -> Result<ProposedPlacement, Error> {
    let reasons = weigh(&drafted.board, own.session);
    let penalty = reasons.iter().map(|reason| reason.penalty).sum();
    let session = drafted.session(own.session)?;
    Ok(ProposedPlacement {
        session_id: own.session,
        number: session.content.number,
        plan_tag: drafted.tag(own.session)?,
        moved: session.content.slot.is_some(),
        slot: slot(ctx, drafted, Suggestion { room: own.room, slot: own.slot, penalty, reasons })?,
    })
}

/// A suggestion as those who plan may know it: of what is hidden from them nothing is counted that they cannot be told.
fn slot(ctx: &Ctx, drafted: &Drafted, suggestion: Suggestion) -> Result<SessionSlot, Error> {
    let feasible = suggestion.is_feasible();
    let slot = drafted.slot(suggestion.slot)?;
    let reasons: Vec<SlotReason> = suggestion.reasons.into_iter().filter_map(|own| told(ctx, drafted, own)).collect();
    let zone = drafted.zone();
    Ok(SessionSlot {
        room_id: suggestion.room,
        placement: slot.placement(),
        start: slot.start(zone),
        end: slot.end(zone),
        feasible,
        penalty: reasons.iter().map(|reason| reason.penalty).sum(),
        reasons,
    })
}

fn told(ctx: &Ctx, drafted: &Drafted, reason: Reason) -> Option<SlotReason> {
    let (clash, message) = drafted.told(ctx, &reason.finding)?;
    Some(SlotReason { penalty: reason.penalty, message, clash })
}

fn why(ctx: &Ctx, drafted: &Drafted, left: Left) -> Result<UnplacedSession, Error> {
    let why = match left {
        _ if drafted.length(left.session).is_none() => WhyUnplaced::NoLength,
        Left { looked_into: false, .. } => WhyUnplaced::NotLookedInto,
        _ if left.blocking.is_empty() => WhyUnplaced::Nowhere,
        _ => WhyUnplaced::Blocked,
    };
    let session = drafted.session(left.session)?;
    Ok(UnplacedSession {
        session_id: left.session,
        number: session.content.number,
        why,
        blocking: left.blocking.into_iter().filter_map(|reason| told(ctx, drafted, reason)).collect(),
    })
}
