//! An address that somebody gave, once it was looked at.

use std::fmt;

use domain::Violation;
use url::{Host, Url};

use super::IntranetHosts;

/// Bytes of an address.
const LONGEST: usize = 2_048;
/// Ports that are asked at hosts of the Internet.
const PORTS: [u16; 2] = [443, 8443];

/// An address that may be asked, as far as can be told from it alone. What is asked is what was looked at, read by the
/// same program: there is no second opinion about where it leads. It may hold a token and does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: Url,
    host: String,
}

/// Why an address is not asked. Says nothing of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// It is long.
    #[error("Give an address of at most 2,048 characters.")]
    TooLong,
    /// It is none.
    #[error("Give the whole address, as the program that holds the calendar shows it: https://...")]
    NotAnAddress,
    /// Others could read along.
    #[error("Give an address that begins with https://.")]
    NotEncrypted,
    /// It holds a name or a password before the host.
    #[error("Give an address without a user name and a password. Calendars have addresses with a token for this.")]
    Credentials,
    /// It holds a part for browsers.
    #[error("Leave out what stands behind the '#'.")]
    Fragment,
    /// It names a machine and not a host.
    #[error("Give an address with the name of a host on the Internet, such as calendar.example.org.")]
    NotAHost,
    /// It names a port that is not asked.
    #[error("Give an address without a port: 443 and 8443 are asked, and no other.")]
    Port,
}

impl AddressFault {
    /// The same as a violation at `pointer`.
    pub fn at(self, pointer: &str) -> Violation {
        let code = match self {
            Self::TooLong => "too_long",
            Self::NotAnAddress => "not_an_address",
            Self::NotEncrypted => "not_encrypted",
            Self::Credentials => "has_credentials",
            Self::Fragment => "has_fragment",
            Self::NotAHost => "not_a_host",
            Self::Port => "port_not_asked",
        };
        Violation::new(pointer, code, self.to_string())
    }
}

impl Address {
    /// Looks at an address. Of hosts of the house the configuration says what they may be asked.
    pub fn parse(text: &str, intranet: &IntranetHosts) -> Result<Self, AddressFault> {
        if text.len() > LONGEST {
            return Err(AddressFault::TooLong);
        }
        let url = Url::parse(&encrypted(text)).map_err(|_| AddressFault::NotAnAddress)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(AddressFault::NotEncrypted);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressFault::Credentials);
        }
        if url.fragment().is_some() {
            return Err(AddressFault::Fragment);
        }
        let Some(Host::Domain(host)) = url.host() else { return Err(AddressFault::NotAHost) };
        let (host, port) = (host.to_owned(), url.port_or_known_default().unwrap_or_default());
        let own = intranet.find(&host);
        let dotted = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
        if own.is_none() && !dotted {
            return Err(AddressFault::NotAHost);
        }
        if url.scheme() != "https" && !own.is_some_and(|own| own.plain_http) {
            return Err(AddressFault::NotEncrypted);
        }
        if !own.map_or(&PORTS[..], |own| &own.ports).contains(&port) {
            return Err(AddressFault::Port);
        }
        if url.as_str().len() > LONGEST {
            return Err(AddressFault::TooLong);
        }
        Ok(Self { url, host })
    }

    /// The host, which may be shown.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The whole address.
    pub fn reveal(&self) -> &str {
        self.url.as_str()
    }
}

/// Calendars are often given with a scheme by which programs know them; behind it is what HTTPS gives.
fn encrypted(text: &str) -> String {
    let text = text.trim();
    match text.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("webcal") || scheme.eq_ignore_ascii_case("webcals") => {
            format!("https:{rest}")
        }
        _ => text.to_owned(),
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
