//! The roster of an event: its delegations with their names as they were when it began and what holds of their
//! credentials, for whoever runs the event. Reports, roll calls and quorums are made from it.

pub mod store;

use domain::{
    access::Resource,
    attendance::Finding,
    events::Event,
    identifier::{DelegationId, EventId, OrganisationId},
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;

use crate::{context::Ctx, db::Visible, error::Error, events};
pub use store::Entry;

/// Refuses whoever does not run the event. Its secretariat does, the chairs of its group, and auditors look on.
pub async fn admit(ctx: &Ctx, event: &Visible<Event>) -> Result<(), Error> {
    let runs = store::event_is_run(ctx.read(Resource::Delegations)?, &ctx.actor, event.id).await?;
    if runs {
        return Ok(());
    }
    Err(Error::Forbidden(
        "This is for those who run the event: its secretariat, and the chairs of its group.".to_owned(),
    ))
}

/// The delegations for which the caller acts at the event.
pub async fn own_delegations(ctx: &Ctx, event: EventId) -> Result<Vec<(DelegationId, OrganisationId)>, Error> {
    store::delegation_own(ctx.read(Resource::Delegations)?, &ctx.actor, event).await
}

/// All delegations of the event with the findings that held at `at`, in the order of their codes. Nobody is asked
/// whether they may see them: [`admit`] comes before.
pub(super) async fn entries(
    connection: &impl ConnectionTrait,
    event: &Visible<Event>,
    at: Timestamp,
) -> Result<Vec<Entry>, Error> {
    let details = &event.content.details;
    let begin = events::begin_of(details.starts_on, &details.time_zone)?;
    let mut entries = store::entry_list(connection, EventId(event.id), begin).await?;
    let mut found = super::findings::store::finding_latest(connection, EventId(event.id), at).await?;
    for entry in &mut entries {
        entry.found = found.remove(&entry.delegation_id);
    }
    Ok(entries)
}

impl Entry {
    /// What holds of its credentials.
    pub fn finding(&self) -> Finding {
        self.found.as_ref().map(|found| found.finding).unwrap_or_default()
    }
}
