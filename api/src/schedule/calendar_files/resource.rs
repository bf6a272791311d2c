//! `/events/{id}/session-calendars`.

use domain::{
    identifier::Handle,
    schedule::calendar_file::{CalendarInput, Outcome},
};
use poem_openapi::{OpenApi, param::Path};

use crate::{
    context::Ctx,
    error::Error,
    http::{Tag, body::Body, reply::Listed},
};

/// The operations on sessions from calendar files.
#[derive(Debug)]
pub struct SessionCalendars;

#[OpenApi(tag = "Tag::Sessions")]
impl SessionCalendars {
    /// Draw up sessions from a calendar file
    ///
    /// From the file itself or its address. In two steps. Without `preview_tag` nothing is written: the answer says what would be added and changed, in which
    /// zone times were understood, and of what is not taken over the line and the reason. The same file with the tag of that
    /// does exactly it, in one transaction, or nothing. Entries are known again by their UID, so a second import changes
    /// instead of adding. What repeats daily or weekly is entered time by time, at most a hundred. Only drafts are written,
    /// and nobody is told. A file has at most 500,000 characters and 500 entries.
    #[oai(path = "/events/:id/session-calendars", method = "post", operation_id = "import_session_calendar")]
    async fn import(&self, ctx: Ctx, id: Path<String>, body: Body<CalendarInput>) -> Result<Listed<Outcome>, Error> {
        Listed::computed(&ctx, &super::import(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
