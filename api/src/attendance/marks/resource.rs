//! `/sessions/{id}/attendance-marks`, `/sessions/{id}/attendance/self`, `/sessions/{id}/attendance-code` and
//! `/sessions/{id}/platform-log`.

use domain::{
    attendance::{
        Line, Sheet,
        platform_log::{Imported, PlatformLog},
        sheet::{CodeRequest, MarksInput, ScreenCode, SelfMark},
    },
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{Recorded, codes, platform};
use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Found, Listed},
    },
};

/// The operations on marks.
#[derive(Debug)]
pub struct Marks;

#[OpenApi(tag = "Tag::Attendance")]
impl Marks {
    /// List what was said of the attendance of a session
    ///
    /// Every mark in the order in which it was recorded; none is ever changed. For those who run the event.
    #[oai(path = "/sessions/:id/attendance-marks", method = "get", operation_id = "list_attendance_marks")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Recorded>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Mark people
    ///
    /// Staff says of anybody who is in a delegation whether they are there; an organisation says of its own people that
    /// they are present or excused. Staff is believed before everybody else, of one source the later word. The answer is
    /// the sheet as the caller sees it.
    #[oai(path = "/sessions/:id/attendance-marks", method = "post", operation_id = "mark_attendance")]
    async fn mark(&self, ctx: Ctx, id: Path<String>, body: Body<MarksInput>) -> Result<Listed<Sheet>, Error> {
        Listed::computed(&ctx, &super::mark(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Mark yourself
    ///
    /// For people in a delegation at the event, signed in with a browser, by the code on the screen while it is open; ten
    /// attempts in a quarter of an hour. The answer is the line of the delegation.
    #[oai(path = "/sessions/:id/attendance/self", method = "post", operation_id = "mark_own_attendance")]
    async fn mark_self(&self, ctx: Ctx, id: Path<String>, body: Body<SelfMark>) -> Result<Found<Line>, Error> {
        let line = codes::mark_self(&ctx, &Handle::from(id.0), body.0).await?;
        Found::tagged(&ctx, &line, line.version.to_string())
    }

    /// Read the code on the screen
    ///
    /// For those who run the event. 404 while none is open.
    #[oai(path = "/sessions/:id/attendance-code", method = "get", operation_id = "get_attendance_code")]
    async fn code(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<ScreenCode>, Error> {
        Listed::computed(&ctx, &codes::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Let people mark themselves
    ///
    /// For the secretariat and the chair. Gives a new code to show on the screen, taken for so many minutes from now; the
    /// one before is not taken any more.
    #[oai(path = "/sessions/:id/attendance-code", method = "post", operation_id = "open_attendance_code")]
    async fn open(&self, ctx: Ctx, id: Path<String>, body: Body<CodeRequest>) -> Result<Listed<ScreenCode>, Error> {
        Listed::computed(&ctx, &codes::open(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Import the log of a platform
    ///
    /// For the secretariat: who joined and left when, 1 to 1000 stays. Who is in a delegation is marked online from joining
    /// to leaving, several devices taken together. Sending a log again, or a longer one, adds only what is new. The answer
    /// says whose stays could not be matched.
    #[oai(path = "/sessions/:id/platform-log", method = "post", operation_id = "import_platform_log")]
    async fn import(&self, ctx: Ctx, id: Path<String>, body: Body<PlatformLog>) -> Result<Listed<Imported>, Error> {
        Listed::computed(&ctx, &platform::import(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
