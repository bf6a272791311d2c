//! Queries of delegations. The predicate of who may see which stands here and nowhere else.

use std::collections::HashMap;

use ::entity::{
    attendance::{
        attendance, delegate,
        delegation::{ActiveModel, Column, Entity, Model},
    },
    events::event,
    organisations::organisation,
};
use domain::{
    Code,
    access::Actor,
    attendance::{Category, Delegation, Invitation, Quota, State, Status},
    identifier::{DelegationId, EventId, Handle, OrganisationId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
    prelude::{Date, Json},
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    access::store::{events_of, inside_event_visible},
    attendance::registration::store::{number, places},
    db::{
        self, Cursor, Page, Paging, Tx, Visible, cut, date_from_chrono, date_to_chrono, from_chrono, keyset, to_chrono,
    },
    error::Error,
    events::begin_of,
    organisations::names_at,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words in a name or the code of the organisation, without regard to case and diacritics.
    pub q: Option<String>,
    /// Only in this state.
    pub state: Option<State>,
}

/// A delegation with what is shown of its organisation.
#[derive(Debug, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    delegation: Model,
    organisation_code: String,
    organisation_names: Json,
    organisation_former_names: Json,
    starts_on: Date,
    time_zone: String,
    organisation_sort_key: String,
}

/// One page of an event, by the codes of the organisations.
pub async fn delegation_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Delegation>>, Error> {
    let mut select = of_event(actor, event);
    if let Some(q) = &filter.q {
        select = select.filter(db::contains(organisation::Column::SearchKey, q));
    }
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state.as_str()));
    }
    let select = keyset(select, Some(organisation::Column::SortKey), Column::Id, paging);
    let rows = select.into_model::<Row>().all(connection).await?;
    let cursor = |row: &Row| Cursor { key: row.organisation_sort_key.clone(), id: row.delegation.id };
    cut(rows, paging, cursor)?.try_map(|row| visible(row, actor))
}

/// All of an event, by the codes of the organisations.
pub async fn delegation_all(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
) -> Result<Vec<Visible<Delegation>>, Error> {
    let select = of_event(actor, event).order_by_asc(organisation::Column::SortKey).order_by_asc(Column::Id);
    let rows = select.into_model::<Row>().all(connection).await?;
    rows.into_iter().map(|row| visible(row, actor)).collect()
}

/// The finder of one delegation.
pub async fn delegation_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Delegation>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = select(actor).filter(Column::Id.eq(*id)).into_model::<Row>().one(connection).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.delegation.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    visible(row, actor)
}

/// The delegation at an event by its id or the code of its organisation; not a deleted one.
pub async fn delegation_at(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    handle: &Handle,
) -> Result<Visible<Delegation>, Error> {
    let row = of_event(actor, event).filter(named(handle)).into_model::<Row>().one(connection).await?;
    visible(row.ok_or(Error::NotFound)?, actor)
}

/// The delegation as it is, held until the transaction ends, whoever may see it; none if it is gone.
pub async fn delegation_held(tx: &Tx, id: DelegationId) -> Result<Option<Visible<Delegation>>, Error> {
    let select = Entity::find_by_id(id.0).filter(Column::DeletedAt.is_null()).lock_exclusive();
    if select.one(tx.connection()).await?.is_none() {
        return Ok(None);
    }
    let row = joined().filter(Column::Id.eq(id.0)).into_model::<Row>().one(tx.connection()).await?;
    row.map(|row| visible(row, &Actor::console())).transpose()
}

/// Holds the row until the transaction ends; gives the state it is found in.
pub async fn delegation_lock(tx: &Tx, id: DelegationId) -> Result<State, Error> {
    let select = Entity::find_by_id(id.0).filter(Column::DeletedAt.is_null()).lock_exclusive();
    let row = select.one(tx.connection()).await?.ok_or(Error::Gone)?;
    db::word(&row.state, State::parse)
}

/// Adds a row; gives its id.
pub async fn delegation_insert(
    tx: &Tx,
    event: EventId,
    organisation: OrganisationId,
    input: &Invitation,
) -> Result<Uuid, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        event_id: Set(event.0),
        organisation_id: Set(organisation.0),
        late_reason: Set(None),
        ..columns(tx, input, State::Invited)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await.map_err(|error| {
        Error::on_unique(error, || {
            let detail = "This organisation already has a delegation at the event. Change that one instead.";
            Error::conflict("already_invited", detail)
        })
    })?;
    Ok(id)
}

/// Replaces the row by `next`, if its version is still that of `current`.
pub async fn delegation_update(
    tx: &Tx,
    current: Visible<Delegation>,
    next: Delegation,
) -> Result<Visible<Delegation>, Error> {
    let version = current.version + 1;
    let late_reason = Set(next.late_reason.clone());
    let row = ActiveModel { version: Set(version), late_reason, ..columns(tx, &next.invitation, next.state)? };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(current.id));
    let done = update.filter(Column::Version.eq(current.version)).exec(tx.connection()).await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    Ok(Visible { version, changed_at: tx.now(), content: next, ..current })
}

/// Gives delegations the next version because of something beside their rows; gives those.
pub async fn delegations_touch(
    tx: &Tx,
    ids: impl IntoIterator<Item = DelegationId>,
) -> Result<HashMap<DelegationId, i32>, Error> {
    let done = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .filter(Column::Id.is_in(ids.into_iter().map(|id| id.0)))
        .exec_with_returning(tx.connection())
        .await?;
    Ok(done.into_iter().map(|row| (DelegationId(row.id), row.version)).collect())
}

/// Turns the row into a tombstone; gives its version.
pub async fn delegation_delete(tx: &Tx, current: &Visible<Delegation>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let version = current.version + 1;
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

/// Whether it has delegates, or a session knows whether it was there.
pub async fn delegation_in_use(tx: &Tx, id: Uuid) -> Result<bool, Error> {
    let delegates = delegate::Entity::find()
        .filter(delegate::Column::DelegationId.eq(id))
        .filter(delegate::Column::DeletedAt.is_null())
        .count(tx.connection())
        .await?;
    let lines = attendance::Entity::find()
        .filter(attendance::Column::DelegationId.eq(id))
        .filter(attendance::Column::Status.ne(Status::Unknown.as_str()))
        .filter(attendance::Column::DeletedAt.is_null())
        .count(tx.connection())
        .await?;
    Ok(delegates + lines > 0)
}

/// A delegation by its id or the code of its organisation, which must be joined.
pub(in crate::attendance) fn named(handle: &Handle) -> Condition {
    Condition::all().add(match handle {
        Handle::Id(id) => Column::Id.eq(*id),
        Handle::Code(code) => organisation::Column::CodeKey.eq(code.as_str()),
    })
}

/// Staff see those of all events within their limits; an organisation its own, and at events it takes part in those
/// that are confirmed.
fn delegation_visible(actor: &Actor) -> Condition {
    inside_event_visible(actor, Column::EventId, |own| {
        let announced = Condition::all()
            .add(Column::State.is_in(State::ANNOUNCED.iter().map(|state| state.as_str())))
            .add(Column::EventId.in_subquery(events_of(actor, own)));
        Condition::any().add(Column::OrganisationId.eq(own.0)).add(announced)
    })
}

fn select(actor: &Actor) -> Select<Entity> {
    joined().filter(delegation_visible(actor))
}

fn joined() -> Select<Entity> {
    let of = Entity::belongs_to(organisation::Entity).from(Column::OrganisationId).to(organisation::Column::Id);
    let events = Entity::belongs_to(event::Entity).from(Column::EventId).to(event::Column::Id);
    Entity::find()
        .join(JoinType::InnerJoin, of.into())
        .join(JoinType::InnerJoin, events.into())
        .column_as(organisation::Column::Code, "organisation_code")
        .column_as(organisation::Column::Names, "organisation_names")
        .column_as(organisation::Column::FormerNames, "organisation_former_names")
        .column_as(event::Column::StartsOn, "starts_on")
        .column_as(event::Column::TimeZone, "time_zone")
        .column_as(organisation::Column::SortKey, "organisation_sort_key")
}

fn of_event(actor: &Actor, event: EventId) -> Select<Entity> {
    select(actor).filter(Column::EventId.eq(event.0)).filter(Column::DeletedAt.is_null())
}

fn columns(tx: &Tx, input: &Invitation, state: State) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        category: Set(input.category.to_string()),
        state: Set(state.to_string()),
        invitation_reference: Set(input.invitation_reference.clone()),
        invitation_email: Set(input.invitation_email.clone()),
        reply_due: Set(input.reply_due.map(date_to_chrono)),
        quota_in_person: Set(number(input.quota.in_person)?),
        quota_online: Set(number(input.quota.online)?),
        quota_overflow: Set(number(input.quota.overflow)?),
        ..Default::default()
    })
}

/// The numbers of places that a delegation has of its own.
pub(in crate::attendance) fn quota(row: &Model) -> Quota {
    Quota {
        in_person: places(row.quota_in_person),
        online: places(row.quota_online),
        overflow: places(row.quota_overflow),
    }
}

/// How the invitation went out is between the secretariat and the organisation.
fn visible(row: Row, actor: &Actor) -> Result<Visible<Delegation>, Error> {
    let begin = begin_of(date_from_chrono(row.starts_on), &row.time_zone)?;
    let organisation_name = names_at(row.organisation_names, row.organisation_former_names, begin)?.in_lists();
    let Row { delegation: row, organisation_code, .. } = row;
    let own = actor.sees_everything() || actor.acts_for(OrganisationId(row.organisation_id), EventId(row.event_id));
    let quota = if own { quota(&row) } else { Quota::default() };
    let invitation = Invitation {
        organisation_id: Handle::Id(row.organisation_id),
        category: db::word(&row.category, Category::parse)?,
        invitation_reference: row.invitation_reference.filter(|_| own),
        invitation_email: row.invitation_email.filter(|_| own),
        reply_due: row.reply_due.filter(|_| own).map(date_from_chrono),
        quota,
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content: Delegation {
            invitation,
            event_id: EventId(row.event_id),
            organisation_code: Code::try_from(organisation_code).map_err(Error::internal)?,
            organisation_name,
            state: db::word(&row.state, State::parse)?,
            late_reason: row.late_reason.filter(|_| own),
        },
    })
}

/// A new row, for those who add many.
pub(in crate::attendance) fn row(
    tx: &Tx,
    id: Uuid,
    event: EventId,
    organisation: OrganisationId,
    input: &Invitation,
    state: State,
) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        event_id: Set(event.0),
        organisation_id: Set(organisation.0),
        ..columns(tx, input, state)?
    })
}

/// The row with what is said of it now, one version on.
pub(in crate::attendance) fn changed(tx: &Tx, row: Model, input: &Invitation) -> Result<ActiveModel, Error> {
    let state = db::word(&row.state, State::parse)?;
    Ok(ActiveModel {
        id: Set(row.id),
        version: Set(row.version + 1),
        created_at: Set(row.created_at),
        deleted_at: Set(row.deleted_at),
        event_id: Set(row.event_id),
        organisation_id: Set(row.organisation_id),
        late_reason: Set(row.late_reason),
        ..columns(tx, input, state)?
    })
}
