//! The part of time a feed of a group shows.

use jiff::{Span, Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// From the first instant shown to the first no longer shown.
///
/// Calendar programs give up on large files, so a feed that goes on for years shows 90 days back and 18 months ahead.
/// Both ends are midnights in UTC, so that the feed changes at most once a day by the passing of time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The UTC day on which the window was laid.
    pub day: Date,
    /// Sessions that end later are shown.
    pub from: Timestamp,
    /// Sessions that begin earlier are shown.
    pub to: Timestamp,
}

impl Window {
    /// The window as it lies at `now`.
    pub fn around(now: Timestamp) -> Self {
        let day = TimeZone::UTC.to_datetime(now).date();
        let midnight = |span: Span| {
            // Leaves the calendar only where `now` is thousands of years away.
            let date = day.saturating_add(span);
            TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(now)
        };
        Self { day, from: midnight(-90.days()), to: midnight(18.months()) }
    }

    /// Its first day and the first no longer shown, for what is said in days.
    pub fn days(&self) -> (Date, Date) {
        let day = |at| TimeZone::UTC.to_datetime(at).date();
        (day(self.from), day(self.to))
    }

    /// When the window came to lie where it lies.
    pub fn since(&self) -> Timestamp {
        TimeZone::UTC.to_timestamp(self.day.at(0, 0, 0, 0)).unwrap_or(self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(instant: &str) -> Timestamp {
        instant.parse().unwrap()
    }

    #[test]
    fn it_reaches_90_days_back_and_18_months_ahead() {
        let window = Window::around(at("2026-03-02T08:00:00Z"));
        // 2 March is day 61 of 2026; 90 days before is day 336 of 2025, 2 December.
        assert_eq!((window.from, window.to), (at("2025-12-02T00:00:00Z"), at("2027-09-02T00:00:00Z")));
        assert_eq!(window.since(), at("2026-03-02T00:00:00Z"));
    }

    #[test]
    fn it_moves_at_midnight_in_utc_and_not_before() {
        let day = Window::around(at("2026-03-02T00:00:00Z"));
        assert_eq!(day, Window::around(at("2026-03-02T23:59:59.999999Z")));
        assert_ne!(day, Window::around(at("2026-03-03T00:00:00Z")));
    }

    #[test]
    fn eighteen_months_after_the_end_of_august_is_the_end_of_february() {
        assert_eq!(Window::around(at("2026-08-31T12:00:00Z")).to, at("2028-02-29T00:00:00Z"));
    }
}
