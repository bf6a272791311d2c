//! Content lines (RFC 5545, 3.1): name, parameters and value, escaped and folded.
//!
//! The only place where calendar syntax is written. A line takes its names from the program and its value from
//! `Value`, so text from people cannot reach the syntax around it.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::Offset,
};

use super::{
    value::{Mailto, ParamValue, Position, Text, Uri},
    yearly::Yearly,
};

/// The longest line in octets, without its line end but with the space that begins a continuation.
const LIMIT: usize = 75;

/// What a property can hold.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    /// TEXT (RFC 5545, 3.3.11).
    Text(&'a Text),
    /// A list of TEXT.
    Texts(&'a [Text]),
    /// URI (3.3.13), which is not escaped.
    Uri(&'a Uri),
    /// CAL-ADDRESS (3.3.3).
    Address(&'a Mailto),
    /// DATE-TIME in UTC (3.3.5), cut to the second.
    Instant(Timestamp),
    /// PERIOD from one instant to another (3.3.9), in UTC.
    Period(Timestamp, Timestamp),
    /// DATE (3.3.4).
    Day(Date),
    /// DATE-TIME on a clock that is told beside it (3.3.5), cut to the second.
    Local(DateTime),
    /// UTC-OFFSET (3.3.14).
    Offset(Offset),
    /// RECUR (3.3.10), once a year.
    Yearly(Yearly),
    /// DURATION before something (3.3.6).
    MinutesBefore(u16),
    /// INTEGER (3.3.8).
    Integer(i32),
    /// The two numbers of GEO (3.8.1.6), whose semicolon is not escaped.
    Position(Position),
    /// A word of the standard.
    Token(&'static str),
}

impl Value<'_> {
    fn write(&self, line: &mut String) {
        match self {
            Self::Text(text) => escape(text, line),
            Self::Texts(texts) => {
                for (index, text) in texts.iter().filter(|text| !text.as_str().is_empty()).enumerate() {
                    if index > 0 {
                        line.push(',');
                    }
                    escape(text, line);
                }
            }
            Self::Uri(uri) => line.push_str(uri.as_str()),
            Self::Address(address) => line.push_str(address.as_str()),
            Self::Instant(at) => line.push_str(&instant(*at)),
            Self::Period(from, to) => line.push_str(&format!("{}/{}", instant(*from), instant(*to))),
            Self::Day(day) => line.push_str(&day.strftime("%Y%m%d").to_string()),
            Self::Local(at) => line.push_str(&at.strftime("%Y%m%dT%H%M%S").to_string()),
            Self::Offset(offset) => line.push_str(&offset_of(*offset)),
            Self::Yearly(rule) => line.push_str(&rule.to_string()),
            Self::MinutesBefore(minutes) => line.push_str(&format!("-PT{minutes}M")),
            Self::Integer(number) => line.push_str(&number.to_string()),
            Self::Position(position) => line.push_str(&position.to_geo()),
            Self::Token(word) => line.push_str(word),
        }
    }
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Finished lines, one after the other.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Adds a property; nothing when its value is empty, because an empty property says nothing and some programs
    /// refuse it.
    pub(super) fn property(&mut self, name: &'static str, value: Value<'_>) -> &mut Self {
        self.property_with(name, &[], value)
    }

    /// Adds a property if there is a value for it.
    pub(super) fn optional(&mut self, name: &'static str, value: Option<Value<'_>>) -> &mut Self {
        if let Some(value) = value {
            self.property(name, value);
        }
        self
    }

    /// Adds a property with parameters.
    pub(super) fn property_with(
        &mut self,
        name: &'static str,
        parameters: &[(&'static str, ParamValue)],
        value: Value<'_>,
    ) -> &mut Self {
        let mut line = String::from(name);
        for (name, value) in parameters {
            line.push(';');
            line.push_str(name);
            line.push('=');
            quote(value, &mut line);
        }
        line.push(':');
        let bare = line.len();
        value.write(&mut line);
        if line.len() > bare {
            fold(&line, &mut self.0);
        }
        self
    }

    /// Adds lines that were finished before.
    pub(super) fn finished(&mut self, lines: &str) -> &mut Self {
        self.0.push_str(lines);
        self
    }

    /// The lines, each ended by CRLF.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// Hours and minutes with their sign; seconds only where there are any, as old programs do not know them.
fn offset_of(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, all) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    let tail = if seconds == 0 { String::new() } else { format!("{seconds:02}") };
    format!("{sign}{hours:02}{minutes:02}{tail}")
}

/// Escapes TEXT. The `n` is in lower case because some programs do not know `\N`.
fn escape(text: &Text, line: &mut String) {
    for c in text.as_str().chars() {
        match c {
            '\\' | ';' | ',' => line.extend(['\\', c]),
            '\n' => line.push_str("\\n"),
            _ => line.push(c),
        }
    }
}

/// Quotes a parameter value where it must be. A caret is doubled, or readers of RFC 6868 would take it and the
/// character after it for an escape.
fn quote(value: &ParamValue, line: &mut String) {
    let value = value.as_str().replace('^', "^^");
    if value.contains([':', ';', ',']) {
        line.extend(["\"", &value, "\""]);
    } else {
        line.push_str(&value);
    }
}

/// Ends the line, and breaks it before where it is too long.
fn fold(line: &str, lines: &mut String) {
    let (mut rest, mut room) = (line, LIMIT);
    while rest.len() > room {
        let (head, tail) = rest.split_at(break_within(rest, room));
        lines.extend([head, "\r\n "]);
        (rest, room) = (tail, LIMIT - 1);
    }
    lines.extend([rest, "\r\n"]);
}

/// Where to break a line of more than `room` octets: between characters, not between a backslash and what it escapes
/// (Google drops such an event), and not before a blank (programs that swallow all blanks at the beginning of a
/// continuation would glue two words), unless there are only blanks.
fn break_within(line: &str, room: usize) -> usize {
    let (mut best, mut possible) = (0, 0);
    let mut escaped = false;
    for (at, c) in line.char_indices().take_while(|(at, _)| *at <= room) {
        if !escaped {
            possible = at;
            if !matches!(c, ' ' | '\t') {
                best = at;
            }
        }
        escaped = c == '\\' && !escaped;
    }
    if best > 0 { best } else { possible }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> String {
        let mut lines = Lines::default();
        lines.property("SUMMARY", Value::Text(&Text::line(text)));
        lines.into_string()
    }

    fn with_parameter(text: &str) -> String {
        let mut lines = Lines::default();
        lines.property_with("X-P", &[("CN", ParamValue::new(text))], Value::Token("V"));
        lines.into_string()
    }

    #[test]
    fn a_line_of_75_octets_is_left_whole_and_one_of_76_is_broken() {
        // "SUMMARY:" has 8 octets.
        assert_eq!(summary(&"a".repeat(67)), format!("SUMMARY:{}\r\n", "a".repeat(67)));
        assert_eq!(summary(&"a".repeat(68)), format!("SUMMARY:{}\r\n a\r\n", "a".repeat(67)));
        let long = summary(&"a".repeat(67 + 74 + 1));
        assert_eq!(long, format!("SUMMARY:{}\r\n {}\r\n a\r\n", "a".repeat(67), "a".repeat(74)));
    }

    #[test]
    fn a_character_is_never_broken() {
        // 66 letters fill the line up to octet 74; the next character has two, three or four octets.
        for wide in ["ł", "한", "😀"] {
            assert_eq!(
                summary(&format!("{}{wide}b", "a".repeat(66))),
                format!("SUMMARY:{}\r\n {wide}b\r\n", "a".repeat(66))
            );
        }
    }

    #[test]
    fn an_escape_is_never_broken() {
        for (raw, escaped) in [("\n", "\\n"), (",", "\\,"), (";", "\\;"), ("\\", "\\\\")] {
            assert_eq!(
                summary(&format!("{}{raw}b", "a".repeat(66))),
                format!("SUMMARY:{}\r\n {escaped}b\r\n", "a".repeat(66))
            );
        }
        // Twice a backslash is an escape in itself: what follows it stands alone.
        assert_eq!(summary(&format!("{}\\nb", "a".repeat(65))), format!("SUMMARY:{}\\\\\r\n nb\r\n", "a".repeat(65)));
    }

    #[test]
    fn a_space_between_words_is_never_the_first_of_a_continuation() {
        assert_eq!(summary(&format!("{} word", "a".repeat(67))), format!("SUMMARY:{}\r\n a word\r\n", "a".repeat(66)));
    }

    #[test]
    fn only_a_run_of_blanks_longer_than_a_line_is_broken_at_a_blank() {
        let long = summary(&format!("a{}b", " ".repeat(150)));
        assert!(long.split("\r\n").all(|line| line.len() <= LIMIT));
        assert_eq!(long.replace("\r\n ", ""), format!("SUMMARY:a{}b\r\n", " ".repeat(150)));
    }

    #[test]
    fn text_is_escaped_as_the_standard_says_and_no_more() {
        assert_eq!(summary("a\\b;c,d\ne:\"f\""), "SUMMARY:a\\\\b\\;c\\,d\\ne:\"f\"\r\n");
        // U+037E, the Greek question mark, becomes a semicolon in NFC and must still be escaped.
        assert_eq!(summary("τι\u{37e}"), "SUMMARY:τι\\;\r\n");
    }

    #[test]
    fn a_parameter_cannot_be_injected() {
        assert_eq!(with_parameter("Room A"), "X-P;CN=Room A:V\r\n");
        assert_eq!(with_parameter("\"a\";RSVP=TRUE;X=\"b\""), "X-P;CN=\"'a';RSVP=TRUE;X='b'\":V\r\n");
        assert_eq!(with_parameter("a\r\nX-EVIL:1"), "X-P;CN=\"a  X-EVIL:1\":V\r\n");
        assert_eq!(with_parameter("a^nb^'\u{0}"), "X-P;CN=a^^nb^^':V\r\n");
    }

    #[test]
    fn a_property_without_a_value_is_left_out() {
        assert_eq!(summary(" \r\n\u{7}"), "");
    }
}
