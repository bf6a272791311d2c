//! `/sessions/{id}/sittings`.

use domain::{
    identifier::Handle,
    schedule::{NewSitting, Session},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::super::{DryRun, resource::tried};
use crate::{
    context::Ctx,
    db::{Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        checked::Checked,
        reply::{Created, Listed},
    },
};

/// The operations on the sittings of sessions.
#[derive(Debug)]
pub struct Sittings;

#[OpenApi(tag = "Tag::Sessions")]
impl Sittings {
    /// List the sittings of a session
    ///
    /// Those you may see, by start; those without a placement come last. By the id of whichever of them.
    #[oai(path = "/sessions/:id/sittings", method = "get", operation_id = "list_sittings")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Session>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Add a sitting to a session
    ///
    /// For a meeting of two days, or one that goes on in the evening. It is a session with a number, a time and a room
    /// of its own; everything else is said of the first sitting, which leads, and holds for all.
    #[oai(path = "/sessions/:id/sittings", method = "post", operation_id = "create_sitting")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Say what the write would bring about, and do not make it.
        #[oai(default)]
        dry_run: Query<bool>,
        body: Body<NewSitting>,
    ) -> Result<Checked<Created<Visible<Session>>, DryRun>, Error> {
        let pending = super::begin(&ctx, &Handle::from(id.0), body.0).await?;
        if dry_run.0 {
            return tried(&ctx, pending).await;
        }
        Ok(Checked::Written(Created::new(&ctx, "/sessions", &pending.commit().await?)?))
    }
}
