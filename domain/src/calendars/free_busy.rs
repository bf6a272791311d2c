//! When somebody or something is busy, and nothing of by what (VFREEBUSY; RFC 5545, 3.6.4).

use jiff::Timestamp;

use super::{
    busy::merged,
    calendar::Calendar,
    content_line::{Lines, Value},
    value::{ParamValue, Text},
};

/// Busy times between two instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeBusy {
    over: (Timestamp, Timestamp),
    changed: Timestamp,
    busy: Vec<(Timestamp, Timestamp)>,
}

impl FreeBusy {
    /// Busy over these spans, as far as they lie in `over`; outside it nothing is said. What overlaps or touches is one: how
    /// many meetings there are is not told. `changed` is when anything it is made from last changed, and the DTSTAMP.
    pub fn new(over: (Timestamp, Timestamp), changed: Timestamp, spans: Vec<(Timestamp, Timestamp)>) -> Self {
        Self { over, changed, busy: merged(spans, over) }
    }

    /// The whole file: one component, in the calendar that it speaks for.
    pub fn file(&self, calendar: &Calendar) -> String {
        let mut lines = Lines::default();
        self.write(&mut lines, Some(&calendar.uid));
        calendar.assemble([lines.into_string()])
    }

    /// The component alone. An answer to who asked has no UID (RFC 4791, 7.10.4): it is kept by nobody.
    pub(super) fn write(&self, lines: &mut Lines, uid: Option<&Text>) {
        lines
            .property("BEGIN", Value::Token("VFREEBUSY"))
            .optional("UID", uid.map(Value::Text))
            .property("DTSTAMP", Value::Instant(self.changed))
            .property("DTSTART", Value::Instant(self.over.0))
            .property("DTEND", Value::Instant(self.over.1));
        let taken = [("FBTYPE", ParamValue::new("BUSY"))];
        for (from, to) in &self.busy {
            lines.property_with("FREEBUSY", &taken, Value::Period(*from, *to));
        }
        lines.property("END", Value::Token("VFREEBUSY"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> (Timestamp, Timestamp) {
        let at = |hour: &str| format!("2026-10-07T{hour}Z").parse().unwrap();
        (at(from), at(to))
    }

    #[test]
    fn what_overlaps_or_touches_is_one_and_what_lies_outside_is_not_told() {
        let spans = vec![
            span("11:00:00", "12:00:00"),
            span("09:00:00", "10:00:00"),
            span("09:30:00", "09:45:00"),
            span("10:00:00", "10:15:00"),
            span("05:00:00", "08:30:00"),
            span("06:00:00", "07:00:00"),
            span("19:00:00", "20:00:00"),
        ];
        let busy = FreeBusy::new(span("08:00:00", "18:00:00"), Timestamp::UNIX_EPOCH, spans).busy;
        let expected = [span("08:00:00", "08:30:00"), span("09:00:00", "10:15:00"), span("11:00:00", "12:00:00")];
        assert_eq!(busy, expected);
    }
}
