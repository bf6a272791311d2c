//! The rules once more, from their definitions: a span is the set of its ticks of five minutes, every two sessions are
//! compared, nothing is sorted or looked up. Slow, and sharing nothing with the rules but the data.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use std::collections::BTreeSet;

use super::*;

mod together;

const TICK: i64 = 300;

type Ticks = BTreeSet<i64>;

/// What is found, without what follows from it.
pub(super) type Found = (Rule, Vec<Subject>, Vec<Span>, Params);

fn ticks(span: Span) -> Ticks {
    (span.starts_at.as_second() / TICK..span.ends_at.as_second() / TICK).collect()
}

fn ticks_of(spans: &[Span]) -> Ticks {
    spans.iter().flat_map(|span| ticks(*span)).collect()
}

fn instant(tick: i64) -> Timestamp {
    Timestamp::from_second(tick * TICK).unwrap()
}

/// The spans that these ticks make up.
fn runs(ticks: &Ticks) -> Vec<Span> {
    let begins = ticks.iter().filter(|tick| !ticks.contains(&(**tick - 1)));
    let ends = ticks.iter().filter(|tick| !ticks.contains(&(**tick + 1)));
    begins.zip(ends).map(|(from, to)| Span::new(instant(*from), instant(to + 1)).unwrap()).collect()
}

fn minutes(ticks: &Ticks) -> i64 {
    ticks.len() as i64 * 5
}

fn common(one: &Ticks, other: &Ticks) -> Ticks {
    one.intersection(other).copied().collect()
}

/// A session that has a slot, and its ticks.
#[derive(Clone, PartialEq)]
struct Sat<'a> {
    session: &'a Session,
    slot: Span,
    ticks: Ticks,
}

impl Sat<'_> {
    fn weight(&self, person: PersonId) -> Option<Weight> {
        let own = self.session.duties.iter().filter(|duty| duty.person == person).map(|duty| duty.weight);
        own.filter(|weight| *weight != Weight::Optional).min()
    }

    fn expects(&self, delegation: DelegationId) -> bool {
        self.session.expected.iter().any(|own| own.delegation == delegation)
    }

    fn attends(&self, party: Party) -> bool {
        match party {
            Party::Person(person) => self.weight(person).is_some(),
            Party::Delegation(delegation) => self.expects(delegation),
        }
    }
}

/// Minutes from the end of the one to the start of the other; `None` where they overlap.
fn gap(one: &Sat, other: &Sat) -> Option<i64> {
    let between = |from: &Sat, to: &Sat| to.ticks.first().unwrap() - from.ticks.last().unwrap() - 1;
    [between(one, other), between(other, one)].into_iter().find(|gap| *gap >= 0).map(|gap| gap * 5)
}

pub(super) struct Brute<'a> {
    snapshot: &'a Snapshot,
    settings: &'a Settings,
    sat: Vec<Sat<'a>>,
    people: BTreeSet<PersonId>,
    delegations: BTreeSet<DelegationId>,
    found: Vec<Found>,
}

/// Everything that is wrong with `snapshot`.
pub(super) fn brute(snapshot: &Snapshot, settings: &Settings) -> Vec<Found> {
    let mut sessions: Vec<&Session> = snapshot.sessions.iter().collect();
    sessions.sort_by_key(|session| session.id);
    let sat = sessions.iter().filter_map(|session| {
        let slot = session.slot?;
        Some(Sat { session, slot, ticks: ticks(slot) })
    });
    let people = sessions.iter().flat_map(|session| session.duties.iter().map(|duty| duty.person)).collect();
    let delegations = sessions.iter().flat_map(|session| session.expected.iter().map(|own| own.delegation)).collect();
    let mut brute = Brute { snapshot, settings, sat: sat.collect(), people, delegations, found: vec![] };
    sessions.iter().for_each(|session| brute.placement(session));
    for one in brute.sat.clone() {
        brute.room(&one);
        brute.wall(&one);
        brute.inside(&one);
        brute.parties(&one);
        for other in brute.sat.clone().iter().filter(|other| one.session.id < other.session.id) {
            brute.in_one_room(&one, other);
            brute.of_one_person(&one, other);
            brute.declared(&one, other);
            brute.beside_plenary(&one, other);
        }
    }
    brute.crowds();
    brute.found
}

impl Brute<'_> {
    fn add(&mut self, rule: Rule, sessions: &[&Session], others: &[Subject], spans: Vec<Span>, params: Params) {
        let mut subjects: Vec<Subject> = sessions.iter().map(|session| Subject::Session(session.id)).collect();
        subjects.extend(others);
        let found = (rule, subjects, spans, params);
        if !self.found.contains(&found) {
            self.found.push(found);
        }
    }

    fn placement(&mut self, session: &Session) {
        let room = session.room.is_none() && session.in_room > 0;
        if session.slot.is_none() || room {
            let params = Params::Missing { time: session.slot.is_none(), room };
            self.add(Rule::Unplaced, &[session], &[], session.slot.into_iter().collect(), params);
        }
    }

    fn clock(&self, tick: i64) -> DateTime {
        self.snapshot.zone.to_datetime(instant(tick))
    }

    fn first_day(&self, sat: &Sat) -> Date {
        self.clock(*sat.ticks.first().unwrap()).date()
    }

    fn last_day(&self, sat: &Sat) -> Date {
        self.clock(*sat.ticks.last().unwrap()).date()
    }

    /// The ticks that lie in none of the hours.
    fn closed(&self, hours: &[Hours], ticks: &Ticks) -> Ticks {
        let open = |clock: DateTime| {
            hours.iter().any(|hours| {
                let on = |day: Date| hours.days.is_empty() || hours.days.contains(&day);
                let (today, time) = (clock.date(), clock.time());
                if hours.from < hours.to {
                    on(today) && hours.from <= time && time < hours.to
                } else {
                    on(today) && hours.from <= time || on(today.yesterday().unwrap()) && time < hours.to
                }
            })
        };
        ticks.iter().copied().filter(|tick| !hours.is_empty() && !open(self.clock(*tick))).collect()
    }

    fn room_facts(&self, session: &Session) -> Option<Room> {
        self.snapshot.rooms.iter().find(|room| Some(room.id) == session.room).cloned()
    }

    fn room(&mut self, one: &Sat) {
        let Some(room) = self.room_facts(one.session) else { return };
        let others = &[Subject::Room(room.id)];
        let slot = vec![one.slot];
        if room.needs_approval && !one.session.room_approved {
            self.add(Rule::RoomNotApproved, &[one.session], others, slot.clone(), Params::None);
        }
        let expected = one.session.in_room;
        let layout = room.layouts.iter().find(|own| Some(&own.0) == one.session.layout.as_ref());
        let capacity = layout.map(|own| own.1).or(room.capacity).unwrap_or(u32::MAX);
        if expected > capacity {
            let params = Params::Capacity { expected, capacity, layout: layout.map(|own| own.0.clone()) };
            self.add(Rule::RoomCapacity, &[one.session], others, slot.clone(), params);
        }
        let words = ["booths", "hybrid", "secure"].map(String::from).into_iter();
        let missing: Vec<_> =
            words.filter(|word| one.session.needs.contains(word) && !room.features.contains(word)).collect();
        if !missing.is_empty() {
            self.add(Rule::RoomFeature, &[one.session], others, slot, Params::Features { missing });
        }
        let mut closed = self.closed(&room.opening, &one.ticks);
        if !room.windows.is_empty() {
            closed.extend(one.ticks.difference(&ticks_of(&room.windows)));
        }
        if !closed.is_empty() {
            let params = Params::Outside { minutes: minutes(&closed) };
            self.add(Rule::RoomUnavailable, &[one.session], others, runs(&closed), params);
        }
        for by in [BlockingKind::Blocking, BlockingKind::Maintenance] {
            let spans: Vec<_> = room.blockings.iter().filter(|own| own.kind == by).map(|own| own.span).collect();
            let taken = common(&one.ticks, &ticks_of(&spans));
            if !taken.is_empty() {
                self.add(Rule::RoomUnavailable, &[one.session], others, runs(&taken), Params::Blocked { by });
            }
        }
        for booking in room.blockings.iter().filter(|own| own.kind == BlockingKind::Booking && !room.shared) {
            let shared = common(&one.ticks, &ticks(booking.span));
            if !shared.is_empty() {
                let params = Params::Blocked { by: BlockingKind::Booking };
                self.add(Rule::RoomOverlap, &[one.session], others, runs(&shared), params);
            }
        }
    }

    fn wall(&mut self, one: &Sat) {
        let outside = self.closed(&self.snapshot.working_hours, &one.ticks);
        if !outside.is_empty() {
            let params = Params::Outside { minutes: minutes(&outside) };
            self.add(Rule::OutsideHours, &[one.session], &[], runs(&outside), params);
        }
        for holiday in &self.snapshot.holidays {
            let on: Ticks = one.ticks.iter().copied().filter(|tick| self.clock(*tick).date() == holiday.day).collect();
            if !on.is_empty() {
                self.add(Rule::Holiday, &[one.session], &[], runs(&on), Params::Named { name: holiday.name.clone() });
            }
        }
        for own in &self.snapshot.observances {
            let during = common(&one.ticks, &ticks(own.span));
            if !during.is_empty() {
                let params = Params::Named { name: own.name.clone() };
                self.add(Rule::Observance, &[one.session], &[], runs(&during), params);
            }
        }
        let away = common(&one.ticks, &ticks_of(&one.session.cannot_meet));
        if !away.is_empty() {
            let params = Params::Outside { minutes: minutes(&away) };
            self.add(Rule::GroupUnavailable, &[one.session], &[], runs(&away), params);
        }
        let earliest = |wait: &NotBefore| wait.day.checked_add(i32::from(wait.days_after).days()).unwrap();
        if let Some(until) = one.session.not_before.iter().map(earliest).max()
            && self.first_day(one) < until
        {
            self.add(Rule::TimeRelation, &[one.session], &[], vec![one.slot], Params::Wait { until });
        }
    }

    fn inside(&mut self, one: &Sat) {
        let slot = || vec![one.slot];
        let facts = |id| self.snapshot.delegations.iter().find(|own| own.id == id);
        let afar = |id: &&DelegationId| one.session.expected.iter().any(|own| own.delegation == **id);
        let zones = self.delegations.iter().filter(afar).filter_map(|id| facts(*id)?.zone.clone());
        let zones: Vec<TimeZone> = zones.collect();
        let (from, to) = (Time::constant(22, 0, 0, 0), Time::constant(6, 0, 0, 0));
        let dark = |zone: &TimeZone, tick: i64| {
            let time = zone.to_datetime(instant(tick)).time();
            time >= from || time < to
        };
        let asleep = zones.iter().filter(|zone| one.ticks.iter().any(|tick| dark(zone, *tick))).count();
        if asleep as f64 > zones.len() as f64 * 0.25 {
            let params = Params::Night { asleep: asleep as u32, online: zones.len() as u32 };
            self.add(Rule::UnsociableRemote, &[one.session], &[], slot(), params);
        }
        let (sum, length) = (one.session.agenda.iter().map(|item| item.minutes).sum::<u32>(), minutes(&one.ticks));
        let available = length + i64::from(one.session.other_sittings_minutes);
        if i64::from(sum) > available {
            let params = Params::Agenda { minutes: sum, available };
            self.add(Rule::AgendaOverflow, &[one.session], &[], slot(), params);
        }
        let at_most = self.settings.interpreter_sitting_minutes;
        if !one.session.languages.is_empty() && length > i64::from(at_most) {
            self.add(Rule::InterpTeam, &[one.session], &[], slot(), Params::Sitting { minutes: length, at_most });
        }
        let decides = one.session.agenda.iter().any(|item| item.decides);
        let counts = |id: DelegationId| one.session.quorum.as_ref().is_some_and(|quorum| quorum.of.contains(&id));
        let coming = self.snapshot.delegations.iter().filter(|own| own.confirmed && counts(own.id));
        let confirmed = coming.count() as u32;
        let needed = one.session.quorum.as_ref().map(|quorum| quorum.needed);
        if let Some(needed) = needed.filter(|needed| decides && confirmed < *needed) {
            self.add(Rule::QuorumRisk, &[one.session], &[], slot(), Params::Quorum { confirmed, needed });
        }
        let today = self.snapshot.zone.to_datetime(self.snapshot.as_of).date();
        for (at, item) in one.session.agenda.iter().enumerate().filter(|(_, item)| item.decides) {
            for document in &item.documents {
                let deadline = self.first_day(one).checked_sub(i32::from(document.days_before).days()).unwrap();
                let provided_on = document.provided_on;
                if provided_on.map_or(today > deadline, |day| day > deadline) {
                    let params = Params::Document { item: at as u32 + 1, deadline, provided_on };
                    self.add(Rule::DocDeadline, &[one.session], &[], slot(), params);
                }
            }
        }
        let open = one.session.duties.iter().filter(|duty| duty.weight <= Weight::Required && !duty.confirmed);
        let open: BTreeSet<Subject> = open.map(|duty| Subject::Person(duty.person)).collect();
        if !open.is_empty() {
            self.add(Rule::Unconfirmed, &[one.session], &Vec::from_iter(open), slot(), Params::None);
        }
    }

    fn parties(&mut self, one: &Sat) {
        let people = self.people.iter().copied().map(Party::Person);
        let parties: Vec<Party> = people.chain(self.delegations.iter().copied().map(Party::Delegation)).collect();
        for party in parties.into_iter().filter(|party| one.attends(*party)) {
            let others = &[Subject::from(party)];
            let mut missing = Ticks::new();
            for own in self.snapshot.availability.iter().filter(|own| own.of == party) {
                missing.extend(common(&one.ticks, &ticks_of(&own.away)));
                if !own.windows.is_empty() {
                    missing.extend(one.ticks.difference(&ticks_of(&own.windows)));
                }
            }
            if !missing.is_empty() {
                let params = Params::Outside { minutes: minutes(&missing) };
                self.add(Rule::PersonUnavailable, &[one.session], others, runs(&missing), params);
            }
            let has_to = match party {
                Party::Person(person) => one.weight(person).unwrap() <= Weight::Required,
                Party::Delegation(_) => true,
            };
            for own in self.snapshot.commitments.iter().filter(|own| own.of == party && has_to) {
                let shared = common(&one.ticks, &ticks(own.span));
                if !shared.is_empty() {
                    let params = Params::Overlap { minutes: minutes(&shared) };
                    self.add(Rule::CrossEvent, &[one.session], others, runs(&shared), params);
                }
            }
        }
    }
}
