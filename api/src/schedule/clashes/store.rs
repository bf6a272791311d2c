//! Queries of what an event says about clashes. The use cases have asked whether the caller plans the event.

mod entitled;
mod people;

use ::entity::schedule::{
    clash_setting,
    clash_waiver::{ActiveModel, Column, Entity, Model},
};
use domain::{
    identifier::EventId,
    schedule::clashes::{Fingerprint, NewWaiver, Settings, Waiver},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    db::{self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, from_json, page_of, to_chrono, to_json},
    error::Error,
};

pub use entitled::entitled_of_event;
pub use people::{organisations_of_delegations, people_of_event};

/// How the rules are meant at an event, with the version: 0 and what is usual while nothing was said.
pub async fn settings_find(connection: &impl ConnectionTrait, event: EventId) -> Result<(Settings, i32), Error> {
    match clash_setting::Entity::find_by_id(event.0).one(connection).await? {
        Some(row) => Ok((from_json(row.settings)?, row.version)),
        None => Ok((Settings::default(), 0)),
    }
}

/// Writes them under the version after `version`; the event is held.
pub async fn settings_write(tx: &Tx, event: EventId, version: i32, settings: &Settings) -> Result<(), Error> {
    use clash_setting::Column as Of;
    let row = clash_setting::ActiveModel {
        event_id: Set(event.0),
        version: Set(version + 1),
        changed_at: Set(to_chrono(tx.now())),
        settings: Set(to_json(settings)?),
    };
    let replace = OnConflict::column(Of::EventId).update_columns([Of::Version, Of::ChangedAt, Of::Settings]).to_owned();
    clash_setting::Entity::insert(row).on_conflict(replace).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// One page of the waivers of an event, the first first.
pub async fn waiver_list(
    connection: &impl ConnectionTrait,
    event: EventId,
    paging: &Paging,
) -> Result<Page<Visible<Waiver>>, Error> {
    let select = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::DeletedAt.is_null());
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    page.try_map(|row| Ok(read(row)))
}

/// All waivers of an event.
pub async fn waivers_of_event(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<Waiver>, Error> {
    let select = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::DeletedAt.is_null());
    let rows = select.order_by_asc(Column::Id).all(connection).await?;
    Ok(rows.into_iter().map(|row| read(row).content).collect())
}

/// A waiver and its event; whoever asks asks for the event next.
pub async fn waiver_find(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<(EventId, Visible<Waiver>, bool), Error> {
    let row = Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound)?;
    let (event, gone) = (EventId(row.event_id), row.deleted_at.is_some());
    Ok((event, read(row), gone))
}

/// Adds a waiver.
pub async fn waiver_insert(tx: &Tx, event: EventId, input: NewWaiver) -> Result<Visible<Waiver>, Error> {
    let id = tx.new_id()?;
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(at),
        changed_at: Set(at),
        deleted_at: Set(None),
        event_id: Set(event.0),
        fingerprint: Set(input.fingerprint.0.clone()),
        reason: Set(input.reason.clone()),
        until_at: Set(input.until.map(|until| to_chrono(until.0))),
        author: Set(tx.author()),
        author_id: Set(tx.author_id()),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    let content = Waiver {
        fingerprint: input.fingerprint,
        reason: input.reason,
        by: tx.author(),
        at: tx.now(),
        until: input.until.map(|until| until.0),
    };
    Ok(Visible { id, version: 1, created_at: tx.now(), changed_at: tx.now(), content })
}

/// Withdraws a waiver; gives its version.
pub async fn waiver_delete(tx: &Tx, current: &Visible<Waiver>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(current.version + 1)
}

fn read(row: Model) -> Visible<Waiver> {
    let content = Waiver {
        fingerprint: Fingerprint(row.fingerprint),
        reason: row.reason,
        by: row.author,
        at: from_chrono(row.created_at),
        until: from_chrono_opt(row.until_at),
    };
    let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
    Visible { id: row.id, version: row.version, created_at, changed_at, content }
}
