//! Badges on paper: what stands on them, in which order they are printed, and in which words.

use std::{cmp::Ordering, collections::HashMap};

use fluent_bundle::FluentArgs;

use super::QrContent;
use crate::{
    Code, Language,
    attendance::{
        Category,
        participants::{Person, phrases::Line},
    },
    organisations::{
        Names,
        order::{alphabet, alphabetical},
    },
    statements::phrases::{Lexicon, Pack, Sources},
};

crate::words! {
    /// What badges are printed on.
    #[derive(Default)]
    pub enum Paper {
        /// Four badges on a sheet of A4, to be cut.
        #[default]
        A4 = "a4",
        /// One badge on a sheet of A6.
        A6 = "a6",
    }
}

/// Everything that stands on a badge, in no language.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Code of the organisation.
    pub code: Code,
    /// Its names when the event began.
    pub names: Names,
    /// In what capacity it came.
    pub category: Category,
    /// The holder; of whoever is protected, the function only.
    pub person: Person,
    /// The number of the badge, and which printing of it this is.
    pub number: (i32, i32),
    /// What its code says.
    pub qr: QrContent,
}

impl Printed {
    /// The number as it is printed: `17`, and from the second printing on `17-2`.
    pub fn number(&self) -> String {
        match self.number {
            (serial, 1) => serial.to_string(),
            (serial, printing) => format!("{serial}-{printing}"),
        }
    }
}

/// The order in which they are handed out: by category, by organisation in the protocol order of the language, by function
/// and by name. Whoever is known by function only stands behind those with a name.
pub fn in_order(mut badges: Vec<Printed>, language: &Language) -> Vec<Printed> {
    let mut organisations: Vec<(Code, Names)> = vec![];
    for badge in &badges {
        if !organisations.iter().any(|(code, _)| *code == badge.code) {
            organisations.push((badge.code.clone(), badge.names.clone()));
        }
    }
    alphabetical(&mut organisations, language, |(code, names)| (code, names));
    let places: HashMap<_, _> = organisations.iter().enumerate().map(|(at, (code, _))| (code.key(), at)).collect();
    let compare = alphabet(language);
    let place = |badge: &Printed| (badge.category, places.get(&badge.code.key()).copied(), badge.person.function);
    badges.sort_by(|a, b| {
        let named = match (&a.person.named, &b.person.named) {
            (Some(a), Some(b)) => compare(&a.sort, &b.sort),
            (None, None) => Ordering::Equal,
            (a, _) => {
                if a.is_some() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        };
        place(a).cmp(&place(b)).then(named).then(a.number.cmp(&b.number))
    });
    badges
}

/// Languages with phrases. To add one: put its file beside these and add its line here.
const PACKS: &[Sources] = &[
    ("en", &[include_str!("../../../data/phrases/en/badges.ftl")]),
    ("fr", &[include_str!("../../../data/phrases/fr/badges.ftl")]),
    ("pl", &[include_str!("../../../data/phrases/pl/badges.ftl")]),
];

/// The phrases of one language, or of English where it has none.
pub struct BadgePhrases(Pack);

impl std::fmt::Debug for BadgePhrases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BadgePhrases").field(self.0.language()).finish()
    }
}

impl BadgePhrases {
    /// Those for readers of `language`; `None` only if the English ones could not be read, which a test rules out.
    pub fn open(language: &Language) -> Option<Self> {
        let open = |language: &Language| Pack::of(PACKS, language, Lexicon::default());
        open(language).or_else(|| open(&Language::english())).map(Self)
    }

    /// "Badges".
    pub fn title(&self) -> Option<Line> {
        self.say("title", FluentArgs::new())
    }

    /// "No. 17".
    pub fn number(&self, number: &str) -> Option<Line> {
        self.say("number", FluentArgs::from_iter([("number", number.to_owned())]))
    }

    /// What somebody of this category is.
    pub fn category(&self, category: Category) -> Option<Line> {
        self.say(&format!("category-{category}"), FluentArgs::new())
    }

    fn say(&self, message: &str, arguments: FluentArgs<'_>) -> Option<Line> {
        let said = self.0.say(message, &arguments, &mut Vec::new())?;
        Some((self.0.language().clone(), said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attendance::{
            Function,
            door::{BadgeKey, Envelope, SignedEnvelope},
            participants::Named,
        },
        identifier::{BadgeId, EventId},
    };

    fn badge(code: &str, name: &str, function: Function, person: Option<&str>, category: Category) -> Printed {
        let key: BadgeKey = "a key of the tests that is long enough".parse().unwrap();
        let envelope = Envelope { event: EventId(uuid::Uuid::nil()), token: key.token(BadgeId(uuid::Uuid::nil())) };
        let named = person.map(|name| Named { name: name.into(), sort: name.into(), honorific: None, position: None });
        Printed {
            code: Code::parse(code, "").unwrap(),
            names: serde_json::from_value(serde_json::json!({"en": {"list": name}, "pl": {"list": name}})).unwrap(),
            category,
            person: Person { function, named },
            number: (1, 1),
            qr: SignedEnvelope { envelope, signature: [0; 64] }.content(),
        }
    }

    #[test]
    fn badges_come_in_the_order_of_the_delegations_they_are_handed_to() {
        let badges = vec![
            badge("CH", "Szwajcaria", Function::Adviser, None, Category::Member),
            badge("CH", "Szwajcaria", Function::Adviser, Some("Zając"), Category::Member),
            badge("CH", "Szwajcaria", Function::Head, Some("Żak"), Category::Member),
            badge("SK", "Słowacja", Function::Expert, Some("Novák"), Category::Member),
            badge("HOST", "Austria", Function::Head, Some("Huber"), Category::Host),
        ];
        let order = |language: &str| {
            let badges = in_order(badges.clone(), &Language::parse(language).unwrap());
            let name = |badge: &Printed| badge.person.named.as_ref().map_or("-".to_owned(), |named| named.name.clone());
            badges.iter().map(name).collect::<Vec<_>>()
        };
        // In Polish ł comes before z, and Sł before Sz.
        assert_eq!(order("pl"), ["Novák", "Żak", "Zając", "-", "Huber"]);
    }

    #[test]
    fn a_second_printing_says_so() {
        let mut first = badge("CH", "Szwajcaria", Function::Head, None, Category::Member);
        assert_eq!(first.number(), "1");
        first.number = (17, 2);
        assert_eq!(first.number(), "17-2");
    }

    #[test]
    fn every_language_has_a_word_for_every_category() {
        for (tag, _) in PACKS {
            let pack = BadgePhrases::open(&Language::parse(tag).unwrap()).unwrap();
            let lines = Category::ALL.iter().map(|category| pack.category(*category));
            for line in lines.chain([pack.title(), pack.number("17-2")]) {
                assert_eq!(line.as_ref().map(|(language, _)| language.as_str()), Some(*tag), "{line:?}");
            }
        }
        assert_eq!(BadgePhrases::open(&Language::english()).unwrap().number("17-2").unwrap().1, "No. 17-2");
    }
}
