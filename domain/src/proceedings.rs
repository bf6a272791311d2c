//! What is written about a meeting: the sentences of reports and minutes, by the phrase packs.
//!
//! Which sentences stand in which order is for the documents; the words are in `data/phrases`.

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::civil::Date;

use crate::{Language, statements::phrases::Pack};

/// A fact in a sentence.
#[derive(Debug, Clone, Copy)]
pub enum Fact<'a> {
    /// How many.
    Number(usize),
    /// A name or a word, as it is.
    Words(&'a str),
    /// A day, for `DATES`.
    Day(Date),
}

/// Writes the sentences of one language, which is English where there are no phrases in the one asked for.
pub struct Clerk {
    pack: Option<Pack>,
    language: Language,
}

impl Clerk {
    /// Whoever writes in `language`.
    pub fn of(language: &Language) -> Self {
        let pack = Pack::proceedings(language).or_else(|| Pack::proceedings(&Language::english()));
        let language = pack.as_ref().map_or_else(Language::english, |pack| pack.language().clone());
        Self { pack, language }
    }

    /// The language that is written.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// A sentence with these facts. The tests of the packs see to it that there is one; else its name stands there.
    pub fn say(&self, message: &str, facts: &[(&str, Fact<'_>)]) -> String {
        let arguments: FluentArgs<'_> = facts.iter().map(|(name, fact)| ((*name).to_owned(), value(*fact))).collect();
        let said = self.pack.as_ref().and_then(|pack| pack.say(message, &arguments, &mut Vec::new()));
        said.unwrap_or_else(|| message.to_owned())
    }
}

fn value(fact: Fact<'_>) -> FluentValue<'_> {
    match fact {
        Fact::Number(number) => FluentValue::from(number),
        Fact::Words(words) => FluentValue::from(words),
        Fact::Day(day) => FluentValue::from(day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn say(tag: &str, message: &str, count: usize) -> String {
        let facts = [("count", Fact::Number(count)), ("on", Fact::Day(date(2025, 11, 24)))];
        Clerk::of(&Language::parse(tag).unwrap()).say(message, &facts)
    }

    #[test]
    fn numbers_are_said_as_each_language_counts() {
        assert_eq!(
            say("pl", "credentials-a-text", 1),
            "Pełnomocnictwa w\u{a0}należytej formie złożyła jedna delegacja:"
        );
        assert_eq!(say("pl", "credentials-a-text", 3), "Pełnomocnictwa w\u{a0}należytej formie złożyły 3 delegacje:");
        assert_eq!(say("pl", "credentials-a-text", 5), "Pełnomocnictwa w\u{a0}należytej formie złożyło 5 delegacji:");
        assert_eq!(say("pl", "credentials-a-text", 22), "Pełnomocnictwa w\u{a0}należytej formie złożyły 22 delegacje:");
        assert_eq!(
            say("fr", "credentials-examined", 1),
            "La Commission a examiné les pouvoirs d’une délégation, tels qu’ils se présentaient le 24 novembre 2025."
        );
        assert_eq!(
            say("en", "credentials-examined", 179),
            "The Committee examined the credentials of 179 delegations as they stood on 24 November 2025."
        );
    }

    #[test]
    fn a_language_without_phrases_is_written_in_english_and_says_so() {
        let clerk = Clerk::of(&Language::parse("ko").unwrap());
        assert_eq!(
            (clerk.language(), clerk.say("credentials-banner", &[])),
            (&Language::english(), "Draft".to_owned())
        );
    }
}
