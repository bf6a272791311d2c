//! What clients are told: several answers in one (RFC 4918, 13), and why something is refused (16).

use quick_xml::escape::escape;

use super::{
    Name, Resource, Wanted,
    properties::{NAMES, is_for_everybody},
    xml::{APPLE, CALDAV, CALENDAR_SERVER, DAV},
};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// A body of `multistatus`, as it is written.
#[derive(Debug)]
pub struct Multistatus(String);

impl Default for Multistatus {
    fn default() -> Self {
        Self(format!(
            "{DECLARATION}<D:multistatus xmlns:D=\"{DAV}\" xmlns:C=\"{CALDAV}\" xmlns:CS=\"{CALENDAR_SERVER}\" \
             xmlns:A=\"{APPLE}\">"
        ))
    }
}

impl Multistatus {
    /// Says of a resource what is wanted of it.
    pub fn found(&mut self, resource: &Resource<'_>, wanted: &Wanted) {
        let (mut found, mut missing) = (String::new(), String::new());
        let all = |kept: fn(&Name) -> bool| NAMES.iter().map(|(of, local)| Name::new(of, local)).filter(kept);
        let names: Vec<Name> = match wanted {
            Wanted::These(names) => names.clone(),
            Wanted::Names => all(|_| true).collect(),
            Wanted::All(more) => all(is_for_everybody).chain(more.iter().cloned()).collect(),
        };
        let asked_by_name = matches!(wanted, Wanted::These(_));
        for name in names {
            match resource.value(&name) {
                Some(_) if *wanted == Wanted::Names => found.push_str(&element(&name, "")),
                Some(value) => found.push_str(&element(&name, &value)),
                None if asked_by_name => missing.push_str(&element(&name, "")),
                None => {}
            }
        }
        self.0.push_str(&format!("<D:response><D:href>{}</D:href>", escape(resource.path())));
        if !found.is_empty() || missing.is_empty() {
            self.propstat(&found, "200 OK");
        }
        if !missing.is_empty() {
            self.propstat(&missing, "404 Not Found");
        }
        self.0.push_str("</D:response>");
    }

    /// Says that there is nothing at an address, or nothing any more.
    pub fn missing(&mut self, href: &str) {
        let href = escape(href);
        self.0.push_str(&format!(
            "<D:response><D:href>{href}</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>"
        ));
    }

    /// Ends with the token by which the client asks the next time.
    pub fn with_token(mut self, token: &str) -> String {
        self.0.push_str(&format!("<D:sync-token>{}</D:sync-token>", escape(token)));
        self.finish()
    }

    /// The whole body.
    pub fn finish(self) -> String {
        self.0 + "</D:multistatus>\n"
    }

    fn propstat(&mut self, properties: &str, status: &str) {
        self.0.push_str(&format!(
            "<D:propstat><D:prop>{properties}</D:prop><D:status>HTTP/1.1 {status}</D:status></D:propstat>"
        ));
    }
}

/// An element with this content, which is XML already.
fn element(name: &Name, content: &str) -> String {
    let Name { namespace, local } = name;
    let prefixes = [(DAV, "D"), (CALDAV, "C"), (CALENDAR_SERVER, "CS"), (APPLE, "A")];
    let known = prefixes.iter().find(|(known, _)| known == namespace);
    let (tag, declared) = match known {
        Some((_, prefix)) => (format!("{prefix}:{local}"), String::new()),
        None if namespace.is_empty() => (local.clone(), String::new()),
        None => (format!("X:{local}"), format!(" xmlns:X=\"{}\"", escape(namespace.as_str()))),
    };
    match content {
        "" => format!("<{tag}{declared}/>"),
        content => format!("<{tag}{declared}>{content}</{tag}>"),
    }
}

/// What is not fulfilled where something is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// Nobody may write here; at this path the attempt was made (RFC 3744, 7.1.1).
    NeedPrivileges(String),
    /// Not everything below at once (RFC 4918, 9.1.1).
    FinitePropfind,
    /// There is no such report here (RFC 3253, 3.6).
    SupportedReport,
    /// The token was never given for this calendar, or too long ago (RFC 6578, 3.2).
    ValidSyncToken,
    /// There is more to tell than the client takes (RFC 6578, 3.2).
    MatchesWithinLimits,
    /// Conditions that are not evaluated here (RFC 4791, 7.8).
    SupportedFilter,
}

impl Precondition {
    /// The body that says so.
    pub fn body(&self) -> String {
        let what = match self {
            Self::NeedPrivileges(path) => format!(
                "<D:need-privileges><D:resource><D:href>{}</D:href><D:privilege><D:write/></D:privilege></D:resource>\
                 </D:need-privileges>",
                escape(path.as_str())
            ),
            Self::FinitePropfind => "<D:propfind-finite-depth/>".to_owned(),
            Self::SupportedReport => "<D:supported-report/>".to_owned(),
            Self::ValidSyncToken => "<D:valid-sync-token/>".to_owned(),
            Self::MatchesWithinLimits => "<D:number-of-matches-within-limits/>".to_owned(),
            Self::SupportedFilter => "<C:supported-filter/>".to_owned(),
        };
        format!("{DECLARATION}<D:error xmlns:D=\"{DAV}\" xmlns:C=\"{CALDAV}\">{what}</D:error>\n")
    }
}
