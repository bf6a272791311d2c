//! What stands in the QR code of a badge.
//!
//! `PB1:` and, in Base45, 97 bytes: a version (1), the id of the event (16), the token (16), and an Ed25519 signature
//! (RFC 8032) of the 33 bytes before it by the key of the event. Nothing in it says who the holder is. The token is
//! what the server knows the badge by, of which it keeps a hash only; the signature is for devices without a network.
//! Making and checking signatures is the application's: here is what is signed.

use std::{fmt, str::FromStr};

use hmac::Mac as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::base45;
use crate::{
    audit::keyed,
    canonical::hexadecimal,
    identifier::{BadgeId, EventId},
};

/// How the content of the QR code begins.
pub const PREFIX: &str = "PB1:";
const VERSION: u8 = 1;
/// Version, event and token: what is signed.
const MESSAGE: usize = 33;
const SIGNATURE: usize = 64;

/// The secret that badge tokens and the signing keys of events are derived from. Does not print itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BadgeKey(String);

impl BadgeKey {
    /// Characters a key has at least.
    pub const SHORTEST: usize = 32;

    /// A new key from random bytes: 64 hexadecimal digits.
    pub fn generate(random: &[u8; 32]) -> Self {
        Self(hexadecimal(random))
    }

    /// The key as it is kept in a file.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The seed of the Ed25519 key of an event. Each event has its own, so that whoever is given the public key of one
    /// can tell its badges from those of the next.
    pub fn seed(&self, event: EventId) -> [u8; 32] {
        self.derived(b"plenum badge signing key", event.0)
    }

    /// The token of a badge: 128 bits that nobody without the key can tell from random ones. It is derived, and not
    /// kept, so that a badge can be printed again while the database holds only a hash.
    pub fn token(&self, badge: BadgeId) -> BadgeToken {
        let mut token = [0; 16];
        token.copy_from_slice(&self.derived(b"plenum badge token", badge.0)[..16]);
        BadgeToken(token)
    }

    fn derived(&self, purpose: &[u8], id: Uuid) -> [u8; 32] {
        let mut hash = keyed(&self.0);
        hash.update(purpose);
        hash.update(&[0]);
        hash.update(id.as_bytes());
        hash.finalize().into_bytes().into()
    }
}

impl FromStr for BadgeKey {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() < Self::SHORTEST {
            return Err("a badge key has 32 characters or more; `openssl rand -hex 32` makes one".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for BadgeKey {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Debug for BadgeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What the server knows a badge by: 128 bits. Does not print itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BadgeToken([u8; 16]);

impl BadgeToken {
    /// What is stored, and shipped to devices: SHA-256 in hexadecimal. The token has 128 bits of its own, so no slow
    /// hash.
    pub fn hash(&self) -> String {
        hexadecimal(&Sha256::digest(self.0))
    }
}

impl fmt::Debug for BadgeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A token and the event it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope {
    /// The event.
    pub event: EventId,
    /// The token.
    pub token: BadgeToken,
}

impl Envelope {
    /// What is signed.
    pub fn message(&self) -> [u8; MESSAGE] {
        let mut message = [VERSION; MESSAGE];
        message[1..17].copy_from_slice(self.event.0.as_bytes());
        message[17..].copy_from_slice(&self.token.0);
        message
    }
}

/// An envelope with a signature that may or may not be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedEnvelope {
    /// What is signed.
    pub envelope: Envelope,
    /// The signature.
    pub signature: [u8; SIGNATURE],
}

impl SignedEnvelope {
    /// What the QR code says.
    pub fn content(&self) -> QrContent {
        let bytes = [self.envelope.message().as_slice(), &self.signature].concat();
        QrContent(format!("{PREFIX}{}", base45::encode(&bytes)))
    }

    /// Reads what a scanner has read; `None` for any other code, such as that of a ticket for the train.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = base45::decode(text.strip_prefix(PREFIX)?)?;
        let (message, signature) = bytes.split_at_checked(MESSAGE)?;
        let (version, rest) = message.split_first()?;
        let (event, token) = rest.split_at_checked(16)?;
        let envelope =
            Envelope { event: EventId(Uuid::from_slice(event).ok()?), token: BadgeToken(token.try_into().ok()?) };
        (*version == VERSION).then_some(())?;
        Some(Self { envelope, signature: signature.try_into().ok()? })
    }
}

/// What the QR code of a badge says. Whoever has it has the badge, so it prints itself nowhere by accident.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct QrContent(String);

impl QrContent {
    /// The text, in characters of the alphanumeric mode of QR codes.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for QrContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> BadgeKey {
        "a key of the tests that is long enough".parse().unwrap()
    }

    fn signed() -> SignedEnvelope {
        let envelope = Envelope { event: EventId(Uuid::from_u128(7)), token: key().token(BadgeId(Uuid::from_u128(1))) };
        SignedEnvelope { envelope, signature: [9; 64] }
    }

    #[test]
    fn what_is_printed_can_be_read_and_fits_a_small_code() {
        let content = signed().content();
        assert_eq!(SignedEnvelope::parse(content.reveal()), Some(signed()));
        // 97 bytes are 48 pairs of three characters and one byte of two (RFC 9285); 154 fit version 6, level M.
        assert_eq!(content.reveal().len(), 4 + 48 * 3 + 2);
    }

    #[test]
    fn other_codes_are_none_of_ours() {
        let good = signed().content();
        let cut = &good.reveal()[..good.reveal().len() - 3];
        let other_version = good.reveal().replacen("PB1:", "PB2:", 1);
        for text in ["", "PB1:", "https://example.org/ticket/17", cut, &other_version, &format!("{}000", good.reveal())]
        {
            assert_eq!(SignedEnvelope::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_badge_and_every_event_has_a_secret_of_its_own() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_ne!(key().token(BadgeId(one)), key().token(BadgeId(two)));
        assert_ne!(key().seed(EventId(one)), key().seed(EventId(two)));
        assert_ne!(key().token(BadgeId(one)).0, key().seed(EventId(one))[..16]);
        let other: BadgeKey = "another key of the tests, also long enough".parse().unwrap();
        assert_ne!(key().token(BadgeId(one)), other.token(BadgeId(one)));
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let shown = format!("{:?} {:?} {:?}", key(), signed().envelope.token, signed().content());
        assert_eq!(shown, "*** *** ***");
    }
}
