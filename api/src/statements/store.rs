//! Queries of statements, and of the event and session a statement belongs to.
//!
//! The event is read here without asking again who may see it: whoever sees a statement sees its event.

use std::collections::HashMap;

use ::entity::{
    events::event,
    schedule::session,
    statements::{
        statement::{ActiveModel, Column, Entity, Model},
        statement_participant as participant,
    },
};
use domain::{
    Code, Language, Text,
    access::{Actor, Disclosure, Target, Tlp, Visibility},
    events::Track,
    external::ExternalId,
    identifier::{EventId, GroupId, Handle, OrganisationId},
    statements::{Details, Facts, Inflected, Kind, OrderPolicy, State, Statement},
    time,
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    access::store::{Disclosed, in_event_visible, inside_event_visible},
    db::{
        self, Page, Paging, Tx, Visible, date_from_chrono, date_to_chrono, external_ids_of, external_ids_replace,
        from_chrono, from_json, page_of, reference, refers_to, to_chrono, to_json,
    },
    error::Error,
    events::{begin_of, sittings},
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words in the code or a title, without regard to case and diacritics.
    pub q: Option<String>,
    /// Only of this event.
    pub event: Option<Handle>,
    /// Only in this state.
    pub state: Option<State>,
    /// Only this kind.
    pub kind: Option<Kind>,
}

/// One page of what the actor may see, in the order in which the statements were made.
pub async fn statement_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Statement>>, Error> {
    let mut select = Entity::find().filter(Column::DeletedAt.is_null()).filter(visible(actor));
    if let Some(q) = &filter.q {
        select = select.filter(db::contains(Column::SearchKey, q));
    }
    if let Some(event) = &filter.event {
        select =
            select.filter(refers_to(Column::EventId, event, event::Entity, event::Column::Id, event::Column::CodeKey));
    }
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state.as_str()));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(kind.as_str()));
    }
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    let mut parts = Parts::read(connection, page.items.iter().map(|row| row.id).collect()).await?;
    page.try_map(|row| parts.complete(row))
}

/// The only finder of one statement.
pub async fn statement_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Statement>, Error> {
    let select = match handle {
        Handle::Id(id) => Entity::find_by_id(*id),
        Handle::Code(code) => Entity::find().filter(Column::CodeKey.eq(code)).filter(Column::DeletedAt.is_null()),
    };
    let row = select.filter(visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    Parts::read(connection, vec![row.id]).await?.complete(row)
}

const SHOWN_TO: Disclosed<Column> =
    Disclosed { visibility: Column::Visibility, audience: Column::AudienceId, tlp: Column::Tlp, session: None };

/// Statements the actor may see: those of its events, down to its level; while one is being drafted, those who staff
/// its event alone.
fn visible(actor: &Actor) -> Condition {
    let nobody = |_| Condition::all().add(Expr::value(1).eq(0));
    let shown = Condition::any().add(Column::State.ne(State::Drafting.as_str())).add(inside_event_visible(
        actor,
        Column::EventId,
        nobody,
    ));
    Condition::all().add(in_event_visible(actor, Column::EventId, SHOWN_TO)).add(shown)
}

/// The statement as it is now, held until the transaction ends: nobody else writes it or its clauses.
pub async fn statement_lock(tx: &Tx, id: Uuid) -> Result<Visible<Statement>, Error> {
    let select = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).lock_exclusive();
    let row = select.one(tx.connection()).await?.ok_or(Error::Gone)?;
    Parts::read(tx.connection(), vec![id]).await?.complete(row)
}

/// Adds a row.
pub async fn statement_insert(tx: &Tx, input: &Details) -> Result<Visible<Statement>, Error> {
    let id = tx.new_id()?;
    let statement = Statement { details: input.clone(), state: State::Drafting, head_version: 0, adopted_on: None };
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        facts: Set(None),
        ..columns(tx, &statement)?
    };
    let row = Entity::insert(row)
        .exec_with_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &input.code))?;
    parts_replace(tx, id, input).await?;
    Parts::of(id, input).complete(row)
}

/// Replaces the row, if its version is still that of `current`.
pub async fn statement_update(
    tx: &Tx,
    current: &Visible<Statement>,
    next: &Statement,
) -> Result<Visible<Statement>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, next)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &next.details.code))?;
    let row = rows.into_iter().next().ok_or(Error::Stale(None))?;
    parts_replace(tx, current.id, &next.details).await?;
    Parts::of(current.id, &next.details).complete(row)
}

/// Keeps the facts a first draft was written from, so that a later change of them can be shown.
pub async fn facts_keep(tx: &Tx, id: Uuid, facts: &Facts) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Facts, Expr::value(to_json(facts)?))
        .filter(Column::Id.eq(id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Turns the row into a tombstone; gives its version.
pub async fn statement_delete(tx: &Tx, current: &Visible<Statement>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    external_ids_replace(tx, super::KIND, current.id, &[]).await?;
    Ok(current.version + 1)
}

/// What of a statement lies in other tables.
struct Parts {
    participants: HashMap<Uuid, Vec<Uuid>>,
    external: HashMap<Uuid, Vec<ExternalId>>,
}

impl Parts {
    async fn read(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Self, Error> {
        let rows = participant::Entity::find()
            .filter(participant::Column::StatementId.is_in(ids.iter().copied()))
            .order_by_asc(participant::Column::OrganisationId)
            .all(connection)
            .await?;
        let mut participants: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for row in rows {
            participants.entry(row.statement_id).or_default().push(row.organisation_id);
        }
        Ok(Self { participants, external: external_ids_of(connection, super::KIND, ids).await? })
    }

    /// The parts that have just been written.
    fn of(id: Uuid, details: &Details) -> Self {
        let participants = details.participants.iter().filter_map(|handle| reference(Some(handle))).collect();
        Self {
            participants: HashMap::from([(id, participants)]),
            external: HashMap::from([(id, details.external_ids.clone())]),
        }
    }

    fn complete(&mut self, row: Model) -> Result<Visible<Statement>, Error> {
        let details = Details {
            code: Code::try_from(row.code).map_err(Error::internal)?,
            event_id: Handle::Id(row.event_id),
            session_id: row.session_id.map(Handle::Id),
            kind: db::word(&row.kind, Kind::parse)?,
            title: from_json(row.title)?,
            drafting_language: Language::try_from(row.drafting_language).map_err(Error::internal)?,
            languages: from_json(row.languages)?,
            order_policy: OrderPolicy::try_from(row.order_policy).map_err(Error::internal)?,
            visibility: db::word(&row.visibility, Visibility::parse)?,
            audience_ids: from_json(row.audience)?,
            tlp: Some(db::word(&row.tlp, Tlp::parse)?),
            participants: self.participants.remove(&row.id).unwrap_or_default().into_iter().map(Handle::Id).collect(),
            external_ids: self.external.remove(&row.id).unwrap_or_default(),
        };
        let content = Statement {
            details,
            state: db::word(&row.state, State::parse)?,
            head_version: u32::try_from(row.head_version).map_err(Error::internal)?,
            adopted_on: row.adopted_on.map(date_from_chrono),
        };
        Ok(Visible {
            id: row.id,
            version: row.version,
            created_at: from_chrono(row.created_at),
            changed_at: from_chrono(row.changed_at),
            content,
        })
    }
}

async fn parts_replace(tx: &Tx, id: Uuid, details: &Details) -> Result<(), Error> {
    db::audience_keep(tx, &details.audience_ids).await?;
    external_ids_replace(tx, super::KIND, id, &details.external_ids).await?;
    participant::Entity::delete_many().filter(participant::Column::StatementId.eq(id)).exec(tx.connection()).await?;
    let rows: Vec<_> = details
        .participants
        .iter()
        .filter_map(|handle| reference(Some(handle)))
        .map(|organisation| participant::ActiveModel { statement_id: Set(id), organisation_id: Set(organisation) })
        .collect();
    if !rows.is_empty() {
        participant::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

fn columns(tx: &Tx, statement: &Statement) -> Result<ActiveModel, Error> {
    let details = &statement.details;
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        code: Set(details.code.to_string()),
        code_key: Set(details.code.key()),
        event_id: Set(reference(Some(&details.event_id)).ok_or(Error::NotFound)?),
        session_id: Set(reference(details.session_id.as_ref())),
        kind: Set(details.kind.to_string()),
        title: Set(to_json(&details.title)?),
        drafting_language: Set(details.drafting_language.to_string()),
        languages: Set(to_json(&details.languages)?),
        order_policy: Set(details.order_policy.to_string()),
        visibility: Set(details.visibility.to_string()),
        audience: Set(to_json(&details.audience_ids)?),
        audience_id: Set(db::audience_of(&details.audience_ids)),
        tlp: Set(details.disclosure().tlp.to_string()),
        search_key: Set(details.search_key()),
        state: Set(statement.state.to_string()),
        head_version: Set(i32::try_from(statement.head_version).map_err(Error::internal)?),
        adopted_on: Set(statement.adopted_on.map(date_to_chrono)),
        ..Default::default()
    })
}

fn code_taken(error: sea_orm::DbErr, code: &Code) -> Error {
    Error::on_unique(error, || {
        Error::conflict("code_taken", format!("Another statement already has the code '{code}'."))
    })
}

/// The event a statement belongs to, as far as the statement depends on it.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// Its id.
    pub event: EventId,
    /// The group that meets.
    pub group: Option<GroupId>,
    /// Who may see the event, and its label.
    pub disclosure: Disclosure,
    /// What it is called.
    pub title: Text,
    /// Which meeting of the group it is.
    pub ordinal: Option<u32>,
    /// The city.
    pub city: Inflected,
    /// The state in which it takes place, or else the organisation that hosts it.
    pub host: Option<OrganisationId>,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// Strands of its programme.
    pub tracks: Vec<Track>,
}

impl Occasion {
    /// What rights depend on.
    pub fn target(&self) -> Target {
        Target { event: Some(self.event), group: self.group, organisation: None }
    }

    /// The day it is at the place of the event.
    pub fn today(&self, now: Timestamp) -> Result<Date, Error> {
        Ok(time::local(now, &time::zone(&self.time_zone, "/time_zone")?).date())
    }

    /// The instant at which its first day begins: relations are resolved as of then.
    pub fn begins(&self) -> Result<Timestamp, Error> {
        begin_of(self.starts_on, &self.time_zone)
    }
}

/// The event of a statement.
pub async fn occasion_find(connection: &impl ConnectionTrait, details: &Details) -> Result<Occasion, Error> {
    let id = reference(Some(&details.event_id)).ok_or(Error::NotFound)?;
    let row = event::Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound)?;
    Ok(Occasion {
        event: EventId(row.id),
        group: row.group_id.map(GroupId),
        disclosure: Disclosure::new(
            db::word(&row.visibility, Visibility::parse)?,
            Some(db::word(&row.tlp, Tlp::parse)?),
            &from_json::<Vec<Handle>>(row.audience)?,
        ),
        title: from_json(row.title)?,
        ordinal: row.ordinal.and_then(|ordinal| u32::try_from(ordinal).ok()),
        city: from_json(row.city)?,
        host: row.country_id.or(row.host_id).map(OrganisationId),
        time_zone: row.time_zone,
        starts_on: date_from_chrono(row.starts_on),
        ends_on: date_from_chrono(row.ends_on),
        tracks: from_json(row.tracks)?,
    })
}

/// A session of a statement's event.
#[derive(Debug, Clone, Copy)]
pub struct Sitting {
    id: Uuid,
    /// The day on which it ends, by the calendar of the place; none while it has no time.
    pub ends_on: Option<Date>,
}

impl Sitting {
    /// How a statement refers to it.
    pub fn handle(&self) -> Handle {
        Handle::Id(self.id)
    }
}

/// The session of the event that `handle` names, if the actor may see it.
pub async fn session_in(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    occasion: &Occasion,
    handle: &Handle,
) -> Result<Sitting, Error> {
    let unknown = || Error::invalid("/session_id", "unknown_session", "Name a session of the same event by its id.");
    let id = reference(Some(handle)).ok_or_else(unknown)?;
    let row = session::Entity::find_by_id(id)
        .filter(session::Column::EventId.eq(occasion.event.0))
        .filter(session::Column::DeletedAt.is_null())
        .filter(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .one(connection)
        .await?
        .ok_or_else(unknown)?;
    Ok(Sitting { id, ends_on: row.ends_local.map(|at| date_from_chrono(at.date())) })
}
