//! Words and the language they are in: what every document is made of.

use domain::{Code, Language, Text, organisations::Names};
use schemars::JsonSchema;
use serde::Serialize;

/// What stands in place of a clause that has no words yet.
const NO_WORDS: &str = "[…]";

/// Direction of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "TextDirection")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    pub(crate) fn of(language: &Language) -> Self {
        if language.is_right_to_left() { Self::Rtl } else { Self::Ltr }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// Words and the language they are in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DocumentLine")]
pub struct Line {
    /// The language of the words.
    pub language: Language,
    /// The words. A line feed is a line break, a blank line parts paragraphs.
    pub text: String,
}

impl Line {
    /// The words in `language`, else in another one that they then name.
    pub(crate) fn resolve(text: &Text, language: &Language) -> Self {
        let spoken: Text = Text(text.0.iter().filter(|(_, words)| !words.trim().is_empty()).map(clone).collect());
        match spoken.resolve(std::slice::from_ref(language)) {
            Some((language, words)) => Self { language: language.clone(), text: words.to_owned() },
            None => Self { language: language.clone(), text: NO_WORDS.to_owned() },
        }
    }
}

fn clone((language, words): (&Language, &String)) -> (Language, String) {
    (language.clone(), words.clone())
}

impl From<(Language, String)> for Line {
    fn from((language, text): (Language, String)) -> Self {
        Self { language, text }
    }
}

/// The name for lists of an organisation with the language it is in, by the same fallback as [`Names::list`]; the code of
/// one without any name.
pub(crate) fn list_name(names: &Names, code: &Code, language: &Language) -> Line {
    let Some(name) = names.list(language) else {
        return Line { language: language.clone(), text: code.to_string() };
    };
    let has = |candidate: &&Language| {
        names.forms(candidate).is_some_and(|forms| {
            [&forms.list, &forms.text, &forms.formal].into_iter().flatten().any(|form| form == name)
        })
    };
    let english = Language::english();
    let found = [language, &english].into_iter().chain(names.0.keys()).find(has);
    Line { language: found.unwrap_or(language).clone(), text: name.to_owned() }
}
