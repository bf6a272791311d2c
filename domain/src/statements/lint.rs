//! What the author of a generated text should look at before using it.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

use crate::Language;

crate::words! {
    /// Grammatical case of a noun slot.
    #[schemars(rename = "GrammaticalCase")]
    pub enum Case {
        /// Subject; the form that is always stored.
        Nominative = "nom",
        /// Of whom: "pod przewodnictwem Polski".
        Genitive = "gen",
        /// Where: "w Polsce".
        Locative = "loc",
        /// With whom, between whom: "między Polską a Koreą".
        Instrumental = "ins",
    }
}

/// Something a draft could not say properly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Lint {
    /// A case form is not stored; the sentence was written so as to avoid it.
    FormMissing {
        /// Organisation code, or `place`, `group`, `next_place`.
        subject: String,
        /// Language of the text.
        language: Language,
        /// The form that is wanted.
        case: Case,
    },
    /// A name or title does not exist in the language; another language stands in the text.
    TextMissing {
        /// Organisation code, or the name of the fact.
        subject: String,
        /// Language of the text.
        language: Language,
    },
    /// Plenum has no phrases in this language, so nothing was drafted in it.
    LanguageMissing {
        /// The language asked for.
        language: Language,
    },
    /// A phrase of the pack is missing or broken; the clause lacks this language.
    PhraseFaulty {
        /// The message of the phrase pack.
        message: String,
        /// Language of the pack.
        language: Language,
    },
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FormMissing { subject, language, case } => {
                write!(f, "The {case} form of '{subject}' in '{language}' is not stored; add it and draft again.")
            }
            Self::TextMissing { subject, language } => {
                write!(f, "'{subject}' has no text in '{language}'; another language stands in its place.")
            }
            Self::LanguageMissing { language } => {
                write!(f, "There are no phrases in '{language}'; write this language by hand.")
            }
            Self::PhraseFaulty { message, language } => {
                write!(f, "The phrase '{message}' in '{language}' is faulty; write this clause by hand.")
            }
        }
    }
}

/// Adds a lint once.
pub(super) fn note(lints: &mut Vec<Lint>, lint: Lint) {
    if !lints.contains(&lint) {
        lints.push(lint);
    }
}
