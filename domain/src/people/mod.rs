//! Persons: human beings, known by name. Their functions in groups and delegations are not here.

mod name;
mod newcomer;
mod person;

pub use name::{FormerName, NameHistory, listed_as};
pub use newcomer::{Named, Newcomer};
pub use person::Person;
