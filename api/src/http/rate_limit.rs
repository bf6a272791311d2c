//! How often one caller may ask.
//!
//! Callers that have proved who they are have a bucket of their own; everybody else shares that of their network. A
//! credential counts as proved only once authentication has said so: inventing keys gains nobody a fresh bucket, and
//! somebody who guesses keys in a network does not lock out those who hold one. Answers carry `RateLimit` and
//! `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use governor::{
    Quota,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use ipnet::IpNet;
use moka::sync::Cache;
use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use sha2::{Digest, Sha256};

use super::{
    body_limit::discard_body,
    browser,
    client_address::{Client, any_contains, loopback, network},
    principal,
    problem::Problem,
};

/// How many requests at once, and how fast the allowance grows back.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Requests that may come at once.
    pub burst: NonZeroU32,
    /// Requests a second in the long run.
    pub per_second: NonZeroU32,
}

impl Rate {
    /// Zero counts as one: a rate that lets nobody in is no rate.
    pub fn new(burst: u32, per_second: u32) -> Self {
        let positive = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self { burst: positive(burst), per_second: positive(per_second) }
    }
}

/// The rates in force.
#[derive(Debug, Clone)]
pub struct RateLimits {
    /// Of an API key, an account or a feed. Default 300 a second, 3,000 at once.
    pub per_principal: Rate,
    /// Of all callers of one network (/32 of IPv4, /64 of IPv6) who have not proved who they are. Default 100 a
    /// second, 1,000 at once.
    pub per_network: Rate,
    /// Networks without a limit of their own. Default loopback.
    pub exempt_networks: Vec<IpNet>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { per_principal: Rate::new(3_000, 300), per_network: Rate::new(1_000, 100), exempt_networks: loopback() }
    }
}

/// Credentials remembered as proved, and for how long after their last use.
const KNOWN_CREDENTIALS: u64 = 20_000;
const KNOWN_FOR: Duration = Duration::from_secs(24 * 3600);

/// A hash, so that no secret is kept in memory longer than its request.
type Credential = [u8; 32];

/// The buckets of one server.
pub(super) struct RateLimiter {
    principals: Buckets<Arc<str>>,
    networks: Buckets<IpNet>,
    exempt: Vec<IpNet>,
    known: Cache<Credential, Arc<str>>,
}

impl RateLimiter {
    pub(super) fn new(limits: &RateLimits) -> Self {
        Self {
            principals: Buckets::new("key", limits.per_principal),
            networks: Buckets::new("network", limits.per_network),
            exempt: limits.exempt_networks.clone(),
            known: Cache::builder().max_capacity(KNOWN_CREDENTIALS).time_to_idle(KNOWN_FOR).build(),
        }
    }

    /// Takes one request from the bucket of its sender. None when the sender has no limit.
    fn take(&self, request: &Request, credential: Option<&Credential>) -> Option<Allowance> {
        if let Some(principal) = credential.and_then(|credential| self.known.get(credential)) {
            return Some(self.principals.take(&principal));
        }
        let address = request.data::<Client>().and_then(|client| client.address)?;
        (!any_contains(&self.exempt, address)).then(|| self.networks.take(&network(address)))
    }
}

/// Refuses with 429 who asks too often.
pub(super) async fn limit<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    mut request: Request,
    limiter: Option<Arc<RateLimiter>>,
) -> Result<Response> {
    let probe = matches!(request.uri().path(), "/healthz" | "/readyz");
    let Some(limiter) = limiter.filter(|_| !probe) else {
        return next.call(request).await;
    };
    let note = principal::attach(&mut request);
    let credential = credential(&request);
    let mut allowance = limiter.take(&request, credential.as_ref());
    if let Some(Allowance { wait: Some(wait), .. }) = allowance {
        discard_body(&mut request).await;
        return Ok(report(too_many(wait), allowance.as_ref()));
    }
    let response = next.call(request).await?;
    let proved = credential.zip(note.get()).filter(|(credential, _)| !limiter.known.contains_key(credential));
    if let Some((credential, principal)) = proved {
        limiter.known.insert(credential, principal.clone());
        allowance = Some(limiter.principals.take(principal));
    }
    Ok(report(response, allowance.as_ref()))
}

/// What the request shows to prove who sent it: its key, the cookie of its sign-in, or the address of its feed.
fn credential(request: &Request) -> Option<Credential> {
    let path = request.uri().path();
    let shown = match request.headers().get(header::AUTHORIZATION) {
        Some(value) => value.as_bytes(),
        None => match browser::sign_in_cookie(request.headers()) {
            Some(cookie) => cookie.as_bytes(),
            None => path.starts_with("/ical/").then_some(path.as_bytes())?,
        },
    };
    Some(Sha256::digest(shown).into())
}

fn too_many(wait: Duration) -> Response {
    let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
    let detail = format!("Too many requests in a short time. Wait {seconds} s, then go on more slowly.");
    let mut response = Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}

fn report(mut response: Response, allowance: Option<&Allowance>) -> Response {
    let Some(allowance) = allowance else { return response };
    let Allowance { name, rate, remaining, .. } = allowance;
    let refilled_in = |requests: u32| requests.div_ceil(rate.per_second.get());
    let burst = rate.burst.get();
    let policy = format!("\"{name}\";q={burst};w={}", refilled_in(burst));
    let state = format!("\"{name}\";r={remaining};t={}", refilled_in(burst.saturating_sub(*remaining)));
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            // Beside what an answer says of attempts counted in the database.
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}

/// What is left in a bucket after a request was taken from it.
#[derive(Debug)]
struct Allowance {
    name: &'static str,
    rate: Rate,
    remaining: u32,
    /// Set when the bucket was empty: how long until it holds a request again.
    wait: Option<Duration>,
}

type Limiter<K> = governor::RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// A token bucket for each key.
struct Buckets<K: Hash + Eq + Clone> {
    name: &'static str,
    rate: Rate,
    limiter: Limiter<K>,
    taken: AtomicU32,
}

/// Buckets that are full again are forgotten after this many requests, which bounds their number.
const SWEEP_EVERY: u32 = 4_096;

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(name: &'static str, rate: Rate) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        let limiter = governor::RateLimiter::dashmap(quota).with_middleware();
        Self { name, rate, limiter, taken: AtomicU32::new(0) }
    }

    fn take(&self, key: &K) -> Allowance {
        if self.taken.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let (remaining, wait) = match self.limiter.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(refused) => (0, Some(refused.wait_time_from(self.limiter.clock().now()))),
        };
        Allowance { name: self.name, rate: self.rate, remaining, wait }
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync, test::TestClient};

    use super::*;

    fn client(address: &str) -> Client {
        Client { address: Some(address.parse().unwrap()), through_proxy: false, https: false }
    }

    /// A server with two requests per caller, where `Bearer good` is a key and nothing else is.
    async fn ask(limiter: &Arc<RateLimiter>, address: &str, authorization: Option<&str>) -> Response {
        let limiter = limiter.clone();
        let handler = make_sync(|request| {
            if request.header("authorization") == Some("Bearer good") {
                principal::note(&request, "key 1");
            }
        });
        let endpoint =
            handler.map_to_response().around(move |next, request| limit(next, request, Some(limiter.clone())));
        let client = TestClient::new(endpoint.data(client(address)));
        let request = client.get("/");
        let request = match authorization {
            Some(value) => request.header("Authorization", value),
            None => request,
        };
        request.send().await.0
    }

    fn limiter() -> Arc<RateLimiter> {
        let rate = Rate::new(2, 1);
        Arc::new(RateLimiter::new(&RateLimits { per_principal: rate, per_network: rate, ..RateLimits::default() }))
    }

    #[tokio::test]
    async fn a_network_that_asks_too_often_is_told_when_to_come_back() {
        let limiter = limiter();
        let first = ask(&limiter, "198.51.100.7", None).await;
        assert_eq!(first.header("ratelimit-policy"), Some("\"network\";q=2;w=2"));
        assert_eq!(first.header("ratelimit"), Some("\"network\";r=1;t=1"));
        ask(&limiter, "198.51.100.7", None).await;
        let refused = ask(&limiter, "198.51.100.7", None).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.header("retry-after"), Some("1"));
        assert_eq!(refused.header("ratelimit"), Some("\"network\";r=0;t=2"));
        assert_eq!(ask(&limiter, "198.51.100.8", None).await.status(), StatusCode::OK);
        assert_eq!(ask(&limiter, "127.0.0.1", None).await.header("ratelimit"), None);
    }

    #[tokio::test]
    async fn inventing_keys_gains_no_fresh_bucket() {
        let limiter = limiter();
        let mut statuses = vec![];
        for number in 0..3 {
            let response = ask(&limiter, "2001:db8::1", Some(&format!("Bearer invented-{number}"))).await;
            statuses.push(response.status().as_u16());
        }
        assert_eq!(statuses, [200, 200, 429]);
        assert_eq!(ask(&limiter, "2001:db8::2", None).await.status(), 429, "nor does walking through one's /64");
    }

    #[tokio::test]
    async fn a_key_that_has_proved_itself_does_not_suffer_for_its_network() {
        let limiter = limiter();
        let proved = ask(&limiter, "198.51.100.7", Some("Bearer good")).await;
        assert_eq!(proved.header("ratelimit"), Some("\"key\";r=1;t=1"));
        while ask(&limiter, "198.51.100.7", None).await.status() != 429 {}
        assert_eq!(ask(&limiter, "198.51.100.7", Some("Bearer good")).await.status(), 200);
        assert_eq!(ask(&limiter, "198.51.100.7", Some("Bearer good")).await.status(), 429, "but has its own limit");
    }

    #[test]
    fn buckets_that_are_full_again_are_forgotten() {
        let buckets = Buckets::new("key", Rate::new(10_000, 1_000_000));
        for key in 0..3 * SWEEP_EVERY {
            buckets.take(&key);
        }
        assert!(buckets.limiter.len() <= 2 * SWEEP_EVERY as usize, "{} buckets", buckets.limiter.len());
    }
}
