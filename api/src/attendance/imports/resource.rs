//! `/events/{id}/imports` and `/imports`.

use domain::{attendance::import::Kind, identifier::Handle};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::Import;
use crate::{
    context::Ctx,
    error::Error,
    http::{
        Tag,
        file::TableFile,
        param::Param,
        reply::{Created, Found},
    },
};

/// The operations on imports.
#[derive(Debug)]
pub struct Imports;

#[OpenApi(tag = "Tag::Delegations")]
impl Imports {
    /// Preview an import
    ///
    /// Send a table as CSV (UTF-8 or UTF-16) or XLSX of at most 10 MiB and 5,000 rows; its first row names the columns.
    /// Nothing is written: the answer says for every row what it would do, and of every cell that stands in the way which
    /// one it is and how to mend it. People are found by external id, then e-mail, then name and organisation, which is
    /// remarked on. A column that is not there leaves alone what it would say, an empty cell clears it; the columns are those
    /// of the exports. The preview is yours alone and kept for 24 hours. For the secretariat; an organisation imports people
    /// into its own delegation, who come from it where they are new.
    #[oai(path = "/events/:id/imports", method = "post", operation_id = "preview_import")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// `delegations` or `delegates`.
        kind: Query<Param<Kind>>,
        file: TableFile,
    ) -> Result<Created<Import>, Error> {
        let made = super::create(&ctx, &Handle::from(id.0), kind.0.0, file).await?;
        Created::at(&ctx, &format!("/imports/{}", made.id), &made, "1".to_owned())
    }

    /// Read an import
    ///
    /// One of your own, for 24 hours.
    #[oai(path = "/imports/:id", method = "get", operation_id = "get_import")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Import>, Error> {
        let import = super::get(&ctx, &Handle::from(id.0)).await?;
        let tag = if import.committed_at.is_some() { "2" } else { "1" };
        Found::tagged(&ctx, &import, tag.to_owned())
    }

    /// Commit an import
    ///
    /// Does exactly what the preview said, in one transaction, or nothing: where something it depends on has changed since,
    /// the answer is 409 `stale-preview`. Rows at fault stand in the way of all.
    #[oai(path = "/imports/:id/commit", method = "post", operation_id = "commit_import")]
    async fn commit(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Import>, Error> {
        let import = super::commit(&ctx, &Handle::from(id.0)).await?;
        Found::tagged(&ctx, &import, "2".to_owned())
    }
}
