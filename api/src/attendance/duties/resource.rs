//! `/sessions/{id}/duties`, `/events/{id}/duties` and `/duties`.

use domain::{
    attendance::{Duty, DutyDetails, DutyTransition},
    identifier::{Handle, PersonId},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on duties in sessions.
#[derive(Debug)]
pub struct Duties;

#[OpenApi(tag = "Tag::Sessions")]
impl Duties {
    /// List the duties in a session
    ///
    /// For those who plan the event all, for an organisation those of its delegation and of the people in it, for
    /// everybody their own.
    #[oai(path = "/sessions/:id/duties", method = "get", operation_id = "list_duties")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Duty>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list_of_session(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// List the duties at an event
    ///
    /// As in one session: for those who plan the event all, for everybody else what they and theirs have to do.
    #[oai(path = "/events/:id/duties", method = "get", operation_id = "list_event_duties")]
    async fn list_of_event(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only of this person, by id.
        person: Query<Option<Uuid>>,
    ) -> Result<Listed<Page<Visible<Duty>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), person.0.map(PersonId), &paging).await?)
    }

    /// Give somebody a duty in a session
    ///
    /// A person or a delegation. It is a clash if they are wanted elsewhere at the time, and a release that concerns the
    /// session tells them. A person sees the session for as long as they have a duty in it, once people know of it. For
    /// those who plan the event.
    #[oai(path = "/sessions/:id/duties", method = "post", operation_id = "create_duty")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<DutyDetails>,
    ) -> Result<Created<Visible<Duty>>, Error> {
        Created::new(&ctx, "/duties", &super::create(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a duty
    ///
    /// The name of a protected person is left out for those who may not know it.
    #[oai(path = "/duties/:id", method = "get", operation_id = "get_duty")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Duty>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Change a duty
    ///
    /// JSON merge patch. Who has it stays; a duty that is another one is answered anew.
    #[oai(path = "/duties/:id", method = "patch", operation_id = "update_duty")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<DutyDetails>,
    ) -> Result<Found<Visible<Duty>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Answer to a duty
    ///
    /// For the person in it, once in a delegation at the event, for those who act for their organisation, and for those
    /// who plan the event. Who has declined is expected no longer.
    #[oai(path = "/duties/:id/transitions", method = "post", operation_id = "transition_duty")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<DutyTransition>,
    ) -> Result<Found<Visible<Duty>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Take a duty back
    ///
    /// For one that was given by mistake, or is somebody else's now.
    #[oai(path = "/duties/:id", method = "delete", operation_id = "delete_duty")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }
}
