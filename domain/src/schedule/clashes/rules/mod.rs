//! The rules themselves, each told from what it looks at.
//!
//! Every function looks at one cell of a view and adds what it finds there.

mod delegation;
mod group;
mod hours;
mod language;
mod person;
mod room;
mod session;

pub(super) use delegation::delegation;
pub(super) use group::{conflict, must_attend, relation};
pub(super) use language::language;
pub(super) use person::person;
pub(super) use room::room;
pub(super) use session::session;

use super::snapshot::Session;

/// Two sessions by id.
fn by_id<'a>(one: &'a Session, other: &'a Session) -> [&'a Session; 2] {
    if one.id <= other.id { [one, other] } else { [other, one] }
}
