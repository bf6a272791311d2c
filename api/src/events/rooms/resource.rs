//! `/rooms`.

use domain::{events::Room, external::ExternalId, identifier::Handle};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        reply::{Created, Done, Found, Listed, Put},
    },
};

/// The operations on rooms.
#[derive(Debug)]
pub struct Rooms;

#[OpenApi(tag = "Tag::Rooms")]
impl Rooms {
    /// List rooms
    ///
    /// By code. Needs a key.
    #[oai(path = "/rooms", method = "get", operation_id = "list_rooms")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Words in the code, the name, the venue or the label, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Room>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, q.0.as_deref(), &paging).await?)
    }

    /// Read a room
    ///
    /// By id or code.
    #[oai(path = "/rooms/:id", method = "get", operation_id = "get_room")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Room>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Add a room
    ///
    /// All events share it. The code must be free.
    #[oai(path = "/rooms", method = "post", operation_id = "create_room")]
    async fn create(&self, ctx: Ctx, body: Body<Room>) -> Result<Created<Visible<Room>>, Error> {
        Created::new(&ctx, "/rooms", &super::create(&ctx, body.0).await?)
    }

    /// Replace a room
    ///
    /// Everything that is not sent is cleared. A new name or label reaches the calendars of all sessions in it.
    #[oai(path = "/rooms/:id", method = "put", operation_id = "replace_room")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Room>,
    ) -> Result<Found<Visible<Room>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a room
    ///
    /// JSON merge patch: what is not sent stays. A new name or label reaches the calendars of all sessions in it.
    #[oai(path = "/rooms/:id", method = "patch", operation_id = "update_room")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Room>,
    ) -> Result<Found<Visible<Room>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |room| body.apply(room)).await?)
    }

    /// Delete a room
    ///
    /// It leaves all lists; sessions that sit in it keep it.
    #[oai(path = "/rooms/:id", method = "delete", operation_id = "delete_room")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Create or replace a room by a partner's id
    ///
    /// For synchronising without a mapping table; `If-Match` is honoured but not needed.
    #[oai(path = "/rooms/by-external/:system/:external_id", method = "put", operation_id = "put_room_by_external_id")]
    async fn put_external(
        &self,
        ctx: Ctx,
        system: Path<String>,
        external_id: Path<String>,
        expected: Expected,
        body: Body<Room>,
    ) -> Result<Put<Visible<Room>>, Error> {
        let external = ExternalId { system: system.0, id: external_id.0 };
        let (room, new) = super::put_external(&ctx, external, expected, body.0).await?;
        Put::new(&ctx, "/rooms", &room, new)
    }
}
