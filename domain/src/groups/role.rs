//! A person in a group, on behalf of an organisation, from one instant to another.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::membership::check_span;
use crate::{Check, Code, Violation, identifier::Handle, moment::Moment, time::Validity};

crate::words! {
    /// What a person is in a group. Chairs and co-chairs run the sessions and texts of the group's events while their
    /// term lasts, and in its subgroups where the role says so; they and secretaries ask for its sessions. The other
    /// functions permit nothing.
    #[schemars(rename = "RoleFunction")]
    pub enum Function {
        /// Leads the group alone.
        Chair = "chair",
        /// Leads it together with others.
        CoChair = "co_chair",
        /// Stands in for the chair.
        ViceChair = "vice_chair",
        /// Reports on its work.
        Rapporteur = "rapporteur",
        /// Keeps its business.
        Secretary = "secretary",
        /// Whom others turn to.
        PointOfContact = "point_of_contact",
        /// Contributes knowledge.
        Expert = "expert",
        /// Writes the minutes.
        NoteTaker = "note_taker",
    }
}

/// A person in a group on behalf of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The person, by id.
    pub person_id: Handle,
    /// The organisation on whose behalf the person acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<Handle>,
    /// What the person is there.
    pub function: Function,
    /// Whether the person stands in for somebody.
    #[serde(default)]
    pub acting: bool,
    /// Whether it also holds in all subgroups of the group.
    #[serde(default)]
    pub in_subgroups: bool,
    /// First instant at which it holds.
    pub valid_from: Moment,
    /// First instant at which it no longer holds; absent while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Moment>,
}

/// A role as it is answered with. Whoever may not see the person is told the function and nothing of who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Role")]
pub struct RoleAnswer {
    /// The group.
    pub group_id: Uuid,
    /// The person; absent where you may not see who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Uuid>,
    /// The name the person went by at the instant asked for, or else while the role lasted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_name: Option<String>,
    /// The organisation on whose behalf the person acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<Uuid>,
    /// Its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_code: Option<Code>,
    /// What the person is there.
    pub function: Function,
    /// Whether the person stands in for somebody.
    pub acting: bool,
    /// Whether it also holds in all subgroups of the group.
    pub in_subgroups: bool,
    /// First instant at which it holds.
    pub valid_from: Moment,
    /// First instant at which it no longer holds; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Moment>,
}

impl Role {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check_span(self.validity(), &mut check);
        check.finish()
    }

    /// When it holds.
    pub fn validity(&self) -> Validity {
        Validity { from: self.valid_from.0, to: self.valid_to.map(|to| to.0) }
    }

    /// What lists are ordered by: the function, in the order of [`Function`], then the time.
    pub fn sort_key(&self) -> String {
        format!("{:02} {}", self.function as u8, self.valid_from.sort_key())
    }

    /// The instant whose name stands beside the role where none was asked for: `now`, or its last if it has ended.
    pub fn named_at(&self, now: Timestamp) -> Timestamp {
        match self.valid_to {
            Some(Moment(to)) if to <= now => to.saturating_sub(SignedDuration::from_micros(1)).unwrap_or(to),
            _ => now,
        }
    }
}
