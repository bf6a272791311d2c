//! What a person writes of a clause, and where in the statement it goes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Clause, ClauseState, Part, Refusal, State,
    clause::{LONGEST_CLAUSE, numbered},
};
use crate::{Check, Text, Violation, identifier::ClauseId, language::check_line};

/// The most clauses a statement can have.
pub const MOST_CLAUSES: usize = 300;

/// What a person writes of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ClauseDetails")]
pub struct Wording {
    /// The part of the statement it belongs to.
    #[serde(default = "Wording::part")]
    pub part: Part,
    /// Its words per language; only a placeholder has none. A line feed is a line break, an empty line parts paragraphs.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub text: Text,
    /// How far the delegations have come with it. Other words open it again, unless another state is sent with them.
    /// To delete a clause, use DELETE.
    #[serde(default = "Wording::state")]
    pub state: ClauseState,
    /// Puts it after this clause of the same part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ClauseId>,
    /// Puts it before this clause of the same part. With neither, a new clause goes to the end of its part and another
    /// one stays where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ClauseId>,
    /// Why it is written so; kept with the revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub reason: Option<String>,
}

/// Where a clause goes within its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// To the end.
    End,
    /// After this clause.
    After(ClauseId),
    /// Before this clause.
    Before(ClauseId),
}

impl Wording {
    fn part() -> Part {
        Part::Operative
    }

    fn state() -> ClauseState {
        ClauseState::Open
    }

    /// The clause as somebody wrote it: what a change is made from.
    pub fn of(clause: &Clause) -> Self {
        Self {
            part: clause.part,
            text: clause.revision.text().clone(),
            state: clause.state,
            after: None,
            before: None,
            reason: None,
        }
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if !(self.text.is_empty() && self.state == ClauseState::Placeholder) {
            check.take(self.text.check("/text", LONGEST_CLAUSE));
        }
        check
            .require(self.state != ClauseState::Deleted, "/state", "use_delete", "To delete a clause, use DELETE.")
            .require(
                self.after.is_none() || self.before.is_none(),
                "/before",
                "two_places",
                "Name the clause it goes after or the one it goes before, not both.",
            );
        if let Some(reason) = &self.reason {
            check.take(check_line(reason, "/reason", 1000));
        }
        check.finish()
    }

    /// The place it asks for, if it asks for one.
    pub fn place(&self) -> Option<Place> {
        self.after.map(Place::After).or(self.before.map(Place::Before))
    }

    /// The clause with these words and this state, in a statement that stands at `statement`; its place is another
    /// matter, see [`arrange`].
    pub fn apply(&self, clause: Clause, statement: State) -> Result<Clause, Refusal> {
        let before = clause.state;
        let written = clause.rewrite(statement, self.text.clone())?;
        if self.state == before { Ok(written) } else { written.settle(statement, self.state) }
    }
}

/// The clauses of `part` in reading order, with `moving` among them at `place`.
pub fn arrange(clauses: &[Clause], moving: ClauseId, part: Part, place: Place) -> Result<Vec<ClauseId>, Violation> {
    let mut order: Vec<ClauseId> = numbered(clauses)
        .iter()
        .filter(|line| line.clause.part == part && line.clause.id != moving)
        .map(|line| line.clause.id)
        .collect();
    let find = |id, pointer| {
        order.iter().position(|other| *other == id).ok_or_else(|| {
            Violation::new(
                pointer,
                "unknown_clause",
                format!("Name another clause of the part '{part}' of this statement."),
            )
        })
    };
    let at = match place {
        Place::End => order.len(),
        Place::After(id) => find(id, "/after")? + 1,
        Place::Before(id) => find(id, "/before")?,
    };
    order.insert(at, moving);
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use uuid::Uuid;

    fn id(n: u128) -> ClauseId {
        ClauseId(Uuid::from_u128(n))
    }

    fn clause(n: u128, part: Part, words: &str) -> Clause {
        Clause::authored(id(n), part, n as i32, Text::one(Language::english(), words))
    }

    fn order(moving: u128, place: Place) -> Vec<u128> {
        let clauses: Vec<Clause> = (1..=3)
            .map(|n| clause(n, Part::Operative, "Words."))
            .chain([clause(9, Part::Preamble, "Noting,")])
            .collect();
        arrange(&clauses, id(moving), Part::Operative, place).unwrap().iter().map(|id| id.0.as_u128()).collect()
    }

    #[test]
    fn a_clause_goes_where_it_is_put() {
        assert_eq!(order(7, Place::End), [1, 2, 3, 7]);
        assert_eq!(order(7, Place::After(id(1))), [1, 7, 2, 3]);
        assert_eq!(order(7, Place::Before(id(1))), [7, 1, 2, 3]);
        assert_eq!(order(1, Place::After(id(2))), [2, 1, 3]);
        assert_eq!(order(3, Place::Before(id(1))), [3, 1, 2]);
    }

    #[test]
    fn a_clause_is_not_put_beside_one_of_another_part_or_beside_itself() {
        let clauses = [clause(1, Part::Operative, "Words."), clause(9, Part::Preamble, "Noting,")];
        for (place, pointer) in [(Place::After(id(9)), "/after"), (Place::Before(id(1)), "/before")] {
            let fault = arrange(&clauses, id(1), Part::Operative, place).unwrap_err();
            assert_eq!((fault.pointer.as_str(), fault.code), (pointer, "unknown_clause"));
        }
    }

    #[test]
    fn other_words_open_an_agreed_clause_unless_another_state_is_sent_with_them() {
        let agreed = clause(1, Part::Operative, "Words.").settle(State::Tabled, ClauseState::Agreed).unwrap();
        let rewritten = Wording { text: Text::one(Language::english(), "Other words."), ..Wording::of(&agreed) };
        assert_eq!(rewritten.apply(agreed.clone(), State::Tabled).unwrap().state, ClauseState::Open);
        let confirmed = Wording { state: ClauseState::AgreedAdRef, ..rewritten };
        assert_eq!(confirmed.apply(agreed, State::Tabled).unwrap().state, ClauseState::AgreedAdRef);
    }

    #[test]
    fn only_a_placeholder_is_without_words() {
        let held = Wording {
            text: Text::default(),
            state: ClauseState::Placeholder,
            ..Wording::of(&clause(1, Part::List, "x"))
        };
        assert_eq!(held.check(), Ok(()));
        let open = Wording { state: ClauseState::Open, after: Some(id(1)), before: Some(id(2)), ..held };
        let codes: Vec<_> = open.check().unwrap_err().into_iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["required", "two_places"]);
    }
}
