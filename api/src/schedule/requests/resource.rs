//! `/events/{id}/session-requests` and `/session-requests`.

use domain::{
    identifier::Handle,
    schedule::{
        Request, RequestDetails, RequestShown, RequestState, RequestTransition,
        request::{Again, RequestStep},
    },
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::Filter;
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on requests for sessions.
#[derive(Debug)]
pub struct Requests;

#[OpenApi(tag = "Tag::Sessions")]
impl Requests {
    /// List the requests for sessions of an event
    ///
    /// Those you may see, the first first: for the chairs, co-chairs and secretaries of a group what it asks for and what
    /// others would have it sit in, for the secretariat and auditors all.
    #[oai(path = "/events/:id/session-requests", method = "get", operation_id = "list_session_requests")]
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
        /// Only what stands there, such as `submitted`.
        state: Query<Option<Param<RequestState>>>,
        /// Only of this group, by id or code: what it asks for, and what others would have it sit in.
        group: Query<Option<Param<Handle>>>,
        /// Only that of which this session was made.
        session: Query<Option<Uuid>>,
    ) -> Result<Listed<Page<Visible<RequestShown>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { state: given(state), group: given(group), session: session.0 };
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &filter, &paging).await?)
    }

    /// Ask for a session
    ///
    /// A draft, of which only the group has to be said; it is handed to the secretariat by a transition to `submitted`.
    /// Where `conflicts` is left out, it begins with the list the group keeps for all occasions. A group that will not
    /// meet makes a draft of nothing but itself and takes it to `not_meeting`. For the chairs, co-chairs and secretaries
    /// of the group and for the secretariat.
    #[oai(path = "/events/:id/session-requests", method = "post", operation_id = "create_session_request")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<RequestDetails>,
    ) -> Result<Created<Visible<RequestShown>>, Error> {
        let made = super::create(&ctx, &Handle::from(id.0), body.0).await?;
        let path = format!("/session-requests/{}", made.id);
        let tag = tag(&made);
        Created::at(&ctx, &path, &made.map(Request::present), tag)
    }

    /// Read a request for a session
    ///
    /// Everything asked for, where it stands and who has to do something next.
    #[oai(path = "/session-requests/:id", method = "get", operation_id = "get_session_request")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<RequestShown>>, Error> {
        answer(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace a request for a session
    ///
    /// Everything that is not sent is cleared. Until it is decided on, and by the secretariat also after that: its
    /// conflicts, times and wishes about order go on counting for the programme. A session made of it stays as it is.
    #[oai(path = "/session-requests/:id", method = "put", operation_id = "replace_session_request")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<RequestDetails>,
    ) -> Result<Found<Visible<RequestShown>>, Error> {
        answer(&ctx, super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a request for a session
    ///
    /// JSON merge patch: what is not sent stays. Otherwise as the replacement.
    #[oai(path = "/session-requests/:id", method = "patch", operation_id = "update_session_request")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<RequestDetails>,
    ) -> Result<Found<Visible<RequestShown>>, Error> {
        answer(&ctx, super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Take a request for a session a step further
    ///
    /// The group takes it to `submitted`, `withdrawn`, `not_meeting`, or back to `draft`; the secretariat of the event to
    /// `approved` or `declined`, the latter with a reason, and may do for a group what that may. With the approval a
    /// session is made of it, as a draft; from then on the request stands where its session stands. Several sittings
    /// become one session for now.
    #[oai(path = "/session-requests/:id/transitions", method = "post", operation_id = "transition_session_request")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<RequestTransition>,
    ) -> Result<Found<Visible<RequestShown>>, Error> {
        answer(&ctx, super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read what became of a request for a session
    ///
    /// Step by step, the first first: where it stood from then on, when, who did it, on behalf of which group, and what
    /// was said. What follows from its session (`scheduled`, `announced`, `held`, `cancelled`) names nobody.
    #[oai(path = "/session-requests/:id/history", method = "get", operation_id = "get_session_request_history")]
    async fn history(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<RequestStep>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::history(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Prefill a request as last time
    ///
    /// What was asked for then as a request for `event`, to be looked through and sent to its `session-requests`; with
    /// hints about groups that have ended, persons without a role, times and wishes that were about the other event, and
    /// groups made since, with which a conflict is suggested. Nothing is written.
    #[oai(path = "/session-requests/:id/copy", method = "get", operation_id = "copy_session_request")]
    async fn copy(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// The event it shall be for, by id or code.
        event: Query<Param<Handle>>,
    ) -> Result<Listed<Again>, Error> {
        Listed::computed(&ctx, &super::again::get(&ctx, &Handle::from(id.0), &event.0.0).await?)
    }

    /// Delete a request for a session
    ///
    /// One that nobody waits for and of which there is no session. Withdraw what was submitted.
    #[oai(path = "/session-requests/:id", method = "delete", operation_id = "delete_session_request")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }
}

fn answer(ctx: &Ctx, request: Visible<Request>) -> Result<Found<Visible<RequestShown>>, Error> {
    let tag = tag(&request);
    Found::tagged(ctx, &request.map(Request::present), tag)
}

/// The tag changes with the session, too, from which the state follows.
fn tag(request: &Visible<Request>) -> String {
    let session: i32 = request.content.sittings.iter().map(|sitting| sitting.version).sum();
    format!("{}-{session}", request.version)
}
