//! What the organisations that a poll asks are to be told. Whose mails those are is found out where mails are sent.

use domain::{
    access::Resource,
    events::Event,
    identifier::{Handle, OrganisationId, PollId},
    schedule::poll::{Notice, Outgoing, Poll},
};
use serde::{Deserialize, Serialize};

use super::store::{self, Stored};
use crate::{
    context::Ctx,
    db::{Tx, Visible, to_json},
    error::Error,
    events,
    jobs::JobKind,
};

/// Word of a poll that waits to be sent. It says nothing of the poll, so that a job that waits holds nothing of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Word {
    /// Of which poll.
    pub poll: PollId,
    /// What it says.
    pub notice: Notice,
    /// To which organisations; none for all that are asked then.
    pub to: Option<Vec<OrganisationId>>,
}

/// A poll as somebody may see it who is told of it.
#[derive(Debug)]
pub struct News {
    /// Its event.
    pub event: Visible<Event>,
    /// The poll.
    pub poll: Visible<Stored>,
    answered: Vec<OrganisationId>,
}

impl News {
    /// Whether there is still a point in telling it to an organisation.
    pub fn stands(&self, ctx: &Ctx, notice: Notice, organisation: OrganisationId) -> bool {
        let poll = &self.poll.content.poll;
        let answered = self.answered.contains(&organisation);
        poll.invites(organisation) && notice.stands(poll, self.poll.version, answered, ctx.now)
    }
}

/// A poll of which somebody is told, if they may see it.
pub async fn news(ctx: &Ctx, poll: PollId) -> Result<News, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let poll = store::poll_find(connection, &ctx.actor, &Handle::Id(poll.0)).await?;
    let event = events::get(ctx, &Handle::Id(poll.content.event.0)).await?;
    let said = store::answers_of(connection, [poll.id]).await?.remove(&poll.id).unwrap_or_default();
    let answered = said.iter().filter(|own| own.answers.speaks_of(&poll.content.poll));
    let answered = answered.map(|own| own.organisation).collect();
    Ok(News { event, poll, answered })
}

/// Leaves word of what became of a poll that was `before`.
pub(super) async fn leave(ctx: &Ctx, tx: &Tx, before: Option<&Poll>, made: &Visible<Stored>) -> Result<(), Error> {
    if ctx.app.config.smtp_url.is_none() {
        return Ok(());
    }
    for Outgoing { notice, to, at } in Notice::between(before, &made.content.poll, made.version, tx.now()) {
        let word = Word { poll: PollId(made.id), notice, to };
        tx.job_enqueue(JobKind::PollNotices.as_str(), to_json(&word)?, at).await?;
    }
    Ok(())
}
