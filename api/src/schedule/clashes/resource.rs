//! `/events/{id}/clashes` and what is said about them.

use domain::{
    identifier::Handle,
    schedule::clashes::{NewWaiver, Settings, Waiver},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::{ProgrammeClash, Said, Which};
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        param::{Param, given},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on clashes of programmes.
#[derive(Debug)]
pub struct Clashes;

#[OpenApi(tag = "Tag::Sessions")]
impl Clashes {
    /// List the clashes of a programme
    ///
    /// What is wrong with it, by rule: rooms that are taken, closed or too small, too little time between two uses,
    /// sessions without a place. A clash keeps its `fingerprint` while it is the same. Of sessions you may not see it says
    /// that there is another commitment. For those who plan.
    #[oai(path = "/events/:id/clashes", method = "get", operation_id = "list_clashes")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// `draft`, as the next release would make it, or `announced`, as people know it. By default the draft.
        programme: Query<Option<Param<Which>>>,
    ) -> Result<Listed<Page<ProgrammeClash>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let which = given(programme).unwrap_or_default();
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), which, &paging).await?)
    }

    /// Read what an event says about clashes
    ///
    /// How grave each rule is, and its numbers. What is usual holds while nothing was said. For those who plan.
    #[oai(path = "/events/:id/clash-rules", method = "get", operation_id = "get_clash_rules")]
    async fn settings(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Settings>, Error> {
        answer(&ctx, super::settings(&ctx, &Handle::from(id.0)).await?)
    }

    /// Say how grave clashes are at an event
    ///
    /// `block_edit`: what brings it about cannot even be planned; `block_release`: it is not released; `warn`: it is
    /// shown; `ignore`: it is not looked for. While nothing was said no `If-Match` is needed; after that it is.
    #[oai(path = "/events/:id/clash-rules", method = "put", operation_id = "set_clash_rules")]
    async fn set_settings(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Settings>,
    ) -> Result<Found<Settings>, Error> {
        answer(&ctx, super::set_settings(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }

    /// List the waivers of an event
    ///
    /// Which clashes somebody has taken upon themselves, and why; also those whose clash is gone or another by now. For
    /// those who plan.
    #[oai(path = "/events/:id/waivers", method = "get", operation_id = "list_waivers")]
    async fn waivers(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Waiver>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::waivers(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Waive a clash
    ///
    /// You take it upon yourself, with a reason: it no longer keeps the programme from being released. It is for that
    /// clash alone, and ends when that becomes another. A room booked twice is never waived.
    #[oai(path = "/events/:id/waivers", method = "post", operation_id = "waive_clash")]
    async fn waive(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<NewWaiver>,
    ) -> Result<Created<Visible<Waiver>>, Error> {
        Created::new(&ctx, "/waivers", &super::waive(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Withdraw a waiver
    ///
    /// The clash stands again, if it is still there.
    #[oai(path = "/waivers/:id", method = "delete", operation_id = "withdraw_waiver")]
    async fn withdraw(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        let id = Uuid::parse_str(&id.0).map_err(|_| Error::NotFound)?;
        super::withdraw(&ctx, id, expected).await?;
        Ok(Done)
    }
}

fn answer(ctx: &Ctx, said: Said) -> Result<Found<Settings>, Error> {
    Found::tagged(ctx, &said.settings, said.version.to_string())
}
