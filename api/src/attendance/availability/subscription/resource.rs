//! `/delegates/{id}/availability/subscription`, `/delegations/{id}/availability/subscription`.

use domain::attendance::{BusyAddress, BusyAddressInput};
use poem_openapi::{OpenApi, param::Path};

use super::Shown;
use crate::{
    attendance::availability::resource::{delegate, delegation},
    context::Ctx,
    db::Expected,
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Done, Found},
    },
};

/// The operations on calendars at an address.
#[derive(Debug)]
pub struct BusyAddresses;

#[OpenApi(tag = "Tag::Delegations")]
impl BusyAddresses {
    /// Read from where a delegate's busy times come
    ///
    /// The host of the address, when it was last read and with what result. For the secretariat and the organisation.
    #[oai(path = "/delegates/:id/availability/subscription", method = "get", operation_id = "get_busy_address")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<BusyAddress>, Error> {
        answer(&ctx, &super::get(&ctx, &delegate(id)).await?)
    }

    /// Read a delegate's busy times from an address
    ///
    /// The address of free and busy times or of a calendar. It is read at once and then every hour until the event is over;
    /// of what is there only times are kept, in the place of those of the reading before. Only hosts of the Internet are
    /// asked, over HTTPS and without following redirects, and those of the house that the operator has named.
    #[oai(path = "/delegates/:id/availability/subscription", method = "put", operation_id = "set_busy_address")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<BusyAddressInput>,
    ) -> Result<Found<BusyAddress>, Error> {
        answer(&ctx, &super::set(&ctx, &delegate(id), expected, body.0).await?)
    }

    /// Stop reading a delegate's busy times
    ///
    /// The address is forgotten, and with it the busy times that were read there.
    #[oai(path = "/delegates/:id/availability/subscription", method = "delete", operation_id = "delete_busy_address")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &delegate(id), expected).await.map(|()| Done)
    }

    /// Read from where a delegation's busy times come
    ///
    /// The host of the address, when it was last read and with what result. For the secretariat and the organisation.
    #[oai(
        path = "/delegations/:id/availability/subscription",
        method = "get",
        operation_id = "get_delegation_busy_address"
    )]
    async fn get_of_delegation(&self, ctx: Ctx, id: Path<String>) -> Result<Found<BusyAddress>, Error> {
        answer(&ctx, &super::get(&ctx, &delegation(id)).await?)
    }

    /// Read a delegation's busy times from an address
    ///
    /// Such as the calendar of a mission, as for delegates.
    #[oai(
        path = "/delegations/:id/availability/subscription",
        method = "put",
        operation_id = "set_delegation_busy_address"
    )]
    async fn set_of_delegation(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<BusyAddressInput>,
    ) -> Result<Found<BusyAddress>, Error> {
        answer(&ctx, &super::set(&ctx, &delegation(id), expected, body.0).await?)
    }

    /// Stop reading a delegation's busy times
    ///
    /// The address is forgotten, and with it the busy times that were read there.
    #[oai(
        path = "/delegations/:id/availability/subscription",
        method = "delete",
        operation_id = "delete_delegation_busy_address"
    )]
    async fn delete_of_delegation(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &delegation(id), expected).await.map(|()| Done)
    }
}

/// Being read does not make a new version, but another answer.
fn answer(ctx: &Ctx, shown: &Shown) -> Result<Found<BusyAddress>, Error> {
    let read = shown.address.read_at.map_or(0, |at| at.0.as_microsecond());
    Found::tagged(ctx, &shown.address, format!("{}-read{read}", shown.version))
}
