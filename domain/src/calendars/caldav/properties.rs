//! What is told of a resource: the properties of RFC 4918 (15), 3744 (4 and 5), 4791 (5.2 and 6.2) and 6578 (4), and three
//! older ones without which programs find no calendar, no colour, or no change.

use quick_xml::escape::escape;
use uuid::Uuid;

use super::{
    Member, Name, Place,
    xml::{APPLE, CALDAV, CALENDAR_SERVER, DAV},
};
use crate::calendars::Colour;

/// Whose calendars these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their account.
    pub account: Uuid,
    /// Their name.
    pub name: String,
    /// Their address for mail.
    pub email: String,
}

/// A calendar as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The feed it is.
    pub feed: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What programs may show it in.
    pub colour: Option<Colour>,
    /// What changes whenever anything in it does, as an address (RFC 6578, 4).
    pub token: String,
    /// Whether what is in it takes its reader's time.
    pub takes_time: bool,
}

/// Something that has properties.
#[derive(Debug, Clone, Copy)]
pub enum Resource<'a> {
    /// Where clients begin.
    Root(&'a Person),
    /// The person.
    Principal(&'a Person),
    /// The calendars of the person.
    Home(&'a Person),
    /// One of them.
    Calendar(&'a Person, &'a Collection),
    /// An entry in it.
    Member(&'a Person, &'a Collection, Member<'a>),
}

/// Every property that there is on any resource.
pub(super) const NAMES: &[(&str, &str)] = &[
    (DAV, "resourcetype"),
    (DAV, "displayname"),
    (DAV, "getetag"),
    (DAV, "getcontenttype"),
    (DAV, "getcontentlength"),
    (DAV, "current-user-principal"),
    (DAV, "principal-URL"),
    (DAV, "principal-collection-set"),
    (DAV, "alternate-URI-set"),
    (DAV, "group-member-set"),
    (DAV, "group-membership"),
    (DAV, "owner"),
    (DAV, "group"),
    (DAV, "acl"),
    (DAV, "acl-restrictions"),
    (DAV, "inherited-acl-set"),
    (DAV, "supported-privilege-set"),
    (DAV, "current-user-privilege-set"),
    (DAV, "supported-report-set"),
    (DAV, "sync-token"),
    (CALDAV, "calendar-home-set"),
    (CALDAV, "calendar-user-address-set"),
    (CALDAV, "supported-calendar-component-set"),
    (CALDAV, "supported-calendar-data"),
    (CALDAV, "supported-collation-set"),
    (CALDAV, "schedule-calendar-transp"),
    (CALDAV, "calendar-data"),
    (CALENDAR_SERVER, "getctag"),
    (APPLE, "calendar-color"),
];

/// Whether `allprop` names it: those of RFC 4918, of which nobody has to be asked.
pub(super) fn is_for_everybody(name: &Name) -> bool {
    let told = ["resourcetype", "displayname", "getetag", "getcontenttype", "getcontentlength"];
    name.namespace == DAV && told.contains(&name.local.as_str())
}

impl Resource<'_> {
    /// Where it is.
    pub fn path(&self) -> String {
        match self {
            Self::Root(_) => Place::Root,
            Self::Principal(person) => Place::Principal(person.account),
            Self::Home(person) => Place::Home(person.account),
            Self::Calendar(person, calendar) => Place::Calendar(person.account, calendar.feed),
            Self::Member(person, calendar, member) => {
                Place::Member(person.account, calendar.feed, member.name.to_owned())
            }
        }
        .path()
    }

    /// The content of a property, as XML; none if it has no such property.
    pub(super) fn value(&self, name: &Name) -> Option<String> {
        match name.namespace.as_str() {
            DAV => self.of_webdav(&name.local).or_else(|| self.of_access(&name.local)),
            CALDAV => self.of_caldav(&name.local),
            _ => self.of_others(name),
        }
    }

    fn person(&self) -> &Person {
        match self {
            Self::Root(person) | Self::Principal(person) | Self::Home(person) => person,
            Self::Calendar(person, _) | Self::Member(person, ..) => person,
        }
    }

    fn of_webdav(&self, local: &str) -> Option<String> {
        Some(match (local, self) {
            ("resourcetype", Self::Root(_) | Self::Home(_)) => "<D:collection/>".to_owned(),
            ("resourcetype", Self::Principal(_)) => "<D:collection/><D:principal/>".to_owned(),
            ("resourcetype", Self::Calendar(..)) => "<D:collection/><C:calendar/>".to_owned(),
            ("resourcetype", Self::Member(..)) => String::new(),
            ("displayname", Self::Principal(person)) => text(&person.name),
            ("displayname", Self::Home(_)) => "Calendars".to_owned(),
            ("displayname", Self::Calendar(_, calendar)) => text(&calendar.name),
            ("getetag", Self::Member(.., member)) => text(&member.etag()),
            ("getcontenttype", Self::Member(..)) => "text/calendar; charset=utf-8; component=VEVENT".to_owned(),
            ("getcontentlength", Self::Member(.., member)) => member.file().len().to_string(),
            ("sync-token", Self::Calendar(_, calendar)) => text(&calendar.token),
            ("supported-report-set", Self::Calendar(..)) => {
                let reports = ["C:calendar-query", "C:calendar-multiget", "C:free-busy-query", "D:sync-collection"];
                let report = |name| format!("<D:supported-report><D:report><{name}/></D:report></D:supported-report>");
                reports.map(report).concat()
            }
            ("supported-report-set", _) => String::new(),
            _ => return None,
        })
    }

    /// Everything here can be read by one person and written by nobody.
    fn of_access(&self, local: &str) -> Option<String> {
        let own = href(&Place::Principal(self.person().account));
        let read = "<D:privilege><D:read/></D:privilege>";
        let read_own = "<D:privilege><D:read-current-user-privilege-set/></D:privilege>";
        Some(match (local, self) {
            ("current-user-principal", _) => own,
            ("principal-URL", Self::Principal(_)) => own,
            ("alternate-URI-set" | "group-member-set" | "group-membership", Self::Principal(_)) => String::new(),
            ("owner", Self::Home(_) | Self::Calendar(..) | Self::Member(..)) => own,
            ("group" | "inherited-acl-set", _) => String::new(),
            ("principal-collection-set", _) => href(&Place::Root),
            ("current-user-privilege-set", _) => format!("{read}{read_own}"),
            ("acl", _) => {
                let principal = format!("<D:principal>{own}</D:principal>");
                format!("<D:ace>{principal}<D:grant>{read}{read_own}</D:grant><D:protected/></D:ace>")
            }
            ("acl-restrictions", _) => "<D:grant-only/><D:no-invert/>".to_owned(),
            ("supported-privilege-set", _) => supported_privileges(),
            _ => return None,
        })
    }

    fn of_caldav(&self, local: &str) -> Option<String> {
        Some(match (local, self) {
            ("calendar-home-set", Self::Principal(person)) => href(&Place::Home(person.account)),
            ("calendar-user-address-set", Self::Principal(person)) => {
                let mail = text(&format!("mailto:{}", person.email));
                format!("<D:href>{mail}</D:href>{}", href(&Place::Principal(person.account)))
            }
            ("supported-calendar-component-set", Self::Calendar(..)) => "<C:comp name=\"VEVENT\"/>".to_owned(),
            ("supported-calendar-data", Self::Calendar(..)) => {
                "<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>".to_owned()
            }
            ("supported-collation-set", Self::Calendar(..)) => ["i;ascii-casemap", "i;octet"]
                .map(|name| format!("<C:supported-collation>{name}</C:supported-collation>"))
                .concat(),
            ("schedule-calendar-transp", Self::Calendar(_, calendar)) => {
                if calendar.takes_time { "<C:opaque/>" } else { "<C:transparent/>" }.to_owned()
            }
            ("calendar-data", Self::Member(.., member)) => text(&member.file()),
            _ => return None,
        })
    }

    fn of_others(&self, name: &Name) -> Option<String> {
        let Self::Calendar(_, calendar) = self else { return None };
        if name.is(CALENDAR_SERVER, "getctag") {
            return Some(text(&calendar.token));
        }
        let colour = calendar.colour.filter(|_| name.is(APPLE, "calendar-color"))?;
        Some(format!("{}FF", colour.hexadecimal()))
    }
}

fn href(place: &Place) -> String {
    format!("<D:href>{}</D:href>", place.path())
}

/// Text in an element. A carriage return would be read as part of a line end (XML 1.0, 2.11), so it is named.
fn text(text: &str) -> String {
    escape(text).replace('\r', "&#13;")
}

fn supported_privileges() -> String {
    let privilege = |name: &str, means: &str| {
        format!(
            "<D:supported-privilege><D:privilege><D:{name}/></D:privilege>\
             <D:description xml:lang=\"en\">{means}</D:description></D:supported-privilege>"
        )
    };
    privilege("read", "Read") + &privilege("read-current-user-privilege-set", "Read one's own privileges")
}
