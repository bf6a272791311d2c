//! "As last time": what a group asked of an earlier event, prefilled for another.

mod store;

use domain::{
    access::Resource,
    identifier::{GroupId, Handle},
    schedule::request::{Again, Known},
};

use crate::{context::Ctx, db::reference, error::Error, events, groups::conflicts};

/// The request prefilled for `event`, with what no longer holds. Nothing is written.
pub async fn get(ctx: &Ctx, handle: &Handle, event: &Handle) -> Result<Again, Error> {
    let connection = ctx.read(Resource::Requests)?;
    let last = super::get(ctx, handle).await?;
    let event = events::get(ctx, event).await?;
    let details = last.content.details;
    let group = reference(Some(&details.group_id)).map(GroupId);
    let group = group.ok_or_else(|| Error::internal("a request without the id of its group"))?;
    let sitting: Vec<_> = details.joint_group_ids.iter().chain([&details.group_id]).filter_map(Handle::id).collect();
    let named = sitting.iter().copied().chain(details.conflicts().iter().filter_map(|it| it.group_id.id()));
    let begin = events::begin_of(event.content.details.starts_on, &event.content.details.time_zone)?;
    let persons = &details.required_person_ids;
    let known = Known {
        ended: store::groups_ended(connection, named).await?,
        in_role: store::persons_in_role(connection, persons, sitting.iter().copied(), begin).await?,
        made_since: store::groups_made_near(connection, &ctx.actor, group, last.created_at).await?,
        chaired_alike: conflicts::derived(ctx, group).await?.into_iter().collect(),
    };
    Ok(details.again(&known))
}
