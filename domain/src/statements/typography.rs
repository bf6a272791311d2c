//! Typography of generated text. Text a person wrote is left as it is.

use crate::Language;

const NO_BREAK_SPACE: char = '\u{a0}';

/// Puts generated words into the typographic form of the language: single spaces, no line break after one-letter
/// words where the language forbids it, one full stop where an abbreviation ends the sentence.
pub fn typeset(language: &Language, words: &str) -> String {
    let plain = words.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    match language.as_str() {
        "pl" => bind_one_letter_words(&plain, "aiouwz").replace("r..", "r."),
        "cs" => bind_one_letter_words(&plain, "aikosuvz"),
        _ => plain,
    }
}

/// Polish and Czech lines do not end with a one-letter preposition or conjunction.
fn bind_one_letter_words(text: &str, letters: &str) -> String {
    let mut bound = String::with_capacity(text.len() + 16);
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ').trim_start_matches(['(', '„', '«', '[']);
        let mut characters = bare.chars();
        let single = characters.next().filter(|_| characters.next().is_none());
        match single {
            Some(letter) if letter.to_lowercase().any(|letter| letters.contains(letter)) && word.ends_with(' ') => {
                bound.push_str(word.trim_end_matches(' '));
                bound.push(NO_BREAK_SPACE);
            }
            _ => bound.push_str(word),
        }
    }
    bound
}

/// First words of Polish locatives that take "na": islands, and the neighbours usage treats alike. Names that take
/// both ("w Islandii", "w Ukrainie") have the one used of states and are not listed.
const TAKES_NA: &[&str] = &[
    "Antigui",
    "Bahamach",
    "Barbadosie",
    "Białorusi",
    "Cyprze",
    "Dominice",
    "Dominikanie",
    "Fidżi",
    "Filipinach",
    "Grenadzie",
    "Haiti",
    "Jamajce",
    "Kiribati",
    "Komorach",
    "Kubie",
    "Litwie",
    "Łotwie",
    "Madagaskarze",
    "Malcie",
    "Malediwach",
    "Mauritiusie",
    "Nauru",
    "Palau",
    "Saint",
    "Samoa",
    "Seszelach",
    "Słowacji",
    "Sri",
    "Tonga",
    "Trynidadzie",
    "Tuvalu",
    "Vanuatu",
    "Węgrzech",
    "Wyspach",
];

/// The Polish preposition for being in a place, before its locative: "na" where usage wants it ("na Węgrzech"), "we"
/// before w or f followed by a consonant ("we Włoszech", "we Francji"), else "w".
pub(super) fn polish_in(locative: &str) -> &'static str {
    if locative.split(' ').next().is_some_and(|first| TAKES_NA.contains(&first)) {
        return "na";
    }
    let mut letters = locative.chars().flat_map(char::to_lowercase);
    let (first, second) = (letters.next(), letters.next());
    let cluster =
        matches!(first, Some('w' | 'f')) && second.is_some_and(|c| c.is_alphabetic() && !"aąeęioóuy".contains(c));
    // Lwów is the one common name that takes "we" against the rule.
    if cluster || locative.starts_with("Lwowie") { "we" } else { "w" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polish_lines_do_not_end_with_a_one_letter_word() {
        let polish = Language::parse("pl").unwrap();
        assert_eq!(
            typeset(&polish, "W Seulu  i w\n Warszawie (z Poznania), oraz a"),
            "W\u{a0}Seulu i\u{a0}w\u{a0}Warszawie (z\u{a0}Poznania), oraz a"
        );
        assert_eq!(typeset(&polish, "do 8 października 2019 r.."), "do 8 października 2019 r.");
        assert_eq!(typeset(&Language::english(), "a  visit"), "a visit");
    }

    #[test]
    fn polish_is_in_a_place_with_w_we_or_na() {
        let phrases = [
            "w Republice Korei",
            "we Włoszech",
            "w Wietnamie",
            "we Francji",
            "w Finlandii",
            "we Wrocławiu",
            "we Lwowie",
            "na Węgrzech",
            "na Słowacji",
            "na Wyspach Marshalla",
            "w Ukrainie",
            "w Wielkiej Brytanii",
        ];
        for phrase in phrases {
            let (preposition, place) = phrase.split_once(' ').unwrap();
            assert_eq!(polish_in(place), preposition, "{phrase}");
        }
    }

    #[test]
    fn every_name_that_takes_na_is_one_the_catalogue_knows() {
        let polish = Language::parse("pl").unwrap();
        let known: Vec<String> = crate::organisations::catalogue::load()
            .unwrap()
            .iter()
            .filter_map(|state| state.names.forms(&polish)?.locative.clone())
            .collect();
        for first in TAKES_NA {
            assert!(known.iter().any(|name| name.split(' ').next() == Some(first)), "{first}");
        }
    }
}
