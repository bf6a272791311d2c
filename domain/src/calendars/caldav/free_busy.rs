//! When somebody is busy, and nothing of by what (RFC 4791, 7.10).

use jiff::Timestamp;

use super::Member;
use crate::calendars::{
    calendar::PRODUCT,
    content_line::{Lines, Value},
};

/// The times within a span at which the entries of a file take their reader's time, each once and in order.
pub fn free_busy(file: &str, (from, to): (Timestamp, Timestamp), now: Timestamp) -> String {
    let busy = Member::all(file).filter(Member::takes_time).filter_map(|member| member.span());
    let mut busy: Vec<_> = busy.map(|(start, end)| (start.max(from), end.min(to))).filter(|(s, e)| s < e).collect();
    busy.sort();
    let mut lines = Lines::default();
    lines
        .property("BEGIN", Value::Token("VCALENDAR"))
        .property("VERSION", Value::Token("2.0"))
        .property("PRODID", Value::Token(PRODUCT))
        .property("BEGIN", Value::Token("VFREEBUSY"))
        .property("DTSTAMP", Value::Instant(now))
        .property("DTSTART", Value::Instant(from))
        .property("DTEND", Value::Instant(to));
    for (start, end) in merged(busy) {
        lines.property("FREEBUSY", Value::Period(start, end));
    }
    lines.property("END", Value::Token("VFREEBUSY")).property("END", Value::Token("VCALENDAR"));
    lines.into_string()
}

/// Sorted spans as spans that do not touch.
fn merged(spans: Vec<(Timestamp, Timestamp)>) -> Vec<(Timestamp, Timestamp)> {
    let mut merged: Vec<(Timestamp, Timestamp)> = vec![];
    for (start, end) in spans {
        match merged.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => merged.push((start, end)),
        }
    }
    merged
}
