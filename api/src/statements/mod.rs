//! Statements: negotiated texts. Here what is known of one and the steps it takes; below, its clauses, its frozen
//! versions, who took part in it, its first draft and its exports.
//!
//! Only the secretariat writes here. Delegations see a statement once it is tabled.

pub mod clauses;
pub mod draft;
pub mod export;
pub mod participants;
pub mod resource;
pub mod store;
pub mod versions;

use domain::{
    access::{Resource, Visibility},
    external::ExternalId,
    identifier::Handle,
    statements::{Adoption, Clause, Content, Details, Refusal, State, Statement, Transition},
};
use jiff::civil::Date;
use serde_json::Value;

use crate::{
    attendance,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, if_seen, object_by_external, to_json},
    error::Error,
    events, organisations, people,
};
use participants::Around;
pub use store::{Filter, Occasion};

const KIND: &str = "statement";

/// One page of the statements the caller may see, in the order in which they were made.
pub async fn list(ctx: &Ctx, filter: &Filter, paging: &Paging) -> Result<Page<Visible<Statement>>, Error> {
    store::statement_list(ctx.read(Resource::Statements)?, &ctx.actor, filter, paging).await
}

/// One statement, if the caller may see it.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Statement>, Error> {
    store::statement_find(ctx.read(Resource::Statements)?, &ctx.actor, handle).await
}

/// Adds a statement, in drafting.
pub async fn create(ctx: &Ctx, input: Details) -> Result<Visible<Statement>, Error> {
    ctx.actor.may_write(Resource::Statements)?;
    let input = checked(ctx, input, None).await?;
    let occasion = occasion_of(ctx, &input).await?;
    let permit = ctx.actor.permit(Resource::Statements, occasion.target())?;
    let tx = ctx.write(permit).await?;
    let made = store::statement_insert(&tx, &input).await?;
    record(&tx, "statement.created", &made, &occasion, to_json(&made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Changes what is said of a statement, if it still is what the caller read. `edit` makes the new details of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Details) -> Result<Details, Error>,
) -> Result<Visible<Statement>, Error> {
    ctx.actor.may_write(Resource::Statements)?;
    let current = get(ctx, handle).await?;
    let occasion = occasion_of(ctx, &current.content.details).await?;
    let permit = ctx.actor.permit(Resource::Statements, occasion.target())?;
    expected.check_object(&current)?;
    let input = checked(ctx, edit(&current.content.details)?, Some(&current.content.details)).await?;
    current.content.admit(&input).map_err(refused)?;
    let tx = ctx.write(permit).await?;
    let next = Statement { details: input, ..current.content.clone() };
    let made = store::statement_update(&tx, &current, &next).await?;
    record(&tx, "statement.updated", &made, &occasion, crate::audit::diff(&current.content, &made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Takes a statement the step that `transition` asks for. Tabling, adopting and publishing a chair's summary freeze a
/// version in the same moment.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: Transition) -> Result<Visible<Statement>, Error> {
    ctx.actor.may_write(Resource::Statements)?;
    transition.check()?;
    let known = get(ctx, handle).await?;
    let around = participants::around(ctx, &known).await?;
    let permit = ctx.actor.permit(Resource::Statements, around.occasion.target())?;
    let adoption = match transition.to {
        State::Adopted => Some(adoption(ctx, &around.occasion, &known, &transition).await?),
        _ => None,
    };
    let sitting = match adoption.as_ref().and_then(|adoption| adoption.session.as_ref()) {
        // A session that the statement named long ago may be gone since; then nothing is counted there.
        Some(session) => if_seen(attendance::quorum::sitting(ctx, session).await)?,
        None => None,
    };
    let tx = ctx.write(permit).await?;
    let current = store::statement_lock(&tx, known.id).await?;
    let clauses = clauses::store::clause_list(tx.connection(), current.id).await?;
    let clauses: Vec<_> = clauses.into_iter().map(|clause| clause.content).collect();
    let mut next = stepped(&current.content, &transition, adoption.as_ref(), &clauses)?;
    ctx.may_lower(current.content.details.disclosure().tlp, next.details.disclosure().tlp)?;
    if let Some(label) = versions::label_of_step(&tx, &current, transition.to).await? {
        let frozen = content(&next, clauses, &around, adoption.map(|adoption| adoption.adoption));
        next.head_version = versions::freeze(&tx, &current, label, transition.comment, frozen).await?;
    }
    if let Some(sitting) = sitting {
        let reason = format!("Adoption of {}", next.details.code);
        attendance::quorum::freeze(&tx, &sitting, Some(reason)).await?;
    }
    let made = store::statement_update(&tx, &current, &next).await?;
    let kind = if made.content.state == State::Adopted { "statement.adopted" } else { "statement.state_changed" };
    record(&tx, kind, &made, &around.occasion, crate::audit::diff(&current.content, &made.content)?);
    if made.content.head_version != current.content.head_version {
        record(&tx, "statement.version_frozen", &made, &around.occasion, Value::Null);
    }
    tx.commit().await?;
    Ok(made)
}

/// Takes a statement out of all lists, with its clauses and versions. What was adopted stays.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Statements)?;
    let current = get(ctx, handle).await?;
    let occasion = occasion_of(ctx, &current.content.details).await?;
    let permit = ctx.actor.permit(Resource::Statements, occasion.target())?;
    expected.check_object(&current)?;
    if current.content.state.is_adopted() {
        let detail = "What was adopted stays on record. Narrow its visibility if it is not to be shown.";
        return Err(Error::conflict("text_is_final", detail));
    }
    let tx = ctx.write(permit).await?;
    let version = store::statement_delete(&tx, &current).await?;
    record(&tx, "statement.deleted", &Visible { version, ..current }, &occasion, Value::Null);
    tx.commit().await
}

/// Creates the statement a partner knows by `external`, or replaces it. Says whether it is new.
pub async fn put_external(
    ctx: &Ctx,
    external: ExternalId,
    expected: Expected,
    mut input: Details,
) -> Result<(Visible<Statement>, bool), Error> {
    external.claim(&mut input.external_ids)?;
    if let Some(id) = object_by_external(ctx.read(Resource::Statements)?, KIND, &external).await?
        && let Some(made) = if_seen(edit(ctx, &Handle::Id(id), expected.or_any(), |_| Ok(input.clone())).await)?
    {
        return Ok((made, false));
    }
    Ok((create(ctx, input).await?, true))
}

/// The text as it stands now.
pub(crate) async fn current_content(ctx: &Ctx, statement: &Visible<Statement>) -> Result<Content, Error> {
    let around = participants::around(ctx, statement).await?;
    let clauses = clauses::store::clause_list(ctx.read(Resource::Statements)?, statement.id).await?;
    let clauses = clauses.into_iter().map(|clause| clause.content).collect();
    Ok(content(&statement.content, clauses, &around, None))
}

fn content(statement: &Statement, clauses: Vec<Clause>, around: &Around, adoption: Option<Adoption>) -> Content {
    let details = statement.details.clone();
    Content {
        code: details.code,
        kind: details.kind,
        state: statement.state,
        title: details.title,
        drafting_language: details.drafting_language,
        languages: details.languages,
        order_policy: details.order_policy,
        clauses,
        participants: around.participants.clone(),
        co_chairs: around.co_chairs.iter().map(|chair| chair.code.clone()).collect(),
        host: around.host.as_ref().map(|host| host.code.clone()),
        adoption,
        previous: None,
    }
}

/// An adoption that is about to happen, and the session in which it did.
struct Adopting {
    adoption: Adoption,
    session: Option<Handle>,
}

/// Where and when the text is adopted, as far as the transition and the event say.
async fn adoption(
    ctx: &Ctx,
    occasion: &Occasion,
    statement: &Visible<Statement>,
    transition: &Transition,
) -> Result<Adopting, Error> {
    let connection = ctx.read(Resource::Statements)?;
    let session = match &transition.session_id {
        Some(session) => Some(store::session_in(connection, &ctx.actor, occasion, session).await?),
        None => None,
    };
    let today = occasion.today(ctx.now)?;
    let ended = session.as_ref().and_then(|session| session.ends_on);
    let on = transition.adopted_on.or(ended).unwrap_or(today);
    check_day(on, occasion, today)?;
    Ok(Adopting {
        adoption: Adoption { place: occasion.city.clone(), on },
        session: session.map(|session| session.handle()).or(statement.content.details.session_id.clone()),
    })
}

fn check_day(on: Date, occasion: &Occasion, today: Date) -> Result<(), Error> {
    if on < occasion.starts_on {
        let detail = format!("The event begins on {}; name that day or a later one.", occasion.starts_on);
        return Err(Error::invalid("/adopted_on", "before_the_event", detail));
    }
    if on > today {
        let detail = format!("A text is adopted when it has been: name {today} or an earlier day.");
        return Err(Error::invalid("/adopted_on", "in_the_future", detail));
    }
    Ok(())
}

/// The statement after the step, as far as the domain allows it.
fn stepped(
    current: &Statement,
    transition: &Transition,
    adopting: Option<&Adopting>,
    clauses: &[Clause],
) -> Result<Statement, Error> {
    let state = current.state.step(transition.to, current.details.kind, clauses).map_err(refused)?;
    let mut next = Statement { state, ..current.clone() };
    if let Some(adopting) = adopting {
        next.adopted_on = Some(adopting.adoption.on);
        next.details.session_id = adopting.session.clone();
    }
    next.details.visibility = match state {
        State::Published => Visibility::Public,
        // Delegations never saw it and have no reason to now.
        State::Withdrawn if current.state == State::Drafting => Visibility::Secretariat,
        _ => next.details.visibility,
    };
    if !next.details.visibility.names_few() {
        next.details.audience_ids.clear();
    }
    next.details = next.details.labelled(Some(&current.details));
    next.details.disclosure().checked()?;
    Ok(next)
}

/// The input with its references resolved, once nothing is wrong with it. References that stay as they were are not
/// asked for again: an organisation may have been deleted since.
async fn checked(ctx: &Ctx, mut input: Details, current: Option<&Details>) -> Result<Details, Error> {
    input = input.labelled(current);
    input.check()?;
    ctx.may_label(current.map(|current| current.disclosure().tlp), input.disclosure().tlp)?;
    if current.is_none_or(|current| current.event_id != input.event_id) {
        input.event_id = Handle::Id(events::resolve(ctx, &input.event_id, "/event_id").await?.id);
    }
    if current.is_some_and(|current| current.event_id != input.event_id) {
        let detail = "A statement stays with its event. Add a new statement to the other event.";
        return Err(Error::invalid("/event_id", "cannot_change", detail));
    }
    if let Some(session) = &input.session_id
        && current.is_none_or(|current| current.session_id != input.session_id)
    {
        let occasion = occasion_of(ctx, &input).await?;
        let session = store::session_in(ctx.read(Resource::Statements)?, &ctx.actor, &occasion, session).await?;
        input.session_id = Some(session.handle());
    }
    if current.is_none_or(|current| current.participants != input.participants) {
        let named = input.participants.iter().enumerate().map(|(at, handle)| (format!("/participants/{at}"), handle));
        input.participants = organisations::resolve_all(ctx, named).await?;
        input.participants.sort_by_key(Handle::id);
        input.participants.dedup();
    }
    let kept = current.map_or(&[][..], |current| &current.audience_ids);
    input.audience_ids = people::audience::resolve(ctx, input.visibility, input.audience_ids, kept).await?;
    Ok(input)
}

async fn occasion_of(ctx: &Ctx, details: &Details) -> Result<Occasion, Error> {
    store::occasion_find(ctx.read(Resource::Statements)?, details).await
}

fn refused(refusal: Refusal) -> Error {
    Error::conflict(refusal.code(), refusal.to_string())
}

/// Records what happened to a statement, never more visible than the statement itself: that is the narrower of what
/// the event and the statement say, and what is being drafted is known to those alone who run the event.
fn record(tx: &Tx, kind: &'static str, statement: &Visible<Statement>, occasion: &Occasion, diff: Value) {
    tx.record(change(kind, statement.id, statement.version, &statement.content, occasion, diff));
}

fn change(
    kind: &'static str,
    id: uuid::Uuid,
    version: i32,
    statement: &Statement,
    occasion: &Occasion,
    diff: Value,
) -> Change {
    let stated = statement.details.disclosure().within(occasion.disclosure);
    let drafting = stated.at_least(Visibility::Chairs);
    let target = occasion.target();
    Change {
        event: target.event.map(Into::into),
        group: target.group.map(Into::into),
        disclosure: if statement.state == State::Drafting { drafting } else { stated },
        diff,
        ..Change::new(kind, id, version)
    }
}
