//! Queries of duties. The predicate of who may see which stands here and nowhere else.

mod told;

use ::entity::{
    attendance::{
        delegate, delegation,
        session_duty::{ActiveModel, Column, Entity, Model},
    },
    schedule::session,
};
use domain::{
    access::Actor,
    attendance::{Answer, DelegateState, Duty, DutyDetails, Part},
    identifier::{DelegateId, EventId, Handle, OrganisationId, PersonId, SessionId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    access::store::{in_event_visible, inside_event_visible},
    db::{self, Page, Paging, Tx, Visible, from_chrono, page_of, reference, to_chrono},
    error::Error,
    events::sittings,
};

pub use told::{Lost, duties_lost, duties_told, told_nothing, untold};

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only of this sitting: its own, and those in all of the session, which is that of the sitting that leads.
    pub sitting: Option<(SessionId, SessionId)>,
    /// Only of this person.
    pub person: Option<PersonId>,
}

/// One page of the duties at an event that the actor may see, in the order in which they were given.
pub async fn duty_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    filter: Filter,
    paging: &Paging,
) -> Result<Page<Visible<Duty>>, Error> {
    let mut select = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(duty_visible(actor));
    if let Some((sitting, leading)) = filter.sitting {
        let own = Condition::all().add(Column::SessionId.eq(sitting.0));
        let of_session = Condition::all().add(Column::SessionId.eq(leading.0)).add(Column::SittingOnly.eq(false));
        select = select.filter(Condition::any().add(own).add(of_session));
    }
    if let Some(person) = filter.person {
        select = select.filter(Column::PersonId.eq(person.0));
    }
    page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?.try_map(read)
}

/// The only finder of one duty.
pub async fn duty_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Duty>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(duty_visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    read(row)
}

/// The duties at the event of a delegate that the person in it has, each with whether the actor may see it.
pub async fn duties_of_delegate(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    delegate: DelegateId,
) -> Result<Vec<(Visible<Duty>, bool)>, Error> {
    let theirs = || {
        let person = of_delegate(delegate, delegate::Column::PersonId);
        let event = of_delegate(delegate, delegate::Column::EventId);
        let theirs =
            Entity::find().filter(Column::PersonId.in_subquery(person)).filter(Column::EventId.in_subquery(event));
        theirs.filter(Column::DeletedAt.is_null())
    };
    let seen: Vec<Uuid> =
        theirs().select_only().column(Column::Id).filter(duty_visible(actor)).into_tuple().all(connection).await?;
    let rows = theirs().order_by_asc(Column::Id).all(connection).await?;
    rows.into_iter()
        .map(|row| {
            let seen = seen.contains(&row.id);
            Ok((read(row)?, seen))
        })
        .collect()
}

fn of_delegate(delegate: DelegateId, column: delegate::Column) -> SelectStatement {
    Query::select().column(column).from(delegate::Entity).and_where(delegate::Column::Id.eq(delegate.0)).to_owned()
}

/// Whether the person in a delegate is in another delegation at the event too.
pub async fn person_comes_anyway(connection: &impl ConnectionTrait, delegate: DelegateId) -> Result<bool, Error> {
    use delegate::Column as Of;
    let others = delegate::Entity::find()
        .filter(Of::PersonId.in_subquery(of_delegate(delegate, Of::PersonId)))
        .filter(Of::EventId.in_subquery(of_delegate(delegate, Of::EventId)))
        .filter(Of::Id.ne(delegate.0))
        .filter(Of::DeletedAt.is_null())
        .filter(live());
    Ok(others.count(connection).await? > 0)
}

/// The duties somebody has in some sessions.
pub async fn duties_of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
    sessions: impl IntoIterator<Item = SessionId>,
) -> Result<Vec<Visible<Duty>>, Error> {
    let select = Entity::find()
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::SessionId.is_in(sessions.into_iter().map(|session| session.0)))
        .filter(Column::DeletedAt.is_null());
    select.order_by_asc(Column::Id).all(connection).await?.into_iter().map(read).collect()
}

/// The organisation on whose behalf somebody has a duty: that of the delegation, or of the one the person belongs to.
pub async fn duty_organisation(
    connection: &impl ConnectionTrait,
    duty: &Duty,
) -> Result<Option<OrganisationId>, Error> {
    let own = match (duty.delegation(), duty.person()) {
        (Some(delegation), _) => delegation::Entity::find_by_id(delegation.0).one(connection).await?,
        (None, Some(person)) => return organisation_of(connection, duty.event_id, person).await,
        (None, None) => None,
    };
    Ok(own.map(|row| OrganisationId(row.organisation_id)))
}

/// The organisation that somebody belongs to at an event, if it is one.
pub async fn organisation_of(
    connection: &impl ConnectionTrait,
    event: EventId,
    person: PersonId,
) -> Result<Option<OrganisationId>, Error> {
    let of_person = delegate::Entity::find()
        .filter(delegate::Column::EventId.eq(event.0))
        .filter(delegate::Column::PersonId.eq(person.0))
        .filter(delegate::Column::DeletedAt.is_null())
        .filter(live());
    let Some(row) = of_person.one(connection).await? else { return Ok(None) };
    let own = delegation::Entity::find_by_id(row.delegation_id).one(connection).await?;
    Ok(own.map(|row| OrganisationId(row.organisation_id)))
}

fn live() -> Expr {
    delegate::Column::State.is_in(DelegateState::LIVE.iter().map(|state| state.as_str()))
}

/// Adds a row. Nobody has the same duty in a session twice, and a delegation one only.
pub async fn duty_insert(
    tx: &Tx,
    event: EventId,
    session: SessionId,
    details: &DutyDetails,
    answer: Answer,
) -> Result<Visible<Duty>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        changed_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        event_id: Set(event.0),
        session_id: Set(session.0),
        person_id: Set(reference(details.person_id.as_ref())),
        delegation_id: Set(reference(details.delegation_id.as_ref())),
        duty: Set(details.duty.to_string()),
        sitting_only: Set(details.sitting_only),
        answer: Set(answer.to_string()),
        told_in: Set(None),
    };
    read(Entity::insert(row).exec_with_returning(tx.connection()).await.map_err(taken)?)
}

/// Replaces the row, if its version is still that of `current`.
pub async fn duty_update(tx: &Tx, current: &Visible<Duty>, next: &Duty) -> Result<Visible<Duty>, Error> {
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(to_chrono(tx.now())),
        duty: Set(next.details.duty.to_string()),
        sitting_only: Set(next.details.sitting_only),
        answer: Set(next.answer.to_string()),
        ..Default::default()
    };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await
        .map_err(taken)?;
    read(rows.into_iter().next().ok_or(Error::Stale(None))?)
}

fn taken(error: sea_orm::DbErr) -> Error {
    Error::on_unique(error, || {
        Error::conflict("duty_taken", "This person or delegation has that duty in the session already.")
    })
}

/// Turns the row into a tombstone; gives its version.
pub async fn duty_delete(tx: &Tx, current: &Visible<Duty>) -> Result<i32, Error> {
    let (at, version) = (to_chrono(tx.now()), current.version + 1);
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

/// Those who plan an event see all duties at it, an organisation those of its delegation and of the people in it,
/// everybody their own; each only of sessions they see.
fn duty_visible(actor: &Actor) -> Condition {
    let inside = inside_event_visible(actor, Column::EventId, |own| {
        let theirs = Expr::exists(people_of(own, Column::PersonId, Column::EventId));
        Condition::any().add(Column::DelegationId.in_subquery(delegations_of(own))).add(theirs)
    });
    let person = actor.offices.person.map(|person| Column::PersonId.eq(person.0));
    let sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .cond_where(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .to_owned();
    let whose = Condition::any().add(inside).add_option(person);
    Condition::all().add(whose).add(Column::SessionId.in_subquery(sessions))
}

fn delegations_of(own: OrganisationId) -> SelectStatement {
    Query::select()
        .column(delegation::Column::Id)
        .from(delegation::Entity)
        .and_where(delegation::Column::OrganisationId.eq(own.0))
        .to_owned()
}

/// The person of a row, in a delegation of the organisation at the event of the row.
pub fn people_of<C: ColumnTrait>(own: OrganisationId, person: C, event: C) -> SelectStatement {
    use delegate::Column as Of;
    Query::select()
        .expr(Expr::val(1))
        .from(delegate::Entity)
        .and_where(Of::PersonId.into_expr().equals(person.as_column_ref()))
        .and_where(Of::EventId.into_expr().equals(event.as_column_ref()))
        .and_where(Of::DeletedAt.is_null())
        .and_where(live())
        .and_where(Of::DelegationId.in_subquery(delegations_of(own)))
        .to_owned()
}

fn read(row: Model) -> Result<Visible<Duty>, Error> {
    let details = DutyDetails {
        person_id: row.person_id.map(Handle::Id),
        delegation_id: row.delegation_id.map(Handle::Id),
        duty: db::word(&row.duty, Part::parse)?,
        sitting_only: row.sitting_only,
    };
    let content = Duty {
        details,
        session_id: SessionId(row.session_id),
        event_id: EventId(row.event_id),
        answer: db::word(&row.answer, Answer::parse)?,
        name: None,
    };
    let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
    Ok(Visible { id: row.id, version: row.version, created_at, changed_at, content })
}
