//! `/changes`.

use poem_openapi::{OpenApi, param::Query};
use uuid::Uuid;

use super::{Changes, Filter};
use crate::{
    context::Ctx,
    db::Paging,
    error::Error,
    http::{Tag, reply::Listed},
};

/// The operations on the change feed.
#[derive(Debug)]
pub struct ChangeFeed;

#[OpenApi(tag = "Tag::Changes")]
impl ChangeFeed {
    /// Follow changes
    ///
    /// Every committed change you may see, in commit order, without gaps or repeats, tombstones included. Begin without
    /// `after`, then send each answer's `next`. With `wait` the answer comes as soon as there is a change.
    #[oai(path = "/changes", method = "get", operation_id = "list_changes")]
    async fn changes(
        &self,
        ctx: Ctx,
        /// `next` of the answer before.
        after: Query<Option<Uuid>>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// Seconds to wait for a change, 0 to 30.
        #[oai(validator(minimum(value = "0"), maximum(value = "30")))]
        wait: Query<Option<u64>>,
        /// Only changes of this kind of object (`session`) or this type (`session.moved`).
        #[oai(name = "type", validator(pattern = "^[a-z_]+([.][a-z_]+)?$", max_length = 64))]
        kind: Query<Option<String>>,
        /// Only changes of this event.
        event_id: Query<Option<Uuid>>,
    ) -> Result<Listed<Changes>, Error> {
        let limit = Paging::new(limit.0, None)?.limit;
        let filter = Filter { kind: kind.0, event: event_id.0 };
        Listed::computed(&ctx, &super::list(&ctx, &filter, after.0, limit, wait.0.unwrap_or(0)).await?)
    }
}
