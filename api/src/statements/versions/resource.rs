//! `/statements/{id}/versions`.

use domain::identifier::Handle;
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{Entry, Request, Version};
use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Created, Listed},
    },
};

/// The operations on versions.
#[derive(Debug)]
pub struct Versions;

#[OpenApi(tag = "Tag::Statements")]
impl Versions {
    /// List the versions of a statement
    ///
    /// Oldest first, without their content. Those who take no part in the event see what was adopted.
    #[oai(path = "/statements/:id/versions", method = "get", operation_id = "list_statement_versions")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Entry>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Freeze a version
    ///
    /// The text as it stands, with everything it is rendered from. It is never changed afterwards, and each version
    /// carries the hash of the one before.
    #[oai(path = "/statements/:id/versions", method = "post", operation_id = "create_statement_version")]
    async fn create(&self, ctx: Ctx, id: Path<String>, body: Body<Request>) -> Result<Created<Version>, Error> {
        let version = super::create(&ctx, &Handle::from(id.0), body.0).await?;
        let path = format!("/statements/{}/versions/{}", version.entry.statement_id, version.entry.number);
        Created::at(&ctx, &path, &version, version.entry.sha256.clone())
    }

    /// Read a version
    ///
    /// With its content. Ask for all languages (no `lang`, no `Accept-Language`) to compute its hash again.
    #[oai(path = "/statements/:id/versions/:number", method = "get", operation_id = "get_statement_version")]
    async fn get(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Its number, from 1.
        #[oai(validator(minimum(value = "1"), maximum(value = "2147483647")))]
        number: Path<u32>,
    ) -> Result<Listed<Version>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, &Handle::from(id.0), number.0).await?)
    }
}
