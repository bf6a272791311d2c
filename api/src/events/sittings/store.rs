//! Rows of sessions, without the question who may see them.

use std::collections::{HashMap, HashSet};

use ::entity::schedule::session::{ActiveModel, Column, Entity};
use chrono::{DateTime, NaiveDateTime, Utc};
use domain::{
    Code,
    access::{Actor, Tlp, Visibility},
    events::{Event, Room},
    external::ExternalId,
    identifier::{Handle, SessionId},
    schedule::{Details, Kind, Setting, Sitting, Slot, State},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::SimpleExpr,
};
use uuid::Uuid;

use super::{Entries, KIND};
use crate::{
    access::store::{Disclosed, in_event_visible},
    db::{
        self, Tx, Visible, external_ids_of, external_ids_replace, from_chrono, from_json, local_from_chrono,
        local_to_chrono, reference, to_chrono, to_json,
    },
    error::Error,
    events::{rooms::store::rooms_by_id, store::events_by_id},
};

/// Who may see a session.
pub const SHOWN_TO: Disclosed<Column> = Disclosed {
    visibility: Column::ShownTo,
    audience: Column::AudienceId,
    tlp: Column::Tlp,
    session: Some(Column::Id),
};

/// What readers need of a row: all but the rendered entry and the search key, which are most of its bytes.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Row {
    /// Its id.
    pub id: Uuid,
    version: i32,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    event_id: Uuid,
    number: i32,
    kind: String,
    title: serde_json::Value,
    description: serde_json::Value,
    track: Option<String>,
    group_id: Option<Uuid>,
    joint_groups: serde_json::Value,
    sitting_of: Option<Uuid>,
    room_id: Option<Uuid>,
    starts_local: Option<NaiveDateTime>,
    ends_local: Option<NaiveDateTime>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    languages: serde_json::Value,
    requirements: serde_json::Value,
    state: String,
    announced: bool,
    cancel_reason: Option<String>,
    visibility: String,
    audience: serde_json::Value,
    tlp: String,
    sequence: i32,
    /// What lists are ordered by.
    pub sort_key: String,
}

impl Row {
    /// The session of this row.
    pub fn read(self, external_ids: Vec<ExternalId>) -> Result<Visible<Sitting>, Error> {
        let slot = slot_of((self.starts_local, self.ends_local), (self.starts_at, self.ends_at));
        let details = Details {
            event_id: Handle::Id(self.event_id),
            sitting_of: self.sitting_of.map(SessionId),
            kind: db::word(&self.kind, Kind::parse)?,
            title: from_json(self.title)?,
            description: from_json(self.description)?,
            track: self.track.map(Code::try_from).transpose().map_err(Error::internal)?,
            group_id: self.group_id.map(Handle::Id),
            joint_group_ids: from_json(self.joint_groups)?,
            room_id: self.room_id.map(Handle::Id),
            placement: slot.as_ref().map(Slot::placement),
            languages: from_json(self.languages)?,
            requirements: from_json(self.requirements)?,
            visibility: Some(db::word(&self.visibility, Visibility::parse)?),
            audience_ids: from_json(self.audience)?,
            tlp: Some(db::word(&self.tlp, Tlp::parse)?),
            external_ids,
        };
        let content = Sitting {
            details,
            number: self.number,
            state: db::word(&self.state, State::parse)?,
            announced: self.announced,
            cancel_reason: self.cancel_reason,
            sequence: self.sequence,
            slot,
        };
        Ok(Visible {
            id: self.id,
            version: self.version,
            created_at: from_chrono(self.created_at),
            changed_at: from_chrono(self.changed_at),
            content,
        })
    }
}

/// The slot in the columns of its times on the wall and of its instants; all are there or none.
pub fn slot_of(
    local: (Option<NaiveDateTime>, Option<NaiveDateTime>),
    at: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
) -> Option<Slot> {
    Some(Slot {
        starts_local: local_from_chrono(local.0?),
        ends_local: local_from_chrono(local.1?),
        starts_at: from_chrono(at.0?),
        ends_at: from_chrono(at.1?),
    })
}

/// The events and rooms of some sessions, read in two queries.
#[derive(Debug)]
pub struct Settings {
    events: HashMap<Uuid, Event>,
    rooms: HashMap<Uuid, Room>,
}

impl Settings {
    /// Those of `sittings`.
    pub async fn load<'a>(
        connection: &impl ConnectionTrait,
        sittings: impl IntoIterator<Item = &'a Sitting>,
    ) -> Result<Self, Error> {
        Self::load_beside(connection, sittings, &[]).await
    }

    /// Those of `sittings`, of which some `events` were read before.
    pub async fn load_beside<'a>(
        connection: &impl ConnectionTrait,
        sittings: impl IntoIterator<Item = &'a Sitting>,
        events: &[Visible<Event>],
    ) -> Result<Self, Error> {
        let mut known: HashMap<Uuid, Event> = events.iter().map(|event| (event.id, event.content.clone())).collect();
        let (mut events, mut rooms) = (HashSet::new(), HashSet::new());
        for sitting in sittings {
            events.extend(reference(Some(&sitting.details.event_id)));
            rooms.extend(reference(sitting.details.room_id.as_ref()));
        }
        events.retain(|event| !known.contains_key(event));
        known.extend(events_by_id(connection, events).await?);
        Ok(Self { events: known, rooms: rooms_by_id(connection, rooms).await? })
    }

    /// The setting of one of them.
    pub fn of(&self, sitting: &Sitting) -> Result<Setting<'_>, Error> {
        let event = self.events.get(&super::event_of(sitting)?);
        let event = event.ok_or_else(|| Error::internal("a session whose event was not read"))?;
        Ok(Setting { event, room: self.room(sitting) })
    }

    /// The room of one of them.
    pub fn room(&self, sitting: &Sitting) -> Option<&Room> {
        self.rooms.get(&reference(sitting.details.room_id.as_ref())?)
    }
}

/// The sessions of an event, held until the transaction ends.
pub(super) async fn sittings_of_event(tx: &Tx, event: Uuid) -> Result<Vec<Visible<Sitting>>, Error> {
    sittings_lock(tx, Column::EventId.eq(event)).await
}

/// The sessions of an event as they are.
pub async fn sittings_read(connection: &impl ConnectionTrait, event: Uuid) -> Result<Vec<Visible<Sitting>>, Error> {
    let select = Entity::find().filter(Column::EventId.eq(event)).filter(Column::DeletedAt.is_null());
    let rows = select.order_by_asc(Column::Id).into_partial_model::<Row>().all(connection).await?;
    rows.into_iter().map(|row| row.read(vec![])).collect()
}

/// These sessions with all their sittings, whoever asks; by start.
pub async fn sittings_of_sessions(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = SessionId>,
) -> Result<Vec<Visible<Sitting>>, Error> {
    let ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
    let which = Condition::any().add(Column::Id.is_in(ids.clone())).add(Column::SittingOf.is_in(ids));
    let select = Entity::find().filter(which).filter(Column::DeletedAt.is_null());
    let select = select.order_by_asc(Column::SortKey).order_by_asc(Column::Id);
    let rows = select.into_partial_model::<Row>().all(connection).await?;
    rows.into_iter().map(|row| row.read(vec![])).collect()
}

/// The sessions of an event that the actor may see.
pub async fn sessions_seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: Uuid,
) -> Result<HashSet<Uuid>, Error> {
    let select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::EventId.eq(event))
        .filter(Column::DeletedAt.is_null())
        .filter(in_event_visible(actor, Column::EventId, SHOWN_TO));
    let ids: Vec<Uuid> = select.into_tuple().all(connection).await?;
    Ok(ids.into_iter().collect())
}

/// The sessions in a room, held until the transaction ends.
pub(super) async fn sittings_of_room(tx: &Tx, room: Uuid) -> Result<Vec<Visible<Sitting>>, Error> {
    sittings_lock(tx, Column::RoomId.eq(room)).await
}

/// The further sittings of the session that `leading` leads, held until the transaction ends.
pub async fn sittings_further(tx: &Tx, leading: SessionId) -> Result<Vec<Visible<Sitting>>, Error> {
    sittings_lock(tx, Column::SittingOf.eq(leading.0)).await
}

/// How many further sittings there are of the session that `leading` leads.
pub async fn sittings_count(tx: &Tx, leading: SessionId) -> Result<u64, Error> {
    let further = Entity::find().filter(Column::SittingOf.eq(leading.0)).filter(Column::DeletedAt.is_null());
    Ok(further.count(tx.connection()).await?)
}

/// Those of `sessions` that lead further sittings.
pub async fn sittings_leading(
    tx: &Tx,
    sessions: impl IntoIterator<Item = SessionId>,
) -> Result<HashSet<SessionId>, Error> {
    let select = Entity::find()
        .select_only()
        .column(Column::SittingOf)
        .filter(Column::SittingOf.is_in(sessions.into_iter().map(|session| session.0)))
        .filter(Column::DeletedAt.is_null());
    let leading: Vec<Uuid> = select.distinct().into_tuple().all(tx.connection()).await?;
    Ok(leading.into_iter().map(SessionId).collect())
}

/// By id, so that two transactions that meet wait for one another instead of blocking each other for good.
async fn sittings_lock(tx: &Tx, which: SimpleExpr) -> Result<Vec<Visible<Sitting>>, Error> {
    let select = Entity::find().filter(which).filter(Column::DeletedAt.is_null()).order_by_asc(Column::Id);
    let rows = select.lock_exclusive().into_partial_model::<Row>().all(tx.connection()).await?;
    let mut external = external_ids_of(tx.connection(), KIND, rows.iter().map(|row| row.id)).await?;
    rows.into_iter()
        .map(|row| {
            let ids = external.remove(&row.id).unwrap_or_default();
            row.read(ids)
        })
        .collect()
}

/// Adds a row.
pub(super) async fn sitting_insert(
    tx: &Tx,
    id: Uuid,
    sitting: Sitting,
    entries: Entries,
) -> Result<Visible<Sitting>, Error> {
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        event_id: Set(super::event_of(&sitting)?),
        number: Set(sitting.number),
        ..columns(tx, &sitting, entries)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    db::audience_keep(tx, &sitting.details.audience_ids).await?;
    db::audience_keep(tx, &sitting.details.joint_group_ids).await?;
    external_ids_replace(tx, KIND, id, &sitting.details.external_ids).await?;
    Ok(Visible { id, version: 1, created_at: tx.now(), changed_at: tx.now(), content: sitting })
}

/// Replaces the row, if its version is still that of `current`.
pub(super) async fn sitting_update(
    tx: &Tx,
    current: &Visible<Sitting>,
    next: Sitting,
    entries: Entries,
) -> Result<Visible<Sitting>, Error> {
    let version = current.version + 1;
    let done = Entity::update_many()
        .set(ActiveModel { version: Set(version), ..columns(tx, &next, entries)? })
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec(tx.connection())
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    db::audience_keep(tx, &next.details.audience_ids).await?;
    db::audience_keep(tx, &next.details.joint_group_ids).await?;
    if next.details.external_ids != current.content.details.external_ids {
        external_ids_replace(tx, KIND, current.id, &next.details.external_ids).await?;
    }
    let (id, created_at) = (current.id, current.created_at);
    Ok(Visible { id, version, created_at, changed_at: tx.now(), content: next })
}

/// Turns the row into a tombstone; gives its version.
pub async fn sitting_delete(tx: &Tx, current: &Visible<Sitting>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        vevent: Set(None),
        restricted_vevent: Set(None),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    external_ids_replace(tx, KIND, current.id, &[]).await?;
    Ok(current.version + 1)
}

/// Turns a tombstone into the session it was.
pub(super) async fn sitting_restore(
    tx: &Tx,
    gone: Visible<Sitting>,
    entries: Entries,
) -> Result<Visible<Sitting>, Error> {
    let version = gone.version + 1;
    let done = Entity::update_many()
        .set(ActiveModel { version: Set(version), deleted_at: Set(None), ..columns(tx, &gone.content, entries)? })
        .filter(Column::Id.eq(gone.id))
        .filter(Column::Version.eq(gone.version))
        .exec(tx.connection())
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    external_ids_replace(tx, KIND, gone.id, &gone.content.details.external_ids).await?;
    Ok(Visible { version, changed_at: tx.now(), ..gone })
}

fn columns(tx: &Tx, sitting: &Sitting, entries: Entries) -> Result<ActiveModel, Error> {
    let details = &sitting.details;
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        kind: Set(details.kind.to_string()),
        title: Set(to_json(&details.title)?),
        description: Set(to_json(&details.description)?),
        track: Set(details.track.as_ref().map(Code::to_string)),
        group_id: Set(reference(details.group_id.as_ref())),
        joint_groups: Set(to_json(&details.joint_group_ids)?),
        joint_groups_id: Set(db::audience_of(&details.joint_group_ids)),
        sitting_of: Set(details.sitting_of.map(|leading| leading.0)),
        room_id: Set(reference(details.room_id.as_ref())),
        starts_local: Set(sitting.slot.map(|slot| local_to_chrono(slot.starts_local))),
        ends_local: Set(sitting.slot.map(|slot| local_to_chrono(slot.ends_local))),
        starts_at: Set(sitting.slot.map(|slot| to_chrono(slot.starts_at))),
        ends_at: Set(sitting.slot.map(|slot| to_chrono(slot.ends_at))),
        languages: Set(to_json(&details.languages)?),
        requirements: Set(to_json(&details.requirements)?),
        state: Set(sitting.state.to_string()),
        announced: Set(sitting.announced),
        cancel_reason: Set(sitting.cancel_reason.clone()),
        visibility: Set(details.disclosure().visibility.to_string()),
        shown_to: Set(sitting.disclosure().visibility.to_string()),
        audience: Set(to_json(&details.audience_ids)?),
        audience_id: Set(db::audience_of(&details.audience_ids)),
        tlp: Set(details.disclosure().tlp.to_string()),
        sequence: Set(sitting.sequence),
        vevent: Set(entries.full),
        restricted_vevent: Set(entries.restricted),
        search_key: Set(details.search_key()),
        sort_key: Set(sitting.sort_key()),
        ..Default::default()
    })
}
