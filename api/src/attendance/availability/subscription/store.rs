//! Rows of addresses of calendars. Who may see whose is decided by who sees the owner.

use ::entity::{
    attendance::{
        availability, busy_address,
        busy_address::{ActiveModel, Column, Entity, Model},
        delegate, delegation,
    },
    people::person,
};
use domain::{
    attendance::{BusyAddress, DelegateState, ReadResult, State, availability::Owner},
    identifier::{DelegateId, DelegationId, EventId, OrganisationId},
    moment::Moment,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    Sealed,
    jobs::{Outcome, Turn},
};
use crate::{
    attendance::availability::Subject,
    db::{self, Tx, from_chrono_opt, from_json, to_chrono, to_json},
    error::Error,
};

/// What is shown of the address of an owner, and its version: 0 where there never was one.
pub(super) async fn address_find(
    connection: &impl ConnectionTrait,
    owner: Owner,
) -> Result<(Option<BusyAddress>, i32), Error> {
    let of = Entity::belongs_to(availability::Entity).from(Column::AvailabilityId).to(availability::Column::Id);
    let owned = match owner {
        Owner::Delegate(id) => availability::Column::DelegateId.eq(id.0),
        Owner::Delegation(id) => availability::Column::DelegationId.eq(id.0),
    };
    let row = Entity::find().join(JoinType::InnerJoin, of.into()).filter(owned).one(connection).await?;
    let Some(row) = row else { return Ok((None, 0)) };
    let version = row.version;
    Ok((shown(row)?, version))
}

/// Keeps an address in the place of the one there was; gives when that was last read.
pub(super) async fn address_write(
    tx: &Tx,
    event: EventId,
    version: i32,
    sealed: &Sealed,
) -> Result<Option<Timestamp>, Error> {
    let before = Entity::find_by_id(sealed.owner).one(tx.connection()).await?;
    let row = ActiveModel {
        availability_id: Set(sealed.owner),
        event_id: Set(event.0),
        version: Set(version + 1),
        changed_at: Set(to_chrono(tx.now())),
        address: Set(Some(sealed.address.clone())),
        host: Set(Some(sealed.host.clone())),
        turn: Set(sealed.turn),
        read_at: Set(None),
        result: Set(None),
        not_read: Set(to_json(&Vec::<usize>::new())?),
        failures: Set(0),
    };
    let columns = [
        Column::Version,
        Column::ChangedAt,
        Column::Address,
        Column::Host,
        Column::Turn,
        Column::Result,
        Column::NotRead,
        Column::Failures,
    ];
    // When the former address was read stays: it is the same machine that would be asked more often.
    let known = OnConflict::column(Column::AvailabilityId).update_columns(columns).to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(tx.connection()).await?;
    Ok(before.and_then(|row| from_chrono_opt(row.read_at)))
}

/// Forgets an address.
pub(super) async fn address_end(tx: &Tx, owner: Uuid) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .col_expr(Column::Address, Expr::value(Option::<String>::None))
        .col_expr(Column::Host, Expr::value(Option::<String>::None))
        .col_expr(Column::Result, Expr::value(Option::<String>::None))
        .filter(Column::AvailabilityId.eq(owner))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// An address whose turn it is to be read.
pub(super) struct Due {
    /// The address, encrypted.
    pub(super) address: String,
    /// Readings that failed since one that worked.
    pub(super) failures: u32,
    /// Whose it is.
    pub(super) subject: Subject,
    /// Whether they still come.
    pub(super) live: bool,
}

/// The address that is to be read in this turn; none where it was taken back or changed meanwhile.
pub(super) async fn address_due(connection: &impl ConnectionTrait, turn: &Turn) -> Result<Option<Due>, Error> {
    let row = Entity::find_by_id(turn.availability_id).filter(Column::Turn.eq(turn.turn)).one(connection).await?;
    let Some((Some(address), failures)) = row.map(|row| (row.address, row.failures)) else { return Ok(None) };
    let owner = availability::Entity::find_by_id(turn.availability_id).one(connection).await?;
    let Some(owner) = owner else { return Ok(None) };
    let delegate = match owner.delegate_id {
        Some(id) => delegate::Entity::find_by_id(id).one(connection).await?,
        None => None,
    };
    let known = delegate.as_ref().map(|row| row.delegation_id).or(owner.delegation_id);
    let Some(known) = known else { return Ok(None) };
    let Some(delegation) = delegation::Entity::find_by_id(known).one(connection).await? else { return Ok(None) };
    let live = match &delegate {
        Some(row) => is_live(connection, row).await?,
        None => delegation.deleted_at.is_none() && State::COMING.contains(&db::word(&delegation.state, State::parse)?),
    };
    let of = DelegationId(delegation.id);
    let subject = Subject {
        owner: delegate.as_ref().map_or(Owner::Delegation(of), |row| Owner::Delegate(DelegateId(row.id))),
        delegation: of,
        event: EventId(owner.event_id),
        organisation: OrganisationId(delegation.organisation_id),
        version: delegate.map_or(delegation.version, |row| row.version),
    };
    Ok(Some(Due { address, failures: failures.unsigned_abs(), subject, live }))
}

/// Whether somebody is still in their delegation, and still known.
async fn is_live(connection: &impl ConnectionTrait, row: &delegate::Model) -> Result<bool, Error> {
    let person = person::Entity::find_by_id(row.person_id).one(connection).await?;
    let known = row.deleted_at.is_none() && person.is_some_and(|person| person.deleted_at.is_none());
    Ok(known && DelegateState::LIVE.contains(&db::word(&row.state, DelegateState::parse)?))
}

/// Writes down what became of a reading.
pub(super) async fn address_read(tx: &Tx, turn: &Turn, next: Uuid, outcome: &Outcome) -> Result<(), Error> {
    let mut update = Entity::update_many()
        .col_expr(Column::Turn, Expr::value(next))
        .col_expr(Column::ReadAt, Expr::value(Some(to_chrono(tx.now()))))
        .col_expr(Column::Result, Expr::value(Some(outcome.result.as_str())))
        .col_expr(Column::Failures, Expr::value(i32::try_from(outcome.failures).unwrap_or(i32::MAX)));
    if outcome.result == ReadResult::Read {
        update = update.col_expr(Column::NotRead, Expr::value(to_json(&outcome.not_read)?));
    }
    update
        .filter(Column::AvailabilityId.eq(turn.availability_id))
        .filter(Column::Turn.eq(turn.turn))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// What is shown of a row; nothing once the address was taken back.
fn shown(row: Model) -> Result<Option<BusyAddress>, Error> {
    let busy_address::Model { address: Some(_), host: Some(host), read_at, result, not_read, .. } = row else {
        return Ok(None);
    };
    let result = result.map(|word| db::word(&word, ReadResult::parse)).transpose()?;
    // What was read at the former address says nothing of this one.
    let read_at = from_chrono_opt(read_at).map(Moment).filter(|_| result.is_some());
    Ok(Some(BusyAddress { host, read_at, result, not_read: from_json(not_read)? }))
}
