//! App passwords: for programs that read calendars and can show nothing but a user's name and a password.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Secret;
use crate::{Violation, language::check_line};

/// What a new app password is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAppPassword {
    /// The program and the device it is for, in its owner's words. Give each its own, so that each can be shut out alone.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
}

impl NewAppPassword {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        check_line(&self.name, "/name", 200).map_err(|violation| vec![violation])
    }
}

/// An app password as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppPassword {
    /// Names it; it opens nothing.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// How it begins, to recognise it by.
    pub prefix: String,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last used (UTC), to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// The program that used it then, in its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_agent: Option<String>,
}

/// The app passwords of one account, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppPasswords {
    /// There are at most twenty.
    #[schemars(length(max = 20))]
    pub items: Vec<AppPassword>,
}

impl AppPasswords {
    /// How many one account may have.
    pub const MOST: usize = 20;
}

/// A new app password with what a program is set up with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IssuedAppPassword {
    /// The app password.
    #[serde(flatten)]
    pub app_password: AppPassword,
    /// The address of the server, as calendar programs ask for it.
    pub url: String,
    /// The name of the user: the e-mail address of the account. Its id does as well.
    pub user: String,
    /// The password. Shown this once.
    pub password: Secret,
}
