//! Somebody comes instead of a delegate: what of the delegate's commitments passes to them is said of each.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answer, Function, Level, Nomination, Part};
use crate::{
    Check, Text, Violation,
    identifier::{DutyId, Handle, SessionId},
    people::Newcomer,
    time::WallTime,
};

crate::words! {
    /// Something a delegate is to do that could pass to whoever comes instead.
    #[schemars(rename = "CommitmentKind")]
    pub enum Commitment {
        /// To lead the delegation, now or later.
        Headship = "headship",
        /// To sit for the delegation in a session still to be held.
        Representation = "representation",
        /// A duty of their own in a session still to be held.
        Duty = "duty",
    }
}

/// Something that passes to the substitute or ends, as somebody decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Commitment")]
pub struct CommitmentAnswer {
    /// What it is.
    pub kind: Commitment,
    /// The session, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// When it sits next, as far as the caller knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<WallTime>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<WallTime>,
    /// The duty, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty_id: Option<DutyId>,
    /// What the duty is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty: Option<Part>,
    /// What the delegate said to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Whether it is a duty in this sitting only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sitting_only: bool,
}

impl CommitmentAnswer {
    /// Something of this kind, of which nothing else is said.
    pub fn of(kind: Commitment) -> Self {
        Self {
            kind,
            session_id: None,
            title: None,
            start: None,
            end: None,
            duty_id: None,
            duty: None,
            answer: None,
            sitting_only: false,
        }
    }
}

/// Whether a duty passes to the substitute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyMove {
    /// The duty, by id.
    pub duty_id: Handle,
    /// Whether it passes to the substitute. If not, nobody has it any more.
    pub moves: bool,
}

/// What of a delegate's commitments passes to the substitute.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SubstitutionMoves")]
pub struct Moves {
    /// Whether the substitute leads the delegation where the delegate would have. A delegation that was submitted is
    /// not left without a head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headship: Option<bool>,
    /// The sessions still to be held where the substitute sits instead; in the others nobody is named any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub session_ids: Option<Vec<Handle>>,
    /// Of each duty in a session still to be held whether it passes. What has begun stays with whoever did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub duties: Option<Vec<DutyMove>>,
}

impl Moves {
    /// Which of the duties pass; all of `ahead`, each with the words for it, have to be decided, and nothing else.
    pub fn decide_duties(&self, ahead: &[(DutyId, String)], check: &mut Check) -> BTreeSet<DutyId> {
        let (mut decided, mut moving) = (BTreeSet::new(), BTreeSet::new());
        for (at, said) in self.duties.iter().flatten().enumerate() {
            let pointer = format!("/moves/duties/{at}/duty_id");
            let named = said.duty_id.id().map(DutyId);
            let Some(id) = named.filter(|id| ahead.iter().any(|(duty, _)| duty == id)) else {
                let detail =
                    "Name a duty by id that the delegate still has. GET /delegates/{id}/commitments lists them.";
                check.add(Violation::new(pointer, "not_committed", detail));
                continue;
            };
            check.require(decided.insert(id), &pointer, "repeated", "Say of every duty once whether it passes.");
            if said.moves {
                moving.insert(id);
            }
        }
        for (id, words) in ahead.iter().filter(|(id, _)| !decided.contains(id)) {
            let detail = format!("Say whether the substitute takes over {words}: duty_id {id}, moves true or false.");
            check.require(false, "/moves/duties", "undecided", detail);
        }
        moving
    }
}

/// Who comes instead of a delegate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Substitution {
    /// The person, by id; needed unless `person` says who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Handle>,
    /// Who is new here, instead of `person_id`. They are added to the persons of the delegation's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Newcomer>,
    /// What they do; left out, what the other did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// The office held at home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Text>,
    /// The rank at which they represent the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What passes to them. Everything the delegate is committed to has to be decided.
    #[serde(default)]
    pub moves: Moves,
    /// Why they are named after the last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub late_reason: Option<String>,
}

impl Substitution {
    /// The nomination of the substitute: in the place of `former`, with what is said here and nothing that is the other
    /// person's own.
    pub fn nomination(&self, former: &Nomination) -> Nomination {
        Nomination {
            function: self.function.unwrap_or(former.function),
            position: self.position.clone(),
            level: self.level,
            participation: former.participation,
            capacities: former.capacities.clone(),
            late_reason: self.late_reason.clone(),
            ..Nomination::of(former.delegation_id.clone(), self.person_id.clone(), former.function)
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::attendance::Participation;

    #[test]
    fn a_substitute_inherits_the_seat_and_none_of_the_persons_own_affairs() {
        let former = Nomination {
            participation: Participation::Online,
            diet: Some("vegetarian".into()),
            name_on_id: Some("Anna Nowak".into()),
            ..Nomination::of("pl".into(), Handle::from("one"), Function::Head)
        };
        let substitution: Substitution =
            serde_json::from_str(r#"{"person_id": "two", "function": "adviser"}"#).unwrap();
        let made = substitution.nomination(&former);
        assert_eq!((made.participation, made.function), (Participation::Online, Function::Adviser));
        assert_eq!((made.diet, made.name_on_id), (None, None));
    }

    #[test]
    fn of_every_duty_it_is_said_whether_it_moves_and_of_nothing_else() {
        let id = |number: u128| DutyId(Uuid::from_u128(number));
        let ahead = [(id(1), "'speaker' in '2 Norms'".to_owned()), (id(2), "'chair' in '3 Evidence'".to_owned())];
        let said = |duties: &[(u128, bool)]| {
            let say = |(number, moves): &(u128, bool)| DutyMove {
                duty_id: Handle::Id(Uuid::from_u128(*number)),
                moves: *moves,
            };
            Moves { duties: Some(duties.iter().map(say).collect()), ..Moves::default() }
        };
        let decide = |moves: &Moves| {
            let mut check = Check::new();
            let moving = moves.decide_duties(&ahead, &mut check);
            check.finish().map(|()| moving)
        };
        assert_eq!(decide(&said(&[(1, true), (2, false)])), Ok(BTreeSet::from([id(1)])));
        let faults = decide(&said(&[(1, true), (1, false), (3, true)])).unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(
            found,
            [
                ("/moves/duties/1/duty_id", "repeated"),
                ("/moves/duties/2/duty_id", "not_committed"),
                ("/moves/duties", "undecided"),
            ]
        );
        assert!(faults[2].detail.contains("'chair' in '3 Evidence'"), "{}", faults[2].detail);
        assert_eq!(decide(&Moves::default()).unwrap_err().len(), 2);
    }
}
