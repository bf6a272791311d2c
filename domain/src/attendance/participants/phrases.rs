//! What a list of participants says besides names: headings, functions, the lines above it.

use fluent_bundle::FluentArgs;
use jiff::civil::Date;

use super::{EditionKind, Occasion};
use crate::{
    Language,
    attendance::{Category, Function},
    statements::phrases::{Lexicon, Pack, Sources},
};

/// Languages with phrases. To add one: put its file beside these, add its line here and its table of dates.
const PACKS: &[Sources] = &[
    ("en", &[include_str!("../../../data/phrases/en/participants.ftl")]),
    ("fr", &[include_str!("../../../data/phrases/fr/participants.ftl")]),
    ("pl", &[include_str!("../../../data/phrases/pl/participants.ftl")]),
];

/// A line and the language it is in, which is English where there are no phrases in the one asked for.
pub type Line = (Language, String);

/// The phrases of one language, or of English where it has none.
pub struct Phrases(Pack);

impl std::fmt::Debug for Phrases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Phrases").field(self.0.language()).finish()
    }
}

impl Phrases {
    /// Those for readers of `language`; `None` only if the English ones could not be read, which a test rules out.
    pub fn open(language: &Language) -> Option<Self> {
        let open = |language: &Language| Pack::of(PACKS, language, Lexicon::default());
        open(language).or_else(|| open(&Language::english())).map(Self)
    }

    /// "List of participants".
    pub fn title(&self) -> Option<Line> {
        self.say("title", FluentArgs::new())
    }

    /// What has to be known before the list is read: that it is a preview, or provisional.
    pub fn warning(&self, kind: EditionKind, published: bool) -> Option<Line> {
        match (kind, published) {
            (_, false) => self.say("preview", FluentArgs::new()),
            (EditionKind::Provisional, true) => self.say("provisional", FluentArgs::new()),
            (EditionKind::Final, true) => None,
        }
    }

    /// "Provisional edition 2, 20 November 2025".
    pub fn edition(&self, kind: EditionKind, number: i32, on: Date) -> Option<Line> {
        let mut arguments = FluentArgs::from_iter([("kind", kind.as_str().to_owned()), ("on", on.to_string())]);
        arguments.set("number", number.to_string());
        self.say("edition", arguments)
    }

    /// The days of the event.
    pub fn when(&self, event: &Occasion) -> Option<Line> {
        let days = [("first", event.starts_on.to_string()), ("last", event.ends_on.to_string())];
        self.say("when", FluentArgs::from_iter(days))
    }

    /// "179 delegations, 812 participants".
    pub fn totals(&self, delegations: usize, people: usize) -> Option<Line> {
        self.say("totals", FluentArgs::from_iter([("delegations", delegations), ("people", people)]))
    }

    /// What stands for the name of somebody known by function only.
    pub fn withheld(&self) -> Option<Line> {
        self.say("withheld", FluentArgs::new())
    }

    /// What stands below an organisation that named nobody.
    pub fn nobody(&self) -> Option<Line> {
        self.say("nobody", FluentArgs::new())
    }

    /// The heading of a category.
    pub fn category(&self, category: Category) -> Option<Line> {
        self.say(&format!("category-{category}"), FluentArgs::new())
    }

    /// What a function is called.
    pub fn function(&self, function: Function) -> Option<Line> {
        self.say(&format!("function-{function}"), FluentArgs::new())
    }

    fn say(&self, message: &str, arguments: FluentArgs<'_>) -> Option<Line> {
        let said = self.0.say(message, &arguments, &mut Vec::new())?;
        Some((self.0.language().clone(), said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;
    use jiff::civil::date;

    fn phrases(tag: &str) -> Phrases {
        Phrases::open(&Language::parse(tag).unwrap()).unwrap()
    }

    #[test]
    fn every_language_has_a_word_for_every_category_and_function() {
        let event = Occasion {
            title: Text::one(Language::english(), "Assembly"),
            place: None,
            starts_on: date(2025, 11, 24),
            ends_on: date(2025, 11, 27),
        };
        for (tag, _) in PACKS {
            let pack = phrases(tag);
            let lines = Category::ALL.iter().map(|category| pack.category(*category));
            let lines = lines.chain(Function::ALL.iter().map(|function| pack.function(*function)));
            let mut lines: Vec<Option<Line>> = lines.collect();
            lines.extend([pack.title(), pack.totals(1, 5), pack.withheld(), pack.nobody(), pack.when(&event)]);
            for kind in EditionKind::ALL {
                lines.extend([pack.warning(*kind, false), pack.edition(*kind, 3, date(2025, 11, 24))]);
            }
            lines.push(pack.warning(EditionKind::Provisional, true));
            for line in lines {
                assert_eq!(line.as_ref().map(|(language, _)| language.as_str()), Some(*tag), "{line:?}");
            }
        }
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        let totals = |tag: &str, delegations, people| phrases(tag).totals(delegations, people).unwrap().1;
        assert_eq!(totals("en", 1, 1), "1 delegation, 1 participant");
        assert_eq!(totals("en", 179, 812), "179 delegations, 812 participants");
        assert_eq!(totals("pl", 2, 22), "2 delegacje, 22 uczestników");
        assert_eq!(totals("pl", 179, 1), "179 delegacji, 1 uczestnik");
        assert_eq!(totals("fr", 0, 2), "0 délégation, 2 participants");
    }

    #[test]
    fn an_edition_says_what_it_is_and_of_when() {
        let edition = |tag: &str, kind| phrases(tag).edition(kind, 2, date(2025, 11, 20)).unwrap().1;
        assert_eq!(edition("en", EditionKind::Provisional), "Provisional edition 2, 20 November 2025");
        assert_eq!(edition("pl", EditionKind::Final), "Wydanie ostateczne nr 2, 20 listopada 2025 r.");
        assert_eq!(edition("fr", EditionKind::Final), "Édition définitive no 2, 20 novembre 2025");
    }

    #[test]
    fn a_language_without_phrases_is_spoken_to_in_english() {
        assert_eq!(phrases("ko").title(), Some((Language::english(), "List of participants".to_owned())));
    }

    #[test]
    fn only_a_published_final_list_carries_no_warning() {
        let warning = |kind, published| phrases("en").warning(kind, published).is_some();
        assert!(!warning(EditionKind::Final, true));
        assert!(warning(EditionKind::Final, false) && warning(EditionKind::Provisional, true));
    }
}
