//! `/events/{id}/delegates` and `/delegates`.

use domain::{
    attendance::{Delegate, DelegateState, DelegateTransition, Function, Nomination},
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

/// The operations on delegates.
#[derive(Debug)]
pub struct Delegates;

#[OpenApi(tag = "Tag::Delegations")]
impl Delegates {
    /// List the delegates at an event
    ///
    /// By family name, under the names they had when the event began. A delegate sees those of its own delegation.
    #[oai(path = "/events/:id/delegates", method = "get", operation_id = "list_delegates")]
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
        /// Words in a name or the address, without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
        /// Only of this delegation, by its id or the code of its organisation.
        delegation: Query<Option<Param<Handle>>>,
        /// Only those who do this, such as `head`.
        function: Query<Option<Param<Function>>>,
        /// Only in this state, such as `under_review`.
        state: Query<Option<Param<DelegateState>>>,
    ) -> Result<Listed<Page<Visible<Delegate>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { q: q.0, delegation: given(delegation), function: given(function), state: given(state) };
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &filter, &paging).await?)
    }

    /// Name a delegate
    ///
    /// For the secretariat, and for an organisation in its own delegation until that is closed. A delegation has one
    /// head at most. Who is among the persons is named by `person_id`; who is not, by `person`, and is added as somebody
    /// of the delegation's organisation (a key needs the scope `persons:write` for it).
    #[oai(path = "/events/:id/delegates", method = "post", operation_id = "nominate_delegate")]
    async fn nominate(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Nomination>,
    ) -> Result<Created<Visible<Delegate>>, Error> {
        Created::new(&ctx, "/delegates", &super::nominate(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read a delegate
    ///
    /// For the secretariat and the delegate's own organisation.
    #[oai(path = "/delegates/:id", method = "get", operation_id = "get_delegate")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Delegate>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace what is said of a delegate
    ///
    /// Everything that is not sent is cleared; person and delegation stay.
    #[oai(path = "/delegates/:id", method = "put", operation_id = "replace_delegate")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Nomination>,
    ) -> Result<Found<Visible<Delegate>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change what is said of a delegate
    ///
    /// JSON merge patch: what is not sent stays. Somebody approved whose papers, office or function change is reviewed
    /// again.
    #[oai(path = "/delegates/:id", method = "patch", operation_id = "update_delegate")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Nomination>,
    ) -> Result<Found<Visible<Delegate>>, Error> {
        Found::new(&ctx, &super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Take back a nomination
    ///
    /// Before the secretariat was handed it; afterwards a delegate becomes `withdrawn` instead.
    #[oai(path = "/delegates/:id", method = "delete", operation_id = "delete_delegate")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Move a delegate to another state
    ///
    /// `nominated` → `submitted` → `under_review` → `approved`; the review may be left out. Only the secretariat
    /// reviews, approves, rejects and puts on hold, the last two with a reason; a rejected delegate can be reviewed
    /// again. Either side withdraws. From `submitted` on a delegate holds a place; where none is free, they can wait
    /// for one. Delegates of a delegation that is submitted are submitted with it.
    #[oai(path = "/delegates/:id/transitions", method = "post", operation_id = "transition_delegate")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<DelegateTransition>,
    ) -> Result<Found<Visible<Delegate>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
