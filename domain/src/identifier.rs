//! Typed identifiers: an id of one kind of object cannot be passed where another is meant.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{borrow::Cow, fmt};
use uuid::Uuid;

use crate::Violation;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
    )*};
}

ids! {
    /// Identifies an organisation.
    OrganisationId,
    /// Identifies a person.
    PersonId,
    /// Identifies a group.
    GroupId,
    /// Identifies a membership: an organisation in a group.
    MembershipId,
    /// Identifies a role: a person in a group.
    RoleId,
    /// Identifies an event.
    EventId,
    /// Identifies a room.
    RoomId,
    /// Identifies a session.
    SessionId,
    /// Identifies a date poll.
    PollId,
    /// Identifies an option of a date poll.
    PollOptionId,
    /// Identifies a request for a session.
    RequestId,
    /// Identifies a release of a programme.
    ReleaseId,
    /// Identifies an item of an agenda.
    AgendaItemId,
    /// Identifies a duty in a session.
    DutyId,
    /// Identifies an edition of an agenda.
    AgendaEditionId,
    /// Identifies a delegation.
    DelegationId,
    /// Identifies an entry of a speakers' list.
    SpeakerId,
    /// Identifies a delegate.
    DelegateId,
    /// Identifies a badge.
    BadgeId,
    /// Identifies a check type.
    CheckTypeId,
    /// Identifies a credential of a delegation.
    CredentialId,
    /// Identifies one line of attendance.
    AttendanceId,
    /// Identifies a statement.
    StatementId,
    /// Identifies a clause, for its whole life.
    ClauseId,
    /// Identifies a feed.
    FeedId,
    /// Identifies an API key.
    KeyId,
    /// Identifies an account.
    AccountId,
}

/// A short name that people type and that stands in addresses: `warsaw-cyber`, `seoul-2019`, `PL`.
///
/// 2 to 64 characters: ASCII letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit; never
/// in the form of a UUID, so that an address can take either without doubt. Compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

impl Code {
    /// Checks `value`; `pointer` says where it stood.
    pub fn parse(value: &str, pointer: &str) -> Result<Self, Violation> {
        let alphanumeric = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let fits = (2..=64).contains(&value.len())
            && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && alphanumeric(value.chars().next())
            && alphanumeric(value.chars().next_back())
            && Uuid::try_parse(value).is_err();
        if fits {
            return Ok(Self(value.to_owned()));
        }
        Err(Violation::new(
            pointer,
            "invalid_code",
            "A code has 2 to 64 ASCII letters, digits, '-', '_' or '.', begins and ends with a letter or digit, and is not a UUID.",
        ))
    }

    /// The code as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which codes are compared and found.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Code {
    type Error = String;
    fn try_from(value: String) -> Result<Self, String> {
        Self::parse(&value, "").map_err(|violation| violation.detail)
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A short unique name; never in the form of a UUID.",
            "pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])$",
            "examples": ["seoul-2019"],
        })
    }
}

/// What stands in an address where an object is named: its id, or its unique code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "String")]
pub enum Handle {
    /// By id.
    Id(Uuid),
    /// By code, in the form codes are compared by.
    Code(String),
}

impl Handle {
    /// The id, if the object is named by that.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Code(_) => None,
        }
    }
}

impl From<&str> for Handle {
    fn from(value: &str) -> Self {
        Uuid::try_parse(value).map_or_else(|_| Self::Code(value.to_ascii_lowercase()), Self::Id)
    }
}

impl From<String> for Handle {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl From<Uuid> for Handle {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl<'de> Deserialize<'de> for Handle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = String::deserialize(deserializer)?;
        let visible = |c: char| !c.is_whitespace() && !c.is_control();
        let fits = (1..=254).contains(&value.chars().count()) && value.chars().all(visible);
        if fits { Ok(value.into()) } else { Err(D::Error::custom("Name the object by its id or its code.")) }
    }
}

impl From<Handle> for String {
    fn from(handle: Handle) -> Self {
        match handle {
            Handle::Id(id) => id.to_string(),
            Handle::Code(code) => code,
        }
    }
}

impl JsonSchema for Handle {
    fn schema_name() -> Cow<'static, str> {
        "Handle".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "The id of an object, or its unique code; answers always give the id.",
            "pattern": r"^[^\s\u0000-\u001f\u007f-\u009f]{1,254}$",
            "examples": ["seoul-2019"],
        })
    }
}
