//! Answers by mail: which invitation they are for says the address they came to, who may answer it says `domain`, and what
//! is not simply taken waits here for those who plan the event.

pub mod resource;
mod store;

use domain::{
    access::{Resource, Target, Visibility},
    attendance::{
        invitation::Channel,
        invitation_reply::{Arrived, Asked, Decision, Fate, InvitationReply, InvitationReplyTransition, Reason, State},
    },
    calendars::{Participation, reply},
    events::Event,
    identifier::{EventId, Handle},
    schedule,
};
use mail_parser::{Message, MessageParser, MimeHeaders};
use serde_json::json;
use uuid::Uuid;

use super::{
    answer, answer_within, record, sending,
    store::{Answered, Kept, invitation_answered, invitation_kept},
    tokens::Seals,
};
use crate::{
    context::{App, Ctx},
    db::{Change, Page, Paging, Tx, Visible, reference},
    error::Error,
    events,
};

/// Answers to one invitation that wait at once.
const MOST_OPEN: u64 = 20;
/// Characters of what somebody writes by hand that are kept.
const COMMENT_CHARACTERS: usize = 1000;

/// What is said to whoever hands over a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken, whatever becomes of it.
    Taken,
    /// Too many wait already.
    Full,
    /// There is no such invitation.
    Unknown,
}

/// The invitation that an address was given out for.
pub fn invitation_of(app: &App, address: &str) -> Result<Option<Uuid>, Error> {
    Ok(Seals::open(app)?.of_address(address))
}

/// Takes a mail that came to the address of an invitation.
pub async fn take(app: &App, id: Uuid, mail: &[u8]) -> Result<Verdict, Error> {
    let ctx = Ctx::internal(app, "mail");
    let Some(kept) = invitation_kept(app.db.read(), id).await? else { return Ok(Verdict::Unknown) };
    let Some(message) = MessageParser::default().parse(mail) else { return Ok(Verdict::Taken) };
    let event = match events::get(&ctx, &Handle::Id(kept.shown.content.event_id.0)).await {
        Ok(event) => event,
        Err(Error::NotFound | Error::Gone) => return Ok(Verdict::Unknown),
        Err(error) => return Err(error),
    };
    if super::is_over(&kept, ctx.now) {
        return Ok(Verdict::Taken);
    }
    let address = sending::reader_of(&ctx, kept.person).await?.map(|reader| reader.address.to_lowercase());
    let uid = schedule::uid(kept.session(), &app.config.uid_domain);
    let (sequence, stamp) = (kept.shown.content.sequence, kept.reply_stamp);
    let asked = Asked { uid: &uid, address: address.as_deref(), sequence, stamp };
    let reply = calendar_of(&message).and_then(|text| reply::read(&text));
    let sender = sender_of(&message);
    let arrived = Arrived { sender: sender.as_deref(), reply: reply.as_ref(), automatic: is_automatic(&message) };
    match arrived.fate(&asked) {
        Fate::Ignore => Ok(Verdict::Taken),
        Fate::Answer(to) => {
            let answered = answered(&arrived, &asked, to);
            let permit = ctx.actor.permit(Resource::Attendance, Target::default())?;
            match answer(&ctx, permit, (&event, id), answered).await {
                // Over or taken back in the meantime.
                Ok(_) | Err(Error::Conflict { .. }) => Ok(Verdict::Taken),
                Err(error) => Err(error),
            }
        }
        Fate::Look(reason) => keep(&ctx, (&event, &kept), (&arrived, &asked), reason, by_hand(&message)).await,
    }
}

fn answered(arrived: &Arrived<'_>, asked: &Asked<'_>, to: Participation) -> Answered {
    Answered {
        to,
        via: Channel::Mail,
        comment: arrived.reply.and_then(|reply| reply.comment.clone()),
        delegated_to: arrived.own(asked).and_then(|own| own.delegated_to.clone()),
        stamp: arrived.reply.and_then(|reply| reply.stamp),
    }
}

/// Keeps a mail for somebody to look at; that somebody else should come is shown with the invitation at once.
async fn keep(
    ctx: &Ctx,
    (event, kept): (&Visible<Event>, &Kept),
    (arrived, asked): (&Arrived<'_>, &Asked<'_>),
    reason: Reason,
    by_hand: Option<String>,
) -> Result<Verdict, Error> {
    let tx = ctx.write(ctx.actor.permit(Resource::Attendance, Target::default())?).await?;
    events::lock(&tx, EventId(event.id)).await?;
    if store::replies_open(&tx, kept.shown.id).await? >= MOST_OPEN {
        return Ok(Verdict::Full);
    }
    let named = arrived.own(asked).or_else(|| arrived.reply.and_then(|reply| reply.attendees.first()));
    let reply = InvitationReply {
        invitation_id: kept.shown.id,
        event_id: EventId(event.id),
        reason,
        sender: arrived.sender.map(str::to_owned),
        attendee: named.map(|named| named.address.clone()),
        answer: named.and_then(|named| named.answer),
        delegated_to: named.and_then(|named| named.delegated_to.clone()),
        comment: arrived.reply.map_or(by_hand, |reply| reply.comment.clone()),
        state: State::Open,
    };
    let made = store::reply_insert(&tx, reply).await?;
    noted(&tx, "invitation_reply.received", &made, (event, kept));
    if reason == Reason::Delegated {
        let answered = answered(arrived, asked, Participation::Delegated);
        let kept = invitation_answered(&tx, kept.shown.id, answered).await?;
        record(&tx, "invitation.answered", &kept, event);
    }
    tx.commit().await?;
    Ok(Verdict::Taken)
}

/// The calendar in a mail, whatever is around it.
fn calendar_of(message: &Message<'_>) -> Option<String> {
    let is_calendar = |kind: &str, subtype: Option<&str>| {
        let subtype = subtype.unwrap_or_default();
        (kind.eq_ignore_ascii_case("text") && subtype.eq_ignore_ascii_case("calendar"))
            || (kind.eq_ignore_ascii_case("application") && subtype.eq_ignore_ascii_case("ics"))
    };
    let part = message
        .parts
        .iter()
        .find(|part| part.content_type().is_some_and(|content| is_calendar(content.ctype(), content.subtype())))?;
    Some(part.text_contents().map_or_else(|| String::from_utf8_lossy(part.contents()).into_owned(), str::to_owned))
}

/// The one address it is from.
fn sender_of(message: &Message<'_>) -> Option<String> {
    let mut senders = message.from()?.iter().filter_map(|sender| sender.address());
    let sender = short(senders.next()?);
    senders.next().is_none().then_some(sender)
}

/// As addresses are compared; the longest there is has 254 characters (RFC 5321, 4.5.3.1.3).
fn short(address: &str) -> String {
    address.to_lowercase().chars().filter(|c| !c.is_control()).take(254).collect()
}

/// Whether a program wrote it by itself (RFC 3834, 5).
fn is_automatic(message: &Message<'_>) -> bool {
    let says = |name: &str| message.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
    says("Auto-Submitted").is_some_and(|value| value != "no")
        || says("Return-Path").is_some_and(|value| value == "<>")
        || says("Precedence").is_some_and(|value| ["bulk", "junk", "list"].contains(&value.as_str()))
}

/// What somebody wrote by hand, as far as it is kept.
fn by_hand(message: &Message<'_>) -> Option<String> {
    let text = message.body_text(0)?;
    let text: String = text.trim().chars().filter(|c| !c.is_control() || *c == '\n').take(COMMENT_CHARACTERS).collect();
    (!text.is_empty()).then_some(text)
}

/// One page of the answers at an event that somebody has to look at, or of those of one state.
pub async fn list(
    ctx: &Ctx,
    event: &Handle,
    state: Option<State>,
    paging: &Paging,
) -> Result<Page<Visible<InvitationReply>>, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let event = events::get(ctx, event).await?;
    store::reply_list(connection, &ctx.actor, (EventId(event.id), state), paging).await
}

/// Decides on an answer.
pub async fn step(
    ctx: &Ctx,
    handle: &Handle,
    transition: InvitationReplyTransition,
) -> Result<Visible<InvitationReply>, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let reply = store::reply_find(ctx.read(Resource::Attendance)?, &ctx.actor, handle).await?;
    let event = events::get(ctx, &Handle::Id(reply.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Attendance, events::target(&event))?;
    if reply.content.state != State::Open {
        let detail = "Somebody has decided on this answer already. Answer the invitation itself to change it.";
        return Err(Error::conflict("reply_decided", detail));
    }
    let kept = invitation_kept(ctx.app.db.read(), reply.content.invitation_id).await?.ok_or(Error::NotFound)?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    if transition.to == Decision::Applied {
        answer_within(&tx, (&event, kept.shown.id), believed(&reply.content)?).await?;
    }
    let made = store::reply_decide(&tx, &reply, transition.to).await?;
    noted(&tx, "invitation_reply.decided", &made, (&event, &kept));
    tx.commit().await?;
    Ok(made)
}

/// What an answer says once somebody believes it.
fn believed(reply: &InvitationReply) -> Result<Answered, Error> {
    let to = reply.answer.filter(|answer| *answer != Participation::NeedsAction).ok_or_else(|| {
        let detail = "It says neither yes nor no. Answer the invitation itself, or dismiss this.";
        Error::conflict("reply_without_answer", detail)
    })?;
    let (comment, delegated_to) = (reply.comment.clone(), reply.delegated_to.clone());
    Ok(Answered { to, via: Channel::Mail, comment, delegated_to, stamp: None })
}

/// What somebody says of themselves in a mail is for those who plan the event.
fn noted(tx: &Tx, kind: &'static str, reply: &Visible<InvitationReply>, (event, kept): (&Visible<Event>, &Kept)) {
    let details = &event.content.details;
    tx.record(Change {
        event: Some(event.id),
        group: reference(details.group_id.as_ref()),
        subject: Some(kept.person.0),
        disclosure: details.disclosure().at_least(Visibility::Chairs),
        diff: json!({"reason": reply.content.reason, "state": reply.content.state}),
        ..Change::new(kind, reply.id, reply.version)
    });
}
