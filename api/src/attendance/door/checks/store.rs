//! Queries of checks. Whoever may ask for them has been decided before: they are for those who run the event or audit it.

use std::collections::HashMap;

use ::entity::attendance::{
    badge,
    check::{ActiveModel, Column, Entity, Model},
    delegate, delegation,
};
use domain::{
    attendance::{
        Category, DelegateState,
        door::{Answer, BadgeState, Direction, DoorBadge, Holder, Inside, Passage, RecordedCheck, Scan, Verdict},
    },
    identifier::{BadgeId, CheckTypeId, DelegateId, DelegationId, EventId, Handle},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityName, EntityTrait, ExprTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    prelude::{DateTimeUtc, Json},
    sea_query::{Alias, Expr, LockType, Query},
};
use uuid::Uuid;

use super::{Device, decision::Checked};
use crate::{
    db::{self, Cursor, Page, Paging, Tx, cut, from_chrono, from_json, keyset, to_chrono},
    error::Error,
};

/// The code of the conflict of two that record the same at once.
pub const AT_ONCE: &str = "scan_in_progress";

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this check type, by its id.
    pub check_type: Option<Handle>,
    /// Only of this delegate, by its id.
    pub delegate: Option<Handle>,
    /// Only with this result.
    pub result: Option<Verdict>,
    /// Only those that do, or do not, go together with the others.
    pub conflict: Option<bool>,
}

/// A badge that was shown, and its holder.
#[derive(Debug, Clone)]
pub struct HeldBadge {
    /// The badge.
    pub badge: BadgeId,
    /// Its holder.
    pub delegate: DelegateId,
    /// The holder's delegation.
    pub delegation: DelegationId,
    /// What a door must know of both.
    pub holder: Holder,
}

/// What was recorded of one delegate at one check type before.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// The number of the last check, passed or not.
    pub number: i32,
    /// The times at which they passed.
    pub passages: Vec<Passage>,
}

/// A check to be kept.
#[derive(Debug)]
pub struct NewCheck {
    /// Its id.
    pub id: Uuid,
    /// Its event.
    pub event: EventId,
    /// What was sent.
    pub scan: Scan,
    /// What came of it.
    pub check: Checked,
}

#[derive(Debug, FromQueryResult)]
struct BadgeRow {
    id: Uuid,
    delegate_id: Uuid,
    delegation_id: Uuid,
    token_hash: Option<String>,
    state: String,
    zones: Json,
    delegate_state: String,
    withdrawn_at: Option<DateTimeUtc>,
    category: String,
}

impl BadgeRow {
    fn holder(&self) -> Result<Holder, Error> {
        Ok(Holder {
            badge: db::word(&self.state, BadgeState::parse)?,
            zones: from_json(self.zones.clone())?,
            approved: self.delegate_state == DelegateState::Approved.as_str() && self.withdrawn_at.is_none(),
            category: db::word(&self.category, Category::parse)?,
        })
    }
}

/// The badges of the event with these hashes. Their holders are held until the transaction ends, with their delegations
/// and in the order of the ids of both, so that two devices never wait for each other, nor for somebody who holds a
/// delegation and then a delegate: nobody else decides about them or changes their state. Rows that name them, such as
/// marks in a session, may be written.
pub async fn holders_lock(tx: &Tx, event: EventId, hashes: Vec<String>) -> Result<HashMap<String, HeldBadge>, Error> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut select =
        badges(event).filter(badge::Column::TokenHash.is_in(hashes)).order_by_asc(delegate::Column::DelegationId);
    select = select.order_by_asc(delegate::Column::Id);
    let query = QuerySelect::query(&mut select);
    query.lock_with_tables(LockType::NoKeyUpdate, [delegation::Entity.table_ref(), delegate::Entity.table_ref()]);
    let rows = select.into_model::<BadgeRow>().all(tx.connection()).await?;
    let mut held = HashMap::new();
    for row in rows {
        let holder = row.holder()?;
        let (delegate, delegation) = (DelegateId(row.delegate_id), DelegationId(row.delegation_id));
        let badge = HeldBadge { badge: BadgeId(row.id), delegate, delegation, holder };
        held.extend(row.token_hash.map(|hash| (hash, badge)));
    }
    Ok(held)
}

/// Every badge of the event, by its hash.
pub async fn door_badges(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<DoorBadge>, Error> {
    let select = badges(event).filter(badge::Column::TokenHash.is_not_null()).order_by_asc(badge::Column::TokenHash);
    let rows = select.into_model::<BadgeRow>().all(connection).await?;
    let badge = |row: BadgeRow| {
        let Holder { badge: state, zones, approved, category } = row.holder()?;
        Ok(DoorBadge { hash: row.token_hash.unwrap_or_default(), state, approved, category, zones })
    };
    rows.into_iter().map(badge).collect()
}

fn badges(event: EventId) -> Select<badge::Entity> {
    let delegates =
        badge::Entity::belongs_to(delegate::Entity).from(badge::Column::DelegateId).to(delegate::Column::Id);
    let delegations = delegate::Entity::belongs_to(delegation::Entity)
        .from(delegate::Column::DelegationId)
        .to(delegation::Column::Id);
    badge::Entity::find()
        .select_only()
        .columns([
            badge::Column::Id,
            badge::Column::DelegateId,
            badge::Column::TokenHash,
            badge::Column::State,
            badge::Column::Zones,
        ])
        .column_as(delegate::Column::DelegationId, "delegation_id")
        .column_as(delegate::Column::State, "delegate_state")
        .column_as(delegate::Column::DeletedAt, "withdrawn_at")
        .column_as(delegation::Column::Category, "category")
        .join(JoinType::InnerJoin, delegates.into())
        .join(JoinType::InnerJoin, delegations.into())
        .filter(badge::Column::EventId.eq(event.0))
}

/// The answers that scans of this device with these nonces got before.
pub async fn checks_by_nonce(tx: &Tx, device: &Device, nonces: Vec<String>) -> Result<HashMap<String, Answer>, Error> {
    let select = Entity::find()
        .filter(Column::DeviceId.eq(device.id))
        .filter(Column::Device.eq(&device.name))
        .filter(Column::Nonce.is_in(nonces));
    let rows = select.all(tx.connection()).await?;
    let answer = |row: Model| {
        let answer = Answer {
            nonce: row.nonce.clone(),
            check_id: row.id,
            result: db::word(&row.result, Verdict::parse)?,
            passed: row.passed,
            conflict: row.conflict,
            happened_at: from_chrono(row.happened_at),
        };
        Ok((row.nonce, answer))
    };
    rows.into_iter().map(answer).collect()
}

/// What was recorded of these holders, who are held, at these check types.
pub async fn past_of(
    tx: &Tx,
    delegates: Vec<Uuid>,
    types: Vec<Uuid>,
) -> Result<HashMap<(CheckTypeId, DelegateId), Past>, Error> {
    let mut past: HashMap<_, Past> = HashMap::new();
    if delegates.is_empty() {
        return Ok(past);
    }
    let select = Entity::find()
        .select_only()
        .columns([
            Column::CheckTypeId,
            Column::DelegateId,
            Column::Number,
            Column::Passed,
            Column::HappenedAt,
            Column::Direction,
        ])
        .filter(Column::DelegateId.is_in(delegates))
        .filter(Column::CheckTypeId.is_in(types));
    let rows = select.into_tuple::<(Uuid, Uuid, i32, bool, DateTimeUtc, String)>().all(tx.connection()).await?;
    for (check_type, delegate, number, passed, at, direction) in rows {
        let past = past.entry((CheckTypeId(check_type), DelegateId(delegate))).or_default();
        past.number = Ord::max(past.number, number);
        if passed {
            let direction = db::word(&direction, Direction::parse)?;
            past.passages.push(Passage { at: from_chrono(at), number, direction });
        }
    }
    Ok(past)
}

/// Adds rows.
pub async fn checks_insert(tx: &Tx, device: &Device, checks: Vec<NewCheck>) -> Result<(), Error> {
    if checks.is_empty() {
        return Ok(());
    }
    let rows = checks.into_iter().map(|NewCheck { id, event, scan, check }| ActiveModel {
        id: Set(id),
        event_id: Set(event.0),
        check_type_id: Set(scan.check_type_id.0),
        badge_id: Set(check.badge.map(|badge| badge.0)),
        delegate_id: Set(check.delegate.map(|delegate| delegate.0)),
        number: Set(check.number),
        direction: Set(scan.direction.to_string()),
        result: Set(check.result.to_string()),
        told: Set(scan.told.map(|told| told.to_string())),
        passed: Set(check.passed),
        forced: Set(scan.forced),
        conflict: Set(check.conflict),
        device_id: Set(device.id),
        device: Set(device.name.clone()),
        nonce: Set(scan.nonce),
        scanned_at: Set(to_chrono(scan.scanned_at.0)),
        happened_at: Set(to_chrono(check.happened_at)),
        received_at: Set(to_chrono(tx.now())),
    });
    Entity::insert_many(rows).exec_without_returning(tx.connection()).await.map_err(|error| {
        Error::on_unique(error, || {
            Error::conflict("scan_in_progress", "The same scan is being recorded. Send it again in a moment.")
        })
    })?;
    Ok(())
}

/// One page of an event, in the order in which the server was told.
pub async fn check_list(
    connection: &impl ConnectionTrait,
    event: EventId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<RecordedCheck>, Error> {
    let id = |handle: &Handle| handle.id().unwrap_or_default();
    let select = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .apply_if(filter.check_type.as_ref(), |select, named| select.filter(Column::CheckTypeId.eq(id(named))))
        .apply_if(filter.delegate.as_ref(), |select, named| select.filter(Column::DelegateId.eq(id(named))))
        .apply_if(filter.result, |select, result| select.filter(Column::Result.eq(result.as_str())))
        .apply_if(filter.conflict, |select, conflict| select.filter(Column::Conflict.eq(conflict)));
    let rows = keyset(select, None::<Column>, Column::Id, paging).all(connection).await?;
    cut(rows, paging, |row| Cursor { key: String::new(), id: row.id })?.try_map(recorded)
}

/// Who last passed inwards, by check type, the longest inside first.
pub async fn inside_of(connection: &impl ConnectionTrait, event: EventId) -> Result<HashMap<Uuid, Vec<Inside>>, Error> {
    let later = || Alias::new("later");
    let own = |column: Column| Expr::col((Entity, column));
    let after = Condition::any().add(Expr::col((later(), Column::HappenedAt)).gt(own(Column::HappenedAt))).add(
        Condition::all()
            .add(Expr::col((later(), Column::HappenedAt)).eq(own(Column::HappenedAt)))
            .add(Expr::col((later(), Column::Number)).gt(own(Column::Number))),
    );
    let passed_later = Query::select()
        .expr(Expr::value(1))
        .from_as(Entity, later())
        .and_where(Expr::col((later(), Column::CheckTypeId)).eq(own(Column::CheckTypeId)))
        .and_where(Expr::col((later(), Column::DelegateId)).eq(own(Column::DelegateId)))
        .and_where(Expr::col((later(), Column::Passed)).eq(true))
        .cond_where(after)
        .to_owned();
    let rows = Entity::find()
        .select_only()
        .columns([Column::CheckTypeId, Column::DelegateId, Column::HappenedAt])
        .filter(Column::EventId.eq(event.0))
        .filter(Column::Passed.eq(true))
        .filter(Column::Direction.eq(Direction::In.as_str()))
        .filter(Column::DelegateId.is_not_null())
        .filter(Expr::exists(passed_later).not())
        .order_by_asc(Column::HappenedAt)
        .order_by_asc(Column::DelegateId);
    let rows = rows.into_tuple::<(Uuid, Uuid, DateTimeUtc)>().all(connection).await?;
    let mut inside: HashMap<Uuid, Vec<Inside>> = HashMap::new();
    for (check_type, delegate, since) in rows {
        let found = Inside { delegate_id: DelegateId(delegate), since: from_chrono(since) };
        inside.entry(check_type).or_default().push(found);
    }
    Ok(inside)
}

fn recorded(row: Model) -> Result<RecordedCheck, Error> {
    Ok(RecordedCheck {
        id: row.id,
        check_type_id: CheckTypeId(row.check_type_id),
        badge_id: row.badge_id.map(BadgeId),
        delegate_id: row.delegate_id.map(DelegateId),
        direction: db::word(&row.direction, Direction::parse)?,
        result: db::word(&row.result, Verdict::parse)?,
        told: row.told.as_deref().map(|told| db::word(told, Verdict::parse)).transpose()?,
        passed: row.passed,
        forced: row.forced,
        conflict: row.conflict,
        device_id: row.device_id,
        device: row.device,
        nonce: row.nonce,
        scanned_at: from_chrono(row.scanned_at),
        happened_at: from_chrono(row.happened_at),
        received_at: from_chrono(row.received_at),
    })
}
