//! Sessions as far as events and rooms decide over them: their instants by the event's zone, their place, their
//! calendar entries.
//!
//! It stands here and not in `schedule`, because an event that moves to another zone takes its sessions along in the
//! same transaction, and capabilities do not reach forward. What is decided is in `domain::schedule`; here it is read
//! and written. The use cases of sessions are in `schedule`.

mod store;

use domain::{
    Violation,
    calendars::Stamp,
    events::{Event, Room},
    identifier::{EventId, SessionId},
    schedule::{Claim, Setting, Sitting, uid},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Tx, Visible, reference},
    error::Error,
    events::{claims, page},
};
pub use store::{
    Row, SHOWN_TO, Settings, sessions_seen, sitting_delete, sittings_count, sittings_further, sittings_leading,
    sittings_of_sessions, sittings_read, slot_of,
};

/// The kind of object by which external ids of sessions are told apart.
pub const KIND: &str = "session";

/// The calendar entries of a session, rendered when it is written.
struct Entries {
    /// In full.
    full: Option<String>,
    /// For calendars that get nothing amber.
    restricted: Option<String>,
}

impl Entries {
    /// Those of the session `id`, which was made then and becomes `sitting` now.
    fn of(
        ctx: &Ctx,
        tx: &Tx,
        (id, created): (SessionId, Timestamp),
        sitting: &Sitting,
        setting: Setting<'_>,
    ) -> Result<Self, Error> {
        let uid = uid(id, &ctx.app.config.uid_domain);
        let page = page(&ctx.app, event_of(sitting)?);
        let stamp = Stamp { uid: &uid, created, changed: tx.now(), page: page.as_ref() };
        Ok(Self { full: sitting.vevent(setting, stamp), restricted: sitting.restricted_vevent(setting, stamp) })
    }
}

/// One session to be written in the place of another.
#[derive(Debug)]
pub struct Write<'a> {
    /// The session as it is stored, and what it took from its event and room.
    pub before: (&'a Visible<Sitting>, Setting<'a>),
    /// What it becomes.
    pub after: (Sitting, Setting<'a>),
}

/// Writes a new session with its calendar entry, and records that it was made.
pub async fn begin(ctx: &Ctx, tx: &Tx, sitting: Sitting, setting: Setting<'_>) -> Result<Visible<Sitting>, Error> {
    let id = tx.new_id()?;
    let entries = Entries::of(ctx, tx, (SessionId(id), tx.now()), &sitting, setting)?;
    let made = store::sitting_insert(tx, id, sitting, entries).await?;
    let said = crate::db::to_json(&made.content)?;
    entered(ctx, tx, ("session.created", said), made, setting).await
}

/// Puts a session back that was deleted, as it was, and records it.
pub async fn restore(
    ctx: &Ctx,
    tx: &Tx,
    gone: Visible<Sitting>,
    setting: Setting<'_>,
) -> Result<Visible<Sitting>, Error> {
    let entries = Entries::of(ctx, tx, (SessionId(gone.id), gone.created_at), &gone.content, setting)?;
    let made = store::sitting_restore(tx, gone, entries).await?;
    let stands = json!({"state": {"old": null, "new": made.content.state}});
    entered(ctx, tx, ("session.restored", stands), made, setting).await
}

/// Records under `kind`, with its `diff`, a session that was not there before. Refused if it has a room that somebody else
/// has.
async fn entered(
    ctx: &Ctx,
    tx: &Tx,
    (kind, diff): (&'static str, Value),
    made: Visible<Sitting>,
    setting: Setting<'_>,
) -> Result<Visible<Sitting>, Error> {
    record(tx, kind, &made, setting.event, diff);
    let claim = Claim::of_session(SessionId(made.id), &made.content, setting.event);
    claims::check(ctx, tx, claim.map(|claim| told(claim, setting)).as_slice()).await?;
    Ok(made)
}

/// Writes `next` in the place of `current`, if that still is what is stored, with SEQUENCE and calendar entry, and
/// records what happened. Refused if it has a room then that somebody else has.
pub async fn settle(
    ctx: &Ctx,
    tx: &Tx,
    before: (&Visible<Sitting>, Setting<'_>),
    after: (Sitting, Setting<'_>),
) -> Result<Visible<Sitting>, Error> {
    let (made, claim) = write(ctx, tx, Write { before, after }).await?;
    claims::check(ctx, tx, claim.as_slice()).await?;
    Ok(made)
}

/// As [`settle`], of many at once: who has which room is asked when all are written, so that two may change rooms. Their
/// rooms, before and after, have to be locked before any session is: [`claims::lock`].
pub async fn settle_all(ctx: &Ctx, tx: &Tx, writes: Vec<Write<'_>>) -> Result<Vec<Visible<Sitting>>, Error> {
    let (mut all, mut wanted) = (Vec::with_capacity(writes.len()), vec![]);
    for one in writes {
        let (made, claim) = write(ctx, tx, one).await?;
        all.push(made);
        wanted.extend(claim);
    }
    claims::check(ctx, tx, &wanted).await?;
    Ok(all)
}

/// Writes one session; gives what it has now that it did not have before.
async fn write(ctx: &Ctx, tx: &Tx, one: Write<'_>) -> Result<(Visible<Sitting>, Option<(Claim, String)>), Error> {
    let Write { before: (current, before), after: (next, after) } = one;
    let (next, happening) = next.succeeding(after, &current.content, before);
    let entries = Entries::of(ctx, tx, (SessionId(current.id), current.created_at), &next, after)?;
    let made = store::sitting_update(tx, current, next, entries).await?;
    touch(tx, &current.content, before.event);
    record(tx, happening.change_kind(), &made, after.event, audit::diff(&current.content, &made.content)?);
    let had = Claim::of_session(SessionId(current.id), &current.content, before.event);
    let has = Claim::of_session(SessionId(made.id), &made.content, after.event).filter(|has| Some(*has) != had);
    Ok((made, has.map(|claim| told(claim, after))))
}

/// A claim with the zone in which people are told of it.
fn told(claim: Claim, setting: Setting<'_>) -> (Claim, String) {
    (claim, setting.event.details.time_zone.clone())
}

/// Records what happened to a session, and marks the feeds it is in.
pub fn record(tx: &Tx, kind: &'static str, session: &Visible<Sitting>, event: &Event, diff: Value) {
    let details = &session.content.details;
    touch(tx, &session.content, event);
    tx.record(Change {
        event: reference(Some(&details.event_id)),
        // Who may know of it, its event decides: another group that sits in it does not open it to that group.
        group: reference(event.details.group_id.as_ref()),
        disclosure: session.content.disclosure().within(event.details.disclosure()),
        diff,
        ..Change::new(kind, session.id, session.version)
    });
}

fn touch(tx: &Tx, sitting: &Sitting, event: &Event) {
    let groups = sitting.details.groups().chain(&event.details.group_id).map(|group| ("group", group));
    let rooms = sitting.details.room_id.iter().map(|room| ("room", room));
    if let (true, Some(event)) = (sitting.announced, reference(Some(&sitting.details.event_id))) {
        tx.programme_changed(event);
    }
    for (kind, handle) in groups.chain(rooms).chain([("event", &sitting.details.event_id)]) {
        if let Some(id) = reference(Some(handle)) {
            tx.touch_feeds(format!("{kind}:{id}"));
        }
    }
}

/// The sessions of an event, held until the transaction ends.
pub async fn hold_all(tx: &Tx, event: EventId) -> Result<Vec<Visible<Sitting>>, Error> {
    store::sittings_of_event(tx, event.0).await
}

/// Takes the sessions of an event along to what the event has become.
pub(super) async fn follow_event(ctx: &Ctx, tx: &Tx, before: &Event, after: &Visible<Event>) -> Result<(), Error> {
    claims::lock_of_event(tx, after.id, vec![]).await?;
    let sessions = store::sittings_of_event(tx, after.id).await?;
    let rooms = Settings::load(tx.connection(), sessions.iter().map(|session| &session.content)).await?;
    let (mut faults, mut writes): (Vec<Violation>, _) = (vec![], vec![]);
    for session in &sessions {
        // Who sees the event decides who sees its sessions, in the feeds of their own groups too.
        touch(tx, &session.content, before);
        let room = rooms.room(&session.content);
        let (before, after) = (Setting { event: before, room }, Setting { event: &after.content, room });
        match session.content.following(after.event) {
            Err(fault) => faults.push(fault),
            Ok(next) if next == session.content && !after.differs_from(&before) => {}
            Ok(next) => writes.push(Write { before: (session, before), after: (next, after) }),
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    settle_all(ctx, tx, writes).await.map(drop)
}

/// Tells the calendars of the sessions in a room what the room has become.
pub(super) async fn follow_room(ctx: &Ctx, tx: &Tx, before: &Room, after: &Visible<Room>) -> Result<(), Error> {
    if before.name == after.content.name
        && before.venue == after.content.venue
        && before.public_label == after.content.public_label
        && before.position == after.content.position
    {
        return Ok(());
    }
    let sessions = store::sittings_of_room(tx, after.id).await?;
    let events = Settings::load(tx.connection(), sessions.iter().map(|session| &session.content)).await?;
    for session in &sessions {
        let event = events.of(&session.content)?.event;
        let (before, after) = (Setting { event, room: Some(before) }, Setting { event, room: Some(&after.content) });
        settle(ctx, tx, (session, before), (session.content.clone(), after)).await?;
    }
    Ok(())
}

/// The id behind a resolved reference to an event.
pub fn event_of(sitting: &Sitting) -> Result<Uuid, Error> {
    reference(Some(&sitting.details.event_id)).ok_or_else(|| Error::internal("a session without the id of its event"))
}
