//! Queries of bookings. The predicate of who may see which stands here and nowhere else.

use ::entity::{
    events::{event, room},
    schedule::{
        room_booking::{ActiveModel, Column, Entity, Model},
        session,
    },
};
use domain::{
    access::{Actor, Target},
    identifier::{GroupId, Handle, RoomId},
    schedule::{BookingKind, BookingState, RoomBooking},
    time::Bound,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{IntoCondition, Query},
};

use crate::{
    access::store::{fence, in_event_visible, inside_event_visible},
    db::{self, Page, Paging, Tx, Visible, local_to_chrono, page_of, refers_to, to_chrono},
    error::Error,
    events::{
        claims::{booking_columns, booking_read},
        sittings,
    },
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this kind.
    pub kind: Option<BookingKind>,
    /// Only in this state.
    pub state: Option<BookingState>,
    /// Only for this event.
    pub event: Option<Handle>,
    /// Only what is not over yet.
    pub from: Option<Bound>,
    /// Only what begins before.
    pub to: Option<Bound>,
}

/// One page of the bookings of a room that the actor may see, by start.
pub async fn booking_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    room: RoomId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<RoomBooking>>, Error> {
    let select = Entity::find()
        .filter(Column::RoomId.eq(room.0))
        .filter(Column::DeletedAt.is_null())
        .filter(booking_visible(actor))
        .filter(narrowed(filter));
    let page =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Model| (&row.sort_key, row.id))
            .await?;
    page.try_map(booking_read)
}

fn narrowed(filter: &Filter) -> Condition {
    let mut all = Condition::all();
    if let Some(kind) = filter.kind {
        all = all.add(Column::Kind.eq(kind.as_str()));
    }
    if let Some(state) = filter.state {
        all = all.add(Column::State.eq(state.as_str()));
    }
    if let Some(event) = &filter.event {
        all = all.add(refers_to(Column::EventId, event, event::Entity, event::Column::Id, event::Column::CodeKey));
    }
    match filter.from {
        Some(Bound::Local(local)) => all = all.add(Column::EndsLocal.gt(local_to_chrono(local))),
        Some(Bound::Instant(at)) => all = all.add(Column::EndsAt.gt(to_chrono(at))),
        None => {}
    }
    match filter.to {
        Some(Bound::Local(local)) => all.add(Column::StartsLocal.lt(local_to_chrono(local))),
        Some(Bound::Instant(at)) => all.add(Column::StartsAt.lt(to_chrono(at))),
        None => all,
    }
}

/// Every booking, whoever asks: for what is derived from its time on the wall, never for an answer.
pub async fn bookings_all(connection: &impl ConnectionTrait) -> Result<Vec<Visible<RoomBooking>>, Error> {
    let select = Entity::find().filter(Column::DeletedAt.is_null()).order_by_asc(Column::Id);
    select.all(connection).await?.into_iter().map(booking_read).collect()
}

/// The only finder of one booking.
pub async fn booking_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<RoomBooking>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(booking_visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    booking_read(row)
}

/// Adds a row.
pub async fn booking_insert(tx: &Tx, booking: &RoomBooking) -> Result<Visible<RoomBooking>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        ..booking_columns(tx, booking)
    };
    booking_read(Entity::insert(row).exec_with_returning(tx.connection()).await?)
}

/// Replaces the row, if its version is still that of `current`.
pub async fn booking_update(
    tx: &Tx,
    current: &Visible<RoomBooking>,
    next: &RoomBooking,
) -> Result<Visible<RoomBooking>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..booking_columns(tx, next) };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await?;
    booking_read(rows.into_iter().next().ok_or(Error::Stale(None))?)
}

/// Turns the row into a tombstone; gives its version.
pub async fn booking_delete(tx: &Tx, current: &Visible<RoomBooking>) -> Result<i32, Error> {
    let (at, version) = (to_chrono(tx.now()), current.version + 1);
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

/// Staff without limits see all bookings; those who run an event those for it; those who answer for a room those of the
/// room. What is for a session is seen by nobody who does not see the session, and nothing crosses the fence of a sealed
/// group.
fn booking_visible(actor: &Actor) -> Condition {
    let nobody = |_| Column::Id.is_null().into_condition();
    let of_event = inside_event_visible(actor, Column::EventId, nobody);
    let of_none = actor.oversees(Target::default()).then(|| Column::EventId.is_null());
    let answered = groups_answering(actor).into_iter().map(|group| group.0);
    let owned = Query::select()
        .column(room::Column::Id)
        .from(room::Entity)
        .and_where(room::Column::OwnerGroupId.is_in(answered))
        .to_owned();
    let seen = Condition::any().add(of_event).add_option(of_none).add(Column::RoomId.in_subquery(owned));
    let sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .cond_where(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .to_owned();
    let shown = Condition::any().add(Column::SessionId.is_null()).add(Column::SessionId.in_subquery(sessions));
    Condition::all().add(seen).add(shown).add(fence::event_unsealed(actor, Column::EventId))
}

/// The groups for whose rooms the actor answers: those it chairs, and those its limits, all of them, name.
fn groups_answering(actor: &Actor) -> Vec<GroupId> {
    let limited = actor.limits.first().filter(|_| actor.sees_everything());
    let named = limited.into_iter().flat_map(|limit| &limit.groups);
    let within = named.filter(|group| actor.limits.iter().all(|limit| limit.groups.contains(group)));
    within.chain(&actor.offices.chairs).copied().collect()
}
