//! What a session needs of its room and of those who serve it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Check, Language, Violation, events::Layout, events::room::check_features};

/// The most people anybody expects.
const MOST: i32 = 1_000_000;

/// The longest sitting, in minutes: seven days.
const LONGEST: i32 = 7 * 24 * 60;

crate::words! {
    /// Who may enter.
    pub enum Openness {
        /// Everybody at the event.
        Open = "open",
        /// Members and whoever is admitted.
        Closed = "closed",
        /// Those invited, and nobody else knows what is said.
        Private = "private",
    }
}

/// Interpretation asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interpretation {
    /// Languages people speak in.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub from: Vec<Language>,
    /// Languages people can listen to.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub into: Vec<Language>,
}

/// What a session needs; what is left out is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionRequirements")]
pub struct Requirements {
    /// How many minutes it is meant to sit, while it has no time. Once it has, that is how long it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_080))]
    pub planned_minutes: Option<i32>,
    /// People expected in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub expected_in_room: Option<i32>,
    /// People expected from afar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub expected_online: Option<i32>,
    /// How the seats shall stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// What the room has to have, in the words of the features of rooms: `booths`, `hybrid`, `secure`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 30), inner(regex(pattern = "^[a-z][a-z0-9_]{1,39}$")))]
    pub features: Vec<String>,
    /// Interpretation, where it is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpretation: Option<Interpretation>,
    /// Who may enter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openness: Option<Openness>,
}

impl Requirements {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Everything that is wrong with it; `pointer` says where it stands.
    pub fn check(&self, pointer: &str, check: &mut Check) {
        for (name, expected) in [("expected_in_room", self.expected_in_room), ("expected_online", self.expected_online)]
        {
            let fits = expected.is_none_or(|people| (0..=MOST).contains(&people));
            check.require(fits, &format!("{pointer}/{name}"), "out_of_range", "Expect 0 to 1,000,000 people.");
        }
        check.require(
            self.planned_minutes.is_none_or(|minutes| (1..=LONGEST).contains(&minutes)),
            &format!("{pointer}/planned_minutes"),
            "out_of_range",
            "A session sits 1 to 10,080 minutes, which are seven days.",
        );
        check_features(&self.features, &format!("{pointer}/features"), check);
        let Some(interpretation) = &self.interpretation else { return };
        for (name, languages) in [("from", &interpretation.from), ("into", &interpretation.into)] {
            let pointer = format!("{pointer}/interpretation/{name}");
            check.require(languages.len() <= 20, &pointer, "too_many", "Name at most 20 languages.");
            for (at, language) in languages.iter().enumerate() {
                if languages[..at].contains(language) {
                    check.add(Violation::new(format!("{pointer}/{at}"), "repeated", "Name every language once."));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_where_it_stands() {
        let said: Requirements = serde_json::from_value(serde_json::json!({
            "expected_in_room": -1, "features": ["booths", "Secure"], "layout": "u_shape", "openness": "closed",
            "planned_minutes": 0,
            "interpretation": {"from": ["en", "en"], "into": ["en", "fr"]},
        }))
        .unwrap();
        let mut check = Check::new();
        said.check("/requirements", &mut check);
        let faults = check.finish().unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(
            found,
            [
                ("/requirements/expected_in_room", "out_of_range"),
                ("/requirements/planned_minutes", "out_of_range"),
                ("/requirements/features/1", "invalid"),
                ("/requirements/interpretation/from/1", "repeated"),
            ]
        );
        assert!(Requirements::default().is_empty() && !said.is_empty());
    }
}
