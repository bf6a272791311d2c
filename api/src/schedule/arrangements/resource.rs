//! `/events/{id}/practical-arrangements`.

use domain::{identifier::Handle, schedule::Arrangements};
use poem_openapi::{OpenApi, param::Path};

use super::Said;
use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Found, tag_beside},
    },
};

/// The operations on practical arrangements.
#[derive(Debug)]
pub struct PracticalArrangements;

#[OpenApi(tag = "Tag::Sessions")]
impl PracticalArrangements {
    /// Read the practical arrangements of an event
    ///
    /// What the host arranges, as far as programmes depend on it: working hours, days off, times kept free, ways between
    /// places and teams of interpreters. All times are those on the clocks of the event. For those who plan.
    #[oai(path = "/events/:id/practical-arrangements", method = "get", operation_id = "get_practical_arrangements")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Arrangements>, Error> {
        answer(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Say what the host of an event arranges
    ///
    /// As a whole: what is not sent is gone. Clashes and placement help follow it at once, and the times on the wall stay
    /// when the event gets another time zone. While nothing was said no `If-Match` is needed; after that it is.
    #[oai(path = "/events/:id/practical-arrangements", method = "put", operation_id = "set_practical_arrangements")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Arrangements>,
    ) -> Result<Found<Arrangements>, Error> {
        answer(&ctx, super::set(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }
}

fn answer(ctx: &Ctx, said: Said) -> Result<Found<Arrangements>, Error> {
    // Offsets follow the zone of the event, which has another version.
    Found::tagged(ctx, &said.arrangements, tag_beside(said.version, &said.arrangements)?)
}
