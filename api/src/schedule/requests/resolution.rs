//! What a request refers to, by id.

use std::collections::HashSet;

use domain::{
    identifier::{EventId, Handle, PersonId},
    schedule::{Request, RequestDetails, request::RelationWish},
};

use crate::{
    context::Ctx,
    db::Visible,
    error::Error,
    groups::{self, conflicts},
    people,
};

/// The input with its references resolved. Those that stay as they were are not asked for again: a group may have ended
/// since, and an organisation's people be no longer the caller's to see.
pub(super) async fn resolved(
    ctx: &Ctx,
    event: EventId,
    mut input: RequestDetails,
    current: Option<&Visible<Request>>,
) -> Result<RequestDetails, Error> {
    let before = current.map(|current| &current.content.details);
    if let Some(before) = before.filter(|before| before.group_id != input.group_id) {
        let group = Handle::Id(groups::resolve(ctx, &input.group_id, "/group_id").await?.0);
        if group != before.group_id {
            let detail = "A request stays with its group. Make another for the other group.";
            return Err(Error::invalid("/group_id", "group_is_fixed", detail));
        }
        input.group_id = group;
    }
    let kept = before.map_or(&[][..], |before| &before.joint_group_ids);
    for (at, group) in input.joint_group_ids.iter_mut().enumerate().filter(|(_, group)| !kept.contains(group)) {
        *group = Handle::Id(groups::resolve(ctx, group, &format!("/joint_group_ids/{at}")).await?.0);
    }
    input.joint_group_ids.sort_by_key(Handle::id);
    if let Some(list) = input.conflicts.take() {
        let kept = before.map_or(&[][..], |before| before.conflicts());
        input.conflicts = Some(conflicts::resolved(ctx, list, kept, "/conflicts").await?);
    }
    let kept = before.map_or(&[][..], |before| &before.required_person_ids);
    check_persons(ctx, &input.required_person_ids, kept).await?;
    let kept = before.map_or(&[][..], |before| &before.relations);
    for (at, wish) in input.relations.iter().enumerate().filter(|(_, wish)| !kept.contains(wish)) {
        check_relation(ctx, event, current, wish, &format!("/relations/{at}")).await?;
    }
    Ok(input)
}

/// Refuses persons whom the caller does not know by name.
async fn check_persons(ctx: &Ctx, named: &[PersonId], kept: &[PersonId]) -> Result<(), Error> {
    let new: HashSet<PersonId> = named.iter().filter(|person| !kept.contains(person)).copied().collect();
    if new.is_empty() {
        return Ok(());
    }
    let known = people::names_of(ctx, new.iter().copied()).await?;
    match named.iter().position(|person| new.contains(person) && !known.contains_key(person)) {
        None => Ok(()),
        Some(at) => {
            let detail = "Name an existing person by id, one whom you see.";
            Err(Error::invalid(&format!("/required_person_ids/{at}"), "unknown_person", detail))
        }
    }
}

/// Refuses a wish about a request or session of another event, or about the request itself.
async fn check_relation(
    ctx: &Ctx,
    event: EventId,
    own: Option<&Visible<Request>>,
    wish: &RelationWish,
    pointer: &str,
) -> Result<(), Error> {
    if let Some(request) = wish.request_id {
        let pointer = format!("{pointer}/request_id");
        let unknown = || {
            Error::invalid(&pointer, "unknown_request", "Name another request of the same event by id, one you see.")
        };
        match super::get(ctx, &Handle::Id(request.0)).await {
            Ok(other) if other.content.event_id == event && own.is_none_or(|own| own.id != other.id) => {}
            Ok(_) | Err(Error::NotFound | Error::Gone) => return Err(unknown()),
            Err(error) => return Err(error),
        }
    }
    if let Some(session) = wish.session_id {
        let pointer = format!("{pointer}/session_id");
        let session = super::super::resolve(ctx, &Handle::Id(session.0), &pointer).await?;
        let made = own.and_then(|own| own.content.session_id).is_some_and(|made| made.0 == session.id);
        if session.content.details.event_id != Handle::Id(event.0) || made {
            return Err(Error::invalid(&pointer, "unknown_session", "Name another session of the same event."));
        }
    }
    Ok(())
}
