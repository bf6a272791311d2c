//! `/sessions`.

use domain::{
    Code,
    external::ExternalId,
    identifier::Handle,
    schedule::{Details, Session, State, Transition},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{DryRun, Filter, Pending};
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        checked::Checked,
        param::{Param, given},
        query_time,
        reply::{Created, Done, Found, Listed, Put},
    },
};

/// The operations on sessions.
#[derive(Debug)]
pub struct Sessions;

#[OpenApi(tag = "Tag::Sessions")]
impl Sessions {
    /// List sessions
    ///
    /// Those you may see, by start; those without a placement come last.
    #[oai(path = "/sessions", method = "get", operation_id = "list_sessions")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only of this event, by id or code.
        event: Query<Option<Param<Handle>>>,
        /// Only of this group, by id or code: its own sittings, and everything in its events.
        group: Query<Option<Param<Handle>>>,
        /// Only in this room, by id or code.
        room: Query<Option<Param<Handle>>>,
        /// Only of the track of this code, as the event writes it.
        track: Query<Option<Param<Code>>>,
        /// Only in this state, such as `scheduled`.
        state: Query<Option<Param<State>>>,
        /// Only what is not over at this time: a day or a local time, compared with the clocks of each meeting place,
        /// or RFC 3339 with an offset.
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
        /// Words in a title or description, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Session>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter {
            event: given(event),
            group: given(group),
            sittings_of: None,
            room: given(room),
            track: given(track),
            state: given(state),
            from: query_time("from", from.0.as_deref())?,
            to: query_time("to", to.0.as_deref())?,
            q: q.0,
        };
        Listed::new(&ctx, &super::list(&ctx, &filter, &paging).await?)
    }

    /// Read a session
    ///
    /// By id.
    #[oai(path = "/sessions/:id", method = "get", operation_id = "get_session")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Session>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Add a session to an event
    ///
    /// It begins as a draft and gets the next number of its event. A placement is meant on the wall of the event's
    /// city; a local time that the clocks there skip or show twice is refused with both candidates named.
    #[oai(path = "/sessions", method = "post", operation_id = "create_session")]
    async fn create(
        &self,
        ctx: Ctx,
        /// Say what the write would bring about, and do not make it.
        #[oai(default)]
        dry_run: Query<bool>,
        body: Body<Details>,
    ) -> Result<Checked<Created<Visible<Session>>, DryRun>, Error> {
        let pending = super::begin(&ctx, body.0).await?;
        if dry_run.0 {
            return tried(&ctx, pending).await;
        }
        Ok(Checked::Written(Created::new(&ctx, "/sessions", &pending.commit().await?)?))
    }

    /// Replace a session
    ///
    /// Everything that is not sent is cleared. Its event stays, and so do its number and its UID.
    #[oai(path = "/sessions/:id", method = "put", operation_id = "replace_session")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        /// Say what the write would bring about, and do not make it.
        #[oai(default)]
        dry_run: Query<bool>,
        body: Body<Details>,
    ) -> Result<Checked<Found<Visible<Session>>, DryRun>, Error> {
        let pending = super::change(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?;
        changed(&ctx, pending, dry_run.0).await
    }

    /// Change a session
    ///
    /// JSON merge patch: what is not sent stays. `{"placement": null}` takes it off the programme: what was scheduled
    /// is a draft again.
    #[oai(path = "/sessions/:id", method = "patch", operation_id = "update_session")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        /// Say what the write would bring about, and do not make it.
        #[oai(default)]
        dry_run: Query<bool>,
        body: Patch<Details>,
    ) -> Result<Checked<Found<Visible<Session>>, DryRun>, Error> {
        let pending = super::change(&ctx, &Handle::from(id.0), expected, |details| body.apply(details)).await?;
        changed(&ctx, pending, dry_run.0).await
    }

    /// Move a session to another state
    ///
    /// `draft` → `scheduled` (needs a placement) → `held`; back to `draft` from `scheduled`; `cancelled`, with a
    /// `reason`, from both. A cancelled session can be reinstated as a `draft` and keeps its number and UID.
    #[oai(path = "/sessions/:id/transitions", method = "post", operation_id = "transition_session")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// Say what the write would bring about, and do not make it.
        #[oai(default)]
        dry_run: Query<bool>,
        body: Body<Transition>,
    ) -> Result<Checked<Found<Visible<Session>>, DryRun>, Error> {
        let pending = super::step(&ctx, &Handle::from(id.0), body.0).await?;
        changed(&ctx, pending, dry_run.0).await
    }

    /// Delete a session
    ///
    /// For one entered by mistake: it vanishes from calendars. Cancel what people were told of.
    #[oai(path = "/sessions/:id", method = "delete", operation_id = "delete_session")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Create or replace a session by a partner's id
    ///
    /// For synchronising without a mapping table; `If-Match` is honoured but not needed.
    #[oai(
        path = "/sessions/by-external/:system/:external_id",
        method = "put",
        operation_id = "put_session_by_external_id"
    )]
    async fn put_external(
        &self,
        ctx: Ctx,
        system: Path<String>,
        external_id: Path<String>,
        expected: Expected,
        body: Body<Details>,
    ) -> Result<Put<Visible<Session>>, Error> {
        let external = ExternalId { system: system.0, id: external_id.0 };
        let (session, new) = super::put_external(&ctx, external, expected, body.0).await?;
        Put::new(&ctx, "/sessions", &session, new)
    }
}

async fn changed(
    ctx: &Ctx,
    pending: Pending,
    dry_run: bool,
) -> Result<Checked<Found<Visible<Session>>, DryRun>, Error> {
    if dry_run {
        return tried(ctx, pending).await;
    }
    Ok(Checked::Written(Found::new(ctx, &pending.commit().await?)?))
}

pub(super) async fn tried<R>(ctx: &Ctx, pending: Pending) -> Result<Checked<R, DryRun>, Error> {
    Ok(Checked::Tried(Listed::computed(ctx, &pending.tried(ctx).await?)?))
}
