//! A person in a delegation.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Capacity, DelegateState, Level, Participation};
use crate::{
    Check, Text, Violation,
    identifier::{DelegateId, EventId, Handle, OrganisationId},
    language::check_line,
    people::Newcomer,
};

crate::words! {
    /// What a person does in a delegation.
    #[schemars(rename = "DelegateFunction")]
    pub enum Function {
        /// Leads the delegation; there is one at any instant. See the delegation's heads for who leads when.
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

impl Function {
    /// Those who can sit for the organisation in a session.
    pub const SITTING: &'static [Self] =
        &[Self::Head, Self::DeputyHead, Self::Representative, Self::Alternate, Self::Adviser, Self::Expert];
}

/// The naming of a person to a delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nomination {
    /// The delegation, by its id or by the code of its organisation. A delegate does not move to another.
    pub delegation_id: Handle,
    /// The person; needed unless `person` says who it is. Somebody else is another delegate: withdraw this one and name
    /// the other. Answers always have it; all zeros where the person is protected and not yours to know.
    #[serde(default)]
    pub person_id: Option<Handle>,
    /// Who is new here, instead of `person_id`, and only where somebody is named. They are added to the persons of the
    /// delegation's organisation.
    #[serde(default, skip_serializing)]
    pub person: Option<Newcomer>,
    /// What the person does in the delegation. Answers say `head` of whoever leads it at this instant.
    pub function: Function,
    /// The office held at home: "Director, Ministry of Foreign Affairs".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Text>,
    /// The rank at which the person represents the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// How the person takes part.
    #[serde(default)]
    pub participation: Participation,
    /// What the person is entitled to do; left out, what is usual for the function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 5))]
    pub capacities: Option<Vec<Capacity>>,
    /// The name in the document shown at the gate, where it differs from the name as it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub name_on_id: Option<String>,
    /// What the person eats or does not eat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub diet: Option<String>,
    /// What the person needs in order to take part: a ramp, sign language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub access_needs: Option<String>,
    /// The day of arrival.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrives_on: Option<Date>,
    /// The day of departure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departs_on: Option<Date>,
    /// Whether the list of participants leaves the person out.
    #[serde(default)]
    pub not_listed: bool,
    /// Why the person is named after the last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub late_reason: Option<String>,
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
    /// Why, as far as it was said. Known to the secretariat and the delegate's own organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<String>,
    /// Who comes instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substituted_by: Option<DelegateId>,
}

/// A step in the life of a delegate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DelegateTransition")]
pub struct DelegateTransition {
    /// The state to go to.
    pub to: DelegateState,
    /// Why; needed for `on_hold` and `rejected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub reason: Option<String>,
}

impl DelegateTransition {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let detail = "Say why, in words the organisation can act on.";
        check.require(!self.to.needs_reason() || self.reason.is_some(), "/reason", "reason_missing", detail);
        if let Some(reason) = &self.reason {
            check.take(check_line(reason, "/reason", 500));
        }
        check.finish()
    }
}

impl Nomination {
    /// This person, unless it is not known yet, with this function, of whom nothing else is said.
    pub fn of(delegation_id: Handle, person_id: impl Into<Option<Handle>>, function: Function) -> Self {
        Self {
            delegation_id,
            person_id: person_id.into(),
            person: None,
            function,
            position: None,
            level: None,
            participation: Participation::default(),
            capacities: None,
            name_on_id: None,
            diet: None,
            access_needs: None,
            arrives_on: None,
            departs_on: None,
            not_listed: false,
            late_reason: None,
        }
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(position) = &self.position {
            check.take(position.check("/position", 300));
        }
        for (pointer, line, longest) in [
            ("/name_on_id", &self.name_on_id, 200),
            ("/diet", &self.diet, 300),
            ("/access_needs", &self.access_needs, 300),
            ("/late_reason", &self.late_reason, 500),
        ] {
            if let Some(line) = line {
                check.take(check_line(line, pointer, longest));
            }
        }
        let capacities = self.capacities.as_deref().unwrap_or_default();
        let once = capacities.iter().enumerate().all(|(at, capacity)| !capacities[..at].contains(capacity));
        let years = |day: Option<Date>| day.is_none_or(|day| (1900..=2200).contains(&day.year()));
        let detail = "Give a day between the years 1900 and 2200.";
        check
            .require(once, "/capacities", "repeated", "Name every capacity once.")
            .require(years(self.arrives_on), "/arrives_on", "time_out_of_range", detail)
            .require(years(self.departs_on), "/departs_on", "time_out_of_range", detail)
            .require(
                self.arrives_on.zip(self.departs_on).is_none_or(|(arrives, departs)| arrives <= departs),
                "/departs_on",
                "departs_before_arrival",
                "Let them depart on the day of arrival or later.",
            );
        check.finish()
    }

    /// What they may do: what was said, or else what is usual.
    pub fn capacities(&self) -> Vec<Capacity> {
        self.capacities.clone().unwrap_or_else(|| Capacity::usual(self.function))
    }

    /// Whether both describe the same person alike, as far as an approval was given for it: the name in the document, the
    /// office and what they do. What they eat and when they travel is not that.
    pub fn describes_as(&self, other: &Self) -> bool {
        self.name_on_id == other.name_on_id && self.position == other.position && self.function == other.function
    }

    /// As others see it who may know of the delegate: nothing about food, needs, travel and papers.
    pub fn for_others(self) -> Self {
        Self {
            name_on_id: None,
            diet: None,
            access_needs: None,
            arrives_on: None,
            departs_on: None,
            late_reason: None,
            ..self
        }
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
            )
            .require(
                self.person.is_none(),
                "/person",
                "cannot_change",
                "A delegate stays the same person. Correct the person itself (PATCH /persons/{id}), or name somebody new.",
            );
        check.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nomination(delegation: &str, person: &str) -> Nomination {
        Nomination::of(delegation.into(), Handle::from(person), Function::Head)
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

    #[test]
    fn an_approval_covers_papers_and_office_but_not_the_menu() {
        let approved = nomination("pl", "one");
        let vegetarian = Nomination { diet: Some("vegetarian".into()), ..approved.clone() };
        assert!(vegetarian.describes_as(&approved));
        let renamed = Nomination { name_on_id: Some("Anna Nowak".into()), ..approved.clone() };
        assert!(!renamed.describes_as(&approved));
        assert_eq!(vegetarian.for_others(), approved);
    }

    #[test]
    fn holding_somebody_back_has_to_be_explained() {
        let step = |sent: &str| serde_json::from_str::<DelegateTransition>(sent).unwrap().check();
        assert_eq!(step(r#"{"to": "rejected"}"#).unwrap_err()[0].pointer, "/reason");
        assert_eq!(step(r#"{"to": "on_hold", "reason": "The photograph is missing."}"#), Ok(()));
        assert_eq!(step(r#"{"to": "approved"}"#), Ok(()));
    }
}
