//! The mails of invitations (iMIP, RFC 6047): one sitting, one person, in their language, with nobody else named.

use std::collections::{HashMap, HashSet};

use domain::{
    Language,
    access::{Resource, Target},
    attendance::invitation::{Occasion, Outcome, Standing, due, letter},
    calendars::{Attendee, Entry, Mailto, Message, Method, Participation, Span, Stamp, When},
    identifier::{EventId, PersonId, SessionId},
    schedule::{self, Slot},
    time,
};

use uuid::Uuid;

use super::{
    desk,
    following::{Programme, Turn},
    store::{self, Kept, Sending},
    tokens::Seals,
};
use crate::{
    access::accounts,
    attendance::{
        notices::{Reader, Recipient, losses::closed},
        reminders::jobs::{HIGHEST_LABEL, languages},
    },
    context::Ctx,
    db::Claimed,
    error::Error,
    events::{page, sittings::sessions_seen},
    mail::{self, Enclosed, Letter},
    people::{self, mail_settings},
};

/// Somebody who is written to, and what they may know.
pub struct Guest {
    reader: Reader,
    /// Whether nothing of the event may be written to them.
    closed: bool,
    name: String,
    /// Best first.
    pub languages: Vec<Language>,
    seen: HashSet<Uuid>,
}

/// Whoever is invited, with the rights of this moment, if they can be written to.
pub async fn reader_of(ctx: &Ctx, person: PersonId) -> Result<Option<Reader>, Error> {
    let account = accounts::of_persons(ctx.app.db.read(), [person], ctx.now).await?.remove(&person);
    Reader::of(ctx, account.map_or(Recipient::Person(person), Recipient::Account)).await
}

impl Guest {
    /// Somebody with the rights of this moment, if they can be written to.
    pub async fn of(ctx: &Ctx, programme: &Programme, person: PersonId) -> Result<Option<Self>, Error> {
        let connection = ctx.app.db.read();
        let Some(reader) = reader_of(ctx, person).await? else { return Ok(None) };
        let closed = closed(ctx, &reader, &programme.event).await?;
        let seen = match closed {
            true => HashSet::new(),
            false => {
                let actor = reader.actor.clone().under(HIGHEST_LABEL);
                sessions_seen(connection, &actor, programme.event.id).await?
            }
        };
        let languages = languages(ctx, Some(person), &programme.event.content).await?;
        let name = people::store::person_name(connection, person.0).await?.unwrap_or_default();
        Ok(Some(Self { reader, closed, name, languages, seen }))
    }

    /// Whether they may be written to about a sitting by what it is called.
    pub fn sees(&self, id: SessionId) -> bool {
        self.seen.contains(&id.0)
    }

    /// Where they are written to.
    pub fn address(&self) -> &str {
        &self.reader.address
    }

    /// What they read first.
    pub fn language(&self) -> Language {
        self.languages.first().cloned().unwrap_or_else(Language::english)
    }
}

/// Sends somebody all that is due to them, each mail kept before the next is sent.
pub async fn send_due(ctx: &Ctx, job: &Claimed, programme: &Programme, turn: &Turn) -> Result<(), Error> {
    let connection = ctx.app.db.read();
    if !mail_settings::of(connection, turn.person).await?.invitations {
        return Ok(());
    }
    let Some(guest) = Guest::of(ctx, programme, turn.person).await? else { return Ok(()) };
    let kept = store::invitations_kept(connection, turn.event, Some(turn.person)).await?;
    let wanted = store::wanted(connection, turn.event, Some(turn.person)).await?;
    let wanted: Vec<_> = wanted.iter().collect();
    let every = programme.every(&kept);
    let mut rows: HashMap<SessionId, Kept> = kept.into_iter().map(|row| (row.session(), row)).collect();
    for id in every {
        let standing = if guest.sees(id) { programme.standing(id, &wanted)? } else { None };
        let row = rows.remove(&id);
        let last = row.as_ref().and_then(Kept::last);
        let next = due(last.as_ref(), standing.as_ref(), ctx.now);
        let again = last.filter(|last| turn.again == Some(id) && last.ends_at > ctx.now);
        let (method, sequence, again) = match (next, again) {
            (Some((method, sequence)), _) => (method, sequence, false),
            (None, Some(last)) => (last.method, last.sequence, true),
            (None, None) => {
                look(ctx, programme, row.as_ref(), standing.is_some()).await?;
                continue;
            }
        };
        let row = match row {
            Some(row) => row,
            None => open(ctx, programme, (id, turn.person), standing.as_ref()).await?,
        };
        send(ctx, job, (programme, &guest), row, (method, sequence, again, standing)).await?;
    }
    Ok(())
}

/// Keeps that somebody still sees what they were told of.
async fn look(ctx: &Ctx, programme: &Programme, row: Option<&Kept>, stands: bool) -> Result<(), Error> {
    let Some(row) = row.filter(|_| stands) else { return Ok(()) };
    let seen_by = programme.seen_by(row.session())?;
    if seen_by == row.seen_by {
        return Ok(());
    }
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    store::invitation_looked_at(&tx, row.shown.id, &seen_by).await?;
    tx.commit().await
}

/// A new invitation, kept before its first mail, which names it.
async fn open(
    ctx: &Ctx,
    programme: &Programme,
    (id, person): (SessionId, PersonId),
    standing: Option<&Standing>,
) -> Result<Kept, Error> {
    let slot = programme.sitting(id)?.and_then(|(sitting, _)| sitting.content.slot).ok_or(Error::NotFound)?;
    let answer = if standing.is_some_and(|standing| standing.declined) {
        Participation::Declined
    } else {
        Participation::NeedsAction
    };
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    let made = store::invitation_insert(&tx, (EventId(programme.event.id), id, person), slot, answer).await?;
    super::record(&tx, "invitation.created", &made, &programme.event);
    tx.commit().await?;
    Ok(made)
}

async fn send(
    ctx: &Ctx,
    job: &Claimed,
    (programme, guest): (&Programme, &Guest),
    row: Kept,
    (method, sequence, again, standing): (Method, i32, bool, Option<Standing>),
) -> Result<(), Error> {
    let (entry, slot) = entry(ctx, programme, guest, &row, method)?;
    let seals = Seals::open(&ctx.app)?;
    let desk = desk(&ctx.app.config)?;
    let reply_to = match &ctx.app.config.rsvp_address {
        Some(_) => Some(seals.address(&desk.email, row.shown.id)?),
        None => None,
    };
    let organiser = mailto(reply_to.as_ref().unwrap_or(&desk.email).as_ref())?;
    let attendee = mailto(guest.address())?;
    let message = Message {
        method,
        entry: &entry,
        sequence,
        at: ctx.now,
        organiser: Attendee { name: desk.name.as_deref().unwrap_or("Plenum"), address: &organiser },
        attendee: Attendee { name: &guest.name, address: &attendee },
        answer: row.shown.content.answer,
    };
    let calendar = message.calendar();
    let url = format!("{}/invitations/{}", ctx.app.config.public_url, seals.link(row.shown.id));
    let sent_before = row.shown.content.method.is_some() && !again;
    let (subject, said) = written(programme, guest, (&entry, slot), (method, sent_before, row.session(), &url))?;
    let letter = Letter {
        to: guest.address().to_owned(),
        subject,
        text: said.join("\r\n\r\n") + "\r\n",
        id: format!("{}.{}", job.id, row.shown.id),
        at: ctx.now,
    };
    let taken =
        mail::send_enclosed(&ctx.app.config, letter, Enclosed { method, calendar, html: html(&said), reply_to });
    let outcome = if taken.await? { Outcome::Sent } else { Outcome::Refused };
    let standing = standing.filter(|_| method == Method::Request);
    let title = entry.summary.as_str().to_owned();
    let standing = standing.map(|standing| (title, standing.said, (slot.starts_at, slot.ends_at)));
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    let sending = Sending { method, sequence, standing, again };
    let kept = store::invitation_sent(&tx, row.shown.id, sending, outcome).await?;
    store::invitation_looked_at(&tx, row.shown.id, &programme.seen_by(row.session())?).await?;
    super::record(&tx, "invitation.sent", &kept, &programme.event);
    tx.commit().await
}

/// What the calendar is told, and when that is: of what is off no more than it has already.
fn entry(ctx: &Ctx, programme: &Programme, guest: &Guest, row: &Kept, method: Method) -> Result<(Entry, Slot), Error> {
    let uid = schedule::uid(row.session(), &ctx.app.config.uid_domain);
    let found = programme.sitting(row.session())?.filter(|_| guest.sees(row.session()));
    if let (Method::Request, Some((sitting, setting))) = (method, found) {
        let page = page(&ctx.app, programme.event.id);
        let (created, changed) = (sitting.created_at, sitting.changed_at);
        let stamp = Stamp { uid: &uid, created, changed, page: page.as_ref() };
        let entry = sitting.content.entry(setting, stamp, &guest.languages);
        if let (Some(entry), Some(slot)) = (entry, sitting.content.slot) {
            return Ok((entry, slot));
        }
    }
    let (starts_at, ends_at) = row.span;
    let zone = time::zone(&programme.event.content.details.time_zone, "/time_zone")?;
    let local = |at: jiff::Timestamp| at.to_zoned(zone.clone()).datetime();
    let slot = Slot { starts_local: local(starts_at), ends_local: local(ends_at), starts_at, ends_at };
    let title = if named(programme, guest, row.session())? { row.title.as_str() } else { "" };
    let when = When::Once(Span::new(starts_at, ends_at)?);
    Ok((Entry::withdrawn(&uid, when, title, ctx.now), slot))
}

/// Whether a sitting may be spoken of by what it is, or was, called.
fn named(programme: &Programme, guest: &Guest, id: SessionId) -> Result<bool, Error> {
    let label = programme.sitting(id)?.map(|(sitting, _)| sitting.content.disclosure().tlp);
    Ok(!guest.closed && label.is_none_or(|label| label <= HIGHEST_LABEL))
}

fn mailto(address: &str) -> Result<Mailto, Error> {
    Mailto::parse(address).ok_or_else(|| Error::internal("an address that is none"))
}

fn written(
    programme: &Programme,
    guest: &Guest,
    (entry, slot): (&Entry, Slot),
    (method, again, id, url): (Method, bool, SessionId, &str),
) -> Result<(String, Vec<String>), Error> {
    let details = &programme.event.content.details;
    let named = named(programme, guest, id)? && !entry.summary.as_str().is_empty();
    let number = programme.sitting(id)?.map(|(sitting, _)| format!("{} ", sitting.content.number)).unwrap_or_default();
    let session = named.then(|| format!("{number}{}", entry.summary.as_str()));
    let event = details.title.resolve(&guest.languages).map(|(_, title)| title);
    let occasion = Occasion {
        method,
        again,
        session: session.as_deref(),
        event: event.filter(|_| details.disclosure().tlp <= HIGHEST_LABEL && named),
        slot: Some(slot),
        zone: &details.time_zone,
        place: entry.location.as_ref().map(|place| place.as_str()),
        url: Some(url),
    };
    Ok(letter(occasion, &guest.language()))
}

/// The same paragraphs for programs that prefer HTML; an address of ours is a link.
fn html(said: &[String]) -> String {
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let paragraph = |text: &String| {
        let text = escaped(text);
        match text.starts_with("https://") || text.starts_with("http://") {
            true => format!("<p><a href=\"{text}\">{text}</a></p>\r\n"),
            false => format!("<p>{text}</p>\r\n"),
        }
    };
    format!("<!DOCTYPE html>\r\n<meta charset=\"utf-8\">\r\n{}", said.iter().map(paragraph).collect::<String>())
}
