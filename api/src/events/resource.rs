//! `/events`.

use domain::{
    events::{Details, Event, Kind, State, Transition},
    external::ExternalId,
    identifier::Handle,
};
use jiff::civil::Date;
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
        reply::{Created, Done, Found, Listed, Put},
    },
};

/// The operations on events.
#[derive(Debug)]
pub struct Events;

#[OpenApi(tag = "Tag::Events")]
impl Events {
    /// List events
    ///
    /// Those you may see, by first day.
    #[oai(path = "/events", method = "get", operation_id = "list_events")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Words in the code, a title or the name of the city, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
        /// Only this kind, such as `workshop`.
        kind: Query<Option<Param<Kind>>>,
        /// Only in this state, such as `announced`.
        state: Query<Option<Param<State>>>,
        /// Only of this group, by id or code.
        group: Query<Option<Param<Handle>>>,
        /// Only what lasts until this day or longer, such as `2019-10-07`.
        from: Query<Option<Param<Date>>>,
        /// Only what begins on this day or earlier.
        to: Query<Option<Param<Date>>>,
    ) -> Result<Listed<Page<Visible<Event>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter {
            q: q.0,
            kind: given(kind),
            state: given(state),
            group: given(group),
            from: given(from),
            to: given(to),
        };
        Listed::new(&ctx, &super::list(&ctx, &filter, &paging).await?)
    }

    /// Read an event
    ///
    /// By id or code.
    #[oai(path = "/events/:id", method = "get", operation_id = "get_event")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Event>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Add an event
    ///
    /// It begins as an idea. Unless you say otherwise only the secretariat sees it.
    #[oai(path = "/events", method = "post", operation_id = "create_event")]
    async fn create(&self, ctx: Ctx, body: Body<Details>) -> Result<Created<Visible<Event>>, Error> {
        Created::new(&ctx, "/events", &super::create(&ctx, body.0).await?)
    }

    /// Replace an event
    ///
    /// Everything that is not sent is cleared. Sessions keep their wall-clock time when the zone changes.
    #[oai(path = "/events/:id", method = "put", operation_id = "replace_event")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Details>,
    ) -> Result<Found<Visible<Event>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change an event
    ///
    /// JSON merge patch: what is not sent stays. Sessions keep their wall-clock time when the zone changes.
    #[oai(path = "/events/:id", method = "patch", operation_id = "update_event")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Details>,
    ) -> Result<Found<Visible<Event>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |details| body.apply(details)).await?)
    }

    /// Move an event to another state
    ///
    /// `idea` → `tentative` → `announced` → `running` → `closed`; `cancelled` from all but `closed`, and from there
    /// back to `tentative`. The sessions of a cancelled event show as cancelled in calendars.
    #[oai(path = "/events/:id/transitions", method = "post", operation_id = "transition_event")]
    async fn step(&self, ctx: Ctx, id: Path<String>, body: Body<Transition>) -> Result<Found<Visible<Event>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Delete an event
    ///
    /// For one entered by mistake. An event that has sessions, delegations or statements is cancelled instead.
    #[oai(path = "/events/:id", method = "delete", operation_id = "delete_event")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Create or replace an event by a partner's id
    ///
    /// For synchronising without a mapping table; `If-Match` is honoured but not needed.
    #[oai(path = "/events/by-external/:system/:external_id", method = "put", operation_id = "put_event_by_external_id")]
    async fn put_external(
        &self,
        ctx: Ctx,
        system: Path<String>,
        external_id: Path<String>,
        expected: Expected,
        body: Body<Details>,
    ) -> Result<Put<Visible<Event>>, Error> {
        let external = ExternalId { system: system.0, id: external_id.0 };
        let (event, new) = super::put_external(&ctx, external, expected, body.0).await?;
        Put::new(&ctx, "/events", &event, new)
    }
}
