//! `/sessions/{id}/minutes`, what belongs to it, and `/corrections`.

use documents::{
    minutes::report,
    report::{html, markdown},
};
use domain::{
    identifier::Handle,
    minutes::{Correction, Decision, Edit, Minutes, Proposal, Request, Transition},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{Revision, corrections};
use crate::{
    context::Ctx,
    db::{Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        param::{Param, given},
        reply::{Created, Document, Found, Listed},
    },
};

domain::words! {
    /// The formats minutes can be had in.
    #[derive(Default)]
    #[schemars(rename = "MinutesFormat")]
    pub enum Format {
        /// CommonMark.
        #[default]
        Markdown = "markdown",
        /// One HTML page without style or script.
        Html = "html",
    }
}

/// The operations on minutes.
#[derive(Debug)]
pub struct SessionMinutes;

#[OpenApi(tag = "Tag::Attendance")]
impl SessionMinutes {
    /// Read the minutes of a session
    ///
    /// Until they are circulated for those who run the event, afterwards for its delegations too.
    #[oai(path = "/sessions/:id/minutes", method = "get", operation_id = "get_minutes")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Minutes>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Draft the minutes of a session
    ///
    /// Filled from what is on record: place, times, chair, who was there by whom and at what level (under the names of when
    /// the session started, protected persons by their function), the texts before it and those it adopted. From then on
    /// the words are the secretariat's and the chair's. A session has minutes once.
    #[oai(path = "/sessions/:id/minutes", method = "post", operation_id = "draft_minutes")]
    async fn draft(&self, ctx: Ctx, id: Path<String>, body: Body<Request>) -> Result<Created<Visible<Minutes>>, Error> {
        let made = super::create(&ctx, &Handle::from(id.0), body.0).await?;
        let path = format!("/sessions/{}/minutes", made.content.session_id);
        Created::at(&ctx, &path, &made, made.version.to_string())
    }

    /// Edit minutes
    ///
    /// Says from which `revision` the text was made; the parts that are sent are written, the others stay. What somebody
    /// else wrote since then is kept line by line; where both wrote in the same lines the answer is 412, with the minutes
    /// as they are and the text that was sent. Every revision is kept.
    #[oai(path = "/sessions/:id/minutes/edits", method = "post", operation_id = "edit_minutes")]
    async fn edit(&self, ctx: Ctx, id: Path<String>, body: Body<Edit>) -> Result<Found<Visible<Minutes>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// List the revisions of minutes
    ///
    /// Oldest first, each with its whole text and who wrote it. For those who run the event.
    #[oai(path = "/sessions/:id/minutes/revisions", method = "get", operation_id = "list_minutes_revisions")]
    async fn revisions(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Revision>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::revisions(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Move minutes to another state
    ///
    /// `draft` → `circulated` → `adopted`. Circulating names the instant until which delegations may propose corrections;
    /// adopting names the session that adopts, once that instant is past and every correction is answered.
    #[oai(path = "/sessions/:id/minutes/transitions", method = "post", operation_id = "transition_minutes")]
    async fn step(&self, ctx: Ctx, id: Path<String>, body: Body<Transition>) -> Result<Found<Visible<Minutes>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Export minutes
    ///
    /// As a document in the language they were drafted in.
    #[oai(path = "/sessions/:id/minutes/export", method = "get", operation_id = "export_minutes")]
    async fn export(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// `markdown` (the default) or `html`.
        format: Query<Option<Param<Format>>>,
    ) -> Result<Document, Error> {
        let (minutes, title) = super::titled(&ctx, &Handle::from(id.0)).await?;
        let report = report(&minutes, &title);
        let language = report.language.clone();
        let (media_type, content) = match given(format).unwrap_or_default() {
            Format::Markdown => ("text/markdown; charset=utf-8", markdown(&report)),
            Format::Html => ("text/html; charset=utf-8", html(&report)),
        };
        Ok(Document::new(&ctx, media_type, content, language))
    }

    /// List the corrections to minutes
    ///
    /// In the order in which they came. A delegation sees its own, those who run the event all.
    #[oai(path = "/sessions/:id/minutes/corrections", method = "get", operation_id = "list_corrections")]
    async fn corrections(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Correction>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &corrections::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Propose a correction to minutes
    ///
    /// For the manager or the head of a delegation, while the minutes are circulated and the window is open.
    #[oai(path = "/sessions/:id/minutes/corrections", method = "post", operation_id = "propose_correction")]
    async fn propose(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Proposal>,
    ) -> Result<Listed<Visible<Correction>>, Error> {
        Listed::computed(&ctx, &corrections::propose(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Decide on a correction
    ///
    /// For the secretariat and the chair, until the minutes are adopted. An accepted correction is worked into the text by
    /// an edit.
    #[oai(path = "/corrections/:id/decision", method = "post", operation_id = "decide_correction")]
    async fn decide(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Decision>,
    ) -> Result<Found<Visible<Correction>>, Error> {
        Found::new(&ctx, &corrections::decide(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
