//! Which addresses of the Internet are public: not those of a house, a machine, a link, a book or a transition.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(a: u16, b: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), length)
}

/// What of IPv4 is not public (IANA IPv4 Special-Purpose Address Registry, RFC 6890).
const RESERVED_V4: [Ipv4Net; 16] = [
    // This network, and whatever stands for it.
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    // Shared by customers of a provider (RFC 6598).
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    // Link-local, and where clouds tell machines their secrets.
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    // For books (RFC 5737), as are 198.51.100.0 and 203.0.113.0.
    v4(192, 0, 2, 0, 24),
    // Relays of 6to4 (RFC 7526).
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    // For measurements (RFC 2544).
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    // Multicast.
    v4(224, 0, 0, 0, 4),
    // Class E, and the broadcast.
    v4(240, 0, 0, 0, 4),
    v4(255, 255, 255, 255, 32),
];

/// What of IPv6 is given out to anybody (RFC 4291, 2.4). Everything else is not public: loopback, v4-mapped (`::ffff:0:0/96`)
/// and v4-compatible (`::/96`), `::ffff:0:0:0/96`, both NAT64 (`64:ff9b::/96`, `64:ff9b:1::/48`), discard (`100::/64`), SRv6
/// (`5f00::/16`), unique local (`fc00::/7`), link-local (`fe80::/10`), site-local (`fec0::/10`), multicast (`ff00::/8`).
const UNICAST_V6: Ipv6Net = v6(0x2000, 0, 3);

/// What of that is not public all the same (IANA IPv6 Special-Purpose Address Registry).
const RESERVED_V6: [Ipv6Net; 4] = [
    // Protocols: Teredo, measurements, ORCHID.
    v6(0x2001, 0, 23),
    // For books, as is 3fff::/20 (RFC 9637).
    v6(0x2001, 0x0db8, 32),
    // 6to4: it hides an address of IPv4.
    v6(0x2002, 0, 16),
    v6(0x3fff, 0, 20),
];

/// Whether anybody on the Internet could have this address. One of IPv4 in the clothes of IPv6 is none of those.
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => !RESERVED_V4.iter().any(|range| range.contains(&ip)),
        IpAddr::V6(ip) => UNICAST_V6.contains(&ip) && !RESERVED_V6.iter().any(|range| range.contains(&ip)),
    }
}
