//! What this server asks of others. All of it goes through here, and the HTTP client is named nowhere else.
//!
//! There are two kinds of address. Those of the configuration (providers of identities) are the operator's, who may name
//! a machine of the house. Those that people give (calendars) may be anything, so they are asked by a [`GuardedClient`]:
//! it takes an [`Address`] that was looked at, resolves its name once, connects to none but public addresses, and looks
//! again at what it was connected to. Neither follows a redirect, goes by a proxy of the environment, keeps cookies,
//! unpacks anything or says where it came from; each is limited in time and in what it reads.
//!
//! What comes back is never shown to whoever gave the address: they learn a word from a closed list.

mod address;
mod calendar;
mod guard;
mod intranet;
mod ranges;

use std::{net::IpAddr, sync::Arc, time::Duration};

use reqwest::{Client, ClientBuilder, RequestBuilder, dns::Resolve, header, redirect::Policy};

pub use address::{Address, AddressFault};
pub use calendar::calendar_at;
pub use guard::Guard;
pub use intranet::{IntranetHost, IntranetHosts};
pub use ranges::is_global;

use guard::{Guarded, Refused};

/// Bytes of the head of an answer.
const HEAD: usize = 16 * 1024;

/// How patient a client is, and how much it reads.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// Time to connect.
    pub connect: Duration,
    /// Time for everything.
    pub whole: Duration,
    /// Bytes of a body.
    pub body: usize,
    /// What is asked for.
    pub accept: &'static str,
}

/// Providers of identities, as they are configured.
pub const PROVIDERS: Profile = Profile {
    connect: Duration::from_secs(3),
    whole: Duration::from_secs(10),
    body: 256 * 1024,
    accept: "application/json",
};

/// Calendars at addresses that people give.
pub const CALENDARS: Profile = Profile {
    connect: Duration::from_secs(5),
    whole: Duration::from_secs(20),
    body: 512 * 1024,
    accept: "text/calendar",
};

/// Why there is no answer. Says nothing of the address: that may be a secret.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The client could not be made.
    #[error("no client can be made: {0}")]
    Client(String),
    /// Nothing answered, or not as HTTP over TLS is spoken.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// Its name has no address, or one that is not asked.
    #[error("it has no address that may be asked")]
    AddressRefused,
    /// It was not done in time.
    #[error("it took too long")]
    TimedOut,
    /// It did not stop.
    #[error("its answer is too large")]
    TooLarge,
    /// It was packed, and nothing is unpacked here.
    #[error("its answer is packed")]
    Packed,
}

impl From<reqwest::Error> for Fault {
    fn from(error: reqwest::Error) -> Self {
        // The address may hold a token.
        let error = error.without_url();
        let mut last: &dyn std::error::Error = &error;
        while let Some(cause) = last.source() {
            if cause.is::<Refused>() {
                return Self::AddressRefused;
            }
            last = cause;
        }
        if error.is_timeout() {
            return Self::TimedOut;
        }
        Self::Unreachable(last.to_string())
    }
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body of a 200; of nothing else is any read.
    pub body: Vec<u8>,
}

/// A client for addresses of the configuration.
#[derive(Debug, Clone)]
pub struct ConfiguredClient {
    http: Client,
    profile: &'static Profile,
}

impl ConfiguredClient {
    /// Made once: it keeps connections.
    pub fn new(profile: &'static Profile) -> Result<Self, Fault> {
        let http = builder(profile).build().map_err(|error| Fault::Client(error.to_string()))?;
        Ok(Self { http, profile })
    }

    /// Reads what is at `address`.
    pub async fn get(&self, address: &str) -> Result<Answer, Fault> {
        receive(self.http.get(address), self.profile, |_| true).await
    }

    /// Sends a form to `address`, with a name and a password where it asks for Basic.
    pub async fn post_form(
        &self,
        address: &str,
        form: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Result<Answer, Fault> {
        let mut request = self.http.post(address).form(form);
        if let Some((name, password)) = basic {
            request = request.basic_auth(name, Some(password));
        }
        receive(request, self.profile, |_| true).await
    }
}

/// A client for addresses that people give.
#[derive(Debug, Clone)]
pub struct GuardedClient {
    http: Client,
    profile: &'static Profile,
    guard: Arc<Guard>,
}

impl GuardedClient {
    /// One that connects where `guard` lets it.
    pub fn new(profile: &'static Profile, guard: Guard) -> Result<Self, Fault> {
        let guard = Arc::new(guard);
        Self::resolving(profile, guard.clone(), Guarded(guard))
    }

    /// The same with a resolver that may lie.
    fn resolving(
        profile: &'static Profile,
        guard: Arc<Guard>,
        resolver: impl Resolve + 'static,
    ) -> Result<Self, Fault> {
        // No connection outlives what was known of its name.
        let builder = builder(profile).pool_max_idle_per_host(0).dns_resolver(Arc::new(resolver));
        let http = builder.build().map_err(|error| Fault::Client(error.to_string()))?;
        Ok(Self { http, profile, guard })
    }

    /// Reads what is at `address`.
    pub async fn get(&self, address: &Address) -> Result<Answer, Fault> {
        let admits = |ip: IpAddr| self.guard.admits(address.host(), ip);
        receive(self.http.get(address.reveal()), self.profile, admits).await
    }
}

/// What every client has in common; the only place where one is made.
fn builder(profile: &Profile) -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .http1_only()
        .connect_timeout(profile.connect)
        .timeout(profile.whole)
        .user_agent(concat!("plenum/", env!("CARGO_PKG_VERSION")))
}

async fn receive(request: RequestBuilder, profile: &Profile, admits: impl Fn(IpAddr) -> bool) -> Result<Answer, Fault> {
    let mut response = request.header(header::ACCEPT, profile.accept).send().await?;
    // Whatever was resolved: this is who answers.
    if !response.remote_addr().is_some_and(|peer| admits(peer.ip())) {
        return Err(Fault::AddressRefused);
    }
    let head: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let announced = response.content_length().unwrap_or_default();
    if head > HEAD || announced > profile.body as u64 {
        return Err(Fault::TooLarge);
    }
    let status = response.status().as_u16();
    if status != 200 {
        return Ok(Answer { status, body: vec![] });
    }
    if response.headers().get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Fault::Packed);
    }
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > profile.body {
            return Err(Fault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

#[cfg(test)]
mod tests;
