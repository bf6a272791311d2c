//! What new rules of time zones do to what is planned.
//!
//! People agree on a time on the wall; the instant beside it was derived by the rules known when it was written. Once
//! other rules are installed, the instants are derived again here: of sessions that are still ahead in their lives, of
//! bookings of rooms, and of date polls that go on. What was held, decided or cancelled stays as it was told. What is
//! planned of a session is kept by the wall and needs nothing.

use std::collections::BTreeSet;

use domain::{
    Violation,
    access::{Resource, Target},
    events::Event,
    identifier::EventId,
    schedule::{RoomBooking, Setting, Sitting, Slot, State},
};
use sea_orm::ConnectionTrait;

use super::{
    bookings::{self, store as booking_rows},
    polls, store,
};
use crate::{
    context::Ctx,
    db::{Visible, reference},
    error::Error,
    events::{
        self, claims,
        sittings::{self, Settings, Write},
    },
};

/// Something whose instants are no longer those that its time on the wall stands for.
#[derive(Debug)]
pub struct Shift {
    /// What it is, in words: a session by its event and number, a booking or a poll by its id.
    pub subject: String,
    /// IANA name of the zone that changed.
    pub time_zone: String,
    /// When it sits as it is stored.
    pub was: Slot,
    /// When it sits by the rules of today, or why a person has to say when that is.
    pub becomes: Result<Slot, Violation>,
}

/// Sessions, bookings and polls whose instants change with the rules in use. For whoever runs the server, whose business all of
/// them are; it tells no titles.
pub async fn shifts(ctx: &Ctx) -> Result<Vec<Shift>, Error> {
    let _all = ctx.actor.permit(Resource::Sessions, Target::default())?;
    let Stale { sessions, bookings, polls } = Stale::find(ctx.read(Resource::Sessions)?).await?;
    let sessions = sessions.into_iter().filter_map(|(session, event)| {
        Some(Shift {
            subject: format!("{} session {}", event.details.code, session.content.number),
            time_zone: event.details.time_zone.clone(),
            was: session.content.slot?,
            becomes: session.content.rederived(&event).map(|next| next.slot).transpose()?,
        })
    });
    let bookings = bookings.into_iter().map(|booking| Shift {
        subject: format!("room booking {}", booking.id),
        time_zone: booking.content.time_zone.clone(),
        was: booking.content.slot,
        becomes: booking.content.rederived().map(|next| next.slot),
    });
    let mut shifts: Vec<_> = sessions.chain(bookings).collect();
    for poll in polls {
        let (id, time_zone) = (poll.id, &poll.content.poll.time_zone);
        let shift =
            |(was, becomes)| Shift { subject: format!("poll {id}"), time_zone: time_zone.clone(), was, becomes };
        shifts.extend(poll.content.poll.shifts()?.into_iter().map(shift));
    }
    Ok(shifts)
}

/// Derives again, in one transaction, what can be of one zone. What has the same rooms stands in one place and shifts
/// together, of however many events it is: one event after the other would be kept out by those that wait for their turn.
/// Calendars, feeds and the change feed are told as of any move. Gives how many were written.
pub async fn rederive(ctx: &Ctx, time_zone: &str) -> Result<usize, Error> {
    let permit = ctx.actor.permit(Resource::Sessions, Target::default())?;
    let tx = ctx.write(permit).await?;
    let stale = Stale::find(tx.connection()).await?.of_zone(time_zone);
    let events = events::hold(&tx, stale.events()).await?;
    claims::lock(&tx, stale.rooms()).await?;
    let booked = stale.bookings.into_iter().filter_map(|booking| {
        let next = booking.content.rederived().ok()?;
        Some((booking, next))
    });
    let booked = bookings::rederive(&tx, &events, booked.collect()).await?;
    let asked = stale.polls.into_iter().filter_map(|poll| {
        let next = poll.content.poll.rederived().ok().filter(|next| *next != poll.content.poll)?;
        Some((poll, next))
    });
    let asked = polls::rederive(&tx, &events, asked.collect()).await?;
    let ids: BTreeSet<_> = stale.sessions.iter().filter_map(|(session, _)| event_of(session)).collect();
    let mut sessions = vec![];
    for id in &ids {
        sessions.extend(sittings::hold_all(&tx, *id).await?);
    }
    let settings = Settings::load(tx.connection(), sessions.iter().map(|session| &session.content)).await?;
    let mut writes = vec![];
    for session in &sessions {
        let setting = settings.of(&session.content)?;
        writes.extend(shifted(session, setting));
    }
    let written = sittings::settle_all(ctx, &tx, writes).await?.len() + booked.len() + asked;
    bookings::claim_all(ctx, &tx, &booked).await?;
    tx.commit().await?;
    Ok(written)
}

/// What becomes of a session, if anything does and nobody has to be asked.
fn shifted<'a>(session: &'a Visible<Sitting>, setting: Setting<'a>) -> Option<Write<'a>> {
    let ahead = matches!(session.content.state, State::Draft | State::Scheduled);
    let next = session.content.rederived(setting.event).ok().filter(|next| ahead && *next != session.content)?;
    Some(Write { before: (session, setting), after: (next, setting) })
}

/// What is not, or cannot be, as the rules of today have it.
struct Stale {
    sessions: Vec<(Visible<Sitting>, Event)>,
    bookings: Vec<Visible<RoomBooking>>,
    polls: Vec<Visible<polls::store::Stored>>,
}

impl Stale {
    async fn find(connection: &impl ConnectionTrait) -> Result<Self, Error> {
        let all = store::sessions_ahead(connection).await?;
        let settings = Settings::load(connection, all.iter().map(|session| &session.content)).await?;
        let mut sessions = vec![];
        for session in all {
            let event = settings.of(&session.content)?.event;
            if session.content.rederived(event).as_ref() != Ok(&session.content) {
                sessions.push((session, event.clone()));
            }
        }
        let mut bookings = booking_rows::bookings_all(connection).await?;
        bookings.retain(|booking| booking.content.rederived().as_ref() != Ok(&booking.content));
        let mut polls = polls::store::polls_going_on(connection).await?;
        polls.retain(|poll| poll.content.poll.shifts().is_ok_and(|shifts| !shifts.is_empty()));
        Ok(Self { sessions, bookings, polls })
    }

    fn of_zone(mut self, time_zone: &str) -> Self {
        self.sessions.retain(|(_, event)| event.details.time_zone == time_zone);
        self.bookings.retain(|booking| booking.content.time_zone == time_zone);
        self.polls.retain(|poll| poll.content.poll.time_zone == time_zone);
        self
    }

    fn events(&self) -> Vec<EventId> {
        let booked = self.bookings.iter().filter_map(|booking| reference(booking.content.details.event_id.as_ref()));
        let asked = self.polls.iter().map(|poll| poll.content.event);
        self.sessions
            .iter()
            .filter_map(|(session, _)| event_of(session))
            .chain(booked.map(EventId))
            .chain(asked)
            .collect()
    }

    fn rooms(&self) -> Vec<uuid::Uuid> {
        let sat = self.sessions.iter().filter_map(|(session, _)| reference(session.content.details.room_id.as_ref()));
        sat.chain(self.bookings.iter().map(|booking| booking.content.room_id.0)).collect()
    }
}

fn event_of(session: &Visible<Sitting>) -> Option<EventId> {
    reference(Some(&session.content.details.event_id)).map(EventId)
}
