//! Events: occasions with dates, place and time zone; below, the rooms and what both mean for the sessions in them.

pub mod claims;
pub mod resource;
pub mod rooms;
pub mod rules;
pub mod sittings;
pub mod store;

use std::collections::HashMap;

use domain::{
    access::{Resource, Target},
    calendars::{Stamp, Uri},
    events::{Details, Event, State, Transition, uid},
    external::ExternalId,
    identifier::{EventId, GroupId, Handle},
    organisations::Kind,
    time,
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    context::{App, Ctx},
    db::{Change, Expected, Page, Paging, Tx, Visible, if_seen, object_by_external, reference, to_json},
    error::Error,
    groups, organisations, people,
};
pub use store::{Filter, begin_of, event_read};

const KIND: &str = "event";

/// One page of the events the caller may see, by first day.
pub async fn list(ctx: &Ctx, filter: &Filter, paging: &Paging) -> Result<Page<Visible<Event>>, Error> {
    store::event_list(ctx.read(Resource::Events)?, &ctx.actor, filter, paging).await
}

/// One event, if the caller may see it.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Event>, Error> {
    store::event_find(ctx.read(Resource::Events)?, &ctx.actor, handle).await
}

/// The event behind a reference in a request body; `pointer` says where it stood.
pub async fn resolve(ctx: &Ctx, handle: &Handle, pointer: &str) -> Result<Visible<Event>, Error> {
    match get(ctx, handle).await {
        Err(Error::NotFound | Error::Gone) => {
            Err(Error::invalid(pointer, "unknown_event", "Name an existing event by id or code."))
        }
        answer => answer,
    }
}

/// The event as it is now, held until the transaction ends: nobody else writes it or its sessions meanwhile.
pub async fn lock(tx: &Tx, id: EventId) -> Result<Visible<Event>, Error> {
    store::event_lock(tx, id.0).await
}

/// Events whoever asks, deleted ones too, held until the transaction ends: for what is recorded about them, never for an
/// answer.
pub async fn hold(tx: &Tx, ids: impl IntoIterator<Item = EventId>) -> Result<HashMap<EventId, Event>, Error> {
    store::events_lock(tx, ids.into_iter().map(|id| id.0).collect()).await
}

/// Events whoever asks, deleted ones too, in one query: for the zone in which what belongs to them is told, never for an
/// answer by themselves.
pub async fn around(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = EventId>,
) -> Result<HashMap<EventId, Event>, Error> {
    let events = store::events_by_id(connection, ids.into_iter().map(|id| id.0).collect()).await?;
    Ok(events.into_iter().map(|(id, event)| (EventId(id), event)).collect())
}

/// Where an event belongs, as far as rights depend on it.
pub fn target(event: &Visible<Event>) -> Target {
    Target { event: Some(EventId(event.id)), ..group_target(&event.content.details) }
}

/// Adds an event, as an idea.
pub async fn create(ctx: &Ctx, input: Details) -> Result<Visible<Event>, Error> {
    ctx.actor.may_write(Resource::Events)?;
    let input = checked(ctx, input, None).await?;
    let permit = ctx.actor.permit(Resource::Events, group_target(&input))?;
    let tx = ctx.write(permit).await?;
    let (id, event) = (tx.new_id()?, Event { details: input, state: State::default(), sequence: 0 });
    let entry = vevent(ctx, (id, tx.now()), &tx, &event);
    let made = store::event_insert(&tx, id, event, entry).await?;
    record(&tx, "event.created", &made, to_json(&made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Changes what is said of an event, if it still is what the caller read. `edit` makes the new details of the old.
///
/// Sessions keep their wall-clock time: in another zone they take place at another instant. They may come to lie
/// outside of changed dates; whoever moves an event moves its sessions next.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Details) -> Result<Details, Error>,
) -> Result<Visible<Event>, Error> {
    ctx.actor.may_write(Resource::Events)?;
    let current = get(ctx, handle).await?;
    let permit = ctx.actor.permit(Resource::Events, target(&current))?;
    expected.check_object(&current)?;
    let input = checked(ctx, edit(&current.content.details)?, Some(&current.content.details)).await?;
    if input.group_id != current.content.details.group_id {
        // Whoever gives an event to another group answers for that one too.
        let own = Target { event: None, ..group_target(&input) };
        let _both = ctx.actor.permit(Resource::Events, own)?;
    }
    let tx = ctx.write(permit).await?;
    let next = Event { details: input, ..current.content.clone() };
    let made = write(ctx, &tx, &current, next).await?;
    sittings::follow_event(ctx, &tx, &current.content, &made).await?;
    touch_group(&tx, &current);
    record(&tx, "event.updated", &made, crate::audit::diff(&current.content, &made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Takes an event the step that `transition` asks for.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: Transition) -> Result<Visible<Event>, Error> {
    ctx.actor.may_write(Resource::Events)?;
    let known = get(ctx, handle).await?;
    let permit = ctx.actor.permit(Resource::Events, target(&known))?;
    let tx = ctx.write(permit).await?;
    let current = store::event_lock(&tx, known.id).await?;
    let state = current.content.state.step(transition.to);
    let state = state.map_err(|refusal| Error::conflict(refusal.code(), refusal.to_string()))?;
    let next = Event { state, ..current.content.clone() };
    let made = write(ctx, &tx, &current, next).await?;
    sittings::follow_event(ctx, &tx, &current.content, &made).await?;
    record(&tx, "event.state_changed", &made, crate::audit::diff(&current.content, &made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Writes `next` in the place of `current`, with SEQUENCE and calendar entry.
async fn write(ctx: &Ctx, tx: &Tx, current: &Visible<Event>, next: Event) -> Result<Visible<Event>, Error> {
    let next = next.succeeding(&current.content);
    let entry = vevent(ctx, (current.id, current.created_at), tx, &next);
    store::event_update(tx, current, &next, entry).await
}

/// The calendar entry of an event that is written now.
fn vevent(ctx: &Ctx, (id, created): (Uuid, Timestamp), tx: &Tx, event: &Event) -> Option<String> {
    let uid = uid(EventId(id), &ctx.app.config.uid_domain);
    let page = page(&ctx.app, id);
    event.vevent(Stamp { uid: &uid, created, changed: tx.now(), page: page.as_ref() })
}

/// The page that shows an event with its programme to whoever may see it, by its id, because codes change.
pub fn page(app: &App, event: Uuid) -> Option<Uri> {
    Uri::parse(&format!("{}/events/{event}", app.config.public_url))
}

/// Takes an event out of all lists. One in which something is planned already is cancelled instead: people may have
/// put it into their calendars.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Events)?;
    let current = get(ctx, handle).await?;
    let permit = ctx.actor.permit(Resource::Events, target(&current))?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    let version = store::event_delete(&tx, &current).await?;
    if store::event_in_use(&tx, current.id).await? {
        let detail = "This event has sessions, delegations or statements. Cancel it, or delete them first.";
        return Err(Error::conflict("event_in_use", detail));
    }
    record(&tx, "event.deleted", &Visible { version, ..current }, serde_json::Value::Null);
    tx.commit().await
}

/// Creates the event a partner knows by `external`, or replaces it. Says whether it is new.
pub async fn put_external(
    ctx: &Ctx,
    external: ExternalId,
    expected: Expected,
    mut input: Details,
) -> Result<(Visible<Event>, bool), Error> {
    external.claim(&mut input.external_ids)?;
    if let Some(id) = object_by_external(ctx.read(Resource::Events)?, KIND, &external).await?
        && let Some(made) = if_seen(edit(ctx, &Handle::Id(id), expected.or_any(), |_| Ok(input.clone())).await)?
    {
        return Ok((made, false));
    }
    Ok((create(ctx, input).await?, true))
}

/// The input with its references resolved, once nothing is wrong with it. References that stay as they were are not
/// asked for again: a group may have been dissolved since.
async fn checked(ctx: &Ctx, mut input: Details, current: Option<&Details>) -> Result<Details, Error> {
    input = input.labelled(current);
    input.check()?;
    ctx.may_label(current.map(|current| current.disclosure().tlp), input.disclosure().tlp)?;
    if let Some(name) = time::zone(&input.time_zone, "/time_zone")?.iana_name() {
        input.time_zone = name.to_owned();
    }
    if let Some(group) = &input.group_id
        && current.is_none_or(|current| current.group_id != input.group_id)
    {
        input.group_id = Some(Handle::Id(groups::resolve(ctx, group, "/group_id").await?.0));
    }
    if let Some(host) = &input.host_id
        && current.is_none_or(|current| current.host_id != input.host_id)
    {
        input.host_id = Some(Handle::Id(organisations::resolve(ctx, host, "/host_id").await?.0));
    }
    if let Some(country) = &input.country_id
        && current.is_none_or(|current| current.country_id != input.country_id)
    {
        input.country_id = Some(Handle::Id(resolve_state(ctx, country).await?));
    }
    let kept = current.map_or(&[][..], |current| &current.audience_ids);
    input.audience_ids = people::audience::resolve(ctx, input.visibility, input.audience_ids, kept).await?;
    Ok(input)
}

async fn resolve_state(ctx: &Ctx, handle: &Handle) -> Result<Uuid, Error> {
    let id = organisations::resolve(ctx, handle, "/country_id").await?.0;
    let organisation = organisations::get(ctx, &Handle::Id(id)).await?;
    if organisation.content.kind == Kind::State {
        return Ok(id);
    }
    Err(Error::invalid("/country_id", "not_a_state", "Name the state in which the event takes place."))
}

fn group_target(details: &Details) -> Target {
    Target { group: reference(details.group_id.as_ref()).map(GroupId), ..Target::default() }
}

fn record(tx: &Tx, kind: &'static str, event: &Visible<Event>, diff: serde_json::Value) {
    tx.touch_feeds(format!("event:{}", event.id));
    touch_group(tx, event);
    tx.record(Change {
        event: Some(event.id),
        group: reference(event.content.details.group_id.as_ref()),
        disclosure: event.content.details.disclosure(),
        diff,
        ..Change::new(kind, event.id, event.version)
    });
}

fn touch_group(tx: &Tx, event: &Visible<Event>) {
    if let Some(group) = reference(event.content.details.group_id.as_ref()) {
        tx.touch_feeds(format!("group:{group}"));
    }
}
