//! `/me/follows`.

use domain::attendance::{Follow, Followed, NewFollow};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        param::{Param, given},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on what somebody follows.
#[derive(Debug)]
pub struct Follows;

#[OpenApi(tag = "Tag::Attendance")]
impl Follows {
    /// List what I follow
    ///
    /// As far as I may see it, in the order in which I began. What I may see no longer is left out, and is there again when I
    /// may.
    #[oai(path = "/me/follows", method = "get", operation_id = "get_my_follows")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only what is of this kind.
        kind: Query<Option<Param<Followed>>>,
    ) -> Result<Listed<Page<Visible<Follow>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, given(kind), &paging).await?)
    }

    /// Show one thing that I follow
    ///
    /// By the id it has in the list; what I may see no longer is not there.
    #[oai(path = "/me/follows/:id", method = "get", operation_id = "get_my_follow")]
    async fn get(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Found<Visible<Follow>>, Error> {
        Found::new(&ctx, &super::get(&ctx, id.0).await?)
    }

    /// Follow a session, a group or an event
    ///
    /// Its sessions are in my calendar (a feed of the kind `person`), and I read of what a release does to them, unless my
    /// mail settings say otherwise: as far as I may see them, as they are announced, and without a part in them. A session
    /// is followed with all its sittings, a further sitting alone. Following something again changes nothing.
    #[oai(path = "/me/follows", method = "post", operation_id = "create_my_follow")]
    async fn create(&self, ctx: Ctx, body: Body<NewFollow>) -> Result<Created<Visible<Follow>>, Error> {
        let made = super::create(&ctx, body.0).await?;
        Created::new(&ctx, "/me/follows", &made)
    }

    /// Follow something no longer
    ///
    /// What I have a part in stays in my calendar.
    #[oai(path = "/me/follows/:id", method = "delete", operation_id = "delete_my_follow")]
    async fn delete(&self, ctx: Ctx, id: Path<Uuid>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, id.0, expected).await?;
        Ok(Done)
    }
}
