//! What calendar programs answer to an invitation (RFC 5546, 3.2.3), read as they write it: without ORGANIZER
//! (outlook.com), with zones by the names of Windows, with parameters in any order and case.
//!
//! Only who answers what to which message is taken from it. When the sitting is, we know better than any answer: so no
//! time of it is read, and no name of a zone can make an answer unreadable.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    Participation,
    reading::{Line, unfolded},
};

/// People whom an answer may name; more are not read.
const MOST_ATTENDEES: usize = 50;
/// Characters of a comment that are kept.
const COMMENT_CHARACTERS: usize = 1000;
/// Characters of the longest address there is (RFC 5321, 4.5.3.1.3).
const ADDRESS_CHARACTERS: usize = 254;

/// What an answer is (RFC 5546, 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whether somebody comes.
    Reply,
    /// That they would rather come at another time.
    Counter,
    /// Anything else.
    Other,
}

/// Somebody whom an answer names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Their address, in lower case.
    pub address: String,
    /// What they answer.
    pub answer: Option<Participation>,
    /// Who should come instead.
    pub delegated_to: Option<String>,
}

/// An answer by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What it is.
    pub kind: Kind,
    /// What it is about.
    pub uid: String,
    /// Which message it answers, if it says so.
    pub sequence: Option<i32>,
    /// When it was written.
    pub stamp: Option<Timestamp>,
    /// Who answers what.
    pub attendees: Vec<Named>,
    /// In their words.
    pub comment: Option<String>,
}

/// Reads an answer; `None` for what is none, or says not what it is about.
pub fn read(text: &str) -> Option<Reply> {
    let (mut kind, mut uid, mut sequence, mut stamp) = (Kind::Other, None, None, None);
    let (mut attendees, mut comment, mut open) = (vec![], None, vec![]);
    for line in unfolded(text.trim_start_matches('\u{feff}').trim_start()) {
        let at = open.last().map(String::as_str);
        match (line.name.as_str(), at) {
            ("BEGIN", _) => open.push(line.value.to_ascii_uppercase()),
            // One entry is one answer.
            ("END", Some("VEVENT")) => break,
            ("END", _) => drop(open.pop()),
            ("METHOD", Some("VCALENDAR")) => kind = kind_of(&line.value),
            ("UID", Some("VEVENT")) => uid = Some(line.value.clone()),
            ("SEQUENCE", Some("VEVENT")) => sequence = line.value.parse().ok(),
            ("DTSTAMP", Some("VEVENT")) => stamp = instant(&line.value),
            ("COMMENT", Some("VEVENT")) => comment = said(&line),
            ("ATTENDEE", Some("VEVENT")) if attendees.len() < MOST_ATTENDEES => attendees.push(named(&line)),
            _ => {}
        }
    }
    Some(Reply { kind, uid: uid.filter(|uid| !uid.is_empty())?, sequence, stamp, attendees, comment })
}

fn kind_of(method: &str) -> Kind {
    match method.to_ascii_uppercase().as_str() {
        "REPLY" => Kind::Reply,
        "COUNTER" => Kind::Counter,
        _ => Kind::Other,
    }
}

fn named(line: &Line) -> Named {
    Named {
        address: address_of(&line.value),
        answer: line.parameter("PARTSTAT").and_then(Participation::of_token),
        delegated_to: line.parameter("DELEGATED-TO").map(address_of).filter(|address| !address.is_empty()),
    }
}

/// The address behind `mailto:`, as addresses are compared; of several the first.
fn address_of(value: &str) -> String {
    let value = value.trim_matches(['"', ' ']).split(['"', ',']).next().unwrap_or_default();
    let bare = value.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map_or(value, |_| &value[7..]);
    bare.trim().to_lowercase().chars().filter(|c| !c.is_control()).take(ADDRESS_CHARACTERS).collect()
}

fn said(line: &Line) -> Option<String> {
    let text: String = line.text().trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    (!text.is_empty()).then(|| text.chars().take(COMMENT_CHARACTERS).collect())
}

/// DTSTAMP is in UTC; some leave out the letter that says so.
fn instant(value: &str) -> Option<Timestamp> {
    let local = DateTime::strptime("%Y%m%dT%H%M%S", value.trim().trim_end_matches('Z')).ok()?;
    TimeZone::UTC.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_organiser_and_with_a_zone_of_windows_is_read() {
        let text = "\u{feff}BEGIN:VCALENDAR\r\nPRODID:-//Microsoft Corporation//Outlook MIMEDIR//EN\r\nMETHOD:REPLY\r\n\
            BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
            ATTENDEE;CN=\"A; B\";PARTSTAT=Accepted:MAILTO:Ana@Mail.Example\r\n\
            COMMENT;LANGUAGE=en-US:Gladly\\, I\r\n  come\\nlate\r\nUID:session-1@plenum\r\n\
            DTSTART;TZID=W. Europe Standard Time:20261007T090000\r\nDTSTAMP:20260902T080000Z\r\nSEQUENCE:3\r\n\
            BEGIN:VALARM\r\nUID:alarm\r\nEND:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:other\r\nEND:VEVENT\r\n";
        let reply = read(text).unwrap();
        assert_eq!((reply.kind, reply.uid.as_str(), reply.sequence), (Kind::Reply, "session-1@plenum", Some(3)));
        assert_eq!(reply.stamp, Some("2026-09-02T08:00:00Z".parse().unwrap()));
        assert_eq!(reply.comment.as_deref(), Some("Gladly, I come\nlate"));
        let ana =
            Named { address: "ana@mail.example".to_owned(), answer: Some(Participation::Accepted), delegated_to: None };
        assert_eq!(reply.attendees, [ana]);
    }

    #[test]
    fn who_sends_somebody_else_names_them() {
        let text = "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1\n\
            ATTENDEE;DELEGATED-TO=\"mailto:b@mail.example\",\"mailto:c@mail.example\";PARTSTAT=DELEGATED:mailto:a@mail.example\nEND:VEVENT\n";
        let reply = read(text).unwrap();
        assert_eq!(reply.attendees[0].answer, Some(Participation::Delegated));
        assert_eq!(reply.attendees[0].delegated_to.as_deref(), Some("b@mail.example"));
        assert_eq!((reply.sequence, reply.stamp), (None, None));
    }

    #[test]
    fn what_names_no_meeting_is_no_answer() {
        for text in ["", "Out of office", "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n", "UID:1"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VEVENT\nUID:1").unwrap().kind, Kind::Counter);
    }
}
