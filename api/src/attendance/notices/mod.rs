//! Mails to those whom something concerns that others decided: whom each is for, and with which rights it is written. What
//! is announced is told by [`releases`], what somebody was told of and has no more by [`losses`], and what organisations are
//! asked by [`polls`].

pub mod losses;
pub mod polls;
pub mod releases;

use domain::{
    access::Actor,
    identifier::{Handle, PersonId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reminders::jobs::HIGHEST_LABEL;
use crate::{
    access::{accounts, store::offices_of},
    context::Ctx,
    db::Claimed,
    error::Error,
    mail::{self, Letter},
    people,
};

/// Whom a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Recipient {
    /// Somebody with an account.
    Account(Uuid),
    /// Somebody without one, at the address that is known of them.
    Person(PersonId),
}

/// Somebody to be written to, with the rights of this moment.
pub(super) struct Reader {
    /// Their rights.
    pub(super) actor: Actor,
    /// Where they are written to.
    pub(super) address: String,
    person: Option<PersonId>,
}

impl Reader {
    /// Whoever `to` is, if they can be written to.
    pub(super) async fn of(ctx: &Ctx, to: Recipient) -> Result<Option<Self>, Error> {
        let connection = ctx.app.db.read();
        match to {
            Recipient::Account(id) => {
                let recipient = accounts::recipient(connection, id, ctx.now).await?;
                Ok(recipient.map(|(actor, account)| Self {
                    actor,
                    person: account.person_id.as_ref().and_then(Handle::id).map(PersonId),
                    address: account.email,
                }))
            }
            Recipient::Person(id) => {
                let Some(address) = people::address_of(connection, id).await? else { return Ok(None) };
                let offices = offices_of(connection, id.0, ctx.now).await?;
                let actor = Actor { offices, ceiling: HIGHEST_LABEL, at: ctx.now, ..Actor::anonymous() };
                Ok(Some(Self { actor, person: Some(id), address }))
            }
        }
    }

    /// Sends subject and text for `job`, whose id says that a second try is the same mail.
    async fn write(self, ctx: &Ctx, job: &Claimed, (subject, text): (String, String)) -> Result<(), Error> {
        let letter = Letter { to: self.address, subject, text, id: job.id.to_string(), at: ctx.now };
        mail::send(&ctx.app.config, letter).await
    }
}
