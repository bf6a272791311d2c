//! `/statements`.

use domain::{
    external::ExternalId,
    identifier::Handle,
    statements::{Details, Kind, State, Statement, Transition},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{
    Filter,
    draft::{self, FirstDraft},
    export::{self, Format},
};
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        reply::{Created, Document, Done, Found, Listed, Put},
    },
};

/// The operations on statements as a whole.
#[derive(Debug)]
pub struct Statements;

#[OpenApi(tag = "Tag::Statements")]
impl Statements {
    /// List statements
    ///
    /// Those you may see, in the order in which they were made. Delegations see a statement once it is tabled.
    #[oai(path = "/statements", method = "get", operation_id = "list_statements")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Words in the code or a title, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
        /// Only of this event, by id or code.
        event: Query<Option<Param<Handle>>>,
        /// Only in this state, such as `adopted`.
        state: Query<Option<Param<State>>>,
        /// Only this kind, such as `joint_statement`.
        kind: Query<Option<Param<Kind>>>,
    ) -> Result<Listed<Page<Visible<Statement>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { q: q.0, event: given(event), state: given(state), kind: given(kind) };
        Listed::new(&ctx, &super::list(&ctx, &filter, &paging).await?)
    }

    /// Read a statement
    ///
    /// By id or code. Its text is read clause by clause, as a version, or as an export.
    #[oai(path = "/statements/:id", method = "get", operation_id = "get_statement")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Statement>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Add a statement
    ///
    /// It begins in drafting, without clauses. Unless you say otherwise only the secretariat sees it.
    #[oai(path = "/statements", method = "post", operation_id = "create_statement")]
    async fn create(&self, ctx: Ctx, body: Body<Details>) -> Result<Created<Visible<Statement>>, Error> {
        Created::new(&ctx, "/statements", &super::create(&ctx, body.0).await?)
    }

    /// Replace a statement
    ///
    /// Everything that is not sent is cleared; the clauses stay. Once the text is final, only visibility and foreign ids
    /// change.
    #[oai(path = "/statements/:id", method = "put", operation_id = "replace_statement")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Details>,
    ) -> Result<Found<Visible<Statement>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a statement
    ///
    /// JSON merge patch: what is not sent stays. Once the text is final, only visibility and foreign ids change.
    #[oai(path = "/statements/:id", method = "patch", operation_id = "update_statement")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Details>,
    ) -> Result<Found<Visible<Statement>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |details| body.apply(details)).await?)
    }

    /// Move a statement to another state
    ///
    /// `drafting` → `tabled` → `negotiating` → `adopted` → `published`; `failed` from `negotiating`, `withdrawn` from
    /// anything before adoption. Tabling freezes the zero draft. Adoption wants every clause agreed and an operative one
    /// among them, freezes the adopted text and lets nobody edit it any more. Publication shows it to everybody who sees
    /// the event. A chair's summary is published from drafting. A refused step says what to do first.
    #[oai(path = "/statements/:id/transitions", method = "post", operation_id = "transition_statement")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Transition>,
    ) -> Result<Found<Visible<Statement>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Write the first draft
    ///
    /// From the facts of the event, in all languages of the statement for which there are phrases, while it has no
    /// clauses. `lints` names what could not be said properly, such as a case form that is not stored.
    #[oai(path = "/statements/:id/draft", method = "post", operation_id = "draft_statement")]
    async fn draft(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<FirstDraft>, Error> {
        Listed::computed(&ctx, &draft::create(&ctx, &Handle::from(id.0)).await?)
    }

    /// Export a statement
    ///
    /// As a document in one language: `?lang=`, else the best of `Accept-Language`, else the drafting language. What does
    /// not exist in it stands in another language and says so. An adopted statement is read from its frozen text.
    #[oai(path = "/statements/:id/export", method = "get", operation_id = "export_statement")]
    async fn export(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// `markdown` (the default), `html`, `text` or `json`.
        format: Query<Option<Param<Format>>>,
        /// Number of a frozen version; the adopted text, or else the text as it stands, where it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "2147483647")))]
        version: Query<Option<u32>>,
    ) -> Result<Document, Error> {
        let format = given(format).unwrap_or_default();
        let exported = export::create(&ctx, &Handle::from(id.0), format, version.0).await?;
        Ok(Document::new(&ctx, format.media_type(), exported.content, exported.language))
    }

    /// Delete a statement
    ///
    /// With its clauses and versions. What was adopted stays on record.
    #[oai(path = "/statements/:id", method = "delete", operation_id = "delete_statement")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Create or replace a statement by a partner's id
    ///
    /// For synchronising without a mapping table; `If-Match` is honoured but not needed.
    #[oai(
        path = "/statements/by-external/:system/:external_id",
        method = "put",
        operation_id = "put_statement_by_external_id"
    )]
    async fn put_external(
        &self,
        ctx: Ctx,
        system: Path<String>,
        external_id: Path<String>,
        expected: Expected,
        body: Body<Details>,
    ) -> Result<Put<Visible<Statement>>, Error> {
        let external = ExternalId { system: system.0, id: external_id.0 };
        let (statement, new) = super::put_external(&ctx, external, expected, body.0).await?;
        Put::new(&ctx, "/statements", &statement, new)
    }
}
