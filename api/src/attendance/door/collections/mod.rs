//! Who picked up which badges for a delegation, and when. A collection is a fact: it is recorded and never changed. Whoever
//! got a badge that was not theirs brings it back, and another one is issued.

pub mod resource;
pub mod store;

use domain::{
    Check,
    access::{Resource, Visibility},
    attendance::{
        DelegateState,
        door::{BadgeCollection, BadgeCollectionInput, BadgeState},
    },
    events::Event,
    identifier::{DelegateId, DelegationId, Handle},
};
use serde_json::json;

use crate::{
    attendance::{change, credentials, delegates, delegations},
    context::Ctx,
    db::{Change, Page, Paging, Tx, Visible},
    error::Error,
    events,
};
use store::ToCollect;

/// One page of what was picked up for a delegation, the first collection first; for the delegation itself and those who
/// run the event.
pub async fn list(ctx: &Ctx, delegation: &Handle, paging: &Paging) -> Result<Page<BadgeCollection>, Error> {
    let connection = ctx.read(Resource::Badges)?;
    let delegation = credentials::own_or_run(ctx, delegation).await?;
    store::collection_list(connection, delegation, paging).await
}

/// Records that somebody picked up badges for their delegation.
pub async fn record(ctx: &Ctx, delegation: &Handle, input: BadgeCollectionInput) -> Result<BadgeCollection, Error> {
    ctx.actor.may_write(Resource::Badges)?;
    let delegation = delegations::get(ctx, delegation).await?;
    let event = events::get(ctx, &Handle::Id(delegation.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Badges, events::target(&event))?;
    input.check()?;
    let organisation = delegations::organisation_of(&delegation.content)?;
    let tx = ctx.write(permit).await?;
    // Badges are printed and ended while the event is held, so they stay as they are found.
    events::lock(&tx, delegation.content.event_id).await?;
    let collection = read(&tx, &delegation, &input).await?;
    let versions = store::collection_insert(&tx, &event, &collection).await?;
    for (badge, version) in versions {
        let diff = json!({"collection_id": collection.id, "collected_by": collection.collected_by});
        let told = change("badge.collected", (badge.0, version), &event, organisation, diff);
        tx.record(told_to_staff(told, &event));
    }
    tx.commit().await?;
    Ok(collection)
}

/// The collection that was sent, once every badge is known to be valid, of the delegation and still at the desk.
async fn read(
    tx: &Tx,
    delegation: &Visible<domain::attendance::Delegation>,
    input: &BadgeCollectionInput,
) -> Result<BadgeCollection, Error> {
    let delegation_id = DelegationId(delegation.id);
    let badges = store::badges_to_collect(tx, delegation_id, &input.badge_ids).await?;
    let mut check = Check::new();
    for (at, badge) in input.badge_ids.iter().enumerate() {
        let (code, detail) = match badges.get(badge) {
            Some(ToCollect { state: BadgeState::Valid, collected: false }) => continue,
            Some(ToCollect { collected: true, .. }) => ("badge_collected", "This badge was picked up already."),
            Some(_) => {
                ("badge_ended", "This badge was revoked or lost. Hand out the one that was issued in its place.")
            }
            None => ("unknown_badge", "Name a badge of a delegate of this delegation by id."),
        };
        check.require(false, &format!("/badge_ids/{at}"), code, detail);
    }
    let members = delegates::store::delegates_in(tx.connection(), delegation_id, DelegateState::LIVE).await?;
    let by = input.collected_by.id().map(DelegateId).filter(|id| members.contains(id));
    let detail = "Name a delegate of this delegation by id who has not left it.";
    check.require(by.is_some(), "/collected_by", "unknown_delegate", detail);
    check.finish()?;
    Ok(BadgeCollection {
        id: tx.new_id()?,
        delegation_id,
        badge_ids: input.badge_ids.clone(),
        collected_by: by.ok_or_else(|| Error::internal("nobody picks up badges"))?,
        collected_at: tx.now(),
    })
}

/// Of a badge those learn who run the event, and nobody else but its holder.
fn told_to_staff(told: Change, event: &Visible<Event>) -> Change {
    let disclosure = event.content.details.disclosure().at_least(Visibility::Secretariat);
    Change { organisation: None, disclosure, ..told }
}
