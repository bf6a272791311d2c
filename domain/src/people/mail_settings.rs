//! Which mails somebody wants.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which mails go to a person, where the server sends such mails at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Invitations to sessions in which they have a part, with their changes and their end, for the calendar. Whoever was
    /// invited before learns no more of it by mail; the invitation stands.
    #[serde(default = "wanted")]
    pub invitations: bool,
    /// That a release changed what they follow and have no part in.
    #[serde(default = "wanted")]
    pub followed: bool,
}

fn wanted() -> bool {
    true
}

impl Default for MailSettings {
    /// All of them, until somebody says otherwise.
    fn default() -> Self {
        Self { invitations: true, followed: true }
    }
}
