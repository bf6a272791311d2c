//! The draft of a programme: what shall become of its sessions with the next release.
//!
//! What nobody was told of yet is planned in the session itself; over what was announced a plan is laid, which only those
//! who plan see. Every change of either is kept until the release, so that the last one can be undone.

pub mod places;
pub mod resource;
pub mod store;

use std::collections::HashMap;

use domain::{
    access::Resource,
    events::Event,
    identifier::{EventId, Handle, SessionId},
    schedule::{Details, Novelty, Plan, Planned, Session, Sitting, Step, Stood},
};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{
    DryRun, clashes, present, resolved,
    store::{session_deleted, session_find},
};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, reference},
    error::Error,
    events::{
        self,
        sittings::{self, Settings},
    },
};
use store::Kept;

/// A plan with its version.
#[derive(Debug)]
pub struct Standing {
    /// What shall become of the session.
    pub plan: Plan,
    /// Rises with every write; 0 while nobody has written one.
    pub version: i32,
    /// Version of the session beneath: what the plan does not speak of, it takes from there.
    pub session_version: i32,
}

/// A session that the next release does something to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SessionProspect")]
pub struct Prospect {
    /// Which session.
    pub session_id: Uuid,
    /// What it does.
    pub novelty: Novelty,
    /// The session as it shall be.
    pub session: Session,
}

/// What was undone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DraftChange")]
pub struct Undone {
    /// The sessions that are planned again as they were before.
    pub session_ids: Vec<SessionId>,
}

/// What shall become of a session; for those who plan.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Standing, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let session = session_find(connection, &ctx.actor, handle).await?;
    let event = events::get(ctx, &session.content.details.event_id).await?;
    if !plans(ctx, &event) {
        return Err(Error::NotFound);
    }
    let kept = store::plan_find(connection, &ctx.actor, SessionId(session.id)).await?;
    standing(&session, &kept, &event)
}

/// Whether the actor sees what is planned at an event: whoever runs, chairs or audits it.
pub(super) fn plans(ctx: &Ctx, event: &Visible<Event>) -> bool {
    let target = events::target(event);
    ctx.actor.oversees(target) || ctx.actor.permit(Resource::Sessions, target).is_ok()
}

fn standing(session: &Visible<Sitting>, kept: &Kept, event: &Visible<Event>) -> Result<Standing, Error> {
    let plan = Plan::of(&session.content, kept.planned.as_ref(), &event.content)?;
    Ok(Standing { plan, version: kept.version, session_version: session.version })
}

/// One page of the sessions that the next release does something to, as they shall be; for those who plan.
pub async fn draft(ctx: &Ctx, event: &Handle, paging: &Paging) -> Result<Page<Prospect>, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let page = store::draft_list(connection, &ctx.actor, EventId(event.id), paging).await?;
    let kept = store::plans_of(connection, page.items.iter().map(|session| session.id)).await?;
    let prospects = page.try_map(|session| {
        let next = next(&session, kept.get(&SessionId(session.id)), &event.content)?;
        let novelty = Novelty::between(&session.content, &next).unwrap_or(Novelty::Changed);
        Ok::<_, Error>((novelty, Visible { content: next, ..session }))
    })?;
    let settings = Settings::load(connection, prospects.items.iter().map(|(_, next)| &next.content)).await?;
    prospects.try_map(|(novelty, next)| {
        let setting = settings.of(&next.content)?;
        let session = present(ctx, next, setting);
        Ok(Prospect { session_id: session.id, novelty, session: session.content })
    })
}

/// The entity tag of what is planned of a session: by the versions of its plan and of the session beneath.
pub(super) fn tag(version: i32, session_version: i32) -> String {
    format!("{version}-{session_version}")
}

/// What the next release makes of a session.
pub(super) fn next(session: &Visible<Sitting>, kept: Option<&Kept>, event: &Event) -> Result<Sitting, Error> {
    match kept.and_then(|kept| kept.planned.as_ref()) {
        Some(planned) => {
            planned.applied(&session.content, event).map_err(|faults| of_session(&session.content, faults))
        }
        None => Ok(session.content.released()),
    }
}

/// Faults of one of many sessions say which.
fn of_session(session: &Sitting, faults: Vec<domain::Violation>) -> Error {
    let number = session.number;
    let named = faults
        .into_iter()
        .map(|fault| domain::Violation { detail: format!("Session {number}: {}", fault.detail), ..fault });
    Error::Invalid(named.collect())
}

/// A plan that only has to be committed.
pub struct Pending {
    tx: Tx,
    event: Visible<Event>,
    session: Visible<Sitting>,
    kept: Kept,
}

impl Pending {
    /// Commits it.
    pub async fn commit(self) -> Result<Standing, Error> {
        self.tx.commit().await?;
        standing(&self.session, &self.kept, &self.event)
    }

    /// What is wrong with the session as it would be planned; nothing is written.
    pub async fn tried(self, ctx: &Ctx) -> Result<DryRun, Error> {
        clashes::of_session(ctx, &self.tx, &self.event, SessionId(self.session.id)).await
    }
}

/// Plans what shall become of a session that was announced, up to the commit. `edit` makes the new plan of the one there
/// is.
pub async fn set(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Plan) -> Result<Plan, Error>,
) -> Result<Pending, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let connection = ctx.read(Resource::Sessions)?;
    let current = session_find(connection, &ctx.actor, handle).await?;
    let event = events::get(ctx, &current.content.details.event_id).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    if !current.content.takes_plan() {
        let detail =
            "Nobody was told of this session yet, so it is planned where it stands: change the session itself.";
        return Err(Error::conflict("not_announced", detail));
    }
    let kept = store::plan_find(connection, &ctx.actor, SessionId(current.id)).await?;
    let before = standing(&current, &kept, &event)?;
    expected.check_over(before.version, before.session_version, &before.plan)?;
    let mut plan = edit(&before.plan)?;
    plan.check()?;
    plan.session = resolved(ctx, plan.session, Some(&before.plan.session)).await?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let current = session_find(tx.connection(), &ctx.actor, handle).await?;
    let kept = store::plan_find(tx.connection(), &ctx.actor, SessionId(current.id)).await?;
    expected.check_over(kept.version, current.version, &before.plan)?;
    let (planned, next) = plan.settled(&current.content, &event.content)?;
    next.details.check_shared(&before.plan.session)?;
    ctx.may_label(Some(current.content.disclosure().tlp), next.disclosure().tlp)?;
    clashes::check_edit(ctx, &tx, &event, &Visible { content: next, ..current.clone() }).await?;
    let (kept, step) = lay(&tx, &event, &current, kept, planned).await?;
    let mut steps = vec![step];
    steps.extend(super::sittings::follow(ctx, &tx, &event, &current).await?);
    store::draft_change_insert(&tx, EventId(event.id), &steps).await?;
    Ok(Pending { tx, event, session: current, kept })
}

/// Lays a plan over a session of an event that is held, and records it. Gives what is kept of it, and how it is undone.
pub(super) async fn lay(
    tx: &Tx,
    event: &Visible<Event>,
    session: &Visible<Sitting>,
    before: Kept,
    planned: Option<Planned>,
) -> Result<(Kept, Step), Error> {
    let id = SessionId(session.id);
    let was = next(session, Some(&before), &event.content).unwrap_or_else(|_| session.content.clone());
    let after = Kept { planned, version: before.version + 1 };
    let shall = next(session, Some(&after), &event.content)?;
    let shown_to = session.content.planners(&shall);
    store::plan_write(tx, (id, EventId(event.id)), before.version, after.planned.as_ref(), shown_to).await?;
    let of_event = &event.content.details;
    tx.record(Change {
        event: Some(event.id),
        group: reference(of_event.group_id.as_ref()),
        disclosure: shown_to.within(of_event.disclosure()),
        diff: audit::diff(&was, &shall)?,
        ..Change::new("session.planned", session.id, session.version)
    });
    let step = Step { session: id, before: Stood::Plan(before.planned), after: Stood::Plan(after.planned.clone()) };
    Ok((after, step))
}

/// How a change of a session is undone of which nobody was told; none of one that people know, or that stayed as it was.
pub(super) fn in_place(before: &Visible<Sitting>, after: &Sitting) -> Option<Step> {
    if before.content.announced || before.content.details == after.details {
        return None;
    }
    Some(Step::in_place(SessionId(before.id), Some(&before.content.details), Some(&after.details)))
}

/// Undoes the last change of the draft of an event, whoever made it.
pub async fn undo(ctx: &Ctx, event: &Handle) -> Result<Undone, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let steps = last_change(&tx, EventId(event.id)).await?;
    for step in &steps {
        take_back(ctx, &tx, &event, step).await?;
    }
    // A sitting that was added since follows too.
    super::sittings::follow_all(ctx, &tx, &event, steps.iter().map(|step| step.session)).await?;
    tx.commit().await?;
    Ok(Undone { session_ids: steps.into_iter().map(|step| step.session).collect() })
}

/// The last change of the draft of an event, which is taken off it. What people were told of at once since is no change of
/// the draft any more.
async fn last_change(tx: &Tx, event: EventId) -> Result<Vec<Step>, Error> {
    while let Some(steps) = store::draft_change_take(tx, event).await? {
        let stands = sittings::sittings_of_sessions(tx.connection(), steps.iter().map(|step| step.session)).await?;
        let announced = |id: SessionId| stands.iter().any(|now| now.id == id.0 && now.content.announced);
        let told = |step: &Step| matches!(step.after, Stood::Session(_)) && announced(step.session);
        if !steps.iter().all(told) {
            return Ok(steps);
        }
    }
    Err(Error::conflict("nothing_to_undo", "Nothing was changed in the draft since the last release."))
}

fn changed_since() -> Error {
    let detail = "The session was changed since, at once or by being announced or deleted. Change it by hand.";
    Error::conflict("changed_since", detail)
}

async fn take_back(ctx: &Ctx, tx: &Tx, event: &Visible<Event>, step: &Step) -> Result<(), Error> {
    if let (Stood::Session(before), Stood::Nowhere) = (&step.before, &step.after) {
        return restore(ctx, tx, step.session, before).await;
    }
    let session = match session_find(tx.connection(), &ctx.actor, &Handle::Id(step.session.0)).await {
        Err(Error::NotFound | Error::Gone) => return Err(changed_since()),
        session => session?,
    };
    match (&step.before, &step.after) {
        (Stood::Nowhere, Stood::Session(after)) => {
            if session.content.announced || session.content.details != **after {
                return Err(changed_since());
            }
            super::remove(ctx, tx, event, session).await?;
        }
        (Stood::Plan(before), Stood::Plan(after)) => {
            let kept = store::plan_find(tx.connection(), &ctx.actor, step.session).await?;
            if kept.planned != *after {
                return Err(changed_since());
            }
            lay(tx, event, &session, kept, before.clone()).await?;
        }
        (Stood::Session(before), Stood::Session(after)) => {
            if session.content.announced || session.content.details != **after {
                return Err(changed_since());
            }
            let next = session.content.edited((**before).clone(), &event.content)?;
            let settings = super::held(tx, [&session.content, &next]).await?;
            let (was, shall) = (settings.of(&session.content)?, settings.of(&next)?);
            sittings::settle(ctx, tx, (&session, was), (next, shall)).await?;
        }
        _ => return Err(changed_since()),
    }
    Ok(())
}

/// Puts back a session that was deleted before anybody was told of it.
async fn restore(ctx: &Ctx, tx: &Tx, id: SessionId, details: &Details) -> Result<(), Error> {
    let mut gone = session_deleted(tx.connection(), &ctx.actor, id).await?.ok_or_else(changed_since)?;
    gone.content.details.external_ids.clone_from(&details.external_ids);
    if gone.content.announced || gone.content.details != *details {
        return Err(changed_since());
    }
    if let Some(leading) = details.sitting_of {
        let leading = session_find(tx.connection(), &ctx.actor, &Handle::Id(leading.0)).await;
        leading.map_err(|_| changed_since())?;
    }
    let settings = super::held(tx, [&gone.content]).await?;
    let setting = settings.of(&gone.content)?;
    if details.room_id.is_some() && setting.room.is_none() {
        return Err(changed_since());
    }
    sittings::restore(ctx, tx, gone, setting).await.map(drop)
}

/// Plans the sessions of an event as they stood in a release; what is not among `stood` stays as it is planned. Gives which are planned anew.
pub(super) async fn reset(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    sessions: &[Visible<Sitting>],
    stood: &HashMap<SessionId, Sitting>,
) -> Result<Vec<SessionId>, Error> {
    let kept = store::plans_of(tx.connection(), stood.keys().map(|id| id.0)).await?;
    let mut steps = vec![];
    for session in sessions {
        let id = SessionId(session.id);
        let Some(stood) = stood.get(&id) else { continue };
        let before = kept.get(&id).cloned().unwrap_or_default();
        let plan = Plan::back_to(stood, &session.content).settled(&session.content, &event.content);
        let (planned, _) = plan.map_err(|faults| of_session(&session.content, faults))?;
        if planned != before.planned {
            steps.push(lay(tx, event, session, before, planned).await?.1);
        }
    }
    // A sitting that was added since follows too.
    let planned: Vec<SessionId> = steps.iter().map(|step| step.session).collect();
    steps.extend(super::sittings::follow_all(ctx, tx, event, planned).await?);
    if !steps.is_empty() {
        store::draft_change_insert(tx, EventId(event.id), &steps).await?;
    }
    Ok(steps.into_iter().map(|step| step.session).collect())
}
