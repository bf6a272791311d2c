//! Where an address that somebody gave may lead: looked at when its name is resolved, by the connection itself, and again
//! once there is one.

use std::{
    fmt, io,
    net::{IpAddr, SocketAddr, UdpSocket},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::{IntranetHosts, is_global};
use crate::config::Config;

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// How names become addresses.
pub(super) type Lookup = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// What may be connected to.
pub struct Guard {
    intranet: IntranetHosts,
    /// Where this server listens.
    own: Vec<SocketAddr>,
    /// What this server is called.
    own_name: String,
    /// Where its database is, by name and port.
    database: Option<(String, u16)>,
    lookup: Lookup,
}

/// A name that is not connected to: it has no address, or one that is not asked.
#[derive(Debug, thiserror::Error)]
#[error("the name has no address that may be asked")]
pub(super) struct Refused;

impl Guard {
    /// That of the configuration: addresses of the Internet, the hosts of the house it names, and never this server itself
    /// nor its database.
    pub fn new(config: &Config) -> Self {
        Self::looking_up(config, Arc::new(|name| Box::pin(system(name))))
    }

    /// The same with another way from names to addresses.
    pub(super) fn looking_up(config: &Config, lookup: Lookup) -> Self {
        Self {
            intranet: config.intranet.clone(),
            own: [Some(config.listen), config.metrics_listen].into_iter().flatten().collect(),
            own_name: config.public_url.host().to_lowercase(),
            database: database_host(&config.database_url()),
            lookup,
        }
    }

    /// The addresses of a name, if all of them may be connected to: of some, a program might choose another.
    pub(super) async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Refused> {
        let found = (self.lookup)(name.to_owned()).await.map_err(|_| Refused)?;
        let taken = self.databases().await?;
        let free = |ip: &IpAddr| self.admits(name, *ip) && !taken.iter().any(|own| self.meets(name, *ip, *own));
        if found.is_empty() || !found.iter().all(free) { Err(Refused) } else { Ok(found) }
    }

    /// Whether a connection to `ip` may be used for `name`.
    pub(super) fn admits(&self, name: &str, ip: IpAddr) -> bool {
        let listed = self.intranet.find(name).is_some_and(|host| host.has(ip));
        let own = self.own.iter().any(|own| self.meets(name, ip, *own));
        name != self.own_name && (listed || is_global(ip)) && !own
    }

    /// Whether `ip` is where `own` is. A host of the house may be another program of the same machine: there the ports it
    /// is asked at count.
    fn meets(&self, name: &str, ip: IpAddr, own: SocketAddr) -> bool {
        let same = own.ip() == ip || own.ip().is_unspecified() && is_of_this_machine(ip);
        same && self.intranet.find(name).is_none_or(|host| host.ports.contains(&own.port()))
    }

    /// Where the database is now.
    async fn databases(&self) -> Result<Vec<SocketAddr>, Refused> {
        let Some((host, port)) = &self.database else { return Ok(vec![]) };
        let found = (self.lookup)(host.clone()).await.map_err(|_| Refused)?;
        Ok(found.into_iter().map(|ip| SocketAddr::new(ip, *port)).collect())
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

/// Host and port of a database; none where it is a file or a socket in the file system.
fn database_host(url: &str) -> Option<(String, u16)> {
    let url = Url::parse(url).ok().filter(|url| url.scheme().starts_with("postgres"))?;
    let named = url.query_pairs().find(|(name, _)| name == "host").map(|(_, host)| host.into_owned());
    let host = match named {
        Some(host) => host,
        None => match url.host()? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        },
    };
    (!host.is_empty() && !host.starts_with('/')).then(|| (host, url.port().unwrap_or(5432)))
}

/// Only addresses of this machine can be bound.
fn is_of_this_machine(ip: IpAddr) -> bool {
    UdpSocket::bind((ip, 0)).is_ok()
}

async fn system(name: String) -> io::Result<Vec<IpAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect())
}

/// The resolver of a client that connects where the guard lets it. The addresses that were looked at are those that are
/// connected to: nobody asks again.
pub(super) struct Guarded(pub(super) Arc<Guard>);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let found = guard.resolve(name.as_str()).await?;
            let found: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(found)
        })
    }
}
