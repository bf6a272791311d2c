//! Invitations: whoever has a part in a session people know of is mailed an entry for their calendar, its changes and its
//! end, and answers with a button, a link, or here.
//!
//! Nobody is invited but by a duty: `invited` is one. What is due is found in `following`, and written in `sending`.

pub mod following;
pub mod pages;
pub mod replies;
pub mod resource;
mod sending;
mod store;
mod tokens;

use domain::{
    access::{Disclosure, Permit, Resource, Target, Visibility},
    attendance::{
        Answer, Duty,
        invitation::{Channel, Invitation, InvitationTransition, SentMail},
    },
    calendars::Participation,
    events::Event,
    identifier::{EventId, Handle, PersonId, SessionId},
};
use jiff::Timestamp;
use lettre::message::Mailbox;
use serde_json::json;
use uuid::Uuid;

use super::{duties, target};
use crate::{
    audit,
    config::Config,
    context::Ctx,
    db::{Change, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events::{self, sittings},
    jobs::JobKind,
    mail,
    people::{self, mail_settings},
    schedule,
};
use following::{Programme, Turn};
use sending::Guest;
use store::{Answered, Kept, Of};
use tokens::Seals;

/// Whether this server sends invitations.
pub fn are_sent(config: &Config) -> bool {
    config.invitations && config.smtp_url.is_some()
}

/// Who invites, and reads what is answered by people.
fn desk(config: &Config) -> Result<Mailbox, Error> {
    let sender = mail::sender(config)?;
    let desk = config.rsvp_address.as_ref().map(|desk| desk.0.clone());
    Ok(desk.map_or(sender.clone(), |desk| Mailbox { name: desk.name.or(sender.name), ..desk }))
}

/// One page of the invitations to a sitting that the caller may see.
pub async fn list(ctx: &Ctx, session: &Handle, paging: &Paging) -> Result<Page<Visible<Invitation>>, Error> {
    ctx.read(Resource::Attendance)?;
    let session = schedule::get(ctx, session).await?;
    page(ctx, Of::Session(SessionId(session.id)), paging).await
}

/// One page of the caller's own.
pub async fn own(ctx: &Ctx, paging: &Paging) -> Result<Page<Visible<Invitation>>, Error> {
    ctx.read(Resource::Attendance)?;
    match ctx.actor.offices.person {
        Some(person) => page(ctx, Of::Person(person), paging).await,
        None => Ok(Page { items: vec![], next_cursor: None }),
    }
}

async fn page(ctx: &Ctx, of: Of, paging: &Paging) -> Result<Page<Visible<Invitation>>, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let Page { items, next_cursor } = store::invitation_list(connection, &ctx.actor, of, paging).await?;
    Ok(Page { items: shown(ctx, items).await?, next_cursor })
}

/// One invitation.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Invitation>, Error> {
    let kept = store::invitation_find(ctx.read(Resource::Attendance)?, &ctx.actor, handle).await?;
    only(ctx, kept).await
}

/// One page of the mails of an invitation, the first first.
pub async fn mails(ctx: &Ctx, handle: &Handle, paging: &Paging) -> Result<Page<SentMail>, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let kept = store::invitation_find(connection, &ctx.actor, handle).await?;
    store::mail_list(connection, kept.shown.id, paging).await
}

/// The invitations with the names the caller may know. Who is protected is invited and has no name.
async fn shown(ctx: &Ctx, invitations: Vec<Visible<Invitation>>) -> Result<Vec<Visible<Invitation>>, Error> {
    let person = |invitation: &Invitation| reference(invitation.person_id.as_ref()).map(PersonId);
    let persons = invitations.iter().filter_map(|invitation| person(&invitation.content));
    let names = people::names_of(ctx, persons).await?;
    let named = |invitation: Invitation| {
        let name = person(&invitation).and_then(|id| names.get(&id)).map(|name| name.at(ctx.now).to_owned());
        let person_id = invitation.person_id.clone().filter(|_| name.is_some());
        Invitation { person_id, name, ..invitation }
    };
    Ok(invitations.into_iter().map(|invitation| invitation.map(named)).collect())
}

async fn only(ctx: &Ctx, kept: Kept) -> Result<Visible<Invitation>, Error> {
    shown(ctx, vec![kept.shown]).await?.pop().ok_or(Error::NotFound)
}

/// Sends the last mail of an invitation once more.
pub async fn resend(ctx: &Ctx, handle: &Handle) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let kept = store::invitation_find(ctx.read(Resource::Attendance)?, &ctx.actor, handle).await?;
    let event = events::get(ctx, &Handle::Id(kept.shown.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Attendance, events::target(&event))?;
    if !are_sent(&ctx.app.config) {
        let detail = "This server sends no invitations. Its operator sets invitations and smtp_url.";
        return Err(Error::conflict("invitations_off", detail));
    }
    if kept.span.1 <= ctx.now {
        return Err(over());
    }
    if !mail_settings::of(ctx.app.db.read(), kept.person).await?.invitations {
        let detail = "They want no invitations by mail, and say so in their mail settings. Tell them in another way.";
        return Err(Error::conflict("invitations_not_wanted", detail));
    }
    let (event_id, session) = (kept.shown.content.event_id, kept.session());
    let turn = to_json(&Turn { event: event_id, person: kept.person, again: Some(session) })?;
    let tx = ctx.write(permit).await?;
    tx.job_enqueue(JobKind::InvitationMail.as_str(), turn, tx.now()).await?;
    record(&tx, "invitation.resent", &kept, &event);
    tx.commit().await
}

fn over() -> Error {
    Error::conflict("invitation_over", "The session is over. Nothing is sent or answered to it any more.")
}

/// Answers an invitation: whoever is invited, who acts for their organisation, or who plans the event.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: InvitationTransition) -> Result<Visible<Invitation>, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let kept = store::invitation_find(ctx.read(Resource::Attendance)?, &ctx.actor, handle).await?;
    let event = events::get(ctx, &Handle::Id(kept.shown.content.event_id.0)).await?;
    let permit = answering(ctx, &kept, &event).await?;
    transition.check()?;
    let answered = Answered::by(&transition, Channel::Api);
    let kept = answer(ctx, permit, (&event, kept.shown.id), answered).await?;
    only(ctx, kept).await
}

async fn answering(ctx: &Ctx, kept: &Kept, event: &Visible<Event>) -> Result<Permit, Error> {
    if let Ok(permit) = ctx.actor.permit(Resource::Attendance, events::target(event)) {
        return Ok(permit);
    }
    if ctx.actor.offices.person == Some(kept.person) {
        return Ok(ctx.actor.permit_invited(EventId(event.id))?);
    }
    let connection = ctx.read(Resource::Attendance)?;
    let own = duties::store::organisation_of(connection, EventId(event.id), kept.person).await?;
    Ok(ctx.actor.permit(Resource::Attendance, target(event, own))?)
}

impl Answered {
    fn by(transition: &InvitationTransition, via: Channel) -> Self {
        let comment = transition.comment.clone();
        Self { to: transition.to.into(), via, comment, delegated_to: None, stamp: None }
    }
}

/// Keeps an answer.
async fn answer(
    ctx: &Ctx,
    permit: Permit,
    (event, id): (&Visible<Event>, Uuid),
    answered: Answered,
) -> Result<Kept, Error> {
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let kept = answer_within(&tx, (&event, id), answered).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Keeps an answer, and gives it to the duties that are in this sitting alone; in those in several sittings the answer to
/// one of them is that to the one.
async fn answer_within(tx: &Tx, (event, id): (&Visible<Event>, Uuid), answered: Answered) -> Result<Kept, Error> {
    let before = store::invitation_kept(tx.connection(), id).await?.ok_or(Error::NotFound)?;
    if before.span.1 <= tx.now() {
        return Err(over());
    }
    if before.shown.content.method == Some(domain::calendars::Method::Cancel) {
        let detail = "The invitation was taken back. Ask the secretariat if you think you are still expected.";
        return Err(Error::conflict("invitation_withdrawn", detail));
    }
    let kept = store::invitation_answered(tx, id, answered).await?;
    let sitting = kept.session();
    let alone = sittings::sittings_count(tx, sitting).await? == 0;
    let to = duty_answer(kept.shown.content.answer);
    for duty in duties::store::duties_of_person(tx.connection(), kept.person, [sitting]).await? {
        let Some(answer) = to.filter(|to| (alone || duty.content.details.sitting_only) && *to != duty.content.answer)
        else {
            continue;
        };
        let next = Duty { answer, ..duty.content.clone() };
        let made = duties::store::duty_update(tx, &duty, &next).await?;
        let diff = audit::diff(&duty.content, &made.content)?;
        duties::record(tx, "duty.answered", &made, (event, Disclosure::of(Visibility::Chairs)), diff);
    }
    record(tx, "invitation.answered", &kept, event);
    Ok(kept)
}

/// What an answer to an invitation is to a duty; whom somebody would send instead, the secretariat decides.
fn duty_answer(answer: Participation) -> Option<Answer> {
    match answer {
        Participation::Accepted => Some(Answer::Accepted),
        Participation::Tentative => Some(Answer::Tentative),
        Participation::Declined => Some(Answer::Declined),
        Participation::NeedsAction | Participation::Delegated => None,
    }
}

/// Gives the answer to a duty to the invitations that go with it.
pub(super) async fn follow_duty(tx: &Tx, event: &Visible<Event>, duty: &Duty) -> Result<(), Error> {
    let Some(person) = duty.person() else { return Ok(()) };
    let to = match duty.answer {
        Answer::Invited => Participation::NeedsAction,
        Answer::Accepted => Participation::Accepted,
        Answer::Tentative => Participation::Tentative,
        Answer::Declined => Participation::Declined,
    };
    for kept in store::invitations_of_duty(tx, duty, person).await? {
        if kept.shown.content.answer != to {
            let answered = Answered { to, via: Channel::Api, comment: None, delegated_to: None, stamp: None };
            let kept = store::invitation_answered(tx, kept.shown.id, answered).await?;
            record(tx, "invitation.answered", &kept, event);
        }
    }
    Ok(())
}

/// An invitation as whoever has its link is shown it.
pub struct Opened {
    /// Title of the sitting, in the language of who is invited.
    pub title: String,
    /// When it starts, on the clocks of the event.
    pub start: String,
    /// When it ends.
    pub end: String,
    /// IANA name of the zone of the event.
    pub zone: String,
    /// Where.
    pub place: Option<String>,
    /// What was answered.
    pub answer: Participation,
    /// The language.
    pub language: domain::Language,
    event: Visible<Event>,
    id: Uuid,
}

/// What a link opens, as long as the invitation stands and the sitting is not over. Nothing is changed by that.
pub async fn open(ctx: &Ctx, token: &str) -> Result<Opened, Error> {
    let id = Seals::open(&ctx.app)?.of_link(token).ok_or(Error::NotFound)?;
    let kept = store::invitation_kept(ctx.app.db.read(), id).await?.ok_or(Error::NotFound)?;
    let ctx = Ctx::internal(&ctx.app, "link");
    if is_over(&kept, ctx.now) {
        return Err(Error::Gone);
    }
    let programme = Programme::load(&ctx, kept.shown.content.event_id).await?.ok_or(Error::Gone)?;
    let guest = Guest::of(&ctx, &programme, kept.person).await?.filter(|guest| guest.sees(kept.session()));
    let guest = guest.ok_or(Error::Gone)?;
    let (sitting, setting) = programme.sitting(kept.session())?.ok_or(Error::Gone)?;
    let slot = sitting.content.slot.ok_or(Error::Gone)?;
    let details = &programme.event.content.details;
    let words = |at: jiff::civil::DateTime| at.strftime("%Y-%m-%d %H:%M").to_string();
    let title = sitting.content.details.title.resolve(&guest.languages).map(|(_, title)| title).unwrap_or_default();
    Ok(Opened {
        title: format!("{} {title}", sitting.content.number),
        start: words(slot.starts_local),
        end: words(slot.ends_local),
        zone: details.time_zone.clone(),
        place: setting.location(&guest.languages),
        answer: kept.shown.content.answer,
        language: guest.language(),
        event: programme.event.clone(),
        id,
    })
}

fn is_over(kept: &Kept, now: Timestamp) -> bool {
    kept.span.1 <= now || kept.shown.content.method != Some(domain::calendars::Method::Request)
}

/// Answers by link.
pub async fn answer_by_link(ctx: &Ctx, token: &str, transition: InvitationTransition) -> Result<Opened, Error> {
    transition.check()?;
    let opened = open(ctx, token).await?;
    let inner = Ctx { address: ctx.address.clone(), ..Ctx::internal(&ctx.app, "link") };
    let permit = inner.actor.permit(Resource::Attendance, Target::default())?;
    let answered = Answered::by(&transition, Channel::Link);
    let kept = answer(&inner, permit, (&opened.event, opened.id), answered).await?;
    Ok(Opened { answer: kept.shown.content.answer, ..opened })
}

/// What is planned of people is for those who plan and for themselves.
fn record(tx: &Tx, kind: &'static str, kept: &Kept, event: &Visible<Event>) {
    let details = &event.content.details;
    let invitation = &kept.shown.content;
    let said = json!({
        "method": invitation.method, "sequence": invitation.sequence, "answer": invitation.answer,
        "answered_via": invitation.answered_via,
    });
    tx.record(Change {
        event: Some(event.id),
        group: reference(details.group_id.as_ref()),
        subject: Some(kept.person.0),
        disclosure: details.disclosure().at_least(Visibility::Chairs),
        diff: said,
        ..Change::new(kind, kept.shown.id, kept.shown.version)
    });
}
