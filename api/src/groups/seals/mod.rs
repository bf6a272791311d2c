//! Seals: closing a group to everybody but the accounts that are admitted, and opening it again.
//!
//! What a seal keeps from whom is decided in `access::store::fence`. It is lifted from inside by anybody admitted, or
//! broken from outside by two administrators of whom neither has the other's account in hand. Everything here is done in
//! person: a key is a program, and whoever hands it out could hand it to anybody.

pub mod resource;
pub mod store;

use std::collections::BTreeSet;

use domain::{
    access::{Account, Resource, Role, Target},
    groups::{Breaking, NewBreaking, NewSeal, Seal, SealSummary},
    identifier::{GroupId, Handle},
};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::{
    access::{
        accounts,
        store::fence::{keys_of, seal_change},
    },
    audit,
    context::Ctx,
    db::{Change, EVERY_FEED, Page, Paging, Tx, Visible},
    error::Error,
};

/// Seals a group. Whoever does is admitted, and so are the accounts that are named.
pub async fn create(ctx: &Ctx, handle: &Handle, input: NewSeal) -> Result<Seal, Error> {
    let (group, permit) = super::writable(ctx, handle).await?;
    let own = ctx.in_person()?;
    input.check()?;
    let tx = ctx.write(permit).await?;
    super::store::group_lock(&tx, GroupId(group.id)).await?;
    for (at, account) in input.account_ids.iter().enumerate() {
        accounts::usable(tx.connection(), *account).await?.ok_or_else(|| {
            let detail = "Name an account that is in use, by id.";
            Error::invalid(&format!("/account_ids/{at}"), "unknown_account", detail)
        })?;
    }
    let accounts: BTreeSet<Uuid> = input.account_ids.into_iter().chain([own]).collect();
    let accounts: Vec<Uuid> = accounts.into_iter().collect();
    store::seal_insert(&tx, group.id, own).await?;
    store::admissions_insert(&tx, group.id, &accounts, own).await?;
    record(&tx, "seal.created", group.id, json!({ "account_ids": accounts })).await?;
    tx.commit().await?;
    get(ctx, &Handle::Id(group.id)).await
}

/// The seal on a group. Whoever sees a sealed group is admitted.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Seal, Error> {
    let group = super::get(ctx, handle).await?;
    store::seal_find(ctx.read(Resource::Groups)?, group.id).await?.ok_or(Error::NotFound)
}

/// Admits an account. Being admitted opens nothing by itself: what the account may see beyond the seal stays as it is.
pub async fn admit(ctx: &Ctx, handle: &Handle, account: Uuid) -> Result<Seal, Error> {
    let (tx, seal, own) = inside(ctx, handle).await?;
    if seal.admissions.iter().all(|admitted| admitted.account_id != account) {
        accounts::usable(tx.connection(), account).await?.ok_or(Error::NotFound)?;
        store::admissions_insert(&tx, seal.group_id, &[account], own).await?;
        record(&tx, "seal.admitted", seal.group_id, json!({ "account_id": account })).await?;
    }
    tx.commit().await?;
    get(ctx, &Handle::Id(seal.group_id)).await
}

/// Takes the admission of an account back, one's own included. Somebody stays inside.
pub async fn withdraw(ctx: &Ctx, handle: &Handle, account: Uuid) -> Result<(), Error> {
    let (tx, seal, _) = inside(ctx, handle).await?;
    if !store::admission_delete(&tx, seal.group_id, account).await? {
        return Err(Error::NotFound);
    }
    if seal.admissions.len() == 1 {
        let detail = "Nobody else is admitted to this group. Lift the seal, or admit somebody else first.";
        return Err(Error::conflict("last_admitted", detail));
    }
    record(&tx, "seal.withdrawn", seal.group_id, json!({ "account_id": account })).await?;
    tx.commit().await
}

/// Lifts a seal from inside: the group is again for all who may see it otherwise.
pub async fn lift(ctx: &Ctx, handle: &Handle) -> Result<(), Error> {
    let (tx, seal, _) = inside(ctx, handle).await?;
    store::seal_delete(&tx, seal.group_id).await?;
    record(&tx, "seal.lifted", seal.group_id, json!({})).await?;
    tx.commit().await
}

/// One page of the seals there are, for administrators: nothing of what is behind them.
pub async fn list(ctx: &Ctx, paging: &Paging) -> Result<Page<SealSummary>, Error> {
    let connection = ctx.read(Resource::Keys)?;
    if ctx.actor.role != Some(Role::Admin) {
        return Err(Error::Forbidden("Only administrators see which groups are sealed.".to_owned()));
    }
    store::seal_list(connection, paging).await
}

/// Asks for a seal to be broken, as the first of two administrators. Those inside are told.
pub async fn ask_breaking(ctx: &Ctx, group: Uuid, input: NewBreaking) -> Result<SealSummary, Error> {
    let (tx, own) = outside(ctx).await?;
    input.check()?;
    let seal = store::seal_lock(&tx, group).await?;
    if seal.breaking.as_ref().is_some_and(|asked| asked.runs(ctx.now)) {
        let detail = "Breaking this seal has been asked for already. Approve that request, or withdraw it first.";
        return Err(Error::conflict("breaking_asked", detail));
    }
    let asked = Breaking::new(own, ctx.now, input.reason);
    store::breaking_put(&tx, group, Some(&asked)).await?;
    record(&tx, "seal.breaking_asked", group, json!({"reason": asked.reason})).await?;
    tx.commit().await?;
    Ok(SealSummary { breaking: Some(asked), ..seal })
}

/// Breaks a seal, as the second administrator: it is gone for all.
pub async fn approve_breaking(ctx: &Ctx, group: Uuid) -> Result<(), Error> {
    let (tx, own) = outside(ctx).await?;
    let seal = store::seal_lock(&tx, group).await?;
    let asked = running(&seal, ctx.now)?;
    refuse_one_and_the_same(&tx, asked, own).await?;
    store::seal_delete(&tx, group).await?;
    record(&tx, "seal.broken", group, json!({"asked_by": asked.asked_by, "reason": asked.reason})).await?;
    tx.commit().await
}

/// Takes the request to break a seal back, for any administrator.
pub async fn withdraw_breaking(ctx: &Ctx, group: Uuid) -> Result<(), Error> {
    let (tx, _) = outside(ctx).await?;
    let seal = store::seal_lock(&tx, group).await?;
    if seal.breaking.is_none() {
        return Err(not_asked());
    }
    store::breaking_put(&tx, group, None).await?;
    record(&tx, "seal.breaking_withdrawn", group, json!({})).await?;
    tx.commit().await
}

/// A transaction on the seal of a group for somebody who is behind it, with their account. The group is held, so that of
/// two who leave at once one stays.
async fn inside(ctx: &Ctx, handle: &Handle) -> Result<(Tx, Seal, Uuid), Error> {
    let own = ctx.in_person()?;
    let group = super::get(ctx, handle).await?;
    let tx = ctx.write(ctx.actor.permit_behind_seal()).await?;
    super::store::group_lock(&tx, GroupId(group.id)).await?;
    let seal = store::seal_find(tx.connection(), group.id).await?.ok_or(Error::NotFound)?;
    // The admission may have been taken back since the group was seen.
    if seal.admissions.iter().all(|admitted| admitted.account_id != own) {
        return Err(Error::NotFound);
    }
    Ok((tx, seal, own))
}

/// A transaction on seals for an administrator, with their account.
async fn outside(ctx: &Ctx) -> Result<(Tx, Uuid), Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    let own = ctx.in_person()?;
    Ok((ctx.write(permit).await?, own))
}

fn running(seal: &SealSummary, now: Timestamp) -> Result<&Breaking, Error> {
    let asked = seal.breaking.as_ref().ok_or_else(not_asked)?;
    if asked.runs(now) {
        return Ok(asked);
    }
    let detail = "Nobody approved the request to break this seal within three days. Ask for it again.";
    Err(Error::conflict("breaking_expired", detail))
}

fn not_asked() -> Error {
    let detail = "Nobody has asked for this seal to be broken. Ask for it, and let another administrator approve it.";
    Error::conflict("breaking_not_asked", detail)
}

/// Refuses an approval by whoever asked, by another account of the same person, by an account that one of the two has
/// made or could have made their own, and by one that was not an administrator's when it was asked.
async fn refuse_one_and_the_same(tx: &Tx, asked: &Breaking, second: Uuid) -> Result<(), Error> {
    let connection = tx.connection();
    let refusal = |detail: &str| Err(Error::conflict("second_administrator_needed", detail));
    if asked.asked_by == second {
        return refusal("You have asked for this seal to be broken. Another administrator has to approve it.");
    }
    let administrator =
        |account: &Visible<Account>| account.content.role == Role::Admin && !account.content.is_over(tx.now());
    let first = accounts::usable(connection, asked.asked_by).await?.filter(administrator);
    let own = accounts::usable(connection, second).await?.filter(administrator);
    let (Some(first), Some(own)) = (first, own) else {
        return refusal("Whoever asked is no administrator any more. Withdraw the request and ask again.");
    };
    if first.content.person_id.is_some() && first.content.person_id == own.content.person_id {
        return refusal("Your account and that of whoever asked are of one person. Let somebody else approve it.");
    }
    let since = asked.asked_at;
    let mut changed = own.created_at >= since;
    for action in ["account.updated", "account.password_set", "account.passkey_registered"] {
        changed = changed || audit::done_since(connection, action, second, since).await?;
    }
    if changed {
        return refusal(
            "Your account was made or changed since this was asked. Let an administrator of before approve it.",
        );
    }
    if in_hand_of(tx, asked.asked_by).await?.contains(&second)
        || in_hand_of(tx, second).await?.contains(&asked.asked_by)
    {
        return refusal(
            "One of your two accounts was made by the other, or its address, person or role was. Let an administrator \
             approve it whose account neither has in hand.",
        );
    }
    Ok(())
}

/// The accounts and keys that somebody could use as their own: those they made, for whomever, or changed, and what was made
/// or changed by way of these.
async fn in_hand_of(tx: &Tx, account: Uuid) -> Result<BTreeSet<Uuid>, Error> {
    let (mut held, mut fresh) = (BTreeSet::from([account]), vec![account]);
    while !fresh.is_empty() {
        fresh.extend(keys_of(tx.connection(), &fresh).await?);
        let made = audit::access_made_by(tx.connection(), &fresh).await?;
        fresh = made.into_iter().filter(|one| held.insert(*one)).collect();
    }
    Ok(held)
}

/// Records what became of a seal. What the calendars of the group and of its events show changes with it.
async fn record(tx: &Tx, kind: &'static str, group: Uuid, diff: serde_json::Value) -> Result<(), Error> {
    tx.record(Change { diff, ..seal_change(tx.connection(), kind, group).await? });
    tx.touch_feeds(EVERY_FEED.to_owned());
    Ok(())
}
