//! Versions: the whole text pinned at one moment, each chained to the one before it.

use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt;

use super::{
    Clause, Part,
    clause::{self, hexadecimal},
};
use crate::{Text, identifier::ClauseId};

/// What a version is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// The text as first tabled.
    ZeroDraft,
    /// The text after a round of negotiation, from 1: `rev.1`.
    Revision(u32),
    /// The text as adopted.
    Adopted,
}

impl Label {
    /// Reads `zero_draft`, `rev.3` or `adopted`.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "zero_draft" => Some(Self::ZeroDraft),
            "adopted" => Some(Self::Adopted),
            other => other.strip_prefix("rev.")?.parse().ok().filter(|number| *number > 0).map(Self::Revision),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroDraft => f.write_str("zero_draft"),
            Self::Revision(number) => write!(f, "rev.{number}"),
            Self::Adopted => f.write_str("adopted"),
        }
    }
}

impl Serialize for Label {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One clause of a version: which revision stood where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pinned {
    /// The clause.
    pub clause: ClauseId,
    /// Its part.
    pub part: Part,
    /// Its number, where it carries one.
    pub number: Option<u32>,
    /// The revision that stood there.
    pub revision: u32,
    /// Hash of that revision's words.
    pub sha256: String,
}

/// The whole text at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// What it is called.
    pub label: Label,
    /// The clauses in reading order.
    pub clauses: Vec<Pinned>,
    /// SHA-256 over label, title, clauses and the previous version's hash, in hexadecimal.
    pub sha256: String,
    /// Hash of the version before it, so that none can be changed or dropped unnoticed.
    pub previous: Option<String>,
}

impl Version {
    /// Pins the text as it stands; `previous` is the hash of the version before it.
    pub fn pin(label: Label, title: &Text, clauses: &[Clause], previous: Option<String>) -> Self {
        let clauses: Vec<Pinned> = clause::numbered(clauses)
            .into_iter()
            .map(|line| Pinned {
                clause: line.clause.id,
                part: line.clause.part,
                number: line.number,
                revision: line.clause.revision.number(),
                sha256: line.clause.revision.sha256(),
            })
            .collect();
        let sha256 = digest(label, title, &clauses, previous.as_deref());
        Self { label, clauses, sha256, previous }
    }
}

/// Every field is preceded by its length, so that no two different versions are fed to the hash as the same bytes.
fn digest(label: Label, title: &Text, clauses: &[Pinned], previous: Option<&str>) -> String {
    let mut hash = Sha256::new();
    let mut feed = |field: &str| {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    };
    feed(&label.to_string());
    feed(previous.unwrap_or_default());
    feed(&title.0.len().to_string());
    for (language, words) in &title.0 {
        feed(language.as_str());
        feed(words);
    }
    for clause in clauses {
        feed(&clause.clause.to_string());
        feed(clause.part.as_str());
        feed(&clause.sha256);
    }
    hexadecimal(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, statements::State};
    use uuid::Uuid;

    fn clauses() -> Vec<Clause> {
        let words = |n: i32| Text::one(Language::english(), format!("Clause {n}."));
        (1..4).map(|n| Clause::authored(ClauseId(Uuid::from_u128(n as u128)), Part::Operative, n, words(n))).collect()
    }

    fn pin(clauses: &[Clause], previous: Option<&Version>) -> Version {
        let title = Text::one(Language::english(), "Title");
        Version::pin(Label::Revision(1), &title, clauses, previous.map(|version| version.sha256.clone()))
    }

    #[test]
    fn any_other_word_or_order_makes_another_version() {
        let base = pin(&clauses(), None);
        let mut rewritten = clauses();
        let other = Text::one(Language::english(), "Clause 2!");
        rewritten[1] = rewritten[1].clone().rewrite(State::Drafting, other).unwrap();
        let mut moved = clauses();
        moved[0].position = 9;
        assert_ne!(pin(&rewritten, None).sha256, base.sha256);
        assert_ne!(pin(&moved, None).sha256, base.sha256);
        assert_ne!(pin(&clauses(), Some(&base)).sha256, base.sha256);
    }

    #[test]
    fn the_order_in_which_clauses_are_read_makes_no_other_version() {
        let mut reversed = clauses();
        reversed.reverse();
        assert_eq!(pin(&reversed, None), pin(&clauses(), None));
    }

    #[test]
    fn labels_read_back() {
        for label in [Label::ZeroDraft, Label::Revision(12), Label::Adopted] {
            assert_eq!(Label::parse(&label.to_string()), Some(label));
        }
        assert_eq!((Label::parse("rev.0"), Label::parse("rev.x")), (None, None));
    }
}
