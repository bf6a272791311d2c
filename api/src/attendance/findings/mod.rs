//! Findings on credentials: what the secretariat or the committee concluded, never overwritten. The delegation knows
//! what was found of itself, and those who run the event of all.

pub mod resource;
pub mod store;

use std::collections::HashMap;

use domain::{
    Text,
    access::Resource,
    attendance::{
        FindingInput, FindingRefusal,
        finding::{Found, Standing},
        rules::participation,
    },
    identifier::{DelegationId, EventId, Handle, SessionId},
};
use uuid::Uuid;

use super::{change, credentials, delegations, roster::Entry, target};
use crate::{
    context::Ctx,
    db::{Page, Paging, to_json},
    error::Error,
    events::{self, rules},
    schedule,
};

impl From<FindingRefusal> for Error {
    fn from(refusal: FindingRefusal) -> Self {
        Self::conflict(refusal.code(), refusal.to_string())
    }
}

/// One page of the findings on a delegation, oldest first.
pub async fn list(ctx: &Ctx, delegation: &Handle, paging: &Paging) -> Result<Page<Found>, Error> {
    let delegation = credentials::own_or_run(ctx, delegation).await?;
    store::finding_list(ctx.read(Resource::Delegations)?, delegation, paging).await
}

/// What holds of a delegation, and what it may do with it now.
pub async fn get(ctx: &Ctx, delegation: &Handle) -> Result<Standing, Error> {
    let id = credentials::own_or_run(ctx, delegation).await?;
    let event = delegations::get(ctx, delegation).await?.content.event_id;
    let connection = ctx.read(Resource::Delegations)?;
    let found = store::finding_last(connection, id).await?.unwrap_or_else(|| Found::nothing(id));
    standing(ctx, event, found).await
}

/// Records a finding, after the one that holds; for the secretariat.
pub async fn record(ctx: &Ctx, delegation: &Handle, input: FindingInput) -> Result<Standing, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let known = delegations::get(ctx, delegation).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let organisation = delegations::organisation_of(&known.content)?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, None))?;
    input.check()?;
    let session = session_of(ctx, known.content.event_id, input.session_id.as_ref()).await?;
    let id = DelegationId(known.id);
    let tx = ctx.write(permit).await?;
    delegations::store::delegation_lock(&tx, id).await?;
    let current = store::finding_last(tx.connection(), id).await?.unwrap_or_else(|| Found::nothing(id));
    let documents = credentials::store::credential_all(&tx, id).await?;
    let finding = current.finding.step(&input, &documents)?;
    let found = Found {
        delegation_id: id,
        number: current.number + 1,
        finding,
        session_id: session,
        committee: input.committee,
        reason: input.reason,
        found_at: Some(tx.now()),
    };
    let row = store::finding_insert(&tx, known.content.event_id, &found).await?;
    let diff = to_json(&found)?;
    tx.record(change("credential_finding.recorded", (row, 1), &event, organisation, diff));
    tx.commit().await?;
    standing(ctx, known.content.event_id, found).await
}

/// The titles of the sessions that decided about these delegations, as far as the caller sees them.
pub(super) async fn sessions_named(ctx: &Ctx, entries: &[Entry]) -> Result<HashMap<Uuid, Text>, Error> {
    let ids = entries.iter().filter_map(|entry| entry.found.as_ref()?.session_id);
    store::session_titles(ctx.read(Resource::Delegations)?, &ctx.actor, ids).await
}

async fn standing(ctx: &Ctx, event: EventId, found: Found) -> Result<Standing, Error> {
    let event = events::get(ctx, &Handle::Id(event.0)).await?;
    let rules = rules::in_force(ctx.read(Resource::Delegations)?, &event).await?.rules;
    let reported = rules.committee_had_reported(ctx.now);
    Ok(Standing { participation: participation(found.finding, &rules, reported), found })
}

/// The session that decided, which must be one of this event.
async fn session_of(ctx: &Ctx, event: EventId, named: Option<&Handle>) -> Result<Option<SessionId>, Error> {
    let Some(named) = named else { return Ok(None) };
    let session = schedule::resolve(ctx, named, "/session_id").await?;
    if session.content.details.event_id != Handle::Id(event.0) {
        let detail = "Name a session of this event, or the committee that decided.";
        return Err(Error::invalid("/session_id", "session_elsewhere", detail));
    }
    Ok(Some(SessionId(session.id)))
}
