//! Demo data: five real occasions with generated people, loaded through the same use cases as the API.
//!
//! Here: which scenarios there are, loading them, and the keys to look at them with. Loading twice changes nothing.

pub mod keys;

use crate::{context::Ctx, error::Error};

domain::words! {
    /// An occasion that can be loaded.
    pub enum Scenario {
        /// Seoul 2019: a working group of three co-chairs and a joint statement of 46 states.
        Seoul = "seoul",
        /// Hanoi 2025: a visit of two countries.
        Hanoi = "hanoi",
        /// A police project in a border region, 2019 to 2021.
        Border = "border",
        /// A national working group on the safety of children, 2020.
        Safety = "safety",
        /// A general assembly of 179 delegations, 2025.
        Marrakesh = "marrakesh",
    }
}

impl Scenario {
    /// Those this release can load.
    pub const AVAILABLE: &'static [Self] = &[];
}

/// A feed to subscribe to.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it shows, in one word.
    pub name: String,
    /// Its path on this server, token included.
    pub path: String,
}

/// Loads a scenario; what is there already stays as it is. Gives the feeds it made.
///
/// # Errors
/// 422 for a scenario this release does not have, and whatever the use cases answer.
pub async fn load(_ctx: &Ctx, scenario: Scenario) -> Result<Vec<Link>, Error> {
    Err(not_available(scenario))
}

fn not_available(scenario: Scenario) -> Error {
    let names: Vec<_> = Scenario::AVAILABLE.iter().map(|scenario| scenario.as_str()).collect();
    let there_are = if names.is_empty() { "none yet".to_owned() } else { names.join(", ") };
    let detail = format!("This release has no scenario '{scenario}'. There are: {there_are}.");
    Error::invalid("/scenario", "scenario_not_available", detail)
}
