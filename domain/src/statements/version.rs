//! Versions: the whole text frozen at one moment, each chained to the one before it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, fmt};

use super::{Adoption, Clause, Kind, OrderPolicy, Participant, State, clause::numbered, order::List};
use crate::{
    Code, Language, Text,
    canonical::{canonical, hexadecimal},
    organisations::{NameForms, Names},
};

/// What a version is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

    /// The revision that follows the highest among `taken`.
    pub fn next_revision(taken: &[Self]) -> Self {
        let number = |label: &Self| if let Self::Revision(number) = label { *number } else { 0 };
        Self::Revision(taken.iter().map(number).max().unwrap_or(0).saturating_add(1))
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

impl TryFrom<String> for Label {
    type Error = String;
    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word).ok_or_else(|| format!("'{word}' is no label; use rev.1, rev.2 and so on."))
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.to_string()
    }
}

impl JsonSchema for Label {
    fn schema_name() -> Cow<'static, str> {
        "VersionLabel".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "What a version of a statement is called.",
            "pattern": "^(zero_draft|adopted|rev\\.[1-9][0-9]{0,8})$",
            "example": "rev.1",
        })
    }
}

/// Everything a statement is rendered from, at one moment. A frozen one is never changed, so it says for ever what it
/// said: which words stood in which order, who took part, and by what names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FrozenStatement")]
pub struct Content {
    /// Unique short name of the statement.
    pub code: Code,
    /// What sort of text it is.
    pub kind: Kind,
    /// Where it stood.
    pub state: State,
    /// What it was called.
    pub title: Text,
    /// The language in which the text was negotiated.
    pub drafting_language: Language,
    /// All languages of the text.
    pub languages: Vec<Language>,
    /// In which order its participants are listed.
    pub order_policy: OrderPolicy,
    /// Its clauses in reading order.
    pub clauses: Vec<Clause>,
    /// The organisations that took part in formulating it, with the names lists are made of.
    pub participants: Vec<Participant>,
    /// Codes of the co-chairs.
    pub co_chairs: Vec<Code>,
    /// Code of the host country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Code>,
    /// Where and when it was adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adoption: Option<Adoption>,
    /// SHA-256 of the version before it, so that none can be changed or dropped unnoticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
}

impl Content {
    /// The same content in the one form that is frozen: clauses in reading order, the deleted ones left out;
    /// participants by code, with no other names than lists need.
    pub fn frozen(mut self) -> Self {
        self.clauses = numbered(&self.clauses).into_iter().map(|line| line.clause.clone()).collect();
        self.participants.sort_by(|a, b| a.code.cmp(&b.code));
        self.participants.iter_mut().for_each(|participant| participant.names = list_names(&participant.names));
        self
    }

    /// Who is to be listed.
    pub fn list(&self) -> List<'_> {
        List { participants: &self.participants, co_chairs: &self.co_chairs, host: self.host.as_ref() }
    }

    /// SHA-256 in hexadecimal of the content as canonical JSON (RFC 8785), which anybody can compute again from what
    /// the API gives.
    ///
    /// # Errors
    /// None in practice: everything in it has a JSON form.
    pub fn sha256(&self) -> Result<String, serde_json::Error> {
        Ok(hexadecimal(&Sha256::digest(canonical(&serde_json::to_value(self)?))))
    }
}

/// Keeps of each language what a list shows and what it is sorted by.
fn list_names(names: &Names) -> Names {
    let forms = |forms: &NameForms| {
        let shown = [&forms.list, &forms.text, &forms.formal].into_iter().flatten().next();
        NameForms { list: shown.cloned(), sort: forms.sort.clone(), ..NameForms::default() }
    };
    Names(names.0.iter().map(|(language, known)| (language.clone(), forms(known))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identifier::ClauseId,
        statements::{ClauseState, Part, seoul},
    };
    use uuid::Uuid;

    fn english(words: &str) -> Text {
        Text::one(Language::english(), words)
    }

    fn content() -> Content {
        let clause = |n: i32| {
            Clause::authored(ClauseId(Uuid::from_u128(n as u128)), Part::Operative, n, english(&format!("Clause {n}.")))
        };
        Content {
            code: Code::parse("seoul-statement", "").unwrap(),
            kind: Kind::JointStatement,
            state: State::Negotiating,
            title: english("Title"),
            drafting_language: Language::english(),
            languages: vec![Language::english()],
            order_policy: OrderPolicy::Alphabetical,
            clauses: (1..4).map(clause).collect(),
            participants: vec![],
            co_chairs: vec![],
            host: None,
            adoption: None,
            previous: None,
        }
    }

    fn hash(content: Content) -> String {
        content.frozen().sha256().unwrap()
    }

    #[test]
    fn any_other_word_order_or_predecessor_makes_another_version() {
        let mut rewritten = content();
        rewritten.clauses[1] = rewritten.clauses[1].clone().rewrite(State::Drafting, english("Clause 2!")).unwrap();
        let mut moved = content();
        moved.clauses[0].position = 9;
        let follows = Content { previous: Some(hash(content())), ..content() };
        for other in [rewritten, moved, follows] {
            assert_ne!(hash(other), hash(content()));
        }
    }

    #[test]
    fn the_order_in_which_rows_are_read_makes_no_other_version() {
        let mut read = Content { participants: seoul::facts().participants, ..content() };
        let first = hash(read.clone());
        read.clauses.reverse();
        read.participants.reverse();
        assert_eq!(hash(read), first);
    }

    #[test]
    fn a_deleted_clause_is_not_in_the_version() {
        let mut struck = content();
        struck.clauses[0] = struck.clauses[0].clone().settle(State::Negotiating, ClauseState::Deleted).unwrap();
        assert_eq!(struck.frozen().clauses.len(), 2);
    }

    #[test]
    fn a_version_keeps_the_names_that_lists_need_and_no_others() {
        let participants = seoul::facts().participants;
        let frozen = Content { participants: participants.clone(), ..content() }.frozen();
        let polish = Language::parse("pl").unwrap();
        for participant in &participants {
            let kept = frozen.participants.iter().find(|other| other.code == participant.code).unwrap();
            assert_eq!(kept.names.list(&polish), participant.names.list(&polish));
            assert_eq!(kept.names.sort(&polish), participant.names.sort(&polish));
            assert_eq!(kept.names.forms(&polish).unwrap().genitive, None);
        }
    }

    #[test]
    fn labels_read_back_and_count_on() {
        for label in [Label::ZeroDraft, Label::Revision(12), Label::Adopted] {
            assert_eq!(Label::parse(&label.to_string()), Some(label));
        }
        assert_eq!((Label::parse("rev.0"), Label::parse("rev.x")), (None, None));
        assert_eq!(Label::next_revision(&[]), Label::Revision(1));
        assert_eq!(Label::next_revision(&[Label::Revision(4), Label::ZeroDraft]), Label::Revision(5));
    }
}
