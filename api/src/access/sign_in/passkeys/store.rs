//! Queries of passkeys and of the challenges they sign.

use ::entity::access::{
    identity,
    passkey::{ActiveModel, Column, Entity, Model},
    passkey_challenge,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::access::passkey::{Passkey, Passkeys, Registered};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, SqlErr, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    db::{Tx, from_chrono, from_chrono_opt, to_chrono},
    error::Error,
};

/// A passkey as it was registered.
pub(super) struct Held {
    pub(super) id: Uuid,
    pub(super) account: Uuid,
    pub(super) public_key: String,
    pub(super) sign_count: u32,
    pub(super) backup_eligible: bool,
}

/// A challenge that was given out.
pub(super) struct Given {
    pub(super) account: Option<Uuid>,
    pub(super) ends: Timestamp,
}

/// The passkeys of an account, oldest first.
pub(super) async fn passkey_list(connection: &impl ConnectionTrait, account: Uuid) -> Result<Passkeys, Error> {
    let select = Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id);
    let rows = select.limit(Passkeys::MOST as u64).all(connection).await?;
    Ok(Passkeys { items: rows.into_iter().map(shown).collect() })
}

/// What the authenticators call the passkeys of an account.
pub(super) async fn credential_ids(connection: &impl ConnectionTrait, account: Uuid) -> Result<Vec<String>, Error> {
    let of_account = Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id);
    Ok(of_account.select_only().column(Column::CredentialId).into_tuple().all(connection).await?)
}

/// The passkey that an authenticator calls so.
pub(super) async fn passkey_by_credential(
    connection: &impl ConnectionTrait,
    credential_id: &str,
) -> Result<Option<Held>, Error> {
    let row = Entity::find().filter(Column::CredentialId.eq(credential_id)).one(connection).await?;
    row.map(|row| {
        let sign_count = u32::try_from(row.sign_count).map_err(Error::internal)?;
        let Model { id, account_id: account, public_key, backup_eligible, .. } = row;
        Ok(Held { id, account, public_key, sign_count, backup_eligible })
    })
    .transpose()
}

/// Adds a passkey; none where another has its id already, whosever it is.
pub(super) async fn passkey_insert(
    tx: &Tx,
    account: Uuid,
    name: String,
    made: &Registered,
) -> Result<Option<Passkey>, Error> {
    let row = Model {
        id: tx.new_id()?,
        account_id: account,
        name,
        credential_id: URL_SAFE_NO_PAD.encode(&made.credential_id),
        public_key: URL_SAFE_NO_PAD.encode(&made.cose_key),
        sign_count: made.sign_count.into(),
        backup_eligible: made.backup_eligible,
        created_at: to_chrono(tx.now()),
        last_used_at: None,
    };
    let inserted = Entity::insert(ActiveModel::from(row.clone())).exec_without_returning(tx.connection()).await;
    match inserted {
        Ok(_) => Ok(Some(shown(row))),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Notes that a passkey was used and how far it has counted; false where it is gone or has counted further since.
pub(super) async fn passkey_used(tx: &Tx, id: Uuid, sign_count: u32) -> Result<bool, Error> {
    let count = i64::from(sign_count);
    let not_counting = Condition::all().add(Expr::value(count == 0)).add(Column::SignCount.eq(0));
    let used = Entity::update_many()
        .col_expr(Column::SignCount, Expr::value(count))
        .col_expr(Column::LastUsedAt, Expr::value(to_chrono(tx.now())))
        .filter(Column::Id.eq(id))
        .filter(Condition::any().add(Column::SignCount.lt(count)).add(not_counting))
        .exec(tx.connection())
        .await?;
    Ok(used.rows_affected == 1)
}

/// Deletes a passkey of the account; says whether there was one.
pub(super) async fn passkey_delete(tx: &Tx, account: Uuid, id: Uuid) -> Result<bool, Error> {
    let of_account = Entity::delete_many().filter(Column::AccountId.eq(account));
    Ok(of_account.filter(Column::Id.eq(id)).exec(tx.connection()).await?.rows_affected == 1)
}

/// Deletes all passkeys of an account, and challenges for new ones; gives which passkeys.
pub(super) async fn passkeys_delete(tx: &Tx, account: Uuid) -> Result<Vec<Uuid>, Error> {
    let given = passkey_challenge::Entity::delete_many().filter(passkey_challenge::Column::AccountId.eq(account));
    given.exec(tx.connection()).await?;
    let of_account = Entity::delete_many().filter(Column::AccountId.eq(account));
    let gone = of_account.exec_with_returning(tx.connection()).await?;
    Ok(gone.into_iter().map(|row| row.id).collect())
}

/// Whether the account is a person of one of these providers.
pub(super) async fn is_known_to(
    connection: &impl ConnectionTrait,
    account: Uuid,
    issuers: &[&str],
) -> Result<bool, Error> {
    let of_account = identity::Entity::find().filter(identity::Column::AccountId.eq(account));
    let known = of_account.filter(identity::Column::Issuer.is_in(issuers.iter().copied()));
    Ok(known.count(connection).await? > 0)
}

/// Adds a challenge.
pub(super) async fn challenge_insert(
    tx: &Tx,
    challenge_hash: String,
    browser_hash: String,
    account: Option<Uuid>,
    ends: Timestamp,
) -> Result<(), DbErr> {
    let row = passkey_challenge::ActiveModel {
        challenge_hash: Set(challenge_hash),
        browser_hash: Set(browser_hash),
        account_id: Set(account),
        expires_at: Set(to_chrono(ends)),
    };
    passkey_challenge::Entity::insert(row).exec_without_returning(tx.connection()).await.map(drop)
}

/// Takes a challenge out, so that nobody can use it twice. Only the browser it was given to finds it.
pub(super) async fn challenge_take(tx: &Tx, challenge_hash: &str, browser_hash: &str) -> Result<Option<Given>, DbErr> {
    let taken = passkey_challenge::Entity::delete_many()
        .filter(passkey_challenge::Column::ChallengeHash.eq(challenge_hash))
        .filter(passkey_challenge::Column::BrowserHash.eq(browser_hash))
        .exec_with_returning(tx.connection())
        .await?;
    Ok(taken.into_iter().next().map(|row| Given { account: row.account_id, ends: from_chrono(row.expires_at) }))
}

/// Forgets challenges that nobody had signed in time.
pub(super) async fn challenges_expire(tx: &Tx) -> Result<(), DbErr> {
    passkey_challenge::Entity::delete_many()
        .filter(passkey_challenge::Column::ExpiresAt.lte(to_chrono(tx.now())))
        .exec(tx.connection())
        .await
        .map(drop)
}

fn shown(row: Model) -> Passkey {
    Passkey {
        id: row.id,
        name: row.name,
        synced: row.backup_eligible,
        created_at: from_chrono(row.created_at),
        last_used_at: from_chrono_opt(row.last_used_at),
    }
}
