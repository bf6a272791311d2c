//! The attendance of a group over its sessions: how many delegations came to which, for those who plan the next.

pub mod resource;

use domain::{
    Text,
    access::Resource,
    attendance::Counts,
    identifier::{EventId, Handle, SessionId},
    time::WallTime,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::sheet;
use crate::{
    context::Ctx,
    db::{Page, Paging, reference},
    error::Error,
    groups,
    schedule::{self, Filter},
};

/// A session of a group, and who came to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SessionAttendance {
    /// The session.
    pub session_id: SessionId,
    /// Its event.
    pub event_id: EventId,
    /// Its title, per language.
    pub title: Text,
    /// When it begins; absent while it has no placement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<WallTime>,
    /// How many delegations have which status, as far as the caller may see.
    pub counts: Counts,
}

/// One page of the sessions of a group that the caller may see, by start, with their attendance: of all delegations for
/// those who run the events, of its own for an organisation; with `organisation` of that one.
pub async fn list(
    ctx: &Ctx,
    group: &Handle,
    organisation: Option<&Handle>,
    filter: Filter,
    paging: &Paging,
) -> Result<Page<SessionAttendance>, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let group = groups::get(ctx, group).await?;
    let filter = Filter { group: Some(Handle::Id(group.id)), ..filter };
    let page = schedule::list(ctx, &filter, paging).await?;
    let sessions: Vec<SessionId> = page.items.iter().map(|session| SessionId(session.id)).collect();
    let counts = sheet::store::counts_of(connection, &ctx.actor, &sessions, organisation).await?;
    page.try_map(|session| {
        let details = session.content.details;
        let event = reference(Some(&details.event_id)).ok_or_else(|| Error::internal("a session without an event"))?;
        Ok(SessionAttendance {
            session_id: SessionId(session.id),
            event_id: EventId(event),
            title: details.title,
            start: session.content.start,
            counts: counts.get(&SessionId(session.id)).copied().unwrap_or_default(),
        })
    })
}
