//! Queries of sign-ins.

use ::entity::access::{
    account, account_password, sign_in_link,
    sign_in_session::{ActiveModel, Column, Entity, Model},
};
use domain::access::{AccountState, SignIn, SignInMethod, SignInTimes, SignIns, Token};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use super::links::NewLink;
use crate::{
    db::{self, Tx, from_chrono, to_chrono},
    error::Error,
};

/// A sign-in as its cookie was shown.
pub(super) struct Held {
    pub(super) id: Uuid,
    pub(super) secret_hash: String,
    pub(super) account: Uuid,
    pub(super) signed_in_at: Timestamp,
    pub(super) last_used_at: Timestamp,
}

/// The sign-in with this public part, whether or not it still counts.
pub(super) async fn sign_in_by_prefix(connection: &impl ConnectionTrait, prefix: &str) -> Result<Option<Held>, Error> {
    let row = Entity::find().filter(Column::Prefix.eq(prefix)).one(connection).await?;
    Ok(row.map(|row| Held {
        id: row.id,
        secret_hash: row.secret_hash,
        account: row.account_id,
        signed_in_at: from_chrono(row.signed_in_at),
        last_used_at: from_chrono(row.last_used_at),
    }))
}

/// Those of an account that still count, newest first.
pub(super) async fn sign_in_list(
    connection: &impl ConnectionTrait,
    account: Uuid,
    current: Uuid,
    times: SignInTimes,
    now: Timestamp,
) -> Result<SignIns, Error> {
    let select = Entity::find().filter(Column::AccountId.eq(account)).order_by_desc(Column::Id);
    let rows = select.limit(SignIns::MOST as u64).all(connection).await?;
    let counts = |row: &Model| times.counts(from_chrono(row.signed_in_at), from_chrono(row.last_used_at), now);
    let items = rows.into_iter().filter(counts).map(|row| shown(row, current)).collect::<Result<_, _>>()?;
    Ok(SignIns { items })
}

/// Adds a row; gives its id.
pub(super) async fn sign_in_insert(
    tx: &Tx,
    account: Uuid,
    method: SignInMethod,
    token: &Token,
    agent: Option<&str>,
    ends: Timestamp,
) -> Result<Uuid, Error> {
    let (id, at) = (tx.new_id()?, to_chrono(tx.now()));
    let row = ActiveModel {
        id: Set(id),
        prefix: Set(token.id().to_owned()),
        secret_hash: Set(token.hash()),
        account_id: Set(account),
        method: Set(method.to_string()),
        agent: Set(agent.map(str::to_owned)),
        signed_in_at: Set(at),
        last_used_at: Set(at),
        expires_at: Set(to_chrono(ends)),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(id)
}

/// Ends the sign-in of this cookie, if it is one.
pub(super) async fn sign_in_delete_held(tx: &Tx, held: &Token) -> Result<(), Error> {
    let of_cookie = Entity::delete_many().filter(Column::Prefix.eq(held.id()));
    of_cookie.filter(Column::SecretHash.eq(held.hash())).exec(tx.connection()).await?;
    Ok(())
}

/// Ends one sign-in of the account; says whether there was one.
pub(super) async fn sign_in_delete(tx: &Tx, account: Uuid, id: Uuid) -> Result<bool, Error> {
    let of_account = Entity::delete_many().filter(Column::AccountId.eq(account));
    Ok(of_account.filter(Column::Id.eq(id)).exec(tx.connection()).await?.rows_affected == 1)
}

/// Ends the sign-ins of the account but the newest `kept`; gives how many were ended.
pub(super) async fn sign_ins_cut(tx: &Tx, account: Uuid, kept: usize) -> Result<u64, Error> {
    let of_account = Entity::find().filter(Column::AccountId.eq(account)).order_by_desc(Column::Id);
    let ids: Vec<Uuid> = of_account.select_only().column(Column::Id).into_tuple().all(tx.connection()).await?;
    let Some(old) = ids.get(kept..).filter(|old| !old.is_empty()) else { return Ok(0) };
    let delete = Entity::delete_many().filter(Column::Id.is_in(old.iter().copied()));
    Ok(delete.exec(tx.connection()).await?.rows_affected)
}

fn shown(row: Model, current: Uuid) -> Result<SignIn, Error> {
    Ok(SignIn {
        id: row.id,
        method: db::word(&row.method, SignInMethod::parse)?,
        agent: row.agent,
        signed_in_at: from_chrono(row.signed_in_at),
        last_used_at: from_chrono(row.last_used_at),
        expires_at: from_chrono(row.expires_at),
        current: row.id == current,
    })
}

/// Adds a link.
pub(super) async fn link_insert(tx: &Tx, link: &NewLink, token: &Token) -> Result<(), Error> {
    let row = sign_in_link::ActiveModel {
        id: Set(tx.new_id()?),
        prefix: Set(token.id().to_owned()),
        secret_hash: Set(token.hash()),
        account_id: Set(link.account),
        method: Set(link.method.to_string()),
        browser_hash: Set(link.browser_hash.clone()),
        return_to: Set(link.return_to.clone()),
        expires_at: Set(to_chrono(link.ends)),
    };
    sign_in_link::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The link of this token, if it still works.
pub(super) async fn link_by_token(
    connection: &impl ConnectionTrait,
    token: &Token,
    method: SignInMethod,
    now: Timestamp,
) -> Result<Option<sign_in_link::Model>, Error> {
    let link = sign_in_link::Entity::find()
        .filter(sign_in_link::Column::Prefix.eq(token.id()))
        .filter(sign_in_link::Column::Method.eq(method.as_str()))
        .filter(sign_in_link::Column::ExpiresAt.gt(to_chrono(now)))
        .one(connection)
        .await?;
    let matches = token.matches(link.as_ref().map_or("", |link| &link.secret_hash));
    Ok(link.filter(|_| matches))
}

/// Uses a link up; says whether it was there.
pub(super) async fn link_delete(tx: &Tx, id: Uuid) -> Result<bool, Error> {
    Ok(sign_in_link::Entity::delete_by_id(id).exec(tx.connection()).await?.rows_affected == 1)
}

/// Ends all links of this kind of an account.
pub(super) async fn links_delete(tx: &Tx, account: Uuid, method: SignInMethod) -> Result<(), Error> {
    sign_in_link::Entity::delete_many()
        .filter(sign_in_link::Column::AccountId.eq(account))
        .filter(sign_in_link::Column::Method.eq(method.as_str()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Sets the password of an account, as its hash.
pub(super) async fn password_put(tx: &Tx, account: Uuid, hash: String) -> Result<(), Error> {
    use account_password::Column;
    let row = account_password::ActiveModel {
        account_id: Set(account),
        hash: Set(hash),
        changed_at: Set(to_chrono(tx.now())),
    };
    let instead = OnConflict::column(Column::AccountId).update_columns([Column::Hash, Column::ChangedAt]).to_owned();
    account_password::Entity::insert(row).on_conflict(instead).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The hash of an account's password.
pub(super) async fn password_find(connection: &impl ConnectionTrait, account: Uuid) -> Result<Option<String>, Error> {
    Ok(account_password::Entity::find_by_id(account).one(connection).await?.map(|row| row.hash))
}

/// Whether an account that can be used has a password.
pub(super) async fn password_exists(connection: &impl ConnectionTrait) -> Result<bool, Error> {
    let account = account_password::Entity::belongs_to(account::Entity)
        .from(account_password::Column::AccountId)
        .to(account::Column::Id);
    let usable = account_password::Entity::find()
        .join(JoinType::InnerJoin, account.into())
        .filter(account::Column::DeletedAt.is_null())
        .filter(account::Column::State.eq(AccountState::Active.as_str()));
    Ok(usable.count(connection).await? > 0)
}
