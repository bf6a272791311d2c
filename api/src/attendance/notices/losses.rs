//! Mails to those who have no more what a release had told them of: a duty that was taken back or passed to somebody
//! else, a session that was deleted or called off at once. Each says what they know already, as they were told it, and
//! nothing of what became of it since. Who was never written to is not written to.
//!
//! What is lost within a few minutes is told together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{
    access::{Resource, Target},
    events::Event,
    identifier::{EventId, Handle, OrganisationId, ReleaseId, SessionId},
    schedule::{
        Sitting,
        notice::{Lost as Told, farewell},
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Reader, Recipient};
use crate::{
    access::{accounts, store::fence},
    attendance::{
        duties::store::{Lost, duties_lost},
        reminders::jobs::{HIGHEST_LABEL, languages},
        target,
    },
    context::{App, Ctx},
    db::{Claimed, Visible, from_json, to_json},
    error::Error,
    events::{self, sittings},
    jobs::JobKind,
    schedule::releases,
};

/// A session in which somebody had a part.
#[derive(Debug, Serialize, Deserialize)]
struct Loss {
    session: SessionId,
    /// The release that told of it.
    told_in: ReleaseId,
    /// Whether it does not take place.
    off: bool,
}

/// A mail to be sent. It names nobody and says nothing, so that a job that waits holds neither.
#[derive(Debug, Serialize, Deserialize)]
struct Mail {
    to: Recipient,
    event: EventId,
    lost: Vec<Loss>,
}

/// Leaves a job for each mail about what was lost.
pub async fn announce(app: &App) -> Result<(), Error> {
    let ctx = Ctx::internal(app, "job");
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    let lost = duties_lost(&tx).await?;
    let mut mails: BTreeMap<(Recipient, EventId), Vec<Loss>> = BTreeMap::new();
    for (to, lost) in readers(&ctx, lost).await? {
        let losses = mails.entry((to, lost.event)).or_default();
        if !losses.iter().any(|known| known.session == lost.session) {
            losses.push(Loss { session: lost.session, told_in: lost.told_in, off: lost.off });
        }
    }
    for ((to, event), lost) in mails {
        tx.job_enqueue(JobKind::LossMail.as_str(), to_json(&Mail { to, event, lost })?, tx.now()).await?;
    }
    tx.commit().await
}

/// Who is to be written to about which loss.
async fn readers(ctx: &Ctx, lost: Vec<Lost>) -> Result<Vec<(Recipient, Lost)>, Error> {
    let connection = ctx.app.db.read();
    let accounts = accounts::of_persons(connection, lost.iter().filter_map(|lost| lost.person), ctx.now).await?;
    let delegations = lost.iter().filter_map(|lost| lost.delegation);
    let organisations = releases::organisations_of_delegations(connection, delegations).await?;
    let managers = managers(ctx, &lost, organisations.values().copied().collect()).await?;
    let mut all = vec![];
    for lost in lost {
        if let Some(person) = lost.person {
            let account = accounts.get(&person).map(|account| Recipient::Account(*account));
            all.push((account.unwrap_or(Recipient::Person(person)), lost));
        }
        let own = lost.delegation.and_then(|delegation| organisations.get(&delegation));
        let accounts = own.and_then(|own| managers.get(&(lost.event, *own)));
        all.extend(accounts.into_iter().flatten().map(|account| (Recipient::Account(*account), lost)));
    }
    Ok(all)
}

/// The accounts of those who manage delegations of these organisations, at each event at which something was lost.
async fn managers(
    ctx: &Ctx,
    lost: &[Lost],
    organisations: Vec<OrganisationId>,
) -> Result<HashMap<(EventId, OrganisationId), Vec<Uuid>>, Error> {
    let mut managers = HashMap::new();
    for id in lost.iter().map(|lost| lost.event).collect::<BTreeSet<_>>() {
        let Some(event) = event(ctx, id).await? else { continue };
        let at = target(&event, None);
        let there = accounts::managers_of(ctx.app.db.read(), &organisations, at, ctx.now).await?;
        managers.extend(there.into_iter().map(|(organisation, accounts)| ((id, organisation), accounts)));
    }
    Ok(managers)
}

async fn event(ctx: &Ctx, id: EventId) -> Result<Option<Visible<Event>>, Error> {
    match events::get(ctx, &Handle::Id(id.0)).await {
        Ok(event) => Ok(Some(event)),
        Err(Error::NotFound | Error::Gone) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sends a mail, unless nothing of it may be written any more.
pub async fn send(app: &App, job: &Claimed) -> Result<(), Error> {
    let Mail { to, event: id, lost } = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let (Some(reader), Some(event)) = (Reader::of(&ctx, to).await?, event(&ctx, id).await?) else { return Ok(()) };
    if app.config.smtp_url.is_none() || closed(&ctx, &reader, &event).await? {
        return Ok(());
    }
    let languages = languages(&ctx, reader.person, &event.content).await?;
    let say = |text: &domain::Text| text.resolve(&languages).map(|(_, words)| words.to_owned());
    let mut told: Vec<Told> = mailable(&ctx, &lost)
        .await?
        .into_iter()
        .map(|(stood, off)| {
            let title = say(&stood.details.title).unwrap_or_default();
            Told { session: format!("{} {title}", stood.number), slot: stood.slot, off }
        })
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    told.sort_by_key(|told| (told.slot.is_none(), told.slot.map(|slot| slot.starts_at), told.session.clone()));
    let details = &event.content.details;
    let url = format!("{}/events/{}", app.config.public_url, details.code);
    let language = languages.first().cloned().unwrap_or_else(domain::Language::english);
    let letter = farewell(say(&details.title).as_deref(), &details.time_zone, &told, &url, &language);
    reader.write(&ctx, job, letter).await
}

/// Whether a seal or a label keeps the event from being written about to this reader.
pub(in crate::attendance) async fn closed(ctx: &Ctx, reader: &Reader, event: &Visible<Event>) -> Result<bool, Error> {
    let sealed = fence::sealed_among(ctx.app.db.read(), &reader.actor, [event.id]).await?;
    Ok(!sealed.is_empty() || event.content.details.disclosure().tlp > HIGHEST_LABEL)
}

/// Each session as it was told of, and whether it is off; without those whose label keeps them out of mails, as they were
/// told of or as they are.
async fn mailable(ctx: &Ctx, lost: &[Loss]) -> Result<Vec<(Sitting, bool)>, Error> {
    let connection = ctx.app.db.read();
    let now = sittings::sittings_of_sessions(connection, lost.iter().map(|loss| loss.session)).await?;
    let secret = |sitting: &Sitting| sitting.disclosure().tlp > HIGHEST_LABEL;
    let secret_now: HashSet<Uuid> = now.iter().filter(|now| secret(&now.content)).map(|now| now.id).collect();
    let mut stood = HashMap::new();
    for release in lost.iter().map(|loss| loss.told_in).collect::<BTreeSet<_>>() {
        let told = lost.iter().filter(|loss| loss.told_in == release).map(|loss| loss.session);
        stood.extend(releases::stood(connection, release, told).await?);
    }
    let mailable = lost.iter().filter(|loss| !secret_now.contains(&loss.session.0)).filter_map(|loss| {
        let stood = stood.remove(&loss.session).filter(|stood| !secret(stood))?;
        Some((stood, loss.off))
    });
    Ok(mailable.collect())
}
