//! What organisations answer: one set each, whoever writes it.

use domain::{
    access::Resource,
    events::Event,
    identifier::{EventId, Handle, OrganisationId, PollId},
    schedule::poll::{NewAnswers, State},
};

use super::{
    Reader, of_organisation, refused,
    shown::AnswersShown,
    store::{self, Stored},
};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Visible, reference},
    error::Error,
    events, organisations,
    schedule::plans,
};
use domain::access::Visibility;

/// What an organisation has answered, with its version.
#[derive(Debug)]
pub struct Written {
    /// What.
    pub answers: AnswersShown,
    /// Rises with every write; 0 while nothing was said.
    pub version: i32,
}

/// What an organisation has answered, if the caller may know it.
pub async fn answer_get(ctx: &Ctx, poll: &Handle, organisation: &Handle) -> Result<Written, Error> {
    let (event, poll, organisation) = asked(ctx, poll, organisation).await?;
    let said = store::answer_find(ctx.read(Resource::Attendance)?, PollId(poll.id), organisation).await?;
    let acts_for = |organisation| ctx.actor.acts_for(organisation, EventId(event.id));
    let reader = Reader { now: ctx.now, inside: plans::plans(ctx, &event), acts_for: &acts_for, sessions: &[] };
    if !reader.knows(&poll.content.poll, organisation) {
        return Err(Error::NotFound);
    }
    let version = said.version;
    Ok(Written { answers: reader.answers(&poll.content.poll, said), version })
}

/// Writes what an organisation answers, if nobody has written it meanwhile.
pub async fn answer_put(
    ctx: &Ctx,
    poll: &Handle,
    organisation: &Handle,
    expected: Expected,
    input: NewAnswers,
) -> Result<Written, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let (event, known, organisation) = asked(ctx, poll, organisation).await?;
    let permit = ctx.actor.permit(Resource::Attendance, of_organisation(&event, organisation))?;
    let runs = runs(ctx, &event);
    let tx = ctx.write(permit).await?;
    let poll = store::poll_lock(&tx, PollId(known.id)).await?.content.poll;
    if !poll.invites(organisation) {
        return Err(Error::NotFound);
    }
    poll.state.going_on().map_err(refused)?;
    let before = store::answer_find(tx.connection(), PollId(known.id), organisation).await?;
    let acts_for = |organisation| ctx.actor.acts_for(organisation, EventId(event.id));
    let reader = Reader { now: ctx.now, inside: plans::plans(ctx, &event), acts_for: &acts_for, sessions: &[] };
    expected.check_version(before.version, &reader.answers(&poll, before.clone()))?;
    let late = poll.state_at(ctx.now) == State::Closed;
    if late && !runs {
        let detail = "The poll is closed. Tell the secretariat, which can still write down what you answer.";
        return Err(Error::conflict("poll_closed", detail));
    }
    let answers = input.settled(&poll, late)?;
    let said = store::answer_write(&tx, PollId(known.id), organisation, before.version, answers).await?;
    let diff = audit::diff(&before.answers, &said.answers)?;
    tx.record(Change { diff, ..change(&event, &known, organisation) });
    tx.commit().await?;
    let version = said.version;
    Ok(Written { answers: reader.answers(&poll, said), version })
}

/// Whether the caller runs the event, whatever its key may write there.
fn runs(ctx: &Ctx, event: &Visible<Event>) -> bool {
    let target = events::target(event);
    ctx.actor.runs(target) || ctx.actor.permit(Resource::Sessions, target).is_ok()
}

/// A poll that the caller may see, and an organisation that is asked in it.
async fn asked(
    ctx: &Ctx,
    poll: &Handle,
    organisation: &Handle,
) -> Result<(Visible<Event>, Visible<Stored>, OrganisationId), Error> {
    let poll = store::poll_find(ctx.read(Resource::Attendance)?, &ctx.actor, poll).await?;
    let event = events::get(ctx, &Handle::Id(poll.content.event.0)).await?;
    let organisation = match organisation {
        Handle::Id(id) => OrganisationId(*id),
        code => OrganisationId(organisations::get(ctx, code).await?.id),
    };
    if !poll.content.poll.invites(organisation) {
        return Err(Error::NotFound);
    }
    Ok((event, poll, organisation))
}

/// The organisation learns of it, and those who run the event; the others see it in the poll as far as they may.
fn change(event: &Visible<Event>, poll: &Visible<Stored>, organisation: OrganisationId) -> Change {
    let details = &event.content.details;
    Change {
        event: Some(event.id),
        group: reference(details.group_id.as_ref()),
        organisation: Some(organisation.0),
        disclosure: details.disclosure().at_least(Visibility::Chairs),
        ..Change::new("poll.answered", poll.id, poll.version)
    }
}
