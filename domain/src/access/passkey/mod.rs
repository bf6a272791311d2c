//! Passkeys (Web Authentication, Level 3): what an authenticator must show before an account may be signed in to, and
//! what is shown of the passkeys of an account.
//!
//! Here are the rules that need neither a database nor a key: reading what the browser sent and judging it. Whether a
//! challenge was ours, and whether a signature is the key's, is asked in `api::access::sign_in::passkeys`. No statement
//! of a manufacturer ("attestation") is asked for or believed.

mod authenticator;
mod ceremony;
mod public_key;

pub use authenticator::AuthenticatorData;
pub use ceremony::{Asserted, Ceremony, ClientData, Registered, RelyingParty, asserted, registered};
pub use public_key::PublicKey;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Check, Violation, language::check_line};

crate::words! {
    /// Why a passkey was not believed. For the log and the audit log: whoever tried is not told.
    pub enum PasskeyFault {
        /// What the browser says of the ceremony cannot be read, or speaks of token binding.
        ClientData = "client_data",
        /// The browser did something else than what was asked for.
        WrongType = "wrong_type",
        /// Another page asked for it.
        WrongOrigin = "wrong_origin",
        /// A page in a frame of another site asked for it.
        CrossOrigin = "cross_origin",
        /// The challenge was not given to this browser for this purpose, was used already, or is too old.
        Challenge = "challenge",
        /// What the authenticator says cannot be read.
        AuthenticatorData = "authenticator_data",
        /// It was made for another server.
        WrongRelyingParty = "wrong_relying_party",
        /// Nobody touched the authenticator.
        NotPresent = "not_present",
        /// The authenticator did not check who touched it.
        NotVerified = "not_verified",
        /// A manufacturer's statement that was not asked for.
        Attestation = "attestation",
        /// The key is of no kind that is accepted here, or is none.
        PublicKey = "public_key",
        /// The signature is not the key's.
        Signature = "signature",
        /// No passkey of this server.
        Unknown = "unknown",
        /// The passkey belongs to somebody else than the authenticator says.
        OtherAccount = "other_account",
        /// A passkey that stays in its device came from elsewhere, or the other way round.
        Backup = "backup",
        /// The authenticator has counted back: there may be a copy of it.
        Counter = "counter",
        /// The account cannot be used.
        Account = "account",
    }
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Passkey {
    /// Names it here; it opens nothing.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// Whether it is kept by a service and works on several devices; otherwise it stays in the one it was made in.
    pub synced: bool,
    /// When it was registered (UTC).
    pub created_at: Timestamp,
    /// When it was last used (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// The passkeys of one account, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Passkeys {
    /// There are at most twenty.
    #[schemars(length(max = 20))]
    pub items: Vec<Passkey>,
}

impl Passkeys {
    /// How many passkeys an account may have.
    pub const MOST: usize = 20;
}

/// What a browser needs to make a passkey: the members of `PublicKeyCredentialCreationOptions` that this server sets
/// (Web Authentication, 5.4). Bytes are written in base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PasskeyChallenge {
    /// `challenge`: works once, in this browser.
    pub challenge: String,
    /// Until when it works (UTC).
    pub expires_at: Timestamp,
    /// `rp.id`: the host of the server's public address.
    pub relying_party_id: String,
    /// `user.id`: the account.
    pub user_id: String,
    /// `user.name`: the address of the account.
    pub user_name: String,
    /// `user.displayName`: the person's name.
    pub user_display_name: String,
    /// `pubKeyCredParams`: the algorithms that are accepted, best first (COSE, RFC 9053).
    #[schemars(length(max = 10))]
    pub algorithms: Vec<i64>,
    /// `excludeCredentials`: those the account has already.
    #[schemars(length(max = 20))]
    pub exclude: Vec<String>,
}

/// A new passkey: its name, and what the authenticator said when it was made. Bytes are written in base64url without
/// padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// What to call it, such as the device it is in.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// `response.clientDataJSON`.
    #[schemars(length(min = 1, max = 8192), regex(pattern = r"^[A-Za-z0-9_-]+$"))]
    pub client_data: String,
    /// `response.attestationObject`.
    #[schemars(length(min = 1, max = 16384), regex(pattern = r"^[A-Za-z0-9_-]+$"))]
    pub attestation_object: String,
}

impl NewPasskey {
    /// Everything that is wrong with its form.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.name, "/name", 100));
        let bytes =
            [("/client_data", &self.client_data, 8192), ("/attestation_object", &self.attestation_object, 16384)];
        for (pointer, text, most) in bytes {
            let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let fits = (1..=most).contains(&text.len()) && text.bytes().all(url_safe);
            check.require(fits, pointer, "invalid", "Send the bytes in base64url without padding.");
        }
        check.finish()
    }
}

/// Whether an authenticator that has counted to `stored` may show `shown`. Those that do not count show 0 every time
/// (Web Authentication, 6.1.1).
pub fn counter_advances(stored: u32, shown: u32) -> bool {
    shown > stored || (shown == 0 && stored == 0)
}

#[cfg(test)]
mod tests;
