//! Date polls: those who run an event ask organisations when they could meet; an option that is chosen becomes a session.
//!
//! A poll is there for those who run the event and for the organisations it asks, and for nobody else. An organisation
//! has one set of answers, which any of those who answer for it may change; what is hidden while a poll is open, no count
//! tells either.

mod answers;
mod decision;
pub mod notices;
pub mod resource;
mod shown;
pub mod store;

use std::collections::{HashMap, HashSet};

use domain::{
    access::{Disclosure, Permit, Resource, Tlp, Visibility},
    events::Event,
    identifier::{EventId, Handle, OrganisationId, PollId, PollOptionId, SessionId},
    schedule::poll::{Details, Poll, State, Transition},
};
use serde_json::Value;

use super::plans;
use crate::{
    audit,
    context::Ctx,
    db::{self, Change, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events, groups, organisations,
};
pub use answers::{Written, answer_get, answer_put};
pub use decision::decide;
pub use shown::PollShown;
use shown::Reader;
use store::Stored;
pub(crate) use store::poll_visible;

/// A poll as its reader may know it, and what tells its states apart that have one version.
pub type Shown = (Visible<PollShown>, String);

/// One page of the polls of an event that the caller may see, the first first.
pub async fn list(
    ctx: &Ctx,
    event: &Handle,
    state: Option<State>,
    paging: &Paging,
) -> Result<Page<Visible<PollShown>>, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let page = store::poll_list(connection, &ctx.actor, EventId(event.id), state, paging).await?;
    let mut said = store::answers_of(connection, page.items.iter().map(|poll| poll.id)).await?;
    let sessions = became(page.items.iter().map(|poll| &poll.content));
    let sessions = store::sessions_seen(connection, &ctx.actor, sessions).await?;
    let acts_for = |organisation| ctx.actor.acts_for(organisation, EventId(event.id));
    let reader = Reader { now: ctx.now, inside: plans::plans(ctx, &event), acts_for: &acts_for, sessions: &sessions };
    page.try_map(|poll| {
        let said = said.remove(&poll.id).unwrap_or_default();
        Ok(poll.map(|stored| reader.poll(stored, said)))
    })
}

/// One poll, if the caller may see it.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Shown, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let poll = store::poll_find(connection, &ctx.actor, handle).await?;
    let event = events::get(ctx, &Handle::Id(poll.content.event.0)).await?;
    present(ctx, connection, &event, poll).await
}

/// Asks organisations.
pub async fn create(ctx: &Ctx, event: &Handle, input: Details) -> Result<Shown, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    let input = resolved(ctx, input, None).await?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let zone = &event.content.details.time_zone;
    let poll = Poll::new(input, zone, ctx.now, || Ok::<_, Error>(PollOptionId(tx.new_id()?)))?;
    let made = store::poll_insert(&tx, EventId(event.id), &poll).await?;
    let diff = to_json(&made.content.poll)?;
    record(&tx, "poll.created", &event.content, &made, diff).await?;
    notices::leave(ctx, &tx, None, &made).await?;
    finish(ctx, tx, &event, made).await
}

/// Changes what is said of a poll, if it still is what the caller read. `edit` makes the new details of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Details) -> Result<Details, Error>,
) -> Result<Shown, Error> {
    let (event, known, permit) = found(ctx, handle).await?;
    check_expected(ctx, expected, &event, &known).await?;
    let before = &known.content.poll;
    let input = resolved(ctx, edit(&before.details)?, Some(&before.details)).await?;
    let (tx, event, current) = held(ctx, permit, &known).await?;
    unchanged(&known, &current)?;
    let poll = &current.content.poll;
    poll.state.going_on().map_err(refused)?;
    let next = poll.edited(input, ctx.now, || Ok::<_, Error>(PollOptionId(tx.new_id()?)))?;
    settle(ctx, tx, &event, &current, ("poll.updated", next)).await
}

/// Takes a poll the step that `transition` asks for.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: Transition) -> Result<Shown, Error> {
    let (_, known, permit) = found(ctx, handle).await?;
    transition.check()?;
    let (tx, event, current) = held(ctx, permit, &known).await?;
    let poll = &current.content.poll;
    let past = poll.closes.is_some_and(|closes| closes.starts_at <= ctx.now);
    let state = poll.state.step(transition.to, past).map_err(refused)?;
    let next = Poll { state, cancel_reason: transition.reason, ..poll.clone() };
    settle(ctx, tx, &event, &current, ("poll.state_changed", next)).await
}

/// Takes a poll out of all lists: one made by mistake. What was decided stays on record.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let (event, known, permit) = found(ctx, handle).await?;
    check_expected(ctx, expected, &event, &known).await?;
    let (tx, event, current) = held(ctx, permit, &known).await?;
    if current.content.poll.state == State::Decided {
        let detail = "What was decided stays on record. Cancel the session that the poll became.";
        return Err(Error::conflict("poll_decided", detail));
    }
    unchanged(&known, &current)?;
    let version = store::poll_delete(&tx, &current).await?;
    let gone = Visible { version, ..current };
    record(&tx, "poll.deleted", &event.content, &gone, Value::Null).await?;
    tx.commit().await
}

/// A poll that the caller may change, with its event.
async fn found(ctx: &Ctx, handle: &Handle) -> Result<(Visible<Event>, Visible<Stored>, Permit), Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let poll = store::poll_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let event = events::get(ctx, &Handle::Id(poll.content.event.0)).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    Ok((event, poll, permit))
}

/// The same as it is now, with its event; nobody else writes either until the transaction ends.
async fn held(
    ctx: &Ctx,
    permit: Permit,
    known: &Visible<Stored>,
) -> Result<(Tx, Visible<Event>, Visible<Stored>), Error> {
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, known.content.event).await?;
    let current = store::poll_lock(&tx, PollId(known.id)).await?;
    Ok((tx, event, current))
}

/// Writes polls whose times were derived again, of `events`, which are held; gives how many.
pub(super) async fn rederive(
    tx: &Tx,
    events: &HashMap<EventId, Event>,
    shifted: Vec<(Visible<Stored>, Poll)>,
) -> Result<usize, Error> {
    for (current, next) in &shifted {
        let event = events.get(&current.content.event).ok_or_else(|| Error::internal("a poll without its event"))?;
        let made = store::poll_update(tx, current, next).await?;
        let diff = audit::diff(&current.content.poll, &made.content.poll)?;
        record(tx, "poll.updated", event, &made, diff).await?;
    }
    Ok(shifted.len())
}

/// Writes what a poll becomes, and records it under `kind`.
async fn settle(
    ctx: &Ctx,
    tx: Tx,
    event: &Visible<Event>,
    current: &Visible<Stored>,
    (kind, next): (&'static str, Poll),
) -> Result<Shown, Error> {
    let made = store::poll_update(&tx, current, &next).await?;
    let diff = audit::diff(&current.content.poll, &made.content.poll)?;
    record(&tx, kind, &event.content, &made, diff).await?;
    notices::leave(ctx, &tx, Some(&current.content.poll), &made).await?;
    finish(ctx, tx, event, made).await
}

async fn finish(ctx: &Ctx, tx: Tx, event: &Visible<Event>, made: Visible<Stored>) -> Result<Shown, Error> {
    let shown = present(ctx, tx.connection(), event, made).await?;
    tx.commit().await?;
    Ok(shown)
}

/// A poll as the caller may know it.
async fn present(
    ctx: &Ctx,
    connection: &impl sea_orm::ConnectionTrait,
    event: &Visible<Event>,
    poll: Visible<Stored>,
) -> Result<Shown, Error> {
    let said = store::answers_of(connection, [poll.id]).await?.remove(&poll.id).unwrap_or_default();
    let sessions = store::sessions_seen(connection, &ctx.actor, became([&poll.content])).await?;
    let acts_for = |organisation| ctx.actor.acts_for(organisation, EventId(event.id));
    let reader = Reader { now: ctx.now, inside: plans::plans(ctx, event), acts_for: &acts_for, sessions: &sessions };
    // Of answers that are hidden from the reader the tag tells nothing either.
    let known = said.iter().filter(|own| reader.knows(&poll.content.poll, own.organisation));
    let written: i32 = known.map(|own| own.version).sum();
    let shown = poll.map(|stored| reader.poll(stored, said));
    let linked = shown.content.outcome.as_ref().is_some_and(|outcome| outcome.session_id.is_some());
    let mark = format!("{written}-{}{}", shown.content.state, if linked { "-linked" } else { "" });
    Ok((shown, mark))
}

/// The sessions that polls became.
fn became<'a>(polls: impl IntoIterator<Item = &'a Stored>) -> Vec<SessionId> {
    polls.into_iter().filter_map(|stored| Some(stored.poll.outcome.as_ref()?.session_id)).collect()
}

/// Refuses a write on another version; the refusal shows the poll as the caller knows it.
async fn check_expected(
    ctx: &Ctx,
    expected: Expected,
    event: &Visible<Event>,
    poll: &Visible<Stored>,
) -> Result<(), Error> {
    let (shown, _) = present(ctx, ctx.read(Resource::Sessions)?, event, poll.clone()).await?;
    expected.check_object(&shown)
}

/// Refuses to write over what somebody has written since the poll was found.
fn unchanged(known: &Visible<Stored>, current: &Visible<Stored>) -> Result<(), Error> {
    if known.version == current.version { Ok(()) } else { Err(Error::Stale(None)) }
}

fn refused(refusal: domain::schedule::poll::Refusal) -> Error {
    Error::conflict(refusal.code(), refusal.to_string())
}

/// The input with its references by id. Those that stay as they were are not asked for again.
async fn resolved(ctx: &Ctx, mut input: Details, before: Option<&Details>) -> Result<Details, Error> {
    if let Some(group) = &input.group_id
        && before.is_none_or(|before| before.group_id != input.group_id)
    {
        input.group_id = Some(Handle::Id(groups::resolve(ctx, group, "/group_id").await?.0));
    }
    let known: HashSet<Handle> =
        before.into_iter().flat_map(|before| before.organisation_ids.iter().cloned()).collect();
    input.organisation_ids = named(ctx, input.organisation_ids, "organisation_ids", &known).await?;
    input.required_ids = named(ctx, input.required_ids, "required_ids", &known).await?;
    Ok(input)
}

async fn named(ctx: &Ctx, named: Vec<Handle>, list: &str, known: &HashSet<Handle>) -> Result<Vec<Handle>, Error> {
    let new = named.iter().enumerate().filter(|(_, handle)| !known.contains(handle));
    let found = organisations::resolve_all(ctx, new.map(|(at, handle)| (format!("/{list}/{at}"), handle))).await?;
    let mut found = found.into_iter();
    let by_id = named.iter().map(|handle| if known.contains(handle) { Some(handle.clone()) } else { found.next() });
    Ok(by_id.flatten().collect())
}

/// Records what happened: for those who run the event, and for those who are asked that there is something to be read.
async fn record(tx: &Tx, kind: &'static str, event: &Event, poll: &Visible<Stored>, diff: Value) -> Result<(), Error> {
    let of_event = event.details.disclosure();
    let plain = Change {
        event: Some(poll.content.event.0),
        group: reference(event.details.group_id.as_ref()),
        ..Change::new(kind, poll.id, poll.version)
    };
    tx.record(Change { disclosure: of_event.at_least(Visibility::Chairs), diff, ..plain.clone() });
    let asked = &poll.content.poll.details.organisation_ids;
    let circle = if asked.len() > 1 { Visibility::Parties } else { Visibility::OwnDelegation };
    let told = Disclosure::new(circle, Some(Tlp::Clear), asked).within(of_event);
    db::audience_keep(tx, asked).await?;
    tx.record(Change { kind: "poll.told", disclosure: told, deleted: kind == "poll.deleted", ..plain });
    Ok(())
}

/// Where the answers of an organisation belong, as far as rights depend on it.
fn of_organisation(event: &Visible<Event>, organisation: OrganisationId) -> domain::access::Target {
    domain::access::Target { organisation: Some(organisation), ..events::target(event) }
}
