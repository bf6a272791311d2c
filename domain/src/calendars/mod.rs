//! Calendars: the iCalendar writer (RFC 5545, RFC 7986).
