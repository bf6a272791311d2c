//! `/events/{id}/participants`, its formats and its editions.

use documents::participants::ParticipantsDoc;
use domain::{
    attendance::participants::{Edition, EditionKind, Publication},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{Wanted, export};
use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{
        Tag,
        body::Body,
        download::{Download, Format},
        param::{Param, given},
        reply::{Created, Document, Listed},
    },
};

/// The operations on lists of participants.
#[derive(Debug)]
pub struct Participants;

fn wanted(edition: Query<Option<i32>>, preview: Query<Option<Param<EditionKind>>>) -> Wanted {
    Wanted { edition: edition.0, preview: given(preview) }
}

#[OpenApi(tag = "Tag::Delegations")]
impl Participants {
    /// Read the list of participants
    ///
    /// The latest published edition, resolved for the first language asked for, else the event's main one: by category,
    /// in the protocol order of the language, in each delegation the head first. Protected persons stand there by
    /// function only, also in editions published before they were protected. For those who take part in the event.
    #[oai(path = "/events/:id/participants", method = "get", operation_id = "get_participants")]
    async fn get(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Number of an edition; the latest where it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "2147483647")))]
        edition: Query<Option<i32>>,
        /// Instead what would be published now, for the secretariat: `provisional` or `final`.
        preview: Query<Option<Param<EditionKind>>>,
    ) -> Result<Listed<ParticipantsDoc>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, &Handle::from(id.0), wanted(edition, preview)).await?)
    }

    /// Read the list of participants as HTML
    ///
    /// One page with headings to move by, without style or script.
    #[oai(path = "/events/:id/participants.html", method = "get", operation_id = "export_participants_html")]
    async fn html(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Number of an edition; the latest where it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "2147483647")))]
        edition: Query<Option<i32>>,
        /// Instead what would be published now, for the secretariat: `provisional` or `final`.
        preview: Query<Option<Param<EditionKind>>>,
    ) -> Result<Document, Error> {
        let made = export::html(&ctx, &Handle::from(id.0), wanted(edition, preview)).await?;
        Ok(Document::new(&ctx, "text/html; charset=utf-8", made.content, made.language))
    }

    /// Read the list of participants as DOCX
    ///
    /// For word processors: styled headings, the language of every line, title and language in the properties.
    #[oai(path = "/events/:id/participants.docx", method = "get", operation_id = "export_participants_docx")]
    async fn docx(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Number of an edition; the latest where it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "2147483647")))]
        edition: Query<Option<i32>>,
        /// Instead what would be published now, for the secretariat: `provisional` or `final`.
        preview: Query<Option<Param<EditionKind>>>,
    ) -> Result<Download, Error> {
        let made = export::docx(&ctx, &Handle::from(id.0), wanted(edition, preview)).await?;
        Ok(Download::new(&ctx, Format::Docx, "participants", made.content).in_language(made.language))
    }

    /// Read the list of participants as PDF
    ///
    /// Tagged and held to PDF/UA-1: it has a title, a language and a structure. It is set in fonts of Latin, Greek
    /// and Cyrillic script, and those the server's operator adds; where names are in another, the answer is 409
    /// `font-missing`.
    #[oai(path = "/events/:id/participants.pdf", method = "get", operation_id = "export_participants_pdf")]
    async fn pdf(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Number of an edition; the latest where it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "2147483647")))]
        edition: Query<Option<i32>>,
        /// Instead what would be published now, for the secretariat: `provisional` or `final`.
        preview: Query<Option<Param<EditionKind>>>,
    ) -> Result<Download, Error> {
        let made = export::pdf(&ctx, &Handle::from(id.0), wanted(edition, preview)).await?;
        Ok(Download::new(&ctx, Format::Pdf, "participants", made.content).in_language(made.language))
    }

    /// List the editions of the list of participants
    ///
    /// Oldest first.
    #[oai(path = "/events/:id/participants/editions", method = "get", operation_id = "list_participants_editions")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Edition>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Publish an edition of the list of participants
    ///
    /// For the secretariat. It is frozen as the list is now: `provisional` has whoever is named to a delegation that has
    /// accepted, `final` whoever was approved, of the delegations that were confirmed. Those who take part in the event see
    /// it.
    #[oai(path = "/events/:id/participants/editions", method = "post", operation_id = "publish_participants")]
    async fn publish(&self, ctx: Ctx, id: Path<String>, body: Body<Publication>) -> Result<Created<Edition>, Error> {
        let made = super::publish(&ctx, &Handle::from(id.0.clone()), body.0).await?;
        let path = format!("/events/{}/participants?edition={}", id.0, made.number);
        Created::at(&ctx, &path, &made, made.number.to_string())
    }
}
