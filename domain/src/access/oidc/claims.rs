//! What ID tokens and logout tokens have in common.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// How far the clocks of two machines may be apart.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// How old a token may be when it arrives: it comes straight from the provider.
pub const TOKEN_AGE: SignedDuration = SignedDuration::from_mins(10);

/// Longest subject identifier (OpenID Connect Core 1.0, 2).
const SUBJECT_LENGTH: usize = 255;

crate::words! {
    /// The signatures that are believed (RFC 7518, 3.1; RFC 8037): those of a private key that only the provider has.
    /// `none` and the `HS` family, whose key we would share, are not among them.
    pub enum Algorithm {
        /// ECDSA on P-256.
        Es256 = "ES256",
        /// ECDSA on P-384.
        Es384 = "ES384",
        /// Ed25519.
        EdDsa = "EdDSA",
        /// RSASSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// RSASSA-PSS with SHA-384.
        Ps384 = "PS384",
        /// RSASSA-PSS with SHA-512.
        Ps512 = "PS512",
        /// RSASSA-PKCS1-v1_5 with SHA-256, which every provider has.
        Rs256 = "RS256",
        /// RSASSA-PKCS1-v1_5 with SHA-384.
        Rs384 = "RS384",
        /// RSASSA-PKCS1-v1_5 with SHA-512.
        Rs512 = "RS512",
    }
}

/// What a token is for. One kind is never taken for another (RFC 8725, 3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typ {
    /// Says who signed in. Carries `JWT` in its header, or nothing.
    IdToken,
    /// Says who was signed out. Carries `logout+jwt`.
    LogoutToken,
}

impl Typ {
    /// Whether a token of this kind may carry `typ` in its header. Case and the prefix do not count (RFC 7515, 4.1.9).
    pub fn fits(self, typ: Option<&str>) -> bool {
        let typ = typ.map(|typ| typ.to_ascii_lowercase());
        let typ = typ.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        match self {
            Self::IdToken => matches!(typ, None | Some("jwt")),
            Self::LogoutToken => typ == Some("logout+jwt"),
        }
    }
}

/// Why the content of a token is not believed; for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsFault {
    /// `iss` is not the configured issuer.
    #[error("it is from another issuer")]
    Issuer,
    /// `aud` is not this client alone.
    #[error("it is meant for another client")]
    Audience,
    /// `azp` is another client.
    #[error("it was issued to another client")]
    AuthorizedParty,
    /// `exp` is past.
    #[error("it has expired")]
    Expired,
    /// `iat` or `nbf` is still to come.
    #[error("it is from the future")]
    Future,
    /// `iat` is long past.
    #[error("it is old")]
    Old,
    /// `nonce` is not the one this sign-in began with.
    #[error("its nonce is not the one of this sign-in")]
    Nonce,
    /// `sub` is empty or too long.
    #[error("its subject is empty or too long")]
    Subject,
    /// A logout token with a nonce could be an ID token.
    #[error("it has a nonce, which a logout token has not")]
    UnwantedNonce,
    /// Not the event of a logout.
    #[error("it does not tell of a logout")]
    Event,
    /// Neither `sub` nor `sid`.
    #[error("it names neither a person nor a session")]
    Nobody,
}

/// `aud`: one, or a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Whether it is this client and nobody else. We trust no other client, so a token that others may use as well is
    /// refused (OpenID Connect Core 1.0, 3.1.3.7, rule 3).
    fn is_only(&self, client_id: &str) -> bool {
        match self {
            Self::One(audience) => audience == client_id,
            Self::Many(all) => !all.is_empty() && all.iter().all(|audience| audience == client_id),
        }
    }
}

/// The claims both kinds are judged by.
pub(super) struct Common<'a> {
    pub iss: &'a str,
    pub aud: &'a Audience,
    pub iat: i64,
    pub exp: i64,
}

impl Common<'_> {
    /// From the configured issuer, for this client alone, of now.
    pub(super) fn check(&self, issuer: &str, client_id: &str, now: Timestamp) -> Result<(), ClaimsFault> {
        if self.iss != issuer {
            return Err(ClaimsFault::Issuer);
        }
        if !self.aud.is_only(client_id) {
            return Err(ClaimsFault::Audience);
        }
        let (now, leeway) = (now.as_second(), LEEWAY.as_secs());
        if self.exp.saturating_add(leeway) <= now {
            return Err(ClaimsFault::Expired);
        }
        if self.iat > now + leeway {
            return Err(ClaimsFault::Future);
        }
        if self.iat.saturating_add(TOKEN_AGE.as_secs() + leeway) < now {
            return Err(ClaimsFault::Old);
        }
        Ok(())
    }
}

/// A subject that can be kept.
pub(super) fn check_subject(sub: &str) -> Result<(), ClaimsFault> {
    if sub.is_empty() || sub.len() > SUBJECT_LENGTH { Err(ClaimsFault::Subject) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_signature_is_believed_that_somebody_else_can_make() {
        for name in ["none", "None", "HS256", "HS384", "HS512", "rs256", ""] {
            assert!(Algorithm::parse(name).is_none(), "{name}");
        }
    }

    #[test]
    fn one_kind_of_token_is_not_taken_for_another() {
        for (typ, id, logout) in [
            (None, true, false),
            (Some("JWT"), true, false),
            (Some("application/jwt"), true, false),
            (Some("logout+jwt"), false, true),
            (Some("application/logout+JWT"), false, true),
            (Some("at+jwt"), false, false),
        ] {
            assert_eq!((Typ::IdToken.fits(typ), Typ::LogoutToken.fits(typ)), (id, logout), "{typ:?}");
        }
    }
}
