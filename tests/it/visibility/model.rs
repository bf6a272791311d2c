//! Who may see what, told once more in plain Rust from the rules in `docs/API-DESIGN.md` and without a look at the SQL.
//! It knows a small world by heart and answers by looking at all of it.

use domain::access::{Tlp, Visibility};

use super::affairs::Affairs;

/// Whom an object names.
#[derive(Debug, Clone)]
pub enum Audience {
    Nobody,
    Organisations(Vec<usize>),
    Person(usize),
}

/// A group, an event, a session or a statement, and where it belongs.
#[derive(Debug, Clone)]
pub struct Group {
    pub visibility: Visibility,
    pub audience: Audience,
    pub tlp: Tlp,
    /// Whether it is closed to all, or in [`ADMITTING`] to all but those who look in person.
    pub sealed: bool,
}

#[derive(Debug, Clone)]
pub struct Event {
    pub group: Option<usize>,
    pub visibility: Visibility,
    pub audience: Audience,
    pub tlp: Tlp,
}

#[derive(Debug, Clone)]
pub struct Session {
    pub event: usize,
    pub visibility: Visibility,
    pub audience: Audience,
    pub tlp: Tlp,
    /// The group that sits; it opens nothing.
    pub group: Option<usize>,
    /// Whether people were told of it.
    pub announced: bool,
}

#[derive(Debug, Clone)]
pub struct Statement {
    pub event: usize,
    pub visibility: Visibility,
    pub audience: Audience,
    pub tlp: Tlp,
    pub drafting: bool,
}

/// An organisation's time in a group: over, going on, or to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    Past,
    Present,
    Future,
}

#[derive(Debug, Clone, Default)]
pub struct World {
    pub groups: Vec<Group>,
    pub events: Vec<Event>,
    pub sessions: Vec<Session>,
    pub statements: Vec<Statement>,
    /// Organisation, group, term, and whether it is a member there or only observes.
    pub memberships: Vec<(usize, usize, Term, bool)>,
    /// Organisation, event.
    pub delegations: Vec<(usize, usize)>,
    /// What goes on inside events.
    pub affairs: Affairs,
}

#[derive(Debug, Clone)]
pub enum Who {
    Anonymous,
    /// Secretariat or auditor; where there are any events or groups, limited to them.
    Staff {
        events: Vec<usize>,
        groups: Vec<usize>,
    },
    /// A delegate of this organisation.
    Delegate(usize),
    /// Somebody who composes its delegations at these events.
    Manager {
        own: usize,
        events: Vec<usize>,
    },
    /// A guest who belongs to a delegation at this event.
    Seated {
        own: usize,
        event: usize,
    },
    /// A guest who chairs these groups.
    Chair(Vec<usize>),
    /// A guest who is nothing but this person.
    Person(usize),
}

#[derive(Debug, Clone)]
pub struct Viewer {
    pub who: Who,
    pub ceiling: Tlp,
}

type Shown<'a> = (Visibility, &'a Audience);

/// The groups to which everybody who looks in person is admitted where they are sealed.
pub const ADMITTING: [usize; 2] = [0, 1];

impl Viewer {
    /// Whether they look through a browser and not by a key.
    pub fn in_person(&self) -> bool {
        match self.who {
            Who::Anonymous | Who::Staff { .. } | Who::Delegate(_) => false,
            Who::Manager { .. } | Who::Seated { .. } | Who::Chair(_) | Who::Person(_) => true,
        }
    }
}

impl World {
    pub fn sees_group(&self, viewer: &Viewer, at: usize) -> bool {
        let group = &self.groups[at];
        let passed = group.tlp <= viewer.ceiling && self.passes(viewer, Some(at));
        passed && self.opens(viewer, (group.visibility, &group.audience), Some(at), None)
    }

    pub fn sees_event(&self, viewer: &Viewer, at: usize) -> bool {
        let event = &self.events[at];
        let tasked = || (0..self.sessions.len()).any(|own| self.sessions[own].event == at && self.tasked(viewer, own));
        let passed = event.tlp <= viewer.ceiling && self.passes(viewer, event.group);
        self.is_shown_event(viewer, at) || (passed && tasked())
    }

    /// Whether the event as such lets the viewer in, not only to where they have a duty.
    pub fn is_shown_event(&self, viewer: &Viewer, at: usize) -> bool {
        let event = &self.events[at];
        let passed = event.tlp <= viewer.ceiling && self.passes(viewer, event.group);
        passed && self.opens(viewer, (event.visibility, &event.audience), event.group, Some(at))
    }

    /// Whether the viewer has a duty in a session of which people were told.
    fn tasked(&self, viewer: &Viewer, session: usize) -> bool {
        self.sessions[session].announced && self.affairs.has_duty(viewer, session)
    }

    /// Whether no seal keeps the viewer from what is of this group.
    pub fn passes(&self, viewer: &Viewer, group: Option<usize>) -> bool {
        group.is_none_or(|at| !self.groups[at].sealed || (ADMITTING.contains(&at) && viewer.in_person()))
    }

    pub fn sees_session(&self, viewer: &Viewer, at: usize) -> bool {
        let session = &self.sessions[at];
        if self.tasked(viewer, at) && session.tlp <= viewer.ceiling && self.sees_event(viewer, session.event) {
            return true;
        }
        if !session.announced {
            let few = session.visibility.names_few();
            let planners = if few { Visibility::Secretariat } else { session.visibility.max(Visibility::Chairs) };
            return self.inside(viewer, session.event, (planners, &Audience::Nobody), session.tlp);
        }
        self.inside(viewer, session.event, (session.visibility, &session.audience), session.tlp)
    }

    pub fn sees_statement(&self, viewer: &Viewer, at: usize) -> bool {
        let statement = &self.statements[at];
        let shown = !statement.drafting || self.runs(viewer, statement.event);
        shown && self.inside(viewer, statement.event, (statement.visibility, &statement.audience), statement.tlp)
    }

    fn inside(&self, viewer: &Viewer, event: usize, shown: Shown<'_>, tlp: Tlp) -> bool {
        let group = self.events[event].group;
        let opened = self.opens(viewer, shown, group, Some(event));
        self.is_shown_event(viewer, event) && tlp <= viewer.ceiling && opened
    }

    /// Whether the viewer is of the circle around a group or an event, or one of those whom the object names.
    fn opens(&self, viewer: &Viewer, shown: Shown<'_>, group: Option<usize>, event: Option<usize>) -> bool {
        let (visibility, audience) = shown;
        match visibility {
            Visibility::Public => return true,
            Visibility::SignedIn => return !matches!(viewer.who, Who::Anonymous),
            _ if named(viewer, audience, event) => return true,
            _ => {}
        }
        match &viewer.who {
            Who::Anonymous => false,
            Who::Staff { events, groups } => {
                let everywhere = events.is_empty() && groups.is_empty();
                everywhere
                    || event.is_some_and(|at| events.contains(&at))
                    || group.is_some_and(|at| groups.contains(&at))
            }
            Who::Delegate(own) => self.opens_for(*own, visibility, group, event),
            Who::Manager { own, events } => {
                event.is_some_and(|at| events.contains(&at)) && self.opens_for(*own, visibility, group, event)
            }
            Who::Seated { event: at, .. } => visibility == Visibility::Participants && event == Some(*at),
            Who::Person(_) => false,
            Who::Chair(_) if visibility.names_few() => false,
            Who::Chair(groups) => visibility != Visibility::Secretariat && group.is_some_and(|at| groups.contains(&at)),
        }
    }

    /// Whether what stands open to `visibility` stands open to an organisation.
    fn opens_for(&self, own: usize, visibility: Visibility, group: Option<usize>, event: Option<usize>) -> bool {
        let is = |at: usize, member: bool| self.memberships.contains(&(own, at, Term::Present, member));
        let comes = event.is_some_and(|at| self.delegations.contains(&(own, at)));
        match visibility {
            Visibility::Participants => comes || group.is_some_and(|at| is(at, true) || is(at, false)),
            Visibility::Members => group.is_some_and(|at| is(at, true)),
            _ => false,
        }
    }

    /// Whether the viewer is among those who run the event, and so see what is being drafted.
    pub fn runs(&self, viewer: &Viewer, event: usize) -> bool {
        let group = self.events[event].group;
        match &viewer.who {
            Who::Staff { events, groups } => {
                let everywhere = events.is_empty() && groups.is_empty();
                everywhere || events.contains(&event) || group.is_some_and(|at| groups.contains(&at))
            }
            Who::Chair(groups) => group.is_some_and(|at| groups.contains(&at)),
            Who::Anonymous | Who::Delegate(_) | Who::Manager { .. } | Who::Seated { .. } => false,
            Who::Person(_) => false,
        }
    }
}

/// Whether the object names the viewer, or whom the viewer acts for there.
fn named(viewer: &Viewer, audience: &Audience, event: Option<usize>) -> bool {
    let organisation = match &viewer.who {
        Who::Delegate(own) => Some(own),
        Who::Manager { own, events } => Some(own).filter(|_| event.is_some_and(|at| events.contains(&at))),
        Who::Seated { own, event: at } => Some(own).filter(|_| event == Some(*at)),
        _ => None,
    };
    match audience {
        Audience::Nobody => false,
        Audience::Organisations(named) => organisation.is_some_and(|own| named.contains(own)),
        Audience::Person(named) => matches!(viewer.who, Who::Person(who) if who == *named),
    }
}
