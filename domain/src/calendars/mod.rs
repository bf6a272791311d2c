//! Calendars: what a subscriber's calendar program reads (iCalendar, RFC 5545 and RFC 7986).
//!
//! Here belong the writer of content lines, the entries of sessions and events, the calendar around them, and what a
//! feed is: whose sessions it shows, to whom, and over what time. An entry
//! is rendered once, when its session is written, and stored; a feed is a header and the stored entries. Nothing here
//! reads a clock, so the same data always gives the same bytes and an unchanged feed keeps its ETag.
//! Who may see which session is decided before, in the query; addresses and caching are decided after, in the API.
//!
//! Invitations are mailed to one person each and answered by mail (iTIP, RFC 5546); they alone name anybody.
//!
//! A feed never carries METHOD, ORGANIZER or ATTENDEE: they make programs ask subscribers for an answer (RFC 5546,
//! 3.2), and they would give away addresses.

pub mod busy;
pub mod caldav;
mod calendar;
mod content_line;
mod deadline;
mod detail;
pub mod entries;
mod feed;
mod free_busy;
mod itip;
mod reading;
mod repetition;
pub mod reply;
mod subscribe;
mod value;
mod vevent;
mod vtimezone;
mod window;
mod windows_zones;
mod yearly;

#[cfg(test)]
mod tests;

pub use calendar::{Calendar, Colour, File};
pub use deadline::{By, Due};
pub use detail::Detail;
pub use feed::{Access, Feed, FeedRotation, FeedSettings, Kind};
pub use free_busy::FreeBusy;
pub use itip::{Attendee, Message, Method, Participation};
pub use subscribe::{Program, SubscribeLink};
pub use value::{Mailto, Position, Text, Uri};
pub use vevent::{Class, Days, Entry, Span, Stamp, Status, When, place};
pub use vtimezone::Clocks;
pub use window::Window;
