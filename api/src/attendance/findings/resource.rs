//! `/delegations/{id}/findings` and `/delegations/{id}/finding`.

use domain::{
    attendance::{
        FindingInput,
        finding::{Found, Standing},
    },
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{Tag, body::Body, reply::Listed},
};

/// The operations on findings.
#[derive(Debug)]
pub struct Findings;

#[OpenApi(tag = "Tag::Delegations")]
impl Findings {
    /// List the findings on the credentials of a delegation
    ///
    /// Oldest first; the last one holds. For the delegation itself and those who run the event.
    #[oai(path = "/delegations/:id/findings", method = "get", operation_id = "list_findings")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Found>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Record a finding on the credentials of a delegation
    ///
    /// For the secretariat. `none` → `provisional` → `in_due_form` → `challenged` → `accepted` or `rejected`. In due
    /// form needs a document whose original was seen; a challenge needs a reason; acceptance and rejection need the
    /// session or the committee that decided, and rejection a challenge and a reason. The answer says what holds now.
    #[oai(path = "/delegations/:id/findings", method = "post", operation_id = "record_finding")]
    async fn record(&self, ctx: Ctx, id: Path<String>, body: Body<FindingInput>) -> Result<Listed<Standing>, Error> {
        Listed::computed(&ctx, &super::record(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read what holds of the credentials of a delegation
    ///
    /// The latest finding, and what the delegation may do with it by the rules of procedure: vote, sit without a vote, or
    /// nothing. For the delegation itself and those who run the event.
    #[oai(path = "/delegations/:id/finding", method = "get", operation_id = "get_finding")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Standing>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }
}
