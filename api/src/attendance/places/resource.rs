//! `/delegations/{id}/places` and `/delegations/{id}/waiting-list`.

use domain::{
    attendance::{PlacesAnswer, WaitingListInput},
    identifier::Handle,
};
use poem_openapi::{OpenApi, param::Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::Allotted;
use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{Tag, body::Body, reply::Listed},
};

/// The places of a delegation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DelegationPlacesList {
    /// Rises with every write of the delegation; send it as `If-Match` to write the waiting list.
    delegation_version: i32,
    /// One entry for each way of taking part.
    items: Vec<PlacesAnswer>,
}

/// The operations on places.
#[derive(Debug)]
pub struct Places;

#[OpenApi(tag = "Tag::Delegations")]
impl Places {
    /// Read the places of a delegation
    ///
    /// For each way of taking part: how many there are, how many are held or offered, and who waits, in order. For the
    /// secretariat and the organisation itself.
    #[oai(path = "/delegations/:id/places", method = "get", operation_id = "get_places")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<DelegationPlacesList>, Error> {
        answer(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Say who waits for a place
    ///
    /// The whole list for one way of taking part, first in line first; who is not named leaves it. A place that is free,
    /// or becomes free, is offered to the next, who takes it by being submitted before the offer ends; then it is
    /// offered to the one after. `If-Match` is the version of the delegation.
    #[oai(path = "/delegations/:id/waiting-list", method = "put", operation_id = "set_waiting_list")]
    async fn rank(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<WaitingListInput>,
    ) -> Result<Listed<DelegationPlacesList>, Error> {
        answer(&ctx, super::rank(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }
}

fn answer(ctx: &Ctx, allotted: Allotted) -> Result<Listed<DelegationPlacesList>, Error> {
    let Allotted { places: items, version: delegation_version } = allotted;
    Listed::computed(ctx, &DelegationPlacesList { delegation_version, items })
}
