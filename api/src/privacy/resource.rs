//! `/persons/{id}/export` and `/persons/{id}/erasure`.

use domain::{
    Language,
    privacy::{Erased, ErasureOrder, ExportFormat},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{
        Tag,
        body::Body,
        param::{Param, given},
        reply::{Document, Listed},
    },
};

/// The operations on what is kept about people.
#[derive(Debug)]
pub struct Privacy;

#[OpenApi(tag = "Tag::Persons")]
impl Privacy {
    /// Export what is kept about a person
    ///
    /// Every row of every table that is about the person, with the purpose of each column and how long it is kept;
    /// secrets excepted. For administrators, and for the person when signed in. That it was read is an entry of the
    /// audit log.
    #[oai(path = "/persons/:id/export", method = "get", operation_id = "export_person")]
    async fn export(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// `json` (the default) or `text`.
        format: Query<Option<Param<ExportFormat>>>,
    ) -> Result<Document, Error> {
        let export = super::export(&ctx, id.0).await?;
        let (media_type, content) = match given(format).unwrap_or_default() {
            ExportFormat::Json => ("application/json", serde_json::to_string(&export)?),
            ExportFormat::Text => ("text/plain; charset=utf-8", export.to_text()),
        };
        Ok(Document::new(&ctx, media_type, content, Language::english()).not_to_be_kept())
    }

    /// Erase a person
    ///
    /// For good and everywhere: names, addresses and everything else that is personal, in the audit log too; accounts,
    /// keys, sign-ins and calendars of the person end. Offices, seats and authorship stay, without the name. `If-Match`
    /// takes the version of the person, which the export says too. For administrators who have signed in within the
    /// last minutes.
    #[oai(path = "/persons/:id/erasure", method = "post", operation_id = "erase_person")]
    async fn erase(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        expected: Expected,
        body: Body<ErasureOrder>,
    ) -> Result<Listed<Erased>, Error> {
        Listed::computed(&ctx, &super::erase(&ctx, id.0, expected, &body.0).await?)
    }
}
