//! Signatures of tokens: only keys the provider publishes, only algorithms that are believed. What a token says is
//! judged in `domain::access::oidc`.

use domain::access::oidc::{Algorithm, ClaimsFault, Typ};
use jsonwebtoken::{
    AlgorithmFamily, DecodingKey, Header, Validation,
    errors::ErrorKind,
    jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why a token is not believed; for the log.
#[derive(Debug, thiserror::Error)]
pub enum TokenFault {
    /// No token, or a signature that does not fit. What a claim holds that cannot be read is not for the log.
    #[error("{}", match .0.kind() { ErrorKind::Json(_) => "it cannot be read".to_owned(), _ => .0.to_string() })]
    Jwt(#[from] jsonwebtoken::errors::Error),
    /// Signed in a way that is not believed.
    #[error("its algorithm is not believed")]
    Algorithm,
    /// A token of another kind.
    #[error("it is a token of another kind")]
    Typ,
    /// It asks for something we do not know (RFC 7515, 4.1.11).
    #[error("it has critical headers")]
    Critical,
    /// The provider does not publish the key.
    #[error("it is signed with a key that the provider does not publish")]
    Key,
    /// What it says.
    #[error(transparent)]
    Claims(#[from] ClaimsFault),
}

/// A token that has been taken apart and not been believed yet.
pub(super) struct Unproven<'a> {
    text: &'a str,
    header: Header,
}

impl<'a> Unproven<'a> {
    /// Takes a token of this kind apart.
    pub(super) fn read(text: &'a str, typ: Typ) -> Result<Self, TokenFault> {
        let header = jsonwebtoken::decode_header(text)?;
        if Algorithm::parse(&KeyAlgorithm::from(header.alg).to_string()).is_none() {
            return Err(TokenFault::Algorithm);
        }
        if !typ.fits(header.typ.as_deref()) {
            return Err(TokenFault::Typ);
        }
        if header.crit.is_some() {
            return Err(TokenFault::Critical);
        }
        Ok(Self { text, header })
    }

    /// The key it says it was signed with.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// Its claims, if one of `keys` signed it. When they were said to whom is not looked at here.
    pub(super) fn claims<T: DeserializeOwned>(&self, keys: &[Jwk]) -> Result<T, TokenFault> {
        let mut fitting = keys.iter().filter(|key| self.fits(key));
        let (Some(key), None) = (fitting.next(), fitting.next()) else { return Err(TokenFault::Key) };
        let mut validation = Validation::new(self.header.alg);
        validation.required_spec_claims.clear();
        // Judged in the domain, by our clock.
        (validation.validate_exp, validation.validate_aud) = (false, false);
        Ok(jsonwebtoken::decode(self.text, &DecodingKey::from_jwk(key)?, &validation)?.claims)
    }

    /// Whether `key` may be the one: of the name and for the algorithm the token says.
    fn fits(&self, key: &Jwk) -> bool {
        let named = self.header.kid.is_none() || key.common.key_id == self.header.kid;
        let meant = key.common.key_algorithm.is_none_or(|algorithm| algorithm == self.header.alg.into());
        named && meant && family(key).is_some_and(|family| family.algorithms().contains(&self.header.alg))
    }
}

/// The keys of a set that may sign; what we cannot read is left out (RFC 7517, 5).
pub(super) fn signing_keys(keys: Vec<Value>) -> Vec<Jwk> {
    let read = keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
    read.filter(|key| matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature))).collect()
}

/// What signatures can be made with such a key. A secret that is published is none.
fn family(key: &Jwk) -> Option<AlgorithmFamily> {
    match &key.algorithm {
        AlgorithmParameters::RSA(_) => Some(AlgorithmFamily::Rsa),
        AlgorithmParameters::EllipticCurve(_) => Some(AlgorithmFamily::Ec),
        AlgorithmParameters::OctetKeyPair(_) => Some(AlgorithmFamily::Ed),
        _ => None,
    }
}
