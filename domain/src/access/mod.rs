//! Who may do what. Decided here, once, from facts; enforced where rows are read and transactions are opened.
//!
//! Reading is narrowed by a predicate in SQL built from the [`Actor`]; writing needs a [`Permit`], which only
//! [`Actor::permit`] makes and without which no transaction can be opened. The default is no.

mod actor;
mod scope;

pub use actor::{Actor, Denial, Limit, Permit, Principal, Target};
pub use scope::{Resource, Scope, Verb};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account or a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the server: everything, keys and accounts included.
    Admin,
    /// Runs groups and events: everything but keys and accounts, within its limits if it has any.
    Secretariat,
    /// Reads everything, changes nothing.
    Auditor,
    /// Acts for one organisation: what that organisation may see, and its own delegation.
    Delegate,
}

impl Role {
    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Secretariat => "secretariat",
            Self::Auditor => "auditor",
            Self::Delegate => "delegate",
        }
    }

    /// Reads the stored word.
    pub fn parse(value: &str) -> Option<Self> {
        [Self::Admin, Self::Secretariat, Self::Auditor, Self::Delegate].into_iter().find(|role| role.as_str() == value)
    }
}

/// Who may see an object, from the widest circle to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody, without signing in.
    Public,
    /// Organisations that are members of the group or have a delegation at the event.
    Participants,
    /// The secretariat, administrators and auditors.
    #[default]
    Secretariat,
}

impl Visibility {
    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Participants => "participants",
            Self::Secretariat => "secretariat",
        }
    }

    /// Reads the stored word; what is not understood is shown to nobody but the secretariat.
    pub fn parse(value: &str) -> Self {
        match value {
            "public" => Self::Public,
            "participants" => Self::Participants,
            _ => Self::Secretariat,
        }
    }
}
