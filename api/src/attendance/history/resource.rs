//! `/groups/{id}/attendance`.

use domain::identifier::Handle;
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::SessionAttendance;
use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{
        Tag,
        param::{Param, given},
        query_time,
        reply::Listed,
    },
    schedule::Filter,
};

/// The operation on the attendance of groups.
#[derive(Debug)]
pub struct GroupAttendance;

#[OpenApi(tag = "Tag::Attendance")]
impl GroupAttendance {
    /// List the attendance of a group
    ///
    /// Its sessions, by start, each with how many delegations were present, online, excused or absent: what rooms the next
    /// sessions need, and who has stayed away. For those who run the events; an organisation sees its own attendance.
    #[oai(path = "/groups/:id/attendance", method = "get", operation_id = "list_group_attendance")]
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
        /// Only of this organisation, by id or code.
        organisation: Query<Option<Param<Handle>>>,
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
    ) -> Result<Listed<Page<SessionAttendance>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let from = query_time("from", from.0.as_deref())?;
        let to = query_time("to", to.0.as_deref())?;
        let filter = Filter { from, to, ..Filter::default() };
        let organisation: Option<Handle> = given(organisation);
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), organisation.as_ref(), filter, &paging).await?)
    }
}
