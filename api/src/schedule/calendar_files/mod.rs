//! Sessions from a calendar file, in two steps: a look at what would become of the programme, and exactly that or nothing.
//!
//! Both go the same way while the event is held; the look is left without a trace. Only drafts are written: what people were
//! told of is changed by a plan, and nobody is told of anything.

pub mod resource;

use std::borrow::Cow;

use domain::{
    Language, Violation,
    access::Resource,
    calendars::entries::{self, Occurrence},
    events::Event,
    identifier::{EventId, Handle, SessionId},
    schedule::{
        Sitting,
        calendar_file::{Action, CalendarInput, Outcome, Refused, Taken, details, external_id, merged, placement},
    },
};
use sha2::{Digest, Sha256};

use super::{add, clashes, drawn_up, held, plans, store::session_find};
use crate::{
    context::Ctx,
    db::{Tx, Visible, object_by_external},
    egress::{self, Address},
    error::Error,
    events::{self, sittings as stored},
    http::reply::hex,
};

/// What a calendar would make of the programme of an event; with the tag of a look, what it made of it.
pub async fn import(ctx: &Ctx, event: &Handle, input: CalendarInput) -> Result<Outcome, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    let calendar = calendar(ctx, &input).await?;
    let read = entries::read(&calendar, &event.content.details.time_zone);
    let read = read.map_err(|fault| Violation { pointer: input.pointer().to_owned(), ..fault })?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let language = input.language.clone().unwrap_or_else(|| event.content.details.main_language());
    let mut refused: Vec<Refused> = read.not_read.into_iter().map(Refused::from).collect();
    let (mut taken, mut steps) = (vec![], vec![]);
    for entry in read.found {
        match judge(ctx, &tx, &event, &entry, (&input, &language)).await? {
            Ok((action, step)) => {
                taken.push(shown(&entry, action, &step));
                steps.push(step);
            }
            Err(fault) => refused.push(fault),
        }
    }
    refused.sort_by_key(|refused| refused.line);
    let preview_tag = hex(&Sha256::digest(serde_json::to_vec(&(&taken, &refused))?)[..16]);
    let mut outcome = Outcome { preview_tag, written: false, entries: taken, refused };
    let Some(tag) = &input.preview_tag else { return Ok(outcome) };
    if *tag != outcome.preview_tag {
        let detail = "Something that the import depends on is not as it was when you looked, so nothing was done. Look again \
                      without 'preview_tag', and send the tag of that.";
        return Err(Error::conflict("stale_preview", detail));
    }
    for (at, step) in steps.into_iter().enumerate() {
        if let Some(session) = apply(ctx, &tx, &event, step).await? {
            outcome.entries[at].session_id = Some(session);
        }
    }
    tx.commit().await?;
    Ok(Outcome { written: true, ..outcome })
}

/// The file: as it was sent, or from where it is. Nothing is held while somebody else's machine is waited for.
async fn calendar<'a>(ctx: &Ctx, input: &'a CalendarInput) -> Result<Cow<'a, str>, Error> {
    let url = match (&input.calendar, &input.url) {
        (Some(calendar), None) => return Ok(Cow::Borrowed(calendar)),
        (None, Some(url)) => url,
        _ => {
            let detail = "Send either the file as 'calendar', or its address as 'url'.";
            return Err(Violation::new(input.pointer(), "one_of_two", detail).into());
        }
    };
    let address = Address::parse(url, &ctx.app.config.intranet).map_err(|fault| fault.at("/url"))?;
    egress::calendar_at(&ctx.app.config, &address).await?.map(Cow::Owned).map_err(|reason| {
        let detail = format!(
            "The calendar there was not read ({reason}). Look whether it opens in a browser, or send the file."
        );
        Violation::new("/url", reason.as_str(), detail).into()
    })
}

/// What an entry asks for.
enum Step {
    Nothing(Option<SessionId>),
    Add(Box<domain::schedule::Details>),
    Change(Box<Visible<Sitting>>, Box<Sitting>),
}

fn shown(entry: &Occurrence, action: Action, step: &Step) -> Taken {
    let session_id = match step {
        Step::Nothing(session) => *session,
        Step::Add(_) => None,
        Step::Change(current, _) => Some(SessionId(current.id)),
    };
    Taken {
        line: entry.line,
        action,
        title: entry.title.clone(),
        placement: placement(entry),
        zone: entry.zone.clone(),
        external_id: external_id(entry),
        session_id,
    }
}

/// What becomes of an entry: known again by its UID, in this event alone.
async fn judge(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    entry: &Occurrence,
    (input, language): (&CalendarInput, &Language),
) -> Result<Result<(Action, Step), Refused>, Error> {
    let refused = |faults| Refused::because(entry.line, faults);
    let Some(id) = object_by_external(tx.connection(), stored::KIND, &external_id(entry)).await? else {
        let details = details(Handle::Id(event.id), entry, (input.kind, language));
        let settled = details.clone().settle(&event.content, None);
        return Ok(settled.map(|_| (Action::Add, Step::Add(Box::new(details)))).map_err(refused));
    };
    let known = match session_find(tx.connection(), &ctx.actor, &Handle::Id(id)).await {
        Ok(known) => Some(known).filter(|known| known.content.details.event_id == Handle::Id(event.id)),
        Err(Error::NotFound | Error::Gone) => None,
        Err(error) => return Err(error),
    };
    let Some(known) = known else {
        let detail = "Its UID is known from a session elsewhere. Give the entry another one.";
        let (code, detail) = ("known_elsewhere".to_owned(), detail.to_owned());
        return Ok(Err(Refused { line: entry.line, code, detail }));
    };
    if known.content.announced {
        return Ok(Ok((Action::Announced, Step::Nothing(Some(SessionId(known.id))))));
    }
    let next = match known.content.edited(merged(&known.content.details, entry, language), &event.content) {
        Ok(next) => next,
        Err(faults) => return Ok(Err(refused(faults))),
    };
    if next == known.content {
        return Ok(Ok((Action::Same, Step::Nothing(Some(SessionId(known.id))))));
    }
    Ok(Ok((Action::Change, Step::Change(Box::new(known), Box::new(next)))))
}

/// Does what an entry asks for; gives the session that is new.
async fn apply(ctx: &Ctx, tx: &Tx, event: &Visible<Event>, step: Step) -> Result<Option<SessionId>, Error> {
    match step {
        Step::Nothing(_) => Ok(None),
        Step::Add(details) => {
            let sitting = drawn_up(tx, event, *details).await?;
            Ok(Some(SessionId(add(ctx, tx, event, sitting).await?.id)))
        }
        Step::Change(current, next) => {
            let settings = held(tx, [&current.content, &next]).await?;
            let (before, after) = (settings.of(&current.content)?, settings.of(&next)?);
            let planned = Visible { content: next.released(), ..(*current).clone() };
            clashes::check_edit(ctx, tx, event, &planned).await?;
            let undone = Vec::from_iter(plans::in_place(&current, &next));
            stored::settle(ctx, tx, (&current, before), (*next, after)).await?;
            if !undone.is_empty() {
                plans::store::draft_change_insert(tx, EventId(event.id), &undone).await?;
            }
            Ok(None)
        }
    }
}
