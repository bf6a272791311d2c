//! What somebody is in person: offices in groups, places in delegations, and what they let their holder write.

use jiff::Timestamp;

use super::Target;
use crate::{
    access::Resource,
    identifier::{EventId, GroupId, OrganisationId, PersonId, SessionId},
};

/// What the chair of a group runs at the group's events, without an administrator's help and until the term ends.
pub(super) const CHAIRED: [Resource; 4] =
    [Resource::Sessions, Resource::Statements, Resource::Attendance, Resource::Rooms];

/// What an organisation writes of its own delegation, through its manager or its head: the people in it too, as far as
/// they come from there.
pub(super) const OWN: [Resource; 3] = [Resource::Delegations, Resource::Attendance, Resource::Persons];

/// A place in a delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// The event.
    pub event: EventId,
    /// The organisation whose delegation it is.
    pub organisation: OrganisationId,
    /// Whether it is that of the head, who may compose the delegation.
    pub head: bool,
}

/// A sitting of which people were told and in which somebody has a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The event.
    pub event: EventId,
    /// The sitting.
    pub session: SessionId,
    /// When the duty was given.
    pub since: Timestamp,
}

/// What somebody is in person, at groups and events, and not through a key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offices {
    /// Who somebody is, where that is known.
    pub person: Option<PersonId>,
    /// The groups somebody chairs or co-chairs, for as long as the term lasts.
    pub chairs: Vec<GroupId>,
    /// The groups whose business somebody keeps as secretary, for as long as the term lasts.
    pub keeps: Vec<GroupId>,
    /// The delegations somebody belongs to.
    pub seats: Vec<Seat>,
    /// The sittings in which somebody has a duty: they see them, whoever else does. It lets them write nothing.
    pub tasks: Vec<Task>,
}

impl Offices {
    /// Whether one of them lets its holder write `resource` anywhere at all.
    pub(super) fn open_somewhere(&self, resource: Resource) -> bool {
        let chair = !self.chairs.is_empty() && CHAIRED.contains(&resource);
        let head = OWN.contains(&resource) && self.seats.iter().any(|seat| seat.head);
        let convenor = resource == Resource::Requests && self.convened().next().is_some();
        // Whoever sits in a delegation says at least of themselves that they are there, and whoever has a part in a session
        // whether they come.
        let own = !self.seats.is_empty() || !self.tasks.is_empty();
        chair || head || convenor || (resource == Resource::Attendance && own)
    }

    /// Whether one of them lets its holder write `resource` at `target`.
    pub(super) fn open(&self, resource: Resource, target: Target) -> bool {
        let heads = |seat: &Seat| {
            seat.head && Some(seat.event) == target.event && Some(seat.organisation) == target.organisation
        };
        let chair = target.group.is_some_and(|group| self.chairs.contains(&group));
        let convenor = resource == Resource::Requests && target.group.is_some_and(|group| self.convenes(group));
        convenor || (chair && CHAIRED.contains(&resource)) || (OWN.contains(&resource) && self.seats.iter().any(heads))
    }

    /// The groups for which somebody asks for sessions: those they chair, and those whose business they keep.
    pub fn convened(&self) -> impl Iterator<Item = GroupId> {
        self.chairs.iter().chain(&self.keeps).copied()
    }

    /// Whether somebody asks for the sessions of this group.
    pub fn convenes(&self, group: GroupId) -> bool {
        self.convened().any(|own| own == group)
    }
}
