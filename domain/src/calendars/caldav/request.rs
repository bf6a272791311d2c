//! What clients ask.

use jiff::Timestamp;

use super::{
    Filter,
    filter::time_range,
    xml::{CALDAV, DAV, Element, Fault, Name},
};

/// Which properties are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Those that everybody wants, and these (RFC 4918, 14.2 and 14.8).
    All(Vec<Name>),
    /// The names of all there are.
    Names,
    /// These.
    These(Vec<Name>),
}

impl Wanted {
    /// What a PROPFIND asks; without a body everything (RFC 4918, 9.1).
    pub fn read(body: &[u8]) -> Result<Self, Fault> {
        if body.is_empty() {
            return Ok(Self::All(vec![]));
        }
        let root = Element::read(body)?;
        if !root.name.is(DAV, "propfind") {
            return Err(Fault::Unexpected);
        }
        Self::of(&root).ok_or(Fault::Unexpected)
    }

    fn of(element: &Element) -> Option<Self> {
        let names = |of: &Element| of.children.iter().map(|child| child.name.clone()).collect();
        if let Some(prop) = element.child(DAV, "prop") {
            return Some(Self::These(names(prop)));
        }
        if element.child(DAV, "propname").is_some() {
            return Some(Self::Names);
        }
        let included = element.child(DAV, "include").map(names).unwrap_or_default();
        element.child(DAV, "allprop").map(|_| Self::All(included))
    }
}

/// What a REPORT asks of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The entries that match (RFC 4791, 7.8).
    Query(Wanted, Filter),
    /// Entries by address (RFC 4791, 7.9).
    Multiget(Wanted, Vec<String>),
    /// What changed since a token, or everything without one (RFC 6578, 3.2).
    Sync {
        /// The properties of what changed.
        wanted: Wanted,
        /// The token the client holds.
        token: Option<String>,
        /// How many answers the client takes.
        most: Option<usize>,
    },
    /// When somebody is busy (RFC 4791, 7.10).
    FreeBusy(Timestamp, Timestamp),
    /// A report that there is not here.
    Other,
}

impl Report {
    /// What a REPORT asks.
    pub fn read(body: &[u8]) -> Result<Self, Fault> {
        let root = Element::read(body)?;
        // Without a word on it, addresses and tags are all there is to say.
        let wanted = Wanted::of(&root).unwrap_or(Wanted::These(vec![]));
        let name = |namespace, local| root.name.is(namespace, local);
        if name(CALDAV, "calendar-query") {
            let filter = root.child(CALDAV, "filter").ok_or(Fault::Unexpected)?;
            return Ok(Self::Query(wanted, Filter::read(filter)?));
        }
        if name(CALDAV, "calendar-multiget") {
            let hrefs = root.children.iter().filter(|child| child.name.is(DAV, "href"));
            return Ok(Self::Multiget(wanted, hrefs.map(|href| href.text().to_owned()).collect()));
        }
        if name(CALDAV, "free-busy-query") {
            let range = root.child(CALDAV, "time-range").ok_or(Fault::Unexpected)?;
            let (Some(from), Some(to)) = time_range(range)? else { return Err(Fault::Unexpected) };
            return Ok(Self::FreeBusy(from, to));
        }
        if name(DAV, "sync-collection") {
            let token = root.child(DAV, "sync-token").map(|token| token.text().to_owned());
            let most = root.child(DAV, "limit").and_then(|limit| limit.child(DAV, "nresults"));
            let most = most.map(|most| most.text().parse().map_err(|_| Fault::Unexpected)).transpose()?;
            return Ok(Self::Sync { wanted, token: token.filter(|token| !token.is_empty()), most });
        }
        Ok(Self::Other)
    }
}
