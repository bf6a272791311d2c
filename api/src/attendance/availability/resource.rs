//! `/delegates/{id}/availability`, `/delegations/{id}/availability`.

use domain::{
    attendance::{
        Availability,
        availability::{CalendarFile, Imported},
    },
    identifier::Handle,
};
use poem_openapi::{OpenApi, param::Path};

use super::{Named, Said};
use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Found, Listed},
    },
};

/// The operations on when delegates and delegations can come.
#[derive(Debug)]
pub struct Availabilities;

#[OpenApi(tag = "Tag::Delegations")]
impl Availabilities {
    /// Read when a delegate can come
    ///
    /// Windows by start; none means always. Reasons are shown to the secretariat and the delegate's own organisation.
    /// The entity tag is that of the delegate.
    #[oai(path = "/delegates/:id/availability", method = "get", operation_id = "get_availability")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Availability>, Error> {
        answer(&ctx, super::get(&ctx, &delegate(id)).await?)
    }

    /// Say when a delegate can come
    ///
    /// All windows, those of a calendar included: what is not sent is gone.
    #[oai(path = "/delegates/:id/availability", method = "put", operation_id = "set_availability")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Availability>,
    ) -> Result<Found<Availability>, Error> {
        answer(&ctx, super::set(&ctx, &delegate(id), expected, body.0).await?)
    }

    /// Take busy times from a calendar
    ///
    /// From an iCalendar file: entries and free and busy times. Only times are kept, and only those during the event;
    /// they replace those of the calendar sent before. An entry that repeats counts as it stands and is named.
    #[oai(path = "/delegates/:id/availability/calendar", method = "post", operation_id = "import_availability")]
    async fn import(&self, ctx: Ctx, id: Path<String>, body: Body<CalendarFile>) -> Result<Listed<Imported>, Error> {
        Listed::computed(&ctx, &super::import(&ctx, &delegate(id), body.0).await?)
    }

    /// Read when a delegation can come
    ///
    /// The delegation as a whole: it arrives on the second day, or keeps a national day. Windows by start; none means
    /// always. Whoever sees the delegation sees when; why is shown to the secretariat and its organisation. The entity tag
    /// is that of the delegation.
    #[oai(path = "/delegations/:id/availability", method = "get", operation_id = "get_delegation_availability")]
    async fn get_of_delegation(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Availability>, Error> {
        answer(&ctx, super::get(&ctx, &delegation(id)).await?)
    }

    /// Say when a delegation can come
    ///
    /// All windows of the delegation as a whole, those of a calendar included: what is not sent is gone. What its delegates
    /// say of themselves stays beside it.
    #[oai(path = "/delegations/:id/availability", method = "put", operation_id = "set_delegation_availability")]
    async fn set_of_delegation(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Availability>,
    ) -> Result<Found<Availability>, Error> {
        answer(&ctx, super::set(&ctx, &delegation(id), expected, body.0).await?)
    }

    /// Take a delegation's busy times from a calendar
    ///
    /// From an iCalendar file, such as the calendar of a mission, as for delegates.
    #[oai(
        path = "/delegations/:id/availability/calendar",
        method = "post",
        operation_id = "import_delegation_availability"
    )]
    async fn import_of_delegation(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<CalendarFile>,
    ) -> Result<Listed<Imported>, Error> {
        Listed::computed(&ctx, &super::import(&ctx, &delegation(id), body.0).await?)
    }
}

/// The delegate of an address.
pub(super) fn delegate(id: Path<String>) -> Named {
    Named::Delegate(Handle::from(id.0))
}

/// The delegation of an address.
pub(super) fn delegation(id: Path<String>) -> Named {
    Named::Delegation(Handle::from(id.0))
}

fn answer(ctx: &Ctx, said: Said) -> Result<Found<Availability>, Error> {
    Found::tagged(ctx, &said.availability, said.version.to_string())
}
