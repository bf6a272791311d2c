//! `/delegations/{id}/credentials`, `/credentials` and `/events/{id}/credentials-report`.

use domain::{
    attendance::{Credential, credentials::Submitted},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::report::{self, Format};
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        reply::{Created, Document, Done, Found, Listed},
    },
};

/// The operations on credentials.
#[derive(Debug)]
pub struct Credentials;

#[OpenApi(tag = "Tag::Delegations")]
impl Credentials {
    /// List the credentials of a delegation
    ///
    /// The papers it handed in, in the order in which they came. For the delegation itself and those who run the event.
    #[oai(path = "/delegations/:id/credentials", method = "get", operation_id = "list_credentials")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Submitted>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Submit a credential
    ///
    /// For the secretariat, and for an organisation in its own delegation until that is closed. That the original was
    /// seen, only the secretariat says.
    #[oai(path = "/delegations/:id/credentials", method = "post", operation_id = "submit_credential")]
    async fn submit(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Credential>,
    ) -> Result<Created<Visible<Submitted>>, Error> {
        Created::new(&ctx, "/credentials", &super::submit(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a credential
    ///
    /// For the delegation itself and those who run the event.
    #[oai(path = "/credentials/:id", method = "get", operation_id = "get_credential")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Submitted>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace what is known of a credential
    ///
    /// Everything that is not sent is cleared. Once the original was seen, only the secretariat changes anything.
    #[oai(path = "/credentials/:id", method = "put", operation_id = "replace_credential")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Credential>,
    ) -> Result<Found<Visible<Submitted>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change what is known of a credential
    ///
    /// JSON merge patch: what is not sent stays.
    #[oai(path = "/credentials/:id", method = "patch", operation_id = "update_credential")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Credential>,
    ) -> Result<Found<Visible<Submitted>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Delete a credential
    ///
    /// Takes the paper out of the register; findings stay on record. An organisation takes back what the secretariat has
    /// not seen the original of.
    #[oai(path = "/credentials/:id", method = "delete", operation_id = "delete_credential")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Draft the report of the credentials committee
    ///
    /// From the findings as they are now: lists A (in due form), B (provisional) and C (none), then what is challenged
    /// or rejected, in protocol order of the language, under the names at the event. In English, French and Polish; in
    /// other languages with English sentences. For those who run the event.
    #[oai(path = "/events/:id/credentials-report", method = "get", operation_id = "export_credentials_report")]
    async fn report(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// `markdown` (the default) or `html`.
        format: Query<Option<Param<Format>>>,
    ) -> Result<Document, Error> {
        let format = given(format).unwrap_or_default();
        let (content, language) = report::create(&ctx, &Handle::from(id.0), format).await?;
        Ok(Document::new(&ctx, format.media_type(), content, language))
    }
}
