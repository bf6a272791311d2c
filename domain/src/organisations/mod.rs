//! Organisations: states, agencies, police services, IGOs, NGOs, companies, universities.

pub mod catalogue;
pub mod history;
pub mod kind;
pub mod names;
pub mod order;
pub mod organisation;

pub use history::{FormerNames, NamesHistory};
pub use kind::Kind;
pub use names::{NameForms, Names};
pub use organisation::Organisation;
