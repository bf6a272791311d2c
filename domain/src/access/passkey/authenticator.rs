//! Authenticator data (Web Authentication, 6.1): what the authenticator itself says, in its own bytes.

use std::io::Cursor;

use ciborium::Value;

use super::PasskeyFault;

/// Somebody touched the authenticator.
const PRESENT: u8 = 0x01;
/// It has checked who.
const VERIFIED: u8 = 0x04;
/// The passkey may be kept by a service.
const BACKUP_ELIGIBLE: u8 = 0x08;
/// It is kept by one at the moment.
const BACKED_UP: u8 = 0x10;
/// A new key follows.
const ATTESTED: u8 = 0x40;
/// Extensions follow.
const EXTENDED: u8 = 0x80;

/// Hash of the relying party's id, flags and counter.
const HEAD: usize = 37;
/// The model of the authenticator and the length of the credential's id.
const ATTESTED_HEAD: usize = 18;

/// Bytes of a credential's id: enough not to be guessed, and no more than the standard allows.
const ID_LENGTH: std::ops::RangeInclusive<usize> = 16..=1023;

/// What the authenticator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// SHA-256 of the id of the server it answers.
    pub relying_party_hash: [u8; 32],
    /// Whether somebody touched it.
    pub present: bool,
    /// Whether it has checked who.
    pub verified: bool,
    /// Whether the passkey may be kept by a service.
    pub backup_eligible: bool,
    /// How often it has signed; 0 where it does not count.
    pub sign_count: u32,
    /// The new passkey, where one was made.
    pub made: Option<Made>,
}

/// A passkey that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its id.
    pub credential_id: Vec<u8>,
    /// Its public key (COSE_Key, RFC 9052, 7).
    pub public_key: Vec<u8>,
}

impl AuthenticatorData {
    /// Reads it; nothing may be left over.
    pub fn read(bytes: &[u8]) -> Result<Self, PasskeyFault> {
        let read = Self::read_all(bytes).ok_or(PasskeyFault::AuthenticatorData)?;
        Ok(read)
    }

    fn read_all(bytes: &[u8]) -> Option<Self> {
        let (head, mut rest) = bytes.split_at_checked(HEAD)?;
        let flags = head[32];
        let has = |flag: u8| flags & flag != 0;
        let made = if has(ATTESTED) { Some(read_made(&mut rest)?) } else { None };
        if has(EXTENDED) {
            // None was asked for, so what they say is of no interest.
            one_value(&mut rest)?.as_map()?;
        }
        let consistent = has(BACKUP_ELIGIBLE) || !has(BACKED_UP);
        (rest.is_empty() && consistent).then_some(())?;
        Some(Self {
            relying_party_hash: head[..32].try_into().ok()?,
            present: has(PRESENT),
            verified: has(VERIFIED),
            backup_eligible: has(BACKUP_ELIGIBLE),
            sign_count: u32::from_be_bytes(head[33..].try_into().ok()?),
            made,
        })
    }
}

fn read_made(rest: &mut &[u8]) -> Option<Made> {
    let (head, after) = rest.split_at_checked(ATTESTED_HEAD)?;
    let length = usize::from(u16::from_be_bytes(head[16..].try_into().ok()?));
    let (credential_id, after) = after.split_at_checked(length)?;
    let mut left = after;
    one_value(&mut left)?;
    let public_key = &after[..after.len() - left.len()];
    *rest = left;
    let fits = ID_LENGTH.contains(&length);
    fits.then(|| Made { credential_id: credential_id.to_vec(), public_key: public_key.to_vec() })
}

/// The CBOR value at the beginning, which is taken off.
pub(super) fn one_value(rest: &mut &[u8]) -> Option<Value> {
    let mut cursor = Cursor::new(*rest);
    let value = ciborium::from_reader(&mut cursor).ok()?;
    let read = usize::try_from(cursor.position()).ok()?;
    *rest = rest.get(read..)?;
    Some(value)
}

/// The CBOR value that these bytes are, and nothing else.
pub(super) fn whole_value(bytes: &[u8]) -> Option<Value> {
    let mut rest = bytes;
    let value = one_value(&mut rest)?;
    rest.is_empty().then_some(value)
}

/// The member of a map; none where it is there twice, because two programs could then read two things.
pub(super) fn member<'a>(map: &'a [(Value, Value)], key: &Value) -> Option<&'a Value> {
    let mut found = map.iter().filter(|(name, _)| name == key).map(|(_, value)| value);
    let first = found.next();
    if found.next().is_some() { None } else { first }
}
