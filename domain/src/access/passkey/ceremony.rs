//! The two ceremonies: making a passkey (Web Authentication, 7.1) and signing in with one (7.2).

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    AuthenticatorData, PasskeyFault, PublicKey,
    authenticator::{Made, whole_value},
    public_key::named,
};

/// The server as browsers and authenticators know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// Its host.
    pub id: String,
    /// The origin of its pages.
    pub origin: String,
}

/// What the browser was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// To have a passkey made.
    Register,
    /// To have somebody shown to be the owner of one.
    SignIn,
}

impl Ceremony {
    /// What the browser calls it.
    fn word(self) -> &'static str {
        match self {
            Self::Register => "webauthn.create",
            Self::SignIn => "webauthn.get",
        }
    }
}

/// What the browser says it did (Web Authentication, 5.8.1). It may say more, which is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
    token_binding: Option<TokenBinding>,
}

/// Level 2 has browsers say whether the connection binds its tokens. Ours never does, so nothing but "could" is true.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct TokenBinding {
    #[serde(rename = "status")]
    _status: TokenBindingStatus,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum TokenBindingStatus {
    Supported,
}

impl ClientData {
    /// Reads it: UTF-8 and JSON, nothing left over.
    pub fn read(bytes: &[u8]) -> Result<Self, PasskeyFault> {
        serde_json::from_slice(bytes).map_err(|_| PasskeyFault::ClientData)
    }

    /// What was to be signed, as it was given out.
    pub fn challenge(&self) -> &str {
        &self.challenge
    }

    fn check(&self, ceremony: Ceremony, here: &RelyingParty) -> Result<(), PasskeyFault> {
        if self.r#type != ceremony.word() {
            return Err(PasskeyFault::WrongType);
        }
        if self.cross_origin || self.top_origin.is_some() {
            return Err(PasskeyFault::CrossOrigin);
        }
        if self.origin != here.origin {
            return Err(PasskeyFault::WrongOrigin);
        }
        Ok(())
    }
}

/// A passkey that may be registered, once its key has been found to be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The id the authenticator knows it by.
    pub credential_id: Vec<u8>,
    /// Its public key.
    pub key: PublicKey,
    /// The same in COSE, as it is kept.
    pub cose_key: Vec<u8>,
    /// How often it has signed.
    pub sign_count: u32,
    /// Whether a service may keep it.
    pub backup_eligible: bool,
}

/// What an authenticator has said of a passkey it has; believed once the signature is found to be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asserted {
    /// How often it has signed.
    pub sign_count: u32,
    /// Whether a service may keep it.
    pub backup_eligible: bool,
    /// What the signature is of.
    pub signed: Vec<u8>,
}

/// Judges what came of making a passkey. That the challenge was ours has been seen before.
pub fn registered(
    client: &ClientData,
    attestation_object: &[u8],
    here: &RelyingParty,
) -> Result<Registered, PasskeyFault> {
    client.check(Ceremony::Register, here)?;
    let data = AuthenticatorData::read(&without_statement(attestation_object)?)?;
    check(&data, here)?;
    let Made { credential_id, public_key } = data.made.ok_or(PasskeyFault::AuthenticatorData)?;
    Ok(Registered {
        credential_id,
        key: PublicKey::read(&public_key)?,
        cose_key: public_key,
        sign_count: data.sign_count,
        backup_eligible: data.backup_eligible,
    })
}

/// Judges what came of signing in, but for the signature. That the challenge was ours has been seen before.
/// `client_data` are the bytes of `client`.
pub fn asserted(
    client: &ClientData,
    client_data: &[u8],
    authenticator_data: &[u8],
    here: &RelyingParty,
) -> Result<Asserted, PasskeyFault> {
    client.check(Ceremony::SignIn, here)?;
    let data = AuthenticatorData::read(authenticator_data)?;
    check(&data, here)?;
    if data.made.is_some() {
        return Err(PasskeyFault::AuthenticatorData);
    }
    Ok(Asserted {
        sign_count: data.sign_count,
        backup_eligible: data.backup_eligible,
        signed: [authenticator_data, Sha256::digest(client_data).as_slice()].concat(),
    })
}

fn check(data: &AuthenticatorData, here: &RelyingParty) -> Result<(), PasskeyFault> {
    if data.relying_party_hash[..] != Sha256::digest(&here.id)[..] {
        return Err(PasskeyFault::WrongRelyingParty);
    }
    if !data.present {
        return Err(PasskeyFault::NotPresent);
    }
    if !data.verified {
        return Err(PasskeyFault::NotVerified);
    }
    Ok(())
}

/// The authenticator data of an attestation object (Web Authentication, 6.5) whose manufacturer says nothing, as was
/// asked for.
fn without_statement(bytes: &[u8]) -> Result<Vec<u8>, PasskeyFault> {
    let value = whole_value(bytes).ok_or(PasskeyFault::AuthenticatorData)?;
    let map = value.as_map().ok_or(PasskeyFault::AuthenticatorData)?;
    let silent = named(map, "fmt").and_then(|format| format.as_text()) == Some("none")
        && named(map, "attStmt").and_then(|statement| statement.as_map()).is_some_and(Vec::is_empty);
    if !silent {
        return Err(PasskeyFault::Attestation);
    }
    let data = named(map, "authData").and_then(|data| data.as_bytes());
    data.cloned().ok_or(PasskeyFault::AuthenticatorData)
}
