//! What rows of a table are compared with: gathered in a fixed number of queries, however long the table is.

use domain::{
    Language,
    attendance::{
        Delegate, DelegateState, Delegation,
        import::{
            Kind, Organisations, Preview,
            delegates::{self, KnownDelegate},
            delegations::{self, KnownDelegation},
            grid::Grid,
        },
    },
    events::Event,
    identifier::{EventId, OrganisationId},
};
use sea_orm::ConnectionTrait;

use super::store;

use crate::{
    attendance::{
        delegates::store::delegate_all,
        delegations::{organisation_of, store::delegation_all},
        registration, target,
    },
    context::Ctx,
    db::Visible,
    error::Error,
    organisations, people,
};

/// What a table asks for.
pub enum Steps {
    /// Of delegations.
    Delegations(Vec<delegations::Step>),
    /// Of delegates.
    Delegates(Vec<delegates::Step>),
}

/// Looks through a table: what it would do, and the steps that do it.
pub async fn judge(
    connection: &impl ConnectionTrait,
    ctx: &Ctx,
    event: &Visible<Event>,
    (kind, only): (Kind, Option<OrganisationId>),
    grid: &Grid,
) -> Result<(Preview, Steps), Error> {
    let organisations = Organisations::new(organisations::known(connection).await?);
    let current = delegation_all(connection, &ctx.actor, EventId(event.id)).await?;
    let current: Vec<_> =
        current.into_iter().map(|one| Ok((organisation_of(&one.content)?, one))).collect::<Result<_, Error>>()?;
    if kind == Kind::Delegations {
        let known = |(organisation, one): (OrganisationId, Visible<Delegation>)| {
            let (invitation, state) = (one.content.invitation, one.content.state);
            (organisation, KnownDelegation { id: one.id, version: one.version, invitation, state })
        };
        let known = delegations::Known { organisations, delegations: current.into_iter().map(known).collect() };
        let (preview, steps) = delegations::judge(grid, &known);
        return Ok((preview, Steps::Delegations(steps)));
    }
    let main = event.content.details.languages.first().cloned().unwrap_or_else(Language::english);
    let wanted = delegates::wanted(grid, &main);
    let of = current.iter().map(|(organisation, _)| *organisation);
    let (rules, _) = registration::store::registration_find(connection, EventId(event.id)).await?;
    let quota = |one: &Visible<Delegation>| one.content.invitation.quota.or(rules.quota);
    let offered = store::places_offered(connection, EventId(event.id), ctx.now).await?;
    let everybody = delegate_all(connection, &ctx.actor, EventId(event.id), DelegateState::ALL).await?;
    let known = delegates::Known {
        organisations,
        persons: people::meant(connection, &ctx.actor, &wanted, of).await?,
        delegations: current.iter().map(|(own, one)| (*own, (one.id, one.content.state))).collect(),
        delegates: everybody.into_iter().map(delegate).collect(),
        quotas: current.iter().map(|(own, one)| (*own, quota(one))).collect(),
        offered,
        only,
        adds_people: people::may_add(ctx, target(event, only)),
    };
    let (preview, steps) = delegates::judge(grid, &known, &main);
    Ok((preview, Steps::Delegates(steps)))
}

fn delegate(one: Visible<Delegate>) -> KnownDelegate {
    KnownDelegate {
        id: one.id,
        version: one.version,
        organisation: one.content.organisation_id,
        display_name: one.content.display_name,
        nomination: one.content.nomination,
        state: one.content.state,
    }
}
