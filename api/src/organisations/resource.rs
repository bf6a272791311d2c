//! `/organisations`.

use domain::{
    external::ExternalId,
    identifier::Handle,
    organisations::{Kind, Organisation},
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

/// The operations on organisations.
#[derive(Debug)]
pub struct Organisations;

#[OpenApi(tag = "Tag::Organisations")]
impl Organisations {
    /// List organisations
    ///
    /// States and other organisations, by code.
    #[oai(path = "/organisations", method = "get", operation_id = "list_organisations")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Words in any name or the code, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
        /// Only this kind, such as `state`.
        kind: Query<Option<Param<Kind>>>,
    ) -> Result<Listed<Page<Visible<Organisation>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { q: q.0, kind: given(kind) };
        Listed::new(&ctx, &super::list(&ctx, &filter, &paging).await?)
    }

    /// Read an organisation
    ///
    /// By id or code.
    #[oai(path = "/organisations/:id", method = "get", operation_id = "get_organisation")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Organisation>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Add an organisation
    ///
    /// The code must be free.
    #[oai(path = "/organisations", method = "post", operation_id = "create_organisation")]
    async fn create(&self, ctx: Ctx, body: Body<Organisation>) -> Result<Created<Visible<Organisation>>, Error> {
        Created::new(&ctx, "/organisations", &super::create(&ctx, body.0).await?)
    }

    /// Replace an organisation
    ///
    /// Everything that is not sent is cleared.
    #[oai(path = "/organisations/:id", method = "put", operation_id = "replace_organisation")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Organisation>,
    ) -> Result<Found<Visible<Organisation>>, Error> {
        Found::new(&ctx, &super::replace(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }

    /// Change an organisation
    ///
    /// JSON merge patch: what is not sent stays.
    #[oai(path = "/organisations/:id", method = "patch", operation_id = "update_organisation")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Organisation>,
    ) -> Result<Found<Visible<Organisation>>, Error> {
        let handle = Handle::from(id.0);
        let patched = body.apply(&super::get(&ctx, &handle).await?.content)?;
        Found::new(&ctx, &super::replace(&ctx, &handle, expected, patched).await?)
    }

    /// Delete an organisation
    ///
    /// It leaves all lists; what refers to it keeps it.
    #[oai(path = "/organisations/:id", method = "delete", operation_id = "delete_organisation")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Create or replace an organisation by a partner's id
    ///
    /// For synchronising without a mapping table; `If-Match` is honoured but not needed.
    #[oai(
        path = "/organisations/by-external/:system/:external_id",
        method = "put",
        operation_id = "put_organisation_by_external_id"
    )]
    async fn put_external(
        &self,
        ctx: Ctx,
        system: Path<String>,
        external_id: Path<String>,
        expected: Expected,
        body: Body<Organisation>,
    ) -> Result<Put<Visible<Organisation>>, Error> {
        let external = ExternalId { system: system.0, id: external_id.0 };
        let (organisation, new) = super::put_external(&ctx, external, expected, body.0).await?;
        Put::new(&ctx, "/organisations", &organisation, new)
    }
}
