//! What people may ask about what is kept of them: to see all of it, and to have it erased.
//!
//! Both go by the inventory in `domain::privacy`, table by table, so this is the one capability that reads and blanks
//! the rows of all others. Here are the use cases; [`retention`] does the same by itself when the time has come.

pub mod resource;
pub mod retention;
pub mod store;

use std::collections::BTreeMap;

use domain::{
    access::{Permit, Principal, Resource, Target},
    privacy::{Erased, ErasureOrder, ExportedTable, INVENTORY, PersonExport},
};
use serde_json::json;
use uuid::Uuid;

use self::store::{Known, Traces};
use crate::{
    access::accounts,
    audit,
    context::Ctx,
    db::{Change, Expected, Tx},
    error::Error,
};

/// All that is kept about a person, secrets excepted. For administrators, and for the person; that it was read is an
/// entry of the audit log.
pub async fn export(ctx: &Ctx, person: Uuid) -> Result<PersonExport, Error> {
    let connection = ctx.app.db.read();
    if !is_own(ctx, person).await? {
        ctx.actor.permit(Resource::Keys, Target::default()).map(drop)?;
    }
    let known = known(store::person_known(connection, person).await?)?;
    let traces = store::traces_find(connection, &known).await?;
    let mut tables = vec![];
    for table in INVENTORY.iter().filter(|table| !table.about.is_empty()) {
        let rows = store::rows_export(connection, &ctx.actor, &traces, table).await?;
        if !rows.is_empty() {
            tables.push(ExportedTable::new(table, rows));
        }
    }
    audit::note(ctx, "person.exported", person, serde_json::Value::Null).await?;
    Ok(PersonExport { person_id: person, version: known.version, exported_at: ctx.now, tables })
}

/// Erases a person everywhere: what is personal is blanked or deleted, accounts, keys, sign-ins and calendars end, and
/// what the audit log says about the person goes. Offices, seats and authorship stay, with a number in the place of a
/// name. For administrators who have signed in lately.
pub async fn erase(ctx: &Ctx, person: Uuid, expected: Expected, order: &ErasureOrder) -> Result<Erased, Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    ctx.freshly_signed_in()?;
    let known = known(store::person_known(ctx.app.db.read(), person).await?)?;
    expected.check_version(known.version, &json!({"id": person, "version": known.version}))?;
    order.check(known.names.iter().map(String::as_str))?;
    let erased = carry_out(ctx, permit, &known, order).await?;
    ctx.app.db.settle().await;
    Ok(erased)
}

async fn carry_out(ctx: &Ctx, permit: Permit, known: &Known, order: &ErasureOrder) -> Result<Erased, Error> {
    let tx = ctx.write(permit).await?;
    let version = store::person_tombstone(&tx, known).await?;
    let traces = store::traces_find(tx.connection(), known).await?;
    end_access(&tx, &traces).await?;
    let mut rows = BTreeMap::new();
    // Sign-ins and what hangs on them go before what they hang on.
    for table in INVENTORY.iter().rev().filter(|table| !table.about.is_empty()) {
        let count = store::rows_erase(&tx, &traces, table).await?;
        if count > 0 {
            rows.insert(table.name, count);
        }
    }
    tx.record(Change {
        deleted: true,
        diff: json!({"reason": order.reason}),
        ..Change::new("person.erased", known.id, version)
    });
    for subject in traces.subjects() {
        audit::erase_subject(&tx, subject);
    }
    tx.commit().await?;
    Ok(Erased { person_id: known.id, erased_at: ctx.now, rows })
}

/// Ends everything by which the person could come in or be reached.
async fn end_access(tx: &Tx, traces: &Traces) -> Result<(), Error> {
    for account in traces.ids("accounts") {
        accounts::close(tx, *account).await?;
    }
    for (key, version) in store::keys_end(tx, traces.ids("api_keys")).await? {
        tx.record(Change::new("key.deleted", key, version));
    }
    store::badges_end(tx, traces.ids("badges")).await?;
    store::feeds_end(tx, traces.ids("feeds")).await
}

/// Whether somebody who is signed in asks about themselves.
async fn is_own(ctx: &Ctx, person: Uuid) -> Result<bool, Error> {
    match &ctx.actor.principal {
        Principal::Session { account, .. } => store::account_is_of(ctx.app.db.read(), *account, person).await,
        _ => Ok(false),
    }
}

/// Deleted persons are known still; erased ones are not.
fn known(found: Option<Known>) -> Result<Known, Error> {
    let known = found.ok_or(Error::NotFound)?;
    if known.erased { Err(Error::Gone) } else { Ok(known) }
}
