//! The chain: each seal covers an entry and the seal before it.

use std::{fmt, str::FromStr};

use hmac::{Hmac, Mac as _};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Entry, Seal};
use crate::canonical::hexadecimal;

/// A seal's code: HMAC-SHA-256 under the audit key.
#[derive(Clone, Copy)]
pub struct Mac([u8; 32]);

impl Mac {
    /// What stands before the first entry.
    pub const START: Self = Self([0; 32]);

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() != 64 || !text.bytes().all(lower) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl PartialEq for Mac {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Mac {}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The end of the chain at some time, kept elsewhere: `SEQ:MAC`. Only who has the key can make one, and it vouches for
/// every entry up to its number.
pub type Head = Seal;

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.mac)
    }
}

impl FromStr for Head {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.trim().split_once(':');
        let head = parts.and_then(|(seq, mac)| {
            let seq = seq.parse().ok().filter(|seq| *seq > 0)?;
            Some(Self { seq, mac: Mac::parse(mac)? })
        });
        head.ok_or_else(|| "a head is a number, a colon and 64 hexadecimal digits, as the log shows it".to_owned())
    }
}

/// The secret that seals are made with. Does not print itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AuditKey(String);

impl AuditKey {
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

    /// The seal on `entry`, which follows the one sealed with `previous`: HMAC-SHA-256(key; previous, entry).
    pub fn seal(&self, previous: Mac, entry: &Entry) -> Mac {
        let mut hash = keyed(&self.0);
        hash.update(&previous.0);
        hash.update(&entry.bytes());
        Mac(hash.finalize().into_bytes().into())
    }
}

/// HMAC-SHA-256 under a secret in words.
pub(crate) fn keyed(secret: &str) -> Hmac<Sha256> {
    // As RFC 2104 fills the block of SHA-256 with a key.
    let hash = Sha256::digest(secret);
    let bytes = if secret.len() <= 64 { secret.as_bytes() } else { &hash };
    let mut block = [0; 64];
    for (place, byte) in block.iter_mut().zip(bytes) {
        *place = *byte;
    }
    Hmac::new(&block.into())
}

impl FromStr for AuditKey {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() < Self::SHORTEST {
            return Err("an audit key has 32 characters or more; `openssl rand -hex 32` makes one".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for AuditKey {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
