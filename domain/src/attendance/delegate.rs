//! A person in a delegation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Text, Violation,
    identifier::{EventId, Handle, OrganisationId},
};

crate::words! {
    /// What a person does in a delegation.
    #[schemars(rename = "DelegateFunction")]
    pub enum Function {
        /// Leads the delegation; there is one at most.
        Head = "head",
        /// Leads it in the head's absence.
        DeputyHead = "deputy_head",
        /// Sits and speaks for the organisation.
        Representative = "representative",
        /// Sits in a representative's place.
        Alternate = "alternate",
        /// Advises those who sit.
        Adviser = "adviser",
        /// Knows the matter.
        Expert = "expert",
        /// Interprets for the delegation.
        Interpreter = "interpreter",
        /// Protects its members.
        Security = "security",
        /// Travels with a member without taking part.
        Accompanying = "accompanying",
    }
}

crate::words! {
    /// Where a delegate stands.
    #[derive(Default)]
    pub enum DelegateState {
        /// Named by the organisation or the secretariat.
        #[default]
        Nominated = "nominated",
        /// May come.
        Approved = "approved",
    }
}

/// The naming of a person to a delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nomination {
    /// The delegation, by its id or by the code of its organisation. A delegate does not move to another.
    pub delegation_id: Handle,
    /// The person. Somebody else is another delegate: withdraw this one and name the other. All zeros where the person
    /// is protected and not yours to know.
    pub person_id: Handle,
    /// What the person does in the delegation.
    pub function: Function,
    /// The office held at home: "Director, Ministry of Foreign Affairs".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Text>,
}

/// A person in a delegation, with a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delegate {
    /// What was said in naming the person.
    #[serde(flatten)]
    pub nomination: Nomination,
    /// The event of the delegation.
    pub event_id: EventId,
    /// The organisation of the delegation.
    pub organisation_id: OrganisationId,
    /// The person's name as it is to be shown; `(protected)` where only the function is yours to know.
    pub display_name: String,
    /// Where the delegate stands.
    pub state: DelegateState,
}

impl Nomination {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(position) = &self.position {
            check.take(position.check("/position", 300));
        }
        check.finish()
    }

    /// Refuses to make another person, or a member of another delegation, out of `current`. Both hold resolved ids.
    pub fn check_same(&self, current: &Self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check
            .require(
                self.delegation_id == current.delegation_id,
                "/delegation_id",
                "cannot_change",
                "A delegate stays in the delegation. Withdraw the delegate and name the person in the other delegation.",
            )
            .require(
                self.person_id == current.person_id,
                "/person_id",
                "cannot_change",
                "A delegate stays the same person. Withdraw the delegate and name the other person.",
            );
        check.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nomination(delegation: &str, person: &str) -> Nomination {
        Nomination {
            delegation_id: delegation.into(),
            person_id: person.into(),
            function: Function::Head,
            position: None,
        }
    }

    #[test]
    fn a_delegate_becomes_neither_somebody_else_nor_somebody_elses() {
        let current = nomination("pl", "one");
        assert_eq!(Nomination { function: Function::Expert, ..current.clone() }.check_same(&current), Ok(()));
        let faults = nomination("cz", "two").check_same(&current).unwrap_err();
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/delegation_id", "/person_id"]);
    }

    #[test]
    fn the_office_may_be_left_out_but_not_blank() {
        let mut sent = nomination("pl", "one");
        assert_eq!(sent.check(), Ok(()));
        sent.position = Some(Text::one(crate::Language::english(), " "));
        assert_eq!(sent.check().unwrap_err()[0].pointer, "/position/en");
    }
}
