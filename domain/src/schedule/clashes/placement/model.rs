//! A programme in quarters of an hour, with numbers for rooms, sessions and what they share.
//!
//! The model is for searching only: it takes two sessions that must not overlap, a room that is taken, a delegation with
//! too few people for one as bad as the other, and rounds to full ticks. It knows neither walks nor nights nor the
//! setting up of rooms. What is made of it is weighed by the rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::{TICK, event_span};
use crate::{
    identifier::{RoomId, SessionId},
    schedule::{
        Kind,
        clashes::{
            Order, Party, Rule, Severity, Span,
            snapshot::{Room, Session, Tier},
            view::View,
        },
    },
};

/// A session to the search.
#[derive(Debug)]
pub(super) struct Item {
    /// Which.
    pub(super) id: SessionId,
    /// In ticks.
    pub(super) length: usize,
    /// Where it is: room and first tick.
    pub(super) at: Option<(Option<usize>, usize)>,
    /// Whether it stays there.
    pub(super) fixed: bool,
    /// The rooms that suit it best; none where it needs none.
    pub(super) rooms: Vec<usize>,
    /// The first ticks at which it could sit, whatever the others do.
    pub(super) starts: Vec<usize>,
    /// The sessions it must not overlap.
    pub(super) apart: Vec<usize>,
    /// Wishes about order.
    pub(super) wishes: Vec<Wish>,
    /// What it takes one of while it sits.
    pub(super) takes: Vec<usize>,
}

/// A wish about the order of a session and another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) other: usize,
    /// Whether the other is the one meant to be earlier.
    pub(super) other_first: bool,
    pub(super) order: Order,
}

/// Something of which there are so many: people of a delegation, teams for a language.
#[derive(Debug)]
pub(super) struct Supply {
    pub(super) limit: usize,
    pub(super) users: Vec<usize>,
}

/// A room to the search.
#[derive(Debug)]
pub(super) struct Hall {
    pub(super) id: RoomId,
    /// How many ticks before each it is closed or blocked.
    pub(super) closed: Vec<u32>,
    /// Whether several may use it at once.
    pub(super) shared: bool,
}

/// The whole programme to the search.
#[derive(Debug)]
pub(super) struct Model {
    origin: Timestamp,
    /// How many ticks the event has.
    pub(super) ticks: usize,
    /// The day of each tick.
    pub(super) days: Vec<i32>,
    pub(super) items: Vec<Item>,
    pub(super) halls: Vec<Hall>,
    pub(super) supplies: Vec<Supply>,
    /// How many ticks may lie between two sessions that follow each other closely.
    pub(super) closely: usize,
}

impl Model {
    /// Reads the programme; `None` where the event has no days.
    pub(super) fn of(view: View<'_>) -> Option<Self> {
        let days = event_span(view)?;
        let ticks = whole_ticks(days.length());
        let mut model = Self {
            origin: days.starts_at,
            ticks,
            days: Vec::new(),
            items: Vec::new(),
            halls: Vec::new(),
            supplies: Vec::new(),
            closely: view.settings.adjacent_minutes as usize / 15,
        };
        model.days = (0..ticks).map(|tick| day_number(view, model.span(tick, 1))).collect();
        model.halls = view.snapshot.rooms.iter().map(|room| model.hall(view, room)).collect();
        let numbers: HashMap<RoomId, usize> = model.halls.iter().enumerate().map(|(at, hall)| (hall.id, at)).collect();
        let closed = model.ticks_that(|span| !view.outside(&view.snapshot.working_hours, span).is_empty());
        let parties = model.absences(view);
        model.items = view
            .snapshot
            .sessions
            .iter()
            .map(|session| model.item(view, session, &numbers, &closed, &parties))
            .collect();
        model.read_pairs(view);
        model.read_supplies(view);
        Some(model)
    }

    /// The span of so many ticks.
    pub(super) fn span(&self, tick: usize, length: usize) -> Span {
        let at = |tick: usize| self.origin.saturating_add(TICK * i32::try_from(tick).unwrap_or(i32::MAX));
        let at = |tick: usize| at(tick).unwrap_or(Timestamp::MAX);
        Span { starts_at: at(tick), ends_at: at(tick + length) }
    }

    fn ticks_that(&self, holds: impl Fn(Span) -> bool) -> Vec<bool> {
        (0..self.ticks).map(|tick| holds(self.span(tick, 1))).collect()
    }

    /// The ticks that a span touches; none before the event and none after it.
    fn touched(&self, span: Span) -> std::ops::Range<usize> {
        let seconds = |at: Timestamp| at.duration_since(self.origin).as_secs().max(0);
        let tick = TICK.as_secs();
        let (from, to) = (seconds(span.starts_at) / tick, (seconds(span.ends_at) + tick - 1) / tick);
        let within = |tick: i64| usize::try_from(tick).unwrap_or_default().min(self.ticks);
        within(from)..within(to).max(within(from))
    }

    fn hall(&self, view: View<'_>, room: &Room) -> Hall {
        let windows: super::super::span::Spans = room.windows.iter().copied().collect();
        let mut closed = self.ticks_that(|span| {
            !view.outside(&room.opening, span).is_empty() || !windows.is_empty() && !windows.outside(span).is_empty()
        });
        room.blockings.iter().for_each(|blocking| closed[self.touched(blocking.span)].fill(true));
        Hall { id: room.id, closed: counted(&closed), shared: room.shared }
    }

    /// The ticks at which each party cannot come, or has something elsewhere.
    fn absences(&self, view: View<'_>) -> HashMap<Party, Vec<bool>> {
        let mut absences = HashMap::new();
        for (party, times) in &view.index.times {
            let mut absent = vec![false; self.ticks];
            if !times.windows.is_empty() {
                let whole = self.span(0, self.ticks);
                times.windows.outside(whole).into_iter().for_each(|span| absent[self.touched(span)].fill(true));
            }
            let away = times.away.within(self.span(0, self.ticks));
            let elsewhere = times.commitments.iter().copied();
            away.into_iter().chain(elsewhere).for_each(|span| absent[self.touched(span)].fill(true));
            absences.insert(*party, absent);
        }
        absences
    }

    fn item(
        &self,
        view: View<'_>,
        session: &Session,
        numbers: &HashMap<RoomId, usize>,
        closed: &[bool],
        absences: &HashMap<Party, Vec<bool>>,
    ) -> Item {
        let touched = session.slot.map(|slot| self.touched(slot));
        let length = touched.as_ref().map(|ticks| ticks.len());
        let length = length.or_else(|| super::length(session).map(whole_ticks)).unwrap_or_default();
        let room = session.room.and_then(|room| numbers.get(&room).copied());
        let mut blocked = closed.to_vec();
        let spans = view.snapshot.holidays.iter().filter_map(|own| view.whole_day(own.day));
        let spans = spans.chain(view.snapshot.observances.iter().map(|own| own.span));
        let waits = session.not_before.iter().filter_map(|wait| {
            let day = wait.day.checked_add(jiff::ToSpan::days(i32::from(wait.days_after))).ok()?;
            Span::new(self.origin, view.whole_day(day)?.starts_at)
        });
        let away = session.cannot_meet.iter().copied();
        spans.chain(waits).chain(away).for_each(|span| blocked[self.touched(span)].fill(true));
        let people = session.people().map(Party::Person);
        let parties = people.chain(session.expected.iter().map(|own| Party::Delegation(own.delegation)));
        for absent in parties.filter_map(|party| absences.get(&party)) {
            blocked.iter_mut().zip(absent).for_each(|(own, absent)| *own |= absent);
        }
        // Where nothing suits everybody, the hours of the host alone count, and the rules say whom it does not suit.
        let starts = free_starts(&counted(&blocked), length);
        let starts = if starts.is_empty() { free_starts(&counted(closed), length) } else { starts };
        Item {
            id: session.id,
            length,
            at: touched.map(|ticks| (room, ticks.start)),
            // What has begun before the first tick is longer than what is left of it.
            fixed: session.locked || length == 0 || session.slot.is_some_and(|slot| slot.starts_at < self.origin),
            rooms: suitable(view, session, numbers),
            starts,
            apart: Vec::new(),
            wishes: Vec::new(),
            takes: Vec::new(),
        }
    }

    /// Whom the rules keep apart, and wishes about order.
    fn read_pairs(&mut self, view: View<'_>) {
        let sessions = &view.snapshot.sessions;
        let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut add = |one: usize, other: usize| {
            if one != other {
                pairs.insert((one, other));
                pairs.insert((other, one));
            }
        };
        let minds = |rule: Rule| view.settings.severity(rule) != Severity::Ignore;
        for own in by(sessions, |session| session.people().collect()).values() {
            each_pair(own, |one, other| {
                if minds(Rule::PersonOverlapChair) || minds(Rule::PersonOverlap) {
                    add(one, other);
                }
            });
        }
        let groups = by(sessions, |session| session.groups.clone());
        for conflict in &view.index.conflicts {
            let rule = match conflict.tier {
                Tier::Chair => Rule::GroupConflictChair,
                Tier::Key => Rule::GroupConflictKey,
                Tier::Topic => Rule::GroupConflictTopic,
            };
            let [one, other] = conflict.groups.map(|group| groups.get(&group).cloned().unwrap_or_default());
            for first in one.iter().filter(|_| minds(rule)) {
                other.iter().for_each(|second| add(*first, *second));
            }
        }
        let place = |id: &SessionId| view.index.places.get(id).copied();
        for wish in &view.index.must_attend {
            if let [Some(one), Some(other)] = wish.sessions.each_ref().map(place) {
                add(one, other);
            }
        }
        for (delegation, own) in by(sessions, |session| session.expected.iter().map(|own| own.delegation).collect()) {
            let listed = |session: &Session| {
                let head = session.expected.iter().any(|own| own.delegation == delegation && own.head_listed);
                session.kind == Kind::Plenary && (head || session.agenda.iter().any(|item| item.votes))
            };
            for plenary in own.iter().filter(|at| listed(&sessions[**at])) {
                let bilaterals = own.iter().filter(|at| sessions[**at].kind == Kind::Bilateral);
                bilaterals.for_each(|bilateral| add(*plenary, *bilateral));
            }
        }
        pairs.into_iter().for_each(|(one, other)| self.items[one].apart.push(other));
        for wish in view.index.relations.iter().filter(|_| minds(Rule::TimeRelation)) {
            let (Some(earlier), Some(later)) = (place(&wish.earlier), place(&wish.later)) else { continue };
            let order = wish.order;
            self.items[later].wishes.push(Wish { other: earlier, other_first: true, order });
            self.items[earlier].wishes.push(Wish { other: later, other_first: false, order });
        }
    }

    /// People of delegations and teams of interpreters, where there may be too few.
    fn read_supplies(&mut self, view: View<'_>) {
        let sessions = &view.snapshot.sessions;
        let delegations = by(sessions, |session| session.expected.iter().map(|own| own.delegation).collect());
        let able = |id| view.index.delegations.get(id).and_then(|facts| facts.able);
        let people = delegations.iter().filter_map(|(id, users)| Some((able(id)?, users.clone())));
        let languages = by(sessions, |session| session.languages.clone());
        let teams = |language| view.index.teams.get(language).copied().unwrap_or_default();
        let teams =
            languages.iter().filter(|_| !view.index.teams.is_empty()).map(|(own, users)| (teams(own), users.clone()));
        for (limit, users) in people.chain(teams).filter(|(limit, users)| users.len() > *limit as usize && *limit > 0) {
            users.iter().for_each(|user| self.items[*user].takes.push(self.supplies.len()));
            self.supplies.push(Supply { limit: limit as usize, users });
        }
    }
}

/// How many of the flags before each place are set.
fn counted(flags: &[bool]) -> Vec<u32> {
    let sums = flags.iter().scan(0, |sum, flag| {
        *sum += u32::from(*flag);
        Some(*sum)
    });
    std::iter::once(0).chain(sums).collect()
}

/// The ticks from which so many are free.
fn free_starts(blocked: &[u32], length: usize) -> Vec<usize> {
    let last = (blocked.len() - 1).checked_sub(length.max(1));
    last.map_or_else(Vec::new, |last| (0..=last).filter(|at| blocked[at + length] == blocked[*at]).collect())
}

/// The rooms against which least is to be said. Whoever gave a session a room and no time yet has chosen the room.
fn suitable(view: View<'_>, session: &Session, numbers: &HashMap<RoomId, usize>) -> Vec<usize> {
    if let (None, Some(chosen)) = (session.slot, session.room.and_then(|room| numbers.get(&room))) {
        return vec![*chosen];
    }
    if session.in_room == 0 && session.room.is_none() {
        return Vec::new();
    }
    let against = |room: &Room| {
        let layout = room.layouts.iter().find(|own| Some(&own.0) == session.layout.as_ref()).map(|own| own.1);
        let full = layout.or(room.capacity).is_some_and(|holds| holds < session.in_room);
        let lacking = session.needs.iter().any(|need| !room.features.contains(need));
        let unapproved = room.needs_approval && !(session.room_approved && session.room == Some(room.id));
        u32::from(full) * 100 + u32::from(lacking) * 200 + u32::from(unapproved) * 2_000
    };
    let weighed: Vec<(u32, usize)> =
        view.snapshot.rooms.iter().map(|room| (against(room), numbers[&room.id])).collect();
    let least = weighed.iter().map(|(against, _)| *against).min().unwrap_or_default();
    weighed.into_iter().filter(|(against, _)| *against == least).map(|(_, room)| room).collect()
}

fn whole_ticks(length: jiff::SignedDuration) -> usize {
    let tick = TICK.as_secs();
    usize::try_from((length.as_secs() + tick - 1) / tick).unwrap_or_default()
}

fn day_number(view: View<'_>, span: Span) -> i32 {
    let day = view.first_day(span);
    i32::from(day.year()) * 366 + i32::from(day.day_of_year())
}

/// The places of the sessions that have each key.
fn by<K: Ord>(sessions: &[Session], keys: impl Fn(&Session) -> Vec<K>) -> BTreeMap<K, Vec<usize>> {
    let mut lists: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (at, session) in sessions.iter().enumerate() {
        for key in keys(session).into_iter().collect::<BTreeSet<_>>() {
            lists.entry(key).or_default().push(at);
        }
    }
    lists
}

fn each_pair(items: &[usize], mut found: impl FnMut(usize, usize)) {
    for (at, one) in items.iter().enumerate() {
        items[at + 1..].iter().for_each(|other| found(*one, *other));
    }
}
