//! `/sessions/{id}/plan` and `/events/{id}/draft`.

use domain::{identifier::Handle, schedule::Plan};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{DryRun, Pending, Prospect, Standing, Undone};
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        checked::Checked,
        reply::{Found, Listed},
    },
};

/// The operations on the draft of a programme.
#[derive(Debug)]
pub struct Plans;

#[OpenApi(tag = "Tag::Sessions")]
impl Plans {
    /// Read what is planned of a session
    ///
    /// What shall become of it with the next release of the programme; where nothing is planned, it as it stands. For
    /// those who plan: the secretariat, the chairs and auditors.
    #[oai(path = "/sessions/:id/plan", method = "get", operation_id = "get_session_plan")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Plan>, Error> {
        answer(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Plan a session anew
    ///
    /// Nobody else learns of it before the programme is released; until then people see the session as it stands. A
    /// session that equals its plan has none. What was never announced is planned in the session itself. While nobody
    /// has planned anything no `If-Match` is needed; after that it is.
    #[oai(path = "/sessions/:id/plan", method = "put", operation_id = "set_session_plan")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        /// Say what the write would bring about, and do not make it.
        #[oai(default)]
        dry_run: Query<bool>,
        body: Body<Plan>,
    ) -> Result<Checked<Found<Plan>, DryRun>, Error> {
        planned(&ctx, super::set(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?, dry_run.0).await
    }

    /// Change what is planned of a session
    ///
    /// JSON merge patch of the plan, or of the session as it stands where there is none:
    /// `{"session": {"room_id": "hall-b"}}`, `{"cancel_reason": "The speaker is ill."}`.
    #[oai(path = "/sessions/:id/plan", method = "patch", operation_id = "update_session_plan")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        /// Say what the write would bring about, and do not make it.
        #[oai(default)]
        dry_run: Query<bool>,
        body: Patch<Plan>,
    ) -> Result<Checked<Found<Plan>, DryRun>, Error> {
        let pending = super::set(&ctx, &Handle::from(id.0), expected, |plan| body.apply(plan)).await?;
        planned(&ctx, pending, dry_run.0).await
    }

    /// List what the next release does
    ///
    /// The sessions of the event that it announces, moves, changes, cancels or postpones, as they shall be, by the start
    /// they have now. For those who plan; everybody else gets an empty list.
    #[oai(path = "/events/:id/draft", method = "get", operation_id = "list_draft")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Prospect>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::draft(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Undo the last change of the draft
    ///
    /// Whoever made it: of a plan, of a session that was not announced yet, or the return to an earlier release. What was
    /// added is deleted, what was deleted is put back as it was. One after the other, back to the last release.
    #[oai(path = "/events/:id/draft/undo", method = "post", operation_id = "undo_draft_change")]
    async fn undo(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Undone>, Error> {
        Listed::computed(&ctx, &super::undo(&ctx, &Handle::from(id.0)).await?)
    }
}

fn answer(ctx: &Ctx, standing: Standing) -> Result<Found<Plan>, Error> {
    Found::tagged(ctx, &standing.plan, super::tag(standing.version, standing.session_version))
}

async fn planned(ctx: &Ctx, pending: Pending, dry_run: bool) -> Result<Checked<Found<Plan>, DryRun>, Error> {
    if dry_run {
        return Ok(Checked::Tried(Listed::computed(ctx, &pending.tried(ctx).await?)?));
    }
    Ok(Checked::Written(answer(ctx, pending.commit().await?)?))
}
