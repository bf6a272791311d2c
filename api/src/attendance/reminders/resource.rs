//! `/events/{id}/reminders`.

use domain::{attendance::Reminder, identifier::Handle};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::Filter;
use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{
        Tag,
        param::{Param, given},
        reply::Listed,
    },
};

/// The operations on reminders.
#[derive(Debug)]
pub struct Reminders;

#[OpenApi(tag = "Tag::Delegations")]
impl Reminders {
    /// List the reminders of an event
    ///
    /// Which delegations were reminded of which deadline, in the order in which it was done; when reminders are due, the
    /// registration of the event says. They go by mail to those who manage a delegation, from eight in the morning at the
    /// event's place. With `reached=false`, the delegations nobody could be reminded of. An organisation sees its own.
    #[oai(path = "/events/:id/reminders", method = "get", operation_id = "list_reminders")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only of this delegation, by its id.
        delegation: Query<Option<Param<Handle>>>,
        /// Only those that went to somebody (`true`), or to nobody.
        reached: Query<Option<bool>>,
    ) -> Result<Listed<Page<Reminder>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { delegation: given(delegation), reached: reached.0 };
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &filter, &paging).await?)
    }
}
