//! Queries of events.

use std::collections::{BTreeSet, HashMap, HashSet};

use ::entity::{
    attendance::delegation,
    events::event::{ActiveModel, Column, Entity, Model},
    groups::group,
    schedule::session,
    statements::statement,
};
use domain::{
    Code,
    access::{Actor, Tlp, Visibility},
    events::{Details, Event, Kind, State},
    external::ExternalId,
    identifier::{EventId, Handle},
    time,
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    access::store::event_visible,
    db::{
        self, Page, Paging, Tx, Visible, date_from_chrono, date_to_chrono, external_ids_of, external_ids_replace,
        from_chrono, from_json, page_of, refers_to, to_chrono, to_json,
    },
    error::Error,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words in the code, a title or the name of the city, without regard to case and diacritics.
    pub q: Option<String>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only in this state.
    pub state: Option<State>,
    /// Only of this group.
    pub group: Option<Handle>,
    /// Only what lasts until this day or longer.
    pub from: Option<Date>,
    /// Only what begins on this day or earlier.
    pub to: Option<Date>,
}

/// One page of what the actor may see, by first day.
pub async fn event_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Event>>, Error> {
    let mut select = Entity::find().filter(Column::DeletedAt.is_null()).filter(event_visible(actor));
    if let Some(q) = &filter.q {
        select = select.filter(db::contains(Column::SearchKey, q));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(kind.as_str()));
    }
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state.as_str()));
    }
    if let Some(group) = &filter.group {
        select =
            select.filter(refers_to(Column::GroupId, group, group::Entity, group::Column::Id, group::Column::CodeKey));
    }
    if let Some(from) = filter.from {
        select = select.filter(Column::EndsOn.gte(date_to_chrono(from)));
    }
    if let Some(to) = filter.to {
        select = select.filter(Column::StartsOn.lte(date_to_chrono(to)));
    }
    let page =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Model| (&row.sort_key, row.id))
            .await?;
    let mut external = external_ids_of(connection, super::KIND, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| {
        let ids = external.remove(&row.id).unwrap_or_default();
        event_read(row, ids)
    })
}

/// The instant at which an event begins: what is shown of a past event is as it was then. Where the clocks skip
/// midnight, the day begins when they go on.
pub fn begin_of(first_day: Date, time_zone: &str) -> Result<Timestamp, Error> {
    let zone = time::zone(time_zone, "/time_zone")?;
    Ok(first_day.to_zoned(zone).map_err(Error::internal)?.timestamp())
}

/// The only finder of one event.
pub async fn event_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Event>, Error> {
    let select = match handle {
        Handle::Id(id) => Entity::find_by_id(*id),
        Handle::Code(code) => Entity::find().filter(Column::CodeKey.eq(code)).filter(Column::DeletedAt.is_null()),
    };
    let row = select.filter(event_visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let ids = external_ids_of(connection, super::KIND, [row.id]).await?.remove(&row.id).unwrap_or_default();
    event_read(row, ids)
}

/// The event as it is now, held until the transaction ends: nobody else writes it, its sessions or their numbers.
pub async fn event_lock(tx: &Tx, id: Uuid) -> Result<Visible<Event>, Error> {
    let select = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).lock_exclusive();
    let row = select.one(tx.connection()).await?.ok_or(Error::NotFound)?;
    let ids = external_ids_of(tx.connection(), super::KIND, [id]).await?.remove(&id).unwrap_or_default();
    event_read(row, ids)
}

/// The events of these ids, without their external ids and whoever may see them: for what belongs to them.
pub async fn events_by_id(
    connection: &impl ConnectionTrait,
    ids: HashSet<Uuid>,
) -> Result<HashMap<Uuid, Event>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(connection).await?;
    rows.into_iter().map(|row| Ok((row.id, event_read(row, vec![])?.content))).collect()
}

/// Locks events, deleted ones too, by id: two who want several wait for one another instead of blocking each other.
pub async fn events_lock(tx: &Tx, ids: BTreeSet<Uuid>) -> Result<HashMap<EventId, Event>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let select = Entity::find().filter(Column::Id.is_in(ids)).order_by_asc(Column::Id).lock_exclusive();
    let rows = select.all(tx.connection()).await?;
    rows.into_iter().map(|row| Ok((EventId(row.id), event_read(row, vec![])?.content))).collect()
}

/// Adds a row.
pub async fn event_insert(tx: &Tx, id: Uuid, event: Event, entry: Option<String>) -> Result<Visible<Event>, Error> {
    let input = &event.details;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        ..columns(tx, &event, entry)?
    };
    let row = Entity::insert(row)
        .exec_with_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &input.code))?;
    db::audience_keep(tx, &input.audience_ids).await?;
    external_ids_replace(tx, super::KIND, id, &input.external_ids).await?;
    event_read(row, input.external_ids.clone())
}

/// Replaces the row, if its version is still that of `current`.
pub async fn event_update(
    tx: &Tx,
    current: &Visible<Event>,
    next: &Event,
    entry: Option<String>,
) -> Result<Visible<Event>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, next, entry)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &next.details.code))?;
    let row = rows.into_iter().next().ok_or(Error::Stale(None))?;
    db::audience_keep(tx, &next.details.audience_ids).await?;
    external_ids_replace(tx, super::KIND, current.id, &next.details.external_ids).await?;
    event_read(row, next.details.external_ids.clone())
}

/// Turns the row into a tombstone; gives its version.
pub async fn event_delete(tx: &Tx, current: &Visible<Event>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        vevent: Set(None),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    external_ids_replace(tx, super::KIND, current.id, &[]).await?;
    Ok(current.version + 1)
}

/// Whether anything that is not deleted belongs to the event.
pub async fn event_in_use(tx: &Tx, id: Uuid) -> Result<bool, Error> {
    let sessions = session::Entity::find()
        .filter(session::Column::EventId.eq(id))
        .filter(session::Column::DeletedAt.is_null())
        .count(tx.connection());
    let delegations = delegation::Entity::find()
        .filter(delegation::Column::EventId.eq(id))
        .filter(delegation::Column::DeletedAt.is_null())
        .count(tx.connection());
    let statements = statement::Entity::find()
        .filter(statement::Column::EventId.eq(id))
        .filter(statement::Column::DeletedAt.is_null())
        .count(tx.connection());
    Ok(sessions.await? + delegations.await? + statements.await? > 0)
}

fn columns(tx: &Tx, event: &Event, entry: Option<String>) -> Result<ActiveModel, Error> {
    let details = &event.details;
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        code: Set(details.code.to_string()),
        code_key: Set(details.code.key()),
        kind: Set(details.kind.to_string()),
        title: Set(to_json(&details.title)?),
        description: Set(to_json(&details.description)?),
        group_id: Set(db::reference(details.group_id.as_ref())),
        ordinal: Set(details.ordinal),
        host_id: Set(db::reference(details.host_id.as_ref())),
        city: Set(to_json(&details.city)?),
        country_id: Set(db::reference(details.country_id.as_ref())),
        time_zone: Set(details.time_zone.clone()),
        starts_on: Set(date_to_chrono(details.starts_on)),
        ends_on: Set(date_to_chrono(details.ends_on)),
        languages: Set(to_json(&details.languages)?),
        tracks: Set(to_json(&details.tracks)?),
        state: Set(event.state.to_string()),
        visibility: Set(details.visibility.to_string()),
        audience: Set(to_json(&details.audience_ids)?),
        audience_id: Set(db::audience_of(&details.audience_ids)),
        tlp: Set(details.disclosure().tlp.to_string()),
        sequence: Set(event.sequence),
        vevent: Set(entry),
        search_key: Set(details.search_key()),
        sort_key: Set(details.sort_key()),
        ..Default::default()
    })
}

/// The event of a row.
pub fn event_read(row: Model, external_ids: Vec<ExternalId>) -> Result<Visible<Event>, Error> {
    let details = Details {
        code: Code::try_from(row.code).map_err(Error::internal)?,
        kind: db::word(&row.kind, Kind::parse)?,
        title: from_json(row.title)?,
        description: from_json(row.description)?,
        group_id: row.group_id.map(Handle::Id),
        ordinal: row.ordinal,
        host_id: row.host_id.map(Handle::Id),
        city: from_json(row.city)?,
        country_id: row.country_id.map(Handle::Id),
        time_zone: row.time_zone,
        starts_on: date_from_chrono(row.starts_on),
        ends_on: date_from_chrono(row.ends_on),
        languages: from_json(row.languages)?,
        tracks: from_json(row.tracks)?,
        visibility: db::word(&row.visibility, Visibility::parse)?,
        audience_ids: from_json(row.audience)?,
        tlp: Some(db::word(&row.tlp, Tlp::parse)?),
        external_ids,
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content: Event { details, state: db::word(&row.state, State::parse)?, sequence: row.sequence },
    })
}

fn code_taken(error: sea_orm::DbErr, code: &Code) -> Error {
    Error::on_unique(error, || Error::conflict("code_taken", format!("Another event already has the code '{code}'.")))
}
