//! What the configuration means to the edge.

use std::{num::NonZeroU32, time::Duration};

use super::{
    body_limit::BodyLimits,
    client_address::{TrustedProxies, loopback},
    connection::Patience,
    rate_limit::{Rate, RateLimits},
    server::Limits,
    stack::{EdgeConfig, RouteLimits},
};
use crate::config::Config;

/// What the listener takes on.
pub fn limits(config: &Config) -> Limits {
    Limits {
        connections: count(config.connections),
        connections_per_network: count(config.connections_per_network),
        exempt_networks: loopback().into_iter().chain(config.trusted_proxies.0.iter().copied()).collect(),
        patience: Patience {
            first_byte: seconds(config.first_byte_seconds),
            head: seconds(config.head_seconds),
            keep_alive: seconds(config.keep_alive_seconds),
            write_stall: seconds(config.write_stall_seconds),
        },
        drain: Duration::from_secs(config.drain_seconds.into()),
    }
}

/// The edge as the routes need it, with what is configured.
pub fn edge_config(config: &Config, routes: EdgeConfig) -> EdgeConfig {
    let rate = |burst: NonZeroU32, per_second: NonZeroU32| Rate { burst, per_second };
    EdgeConfig {
        trusted_proxies: TrustedProxies {
            networks: config.trusted_proxies.0.clone(),
            header: config.forwarding_header,
        },
        https: config.public_url.as_str().starts_with("https:"),
        rates: Some(RateLimits {
            per_principal: rate(config.rate_per_key_burst, config.rate_per_key),
            per_network: rate(config.rate_per_network_burst, config.rate_per_network),
            exempt_networks: loopback(),
        }),
        limits: RouteLimits {
            body: BodyLimits {
                bytes: count(config.body_bytes),
                time: seconds(config.body_seconds),
                bytes_per_second: config.body_bytes_per_second.get(),
                ..BodyLimits::default()
            },
            deadline: seconds(config.request_seconds),
        },
        ..routes
    }
}

fn seconds(number: NonZeroU32) -> Duration {
    Duration::from_secs(number.get().into())
}

fn count(number: NonZeroU32) -> usize {
    usize::try_from(number.get()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_configured_is_the_default_of_the_edge() {
        let config = Config::default();
        assert_eq!(format!("{:?}", limits(&config)), format!("{:?}", Limits::default()));
        let edge = edge_config(&config, EdgeConfig::default());
        assert_eq!(format!("{:?}", edge.limits), format!("{:?}", RouteLimits::default()));
        assert_eq!(format!("{:?}", edge.rates), format!("{:?}", Some(RateLimits::default())));
    }
}
