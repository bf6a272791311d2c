//! Tables of people.

pub mod mail_setting;
pub mod person;
