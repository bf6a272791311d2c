//! `/rooms/{id}/bookings` and `/room-bookings`.

use domain::{
    identifier::Handle,
    schedule::{BookingDetails, BookingKind, BookingShown, BookingState, BookingTransition},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::Filter;
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        query_time,
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on bookings of rooms.
#[derive(Debug)]
pub struct RoomBookings;

#[OpenApi(tag = "Tag::Rooms")]
impl RoomBookings {
    /// List the bookings of a room
    ///
    /// Those you may see, by start: for those who run an event its own, for those who answer for the room all. The
    /// sessions that sit in it are in `GET /sessions?room=`.
    #[oai(path = "/rooms/:id/bookings", method = "get", operation_id = "list_room_bookings")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only of this kind, such as `blocking`.
        kind: Query<Option<Param<BookingKind>>>,
        /// Only in this state, such as `requested`.
        state: Query<Option<Param<BookingState>>>,
        /// Only for this event, by id or code.
        event: Query<Option<Param<Handle>>>,
        /// Only what is not over at this time: a day or a local time, compared with the clocks of the place, or RFC
        /// 3339 with an offset.
        #[oai(validator(
            max_length = 40,
            pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$"
        ))]
        from: Query<Option<String>>,
        /// Only what begins before this time; written like `from`.
        #[oai(validator(
            max_length = 40,
            pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$"
        ))]
        to: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<BookingShown>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter {
            kind: given(kind),
            state: given(state),
            event: given(event),
            from: query_time("from", from.0.as_deref())?,
            to: query_time("to", to.0.as_deref())?,
        };
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &filter, &paging).await?)
    }

    /// Book a room
    ///
    /// A `hold` keeps it until it expires, a `prebooking` asks for it, `blocking` and `maintenance` close it. A session
    /// needs no booking: scheduled in a room, it has the room. Refused with 409 where somebody has the room already;
    /// the answer says from when it is free.
    #[oai(path = "/rooms/:id/bookings", method = "post", operation_id = "create_room_booking")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<BookingDetails>,
    ) -> Result<Created<Visible<BookingShown>>, Error> {
        Created::new(&ctx, "/room-bookings", &super::create(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a booking of a room
    ///
    /// For those who run its event and those who answer for the room.
    #[oai(path = "/room-bookings/:id", method = "get", operation_id = "get_room_booking")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<BookingShown>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace a booking of a room
    ///
    /// Everything that is not sent is cleared. A prebooking for another time, event or session is asked for anew.
    #[oai(path = "/room-bookings/:id", method = "put", operation_id = "replace_room_booking")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<BookingDetails>,
    ) -> Result<Found<Visible<BookingShown>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a booking of a room
    ///
    /// JSON merge patch: what is not sent stays. A prebooking for another time, event or session is asked for anew.
    #[oai(path = "/room-bookings/:id", method = "patch", operation_id = "update_room_booking")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<BookingDetails>,
    ) -> Result<Found<Visible<BookingShown>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Decide on a prebooking
    ///
    /// `approved` keeps the room for its event or session; `refused` says why. For the chairs of the group the room
    /// belongs to, and for the secretariat.
    #[oai(path = "/room-bookings/:id/transitions", method = "post", operation_id = "transition_room_booking")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<BookingTransition>,
    ) -> Result<Found<Visible<BookingShown>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Delete a booking of a room
    ///
    /// The room is free again. A session that was scheduled in it on the strength of an approval keeps it.
    #[oai(path = "/room-bookings/:id", method = "delete", operation_id = "delete_room_booking")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }
}
