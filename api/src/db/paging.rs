//! Keyset paging: a page begins after the last row of the one before, so concurrent writes neither repeat nor skip.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Violation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;

/// Where a page begins: after the row with this sort key and id. Opaque to callers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Sort key of the last row of the page before; empty where rows are ordered by id alone.
    #[serde(rename = "k")]
    pub key: String,
    /// Id of that row.
    #[serde(rename = "i")]
    pub id: Uuid,
}

impl Cursor {
    /// The form callers get.
    pub fn encode(&self) -> Result<String, Error> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?))
    }

    /// Reads what a caller sent back.
    pub fn decode(value: &str) -> Result<Self, Error> {
        let cursor = URL_SAFE_NO_PAD.decode(value).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        cursor.ok_or_else(|| {
            let detail = "Send a next_cursor exactly as a list gave it, or none to begin at the start.";
            let violation = vec![Violation::new("cursor", "invalid_cursor", detail)];
            let shape = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
            // What could be a cursor but is none of ours can be read, only not followed.
            let readable = (1..=2000).contains(&value.len()) && value.bytes().all(shape);
            if readable { Error::Invalid(violation) } else { Error::Malformed(violation) }
        })
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// Rows on the page, 1 to 200.
    pub limit: u64,
    /// Where the page begins.
    pub after: Option<Cursor>,
}

impl Paging {
    /// Rows on a page where the caller does not say.
    pub const DEFAULT_LIMIT: u64 = 50;
    /// Rows on a page at most.
    pub const MAX_LIMIT: u64 = 200;

    /// From the `limit` and `cursor` parameters.
    pub fn new(limit: Option<u64>, cursor: Option<&str>) -> Result<Self, Error> {
        let limit = limit.unwrap_or(Self::DEFAULT_LIMIT);
        if !(1..=Self::MAX_LIMIT).contains(&limit) {
            let detail = format!("Ask for 1 to {} items.", Self::MAX_LIMIT);
            return Err(Error::Malformed(vec![Violation::new("limit", "out_of_range", detail)]));
        }
        Ok(Self { limit, after: cursor.map(Cursor::decode).transpose()? })
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct Page<T> {
    /// At most `limit` items.
    pub items: Vec<T>,
    /// Send it as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The same page with every item turned into something else.
    pub fn try_map<U, E>(self, f: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page { items: self.items.into_iter().map(f).collect::<Result<_, _>>()?, next_cursor: self.next_cursor })
    }
}
