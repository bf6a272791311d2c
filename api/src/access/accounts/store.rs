//! Queries of accounts.

use std::collections::HashMap;

use ::entity::access::account::{ActiveModel, Column, Entity, Model};
use domain::{
    access::{Account, AccountState, Limit, Role},
    identifier::{Handle, OrganisationId, PersonId},
    moment::Moment,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    db::{
        self, Page, Paging, Tx, Visible, chunks, from_chrono, from_chrono_opt, from_json, page_of, to_chrono,
        to_chrono_opt, to_json,
    },
    error::Error,
};

/// One page, by address.
pub(super) async fn account_list(
    connection: &impl ConnectionTrait,
    paging: &Paging,
) -> Result<Page<Visible<Account>>, Error> {
    let select = Entity::find().filter(Column::DeletedAt.is_null());
    let order = (Some(Column::EmailKey), Column::Id);
    page_of(connection, select, order, paging, |row: &Model| (&row.email_key, row.id)).await?.try_map(visible)
}

/// The only finder of one account.
pub(super) async fn account_find(
    connection: &impl ConnectionTrait,
    handle: &Handle,
) -> Result<Visible<Account>, Error> {
    let select = match handle {
        Handle::Id(id) => Entity::find_by_id(*id),
        Handle::Code(address) => {
            Entity::find().filter(Column::EmailKey.eq(address.to_lowercase())).filter(Column::DeletedAt.is_null())
        }
    };
    let row = select.one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    visible(row)
}

/// The account, by id or address, if it is in use.
pub(super) async fn account_usable(
    connection: &impl ConnectionTrait,
    handle: &Handle,
) -> Result<Option<Visible<Account>>, Error> {
    let named = match handle {
        Handle::Id(id) => Column::Id.eq(*id),
        Handle::Code(address) => Column::EmailKey.eq(address),
    };
    let row = Entity::find().filter(named).filter(in_use()).one(connection).await?;
    row.map(visible).transpose()
}

/// Those who manage the delegations of these organisations and whose time is not over.
pub(super) async fn accounts_managing(
    connection: &impl ConnectionTrait,
    organisations: &[OrganisationId],
    at: Timestamp,
) -> Result<Vec<Visible<Account>>, Error> {
    let lasting = Condition::any().add(Column::EndsAt.is_null()).add(Column::EndsAt.gt(to_chrono(at)));
    let rows = Entity::find()
        .filter(in_use().add(lasting))
        .filter(Column::Role.eq(Role::DelegationManager.as_str()))
        .filter(Column::OrganisationId.is_in(organisations.iter().map(|organisation| organisation.0)))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    rows.into_iter().map(visible).collect()
}

/// The first usable account of each person.
pub(super) async fn accounts_of_persons(
    connection: &impl ConnectionTrait,
    persons: impl IntoIterator<Item = PersonId>,
    at: Timestamp,
) -> Result<HashMap<PersonId, Uuid>, Error> {
    let lasting = Condition::any().add(Column::EndsAt.is_null()).add(Column::EndsAt.gt(to_chrono(at)));
    let mut accounts = HashMap::new();
    for persons in chunks(persons.into_iter().map(|person| person.0).collect()) {
        let rows: Vec<(Uuid, Uuid)> = Entity::find()
            .select_only()
            .column(Column::PersonId)
            .column(Column::Id)
            .filter(in_use().add(lasting.clone()))
            .filter(Column::PersonId.is_in(persons))
            .order_by_asc(Column::Id)
            .into_tuple()
            .all(connection)
            .await?;
        for (person, account) in rows {
            accounts.entry(PersonId(person)).or_insert(account);
        }
    }
    Ok(accounts)
}

/// Accounts that are neither disabled nor deleted.
fn in_use() -> Condition {
    Condition::all().add(Column::DeletedAt.is_null()).add(Column::State.eq(AccountState::Active.as_str()))
}

/// Whether there is an administrator besides this account. Holds all administrators until the transaction ends, so that
/// of two who take each other's role at once one is refused.
pub(super) async fn administrator_besides(tx: &Tx, id: Uuid) -> Result<bool, Error> {
    let lasting = Condition::any().add(Column::EndsAt.is_null()).add(Column::EndsAt.gt(to_chrono(tx.now())));
    let administrators = Entity::find()
        .filter(in_use().add(lasting))
        .filter(Column::Role.eq(Role::Admin.as_str()))
        .order_by_asc(Column::Id)
        .lock_exclusive();
    Ok(administrators.all(tx.connection()).await?.iter().any(|row| row.id != id))
}

/// The version of the account, deleted or not.
pub(super) async fn account_version(connection: &impl ConnectionTrait, id: Uuid) -> Result<i32, Error> {
    Ok(Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound)?.version)
}

/// Notes when the account was last signed in to. No change of the account, so its version stays.
pub(super) async fn account_signed_in(tx: &Tx, id: Uuid) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::LastSignedInAt, Expr::value(Some(to_chrono(tx.now()))))
        .filter(Column::Id.eq(id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Adds a row.
pub(super) async fn account_insert(tx: &Tx, input: &Account) -> Result<Visible<Account>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        last_signed_in_at: Set(None),
        ..columns(tx, input)?
    };
    visible(Entity::insert(row).exec_with_returning(tx.connection()).await.map_err(email_taken)?)
}

/// Replaces the row, if its version is still that of `current`.
pub(super) async fn account_update(
    tx: &Tx,
    current: &Visible<Account>,
    input: &Account,
) -> Result<Visible<Account>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, input)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await
        .map_err(email_taken)?;
    visible(rows.into_iter().next().ok_or(Error::Stale(None))?)
}

/// Turns the row into a tombstone; gives its version.
pub(super) async fn account_delete(tx: &Tx, current: &Visible<Account>) -> Result<i32, Error> {
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

fn columns(tx: &Tx, input: &Account) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        email: Set(input.email.clone()),
        email_key: Set(input.email_key()),
        display_name: Set(input.name.clone()),
        role: Set(input.role.to_string()),
        organisation_id: Set(db::reference(input.organisation_id.as_ref())),
        person_id: Set(db::reference(input.person_id.as_ref())),
        limits: Set(to_json(&input.limit())?),
        ends_at: Set(to_chrono_opt(input.ends_at.map(|end| end.0))),
        state: Set(input.state.to_string()),
        invited: Set(input.invited),
        ..Default::default()
    })
}

/// Where somebody with this account may act; none means everywhere.
pub(in crate::access) fn account_limit(row: &Model) -> Result<Option<Limit>, Error> {
    from_json(row.limits.clone())
}

fn visible(row: Model) -> Result<Visible<Account>, Error> {
    let limit = account_limit(&row)?.unwrap_or_default();
    let content = Account {
        email: row.email,
        name: row.display_name,
        role: db::word(&row.role, Role::parse)?,
        organisation_id: row.organisation_id.map(Handle::Id),
        event_ids: limit.events.into_iter().map(|event| Handle::Id(event.0)).collect(),
        group_ids: limit.groups.into_iter().map(|group| Handle::Id(group.0)).collect(),
        person_id: row.person_id.map(Handle::Id),
        ends_at: from_chrono_opt(row.ends_at).map(Moment),
        state: db::word(&row.state, AccountState::parse)?,
        invited: row.invited,
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content,
    })
}

fn email_taken(error: sea_orm::DbErr) -> Error {
    Error::on_unique(error, || Error::conflict("email_taken", "Another account already has this e-mail address."))
}
