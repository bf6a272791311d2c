//! `/events/{id}/checks`, `/events/{id}/presence` and `/events/{id}/door`.

use domain::{
    attendance::door::{Answers, Door, Presence, RecordedCheck, Scans, Verdict},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::Filter;
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

/// The operations on checks.
#[derive(Debug)]
pub struct Checks;

#[OpenApi(tag = "Tag::Door")]
impl Checks {
    /// Record scans
    ///
    /// 1 to 100 scans of one device, in the order in which they were made. Every scan is recorded, whatever the answer, and
    /// recorded once: sent again with the same nonce it gets the answer it got before. A device that was offline says what
    /// it said on its own (`told`) and sends the scans as soon as it can; their times are those of the device, corrected
    /// where its clock is wrong. What does not go together with the rest is kept and marked as a conflict.
    #[oai(path = "/events/:id/checks", method = "post", operation_id = "record_checks")]
    async fn record(&self, ctx: Ctx, id: Path<String>, body: Body<Scans>) -> Result<Listed<Answers>, Error> {
        Listed::computed(&ctx, &super::record(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// List the checks of an event
    ///
    /// In the order in which the server was told of them. For the secretariat of the event and auditors.
    #[oai(path = "/events/:id/checks", method = "get", operation_id = "list_checks")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only of this check type, by its id.
        check_type: Query<Option<Param<Handle>>>,
        /// Only of this delegate, by their id.
        delegate: Query<Option<Param<Handle>>>,
        /// Only with this result, such as `already_in`.
        result: Query<Option<Param<Verdict>>>,
        /// Only those that do not go together with the others (`true`), or those that do.
        conflict: Query<Option<bool>>,
    ) -> Result<Listed<Page<RecordedCheck>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let (check_type, delegate) = (given(check_type), given(delegate));
        let filter = Filter { check_type, delegate, result: given(result), conflict: conflict.0 };
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &filter, &paging).await?)
    }

    /// Read who is inside
    ///
    /// For every check type that knows a way out: the delegates who last passed inwards, the longest inside first. It is
    /// worked out of the checks. For the secretariat of the event and auditors.
    #[oai(path = "/events/:id/presence", method = "get", operation_id = "get_presence")]
    async fn presence(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Presence>, Error> {
        Listed::computed(&ctx, &super::presence(&ctx, &Handle::from(id.0)).await?)
    }

    /// Read what a device needs
    ///
    /// Everything by which a device without a network decides: the public keys that badges are signed by, the check types,
    /// and every badge by the hash of its token, revoked and lost ones included. No names. Ask for it often, with
    /// `If-None-Match`.
    #[oai(path = "/events/:id/door", method = "get", operation_id = "get_door")]
    async fn door(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Door>, Error> {
        Listed::computed(&ctx, &super::door(&ctx, &Handle::from(id.0)).await?)
    }
}
