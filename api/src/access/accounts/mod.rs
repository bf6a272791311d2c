//! Accounts: who may sign in, and to whom keys belong. For administrators; auditors may look.

pub mod resource;
mod store;

use std::collections::HashMap;

use domain::{
    access::{Account, AccountState, Actor, Offices, Principal, Resource, Role, Standing, Target, Tlp},
    identifier::{Handle, OrganisationId, PersonId},
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use serde_json::Value;
pub(super) use store::account_limit;
use uuid::Uuid;

use super::{
    know_limits, known_organisation, known_person, sign_in,
    store::{fence, offices_of},
};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
};

/// One page of the accounts, by address.
pub async fn list(ctx: &Ctx, paging: &Paging) -> Result<Page<Visible<Account>>, Error> {
    store::account_list(ctx.read(Resource::Keys)?, paging).await
}

/// One account, by id or address.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Account>, Error> {
    store::account_find(ctx.read(Resource::Keys)?, handle).await
}

/// Adds an account.
pub async fn create(ctx: &Ctx, input: Account) -> Result<Visible<Account>, Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    refuse_narrowed(ctx)?;
    ctx.freshly_signed_in()?;
    let input = checked(ctx, input, None).await?;
    let tx = ctx.write(permit).await?;
    let made = store::account_insert(&tx, &input).await?;
    tx.record(change("account.created", &made, to_json(&made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// Replaces what is known of an account, if it still is what the caller read.
pub async fn replace(ctx: &Ctx, id: Uuid, expected: Expected, input: Account) -> Result<Visible<Account>, Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    refuse_narrowed(ctx)?;
    let current = get(ctx, &Handle::Id(id)).await?;
    expected.check_object(&current)?;
    let input = checked(ctx, input, Some(&current.content)).await?;
    let as_before = input.permits_the_same_as(&current.content);
    if !as_before {
        ctx.freshly_signed_in()?;
    }
    let tx = ctx.write(permit).await?;
    if input.role != Role::Admin || input.state != AccountState::Active || input.ends_at.is_some() {
        spare_last_administrator(&tx, &current).await?;
    }
    if !as_before || !input.is_opened_as(&current.content) {
        refuse_taking_over(&tx, id).await?;
    }
    let made = store::account_update(&tx, &current, &input).await?;
    // Whoever came by another address may be somebody else.
    if !input.is_opened_as(&current.content) {
        sign_in::app_passwords::forget(&tx, id).await?;
    }
    // Whoever may now do more, less or nothing has to sign in anew (ASVS 5.0, 7.2.4).
    if input.state != AccountState::Active || !as_before {
        sign_in::end_in(&tx, id).await?;
    }
    tx.record(change("account.updated", &made, audit::diff(&current.content, &made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// Takes an account away, and with it the use of its keys.
pub async fn delete(ctx: &Ctx, id: Uuid, expected: Expected) -> Result<(), Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    let current = get(ctx, &Handle::Id(id)).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    take_away(&tx, &current).await?;
    tx.commit().await
}

/// Takes an account away in a transaction that erases the person it belongs to; one that is gone stays gone.
pub async fn close(tx: &Tx, id: Uuid) -> Result<(), Error> {
    let current = match store::account_find(tx.connection(), &Handle::Id(id)).await {
        Err(Error::Gone) => return Ok(()),
        found => found?,
    };
    take_away(tx, &current).await
}

async fn take_away(tx: &Tx, current: &Visible<Account>) -> Result<(), Error> {
    spare_last_administrator(tx, current).await?;
    let version = store::account_delete(tx, current).await?;
    sign_in::passkeys::forget(tx, current.id).await?;
    sign_in::app_passwords::forget(tx, current.id).await?;
    sign_in::end_in(tx, current.id).await?;
    fence::admissions_end(tx, current.id).await?;
    tx.record(Change::new("account.deleted", current.id, version));
    Ok(())
}

/// Whoever signs in to an account is not narrowed, so somebody who is hands none out.
fn refuse_narrowed(ctx: &Ctx) -> Result<(), Error> {
    if ctx.actor.may_hand_out(&[], Tlp::Red) {
        return Ok(());
    }
    let detail =
        "This key is narrowed to scopes or to a TLP ceiling; what an account may do is not. Use a key that is not.";
    Err(Error::Forbidden(detail.to_owned()))
}

/// Refuses what would leave the server without an administrator (R38).
async fn spare_last_administrator(tx: &Tx, current: &Visible<Account>) -> Result<(), Error> {
    if current.content.role != Role::Admin || store::administrator_besides(tx, current.id).await? {
        return Ok(());
    }
    let detail = "This is the last administrator. Make another account an administrator first.";
    Err(Error::conflict("last_administrator", detail))
}

/// Refuses what could make an account somebody else's, or let it see more, while it is admitted to a sealed group: who
/// administers accounts must not come in by way of them. Disabling and deleting it shuts it out and is always possible.
pub(super) async fn refuse_taking_over(tx: &Tx, account: Uuid) -> Result<(), Error> {
    if !fence::account_admitted(tx.connection(), account).await? {
        return Ok(());
    }
    let detail = "This account is admitted to a sealed group. Let somebody who is admitted take it out of the seal \
                  first, or disable the account.";
    Err(Error::conflict("admitted_to_seal", detail))
}

/// The account of the server's operator, made when it is first asked for: a fresh server has no accounts.
pub async fn operator(tx: &Tx) -> Result<Visible<Account>, Error> {
    let named = Handle::Code(Account::OPERATOR.to_owned());
    match store::account_find(tx.connection(), &named).await {
        Err(Error::NotFound) => {
            let made = store::account_insert(tx, &Account::operator()).await?;
            tx.record(change("account.created", &made, to_json(&made.content)?));
            Ok(made)
        }
        known => known,
    }
}

/// The input with what it refers to by id, once nothing is wrong with it. Limits that stay are not asked for again: what
/// they name may have been sealed since.
async fn checked(ctx: &Ctx, mut input: Account, current: Option<&Account>) -> Result<Account, Error> {
    input.check()?;
    input.check_stay(ctx.now)?;
    if let Some(person) = &input.person_id {
        input.person_id = Some(known_person(ctx.read(Resource::Keys)?, person).await?);
    }
    if let Some(organisation) = &input.organisation_id {
        input.organisation_id = Some(known_organisation(ctx.read(Resource::Keys)?, organisation).await?);
    }
    if current.is_none_or(|current| (&current.event_ids, &current.group_ids) != (&input.event_ids, &input.group_ids)) {
        let connection = ctx.read(Resource::Keys)?;
        know_limits(connection, &ctx.actor, &mut input.event_ids, &mut input.group_ids).await?;
    }
    Ok(input)
}

/// The account, if it is in use; asks nobody's leave, because it says who somebody is. Whether its time is over is another
/// question, which whoever signs somebody in has to ask: a provider of identities may let a guest stay longer.
pub async fn usable(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Visible<Account>>, Error> {
    store::account_usable(connection, &Handle::Id(id)).await
}

/// The account with this address, if it is in use; for signing in, like [`usable`].
pub(super) async fn usable_by_address(
    connection: &impl ConnectionTrait,
    address: &str,
) -> Result<Option<Visible<Account>>, Error> {
    store::account_usable(connection, &Handle::Code(address.to_lowercase())).await
}

/// Writes what a sign-in at a provider of identities made of the account, in the transaction of the sign-in. Whoever may now
/// do more or less has to sign in anew, and so has whoever was the account before (ASVS 5.0, 7.2.4).
pub(super) async fn follow_provider(tx: &Tx, held: &Visible<Account>, after: &Account) -> Result<(), Error> {
    if after.role != Role::Admin {
        spare_last_administrator(tx, held).await?;
    }
    let made = store::account_update(tx, held, after).await?;
    sign_in::end_in(tx, held.id).await?;
    tx.record(change("account.updated", &made, audit::diff(&held.content, &made.content)?));
    Ok(())
}

/// Who acts as this account, with the rights of this moment.
pub(super) async fn actor(
    connection: &impl ConnectionTrait,
    account: &Account,
    principal: Principal,
    at: Timestamp,
) -> Result<Option<Actor>, Error> {
    let offices = match reference(account.person_id.as_ref()) {
        Some(person) => offices_of(connection, person, at).await?,
        None => Offices::default(),
    };
    let standing = Standing {
        role: account.role,
        state: account.state,
        organisation: reference(account.organisation_id.as_ref()).map(Into::into),
        limit: account.limit(),
        offices,
        ends_at: account.ends_at.map(|end| end.0),
    };
    Ok(Actor::of_account(principal, standing, at))
}

/// Somebody who subscribed to a calendar, with the rights of this moment, and when their account was last written.
/// Nobody once the account cannot be used.
pub async fn subscriber(
    connection: &impl ConnectionTrait,
    id: Uuid,
    at: Timestamp,
) -> Result<Option<(Actor, Timestamp)>, Error> {
    let Some(account) = usable(connection, id).await? else { return Ok(None) };
    let actor = actor(connection, &account.content, Principal::Subscriber { account: id }, at).await?;
    Ok(actor.map(|actor| (actor, account.changed_at)))
}

/// Somebody who is written to, with the rights of this moment. Nobody once the account cannot be used.
pub async fn recipient(
    connection: &impl ConnectionTrait,
    id: Uuid,
    at: Timestamp,
) -> Result<Option<(Actor, Account)>, Error> {
    let Some(account) = usable(connection, id).await? else { return Ok(None) };
    let actor = actor(connection, &account.content, Principal::Subscriber { account: id }, at).await?;
    Ok(actor.map(|actor| (actor, account.content)))
}

/// The accounts of those who manage delegations at `target`, by organisation.
pub async fn managers_of(
    connection: &impl ConnectionTrait,
    organisations: &[OrganisationId],
    target: Target,
    at: Timestamp,
) -> Result<HashMap<OrganisationId, Vec<Uuid>>, Error> {
    let mut managers: HashMap<_, Vec<_>> = HashMap::new();
    for account in store::accounts_managing(connection, organisations, at).await? {
        let within = account.content.limit().is_none_or(|limit| limit.holds(target));
        let organisation = reference(account.content.organisation_id.as_ref()).filter(|_| within);
        if let Some(organisation) = organisation {
            managers.entry(OrganisationId(organisation)).or_default().push(account.id);
        }
    }
    Ok(managers)
}

/// The accounts of persons, as far as they can be used; of somebody with several, the first.
pub async fn of_persons(
    connection: &impl ConnectionTrait,
    persons: impl IntoIterator<Item = PersonId>,
    at: Timestamp,
) -> Result<HashMap<PersonId, Uuid>, Error> {
    store::accounts_of_persons(connection, persons, at).await
}

/// The version of an account, deleted or not.
pub(super) async fn version(connection: &impl ConnectionTrait, id: Uuid) -> Result<i32, Error> {
    store::account_version(connection, id).await
}

/// Notes in the transaction that the account was signed in to.
pub(super) async fn signed_in(tx: &Tx, id: Uuid) -> Result<(), Error> {
    store::account_signed_in(tx, id).await
}

/// A change that is about the person of the account, as far as it is known who that is.
fn change(kind: &'static str, account: &Visible<Account>, diff: Value) -> Change {
    let subject = reference(account.content.person_id.as_ref());
    Change { diff, subject, ..Change::new(kind, account.id, account.version) }
}
