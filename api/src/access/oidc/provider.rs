//! A provider of identities: what it publishes about itself, and exchanging a code for a token.
//!
//! What it publishes is kept in memory. It is fetched again when it is ten minutes old or when a token names a key that
//! is not among those known (a provider changes its keys), at most once a minute. While the provider cannot be reached,
//! what is known stays good for an hour; then nobody signs in through it.

use std::sync::Arc;

use domain::access::oidc::Typ;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::{
    fetch::{self, FetchFault},
    refusal::Refusal,
    token::{Unproven, signing_keys},
};
use crate::{
    config::{self, may_be_asked},
    egress::{self, ConfiguredClient},
};

/// How old what is published may be before it is fetched again.
const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// How old it may be while the provider cannot be reached.
const STALE: SignedDuration = SignedDuration::from_hours(1);
/// Time between two attempts to fetch it.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// The configured providers. Cheap to clone; all clones share what was fetched.
#[derive(Debug, Clone, Default)]
pub struct Providers(Arc<Vec<Provider>>);

/// One of them.
#[derive(Debug)]
pub struct Provider {
    /// How it is configured.
    pub(super) config: config::Provider,
    client: ConfiguredClient,
    held: Mutex<Held>,
}

/// What is known of a provider.
#[derive(Debug, Default)]
struct Held {
    published: Option<Arc<Published>>,
    tried_at: Option<Timestamp>,
}

/// What a provider publishes.
#[derive(Debug)]
pub(super) struct Published {
    pub(super) metadata: Metadata,
    keys: Vec<Jwk>,
    at: Timestamp,
}

/// The part of the discovery document that we go by (OpenID Connect Discovery 1.0, 3).
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    /// Whether its answers name the issuer (RFC 9207, 3).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
}

impl Providers {
    /// Those of the configuration. Nothing is fetched yet.
    pub fn new(config: &config::Providers) -> Result<Self, egress::Fault> {
        if config.0.is_empty() {
            return Ok(Self::default());
        }
        let client = ConfiguredClient::new(&egress::PROVIDERS)?;
        let provider = |config: &config::Provider| Provider {
            config: config.clone(),
            client: client.clone(),
            held: Mutex::default(),
        };
        Ok(Self(Arc::new(config.0.iter().map(provider).collect())))
    }

    /// The one with this code.
    pub(super) fn find(&self, code: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.config.code == code)
    }
}

impl Provider {
    /// What the provider publishes, as far as it may be believed at `now`.
    pub(super) async fn published(&self, now: Timestamp) -> Result<Arc<Published>, Refusal> {
        self.knowing(now, |published| published.age(now) < FRESH).await
    }

    /// The claims of a token that the provider signed. What they say is not judged here.
    pub(super) async fn proven<T: DeserializeOwned>(&self, text: &str, typ: Typ, now: Timestamp) -> Result<T, Refusal> {
        let token = Unproven::read(text, typ)?;
        let known = |published: &Published| published.age(now) < FRESH && published.knows(token.key_id());
        Ok(token.claims(&self.knowing(now, known).await?.keys)?)
    }

    /// The ID token for the code that the browser brought back.
    pub(super) async fn id_token(
        &self,
        code: &str,
        verifier: &str,
        redirect: &str,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let published = self.published(now).await?;
        let (id, secret) = (self.config.client_id.as_str(), self.config.client_secret.reveal());
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        // Both are form-encoded first (RFC 6749, 2.3.1).
        let basic = published.metadata.takes_basic().then(|| (form_encoded(id), form_encoded(secret)));
        if basic.is_none() {
            form.extend([("client_id", id), ("client_secret", secret)]);
        }
        let basic = basic.as_ref().map(|(id, secret)| (id.as_str(), secret.as_str()));
        let answer = self.client.post_form(&published.metadata.token_endpoint, &form, basic).await;
        let answer: Result<TokenAnswer, FetchFault> = fetch::json(answer);
        Ok(answer.map_err(Refusal::Exchange)?.id_token)
    }

    /// What the provider publishes: what is held, if it is `enough`, otherwise fetched again where that is due and
    /// works, otherwise what is held as long as it may be believed. Others wait meanwhile, and then find it.
    async fn knowing(&self, now: Timestamp, enough: impl Fn(&Published) -> bool) -> Result<Arc<Published>, Refusal> {
        let mut held = self.held.lock().await;
        if let Some(published) = held.published.as_ref().filter(|published| enough(published)) {
            return Ok(published.clone());
        }
        if held.tried_at.is_none_or(|tried| now.duration_since(tried) >= PAUSE) {
            held.tried_at = Some(now);
            match self.fetch(now).await {
                Ok(published) => held.published = Some(Arc::new(published)),
                Err(fault) => tracing::warn!(provider = self.config.code, %fault, "a provider cannot be asked"),
            }
        }
        held.published.clone().filter(|published| published.age(now) <= STALE).ok_or(Refusal::Unreachable)
    }

    async fn fetch(&self, now: Timestamp) -> Result<Published, FetchFault> {
        let address = format!("{}/.well-known/openid-configuration", self.config.issuer.trim_end_matches('/'));
        let metadata: Metadata = fetch::json(self.client.get(&address).await)?;
        metadata.check(&self.config.issuer)?;
        let set: KeySet = fetch::json(self.client.get(&metadata.jwks_uri).await)?;
        Ok(Published { metadata, keys: signing_keys(set.keys), at: now })
    }
}

impl Published {
    fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.at)
    }

    /// Whether a key of this name is there; a token need not name one.
    fn knows(&self, key_id: Option<&str>) -> bool {
        key_id.is_none_or(|id| self.keys.iter().any(|key| key.common.key_id.as_deref() == Some(id)))
    }
}

impl Metadata {
    /// It must be the configured issuer's, letter by letter (OpenID Connect Discovery 1.0, 4.3), and send nobody to an
    /// address that others can listen at.
    fn check(&self, issuer: &str) -> Result<(), FetchFault> {
        if self.issuer != issuer {
            let detail = format!("it calls itself {}, and {issuer} is configured", self.issuer.escape_default());
            return Err(FetchFault::Contradiction(detail));
        }
        let addresses = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        match addresses.into_iter().find(|address| !may_be_asked(address)) {
            Some(address) => {
                Err(FetchFault::Contradiction(format!("{} is not an https address", address.escape_default())))
            }
            None => Ok(()),
        }
    }

    /// What is not said means Basic (OpenID Connect Discovery 1.0, 3).
    fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }

    /// Where the browser is sent, with these parameters.
    pub(super) fn authorization_address(&self, parameters: &[(&str, &str)]) -> Result<String, Refusal> {
        let mut address = Url::parse(&self.authorization_endpoint).map_err(|_| Refusal::Unreachable)?;
        address.query_pairs_mut().extend_pairs(parameters);
        Ok(address.into())
    }
}

fn form_encoded(text: &str) -> String {
    let encoded = Url::parse_with_params("http://localhost/", [(text, "")]);
    encoded.ok().and_then(|url| Some(url.query()?.trim_end_matches('=').to_owned())).unwrap_or_default()
}
