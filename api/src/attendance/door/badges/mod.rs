//! Badges: the secretariat issues them; their holders see their own.
//!
//! A badge is one token. Printing it again makes another badge with the same number, and ends the one before.

pub mod resource;
pub mod sheet;
pub mod store;

use domain::{
    access::{Resource, Visibility},
    attendance::door::{Badge, BadgeOrder, BadgeState, BadgeTransition, BadgesIssued, BadgesOrder},
    events::Event,
    identifier::{BadgeId, DelegateId, EventId, Handle},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Signer;
use crate::{
    attendance::{delegates, delegations},
    audit,
    context::Ctx,
    db::{Change, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events,
};
pub use store::Filter;

/// Badges that are issued in one transaction.
const BATCH: u64 = 500;

/// One page of the badges of an event that the caller may see, in the order in which they were issued.
pub async fn list(ctx: &Ctx, event: &Handle, filter: &Filter, paging: &Paging) -> Result<Page<Visible<Badge>>, Error> {
    let connection = ctx.read(Resource::Badges)?;
    let event = events::get(ctx, event).await?;
    store::badge_list(connection, &ctx.actor, EventId(event.id), filter, paging).await
}

/// One badge, without what its code says.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Badge>, Error> {
    Ok(store::badge_find(ctx.read(Resource::Badges)?, &ctx.actor, handle).await?.badge)
}

/// The last badge of a delegate. What its code says is told to its holder and to those who run the event.
pub async fn of_delegate(ctx: &Ctx, delegate: &Handle) -> Result<Visible<Badge>, Error> {
    let delegate = delegates::get(ctx, delegate).await?;
    let connection = ctx.read(Resource::Badges)?;
    let held = store::badge_of(connection, &ctx.actor, DelegateId(delegate.id)).await?;
    let event = events::get(ctx, &Handle::Id(delegate.content.event_id.0)).await?;
    let own = ctx.actor.offices.person.is_some_and(|person| person.0 == held.person_id);
    let mut badge = held.badge;
    if badge.content.state == BadgeState::Valid && (own || ctx.actor.runs(events::target(&event))) {
        let signer = Signer::new(ctx, EventId(event.id))?;
        // A code that opens no door would be found out in front of it.
        if held.token_hash != Some(signer.token(BadgeId(badge.id)).hash()) {
            return Err(key_changed());
        }
        badge.content.qr = Some(signer.content(BadgeId(badge.id))?);
    }
    Ok(badge)
}

/// The QR code of a delegate's badge, as SVG.
pub async fn qr_of_delegate(ctx: &Ctx, delegate: &Handle) -> Result<String, Error> {
    let badge = of_delegate(ctx, delegate).await?;
    let Some(content) = badge.content.qr else {
        let detail =
            "The code of a badge is shown while it is valid, to its holder and to the secretariat of the event.";
        return Err(Error::Forbidden(detail.to_owned()));
    };
    documents::qr::svg(content.reveal()).map_err(|_| Error::internal("a badge that fits no code"))
}

/// Issues a badge to a delegate. An earlier one is revoked, and its number stays.
pub async fn issue(ctx: &Ctx, delegate: &Handle, order: BadgeOrder) -> Result<Visible<Badge>, Error> {
    ctx.actor.may_write(Resource::Badges)?;
    let delegate = delegates::get(ctx, delegate).await?;
    let event = events::get(ctx, &Handle::Id(delegate.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Badges, events::target(&event))?;
    order.check()?;
    let signer = Signer::new(ctx, EventId(event.id))?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let id = print(&tx, &signer, &event, DelegateId(delegate.id), &order, None).await?;
    let made = store::badge_find(tx.connection(), &ctx.actor, &Handle::Id(id)).await?;
    tx.commit().await?;
    Ok(made.badge)
}

/// Issues badges to all approved delegates of an event who have none, by organisation and name, some hundred at once.
pub async fn issue_all(ctx: &Ctx, event: &Handle, order: BadgesOrder) -> Result<BadgesIssued, Error> {
    ctx.actor.may_write(Resource::Badges)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Badges, events::target(&event))?;
    let each = order.each();
    each.check()?;
    let delegation = match &order.delegation_id {
        Some(named) => Some(delegations::resolve(ctx, EventId(event.id), named, "/delegation_id").await?.id),
        None => None,
    };
    let signer = Signer::new(ctx, EventId(event.id))?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let without = store::delegates_without(&tx, EventId(event.id), delegation).await?;
    let (now, later) = without.split_at(without.len().min(usize::try_from(BATCH).unwrap_or(usize::MAX)));
    for delegate in now {
        print(&tx, &signer, &event, *delegate, &each, None).await?;
    }
    tx.commit().await?;
    Ok(BadgesIssued { issued: now.len() as u64, remaining: later.len() as u64 })
}

/// Ends a badge that was lost or is taken back.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: BadgeTransition) -> Result<Visible<Badge>, Error> {
    ctx.actor.may_write(Resource::Badges)?;
    let known = get(ctx, handle).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Badges, events::target(&event))?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    // Read again now that nobody else writes it: the step starts from where the badge stands.
    let current = store::badge_find(tx.connection(), &ctx.actor, handle).await?.badge;
    let state = current.content.state.step(transition.to)?;
    let made = store::badge_end(&tx, &current, state).await?;
    let diff = audit::diff(&current.content, &made.content)?;
    tx.record(change("badge.revoked", (made.id, made.version), &event, diff));
    tx.commit().await?;
    Ok(made)
}

/// Gives the number of a delegate's badge to whoever comes in their place; does nothing where there is no badge. For the
/// substitution of a delegate, in its transaction.
pub async fn pass_on(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    (from, to): (DelegateId, DelegateId),
) -> Result<(), Error> {
    let Some(last) = store::badge_last(tx, from).await? else { return Ok(()) };
    let order = BadgeOrder { zones: last.zones };
    if last.state == BadgeState::Valid {
        end(tx, event, (last.id, last.version)).await?;
    }
    let signer = Signer::new(ctx, EventId(event.id))?;
    print(tx, &signer, event, to, &order, Some((last.serial, last.printing))).await.map(drop)
}

/// Prints a badge; the event is held. `inherited` is the number of somebody in whose place the delegate comes. Gives its
/// id.
async fn print(
    tx: &Tx,
    signer: &Signer,
    event: &Visible<Event>,
    delegate: DelegateId,
    order: &BadgeOrder,
    inherited: Option<(i32, i32)>,
) -> Result<Uuid, Error> {
    let earlier = store::badge_last(tx, delegate).await?;
    if let Some(valid) = earlier.as_ref().filter(|badge| badge.state == BadgeState::Valid) {
        end(tx, event, (valid.id, valid.version)).await?;
    }
    let number = match inherited.or(earlier.map(|badge| (badge.serial, badge.printing))) {
        Some((serial, printing)) => (serial, printing + 1),
        None => (store::serial_next(tx, EventId(event.id)).await?, 1),
    };
    let id = tx.new_id()?;
    store::door_key_keep(tx, EventId(event.id), &signer.public_key()).await?;
    let hash = signer.token(BadgeId(id)).hash();
    let badge = store::NewBadge { id, event: EventId(event.id), delegate, number, hash, zones: to_json(&order.zones)? };
    store::badge_insert(tx, badge).await?;
    let said = json!({"delegate_id": delegate, "serial": number.0, "printing": number.1, "zones": order.zones});
    tx.record(change("badge.issued", (id, 1), event, said));
    Ok(id)
}

/// Revokes the badge in the place of which another one is printed.
async fn end(tx: &Tx, event: &Visible<Event>, (id, version): (Uuid, i32)) -> Result<(), Error> {
    store::badge_revoke(tx, id, version).await?;
    let diff = json!({"state": {"old": BadgeState::Valid, "new": BadgeState::Revoked}});
    tx.record(change("badge.revoked", (id, version + 1), event, diff));
    Ok(())
}

/// A badge that cannot be shown again.
fn key_changed() -> Error {
    let detail = "The badge was made with another key than the server has now: the paper works on, and cannot be printed \
                  again. Issue another badge, or restore the key.";
    Error::conflict("badge_key_changed", detail)
}

/// A change of which those learn who run the event: of a badge nobody else knows but its holder.
fn change(kind: &'static str, (id, version): (Uuid, i32), event: &Visible<Event>, diff: Value) -> Change {
    let stated = event.content.details.disclosure();
    Change {
        event: Some(event.id),
        group: reference(event.content.details.group_id.as_ref()),
        disclosure: stated.at_least(Visibility::Secretariat),
        diff,
        ..Change::new(kind, id, version)
    }
}
