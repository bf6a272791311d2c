//! Queries of sign-ins that are going on, and of who is who at a provider.

use ::entity::access::{identity, provider_sign_in, sign_in_attempt, sign_in_session};
use domain::access::oidc::Ended;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Attempt;
use crate::{
    db::{Tx, from_chrono, to_chrono},
    error::Error,
};

/// A person at a provider whom somebody here is.
pub(super) struct Identity {
    pub id: Uuid,
    pub account: Uuid,
}

/// Adds a sign-in that begins.
pub(super) async fn attempt_insert(tx: &Tx, state_hash: String, attempt: Attempt) -> Result<(), DbErr> {
    let row = sign_in_attempt::ActiveModel {
        state_hash: Set(state_hash),
        browser_hash: Set(attempt.browser_hash),
        provider: Set(attempt.provider),
        nonce: Set(attempt.nonce),
        verifier: Set(attempt.verifier),
        return_to: Set(attempt.return_to),
        expires_at: Set(to_chrono(attempt.expires_at)),
    };
    sign_in_attempt::Entity::insert(row).exec_without_returning(tx.connection()).await.map(drop)
}

/// Takes the sign-in out, so that nobody can go on with it twice. Only the browser it began in finds it.
pub(super) async fn attempt_take(tx: &Tx, state_hash: &str, browser_hash: &str) -> Result<Option<Attempt>, DbErr> {
    let taken = sign_in_attempt::Entity::delete_many()
        .filter(sign_in_attempt::Column::StateHash.eq(state_hash))
        .filter(sign_in_attempt::Column::BrowserHash.eq(browser_hash))
        .exec_with_returning(tx.connection())
        .await?;
    Ok(taken.into_iter().next().map(|row| Attempt {
        browser_hash: row.browser_hash,
        provider: row.provider,
        nonce: row.nonce,
        verifier: row.verifier,
        return_to: row.return_to,
        expires_at: from_chrono(row.expires_at),
    }))
}

/// Forgets sign-ins that nobody went on with in time.
pub(super) async fn attempts_expire(tx: &Tx) -> Result<(), DbErr> {
    sign_in_attempt::Entity::delete_many()
        .filter(sign_in_attempt::Column::ExpiresAt.lte(to_chrono(tx.now())))
        .exec(tx.connection())
        .await
        .map(drop)
}

/// Who this person of the provider is here.
pub(super) async fn identity_find(
    connection: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Option<Identity>, DbErr> {
    let select = identity::Entity::find()
        .filter(identity::Column::Issuer.eq(issuer))
        .filter(identity::Column::Subject.eq(subject));
    Ok(select.one(connection).await?.map(|row| Identity { id: row.id, account: row.account_id }))
}

/// Makes this person of the provider the account, in the place of another of the same provider.
pub(super) async fn identity_insert(tx: &Tx, issuer: &str, subject: &str, account: Uuid) -> Result<Identity, Error> {
    identity::Entity::delete_many()
        .filter(identity::Column::AccountId.eq(account))
        .filter(identity::Column::Issuer.eq(issuer))
        .exec(tx.connection())
        .await?;
    let id = tx.new_id()?;
    let row = identity::ActiveModel {
        id: Set(id),
        issuer: Set(issuer.to_owned()),
        subject: Set(subject.to_owned()),
        account_id: Set(account),
        created_at: Set(to_chrono(tx.now())),
    };
    // Somebody who signs in for the first time in two places at once is linked by one of them.
    let made = identity::Entity::insert(row).exec_without_returning(tx.connection()).await;
    made.map_err(|error| Error::on_unique(error, || Error::Stale(None)))?;
    Ok(Identity { id, account })
}

/// Notes that a sign-in was made by this person of the provider, in this session of the provider's.
pub(super) async fn provider_sign_in_insert(
    tx: &Tx,
    sign_in: Uuid,
    identity: Uuid,
    sid: Option<String>,
) -> Result<(), DbErr> {
    let row = provider_sign_in::ActiveModel { sign_in_id: Set(sign_in), identity_id: Set(identity), sid: Set(sid) };
    provider_sign_in::Entity::insert(row).exec_without_returning(tx.connection()).await.map(drop)
}

/// Ends the sign-ins that the provider has ended; gives the accounts they were of, one for each.
pub(super) async fn provider_sign_ins_end(tx: &Tx, issuer: &str, ended: &Ended) -> Result<Vec<Uuid>, DbErr> {
    let mut people = identity::Entity::find().filter(identity::Column::Issuer.eq(issuer));
    if let Some(subject) = &ended.sub {
        people = people.filter(identity::Column::Subject.eq(subject));
    }
    let people: Vec<Uuid> = people.select_only().column(identity::Column::Id).into_tuple().all(tx.connection()).await?;
    let mut made = provider_sign_in::Entity::find().filter(provider_sign_in::Column::IdentityId.is_in(people));
    if let Some(sid) = &ended.sid {
        made = made.filter(provider_sign_in::Column::Sid.eq(sid));
    }
    let over = made.select_only().column(provider_sign_in::Column::SignInId);
    let over: Vec<Uuid> = over.into_tuple().all(tx.connection()).await?;
    let gone = sign_in_session::Entity::delete_many()
        .filter(sign_in_session::Column::Id.is_in(over))
        .exec_with_returning(tx.connection())
        .await?;
    Ok(gone.into_iter().map(|row| row.account_id).collect())
}
