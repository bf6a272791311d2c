//! `/events/{id}/delegations.csv` and its like.

use domain::identifier::Handle;
use poem_openapi::{OpenApi, param::Path};

use super::Format;
use crate::{
    context::Ctx,
    error::Error,
    http::{
        Tag,
        download::{Download, Format as File},
    },
};

/// The operations on tables of delegations and delegates.
#[derive(Debug)]
pub struct Tables;

#[OpenApi(tag = "Tag::Delegations")]
impl Tables {
    /// Export the delegations of an event as CSV
    ///
    /// What you see in the list, in UTF-8 with a byte order mark. Times are on the event's clock and name its zone. A value
    /// that a spreadsheet would compute begins with an apostrophe, which an import takes away again.
    #[oai(path = "/events/:id/delegations.csv", method = "get", operation_id = "export_delegations_csv")]
    async fn delegations_csv(&self, ctx: Ctx, id: Path<String>) -> Result<Download, Error> {
        let table = super::delegations(&ctx, &Handle::from(id.0), Format::Csv).await?;
        Ok(Download::new(&ctx, File::Csv, "delegations", table))
    }

    /// Export the delegations of an event as XLSX
    ///
    /// What you see in the list, every value as text. Times are on the event's clock and name its zone.
    #[oai(path = "/events/:id/delegations.xlsx", method = "get", operation_id = "export_delegations_xlsx")]
    async fn delegations_xlsx(&self, ctx: Ctx, id: Path<String>) -> Result<Download, Error> {
        let table = super::delegations(&ctx, &Handle::from(id.0), Format::Xlsx).await?;
        Ok(Download::new(&ctx, File::Xlsx, "delegations", table))
    }

    /// Export the delegates at an event as CSV
    ///
    /// What you see in the list, with names and addresses of your own people. Columns for papers, food, needs and travel are
    /// there where you know them of everybody in the table, because an empty cell would clear them when it is imported. To
    /// name the same people at another event, take away the column `id`. In UTF-8 with a byte order mark; times are on the
    /// event's clock and name its zone. A value that a spreadsheet would compute begins with an apostrophe, which an import
    /// takes away again.
    #[oai(path = "/events/:id/delegates.csv", method = "get", operation_id = "export_delegates_csv")]
    async fn delegates_csv(&self, ctx: Ctx, id: Path<String>) -> Result<Download, Error> {
        let table = super::delegates(&ctx, &Handle::from(id.0), Format::Csv).await?;
        Ok(Download::new(&ctx, File::Csv, "delegates", table))
    }

    /// Export the delegates at an event as XLSX
    ///
    /// As CSV, every value as text. Times are on the event's clock and name its zone.
    #[oai(path = "/events/:id/delegates.xlsx", method = "get", operation_id = "export_delegates_xlsx")]
    async fn delegates_xlsx(&self, ctx: Ctx, id: Path<String>) -> Result<Download, Error> {
        let table = super::delegates(&ctx, &Handle::from(id.0), Format::Xlsx).await?;
        Ok(Download::new(&ctx, File::Xlsx, "delegates", table))
    }
}
