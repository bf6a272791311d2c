//! Groups: standing bodies in a tree. Who belongs to them is in [`memberships`], who acts in them in [`roles`], with
//! whom they do not want to sit at the same time in [`conflicts`], and who is kept from them in [`seals`].

pub mod conflicts;
pub mod memberships;
pub mod resource;
pub mod roles;
pub mod seals;
pub mod store;

use domain::{
    access::{Permit, Resource, Target},
    external::ExternalId,
    groups::{Group, GroupAnswer, Transition},
    identifier::{GroupId, Handle},
    moment::Moment,
};
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    audit,
    context::Ctx,
    db::{Change, EVERY_FEED, Expected, Page, Paging, Tx, Visible, if_seen, object_by_external, reference, to_json},
    error::Error,
    people,
};
pub use memberships::members_as_of;
pub use store::Filter;

const KIND: &str = "group";

/// Which memberships or roles of a group are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Those that hold at this instant.
    AsOf(Timestamp),
    /// All there ever were, and those to come.
    All,
}

impl Span {
    /// Everything where `all` is asked for; else what holds at `as_of`, or now.
    pub fn new(ctx: &Ctx, as_of: Option<Moment>, all: Option<bool>) -> Self {
        if all == Some(true) { Self::All } else { Self::AsOf(as_of.map_or(ctx.now, |moment| moment.0)) }
    }
}

/// One page of the groups the actor may see, by code.
pub async fn list(ctx: &Ctx, filter: &Filter, paging: &Paging) -> Result<Page<Visible<GroupAnswer>>, Error> {
    store::group_list(ctx.read(Resource::Groups)?, &ctx.actor, filter, paging).await
}

/// One group.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<GroupAnswer>, Error> {
    store::group_find(ctx.read(Resource::Groups)?, &ctx.actor, handle).await
}

/// The id behind a reference in a request body; `pointer` says where it stood.
pub async fn resolve(ctx: &Ctx, handle: &Handle, pointer: &str) -> Result<GroupId, Error> {
    match get(ctx, handle).await {
        Ok(group) => Ok(GroupId(group.id)),
        Err(Error::NotFound | Error::Gone) => {
            Err(Error::invalid(pointer, "unknown_group", "Name an existing group by id or code."))
        }
        Err(error) => Err(error),
    }
}

/// Adds a proposed group. A key limited to some groups cannot: its limit could not name the new one.
pub async fn create(ctx: &Ctx, input: Group) -> Result<Visible<GroupAnswer>, Error> {
    let permit = ctx.actor.permit(Resource::Groups, Target::default())?;
    let input = checked(ctx, input, None).await?;
    let tx = ctx.write(permit).await?;
    let made = store::group_insert(&tx, input).await?;
    record(&tx, "group.created", &made, to_json(&made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Changes what is said of a group, if it still is what the caller read. `edit` makes the new content of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Group) -> Result<Group, Error>,
) -> Result<Visible<GroupAnswer>, Error> {
    let (current, permit) = writable(ctx, handle).await?;
    expected.check_object(&current)?;
    let input = checked(ctx, edit(&current.content.group)?, Some(&current.content.group)).await?;
    let tx = ctx.write(permit).await?;
    if input.parent_id != current.content.group.parent_id {
        refuse_circle(&tx, GroupId(current.id), &input).await?;
    }
    let made = store::group_update(&tx, &current, input).await?;
    if made.content.group.amber_in_calendars != current.content.group.amber_in_calendars {
        tx.touch_feeds(EVERY_FEED.to_owned());
    }
    record(&tx, "group.updated", &made, audit::diff(&current.content, &made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Takes a group out of all lists; what refers to it keeps it.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let (mut current, permit) = writable(ctx, handle).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    current.version = store::group_delete(&tx, &current).await?;
    record(&tx, "group.deleted", &current, Value::Null);
    tx.commit().await
}

/// Takes a group the step that `transition` asks for. The row is locked first, so that of two steps at once the second
/// sees the first.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: Transition) -> Result<Visible<GroupAnswer>, Error> {
    let (known, permit) = writable(ctx, handle).await?;
    let tx = ctx.write(permit).await?;
    store::group_lock(&tx, GroupId(known.id)).await?;
    let current = store::group_find(tx.connection(), &ctx.actor, &Handle::Id(known.id)).await?;
    let state = current.content.state.step(transition.to);
    let state = state.map_err(|refusal| Error::conflict(refusal.code(), refusal.to_string()))?;
    let made = store::group_state_set(&tx, &current, state).await?;
    record(&tx, "group.state_changed", &made, audit::diff(&current.content, &made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Creates the group a partner knows by `external`, or replaces it. Says whether it is new.
pub async fn put_external(
    ctx: &Ctx,
    external: ExternalId,
    expected: Expected,
    mut input: Group,
) -> Result<(Visible<GroupAnswer>, bool), Error> {
    ctx.actor.may_write(Resource::Groups)?;
    external.claim(&mut input.external_ids)?;
    if let Some(id) = object_by_external(ctx.read(Resource::Groups)?, KIND, &external).await?
        && let Some(made) = if_seen(edit(ctx, &Handle::Id(id), expected.or_any(), |_| Ok(input.clone())).await)?
    {
        return Ok((made, false));
    }
    Ok((create(ctx, input).await?, true))
}

/// A group that the actor sees, with the right to write it and what belongs to it.
async fn writable(ctx: &Ctx, handle: &Handle) -> Result<(Visible<GroupAnswer>, Permit), Error> {
    ctx.actor.may_write(Resource::Groups)?;
    let group = get(ctx, handle).await?;
    let target = Target { group: Some(GroupId(group.id)), ..Target::default() };
    Ok((group, ctx.actor.permit(Resource::Groups, target)?))
}

/// The input as it is to be kept, once nothing is wrong with it. A parent that stays is not resolved again: it may have
/// been deleted since.
async fn checked(ctx: &Ctx, mut input: Group, current: Option<&Group>) -> Result<Group, Error> {
    input = input.labelled(current);
    input.check()?;
    ctx.may_label(current.map(|current| current.disclosure().tlp), input.disclosure().tlp)?;
    let kept = current.and_then(|current| current.parent_id.as_ref());
    if let Some(parent) = input.parent_id.as_ref().filter(|named| Some(*named) != kept) {
        input.parent_id = Some(Handle::Id(resolve(ctx, parent, "/parent_id").await?.0));
    }
    let kept = current.map_or(&[][..], |current| &current.audience_ids);
    input.audience_ids = people::audience::resolve(ctx, input.visibility, input.audience_ids, kept).await?;
    input.external_ids.sort();
    Ok(input)
}

async fn refuse_circle(tx: &Tx, group: GroupId, input: &Group) -> Result<(), Error> {
    let Some(parent) = reference(input.parent_id.as_ref()) else { return Ok(()) };
    if store::tree_lock(tx).await?.admits(group, GroupId(parent)) {
        return Ok(());
    }
    Err(Error::conflict(
        "own_part",
        "A group cannot be part of itself or of one of its own parts. Choose another parent.",
    ))
}

fn record(tx: &Tx, kind: &'static str, group: &Visible<GroupAnswer>, diff: Value) {
    tx.record(Change { diff, ..change(kind, group.id, group.version, group) });
    tx.touch_feeds(format!("group:{}", group.id));
}

/// A change of `group` or of what belongs to it: known to those who see the group.
fn change(kind: &'static str, id: uuid::Uuid, version: i32, group: &Visible<GroupAnswer>) -> Change {
    Change { group: Some(group.id), disclosure: group.content.group.disclosure(), ..Change::new(kind, id, version) }
}
