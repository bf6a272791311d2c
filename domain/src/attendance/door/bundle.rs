//! What a device takes with it to work without a network.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::{BadgeState, CheckTypeDetails};
use crate::{
    attendance::Category,
    identifier::{CheckTypeId, EventId},
};

/// A check type with its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoorCheckType {
    /// Its id.
    pub id: CheckTypeId,
    /// What is said of it.
    #[serde(flatten)]
    pub details: CheckTypeDetails,
}

/// A badge, by the hash of its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoorBadge {
    /// SHA-256 of the 16 bytes of the token, in hexadecimal.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub hash: String,
    /// Whether it opens anything. `revoked` and `lost` ones are the revocation list.
    pub state: BadgeState,
    /// Whether its holder is approved.
    pub approved: bool,
    /// The category of its holder's delegation.
    pub category: Category,
    /// The zones it opens; none for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
}

/// Everything by which a device decides on its own: it holds no name and nothing by which a badge could be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Door {
    /// The event.
    pub event_id: EventId,
    /// IANA name of the zone in which days and windows are meant.
    pub time_zone: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// The Ed25519 keys (RFC 8032) by which badges of this event are signed, 32 bytes in hexadecimal. Usually one.
    pub public_keys: Vec<String>,
    /// What is checked.
    pub check_types: Vec<DoorCheckType>,
    /// Every badge of the event. What is not among them is unknown.
    pub badges: Vec<DoorBadge>,
}
