//! `/groups/{id}/memberships` and `/memberships`.

use domain::{
    groups::{Membership, MembershipAnswer},
    identifier::Handle,
    moment::Moment,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    groups::Span,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on memberships.
#[derive(Debug)]
pub struct Memberships;

#[OpenApi(tag = "Tag::Groups")]
impl Memberships {
    /// List the memberships of a group
    ///
    /// Organisations that belong to it at an instant, by the code of the organisation.
    #[oai(path = "/groups/:id/memberships", method = "get", operation_id = "list_memberships")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Those that held at this instant (RFC 3339), or at midnight UTC of this date; now, unless you say otherwise.
        as_of: Query<Option<Param<Moment>>>,
        /// All there ever were, and those to come, whatever `as_of` says.
        all: Query<Option<bool>>,
    ) -> Result<Listed<Page<Visible<MembershipAnswer>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let span = Span::new(&ctx, given(as_of), all.0);
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), span, &paging).await?)
    }

    /// Add a membership
    ///
    /// Memberships of the same organisation in the same group do not overlap.
    #[oai(path = "/groups/:id/memberships", method = "post", operation_id = "create_membership")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Membership>,
    ) -> Result<Created<Visible<MembershipAnswer>>, Error> {
        Created::new(&ctx, "/memberships", &super::create(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a membership
    ///
    /// By id.
    #[oai(path = "/memberships/:id", method = "get", operation_id = "get_membership")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<MembershipAnswer>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace a membership
    ///
    /// Everything that is not sent is cleared.
    #[oai(path = "/memberships/:id", method = "put", operation_id = "replace_membership")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Membership>,
    ) -> Result<Found<Visible<MembershipAnswer>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a membership
    ///
    /// JSON merge patch: what is not sent stays; `null` in `valid_to` lets it go on.
    #[oai(path = "/memberships/:id", method = "patch", operation_id = "update_membership")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Membership>,
    ) -> Result<Found<Visible<MembershipAnswer>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |membership| body.apply(membership)).await?)
    }

    /// Delete a membership
    ///
    /// For one entered by mistake. When an organisation leaves, give its membership a `valid_to` instead.
    #[oai(path = "/memberships/:id", method = "delete", operation_id = "delete_membership")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }
}
