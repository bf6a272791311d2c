//! Mails to those whom a release concerns: the people with a part in the sessions to which it did something, those who
//! manage the delegations that have one, and those who follow them. Nobody else is written to, and each learns only of what
//! they may see.
//!
//! The release leaves one job behind. That finds out whom to write to and leaves one job a mail, so that a mail server
//! that stumbles delays one mail.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Language,
    access::{Resource, Target},
    identifier::{EventId, Handle, OrganisationId, PersonId, ReleaseId, SessionId},
    schedule::{
        Novelty,
        notice::{Occasion, Told, letter},
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Reader, Recipient};
use crate::{
    access::accounts,
    attendance::{
        duties::store::{duties_told, told_nothing, untold},
        follows,
        reminders::jobs::{HIGHEST_LABEL, languages},
        target,
    },
    context::{App, Ctx},
    db::{Claimed, from_json, to_json},
    error::Error,
    events,
    jobs::JobKind,
    people::mail_settings,
    schedule::releases::{self, News, Stored},
};

/// A mail to be sent. It names nobody and says nothing, so that a job that waits holds neither.
#[derive(Debug, Serialize, Deserialize)]
struct Mail {
    to: Recipient,
    release: ReleaseId,
    sessions: Vec<SessionId>,
    /// Whether it is for somebody who only follows them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    followed: bool,
}

/// Leaves a job for each mail that a release asks for.
pub async fn announce(app: &App, job: &Claimed) -> Result<(), Error> {
    let release: ReleaseId = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let connection = ctx.read(Resource::Sessions)?;
    let (event, mut concerned) = releases::concerned(connection, release).await?;
    // Who was given a part in what was released before learns of it now.
    for (session, person, delegation) in untold(connection, event, ctx.now).await? {
        if let Some(person) = person {
            concerned.persons.entry(person).or_default().insert(session);
        }
        if let Some(delegation) = delegation {
            concerned.delegations.entry(delegation).or_default().insert(session);
        }
    }
    let event = events::get(&ctx, &Handle::Id(event.0)).await?;
    let mut mails: BTreeMap<Recipient, BTreeSet<SessionId>> = BTreeMap::new();
    let accounts = accounts::of_persons(connection, concerned.persons.keys().copied(), ctx.now).await?;
    let cancelled = releases::cancelled(connection, release).await?;
    let unaware = told_nothing(connection, EventId(event.id), &cancelled).await?;
    for (person, sessions) in concerned.persons {
        // Who never knew of a session is not told that it is off.
        let sessions: BTreeSet<_> = sessions.into_iter().filter(|id| !unaware.contains(&(*id, person))).collect();
        if sessions.is_empty() {
            continue;
        }
        let to = accounts.get(&person).map_or(Recipient::Person(person), |account| Recipient::Account(*account));
        mails.entry(to).or_default().extend(sessions);
    }
    let delegations = concerned.delegations.keys().copied();
    let organisations = releases::organisations_of_delegations(connection, delegations).await?;
    let acting: Vec<OrganisationId> = organisations.values().copied().collect();
    let managers = accounts::managers_of(connection, &acting, target(&event, None), ctx.now).await?;
    for (delegation, sessions) in concerned.delegations {
        let managing = organisations.get(&delegation).and_then(|organisation| managers.get(organisation));
        for account in managing.into_iter().flatten() {
            mails.entry(Recipient::Account(*account)).or_default().extend(&sessions);
        }
    }
    let expected: BTreeSet<Recipient> = mails.keys().copied().collect();
    for (account, sessions) in followers(&ctx, release).await? {
        mails.entry(Recipient::Account(account)).or_default().extend(sessions);
    }
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    for (to, sessions) in mails {
        let sessions = sessions.into_iter().collect();
        let mail = to_json(&Mail { to, release, sessions, followed: !expected.contains(&to) })?;
        tx.job_enqueue(JobKind::ReleaseMail.as_str(), mail, tx.now()).await?;
    }
    tx.commit().await
}

/// Who follows what of the sessions to which a release did something, and wants to read of it: those with an account.
async fn followers(ctx: &Ctx, release: ReleaseId) -> Result<Vec<(Uuid, BTreeSet<SessionId>)>, Error> {
    let connection = ctx.app.db.read();
    let (event, touched) = releases::touched(connection, release).await?;
    let followers = follows::followers(connection, event, &touched).await?;
    let persons = || followers.keys().copied();
    let without = mail_settings::persons_without_followed(connection, persons()).await?;
    let wanting = persons().filter(|person| !without.contains(person));
    let accounts = accounts::of_persons(connection, wanting, ctx.now).await?;
    let of = |(person, account)| Some((account, followers.get(&person)?.clone()));
    Ok(accounts.into_iter().filter_map(of).collect())
}

/// Sends a mail, unless there is nothing left of it that its reader may see.
pub async fn send(app: &App, job: &Claimed) -> Result<(), Error> {
    let Mail { to, release, sessions, followed } = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let Some(reader) = Reader::of(&ctx, to).await? else { return Ok(()) };
    let ctx = Ctx { actor: reader.actor.clone().under(HIGHEST_LABEL), ..ctx };
    let news = match releases::news(&ctx, release, &sessions).await {
        Ok(news) if !news.sessions.is_empty() => news,
        Ok(_) | Err(Error::NotFound | Error::Gone | Error::Forbidden(_) | Error::Unauthenticated) => return Ok(()),
        Err(error) => return Err(error),
    };
    if app.config.smtp_url.is_none() {
        return Ok(());
    }
    let languages = languages(&ctx, reader.person, &news.event.content).await?;
    let whose = (reader.person, reader.actor.organisation);
    reader.write(&ctx, job, written(&ctx, &news, &languages, followed)).await?;
    keep_told(app, &news, whose, release).await
}

/// Keeps whom a release was written of, so that they learn if it is theirs no longer.
async fn keep_told(
    app: &App,
    news: &News,
    whose: (Option<PersonId>, Option<OrganisationId>),
    release: ReleaseId,
) -> Result<(), Error> {
    let ctx = Ctx::internal(app, "job");
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    let (off, on): (Vec<_>, Vec<_>) = news.sessions.iter().partition(|(now, _)| now.novelty == Novelty::Cancelled);
    for (sessions, told) in [(on, Some(release)), (off, None)] {
        let sessions: Vec<SessionId> = sessions.into_iter().map(|(now, _)| now.id).collect();
        duties_told(&tx, EventId(news.event.id), whose, &sessions, told).await?;
    }
    tx.commit().await
}

fn written(ctx: &Ctx, news: &News, languages: &[Language], followed: bool) -> (String, String) {
    let details = &news.event.content.details;
    let say = |text: &domain::Text| text.resolve(languages).map(|(_, words)| words.to_owned());
    let named = details.disclosure().tlp <= HIGHEST_LABEL;
    let (title, comment) = (say(&details.title).filter(|_| named), news.release.comment.as_ref().and_then(say));
    let occasion = Occasion {
        event: title.as_deref(),
        release: &news.release.name,
        comment: comment.as_deref(),
        zone: &details.time_zone,
        url: &format!("{}/events/{}", ctx.app.config.public_url, details.code),
        followed,
    };
    let told = |(now, before): &(Stored, Option<Stored>)| {
        let before = before.as_ref().and_then(|before| before.sitting.slot);
        Told {
            novelty: now.novelty,
            session: format!("{} {}", now.sitting.number, say(&now.sitting.details.title).unwrap_or_default()),
            slot: now.sitting.slot,
            place: now.location.clone(),
            before: before.filter(|before| Some(*before) != now.sitting.slot),
            reason: now.sitting.cancel_reason.clone(),
        }
    };
    let told: Vec<Told> = news.sessions.iter().map(told).collect();
    letter(occasion, &told, languages.first().unwrap_or(&Language::english()))
}
