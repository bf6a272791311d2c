//! What is known of a room.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Code, Language, Text, Violation,
    external::{self, ExternalId},
    language::search_key,
};

/// A room in a venue; events share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Unique short name.
    pub code: Code,
    /// What its owner calls it.
    pub name: Text,
    /// The building.
    pub venue: Text,
    /// A neutral name, shown in programmes and calendars instead of the real one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_label: Option<Text>,
    /// Persons it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub capacity: Option<i32>,
    /// What it has, each as a word: `booths`, `hybrid`, `secure`.
    #[serde(default)]
    #[schemars(length(max = 30), inner(regex(pattern = "^[a-z][a-z0-9_]{1,39}$")))]
    pub features: Vec<String>,
    /// Its ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

impl Room {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(self.name.check("/name", 200));
        check.take(self.venue.check("/venue", 200));
        if let Some(label) = &self.public_label {
            check.take(label.check("/public_label", 200));
        }
        check.require(
            self.capacity.is_none_or(|persons| (1..=1_000_000).contains(&persons)),
            "/capacity",
            "out_of_range",
            "Give 1 to 1,000,000 persons, or leave it out.",
        );
        check.require(self.features.len() <= 30, "/features", "too_many", "Name at most 30 features.");
        for (at, feature) in self.features.iter().enumerate() {
            let pointer = format!("/features/{at}");
            check.require(
                is_word(feature),
                &pointer,
                "invalid",
                "Write a feature as a word of 2 to 40 small letters, digits and '_', such as 'booths'.",
            );
            check.require(!self.features[..at].contains(feature), &pointer, "repeated", "Name every feature once.");
        }
        external::check(&self.external_ids, &mut check);
        check.finish()
    }

    /// What programmes and calendars call it, and its venue: the neutral label where there is one, for everybody, so
    /// that no answer depends on who asks.
    pub fn place(&self, languages: &[Language]) -> Vec<&str> {
        let name = self.public_label.as_ref().unwrap_or(&self.name);
        [name, &self.venue].into_iter().filter_map(|text| Some(text.resolve(languages)?.1)).collect()
    }

    /// Code and names folded for searching.
    pub fn search_key(&self) -> String {
        let texts = [Some(&self.name), Some(&self.venue), self.public_label.as_ref()];
        let words = texts.into_iter().flatten().flat_map(|text| text.0.values()).map(String::as_str);
        search_key(&std::iter::once(self.code.as_str()).chain(words).collect::<Vec<_>>().join(" "))
    }
}

fn is_word(value: &str) -> bool {
    (2..=40).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> Room {
        serde_json::from_value(serde_json::json!({
            "code": "hall-a", "name": {"en": "Grand Hall", "ko": "대강당"}, "venue": {"en": "Convention Centre"},
            "features": ["booths"],
        }))
        .unwrap()
    }

    #[test]
    fn a_neutral_label_takes_the_place_of_the_name() {
        assert_eq!(room().place(&[Language::english()]), ["Grand Hall", "Convention Centre"]);
        let secret = Room { public_label: Some(Text::one(Language::english(), "Room 7")), ..room() };
        assert_eq!(secret.place(&[Language::parse("ko").unwrap()]), ["Room 7", "Convention Centre"]);
    }

    #[test]
    fn features_are_words_and_named_once() {
        let features = ["booths", "booths", "Secure!"].map(String::from).to_vec();
        let faults = Room { features, capacity: Some(0), ..room() }.check().unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(found, [("/capacity", "out_of_range"), ("/features/1", "repeated"), ("/features/2", "invalid")]);
    }
}
