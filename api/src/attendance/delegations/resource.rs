//! `/events/{id}/delegations` and `/delegations`.

use domain::{
    attendance::{Delegation, Invitation, State, Transition},
    identifier::Handle,
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
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on delegations.
#[derive(Debug)]
pub struct Delegations;

#[OpenApi(tag = "Tag::Delegations")]
impl Delegations {
    /// List the delegations of an event
    ///
    /// By the codes of their organisations. A delegate sees its own delegation, and those that are confirmed.
    #[oai(path = "/events/:id/delegations", method = "get", operation_id = "list_delegations")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Words in a name or the code of the organisation, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
        /// Only in this state, such as `confirmed`.
        state: Query<Option<Param<State>>>,
    ) -> Result<Listed<Page<Visible<Delegation>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { q: q.0, state: given(state) };
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &filter, &paging).await?)
    }

    /// Invite an organisation to an event
    ///
    /// Makes its delegation, in the state `invited`. For the secretariat; one delegation per organisation.
    #[oai(path = "/events/:id/delegations", method = "post", operation_id = "invite_delegation")]
    async fn invite(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Invitation>,
    ) -> Result<Created<Visible<Delegation>>, Error> {
        Created::new(&ctx, "/delegations", &super::invite(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a delegation
    ///
    /// Of another delegation a delegate sees only organisation, category and state, once it is confirmed.
    #[oai(path = "/delegations/:id", method = "get", operation_id = "get_delegation")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Delegation>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace what is said of a delegation
    ///
    /// For the secretariat. Everything that is not sent is cleared; the organisation stays, and so does the state.
    #[oai(path = "/delegations/:id", method = "put", operation_id = "replace_delegation")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Invitation>,
    ) -> Result<Found<Visible<Delegation>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change what is said of a delegation
    ///
    /// For the secretariat. JSON merge patch: what is not sent stays.
    #[oai(path = "/delegations/:id", method = "patch", operation_id = "update_delegation")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Invitation>,
    ) -> Result<Found<Visible<Delegation>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Delete a delegation
    ///
    /// For the secretariat, to take back an invitation sent by mistake. A delegation that has delegates or recorded
    /// attendance becomes `not_attending` instead.
    #[oai(path = "/delegations/:id", method = "delete", operation_id = "delete_delegation")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Move a delegation to another state
    ///
    /// `invited` → `accepted` → `composing` → `submitted` → `confirmed` → `closed`. `composing` may be left out, and
    /// leads back from `submitted` and `confirmed`. `declined` answers an invitation; `not_attending` is possible until
    /// the delegation is closed; from both it may still accept. Submitting and confirming need a head. Only the
    /// secretariat confirms and closes.
    #[oai(path = "/delegations/:id/transitions", method = "post", operation_id = "transition_delegation")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Transition>,
    ) -> Result<Found<Visible<Delegation>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
