//! The states of a statement, the steps between them, and the reasons a step is refused.
//!
//! `drafting -> tabled -> negotiating -> adopted -> published`; `failed` from `negotiating`; `withdrawn` from
//! anything before adoption. Silence procedure and endorsement will stand between `negotiating` and `published`.

use thiserror::Error;

use super::{
    Clause, ClauseState, Kind, Part,
    clause::{self, Numbered},
};

crate::words! {
    /// Where a statement stands.
    #[schemars(rename = "StatementState")]
    pub enum State {
        /// The penholder is writing; delegations do not see it yet.
        Drafting = "drafting",
        /// Laid before the delegations.
        Tabled = "tabled",
        /// Delegations work on the text.
        Negotiating = "negotiating",
        /// Adopted by the meeting. The text is final.
        Adopted = "adopted",
        /// Adopted and made public.
        Published = "published",
        /// Negotiated without agreement.
        Failed = "failed",
        /// Taken back before adoption.
        Withdrawn = "withdrawn",
    }
}

/// Why a step was refused. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The step does not start from this state.
    #[error("A statement that is {state} cannot be {step}; it must be {} first.", from.as_str())]
    WrongState {
        /// What was asked: `tabled`, `adopted`.
        step: &'static str,
        /// Where the statement stands.
        state: State,
        /// The state the step starts from.
        from: State,
    },
    /// Nobody may edit the text any more.
    #[error("The statement is {state} and its text is final. Start a new statement to say something else.")]
    TextIsFinal {
        /// Where the statement stands.
        state: State,
    },
    /// Every statement begins as a draft and does not become one again.
    #[error("A statement begins in drafting and does not go back to it. Edit it as it stands.")]
    OnceDrafted,
    /// There is nothing to table or to adopt.
    #[error("Write at least one operative clause first: without one the statement says nothing.")]
    NoOperativeClause,
    /// The gate of clean text: something is not agreed yet.
    #[error("Agree or delete these clauses before adoption: {}.", clauses.join(", "))]
    UnsettledClauses {
        /// Each clause by its number, or by its part where it has none.
        clauses: Vec<String>,
    },
    /// Such a text is not adopted at all.
    #[error("A chair's summary speaks for the chair alone and is not adopted. Publish it instead.")]
    NotForAdoption,
    /// The clause was deleted; its id stays, its text does not come back.
    #[error("The clause was deleted. Add a new clause instead.")]
    ClauseDeleted,
    /// There are no words to agree on.
    #[error("The clause has no text yet. Write it before agreeing to it.")]
    ClauseEmpty,
}

impl Refusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::TextIsFinal { .. } => "text_is_final",
            Self::OnceDrafted => "once_drafted",
            Self::NoOperativeClause => "no_operative_clause",
            Self::UnsettledClauses { .. } => "unsettled_clauses",
            Self::NotForAdoption => "not_for_adoption",
            Self::ClauseDeleted => "clause_deleted",
            Self::ClauseEmpty => "clause_empty",
        }
    }
}

impl State {
    /// Whether nothing leads on from here except publication.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Adopted | Self::Published | Self::Failed | Self::Withdrawn)
    }

    /// Whether the participants adopted the text.
    pub fn is_adopted(self) -> bool {
        matches!(self, Self::Adopted | Self::Published)
    }

    /// Refuses once the text is final.
    pub fn admit_editing(self) -> Result<(), Refusal> {
        if self.is_final() { Err(Refusal::TextIsFinal { state: self }) } else { Ok(()) }
    }

    /// The step to `to`, or why there is none.
    pub fn step(self, to: Self, kind: Kind, clauses: &[Clause]) -> Result<Self, Refusal> {
        match to {
            Self::Drafting => Err(Refusal::OnceDrafted),
            Self::Tabled => self.table(clauses),
            Self::Negotiating => self.negotiate(),
            Self::Adopted => self.adopt(kind, clauses),
            Self::Published => self.publish(kind),
            Self::Failed => self.fail(),
            Self::Withdrawn => self.withdraw(),
        }
    }

    /// Lays the draft before the delegations.
    pub fn table(self, clauses: &[Clause]) -> Result<Self, Refusal> {
        self.must_be(Self::Drafting, "tabled")?;
        must_say_something(clauses)?;
        Ok(Self::Tabled)
    }

    /// Opens the negotiation of a tabled text.
    pub fn negotiate(self) -> Result<Self, Refusal> {
        self.must_be(Self::Tabled, "negotiated")?;
        Ok(Self::Negotiating)
    }

    /// Adopts the text in the meeting, no objection having been recorded. Only clean text is adopted: every clause
    /// that is not deleted is agreed, agreement ad referendum has been confirmed, and there is an operative clause.
    pub fn adopt(self, kind: Kind, clauses: &[Clause]) -> Result<Self, Refusal> {
        if !kind.is_adopted_by_participants() {
            return Err(Refusal::NotForAdoption);
        }
        self.must_be(Self::Negotiating, "adopted")?;
        must_say_something(clauses)?;
        let unsettled: Vec<String> = clause::numbered(clauses)
            .iter()
            .filter(|line| line.clause.state != ClauseState::Agreed)
            .map(Numbered::label)
            .collect();
        if unsettled.is_empty() { Ok(Self::Adopted) } else { Err(Refusal::UnsettledClauses { clauses: unsettled }) }
    }

    /// Makes the text public: after adoption, or straight from drafting when it speaks for the chair alone.
    pub fn publish(self, kind: Kind) -> Result<Self, Refusal> {
        let from = if kind.is_adopted_by_participants() { Self::Adopted } else { Self::Drafting };
        self.must_be(from, "published")?;
        Ok(Self::Published)
    }

    /// Records that negotiation ended without agreement.
    pub fn fail(self) -> Result<Self, Refusal> {
        self.must_be(Self::Negotiating, "recorded as failed")?;
        Ok(Self::Failed)
    }

    /// Takes the text back; possible until adoption.
    pub fn withdraw(self) -> Result<Self, Refusal> {
        self.admit_editing()?;
        Ok(Self::Withdrawn)
    }

    fn must_be(self, from: Self, step: &'static str) -> Result<(), Refusal> {
        if self == from { Ok(()) } else { Err(Refusal::WrongState { step, state: self, from }) }
    }
}

fn must_say_something(clauses: &[Clause]) -> Result<(), Refusal> {
    let has_operative = clause::numbered(clauses).iter().any(|line| line.clause.part == Part::Operative);
    if has_operative { Ok(()) } else { Err(Refusal::NoOperativeClause) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, Text, identifier::ClauseId};
    use uuid::Uuid;

    fn clause(id: u128, part: Part, state: ClauseState) -> Clause {
        let text = Text::one(Language::english(), "Words.");
        Clause { state, ..Clause::authored(ClauseId(Uuid::from_u128(id)), part, id as i32, text) }
    }

    #[test]
    fn the_ordinary_way_leads_from_drafting_to_published() {
        let agreed = [clause(1, Part::Operative, ClauseState::Agreed)];
        let adopted = State::Drafting
            .table(&agreed)
            .and_then(State::negotiate)
            .and_then(|state| state.adopt(Kind::JointStatement, &agreed));
        assert_eq!(adopted, Ok(State::Adopted));
        assert_eq!(State::Adopted.publish(Kind::JointStatement), Ok(State::Published));
    }

    #[test]
    fn a_text_without_operative_clause_is_not_tabled() {
        let preamble = [clause(1, Part::Preamble, ClauseState::Open), clause(2, Part::Operative, ClauseState::Deleted)];
        assert_eq!(State::Drafting.table(&preamble), Err(Refusal::NoOperativeClause));
    }

    #[test]
    fn a_text_that_lost_its_operative_clauses_is_not_adopted() {
        let preamble = [clause(1, Part::Preamble, ClauseState::Agreed)];
        assert_eq!(State::Negotiating.adopt(Kind::Decision, &preamble), Err(Refusal::NoOperativeClause));
    }

    #[test]
    fn no_step_leads_back_to_drafting() {
        assert_eq!(State::Tabled.step(State::Drafting, Kind::Decision, &[]), Err(Refusal::OnceDrafted));
    }

    #[test]
    fn adoption_names_the_clauses_that_are_not_agreed() {
        let clauses = [
            clause(1, Part::Preamble, ClauseState::Open),
            clause(2, Part::Operative, ClauseState::Agreed),
            clause(3, Part::Operative, ClauseState::AgreedAdRef),
            clause(4, Part::Operative, ClauseState::Deleted),
            clause(5, Part::Operative, ClauseState::Placeholder),
        ];
        let refusal = State::Negotiating.step(State::Adopted, Kind::Declaration, &clauses).unwrap_err();
        assert_eq!(refusal.code(), "unsettled_clauses");
        assert_eq!(refusal.to_string(), "Agree or delete these clauses before adoption: preamble, 2, 3.");
    }

    #[test]
    fn an_adopted_text_is_neither_withdrawn_nor_failed_nor_edited() {
        for state in [State::Adopted, State::Published] {
            assert_eq!(state.withdraw(), Err(Refusal::TextIsFinal { state }));
            assert_eq!(state.admit_editing(), Err(Refusal::TextIsFinal { state }));
            assert_eq!(state.fail().unwrap_err().code(), "wrong_state");
        }
    }

    #[test]
    fn a_refused_step_says_which_state_it_starts_from() {
        let refusal = State::Drafting.negotiate().unwrap_err();
        assert_eq!(refusal.to_string(), "A statement that is drafting cannot be negotiated; it must be tabled first.");
    }

    #[test]
    fn a_chairs_summary_is_published_without_adoption() {
        assert_eq!(State::Negotiating.adopt(Kind::ChairsSummary, &[]), Err(Refusal::NotForAdoption));
        assert_eq!(State::Drafting.publish(Kind::ChairsSummary), Ok(State::Published));
        assert!(State::Drafting.publish(Kind::JointStatement).is_err());
    }

    #[test]
    fn nothing_leads_out_of_withdrawn_and_failed() {
        for state in [State::Withdrawn, State::Failed] {
            assert!(state.table(&[]).is_err() && state.negotiate().is_err() && state.withdraw().is_err());
            assert!(state.adopt(Kind::Decision, &[]).is_err() && state.publish(Kind::Decision).is_err());
        }
    }

    #[test]
    fn words_read_back_as_what_they_stand_for() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(*state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        assert_eq!(State::parse("Drafting"), None);
    }
}
