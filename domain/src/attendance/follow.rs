//! What somebody follows without having a part in it: they find it in their calendar, and read of it when it changes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Text,
    identifier::{EventId, Handle},
};

crate::words! {
    /// What can be followed.
    #[schemars(rename = "FollowKind")]
    pub enum Followed {
        /// A session with all its sittings; of a further sitting that alone.
        Session = "session",
        /// The sessions of a group, those it sits in with others, and its events with all their sessions.
        Group = "group",
        /// An event with all its sessions.
        Event = "event",
    }
}

impl Followed {
    /// The name under which changes to the sessions of `object` are counted, as calendars know it.
    pub fn scope(self, object: Uuid) -> String {
        format!("{self}:{object}")
    }
}

/// What somebody wants to follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFollow {
    /// What it is.
    pub kind: Followed,
    /// Which one: by id, a group or an event also by its code.
    pub object_id: Handle,
}

/// Something that somebody follows and may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Follow {
    /// What it is.
    pub kind: Followed,
    /// Which one.
    pub object_id: Handle,
    /// Title of the session or event, name of the group.
    pub title: Text,
    /// The event of a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}

impl Follow {
    /// How much one person can follow.
    pub const MOST: u64 = 500;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendars::Kind;

    #[test]
    fn what_is_followed_is_counted_as_calendars_count_it() {
        let object = Uuid::from_u128(7);
        assert_eq!(Followed::Event.scope(object), Kind::Event.scope(object));
        assert_eq!(Followed::Group.scope(object), Kind::Group.scope(object));
    }
}
