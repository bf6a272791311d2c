//! Duties: who has a part in a session, and whether they will be there. What a session asks of people is the source of
//! the clashes of people, and of whom a release is told to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Violation,
    identifier::{DelegationId, EventId, Handle, PersonId, SessionId},
    schedule::clashes::Weight,
};

crate::words! {
    /// What somebody has to do in a session.
    #[schemars(rename = "DutyKind")]
    pub enum Part {
        /// Chairs it.
        Chair = "chair",
        /// Chairs it with others.
        CoChair = "co_chair",
        /// Reports on it.
        Rapporteur = "rapporteur",
        /// Speaks.
        Speaker = "speaker",
        /// Sits on a panel.
        Panellist = "panellist",
        /// Interprets.
        Interpreter = "interpreter",
        /// Takes notes.
        NoteTaker = "note_taker",
        /// Has to be there.
        Required = "required",
        /// Is asked to come.
        Invited = "invited",
        /// May come.
        Optional = "optional",
    }
}

impl Part {
    /// What it weighs when two sessions want the same person.
    pub fn weight(self) -> Weight {
        match self {
            Self::Chair | Self::CoChair => Weight::Chair,
            Self::Rapporteur | Self::Speaker | Self::Panellist => Weight::Speaker,
            Self::Interpreter | Self::NoteTaker | Self::Required => Weight::Required,
            Self::Invited => Weight::Invited,
            Self::Optional => Weight::Optional,
        }
    }

    /// Whether a delegation as such can have it: it speaks and comes; chairs and interpreters are people.
    pub fn is_for_delegations(self) -> bool {
        matches!(self, Self::Speaker | Self::Required | Self::Invited | Self::Optional)
    }
}

crate::words! {
    /// What those who have a duty say to it.
    #[derive(Default)]
    #[schemars(rename = "DutyAnswer")]
    pub enum Answer {
        /// Nothing yet.
        #[default]
        Invited = "invited",
        /// That they will be there.
        Accepted = "accepted",
        /// That they will probably be there.
        Tentative = "tentative",
        /// That they will not.
        Declined = "declined",
    }
}

/// What is said of a duty: a person's or a delegation's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DutyDetails")]
pub struct DutyDetails {
    /// Who has it, if it is a person. Left out in answers to those who may not know who that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Handle>,
    /// Which delegation has it, if it is no person: by id, or by the code of its organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation_id: Option<Handle>,
    /// What it is. A delegation speaks, is required, invited or welcome.
    pub duty: Part,
    /// Whether it is one in this sitting only. Left out, it is one in all sittings of the session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sitting_only: bool,
}

impl DutyDetails {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.require(
            self.person_id.is_some() != self.delegation_id.is_some(),
            "/person_id",
            "person_or_delegation",
            "Name either a person or a delegation.",
        );
        check.require(
            self.delegation_id.is_none() || self.duty.is_for_delegations(),
            "/duty",
            "not_for_delegations",
            "A delegation can be 'speaker', 'required', 'invited' or 'optional'. Name a person for anything else.",
        );
        check.finish()
    }
}

/// A duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Duty")]
pub struct Duty {
    /// What is said of it.
    #[serde(flatten)]
    pub details: DutyDetails,
    /// The session.
    pub session_id: SessionId,
    /// The event of the session.
    pub event_id: EventId,
    /// What was said to it.
    pub answer: Answer,
    /// Name of the person, for those who may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Duty {
    /// The person who has it.
    pub fn person(&self) -> Option<PersonId> {
        self.details.person_id.as_ref().and_then(Handle::id).map(PersonId)
    }

    /// This duty as another one of whoever has it; what was answered stays only to the same.
    pub fn redefined(&self, details: DutyDetails) -> Result<Self, Violation> {
        let whose = |details: &DutyDetails| (details.person_id.clone(), details.delegation_id.clone());
        if whose(&details) != whose(&self.details) {
            let detail = "A duty stays with whom it was given to. Take it back and give it to somebody else.";
            return Err(Violation::new("/person_id", "duty_is_personal", detail));
        }
        let answer = if details.duty == self.details.duty { self.answer } else { Answer::default() };
        Ok(Self { details, answer, ..self.clone() })
    }

    /// What becomes of it when somebody else takes over from whoever has it; `sittings` are those in which it is one, each
    /// with whether it has begun. What has begun stays theirs.
    pub fn handed_over(&self, sittings: &[(SessionId, bool)]) -> HandedOver {
        let of = |begun: bool| sittings.iter().filter(move |sitting| sitting.1 == begun).map(|sitting| sitting.0);
        let kept: Vec<_> = of(true).collect();
        let passed = match kept.is_empty() {
            true => vec![(self.session_id, self.details.sitting_only)],
            false => of(false).map(|sitting| (sitting, true)).collect(),
        };
        HandedOver { kept, passed }
    }

    /// The delegation that has it.
    pub fn delegation(&self) -> Option<DelegationId> {
        self.details.delegation_id.as_ref().and_then(Handle::id).map(DelegationId)
    }
}

/// What becomes of a duty that somebody else takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// The sittings in which it stays with whoever had it, each on its own; none where they have it no more.
    pub kept: Vec<SessionId>,
    /// The sessions in which it passes, each with whether it is one in that sitting only.
    pub passed: Vec<(SessionId, bool)>,
}

/// An answer to a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DutyTransition")]
pub struct DutyTransition {
    /// What is said to it.
    pub to: Answer,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn sitting(number: u128) -> SessionId {
        SessionId(Uuid::from_u128(number))
    }

    fn duty(sitting_only: bool) -> Duty {
        let person_id = Some(Handle::Id(Uuid::from_u128(7)));
        Duty {
            details: DutyDetails { person_id, delegation_id: None, duty: Part::Speaker, sitting_only },
            session_id: sitting(1),
            event_id: EventId(Uuid::from_u128(8)),
            answer: Answer::Accepted,
            name: None,
        }
    }

    #[test]
    fn a_duty_in_what_has_not_begun_passes_whole() {
        let whole = duty(false).handed_over(&[(sitting(1), false), (sitting(2), false)]);
        assert_eq!(whole, HandedOver { kept: vec![], passed: vec![(sitting(1), false)] });
        let one = duty(true).handed_over(&[(sitting(1), false)]);
        assert_eq!(one, HandedOver { kept: vec![], passed: vec![(sitting(1), true)] });
    }

    #[test]
    fn who_had_a_duty_in_sittings_that_have_begun_keeps_it_there() {
        let sittings = [(sitting(1), true), (sitting(2), false), (sitting(3), false)];
        let parted = duty(false).handed_over(&sittings);
        assert_eq!(parted.kept, [sitting(1)]);
        assert_eq!(parted.passed, [(sitting(2), true), (sitting(3), true)]);
    }
}
