//! Phrase packs: the sentences Plenum writes, per language, in Fluent (https://projectfluent.org).
//!
//! Grammar lives here, facts come from outside. A noun slot asks for a case; the form is looked up among the stored
//! ones and never computed. When a form is missing, the message's `fallback` attribute, written so as to need no
//! inflection, is used instead, and a lint says which form to store.
//!
//! Functions known to a pack: `STATE($code, case:)`, `STATES($codes, case:)`, `NOUN("place", case:)`,
//! `DATES($first, $last)`, `ORDINAL($number)`. The cases are `nom` (default), `gen`, `loc` and `ins`. `with: "w"`
//! puts the Polish preposition in front, as the noun wants it ("w", "we" or "na").

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use icu_list::{ListFormatter, options::ListFormatterOptions};
use icu_locale::Locale;
use jiff::civil::Date;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Case, DateRange, Inflected, Lint, Participant, dates,
    lint::note,
    typography::{polish_in, typeset},
};
use crate::{Language, organisations::Names};

/// A language and the sources of what is said in it.
pub type Sources = (&'static str, &'static [&'static str]);

/// Languages with phrases. To add one: put its files beside these, add its line here and its table to `dates`.
const PACKS: &[Sources] = &[
    (
        "en",
        &[
            include_str!("../../data/phrases/en/joint_statement.ftl"),
            include_str!("../../data/phrases/en/statement.ftl"),
        ],
    ),
    (
        "pl",
        &[
            include_str!("../../data/phrases/pl/joint_statement.ftl"),
            include_str!("../../data/phrases/pl/statement.ftl"),
        ],
    ),
];

/// Languages with phrases for what is written about a meeting: reports, minutes, and mails.
const PROCEEDINGS: &[Sources] = &[
    (
        "en",
        &[
            include_str!("../../data/phrases/en/credentials.ftl"),
            include_str!("../../data/phrases/en/minutes.ftl"),
            include_str!("../../data/phrases/en/notices.ftl"),
        ],
    ),
    (
        "fr",
        &[
            include_str!("../../data/phrases/fr/credentials.ftl"),
            include_str!("../../data/phrases/fr/minutes.ftl"),
            include_str!("../../data/phrases/fr/notices.ftl"),
        ],
    ),
    (
        "pl",
        &[
            include_str!("../../data/phrases/pl/credentials.ftl"),
            include_str!("../../data/phrases/pl/minutes.ftl"),
            include_str!("../../data/phrases/pl/notices.ftl"),
        ],
    ),
];

/// The languages Plenum can write statements in.
pub fn languages() -> impl Iterator<Item = Language> {
    PACKS.iter().filter_map(|(tag, _)| Language::parse(tag))
}

/// The nouns a text may speak of.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    states: BTreeMap<String, Names>,
    nouns: BTreeMap<&'static str, Inflected>,
}

impl Lexicon {
    /// Makes a state known by its code.
    pub fn with_state(mut self, state: &Participant) -> Self {
        self.states.insert(state.code.to_string(), state.names.clone());
        self
    }

    /// Makes a noun known by `key`, which is also how lints speak of it.
    pub fn with_noun(mut self, key: &'static str, noun: &Inflected) -> Self {
        self.nouns.insert(key, noun.clone());
        self
    }
}

/// The phrases of one language, ready to speak of the nouns of one lexicon.
pub struct Pack {
    bundle: FluentBundle<FluentResource>,
    speaker: Arc<Speaker>,
}

impl Pack {
    /// The pack of `language` for statements; `None` when there is none.
    pub fn open(language: &Language, lexicon: Lexicon) -> Option<Self> {
        Self::of(PACKS, language, lexicon)
    }

    /// The pack of `language` for reports and minutes; `None` when there is none.
    pub fn proceedings(language: &Language) -> Option<Self> {
        Self::of(PROCEEDINGS, language, Lexicon::default())
    }

    /// The pack of `language` among `packs`, those of something else than statements.
    pub fn of(packs: &[Sources], language: &Language, lexicon: Lexicon) -> Option<Self> {
        let (tag, sources) = packs.iter().find(|(tag, _)| *tag == language.as_str())?;
        let mut bundle = FluentBundle::new(vec![tag.parse().ok()?]);
        // Isolation marks (U+2068, U+2069) would land in the document.
        bundle.set_use_isolating(false);
        for source in *sources {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(usable, _)| usable);
            bundle.add_resource_overriding(resource);
        }
        let speaker = Arc::new(Speaker { language: language.clone(), lexicon, notes: Mutex::default() });
        register(&mut bundle, &speaker)?;
        Some(Self { bundle, speaker })
    }

    /// The language of the pack.
    pub fn language(&self) -> &Language {
        &self.speaker.language
    }

    /// The message as typeset text; what could not be said properly is noted in `lints`. `None` when the pack lacks
    /// the message or it is broken.
    pub fn say(&self, message: &str, arguments: &FluentArgs<'_>, lints: &mut Vec<Lint>) -> Option<String> {
        let (said, notes) = self.attempt(message, None, arguments);
        let form_missing = notes.lints.iter().any(|lint| matches!(lint, Lint::FormMissing { .. }));
        notes.lints.into_iter().for_each(|lint| note(lints, lint));
        let said = if form_missing { self.attempt(message, Some("fallback"), arguments).0 } else { said };
        if said.is_none() {
            note(lints, Lint::PhraseFaulty { message: message.to_owned(), language: self.language().clone() });
        }
        said.map(|text| typeset(self.language(), &text))
    }

    /// The raw text of a message or of one of its attributes, and what was noted on the way. A text in which a
    /// function or a variable failed is no text: Fluent would leave its name standing in the sentence.
    fn attempt(&self, message: &str, attribute: Option<&str>, arguments: &FluentArgs<'_>) -> (Option<String>, Notes) {
        let pattern = self.bundle.get_message(message).and_then(|message| match attribute {
            Some(attribute) => message.get_attribute(attribute).map(|attribute| attribute.value()),
            None => message.value(),
        });
        let mut errors = Vec::new();
        let text =
            pattern.map(|pattern| self.bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned());
        let notes = std::mem::take(&mut *self.speaker.notes());
        (text.filter(|_| errors.is_empty() && !notes.failed), notes)
    }
}

/// What a sentence lacked while it was being said.
#[derive(Default)]
struct Notes {
    lints: Vec<Lint>,
    /// Whether some function had nothing to say.
    failed: bool,
}

/// What the functions of a pack know: the language, the nouns, and a note of what was missing.
struct Speaker {
    language: Language,
    lexicon: Lexicon,
    notes: Mutex<Notes>,
}

impl Speaker {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn form_missing(&self, subject: &str, case: Case) -> Option<String> {
        let language = self.language.clone();
        note(&mut self.notes().lints, Lint::FormMissing { subject: subject.to_owned(), language, case });
        None
    }

    fn text_missing(&self, subject: &str) {
        let language = self.language.clone();
        note(&mut self.notes().lints, Lint::TextMissing { subject: subject.to_owned(), language });
    }

    fn state(&self, code: &str, case: Case) -> Option<String> {
        let Some(names) = self.lexicon.states.get(code) else { return self.form_missing(code, case) };
        let forms = names.forms(&self.language);
        let stored = match case {
            Case::Nominative => forms.and_then(|forms| forms.text.as_deref().or(forms.list.as_deref())),
            Case::Genitive => forms.and_then(|forms| forms.genitive.as_deref()),
            Case::Locative => forms.and_then(|forms| forms.locative.as_deref()),
            Case::Instrumental => forms.and_then(|forms| forms.instrumental.as_deref()),
        };
        match (stored, case) {
            (Some(form), _) => Some(form.to_owned()),
            // There is no sentence without any name, so a foreign one has to do; the lint says so.
            (None, Case::Nominative) => {
                self.text_missing(code);
                Some(names.text(&self.language).unwrap_or(code).to_owned())
            }
            (None, _) => self.form_missing(code, case),
        }
    }

    fn states(&self, codes: &str, case: Case) -> Option<String> {
        // Every code is looked up, so that one draft names all missing forms.
        let forms: Vec<Option<String>> = codes.split_whitespace().map(|code| self.state(code, case)).collect();
        let forms: Vec<String> = forms.into_iter().collect::<Option<_>>()?;
        join(&self.language, &forms)
    }

    fn noun(&self, key: &str, case: Case) -> Option<String> {
        let noun = self.lexicon.nouns.get(key)?;
        match (noun.form(&self.language, case), case) {
            (Some(form), _) => Some(form.to_owned()),
            (None, Case::Nominative) => {
                self.text_missing(key);
                noun.name.resolve(&[]).map(|(_, name)| name.to_owned())
            }
            (None, _) => self.form_missing(key, case),
        }
    }

    fn with_preposition(&self, preposition: Option<&str>, noun: String) -> Option<String> {
        match (self.language.as_str(), preposition) {
            (_, None) => Some(noun),
            ("pl", Some("w")) => Some(format!("{} {noun}", polish_in(&noun))),
            _ => None,
        }
    }
}

/// Joins with the list pattern of the language: "A, B and C", without a comma before "and".
pub(crate) fn join(language: &Language, items: &[String]) -> Option<String> {
    // Plain "en" is American usage with the serial comma; statements follow the United Nations and write without.
    let tag = if language.as_str() == "en" { "en-GB" } else { language.as_str() };
    let locale: Locale = tag.parse().ok()?;
    let formatter = ListFormatter::try_new_and((&locale).into(), ListFormatterOptions::default()).ok()?;
    Some(formatter.format(items.iter().map(String::as_str)).to_string())
}

/// Gives the functions to the bundle. `None` if a name were taken twice, which the tests of the packs rule out.
fn register(bundle: &mut FluentBundle<FluentResource>, speaker: &Arc<Speaker>) -> Option<()> {
    add(bundle, speaker, "STATE", |speaker, call| {
        speaker.with_preposition(call.preposition, speaker.state(call.string(0)?, call.case?)?)
    })?;
    add(bundle, speaker, "STATES", |speaker, call| speaker.states(call.string(0)?, call.case?))?;
    add(bundle, speaker, "NOUN", |speaker, call| {
        speaker.with_preposition(call.preposition, speaker.noun(call.string(0)?, call.case?)?)
    })?;
    add(bundle, speaker, "DATES", |speaker, call| {
        let day = |index| call.string(index)?.parse::<Date>().ok();
        dates::range(&speaker.language, DateRange { first: day(0)?, last: day(1)? })
    })?;
    add(bundle, speaker, "ORDINAL", |speaker, call| dates::ordinal(&speaker.language, call.number(0)?))
}

fn add(
    bundle: &mut FluentBundle<FluentResource>,
    speaker: &Arc<Speaker>,
    name: &str,
    function: fn(&Speaker, &Call<'_>) -> Option<String>,
) -> Option<()> {
    let speaker = Arc::clone(speaker);
    bundle
        .add_function(name, move |positional, named| {
            let call = Call::new(positional, named);
            match function(&speaker, &call) {
                Some(said) => FluentValue::String(said.into()),
                None => {
                    speaker.notes().failed = true;
                    FluentValue::Error
                }
            }
        })
        .ok()
}

/// The arguments of one function call in a phrase.
struct Call<'a> {
    positional: &'a [FluentValue<'a>],
    /// `None` when the phrase names a case that does not exist.
    case: Option<Case>,
    preposition: Option<&'a str>,
}

impl<'a> Call<'a> {
    fn new(positional: &'a [FluentValue<'a>], named: &'a FluentArgs<'_>) -> Self {
        let word = |key: &'static str| match named.get(key) {
            Some(FluentValue::String(word)) => Some(word.as_ref()),
            _ => None,
        };
        let case = word("case").map_or(Some(Case::Nominative), Case::parse);
        Self { positional, case, preposition: word("with") }
    }

    fn string(&self, index: usize) -> Option<&str> {
        match self.positional.get(index) {
            Some(FluentValue::String(value)) => Some(value.as_ref()),
            _ => None,
        }
    }

    fn number(&self, index: usize) -> Option<u32> {
        match self.positional.get(index) {
            Some(FluentValue::Number(number)) => format!("{}", number.value).parse().ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
#[path = "phrases_tests.rs"]
mod tests;
