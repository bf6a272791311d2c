//! The entries of a calendar, each with an address and a tag of its own.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::calendars::calendar;

/// One entry of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// What its file is called, without `.ics`: the part of its UID before the `@`.
    pub name: &'a str,
    entry: &'a str,
}

impl<'a> Member<'a> {
    /// The entries of a file that was written by [`Calendar::assemble`](crate::calendars::Calendar::assemble), in its
    /// order. No text from people stands at the beginning of a line, so nobody can write where one begins.
    pub fn all(file: &'a str) -> impl Iterator<Item = Self> {
        let mut rest = file;
        std::iter::from_fn(move || {
            let begin = rest.find("\r\nBEGIN:VEVENT\r\n")? + 2;
            let length = rest[begin..].find("\r\nEND:VEVENT\r\n")? + "\r\nEND:VEVENT\r\n".len();
            let entry = &rest[begin..begin + length];
            // The line end before the next entry is the last of this one.
            rest = &rest[begin + length - 2..];
            let (_, uid) = entry.split_once("\r\nUID:")?;
            let name = uid.split_once('@')?.0;
            Some(Self { name, entry })
        })
    }

    /// Its file: the entry as it stands in the feed, in a calendar of its own.
    pub fn file(&self) -> String {
        calendar::alone(self.entry)
    }

    /// A strong entity tag, in quotes, of the bytes of its file.
    pub fn etag(&self) -> String {
        format!("\"{}\"", self.digest())
    }

    /// What the tag holds.
    fn digest(&self) -> String {
        let digest = Sha256::digest(self.file());
        digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Its own content lines, unfolded, without those of its reminder.
    pub fn lines(&self) -> Vec<String> {
        let unfolded = self.entry.replace("\r\n ", "");
        unfolded.split("\r\n").take_while(|line| *line != "BEGIN:VALARM").map(str::to_owned).collect()
    }

    /// Whether it reminds of itself.
    pub fn reminds(&self) -> bool {
        self.entry.contains("\r\nBEGIN:VALARM\r\n")
    }

    /// When it begins and ends. Whole days are those in UTC: nobody knows where the reader is.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let (mut start, mut end) = (None, None);
        for line in self.entry.split("\r\n") {
            match line.split_once([':', ';']) {
                Some(("DTSTART", _)) => start = instant(line),
                Some(("DTEND", _)) => end = instant(line),
                _ => {}
            }
        }
        start.zip(end)
    }

    /// Whether it takes up its reader's time.
    pub fn takes_time(&self) -> bool {
        self.entry.contains("\r\nTRANSP:OPAQUE\r\n")
    }
}

/// The instant at the end of a line of ours.
fn instant(line: &str) -> Option<Timestamp> {
    let value = line.rsplit(':').next()?;
    let at = match value.strip_suffix('Z') {
        Some(_) => DateTime::strptime("%Y%m%dT%H%M%SZ", value).ok()?,
        None => Date::strptime("%Y%m%d", value).ok()?.at(0, 0, 0, 0),
    };
    TimeZone::UTC.to_timestamp(at).ok()
}

/// What was in a calendar at one time: the digests of its entries by their names. Kept beside a sync token, it says exactly
/// what a client that holds the token has (RFC 6578).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct State(BTreeMap<String, String>);

/// What became of a calendar since a client last asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Names of entries that are new or have changed.
    pub changed: Vec<String>,
    /// Names of entries that are not there any more, for whatever reason.
    pub removed: Vec<String>,
}

impl State {
    /// What is in this file.
    pub fn of(file: &str) -> Self {
        Self(Member::all(file).map(|member| (member.name.to_owned(), member.digest())).collect())
    }

    /// What has to be told to whoever has `before`, in order of name.
    pub fn since(&self, before: &Self) -> Changes {
        let differs = |name: &String, digest: &String| before.0.get(name) != Some(digest);
        Changes {
            changed: self
                .0
                .iter()
                .filter(|(name, digest)| differs(name, digest))
                .map(|(name, _)| name.clone())
                .collect(),
            removed: before.0.keys().filter(|name| !self.0.contains_key(*name)).cloned().collect(),
        }
    }
}
