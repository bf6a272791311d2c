//! Memberships: organisations in groups, from one instant to another.

pub mod resource;
pub mod store;

use domain::{
    access::{Permit, Resource},
    groups::{Category, GroupAnswer, Membership, MembershipAnswer},
    identifier::{GroupId, Handle},
};
use jiff::Timestamp;
use serde_json::Value;

use super::{Span, change};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, to_json},
    error::Error,
    organisations,
};

/// One page of the memberships of a group, by the code of the organisation.
pub async fn list(
    ctx: &Ctx,
    group: &Handle,
    span: Span,
    paging: &Paging,
) -> Result<Page<Visible<MembershipAnswer>>, Error> {
    let group = GroupId(super::get(ctx, group).await?.id);
    store::membership_list(ctx.read(Resource::Groups)?, &ctx.actor, group, span, paging).await
}

/// The members of a group at an instant, all of them or those of one category: for whoever must know who belonged to
/// it then, such as the co-chairs at the start of an event.
pub async fn members_as_of(
    ctx: &Ctx,
    group: GroupId,
    at: Timestamp,
    category: Option<Category>,
) -> Result<Vec<Visible<MembershipAnswer>>, Error> {
    store::membership_list_at(ctx.read(Resource::Groups)?, &ctx.actor, group, at, category).await
}

/// One membership.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<MembershipAnswer>, Error> {
    store::membership_find(ctx.read(Resource::Groups)?, &ctx.actor, handle).await
}

/// Makes an organisation a member of a group.
pub async fn create(ctx: &Ctx, group: &Handle, input: Membership) -> Result<Visible<MembershipAnswer>, Error> {
    let (group, permit) = super::writable(ctx, group).await?;
    let input = checked(ctx, input, None).await?;
    let tx = ctx.write(permit).await?;
    refuse_overlap(&tx, GroupId(group.id), &input, None).await?;
    let made = store::membership_insert(&tx, GroupId(group.id), input).await?;
    record(&tx, "membership.created", &made, &group, to_json(&made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Changes a membership, if it still is what the caller read. `edit` makes the new content of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Membership) -> Result<Membership, Error>,
) -> Result<Visible<MembershipAnswer>, Error> {
    let (current, group, permit) = writable(ctx, handle).await?;
    expected.check_object(&current)?;
    let before = &current.content.membership;
    let input = checked(ctx, edit(before)?, Some(before)).await?;
    let tx = ctx.write(permit).await?;
    refuse_overlap(&tx, GroupId(group.id), &input, Some(&current)).await?;
    let made = store::membership_update(&tx, &current, input).await?;
    record(&tx, "membership.updated", &made, &group, audit::diff(&current.content, &made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Takes back a membership that was entered by mistake. One that ends gets an end instead.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let (mut current, group, permit) = writable(ctx, handle).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    current.version = store::membership_delete(&tx, &current).await?;
    record(&tx, "membership.deleted", &current, &group, Value::Null);
    tx.commit().await
}

/// A membership that the actor sees, its group, and the right to write there.
async fn writable(
    ctx: &Ctx,
    handle: &Handle,
) -> Result<(Visible<MembershipAnswer>, Visible<GroupAnswer>, Permit), Error> {
    ctx.actor.may_write(Resource::Groups)?;
    let current = get(ctx, handle).await?;
    let (group, permit) = super::writable(ctx, &Handle::Id(current.content.group_id)).await?;
    Ok((current, group, permit))
}

/// The input as it is to be kept, once nothing is wrong with it. An organisation that stays is not resolved again: it
/// may have been deleted since.
async fn checked(ctx: &Ctx, mut input: Membership, current: Option<&Membership>) -> Result<Membership, Error> {
    input.check()?;
    if current.is_none_or(|current| current.organisation_id != input.organisation_id) {
        let organisation = organisations::resolve(ctx, &input.organisation_id, "/organisation_id").await?;
        input.organisation_id = Handle::Id(organisation.0);
    }
    Ok(input)
}

/// An organisation belongs to a group once at a time. The group is locked before looking, so that of two requests at
/// once the second sees what the first wrote.
async fn refuse_overlap(
    tx: &Tx,
    group: GroupId,
    input: &Membership,
    own: Option<&Visible<MembershipAnswer>>,
) -> Result<(), Error> {
    super::store::group_lock(tx, group).await?;
    let Some(other) = store::membership_overlapping(tx, group, input, own.map(|own| own.id)).await? else {
        return Ok(());
    };
    let until = other.to.map_or_else(|| "with no end".to_owned(), |to| format!("until {to}"));
    Err(Error::conflict(
        "overlapping_membership",
        format!(
            "The organisation already belongs to this group from {} {until}. End that membership first.",
            other.from
        ),
    ))
}

fn record(
    tx: &Tx,
    kind: &'static str,
    membership: &Visible<MembershipAnswer>,
    group: &Visible<GroupAnswer>,
    diff: Value,
) {
    tx.record(Change { diff, ..change(kind, membership.id, membership.version, group) });
    // Whoever joins or leaves sees more or less of what the feeds of the group show.
    tx.touch_feeds(format!("group:{}", group.id));
}
