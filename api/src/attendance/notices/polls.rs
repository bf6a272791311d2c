//! Mails to those who manage the delegations of organisations that a date poll asks: that they are asked, that they have
//! not answered yet, and what was decided.

use std::collections::BTreeSet;

use domain::{
    Language,
    access::{Resource, Target},
    identifier::{Handle, OrganisationId, PersonId, PollId},
    schedule::poll::{Notice, notice::Occasion},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::{
    reminders::jobs::{HIGHEST_LABEL, languages},
    target,
};
use crate::{
    access::accounts,
    context::{App, Ctx},
    db::{Claimed, from_json, to_json},
    error::Error,
    jobs::JobKind,
    mail::{self, Letter},
    organisations,
    schedule::polls::notices::{News, Word, news},
};

/// A mail to be sent. It names nobody and says nothing, so that a job that waits holds neither.
#[derive(Debug, Serialize, Deserialize)]
struct Mail {
    account: Uuid,
    poll: PollId,
    organisation: OrganisationId,
    notice: Notice,
}

/// Leaves a job for each mail that word of a poll asks for.
pub async fn announce(app: &App, job: &Claimed) -> Result<(), Error> {
    let Word { poll, notice, to } = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let news = match news(&ctx, poll).await {
        Err(Error::NotFound | Error::Gone) => return Ok(()),
        news => news?,
    };
    let asked = || news.poll.content.poll.parties().into_iter().map(|party| party.organisation).collect();
    let mut organisations: Vec<OrganisationId> = to.unwrap_or_else(asked);
    organisations.retain(|organisation| news.stands(&ctx, notice, *organisation));
    let at = target(&news.event, None);
    let managers = accounts::managers_of(ctx.read(Resource::Sessions)?, &organisations, at, ctx.now).await?;
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    for (organisation, accounts) in managers {
        for account in BTreeSet::from_iter(accounts) {
            let mail = to_json(&Mail { account, poll, organisation, notice })?;
            tx.job_enqueue(JobKind::PollMail.as_str(), mail, tx.now()).await?;
        }
    }
    tx.commit().await
}

/// Sends a mail, unless whoever it is for may not see the poll any more, or it is overtaken.
pub async fn send(app: &App, job: &Claimed) -> Result<(), Error> {
    let Mail { account, poll, organisation, notice } = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let Some((actor, account)) = accounts::recipient(app.db.read(), account, ctx.now).await? else { return Ok(()) };
    let ctx = Ctx { actor, ..ctx };
    let news = match news(&ctx, poll).await {
        Err(Error::NotFound | Error::Gone | Error::Forbidden(_) | Error::Unauthenticated) => return Ok(()),
        news => news?,
    };
    let acts = ctx.actor.acts_for(organisation, news.poll.content.event);
    if !acts || !news.stands(&ctx, notice, organisation) || app.config.smtp_url.is_none() {
        return Ok(());
    }
    let person = account.person_id.as_ref().and_then(Handle::id).map(PersonId);
    let languages = languages(&ctx, person, &news.event.content).await?;
    let (subject, text) = written(&ctx, &news, (notice, organisation), &languages).await?;
    mail::send(&app.config, Letter { to: account.email, subject, text, id: job.id.to_string(), at: ctx.now }).await
}

async fn written(
    ctx: &Ctx,
    news: &News,
    (notice, organisation): (Notice, OrganisationId),
    languages: &[Language],
) -> Result<(String, String), Error> {
    let (details, poll) = (&news.event.content.details, &news.poll.content.poll);
    let named = details.disclosure().tlp <= HIGHEST_LABEL;
    let title = |text: &domain::Text| text.resolve(languages).map(|(_, title)| title.to_owned()).filter(|_| named);
    let names = organisations::names_of(ctx, [organisation], ctx.now).await?.remove(&organisation);
    let name = names.map(|(code, names)| {
        let name = names.in_lists().resolve(languages).map(|(_, name)| name.to_owned());
        name.unwrap_or_else(|| code.to_string())
    });
    let (event, asked) = (title(&details.title), title(&poll.details.title));
    let occasion = Occasion {
        event: event.as_deref(),
        poll: asked.as_deref(),
        organisation: name.as_deref().unwrap_or_default(),
        url: &format!("{}/events/{}", ctx.app.config.public_url, details.code),
    };
    Ok(notice.letter(poll, occasion, languages.first().unwrap_or(&Language::english())))
}
