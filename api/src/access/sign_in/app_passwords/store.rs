//! Queries of app passwords.

use ::entity::access::app_password::{ActiveModel, Column, Entity, Model};
use domain::access::{AppPassword, AppPasswords, Token, TokenKind};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    db::{Tx, from_chrono, from_chrono_opt, to_chrono},
    error::Error,
};

/// An app password as it was shown.
pub(super) struct Held {
    pub(super) id: Uuid,
    pub(super) account: Uuid,
    pub(super) secret_hash: String,
    pub(super) last_used_at: Option<Timestamp>,
}

/// The app password with this public part.
pub(super) async fn app_password_by_prefix(
    connection: &impl ConnectionTrait,
    prefix: &str,
) -> Result<Option<Held>, Error> {
    let row = Entity::find().filter(Column::Prefix.eq(prefix)).one(connection).await?;
    Ok(row.map(|row| Held {
        id: row.id,
        account: row.account_id,
        secret_hash: row.secret_hash,
        last_used_at: from_chrono_opt(row.last_used_at),
    }))
}

/// Those of an account, oldest first.
pub(super) async fn app_password_list(connection: &impl ConnectionTrait, account: Uuid) -> Result<AppPasswords, Error> {
    let select = Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id);
    let rows = select.limit(AppPasswords::MOST as u64).all(connection).await?;
    Ok(AppPasswords { items: rows.into_iter().map(shown).collect() })
}

/// Adds one.
pub(super) async fn app_password_insert(
    tx: &Tx,
    account: Uuid,
    name: String,
    token: &Token,
) -> Result<AppPassword, Error> {
    let row = Model {
        id: tx.new_id()?,
        account_id: account,
        name,
        prefix: token.id().to_owned(),
        secret_hash: token.hash(),
        created_at: to_chrono(tx.now()),
        last_used_at: None,
        last_agent: None,
    };
    Entity::insert(ActiveModel::from(row.clone())).exec_without_returning(tx.connection()).await?;
    Ok(shown(row))
}

/// Deletes one of the account; says whether there was one.
pub(super) async fn app_password_delete(tx: &Tx, account: Uuid, id: Uuid) -> Result<bool, Error> {
    let of_account = Entity::delete_many().filter(Column::AccountId.eq(account));
    Ok(of_account.filter(Column::Id.eq(id)).exec(tx.connection()).await?.rows_affected == 1)
}

/// Deletes all of an account; gives which.
pub(super) async fn app_passwords_delete(tx: &Tx, account: Uuid) -> Result<Vec<Uuid>, Error> {
    let of_account = Entity::delete_many().filter(Column::AccountId.eq(account));
    let gone = of_account.exec_with_returning(tx.connection()).await?;
    Ok(gone.into_iter().map(|row| row.id).collect())
}

fn shown(row: Model) -> AppPassword {
    AppPassword {
        id: row.id,
        name: row.name,
        prefix: Token::prefix(TokenKind::App, &row.prefix),
        created_at: from_chrono(row.created_at),
        last_used_at: from_chrono_opt(row.last_used_at),
        last_agent: row.last_agent,
    }
}
