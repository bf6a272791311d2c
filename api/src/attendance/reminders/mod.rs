//! Reminders of deadlines, and the mails by which those who manage a delegation learn of them and of offered places.
//!
//! What is to be sent is written down as jobs in the transaction of what it is about. A job names the account, not the
//! address, and asks again whether there is still a point in the mail when its turn has come.

pub mod jobs;
pub mod resource;
pub mod store;

use std::collections::BTreeMap;

use domain::{
    access::Resource,
    attendance::{Deadline, Notice, Registration, Reminder, reminder::day_of_reminders},
    events::Event,
    identifier::{DelegationId, EventId, Handle, OrganisationId},
    time,
};
use jiff::civil::Date;
use serde_json::json;
use uuid::Uuid;

use super::{change, registration, target};
use crate::{
    access::accounts,
    context::{App, Ctx},
    db::{Page, Paging, Tx, Visible, to_json},
    error::Error,
    events,
    jobs::JobKind,
};
use jobs::Recipient;
use store::Pending;

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this delegation.
    pub delegation: Option<Handle>,
    /// Only those that reached somebody, or nobody.
    pub reached: Option<bool>,
}

/// One page of the reminders that went out at an event, in the order in which they did: for an organisation its own, for
/// those who run the event all.
pub async fn list(ctx: &Ctx, event: &Handle, filter: &Filter, paging: &Paging) -> Result<Page<Reminder>, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    store::reminder_list(connection, &ctx.actor, EventId(event.id), filter, paging).await
}

/// Reminds every delegation for which it is time. A server that sends no mail reminds nobody, and says nothing of it.
pub async fn remind(app: &App) -> Result<(), Error> {
    if app.config.smtp_url.is_none() {
        return Ok(());
    }
    let ctx = Ctx::internal(app, "job");
    let mut waiting: BTreeMap<EventId, Vec<Pending>> = BTreeMap::new();
    for pending in store::pending_list(ctx.read(Resource::Delegations)?, ctx.now).await? {
        waiting.entry(pending.event).or_default().push(pending);
    }
    for (event, delegations) in waiting {
        remind_event(&ctx, event, delegations).await?;
    }
    Ok(())
}

/// A reminder whose time has come.
struct Due {
    delegation: Pending,
    deadline: Date,
    days_before: u16,
}

async fn remind_event(ctx: &Ctx, event: EventId, delegations: Vec<Pending>) -> Result<(), Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, &Handle::Id(event.0)).await?;
    let (rules, _) = registration::store::registration_find(connection, EventId(event.id)).await?;
    let mut due = due(ctx, &event, &rules, delegations)?;
    let sent = store::reminders_sent(connection, due.iter().map(|due| due.delegation.id)).await?;
    due.retain(|due| !sent.contains(&(due.delegation.id, due.delegation.about, due.deadline, due.days_before)));
    if due.is_empty() {
        return Ok(());
    }
    let place = target(&event, None);
    let organisations: Vec<OrganisationId> = due.iter().map(|due| due.delegation.organisation).collect();
    let managers = accounts::managers_of(connection, &organisations, place, ctx.now).await?;
    let tx = ctx.write(ctx.actor.permit(Resource::Delegations, place)?).await?;
    for due in &due {
        let Pending { id, organisation, about, has_address, .. } = due.delegation;
        let recipients = recipients(managers.get(&organisation), has_address);
        store::reminder_insert(&tx, due, recipients.len()).await?;
        write_to(&tx, id, &recipients, &Notice::Deadline { about, by: due.deadline }).await?;
        let diff = json!({
            "about": {"new": about}, "deadline": {"new": due.deadline}, "recipients": {"new": recipients.len()},
        });
        tx.record(change("delegation.reminded", (id.0, due.delegation.version), &event, organisation, diff));
    }
    tx.commit().await
}

/// Those of `delegations` for which it is time.
fn due(ctx: &Ctx, event: &Visible<Event>, rules: &Registration, delegations: Vec<Pending>) -> Result<Vec<Due>, Error> {
    let zone = time::zone(&event.content.details.time_zone, "/time_zone")?;
    let today = day_of_reminders(ctx.now, &zone);
    let due = |delegation: Pending| {
        let deadline = match delegation.about {
            Deadline::Reply => delegation.reply_due,
            Deadline::Nomination => rules.nominate_by,
        }?;
        let written_on = time::local(delegation.changed_at, &zone).date();
        let days_before = rules.reminder_due(deadline, written_on, today)?;
        Some(Due { delegation, deadline, days_before })
    };
    Ok(delegations.into_iter().filter_map(due).collect())
}

/// Tells those who manage a delegation that places are held for the next on its waiting list.
pub(super) async fn tell_of_places(
    tx: &Tx,
    event: &Visible<Event>,
    (delegation, organisation): (DelegationId, OrganisationId),
    notice: &Notice,
) -> Result<(), Error> {
    let managers = accounts::managers_of(tx.connection(), &[organisation], target(event, None), tx.now()).await?;
    write_to(tx, delegation, &recipients(managers.get(&organisation), true), notice).await
}

/// Those who manage a delegation; while nobody does, the office to which the invitation went, if its address is known.
fn recipients(managers: Option<&Vec<Uuid>>, has_address: bool) -> Vec<Recipient> {
    match managers.filter(|managers| !managers.is_empty()) {
        Some(managers) => managers.iter().copied().map(Recipient::Manager).collect(),
        None => has_address.then_some(Recipient::Office).into_iter().collect(),
    }
}

/// Has a mail sent to each of these.
async fn write_to(tx: &Tx, delegation: DelegationId, to: &[Recipient], notice: &Notice) -> Result<(), Error> {
    for to in to {
        let mail = jobs::Mail { to: *to, delegation_id: delegation, notice: notice.clone() };
        tx.job_enqueue(JobKind::DelegationMail.as_str(), to_json(&mail)?, tx.now()).await?;
    }
    Ok(())
}
