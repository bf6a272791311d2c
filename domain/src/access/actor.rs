//! The one who acts, and what that one may do.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AccountState, Resource, Role, Scope, Tlp, Verb};
use crate::identifier::{EventId, GroupId, OrganisationId, PersonId};

mod offices;

use offices::OWN;
pub use offices::{Offices, Seat, Task};

const IN_PERSON: &str = "Only people say what they follow and which mails they want. Sign in with a browser, with an account \
                         that belongs to a person.";

/// Who stands behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Nobody who gave a name.
    Anonymous,
    /// An API key.
    Key {
        /// Its id.
        id: Uuid,
        /// Its name, as the audit log shows it.
        name: String,
    },
    /// Somebody who has signed in with a browser.
    Session {
        /// The sign-in.
        id: Uuid,
        /// The account.
        account: Uuid,
        /// The name of the person.
        name: String,
        /// When they showed who they are.
        signed_in_at: Timestamp,
    },
    /// A program that fetches a calendar somebody subscribed to.
    Subscriber {
        /// The account of the one who subscribed.
        account: Uuid,
    },
    /// The command line on the host itself.
    Console,
}

/// Events and groups that an account or a key is limited to; sessions, delegations and statements follow their event,
/// events their group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limit {
    /// Events within the limit.
    pub events: Vec<EventId>,
    /// Groups within the limit.
    pub groups: Vec<GroupId>,
}

impl Limit {
    /// These events and groups, each once; none where there are none, because that is no limit.
    pub fn of(events: impl IntoIterator<Item = Uuid>, groups: impl IntoIterator<Item = Uuid>) -> Option<Self> {
        let once = |ids: BTreeSet<Uuid>| ids.into_iter();
        let limit = Self {
            events: once(events.into_iter().collect()).map(EventId).collect(),
            groups: once(groups.into_iter().collect()).map(GroupId).collect(),
        };
        (limit != Self::default()).then_some(limit)
    }

    /// Whether what belongs there is within the limit.
    pub fn holds(&self, target: Target) -> bool {
        target.event.is_some_and(|event| self.events.contains(&event))
            || target.group.is_some_and(|group| self.groups.contains(&group))
    }
}

/// An authenticated caller with everything that decides what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who it is.
    pub principal: Principal,
    /// What it is for; nobody in particular has none.
    pub role: Option<Role>,
    /// What it is narrowed to; none means all that the role may.
    pub scopes: Vec<Scope>,
    /// Where it is narrowed to, all of which holds together: that of an account, and that of its key.
    pub limits: Vec<Limit>,
    /// The organisation it acts for.
    pub organisation: Option<OrganisationId>,
    /// What it is in person.
    pub offices: Offices,
    /// The narrowest label of what it sees and writes.
    pub ceiling: Tlp,
    /// The instant at which all of this holds, memberships included.
    pub at: Timestamp,
}

/// An account as far as rights depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What it may do.
    pub role: Role,
    /// Whether it may do anything.
    pub state: AccountState,
    /// Where it may do it; none means everywhere.
    pub limit: Option<Limit>,
    /// The organisation it acts for.
    pub organisation: Option<OrganisationId>,
    /// What its person is at the moment.
    pub offices: Offices,
    /// First instant at which it may do nothing any more.
    pub ends_at: Option<Timestamp>,
}

/// What a key narrows the rights of its account to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowing {
    /// The role it has; one that its account includes.
    pub role: Role,
    /// What it is narrowed to; none means all that the role may.
    pub scopes: Vec<Scope>,
    /// Where it is narrowed to; none means everywhere.
    pub limit: Option<Limit>,
    /// The organisation it acts for.
    pub organisation: Option<OrganisationId>,
    /// The narrowest label it deals with.
    pub ceiling: Tlp,
}

/// Where an object belongs, as far as rights depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Target {
    /// Its event.
    pub event: Option<EventId>,
    /// Its group, or the group of its event.
    pub group: Option<GroupId>,
    /// The organisation it belongs to.
    pub organisation: Option<OrganisationId>,
}

/// Why something was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// A key is needed.
    Unauthenticated,
    /// This key may not.
    Forbidden(String),
}

/// The right to write one kind of object in one place. Only [`Actor::permit`] makes one.
#[derive(Debug)]
#[must_use = "a permit is asked for in order to open a transaction with it"]
pub struct Permit {
    resource: Resource,
    _private: (),
}

impl Permit {
    /// What may be written.
    pub fn resource(&self) -> Resource {
        self.resource
    }
}

impl Actor {
    /// Somebody who gave no name.
    pub fn anonymous() -> Self {
        Self {
            principal: Principal::Anonymous,
            role: None,
            scopes: vec![],
            limits: vec![],
            organisation: None,
            offices: Offices::default(),
            ceiling: Tlp::Clear,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    /// Somebody with a shell on the host, who owns the data anyway.
    pub fn console() -> Self {
        Self { principal: Principal::Console, role: Some(Role::Admin), ceiling: Tlp::Red, ..Self::anonymous() }
    }

    /// Somebody with an account, as it is at this instant; nobody unless it is active.
    pub fn of_account(principal: Principal, account: Standing, at: Timestamp) -> Option<Self> {
        let usable = account.state == AccountState::Active && account.ends_at.is_none_or(|end| at < end);
        usable.then(|| Self {
            principal,
            role: Some(account.role),
            limits: account.limit.into_iter().collect(),
            organisation: account.organisation,
            offices: account.offices,
            ceiling: Tlp::Red,
            at,
            ..Self::anonymous()
        })
    }

    /// The same through a key: never more than without it, and nobody once the key's role or organisation is not the
    /// account's any more. An office is held in person and not through a key.
    pub fn narrowed(self, to: Narrowing) -> Option<Self> {
        let role = self.role.filter(|own| own.includes(to.role))?;
        let same = role == Role::Admin || self.organisation == to.organisation;
        same.then(|| Self {
            role: Some(to.role),
            scopes: to.scopes,
            limits: self.limits.into_iter().chain(to.limit).collect(),
            organisation: to.organisation,
            offices: Offices::default(),
            ceiling: to.ceiling.min(self.ceiling),
            ..self
        })
    }

    /// The account of somebody who acts in person: signed in with a browser, or by a calendar they subscribed to. A key
    /// is a program and the console the host, whoever may stand behind them.
    pub fn in_person(&self) -> Option<Uuid> {
        match self.principal {
            Principal::Session { account, .. } | Principal::Subscriber { account } => Some(account),
            Principal::Anonymous | Principal::Key { .. } | Principal::Console => None,
        }
    }

    /// Whether the caller sees objects of every visibility (within its limit).
    pub fn sees_everything(&self) -> bool {
        matches!(self.role, Some(Role::Admin | Role::Secretariat | Role::Auditor))
    }

    /// Whether `resource` may be asked for at all: as [`may_see`](Self::may_see), and in the scopes of the key.
    pub fn may_read(&self, resource: Resource) -> Result<(), Denial> {
        self.in_scope(Verb::Read, resource)?;
        self.may_see(resource)
    }

    /// Whether pages may be opened. They show several kinds of object at once, and a key narrowed to scopes was made for
    /// some.
    pub fn may_open_pages(&self) -> Result<(), Denial> {
        if self.scopes.is_empty() {
            return Ok(());
        }
        Err(Denial::Forbidden(
            "This key is narrowed to scopes and opens no pages. Ask the API below /api/v1.".to_owned(),
        ))
    }

    /// Whether `resource` is shown to the role at all; which rows, the visibility predicate says. A key may name what it
    /// sees in a request about something else, whatever its scopes: who writes sessions names their event.
    pub fn may_see(&self, resource: Resource) -> Result<(), Denial> {
        match (self.role, resource) {
            (None, Resource::Persons | Resource::Rooms | Resource::Delegations | Resource::Attendance) => {
                Err(Denial::Unauthenticated)
            }
            (None, Resource::Requests) => Err(Denial::Unauthenticated),
            (None, Resource::Keys | Resource::Audit | Resource::Feeds | Resource::Badges | Resource::Checks) => {
                Err(Denial::Unauthenticated)
            }
            (Some(Role::Admin | Role::Auditor), _) => Ok(()),
            (Some(_), Resource::Keys | Resource::Audit) => Err(self.forbidden(Verb::Read, resource)),
            // Who passed which door when is a record of people's movements: for those who keep it and audit it.
            (Some(Role::DelegationManager | Role::Delegate | Role::Guest), Resource::Checks) => {
                Err(self.forbidden(Verb::Read, resource))
            }
            _ => Ok(()),
        }
    }

    /// Whether the caller may write `resource` anywhere at all. Asked before the target is known, so that a request
    /// tells nothing of what is there to those who could not write it anyway.
    pub fn may_write(&self, resource: Resource) -> Result<(), Denial> {
        let role = self.role.ok_or(Denial::Unauthenticated)?;
        self.in_scope(Verb::Write, resource)?;
        let never = match role {
            Role::Admin => false,
            Role::Auditor => true,
            Role::Secretariat => matches!(resource, Resource::Keys | Resource::Audit),
            Role::DelegationManager => resource != Resource::Feeds && !OWN.contains(&resource),
            Role::Delegate | Role::Guest => resource != Resource::Feeds,
        };
        if never && !self.offices.open_somewhere(resource) {
            Err(self.forbidden(Verb::Write, resource))
        } else {
            Ok(())
        }
    }

    /// The right to write `resource` at `target`, or why not.
    pub fn permit(&self, resource: Resource, target: Target) -> Result<Permit, Denial> {
        let role = self.role.ok_or(Denial::Unauthenticated)?;
        self.may_write(resource)?;
        let allowed = match role {
            Role::Admin => true,
            Role::Auditor => false,
            Role::Secretariat => matches!(resource, Resource::Persons | Resource::Feeds) || self.within_limits(target),
            Role::DelegationManager if OWN.contains(&resource) => {
                target.organisation.is_some() && target.organisation == self.organisation && self.within_limits(target)
            }
            Role::DelegationManager | Role::Delegate | Role::Guest => resource == Resource::Feeds,
        };
        if allowed || self.offices.open(resource, target) {
            Ok(Permit { resource, _private: () })
        } else {
            Err(self.forbidden(Verb::Write, resource))
        }
    }

    /// Whether it runs what is at `target`, whatever its key may write there: whom the secrets of that are for.
    pub fn runs(&self, target: Target) -> bool {
        match self.role {
            Some(Role::Admin) => true,
            Some(Role::Secretariat) => self.within_limits(target),
            _ => false,
        }
    }

    /// Whether it runs or audits what is at `target`: whom the record is for of what people did there.
    pub fn oversees(&self, target: Target) -> bool {
        self.sees_everything() && self.within_limits(target)
    }

    /// The same actor where nothing with a narrower label may go.
    pub fn under(self, ceiling: Tlp) -> Self {
        Self { ceiling: ceiling.min(self.ceiling), ..self }
    }

    /// Whether the caller may give an object this label: what it writes it also sees.
    pub fn may_label(&self, label: Tlp) -> Result<(), Denial> {
        if label <= self.ceiling {
            return Ok(());
        }
        let (label, ceiling) = (label.as_str().to_uppercase(), self.ceiling.as_str().to_uppercase());
        Err(Denial::Forbidden(format!(
            "This key deals with what is labelled up to TLP:{ceiling}, not TLP:{label}. Use a key with a higher ceiling."
        )))
    }

    /// The right to decide on what groups ask for at `target`: for those who run it, and not for those who ask.
    pub fn permit_deciding(&self, target: Target) -> Result<Permit, Denial> {
        self.role.ok_or(Denial::Unauthenticated)?;
        self.may_write(Resource::Requests)?;
        if self.runs(target) {
            return Ok(Permit { resource: Resource::Requests, _private: () });
        }
        Err(Denial::Forbidden(
            "Only the secretariat of the event decides on what groups ask for. Wait for its answer, or write to it."
                .to_owned(),
        ))
    }

    /// The right to write down that somebody signs in or out. Everybody has it: who signs in is nobody yet, and what may be
    /// opened and ended is decided by the link, the password or the cookie that was shown.
    pub fn permit_signing_in(&self) -> Permit {
        Permit { resource: Resource::Keys, _private: () }
    }

    /// Whoever is signed in, who alone reads what they say of themselves; nobody for an account that belongs to no person.
    pub fn themselves(&self) -> Result<Option<PersonId>, Denial> {
        self.role.ok_or(Denial::Unauthenticated)?;
        match &self.principal {
            Principal::Session { .. } => Ok(self.offices.person),
            _ => Err(Denial::Forbidden(IN_PERSON.to_owned())),
        }
    }

    /// Leave to write what somebody who is signed in says of themselves and what concerns nobody else.
    pub fn permit_own(&self) -> Result<(Permit, PersonId), Denial> {
        let person = self.themselves()?.ok_or_else(|| Denial::Forbidden(IN_PERSON.to_owned()))?;
        Ok((Permit { resource: Resource::Persons, _private: () }, person))
    }

    /// Leave to answer for oneself at an event at which one has a part in a session.
    pub fn permit_invited(&self, event: EventId) -> Result<Permit, Denial> {
        self.role.ok_or(Denial::Unauthenticated)?;
        self.in_scope(Verb::Write, Resource::Attendance)?;
        if self.offices.tasks.iter().any(|task| task.event == event) {
            return Ok(Permit { resource: Resource::Attendance, _private: () });
        }
        Err(Denial::Forbidden(
            "You have no part in a session of this event. Ask the secretariat to invite you.".to_owned(),
        ))
    }

    /// The right of somebody in a delegation at the event to say that they are there themselves.
    pub fn permit_in_person(&self, event: EventId) -> Result<Permit, Denial> {
        self.role.ok_or(Denial::Unauthenticated)?;
        self.in_scope(Verb::Write, Resource::Attendance)?;
        if self.offices.seats.iter().any(|seat| seat.event == event) {
            return Ok(Permit { resource: Resource::Attendance, _private: () });
        }
        Err(Denial::Forbidden(
            "Only people in a delegation at this event mark themselves, signed in with a browser. Ask the secretariat to \
             record you."
                .to_owned(),
        ))
    }

    /// The right to write to the seal of a group behind it. Whoever sees a sealed group is admitted and has it, whatever
    /// else it may do.
    pub fn permit_behind_seal(&self) -> Permit {
        Permit { resource: Resource::Groups, _private: () }
    }

    /// Whether a key narrowed to `scopes` and `ceiling` may do nothing that the actor may not. Who is narrowed can only
    /// hand out something as narrow.
    pub fn may_hand_out(&self, scopes: &[Scope], ceiling: Tlp) -> bool {
        let included = |scope: &Scope| self.scopes.iter().any(|own| own.includes(scope));
        let narrow = self.scopes.is_empty() || (!scopes.is_empty() && scopes.iter().all(included));
        narrow && ceiling <= self.ceiling
    }

    /// Whether it acts for the organisation at the event, for an account's or in person.
    pub fn acts_for(&self, organisation: OrganisationId, event: EventId) -> bool {
        let seated = |seat: &Seat| seat.organisation == organisation && seat.event == event;
        self.organisation == Some(organisation) || self.offices.seats.iter().any(seated)
    }

    /// Whether it acts for this organisation anywhere.
    pub fn represents(&self, organisation: OrganisationId) -> bool {
        let seated = |seat: &Seat| seat.organisation == organisation;
        self.organisation == Some(organisation) || self.offices.seats.iter().any(seated)
    }

    /// Whoever is limited writes inside their events and groups; what all share is not theirs.
    fn within_limits(&self, target: Target) -> bool {
        self.limits.iter().all(|limit| limit.holds(target))
    }

    fn in_scope(&self, verb: Verb, resource: Resource) -> Result<(), Denial> {
        let covered = self.scopes.is_empty() || self.scopes.iter().any(|scope| scope.covers(verb, resource));
        if covered { Ok(()) } else { Err(self.forbidden(verb, resource)) }
    }

    fn forbidden(&self, verb: Verb, resource: Resource) -> Denial {
        let verb = if verb == Verb::Read { "read" } else { "write" };
        Denial::Forbidden(format!(
            "This key may not {verb} {} here. Use a key whose role, scopes and limits include it.",
            resource.as_str()
        ))
    }
}

#[cfg(test)]
mod tests;
