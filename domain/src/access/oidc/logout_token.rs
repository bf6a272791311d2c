//! Logout tokens: who was signed out at the provider.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::{Audience, ClaimsFault, Common, check_subject};

/// The event a logout token tells of (OpenID Connect Back-Channel Logout 1.0, 2.4).
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a logout token whose signature has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LogoutClaims {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: i64,
    /// Every token has one of its own; that there is one is all that is asked.
    #[serde(rename = "jti")]
    _jti: String,
    events: Map<String, Value>,
    nonce: Option<Value>,
    sub: Option<String>,
    sid: Option<String>,
}

/// Whose sessions are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Those of this person, or of anybody.
    pub sub: Option<String>,
    /// That began with this session of the provider's, or any.
    pub sid: Option<String>,
}

impl LogoutClaims {
    /// Whose sessions are over, if the token is from the expected issuer, for this client, of now, and tells of a
    /// logout (OpenID Connect Back-Channel Logout 1.0, 2.6).
    pub fn check(self, issuer: &str, client_id: &str, now: Timestamp) -> Result<Ended, ClaimsFault> {
        let common = Common { iss: &self.iss, aud: &self.aud, iat: self.iat, exp: self.exp };
        common.check(issuer, client_id, now)?;
        if !self.events.get(LOGOUT).is_some_and(Value::is_object) {
            return Err(ClaimsFault::Event);
        }
        if self.nonce.is_some() {
            return Err(ClaimsFault::UnwantedNonce);
        }
        if self.sub.is_none() && self.sid.is_none() {
            return Err(ClaimsFault::Nobody);
        }
        self.sub.as_deref().map_or(Ok(()), check_subject)?;
        Ok(Ended { sub: self.sub, sid: self.sid })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_772_438_400; // 2026-03-02T08:00:00Z

    fn judged(change: impl Fn(&mut Value)) -> Option<Result<Ended, ClaimsFault>> {
        let mut claims = json!({
            "iss": "https://id.example", "aud": "plenum", "iat": NOW, "exp": NOW + 120, "jti": "j", "sub": "7",
            "sid": "s", "events": {LOGOUT: {}},
        });
        change(&mut claims);
        let claims: LogoutClaims = serde_json::from_value(claims).ok()?;
        Some(claims.check("https://id.example", "plenum", Timestamp::from_second(NOW).unwrap()))
    }

    fn remove(claims: &mut Value, name: &str) {
        claims.as_object_mut().unwrap().remove(name);
    }

    #[test]
    fn a_logout_names_a_person_or_a_session_or_both() {
        let ended = |sub: Option<&str>, sid: Option<&str>| {
            Some(Ok(Ended { sub: sub.map(str::to_owned), sid: sid.map(str::to_owned) }))
        };
        assert_eq!(judged(|_| ()), ended(Some("7"), Some("s")));
        assert_eq!(judged(|claims| remove(claims, "sid")), ended(Some("7"), None));
        assert_eq!(judged(|claims| remove(claims, "sub")), ended(None, Some("s")));
        let neither = judged(|claims| {
            remove(claims, "sub");
            remove(claims, "sid");
        });
        assert_eq!(neither, Some(Err(ClaimsFault::Nobody)));
    }

    #[test]
    fn what_could_be_another_token_is_no_logout() {
        assert_eq!(judged(|claims| claims["nonce"] = json!("n")), Some(Err(ClaimsFault::UnwantedNonce)));
        assert_eq!(judged(|claims| claims["events"] = json!({})), Some(Err(ClaimsFault::Event)));
        assert_eq!(judged(|claims| claims["events"] = json!({LOGOUT: true})), Some(Err(ClaimsFault::Event)));
        assert_eq!(judged(|claims| claims["aud"] = json!("other")), Some(Err(ClaimsFault::Audience)));
        assert_eq!(judged(|claims| claims["exp"] = json!(NOW - 60)), Some(Err(ClaimsFault::Expired)));
        assert_eq!(judged(|claims| remove(claims, "jti")), None);
        assert_eq!(judged(|claims| remove(claims, "events")), None);
    }
}
