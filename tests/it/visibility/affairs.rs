//! What goes on inside events, who may see what of it, told from the rules in section 12 of `docs/API-DESIGN.md`, and how it
//! comes into a random world.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{
    model::{Viewer, Who, World},
    seed::{ORGANISATIONS, PERSONS},
};

/// Who has a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    Person(usize),
    /// The delegation of an organisation.
    Organisation(usize),
}

/// An item of the agenda of a session, and for whom it is.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    pub session: usize,
    pub shown: &'static str,
}

/// Each with the places in the world of what it names.
#[derive(Debug, Clone, Default)]
pub struct Affairs {
    /// Session and holder.
    pub duties: Vec<(usize, Holder)>,
    pub items: Vec<Item>,
    /// Item, and the organisation whose delegation asks for the floor.
    pub speakers: Vec<(usize, usize)>,
    /// Event, and the organisations asked.
    pub polls: Vec<(usize, Vec<usize>)>,
    /// Event, and the group that asks.
    pub requests: Vec<(usize, usize)>,
}

/// Drawn without regard to what delegations there are: see [`Affairs::fitting`].
pub fn affairs(sessions: usize, events: usize, groups: usize) -> impl Strategy<Value = Affairs> {
    let holder = prop_oneof![
        (0..PERSONS).prop_map(Holder::Person),
        (0..PERSONS).prop_map(Holder::Person),
        (0..ORGANISATIONS).prop_map(Holder::Organisation),
    ];
    let duties = prop::collection::btree_set((0..sessions, holder), 24);
    let shown = prop::sample::select(vec!["common", "common", "internal", "hidden"]);
    let items = prop::collection::vec((0..sessions, shown).prop_map(|(session, shown)| Item { session, shown }), 10);
    let speakers = prop::collection::btree_set((0..10_usize, 0..ORGANISATIONS), 20);
    let asked = prop::collection::btree_set(0..ORGANISATIONS, 1..3).prop_map(Vec::from_iter);
    let polls = prop::collection::vec((0..events, asked), 8);
    let requests = prop::collection::btree_set((0..events, 0..groups), 8);
    (duties, items, speakers, polls, requests).prop_map(|(duties, items, speakers, polls, requests)| Affairs {
        duties: duties.into_iter().collect(),
        items,
        speakers: speakers.into_iter().collect(),
        polls,
        requests: requests.into_iter().collect(),
    })
}

impl Affairs {
    /// Of it, what can be in a world with these delegations: a delegation has duties and speaks where it comes.
    pub fn fitting(mut self, event_of: impl Fn(usize) -> usize, delegations: &BTreeSet<(usize, usize)>) -> Self {
        let comes = |own: usize, session: usize| delegations.contains(&(own, event_of(session)));
        self.duties.retain(|(session, holder)| match holder {
            Holder::Person(_) => true,
            Holder::Organisation(own) => comes(*own, *session),
        });
        let items = &self.items;
        self.speakers.retain(|(item, own)| items[*item].shown != "hidden" && comes(*own, items[*item].session));
        self
    }

    /// Whether the viewer is a person with a duty in a session.
    pub fn has_duty(&self, viewer: &Viewer, session: usize) -> bool {
        let Who::Person(person) = viewer.who else { return false };
        self.duties.contains(&(session, Holder::Person(person)))
    }
}

/// What is asked of the model, each of the object at a place.
impl World {
    /// Whether the viewer runs or audits an event they see.
    pub fn oversees(&self, viewer: &Viewer, event: usize) -> bool {
        self.is_shown_event(viewer, event) && self.runs(viewer, event)
    }

    /// Whether the viewer acts for an organisation at an event they see.
    fn acts_for(&self, viewer: &Viewer, organisation: usize, event: usize) -> bool {
        let acts = match &viewer.who {
            Who::Delegate(own) => *own == organisation,
            Who::Manager { own, events } => *own == organisation && events.contains(&event),
            Who::Seated { own, event: at } => *own == organisation && *at == event,
            _ => false,
        };
        acts && self.sees_event(viewer, event)
    }

    pub fn sees_duty(&self, viewer: &Viewer, at: usize) -> bool {
        let (session, holder) = self.affairs.duties[at];
        let event = self.sessions[session].event;
        let theirs = match holder {
            Holder::Person(_) => self.affairs.has_duty(viewer, session) && holder == person(viewer),
            Holder::Organisation(own) => self.acts_for(viewer, own, event),
        };
        self.sees_session(viewer, session) && (theirs || self.oversees(viewer, event))
    }

    pub fn sees_item(&self, viewer: &Viewer, at: usize) -> bool {
        let Item { session, shown } = self.affairs.items[at];
        let whole = shown == "common" || self.oversees(viewer, self.sessions[session].event);
        whole && self.sees_session(viewer, session)
    }

    pub fn sees_speaker(&self, viewer: &Viewer, at: usize) -> bool {
        !matches!(viewer.who, Who::Anonymous) && self.sees_item(viewer, self.affairs.speakers[at].0)
    }

    pub fn sees_poll(&self, viewer: &Viewer, at: usize) -> bool {
        let (event, asked) = &self.affairs.polls[at];
        self.oversees(viewer, *event) || asked.iter().any(|own| self.acts_for(viewer, *own, *event))
    }

    /// Staff see what is asked of their events and by their groups, chairs what their groups ask; for both, of events they
    /// see and past all seals.
    pub fn sees_request(&self, viewer: &Viewer, at: usize) -> bool {
        let (event, group) = self.affairs.requests[at];
        let asks = match &viewer.who {
            Who::Staff { groups, .. } => self.runs(viewer, event) || groups.contains(&group),
            Who::Chair(groups) => groups.contains(&group),
            _ => false,
        };
        asks && self.sees_event(viewer, event) && self.passes(viewer, Some(group))
    }

    /// The sessions that clash in an event because somebody chairs both, as far as the viewer learns which: of each pair
    /// those they see, and whether that is all.
    pub fn clashes(&self, viewer: &Viewer, event: usize) -> Vec<(Vec<usize>, bool)> {
        let mut found = vec![];
        for person in (0..PERSONS).map(Holder::Person).filter(|_| self.oversees(viewer, event)) {
            let duties = self.affairs.duties.iter().filter(|(_, holder)| *holder == person);
            let chairs: Vec<usize> =
                duties.map(|(session, _)| *session).filter(|at| self.sessions[*at].event == event).collect();
            for (at, one) in chairs.iter().enumerate() {
                for other in &chairs[at + 1..] {
                    let seen: Vec<usize> =
                        [*one, *other].into_iter().filter(|at| self.sees_session(viewer, *at)).collect();
                    let whole = seen.len() == 2;
                    found.extend((!seen.is_empty()).then_some((seen, whole)));
                }
            }
        }
        found.sort();
        found
    }

    /// The same world to those who are told of changes: what a duty opens is told from then on, and nothing of what was.
    pub fn before_duties(&self) -> Self {
        let mut before = self.clone();
        before.affairs.duties.retain(|(_, holder)| matches!(holder, Holder::Organisation(_)));
        before
    }
}

fn person(viewer: &Viewer) -> Holder {
    match viewer.who {
        Who::Person(at) => Holder::Person(at),
        _ => Holder::Organisation(usize::MAX),
    }
}
