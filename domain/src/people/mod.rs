//! Persons: human beings, known by name. Their functions in groups and delegations are not here.

mod mail_settings;
mod name;
mod newcomer;
mod person;

pub use mail_settings::MailSettings;
pub use name::{FormerName, NameHistory, listed_as};
pub use newcomer::{Named, Newcomer};
pub use person::Person;
