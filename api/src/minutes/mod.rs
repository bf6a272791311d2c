//! Minutes of sessions: drafted from what is on record, edited by the secretariat and the chair, circulated, corrected,
//! adopted. Until they are circulated only those see them who run the event; afterwards the delegations at it do too.

pub mod corrections;
pub mod draft;
pub mod resource;
pub mod store;

use domain::{
    Text,
    access::{Permit, Resource, Visibility},
    events::Event,
    identifier::{Handle, OrganisationId},
    minutes::{Edit, Minutes, MinutesRefusal, Request, Section, State, Transition},
    schedule::Session,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    attendance::roster,
    audit,
    context::Ctx,
    db::{Change, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events, schedule,
};

impl From<MinutesRefusal> for Error {
    fn from(refusal: MinutesRefusal) -> Self {
        Self::conflict(refusal.code(), refusal.to_string())
    }
}

/// A text that minutes once had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MinutesRevision")]
pub struct Revision {
    /// Its number, from 1.
    pub number: i32,
    /// Its parts.
    pub sections: Vec<Section>,
    /// Who wrote it.
    pub created_by: String,
    /// When (UTC).
    pub created_at: Timestamp,
}

/// A session and its event, as whoever deals with its minutes sees them.
pub(super) struct Place {
    session: Visible<Session>,
    event: Visible<Event>,
}

/// The minutes of a session.
pub async fn get(ctx: &Ctx, session: &Handle) -> Result<Visible<Minutes>, Error> {
    let place = place_of(ctx, session).await?;
    found(ctx, &place).await
}

/// The minutes of a session, and its title.
pub(super) async fn titled(ctx: &Ctx, session: &Handle) -> Result<(Minutes, Text), Error> {
    let place = place_of(ctx, session).await?;
    let minutes = found(ctx, &place).await?;
    Ok((minutes.content, place.session.content.details.title.clone()))
}

/// One page of the texts that the minutes had, oldest first; for those who run the event.
pub async fn revisions(ctx: &Ctx, session: &Handle, paging: &Paging) -> Result<Page<Revision>, Error> {
    let place = place_of(ctx, session).await?;
    roster::admit(ctx, &place.event).await?;
    let minutes = found(ctx, &place).await?;
    store::revision_list(ctx.read(Resource::Attendance)?, minutes.id, paging).await
}

/// Drafts minutes from what is on record.
pub async fn create(ctx: &Ctx, session: &Handle, request: Request) -> Result<Visible<Minutes>, Error> {
    let (place, permit) = writable(ctx, session).await?;
    let language = request.language.clone().unwrap_or_else(|| place.event.content.details.main_language());
    let sections = draft::sections(ctx, &place, &request, &language).await?;
    let tx = ctx.write(permit).await?;
    let made = store::minutes_insert(&tx, place.session.id, place.event.id, language, sections).await?;
    record(&tx, "minutes.drafted", &place, &made, to_json(&json!({"revision": 1}))?);
    tx.commit().await?;
    Ok(made)
}

/// Writes parts anew. What somebody else has written since the revision the edit was made from stays; where both wrote in
/// the same lines, it is refused with both texts.
pub async fn edit(ctx: &Ctx, session: &Handle, edit: Edit) -> Result<Visible<Minutes>, Error> {
    let (place, permit) = writable(ctx, session).await?;
    edit.check()?;
    let known = found(ctx, &place).await?;
    let tx = ctx.write(permit).await?;
    let current = store::minutes_lock(&tx, known.id).await?;
    current.content.state.admit_editing()?;
    let base = store::revision_find(&tx, known.id, edit.base_revision).await?;
    let base = base.ok_or_else(|| {
        let detail = "Name the revision your text was made from; GET gives the latest as `revision`.";
        Error::invalid("/base_revision", "unknown_revision", detail)
    })?;
    let Ok(sections) = edit.apply(&base.sections, &current.content.sections) else {
        return Err(Error::Stale(Some(json!({"minutes": to_json(&current)?, "sent": to_json(&edit)?}))));
    };
    if sections == current.content.sections {
        return Ok(current);
    }
    let next = Minutes { sections, revision: current.content.revision + 1, ..current.content.clone() };
    let made = store::minutes_update(&tx, &current, next, true).await?;
    let diff = json!({"revision": made.content.revision, "made_from": edit.base_revision});
    record(&tx, "minutes.updated", &place, &made, diff);
    tx.commit().await?;
    Ok(made)
}

/// Takes minutes the step that `transition` asks for.
pub async fn step(ctx: &Ctx, session: &Handle, transition: Transition) -> Result<Visible<Minutes>, Error> {
    let (place, permit) = writable(ctx, session).await?;
    let known = found(ctx, &place).await?;
    let adopted_in = match &transition.session_id {
        Some(session) => Some(adopting(ctx, &place, session).await?),
        None => None,
    };
    let tx = ctx.write(permit).await?;
    let current = store::minutes_lock(&tx, known.id).await?;
    let wait = store::corrections_wait(&tx, known.id).await?;
    let (content, now) = (&current.content, tx.now());
    let next = match transition.to {
        State::Draft => return Err(MinutesRefusal::WrongState { to: State::Draft, state: content.state }.into()),
        State::Circulated => {
            let (state, until) = content.state.circulate(transition.corrections_until.map(|until| until.0), now)?;
            Minutes { state, circulated_at: Some(now), corrections_until: Some(until), ..content.clone() }
        }
        State::Adopted => {
            let state = content.state.adopt(adopted_in.is_some(), content.corrections_until, wait, now)?;
            Minutes { state, adopted_in: adopted_in.map(|session| session.id.into()), ..content.clone() }
        }
    };
    let made = store::minutes_update(&tx, &current, next, false).await?;
    let bare = |minutes: &Minutes| Minutes { sections: vec![], ..minutes.clone() };
    let diff = audit::diff(&bare(content), &bare(&made.content))?;
    record(&tx, "minutes.state_changed", &place, &made, diff);
    tx.commit().await?;
    Ok(made)
}

/// The session that is to adopt minutes: of the same event, or of the group that sat, whose next meeting adopts them.
async fn adopting(ctx: &Ctx, place: &Place, session: &Handle) -> Result<Visible<Session>, Error> {
    let session = schedule::resolve(ctx, session, "/session_id").await?;
    if session.content.details.event_id.id() == Some(place.event.id) {
        return Ok(session);
    }
    let event = events::get(ctx, &session.content.details.event_id).await?;
    let group = |session: &Visible<Session>, event: &Visible<Event>| {
        let own = reference(session.content.details.group_id.as_ref());
        own.or_else(|| reference(event.content.details.group_id.as_ref()))
    };
    let sat = group(&place.session, &place.event);
    if sat.is_some() && sat == group(&session, &event) {
        return Ok(session);
    }
    let detail = "Name a session of the same event, or of the group whose minutes these are.";
    Err(Error::invalid("/session_id", "other_body", detail))
}

pub(super) async fn place_of(ctx: &Ctx, session: &Handle) -> Result<Place, Error> {
    ctx.read(Resource::Attendance)?;
    let session = schedule::get(ctx, session).await?;
    let event = events::get(ctx, &session.content.details.event_id).await?;
    Ok(Place { session, event })
}

/// The minutes, if the caller may see them: those who run the event always, its delegations once they are circulated.
pub(super) async fn found(ctx: &Ctx, place: &Place) -> Result<Visible<Minutes>, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let minutes = store::minutes_find(connection, place.session.id).await?.ok_or(Error::NotFound)?;
    if roster::admit(ctx, &place.event).await.is_ok() {
        return Ok(minutes);
    }
    let circulated = minutes.content.state != State::Draft;
    if circulated && !roster::own_delegations(ctx, place.event.id.into()).await?.is_empty() {
        return Ok(minutes);
    }
    Err(Error::NotFound)
}

async fn writable(ctx: &Ctx, session: &Handle) -> Result<(Place, Permit), Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let place = place_of(ctx, session).await?;
    let permit = ctx.actor.permit(Resource::Attendance, events::target(&place.event))?;
    Ok((place, permit))
}

/// Records a change; of what is circulated the delegations learn, as far as they see the session.
fn record(tx: &Tx, kind: &'static str, place: &Place, minutes: &Visible<Minutes>, diff: serde_json::Value) {
    tx.record(change(kind, (minutes.id, minutes.version), place, minutes.content.state, None, diff));
}

pub(super) fn change(
    kind: &'static str,
    (id, version): (Uuid, i32),
    place: &Place,
    state: State,
    organisation: Option<OrganisationId>,
    diff: serde_json::Value,
) -> Change {
    let details = &place.event.content.details;
    let stated = place.session.content.disclosure().within(details.disclosure());
    let least = if state == State::Draft { Visibility::Chairs } else { Visibility::Participants };
    Change {
        event: Some(place.event.id),
        group: reference(details.group_id.as_ref()),
        organisation: organisation.map(Uuid::from),
        disclosure: stated.at_least(least),
        diff,
        ..Change::new(kind, id, version)
    }
}
