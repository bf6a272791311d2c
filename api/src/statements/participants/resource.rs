//! `/statements/{id}/participants`.

use domain::identifier::Handle;
use poem_openapi::{OpenApi, param::Path};
use sha2::{Digest, Sha256};

use super::{Participants, Request};
use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Found, hex},
    },
};

/// The operations on who took part in formulating a statement.
#[derive(Debug)]
pub struct StatementParticipants;

/// The version of the statement, which a write is based on, and a hash of the list, which changes without it as long as
/// the list follows the event.
fn found(ctx: &Ctx, (participants, version): (Participants, i32)) -> Result<Found<Participants>, Error> {
    let hash = hex(&Sha256::digest(serde_json::to_vec(&participants)?)[..8]);
    Found::tagged(ctx, &participants, format!("{version}-{hash}"))
}

#[OpenApi(tag = "Tag::Statements")]
impl StatementParticipants {
    /// List who took part in formulating a statement
    ///
    /// In the order in which the statement lists them. While nobody is named, they are the members and hosts represented
    /// in the sessions of the event, and before attendance is recorded those whose delegations have accepted.
    #[oai(path = "/statements/:id/participants", method = "get", operation_id = "list_statement_participants")]
    async fn list(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Participants>, Error> {
        found(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Name who took part in formulating a statement
    ///
    /// All of them; an empty list goes back to those the event shows.
    #[oai(path = "/statements/:id/participants", method = "put", operation_id = "replace_statement_participants")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Request>,
    ) -> Result<Found<Participants>, Error> {
        found(&ctx, super::replace(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }
}
