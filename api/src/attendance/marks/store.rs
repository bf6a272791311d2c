//! Queries of marks, of the people they are about, and of codes. Who may see marks is decided where their session is
//! found and by [`roster::admit`](crate::attendance::roster::admit); marks are only ever added.

use std::collections::{HashMap, HashSet};

use ::entity::{
    attendance::{
        attendance_code as code, delegate, delegation_head,
        mark::{ActiveModel, Column, Entity, Model},
    },
    people::person,
};
use domain::{
    attendance::{
        DelegateState, Function, Level, Status,
        marks::{Mark, Source},
        sheet::ScreenCode,
    },
    identifier::{DelegateId, DelegationId, EventId, PersonId, SessionId},
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{OnConflict, Query, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    access::store::heads_at,
    db::{self, Page, Paging, Tx, from_chrono, page_by_number, to_chrono},
    error::Error,
};

/// A mark and the delegation it is about.
#[derive(Debug, Clone, Copy)]
pub struct Marked {
    /// The delegation.
    pub delegation: DelegationId,
    /// What was said.
    pub mark: Mark,
}

/// A delegate as far as attendance and quorum depend on them; those who were withdrawn since are among them.
#[derive(Debug, Clone)]
pub struct Attendee {
    /// The delegation.
    pub delegation: DelegationId,
    /// The person.
    pub person: PersonId,
    /// What the person does in the delegation.
    pub function: Function,
    /// Whether the person may vote for it.
    pub may_vote: bool,
    /// The rank at which the person represents the organisation, of their own.
    pub level: Option<Level>,
    /// Whether the person is in the delegation still.
    pub stays: bool,
    /// The address known of the person, folded.
    pub email_key: Option<String>,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    delegation_id: Uuid,
    person_id: Uuid,
    function: String,
    may_vote: bool,
    level: Option<String>,
    state: String,
    deleted_at: Option<sea_orm::prelude::DateTimeUtc>,
    email_key: Option<String>,
}

/// All marks of a session in the order in which they were recorded.
pub async fn mark_list(connection: &impl ConnectionTrait, session: SessionId) -> Result<Vec<Marked>, Error> {
    let select = Entity::find().filter(Column::SessionId.eq(session.0)).order_by_asc(Column::Number);
    select.all(connection).await?.into_iter().map(marked).collect()
}

/// Those about these delegations and their people.
pub async fn mark_list_of(
    connection: &impl ConnectionTrait,
    session: SessionId,
    delegations: &[DelegationId],
) -> Result<Vec<Marked>, Error> {
    let own = Column::DelegationId.is_in(delegations.iter().map(|id| id.0));
    let select = Entity::find().filter(Column::SessionId.eq(session.0)).filter(own).order_by_asc(Column::Number);
    select.all(connection).await?.into_iter().map(marked).collect()
}

/// The number of the last mark of a session; 0 if there is none.
pub async fn mark_last(connection: &impl ConnectionTrait, session: SessionId) -> Result<i64, Error> {
    let numbers = Entity::find().select_only().column(Column::Number).filter(Column::SessionId.eq(session.0));
    let last: Option<i32> = numbers.order_by_desc(Column::Number).into_tuple().one(connection).await?;
    Ok(last.map_or(0, i64::from))
}

/// One page of them.
pub async fn mark_page(
    connection: &impl ConnectionTrait,
    session: SessionId,
    paging: &Paging,
) -> Result<Page<Marked>, Error> {
    let select = Entity::find().filter(Column::SessionId.eq(session.0));
    page_by_number(connection, select, Column::Number, paging, |row: &Model| (row.number, row.id))
        .await?
        .try_map(marked)
}

/// Adds marks, whose numbers go on from `last`; the session must be held.
pub async fn marks_insert(tx: &Tx, session: SessionId, marks: &[Marked]) -> Result<(), Error> {
    let at = to_chrono(tx.now());
    // In portions, because a statement takes only so many parameters.
    for portion in marks.chunks(500) {
        let rows = portion.iter().map(|Marked { delegation, mark }| {
            Ok::<_, Error>(ActiveModel {
                id: Set(mark.id),
                session_id: Set(session.0),
                number: Set(i32::try_from(mark.number).map_err(Error::internal)?),
                delegation_id: Set(delegation.0),
                delegate_id: Set(mark.delegate.map(Uuid::from)),
                status: Set(mark.status.to_string()),
                source: Set(mark.source.to_string()),
                at: Set(to_chrono(mark.at)),
                represented_by: Set(mark.represented_by.map(Uuid::from)),
                level: Set(mark.level.map(|level| level.to_string())),
                created_at: Set(at),
            })
        });
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Everybody who is or was in a delegation at the event, with who led it at `at`.
pub async fn attendees(
    connection: &impl ConnectionTrait,
    event: EventId,
    at: Timestamp,
) -> Result<HashMap<DelegateId, Attendee>, Error> {
    attendees_where(connection, delegate::Column::EventId.eq(event.0), at).await
}

/// Those of these delegations.
pub async fn attendees_of(
    connection: &impl ConnectionTrait,
    delegations: &[DelegationId],
    at: Timestamp,
) -> Result<HashMap<DelegateId, Attendee>, Error> {
    let own = delegate::Column::DelegationId.is_in(delegations.iter().map(|id| id.0));
    attendees_where(connection, own, at).await
}

async fn attendees_where(
    connection: &impl ConnectionTrait,
    which: SimpleExpr,
    at: Timestamp,
) -> Result<HashMap<DelegateId, Attendee>, Error> {
    let persons = delegate::Entity::belongs_to(person::Entity).from(delegate::Column::PersonId).to(person::Column::Id);
    let rows = delegate::Entity::find()
        .select_only()
        .columns([
            delegate::Column::Id,
            delegate::Column::DelegationId,
            delegate::Column::PersonId,
            delegate::Column::Function,
            delegate::Column::MayVote,
            delegate::Column::Level,
            delegate::Column::State,
            delegate::Column::DeletedAt,
        ])
        .column(person::Column::EmailKey)
        .join(JoinType::InnerJoin, persons.into())
        .filter(which.clone())
        .into_model::<Row>()
        .all(connection)
        .await?;
    let here = Query::select().column(delegate::Column::Id).from(delegate::Entity).and_where(which).to_owned();
    let mut heads = heads_at(at);
    heads.and_where(delegation_head::Column::DelegateId.in_subquery(here));
    let leading: HashSet<Uuid> =
        connection.query_all(&heads).await?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    rows.into_iter().map(|row| Ok((DelegateId(row.id), attendee(&leading, row)?))).collect()
}

fn attendee(leading: &HashSet<Uuid>, row: Row) -> Result<Attendee, Error> {
    let leads = leading.contains(&row.id);
    let function = if leads { Function::Head } else { db::word(&row.function, Function::parse)? };
    Ok(Attendee {
        delegation: DelegationId(row.delegation_id),
        person: PersonId(row.person_id),
        function,
        may_vote: row.may_vote,
        level: row.level.as_deref().map(|level| db::word(level, Level::parse)).transpose()?,
        stays: row.deleted_at.is_none() && db::word(&row.state, DelegateState::parse)?.is_live(),
        email_key: row.email_key,
    })
}

/// The code of a session, open or not.
pub async fn code_find(connection: &impl ConnectionTrait, session: SessionId) -> Result<Option<ScreenCode>, Error> {
    let row = code::Entity::find_by_id(session.0).one(connection).await?;
    Ok(row.map(|row| ScreenCode {
        code: row.code,
        opens_at: from_chrono(row.opens_at),
        closes_at: from_chrono(row.closes_at),
    }))
}

/// Puts a code in the place of the one before.
pub async fn code_put(tx: &Tx, session: SessionId, put: &ScreenCode) -> Result<(), Error> {
    let row = code::ActiveModel {
        session_id: Set(session.0),
        code: Set(put.code.clone()),
        opens_at: Set(to_chrono(put.opens_at)),
        closes_at: Set(to_chrono(put.closes_at)),
    };
    let columns = [code::Column::Code, code::Column::OpensAt, code::Column::ClosesAt];
    let known = OnConflict::column(code::Column::SessionId).update_columns(columns).to_owned();
    code::Entity::insert(row).on_conflict(known).exec_without_returning(tx.connection()).await?;
    Ok(())
}

fn marked(row: Model) -> Result<Marked, Error> {
    Ok(Marked {
        delegation: DelegationId(row.delegation_id),
        mark: Mark {
            delegate: row.delegate_id.map(DelegateId),
            status: db::word(&row.status, Status::parse)?,
            source: db::word(&row.source, Source::parse)?,
            at: from_chrono(row.at),
            number: row.number.into(),
            represented_by: row.represented_by.map(DelegateId),
            level: row.level.as_deref().map(|level| db::word(level, Level::parse)).transpose()?,
            id: row.id,
        },
    })
}
