//! Languages and texts that exist in several of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, fmt};
use unicode_normalization::UnicodeNormalization;

use crate::{Check, Violation};

/// What a language tag looks like (BCP 47, as far as it matters here).
pub(crate) const TAG: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$";

/// A language by its BCP 47 primary subtag, in lower case: `en`, `pl`, `ko`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl Language {
    /// Reads a language tag; regional and other subtags are cut off (`pl-PL` is `pl`).
    pub fn parse(tag: &str) -> Option<Self> {
        let mut subtags = tag.split('-');
        let primary = subtags.next()?;
        let fits = (2..=3).contains(&primary.len())
            && primary.bytes().all(|b| b.is_ascii_alphabetic())
            && subtags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric()));
        fits.then(|| Self(primary.to_ascii_lowercase()))
    }

    /// English, the language every fallback chain ends with.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the script of this language runs from right to left.
    pub fn is_right_to_left(&self) -> bool {
        matches!(self.as_str(), "ar" | "fa" | "he" | "ur" | "ps" | "dv" | "yi")
    }

    /// The languages an `Accept-Language` header asks for (RFC 9110, 12.5.4), best first; `*` and `q=0` are left out.
    pub fn from_accept_language(header: &str) -> Vec<Self> {
        let mut asked: Vec<(f32, Self)> = header
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.split(';');
                let language = Self::parse(pieces.next()?.trim())?;
                let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")?.trim().parse().ok()).unwrap_or(1.0);
                (weight > 0.0).then_some((weight, language))
            })
            .collect();
        asked.sort_by(|a, b| b.0.total_cmp(&a.0));
        asked.into_iter().map(|(_, language)| language).collect()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Language {
    type Error = String;
    fn try_from(value: String) -> Result<Self, String> {
        Self::parse(&value).ok_or_else(|| format!("'{value}' is not a language tag such as 'en' or 'pl'."))
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl JsonSchema for Language {
    fn schema_name() -> Cow<'static, str> {
        "Language".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A language tag (BCP 47), of which the primary subtag counts.",
            "pattern": TAG,
            "examples": ["pl"],
        })
    }
}

/// A text in one or more languages: `{"en": "...", "pl": "..."}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<Language, String>);

impl Text {
    /// A text in one language.
    pub fn one(language: Language, value: impl Into<String>) -> Self {
        Self(BTreeMap::from([(language, value.into())]))
    }

    /// Whether there is no language at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text in exactly this language.
    pub fn get(&self, language: &Language) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// The first of `wanted` that exists, else English, else any; with the language it is in.
    pub fn resolve(&self, wanted: &[Language]) -> Option<(&Language, &str)> {
        wanted
            .iter()
            .find_map(|language| self.0.get_key_value(language))
            .or_else(|| self.0.get_key_value(&Language::english()))
            .or_else(|| self.0.iter().next())
            .map(|(language, value)| (language, value.as_str()))
    }

    /// At least one language, none blank, none longer than `longest` characters, no control characters.
    pub fn check(&self, pointer: &str, longest: usize) -> Result<(), Violation> {
        if self.0.is_empty() {
            return Err(Violation::new(
                pointer,
                "required",
                "Give the text in at least one language, such as {\"en\": \"...\"}.",
            ));
        }
        self.0.iter().try_for_each(|(language, value)| check_line(value, &format!("{pointer}/{language}"), longest))
    }

    /// All languages folded for searching without regard to case and diacritics.
    pub fn search_key(&self) -> String {
        search_key(&self.0.values().map(String::as_str).collect::<Vec<_>>().join(" "))
    }
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "The text per language.",
            "additionalProperties": {"type": "string", "minLength": 1},
            "propertyNames": {"pattern": TAG},
            "minProperties": 1,
            "maxProperties": 50,
            "examples": [{"en": "Seoul", "pl": "Seul"}],
        })
    }
}

/// A value that is not blank, not longer than `longest` characters and free of control characters other than
/// line feed and tab.
pub fn check_line(value: &str, pointer: &str, longest: usize) -> Result<(), Violation> {
    if value.trim().is_empty() {
        return Err(Violation::new(pointer, "blank", "Write at least one visible character."));
    }
    if value.chars().count() > longest {
        return Err(Violation::new(pointer, "too_long", format!("Use at most {longest} characters.")));
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Violation::new(
            pointer,
            "control_character",
            "Remove control characters; only line feed and tab are allowed.",
        ));
    }
    Ok(())
}

/// At most 20 languages, each named once.
pub fn check_languages<'a>(languages: &[Language], check: &'a mut Check) -> &'a mut Check {
    check.require(languages.len() <= 20, "/languages", "too_many", "Name at most 20 languages.");
    for (at, language) in languages.iter().enumerate() {
        let repeated = languages[..at].contains(language);
        check.require(!repeated, &format!("/languages/{at}"), "repeated", "Name every language once.");
    }
    check
}

/// Folds case and diacritics, so that `Łódź` is found by `lodz` and `Đà Nẵng` by `da nang`.
pub fn search_key(value: &str) -> String {
    value
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'ł' => 'l',
            'đ' | 'ð' => 'd',
            'ø' => 'o',
            'ı' => 'i',
            'ħ' => 'h',
            other => other,
        })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_names_without_their_diacritics() {
        assert_eq!(search_key("Łódź  ĐÀ NẴNG Côte d’Ivoire"), "lodz da nang cote d’ivoire");
        assert_eq!(search_key("Kudowa-Słone"), "kudowa-slone");
    }

    #[test]
    fn the_language_asked_for_wins_then_english_then_any() {
        let text: Text = serde_json::from_str(r#"{"ko":"서울","en":"Seoul"}"#).unwrap();
        let language = |tag| Language::parse(tag).unwrap();
        assert_eq!(text.resolve(&[language("pl"), language("ko")]), Some((&language("ko"), "서울")));
        assert_eq!(text.resolve(&[language("pl")]), Some((&language("en"), "Seoul")));
    }

    #[test]
    fn accept_language_is_read_by_weight() {
        let tags: Vec<_> =
            Language::from_accept_language("fr;q=0.2, pl-PL, en;q=0, *;q=0.1").into_iter().map(String::from).collect();
        assert_eq!(tags, ["pl", "fr"]);
    }
}
