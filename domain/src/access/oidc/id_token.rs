//! ID tokens: who signed in at the provider.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use super::claims::{Audience, ClaimsFault, Common, LEEWAY, check_subject};

/// The claims of an ID token whose signature has been checked (OpenID Connect Core 1.0, 2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct IdClaims {
    iss: String,
    /// Who it is: with the issuer the one lasting name of a person.
    pub sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    /// The provider's session, by which it may end ours.
    pub sid: Option<String>,
    /// An address; says nothing unless verified.
    pub email: Option<String>,
    email_verified: Option<Value>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// What the token must agree with.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The issuer as configured.
    pub issuer: &'a str,
    /// The name under which the provider knows this server.
    pub client_id: &'a str,
    /// The nonce this sign-in began with.
    pub nonce: &'a str,
    /// The present.
    pub now: Timestamp,
}

impl IdClaims {
    /// Whether the token is from the expected issuer, for this client, for this sign-in and of now
    /// (OpenID Connect Core 1.0, 3.1.3.7).
    pub fn check(&self, expected: &Expected<'_>) -> Result<(), ClaimsFault> {
        let common = Common { iss: &self.iss, aud: &self.aud, iat: self.iat, exp: self.exp };
        common.check(expected.issuer, expected.client_id, expected.now)?;
        if self.azp.as_ref().is_some_and(|azp| azp != expected.client_id) {
            return Err(ClaimsFault::AuthorizedParty);
        }
        if self.nbf.is_some_and(|nbf| nbf > expected.now.as_second() + LEEWAY.as_secs()) {
            return Err(ClaimsFault::Future);
        }
        let nonce = self.nonce.as_deref().unwrap_or_default();
        if expected.nonce.is_empty() || !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
            return Err(ClaimsFault::Nonce);
        }
        check_subject(&self.sub)
    }

    /// The address the provider vouches for, if it does: `email_verified` must be `true` and nothing like it.
    pub fn verified_email(&self) -> Option<&str> {
        let verified = self.email_verified == Some(Value::Bool(true));
        self.email.as_deref().filter(|email| verified && !email.is_empty())
    }

    /// The groups in the claim of this name: a list of words, or one word. Anything else is no group.
    pub fn groups(&self, claim: &str) -> Vec<&str> {
        match self.others.get(claim) {
            Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(group)) => vec![group],
            _ => vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_772_438_400; // 2026-03-02T08:00:00Z

    fn good() -> Value {
        json!({
            "iss": "https://id.example", "sub": "7", "aud": "plenum", "exp": NOW + 300, "iat": NOW - 1,
            "nonce": "n-1", "email": "anna@example.org", "email_verified": true, "groups": ["staff", 7, "desk"],
        })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = good();
        claims[name] = value;
        claims
    }

    fn judged(claims: Value) -> Result<(), ClaimsFault> {
        let now = Timestamp::from_second(NOW).unwrap();
        let expected = Expected { issuer: "https://id.example", client_id: "plenum", nonce: "n-1", now };
        serde_json::from_value::<IdClaims>(claims).unwrap().check(&expected)
    }

    #[test]
    fn a_token_that_agrees_with_everything_is_believed() {
        assert_eq!(judged(good()), Ok(()));
        assert_eq!(judged(with("aud", json!(["plenum"]))), Ok(()));
        assert_eq!(judged(with("azp", json!("plenum"))), Ok(()));
        assert_eq!(judged(with("iat", json!(NOW + 60))), Ok(()));
        assert_eq!(judged(with("exp", json!(NOW - 59))), Ok(()));
    }

    #[test]
    fn a_token_that_disagrees_anywhere_is_refused() {
        for (name, value, fault) in [
            ("iss", json!("https://id.example/"), ClaimsFault::Issuer),
            ("iss", json!("https://ID.example"), ClaimsFault::Issuer),
            ("aud", json!("other"), ClaimsFault::Audience),
            ("aud", json!([]), ClaimsFault::Audience),
            ("aud", json!(["plenum", "other"]), ClaimsFault::Audience),
            ("azp", json!("other"), ClaimsFault::AuthorizedParty),
            ("exp", json!(NOW - 60), ClaimsFault::Expired),
            ("exp", json!(i64::MIN), ClaimsFault::Expired),
            ("iat", json!(NOW + 61), ClaimsFault::Future),
            ("iat", json!(i64::MAX), ClaimsFault::Future),
            ("iat", json!(NOW - 661), ClaimsFault::Old),
            ("nbf", json!(NOW + 61), ClaimsFault::Future),
            ("nonce", json!("n-2"), ClaimsFault::Nonce),
            ("nonce", json!(null), ClaimsFault::Nonce),
            ("sub", json!(""), ClaimsFault::Subject),
            ("sub", json!("x".repeat(256)), ClaimsFault::Subject),
        ] {
            assert_eq!(judged(with(name, value.clone())), Err(fault), "{name} {value}");
        }
    }

    #[test]
    fn only_true_verifies_an_address() {
        for (verified, counts) in
            [(json!(true), true), (json!(false), false), (json!("true"), false), (json!(1), false)]
        {
            let claims: IdClaims = serde_json::from_value(with("email_verified", verified.clone())).unwrap();
            assert_eq!(claims.verified_email().is_some(), counts, "{verified}");
        }
        let mut without = good();
        without.as_object_mut().unwrap().remove("email_verified");
        assert_eq!(serde_json::from_value::<IdClaims>(without).unwrap().verified_email(), None);
    }

    #[test]
    fn groups_are_words_of_the_claim_that_was_configured() {
        let claims: IdClaims = serde_json::from_value(good()).unwrap();
        assert_eq!(claims.groups("groups"), ["staff", "desk"]);
        assert!(claims.groups("roles").is_empty());
        let one: IdClaims = serde_json::from_value(with("groups", json!("staff"))).unwrap();
        assert_eq!(one.groups("groups"), ["staff"]);
    }
}
