//! Networks that a key works from. Which address a request has is decided at the edge.

use std::{fmt, net::IpAddr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::Violation;

/// A network in CIDR notation (RFC 4632, 3.1), IPv4 or IPv6; an address alone is a network of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network(IpNet);

/// Characters of the longest network there is.
const LONGEST: usize = 49;

impl Network {
    /// Reads `198.51.100.0/24`, `2001:db8::/32` or an address. Bits of the address beyond the prefix are refused, as they
    /// mostly are a typing error; so is IPv4 written as IPv6, which requests never come from.
    pub fn parse(value: &str) -> Option<Self> {
        let network = match value.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address),
            Err(_) => value.parse().ok()?,
        };
        let mapped = matches!(network.addr(), IpAddr::V6(address) if address.to_ipv4_mapped().is_some());
        (network.trunc() == network && !mapped).then_some(Self(network))
    }

    /// Whether the address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl Network {
    /// What is wrong with something that is none.
    pub fn violation(written: &str, pointer: &str) -> Violation {
        Violation::new(pointer, "invalid_network", Self::fault(written))
    }

    fn fault(written: &str) -> String {
        let shown: String = written.chars().take(LONGEST).collect();
        format!(
            "'{shown}' is not a network such as '198.51.100.0/24' or '2001:db8::/32' with no bits beyond its prefix."
        )
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for Network {
    type Error = String;
    fn try_from(value: String) -> Result<Self, String> {
        Self::parse(&value).ok_or_else(|| Self::fault(&value))
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

impl schemars::JsonSchema for Network {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Network".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "a network in CIDR notation, IPv4 or IPv6; an address alone is a network of one",
            "maxLength": LONGEST,
            "examples": ["198.51.100.0/24"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_read_as_rfc_4632_writes_it() {
        for (written, read) in [
            ("198.51.100.0/24", Some("198.51.100.0/24")),
            ("198.51.100.7", Some("198.51.100.7/32")),
            ("2001:db8::/32", Some("2001:db8::/32")),
            ("2001:DB8::7", Some("2001:db8::7/128")),
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("198.51.100.7/24", None),
            ("198.51.100.0/33", None),
            ("198.51.100.0/24 ", None),
            ("::ffff:198.51.100.0/120", None),
            ("example.org", None),
            ("", None),
        ] {
            assert_eq!(Network::parse(written).map(|network| network.to_string()).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn an_address_is_in_it_or_not() {
        let holds = |network: &str, address: &str| Network::parse(network).unwrap().contains(address.parse().unwrap());
        assert!(holds("198.51.100.0/24", "198.51.100.255") && !holds("198.51.100.0/24", "198.51.101.0"));
        assert!(holds("198.51.100.0/24", "::ffff:198.51.100.7"), "IPv4 in IPv6 clothes");
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(!holds("0.0.0.0/0", "2001:db8::1"), "a family says nothing of the other");
    }
}
