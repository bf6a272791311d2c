//! Queries of agendas. The predicate of who may see which item stands here and nowhere else: whoever sees the session
//! sees what is common, those who run the event the rest.

use std::collections::{HashMap, HashSet};

use ::entity::schedule::{
    agenda, agenda_edition,
    agenda_item::{ActiveModel, Column, Entity, Model},
    session,
};
use domain::{
    access::Actor,
    identifier::{AgendaEditionId, AgendaItemId, EventId, Handle, SessionId},
    schedule::agenda::{
        Branch, Details, Edition, EditionHead, EditionItem, EditionKind, Item, ItemState, Kind, Leg, NewEdition,
        Numbering, Style, Visibility, walk,
    },
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, IntoCondition, OnConflict, Query},
};
use uuid::Uuid;

use super::Place;
use crate::{
    access::store::{in_event_visible, inside_event_visible},
    db::{
        self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, from_json, page_by_number, reference, to_chrono,
        to_chrono_opt, to_json,
    },
    error::Error,
    events::sittings,
};

/// What is said of an agenda as a whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// How it is numbered.
    pub(super) numbering: Numbering,
    /// When it was first adopted.
    pub(super) adopted_at: Option<Timestamp>,
    /// Rises with every write; 0 before the first.
    pub(super) version: i32,
}

/// What is said of the agenda of a session.
pub(super) async fn agenda_find(connection: &impl ConnectionTrait, session: SessionId) -> Result<Kept, Error> {
    let row = agenda::Entity::find_by_id(session.0).one(connection).await?;
    row.map(kept).transpose().map(Option::unwrap_or_default)
}

/// The same, held until the transaction ends: nobody else writes the agenda or its items meanwhile.
pub(super) async fn agenda_hold(tx: &Tx, place: &Place) -> Result<Kept, Error> {
    let row = agenda::ActiveModel {
        session_id: Set(place.session.id),
        event_id: Set(place.event.id),
        version: Set(0),
        changed_at: Set(to_chrono(tx.now())),
        style: Set(Style::default().as_str().to_owned()),
        prefix: Set(None),
        adopted_at: Set(None),
    };
    let there = OnConflict::column(agenda::Column::SessionId).do_nothing().to_owned();
    agenda::Entity::insert(row).on_conflict(there).exec_without_returning(tx.connection()).await?;
    let held = agenda::Entity::find_by_id(place.session.id).lock_exclusive().one(tx.connection()).await?;
    kept(held.ok_or(Error::Gone)?)
}

/// Writes it; the agenda is held.
pub(super) async fn agenda_write(tx: &Tx, session: SessionId, agenda: &Kept) -> Result<(), Error> {
    let row = agenda::ActiveModel {
        version: Set(agenda.version),
        changed_at: Set(to_chrono(tx.now())),
        style: Set(agenda.numbering.style.as_str().to_owned()),
        prefix: Set(agenda.numbering.prefix.clone()),
        adopted_at: Set(to_chrono_opt(agenda.adopted_at)),
        ..Default::default()
    };
    let own = agenda::Column::SessionId.eq(session.0);
    agenda::Entity::update_many().set(row).filter(own).exec(tx.connection()).await?;
    Ok(())
}

fn kept(row: agenda::Model) -> Result<Kept, Error> {
    let numbering = Numbering { style: db::word(&row.style, Style::parse)?, prefix: row.prefix };
    Ok(Kept { numbering, adopted_at: from_chrono_opt(row.adopted_at), version: row.version })
}

/// The items of a session that the actor may see, in no order.
pub(super) async fn items_seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    session: SessionId,
) -> Result<Vec<Visible<Item>>, Error> {
    let select = Entity::find()
        .filter(Column::SessionId.eq(session.0))
        .filter(Column::DeletedAt.is_null())
        .filter(item_visible(actor));
    select.all(connection).await?.into_iter().map(read).collect()
}

/// The only finder of one item.
pub(super) async fn item_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Item>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(item_visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    read(row)
}

/// Of these items, deleted ones too, those that the actor may see now.
pub(super) async fn items_still_seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    session: SessionId,
) -> Result<HashSet<AgendaItemId>, Error> {
    let select = Entity::find().select_only().column(Column::Id);
    let select = select.filter(Column::SessionId.eq(session.0)).filter(item_visible(actor));
    let ids: Vec<Uuid> = select.into_tuple().all(connection).await?;
    Ok(ids.into_iter().map(AgendaItemId).collect())
}

/// The items of a session whoever asks, as far as time depends on them, in their order: for what is projected from
/// them, never for an answer by themselves.
pub(super) async fn legs_of_session(connection: &impl ConnectionTrait, session: SessionId) -> Result<Vec<Leg>, Error> {
    let items = items_of_session(connection, session).await?;
    Ok(ordered(items).into_iter().filter_map(|item| item.content.leg(AgendaItemId(item.id))).collect())
}

/// All items of a session: for those who run its event.
pub(super) async fn items_of_session(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<Vec<Visible<Item>>, Error> {
    let select = Entity::find().filter(Column::SessionId.eq(session.0)).filter(Column::DeletedAt.is_null());
    select.all(connection).await?.into_iter().map(read).collect()
}

/// The numbers that deleted items of a session had, which nothing else is given.
pub(super) async fn numbers_of_deleted(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<Vec<String>, Error> {
    let select = Entity::find().select_only().column(Column::Number);
    let gone = Column::DeletedAt.is_not_null().and(Column::Number.is_not_null());
    Ok(select.filter(Column::SessionId.eq(session.0)).filter(gone).into_tuple().all(connection).await?)
}

/// The agendas of an event's sessions in their order, whoever asks: for the rules about clashes.
pub(crate) async fn agendas_of_event(
    connection: &impl ConnectionTrait,
    event: EventId,
) -> Result<HashMap<SessionId, Vec<Item>>, Error> {
    let select = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::DeletedAt.is_null());
    let items: Vec<Visible<Item>> = select.all(connection).await?.into_iter().map(read).collect::<Result<_, _>>()?;
    let mut sessions: HashMap<SessionId, Vec<Visible<Item>>> = HashMap::new();
    for item in items {
        sessions.entry(item.content.session_id).or_default().push(item);
    }
    let contents = |items| ordered(items).into_iter().map(|item| item.content).collect();
    Ok(sessions.into_iter().map(|(session, items)| (session, contents(items))).collect())
}

/// Where items hang.
pub(super) fn branches<'a>(items: impl IntoIterator<Item = &'a Visible<Item>>) -> Vec<Branch> {
    let parent = |item: &Item| reference(item.details.parent_id.as_ref()).map(AgendaItemId);
    let branch = |item: &Visible<Item>| Branch {
        id: AgendaItemId(item.id),
        parent: parent(&item.content),
        rank: item.content.rank,
    };
    items.into_iter().map(branch).collect()
}

fn ordered(items: Vec<Visible<Item>>) -> Vec<Visible<Item>> {
    let way = walk(&branches(&items));
    let mut by_id: HashMap<_, _> = items.into_iter().map(|item| (AgendaItemId(item.id), item)).collect();
    way.iter().filter_map(|stop| by_id.remove(&stop.id)).collect()
}

/// Makes room among the items below `parent` from `rank` on. What stands where is no part of an item's version.
pub(super) async fn siblings_shift(tx: &Tx, session: SessionId, parent: Option<Uuid>, rank: i32) -> Result<(), Error> {
    let same = match parent {
        Some(parent) => Column::ParentId.eq(parent),
        None => Column::ParentId.is_null(),
    };
    Entity::update_many()
        .col_expr(Column::Rank, Expr::col(Column::Rank).add(1))
        .filter(Column::SessionId.eq(session.0))
        .filter(same)
        .filter(Column::Rank.gte(rank))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Adds a row.
pub(super) async fn item_insert(tx: &Tx, place: &Place, item: &Item) -> Result<Visible<Item>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        session_id: Set(place.session.id),
        event_id: Set(place.event.id),
        ..columns(tx, item)?
    };
    read(Entity::insert(row).exec_with_returning(tx.connection()).await?)
}

/// Replaces the row, if its version is still that of `current`.
pub(super) async fn item_update(tx: &Tx, current: &Visible<Item>, next: &Item) -> Result<Visible<Item>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, next)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await?;
    read(rows.into_iter().next().ok_or(Error::Stale(None))?)
}

/// Gives an item the number that it was counted by until now, for good.
pub(super) async fn number_keep(tx: &Tx, item: AgendaItemId, number: &str) -> Result<(), Error> {
    let row = ActiveModel { number: Set(Some(number.to_owned())), ..Default::default() };
    Entity::update_many().set(row).filter(Column::Id.eq(item.0)).exec(tx.connection()).await?;
    Ok(())
}

/// Turns the row into a tombstone; gives its version.
pub(super) async fn item_delete(tx: &Tx, current: &Visible<Item>) -> Result<i32, Error> {
    let (at, version) = (to_chrono(tx.now()), current.version + 1);
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

/// One page of the editions of a session's agenda, the first first.
pub(super) async fn edition_list(
    connection: &impl ConnectionTrait,
    session: SessionId,
    paging: &Paging,
) -> Result<Page<Visible<EditionHead>>, Error> {
    use agenda_edition::Column as Of;
    let select = agenda_edition::Entity::find().filter(Of::SessionId.eq(session.0));
    let page =
        page_by_number(connection, select, Of::Number, paging, |row: &agenda_edition::Model| (row.number, row.id))
            .await?;
    page.try_map(|row| Ok(edition(row)?.map(|edition| edition.head)))
}

/// An edition with everything that was on it; whoever asks asks for its session next.
pub(super) async fn edition_find(
    connection: &impl ConnectionTrait,
    id: AgendaEditionId,
) -> Result<Visible<Edition>, Error> {
    edition(agenda_edition::Entity::find_by_id(id.0).one(connection).await?.ok_or(Error::NotFound)?)
}

/// Adds an edition; the agenda is held.
pub(super) async fn edition_insert(
    tx: &Tx,
    place: &Place,
    kind: EditionKind,
    (input, items): (NewEdition, Vec<EditionItem>),
) -> Result<Visible<Edition>, Error> {
    use agenda_edition::Column as Of;
    let last: Option<Option<i32>> = agenda_edition::Entity::find()
        .select_only()
        .column_as(Of::Number.max(), "last")
        .filter(Of::SessionId.eq(place.session.id))
        .into_tuple()
        .one(tx.connection())
        .await?;
    let row = agenda_edition::ActiveModel {
        id: Set(tx.new_id()?),
        session_id: Set(place.session.id),
        event_id: Set(place.event.id),
        number: Set(last.flatten().unwrap_or(0) + 1),
        kind: Set(kind.as_str().to_owned()),
        note: Set(input.note),
        items: Set(to_json(&items)?),
        created_at: Set(to_chrono(tx.now())),
    };
    edition(agenda_edition::Entity::insert(row).exec_with_returning(tx.connection()).await?)
}

fn edition(row: agenda_edition::Model) -> Result<Visible<Edition>, Error> {
    let head = EditionHead {
        session_id: SessionId(row.session_id),
        number: row.number,
        kind: db::word(&row.kind, EditionKind::parse)?,
        note: row.note,
    };
    let at = from_chrono(row.created_at);
    let content = Edition { head, items: from_json(row.items)? };
    Ok(Visible { id: row.id, version: 1, created_at: at, changed_at: at, content })
}

fn item_visible(actor: &Actor) -> Condition {
    let sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .cond_where(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .to_owned();
    let nobody = |_| Column::Id.is_null().into_condition();
    let shown = Condition::any().add(Column::Visibility.eq(Visibility::Common.as_str())).add(inside_event_visible(
        actor,
        Column::EventId,
        nobody,
    ));
    Condition::all().add(Column::SessionId.in_subquery(sessions)).add(shown)
}

fn columns(tx: &Tx, item: &Item) -> Result<ActiveModel, Error> {
    let details = &item.details;
    let text = |text: &Option<domain::Text>| text.as_ref().map(to_json).transpose();
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        parent_id: Set(reference(details.parent_id.as_ref())),
        rank: Set(item.rank),
        number: Set(item.number.clone()),
        manual_number: Set(details.manual_number.clone()),
        title: Set(to_json(&details.title)?),
        kind: Set(details.kind.as_str().to_owned()),
        visibility: Set(details.visibility.as_str().to_owned()),
        planned_minutes: Set(details.planned_minutes.into()),
        state: Set(item.state.as_str().to_owned()),
        periods: Set(to_json(&item.periods)?),
        documents: Set(to_json(&details.documents)?),
        lead_person_id: Set(reference(details.lead_person_id.as_ref())),
        lead_organisation_id: Set(reference(details.lead_organisation_id.as_ref())),
        expected_outcome: Set(text(&details.expected_outcome)?),
        outcome: Set(text(&details.outcome)?),
        ..Default::default()
    })
}

fn read(row: Model) -> Result<Visible<Item>, Error> {
    let details = Details {
        title: from_json(row.title)?,
        kind: db::word(&row.kind, Kind::parse)?,
        visibility: db::word(&row.visibility, Visibility::parse)?,
        parent_id: row.parent_id.map(Handle::Id),
        position: None,
        manual_number: row.manual_number,
        planned_minutes: u16::try_from(row.planned_minutes).unwrap_or_default(),
        documents: from_json(row.documents)?,
        lead_person_id: row.lead_person_id.map(Handle::Id),
        lead_organisation_id: row.lead_organisation_id.map(Handle::Id),
        expected_outcome: row.expected_outcome.map(from_json).transpose()?,
        outcome: row.outcome.map(from_json).transpose()?,
    };
    let content = Item {
        details,
        session_id: SessionId(row.session_id),
        number: row.number,
        state: db::word(&row.state, ItemState::parse)?,
        periods: from_json(row.periods)?,
        rank: row.rank,
    };
    let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
    Ok(Visible { id: row.id, version: row.version, created_at, changed_at, content })
}
