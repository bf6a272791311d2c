//! Forgetting by itself, when the time has come: what the inventory keeps only for a while.
//!
//! What expires at an instant of its own (sign-ins, links, answers, addresses) goes with the rest of housekeeping; here
//! is what counts from a person's last meeting, from the end of an event, or from that of an account, key or feed.

use domain::{
    access::{Resource, Target},
    privacy::{Blank, INVENTORY, Retention, Table},
};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use serde_json::json;

use super::store;
use crate::{
    audit,
    context::{App, Ctx},
    db::Change,
    error::Error,
};

/// Persons whose contact data go in one transaction.
const BATCH: u64 = 100;

/// Forgets what is due; gives how many rows.
pub async fn run(app: &App) -> Result<u64, Error> {
    let ctx = Ctx::internal(app, "job");
    let forgotten = contacts(&ctx).await? + after_events(&ctx).await? + ended(&ctx).await?;
    app.db.settle().await;
    Ok(forgotten)
}

/// Blanks the contact data of delegates whose last meeting is long past, unless they still hold an office or have an
/// account; what the audit log says about them goes too, since it holds the address they had.
async fn contacts(ctx: &Ctx) -> Result<u64, Error> {
    let Some(horizon) = months_before(ctx.now, ctx.app.config.contact_months) else { return Ok(0) };
    let Some(persons) = table("persons") else { return Ok(0) };
    let tx = ctx.write(ctx.actor.permit(Resource::Persons, Target::default())?).await?;
    let due = store::persons_past(&tx, horizon, BATCH).await?;
    for (id, version) in &due {
        store::contact_blank(&tx, persons, columns(persons, Retention::AfterLastMeeting), *id).await?;
        tx.record(Change {
            diff: json!({"contact_months": ctx.app.config.contact_months}),
            ..Change::new("person.contact_erased", *id, version + 1)
        });
        audit::erase_subject(&tx, *id);
    }
    tx.commit().await?;
    Ok(due.len() as u64)
}

/// Blanks what is personal and of no use after an event: who passed its doors, what delegates eat and need, and when
/// they travel. That somebody passed, and that they came, stays.
async fn after_events(ctx: &Ctx) -> Result<u64, Error> {
    let days = ctx.app.config.after_event_days;
    if days == 0 {
        return Ok(0);
    }
    let horizon = ctx.now - SignedDuration::from_hours(24 * i64::from(days));
    let tx = ctx.write(ctx.actor.permit(Resource::Checks, Target::default())?).await?;
    let mut count = 0;
    for table in INVENTORY {
        let due = columns(table, Retention::AfterEvent);
        if !due.is_empty() {
            count += store::past_blank(&tx, table, due, horizon).await?;
        }
    }
    tx.commit().await?;
    Ok(count)
}

/// Blanks what is personal about accounts, keys and feeds that were taken out of use long ago.
async fn ended(ctx: &Ctx) -> Result<u64, Error> {
    let days = ctx.app.config.ended_days;
    if days == 0 {
        return Ok(0);
    }
    let horizon = ctx.now - SignedDuration::from_hours(24 * i64::from(days));
    let tx = ctx.write(ctx.actor.permit(Resource::Keys, Target::default())?).await?;
    let mut count = 0;
    for table in INVENTORY.iter().filter(|table| table.fields().any(|(name, _)| name == "deleted_at")) {
        count += store::ended_blank(&tx, table, columns(table, Retention::AfterEnd), horizon).await?;
    }
    tx.commit().await?;
    Ok(count)
}

fn table(name: &str) -> Option<&'static Table> {
    INVENTORY.iter().find(|table| table.name == name)
}

/// The columns that are kept so long, and what is left of them.
fn columns(table: &Table, kept: Retention) -> Vec<(&'static str, Blank)> {
    let due = table.fields().filter(|(_, group)| group.handling.is_some_and(|why| why.retention == kept));
    due.map(|(name, group)| (name, group.blank)).collect()
}

/// The instant so many calendar months before `now` (UTC); none where nothing is to be forgotten.
fn months_before(now: Timestamp, months: u32) -> Option<Timestamp> {
    let months = i32::try_from(months).ok().filter(|months| *months > 0)?;
    let past = now.to_zoned(TimeZone::UTC).checked_sub(months.months()).ok()?;
    Some(past.timestamp())
}
