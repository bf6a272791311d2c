//! Calendars: what a subscriber's calendar program reads (iCalendar, RFC 5545 and RFC 7986).
//!
//! Here belong the writer of content lines, the entries of sessions and events, and the calendar around them. An entry
//! is rendered once, when its session is written, and stored; a feed is a header and the stored entries. Nothing here
//! reads a clock, so the same data always gives the same bytes and an unchanged feed keeps its ETag.
//! Who may see which session is decided before, in the query; addresses and caching are decided after, in the API.
//!
//! A feed never carries METHOD, ORGANIZER or ATTENDEE: they make programs ask subscribers for an answer (RFC 5546,
//! 3.2), and they would give away addresses.

mod calendar;
mod content_line;
mod detail;
mod value;
mod vevent;

#[cfg(test)]
mod tests;

pub use calendar::{Calendar, Colour};
pub use detail::Detail;
pub use value::{Position, Text, Uri};
pub use vevent::{Class, Days, Entry, Span, Status, When, place};
