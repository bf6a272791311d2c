//! Hosts of the house that addresses given by people may name: those of the configuration file, and no others.

use std::{net::IpAddr, str::FromStr};

use serde::Deserialize;
use url::Host;

use crate::config::Networks;

/// Hosts of the house. They stand in the configuration file as tables `[[intranet]]` and nowhere else: no page and no
/// operation of the API changes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<IntranetHost>")]
pub struct IntranetHosts(Vec<IntranetHost>);

/// A host that is not of the Internet, and may be asked all the same.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntranetHost {
    /// Its name, as it stands in addresses.
    pub host: String,
    /// The networks its addresses are in. With any other address it is not asked.
    pub networks: Networks,
    /// The ports it may be asked at.
    #[serde(default = "usual_ports")]
    pub ports: Vec<u16>,
    /// Whether it may be asked without TLS too.
    #[serde(default)]
    pub plain_http: bool,
}

fn usual_ports() -> Vec<u16> {
    vec![443]
}

impl IntranetHost {
    /// Whether this is one of its addresses.
    pub(super) fn has(&self, address: IpAddr) -> bool {
        self.networks.0.iter().any(|network| network.contains(&address))
    }

    fn check(&self) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("intranet '{}': {what}", self.host));
        if !matches!(Host::parse(&self.host), Ok(Host::Domain(name)) if name == self.host && !name.ends_with('.')) {
            return wrong("host is a name in small letters, without a port");
        }
        if self.networks.0.is_empty() || self.ports.is_empty() {
            return wrong("networks and ports must name something");
        }
        Ok(())
    }
}

impl IntranetHosts {
    /// What is said of the host of this name.
    pub fn find(&self, host: &str) -> Option<&IntranetHost> {
        self.0.iter().find(|own| own.host == host)
    }
}

impl TryFrom<Vec<IntranetHost>> for IntranetHosts {
    type Error = String;

    fn try_from(hosts: Vec<IntranetHost>) -> Result<Self, String> {
        for (at, host) in hosts.iter().enumerate() {
            host.check()?;
            if hosts[..at].iter().any(|other| other.host == host.host) {
                return Err(format!("intranet '{}': it is named twice", host.host));
            }
        }
        Ok(Self(hosts))
    }
}

/// Refuses: what opens the house stands in a file.
impl FromStr for IntranetHosts {
    type Err = String;

    fn from_str(_: &str) -> Result<Self, String> {
        Err("hosts of the house are named in the configuration file alone, as tables [[intranet]]".to_owned())
    }
}
