//! `/events/{id}/delegates` and `/delegates`.

use domain::{
    attendance::{Delegate, Function, Nomination},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

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

/// The operations on delegates.
#[derive(Debug)]
pub struct Delegates;

#[OpenApi(tag = "Tag::Delegations")]
impl Delegates {
    /// List the delegates at an event
    ///
    /// By family name, under the names they had when the event began. A delegate sees those of its own delegation.
    #[oai(path = "/events/:id/delegates", method = "get", operation_id = "list_delegates")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Words in a name or the address, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
        /// Only of this delegation, by its id or the code of its organisation.
        delegation: Query<Option<Param<Handle>>>,
        /// Only those who do this, such as `head`.
        function: Query<Option<Param<Function>>>,
    ) -> Result<Listed<Page<Visible<Delegate>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { q: q.0, delegation: given(delegation), function: given(function) };
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &filter, &paging).await?)
    }

    /// Name a delegate
    ///
    /// For the secretariat, and for an organisation in its own delegation until that is closed. A delegation has one
    /// head at most.
    #[oai(path = "/events/:id/delegates", method = "post", operation_id = "nominate_delegate")]
    async fn nominate(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Nomination>,
    ) -> Result<Created<Visible<Delegate>>, Error> {
        Created::new(&ctx, "/delegates", &super::nominate(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a delegate
    ///
    /// For the secretariat and the delegate's own organisation.
    #[oai(path = "/delegates/:id", method = "get", operation_id = "get_delegate")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Delegate>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace what is said of a delegate
    ///
    /// Everything that is not sent is cleared; person and delegation stay.
    #[oai(path = "/delegates/:id", method = "put", operation_id = "replace_delegate")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Nomination>,
    ) -> Result<Found<Visible<Delegate>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change what is said of a delegate
    ///
    /// JSON merge patch: what is not sent stays. To change the head, first give the present head another function.
    #[oai(path = "/delegates/:id", method = "patch", operation_id = "update_delegate")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Nomination>,
    ) -> Result<Found<Visible<Delegate>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Withdraw a delegate
    ///
    /// The person leaves the delegation; sessions where they sat for it keep that.
    #[oai(path = "/delegates/:id", method = "delete", operation_id = "withdraw_delegate")]
    async fn withdraw(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::withdraw(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }
}
