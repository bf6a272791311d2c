//! One organisation at one event.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{State, places::Quota};
use crate::{
    Check, Code, Text, Violation,
    address::{self, ADDRESS},
    identifier::{EventId, Handle},
    language::check_line,
};

crate::words! {
    /// In what capacity an organisation comes.
    #[derive(Default)]
    #[schemars(rename = "DelegationCategory")]
    pub enum Category {
        /// A member of the body that meets, or a state that takes part in full.
        #[default]
        Member = "member",
        /// A state that observes.
        Observer = "observer",
        /// An intergovernmental organisation.
        Igo = "igo",
        /// A non-governmental organisation.
        Ngo = "ngo",
        /// Press and broadcasters.
        Media = "media",
        /// The organisation that hosts the event.
        Host = "host",
        /// The secretariat itself.
        Secretariat = "secretariat",
        /// Anybody else who was asked to come.
        Guest = "guest",
    }
}

impl Category {
    /// Whether those of this category present credentials: who sits as a member does, and who hosts the meeting.
    pub fn presents_credentials(self) -> bool {
        matches!(self, Self::Member | Self::Host)
    }
}

/// What the secretariat says of a delegation when it invites it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// The organisation, by id or code. One organisation has one delegation at an event, and it never changes hands.
    pub organisation_id: Handle,
    /// In what capacity it comes.
    #[serde(default)]
    pub category: Category,
    /// Reference of the invitation, such as the number of the note verbale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub invitation_reference: Option<String>,
    /// Where the invitation was sent: the address of an office, such as a ministry's department of protocol. Reminders go
    /// there while nobody has an account as manager of the delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 254), regex(pattern = ADDRESS))]
    pub invitation_email: Option<String>,
    /// The last day on which a reply is expected, by the calendar of the event's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_due: Option<Date>,
    /// How many delegates it may bring, where that differs from what the event allows every delegation.
    #[serde(default)]
    pub quota: Quota,
}

/// A delegation as it stands. Other delegations see neither how the invitation went out, the day of the
/// reply nor the quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delegation {
    /// What the secretariat says of it.
    #[serde(flatten)]
    pub invitation: Invitation,
    /// Its event.
    pub event_id: EventId,
    /// Code of its organisation.
    pub organisation_code: Code,
    /// Name of its organisation in a list, per language.
    pub organisation_name: Text,
    /// Where it stands.
    pub state: State,
    /// Why its answer or its delegates came late. Other delegations do not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_reason: Option<String>,
}

impl Invitation {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(reference) = &self.invitation_reference {
            check.take(check_line(reference, "/invitation_reference", 200));
        }
        check.take(address::check(self.invitation_email.as_deref(), "/invitation_email"));
        check.require(
            self.reply_due.is_none_or(|day| (1900..=2200).contains(&day.year())),
            "/reply_due",
            "time_out_of_range",
            "Give a day between the years 1900 and 2200.",
        );
        self.quota.check("/quota", &mut check);
        check.finish()
    }
}

/// A step in the life of a delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DelegationTransition")]
pub struct Transition {
    /// The state to go to.
    pub to: State,
    /// Why it is late; needed where an organisation accepts after `reply_due`, or submits after the event's
    /// `nominate_by`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub reason: Option<String>,
}

impl Transition {
    /// The step to this state, on time.
    pub fn to(to: State) -> Self {
        Self { to, reason: None }
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(reason) = &self.reason {
            check.take(check_line(reason, "/reason", 500));
        }
        check.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_needs_no_more_than_its_organisation() {
        let invited: Invitation = serde_json::from_str(r#"{"organisation_id": "PL"}"#).unwrap();
        assert_eq!((invited.category, invited.check()), (Category::Member, Ok(())));
    }

    #[test]
    fn every_fault_of_an_invitation_is_named() {
        let sent = r#"{"organisation_id": "PL", "invitation_reference": " ", "invitation_email": "ministry",
            "reply_due": "0019-09-15"}"#;
        let faults = serde_json::from_str::<Invitation>(sent).unwrap().check().unwrap_err();
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/invitation_reference", "/invitation_email", "/reply_due"]);
    }
}
