//! Signing in with a browser: how it was done, for how long it counts, what is shown of it.
//!
//! "Session" alone means a sitting within an event; somebody who has signed in has a *sign-in*.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{Role, Secret};

crate::words! {
    /// How somebody showed who they are.
    pub enum SignInMethod {
        /// By a link mailed to the address of the account.
        MailLink = "mail_link",
        /// At a provider of OpenID Connect.
        OpenidConnect = "openid_connect",
        /// By a passkey.
        Passkey = "passkey",
        /// By the password of an emergency account, which only the command line makes.
        Emergency = "emergency",
        /// By a link of the demonstration.
        Demo = "demo",
    }
}

/// For how long a sign-in counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInTimes {
    /// Since it was last used.
    pub idle: SignedDuration,
    /// Since it was made, whatever happens.
    pub most: SignedDuration,
}

impl SignInTimes {
    /// How old a sign-in may be for acts that ask for a fresh one, such as making keys.
    pub const FRESH: SignedDuration = SignedDuration::from_mins(10);

    /// Whether a sign-in still counts.
    pub fn counts(&self, signed_in_at: Timestamp, last_used_at: Timestamp, now: Timestamp) -> bool {
        now.duration_since(signed_in_at) < self.most && now.duration_since(last_used_at) < self.idle
    }
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SignIn {
    /// Names it; it does not open anything.
    pub id: Uuid,
    /// How it was made.
    pub method: SignInMethod,
    /// Program and system, as far as the browser says; no version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// When it was made (UTC).
    pub signed_in_at: Timestamp,
    /// When it was last used (UTC), to about a minute.
    pub last_used_at: Timestamp,
    /// When it ends at the latest (UTC).
    pub expires_at: Timestamp,
    /// Whether it is the one this request came with.
    pub current: bool,
}

/// The live sign-ins of one account, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SignIns {
    /// There are at most twenty.
    #[schemars(length(max = 20))]
    pub items: Vec<SignIn>,
}

impl SignIns {
    /// How many browsers may be signed in to one account; another one ends the oldest.
    pub const MOST: usize = 20;
}

crate::words! {
    /// What a request shows to prove who sent it.
    pub enum Proof {
        /// An API key.
        Key = "key",
        /// The cookie of a browser that is signed in.
        SignIn = "sign_in",
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Me {
    /// By what it is known.
    pub proof: Proof,
    /// Name of the key, or of the person whose account it is.
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// The account, for somebody who has signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Uuid>,
    /// The organisation it acts for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<Uuid>,
    /// When it signed in (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<Timestamp>,
    /// What a browser sends as `X-CSRF-Token` with everything but GET.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csrf_token: Option<Secret>,
}

/// Program and system in a `User-Agent`, such as `Firefox on Linux`: enough to recognise one's own browser, too little to
/// follow anybody by.
pub fn coarse_agent(header: &str) -> Option<String> {
    // Order matters: nearly every browser also names the ones it resembles.
    let programs = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let named =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| header.contains(mark)).map(|(_, name)| *name);
    match (named(&programs), named(&systems)) {
        (Some(program), Some(system)) => Some(format!("{program} on {system}")),
        (Some(word), None) | (None, Some(word)) => Some(word.to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_program_and_system_alone() {
        for (header, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", Some("Firefox on Linux")),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0",
                Some("Edge on Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                Some("Safari on iPhone"),
            ),
            ("curl/8.8.0", None),
        ] {
            assert_eq!(coarse_agent(header).as_deref(), name, "{header}");
        }
    }

    #[test]
    fn a_sign_in_ends_when_idle_and_in_any_case_at_the_end_of_its_time() {
        let times = SignInTimes { idle: SignedDuration::from_mins(60), most: SignedDuration::from_hours(12) };
        let made: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let after = |minutes| made + SignedDuration::from_mins(minutes);
        assert!(times.counts(made, made, after(59)));
        assert!(!times.counts(made, made, after(60)));
        assert!(times.counts(made, after(719), after(719)));
        assert!(!times.counts(made, after(719), after(720)));
    }
}
