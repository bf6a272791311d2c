//! Scopes narrow a key: `sessions:write`, `events:read`, `*:read`.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! resources {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),* $(,)?) => {
        /// A kind of object a scope can name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Resource { $($(#[$doc])* $variant),* }

        impl Resource {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in a scope.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

resources! {
    /// Organisations.
    Organisations = "organisations",
    /// Persons.
    Persons = "persons",
    /// Groups, their memberships and roles.
    Groups = "groups",
    /// Events.
    Events = "events",
    /// Rooms.
    Rooms = "rooms",
    /// Sessions.
    Sessions = "sessions",
    /// What groups ask for: sessions, and not to sit at the same time as others.
    Requests = "requests",
    /// Delegations and delegates.
    Delegations = "delegations",
    /// Attendance of sessions.
    Attendance = "attendance",
    /// Badges and check types.
    Badges = "badges",
    /// What is scanned at a door, who is inside, and what a device needs for both.
    Checks = "checks",
    /// Statements and their clauses and versions.
    Statements = "statements",
    /// Calendar feeds.
    Feeds = "feeds",
    /// API keys and accounts.
    Keys = "keys",
    /// The change feed.
    Changes = "changes",
    /// The audit log.
    Audit = "audit",
}

/// What is done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Look at it.
    Read,
    /// Make, change or delete it; includes reading.
    Write,
}

/// One `resource:verb`; `*` stands for every resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope {
    resource: Option<Resource>,
    verb: Verb,
}

impl Scope {
    /// Reads `resource:verb`.
    pub fn parse(value: &str) -> Option<Self> {
        let (resource, verb) = value.split_once(':')?;
        let resource = match resource {
            "*" => None,
            word => Some(*Resource::ALL.iter().find(|r| r.as_str() == word)?),
        };
        let verb = match verb {
            "read" => Verb::Read,
            "write" => Verb::Write,
            _ => return None,
        };
        Some(Self { resource, verb })
    }

    /// Whether this scope allows `verb` on `resource`.
    pub fn covers(&self, verb: Verb, resource: Resource) -> bool {
        self.resource.is_none_or(|own| own == resource) && (self.verb == Verb::Write || verb == Verb::Read)
    }

    /// Whether this scope allows everything that `other` allows.
    pub fn includes(&self, other: &Self) -> bool {
        match other.resource {
            Some(resource) => self.covers(other.verb, resource),
            None => self.resource.is_none() && (self.verb == Verb::Write || other.verb == Verb::Read),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.verb == Verb::Read { "read" } else { "write" };
        write!(f, "{}:{verb}", self.resource.map_or("*", Resource::as_str))
    }
}

impl TryFrom<String> for Scope {
    type Error = String;
    fn try_from(value: String) -> Result<Self, String> {
        Self::parse(&value).ok_or_else(|| format!("'{value}' is not a scope such as 'sessions:read' or '*:write'."))
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

impl schemars::JsonSchema for Scope {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Scope".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<_> = Resource::ALL.iter().map(|r| r.as_str()).collect();
        schemars::json_schema!({
            "type": "string",
            "description": "resource:verb; write includes read, * stands for every resource",
            "pattern": format!("^(\\*|{}):(read|write)$", words.join("|")),
            "examples": ["sessions:read"],
        })
    }
}
