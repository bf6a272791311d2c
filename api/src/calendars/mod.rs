//! Calendar feeds: who made them, and what their subscribers get.
//!
//! Here are the use cases of `/feeds`; what answers below `/ical/` is in [`subscription`]. A public event or group has
//! its public feed without anybody making one; a feed made here with access `public` only puts it on the list. How
//! calendars are written is the business of `domain::calendars`.

pub mod caldav;
pub mod pages;
pub mod resource;
pub mod store;
pub mod subscription;

use domain::{
    access::{Resource, TOKEN_BYTES, Target, Token, TokenKind, overlap_end},
    calendars::{Access, Feed, FeedRotation, FeedSettings, Kind, SubscribeLink},
    identifier::{Handle, OrganisationId, PersonId},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    attendance::delegations,
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Visible, to_json},
    error::Error,
    organisations,
};
pub use store::Filter;

/// One page of feeds: all that staff may see, of others their own.
pub async fn list(ctx: &Ctx, filter: &Filter, paging: &Paging) -> Result<Page<Visible<Feed>>, Error> {
    let page = store::feed_list(ctx.read(Resource::Feeds)?, &ctx.actor, filter, paging).await?;
    page.try_map(|feed| Ok(with_url(ctx, feed, None)))
}

/// One feed. The address of a feed with a token is not told again.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<Visible<Feed>, Error> {
    let feed = store::feed_find(ctx.read(Resource::Feeds)?, &ctx.actor, id).await?;
    Ok(with_url(ctx, feed, None))
}

/// Makes a feed; its address is in the answer. A feed shows what its owner sees, so whoever may not read sessions
/// cannot make one.
pub async fn create(ctx: &Ctx, input: FeedSettings) -> Result<Visible<Feed>, Error> {
    let permit = ctx.actor.permit(Resource::Feeds, Target::default())?;
    ctx.actor.may_read(Resource::Sessions)?;
    input.check()?;
    let input = resolved(ctx, input).await?;
    let token = match input.access {
        Access::Public => None,
        Access::Token => Some(new_token(ctx)?),
    };
    let tx = ctx.write(permit).await?;
    let made = store::feed_insert(&tx, &input, &ctx.actor.principal, token.as_ref()).await?;
    tx.record(change(ctx, "feed.created", &made, to_json(&made.content.settings)?).await?);
    tx.commit().await?;
    Ok(with_url(ctx, made, token.as_ref()))
}

/// Replaces name, detail and language, if the feed still is what the caller read.
pub async fn replace(ctx: &Ctx, id: Uuid, expected: Expected, input: FeedSettings) -> Result<Visible<Feed>, Error> {
    let permit = ctx.actor.permit(Resource::Feeds, Target::default())?;
    let current = get(ctx, id).await?;
    expected.check_object(&current)?;
    let settings = &current.content.settings;
    input.check()?;
    let input = if input.object_id == settings.object_id { input } else { resolved(ctx, input).await? };
    settings.check_change(&input)?;
    let tx = ctx.write(permit).await?;
    let made = store::feed_update(&tx, &current, &input).await?;
    tx.record(change(ctx, "feed.updated", &made, audit::diff(settings, &made.content.settings)?).await?);
    tx.commit().await?;
    Ok(with_url(ctx, made, None))
}

/// Ends a feed: from now on its address is one that never existed. The public feed of an object stays where it is.
pub async fn revoke(ctx: &Ctx, id: Uuid, expected: Expected) -> Result<(), Error> {
    let permit = ctx.actor.permit(Resource::Feeds, Target::default())?;
    let current = get(ctx, id).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    let version = store::feed_revoke(&tx, &current).await?;
    let change = change(ctx, "feed.revoked", &current, Value::Null).await?;
    tx.record(Change { version, deleted: true, ..change });
    tx.commit().await
}

/// Gives a feed another token; the old address ends at once, or with the overlap. The new one is in the answer.
pub async fn rotate(ctx: &Ctx, id: Uuid, input: FeedRotation) -> Result<Visible<Feed>, Error> {
    let permit = ctx.actor.permit(Resource::Feeds, Target::default())?;
    input.check()?;
    let current = get(ctx, id).await?;
    if current.content.settings.access == Access::Public {
        let detail =
            "A public feed has no token. Make a feed with access 'token', or make the event or group less visible.";
        return Err(Error::conflict("no_token", detail));
    }
    refuse_address_of_another(ctx, &current.content)?;
    let token = new_token(ctx)?;
    let former_ends = (input.overlap_hours > 0).then(|| overlap_end(ctx.now, input.overlap_hours));
    let tx = ctx.write(permit).await?;
    let made = store::feed_rotate(&tx, &current, &token, former_ends).await?;
    tx.record(change(ctx, "feed.rotated", &made, to_json(&input)?).await?);
    tx.commit().await?;
    Ok(with_url(ctx, made, Some(&token)))
}

/// A person's calendar shows what that person sees, behind seals too: whoever got a new address of it would see it as well.
fn refuse_address_of_another(ctx: &Ctx, feed: &Feed) -> Result<(), Error> {
    if feed.owner_account_id.is_none() || feed.owner_account_id == ctx.actor.in_person() {
        return Ok(());
    }
    let detail = "Only the person who subscribed gets a new address of this calendar. You can revoke it.";
    Err(Error::Forbidden(detail.to_owned()))
}

/// The input with the id of its object, which the caller must see, and everybody if the feed is public.
async fn resolved(ctx: &Ctx, input: FeedSettings) -> Result<FeedSettings, Error> {
    let resource = match input.kind {
        Kind::Event | Kind::Dates => Resource::Events,
        Kind::Group => Resource::Groups,
        Kind::Room => Resource::Rooms,
        Kind::Person => return own(ctx, input),
        Kind::Organisation | Kind::Delegation => return of_delegations(ctx, input).await,
    };
    let object = store::object_find(ctx.read(resource)?, &ctx.actor, input.kind, &input.object_id).await?;
    let object = object.ok_or_else(|| {
        let kind = if input.kind == Kind::Dates { Kind::Event } else { input.kind };
        let detail = format!("Name an existing {kind} by id or code.");
        Error::invalid("/object_id", "unknown_object", detail)
    })?;
    if input.access == Access::Public && !object.is_public() {
        let detail = format!("Not everybody may see this {}. Make it public first, or use access 'token'.", input.kind);
        return Err(Error::invalid("/access", "object_not_public", detail));
    }
    Ok(FeedSettings { object_id: Handle::Id(object.id), ..input })
}

/// A feed of the caller's own duties and of what they follow. Keys are for programs, which have neither.
fn own(ctx: &Ctx, input: FeedSettings) -> Result<FeedSettings, Error> {
    let person = ctx.actor.in_person().and(ctx.actor.offices.person);
    let Some(PersonId(person)) = person else {
        let detail = "Only people have duties. Sign in with a browser, with an account that belongs to a person.";
        return Err(Error::invalid("/kind", "not_a_person", detail));
    };
    let meant = match &input.object_id {
        Handle::Id(id) => *id == person,
        Handle::Code(word) => word == "me",
    };
    if meant {
        return Ok(FeedSettings { object_id: Handle::Id(person), ..input });
    }
    let detail = "Subscribe to your own calendar: write 'me', or the id of your own person.";
    Err(Error::invalid("/object_id", "unknown_object", detail))
}

/// A feed of what concerns an organisation or one of its delegations: for itself, and for those who see all of them.
async fn of_delegations(ctx: &Ctx, input: FeedSettings) -> Result<FeedSettings, Error> {
    let found = match input.kind {
        Kind::Organisation => organisations::get(ctx, &input.object_id).await.map(|found| found.id),
        _ => delegations::get_inside(ctx, &input.object_id).await.map(|found| found.id),
    };
    let own = |id: Uuid| input.kind == Kind::Delegation || ctx.actor.represents(OrganisationId(id));
    match found {
        Ok(id) if own(id) || ctx.actor.sees_everything() => Ok(FeedSettings { object_id: Handle::Id(id), ..input }),
        Ok(_) | Err(Error::NotFound | Error::Gone | Error::Forbidden(_)) => {
            let detail = format!("Subscribe to what concerns your own {}: name it by id.", input.kind);
            Err(Error::invalid("/object_id", "unknown_object", detail))
        }
        Err(error) => Err(error),
    }
}

fn new_token(ctx: &Ctx) -> Result<Token, Error> {
    Ok(Token::generate(TokenKind::Feed, &ctx.app.entropy.bytes::<TOKEN_BYTES>()?))
}

/// The feed with its absolute address: the public one, or the secret one while `token` is still known.
fn with_url(ctx: &Ctx, feed: Visible<Feed>, token: Option<&Token>) -> Visible<Feed> {
    let path = |feed: &Feed| match token {
        Some(token) => Some(format!("/ical/{}.ics", token.reveal())),
        None => feed.url.clone(),
    };
    feed.map(|feed| {
        let url = path(&feed).map(|path| format!("{}{path}", ctx.app.config.public_url));
        let links = |url: &String| SubscribeLink::all(url, &feed.settings.name);
        Feed { subscribe: url.as_ref().map(links).unwrap_or_default(), url, ..feed }
    })
}

/// A change the secretariat sees, under the organisation of the feed's owner.
async fn change(ctx: &Ctx, kind: &'static str, feed: &Visible<Feed>, diff: Value) -> Result<Change, Error> {
    let object = crate::db::reference(Some(&feed.content.settings.object_id));
    let (event, group) = match feed.content.settings.kind {
        Kind::Event | Kind::Dates => (object, None),
        Kind::Group => (None, object),
        Kind::Room | Kind::Person | Kind::Organisation | Kind::Delegation => (None, None),
    };
    let organisation = store::owner_organisation(ctx.app.db.read(), &feed.content).await?;
    Ok(Change { event, group, organisation, diff, ..Change::new(kind, feed.id, feed.version) })
}
