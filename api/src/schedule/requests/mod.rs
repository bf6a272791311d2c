//! Requests: sessions that groups ask for.
//!
//! Those who chair a group or keep its business ask, the secretariat of the event decides, and what it approves becomes a
//! session. What is said there of conflicts, order and times goes into the clash rules, with what groups say for all
//! occasions. Every write holds the event, so that a group does not both ask for a session and say that it will not meet.

pub mod again;
mod resolution;
pub mod resource;
pub mod store;

use std::collections::BTreeSet;

use domain::{
    access::{Denial, Permit, Resource, Target, Visibility},
    events::Event,
    groups::GroupConflict,
    identifier::{EventId, GroupId, Handle, SessionId},
    schedule::{
        Asked, Request, RequestDetails, RequestShown, RequestStage, RequestTransition, Sitting,
        request::{Done, RequestStep, Side, Stand, merged, session_steps},
    },
    time,
};
use sea_orm::ConnectionTrait;
use serde_json::Value;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Cursor, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events,
    groups::{self, conflicts},
};
pub use store::Filter;

/// One page of the requests of an event that the caller may see, the first first.
pub async fn list(
    ctx: &Ctx,
    event: &Handle,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<RequestShown>>, Error> {
    let connection = ctx.read(Resource::Requests)?;
    let event = events::get(ctx, event).await?;
    let page = store::request_list(connection, &ctx.actor, EventId(event.id), filter, paging).await?;
    page.try_map(|request| Ok(request.map(Request::present)))
}

/// One request, if the caller may see it.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Request>, Error> {
    store::request_find(ctx.read(Resource::Requests)?, &ctx.actor, handle).await
}

/// Begins a request of a group. Without a word on conflicts it begins with the list the group keeps.
pub async fn create(ctx: &Ctx, event: &Handle, input: RequestDetails) -> Result<Visible<Request>, Error> {
    ctx.actor.may_write(Resource::Requests)?;
    let event = events::get(ctx, event).await?;
    let group = groups::resolve(ctx, &input.group_id, "/group_id").await?;
    let permit = permitted(ctx, &event, group)?;
    let input = RequestDetails { group_id: Handle::Id(group.0), ..input };
    let mut input = resolution::resolved(ctx, EventId(event.id), input, None).await?;
    if input.conflicts.is_none() {
        input.conflicts = Some(standing(ctx, group, &input.joint_group_ids).await?);
    }
    input.settle(&event.content)?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let request = Request::new(input, EventId(event.id), tx.now());
    refuse_contradiction(&tx, &request, uuid::Uuid::nil()).await?;
    let made = store::request_insert(&tx, &request).await?;
    tx.record(change("session_request.created", &made, &event, to_json(&made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// The list a group keeps for all occasions, without those it now sits together with.
async fn standing(ctx: &Ctx, group: GroupId, joint: &[Handle]) -> Result<Vec<GroupConflict>, Error> {
    let kept = conflicts::standing(ctx.read(Resource::Requests)?, [group]).await?.remove(&group).unwrap_or_default();
    Ok(kept.into_iter().filter(|conflict| !joint.contains(&conflict.group_id)).collect())
}

/// Changes what a group asks for, if it still is what the caller read. `edit` makes the new details of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&RequestDetails) -> Result<RequestDetails, Error>,
) -> Result<Visible<Request>, Error> {
    let (current, event, permit) = found(ctx, handle).await?;
    expected.check_object(&current.clone().map(Request::present))?;
    let input = edit(&current.content.details)?;
    let mut input = resolution::resolved(ctx, EventId(event.id), input, Some(&current)).await?;
    input.conflicts.get_or_insert_default();
    input.settle(&event.content)?;
    if current.content.stage != RequestStage::Draft {
        input.check_whole()?;
    }
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let current = store::request_find(tx.connection(), &ctx.actor, &Handle::Id(current.id)).await?;
    expected.check_object(&current.clone().map(Request::present))?;
    if !current.content.state().is_open_to(side(ctx, &event)) {
        let detail = "The request is past being changed by you. Ask the secretariat, or take it up again as a draft.";
        return Err(Error::conflict("request_decided", detail));
    }
    let next = Request { details: input, ..current.content.clone() };
    let made = store::request_update(&tx, &current, &next).await?;
    let diff = audit::diff(&current.content, &made.content)?;
    tx.record(change("session_request.updated", &made, &event, diff));
    tx.commit().await?;
    Ok(made)
}

/// Takes a request the step that `transition` asks for; with the approval a draft of its session is made.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: RequestTransition) -> Result<Visible<Request>, Error> {
    let (known, event, mut permit) = found(ctx, handle).await?;
    if transition.to.taken_by() == Side::Secretariat {
        permit = ctx.actor.permit_deciding(events::target(&event))?;
    }
    if transition.to == RequestStage::Approved {
        let _both = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    }
    transition.check()?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    // Read again now that nobody else writes it: the step starts from where the request stands.
    let current = store::request_find(tx.connection(), &ctx.actor, &Handle::Id(known.id)).await?;
    let next = current.content.stepped(&transition, tx.now());
    let mut next = next.map_err(|refusal| Error::conflict(refusal.code(), refusal.to_string()))?;
    match next.stage {
        RequestStage::Submitted => next.details.check_whole()?,
        RequestStage::Draft | RequestStage::NotMeeting => refuse_contradiction(&tx, &next, current.id).await?,
        RequestStage::Approved => grant(ctx, &tx, &event, &mut next).await?,
        RequestStage::Declined | RequestStage::Withdrawn => {}
    }
    let made = store::request_update(&tx, &current, &next).await?;
    tx.record(change(kind(made.content.stage), &made, &event, audit::diff(&current.content, &made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// Makes the session of a request with all its sittings, as drafts that planners place.
async fn grant(ctx: &Ctx, tx: &Tx, event: &Visible<Event>, request: &mut Request) -> Result<(), Error> {
    request.details.check_whole()?;
    let details = request.details.session(EventId(event.id));
    let details = details.ok_or_else(|| Error::internal("a whole request without a title"))?;
    let sitting = super::drawn_up(tx, event, details).await?;
    let session = super::enter(ctx, tx, sitting).await?;
    let further = super::sittings::add(ctx, tx, event, &session, request.details.further()).await?;
    request.session_id = Some(SessionId(session.id));
    request.sittings =
        further.iter().chain([&session]).map(|sitting| Stand { version: sitting.version, ..Stand::NEW }).collect();
    Ok(())
}

/// Takes a request out of all lists: for one entered by mistake, or long over.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let (current, event, permit) = found(ctx, handle).await?;
    expected.check_object(&current.clone().map(Request::present))?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let current = store::request_find(tx.connection(), &ctx.actor, &Handle::Id(current.id)).await?;
    if !current.content.state().can_go() {
        let detail = "Somebody waits for this request, or a session was made of it. Withdraw it, or cancel that first.";
        return Err(Error::conflict("request_in_use", detail));
    }
    let version = store::request_delete(&tx, &current).await?;
    tx.record(change("session_request.deleted", &Visible { version, ..current }, &event, Value::Null));
    tx.commit().await
}

/// One page of what became of a request, the first first: the steps it took, and those of the session made of it.
pub async fn history(ctx: &Ctx, handle: &Handle, paging: &Paging) -> Result<Page<RequestStep>, Error> {
    let connection = ctx.read(Resource::Requests)?;
    let request = store::request_find(connection, &ctx.actor, handle).await?;
    let steps = store::steps_of(connection, &request).await?;
    let sittings = store::sittings_of(connection, steps.iter().filter_map(|(_, session)| *session)).await?;
    let done = audit::done_to(connection, sittings.keys().copied()).await?;
    let steps = steps.into_iter().map(|(step, session)| {
        let of_session =
            done.iter().filter(|entry| session.is_some() && sittings.get(&entry.object_id) == session.as_ref());
        let done = of_session.map(|entry| Done {
            sitting: SessionId(entry.object_id),
            at: entry.at,
            diff: &entry.diff,
            deleted: entry.action == "session.deleted",
        });
        (step, session_steps(done))
    });
    // Steps are added and never taken away, so their number says where a page begins.
    let from = paging.after.as_ref().and_then(|cursor| cursor.key.parse::<usize>().ok()).unwrap_or_default();
    let limit = usize::try_from(paging.limit).map_err(Error::internal)?;
    let mut items: Vec<_> = merged(steps.collect()).into_iter().skip(from).take(limit + 1).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let next = more.then(|| Cursor { key: (from + limit).to_string(), id: request.id }.encode()).transpose()?;
    Ok(Page { items, next_cursor: next })
}

/// What groups asked for of the sessions of an event, and what those that sit say for all occasions, as the clash rules
/// look at it. Who chairs is asked of the day the event begins.
pub(super) async fn asked(
    connection: &impl ConnectionTrait,
    event: &Visible<Event>,
    sessions: &[Visible<Sitting>],
) -> Result<Asked, Error> {
    let details = &event.content.details;
    let groups = sessions.iter().flat_map(|session| session.content.details.groups()).filter_map(Handle::id);
    let groups: BTreeSet<GroupId> = groups.map(GroupId).collect();
    let groups: Vec<GroupId> = groups.into_iter().collect();
    let granted = store::granted_of_event(connection, EventId(event.id)).await?;
    let standing = conflicts::standing(connection, groups.iter().copied()).await?;
    let begin = events::begin_of(details.starts_on, &details.time_zone)?;
    let chaired_alike = conflicts::chaired_alike(connection, &groups, begin).await?;
    let zone = time::zone(&details.time_zone, "/time_zone").map_err(|fault| Error::Invalid(vec![fault]))?;
    Ok(Asked::of(&granted, &standing, &chaired_alike, &zone))
}

/// A request the caller sees and may write, and its event.
async fn found(ctx: &Ctx, handle: &Handle) -> Result<(Visible<Request>, Visible<Event>, Permit), Error> {
    ctx.actor.may_write(Resource::Requests)?;
    let request = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(request.content.event_id.0)).await?;
    let group = reference(Some(&request.content.details.group_id)).map(GroupId);
    let group = group.ok_or_else(|| Error::internal("a request without the id of its group"))?;
    let permit = permitted(ctx, &event, group)?;
    Ok((request, event, permit))
}

/// Those who run the event write what any group asks of it; those who ask for a group, what that group asks.
fn permitted(ctx: &Ctx, event: &Visible<Event>, group: GroupId) -> Result<Permit, Denial> {
    match side(ctx, event) {
        Side::Secretariat => ctx.actor.permit_deciding(events::target(event)),
        Side::Group => {
            let target = Target { event: Some(EventId(event.id)), group: Some(group), organisation: None };
            ctx.actor.permit(Resource::Requests, target)
        }
    }
}

fn side(ctx: &Ctx, event: &Visible<Event>) -> Side {
    if ctx.actor.runs(events::target(event)) { Side::Secretariat } else { Side::Group }
}

/// Refuses a group that asks for a session and says that it will not meet. The event is held.
async fn refuse_contradiction(tx: &Tx, request: &Request, own: uuid::Uuid) -> Result<(), Error> {
    let group = reference(Some(&request.details.group_id)).map(GroupId);
    let group = group.ok_or_else(|| Error::internal("a reference reached a decision unresolved"))?;
    let (asks, absent) = store::group_stands(tx, request.event_id, group, own).await?;
    match request.stage {
        RequestStage::NotMeeting if asks => {
            let detail = "The group asks for other sessions at this event. Withdraw those first, or cancel them.";
            Err(Error::conflict("group_meets", detail))
        }
        RequestStage::Draft if absent => {
            let detail = "The group said that it will not meet at this event. Take that up as a draft again instead.";
            Err(Error::conflict("group_will_not_meet", detail))
        }
        _ => Ok(()),
    }
}

fn kind(stage: RequestStage) -> &'static str {
    match stage {
        RequestStage::Draft => "session_request.reopened",
        RequestStage::Submitted => "session_request.submitted",
        RequestStage::Approved => "session_request.approved",
        RequestStage::Declined => "session_request.declined",
        RequestStage::Withdrawn => "session_request.withdrawn",
        RequestStage::NotMeeting => "session_request.not_meeting",
    }
}

/// The secretariat is told: that of the event, and of the group that asks.
fn change(kind: &'static str, request: &Visible<Request>, event: &Visible<Event>, diff: Value) -> Change {
    Change {
        event: Some(event.id),
        group: reference(Some(&request.content.details.group_id)),
        disclosure: event.content.details.disclosure().at_least(Visibility::Secretariat),
        diff,
        ..Change::new(kind, request.id, request.version)
    }
}
