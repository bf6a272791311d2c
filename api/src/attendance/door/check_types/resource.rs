//! `/events/{id}/check-types` and `/check-types`.

use domain::{
    attendance::door::{CheckType, CheckTypeDetails},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on check types.
#[derive(Debug)]
pub struct CheckTypes;

#[OpenApi(tag = "Tag::Door")]
impl CheckTypes {
    /// List the check types of an event
    ///
    /// In the order in which they were made. For those who run the event.
    #[oai(path = "/events/:id/check-types", method = "get", operation_id = "list_check_types")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<CheckType>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Add a check type
    ///
    /// What is checked at a door of the event: a name, how often one may pass, who, and when.
    #[oai(path = "/events/:id/check-types", method = "post", operation_id = "create_check_type")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<CheckTypeDetails>,
    ) -> Result<Created<Visible<CheckType>>, Error> {
        Created::new(&ctx, "/check-types", &super::create(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a check type
    ///
    /// For those who run the event.
    #[oai(path = "/check-types/:id", method = "get", operation_id = "get_check_type")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<CheckType>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace a check type
    ///
    /// Everything that is not sent is cleared. Devices without a network learn of it with their next
    /// `GET /events/{id}/door`.
    #[oai(path = "/check-types/:id", method = "put", operation_id = "replace_check_type")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<CheckTypeDetails>,
    ) -> Result<Found<Visible<CheckType>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a check type
    ///
    /// JSON merge patch: what is not sent stays.
    #[oai(path = "/check-types/:id", method = "patch", operation_id = "update_check_type")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<CheckTypeDetails>,
    ) -> Result<Found<Visible<CheckType>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Delete a check type
    ///
    /// Its doors let nobody pass any more. What was scanned there stays.
    #[oai(path = "/check-types/:id", method = "delete", operation_id = "delete_check_type")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }
}
