//! The audit log as lines of JSON, with everything another program needs to check it.
//!
//! The first line says after which entry the lines begin and what the seal there is; then comes a line for each entry,
//! exactly as it is sealed, with its seal and the values beside it; the last line holds the head. Of an entry about a
//! sealed group only those get the values who are admitted; what an entry said before the group was sealed stands in the
//! entry itself, so of that the others get its seal alone and no proof. How seals are made is in
//! `domain::audit`; `tests/foreign/verify_audit.py` is a check of that kind.

use std::collections::HashMap;

use domain::{
    access::Resource,
    audit::{Kept, is_of_diff},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{note, store};
use crate::{context::Ctx, error::Error};

/// Entries in one export at most.
pub const MOST: u64 = 1000;

/// The lines of the entries after number `after`, `limit` of them at most. For administrators and auditors; the export
/// is itself an entry, the last one if all fit.
pub async fn create(ctx: &Ctx, after: i64, limit: u64) -> Result<String, Error> {
    ctx.read(Resource::Audit)?;
    note(ctx, "audit.exported", Uuid::nil(), json!({"after": after, "limit": limit})).await?;
    let snapshot = ctx.app.db.snapshot().await?;
    let counted = store::counted(&snapshot).await?;
    let entries = store::entries_after(&snapshot, after, limit).await?;
    let last = entries.last().map_or(after, |entry| entry.seq);
    let seals: HashMap<_, _> = store::seals_between(&snapshot, after - 1, Some(last))
        .await?
        .into_iter()
        .map(|seal| (seal.seq, seal.mac))
        .collect();
    let mut beside: HashMap<i64, Vec<Value>> = HashMap::new();
    for kept in store::values_between(&snapshot, after, Some(last)).await? {
        beside.entry(kept.seq).or_default().push(value(&kept));
    }
    let seal = |seq: i64| seals.get(&seq).map(ToString::to_string);
    let mut lines = vec![json!({"after": after, "seal": seal(after), "entries": counted.entries})];
    let sealed = super::sealed_from(ctx, &snapshot, &entries).await?;
    for entry in &entries {
        let mut values = beside.remove(&entry.seq).unwrap_or_default();
        let withheld = sealed.contains(&entry.seq);
        if withheld && entry.diff.as_object().is_some_and(|diff| !diff.is_empty()) {
            lines.push(json!({"sealed": entry.seq, "seal": seal(entry.seq)}));
            continue;
        }
        if withheld {
            values.retain(|value| !value["field"].as_str().is_some_and(is_of_diff));
        }
        lines.push(json!({"entry": entry, "seal": seal(entry.seq), "values": values}));
    }
    let head = store::seals_between(&snapshot, counted.seals - 1, Some(counted.seals)).await?.pop();
    lines.push(json!({"head": head.map(|head| head.to_string()), "more": last < counted.entries}));
    Ok(lines.iter().map(|line| format!("{line}\n")).collect())
}

fn value(kept: &Kept) -> Value {
    json!({"field": kept.field, "subject": kept.subject, "salt": kept.salt, "value": kept.value})
}
