//! `/events/{id}/releases` and `/releases/{id}`.

use domain::{
    identifier::Handle,
    schedule::{NewRelease, Release},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{DryRun, Released, Reset};
use crate::{
    context::Ctx,
    db::{Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        checked::Checked,
        reply::{Created, Found, Listed},
    },
    schedule::plans::Undone,
};

/// The operations on releases of programmes.
#[derive(Debug)]
pub struct Releases;

#[OpenApi(tag = "Tag::Sessions")]
impl Releases {
    /// List the releases of a programme
    ///
    /// Of an event you may see, the first first.
    #[oai(path = "/events/:id/releases", method = "get", operation_id = "list_releases")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Release>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Release the programme
    ///
    /// In one step everything that is planned is announced: sessions with a time that were never announced, and the
    /// plans of those that were. `GET /events/{id}/draft` says beforehand what that does. Nothing of it is announced
    /// where one plan does not go any more; the refusal says which.
    #[oai(path = "/events/:id/releases", method = "post", operation_id = "create_release")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Say what the write would bring about, and do not make it.
        #[oai(default)]
        dry_run: Query<bool>,
        body: Body<NewRelease>,
    ) -> Result<Checked<Created<Visible<Release>>, DryRun>, Error> {
        let event = Handle::from(id.0);
        if dry_run.0 {
            let tried = super::try_create(&ctx, &event, body.0).await?;
            return Ok(Checked::Tried(Listed::computed(&ctx, &tried)?));
        }
        let release = super::create(&ctx, &event, body.0).await?;
        Ok(Checked::Written(Created::new(&ctx, "/releases", &release)?))
    }

    /// Read a release
    ///
    /// By id.
    #[oai(path = "/releases/:id", method = "get", operation_id = "get_release")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Release>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// List the sessions of a release
    ///
    /// The programme as it stood then, by start, with what the release did to each. You see what you might see then and
    /// may see now.
    #[oai(path = "/releases/:id/sessions", method = "get", operation_id = "list_released_sessions")]
    async fn sessions(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only what the release did something to.
        news: Query<Option<bool>>,
    ) -> Result<Listed<Page<Released>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let news = news.0.unwrap_or_default();
        Listed::new(&ctx, &super::sessions(&ctx, &Handle::from(id.0), news, &paging).await?)
    }

    /// Plan the programme as it was in an earlier release
    ///
    /// Sessions made since stay as they are, and nobody is told anything before the next release. Can be undone.
    #[oai(path = "/events/:id/draft/reset", method = "post", operation_id = "reset_draft")]
    async fn reset(&self, ctx: Ctx, id: Path<String>, body: Body<Reset>) -> Result<Listed<Undone>, Error> {
        Listed::computed(&ctx, &super::reset(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
