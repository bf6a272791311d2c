//! Where a request really comes from.
//!
//! `X-Forwarded-For` can be written by anybody, so it is believed only as far as configured proxies vouch for it: the
//! client is the right-most hop that is not one of them. `Forwarded` (RFC 7239) is read instead, never as well, when
//! the proxies are configured to send it: a proxy that knows only one of the two passes the other through as it came.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use ipnet::IpNet;
use poem::{Addr, Endpoint, Request, Response, Result, http::HeaderMap};

use crate::config::ForwardingHeader;

/// The proxies whose word is taken.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    /// Their addresses; empty means that nobody is believed.
    pub networks: Vec<IpNet>,
    /// Which header they write.
    pub header: ForwardingHeader,
}

/// What the edge knows of the sender of a request; found in the request's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The address; none when the request did not come over a socket.
    pub address: Option<IpAddr>,
    /// Whether the connection came from a trusted proxy.
    pub through_proxy: bool,
    /// Whether a trusted proxy says that the client spoke HTTPS.
    pub https: bool,
}

/// The network that counts as one client: the address itself for IPv4, the /64 for IPv6, where one subscriber owns
/// at least that many addresses.
pub fn network(address: IpAddr) -> IpNet {
    let prefix = if address.is_ipv4() { 32 } else { 64 };
    IpNet::new(address, prefix).map_or_else(|_| IpNet::from(address), |net| net.trunc())
}

/// 127.0.0.0/8 and ::1.
pub fn loopback() -> Vec<IpNet> {
    ["127.0.0.0/8", "::1/128"].iter().filter_map(|net| net.parse().ok()).collect()
}

/// Whether one of `networks` holds `address`.
pub fn any_contains(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

impl TrustedProxies {
    /// Who sent a request that arrived from `peer` with these headers.
    pub fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Client {
        let peer = peer.map(|address| address.to_canonical());
        let Some(proxy) = peer.filter(|address| any_contains(&self.networks, *address)) else {
            return Client { address: peer, through_proxy: false, https: false };
        };
        let (hops, scheme) = match self.header {
            ForwardingHeader::XForwardedFor => {
                let hops = elements(headers, "x-forwarded-for").iter().map(|hop| parse_address(hop)).collect();
                (hops, elements(headers, "x-forwarded-proto").pop())
            }
            ForwardingHeader::Forwarded => forwarded(headers),
        };
        let https = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        Client { address: Some(self.right_most_untrusted(proxy, &hops)), through_proxy: true, https }
    }

    /// Walks from the nearest hop outwards for as long as proxies we trust vouch for the next one. A hop that is not
    /// an address ends the walk: whoever stands before it cannot be known.
    fn right_most_untrusted(&self, proxy: IpAddr, hops: &[Option<IpAddr>]) -> IpAddr {
        let mut client = proxy;
        for hop in hops.iter().rev() {
            let Some(address) = *hop else { break };
            client = address;
            if !any_contains(&self.networks, address) {
                break;
            }
        }
        client
    }
}

/// All comma-separated elements of all lines of a header, in order.
fn elements(headers: &HeaderMap, name: &str) -> Vec<String> {
    let lines = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or(""));
    lines.flat_map(|line| line.split(',')).map(|element| element.trim().to_owned()).collect()
}

/// The hops (`for=`) and the scheme the nearest proxy saw (`proto=`).
fn forwarded(headers: &HeaderMap) -> (Vec<Option<IpAddr>>, Option<String>) {
    let parameter = |element: &str, name: &str| {
        element.split(';').filter_map(|pair| pair.split_once('=')).find_map(|(key, value)| {
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let elements = elements(headers, "forwarded");
    let hops = elements.iter().map(|hop| parse_address(&parameter(hop, "for")?)).collect();
    (hops, elements.last().and_then(|hop| parameter(hop, "proto")))
}

/// An address as proxies write it: bare, in brackets, with or without a port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// Notes the [`Client`] in the request's data.
pub(super) async fn resolve<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    mut request: Request,
    proxies: Arc<TrustedProxies>,
) -> Result<Response> {
    let peer = match request.remote_addr().0 {
        Addr::SocketAddr(address) => Some(address.ip()),
        _ => None,
    };
    let client = proxies.client(peer, request.headers());
    request.set_data(client);
    next.call(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(header: ForwardingHeader) -> TrustedProxies {
        let networks = ["10.0.0.0/8", "2001:db8:1::/48"].map(|net| net.parse().unwrap()).to_vec();
        TrustedProxies { networks, header }
    }

    fn seen(peer: &str, headers: &[(&'static str, &'static str)], header: ForwardingHeader) -> (String, bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let client = proxies(header).client(Some(peer.parse().unwrap()), &map);
        (client.address.unwrap().to_string(), client.https)
    }

    #[test]
    fn only_configured_proxies_are_believed_and_only_as_far_as_they_vouch() {
        let xff = |peer, value| seen(peer, &[("x-forwarded-for", value)], ForwardingHeader::XForwardedFor).0;
        // The peer is no proxy: whatever it writes, it is the client.
        assert_eq!(xff("203.0.113.9", "198.51.100.7"), "203.0.113.9");
        // One proxy, one client.
        assert_eq!(xff("10.0.0.1", "198.51.100.7"), "198.51.100.7");
        // The client wrote the left part itself.
        assert_eq!(xff("10.0.0.1", "127.0.0.1, 198.51.100.7"), "198.51.100.7");
        // Two of our proxies in a row.
        assert_eq!(xff("10.0.0.1", "8.8.8.8, 198.51.100.7, 10.9.9.9"), "198.51.100.7");
        // A client that claims to be one of our proxies gains nothing.
        assert_eq!(xff("10.0.0.1", "10.2.2.2, 198.51.100.7"), "198.51.100.7");
        // Everybody is a proxy: the outermost one is all there is.
        assert_eq!(xff("10.0.0.1", "10.3.3.3, 10.2.2.2"), "10.3.3.3");
        // Rubbish ends the walk at the hop that vouched for it.
        assert_eq!(xff("10.0.0.1", "198.51.100.7, unknown"), "10.0.0.1");
        assert_eq!(xff("10.0.0.1", ""), "10.0.0.1");
        // Ports, brackets and IPv4 in IPv6 clothes.
        assert_eq!(xff("10.0.0.1", "198.51.100.7:4711"), "198.51.100.7");
        assert_eq!(xff("2001:db8:1::5", "[2001:db8:2::7]:443"), "2001:db8:2::7");
        assert_eq!(xff("::ffff:10.0.0.1", "::ffff:198.51.100.7"), "198.51.100.7");
    }

    #[test]
    fn the_lines_of_a_repeated_header_are_one_list() {
        let lines = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "198.51.100.7, 10.0.0.2")];
        assert_eq!(seen("10.0.0.1", &lines, ForwardingHeader::XForwardedFor).0, "198.51.100.7");
    }

    #[test]
    fn the_header_the_proxies_do_not_write_is_ignored() {
        let both = [("forwarded", "for=1.2.3.4;proto=https"), ("x-forwarded-for", "198.51.100.7")];
        assert_eq!(seen("10.0.0.1", &both, ForwardingHeader::XForwardedFor), ("198.51.100.7".into(), false));
        assert_eq!(seen("10.0.0.1", &both, ForwardingHeader::Forwarded), ("1.2.3.4".into(), true));
    }

    #[test]
    fn forwarded_is_read_as_rfc_7239_writes_it() {
        let header = [("forwarded", r#"for=evil, For="[2001:db8:2::17]:47011";Proto=https;by=10.0.0.1"#)];
        assert_eq!(seen("10.0.0.1", &header, ForwardingHeader::Forwarded), ("2001:db8:2::17".into(), true));
    }

    #[test]
    fn https_is_believed_from_a_proxy_only() {
        let proto = [("x-forwarded-proto", "https"), ("x-forwarded-for", "198.51.100.7")];
        assert!(seen("10.0.0.1", &proto, ForwardingHeader::XForwardedFor).1);
        assert!(!seen("198.51.100.7", &proto, ForwardingHeader::XForwardedFor).1);
    }

    #[test]
    fn one_ipv6_subscriber_is_one_client() {
        let of = |address: &str| network(address.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:2:3:4:5:6:7"), "2001:db8:2:3::/64");
        assert_eq!(of("198.51.100.7"), "198.51.100.7/32");
    }
}
