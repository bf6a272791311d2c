//! What is where below `/dav/`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use uuid::Uuid;

/// An address below `/dav/`. Collections end in a slash; without it they are understood as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `/dav/`: where clients begin.
    Root,
    /// `/dav/p/{account}/`: a person.
    Principal(Uuid),
    /// `/dav/c/{account}/`: the calendars of a person.
    Home(Uuid),
    /// `/dav/c/{account}/{feed}/`: one calendar.
    Calendar(Uuid, Uuid),
    /// `/dav/c/{account}/{feed}/{name}.ics`: one entry.
    Member(Uuid, Uuid, String),
}

impl Place {
    /// The place at a path as it was sent, or at the path of an address.
    pub fn parse(address: &str) -> Option<Self> {
        let path = match address.split_once("://") {
            Some((_, rest)) => &rest[rest.find('/')?..],
            None => address,
        };
        let path = decoded(path)?;
        let rest = path.strip_prefix("/dav")?;
        let words: Vec<&str> = rest.split('/').filter(|word| !word.is_empty()).collect();
        let id = |word: &str| Uuid::try_parse(word).ok();
        Some(match words.as_slice() {
            [] if rest.is_empty() || rest == "/" => Self::Root,
            ["p", account] => Self::Principal(id(account)?),
            ["c", account] => Self::Home(id(account)?),
            ["c", account, feed] => Self::Calendar(id(account)?, id(feed)?),
            ["c", account, feed, file] => Self::Member(id(account)?, id(feed)?, file.strip_suffix(".ics")?.to_owned()),
            _ => return None,
        })
    }

    /// Its path.
    pub fn path(&self) -> String {
        match self {
            Self::Root => "/dav/".to_owned(),
            Self::Principal(account) => format!("/dav/p/{account}/"),
            Self::Home(account) => format!("/dav/c/{account}/"),
            Self::Calendar(account, feed) => format!("/dav/c/{account}/{feed}/"),
            Self::Member(account, feed, name) => format!("/dav/c/{account}/{feed}/{name}.ics"),
        }
    }

    /// Whose it is; nobody's at the root.
    pub fn account(&self) -> Option<Uuid> {
        match self {
            Self::Root => None,
            Self::Principal(account) | Self::Home(account) => Some(*account),
            Self::Calendar(account, _) | Self::Member(account, ..) => Some(*account),
        }
    }
}

/// What clients have written as `%2D`. What does not give text is nowhere.
fn decoded(path: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(path).decode_utf8().ok()
}
