//! Clauses: the paragraphs of a statement, each with an id for life and immutable revisions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Refusal, State};
use crate::{Text, canonical::hexadecimal, identifier::ClauseId};

/// The longest text of one clause in one language, in characters.
pub const LONGEST_CLAUSE: usize = 20_000;

crate::words! {
    /// The part of the statement a clause belongs to; parts follow each other in this order.
    #[schemars(rename = "ClausePart")]
    pub enum Part {
        /// The title. A live clause of this part stands in for the title of the statement.
        Title = "title",
        /// Preambular paragraph, not numbered.
        Preamble = "preamble",
        /// Operative paragraph, numbered.
        Operative = "operative",
        /// What introduces the list of states.
        List = "list",
        /// What stands at the end.
        Closing = "closing",
    }
}

crate::words! {
    /// How far the delegations have come with a clause.
    pub enum ClauseState {
        /// Under discussion.
        Open = "open",
        /// Agreed.
        Agreed = "agreed",
        /// Agreed subject to confirmation by a capital.
        AgreedAdRef = "agreed_ad_ref",
        /// Delegations agreed to come back to it; text to be written.
        Placeholder = "placeholder",
        /// Struck out. The id is never used again.
        Deleted = "deleted",
    }
}

/// Where the words of a revision come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Provenance {
    /// Written from facts; when one of them changes, the clause can be flagged.
    Generated {
        /// The message of the phrase pack: `joint_statement/held`.
        template: String,
        /// The facts that were used: `dates`, `host`.
        facts: Vec<String>,
    },
    /// Written by a person.
    Authored,
}

/// The words of a clause at one moment. A revision is never changed; another one follows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FrozenRevision")]
pub struct Revision {
    /// Its place in the life of the clause, from 1.
    number: u32,
    /// The words, per language.
    text: Text,
    /// Where the words come from.
    provenance: Provenance,
}

impl Revision {
    /// A revision as it is stored. Numbers begin with 1.
    pub fn new(number: u32, text: Text, provenance: Provenance) -> Self {
        Self { number, text, provenance }
    }

    /// Its place in the life of the clause, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The words, per language.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Where the words come from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// SHA-256 of the words in all languages, in hexadecimal. Languages are sorted, so equal words hash equally.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for (language, words) in &self.text.0 {
            for field in [language.as_str(), words.as_str()] {
                hash.update((field.len() as u64).to_be_bytes());
                hash.update(field.as_bytes());
            }
        }
        hexadecimal(&hash.finalize())
    }
}

/// A clause with its current revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FrozenClause")]
pub struct Clause {
    /// Permanent: survives edits, moves and renumbering.
    pub id: ClauseId,
    /// The part it belongs to.
    pub part: Part,
    /// Its place within the part; smaller comes first, the id decides between equals.
    pub position: i32,
    /// How far the delegations have come.
    pub state: ClauseState,
    /// Its words now.
    pub revision: Revision,
}

impl Clause {
    /// A clause a person has just written.
    pub fn authored(id: ClauseId, part: Part, position: i32, text: Text) -> Self {
        let revision = Revision::new(1, text, Provenance::Authored);
        Self { id, part, position, state: ClauseState::Open, revision }
    }

    /// Gives the clause other words. What was agreed was agreed about the old ones, so the clause is open again.
    /// The same words make no new revision.
    pub fn rewrite(self, statement: State, text: Text) -> Result<Self, Refusal> {
        self.admit_change(statement)?;
        if &text == self.revision.text() {
            return Ok(self);
        }
        let revision = Revision::new(self.revision.number() + 1, text, Provenance::Authored);
        Ok(Self { state: ClauseState::Open, revision, ..self })
    }

    /// Records how far the delegations have come, or deletes the clause.
    pub fn settle(self, statement: State, state: ClauseState) -> Result<Self, Refusal> {
        self.admit_change(statement)?;
        let agrees = matches!(state, ClauseState::Agreed | ClauseState::AgreedAdRef);
        if agrees && self.revision.text().0.values().all(|words| words.trim().is_empty()) {
            return Err(Refusal::ClauseEmpty);
        }
        Ok(Self { state, ..self })
    }

    /// Moves the clause to another place.
    pub fn relocate(self, statement: State, part: Part, position: i32) -> Result<Self, Refusal> {
        self.admit_change(statement)?;
        Ok(Self { part, position, ..self })
    }

    fn admit_change(&self, statement: State) -> Result<(), Refusal> {
        statement.admit_editing()?;
        if self.state == ClauseState::Deleted { Err(Refusal::ClauseDeleted) } else { Ok(()) }
    }
}

/// A clause with the number it carries in every language version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered<'a> {
    /// Arabic numeral of an operative clause.
    pub number: Option<u32>,
    /// The clause.
    pub clause: &'a Clause,
}

impl Numbered<'_> {
    /// How to speak of the clause: its number, or the name of its part.
    pub fn label(&self) -> String {
        self.number.map_or_else(|| self.clause.part.to_string(), |number| number.to_string())
    }
}

/// The clauses that are not deleted, in reading order, with their numbers.
///
/// Numbers are computed here once for all languages and never typed, so that references are identical in every
/// version (UN editorial rules). Operative clauses count from 1; a single one carries no number; others never do.
pub fn numbered(clauses: &[Clause]) -> Vec<Numbered<'_>> {
    let mut live: Vec<&Clause> = clauses.iter().filter(|clause| clause.state != ClauseState::Deleted).collect();
    live.sort_by_key(|clause| (clause.part, clause.position, clause.id));
    let single = live.iter().filter(|clause| clause.part == Part::Operative).count() == 1;
    let mut last = 0;
    live.into_iter()
        .map(|clause| {
            let counts = clause.part == Part::Operative && !single;
            last += u32::from(counts);
            Numbered { number: counts.then_some(last), clause }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn english(words: &str) -> Text {
        Text::one(Language::english(), words)
    }

    fn clause(id: u128, part: Part, position: i32) -> Clause {
        Clause::authored(ClauseId(Uuid::from_u128(id)), part, position, english("Words."))
    }

    fn labels(clauses: &[Clause]) -> Vec<String> {
        numbered(clauses).iter().map(Numbered::label).collect()
    }

    #[test]
    fn operative_clauses_are_numbered_and_preambular_ones_are_not() {
        let clauses = [
            clause(1, Part::Closing, 0),
            clause(2, Part::Operative, 20),
            clause(3, Part::Preamble, 5),
            clause(4, Part::Operative, 10),
            clause(5, Part::List, 0),
        ];
        assert_eq!(labels(&clauses), ["preamble", "1", "2", "list", "closing"]);
        assert_eq!(numbered(&clauses)[1].clause.id, clauses[3].id);
    }

    #[test]
    fn a_single_operative_clause_is_not_numbered() {
        assert_eq!(labels(&[clause(1, Part::Operative, 0)]), ["operative"]);
    }

    #[test]
    fn a_deleted_clause_leaves_no_gap_in_the_numbers() {
        let mut clauses: Vec<Clause> = (0..3).map(|n| clause(n as u128, Part::Operative, n)).collect();
        clauses[0] = clauses[0].clone().settle(State::Negotiating, ClauseState::Deleted).unwrap();
        assert_eq!(labels(&clauses), ["1", "2"]);
    }

    #[test]
    fn other_words_make_a_new_revision_and_reopen_the_clause() {
        let agreed = clause(1, Part::Operative, 0).settle(State::Tabled, ClauseState::Agreed).unwrap();
        let same = agreed.clone().rewrite(State::Tabled, english("Words.")).unwrap();
        assert_eq!(same, agreed);
        let rewritten = agreed.clone().rewrite(State::Tabled, english("Other words.")).unwrap();
        assert_eq!((rewritten.revision.number(), rewritten.state), (2, ClauseState::Open));
        assert_ne!(rewritten.revision.sha256(), agreed.revision.sha256());
        assert_eq!(rewritten.id, agreed.id);
    }

    #[test]
    fn the_text_of_an_adopted_statement_is_not_edited() {
        let refused = Err(Refusal::TextIsFinal { state: State::Adopted });
        let clause = clause(1, Part::Operative, 0);
        assert_eq!(clause.clone().rewrite(State::Adopted, english("Other.")), refused);
        assert_eq!(clause.clone().settle(State::Adopted, ClauseState::Deleted), refused);
        assert_eq!(clause.relocate(State::Adopted, Part::Operative, 3), refused);
    }

    #[test]
    fn a_deleted_clause_does_not_come_back() {
        let deleted = clause(1, Part::Operative, 0).settle(State::Drafting, ClauseState::Deleted).unwrap();
        assert_eq!(deleted.clone().settle(State::Drafting, ClauseState::Open), Err(Refusal::ClauseDeleted));
        assert_eq!(deleted.rewrite(State::Drafting, english("Again.")), Err(Refusal::ClauseDeleted));
    }

    #[test]
    fn nobody_agrees_to_a_clause_without_words() {
        let empty = Clause::authored(ClauseId(Uuid::nil()), Part::Operative, 0, Text::default());
        let held = empty.settle(State::Negotiating, ClauseState::Placeholder).unwrap();
        assert_eq!(held.settle(State::Negotiating, ClauseState::Agreed), Err(Refusal::ClauseEmpty));
    }

    #[test]
    fn moving_words_between_languages_changes_the_hash() {
        let polish = |words: &str| Text::one(Language::parse("pl").unwrap(), words);
        let hash = |text| Revision::new(1, text, Provenance::Authored).sha256();
        assert_ne!(hash(english("Tekst")), hash(polish("Tekst")));
        // printf '\0\0\0\0\0\0\0\2en\0\0\0\0\0\0\0\6Words.' | sha256sum
        assert_eq!(hash(english("Words.")), "70bc14d8f975f964de81e746fbdf9fc42136b949218098b158e9a0c609ca544c");
    }

    proptest! {
        #[test]
        fn numbers_do_not_depend_on_the_order_in_which_clauses_are_read(
            parts in prop::collection::vec((0_usize..5, 0_i32..4, 0_usize..5), 0..12),
            turn in 0_usize..12,
        ) {
            let mut clauses: Vec<Clause> = parts
                .iter()
                .zip(1_u128..)
                .map(|((part, position, state), id)| Clause {
                    state: ClauseState::ALL[*state],
                    ..clause(id, Part::ALL[*part], *position)
                })
                .collect();
            let before: Vec<_> = numbered(&clauses).iter().map(|line| (line.number, line.clause.id)).collect();
            let middle = if clauses.is_empty() { 0 } else { turn % clauses.len() };
            clauses.rotate_left(middle);
            clauses.reverse();
            let after: Vec<_> = numbered(&clauses).iter().map(|line| (line.number, line.clause.id)).collect();
            prop_assert_eq!(&before, &after);
            let numbers: Vec<u32> = after.iter().filter_map(|(number, _)| *number).collect();
            prop_assert_eq!(&numbers, &(1..=numbers.len() as u32).collect::<Vec<_>>());
        }
    }
}
