//! What a subscriber gets: the use case behind the addresses below `/ical/`.
//!
//! A fetch goes in two steps. [`find`] says who reads which feed and under which tag, from two statements and without
//! rendering anything, or for a moment from memory; most fetches end there, because nothing has changed. [`body`] renders
//! what there is under that tag, or takes it from memory. Rights are those of the moment, and the tag changes with them.

mod entries;
mod memory;
mod store;

use std::{collections::HashSet, sync::Arc};

pub use memory::Memory;

use bytes::Bytes;
use domain::{
    Language, Text,
    access::{Actor, Resource, Tlp, Token},
    calendars::{self, Calendar, Colour, Detail, FreeBusy, Kind, Uri, Window},
    identifier::{Handle, PersonId},
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::store::{Object, object_find};
use crate::{
    access::{accounts, store::fence},
    context::App,
    db::{from_chrono, reference},
    error::Error,
    events::{self, claims, sittings::Settings},
    http::{compression, reply::hex},
};
use store::{Owner, Selection, TokenFeed};

/// How exactly the last fetch of a feed is known; a busy feed is not a write for every fetch.
const LAST_FETCH: SignedDuration = SignedDuration::from_hours(1);
/// What has a narrower label is in no feed, whoever subscribed: calendars are copied to phones and shared.
const HIGHEST_LABEL: Tlp = Tlp::Amber;
/// Characters kept of what a program calls itself.
const AGENT_CHARACTERS: usize = 200;

/// Which feed an address names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// The public feed of an event or group.
    Public {
        /// What kind of object it is.
        kind: Kind,
        /// The object.
        object: Handle,
        /// Whether all of time is wanted of a group; an event is always shown whole.
        everything: bool,
    },
    /// A feed with a token.
    Token(Token),
    /// A feed by its id, with its token beside the address instead of in it.
    Named(Uuid, Token),
}

/// A feed as one subscriber may see it now, before anything is rendered.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// The feed's id; none for a public feed, which exists by itself.
    pub feed: Option<Uuid>,
    /// Name of the file, without path.
    pub file_name: String,
    /// Strong entity tag, in quotes. Follows from everything the body depends on.
    pub etag: String,
    /// The latest change of anything the body depends on.
    pub last_modified: Timestamp,
    calendar: Calendar,
    selection: Selection,
    detail: Detail,
    language: Option<Language>,
    alarm: Option<u16>,
}

impl Subscription {
    /// What it is called, and what it may be shown in.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Whether it shows where its reader has to be.
    pub fn takes_time(&self) -> bool {
        self.selection.kind == Kind::Person && !self.selection.without_duties
    }

    /// Whether it is made of entries as they were rendered when their sessions were written.
    fn is_stored(&self) -> bool {
        let plain = self.detail == Detail::Full && self.language.is_none() && self.alarm.is_none();
        plain && !matches!(self.selection.kind, Kind::Person | Kind::Dates)
    }
}

/// The feed at an address, for whoever has it. What is unknown, revoked or not public is not there.
pub async fn find(
    app: &App,
    memory: &Memory,
    address: Address,
    agent: Option<&str>,
) -> Result<Arc<Subscription>, Error> {
    let find = async |address: &Address| match address {
        Address::Public { kind, object, everything } => find_public(app, *kind, object, *everything).await,
        Address::Token(token) => fetched(app, token, |_| true, agent).await,
        Address::Named(id, token) => fetched(app, token, |feed| feed.id == *id, agent).await,
    };
    memory.get_or_find(app, address, find).await
}

/// The same for whoever does not subscribe by that: nothing is kept of it.
pub async fn find_unnoted(app: &App, address: &Address) -> Result<Subscription, Error> {
    let token = match address {
        Address::Public { kind, object, everything } => return find_public(app, *kind, object, *everything).await,
        Address::Token(token) | Address::Named(_, token) => token,
    };
    let feed = store::feed_by_token(app.db.read(), token, app.clock.now()).await?.ok_or(Error::NotFound)?;
    find_with_token(app, &feed).await
}

/// The feed that a token opens, if it is the one that is `meant`.
async fn fetched(
    app: &App,
    token: &Token,
    meant: impl Fn(&TokenFeed) -> bool,
    agent: Option<&str>,
) -> Result<Subscription, Error> {
    let feed = store::feed_by_token(app.db.read(), token, app.clock.now()).await?;
    let feed = feed.filter(meant).ok_or(Error::NotFound)?;
    let subscription = find_with_token(app, &feed).await?;
    // The last fetch says whether the new address is in use.
    if !feed.by_former {
        note_fetch(app, &feed, agent).await;
    }
    Ok(subscription)
}

/// The file itself.
pub async fn body(app: &App, memory: &Memory, subscription: &Subscription) -> Result<Bytes, Error> {
    memory.get_or_render(&subscription.etag, render(app, subscription)).await
}

/// The same compressed, once for all who ask.
pub async fn body_compressed(memory: &Memory, subscription: &Subscription, plain: Bytes) -> Result<Bytes, Error> {
    let form = format!("{} gzip", subscription.etag);
    memory.get_or_render(&form, async { compression::gzip(plain).await.map_err(Error::internal) }).await
}

/// The same as free and busy times (RFC 5545, 3.6.4): from 90 days ago to 18 months ahead, whatever the kind. Those who run
/// rooms see what else has one than sessions.
pub async fn free_busy(app: &App, subscription: &Subscription) -> Result<(Subscription, Bytes), Error> {
    let now = app.clock.now();
    let window = Window::around(now);
    // What somebody only follows leaves them free.
    let selection = Selection {
        window: Some(window),
        without_cancelled: true,
        without_followed: true,
        ..subscription.selection.clone()
    };
    let mut busy = store::busy_list(app.db.read(), &selection).await?;
    if selection.kind == Kind::Room && selection.viewer.sees_everything() {
        let held = claims::claims_between(app.db.read(), now, [selection.object], window.from, window.to).await?;
        busy.extend(held.into_iter().map(|claim| (claim.start, claim.end)));
    }
    let changed = latest([Some(subscription.last_modified), Some(window.since())]);
    let calendar = Calendar { changed, ..subscription.calendar.clone() };
    let file = FreeBusy::new((window.from, window.to), changed, busy).file(&calendar);
    let etag = format!("\"{}\"", hex(&Sha256::digest(&file)[..16]));
    let file_name = subscription.file_name.replace(".ics", ".ifb");
    // What is held for a while is let go without being written again, so it is as new as the moment.
    let found = Subscription { etag, file_name, last_modified: now, calendar, selection, ..subscription.clone() };
    Ok((found, Bytes::from(file)))
}

async fn find_public(app: &App, kind: Kind, handle: &Handle, everything: bool) -> Result<Subscription, Error> {
    let viewer = Actor::anonymous();
    let object = object_find(app.db.read(), &viewer, kind, handle).await?.ok_or(Error::NotFound)?;
    let revisions = store::revisions_of(app.db.read(), &[(kind, object.id)], &viewer).await?;
    let (revision, written) = revisions.into_iter().next().unwrap_or_default();
    let window = window(app, kind).filter(|_| !everything);
    let last_modified = latest([Some(object.changed_at), written, window.map(|window| window.since())]);
    let line = |text: &Text| text.resolve(&object.languages).map(|(_, value)| calendars::Text::line(value));
    let path = if everything { kind.public_path_of_everything(&object.code) } else { kind.public_path(&object.code) };
    let calendar = Calendar {
        uid: calendars::Text::line(&format!("{kind}-{}@{}", object.id, app.config.uid_domain)),
        name: line(&object.name).unwrap_or_default(),
        description: line(&object.description),
        source: Uri::parse(&format!("{}{path}", app.config.public_url)),
        page: page(app, kind, object.id),
        time_zone: object.time_zone.as_deref().map(calendars::Text::line),
        colour: Some(colour(object.id)),
        changed: last_modified,
    };
    let identity = format!("public {everything} {} {revision}", object.version);
    let selection = Selection {
        kind,
        object: object.id,
        viewer,
        window,
        without_cancelled: false,
        without_duties: false,
        without_followed: false,
    };
    Ok(Subscription {
        feed: None,
        file_name: file_name(Some(&object)),
        etag: etag(app, &identity, &selection),
        last_modified,
        calendar,
        selection,
        detail: Detail::Full,
        language: None,
        alarm: None,
    })
}

/// The feed with the rights its owner has now. An owner who sees nothing any more leaves an empty calendar behind, so
/// that the sessions leave the subscribers' calendars too; where the owner's key has ended, so has the feed.
async fn find_with_token(app: &App, feed: &TokenFeed) -> Result<Subscription, Error> {
    let now = app.clock.now();
    let (viewer, owner_changed) = match &feed.owner {
        Owner::Key(key) => (key.holder(now)?, Some(from_chrono(key.key.changed_at))),
        Owner::Account(account) => accounts::subscriber(app.db.read(), *account, now).await?.unzip(),
        Owner::Console => (Some(Actor::console()), None),
        Owner::Gone => (None, None),
    };
    let viewer = viewer.ok_or(Error::NotFound)?;
    let shown = shown_to(app, viewer, owner_changed, std::slice::from_ref(feed)).await?;
    shown.into_iter().next().ok_or(Error::NotFound)
}

/// What somebody has subscribed to, as they may see it now: all of it, or one feed, by id. `changed` is when their account
/// was last written.
pub async fn of_account(
    app: &App,
    (account, viewer, changed): (Uuid, Actor, Timestamp),
    only: Option<Uuid>,
) -> Result<Vec<Subscription>, Error> {
    let feeds = store::feeds_of_account(app.db.read(), account, only).await?;
    shown_to(app, viewer, Some(changed), &feeds).await
}

/// Feeds as `viewer` may see them, without those that are not theirs to see. However many there are, so many statements.
async fn shown_to(
    app: &App,
    viewer: Actor,
    owner_changed: Option<Timestamp>,
    feeds: &[TokenFeed],
) -> Result<Vec<Subscription>, Error> {
    let viewer = viewer.under(HIGHEST_LABEL);
    if viewer.may_read(Resource::Sessions).is_err() {
        return Ok(vec![]);
    }
    let mut had = vec![];
    for feed in feeds {
        let object = reference(Some(&feed.settings.object_id)).ok_or(Error::NotFound)?;
        if may_have(&viewer, feed.settings.kind, object) {
            had.push((feed, (feed.settings.kind, object)));
        }
    }
    let objects: Vec<_> = had.iter().map(|(_, object)| *object).collect();
    let revisions = store::revisions_of(app.db.read(), &objects, &viewer).await?;
    let sealed = had.iter().filter(|(feed, _)| feed.sealed).map(|(_, (_, object))| *object);
    let hidden = fence::sealed_among(app.db.read(), &viewer, sealed).await?;
    let shown = had.into_iter().zip(revisions).map(|((feed, (_, object)), revision)| {
        shown(app, feed, (object, hidden.contains(&object)), &viewer, owner_changed, revision)
    });
    Ok(shown.collect())
}

fn shown(
    app: &App,
    feed: &TokenFeed,
    (object, hidden): (Uuid, bool),
    viewer: &Actor,
    owner_changed: Option<Timestamp>,
    (revision, written): (i64, Option<Timestamp>),
) -> Subscription {
    let settings = &feed.settings;
    let kind = settings.kind;
    let window = window(app, kind);
    // Busy times say nothing of by what, so neither do zone and name of the file.
    let known = feed.object.as_ref().filter(|_| settings.detail != Detail::BusyOnly && !hidden);
    let last_modified = latest([
        Some(feed.changed_at),
        owner_changed,
        known.map(|object| object.changed_at),
        written,
        window.map(|window| window.since()),
    ]);
    let calendar = Calendar {
        uid: calendars::Text::line(&format!("feed-{}@{}", feed.id, app.config.uid_domain)),
        name: calendars::Text::line(&settings.name),
        // The owner may have lost sight of the object since: nothing is told that the owner did not say.
        description: None,
        // Its address is a secret.
        source: None,
        page: known.and_then(|object| page(app, kind, object.id)),
        time_zone: known.and_then(|object| object.time_zone.as_deref()).map(calendars::Text::line),
        colour: Some(colour(object)),
        changed: last_modified,
    };
    let versions = (feed.version, known.map(|object| object.version));
    let identity = format!("feed {} {versions:?} {revision}", feed.id);
    let selection = Selection {
        kind,
        object,
        viewer: viewer.clone(),
        window,
        without_cancelled: settings.without_cancelled,
        without_duties: settings.without_duties,
        without_followed: settings.without_followed,
    };
    Subscription {
        feed: Some(feed.id),
        file_name: file_name(known),
        etag: etag(app, &identity, &selection),
        last_modified,
        calendar,
        selection,
        detail: settings.detail,
        language: settings.language.clone(),
        alarm: settings.alarm_minutes,
    }
}

/// Rooms are for those who may see any, and who has to be where for themselves.
fn may_have(viewer: &Actor, kind: Kind, object: Uuid) -> bool {
    match kind {
        Kind::Event | Kind::Group | Kind::Dates => true,
        Kind::Room => viewer.may_read(Resource::Rooms).is_ok(),
        // Of whose delegations is decided event by event.
        Kind::Organisation | Kind::Delegation => viewer.may_read(Resource::Delegations).is_ok(),
        Kind::Person => viewer.offices.person == Some(PersonId(object)),
    }
}

/// The page of an event; nothing else has one.
fn page(app: &App, kind: Kind, object: Uuid) -> Option<Uri> {
    matches!(kind, Kind::Event | Kind::Dates).then(|| events::page(app, object)).flatten()
}

/// A hash of all that decides what the body says: what is read, by whom with which rights, in which window, and how
/// often any of it was written.
fn etag(app: &App, identity: &str, selection: &Selection) -> String {
    let release = env!("CARGO_PKG_VERSION");
    // What the passing of time changes in somebody's rights is counted with the writes.
    let viewer = Actor { at: Timestamp::UNIX_EPOCH, ..selection.viewer.clone() };
    let selection = Selection { viewer, ..selection.clone() };
    let (domain, url) = (&app.config.uid_domain, &app.config.public_url);
    let all = format!("{release} {domain} {url} {identity} {selection:?}");
    format!("\"{}\"", hex(&Sha256::digest(all)[..16]))
}

/// An event is shown whenever it was; everything else goes on.
fn window(app: &App, kind: Kind) -> Option<Window> {
    (!matches!(kind, Kind::Event | Kind::Delegation | Kind::Dates)).then(|| Window::around(app.clock.now()))
}

fn latest<const N: usize>(instants: [Option<Timestamp>; N]) -> Timestamp {
    instants.into_iter().flatten().max().unwrap_or_default()
}

fn file_name(object: Option<&Object>) -> String {
    format!("{}.ics", object.map_or("calendar", |object| &object.code))
}

/// Calendars side by side in a program mostly get different colours, and each keeps its own.
fn colour(object: Uuid) -> Colour {
    let last = usize::from(object.as_bytes()[15]);
    Colour::ALL[last % Colour::ALL.len()]
}

/// Notes that somebody fetched the feed. Failing at that is no reason to refuse the feed.
async fn note_fetch(app: &App, feed: &TokenFeed, agent: Option<&str>) {
    let now = app.clock.now();
    if feed.last_fetched_at.is_some_and(|last| now.duration_since(last) <= LAST_FETCH) {
        return;
    }
    let agent = agent.map(|agent| agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARACTERS).collect::<String>());
    if let Err(error) = app.db.feed_fetched(feed.id, now, agent.as_deref()).await {
        tracing::warn!(feed.id = %feed.id, %error, "the last fetch of a feed was not noted");
    }
}

/// The file, from entries rendered when their sessions were written; only for less than full detail, for another
/// language than the event's, with reminders, or for those who have to be there, they are rendered now.
async fn render(app: &App, subscription: &Subscription) -> Result<Bytes, Error> {
    let (connection, selection) = (app.db.read(), &subscription.selection);
    let file = if subscription.is_stored() {
        store::rendered_add(connection, selection, subscription.calendar.open()).await?.close()
    } else {
        let events = store::event_list(connection, selection).await?;
        let sessions = store::placed_list(connection, selection).await?;
        let sittings = sessions.iter().map(|session| &session.content);
        let settings = Settings::load_beside(connection, sittings, &events).await?;
        let open = store::groups_open(connection, &sessions, &settings).await?;
        let Subscription { detail, alarm, .. } = *subscription;
        let expected =
            if subscription.takes_time() { store::expected_list(connection, selection).await? } else { HashSet::new() };
        let wanted = entries::Wanted { detail, language: subscription.language.as_ref(), open, alarm, expected };
        let dates = match events.first().filter(|_| selection.kind == Kind::Dates) {
            Some(event) => {
                wanted.deadlines(app, event, store::deadline_list(connection, &selection.viewer, event.id).await?)
            }
            None => vec![],
        };
        subscription.calendar.assemble(entries::vevents(app, (&events, &sessions, dates), &settings, &wanted)?)
    };
    // Without the room it had to grow: it is kept for a while.
    Ok(Bytes::from(file.into_bytes().into_boxed_slice()))
}
