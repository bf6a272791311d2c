//! Several sessions are put somewhere in the draft at once, and undone at once.

use std::collections::{HashMap, HashSet};

use domain::{
    access::Resource,
    events::Event,
    identifier::{EventId, Handle, SessionId},
    schedule::{
        Details, Plan, Sitting, Step,
        placing::{Put, Puts},
    },
};
use uuid::Uuid;

use super::{
    in_place, lay, of_session,
    store::{self, Kept},
};
use crate::{
    context::Ctx,
    db::{Tx, Visible, reference},
    error::Error,
    events::{
        self, claims, rooms,
        sittings::{self, Settings, Write},
    },
    schedule::clashes,
};

/// Puts the sessions where they are to sit; gives which they are.
pub async fn put(ctx: &Ctx, event: &Handle, input: Puts) -> Result<Vec<SessionId>, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    input.check()?;
    let rooms = resolved(ctx, &input).await?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    claims::lock_of_event(&tx, event.id, rooms.iter().filter_map(|room| reference(room.as_ref())).collect()).await?;
    let seen = sittings::sessions_seen(tx.connection(), &ctx.actor, event.id).await?;
    let sessions = sittings::hold_all(&tx, EventId(event.id)).await?;
    let kept = store::plans_of(tx.connection(), input.placements.iter().map(|put| put.session_id.0)).await?;
    let shifts = shifts(&event, &input, rooms, (sessions, &seen), kept)?;
    let planned: Vec<_> =
        shifts.iter().map(|shift| Visible { content: shift.planned(), ..shift.session.clone() }).collect();
    clashes::check_edits(ctx, &tx, &event, &planned).await?;
    let steps = write(ctx, &tx, &event, shifts).await?;
    if !steps.is_empty() {
        store::draft_change_insert(&tx, EventId(event.id), &steps).await?;
    }
    tx.commit().await?;
    Ok(input.placements.into_iter().map(|put| put.session_id).collect())
}

/// What becomes of a session.
struct Shift {
    session: Visible<Sitting>,
    kept: Kept,
    into: Into,
}

/// Where the new place of a session is kept.
enum Into {
    /// In the session itself: nobody was told of it.
    Session(Sitting),
    /// In a plan laid over it, which makes it this.
    Plan(Option<domain::schedule::Planned>, Sitting),
}

impl Shift {
    /// The session as the next release would make it.
    fn planned(&self) -> Sitting {
        match &self.into {
            Into::Session(next) => next.released(),
            Into::Plan(_, next) => next.clone(),
        }
    }
}

/// The rooms by id, in the order of the placements.
async fn resolved(ctx: &Ctx, input: &Puts) -> Result<Vec<Option<Handle>>, Error> {
    let mut known: HashMap<&Handle, Uuid> = HashMap::new();
    let mut rooms = Vec::with_capacity(input.placements.len());
    for (at, put) in input.placements.iter().enumerate() {
        let Some(handle) = &put.room_id else {
            rooms.push(None);
            continue;
        };
        let id = match known.get(handle) {
            Some(id) => *id,
            None => rooms::resolve(ctx, handle, &format!("/placements/{at}/room_id")).await?.id,
        };
        known.insert(handle, id);
        rooms.push(Some(Handle::Id(id)));
    }
    Ok(rooms)
}

fn shifts(
    event: &Visible<Event>,
    input: &Puts,
    rooms: Vec<Option<Handle>>,
    (sessions, seen): (Vec<Visible<Sitting>>, &HashSet<Uuid>),
    mut kept: HashMap<SessionId, Kept>,
) -> Result<Vec<Shift>, Error> {
    let mut sessions: HashMap<Uuid, Visible<Sitting>> = sessions
        .into_iter()
        .filter(|session| seen.contains(&session.id))
        .map(|session| (session.id, session))
        .collect();
    let mut shifts = Vec::with_capacity(input.placements.len());
    for (at, (put, room)) in input.placements.iter().zip(rooms).enumerate() {
        let session = sessions.remove(&put.session_id.0).ok_or_else(|| {
            let detail = "Name a session of this event, by id.";
            Error::invalid(&format!("/placements/{at}/session_id"), "unknown_session", detail)
        })?;
        let kept = kept.remove(&put.session_id).unwrap_or_default();
        if put.plan_tag != super::tag(kept.version, session.version) {
            let number = session.content.number;
            let detail = format!("Session {number} was changed since its place was proposed. Ask for a new proposal.");
            return Err(Error::conflict("changed_since", detail));
        }
        let into = placed(event, &session, &kept, put, room);
        shifts.push(Shift { into: into.map_err(|faults| of_session(&session.content, faults))?, session, kept });
    }
    Ok(shifts)
}

/// What a session becomes where it is put.
fn placed(
    event: &Visible<Event>,
    session: &Visible<Sitting>,
    kept: &Kept,
    put: &Put,
    room: Option<Handle>,
) -> Result<Into, Vec<domain::Violation>> {
    let there = |details: Details| Details {
        placement: Some(put.placement.clone()),
        room_id: room.clone().or(details.room_id.clone()),
        ..details
    };
    if !session.content.takes_plan() {
        let next = session.content.edited(there(session.content.details.clone()), &event.content)?;
        return Ok(Into::Session(next));
    }
    let plan = Plan::of(&session.content, kept.planned.as_ref(), &event.content)?;
    let plan = Plan { session: there(plan.session), ..plan };
    let (planned, next) = plan.settled(&session.content, &event.content)?;
    Ok(Into::Plan(planned, next))
}

/// Writes what becomes of the sessions; gives how that is undone.
async fn write(ctx: &Ctx, tx: &Tx, event: &Visible<Event>, shifts: Vec<Shift>) -> Result<Vec<Step>, Error> {
    let (mut steps, mut changed) = (vec![], vec![]);
    for Shift { session, kept, into } in shifts {
        match into {
            Into::Plan(planned, _) if planned == kept.planned => {}
            Into::Plan(planned, _) => {
                steps.push(lay(tx, event, &session, kept, planned).await?.1);
            }
            Into::Session(next) if next.details == session.content.details => {}
            Into::Session(next) => changed.push((session, next)),
        }
    }
    steps.extend(changed.iter().filter_map(|(session, next)| in_place(session, next)));
    let both = changed.iter().flat_map(|(session, next)| [&session.content, next]);
    let settings = Settings::load(tx.connection(), both).await?;
    let mut writes = Vec::with_capacity(changed.len());
    for (session, next) in &changed {
        let (before, after) = (settings.of(&session.content)?, settings.of(next)?);
        writes.push(Write { before: (session, before), after: (next.clone(), after) });
    }
    sittings::settle_all(ctx, tx, writes).await?;
    Ok(steps)
}
