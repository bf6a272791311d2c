//! `/groups`.

use domain::{
    external::ExternalId,
    groups::{Group, GroupAnswer, Kind, State, Transition},
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
        reply::{Created, Done, Found, Listed, Put},
    },
};

/// The operations on groups.
#[derive(Debug)]
pub struct Groups;

#[OpenApi(tag = "Tag::Groups")]
impl Groups {
    /// List groups
    ///
    /// Those you may see, by code.
    #[oai(path = "/groups", method = "get", operation_id = "list_groups")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Words in the code or any name, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
        /// Only this kind, such as `working_group`.
        kind: Query<Option<Param<Kind>>>,
        /// Only parts of this group, by id or code.
        parent: Query<Option<Param<Handle>>>,
        /// Only in this state, such as `active`.
        state: Query<Option<Param<State>>>,
    ) -> Result<Listed<Page<Visible<GroupAnswer>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { q: q.0, kind: given(kind), parent: given(parent), state: given(state) };
        Listed::new(&ctx, &super::list(&ctx, &filter, &paging).await?)
    }

    /// Read a group
    ///
    /// By id or code.
    #[oai(path = "/groups/:id", method = "get", operation_id = "get_group")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<GroupAnswer>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Add a group
    ///
    /// It begins as a proposal. Unless you say otherwise only the secretariat sees it.
    #[oai(path = "/groups", method = "post", operation_id = "create_group")]
    async fn create(&self, ctx: Ctx, body: Body<Group>) -> Result<Created<Visible<GroupAnswer>>, Error> {
        Created::new(&ctx, "/groups", &super::create(&ctx, body.0).await?)
    }

    /// Replace a group
    ///
    /// Everything that is not sent is cleared. A group cannot become part of one of its own parts.
    #[oai(path = "/groups/:id", method = "put", operation_id = "replace_group")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Group>,
    ) -> Result<Found<Visible<GroupAnswer>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a group
    ///
    /// JSON merge patch: what is not sent stays. A group cannot become part of one of its own parts.
    #[oai(path = "/groups/:id", method = "patch", operation_id = "update_group")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Group>,
    ) -> Result<Found<Visible<GroupAnswer>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |group| body.apply(group)).await?)
    }

    /// Move a group to another state
    ///
    /// `proposed` → `active` ⇄ `dormant`; `concluded` from `active` and `dormant`, and for good.
    #[oai(path = "/groups/:id/transitions", method = "post", operation_id = "transition_group")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Transition>,
    ) -> Result<Found<Visible<GroupAnswer>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Delete a group
    ///
    /// For one entered by mistake: it leaves all lists, and what refers to it keeps it. A group whose work is done is
    /// concluded instead.
    #[oai(path = "/groups/:id", method = "delete", operation_id = "delete_group")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Create or replace a group by a partner's id
    ///
    /// For synchronising without a mapping table; `If-Match` is honoured but not needed.
    #[oai(path = "/groups/by-external/:system/:external_id", method = "put", operation_id = "put_group_by_external_id")]
    async fn put_external(
        &self,
        ctx: Ctx,
        system: Path<String>,
        external_id: Path<String>,
        expected: Expected,
        body: Body<Group>,
    ) -> Result<Put<Visible<GroupAnswer>>, Error> {
        let external = ExternalId { system: system.0, id: external_id.0 };
        let (group, new) = super::put_external(&ctx, external, expected, body.0).await?;
        Put::new(&ctx, "/groups", &group, new)
    }
}
