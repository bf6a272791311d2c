//! What changed, for the audit log and the change feed.

use serde::Serialize;
use serde_json::{Value, json};

use crate::error::Error;

/// The members that differ between two states of an object: `{"name": {"old": ..., "new": ...}}`.
pub fn diff<T: Serialize>(old: &T, new: &T) -> Result<Value, Error> {
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let (Value::Object(old), Value::Object(new)) = (&old, &new) else { return Ok(Value::Null) };
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    Ok(names
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| (name.clone(), json!({"old": old.get(name), "new": new.get(name)})))
        .collect())
}
