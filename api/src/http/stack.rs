//! What stands between the socket and the routes, in one place.

use std::{sync::Arc, time::Duration};

use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response};

use super::{
    body_limit::{self, BodyLimits},
    client_address::{self, TrustedProxies},
    compression, deadline, headers,
    methods::{self, PathMethods},
    panics, problem,
    rate_limit::{self, RateLimiter, RateLimits},
    request_head, request_id, request_log,
};

/// What a request may cost.
#[derive(Debug, Clone, Copy)]
pub struct RouteLimits {
    /// Limits of its body.
    pub body: BodyLimits,
    /// Time for its handler, after the body has arrived. Default 30 s.
    pub deadline: Duration,
}

impl Default for RouteLimits {
    fn default() -> Self {
        Self { body: BodyLimits::default(), deadline: Duration::from_secs(30) }
    }
}

/// How the edge behaves.
#[derive(Debug, Clone, Default)]
pub struct EdgeConfig {
    /// Whose word on the client's address is taken.
    pub trusted_proxies: TrustedProxies,
    /// How often callers may ask; none switches the limits off.
    pub rates: Option<RateLimits>,
    /// Whether the server is known under an address with `https`, whoever decrypts it.
    pub https: bool,
    /// Which methods each path takes.
    pub methods: PathMethods,
    /// What requests may cost where nothing else is said.
    pub limits: RouteLimits,
    /// Paths (and everything below them) that may cost more, such as imports; `*` stands for any one segment. The first
    /// match counts.
    pub exceptions: Vec<(&'static str, RouteLimits)>,
}

impl EdgeConfig {
    fn limits_of(&self, path: &str) -> RouteLimits {
        let below = |prefix: &str| {
            let mut parts = path.split('/');
            prefix.split('/').all(|wanted| parts.next().is_some_and(|part| wanted == "*" || wanted == part))
        };
        self.exceptions.iter().find(|(prefix, _)| below(prefix)).map_or(self.limits, |(_, limits)| *limits)
    }
}

/// Wraps the routes in everything a request meets before them. Read from the bottom up to follow a request inwards,
/// from the top down to follow its answer outwards.
pub fn edge<E>(routes: E, config: &EdgeConfig) -> impl Endpoint<Output = Response> + 'static
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    let config = Arc::new(config.clone());
    let proxies = Arc::new(config.trusted_proxies.clone());
    let methods = Arc::new(config.methods.clone());
    let limiter = config.rates.as_ref().map(|rates| Arc::new(RateLimiter::new(rates)));
    let body_config = config.clone();
    let https = config.https;

    let routes = routes.into_endpoint().map_to_response().boxed();
    let guarded = routes
        // Errors of handlers and of the framework become problems; everything outside sees answers only.
        .catch_all_error(problem::from_framework)
        // The handler's time; its transaction rolls back when it is over.
        .around(move |next, request: Request| {
            let limit = config.limits_of(request.uri().path()).deadline;
            deadline::limit(next, request, limit)
        })
        // The whole body is here before the handler's time begins.
        .around(move |next, request: Request| {
            let limits = body_config.limits_of(request.uri().path()).body;
            body_limit::limit(next, request, limits)
        })
        // Nobody's body is read who asks too often.
        .around(move |next, request| rate_limit::limit(next, request, limiter.clone()))
        // OPTIONS, TRACE and Allow need no routes.
        .around(move |next, request| methods::dispatch(next, request, methods.clone()))
        // Ambiguous paths meet neither the methods' table nor the router.
        .around(request_head::check)
        .boxed();
    guarded
        // From here on nothing fails; what panicked within is a 500.
        .around(panics::catch)
        // Problems name their request while they can still be read.
        .around(request_id::name_problems)
        .around(compression::compress)
        // HEAD is GET without its body, after compression, so that the headers are the same.
        .around(methods::head)
        .around(move |next, request| headers::protect(next, request, https))
        // The line in the log shows what is sent.
        .around(request_log::record)
        .around(request_id::identify)
        .around(move |next, request| client_address::resolve(next, request, proxies.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_holds_for_its_path_and_below() {
        let import = RouteLimits { deadline: Duration::from_secs(60), ..RouteLimits::default() };
        let config = EdgeConfig { exceptions: vec![("/api/v1/events/*/imports", import)], ..EdgeConfig::default() };
        let seconds = |path| config.limits_of(path).deadline.as_secs();
        assert_eq!((seconds("/api/v1/events/x/imports"), seconds("/api/v1/events/y/imports/7")), (60, 60));
        assert_eq!((seconds("/api/v1/events/x/importsx"), seconds("/api/v1/events/x")), (30, 30));
    }
}
