//! What has a room, whoever asks, and rows of bookings.

use std::collections::{BTreeSet, HashMap};

use ::entity::{
    events::{event, room},
    schedule::{
        room_booking::{self, ActiveModel, Model},
        session,
    },
};
use chrono::{DateTime, Utc};
use domain::{
    Text,
    access::Actor,
    events::{Room, State as EventState},
    identifier::{EventId, Handle, RoomId, SessionId},
    moment::Moment,
    schedule::{BookingDetails, BookingKind, BookingState, Claim, Holder, RoomBooking, Slot, State},
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use crate::{
    access::store::in_event_visible,
    db::{
        self, Tx, Visible, from_chrono, from_chrono_opt, from_json, local_from_chrono, local_to_chrono, reference,
        to_chrono, to_chrono_opt,
    },
    error::Error,
    events::{rooms::store::room_read, sittings::SHOWN_TO},
};

/// Locks rooms, deleted ones too, by id: two who want several wait for one another instead of blocking each other.
pub(super) async fn rooms_lock(tx: &Tx, ids: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Room>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let select = room::Entity::find().filter(room::Column::Id.is_in(ids)).order_by_asc(room::Column::Id);
    let rows = select.lock_exclusive().all(tx.connection()).await?;
    rows.into_iter().map(|row| Ok((row.id, room_read(row, vec![])?.content))).collect()
}

/// The rooms of an event's sessions.
pub(super) async fn rooms_of_event(tx: &Tx, event: Uuid) -> Result<Vec<Uuid>, Error> {
    let select = session::Entity::find()
        .select_only()
        .column(session::Column::RoomId)
        .distinct()
        .filter(session::Column::EventId.eq(event))
        .filter(session::Column::DeletedAt.is_null())
        .filter(session::Column::RoomId.is_not_null());
    Ok(select.into_tuple().all(tx.connection()).await?)
}

/// What has one of `rooms` at some instant from `from` until `to`, by start.
pub async fn claims_between(
    connection: &impl ConnectionTrait,
    now: Timestamp,
    rooms: impl IntoIterator<Item = Uuid>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Claim>, Error> {
    let (from, to) = (to_chrono(from), to_chrono(to));
    let rooms: Vec<Uuid> = rooms.into_iter().collect();
    let mut claims = sessions_between(connection, &rooms, from, to).await?;
    // What was promised to an event or session that has been deleted is promised to nobody.
    let events = Query::select()
        .column(event::Column::Id)
        .from(event::Entity)
        .and_where(event::Column::DeletedAt.is_null())
        .to_owned();
    let sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::DeletedAt.is_null())
        .to_owned();
    let of_event = Condition::any()
        .add(room_booking::Column::EventId.is_null())
        .add(room_booking::Column::EventId.in_subquery(events));
    let of_session = Condition::any()
        .add(room_booking::Column::SessionId.is_null())
        .add(room_booking::Column::SessionId.in_subquery(sessions));
    let bookings = room_booking::Entity::find()
        .filter(room_booking::Column::RoomId.is_in(rooms))
        .filter(room_booking::Column::DeletedAt.is_null())
        .filter(room_booking::Column::State.eq(BookingState::Approved.as_str()))
        .filter(room_booking::Column::StartsAt.lt(to))
        .filter(room_booking::Column::EndsAt.gt(from))
        .filter(of_event)
        .filter(of_session)
        .all(connection)
        .await?;
    for row in bookings {
        let booking = booking_read(row)?;
        claims.extend(Claim::of_booking(booking.id, &booking.content, now));
    }
    claims.sort_unstable_by_key(|claim| (claim.start, claim.end, claim.id));
    Ok(claims)
}

/// The sessions that [`Claim::of_session`] gives a room, as far as they need reading for that.
async fn sessions_between(
    connection: &impl ConnectionTrait,
    rooms: &[Uuid],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Claim>, Error> {
    use session::Column;
    let cancelled = Query::select()
        .column(event::Column::Id)
        .from(event::Entity)
        .and_where(event::Column::State.eq(EventState::Cancelled.as_str()))
        .to_owned();
    let scheduled = Condition::all()
        .add(Column::State.eq(State::Scheduled.as_str()))
        .add(Column::EventId.not_in_subquery(cancelled));
    let rows = session::Entity::find()
        .filter(Column::RoomId.is_in(rooms.iter().copied()))
        .filter(Column::DeletedAt.is_null())
        .filter(Condition::any().add(Column::State.eq(State::Held.as_str())).add(scheduled))
        .filter(Column::StartsAt.lt(to))
        .filter(Column::EndsAt.gt(from))
        .into_partial_model::<Sits>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().filter_map(Sits::claim).collect())
}

/// A session in a room, as far as that goes.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "session::Entity")]
struct Sits {
    id: Uuid,
    event_id: Uuid,
    room_id: Option<Uuid>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
}

impl Sits {
    fn claim(self) -> Option<Claim> {
        Some(Claim {
            id: self.id,
            room: RoomId(self.room_id?),
            start: from_chrono(self.starts_at?),
            end: from_chrono(self.ends_at?),
            holder: Holder::Session(EventId(self.event_id), SessionId(self.id)),
        })
    }
}

/// Number and title of a session, if the actor may see it.
pub(super) async fn session_named(tx: &Tx, actor: &Actor, id: SessionId) -> Result<Option<(i32, Text)>, Error> {
    let row: Option<(i32, serde_json::Value)> = session::Entity::find_by_id(id.0)
        .select_only()
        .columns([session::Column::Number, session::Column::Title])
        .filter(in_event_visible(actor, session::Column::EventId, SHOWN_TO))
        .into_tuple()
        .one(tx.connection())
        .await?;
    row.map(|(number, title)| Ok((number, from_json(title)?))).transpose()
}

/// The booking of a row.
pub fn booking_read(row: Model) -> Result<Visible<RoomBooking>, Error> {
    let slot = Slot {
        starts_local: local_from_chrono(row.starts_local),
        ends_local: local_from_chrono(row.ends_local),
        starts_at: from_chrono(row.starts_at),
        ends_at: from_chrono(row.ends_at),
    };
    let details = BookingDetails {
        kind: db::word(&row.kind, BookingKind::parse)?,
        placement: slot.placement(),
        event_id: row.event_id.map(Handle::Id),
        session_id: row.session_id.map(Handle::Id),
        expires_at: from_chrono_opt(row.expires_at).map(Moment),
        booked_for: row.booked_for,
        reason: row.reason,
    };
    let content = RoomBooking {
        details,
        room_id: RoomId(row.room_id),
        state: db::word(&row.state, BookingState::parse)?,
        note: row.note,
        slot,
        time_zone: row.time_zone,
    };
    let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
    Ok(Visible { id: row.id, version: row.version, created_at, changed_at, content })
}

/// The columns of a booking that a write may change.
pub fn booking_columns(tx: &Tx, booking: &RoomBooking) -> ActiveModel {
    let (details, slot) = (&booking.details, booking.slot);
    ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        room_id: Set(booking.room_id.0),
        event_id: Set(reference(details.event_id.as_ref())),
        session_id: Set(reference(details.session_id.as_ref())),
        kind: Set(details.kind.to_string()),
        state: Set(booking.state.to_string()),
        starts_local: Set(local_to_chrono(slot.starts_local)),
        ends_local: Set(local_to_chrono(slot.ends_local)),
        starts_at: Set(to_chrono(slot.starts_at)),
        ends_at: Set(to_chrono(slot.ends_at)),
        time_zone: Set(booking.time_zone.clone()),
        expires_at: Set(to_chrono_opt(details.expires_at.map(|at| at.0))),
        booked_for: Set(details.booked_for.clone()),
        reason: Set(details.reason.clone()),
        note: Set(booking.note.clone()),
        sort_key: Set(Moment(slot.starts_at).sort_key()),
        ..Default::default()
    }
}
