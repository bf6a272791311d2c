//! Mails to those who manage the delegations of organisations that a date poll asks: that they are asked, that they have
//! not answered yet, and what was decided.

use std::collections::BTreeSet;

use domain::{
    Language,
    access::{Resource, Target},
    identifier::{OrganisationId, PollId},
    schedule::poll::{Notice, notice::Occasion},
};
use serde::{Deserialize, Serialize};

use super::{Reader, Recipient};
use crate::{
    access::accounts,
    attendance::{
        reminders::jobs::{HIGHEST_LABEL, languages},
        target,
    },
    context::{App, Ctx},
    db::{Claimed, from_json, to_json},
    error::Error,
    jobs::JobKind,
    organisations,
    schedule::polls::notices::{News, Word, news},
};

/// A mail to be sent. It names nobody and says nothing, so that a job that waits holds neither.
#[derive(Debug, Serialize, Deserialize)]
struct Mail {
    to: Recipient,
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
            let mail = to_json(&Mail { to: Recipient::Account(account), poll, organisation, notice })?;
            tx.job_enqueue(JobKind::PollMail.as_str(), mail, tx.now()).await?;
        }
    }
    tx.commit().await
}

/// Sends a mail, unless whoever it is for may not see the poll in mails or any more, or it is overtaken.
pub async fn send(app: &App, job: &Claimed) -> Result<(), Error> {
    let Mail { to, poll, organisation, notice } = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let Some(reader) = Reader::of(&ctx, to).await? else { return Ok(()) };
    let ctx = Ctx { actor: reader.actor.clone().under(HIGHEST_LABEL), ..ctx };
    let news = match news(&ctx, poll).await {
        Err(Error::NotFound | Error::Gone | Error::Forbidden(_) | Error::Unauthenticated) => return Ok(()),
        news => news?,
    };
    let acts = ctx.actor.acts_for(organisation, news.poll.content.event);
    if !acts || !news.stands(&ctx, notice, organisation) || app.config.smtp_url.is_none() {
        return Ok(());
    }
    let languages = languages(&ctx, reader.person, &news.event.content).await?;
    let letter = written(&ctx, &news, (notice, organisation), &languages).await?;
    reader.write(&ctx, job, letter).await
}

async fn written(
    ctx: &Ctx,
    news: &News,
    (notice, organisation): (Notice, OrganisationId),
    languages: &[Language],
) -> Result<(String, String), Error> {
    let (details, poll) = (&news.event.content.details, &news.poll.content.poll);
    let say = |text: &domain::Text| text.resolve(languages).map(|(_, words)| words.to_owned());
    let names = organisations::names_of(ctx, [organisation], ctx.now).await?.remove(&organisation);
    let name = names.map(|(code, names)| say(&names.in_lists()).unwrap_or_else(|| code.to_string()));
    let occasion = Occasion {
        event: &say(&details.title).unwrap_or_default(),
        poll: &say(&poll.details.title).unwrap_or_default(),
        organisation: &name.unwrap_or_default(),
        url: &format!("{}/events/{}", ctx.app.config.public_url, details.code),
    };
    Ok(notice.letter(poll, occasion, languages.first().unwrap_or(&Language::english())))
}
