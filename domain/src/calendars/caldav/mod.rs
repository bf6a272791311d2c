//! CalDAV (RFC 4791 with RFC 4918, 3744 and 6578) as far as reading goes: what clients ask in XML, what they are told, and
//! what is where.
//!
//! Nothing here reads a database: a calendar is the file of a feed ([`super::Calendar::assemble`]), taken apart again
//! into its entries, so that both ways of reading it give the same bytes.

mod filter;
mod free_busy;
mod member;
mod multistatus;
mod place;
mod properties;
mod request;
mod xml;

#[cfg(test)]
mod tests;

pub use filter::Filter;
pub use free_busy::free_busy;
pub use member::{Changes, Member, State};
pub use multistatus::{Multistatus, Precondition};
pub use place::Place;
pub use properties::{Collection, Person, Resource};
pub use request::{Report, Wanted};
pub use xml::{Element, Fault, Name};
