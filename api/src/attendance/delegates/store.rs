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
    attendance::{Capacity, Delegate, DelegateState, Function, Heads, Level, Nomination, Participation},
    identifier::{DelegateId, DelegationId, EventId, Handle, OrganisationId, PersonId},
    people::NameHistory,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Select,
    prelude::{Date, Json},
    sea_query::{Expr, IntoCondition, Query, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    access::store::{heads_at, inside_event_visible},
    attendance::{delegations::store::named, heads::store::heads_of},
    db::{
        self, Cursor, Page, Paging, Tx, Visible, cut, date_from_chrono, date_to_chrono, from_chrono, from_json,
        to_chrono, to_json,
    },
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
    /// Only in this state.
    pub state: Option<DelegateState>,
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
        select = select.filter(does(function, actor));
    }
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state.as_str()));
    }
    let rows = in_order(select, actor, paging).into_model::<Row>().all(connection).await?;
    let key = |row: &Row| if row.is_named_to(actor) { row.person_sort_key.clone() } else { String::new() };
    let cursor = |row: &Row| Cursor { key: key(row), id: row.delegate.id };
    let page = cut(rows, paging, cursor)?;
    let heads = heads_of(connection, page.items.iter().map(|row| row.delegate.delegation_id)).await?;
    page.try_map(|row| visible(actor, row, &heads))
}

/// Every delegate of an event in one of these states that the actor may see, by family name.
pub async fn delegate_all(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    states: &[DelegateState],
) -> Result<Vec<Visible<Delegate>>, Error> {
    let rows = select(actor)
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(in_state(states))
        .order_by_asc(person::Column::SortKey)
        .order_by_asc(Column::Id)
        .into_model::<Row>()
        .all(connection)
        .await?;
    let heads = heads_of(connection, rows.iter().map(|row| row.delegate.delegation_id)).await?;
    rows.into_iter().map(|row| visible(actor, row, &heads)).collect()
}

/// Who leads the delegation at this instant is its head, whatever else they do there.
fn does(function: Function, actor: &Actor) -> Condition {
    let leads = Column::Id.in_subquery(heads_at(actor.at));
    match function {
        Function::Head => leads.into_condition(),
        _ => Condition::all().add(leads.not()).add(Column::Function.eq(function.as_str())),
    }
}

fn in_state(states: &[DelegateState]) -> SimpleExpr {
    Column::State.is_in(states.iter().map(|state| state.as_str()))
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
    let heads = heads_of(connection, [row.delegate.delegation_id]).await?;
    visible(actor, row, &heads)
}

/// The delegations of those of `ids` who are delegates still.
pub async fn delegates_delegation(
    tx: &Tx,
    ids: impl IntoIterator<Item = DelegateId>,
) -> Result<HashMap<DelegateId, DelegationId>, Error> {
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.into_iter().map(|id| id.0)))
        .filter(in_state(DelegateState::LIVE))
        .filter(Column::DeletedAt.is_null())
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|row| (DelegateId(row.id), DelegationId(row.delegation_id))).collect())
}

/// The delegates of a delegation in one of these states.
pub async fn delegates_in(
    connection: &impl ConnectionTrait,
    delegation: DelegationId,
    states: &[DelegateState],
) -> Result<Vec<DelegateId>, Error> {
    let ids = of_delegation(delegation).filter(in_state(states)).select_only().column(Column::Id);
    let ids: Vec<Uuid> = ids.order_by_asc(Column::Id).into_tuple().all(connection).await?;
    Ok(ids.into_iter().map(DelegateId).collect())
}

/// The delegates of a delegation who are nominated to take part in this way.
pub async fn delegates_nominated(
    tx: &Tx,
    delegation: DelegationId,
    participation: Participation,
) -> Result<Vec<DelegateId>, Error> {
    let ids = of_delegation(delegation).filter(in_state(&[DelegateState::Nominated]));
    let ids = ids.filter(Column::Participation.eq(participation.as_str())).select_only().column(Column::Id);
    let ids: Vec<Uuid> = ids.order_by_asc(Column::Id).into_tuple().all(tx.connection()).await?;
    Ok(ids.into_iter().map(DelegateId).collect())
}

/// Hands these to the secretariat; gives their versions.
pub async fn delegates_submit(tx: &Tx, ids: &[DelegateId]) -> Result<Vec<(DelegateId, i32)>, Error> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(DelegateState::Submitted.as_str()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec_with_returning(tx.connection())
        .await?;
    let mut done: Vec<_> = done.into_iter().map(|row| (DelegateId(row.id), row.version)).collect();
    done.sort();
    Ok(done)
}

/// Gives a delegate the next version because of something beside the row; gives that.
pub async fn delegate_touch(tx: &Tx, id: DelegateId) -> Result<i32, Error> {
    let done = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .filter(Column::Id.eq(id.0))
        .exec_with_returning(tx.connection())
        .await?;
    done.first().map(|row| row.version).ok_or(Error::NotFound)
}

/// Those who lead, now or later, sit for their organisation: unless it was said otherwise, they may do all that its
/// representatives may.
pub async fn heads_entitle(tx: &Tx, heads: impl IntoIterator<Item = DelegateId>) -> Result<(), Error> {
    let all = [
        Column::MaySpeak,
        Column::MayVote,
        Column::MaySubmitText,
        Column::MayRequestBilaterals,
        Column::MaySeeRestricted,
    ];
    let update = all.into_iter().fold(Entity::update_many(), |update, may| update.col_expr(may, Expr::value(true)));
    let who = heads.into_iter().map(|head| head.0);
    update.filter(Column::Id.is_in(who)).filter(Column::UsualCapacities.eq(true)).exec(tx.connection()).await?;
    Ok(())
}

/// Whether the person is in the delegation and has not left it.
pub async fn person_is_named(tx: &Tx, delegation: DelegationId, person: PersonId) -> Result<bool, Error> {
    let there = of_delegation(delegation).filter(in_state(DelegateState::GONE).not());
    Ok(there.filter(Column::PersonId.eq(person.0)).one(tx.connection()).await?.is_some())
}

/// Adds a row; gives its id. That every person is named once has been seen to while the delegation is held; the unique
/// index is the second line.
pub async fn delegate_insert(
    tx: &Tx,
    event: EventId,
    delegation: DelegationId,
    person: PersonId,
    input: &Nomination,
    state: DelegateState,
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
        state: Set(state.to_string()),
        state_reason: Set(None),
        substituted_by: Set(None),
        ..columns(tx, input)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(id)
}

/// Replaces the row by `next`, if its version is still that of `current`.
pub async fn delegate_update(tx: &Tx, current: Visible<Delegate>, next: Delegate) -> Result<Visible<Delegate>, Error> {
    let version = current.version + 1;
    let row = ActiveModel {
        version: Set(version),
        state: Set(next.state.to_string()),
        state_reason: Set(next.state_reason.clone()),
        substituted_by: Set(next.substituted_by.map(|id| id.0)),
        ..columns(tx, &next.nomination)?
    };
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

/// Who leads is not said here but by the heads of the delegation; without that office a head is a representative.
/// The columns of what is said of a delegate.
pub(in crate::attendance) fn columns(tx: &Tx, input: &Nomination) -> Result<ActiveModel, Error> {
    let function = if input.function == Function::Head { Function::Representative } else { input.function };
    let capacities = input.capacities();
    let may = |capacity| Set(capacities.contains(&capacity));
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        function: Set(function.to_string()),
        position: Set(to_json(&input.position)?),
        level: Set(input.level.map(|level| level.to_string())),
        participation: Set(input.participation.to_string()),
        usual_capacities: Set(input.capacities.is_none()),
        may_speak: may(Capacity::Speak),
        may_vote: may(Capacity::Vote),
        may_submit_text: may(Capacity::SubmitText),
        may_request_bilaterals: may(Capacity::RequestBilaterals),
        may_see_restricted: may(Capacity::SeeRestricted),
        name_on_id: Set(input.name_on_id.clone()),
        diet: Set(input.diet.clone()),
        access_needs: Set(input.access_needs.clone()),
        arrives_on: Set(input.arrives_on.map(date_to_chrono)),
        departs_on: Set(input.departs_on.map(date_to_chrono)),
        not_listed: Set(input.not_listed),
        late_reason: Set(input.late_reason.clone()),
        ..Default::default()
    })
}

/// What was said in naming the delegate, with `person` in the place of the person.
fn nomination(row: &Model, person: Uuid, leads: bool) -> Result<Nomination, Error> {
    let may = [
        (row.may_speak, Capacity::Speak),
        (row.may_vote, Capacity::Vote),
        (row.may_submit_text, Capacity::SubmitText),
        (row.may_request_bilaterals, Capacity::RequestBilaterals),
        (row.may_see_restricted, Capacity::SeeRestricted),
    ];
    let said = || may.into_iter().filter(|(may, _)| *may).map(|(_, capacity)| capacity).collect();
    let function = if leads { Function::Head } else { db::word(&row.function, Function::parse)? };
    Ok(Nomination {
        delegation_id: Handle::Id(row.delegation_id),
        person_id: Some(Handle::Id(person)),
        person: None,
        function,
        position: from_json(row.position.clone())?,
        level: row.level.as_deref().map(|level| db::word(level, Level::parse)).transpose()?,
        participation: db::word(&row.participation, Participation::parse)?,
        capacities: (!row.usual_capacities).then(said),
        name_on_id: row.name_on_id.clone(),
        diet: row.diet.clone(),
        access_needs: row.access_needs.clone(),
        arrives_on: row.arrives_on.map(date_from_chrono),
        departs_on: row.departs_on.map(date_from_chrono),
        not_listed: row.not_listed,
        late_reason: row.late_reason.clone(),
    })
}

fn visible(actor: &Actor, row: Row, heads: &HashMap<DelegationId, Heads>) -> Result<Visible<Delegate>, Error> {
    let named = row.is_named_to(actor);
    let (organisation_id, event_id) = (OrganisationId(row.organisation_id), EventId(row.delegate.event_id));
    let own = actor.sees_everything() || actor.acts_for(organisation_id, event_id);
    let former = from_json::<Option<_>>(row.former_names)?.unwrap_or_default();
    let names = NameHistory { display_name: row.display_name, former };
    let begin = begin_of(date_from_chrono(row.starts_on), &row.time_zone)?;
    let row = row.delegate;
    let leads = heads.get(&DelegationId(row.delegation_id)).and_then(|heads| heads.at(actor.at));
    let person = if named { row.person_id } else { Uuid::nil() };
    let nomination = nomination(&row, person, leads == Some(DelegateId(row.id)))?;
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content: Delegate {
            nomination: if own { nomination } else { nomination.for_others() },
            event_id,
            organisation_id,
            display_name: if named { names.at(begin) } else { PROTECTED }.to_owned(),
            state: db::word(&row.state, DelegateState::parse)?,
            state_reason: row.state_reason.filter(|_| own),
            substituted_by: row.substituted_by.map(DelegateId),
        },
    })
}
