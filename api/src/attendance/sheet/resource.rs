//! `/sessions/{id}/attendance`.

use domain::{
    attendance::{Line, LinesInput, Record, Sheet},
    identifier::Handle,
    moment::Moment,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{
        Tag,
        body::Body,
        param::{Param, given},
        reply::{Found, Listed},
    },
};

/// The operations on attendance.
#[derive(Debug)]
pub struct Attendance;

#[OpenApi(tag = "Tag::Attendance")]
impl Attendance {
    /// Read the attendance of a session
    ///
    /// One line per delegation of the event, by the codes of the organisations, and how many have which status. A
    /// delegation of which nothing is recorded is `unknown`, its version 0. A delegate sees its own line. Below a line
    /// stand the people of whom something is known, and `source` says who said so.
    #[oai(path = "/sessions/:id/attendance", method = "get", operation_id = "get_attendance")]
    async fn get(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// As it stood at this instant, such as `2019-10-07T01:00:00Z`; without notes.
        as_of: Query<Option<Param<Moment>>>,
    ) -> Result<Listed<Sheet>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, &Handle::from(id.0), given(as_of)).await?)
    }

    /// Record the attendance of many delegations
    ///
    /// For the secretariat: 1 to 100 lines, all or none. Each states the whole line, so that a door or a roll call
    /// needs to read nothing first: what is left out is cleared, and what was recorded before is overwritten. A line
    /// that says what is recorded already changes nothing. The answer is the whole sheet.
    #[oai(path = "/sessions/:id/attendance", method = "post", operation_id = "record_attendance")]
    async fn set_many(&self, ctx: Ctx, id: Path<String>, body: Body<LinesInput>) -> Result<Listed<Sheet>, Error> {
        Listed::computed(&ctx, &super::set_many(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read one line of the attendance
    ///
    /// By the id of the delegation or the code of its organisation.
    #[oai(path = "/sessions/:id/attendance/:delegation", method = "get", operation_id = "get_attendance_line")]
    async fn line(&self, ctx: Ctx, id: Path<String>, delegation: Path<String>) -> Result<Found<Line>, Error> {
        let line = super::line(&ctx, &Handle::from(id.0), &Handle::from(delegation.0)).await?;
        Found::tagged(&ctx, &line, line.version.to_string())
    }

    /// Set one line of the attendance
    ///
    /// For the secretariat, by the id of the delegation or the code of its organisation. While nothing is recorded no
    /// `If-Match` is needed; after that it is, with the line's `version` as an entity tag.
    #[oai(path = "/sessions/:id/attendance/:delegation", method = "put", operation_id = "set_attendance_line")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        delegation: Path<String>,
        expected: Expected,
        body: Body<Record>,
    ) -> Result<Found<Line>, Error> {
        let line = super::set(&ctx, &Handle::from(id.0), &Handle::from(delegation.0), expected, body.0).await?;
        Found::tagged(&ctx, &line, line.version.to_string())
    }
}
