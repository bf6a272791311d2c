//! `/events/{id}/badges`, `/badges` and `/delegates/{id}/badge`.

use domain::{
    Language,
    attendance::door::{Badge, BadgeOrder, BadgeState, BadgeTransition, BadgesIssued, BadgesOrder, Paper},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{Filter, sheet::Wanted};
use crate::{
    context::Ctx,
    db::{Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        download::{Download, Format},
        param::{Param, given},
        reply::{Created, Document, Found, Listed},
    },
};

/// The operations on badges.
#[derive(Debug)]
pub struct Badges;

#[OpenApi(tag = "Tag::Door")]
impl Badges {
    /// List the badges of an event
    ///
    /// In the order in which they were issued, those that have ended too. Whoever does not run the event sees their own.
    #[oai(path = "/events/:id/badges", method = "get", operation_id = "list_badges")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only of this delegation, by its id or the code of its organisation.
        delegation: Query<Option<Param<Handle>>>,
        /// Only in this state, such as `valid`.
        state: Query<Option<Param<BadgeState>>>,
    ) -> Result<Listed<Page<Visible<Badge>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { delegation: given(delegation), state: given(state) };
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &filter, &paging).await?)
    }

    /// Issue badges to all who have none
    ///
    /// To the approved delegates of the event, or of one delegation, by organisation and name: up to 500 at once. Nobody's
    /// badge is replaced.
    #[oai(path = "/events/:id/badges", method = "post", operation_id = "issue_badges")]
    async fn issue_all(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<BadgesOrder>,
    ) -> Result<Listed<BadgesIssued>, Error> {
        Listed::computed(&ctx, &super::issue_all(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Print the badges of an event
    ///
    /// The valid ones as PDF, for the secretariat of the event: by category, by organisation in the protocol order of the
    /// language (`lang`), by function and name; protected people by their function. Up to 1,000 at once. Whoever has a sheet
    /// has the badges.
    #[oai(path = "/events/:id/badges.pdf", method = "get", operation_id = "print_badges")]
    async fn print(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Only those of this delegation, by its id or the code of its organisation.
        delegation: Query<Option<Param<Handle>>>,
        /// `a4`, four badges on a sheet to be cut, or `a6`, one on each.
        paper: Query<Option<Param<Paper>>>,
    ) -> Result<Download, Error> {
        let wanted = Wanted { delegation: given(delegation), paper: given(paper).unwrap_or_default() };
        let (content, language) = super::sheet::pdf(&ctx, &Handle::from(id.0), wanted).await?;
        Ok(Download::new(&ctx, Format::Pdf, "badges", content).in_language(language).not_to_be_kept())
    }

    /// Read a badge
    ///
    /// For those who run the event, and for its holder in person.
    #[oai(path = "/badges/:id", method = "get", operation_id = "get_badge")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Badge>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// End a badge
    ///
    /// To `lost` or `revoked`, at once and for good: every door refuses it, devices without a network from their next
    /// `GET /events/{id}/door` on. Issue another one in its place.
    #[oai(path = "/badges/:id/transitions", method = "post", operation_id = "end_badge")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<BadgeTransition>,
    ) -> Result<Found<Visible<Badge>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read the badge of a delegate
    ///
    /// The last one that was issued. What its QR code says stands in it for its holder in person and for the
    /// secretariat of the event.
    #[oai(path = "/delegates/:id/badge", method = "get", operation_id = "get_delegate_badge")]
    async fn of_delegate(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Visible<Badge>>, Error> {
        Ok(Listed::computed(&ctx, &super::of_delegate(&ctx, &Handle::from(id.0)).await?)?.not_to_be_kept())
    }

    /// Issue a badge to a delegate
    ///
    /// With the number of the badge before, if there was one: that badge stops working. A badge opens no door before its
    /// holder is approved.
    #[oai(path = "/delegates/:id/badge", method = "post", operation_id = "issue_badge")]
    async fn issue(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<BadgeOrder>,
    ) -> Result<Created<Visible<Badge>>, Error> {
        Created::new(&ctx, "/badges", &super::issue(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read the QR code of a delegate's badge
    ///
    /// As SVG, for its holder in person and for the secretariat of the event, while the badge is valid.
    #[oai(path = "/delegates/:id/badge/qr", method = "get", operation_id = "get_delegate_badge_qr")]
    async fn qr(&self, ctx: Ctx, id: Path<String>) -> Result<Document, Error> {
        let svg = super::qr_of_delegate(&ctx, &Handle::from(id.0)).await?;
        Ok(Document::new(&ctx, "image/svg+xml", svg, Language::english()).not_to_be_kept())
    }
}
