//! `/events/{id}/registration`.

use domain::{attendance::Registration as Asks, identifier::Handle};
use poem_openapi::{OpenApi, param::Path};

use super::Asked;
use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{Tag, body::Body, reply::Found},
};

/// The operations on what events ask of those who come.
#[derive(Debug)]
pub struct Registration;

#[OpenApi(tag = "Tag::Delegations")]
impl Registration {
    /// Read what an event asks of those who come
    ///
    /// Until when delegates are named, how many a delegation may bring, how long a free place is held for the next in
    /// line, and when reminders are due. What is usual holds while nothing was said.
    #[oai(path = "/events/:id/registration", method = "get", operation_id = "get_registration")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Asks>, Error> {
        answer(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Say what an event asks of those who come
    ///
    /// For the secretariat. While nothing was said no `If-Match` is needed; after that it is. Fewer places than before
    /// take nobody's place away; more are offered at once to those who wait.
    #[oai(path = "/events/:id/registration", method = "put", operation_id = "set_registration")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Asks>,
    ) -> Result<Found<Asks>, Error> {
        answer(&ctx, super::set(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }
}

fn answer(ctx: &Ctx, asked: Asked) -> Result<Found<Asks>, Error> {
    Found::tagged(ctx, &asked.registration, asked.version.to_string())
}
