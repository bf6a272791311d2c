//! Invitations to one person each (iTIP, RFC 5546): asked to come, told of a change, told that it is off.

use jiff::Timestamp;

use super::{
    calendar::PRODUCT,
    content_line::{Lines, Value},
    value::{Mailto, ParamValue, Text},
    vevent::{Entry, Status, When},
};

crate::words! {
    /// What an invitation asks of the calendar that gets it (RFC 5546, 1.4).
    #[schemars(rename = "InvitationMethod")]
    pub enum Method {
        /// To enter it, or to change what was entered.
        Request = "request",
        /// To take it out.
        Cancel = "cancel",
    }
}

impl Method {
    /// As METHOD and `method=` have it; the two must agree, or mail programs show no buttons.
    pub fn as_token(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

crate::words! {
    /// What was answered to an invitation (PARTSTAT; RFC 5545, 3.2.12).
    #[derive(Default)]
    #[schemars(rename = "InvitationAnswer")]
    pub enum Participation {
        /// Nothing yet.
        #[default]
        NeedsAction = "needs_action",
        /// That they will be there.
        Accepted = "accepted",
        /// That they will probably be there.
        Tentative = "tentative",
        /// That they will not.
        Declined = "declined",
        /// That somebody else should come instead.
        Delegated = "delegated",
    }
}

impl Participation {
    fn as_token(self) -> &'static str {
        match self {
            Self::NeedsAction => "NEEDS-ACTION",
            Self::Accepted => "ACCEPTED",
            Self::Tentative => "TENTATIVE",
            Self::Declined => "DECLINED",
            Self::Delegated => "DELEGATED",
        }
    }

    /// Reads PARTSTAT.
    pub fn of_token(token: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.as_token().eq_ignore_ascii_case(token))
    }
}

/// Whom a message names: who asks, or who is asked.
#[derive(Debug, Clone, Copy)]
pub struct Attendee<'a> {
    /// What they are called.
    pub name: &'a str,
    /// Where they are written to.
    pub address: &'a Mailto,
}

/// A message about one entry, for one person.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// What it asks.
    pub method: Method,
    /// What it is about. Of what is off only when it would have been, and what it was called if that may be said.
    pub entry: &'a Entry,
    /// SEQUENCE, which never falls from one message to the next.
    pub sequence: i32,
    /// When it is written: DTSTAMP, as RFC 5545 (3.8.7.2) has it for calendars with METHOD.
    pub at: Timestamp,
    /// Who asks, at the address that answers go to.
    pub organiser: Attendee<'a>,
    /// Who is asked; nobody else is named.
    pub attendee: Attendee<'a>,
    /// What they answered so far.
    pub answer: Participation,
}

impl Message<'_> {
    /// The whole calendar, for a part of type `text/calendar`.
    pub fn calendar(&self) -> String {
        let mut lines = Lines::default();
        lines
            .property("BEGIN", Value::Token("VCALENDAR"))
            .property("VERSION", Value::Token("2.0"))
            .property("PRODID", Value::Token(PRODUCT))
            .property("CALSCALE", Value::Token("GREGORIAN"))
            .property("METHOD", Value::Token(self.method.as_token()))
            .property("BEGIN", Value::Token("VEVENT"))
            .property("UID", Value::Text(&self.entry.uid))
            .property("DTSTAMP", Value::Instant(self.at))
            .property("SEQUENCE", Value::Integer(self.sequence));
        self.entry.write_when(&mut lines);
        match self.method {
            Method::Request => self.write_request(&mut lines),
            Method::Cancel => {
                lines
                    .property("SUMMARY", Value::Text(&self.entry.summary))
                    .property("STATUS", Value::Token(Status::Cancelled.as_token()));
            }
        }
        self.write_people(&mut lines);
        lines.property("END", Value::Token("VEVENT")).property("END", Value::Token("VCALENDAR"));
        lines.into_string()
    }

    fn write_request(&self, lines: &mut Lines) {
        let takes_time = matches!(self.entry.when, When::Once(_));
        lines
            .property("CREATED", Value::Instant(self.entry.created))
            .property("LAST-MODIFIED", Value::Instant(self.entry.changed))
            .property("SUMMARY", Value::Text(&self.entry.summary))
            .property("STATUS", Value::Token(self.entry.status.as_token()))
            .property("TRANSP", Value::Token(if takes_time { "OPAQUE" } else { "TRANSPARENT" }))
            .property("CLASS", Value::Token(self.entry.class.as_token()));
        self.entry.write_particulars(lines);
    }

    fn write_people(&self, lines: &mut Lines) {
        let named = |who: &Attendee<'_>| ("CN", ParamValue::new(who.name));
        let word = |name, value| (name, ParamValue::new(value));
        lines.property_with("ORGANIZER", &[named(&self.organiser)], Value::Address(self.organiser.address));
        let asked = [
            word("CUTYPE", "INDIVIDUAL"),
            word("ROLE", "REQ-PARTICIPANT"),
            word("PARTSTAT", self.answer.as_token()),
            word("RSVP", if self.method == Method::Request { "TRUE" } else { "FALSE" }),
            named(&self.attendee),
        ];
        lines.property_with("ATTENDEE", &asked, Value::Address(self.attendee.address));
    }
}

impl Entry {
    /// What is left of it to take out of a calendar: no more than that calendar has of it already.
    pub fn withdrawn(uid: &str, when: When, summary: &str, at: Timestamp) -> Self {
        Self {
            uid: Text::line(uid),
            sequence: 0,
            created: at,
            changed: at,
            when,
            status: Status::Cancelled,
            takes_time: false,
            summary: Text::line(summary),
            location: None,
            position: None,
            description: None,
            url: None,
            categories: vec![],
            class: super::Class::Private,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendars::Span;

    fn written(method: Method, name: &str) -> String {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let when = When::Once(Span::new(at("2026-10-07T00:00:00Z"), at("2026-10-07T01:00:00Z")).unwrap());
        let entry = Entry::withdrawn("session-1@plenum", when, "Norms", at("2026-09-01T08:00:00Z"));
        let entry = Entry { status: Status::Confirmed, location: Some(Text::line("Hall, Seoul")), ..entry };
        let (desk, guest) = (Mailto::parse("rsvp+1@desk.example").unwrap(), Mailto::parse("a@mail.example").unwrap());
        let message = Message {
            method,
            entry: &entry,
            sequence: 3,
            at: at("2026-09-02T08:00:00Z"),
            organiser: Attendee { name: "Secretariat", address: &desk },
            attendee: Attendee { name, address: &guest },
            answer: Participation::Accepted,
        };
        message.calendar().replace("\r\n ", "")
    }

    #[test]
    fn a_request_is_as_the_standard_wants_it() {
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Plenum//Plenum calendar feeds//EN\r\n\
            CALSCALE:GREGORIAN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:session-1@plenum\r\n\
            DTSTAMP:20260902T080000Z\r\nSEQUENCE:3\r\nDTSTART:20261007T000000Z\r\nDTEND:20261007T010000Z\r\n\
            CREATED:20260901T080000Z\r\nLAST-MODIFIED:20260901T080000Z\r\nSUMMARY:Norms\r\nSTATUS:CONFIRMED\r\n\
            TRANSP:OPAQUE\r\nCLASS:PRIVATE\r\nLOCATION:Hall\\, Seoul\r\n\
            ORGANIZER;CN=Secretariat:mailto:rsvp+1@desk.example\r\n\
            ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE;CN=Ana:mailto:a@mail.example\r\n\
            END:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(written(Method::Request, "Ana"), expected);
    }

    #[test]
    fn what_is_taken_out_says_no_more_than_what_and_when() {
        let text = written(Method::Cancel, "Ana");
        assert!(text.contains("METHOD:CANCEL\r\n") && text.contains("STATUS:CANCELLED\r\n"), "{text}");
        assert!(!text.contains("LOCATION") && text.contains("RSVP=FALSE"), "{text}");
    }

    #[test]
    fn a_name_cannot_write_lines_of_its_own() {
        let text = written(Method::Request, "A\"\r\nATTENDEE:mailto:evil@mail.example\r\nX:\"");
        assert_eq!(text.matches("\r\nATTENDEE").count(), 1, "{text}");
        assert_eq!(Mailto::parse("a\r\n@mail.example"), None);
        assert_eq!(Mailto::parse("a,b\"@mail.example").unwrap().as_str(), "mailto:a%2Cb%22@mail.example");
    }
}
