//! Delegations, their delegates, and who was represented in a session.
//!
//! What an organisation does at an event is its own affair and the secretariat's: each delegation sees itself whole,
//! and of the others only that they are confirmed. Who sits in a group is no concern of this module.

pub mod availability;
pub mod credentials;
pub mod delegates;
pub mod delegations;
pub mod door;
pub mod duties;
pub mod findings;
pub mod follows;
pub mod heads;
pub mod history;
pub mod imports;
pub mod invitations;
pub mod marks;
pub mod notices;
pub mod participants;
pub mod places;
pub mod quorum;
pub mod registration;
pub mod reminders;
pub mod roll_call;
pub mod roster;
pub mod sheet;
pub mod speakers;
pub mod tables;

use domain::{
    access::{Target, Visibility},
    attendance::{DelegateRefusal, NoPlace, Refusal, TooLate},
    events::Event,
    identifier::OrganisationId,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    db::{Change, Visible, reference},
    error::Error,
    events,
};
pub use delegations::delegations_of;
pub use sheet::{Meeting, represented};

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::conflict(refusal.code(), refusal.to_string())
    }
}

impl From<DelegateRefusal> for Error {
    fn from(refusal: DelegateRefusal) -> Self {
        Self::conflict(refusal.code(), refusal.to_string())
    }
}

impl From<NoPlace> for Error {
    fn from(refusal: NoPlace) -> Self {
        Self::conflict(refusal.code(), refusal.to_string())
    }
}

impl From<TooLate> for Error {
    fn from(refusal: TooLate) -> Self {
        Self::conflict(refusal.code(), refusal.to_string())
    }
}

/// Where something of this organisation at this event belongs; without an organisation it is the secretariat's alone.
fn target(event: &Visible<Event>, organisation: Option<OrganisationId>) -> Target {
    Target { organisation, ..events::target(event) }
}

/// A change those learn of who run the event, and the organisation it concerns once it sees the event.
fn change(
    kind: &'static str,
    (id, version): (Uuid, i32),
    event: &Visible<Event>,
    organisation: OrganisationId,
    diff: Value,
) -> Change {
    let stated = event.content.details.disclosure();
    Change {
        event: Some(event.id),
        group: reference(event.content.details.group_id.as_ref()),
        organisation: Some(organisation.0),
        disclosure: stated.at_least(Visibility::Chairs),
        diff,
        ..Change::new(kind, id, version)
    }
}
