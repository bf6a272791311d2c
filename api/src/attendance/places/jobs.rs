//! What happens to an offer that nobody takes.

use domain::{
    access::{Resource, Target},
    identifier::DelegationId,
};
use serde::Deserialize;

use super::Held;
use crate::{
    attendance::delegations,
    context::{App, Ctx},
    db::Claimed,
    error::Error,
    events,
};

#[derive(Deserialize)]
struct Payload {
    delegation_id: DelegationId,
}

/// Takes lapsed offers back and makes them to who is next.
pub async fn run(app: &App, job: &Claimed) -> Result<(), Error> {
    let Payload { delegation_id } = serde_json::from_value(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let permit = ctx.actor.permit(Resource::Delegations, Target::default())?;
    let tx = ctx.write(permit).await?;
    let Some(delegation) = delegations::store::delegation_held(&tx, delegation_id).await? else { return Ok(()) };
    let event = events::lock(&tx, delegation.content.event_id).await?;
    Held::new(&tx, &event, &delegation).await?.settle_all(&tx).await?;
    tx.commit().await
}
