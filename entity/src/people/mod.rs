//! Tables of people.

pub mod person;
