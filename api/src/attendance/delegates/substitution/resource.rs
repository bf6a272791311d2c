//! `/delegates/{id}/commitments` and `/delegates/{id}/substitution`.

use domain::{
    attendance::{CommitmentAnswer, Delegate, Substitution},
    identifier::Handle,
};
use poem_openapi::{OpenApi, param::Path};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    context::Ctx,
    db::Visible,
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Created, Listed},
    },
};

/// What a delegate is still to do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Commitments {
    /// The headship first, then sessions by their time, then duties by theirs.
    items: Vec<CommitmentAnswer>,
}

/// The operations on substitution.
#[derive(Debug)]
pub struct Substitutions;

#[OpenApi(tag = "Tag::Delegations")]
impl Substitutions {
    /// List what a delegate is still to do
    ///
    /// What could pass to whoever comes instead: to lead the delegation, to sit in sessions still ahead, and duties there.
    /// For the secretariat and the delegate's own organisation, each of what they see.
    #[oai(path = "/delegates/:id/commitments", method = "get", operation_id = "list_commitments")]
    async fn commitments(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Commitments>, Error> {
        let items = super::commitments(&ctx, &Handle::from(id.0)).await?;
        Listed::computed(&ctx, &Commitments { items })
    }

    /// Substitute a delegate
    ///
    /// Somebody else comes instead and keeps the place, without waiting for one; they are reviewed like anybody who was
    /// submitted. They are named by `person_id`, or by `person` where they are new. Of each commitment it has to be said
    /// whether it moves; what has begun does not. Duties that the caller does not see are declined. The answer is the new
    /// delegate.
    #[oai(path = "/delegates/:id/substitution", method = "post", operation_id = "substitute_delegate")]
    async fn substitute(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Substitution>,
    ) -> Result<Created<Visible<Delegate>>, Error> {
        Created::new(&ctx, "/delegates", &super::substitute(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
