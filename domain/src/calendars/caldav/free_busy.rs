//! When somebody is busy, and nothing of by what (RFC 4791, 7.10).

use jiff::Timestamp;

use super::Member;
use crate::calendars::{
    FreeBusy,
    calendar::PRODUCT,
    content_line::{Lines, Value},
};

/// The times within a span at which the entries of a file take their reader's time, each once and in order.
pub fn free_busy(file: &str, span: (Timestamp, Timestamp), now: Timestamp) -> String {
    let busy = Member::all(file).filter(Member::takes_time).filter_map(|member| member.span());
    let mut lines = Lines::default();
    lines
        .property("BEGIN", Value::Token("VCALENDAR"))
        .property("VERSION", Value::Token("2.0"))
        .property("PRODID", Value::Token(PRODUCT));
    FreeBusy::new(span, now, busy.collect()).write(&mut lines, None);
    lines.property("END", Value::Token("VCALENDAR"));
    lines.into_string()
}
