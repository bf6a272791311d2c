//! The kinds of values options have, each read and checked in one place for all three sources.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use ipnet::IpNet;
use lettre::message::Mailbox;
use serde::{Deserialize, de};

use crate::demo::Scenario;

domain::words! {
    /// How a line of the log looks.
    #[derive(Default)]
    pub enum LogFormat {
        /// One JSON object a line, for collectors.
        #[default]
        Json = "json",
        /// For people who watch.
        Text = "text",
    }
}

domain::words! {
    /// The header in which trusted proxies name the hops.
    #[derive(Default)]
    pub enum ForwardingHeader {
        /// What nearly every proxy sends, with `X-Forwarded-Proto` for the scheme.
        #[default]
        XForwardedFor = "x-forwarded-for",
        /// RFC 7239.
        Forwarded = "forwarded",
    }
}

/// Where the database is. May hold a password, and therefore does not print itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Database(String);

impl Database {
    /// The address, password included.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// Whether the address holds a password.
    pub fn has_password(&self) -> bool {
        let user = self.0.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).map_or("", |(user, _)| user);
        user.contains(':')
    }
}

impl FromStr for Database {
    type Err = String;
    fn from_str(value: &str) -> Result<Self, String> {
        let known = ["sqlite://", "postgres://", "postgresql://"];
        let complete = known.iter().any(|scheme| value.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
        if complete {
            return Ok(Self(value.to_owned()));
        }
        Err("a database is sqlite://FILE or postgres://USER@HOST/NAME".to_owned())
    }
}

impl TryFrom<String> for Database {
    type Error = String;
    fn try_from(value: String) -> Result<Self, String> {
        value.parse()
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://***", self.0.split(':').next().unwrap_or_default())
    }
}

/// Where mail is handed over. May hold a password, and therefore does not print itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SmtpServer(String);

impl SmtpServer {
    /// The address, password included.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// Whether the address holds a password.
    pub fn has_password(&self) -> bool {
        url::Url::parse(&self.0).is_ok_and(|url| url.password().is_some())
    }
}

impl FromStr for SmtpServer {
    type Err = String;
    fn from_str(value: &str) -> Result<Self, String> {
        let url = url::Url::parse(value).map_err(|_| SMTP.to_owned())?;
        let host = url.host_str().unwrap_or_default();
        // Mail that signs people in is not sent in clear text over a network.
        let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let encrypted = match url.scheme() {
            "smtps" => true,
            "smtp" => url.query() == Some("tls=required") || (local && url.query().is_none()),
            _ => false,
        };
        if encrypted && !host.is_empty() { Ok(Self(value.to_owned())) } else { Err(SMTP.to_owned()) }
    }
}

const SMTP: &str = "a mail server is smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST:587?tls=required; only on this machine smtp://localhost";

impl TryFrom<String> for SmtpServer {
    type Error = String;
    fn try_from(value: String) -> Result<Self, String> {
        value.parse()
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://***", self.0.split(':').next().unwrap_or_default())
    }
}

/// Who mail is from: a name, and an address in angle brackets; or an address alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Sender(pub Mailbox);

impl FromStr for Sender {
    type Err = String;
    fn from_str(value: &str) -> Result<Self, String> {
        let detail = || "a sender is an address such as 'Secretariat <desk@example.org>'".to_owned();
        value.parse().map(Self).map_err(|_| detail())
    }
}

impl TryFrom<String> for Sender {
    type Error = String;
    fn try_from(value: String) -> Result<Self, String> {
        value.parse()
    }
}

/// An `http` or `https` address without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct WebAddress(String);

impl WebAddress {
    /// The address of a listener as somebody on the same machine writes it.
    pub fn of(address: SocketAddr) -> Self {
        let ip = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        Self(format!("http://{}", SocketAddr::new(ip, address.port())))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl WebAddress {
    /// The host alone.
    pub fn host(&self) -> &str {
        let host = self.origin().split("://").nth(1).unwrap_or_default();
        match host.rfind(':') {
            Some(port) if !host.ends_with(']') => &host[..port],
            _ => host,
        }
    }

    /// Scheme, host and port, as browsers write the origin of a page.
    pub fn origin(&self) -> &str {
        let host = self.0.find("://").map_or(0, |at| at + 3);
        let end = self.0[host..].find('/').map_or(self.0.len(), |at| host + at);
        &self.0[..end]
    }
}

impl FromStr for WebAddress {
    type Err = String;
    fn from_str(value: &str) -> Result<Self, String> {
        let address = value.trim_end_matches('/');
        let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        let fits =
            |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic() && !b"?#\"<>@".contains(&b));
        if rest.is_some_and(fits) {
            return Ok(Self(address.to_owned()));
        }
        Err("a public address begins with https:// or http://, such as https://plenum.example.org".to_owned())
    }
}

impl TryFrom<String> for WebAddress {
    type Error = String;
    fn try_from(value: String) -> Result<Self, String> {
        value.parse()
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Networks, separated by commas; an address alone is a network of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(pub Vec<IpNet>);

impl Networks {
    /// This machine.
    pub fn loopback() -> Self {
        Self(["127.0.0.0/8", "::1/128"].iter().filter_map(|network| network.parse().ok()).collect())
    }
}

impl FromStr for Networks {
    type Err = String;
    fn from_str(value: &str) -> Result<Self, String> {
        list(value.split(','), |network| {
            let parsed = network.parse::<IpNet>().ok().or_else(|| network.parse::<IpAddr>().ok().map(IpNet::from));
            parsed.ok_or_else(|| format!("'{network}' is not a network such as 10.0.0.0/8"))
        })
        .map(Self)
    }
}

/// The scenarios of demo data to load; `all` stands for those there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenarios(pub Vec<Scenario>);

impl FromStr for Scenarios {
    type Err = String;
    fn from_str(value: &str) -> Result<Self, String> {
        if value == "all" {
            return Ok(Self(Scenario::ALL.to_vec()));
        }
        list(value.split(','), str::parse).map(Self)
    }
}

fn list<'a, T>(
    items: impl Iterator<Item = &'a str>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    items.map(str::trim).filter(|item| !item.is_empty()).map(parse).collect()
}

/// In a file a list may be written as a list, or as on the command line.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    List(Vec<String>),
    Line(String),
}

fn from_written<'de, T: FromStr<Err = String>, D: de::Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let line = match Written::deserialize(deserializer)? {
        Written::List(items) => items.join(","),
        Written::Line(line) => line,
    };
    line.parse().map_err(de::Error::custom)
}

impl<'de> Deserialize<'de> for Networks {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_written(deserializer)
    }
}

impl<'de> Deserialize<'de> for Scenarios {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_written(deserializer)
    }
}
