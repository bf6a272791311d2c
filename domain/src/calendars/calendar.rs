//! The calendar around the entries (VCALENDAR; RFC 5545, 3.4 and RFC 7986, 5).

use jiff::Timestamp;

use super::{
    content_line::{Lines, Value},
    value::{ParamValue, Text, Uri},
};

/// Without a version: a new release of Plenum alone must not change every feed.
pub(super) const PRODUCT: &str = "-//Plenum//Plenum calendar feeds//EN";
/// How often programs are asked to look again.
const REFRESH: &str = "PT1H";

/// A feed as a calendar: what stands before its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The same as long as the feed exists; never the feed's secret token.
    pub uid: Text,
    /// The name subscribers see.
    pub name: Text,
    /// One line on what the feed contains.
    pub description: Option<Text>,
    /// Where it can be subscribed to; never an address that holds a secret, because files are passed on.
    pub source: Option<Uri>,
    /// The page that says more.
    pub page: Option<Uri>,
    /// IANA name of the zone the reader is probably interested in; the entries do not depend on it.
    pub time_zone: Option<Text>,
    /// The colour programs may show it in.
    pub colour: Option<Colour>,
    /// The latest change of the feed or of anything in it.
    pub changed: Timestamp,
}

impl Calendar {
    /// The whole file. `entries` come from [`Entry::vevent`](super::Entry::vevent), ordered by start and then UID, so
    /// that the same entries always give the same bytes.
    pub fn assemble(&self, entries: impl IntoIterator<Item: AsRef<str>>) -> String {
        let mut file = self.open();
        entries.into_iter().for_each(|entry| file.add(entry.as_ref()));
        file.close()
    }

    /// The file as far as its first entry, for entries that arrive one by one.
    pub fn open(&self) -> File {
        let mut lines = Lines::default();
        self.write_header(&mut lines);
        File(lines)
    }

    /// Names and intervals stand twice: once as RFC 7986 has them, once as older programs look for them.
    fn write_header(&self, lines: &mut Lines) {
        let description = || self.description.as_ref().map(Value::Text);
        lines
            .property("BEGIN", Value::Token("VCALENDAR"))
            .property("VERSION", Value::Token("2.0"))
            .property("PRODID", Value::Token(PRODUCT))
            .property("CALSCALE", Value::Token("GREGORIAN"))
            .property("UID", Value::Text(&self.uid))
            .property("NAME", Value::Text(&self.name))
            .property("X-WR-CALNAME", Value::Text(&self.name))
            .optional("DESCRIPTION", description())
            .optional("X-WR-CALDESC", description())
            .optional("X-WR-TIMEZONE", self.time_zone.as_ref().map(Value::Text))
            .property("LAST-MODIFIED", Value::Instant(self.changed))
            .optional("URL", self.page.as_ref().map(Value::Uri));
        if let Some(source) = &self.source {
            lines.property_with("SOURCE", &[("VALUE", ParamValue::new("URI"))], Value::Uri(source));
        }
        lines
            .property_with("REFRESH-INTERVAL", &[("VALUE", ParamValue::new("DURATION"))], Value::Token(REFRESH))
            .property("X-PUBLISHED-TTL", Value::Token(REFRESH))
            .optional("COLOR", self.colour.map(|colour| Value::Token(colour.as_str())))
            .optional("X-APPLE-CALENDAR-COLOR", self.colour.map(|colour| Value::Token(colour.hexadecimal())));
    }
}

/// A file of this entry alone.
pub(super) fn alone(entry: &str) -> String {
    let mut lines = Lines::default();
    lines
        .property("BEGIN", Value::Token("VCALENDAR"))
        .property("VERSION", Value::Token("2.0"))
        .property("PRODID", Value::Token(PRODUCT))
        .property("CALSCALE", Value::Token("GREGORIAN"));
    lines.finished(entry);
    lines.property("END", Value::Token("VCALENDAR"));
    lines.into_string()
}

/// A file that is being written.
#[derive(Debug)]
pub struct File(Lines);

impl File {
    /// Adds the next entry.
    pub fn add(&mut self, entry: &str) {
        self.0.finished(entry);
    }

    /// The whole file.
    pub fn close(mut self) -> String {
        self.0.property("END", Value::Token("VCALENDAR"));
        self.0.into_string()
    }
}

/// The colour of a calendar, by its CSS name (RFC 7986, 5.9). All are dark enough for white text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// `navy`
    Navy,
    /// `teal`
    Teal,
    /// `green`
    Green,
    /// `maroon`
    Maroon,
    /// `purple`
    Purple,
}

impl Colour {
    /// Every colour there is.
    pub const ALL: [Self; 5] = [Self::Navy, Self::Teal, Self::Green, Self::Maroon, Self::Purple];

    /// The CSS name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Navy => "navy",
            Self::Teal => "teal",
            Self::Green => "green",
            Self::Maroon => "maroon",
            Self::Purple => "purple",
        }
    }

    /// The colour of this CSS name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.as_str() == name)
    }

    /// The same in hexadecimal.
    pub fn hexadecimal(self) -> &'static str {
        match self {
            Self::Navy => "#000080",
            Self::Teal => "#008080",
            Self::Green => "#008000",
            Self::Maroon => "#800000",
            Self::Purple => "#800080",
        }
    }
}
