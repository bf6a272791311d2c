//! `/sessions/{id}/roll-call`.

use domain::{attendance::roll_call::RollCall, identifier::Handle};
use poem_openapi::{OpenApi, param::Path};

use crate::{
    context::Ctx,
    error::Error,
    http::{Tag, reply::Listed},
};

/// The operations on roll calls.
#[derive(Debug)]
pub struct RollCalls;

#[OpenApi(tag = "Tag::Attendance")]
impl RollCalls {
    /// Call the roll
    ///
    /// The delegations that come, alphabetically in the language asked for (`?lang=`), else in that of the event, under
    /// the names they had when it began; with what is found of their credentials and what is recorded of them. Answers
    /// are recorded line by line with `record_attendance`. For those who run the event.
    #[oai(path = "/sessions/:id/roll-call", method = "get", operation_id = "get_roll_call")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<RollCall>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }
}
