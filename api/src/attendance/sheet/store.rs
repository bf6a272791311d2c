//! Queries of attendance. A line is a delegation joined with what is recorded of it, so that a delegation of which
//! nothing is recorded has a line too. Who may see which stands here and nowhere else.

use std::collections::HashMap;

use ::entity::{
    attendance::{
        attendance::{ActiveModel, Column, Entity},
        delegation,
    },
    events::event,
    organisations::organisation,
    schedule::session,
};
use domain::{
    Code,
    access::{Actor, Visibility},
    attendance::{Counts, Level, Line, Record, State, Status},
    identifier::{DelegationId, EventId, Handle, OrganisationId, SessionId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    prelude::{Date, DateTimeUtc, Json},
    sea_query::{Expr, OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    access::store::{in_event_visible, inside_event_visible},
    attendance::delegations::store::named,
    db::{self, Tx, date_from_chrono, from_chrono_opt, reference, refers_to, to_chrono},
    error::Error,
    events::{begin_of, sittings},
    organisations::names_at,
};

/// A session and the event it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The session.
    pub session: SessionId,
    /// Its event.
    pub event: EventId,
    /// Whether only the secretariat knows of the session.
    pub hidden: bool,
}

impl Place {
    /// Whether a session for these is known to the secretariat only.
    pub fn hides(visibility: Visibility) -> bool {
        visibility.names_few() || visibility > Visibility::Participants
    }
}

/// Where organisations were represented.
#[derive(Debug, Clone, Copy)]
pub enum Meeting {
    /// In at least one session of an event.
    Event(EventId),
    /// In one session.
    Session(SessionId),
}

/// A line, and the id of what is recorded if anything is.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Of the record.
    pub id: Option<Uuid>,
    /// The line.
    pub line: Line,
}

/// A line to be written.
#[derive(Debug)]
pub struct Written {
    /// Of the record, new or not.
    pub id: Uuid,
    /// Its version after the write.
    pub version: i32,
    /// Whose line it is.
    pub delegation: DelegationId,
    /// What is recorded.
    pub record: Record,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    delegation_id: Uuid,
    organisation_id: Uuid,
    organisation_code: String,
    organisation_names: Json,
    organisation_former_names: Json,
    starts_on: Date,
    time_zone: String,
    delegation_state: String,
    attendance_id: Option<Uuid>,
    version: Option<i32>,
    changed_at: Option<DateTimeUtc>,
    status: Option<String>,
    represented_by: Option<Uuid>,
    level: Option<String>,
    note: Option<String>,
}

/// Every line the actor may see, by the codes of the organisations.
pub async fn line_list(connection: &impl ConnectionTrait, actor: &Actor, place: Place) -> Result<Vec<Stored>, Error> {
    let rows = select(actor, place).into_model::<Row>().all(connection).await?;
    rows.into_iter().map(stored).collect()
}

/// Those of these delegations.
pub async fn line_list_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    place: Place,
    delegations: &[DelegationId],
) -> Result<Vec<Stored>, Error> {
    let own = delegation::Column::Id.is_in(delegations.iter().map(|id| id.0));
    let rows = select(actor, place).filter(own).into_model::<Row>().all(connection).await?;
    rows.into_iter().map(stored).collect()
}

/// The line of one delegation, named by its id or the code of its organisation.
pub async fn line_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    place: Place,
    delegation: &Handle,
) -> Result<Stored, Error> {
    let row = select(actor, place).filter(named(delegation)).into_model::<Row>().one(connection).await?;
    stored(row.ok_or(Error::NotFound)?)
}

/// The organisations of the delegations that were represented in sessions the actor may see, by code.
pub async fn organisations_represented(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    meeting: Meeting,
) -> Result<Vec<OrganisationId>, Error> {
    let mut sessions = Query::select();
    sessions
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::DeletedAt.is_null())
        .cond_where(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO));
    match meeting {
        Meeting::Event(event) => sessions.and_where(session::Column::EventId.eq(event.0)),
        Meeting::Session(session) => sessions.and_where(session::Column::Id.eq(session.0)),
    };
    let lines = Query::select()
        .column(Column::DelegationId)
        .from(Entity)
        .and_where(Column::SessionId.in_subquery(sessions))
        .and_where(Column::Status.is_in(Status::REPRESENTED.iter().map(|status| status.as_str())))
        .and_where(Column::DeletedAt.is_null())
        .to_owned();
    let ids: Vec<Uuid> = delegations(actor)
        .filter(delegation::Column::Id.in_subquery(lines))
        .select_only()
        .column(delegation::Column::OrganisationId)
        .order_by_asc(organisation::Column::SortKey)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(OrganisationId).collect())
}

/// How many of the delegations the actor may see have which status in each of these sessions, or of this organisation.
pub async fn counts_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    sessions: &[SessionId],
    organisation: Option<&Handle>,
) -> Result<HashMap<SessionId, Counts>, Error> {
    let held =
        delegation::Entity::belongs_to(session::Entity).from(delegation::Column::EventId).to(session::Column::EventId);
    let lines = delegation::Entity::belongs_to(Entity)
        .from(delegation::Column::Id)
        .to(Column::DelegationId)
        .on_condition(|_, _| {
            let here = Expr::col((Entity, Column::SessionId)).equals((session::Entity, session::Column::Id));
            Condition::all().add(here).add(Column::DeletedAt.is_null())
        });
    let rows: Vec<(Uuid, Option<String>, i64)> = delegations(actor)
        .join(JoinType::InnerJoin, held.into())
        .join(JoinType::LeftJoin, lines.into())
        .filter(session::Column::Id.is_in(sessions.iter().map(|session| session.0)))
        .apply_if(organisation, |select, named| {
            let (id, code) = (organisation::Column::Id, organisation::Column::CodeKey);
            select.filter(refers_to(delegation::Column::OrganisationId, named, organisation::Entity, id, code))
        })
        .select_only()
        .column(session::Column::Id)
        .column(Column::Status)
        .column_as(delegation::Column::Id.count(), "delegations")
        .group_by(session::Column::Id)
        .group_by(Column::Status)
        .into_tuple()
        .all(connection)
        .await?;
    let mut counts: HashMap<SessionId, Counts> = HashMap::new();
    for (session, status, delegations) in rows {
        let status = status.as_deref().map(|status| db::word(status, Status::parse)).transpose()?;
        let delegations = u32::try_from(delegations).map_err(Error::internal)?;
        counts.entry(SessionId(session)).or_default().add(status.unwrap_or_default(), delegations);
    }
    Ok(counts)
}

/// Holds the session until the transaction ends: nobody else writes its lines.
pub async fn session_lock(tx: &Tx, id: SessionId) -> Result<(), Error> {
    place_hold(tx, id).await?.map(drop).ok_or(Error::Gone)
}

/// Holds a session, whoever may see it, and says where it belongs; none where it was deleted.
pub async fn place_hold(tx: &Tx, id: SessionId) -> Result<Option<Place>, Error> {
    let select = session::Entity::find_by_id(id.0).filter(session::Column::DeletedAt.is_null()).lock_exclusive();
    let Some(row) = select.one(tx.connection()).await? else { return Ok(None) };
    let hidden = Place::hides(db::word(&row.shown_to, Visibility::parse)?);
    Ok(Some(Place { session: id, event: EventId(row.event_id), hidden }))
}

/// Writes lines, new or not; the session must be held.
pub async fn lines_write(tx: &Tx, session: SessionId, lines: Vec<Written>) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let at = to_chrono(tx.now());
    let rows = lines.into_iter().map(|line| ActiveModel {
        id: Set(line.id),
        version: Set(line.version),
        created_at: Set(at),
        changed_at: Set(at),
        deleted_at: Set(None),
        session_id: Set(session.0),
        delegation_id: Set(line.delegation.0),
        status: Set(line.record.status.to_string()),
        represented_by: Set(reference(line.record.represented_by.as_ref())),
        level: Set(line.record.level.map(|level| level.to_string())),
        note: Set(line.record.note),
    });
    let written =
        [Column::Version, Column::ChangedAt, Column::Status, Column::RepresentedBy, Column::Level, Column::Note];
    let known = OnConflict::column(Column::Id).update_columns(written).to_owned();
    Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The delegations whose attendance the actor may see: staff those of all events within their limits, an organisation
/// its own.
fn delegations(actor: &Actor) -> Select<delegation::Entity> {
    let visible = inside_event_visible(actor, delegation::Column::EventId, |own| {
        Condition::all().add(delegation::Column::OrganisationId.eq(own.0))
    });
    let organisations = delegation::Entity::belongs_to(organisation::Entity)
        .from(delegation::Column::OrganisationId)
        .to(organisation::Column::Id);
    delegation::Entity::find()
        .join(JoinType::InnerJoin, organisations.into())
        .filter(delegation::Column::DeletedAt.is_null())
        .filter(visible)
}

fn select(actor: &Actor, place: Place) -> Select<delegation::Entity> {
    let lines =
        delegation::Entity::belongs_to(Entity).from(delegation::Column::Id).to(Column::DelegationId).on_condition(
            move |_, _| Condition::all().add(Column::SessionId.eq(place.session.0)).add(Column::DeletedAt.is_null()),
        );
    let events = delegation::Entity::belongs_to(event::Entity).from(delegation::Column::EventId).to(event::Column::Id);
    delegations(actor)
        .filter(delegation::Column::EventId.eq(place.event.0))
        .join(JoinType::InnerJoin, events.into())
        .join(JoinType::LeftJoin, lines.into())
        .select_only()
        .column_as(delegation::Column::Id, "delegation_id")
        .column_as(delegation::Column::OrganisationId, "organisation_id")
        .column_as(organisation::Column::Code, "organisation_code")
        .column_as(organisation::Column::Names, "organisation_names")
        .column_as(organisation::Column::FormerNames, "organisation_former_names")
        .column_as(event::Column::StartsOn, "starts_on")
        .column_as(event::Column::TimeZone, "time_zone")
        .column_as(delegation::Column::State, "delegation_state")
        .column_as(Column::Id, "attendance_id")
        .column_as(Column::Version, "version")
        .column_as(Column::ChangedAt, "changed_at")
        .column_as(Column::Status, "status")
        .column_as(Column::RepresentedBy, "represented_by")
        .column_as(Column::Level, "level")
        .column_as(Column::Note, "note")
        .order_by_asc(organisation::Column::SortKey)
}

fn stored(row: Row) -> Result<Stored, Error> {
    let status = row.status.as_deref().map(|status| db::word(status, Status::parse)).transpose()?;
    let begin = begin_of(date_from_chrono(row.starts_on), &row.time_zone)?;
    let line = Line {
        delegation_id: DelegationId(row.delegation_id),
        organisation_id: OrganisationId(row.organisation_id),
        organisation_code: Code::try_from(row.organisation_code).map_err(Error::internal)?,
        organisation_name: names_at(row.organisation_names, row.organisation_former_names, begin)?.in_lists(),
        delegation_state: db::word(&row.delegation_state, State::parse)?,
        record: Record {
            status: status.unwrap_or_default(),
            represented_by: row.represented_by.map(Handle::Id),
            level: row.level.as_deref().map(|level| db::word(level, Level::parse)).transpose()?,
            note: row.note,
        },
        source: None,
        people: vec![],
        version: row.version.unwrap_or_default(),
        changed_at: from_chrono_opt(row.changed_at),
    };
    Ok(Stored { id: row.attendance_id, line })
}
