//! `/events/{id}/rules` and `/groups/{id}/rules`.

use domain::{
    attendance::{RulesOfProcedure, rules::InForce},
    identifier::Handle,
};
use poem_openapi::{OpenApi, param::Path};
use sha2::{Digest, Sha256};

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

/// The operations on rules of procedure.
#[derive(Debug)]
pub struct Rules;

#[OpenApi(tag = "Tag::Attendance")]
impl Rules {
    /// Read the rules of procedure of an event
    ///
    /// Its own, else those of its group, else the defaults; `from` says which. They say what a delegation may do whose
    /// credentials are not in order, before and after the committee on credentials has reported.
    #[oai(path = "/events/:id/rules", method = "get", operation_id = "get_event_rules")]
    async fn of_event(&self, ctx: Ctx, id: Path<String>) -> Result<Found<InForce>, Error> {
        answer(&ctx, super::of_event(&ctx, &Handle::from(id.0)).await?)
    }

    /// Set the rules of procedure of an event
    ///
    /// For the secretariat. The event then has rules of its own, whatever its group has; what is left out is as by
    /// default. While it has none no `If-Match` is needed.
    #[oai(path = "/events/:id/rules", method = "put", operation_id = "set_event_rules")]
    async fn set_of_event(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<RulesOfProcedure>,
    ) -> Result<Found<InForce>, Error> {
        answer(&ctx, super::set_of_event(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }

    /// Read the rules of procedure of a group
    ///
    /// They are those of its events, unless an event has its own.
    #[oai(path = "/groups/:id/rules", method = "get", operation_id = "get_group_rules")]
    async fn of_group(&self, ctx: Ctx, id: Path<String>) -> Result<Found<InForce>, Error> {
        answer(&ctx, super::of_group(&ctx, &Handle::from(id.0)).await?)
    }

    /// Set the rules of procedure of a group
    ///
    /// For the secretariat. While the group has none no `If-Match` is needed.
    #[oai(path = "/groups/:id/rules", method = "put", operation_id = "set_group_rules")]
    async fn set_of_group(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<RulesOfProcedure>,
    ) -> Result<Found<InForce>, Error> {
        answer(&ctx, super::set_of_group(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }
}

fn answer(ctx: &Ctx, rules: InForce) -> Result<Found<InForce>, Error> {
    // An event without rules of its own has version 0 for ever, while those of its group change.
    let hash = Sha256::digest(serde_json::to_vec(&rules)?);
    Found::tagged(ctx, &rules, format!("{}-{}", rules.version, hex(&hash[..8])))
}
