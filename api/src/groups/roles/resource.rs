//! `/groups/{id}/roles` and `/roles`.

use domain::{
    groups::{Role, RoleAnswer},
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

/// The operations on roles.
#[derive(Debug)]
pub struct Roles;

#[OpenApi(tag = "Tag::Groups")]
impl Roles {
    /// List the roles of a group
    ///
    /// Functions held in it at an instant, chairs first, with the names their holders had
    /// then. Who holds one is left out where you may not see the person.
    #[oai(path = "/groups/:id/roles", method = "get", operation_id = "list_roles")]
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
    ) -> Result<Listed<Page<Visible<RoleAnswer>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let span = Span::new(&ctx, given(as_of), all.0);
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), span, &paging).await?)
    }

    /// Add a role
    ///
    /// A person may hold several. A role is no permission.
    #[oai(path = "/groups/:id/roles", method = "post", operation_id = "create_role")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Role>,
    ) -> Result<Created<Visible<RoleAnswer>>, Error> {
        Created::new(&ctx, "/roles", &super::create(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a role
    ///
    /// By id.
    #[oai(path = "/roles/:id", method = "get", operation_id = "get_role")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<RoleAnswer>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace a role
    ///
    /// Everything that is not sent is cleared.
    #[oai(path = "/roles/:id", method = "put", operation_id = "replace_role")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Role>,
    ) -> Result<Found<Visible<RoleAnswer>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a role
    ///
    /// JSON merge patch: what is not sent stays; `null` in `valid_to` lets it go on.
    #[oai(path = "/roles/:id", method = "patch", operation_id = "update_role")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Role>,
    ) -> Result<Found<Visible<RoleAnswer>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |role| body.apply(role)).await?)
    }

    /// Delete a role
    ///
    /// For one entered by mistake. When somebody hands over, give the role a `valid_to` instead.
    #[oai(path = "/roles/:id", method = "delete", operation_id = "delete_role")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }
}
