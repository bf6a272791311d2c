//! Roles: persons in groups on behalf of organisations, from one instant to another.
//!
//! Who sees the group sees which functions are held in it; by whom, only who may see the person. Rows therefore come
//! from the store as [`Held`], which cannot be answered with, and become a [`RoleAnswer`] in [`shown`] alone.

pub mod resource;
pub mod store;

use domain::{
    Code,
    access::{Permit, Resource},
    groups::{GroupAnswer, Role, RoleAnswer},
    identifier::{GroupId, Handle, PersonId},
};
use jiff::Timestamp;
use serde_json::Value;

use super::{Span, change};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    organisations, people,
};

/// A role with the person who holds it, before it is known who asks.
#[derive(Debug, Clone)]
pub struct Held {
    /// The group.
    pub group: GroupId,
    /// The person.
    pub person: PersonId,
    /// Code of the organisation on whose behalf the person acts.
    pub organisation_code: Option<Code>,
    /// Everything else.
    pub role: Role,
}

/// One page of the roles in a group, chairs first.
pub async fn list(ctx: &Ctx, group: &Handle, span: Span, paging: &Paging) -> Result<Page<Visible<RoleAnswer>>, Error> {
    let group = GroupId(super::get(ctx, group).await?.id);
    let held = store::role_list(ctx.read(Resource::Groups)?, &ctx.actor, group, span, paging).await?;
    let at = match span {
        Span::AsOf(at) => Some(at),
        Span::All => None,
    };
    Ok(Page { items: shown(ctx, held.items, at).await?, next_cursor: held.next_cursor })
}

/// One role.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<RoleAnswer>, Error> {
    let held = store::role_find(ctx.read(Resource::Groups)?, &ctx.actor, handle).await?;
    shown_one(ctx, held).await
}

/// Gives a person a role in a group.
pub async fn create(ctx: &Ctx, group: &Handle, input: Role) -> Result<Visible<RoleAnswer>, Error> {
    let (group, permit) = super::writable(ctx, group).await?;
    let input = checked(ctx, input, None).await?;
    let tx = ctx.write(permit).await?;
    let made = store::role_insert(&tx, GroupId(group.id), &input).await?;
    record(&tx, "role.created", &made, &group, to_json(&input)?);
    tx.commit().await?;
    shown_one(ctx, made).await
}

/// Changes a role, if it still is what the caller read. `edit` makes the new content of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Role) -> Result<Role, Error>,
) -> Result<Visible<RoleAnswer>, Error> {
    let (current, group, permit) = writable(ctx, handle).await?;
    expected.check_object(&shown_one(ctx, current.clone()).await?)?;
    let before = &current.content.role;
    let input = checked(ctx, edit(before)?, Some(before)).await?;
    let tx = ctx.write(permit).await?;
    let made = store::role_update(&tx, &current, &input).await?;
    record(&tx, "role.updated", &made, &group, audit::diff(before, &input)?);
    tx.commit().await?;
    shown_one(ctx, made).await
}

/// Takes back a role that was entered by mistake. One that ends gets an end instead.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let (mut current, group, permit) = writable(ctx, handle).await?;
    expected.check_object(&shown_one(ctx, current.clone()).await?)?;
    let tx = ctx.write(permit).await?;
    current.version = store::role_delete(&tx, &current).await?;
    record(&tx, "role.deleted", &current, &group, Value::Null);
    tx.commit().await
}

/// A role in a group that the actor sees, the group, and the right to write there.
async fn writable(ctx: &Ctx, handle: &Handle) -> Result<(Visible<Held>, Visible<GroupAnswer>, Permit), Error> {
    ctx.actor.may_write(Resource::Groups)?;
    let held = store::role_find(ctx.read(Resource::Groups)?, &ctx.actor, handle).await?;
    let (group, permit) = super::writable(ctx, &Handle::Id(held.content.group.0)).await?;
    Ok((held, group, permit))
}

/// The input as it is to be kept, once nothing is wrong with it. References that stay are not resolved again: what they
/// name may have been deleted since.
async fn checked(ctx: &Ctx, mut input: Role, current: Option<&Role>) -> Result<Role, Error> {
    input.check()?;
    if current.is_none_or(|current| current.person_id != input.person_id) {
        input.person_id = Handle::Id(people::resolve(ctx, &input.person_id, "/person_id").await?.0);
    }
    let kept = current.and_then(|current| current.organisation_id.as_ref());
    if let Some(organisation) = input.organisation_id.as_ref().filter(|named| Some(*named) != kept) {
        let organisation = organisations::resolve(ctx, organisation, "/organisation_id").await?;
        input.organisation_id = Some(Handle::Id(organisation.0));
    }
    Ok(input)
}

async fn shown_one(ctx: &Ctx, held: Visible<Held>) -> Result<Visible<RoleAnswer>, Error> {
    shown(ctx, vec![held], None).await?.pop().ok_or(Error::NotFound)
}

/// The roles as the actor may see them, with the names of their holders as they were at `at`, or else while the role
/// lasted. All names come in one query.
async fn shown(ctx: &Ctx, held: Vec<Visible<Held>>, at: Option<Timestamp>) -> Result<Vec<Visible<RoleAnswer>>, Error> {
    let names = people::names_of(ctx, held.iter().map(|held| held.content.person)).await?;
    let answer = |held: Held| {
        let name = names.get(&held.person);
        let instant = at.unwrap_or_else(|| held.role.named_at(ctx.now));
        RoleAnswer {
            group_id: held.group.0,
            person_id: name.map(|_| held.person.0),
            person_name: name.map(|name| name.at(instant).to_owned()),
            organisation_id: reference(held.role.organisation_id.as_ref()),
            organisation_code: held.organisation_code,
            function: held.role.function,
            acting: held.role.acting,
            in_subgroups: held.role.in_subgroups,
            valid_from: held.role.valid_from,
            valid_to: held.role.valid_to,
        }
    };
    Ok(held.into_iter().map(|held| held.map(answer)).collect())
}

fn record(tx: &Tx, kind: &'static str, role: &Visible<Held>, group: &Visible<GroupAnswer>, diff: Value) {
    tx.record(Change { diff, ..change(kind, role.id, role.version, group) });
}
