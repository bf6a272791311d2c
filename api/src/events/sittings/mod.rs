//! Sessions as far as events and rooms decide over them: their instants by the event's zone, their place, their
//! calendar entries.
//!
//! It stands here and not in `schedule`, because an event that moves to another zone takes its sessions along in the
//! same transaction, and capabilities do not reach forward. What is decided is in `domain::schedule`; here it is read
//! and written. The use cases of sessions are in `schedule`.

mod store;

use domain::{
    Violation,
    events::{Event, Room},
    identifier::SessionId,
    schedule::{Setting, Sitting, Stamp, uid},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Tx, Visible, reference},
    error::Error,
};
pub use store::{Row, SHOWN_TO, Settings, sitting_delete};

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
    fn of(sitting: &Sitting, setting: Setting<'_>, stamp: Stamp<'_>) -> Self {
        Self { full: sitting.vevent(setting, stamp), restricted: sitting.restricted_vevent(setting, stamp) }
    }
}

/// Writes a new session with its calendar entry, and records that it was made.
pub async fn begin(ctx: &Ctx, tx: &Tx, sitting: Sitting, setting: Setting<'_>) -> Result<Visible<Sitting>, Error> {
    let id = tx.new_id()?;
    let uid = uid(SessionId(id), &ctx.app.config.uid_domain);
    let entries = Entries::of(&sitting, setting, Stamp { uid: &uid, created: tx.now(), changed: tx.now() });
    let made = store::sitting_insert(tx, id, sitting, entries).await?;
    record(tx, "session.created", &made, setting.event, crate::db::to_json(&made.content)?);
    Ok(made)
}

/// Writes `next` in the place of `current`, if that still is what is stored, with SEQUENCE and calendar entry, and
/// records what happened.
pub async fn settle(
    ctx: &Ctx,
    tx: &Tx,
    (current, before): (&Visible<Sitting>, Setting<'_>),
    (next, after): (Sitting, Setting<'_>),
) -> Result<Visible<Sitting>, Error> {
    let (next, happening) = next.succeeding(after, &current.content, before);
    let uid = uid(SessionId(current.id), &ctx.app.config.uid_domain);
    let entries = Entries::of(&next, after, Stamp { uid: &uid, created: current.created_at, changed: tx.now() });
    let made = store::sitting_update(tx, current, next, entries).await?;
    touch(tx, &current.content, before.event);
    record(tx, happening.change_kind(), &made, after.event, audit::diff(&current.content, &made.content)?);
    Ok(made)
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
    let scopes = [
        ("event", Some(&sitting.details.event_id)),
        ("group", sitting.details.group_id.as_ref()),
        ("group", event.details.group_id.as_ref()),
    ];
    for (kind, handle) in scopes {
        if let Some(id) = reference(handle) {
            tx.touch_feeds(format!("{kind}:{id}"));
        }
    }
}

/// Takes the sessions of an event along to what the event has become.
pub(super) async fn follow_event(ctx: &Ctx, tx: &Tx, before: &Event, after: &Visible<Event>) -> Result<(), Error> {
    let sessions = store::sittings_of_event(tx, after.id).await?;
    let rooms = Settings::load(tx.connection(), sessions.iter().map(|session| &session.content)).await?;
    let mut faults: Vec<Violation> = vec![];
    for session in &sessions {
        // Who sees the event decides who sees its sessions, in the feeds of their own groups too.
        touch(tx, &session.content, before);
        let room = rooms.room(&session.content);
        let (before, after) = (Setting { event: before, room }, Setting { event: &after.content, room });
        match session.content.following(after.event) {
            Err(fault) => faults.push(fault),
            Ok(next) if next == session.content && !after.differs_from(&before) => {}
            Ok(next) => drop(settle(ctx, tx, (session, before), (next, after)).await?),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Tells the calendars of the sessions in a room what the room has become.
pub(super) async fn follow_room(ctx: &Ctx, tx: &Tx, before: &Room, after: &Visible<Room>) -> Result<(), Error> {
    if before.name == after.content.name
        && before.venue == after.content.venue
        && before.public_label == after.content.public_label
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
