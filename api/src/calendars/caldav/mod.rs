//! Reading calendars by CalDAV (RFC 4791): a person's subscriptions as collections, each entry with an address of its own.
//!
//! Whoever has shown an app password sees here what the same subscriptions show them below `/ical/`: a calendar is the
//! file of a feed, found and rendered by [`subscription`], and its entries are cut out of that file. Nothing can be
//! written. Requests and answers are read and written in `domain::calendars::caldav`.

pub mod resource;
mod store;

use domain::{
    access::Actor,
    calendars::caldav::{Changes, Collection, Person, State},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::subscription::{self, Memory, Subscription};
use crate::{
    access::sign_in::app_passwords::{self, Holder},
    context::App,
    db::to_json,
    error::Error,
};

/// Somebody who reads their calendars.
#[derive(Debug)]
pub struct Reader {
    /// Who it is.
    pub person: Person,
    actor: Actor,
    account_changed: Timestamp,
}

/// A calendar as its reader may see it now, before anything of it is rendered.
#[derive(Debug)]
pub struct Calendar {
    /// What is told of it as such.
    pub collection: Collection,
    /// Changes whenever anything in it does.
    tag: String,
    subscription: Subscription,
}

/// Who has shown this user and password.
pub async fn reader(app: &App, user: &str, password: &str, agent: Option<&str>) -> Result<Reader, Error> {
    let Holder { account, actor } = app_passwords::authenticate(app, user, password, agent).await?;
    let person = Person { account: account.id, name: account.content.name, email: account.content.email };
    Ok(Reader { person, actor, account_changed: account.changed_at })
}

/// The calendars of a reader, oldest first.
pub async fn calendars(app: &App, reader: &Reader) -> Result<Vec<Calendar>, Error> {
    found(app, reader, None).await
}

/// One of them.
pub async fn calendar(app: &App, reader: &Reader, feed: Uuid) -> Result<Calendar, Error> {
    found(app, reader, Some(feed)).await?.pop().ok_or(Error::NotFound)
}

/// The calendar as a file.
pub async fn file(app: &App, memory: &Memory, calendar: &Calendar) -> Result<String, Error> {
    let body = subscription::body(app, memory, &calendar.subscription).await?;
    String::from_utf8(body.into()).map_err(Error::internal)
}

/// What became of a calendar, whose file this is, since its reader was given `token`; everything without one. Nothing where
/// the token is not known, or not any more.
pub async fn changes(
    app: &App,
    calendar: &Calendar,
    file: &str,
    token: Option<&str>,
) -> Result<Option<Changes>, Error> {
    let feed = calendar.collection.feed;
    let before = match token.map(|token| token.strip_prefix(&address(app, ""))) {
        None => State::default(),
        Some(None) => return Ok(None),
        Some(Some(tag)) if tag == calendar.tag => State::of(file),
        Some(Some(tag)) => match store::state_find(app.db.read(), feed, tag).await? {
            Some(state) => state,
            None => return Ok(None),
        },
    };
    let now = State::of(file);
    if token != Some(calendar.collection.token.as_str()) {
        app.db.calendar_state_keep(feed, &calendar.tag, to_json(&now)?, app.clock.now()).await?;
    }
    Ok(Some(now.since(&before)))
}

async fn found(app: &App, reader: &Reader, only: Option<Uuid>) -> Result<Vec<Calendar>, Error> {
    let who = (reader.person.account, reader.actor.clone(), reader.account_changed);
    let subscriptions = subscription::of_account(app, who, only).await?;
    Ok(subscriptions.into_iter().filter_map(|subscription| read(app, subscription)).collect())
}

fn read(app: &App, subscription: Subscription) -> Option<Calendar> {
    let tag = subscription.etag.trim_matches('"').to_owned();
    let collection = Collection {
        feed: subscription.feed?,
        name: subscription.calendar().name.as_str().to_owned(),
        colour: subscription.calendar().colour,
        token: address(app, &tag),
        takes_time: subscription.takes_time(),
    };
    Some(Calendar { collection, tag, subscription })
}

/// Sync tokens are addresses (RFC 6578, 4), at which nothing is.
fn address(app: &App, tag: &str) -> String {
    format!("{}/dav/sync/{tag}", app.config.public_url)
}
