//! Who is inside now, by what was scanned.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Text,
    identifier::{CheckTypeId, DelegateId, EventId},
};

/// A delegate who is inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PresenceDelegate")]
pub struct Inside {
    /// Who.
    pub delegate_id: DelegateId,
    /// Since when, by the clock of the server.
    pub since: Timestamp,
}

/// What is behind the doors of one check type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PresenceRoom")]
pub struct Room {
    /// The check type.
    pub check_type_id: CheckTypeId,
    /// What it is called at the door.
    pub name: Text,
    /// The zone behind the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// How many are inside.
    pub count: usize,
    /// Who is inside: everybody who last passed inwards.
    pub delegates: Vec<Inside>,
}

/// Who is inside now, for every check type of the event that knows a way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Presence {
    /// The event.
    pub event_id: EventId,
    /// One for each such check type.
    pub rooms: Vec<Room>,
}
