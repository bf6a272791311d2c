//! No room is had twice: the one place in which that is decided, for every event and every way to write.
//!
//! Whoever writes what has a room writes first and asks then, in the same transaction, with [`check`]: the rows are then
//! what they will be, so that two sessions can change rooms with one another. Rooms are locked in the order of their
//! ids, after the event and before the sessions, so that of two who want one room the second sees what the first did,
//! on however many instances. Both databases take this path; PostgreSQL could also hold it by a constraint, but which
//! sessions count depends on their event and which rooms are shared on the room, and a constraint sees neither.

mod store;

use std::collections::HashMap;

use domain::{
    events::Room,
    schedule::{Claim, Holder},
    time,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{context::Ctx, db::Tx, error::Error};
pub use store::{booking_columns, booking_read, claims_between};

/// How far ahead a room is looked at for a time at which it is free again.
const HORIZON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Keeps rooms as they are until the transaction ends, and everybody else out of them. Those who lock an event too do
/// that before; those who lock sessions, afterwards.
pub async fn lock(tx: &Tx, rooms: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, Room>, Error> {
    store::rooms_lock(tx, rooms.into_iter().collect()).await
}

/// Keeps the rooms of an event's sessions, and `more`; the event is locked already.
pub async fn lock_of_event(tx: &Tx, event: Uuid, more: Vec<Uuid>) -> Result<(), Error> {
    let rooms = store::rooms_of_event(tx, event).await?;
    lock(tx, rooms.into_iter().chain(more)).await.map(drop)
}

/// Refuses the transaction if one of `claims`, which it has written, is kept from its room by anything else, or by the
/// lack of an approval. With each goes the zone in which its times are told.
pub async fn check(ctx: &Ctx, tx: &Tx, claims: &[(Claim, String)]) -> Result<(), Error> {
    let (Some(from), Some(to)) =
        (claims.iter().map(|(claim, _)| claim.start).min(), claims.iter().map(|(claim, _)| claim.end).max())
    else {
        return Ok(());
    };
    let rooms = lock(tx, claims.iter().map(|(claim, _)| claim.room.0)).await?;
    let there = store::claims_between(
        tx.connection(),
        tx.now(),
        rooms.keys().copied(),
        from,
        to.saturating_add(HORIZON).unwrap_or(to),
    )
    .await?;
    for (claim, zone) in claims {
        let room = rooms.get(&claim.room.0).ok_or_else(|| Error::internal("a claim on a room that is not there"))?;
        let others: Vec<_> = there.iter().filter(|other| other.room == claim.room).copied().collect();
        if let Some(other) = others.iter().find(|other| claim.excludes(other, room.shared)) {
            return Err(taken(ctx, tx, (claim, zone), other, (room, &others)).await?);
        }
        let sits = matches!(claim.holder, Holder::Session(..));
        if sits && room.needs_approval && !others.iter().any(|other| other.approves(claim)) {
            let detail = format!(
                "'{}' is given by approval only. Ask for it with a prebooking for the whole time of the session, and \
                 schedule the session once that is approved.",
                name(ctx, room)
            );
            return Err(Error::conflict("room_not_approved", detail));
        }
    }
    Ok(())
}

/// Refuses that a room stops being shared while several have it at once.
pub async fn check_alone(ctx: &Ctx, tx: &Tx, id: Uuid, room: &Room) -> Result<(), Error> {
    let rooms = HashMap::from([(id, room.clone())]);
    let there =
        store::claims_between(tx.connection(), tx.now(), rooms.keys().copied(), tx.now(), Timestamp::MAX).await?;
    let clash = there.iter().enumerate().find(|(at, one)| there[at + 1..].iter().any(|two| one.excludes(two, false)));
    let Some((_, clash)) = clash else { return Ok(()) };
    let zone = room.time_zone.as_deref().unwrap_or("UTC");
    let at = told(clash.start, zone)?;
    let detail = format!("Several have '{}' at once at {at} ({zone}). Move them first.", name(ctx, room));
    Err(Error::conflict("room_taken", detail))
}

/// Says when the room is free again, and to those who may know, who has it.
async fn taken(
    ctx: &Ctx,
    tx: &Tx,
    (claim, zone): (&Claim, &str),
    other: &Claim,
    (room, others): (&Room, &[Claim]),
) -> Result<Error, Error> {
    let whom = match other.holder {
        Holder::Session(_, session) => store::session_named(tx, &ctx.actor, session).await?,
        _ => None,
    };
    let whom = whom.map_or_else(
        || "another commitment".to_owned(),
        |(number, title)| {
            let title = title.resolve(&ctx.languages).map(|(_, words)| words).unwrap_or_default();
            format!("session {number}, '{title}'")
        },
    );
    let horizon = claim.end.saturating_add(HORIZON).unwrap_or(claim.end);
    let free = match claim.free_from(others, room.shared, horizon) {
        Some(at) => format!("It is free for as long from {}.", told(at, zone)?),
        None => "It is not free for as long within a week.".to_owned(),
    };
    let detail = format!(
        "'{}' is taken from {} until {} ({zone}) by {whom}. {free} Choose another time or another room.",
        name(ctx, room),
        told(other.start, zone)?,
        told(other.end, zone)?
    );
    Ok(Error::conflict("room_taken", detail))
}

fn name<'a>(ctx: &Ctx, room: &'a Room) -> &'a str {
    room.name.resolve(&ctx.languages).map(|(_, name)| name).unwrap_or_default()
}

/// What the clocks of `zone` show.
fn told(at: Timestamp, zone: &str) -> Result<String, Error> {
    Ok(time::local(at, &time::zone(zone, "")?).strftime("%Y-%m-%d %H:%M").to_string())
}
