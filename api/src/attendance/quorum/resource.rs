//! `/sessions/{id}/quorum` and `/sessions/{id}/quorum-snapshots`.

use domain::{attendance::Quorum, identifier::Handle, moment::Moment};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{Request, Snapshot};
use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{
        Tag,
        body::Body,
        param::{Param, given},
        reply::Listed,
    },
};

/// The operations on quorums.
#[derive(Debug)]
pub struct Quorums;

#[OpenApi(tag = "Tag::Attendance")]
impl Quorums {
    /// Count the quorum of a session
    ///
    /// By the rule of the event or its group: a fraction of the members, of the voting members, or of the registered
    /// delegations, as the group was when the session started. A delegation counts whose credentials let it vote and of
    /// which somebody with a vote is there. For those who run the event.
    #[oai(path = "/sessions/:id/quorum", method = "get", operation_id = "get_quorum")]
    async fn get(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// As it was at this instant, by what was said for that instant or before.
        as_of: Query<Option<Param<Moment>>>,
    ) -> Result<Listed<Quorum>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, &Handle::from(id.0), given(as_of)).await?)
    }

    /// Freeze the quorum of a session
    ///
    /// For the secretariat and the chair: counted now and kept as it is, whatever is recorded later. The adoption of a
    /// statement in a session does the same by itself.
    #[oai(path = "/sessions/:id/quorum", method = "post", operation_id = "freeze_quorum")]
    async fn take(&self, ctx: Ctx, id: Path<String>, body: Body<Request>) -> Result<Listed<Snapshot>, Error> {
        Listed::computed(&ctx, &super::take(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// List the frozen quorums of a session
    ///
    /// Oldest first. For those who run the event.
    #[oai(path = "/sessions/:id/quorum-snapshots", method = "get", operation_id = "list_quorum_snapshots")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Snapshot>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }
}
