//! The mails themselves.

use domain::{
    Language,
    access::Tlp,
    attendance::{Notice, reminder::Occasion},
    events::Event,
    identifier::{DelegationId, Handle, PersonId},
    statements::phrases::Pack,
    time,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::accounts,
    attendance::delegations,
    context::{App, Ctx},
    db::{Claimed, from_json},
    error::Error,
    events,
    mail::{self, Letter},
    people,
};

/// What has a narrower label is not spoken of by its title: mails are stored and passed on.
pub(in crate::attendance) const HIGHEST_LABEL: Tlp = Tlp::Amber;

/// Whom a mail is for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Who manages the delegation, by this account.
    Manager(Uuid),
    /// The office to which the invitation was sent, while nobody manages the delegation.
    Office,
}

/// A mail to be sent. It names nobody, so that a job that waits holds nothing personal.
#[derive(Debug, Serialize, Deserialize)]
pub struct Mail {
    /// Whom it is for.
    pub to: Recipient,
    /// What it is about.
    pub delegation_id: DelegationId,
    /// What it says.
    pub notice: Notice,
}

/// Sends a mail, unless whoever it is for may not see the delegation any more, or has done what it asks for.
pub async fn run(app: &App, job: &Claimed) -> Result<(), Error> {
    let Mail { to, delegation_id, notice } = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let account = match to {
        Recipient::Office => None,
        Recipient::Manager(id) => match accounts::recipient(app.db.read(), id, ctx.now).await? {
            Some(found) => Some(found),
            None => return Ok(()),
        },
    };
    let actor = account.as_ref().map_or_else(|| ctx.actor.clone(), |(actor, _)| actor.clone());
    let ctx = Ctx { actor, ..ctx };
    let delegation = match delegations::get_inside(&ctx, &Handle::Id(delegation_id.0)).await {
        Ok(delegation) => delegation.content,
        Err(Error::NotFound | Error::Gone | Error::Forbidden(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let account = account.map(|(_, account)| account);
    let address = match &account {
        Some(account) => Some(account.email.clone()),
        None => delegation.invitation.invitation_email.clone(),
    };
    let Some(address) = address.filter(|_| app.config.smtp_url.is_some() && notice.stands(delegation.state, ctx.now))
    else {
        return Ok(());
    };
    let event = events::get(&ctx, &Handle::Id(delegation.event_id.0)).await?.content;
    let person = account.and_then(|account| account.person_id?.id()).map(PersonId);
    let languages = languages(&ctx, person, &event).await?;
    let named = event.details.disclosure().tlp <= HIGHEST_LABEL;
    let title = event.details.title.resolve(&languages).map(|(_, title)| title);
    let organisation = delegation.organisation_name.resolve(&languages);
    let occasion = Occasion {
        event: title.filter(|_| named),
        organisation: organisation.map_or(delegation.organisation_code.as_str(), |(_, name)| name),
        zone: &time::zone(&event.details.time_zone, "/time_zone")?,
        url: &format!("{}/events/{}", app.config.public_url, event.details.code),
        to_office: matches!(to, Recipient::Office),
    };
    let (subject, text) = notice.letter(occasion, languages.first().unwrap_or(&Language::english()));
    mail::send(&app.config, Letter { to: address, subject, text, id: job.id.to_string(), at: ctx.now }).await
}

/// The languages to write in, best first: those of the person, then those of the event, as far as there are phrases.
pub(in crate::attendance) async fn languages(
    ctx: &Ctx,
    person: Option<PersonId>,
    event: &Event,
) -> Result<Vec<Language>, Error> {
    let mut languages = match person {
        Some(person) => people::store::person_languages(ctx.app.db.read(), person.0).await?,
        None => vec![],
    };
    languages.extend(event.details.languages.iter().cloned());
    languages.retain(|language| Pack::proceedings(language).is_some());
    Ok(languages)
}
