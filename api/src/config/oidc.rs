//! The providers of identities through which people sign in.

use std::{collections::BTreeMap, fmt, path::PathBuf, str::FromStr};

use domain::access::Role;
use serde::Deserialize;

/// Any number of them, in the order in which they are offered. On the command line and in the environment they are
/// written as a JSON list, in a file as tables `[[oidc]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<Provider>")]
pub struct Providers(pub Vec<Provider>);

/// A provider of identities that speaks OpenID Connect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its short name in addresses: small letters, digits and hyphens. The provider is told
    /// `<public_url>/sign-in/oidc/<code>/callback`.
    pub code: String,
    /// What stands on the button.
    pub name: String,
    /// Its issuer, letter by letter as the provider itself writes it.
    pub issuer: String,
    /// The name under which the provider knows this server.
    pub client_id: String,
    /// What this server proves itself with.
    #[serde(default)]
    pub client_secret: ClientSecret,
    /// A file with the secret, instead.
    pub client_secret_file: Option<PathBuf>,
    /// What is asked for; `openid` and `email` are needed.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// The claim of the ID token that lists a person's groups.
    #[serde(default = "usual_groups_claim")]
    pub groups_claim: String,
    /// The groups that give a role here. With any, the provider decides on the role of staff at every sign-in; with none, an
    /// administrator does.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
}

fn usual_scopes() -> Vec<String> {
    ["openid", "email", "profile"].map(str::to_owned).to_vec()
}

fn usual_groups_claim() -> String {
    "groups".to_owned()
}

/// A secret between this server and a provider. Does not print itself.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// The secret.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Providers {
    /// Puts in place of files with secrets what they hold; gives the files.
    pub(super) fn read_secrets<E>(&mut self, read: impl Fn(&PathBuf) -> Result<String, E>) -> Result<Vec<PathBuf>, E> {
        let mut files = vec![];
        for provider in &mut self.0 {
            let Some(path) = provider.client_secret_file.take() else { continue };
            provider.client_secret = ClientSecret(read(&path)?.trim().to_owned());
            files.push(path);
        }
        Ok(files)
    }

    /// Whether a secret stands in the text itself.
    pub(super) fn has_secret(&self) -> bool {
        self.0.iter().any(|provider| !provider.client_secret.0.is_empty())
    }
}

impl Provider {
    fn check(&self) -> Result<(), String> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let wrong = |what: &str| Err(format!("oidc '{}': {what}", self.code));
        if self.code.is_empty() || self.code.len() > 32 || !self.code.bytes().all(plain) {
            return wrong("code takes 1 to 32 small letters, digits and hyphens");
        }
        if self.name.trim().is_empty() || self.client_id.is_empty() {
            return wrong("name and client_id must say something");
        }
        if !may_be_asked(&self.issuer) {
            return wrong("issuer begins with https://, or with http:// on this machine");
        }
        if self.client_secret.0.is_empty() != self.client_secret_file.is_some() {
            return wrong("give client_secret_file, or client_secret, and not both");
        }
        if ["openid", "email"].iter().any(|needed| !self.scopes.iter().any(|scope| scope == needed)) {
            return wrong("scopes must name openid and email");
        }
        if self.roles.values().any(|role| role.acts_for_organisation() || *role == Role::Guest) {
            return wrong("roles are admin, secretariat and auditor: a delegate's comes with an organisation");
        }
        Ok(())
    }
}

/// Whether what goes to this address cannot be read or changed on the way: HTTPS, or a port of this machine.
pub(crate) fn may_be_asked(address: &str) -> bool {
    let Ok(address) = url::Url::parse(address) else { return false };
    let local = matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let plain = address.username().is_empty() && address.password().is_none() && address.fragment().is_none();
    plain && (address.scheme() == "https" || (address.scheme() == "http" && local))
}

impl TryFrom<Vec<Provider>> for Providers {
    type Error = String;

    fn try_from(providers: Vec<Provider>) -> Result<Self, String> {
        for (at, provider) in providers.iter().enumerate() {
            provider.check()?;
            let twice = |other: &Provider| other.code == provider.code || other.issuer == provider.issuer;
            if providers[..at].iter().any(twice) {
                return Err(format!("oidc '{}': code and issuer must be unique", provider.code));
            }
        }
        Ok(Self(providers))
    }
}

impl FromStr for Providers {
    type Err = String;

    fn from_str(value: &str) -> Result<Self, String> {
        serde_json::from_str(value).map_err(|error| format!("write the providers as a JSON list: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"code": "example", "name": "Example", "issuer": "https://id.example.org",
        "client_id": "plenum", "client_secret": "hidden", "roles": {"desk": "secretariat"}}"#;

    #[test]
    fn a_provider_is_read_and_hides_its_secret() {
        let providers: Providers = format!("[{GOOD}]").parse().unwrap();
        assert_eq!(providers.0[0].scopes, ["openid", "email", "profile"]);
        assert_eq!(providers.0[0].roles["desk"], Role::Secretariat);
        assert!(!format!("{providers:?}").contains("hidden"));
    }

    #[test]
    fn what_cannot_work_is_refused_at_start() {
        for (from, to, says) in [
            ("\"example\"", "\"Exam ple\"", "code takes"),
            ("https://id.example.org", "http://id.example.org", "issuer begins"),
            ("https://id.example.org", "https://user@id.example.org", "issuer begins"),
            ("\"hidden\"", "\"hidden\", \"client_secret_file\": \"x\"", "not both"),
            ("\"client_secret\": \"hidden\",", "", "client_secret_file"),
            ("\"roles\"", "\"scopes\": [\"openid\"], \"roles\"", "openid and email"),
            ("\"secretariat\"", "\"king\"", "king"),
            ("\"secretariat\"", "\"delegate\"", "with an organisation"),
            ("\"roles\"", "\"rules\"", "rules"),
        ] {
            assert!(GOOD.contains(from));
            let error = format!("[{}]", GOOD.replace(from, to)).parse::<Providers>().unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        assert!(format!("[{GOOD}, {GOOD}]").parse::<Providers>().unwrap_err().contains("unique"));
    }

    #[test]
    fn a_local_provider_needs_no_tls() {
        for (address, fits) in [
            ("http://127.0.0.1:4000", true),
            ("http://localhost:4000/a", true),
            ("http://127.0.0.1.example.org", false),
            ("http://localhost@id.example.org", false),
            ("ftp://localhost", false),
            ("https://id.example.org#x", false),
        ] {
            assert_eq!(may_be_asked(address), fits, "{address}");
        }
    }
}
