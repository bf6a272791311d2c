//! Organisations: states, agencies, police services, IGOs, NGOs, companies, universities.

pub mod names;

pub use names::{NameForms, Names};
