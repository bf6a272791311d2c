//! Secrets that have to be used again and so cannot be kept as hashes: encrypted, under a key that is not in the database.
//!
//! The key is configured, for several instances the same. Where nothing is configured and the database is a file, it lies
//! beside that file, made when the first secret is kept. Each secret is bound to what it belongs to: put elsewhere it
//! cannot be read.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use uuid::Uuid;

use crate::{clock::Entropy, config::Config, error::Error, http::reply::hex, private};

/// Name of the file beside an embedded database.
const FILE: &str = "vault.key";
/// Characters a key has at least.
const SHORTEST: usize = 32;

/// The secret that others are encrypted with. Does not print itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct VaultKey(String);

impl FromStr for VaultKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() < SHORTEST {
            return Err("a vault key has 32 characters or more; `openssl rand -hex 32` makes one".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for VaultKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Encrypts and decrypts: AES-256-GCM (NIST SP 800-38D) with a random nonce, under HMAC-SHA-256 of the key.
pub struct Vault(LessSafeKey);

/// A secret cannot be read: it was kept under another key, or belongs elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret was kept under another key")]
pub struct Unreadable;

impl Vault {
    /// The vault of this server; its key is made now where it may be and is not there yet.
    pub fn open(config: &Config, entropy: &Entropy) -> Result<Self, Error> {
        match &config.vault_key {
            Some(key) => Self::under(key),
            None => Self::under(&beside_the_database(config, entropy)?),
        }
    }

    fn under(key: &VaultKey) -> Result<Self, Error> {
        let bytes = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.0.as_bytes()), b"plenum vault 1");
        let key = UnboundKey::new(&AES_256_GCM, bytes.as_ref()).map_err(|_| Error::internal("no vault can be made"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// The secret of `owner` as it is kept.
    pub fn seal(&self, entropy: &Entropy, owner: Uuid, secret: &str) -> Result<String, Error> {
        let nonce: [u8; NONCE_LEN] = entropy.bytes()?;
        let mut bytes = secret.as_bytes().to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner.as_bytes()), &mut bytes)
            .map_err(|_| Error::internal("a secret cannot be kept"))?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &bytes].concat()))
    }

    /// What was kept for `owner`.
    pub fn open_sealed(&self, owner: Uuid, sealed: &str) -> Result<String, Unreadable> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Unreadable)?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN).ok_or(Unreadable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unreadable)?;
        let mut rest = rest.to_vec();
        let secret = self.0.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut rest).map_err(|_| Unreadable)?;
        String::from_utf8(secret.to_vec()).map_err(|_| Unreadable)
    }
}

/// Signs what the server gives out and gets back: HMAC-SHA-256 under the key of the vault, apart for each purpose.
pub struct Seal(hmac::Key);

impl Seal {
    /// The seal of this server for `purpose`; the key of the vault is made now where it may be and is not there yet.
    pub fn open(config: &Config, entropy: &Entropy, purpose: &str) -> Result<Self, Error> {
        let key = match &config.vault_key {
            Some(key) => key.clone(),
            None => beside_the_database(config, entropy)?,
        };
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.0.as_bytes());
        let own = hmac::sign(&key, format!("plenum seal 1 {purpose}").as_bytes());
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, own.as_ref())))
    }

    /// The seal on an id, in `N` bytes.
    pub fn on<const N: usize>(&self, id: Uuid) -> [u8; N] {
        let mut seal = [0; N];
        let whole = hmac::sign(&self.0, id.as_bytes());
        seal.iter_mut().zip(whole.as_ref()).for_each(|(byte, whole)| *byte = *whole);
        seal
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where the key of an embedded database lies if none is configured.
pub fn path(config: &Config) -> Option<PathBuf> {
    let database = config.database_url();
    let folder = Path::new(database.strip_prefix("sqlite://")?).parent()?;
    Some(folder.join(FILE))
}

fn beside_the_database(config: &Config, entropy: &Entropy) -> Result<VaultKey, Error> {
    let path = path(config).ok_or_else(|| {
        let detail = "This server has no key to keep addresses with. Its operator makes one with `openssl rand -hex 32` \
                      and names it on every instance as vault_key_file.";
        Error::conflict("vault_key_missing", detail)
    })?;
    let unusable = |error: io::Error| Error::internal(format!("{}: {error}", path.display()));
    if !path.exists() {
        private::make_once(&path, &hex(&entropy.bytes::<32>()?)).map_err(unusable)?;
    }
    let text = fs::read_to_string(&path).map_err(unusable)?;
    text.parse().map_err(|why: String| Error::internal(format!("{}: {why}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(key: &str) -> Vault {
        Vault::under(&key.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_secret_is_read_under_its_key_and_for_its_owner_alone() {
        let (entropy, owner) = (Entropy::seeded(1), Uuid::from_u128(1));
        let vault_of = |letter: &str| vault(&letter.repeat(SHORTEST));
        let sealed = vault_of("a").seal(&entropy, owner, "https://calendar.example/token").unwrap();
        assert!(!sealed.contains("token"));
        assert_eq!(vault_of("a").open_sealed(owner, &sealed).unwrap(), "https://calendar.example/token");
        assert_ne!(vault_of("a").seal(&entropy, owner, "https://calendar.example/token").unwrap(), sealed);
        assert_eq!(vault_of("b").open_sealed(owner, &sealed), Err(Unreadable));
        assert_eq!(vault_of("a").open_sealed(Uuid::from_u128(2), &sealed), Err(Unreadable));
        for broken in ["", "AAAA", &sealed[1..], "?"] {
            assert_eq!(vault_of("a").open_sealed(owner, broken), Err(Unreadable), "{broken}");
        }
    }

    #[test]
    fn a_key_is_long_and_does_not_print_itself() {
        assert!("short".parse::<VaultKey>().unwrap_err().contains("32 characters"));
        assert_eq!(format!("{:?}", "x".repeat(32).parse::<VaultKey>().unwrap()), "***");
    }
}
