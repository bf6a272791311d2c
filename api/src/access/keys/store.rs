//! Queries of keys, and of what keys refer to.

use std::collections::HashMap;

use ::entity::access::{
    account,
    api_key::{ActiveModel, Column, Entity, Model},
    api_key_limit,
};
use domain::{
    access::{Key, KeyState, Network, NewKey, Role, Scope, Tlp, Token, TokenKind},
    identifier::Handle,
};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, JoinType, PaginatorTrait,
    QueryFilter, QuerySelect, RelationDef,
    prelude::{DateTimeUtc, Json},
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    db::{self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, from_json, page_of, to_chrono, to_json},
    error::Error,
};

/// How long nobody uses a key before it is called idle (90 days).
const IDLE_AFTER: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A key as it was presented, with everything that decides what it opens.
#[derive(Debug, Clone)]
pub struct HeldKey {
    /// The key.
    pub key: Model,
    /// The account it belongs to.
    pub account: account::Model,
    /// What it is limited to.
    pub limits: Vec<api_key_limit::Model>,
}

/// One row of the join behind a [`HeldKey`]: as many as the key has limits, at least one.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "Entity")]
struct HeldRow {
    #[sea_orm(nested)]
    key: Model,
    #[sea_orm(nested)]
    account: account::Model,
    #[sea_orm(nested)]
    limit: Option<api_key_limit::Model>,
}

/// From a key to the account it belongs to.
pub fn to_account() -> RelationDef {
    Entity::belongs_to(account::Entity).from(Column::OwnerId).to(account::Column::Id).into()
}

/// The key with this public part, if it opens anything: one statement, because it runs for every request. It leaves out
/// the revoked and expired, so that they cost no more time than unknown ones.
pub(super) async fn key_in_use(
    connection: &impl ConnectionTrait,
    prefix: &str,
    now: Timestamp,
) -> Result<Option<HeldKey>, DbErr> {
    key_held(
        connection,
        Condition::all().add(Column::DeletedAt.is_null()).add(Column::ExpiresAt.gt(to_chrono(now))),
        prefix,
    )
    .await
}

/// Of a key that was refused, what says why. No more than that, so that it costs hardly more than a key that never was.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub(super) struct Refused {
    pub(super) id: Uuid,
    pub(super) secret_hash: String,
    pub(super) networks: Json,
    pub(super) expires_at: DateTimeUtc,
    pub(super) deleted_at: Option<DateTimeUtc>,
}

/// The key with this public part that was refused.
pub(super) async fn key_refused(connection: &impl ConnectionTrait, prefix: &str) -> Result<Option<Refused>, DbErr> {
    Entity::find().filter(Column::Prefix.eq(prefix)).into_partial_model::<Refused>().one(connection).await
}

/// The key with this public part, whatever its state.
pub(super) async fn key_by_prefix(connection: &impl ConnectionTrait, prefix: &str) -> Result<Option<HeldKey>, DbErr> {
    key_held(connection, Condition::all(), prefix).await
}

async fn key_held(connection: &impl ConnectionTrait, state: Condition, prefix: &str) -> Result<Option<HeldKey>, DbErr> {
    let limits = Entity::belongs_to(api_key_limit::Entity).from(Column::Id).to(api_key_limit::Column::KeyId);
    let rows = Entity::find()
        .join(JoinType::InnerJoin, to_account())
        .join(JoinType::LeftJoin, limits.into())
        .filter(Column::Prefix.eq(prefix))
        .filter(state)
        .into_partial_model::<HeldRow>()
        .all(connection)
        .await?;
    let mut rows = rows.into_iter();
    Ok(rows.next().map(|first| HeldKey {
        key: first.key,
        account: first.account,
        limits: first.limit.into_iter().chain(rows.filter_map(|row| row.limit)).collect(),
    }))
}

/// One page of those not revoked, oldest first.
pub(super) async fn key_list(
    connection: &impl ConnectionTrait,
    paging: &Paging,
    now: Timestamp,
) -> Result<Page<Visible<Key>>, Error> {
    let select = Entity::find().filter(Column::DeletedAt.is_null());
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    let mut limits = limits_of(connection, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| {
        let limits = limits.remove(&row.id).unwrap_or_default();
        visible(row, &limits, now)
    })
}

/// The only finder of one key.
pub(super) async fn key_find(
    connection: &impl ConnectionTrait,
    id: Uuid,
    now: Timestamp,
) -> Result<Visible<Key>, Error> {
    let row = Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let limits = limits_of(connection, [id]).await?.remove(&id).unwrap_or_default();
    visible(row, &limits, now)
}

/// Adds a key and its limits, references resolved; the first of a lineage unless it replaces one.
pub(super) async fn key_insert(
    tx: &Tx,
    input: &NewKey,
    owner: Uuid,
    token: &Token,
    lineage: Option<Uuid>,
) -> Result<Visible<Key>, Error> {
    let (id, at) = (tx.new_id()?, to_chrono(tx.now()));
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(at),
        changed_at: Set(at),
        deleted_at: Set(None),
        name: Set(input.name.clone()),
        prefix: Set(token.id().to_owned()),
        secret_hash: Set(token.hash()),
        role: Set(input.role.to_string()),
        scopes: Set(to_json(&input.scopes)?),
        tlp_ceiling: Set(input.tlp_ceiling.to_string()),
        networks: Set(to_json(&input.networks())?),
        owner_id: Set(owner),
        lineage_id: Set(lineage.unwrap_or(id)),
        organisation_id: Set(db::reference(input.organisation_id.as_ref())),
        expires_at: Set(at + chrono::Duration::days(input.expires_in_days.into())),
        last_used_at: Set(None),
    };
    let row = Entity::insert(row).exec_with_returning(tx.connection()).await?;
    let limits = limits(id, input);
    if !limits.is_empty() {
        let rows = limits.iter().cloned().map(api_key_limit::ActiveModel::from);
        api_key_limit::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    visible(row, &limits, tx.now())
}

/// Lets a key end at this instant; gives its version.
pub(super) async fn key_end(tx: &Tx, current: &Visible<Key>, at: Timestamp) -> Result<i32, Error> {
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(to_chrono(tx.now())),
        expires_at: Set(to_chrono(at)),
        ..Default::default()
    };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(current.id)).filter(Column::DeletedAt.is_null());
    let done = update.filter(Column::Version.eq(current.version)).exec(tx.connection()).await?;
    if done.rows_affected == 1 { Ok(current.version + 1) } else { Err(Error::Stale(None)) }
}

/// How many keys of a lineage open anything at this instant.
pub(super) async fn lineage_size(
    connection: &impl ConnectionTrait,
    lineage: Uuid,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let live = Entity::find().filter(Column::LineageId.eq(lineage)).filter(Column::DeletedAt.is_null());
    live.filter(Column::ExpiresAt.gt(to_chrono(now))).count(connection).await
}

/// The lineage of a key, whatever its state.
pub(super) async fn lineage_of(connection: &impl ConnectionTrait, key: Uuid) -> Result<Option<Uuid>, DbErr> {
    Entity::find_by_id(key).select_only().column(Column::LineageId).into_tuple().one(connection).await
}

/// Makes the feeds of one key those of another.
pub(super) async fn feeds_hand_over(tx: &Tx, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    use ::entity::calendars::feed;
    let update = feed::Entity::update_many().col_expr(feed::Column::OwnerKeyId, Expr::value(to));
    update.filter(feed::Column::OwnerKeyId.eq(from)).exec(tx.connection()).await?;
    Ok(())
}

/// Turns the row into a tombstone; gives its version.
pub(super) async fn key_delete(tx: &Tx, current: &Visible<Key>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(current.version + 1)
}

/// How the kinds of limits are stored.
pub(super) const EVENT: &str = "event";
pub(super) const GROUP: &str = "group";

/// The rows of what a new key is limited to, each once.
fn limits(key: Uuid, input: &NewKey) -> Vec<api_key_limit::Model> {
    let ids = |handles: &[Handle]| -> std::collections::BTreeSet<Uuid> {
        handles.iter().filter_map(|handle| db::reference(Some(handle))).collect()
    };
    let row = |kind: &str, object_id| api_key_limit::Model { key_id: key, kind: kind.to_owned(), object_id };
    let events = ids(&input.event_ids).into_iter().map(|id| row(EVENT, id));
    events.chain(ids(&input.group_ids).into_iter().map(|id| row(GROUP, id))).collect()
}

async fn limits_of(
    connection: &impl ConnectionTrait,
    keys: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<api_key_limit::Model>>, DbErr> {
    let rows = api_key_limit::Entity::find().filter(api_key_limit::Column::KeyId.is_in(keys)).all(connection).await?;
    let mut found: HashMap<Uuid, Vec<api_key_limit::Model>> = HashMap::new();
    for row in rows {
        found.entry(row.key_id).or_default().push(row);
    }
    Ok(found)
}

fn visible(row: Model, limits: &[api_key_limit::Model], now: Timestamp) -> Result<Visible<Key>, Error> {
    let ids = |kind: &str| {
        let mut ids: Vec<_> = limits.iter().filter(|limit| limit.kind == kind).map(|limit| limit.object_id).collect();
        ids.sort();
        ids
    };
    let (expires_at, last_used_at) = (from_chrono(row.expires_at), from_chrono_opt(row.last_used_at));
    let created_at = from_chrono(row.created_at);
    let content = Key {
        prefix: Token::prefix(TokenKind::Key, &row.prefix),
        name: row.name,
        role: db::word(&row.role, Role::parse)?,
        scopes: from_json::<Vec<Scope>>(row.scopes)?,
        event_ids: ids(EVENT),
        group_ids: ids(GROUP),
        organisation_id: row.organisation_id,
        tlp_ceiling: db::word(&row.tlp_ceiling, Tlp::parse)?,
        networks: from_json::<Vec<Network>>(row.networks)?,
        owner_id: row.owner_id,
        lineage_id: row.lineage_id,
        state: if expires_at > now { KeyState::Active } else { KeyState::Expired },
        expires_at,
        last_used_at,
        idle: now.duration_since(last_used_at.unwrap_or(created_at)) > IDLE_AFTER,
    };
    Ok(Visible { id: row.id, version: row.version, created_at, changed_at: from_chrono(row.changed_at), content })
}
