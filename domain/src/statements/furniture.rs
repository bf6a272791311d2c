//! The lines around a statement that are not negotiated: what stands above it, and where it was adopted.

use fluent_bundle::FluentArgs;

use super::{
    Adoption, State,
    phrases::{Lexicon, Pack},
};
use crate::Language;

/// A line and the language it is in, which is English where Plenum has no phrases in the one asked for.
pub type Line = (Language, String);

/// What stands above a text that is not adopted: "Draft, version 3". Nothing above an adopted one.
pub fn banner(language: &Language, state: State, version: u32) -> Option<Line> {
    if state.is_adopted() {
        return None;
    }
    let arguments = FluentArgs::from_iter([("state", state.as_str())]);
    say(language, Lexicon::default(), "banner", with(arguments, "version", version))
}

/// Where and when the text was adopted: "Adopted in Seoul, 8 October 2019".
pub fn adopted(language: &Language, adoption: &Adoption) -> Option<Line> {
    let lexicon = Lexicon::default().with_noun("place", &adoption.place);
    say(language, lexicon, "adopted", FluentArgs::from_iter([("on", adoption.on.to_string())]))
}

/// The heading of a list of states that no clause introduces.
pub fn states(language: &Language) -> Option<Line> {
    say(language, Lexicon::default(), "states", FluentArgs::new())
}

fn with<'a>(mut arguments: FluentArgs<'a>, key: &'a str, number: u32) -> FluentArgs<'a> {
    arguments.set(key, number);
    arguments
}

fn say(language: &Language, lexicon: Lexicon, message: &str, arguments: FluentArgs<'_>) -> Option<Line> {
    let pack = Pack::open(language, lexicon.clone()).or_else(|| Pack::open(&Language::english(), lexicon))?;
    // Whoever reads the document cannot add a missing form; whoever drafts it was told by the draft's lints.
    let said = pack.say(message, &arguments, &mut Vec::new())?;
    Some((pack.language().clone(), said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Text, statements::Inflected};
    use jiff::civil::date;

    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap()
    }

    fn seoul(forms: &str) -> Adoption {
        let name: Text = serde_json::from_str(r#"{"en":"Seoul","pl":"Seul"}"#).unwrap();
        let place = Inflected { name, forms: serde_json::from_str(forms).unwrap() };
        Adoption { place, on: date(2019, 10, 8) }
    }

    #[test]
    fn a_draft_says_so_and_an_adopted_text_does_not() {
        let banner = |tag: &str, state| banner(&language(tag), state, 3).map(|(_, line)| line);
        assert_eq!(banner("en", State::Negotiating).as_deref(), Some("Draft, version 3"));
        assert_eq!(banner("pl", State::Drafting).as_deref(), Some("Projekt, wersja 3"));
        assert_eq!(banner("pl", State::Withdrawn).as_deref(), Some("Tekst wycofany, wersja 3"));
        assert_eq!(banner("en", State::Failed).as_deref(), Some("Not adopted, version 3"));
        assert_eq!(banner("en", State::Published), None);
    }

    #[test]
    fn adoption_is_told_in_the_locative_or_without_inflection() {
        let line = |tag: &str, forms: &str| adopted(&language(tag), &seoul(forms)).unwrap().1;
        assert_eq!(line("en", "{}"), "Adopted in Seoul, 8 October 2019");
        assert_eq!(line("pl", r#"{"pl":{"locative":"Seulu"}}"#), "Przyjęto w\u{a0}Seulu 8 października 2019 r.");
        assert_eq!(line("pl", "{}"), "Miejsce i\u{a0}data przyjęcia: Seul, 8 października 2019 r.");
    }

    #[test]
    fn a_language_without_phrases_gets_an_english_line_that_says_it_is_english() {
        assert_eq!(states(&language("ko")), Some((Language::english(), "Participating states".to_owned())));
    }
}
