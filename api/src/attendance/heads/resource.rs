//! `/delegations/{id}/heads`.

use domain::{attendance::TermsInput, identifier::Handle};
use poem_openapi::{OpenApi, param::Path};

use super::{Led, terms};
use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{Tag, body::Body, reply::Found},
};

/// The operations on heads of delegations.
#[derive(Debug)]
pub struct Heads;

#[OpenApi(tag = "Tag::Delegations")]
impl Heads {
    /// Read who leads a delegation
    ///
    /// Its heads in order of time. The first leads from the beginning until the second takes over, and so on, so that
    /// somebody leads at every instant and nobody beside them. For the secretariat and the organisation itself. The
    /// entity tag is that of the delegation.
    #[oai(path = "/delegations/:id/heads", method = "get", operation_id = "get_heads")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<TermsInput>, Error> {
        answer(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Say who leads a delegation
    ///
    /// All its heads in order of time: a minister who leaves on the second day is followed by whoever takes over. A
    /// delegation that was submitted always has a head. Terms that have begun are the secretariat's to change.
    #[oai(path = "/delegations/:id/heads", method = "put", operation_id = "set_heads")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<TermsInput>,
    ) -> Result<Found<TermsInput>, Error> {
        answer(&ctx, super::set(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }
}

fn answer(ctx: &Ctx, led: Led) -> Result<Found<TermsInput>, Error> {
    Found::tagged(ctx, &TermsInput { terms: terms(&led.heads) }, led.version.to_string())
}
