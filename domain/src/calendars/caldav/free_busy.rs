//! When somebody is busy, and nothing of by what (RFC 4791, 7.10).

use jiff::Timestamp;

use super::Member;
use crate::{
    Violation,
    calendars::{
        FreeBusy, Span,
        calendar::PRODUCT,
        content_line::{Lines, Value},
    },
};

/// The times within a span at which the entries of a file take their reader's time, each once and in order.
///
/// # Errors
/// The span ends before it begins.
pub fn free_busy(file: &str, (from, to): (Timestamp, Timestamp), now: Timestamp) -> Result<String, Violation> {
    let busy = Member::all(file).filter(Member::takes_time).filter_map(|member| member.span());
    let busy = busy.filter_map(|(start, end)| Span::new(start, end).ok());
    let busy = FreeBusy::new(Span::new(from, to)?, now, busy);
    let mut lines = Lines::default();
    lines
        .property("BEGIN", Value::Token("VCALENDAR"))
        .property("VERSION", Value::Token("2.0"))
        .property("PRODID", Value::Token(PRODUCT));
    busy.write(&mut lines, None);
    lines.property("END", Value::Token("VCALENDAR"));
    Ok(lines.into_string())
}
