//! The name a person went by at an instant: minutes of the past show the name of the past.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    former::{Former, held_at},
    moment::Moment,
};

/// A name a person went by before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerName {
    /// The name as it was shown.
    #[schemars(length(min = 1, max = 200))]
    pub display_name: String,
    /// First instant at which it was no longer the name.
    pub until: Moment,
}

impl Former for FormerName {
    fn until(&self) -> Moment {
        self.until
    }
}

/// All names of a person, by which the one of any instant is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameHistory {
    /// The name today.
    pub display_name: String,
    /// The names before.
    pub former: Vec<FormerName>,
}

impl NameHistory {
    /// The name at `at`.
    pub fn at(&self, at: Timestamp) -> &str {
        held_at(&self.former, at).map_or(&self.display_name, |name| &name.display_name)
    }
}

/// What a list of people is sorted by: family and given name, or the name as shown.
pub fn listed_as(display_name: &str, family_name: Option<&str>, given_name: Option<&str>) -> String {
    match (family_name, given_name) {
        (Some(family), Some(given)) => format!("{family} {given}"),
        (Some(family), None) => family.to_owned(),
        _ => display_name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_of_the_past_has_the_name_of_the_past() {
        let former = |name: &str, until| FormerName { display_name: name.into(), until: Moment::parse(until).unwrap() };
        let names = NameHistory {
            display_name: "Third".into(),
            former: vec![former("Second", "2020-01-01"), former("First", "2010-01-01")],
        };
        let at = |value| names.at(Moment::parse(value).unwrap().0);
        assert_eq!(
            (at("2009-12-31"), at("2010-01-01"), at("2019-12-31"), at("2020-01-01")),
            ("First", "Second", "Second", "Third")
        );
    }
}
