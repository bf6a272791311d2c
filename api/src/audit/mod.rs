//! The audit log: who did what, when and from where, and the proof that nobody has changed it since.
//!
//! Entries are written by [`crate::db::Tx`] with the change they are about, never from here; what changed no data is
//! added with [`note`]. Here they are read, by auditors whole and by everybody else as the history of an object; sealed
//! ([`sealing`]) and checked ([`verification`]). What the rules are stands in `domain::audit`.

pub mod export;
pub mod jobs;
pub mod key;
pub mod resource;
pub mod sealing;
pub mod store;
pub mod verification;

use std::collections::{HashMap, HashSet};

use domain::{
    access::Resource,
    audit::{
        ACTOR_NAME, ADDRESS, Diff, ERASED, Entry, Kept, Reader, difference, joined, shown, stands_aside, withheld,
    },
    identifier::Handle,
};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    access::store::fence,
    attendance::delegations,
    context::Ctx,
    db::{Change, Page, Paging, Tx, to_json},
    error::Error,
    events, groups, organisations, people, schedule, statements,
};

/// The members that differ between two states of an object: `{"name": {"old": ..., "new": ...}}`.
pub fn diff<T: Serialize>(old: &T, new: &T) -> Result<Value, Error> {
    Ok(Value::Object(difference(&to_json(old)?, &to_json(new)?)))
}

/// Adds to the log what changed no data: a sign-in, a refusal, a look at what is sensitive. It has a transaction of
/// its own, so it stays when the request fails. `action` is a dotted word such as `session.opened`; the word before the
/// dot is the kind of object. `detail` holds nothing secret and no names of people.
///
/// # Errors
/// When the entry could not be written; whether the caller goes on then is the caller's to decide.
pub async fn note(ctx: &Ctx, action: &'static str, object: Uuid, detail: Value) -> Result<(), Error> {
    let note = Change { diff: detail, ..Change::new(action, object, 0) };
    ctx.app.db.note_as(ctx.origin(), note).await
}

/// Whether this was noted of the object within the last minute: what anybody could cause so often that the log would
/// fill is noted once a minute.
///
/// # Errors
/// When the log cannot be read.
pub async fn noted_lately(ctx: &Ctx, action: &'static str, object: Uuid) -> Result<bool, Error> {
    let since = ctx.now - SignedDuration::from_mins(1);
    store::entry_since(ctx.app.db.read(), action, object, since).await
}

/// The accounts and keys that these accounts and keys have made, whoever owns them, and the accounts they could have made
/// their own: by another address, person or role, or by an invitation to link them.
///
/// # Errors
/// When the log cannot be read.
pub async fn access_made_by(connection: &impl ConnectionTrait, actors: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    const OPENING: [&str; 4] = ["email", "person_id", "role", "invited"];
    let opened = |entry: &Entry| entry.action.ends_with(".created") || OPENING.iter().any(|name| entry.tells(name));
    let entries = store::entries_on_access(connection, actors).await?;
    Ok(entries.iter().filter(|entry| opened(entry)).map(|entry| entry.object_id).collect())
}

/// Whether this was done to the object after `since`.
///
/// # Errors
/// When the log cannot be read.
pub async fn done_since(
    connection: &impl ConnectionTrait,
    action: &str,
    object: Uuid,
    since: Timestamp,
) -> Result<bool, Error> {
    store::entry_since(connection, action, object, since).await
}

/// What was done to these objects, the first first: when, what changed, and whether it is gone since. For what follows
/// from it.
///
/// # Errors
/// When the log cannot be read.
pub async fn done_to(
    connection: &impl ConnectionTrait,
    objects: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Entry>, Error> {
    store::entries_on(connection, objects).await
}

/// Erases with this transaction every value of the log that is about `subject`: a person, or an account or key through
/// which a person acted. The entries stay, and so does the proof that nobody changed them.
pub fn erase_subject(tx: &Tx, subject: Uuid) {
    tx.record(Change { silent: true, ..Change::new(ERASED, subject, 0) });
}

/// One action as the audit log keeps it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: Uuid,
    /// Its number, from 1 and without gaps.
    pub seq: i64,
    /// Groups the entries of one transaction.
    pub position: Uuid,
    /// When (UTC).
    pub at: Timestamp,
    /// `key`, `console` or `anonymous`.
    pub actor_kind: String,
    /// The actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<Uuid>,
    /// The name the actor had; absent once it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// The organisation acted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
    /// By which door: `api`, `console`, `job`.
    pub via: String,
    /// On which server of several.
    pub instance: String,
    /// What was done, such as `statement.adopted`.
    pub action: String,
    /// What it was done to.
    pub object_kind: String,
    /// Its id.
    pub object_id: Uuid,
    /// Old and new value of every member that changed; `{"erased": true}` for what was about a person and is erased,
    /// `{"sealed": true}` for what is in a sealed group.
    pub diff: Value,
    /// Whether it is about a sealed group that you are not admitted to, or about what is in it.
    #[serde(skip_serializing_if = "is_false")]
    pub sealed: bool,
    /// The request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Where it came from; absent after 90 days, or once it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// One change of an object, as those are told who may see the object.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HistoryEntry {
    /// Its id.
    pub id: Uuid,
    /// When (UTC).
    pub at: Timestamp,
    /// What was done, such as `statement.adopted`.
    pub action: String,
    /// Who did it; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// Old and new value of every member that changed and that you may see; `{"erased": true}` for what was about a
    /// person and is erased.
    pub diff: Value,
}

/// What has a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An organisation.
    Organisation,
    /// A person.
    Person,
    /// A group.
    Group,
    /// An event.
    Event,
    /// A session.
    Session,
    /// A statement.
    Statement,
    /// A delegation.
    Delegation,
}

/// One page of the audit log, oldest first. Looking at it is for administrators and auditors, and is itself noted.
pub async fn list(ctx: &Ctx, object: Option<Uuid>, paging: &Paging) -> Result<Page<AuditEntry>, Error> {
    let connection = ctx.read(Resource::Audit)?;
    let detail = object.map_or(Value::Null, |object| serde_json::json!({"object_id": object}));
    note(ctx, "audit.viewed", Uuid::nil(), detail).await?;
    let page = store::entry_page(connection, object, paging).await?;
    let mut beside = store::values_of(connection, &page.items).await?;
    let sealed = sealed_from(ctx, connection, &page.items).await?;
    page.try_map(|entry| {
        let beside = beside.remove(&entry.seq).unwrap_or_default();
        Ok(audit_entry(&entry, &beside, sealed.contains(&entry.seq)))
    })
}

/// The numbers of those entries about whose content a seal lets the caller know nothing.
async fn sealed_from(ctx: &Ctx, connection: &impl ConnectionTrait, entries: &[Entry]) -> Result<HashSet<i64>, Error> {
    let places = |entry: &Entry| entry.group_id.into_iter().chain(entry.event_id);
    let sealed = fence::sealed_among(connection, &ctx.actor, entries.iter().flat_map(places)).await?;
    let kept = |entry: &&Entry| stands_aside(&entry.action) && places(entry).any(|id| sealed.contains(&id));
    Ok(entries.iter().filter(kept).map(|entry| entry.seq).collect())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// One page of what became of an object, oldest first. Who may see the object sees of its history what could be seen
/// when it happened; the names of actors are for staff, those of persons for who may read persons.
pub async fn history(ctx: &Ctx, of: Subject, handle: &Handle, paging: &Paging) -> Result<Page<HistoryEntry>, Error> {
    let object = object_of(ctx, of, handle).await?;
    let connection = ctx.app.db.read();
    let page = store::history_page(connection, &ctx.actor, object, paging).await?;
    let mut beside = match ctx.actor.may_read(Resource::Persons) {
        Ok(()) => store::values_of(connection, &page.items).await?,
        Err(_) => HashMap::new(),
    };
    page.try_map(|entry| Ok(history_entry(ctx, &entry, beside.remove(&entry.seq))))
}

/// The id of an object the caller may see.
async fn object_of(ctx: &Ctx, of: Subject, handle: &Handle) -> Result<Uuid, Error> {
    Ok(match of {
        Subject::Organisation => organisations::get(ctx, handle).await?.id,
        Subject::Person => people::get_own(ctx, handle).await?.id,
        Subject::Group => groups::get(ctx, handle).await?.id,
        Subject::Event => events::get(ctx, handle).await?.id,
        Subject::Session => schedule::get(ctx, handle).await?.id,
        Subject::Statement => statements::get(ctx, handle).await?.id,
        Subject::Delegation => delegations::get(ctx, handle).await?.id,
    })
}

/// `beside` is absent for readers who may not see values about persons.
fn history_entry(ctx: &Ctx, entry: &Entry, beside: Option<Vec<Kept>>) -> HistoryEntry {
    let staff = ctx.actor.sees_everything();
    let own = ctx.actor.organisation.is_some_and(|own| entry.organisation_id == Some(own.0));
    let diff = match (&beside, ctx.actor.may_read(Resource::Persons)) {
        (_, Err(_)) => plain(entry),
        (beside, Ok(())) => joined(entry, beside.as_deref().unwrap_or_default()),
    };
    HistoryEntry {
        id: entry.id,
        at: entry.at,
        action: entry.action.clone(),
        actor_name: staff.then(|| actor_name(entry, beside.as_deref().unwrap_or_default())).flatten(),
        diff: Value::Object(shown(&entry.object_kind, diff, Reader { staff, own })),
    }
}

fn plain(entry: &Entry) -> Diff {
    entry.diff.as_object().cloned().unwrap_or_default()
}

fn audit_entry(entry: &Entry, beside: &[Kept], sealed: bool) -> AuditEntry {
    let diff = if sealed { withheld(entry) } else { joined(entry, beside) };
    AuditEntry {
        id: entry.id,
        seq: entry.seq,
        position: entry.position,
        at: entry.at,
        actor_kind: entry.actor_kind.clone(),
        actor_id: entry.actor_id,
        actor_name: actor_name(entry, beside),
        on_behalf_of: entry.on_behalf_of,
        via: entry.via.clone(),
        instance: entry.instance.clone(),
        action: entry.action.clone(),
        object_kind: entry.object_kind.clone(),
        object_id: entry.object_id,
        diff: Value::Object(diff),
        sealed,
        request_id: entry.request_id.clone(),
        address: text(beside, ADDRESS),
    }
}

fn actor_name(entry: &Entry, beside: &[Kept]) -> Option<String> {
    entry.actor_name.clone().or_else(|| text(beside, ACTOR_NAME))
}

fn text(beside: &[Kept], field: &str) -> Option<String> {
    Some(beside.iter().find(|kept| kept.field == field)?.value.as_str()?.to_owned())
}
