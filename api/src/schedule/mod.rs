//! Sessions, their sittings within an event, and their placement.
//!
//! Every write holds the event until it commits, so that numbers are given once and times are meant in the zone the
//! event has. What a change of the event itself does to its sessions is in `events::sittings`.

pub mod agenda;
pub mod arrangements;
pub mod bookings;
pub mod calendar_files;
pub mod clashes;
pub mod plans;
pub mod polls;
pub mod releases;
pub mod requests;
pub mod resource;
pub mod sittings;
pub mod store;
pub mod zones;

use domain::{
    access::Resource,
    events::Event,
    external::ExternalId,
    identifier::{EventId, Handle, SessionId},
    schedule::{Details, Session, Setting, Sitting, State, Step, Transition},
};

use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Tx, Visible, if_seen, object_by_external, reference},
    error::Error,
    events::{
        self, claims, rooms,
        sittings::{self as stored, KIND, Settings},
    },
    groups, jobs, people,
};
pub use clashes::DryRun;
pub use store::Filter;

/// One page of the sessions the caller may see, by start; unplaced ones last.
pub async fn list(ctx: &Ctx, filter: &Filter, paging: &Paging) -> Result<Page<Visible<Session>>, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let page = store::session_list(connection, &ctx.actor, filter, paging).await?;
    let settings = Settings::load(connection, page.items.iter().map(|session| &session.content)).await?;
    page.try_map(|session| {
        let setting = settings.of(&session.content)?;
        Ok(present(ctx, session, setting))
    })
}

/// One session, if the caller may see it.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Session>, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let session = store::session_find(connection, &ctx.actor, handle).await?;
    let settings = Settings::load(connection, [&session.content]).await?;
    let setting = settings.of(&session.content)?;
    Ok(present(ctx, session, setting))
}

/// The session behind a reference in a request body; `pointer` says where it stood.
pub async fn resolve(ctx: &Ctx, handle: &Handle, pointer: &str) -> Result<Visible<Session>, Error> {
    match get(ctx, handle).await {
        Err(Error::NotFound | Error::Gone) => {
            Err(Error::invalid(pointer, "unknown_session", "Name an existing session by id."))
        }
        answer => answer,
    }
}

/// A write that only has to be committed.
pub struct Pending {
    tx: Tx,
    event: Visible<Event>,
    session: Visible<Session>,
}

impl Pending {
    /// Commits it.
    pub async fn commit(self) -> Result<Visible<Session>, Error> {
        self.tx.commit().await?;
        Ok(self.session)
    }

    /// What is wrong with the session as it would be; nothing is written.
    pub async fn tried(self, ctx: &Ctx) -> Result<DryRun, Error> {
        clashes::of_session(ctx, &self.tx, &self.event, SessionId(self.session.id)).await
    }
}

/// Adds a session to an event, as a draft.
pub async fn create(ctx: &Ctx, input: Details) -> Result<Visible<Session>, Error> {
    begin(ctx, input).await?.commit().await
}

/// As [`create`], up to the commit.
pub async fn begin(ctx: &Ctx, input: Details) -> Result<Pending, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::resolve(ctx, &input.event_id, "/event_id").await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    let input = resolved(ctx, Details { event_id: Handle::Id(event.id), ..input }, None).await?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let sitting = drawn_up(&tx, &event, input).await?;
    sittings::check(ctx, &tx, &event, &sitting.details).await?;
    let session = add(ctx, &tx, &event, sitting).await?;
    Ok(Pending { tx, event, session })
}

/// Adds a session to the draft of an event that is held, so that it can be undone.
async fn add(ctx: &Ctx, tx: &Tx, event: &Visible<Event>, sitting: Sitting) -> Result<Visible<Session>, Error> {
    let details = sitting.details.clone();
    let session = enter(ctx, tx, sitting).await?;
    let step = Step::in_place(SessionId(session.id), None, Some(&details));
    plans::store::draft_change_insert(tx, EventId(event.id), &[step]).await?;
    Ok(session)
}

/// A session to be added to an event that is held; its references are resolved.
async fn drawn_up(tx: &Tx, event: &Visible<Event>, input: Details) -> Result<Sitting, Error> {
    let number = store::session_number_next(tx, event.id).await?;
    Ok(Sitting::new(input, number, &event.content)?)
}

/// Adds a session to an event that is held.
async fn enter(ctx: &Ctx, tx: &Tx, sitting: Sitting) -> Result<Visible<Session>, Error> {
    ctx.may_label(None, sitting.details.disclosure().tlp)?;
    let settings = held(tx, [&sitting]).await?;
    let setting = settings.of(&sitting)?;
    let made = stored::begin(ctx, tx, sitting, setting).await?;
    Ok(present(ctx, made, setting))
}

/// The room that somebody names for a session, by id.
async fn room_named(ctx: &Ctx, room: Option<&Handle>) -> Result<Option<Handle>, Error> {
    let Some(room) = room else { return Ok(None) };
    Ok(Some(Handle::Id(rooms::resolve(ctx, room, "/room_id").await?.id)))
}

/// Changes what is said of a session, if it still is what the caller read. `edit` makes the new details of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Details) -> Result<Details, Error>,
) -> Result<Visible<Session>, Error> {
    change(ctx, handle, expected, edit).await?.commit().await
}

/// As [`edit`](self::edit), up to the commit.
pub async fn change(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Details) -> Result<Details, Error>,
) -> Result<Pending, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let current = store::session_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let event = events::get(ctx, &current.content.details.event_id).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    check_expected(ctx, expected, &current).await?;
    let input = resolved(ctx, edit(&current.content.details)?, Some(&current.content.details)).await?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let next = current.content.edited(input, &event.content)?;
    next.details.check_shared(&current.content.details)?;
    ctx.may_label(Some(current.content.details.disclosure().tlp), next.details.disclosure().tlp)?;
    let settings = held(&tx, [&current.content, &next]).await?;
    let (before, after) = (settings.of(&current.content)?, settings.of(&next)?);
    if !current.content.announced {
        clashes::check_edit(ctx, &tx, &event, &Visible { content: next.released(), ..current.clone() }).await?;
    }
    let mut steps = Vec::from_iter(plans::in_place(&current, &next));
    let made = stored::settle(ctx, &tx, (&current, before), (next, after)).await?;
    let followed = sittings::follow(ctx, &tx, &event, &made).await?;
    if !steps.is_empty() {
        steps.extend(followed);
        plans::store::draft_change_insert(&tx, EventId(event.id), &steps).await?;
    }
    let session = present(ctx, made, after);
    Ok(Pending { tx, event, session })
}

/// Takes a session the step that `transition` asks for, up to the commit.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: Transition) -> Result<Pending, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let known = store::session_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let event = events::get(ctx, &known.content.details.event_id).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    transition.check()?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    // Read again now that nobody else writes it: the step starts from where the session stands.
    let current = store::session_find(tx.connection(), &ctx.actor, handle).await?;
    let made = sittings::step(ctx, &tx, current, &transition).await?;
    if transition.to == State::Cancelled {
        jobs::duties_lost(&ctx.app, &tx).await?;
    }
    let settings = Settings::load(tx.connection(), [&made.content]).await?;
    let session = present(ctx, made.clone(), settings.of(&made.content)?);
    Ok(Pending { tx, event, session })
}

/// Takes a session out of all lists and calendars: for one entered by mistake. What people were told of is cancelled.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let current = store::session_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let event = events::get(ctx, &current.content.details.event_id).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    check_expected(ctx, expected, &current).await?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    if !current.content.announced {
        let step = Step::in_place(SessionId(current.id), Some(&current.content.details), None);
        plans::store::draft_change_insert(&tx, EventId(event.id), &[step]).await?;
    }
    remove(ctx, &tx, &event, current).await?;
    tx.commit().await
}

async fn remove(ctx: &Ctx, tx: &Tx, event: &Visible<Event>, session: Visible<Sitting>) -> Result<(), Error> {
    sittings::refuse_leading(tx, SessionId(session.id)).await?;
    let version = stored::sitting_delete(tx, &session).await?;
    jobs::duties_lost(&ctx.app, tx).await?;
    let gone = Visible { version, ..session };
    stored::record(tx, "session.deleted", &gone, &event.content, serde_json::Value::Null);
    Ok(())
}

/// Creates the session a partner knows by `external`, or replaces it. Says whether it is new.
pub async fn put_external(
    ctx: &Ctx,
    external: ExternalId,
    expected: Expected,
    mut input: Details,
) -> Result<(Visible<Session>, bool), Error> {
    external.claim(&mut input.external_ids)?;
    if let Some(id) = object_by_external(ctx.read(Resource::Sessions)?, KIND, &external).await?
        && let Some(made) = if_seen(edit(ctx, &Handle::Id(id), expected.or_any(), |_| Ok(input.clone())).await)?
    {
        return Ok((made, false));
    }
    Ok((create(ctx, input).await?, true))
}

/// The input with its references resolved. References that stay as they were are not asked for again: a room may have
/// been given up since.
async fn resolved(ctx: &Ctx, mut input: Details, current: Option<&Details>) -> Result<Details, Error> {
    if let Some(current) = current.filter(|current| current.event_id != input.event_id) {
        let event = events::resolve(ctx, &input.event_id, "/event_id").await?;
        if Handle::Id(event.id) != current.event_id {
            let detail = "A session stays in its event. Add a session to the other event instead.";
            return Err(Error::invalid("/event_id", "event_is_fixed", detail));
        }
        input.event_id = current.event_id.clone();
    }
    if let Some(group) = &input.group_id
        && current.is_none_or(|current| current.group_id != input.group_id)
    {
        input.group_id = Some(Handle::Id(groups::resolve(ctx, group, "/group_id").await?.0));
    }
    for at in 0..input.joint_group_ids.len() {
        if current.is_none_or(|current| !current.joint_group_ids.contains(&input.joint_group_ids[at])) {
            let pointer = format!("/joint_group_ids/{at}");
            let group = groups::resolve(ctx, &input.joint_group_ids[at], &pointer).await?;
            input.joint_group_ids[at] = Handle::Id(group.0);
        }
    }
    if let Some(room) = &input.room_id
        && current.is_none_or(|current| current.room_id != input.room_id)
    {
        input.room_id = Some(Handle::Id(rooms::resolve(ctx, room, "/room_id").await?.id));
    }
    let kept = current.map_or(&[][..], |current| &current.audience_ids);
    let visibility = input.visibility.unwrap_or_default();
    input.audience_ids = people::audience::resolve(ctx, visibility, input.audience_ids, kept).await?;
    Ok(input)
}

/// Events and rooms of `sittings`; nobody else has the rooms until the transaction ends.
async fn held<'a>(tx: &Tx, sittings: impl IntoIterator<Item = &'a Sitting> + Clone) -> Result<Settings, Error> {
    let rooms = sittings.clone().into_iter().filter_map(|sitting| reference(sitting.details.room_id.as_ref()));
    claims::lock(tx, rooms).await?;
    Settings::load(tx.connection(), sittings).await
}

/// Refuses a write on another version; the refusal shows the session as callers know it.
async fn check_expected(ctx: &Ctx, expected: Expected, current: &Visible<Sitting>) -> Result<(), Error> {
    let settings = Settings::load(ctx.read(Resource::Sessions)?, [&current.content]).await?;
    expected.check_object(&present(ctx, current.clone(), settings.of(&current.content)?))
}

fn present(ctx: &Ctx, session: Visible<Sitting>, setting: Setting<'_>) -> Visible<Session> {
    let id = SessionId(session.id);
    session.map(|sitting| sitting.present(id, &ctx.app.config.uid_domain, setting, &ctx.languages))
}
