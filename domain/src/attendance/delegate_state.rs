//! The states of a delegate, the steps between them, and the reasons a step is refused.
//!
//! `nominated -> submitted -> under_review -> approved`; the secretariat may leave the review out, put a delegate on hold,
//! or reject one and look at it again. `withdrawn` ends it from either side; `substituted` ends it in favour of somebody
//! else. Whoever is approved and then turns out to be described differently is reviewed anew.

use thiserror::Error;

crate::words! {
    /// Where a delegate stands.
    #[derive(Default)]
    pub enum DelegateState {
        /// Named by the organisation or the secretariat.
        #[default]
        Nominated = "nominated",
        /// Handed to the secretariat; holds one of the delegation's places from here on.
        Submitted = "submitted",
        /// The secretariat is looking at it.
        UnderReview = "under_review",
        /// May come.
        Approved = "approved",
        /// Something is missing.
        OnHold = "on_hold",
        /// May not come.
        Rejected = "rejected",
        /// Does not come after all.
        Withdrawn = "withdrawn",
        /// Somebody else comes instead.
        Substituted = "substituted",
    }
}

/// Why a step was refused. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DelegateRefusal {
    /// The step does not start from this state.
    #[error("A delegate who is {state} cannot become {to}; they must be {} first.", listed(from))]
    WrongState {
        /// The state that was asked for.
        to: DelegateState,
        /// Where the delegate stands.
        state: DelegateState,
        /// The states the step starts from.
        from: &'static [DelegateState],
    },
    /// A nomination is made once.
    #[error("A delegate is nominated once, when they are named. Name the person anew instead.")]
    NominatedOnce,
    /// Nobody is substituted by nobody.
    #[error("Say who comes instead: POST /delegates/{{id}}/substitution.")]
    SubstituteUnnamed,
    /// What was handed to the secretariat stays on record.
    #[error("The secretariat knows of this delegate already. Let them be withdrawn instead of deleting them.")]
    OnRecord,
}

impl DelegateRefusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::NominatedOnce => "nominated_once",
            Self::SubstituteUnnamed => "substitute_unnamed",
            Self::OnRecord => "on_record",
        }
    }
}

fn listed(states: &[DelegateState]) -> String {
    states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" or ")
}

impl DelegateState {
    /// States of those who hold a place of their delegation.
    pub const PLACED: &'static [Self] = &[Self::Submitted, Self::UnderReview, Self::Approved, Self::OnHold];

    /// States of those who belong to their delegation: not yet, or not any more, refused or gone.
    pub const LIVE: &'static [Self] =
        &[Self::Nominated, Self::Submitted, Self::UnderReview, Self::Approved, Self::OnHold];

    /// States of those who have left for good; the same person may be named anew.
    pub const GONE: &'static [Self] = &[Self::Withdrawn, Self::Substituted];

    /// Whether it holds a place.
    pub fn is_placed(self) -> bool {
        Self::PLACED.contains(&self)
    }

    /// Whether the person belongs to the delegation.
    pub fn is_live(self) -> bool {
        Self::LIVE.contains(&self)
    }

    /// Whether only the secretariat leads a delegate to this state.
    pub fn is_for_the_secretariat(self) -> bool {
        matches!(self, Self::UnderReview | Self::Approved | Self::OnHold | Self::Rejected)
    }

    /// Whether a step to it has to be explained.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::OnHold | Self::Rejected)
    }

    /// The type of the change a step to it is.
    pub fn change_kind(self) -> &'static str {
        match self {
            Self::Nominated => "delegate.nominated",
            Self::Submitted => "delegate.submitted",
            Self::UnderReview => "delegate.review_begun",
            Self::Approved => "delegate.approved",
            Self::OnHold => "delegate.put_on_hold",
            Self::Rejected => "delegate.rejected",
            Self::Withdrawn => "delegate.withdrawn",
            Self::Substituted => "delegate.substituted",
        }
    }

    /// The step to `to`.
    pub fn step(self, to: Self) -> Result<Self, DelegateRefusal> {
        match to {
            Self::Nominated => Err(DelegateRefusal::NominatedOnce),
            Self::Submitted => self.submit(),
            Self::UnderReview => self.review(),
            Self::Approved => self.approve(),
            Self::OnHold => self.hold(),
            Self::Rejected => self.reject(),
            Self::Withdrawn => self.withdraw(),
            Self::Substituted => Err(DelegateRefusal::SubstituteUnnamed),
        }
    }

    /// Is handed to the secretariat.
    pub fn submit(self) -> Result<Self, DelegateRefusal> {
        self.become_from(Self::Submitted, &[Self::Nominated])
    }

    /// The secretariat looks at it, for the first time or again.
    pub fn review(self) -> Result<Self, DelegateRefusal> {
        self.become_from(Self::UnderReview, &[Self::Submitted, Self::Approved, Self::OnHold, Self::Rejected])
    }

    /// May come.
    pub fn approve(self) -> Result<Self, DelegateRefusal> {
        self.become_from(Self::Approved, &[Self::Submitted, Self::UnderReview, Self::OnHold])
    }

    /// Waits until something is cleared up.
    pub fn hold(self) -> Result<Self, DelegateRefusal> {
        self.become_from(Self::OnHold, &[Self::Submitted, Self::UnderReview, Self::Approved])
    }

    /// May not come.
    pub fn reject(self) -> Result<Self, DelegateRefusal> {
        self.become_from(Self::Rejected, &[Self::Submitted, Self::UnderReview, Self::OnHold])
    }

    /// Does not come after all.
    pub fn withdraw(self) -> Result<Self, DelegateRefusal> {
        self.become_from(Self::Withdrawn, Self::LIVE)
    }

    /// Leaves its place to somebody else.
    pub fn substitute(self) -> Result<Self, DelegateRefusal> {
        self.become_from(Self::Substituted, Self::PLACED)
    }

    /// Where it stands after what identifies the person was changed: an approval was given for what it said before.
    pub fn redescribed(self) -> Self {
        if self == Self::Approved { Self::UnderReview } else { self }
    }

    /// Refuses to delete what the secretariat has seen.
    pub fn delete(self) -> Result<(), DelegateRefusal> {
        if self == Self::Nominated { Ok(()) } else { Err(DelegateRefusal::OnRecord) }
    }

    fn become_from(self, to: Self, from: &'static [Self]) -> Result<Self, DelegateRefusal> {
        if from.contains(&self) { Ok(to) } else { Err(DelegateRefusal::WrongState { to, state: self, from }) }
    }
}

#[cfg(test)]
mod tests {
    use super::DelegateState::*;
    use super::*;

    /// Every step by transition that is allowed.
    const STEPS: &[(DelegateState, &[DelegateState])] = &[
        (Nominated, &[Submitted, Withdrawn]),
        (Submitted, &[UnderReview, Approved, OnHold, Rejected, Withdrawn]),
        (UnderReview, &[Approved, OnHold, Rejected, Withdrawn]),
        (Approved, &[UnderReview, OnHold, Withdrawn]),
        (OnHold, &[UnderReview, Approved, Rejected, Withdrawn]),
        (Rejected, &[UnderReview]),
        (Withdrawn, &[]),
        (Substituted, &[]),
    ];

    #[test]
    fn a_delegate_takes_the_steps_of_the_table_and_no_other() {
        for (from, allowed) in STEPS {
            for to in DelegateState::ALL {
                let taken = from.step(*to);
                assert_eq!(taken.is_ok(), allowed.contains(to), "{from} to {to}");
                assert!(taken.is_err() || taken == Ok(*to), "{from} to {to} led elsewhere");
            }
        }
    }

    #[test]
    fn only_who_holds_a_place_leaves_it_to_somebody_else() {
        for state in DelegateState::ALL {
            assert_eq!(state.substitute().is_ok(), state.is_placed(), "{state}");
        }
    }

    #[test]
    fn an_approval_does_not_outlive_what_it_was_given_for() {
        assert_eq!(Approved.redescribed(), UnderReview);
        for state in [Nominated, Submitted, OnHold, Rejected] {
            assert_eq!(state.redescribed(), state);
        }
    }

    #[test]
    fn what_the_secretariat_has_seen_is_withdrawn_and_not_deleted() {
        assert_eq!(Nominated.delete(), Ok(()));
        assert_eq!(Submitted.delete().unwrap_err().code(), "on_record");
    }
}
