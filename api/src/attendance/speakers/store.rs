//! Queries of speakers' lists. Who may see them is decided where their item is found.

use ::entity::attendance::{
    delegation,
    speaker::{ActiveModel, Column, Entity, Model},
    speakers_list,
};
use domain::{
    attendance::speakers::{Kind, Level, Settings, Speaker, SpeakerState},
    identifier::{AgendaItemId, DelegationId, EventId, GroupId, Handle, OrganisationId, SpeakerId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::Draw;
use crate::{
    db::{self, Tx, Visible, from_chrono, from_json, reference, to_chrono, to_json},
    error::Error,
};

/// What is kept of a list as a whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// What is said of it.
    pub(super) settings: Settings,
    /// How many seconds more everybody has.
    pub(super) extra_seconds: i32,
    /// How lots were drawn.
    pub(super) draw: Option<Draw>,
    /// Rises with every write; 0 before the first.
    pub(super) version: i32,
}

/// The list of an item.
pub(super) async fn list_find(connection: &impl ConnectionTrait, item: AgendaItemId) -> Result<Kept, Error> {
    let row = speakers_list::Entity::find_by_id(item.0).one(connection).await?;
    row.map(kept).transpose().map(Option::unwrap_or_default)
}

/// The same, held until the transaction ends: nobody else writes it or its entries meanwhile.
pub(super) async fn list_hold(tx: &Tx, item: AgendaItemId, event: EventId) -> Result<Kept, Error> {
    let row = speakers_list::ActiveModel {
        agenda_item_id: Set(item.0),
        event_id: Set(event.0),
        version: Set(0),
        changed_at: Set(to_chrono(tx.now())),
        settings: Set(to_json(&Settings::default())?),
        extra_seconds: Set(0),
        draw_seed: Set(None),
        drawn_at: Set(None),
    };
    let there = OnConflict::column(speakers_list::Column::AgendaItemId).do_nothing().to_owned();
    speakers_list::Entity::insert(row).on_conflict(there).exec_without_returning(tx.connection()).await?;
    let held = speakers_list::Entity::find_by_id(item.0).lock_exclusive().one(tx.connection()).await?;
    kept(held.ok_or(Error::Gone)?)
}

/// Writes it; the list is held.
pub(super) async fn list_write(tx: &Tx, item: AgendaItemId, list: &Kept) -> Result<(), Error> {
    let row = speakers_list::ActiveModel {
        version: Set(list.version),
        changed_at: Set(to_chrono(tx.now())),
        settings: Set(to_json(&list.settings)?),
        extra_seconds: Set(list.extra_seconds),
        draw_seed: Set(list.draw.as_ref().map(|draw| draw.seed.clone())),
        drawn_at: Set(list.draw.as_ref().map(|draw| to_chrono(draw.at))),
        ..Default::default()
    };
    let own = speakers_list::Column::AgendaItemId.eq(item.0);
    speakers_list::Entity::update_many().set(row).filter(own).exec(tx.connection()).await?;
    Ok(())
}

fn kept(row: speakers_list::Model) -> Result<Kept, Error> {
    let draw = row.draw_seed.zip(row.drawn_at).map(|(seed, at)| Draw { seed, at: from_chrono(at) });
    Ok(Kept { settings: from_json(row.settings)?, extra_seconds: row.extra_seconds, draw, version: row.version })
}

/// The entries of an item's list, by age.
pub(super) async fn speakers_of(
    connection: &impl ConnectionTrait,
    item: AgendaItemId,
) -> Result<Vec<Visible<Speaker>>, Error> {
    let select = Entity::find().filter(Column::AgendaItemId.eq(item.0)).filter(Column::DeletedAt.is_null());
    select.order_by_asc(Column::Id).all(connection).await?.into_iter().map(read).collect()
}

/// One entry; whoever asks asks for its item next.
pub(super) async fn speaker_find(connection: &impl ConnectionTrait, id: SpeakerId) -> Result<Visible<Speaker>, Error> {
    read(Entity::find_by_id(id.0).one(connection).await?.ok_or(Error::NotFound)?)
}

/// The organisation whose delegation an entry is.
pub(super) async fn organisation_of(
    connection: &impl ConnectionTrait,
    speaker: &Speaker,
) -> Result<OrganisationId, Error> {
    let select = delegation::Entity::find_by_id(speaker.delegation_id.0).select_only();
    let found: Option<Uuid> = select.column(delegation::Column::OrganisationId).into_tuple().one(connection).await?;
    found.map(OrganisationId).ok_or(Error::NotFound)
}

/// Adds a row.
pub(super) async fn speaker_insert(tx: &Tx, event: EventId, speaker: &Speaker) -> Result<Visible<Speaker>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        agenda_item_id: Set(speaker.agenda_item_id.0),
        event_id: Set(event.0),
        delegation_id: Set(speaker.delegation_id.0),
        ..columns(tx, speaker)?
    };
    read(Entity::insert(row).exec_with_returning(tx.connection()).await?)
}

/// Replaces the row, if its version is still that of `current`.
pub(super) async fn speaker_update(
    tx: &Tx,
    current: &Visible<Speaker>,
    next: &Speaker,
) -> Result<Visible<Speaker>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, next)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await?;
    read(rows.into_iter().next().ok_or(Error::Stale(None))?)
}

/// Lets an entry make room for another; where it stands is no part of its version.
pub(super) async fn speaker_rank(tx: &Tx, id: SpeakerId, rank: i32) -> Result<(), Error> {
    let row = ActiveModel { rank: Set(rank), ..Default::default() };
    Entity::update_many().set(row).filter(Column::Id.eq(id.0)).exec(tx.connection()).await?;
    Ok(())
}

fn columns(tx: &Tx, speaker: &Speaker) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        delegate_id: Set(reference(speaker.delegate_id.as_ref())),
        kind: Set(speaker.kind.as_str().to_owned()),
        level: Set(speaker.level.as_str().to_owned()),
        group_id: Set(speaker.group_id.map(Into::into)),
        on_behalf_of: Set(speaker.on_behalf_of.clone()),
        state: Set(speaker.state.as_str().to_owned()),
        rank: Set(speaker.rank),
        lot: Set(speaker.lot),
        periods: Set(to_json(&speaker.periods)?),
        interrupted_by: Set(speaker.interrupted_by.map(Into::into)),
        ..Default::default()
    })
}

fn read(row: Model) -> Result<Visible<Speaker>, Error> {
    let content = Speaker {
        agenda_item_id: AgendaItemId(row.agenda_item_id),
        delegation_id: DelegationId(row.delegation_id),
        delegate_id: row.delegate_id.map(Handle::Id),
        kind: db::word(&row.kind, Kind::parse)?,
        level: db::word(&row.level, Level::parse)?,
        group_id: row.group_id.map(GroupId),
        on_behalf_of: row.on_behalf_of,
        state: db::word(&row.state, SpeakerState::parse)?,
        lot: row.lot,
        periods: from_json(row.periods)?,
        interrupted_by: row.interrupted_by.map(SpeakerId),
        rank: row.rank,
    };
    let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
    Ok(Visible { id: row.id, version: row.version, created_at, changed_at, content })
}
