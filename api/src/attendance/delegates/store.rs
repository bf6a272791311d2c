//! Queries of delegates. The predicate of who may see which stands here and nowhere else.

use std::collections::HashMap;

use ::entity::{
    attendance::{
        delegate::{ActiveModel, Column, Entity, Model},
        delegation,
    },
    events::event,
    organisations::organisation,
    people::person,
};
use domain::{
    access::Actor,
    attendance::{Delegate, DelegateState, Function, Nomination},
    identifier::{DelegateId, DelegationId, EventId, Handle, OrganisationId, PersonId},
    people::NameHistory,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Select,
    prelude::{Date, Json},
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    access::store::inside_event_visible,
    attendance::delegations::store::named,
    db::{self, Cursor, Page, Paging, Tx, Visible, cut, date_from_chrono, from_chrono, from_json, to_chrono, to_json},
    error::Error,
    events::begin_of,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words in a name or the address of the person, without regard to case and diacritics.
    pub q: Option<String>,
    /// Only of this delegation, by its id or the code of its organisation.
    pub delegation: Option<Handle>,
    /// Only those who do this.
    pub function: Option<Function>,
}

/// What stands in the place of a name that is not the actor's to know.
const PROTECTED: &str = "(protected)";

/// A delegate with what is shown of the delegation and the person.
#[derive(Debug, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    delegate: Model,
    organisation_id: Uuid,
    display_name: String,
    former_names: Json,
    person_sort_key: String,
    protected: bool,
    person_organisation_id: Option<Uuid>,
    starts_on: Date,
    time_zone: String,
}

/// One page of an event, by family name.
pub async fn delegate_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Delegate>>, Error> {
    let mut select = select(actor).filter(Column::EventId.eq(event.0)).filter(Column::DeletedAt.is_null());
    if let Some(q) = &filter.q {
        select = select.filter(db::contains(person::Column::SearchKey, q)).filter(named_to(actor));
    }
    if let Some(delegation) = &filter.delegation {
        select = select.filter(named(delegation));
    }
    if let Some(function) = filter.function {
        select = select.filter(Column::Function.eq(function.as_str()));
    }
    let rows = in_order(select, actor, paging).into_model::<Row>().all(connection).await?;
    let key = |row: &Row| if row.is_named_to(actor) { row.person_sort_key.clone() } else { String::new() };
    let cursor = |row: &Row| Cursor { key: key(row), id: row.delegate.id };
    cut(rows, paging, cursor)?.try_map(|row| visible(actor, row))
}

/// What comes after the cursor, by family name; whoever has none for this actor comes first, lest their place or the
/// cursor tell it.
fn in_order(select: Select<Entity>, actor: &Actor, paging: &Paging) -> Select<Entity> {
    let sort: Expr =
        Expr::case(named_to(actor), Expr::col((person::Entity, person::Column::SortKey))).finally("").into();
    let mut select = select;
    if let Some(after) = &paging.after {
        let same = Condition::all().add(sort.clone().eq(after.key.as_str())).add(Column::Id.gt(after.id));
        select = select.filter(Condition::any().add(sort.clone().gt(after.key.as_str())).add(same));
    }
    select.order_by_asc(sort).order_by_asc(Column::Id).limit(paging.limit + 1)
}

/// Protected persons have a name for staff and for their own people; for others who see them, such as the chairs of
/// the group that meets, they have a function only.
fn named_to(actor: &Actor) -> Condition {
    if actor.sees_everything() {
        return Condition::all();
    }
    let open = Condition::any().add(person::Column::Protected.eq(false));
    actor.organisation.iter().fold(open, |any, own| {
        any.add(delegation::Column::OrganisationId.eq(own.0)).add(person::Column::OrganisationId.eq(own.0))
    })
}

impl Row {
    /// As [`named_to`], of a row.
    fn is_named_to(&self, actor: &Actor) -> bool {
        let own = |own| self.organisation_id == own || self.person_organisation_id == Some(own);
        !self.protected || actor.sees_everything() || actor.organisation.is_some_and(|id| own(id.0))
    }
}

/// The only finder of one delegate.
pub async fn delegate_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Delegate>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = select(actor).filter(Column::Id.eq(*id)).into_model::<Row>().one(connection).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.delegate.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    visible(actor, row)
}

/// The delegations of those of `ids` who are delegates still.
pub async fn delegates_delegation(
    tx: &Tx,
    ids: impl IntoIterator<Item = DelegateId>,
) -> Result<HashMap<DelegateId, DelegationId>, Error> {
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.into_iter().map(|id| id.0)))
        .filter(Column::DeletedAt.is_null())
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|row| (DelegateId(row.id), DelegationId(row.delegation_id))).collect())
}

/// Whether the delegation has a head, `except` aside.
pub async fn head_exists(tx: &Tx, delegation: DelegationId, except: Option<Uuid>) -> Result<bool, Error> {
    let mut select = of_delegation(delegation).filter(Column::Function.eq(Function::Head.as_str()));
    if let Some(except) = except {
        select = select.filter(Column::Id.ne(except));
    }
    Ok(select.one(tx.connection()).await?.is_some())
}

/// Whether the person is in the delegation.
pub async fn person_is_named(tx: &Tx, delegation: DelegationId, person: PersonId) -> Result<bool, Error> {
    Ok(of_delegation(delegation).filter(Column::PersonId.eq(person.0)).one(tx.connection()).await?.is_some())
}

/// Adds a row; gives its id. That there is one head, and every person once, has been seen to while the delegation is
/// held; the unique indexes are the second line.
pub async fn delegate_insert(
    tx: &Tx,
    event: EventId,
    delegation: DelegationId,
    person: PersonId,
    input: &Nomination,
) -> Result<Uuid, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        event_id: Set(event.0),
        delegation_id: Set(delegation.0),
        person_id: Set(person.0),
        state: Set(DelegateState::default().to_string()),
        ..columns(tx, input)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(id)
}

/// Replaces the row by `next`, if its version is still that of `current`.
pub async fn delegate_update(tx: &Tx, current: Visible<Delegate>, next: Delegate) -> Result<Visible<Delegate>, Error> {
    let version = current.version + 1;
    let row = ActiveModel { version: Set(version), ..columns(tx, &next.nomination)? };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(current.id));
    let done = update.filter(Column::Version.eq(current.version)).exec(tx.connection()).await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    Ok(Visible { version, changed_at: tx.now(), content: next, ..current })
}

/// Turns the row into a tombstone; gives its version.
pub async fn delegate_delete(tx: &Tx, current: &Visible<Delegate>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let version = current.version + 1;
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

/// Staff see those of all events within their limits, an organisation those of its own delegations.
fn delegate_visible(actor: &Actor) -> Condition {
    inside_event_visible(actor, Column::EventId, |own| {
        let delegations = Query::select()
            .column(delegation::Column::Id)
            .from(delegation::Entity)
            .and_where(delegation::Column::OrganisationId.eq(own.0))
            .to_owned();
        Condition::all().add(Column::DelegationId.in_subquery(delegations))
    })
}

fn select(actor: &Actor) -> Select<Entity> {
    let delegations = Entity::belongs_to(delegation::Entity).from(Column::DelegationId).to(delegation::Column::Id);
    let organisations = delegation::Entity::belongs_to(organisation::Entity)
        .from(delegation::Column::OrganisationId)
        .to(organisation::Column::Id);
    let persons = Entity::belongs_to(person::Entity).from(Column::PersonId).to(person::Column::Id);
    let events = Entity::belongs_to(event::Entity).from(Column::EventId).to(event::Column::Id);
    Entity::find()
        .join(JoinType::InnerJoin, delegations.into())
        .join(JoinType::InnerJoin, organisations.into())
        .join(JoinType::InnerJoin, persons.into())
        .join(JoinType::InnerJoin, events.into())
        .column_as(delegation::Column::OrganisationId, "organisation_id")
        .column_as(person::Column::DisplayName, "display_name")
        .column_as(person::Column::FormerNames, "former_names")
        .column_as(person::Column::SortKey, "person_sort_key")
        .column_as(person::Column::Protected, "protected")
        .column_as(person::Column::OrganisationId, "person_organisation_id")
        .column_as(event::Column::StartsOn, "starts_on")
        .column_as(event::Column::TimeZone, "time_zone")
        .filter(delegate_visible(actor))
}

fn of_delegation(delegation: DelegationId) -> Select<Entity> {
    Entity::find().filter(Column::DelegationId.eq(delegation.0)).filter(Column::DeletedAt.is_null())
}

fn columns(tx: &Tx, input: &Nomination) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        function: Set(input.function.to_string()),
        position: Set(to_json(&input.position)?),
        ..Default::default()
    })
}

fn visible(actor: &Actor, row: Row) -> Result<Visible<Delegate>, Error> {
    let named = row.is_named_to(actor);
    let former = from_json::<Option<_>>(row.former_names)?.unwrap_or_default();
    let names = NameHistory { display_name: row.display_name, former };
    let begin = begin_of(date_from_chrono(row.starts_on), &row.time_zone)?;
    let Model { id, version, created_at, changed_at, .. } = row.delegate;
    Ok(Visible {
        id,
        version,
        created_at: from_chrono(created_at),
        changed_at: from_chrono(changed_at),
        content: Delegate {
            nomination: Nomination {
                delegation_id: Handle::Id(row.delegate.delegation_id),
                person_id: Handle::Id(if named { row.delegate.person_id } else { Uuid::nil() }),
                function: db::word(&row.delegate.function, Function::parse)?,
                position: from_json(row.delegate.position)?,
            },
            event_id: EventId(row.delegate.event_id),
            organisation_id: OrganisationId(row.organisation_id),
            display_name: if named { names.at(begin) } else { PROTECTED }.to_owned(),
            state: db::word(&row.delegate.state, DelegateState::parse)?,
        },
    })
}
