//! Duties in sessions: given by those who plan the event, answered by those who have them or act for them.

pub mod handover;
pub mod resource;
pub mod store;

use domain::{
    access::{Disclosure, Permit, Resource, Visibility},
    attendance::{Answer, Duty, DutyDetails, DutyTransition},
    events::Event,
    identifier::{EventId, Handle, PersonId, SessionId},
    schedule::Session,
};
use serde_json::Value;

use super::{delegations, invitations, target};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events, jobs, people, schedule,
};
pub use store::Filter;

/// One page of the duties at an event that the caller may see, in the order in which they were given.
pub async fn list(
    ctx: &Ctx,
    event: &Handle,
    person: Option<PersonId>,
    paging: &Paging,
) -> Result<Page<Visible<Duty>>, Error> {
    ctx.read(Resource::Attendance)?;
    let event = events::get(ctx, event).await?;
    page(ctx, EventId(event.id), Filter { person, ..Filter::default() }, paging).await
}

/// One page of the duties in a session that the caller may see.
pub async fn list_of_session(ctx: &Ctx, session: &Handle, paging: &Paging) -> Result<Page<Visible<Duty>>, Error> {
    ctx.read(Resource::Attendance)?;
    let session = schedule::get(ctx, session).await?;
    let sitting = SessionId(session.id);
    let leading = session.content.details.leading(sitting);
    let filter = Filter { sitting: Some((sitting, leading)), ..Filter::default() };
    page(ctx, event_of(&session)?, filter, paging).await
}

async fn page(ctx: &Ctx, event: EventId, filter: Filter, paging: &Paging) -> Result<Page<Visible<Duty>>, Error> {
    let Page { items, next_cursor } =
        store::duty_list(ctx.read(Resource::Attendance)?, &ctx.actor, event, filter, paging).await?;
    Ok(Page { items: shown(ctx, items).await?, next_cursor })
}

/// One duty.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Duty>, Error> {
    let duty = store::duty_find(ctx.read(Resource::Attendance)?, &ctx.actor, handle).await?;
    only(ctx, duty).await
}

/// The duties with the names the caller may know. Who is protected has a duty and no name.
async fn shown(ctx: &Ctx, duties: Vec<Visible<Duty>>) -> Result<Vec<Visible<Duty>>, Error> {
    let names = people::names_of(ctx, duties.iter().filter_map(|duty| duty.content.person())).await?;
    let named = |duty: Duty| {
        let name = duty.person().and_then(|person| names.get(&person)).map(|name| name.at(ctx.now).to_owned());
        let person_id = duty.details.person_id.clone().filter(|_| name.is_some());
        Duty { details: DutyDetails { person_id, ..duty.details }, name, ..duty }
    };
    Ok(duties.into_iter().map(|duty| duty.map(named)).collect())
}

async fn only(ctx: &Ctx, duty: Visible<Duty>) -> Result<Visible<Duty>, Error> {
    shown(ctx, vec![duty]).await?.pop().ok_or(Error::NotFound)
}

fn event_of(session: &Visible<Session>) -> Result<EventId, Error> {
    let event = reference(Some(&session.content.details.event_id));
    event.map(EventId).ok_or_else(|| Error::internal("a session without the id of its event"))
}

/// Gives somebody a duty in a session, or in one sitting of it.
pub async fn create(ctx: &Ctx, session: &Handle, input: DutyDetails) -> Result<Visible<Duty>, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let session = match input.sitting_only {
        true => schedule::get(ctx, session).await?,
        false => schedule::sittings::leading(ctx, session).await?,
    };
    let event = events::get(ctx, &session.content.details.event_id).await?;
    let permit = ctx.actor.permit(Resource::Attendance, events::target(&event))?;
    input.check()?;
    let input = resolved(ctx, input, EventId(event.id)).await?;
    let tx = ctx.write(permit).await?;
    events::lock(&tx, EventId(event.id)).await?;
    let made = store::duty_insert(&tx, EventId(event.id), SessionId(session.id), &input, Answer::default()).await?;
    record(&tx, "duty.given", &made, (&event, session.content.disclosure()), to_json(&made.content)?);
    tx.commit().await?;
    only(ctx, made).await
}

async fn resolved(ctx: &Ctx, mut input: DutyDetails, event: EventId) -> Result<DutyDetails, Error> {
    if let Some(person) = &input.person_id {
        input.person_id = Some(Handle::Id(people::resolve(ctx, person, "/person_id").await?.0));
    }
    if let Some(delegation) = &input.delegation_id {
        let delegation = delegations::resolve(ctx, event, delegation, "/delegation_id").await?;
        input.delegation_id = Some(Handle::Id(delegation.id));
    }
    Ok(input)
}

/// A duty with where it stands.
struct Found {
    duty: Visible<Duty>,
    session: Visible<Session>,
    event: Visible<Event>,
}

async fn found(ctx: &Ctx, handle: &Handle) -> Result<Found, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let duty = store::duty_find(ctx.read(Resource::Attendance)?, &ctx.actor, handle).await?;
    let session = schedule::get(ctx, &Handle::Id(duty.content.session_id.0)).await?;
    let event = events::get(ctx, &Handle::Id(duty.content.event_id.0)).await?;
    Ok(Found { duty, session, event })
}

/// Changes what somebody has to do, if the duty still is what the caller read; who has it stays. A duty that is another
/// one is answered anew.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&DutyDetails) -> Result<DutyDetails, Error>,
) -> Result<Visible<Duty>, Error> {
    let Found { duty, session, event } = found(ctx, handle).await?;
    let permit = ctx.actor.permit(Resource::Attendance, events::target(&event))?;
    expected.check_object(&only(ctx, duty.clone()).await?)?;
    let input = edit(&duty.content.details)?;
    input.check()?;
    if session.content.details.sitting_of.is_some() && !input.sitting_only {
        let detail = "The duty is one in this sitting. Take it back, and give it in the session they all belong to.";
        return Err(Error::invalid("/sitting_only", "duty_of_sitting", detail));
    }
    let next = duty.content.redefined(input)?;
    settle(ctx, permit, duty, next, (&event, session.content.disclosure()), "duty.changed").await
}

/// Says whether somebody will be there: whoever has the duty, who acts for their organisation, or who plans the event.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: DutyTransition) -> Result<Visible<Duty>, Error> {
    let Found { duty, session, event } = found(ctx, handle).await?;
    let permit = answering(ctx, &duty.content, &event).await?;
    let next = Duty { answer: transition.to, ..duty.content.clone() };
    settle(ctx, permit, duty, next, (&event, session.content.disclosure()), "duty.answered").await
}

async fn answering(ctx: &Ctx, duty: &Duty, event: &Visible<Event>) -> Result<Permit, Error> {
    if let Ok(permit) = ctx.actor.permit(Resource::Attendance, events::target(event)) {
        return Ok(permit);
    }
    if duty.person().is_some() && duty.person() == ctx.actor.offices.person {
        return Ok(ctx.actor.permit_in_person(duty.event_id)?);
    }
    let organisation = store::duty_organisation(ctx.read(Resource::Attendance)?, duty).await?;
    Ok(ctx.actor.permit(Resource::Attendance, target(event, organisation))?)
}

async fn settle(
    ctx: &Ctx,
    permit: Permit,
    current: Visible<Duty>,
    next: Duty,
    place: (&Visible<Event>, Disclosure),
    kind: &'static str,
) -> Result<Visible<Duty>, Error> {
    let tx = ctx.write(permit).await?;
    events::lock(&tx, EventId(place.0.id)).await?;
    let made = store::duty_update(&tx, &current, &next).await?;
    record(&tx, kind, &made, place, audit::diff(&current.content, &made.content)?);
    if made.content.answer != current.content.answer {
        invitations::follow_duty(&tx, place.0, &made.content).await?;
    }
    tx.commit().await?;
    only(ctx, made).await
}

/// Takes a duty back.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let Found { duty, session, event } = found(ctx, handle).await?;
    let permit = ctx.actor.permit(Resource::Attendance, events::target(&event))?;
    expected.check_object(&only(ctx, duty.clone()).await?)?;
    let tx = ctx.write(permit).await?;
    events::lock(&tx, EventId(event.id)).await?;
    let version = store::duty_delete(&tx, &duty).await?;
    jobs::duties_lost(&ctx.app, &tx).await?;
    record(&tx, "duty.deleted", &Visible { version, ..duty }, (&event, session.content.disclosure()), Value::Null);
    tx.commit().await
}

/// Those who plan the event are told; what is planned of people is not for the other delegations.
pub(super) fn record(
    tx: &Tx,
    kind: &'static str,
    duty: &Visible<Duty>,
    (event, session): (&Visible<Event>, Disclosure),
    diff: Value,
) {
    let stated = event.content.details.disclosure();
    tx.programme_changed(event.id);
    tx.record(Change {
        event: Some(event.id),
        group: reference(event.content.details.group_id.as_ref()),
        subject: duty.content.person().map(|person| person.0),
        disclosure: session.within(stated).at_least(Visibility::Chairs),
        diff,
        ..Change::new(kind, duty.id, duty.version)
    });
}
