//! One entry as the chain covers it, and the seal on it.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

use super::{Mac, personal::field_of};
use crate::canonical::canonical;

/// The action that says of a subject that the values about it were erased.
pub const ERASED: &str = "subject.erased";

/// Everything an entry says, in the form whose bytes are sealed. The same on every database.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Place in the order of commits, from 1 and without gaps.
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// Groups the entries of one transaction.
    pub position: Uuid,
    /// When; sealed as microseconds since 1970 (UTC).
    #[serde(serialize_with = "microseconds")]
    pub at: Timestamp,
    /// What kind of actor.
    pub actor_kind: String,
    /// The actor.
    pub actor_id: Option<Uuid>,
    /// The name of an actor that is no person.
    pub actor_name: Option<String>,
    /// The organisation acted for.
    pub on_behalf_of: Option<Uuid>,
    /// By which door.
    pub via: String,
    /// On which server of several.
    pub instance: String,
    /// What was done.
    pub action: String,
    /// What it was done to.
    pub object_kind: String,
    /// Its id.
    pub object_id: Uuid,
    /// Its event.
    pub event_id: Option<Uuid>,
    /// Its group.
    pub group_id: Option<Uuid>,
    /// The organisation it belongs to.
    pub organisation_id: Option<Uuid>,
    /// Who could see it then.
    pub visibility: String,
    /// Whom it named then.
    pub audience_id: Option<Uuid>,
    /// Whom its event named then.
    pub event_audience_id: Option<Uuid>,
    /// Its label then, by the Traffic Light Protocol.
    pub tlp: String,
    /// What changed, without what is about a person.
    pub diff: Value,
    /// What stands beside the entry: [`super::Commitment`]s by field.
    pub personal: Value,
    /// The request.
    pub request_id: Option<String>,
}

impl Entry {
    /// Whether it says something of this member, in the entry or beside it.
    pub fn tells(&self, member: &str) -> bool {
        self.diff.get(member).is_some() || self.personal.get(field_of(member)).is_some()
    }

    /// The bytes that are sealed: canonical JSON of all members, in UTF-8.
    pub fn bytes(&self) -> Vec<u8> {
        // Everything in an entry has a JSON form.
        canonical(&serde_json::to_value(self).unwrap_or_default()).into_bytes()
    }
}

fn microseconds<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(at.as_microsecond())
}

/// The seal on the entry of the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// Number of the entry.
    pub seq: i64,
    /// Covers the entry and, through the seal before it, all entries before.
    pub mac: Mac,
}
