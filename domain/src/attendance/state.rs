//! The states of a delegation, the steps between them, and the reasons a step is refused.
//!
//! `invited -> accepted -> composing -> submitted -> confirmed -> closed`. `composing` may be left out; a delegation
//! that was submitted or confirmed goes back to it to change what was agreed, and is then confirmed anew. `declined`
//! answers the invitation; `not_attending` is said, or noticed, at any time before the end. Both may accept after all.

use thiserror::Error;

crate::words! {
    /// Where a delegation stands.
    #[schemars(rename = "DelegationState")]
    pub enum State {
        /// The invitation is out.
        Invited = "invited",
        /// The organisation will come.
        Accepted = "accepted",
        /// It is putting its delegation together.
        Composing = "composing",
        /// It has named its delegation to the secretariat.
        Submitted = "submitted",
        /// The secretariat has confirmed the delegation.
        Confirmed = "confirmed",
        /// It answered that it will not come.
        Declined = "declined",
        /// It does not come, whatever was said before.
        NotAttending = "not_attending",
        /// The event is over; the delegation is a record.
        Closed = "closed",
    }
}

/// Why a step was refused. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The step does not start from this state.
    #[error("A delegation that is {state} cannot become {to}; it must be {} first.", listed(from))]
    WrongState {
        /// The state that was asked for.
        to: State,
        /// Where the delegation stands.
        state: State,
        /// The states the step starts from.
        from: &'static [State],
    },
    /// An invitation goes out once.
    #[error(
        "A delegation is invited once, when it is made. Let it accept, or delete it and invite the organisation anew."
    )]
    InvitedOnce,
    /// Nobody leads the delegation.
    #[error("Name a head of delegation first; without one the delegation cannot become {to}.")]
    NoHead {
        /// The state that was asked for.
        to: State,
    },
    /// Nobody is named to a delegation that does not come.
    #[error("The delegation is {state}. Let it accept before you name its delegates.")]
    NotComing {
        /// Where the delegation stands.
        state: State,
    },
    /// A delegation that the secretariat counts on is led at any time.
    #[error(
        "A delegation that is {state} always has a head. Let somebody else take over first: PUT /delegations/{{id}}/heads."
    )]
    HeadNeeded {
        /// Where the delegation stands.
        state: State,
    },
    /// The record is not the organisation's to change any more.
    #[error("The delegation is closed. Ask the secretariat to correct its record.")]
    RecordClosed,
}

impl Refusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::InvitedOnce => "invited_once",
            Self::NoHead { .. } => "no_head",
            Self::NotComing { .. } => "not_coming",
            Self::HeadNeeded { .. } => "head_needed",
            Self::RecordClosed => "record_closed",
        }
    }
}

fn listed(states: &[State]) -> String {
    states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" or ")
}

impl State {
    /// States of those who have said that they come and did not take it back.
    pub const COMING: &'static [Self] = &[Self::Accepted, Self::Composing, Self::Submitted, Self::Confirmed];

    /// States in which the whole event may know that the organisation takes part.
    pub const ANNOUNCED: &'static [Self] = &[Self::Confirmed, Self::Closed];

    /// Whether the secretariat has confirmed that the organisation takes part.
    pub fn is_announced(self) -> bool {
        Self::ANNOUNCED.contains(&self)
    }

    /// Whether the organisation has said that it comes, and has not said otherwise since.
    pub fn is_coming(self) -> bool {
        !matches!(self, Self::Invited | Self::Declined | Self::NotAttending)
    }

    /// Whether the organisation has told the secretariat who comes.
    pub fn is_registered(self) -> bool {
        matches!(self, Self::Submitted | Self::Confirmed | Self::Closed)
    }

    /// Whether only the secretariat leads a delegation to this state.
    pub fn is_for_the_secretariat(self) -> bool {
        matches!(self, Self::Invited | Self::Confirmed | Self::Closed)
    }

    /// The step to `to`; `has_head` says whether the delegation has a head.
    pub fn step(self, to: Self, has_head: bool) -> Result<Self, Refusal> {
        match to {
            Self::Invited => Err(Refusal::InvitedOnce),
            Self::Accepted => self.accept(),
            Self::Composing => self.compose(),
            Self::Submitted => self.submit(has_head),
            Self::Confirmed => self.confirm(has_head),
            Self::Declined => self.decline(),
            Self::NotAttending => self.stay_away(),
            Self::Closed => self.close(),
        }
    }

    /// The organisation will come, perhaps after having said otherwise.
    pub fn accept(self) -> Result<Self, Refusal> {
        self.become_from(Self::Accepted, &[Self::Invited, Self::Declined, Self::NotAttending])
    }

    /// Work on the delegation begins, or begins again: what was submitted or confirmed then no longer holds.
    pub fn compose(self) -> Result<Self, Refusal> {
        self.become_from(Self::Composing, &[Self::Accepted, Self::Submitted, Self::Confirmed])
    }

    /// The organisation names its delegation, which needs a head.
    pub fn submit(self, has_head: bool) -> Result<Self, Refusal> {
        self.become_from(Self::Submitted, &[Self::Accepted, Self::Composing])?.led(has_head)
    }

    /// The secretariat confirms the delegation, which still needs a head.
    pub fn confirm(self, has_head: bool) -> Result<Self, Refusal> {
        self.become_from(Self::Confirmed, &[Self::Submitted])?.led(has_head)
    }

    /// The organisation answers that it will not come.
    pub fn decline(self) -> Result<Self, Refusal> {
        self.become_from(Self::Declined, &[Self::Invited])
    }

    /// The organisation does not come, with or without having answered.
    pub fn stay_away(self) -> Result<Self, Refusal> {
        self.become_from(
            Self::NotAttending,
            &[Self::Invited, Self::Accepted, Self::Composing, Self::Submitted, Self::Confirmed],
        )
    }

    /// The event is over.
    pub fn close(self) -> Result<Self, Refusal> {
        self.become_from(Self::Closed, &[Self::Confirmed])
    }

    /// Refuses to name or change delegates where the delegation does not come, and otherwise as
    /// [`Self::admit_withdrawal`] does.
    pub fn admit_delegates(self, by_organisation: bool) -> Result<(), Refusal> {
        match self {
            Self::Declined | Self::NotAttending => Err(Refusal::NotComing { state: self }),
            _ => self.admit_withdrawal(by_organisation),
        }
    }

    /// Refuses the organisation itself once the record is closed; the secretariat still corrects it.
    pub fn admit_withdrawal(self, by_organisation: bool) -> Result<(), Refusal> {
        if self == Self::Closed && by_organisation { Err(Refusal::RecordClosed) } else { Ok(()) }
    }

    /// Refuses to leave a delegation without a head that was named to the secretariat with one.
    pub fn leave_without_head(self) -> Result<(), Refusal> {
        match self {
            Self::Submitted | Self::Confirmed | Self::Closed => Err(Refusal::HeadNeeded { state: self }),
            _ => Ok(()),
        }
    }

    fn become_from(self, to: Self, from: &'static [Self]) -> Result<Self, Refusal> {
        if from.contains(&self) { Ok(to) } else { Err(Refusal::WrongState { to, state: self, from }) }
    }

    fn led(self, has_head: bool) -> Result<Self, Refusal> {
        if has_head { Ok(self) } else { Err(Refusal::NoHead { to: self }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every step that is allowed to a delegation with a head.
    const STEPS: &[(State, &[State])] = &[
        (State::Invited, &[State::Accepted, State::Declined, State::NotAttending]),
        (State::Accepted, &[State::Composing, State::Submitted, State::NotAttending]),
        (State::Composing, &[State::Submitted, State::NotAttending]),
        (State::Submitted, &[State::Composing, State::Confirmed, State::NotAttending]),
        (State::Confirmed, &[State::Composing, State::NotAttending, State::Closed]),
        (State::Declined, &[State::Accepted]),
        (State::NotAttending, &[State::Accepted]),
        (State::Closed, &[]),
    ];

    #[test]
    fn a_delegation_takes_the_steps_of_the_table_and_no_other() {
        for (from, allowed) in STEPS {
            for to in State::ALL {
                let taken = from.step(*to, true);
                assert_eq!(taken.is_ok(), allowed.contains(to), "{from} to {to}");
                assert!(taken.is_err() || taken == Ok(*to), "{from} to {to} led elsewhere");
            }
        }
    }

    #[test]
    fn a_delegation_is_neither_submitted_nor_confirmed_without_a_head() {
        assert_eq!(State::Composing.submit(false), Err(Refusal::NoHead { to: State::Submitted }));
        assert_eq!(State::Submitted.confirm(false), Err(Refusal::NoHead { to: State::Confirmed }));
        assert_eq!(State::Invited.step(State::Accepted, false), Ok(State::Accepted));
    }

    #[test]
    fn a_refused_step_says_where_it_starts_from() {
        let refusal = State::Invited.submit(true).unwrap_err();
        assert_eq!(refusal.code(), "wrong_state");
        assert_eq!(
            refusal.to_string(),
            "A delegation that is invited cannot become submitted; it must be accepted or composing first."
        );
        assert_eq!(State::Accepted.step(State::Invited, true), Err(Refusal::InvitedOnce));
    }

    #[test]
    fn nobody_is_named_to_a_delegation_that_does_not_come() {
        for state in [State::Declined, State::NotAttending] {
            assert_eq!(state.admit_delegates(false), Err(Refusal::NotComing { state }));
            assert_eq!(state.admit_withdrawal(true), Ok(()), "whoever was named can still be withdrawn");
        }
        assert_eq!(State::Invited.admit_delegates(true), Ok(()));
    }

    #[test]
    fn a_closed_record_is_the_secretariats_to_correct() {
        assert_eq!(State::Closed.admit_delegates(true), Err(Refusal::RecordClosed));
        assert_eq!(State::Closed.admit_delegates(false), Ok(()));
    }

    #[test]
    fn what_is_announced_was_confirmed_by_the_secretariat() {
        let announced: Vec<_> = State::ALL.iter().filter(|state| state.is_announced()).collect();
        assert_eq!(announced, [&State::Confirmed, &State::Closed]);
        assert!(announced.iter().all(|state| state.is_for_the_secretariat()));
    }
}
