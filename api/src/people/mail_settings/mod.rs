//! Which mails somebody wants. Everybody says so for themselves; whoever writes mails asks here.

pub mod resource;
mod store;

use domain::{identifier::PersonId, people::MailSettings};
use sea_orm::ConnectionTrait;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected},
    error::Error,
};
pub use store::{persons_without_followed, persons_without_invitations};

/// What somebody said, with its version.
#[derive(Debug)]
pub struct Said {
    /// What.
    pub settings: MailSettings,
    /// Rises with every write; 0 while nothing was said.
    pub version: i32,
}

/// Those of somebody.
pub async fn of(connection: &impl ConnectionTrait, PersonId(person): PersonId) -> Result<MailSettings, Error> {
    Ok(store::mail_settings_find(connection, person).await?.settings)
}

/// Those of whoever asks; not there for an account that belongs to no person.
pub async fn get(ctx: &Ctx) -> Result<Said, Error> {
    let PersonId(person) = ctx.actor.themselves()?.ok_or(Error::NotFound)?;
    store::mail_settings_find(ctx.app.db.read(), person).await
}

/// Says which mails one wants.
pub async fn set(ctx: &Ctx, expected: Expected, settings: MailSettings) -> Result<Said, Error> {
    let (permit, PersonId(person)) = ctx.actor.permit_own()?;
    let tx = ctx.write(permit).await?;
    let before = store::mail_settings_find(tx.connection(), person).await?;
    expected.check_version(before.version, &before.settings)?;
    let version = before.version + 1;
    store::mail_settings_write(&tx, person, (before.version, version), settings).await?;
    let diff = audit::diff(&before.settings, &settings)?;
    // What somebody wants to be written about is theirs, and no change to anything others fetch.
    tx.record(Change { diff, silent: true, ..Change::new("mail_settings.updated", person, version) });
    tx.commit().await?;
    Ok(Said { settings, version })
}
