//! `/feeds`.

use domain::{
    calendars::{Feed, FeedRotation, FeedSettings, Kind},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::Filter;
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on feeds.
#[derive(Debug)]
pub struct Feeds;

#[OpenApi(tag = "Tag::Feeds")]
impl Feeds {
    /// List feeds
    ///
    /// Staff get those of everybody within their limits, others those they have made.
    #[oai(path = "/feeds", method = "get", operation_id = "list_feeds")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only those of this kind.
        kind: Query<Option<Param<Kind>>>,
        /// Only those of this event, group, room or person, by id.
        object_id: Query<Option<Uuid>>,
    ) -> Result<Listed<Page<Visible<Feed>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Filter { kind: given(kind), object_id: object_id.0 }, &paging).await?)
    }

    /// Read a feed
    ///
    /// By id. The address of a feed with a token is only told where it is made and where its token is replaced.
    #[oai(path = "/feeds/:id", method = "get", operation_id = "get_feed")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Feed>>, Error> {
        let feed = super::get(&ctx, feed_id(&id)?).await?;
        // Being fetched does not make a new version of a feed, but another answer.
        let fetched = feed.content.last_fetched_at.map_or(0, |at| at.as_second());
        Found::marked(&ctx, &feed, &fetched.to_string())
    }

    /// Make a feed
    ///
    /// The answer holds its address. That of a feed with access `token` is a secret, shown only now: whoever has it can
    /// read the feed. It shows what the key that made it may see each time it is fetched, and ends with that key.
    #[oai(path = "/feeds", method = "post", operation_id = "create_feed")]
    async fn create(&self, ctx: Ctx, body: Body<FeedSettings>) -> Result<Created<Visible<Feed>>, Error> {
        let feed = super::create(&ctx, body.0).await?;
        Ok(Created::new(&ctx, "/feeds", &feed)?.not_to_be_kept())
    }

    /// Replace a feed
    ///
    /// All but its kind, object and access; subscribers need not do anything.
    #[oai(path = "/feeds/:id", method = "put", operation_id = "replace_feed")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<FeedSettings>,
    ) -> Result<Found<Visible<Feed>>, Error> {
        Found::new(&ctx, &super::replace(&ctx, feed_id(&id)?, expected, body.0).await?)
    }

    /// Change a feed
    ///
    /// JSON merge patch of all but its kind, object and access: what is not sent stays.
    #[oai(path = "/feeds/:id", method = "patch", operation_id = "update_feed")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<FeedSettings>,
    ) -> Result<Found<Visible<Feed>>, Error> {
        let id = feed_id(&id)?;
        let patched = body.apply(&super::get(&ctx, id).await?.content.settings)?;
        Found::new(&ctx, &super::replace(&ctx, id, expected, patched).await?)
    }

    /// Revoke a feed
    ///
    /// Its address ends at once. The public feed of a public event or group stays, as it exists by itself.
    #[oai(path = "/feeds/:id", method = "delete", operation_id = "delete_feed")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::revoke(&ctx, feed_id(&id)?, expected).await?;
        Ok(Done)
    }

    /// Replace the token of a feed
    ///
    /// For whoever made the feed, and for staff where a key made it: a person's calendar shows what that person sees, so
    /// nobody else gets an address of it. The new address is in the answer and is not shown again. The old one ends
    /// at once, or `overlap_hours` later; one that was older still ends at once. Revoking the feed ends all.
    #[oai(path = "/feeds/:id/rotate", method = "post", operation_id = "rotate_feed")]
    async fn rotate(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<FeedRotation>,
    ) -> Result<Found<Visible<Feed>>, Error> {
        let feed = super::rotate(&ctx, feed_id(&id)?, body.0).await?;
        Ok(Found::new(&ctx, &feed)?.not_to_be_kept())
    }
}

/// Feeds have no codes; what is not an id names none.
fn feed_id(id: &str) -> Result<Uuid, Error> {
    match Handle::from(id) {
        Handle::Id(id) => Ok(id),
        Handle::Code(_) => Err(Error::NotFound),
    }
}
