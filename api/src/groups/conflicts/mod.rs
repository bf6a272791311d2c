//! Groups that had better not sit at the same time: what a group says of that for all occasions, and what follows from
//! who chairs. For those who ask for the group's sessions, and for the secretariat.

pub mod resource;
mod store;

use std::collections::HashMap;

use domain::{
    Check,
    access::{Resource, Target, Visibility},
    groups::{GroupAnswer, GroupConflict, GroupConflictList, GroupConflicts},
    identifier::{GroupId, Handle},
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Visible},
    error::Error,
};

/// What a group says, with its version.
#[derive(Debug)]
pub struct Said {
    /// What it says, and what follows from who chairs.
    pub list: GroupConflictList,
    /// Rises with every write; 0 while nothing was said.
    pub version: i32,
}

/// With which groups a group never wants to sit at the same time.
pub async fn get(ctx: &Ctx, group: &Handle) -> Result<Said, Error> {
    let connection = ctx.read(Resource::Requests)?;
    let group = asking(ctx, group).await?;
    let (said, version) = store::conflicts_find(connection, GroupId(group.id)).await?;
    shown(ctx, GroupId(group.id), said, version).await
}

/// Says with which groups a group never wants to sit at the same time.
pub async fn set(ctx: &Ctx, group: &Handle, expected: Expected, input: GroupConflicts) -> Result<Said, Error> {
    ctx.actor.may_write(Resource::Requests)?;
    let group = asking(ctx, group).await?;
    let id = GroupId(group.id);
    let permit = ctx.actor.permit(Resource::Requests, target(id))?;
    let (known, _) = store::conflicts_find(ctx.read(Resource::Requests)?, id).await?;
    let conflicts = resolved(ctx, input.conflicts, &known.conflicts, "/conflicts").await?;
    let mut check = Check::new();
    GroupConflict::check_all(&conflicts, &[&Handle::Id(group.id)], "/conflicts", &mut check);
    check.finish()?;
    let input = GroupConflicts { conflicts };
    let tx = ctx.write(permit).await?;
    super::store::group_lock(&tx, id).await?;
    let (before, version) = store::conflicts_find(tx.connection(), id).await?;
    expected.check_version(version, &before)?;
    store::conflicts_write(&tx, id, version, &input).await?;
    let of_group = super::change("group_conflicts.updated", group.id, version + 1, &group);
    tx.record(Change {
        disclosure: of_group.disclosure.at_least(Visibility::Secretariat),
        diff: audit::diff(&before, &input)?,
        ..of_group
    });
    tx.commit().await?;
    shown(ctx, id, input, version + 1).await
}

/// The input with the groups by id. Groups that were named before are not asked for again: they may have ended since.
pub async fn resolved(
    ctx: &Ctx,
    input: Vec<GroupConflict>,
    known: &[GroupConflict],
    pointer: &str,
) -> Result<Vec<GroupConflict>, Error> {
    let mut resolved = Vec::with_capacity(input.len());
    for (at, mut conflict) in input.into_iter().enumerate() {
        if !known.iter().any(|kept| kept.group_id == conflict.group_id) {
            let pointer = format!("{pointer}/{at}/group_id");
            conflict.group_id = Handle::Id(super::resolve(ctx, &conflict.group_id, &pointer).await?.0);
        }
        resolved.push(conflict);
    }
    Ok(resolved)
}

/// What these groups say for all occasions, whoever asks: for what is derived from it, never for an answer.
pub async fn standing(
    connection: &impl ConnectionTrait,
    groups: impl IntoIterator<Item = GroupId>,
) -> Result<HashMap<GroupId, Vec<GroupConflict>>, Error> {
    store::conflicts_of(connection, groups).await
}

/// Which two of these groups have a chair or co-chair in common at this instant, whoever asks. What an office lets its
/// holder do in subgroups makes nobody their chair.
pub async fn chaired_alike(
    connection: &impl ConnectionTrait,
    groups: &[GroupId],
    at: Timestamp,
) -> Result<Vec<[GroupId; 2]>, Error> {
    store::chaired_alike(connection, groups, at).await
}

/// Groups that have a chair or co-chair in common with this one now, as far as the caller may see them.
pub async fn derived(ctx: &Ctx, group: GroupId) -> Result<Vec<GroupId>, Error> {
    store::chaired_with(ctx.read(Resource::Requests)?, &ctx.actor, group).await
}

async fn shown(ctx: &Ctx, group: GroupId, said: GroupConflicts, version: i32) -> Result<Said, Error> {
    use domain::schedule::clashes::Tier;
    let derived = derived(ctx, group).await?.into_iter();
    let derived = derived.map(|group| GroupConflict { group_id: Handle::Id(group.0), tier: Tier::Chair });
    let list = GroupConflictList { conflicts: said.conflicts, derived: derived.collect() };
    Ok(Said { list, version })
}

/// A group whose sessions the caller asks for, runs or audits. To everybody else its list is not there.
async fn asking(ctx: &Ctx, group: &Handle) -> Result<Visible<GroupAnswer>, Error> {
    let group = super::get(ctx, group).await?;
    let id = GroupId(group.id);
    match ctx.actor.offices.convenes(id) || ctx.actor.oversees(target(id)) {
        true => Ok(group),
        false => Err(Error::NotFound),
    }
}

fn target(group: GroupId) -> Target {
    Target { group: Some(group), ..Target::default() }
}
