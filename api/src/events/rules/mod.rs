//! The rules of procedure of events and groups. Whoever sees an event or a group sees its rules.

pub mod resource;
pub mod store;

use domain::{
    access::{Permit, Resource, Target},
    attendance::{
        RulesOfProcedure,
        rules::{InForce, RulesFrom},
    },
    events::Event,
    identifier::{GroupId, Handle},
};
use sea_orm::ConnectionTrait;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Visible, reference},
    error::Error,
    events, groups,
};
use store::{Of, Written};

/// The rules that hold for an event.
pub async fn of_event(ctx: &Ctx, event: &Handle) -> Result<InForce, Error> {
    let event = events::get(ctx, event).await?;
    in_force(ctx.read(Resource::Events)?, &event).await
}

/// The rules of a group.
pub async fn of_group(ctx: &Ctx, group: &Handle) -> Result<InForce, Error> {
    let group = groups::get(ctx, group).await?;
    let written = store::rules_find(ctx.read(Resource::Groups)?, Of::Group(group.id)).await?;
    Ok(from(written, RulesFrom::Group))
}

/// The rules that hold for an event: its own, else those of its group, else the defaults.
pub async fn in_force(connection: &impl ConnectionTrait, event: &Visible<Event>) -> Result<InForce, Error> {
    if let Some(own) = store::rules_find(connection, Of::Event(event.id)).await? {
        return Ok(from(Some(own), RulesFrom::Event));
    }
    let of_group = match reference(event.content.details.group_id.as_ref()) {
        Some(group) => store::rules_find(connection, Of::Group(group)).await?,
        None => None,
    };
    // The version is that of the event's own, which it has none of.
    Ok(InForce { version: 0, ..from(of_group, RulesFrom::Group) })
}

fn from(written: Option<Written>, whose: RulesFrom) -> InForce {
    match written {
        Some(written) => InForce { rules: written.rules, from: whose, version: written.version },
        None => InForce { rules: RulesOfProcedure::default(), from: RulesFrom::Default, version: 0 },
    }
}

/// Gives an event rules of its own.
pub async fn set_of_event(
    ctx: &Ctx,
    event: &Handle,
    expected: Expected,
    rules: RulesOfProcedure,
) -> Result<InForce, Error> {
    ctx.actor.may_write(Resource::Events)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Events, events::target(&event))?;
    let told = Change {
        event: Some(event.id),
        group: reference(event.content.details.group_id.as_ref()),
        disclosure: event.content.details.disclosure(),
        ..Change::new("rules.updated", event.id, 0)
    };
    let written = set(ctx, permit, Of::Event(event.id), expected, rules, told).await?;
    Ok(from(Some(written), RulesFrom::Event))
}

/// Gives a group rules of its own, which are those of its events unless they have others.
pub async fn set_of_group(
    ctx: &Ctx,
    group: &Handle,
    expected: Expected,
    rules: RulesOfProcedure,
) -> Result<InForce, Error> {
    ctx.actor.may_write(Resource::Groups)?;
    let group = groups::get(ctx, group).await?;
    let target = Target { group: Some(GroupId(group.id)), ..Target::default() };
    let permit = ctx.actor.permit(Resource::Groups, target)?;
    let told = Change {
        group: Some(group.id),
        disclosure: group.content.group.disclosure(),
        ..Change::new("rules.updated", group.id, 0)
    };
    let written = set(ctx, permit, Of::Group(group.id), expected, rules, told).await?;
    Ok(from(Some(written), RulesFrom::Group))
}

async fn set(
    ctx: &Ctx,
    permit: Permit,
    of: Of,
    expected: Expected,
    rules: RulesOfProcedure,
    told: Change,
) -> Result<Written, Error> {
    rules.check()?;
    let tx = ctx.write(permit).await?;
    store::owner_lock(&tx, of).await?;
    let current = store::rules_find(tx.connection(), of).await?;
    let whose = if matches!(of, Of::Event(_)) { RulesFrom::Event } else { RulesFrom::Group };
    let before = from(current.clone(), whose);
    expected.check_version(before.version, &before)?;
    let written = store::rules_write(&tx, of, current, rules).await?;
    let diff = audit::diff(&before.rules, &written.rules)?;
    tx.record(Change { id: written.id, version: written.version, diff, ..told });
    tx.commit().await?;
    Ok(written)
}
