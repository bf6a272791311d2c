//! Looking for people by those who do not see everybody.
//!
//! Whoever could ask for any name or id, and as often as they like, would have the whole directory in the end. So a search
//! needs some letters, gives few people and no further pages, and is counted and noted; so are ids that name nobody the
//! caller may see. Both are counted in the database, for all instances together.

use domain::{
    access::{Principal, Resource},
    people::Person,
};
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use super::store::{self, Filter, Reach};
use crate::{
    audit,
    context::Ctx,
    db::{Allowance, Page, Paging, Visible},
    error::Error,
};

/// Letters a search needs.
const LEAST_LETTERS: usize = 3;
/// People a search gives.
const MOST_PEOPLE: u64 = 20;
/// Searches of one account or key.
const SEARCHES: Allowance = Allowance { times: 60, window: SignedDuration::from_mins(10) };
/// Ids one account or key may try that name nobody it may see.
const MISSES: Allowance = Allowance { times: 100, window: SignedDuration::from_mins(10) };

/// The first people whose name fits, among those the caller may see.
pub(super) async fn search(ctx: &Ctx, filter: &Filter, paging: &Paging) -> Result<Page<Visible<Person>>, Error> {
    let connection = ctx.read(Resource::Persons)?;
    let letters = filter.q.iter().flat_map(|q| q.chars()).filter(|c| c.is_alphanumeric()).count();
    if letters < LEAST_LETTERS {
        let detail = format!("Give at least {LEAST_LETTERS} letters of the name.");
        return Err(Error::invalid("q", "too_short", detail));
    }
    count(ctx, "searches", SEARCHES).await?;
    let first = Paging { limit: paging.limit.min(MOST_PEOPLE), after: None };
    let page = store::person_list(connection, &ctx.actor, Reach::All, filter, &first).await?;
    // The name that was looked for is somebody's, and stays out of the log.
    audit::note(ctx, "person.searched", Uuid::nil(), json!({"found": page.items.len()})).await?;
    Ok(Page { next_cursor: None, ..page })
}

/// Counts an id that names nobody the caller may see; staff, who see everybody, are not counted.
pub(super) async fn count_miss(ctx: &Ctx) -> Result<(), Error> {
    if ctx.actor.sees_everything() { Ok(()) } else { count(ctx, "misses", MISSES).await }
}

async fn count(ctx: &Ctx, what: &str, allowance: Allowance) -> Result<(), Error> {
    match &ctx.actor.principal {
        Principal::Key { id, .. } | Principal::Session { account: id, .. } => {
            ctx.app.db.throttle(format!("persons {what} {id}"), allowance, ctx.now).await
        }
        Principal::Anonymous | Principal::Subscriber { .. } | Principal::Console => Ok(()),
    }
}
