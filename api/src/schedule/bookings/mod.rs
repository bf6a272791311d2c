//! Bookings of rooms: kept for somebody, asked for, closed. The session that is scheduled in a room has it without one.
//!
//! Those who run an event hold rooms for it and ask for them; whoever answers for the room, the chairs of the group it
//! belongs to or the secretariat, decides on that and closes it. For them alone: to everybody else, what is had is told
//! only when they want it too, and then not by whom.

pub mod resource;
pub mod store;

use std::collections::HashMap;

use domain::{
    access::{Permit, Resource, Target, Visibility},
    events::{Event, Room},
    identifier::{EventId, GroupId, Handle, RoomId},
    schedule::{BookingDetails, BookingShown, BookingTransition, Claim, RoomBooking},
};
use serde_json::Value;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events::{self, claims, rooms},
};
pub use store::Filter;

/// One page of the bookings of a room that the caller may see, by start.
pub async fn list(
    ctx: &Ctx,
    room: &Handle,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<BookingShown>>, Error> {
    let connection = ctx.read(Resource::Rooms)?;
    let room = rooms::get(ctx, room).await?;
    let page = store::booking_list(connection, &ctx.actor, RoomId(room.id), filter, paging).await?;
    page.try_map(|booking| Ok(booking.map(RoomBooking::present)))
}

/// One booking, if the caller may see it.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<BookingShown>, Error> {
    let booking = store::booking_find(ctx.read(Resource::Rooms)?, &ctx.actor, handle).await?;
    Ok(booking.map(RoomBooking::present))
}

/// Books a room.
pub async fn create(ctx: &Ctx, room: &Handle, input: BookingDetails) -> Result<Visible<BookingShown>, Error> {
    ctx.actor.may_write(Resource::Rooms)?;
    let room = rooms::get(ctx, room).await?;
    let (input, event) = resolved(ctx, input, None).await?;
    let permit = permitted(ctx, &room.content, &input, event.as_ref())?;
    input.check(ctx.now)?;
    let zone = room.content.time_zone.as_ref().or(event.as_ref().map(|event| &event.content.details.time_zone));
    let zone = zone.ok_or_else(|| {
        let detail = "The room has no time zone. Give it one, or name the event the booking is for.";
        Error::invalid("/placement", "no_time_zone", detail)
    })?;
    let booking = RoomBooking::new(input, RoomId(room.id), zone)?;
    let tx = ctx.write(permit).await?;
    let events = lock(&tx, [&booking]).await?;
    let made = store::booking_insert(&tx, &booking).await?;
    claim(ctx, &tx, None, &made).await?;
    tx.record(change("room_booking.created", &made, &events, to_json(&made.content)?));
    tx.commit().await?;
    Ok(made.map(RoomBooking::present))
}

/// Changes what is said of a booking, if it still is what the caller read. `edit` makes the new details of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&BookingDetails) -> Result<BookingDetails, Error>,
) -> Result<Visible<BookingShown>, Error> {
    let (current, room, permit) = found(ctx, handle).await?;
    expected.check_object(&current.clone().map(RoomBooking::present))?;
    let (input, event) = resolved(ctx, edit(&current.content.details)?, Some(&current.content.details)).await?;
    let _both = permitted(ctx, &room.content, &input, event.as_ref())?;
    input.check(ctx.now)?;
    let next = current.content.edited(input)?;
    settle(ctx, permit, current, next, "room_booking.updated").await
}

/// Decides on a prebooking.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: BookingTransition) -> Result<Visible<BookingShown>, Error> {
    ctx.actor.may_write(Resource::Rooms)?;
    let current = store::booking_find(ctx.read(Resource::Rooms)?, &ctx.actor, handle).await?;
    let room = rooms::get(ctx, &Handle::Id(current.content.room_id.0)).await?;
    let permit = ctx.actor.permit(Resource::Rooms, owner(&room.content))?;
    transition.check()?;
    let next = current.content.stepped(&transition);
    let next = next.map_err(|refusal| Error::conflict(refusal.code(), refusal.to_string()))?;
    settle(ctx, permit, current, next, "room_booking.decided").await
}

/// Gives a room free again.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let (current, _, permit) = found(ctx, handle).await?;
    expected.check_object(&current.clone().map(RoomBooking::present))?;
    let tx = ctx.write(permit).await?;
    let events = lock(&tx, [&current.content]).await?;
    let version = store::booking_delete(&tx, &current).await?;
    let gone = Visible { version, ..current };
    tx.record(change("room_booking.deleted", &gone, &events, Value::Null));
    tx.commit().await
}

/// A booking the caller may change as it is.
async fn found(ctx: &Ctx, handle: &Handle) -> Result<(Visible<RoomBooking>, Visible<Room>, Permit), Error> {
    ctx.actor.may_write(Resource::Rooms)?;
    let current = store::booking_find(ctx.read(Resource::Rooms)?, &ctx.actor, handle).await?;
    let room = rooms::get(ctx, &Handle::Id(current.content.room_id.0)).await?;
    let event = event_of(ctx, &current.content.details).await?;
    let permit = permitted(ctx, &room.content, &current.content.details, event.as_ref())?;
    Ok((current, room, permit))
}

async fn settle(
    ctx: &Ctx,
    permit: Permit,
    current: Visible<RoomBooking>,
    next: RoomBooking,
    kind: &'static str,
) -> Result<Visible<BookingShown>, Error> {
    let tx = ctx.write(permit).await?;
    let events = lock(&tx, [&current.content, &next]).await?;
    let made = store::booking_update(&tx, &current, &next).await?;
    claim(ctx, &tx, Some(&current), &made).await?;
    tx.record(change(kind, &made, &events, audit::diff(&current.content, &made.content)?));
    tx.commit().await?;
    Ok(made.map(RoomBooking::present))
}

/// Writes bookings with the instants that their times stand for now. Their events and rooms are locked already; whether
/// anybody else has their rooms then is asked with [`claim_all`], once all that shifts with them is written.
pub(super) async fn rederive(
    tx: &Tx,
    events: &HashMap<EventId, Event>,
    shifted: Vec<(Visible<RoomBooking>, RoomBooking)>,
) -> Result<Vec<(Visible<RoomBooking>, Visible<RoomBooking>)>, Error> {
    let mut written = Vec::with_capacity(shifted.len());
    for (current, next) in shifted {
        let made = store::booking_update(tx, &current, &next).await?;
        let diff = audit::diff(&current.content, &made.content)?;
        tx.record(change("room_booking.updated", &made, events, diff));
        written.push((current, made));
    }
    Ok(written)
}

/// Refuses bookings, each written in the place of another, that keep a room somebody else has.
pub(super) async fn claim_all(
    ctx: &Ctx,
    tx: &Tx,
    written: &[(Visible<RoomBooking>, Visible<RoomBooking>)],
) -> Result<(), Error> {
    let wanted: Vec<_> = written.iter().filter_map(|(before, made)| newly_claimed(tx, Some(before), made)).collect();
    claims::check(ctx, tx, &wanted).await
}

/// Refuses a booking that keeps a room somebody else has. One that kept it before is not asked again.
async fn claim(
    ctx: &Ctx,
    tx: &Tx,
    before: Option<&Visible<RoomBooking>>,
    made: &Visible<RoomBooking>,
) -> Result<(), Error> {
    claims::check(ctx, tx, newly_claimed(tx, before, made).as_slice()).await
}

/// What a booking claims that it did not claim before, with the zone in which its times are told.
fn newly_claimed(
    tx: &Tx,
    before: Option<&Visible<RoomBooking>>,
    made: &Visible<RoomBooking>,
) -> Option<(Claim, String)> {
    let of = |booking: &Visible<RoomBooking>| Claim::of_booking(booking.id, &booking.content, tx.now());
    let claim = of(made).filter(|claim| before.and_then(of).as_ref() != Some(claim))?;
    Some((claim, made.content.time_zone.clone()))
}

/// Those who answer for the room do everything; those who run an event hold rooms for it and ask for them.
fn permitted(
    ctx: &Ctx,
    room: &Room,
    booking: &BookingDetails,
    event: Option<&Visible<Event>>,
) -> Result<Permit, Error> {
    let answering = ctx.actor.permit(Resource::Rooms, owner(room));
    match event.filter(|_| answering.is_err() && !booking.kind.closes()) {
        Some(event) => Ok(ctx.actor.permit(Resource::Rooms, events::target(event))?),
        None => Ok(answering?),
    }
}

fn owner(room: &Room) -> Target {
    Target { group: reference(room.owner_group_id.as_ref()).map(GroupId), ..Target::default() }
}

/// The input with its references by id, and its event. References that stay as they were are not asked for again.
async fn resolved(
    ctx: &Ctx,
    mut input: BookingDetails,
    current: Option<&BookingDetails>,
) -> Result<(BookingDetails, Option<Visible<Event>>), Error> {
    let stays = |same: fn(&BookingDetails) -> &Option<Handle>, input: &BookingDetails| {
        current.is_some_and(|current| same(current) == same(input))
    };
    if let Some(event) = &input.event_id
        && !stays(|it| &it.event_id, &input)
    {
        input.event_id = Some(Handle::Id(events::resolve(ctx, event, "/event_id").await?.id));
    }
    if let Some(session) = &input.session_id
        && (!stays(|it| &it.session_id, &input) || !stays(|it| &it.event_id, &input))
    {
        let session = super::resolve(ctx, session, "/session_id").await?;
        let event = session.content.details.event_id;
        if input.event_id.as_ref().is_some_and(|said| *said != event) {
            return Err(Error::invalid("/session_id", "unknown_session", "Name a session of the same event."));
        }
        (input.event_id, input.session_id) = (Some(event), Some(Handle::Id(session.id)));
    }
    let event = event_of(ctx, &input).await?;
    Ok((input, event))
}

/// The event of a booking, if the caller may see it.
async fn event_of(ctx: &Ctx, booking: &BookingDetails) -> Result<Option<Visible<Event>>, Error> {
    let Some(event) = &booking.event_id else { return Ok(None) };
    match events::get(ctx, event).await {
        Ok(event) => Ok(Some(event)),
        Err(Error::NotFound | Error::Gone) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keeps the events and then the rooms of bookings, in the order in which everybody does; gives the events.
async fn lock<'a>(
    tx: &Tx,
    bookings: impl IntoIterator<Item = &'a RoomBooking> + Clone,
) -> Result<HashMap<EventId, Event>, Error> {
    let events = bookings.clone().into_iter().filter_map(|booking| reference(booking.details.event_id.as_ref()));
    let events = events::hold(tx, events.map(EventId)).await?;
    claims::lock(tx, bookings.into_iter().map(|booking| booking.room_id.0)).await?;
    Ok(events)
}

/// The secretariat is told; of what is for an event, that of the event.
fn change(kind: &'static str, booking: &Visible<RoomBooking>, events: &HashMap<EventId, Event>, diff: Value) -> Change {
    let plain = Change { diff, ..Change::new(kind, booking.id, booking.version) };
    let id = reference(booking.content.details.event_id.as_ref());
    let Some((id, event)) = id.and_then(|id| Some((id, events.get(&EventId(id))?))) else { return plain };
    Change {
        event: Some(id),
        group: reference(event.details.group_id.as_ref()),
        disclosure: event.details.disclosure().at_least(Visibility::Secretariat),
        ..plain
    }
}
