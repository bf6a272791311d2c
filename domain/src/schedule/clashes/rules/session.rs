//! What is wrong with a session by itself: its room, its hours, its agenda, its people.

use jiff::ToSpan;
use std::collections::{BTreeSet, HashMap};

use super::hours::has_night;
use crate::{
    identifier::SessionId,
    schedule::clashes::{
        BlockingKind, Finding, Params, Rule, Span, Subject,
        fingerprint::Place,
        snapshot::{Document, NotBefore, Quorum, Room, Session},
        span::Spans,
        view::{Clash, View},
    },
};

/// Everything about one session that does not depend on another.
pub(in super::super) fn session(view: View<'_>, id: SessionId, found: &mut Vec<Finding>) {
    let Some(session) = view.session(id) else { return };
    let look = Look { view, session, sessions: &[session] };
    look.placement(found);
    let Some(slot) = session.slot else { return };
    if let Some(room) = view.room_of(session) {
        look.room(room, slot, found);
        look.room_times(room, slot, found);
    }
    look.wall(slot, found);
    look.nights(slot, found);
    look.agenda(slot, found);
    look.documents(slot, found);
    look.people(found);
}

/// One session being looked at.
struct Look<'a> {
    view: View<'a>,
    session: &'a Session,
    /// The same, as a list of one.
    sessions: &'a [&'a Session],
}

impl Look<'_> {
    /// Adds what stays the same wherever the session goes.
    fn timeless(&self, rule: Rule, others: &[Subject], params: Params, found: &mut Vec<Finding>) {
        let spans = self.session.slot.into_iter().collect();
        let place = Place::anywhere();
        self.view.report(found, Clash { rule, sessions: self.sessions, others, spans, place, params });
    }

    /// Adds what is wrong at these instants.
    fn fixed(&self, rule: Rule, others: &[Subject], spans: Vec<Span>, params: Params, found: &mut Vec<Finding>) {
        let place = Place::fixed(&spans);
        self.view.report(found, Clash { rule, sessions: self.sessions, others, spans, place, params });
    }

    fn placement(&self, found: &mut Vec<Finding>) {
        let time = self.session.slot.is_none();
        let room = self.session.room.is_none() && self.session.in_room > 0;
        if time || room {
            self.timeless(Rule::Unplaced, &[], Params::Missing { time, room }, found);
        }
    }

    fn room(&self, room: &Room, slot: Span, found: &mut Vec<Finding>) {
        let others = &[Subject::Room(room.id)];
        if room.needs_approval && !self.session.room_approved {
            self.fixed(Rule::RoomNotApproved, others, vec![slot], Params::None, found);
        }
        let in_layout = room.layouts.iter().find(|(layout, _)| Some(layout) == self.session.layout.as_ref());
        let layout = in_layout.map(|(layout, _)| layout.clone());
        let capacity = in_layout.map(|(_, persons)| *persons).or(room.capacity);
        if let Some(capacity) = capacity.filter(|capacity| self.session.in_room > *capacity) {
            let params = Params::Capacity { expected: self.session.in_room, capacity, layout };
            self.timeless(Rule::RoomCapacity, others, params, found);
        }
        let lacks = |need: &&String| !room.features.contains(need);
        let missing: BTreeSet<&String> = self.session.needs.iter().filter(lacks).collect();
        if !missing.is_empty() {
            let missing = missing.into_iter().cloned().collect();
            self.timeless(Rule::RoomFeature, others, Params::Features { missing }, found);
        }
    }

    fn room_times(&self, room: &Room, slot: Span, found: &mut Vec<Finding>) {
        let others = &[Subject::Room(room.id)];
        let windows: Spans = room.windows.iter().copied().collect();
        let beyond = if windows.is_empty() { Vec::new() } else { windows.outside(slot) };
        let closed: Spans = self.view.outside(&room.opening, slot).into_iter().chain(beyond).collect();
        if !closed.is_empty() {
            let spans = closed.within(slot);
            let minutes = spans.iter().map(|span| span.minutes()).sum();
            self.fixed(Rule::RoomUnavailable, others, spans, Params::Outside { minutes }, found);
        }
        for by in [BlockingKind::Blocking, BlockingKind::Maintenance] {
            let own = room.blockings.iter().filter(|blocking| blocking.kind == by);
            let spans = own.map(|blocking| blocking.span).collect::<Spans>().within(slot);
            if !spans.is_empty() {
                self.fixed(Rule::RoomUnavailable, others, spans, Params::Blocked { by }, found);
            }
        }
    }

    /// Working hours, days off, observances, and days it has to wait for.
    fn wall(&self, slot: Span, found: &mut Vec<Finding>) {
        let outside = self.view.outside(&self.view.snapshot.working_hours, slot);
        if !outside.is_empty() {
            let minutes = outside.iter().map(|span| span.minutes()).sum();
            self.fixed(Rule::OutsideHours, &[], outside, Params::Outside { minutes }, found);
        }
        let (first, last) = (self.view.first_day(slot), self.view.last_day(slot));
        let holidays = self.view.snapshot.holidays.iter().filter(|holiday| (first..=last).contains(&holiday.day));
        let shared = holidays.filter_map(|own| Some((self.view.whole_day(own.day)?.shared(slot)?, &own.name)));
        for (span, name) in shared.collect::<BTreeSet<_>>() {
            self.fixed(Rule::Holiday, &[], vec![span], Params::Named { name: name.clone() }, found);
        }
        let observances = self.view.snapshot.observances.iter();
        let shared = observances.filter_map(|own| Some((own.span.shared(slot)?, &own.name)));
        for (span, name) in shared.collect::<BTreeSet<_>>() {
            self.fixed(Rule::Observance, &[], vec![span], Params::Named { name: name.clone() }, found);
        }
        let away = self.session.cannot_meet.iter().copied().collect::<Spans>().within(slot);
        if !away.is_empty() {
            let minutes = away.iter().map(|span| span.minutes()).sum();
            self.fixed(Rule::GroupUnavailable, &[], away, Params::Outside { minutes }, found);
        }
        let earliest = |wait: &NotBefore| wait.day.saturating_add(i32::from(wait.days_after).days());
        if let Some(until) = self.session.not_before.iter().map(earliest).max().filter(|until| first < *until) {
            self.fixed(Rule::TimeRelation, &[], vec![slot], Params::Wait { until }, found);
        }
    }

    fn nights(&self, slot: Span, found: &mut Vec<Finding>) {
        let (mut asleep, mut online, mut known) = (0u32, 0u32, HashMap::new());
        let expected = self.session.expected.iter().map(|own| own.delegation);
        for delegation in expected.collect::<BTreeSet<_>>() {
            let facts = self.view.index.delegations.get(&delegation);
            let Some(zone) = facts.and_then(|facts| facts.zone.as_ref()) else { continue };
            let night = || has_night(self.view.settings, slot, zone);
            let night = match zone.iana_name() {
                Some(name) => *known.entry(name).or_insert_with(night),
                None => night(),
            };
            online += 1;
            asleep += u32::from(night);
        }
        if asleep * 100 > self.view.settings.night_percent * online {
            self.fixed(Rule::UnsociableRemote, &[], vec![slot], Params::Night { asleep, online }, found);
        }
    }

    fn agenda(&self, slot: Span, found: &mut Vec<Finding>) {
        let minutes: u32 = self.session.agenda.iter().fold(0, |sum, item| sum.saturating_add(item.minutes));
        let available = slot.minutes() + i64::from(self.session.other_sittings_minutes);
        if i64::from(minutes) > available {
            let params = Params::Agenda { minutes, available };
            self.timeless(Rule::AgendaOverflow, &[], params, found);
        }
        let at_most = self.view.settings.interpreter_sitting_minutes;
        if !self.session.languages.is_empty() && slot.minutes() > i64::from(at_most) {
            let params = Params::Sitting { minutes: slot.minutes(), at_most };
            self.timeless(Rule::InterpTeam, &[], params, found);
        }
        let Some(Quorum { needed, of }) = &self.session.quorum else { return };
        let (facts, of) = (|own| self.view.index.delegations.get(own), of.iter().collect::<BTreeSet<_>>());
        let confirmed = of.into_iter().filter_map(facts).filter(|facts| facts.confirmed).count();
        let (confirmed, needed) = (u32::try_from(confirmed).unwrap_or(u32::MAX), *needed);
        if confirmed < needed && self.session.agenda.iter().any(|item| item.decides) {
            self.timeless(Rule::QuorumRisk, &[], Params::Quorum { confirmed, needed }, found);
        }
    }

    /// A document is late once its last day is over, whether it has come since or not.
    fn documents(&self, slot: Span, found: &mut Vec<Finding>) {
        let day = self.view.first_day(slot);
        let today = self.view.snapshot.zone.to_datetime(self.view.snapshot.as_of).date();
        let deciding = (1..).zip(&self.session.agenda).filter(|(_, item)| item.decides);
        let missed = deciding.flat_map(|(number, item)| item.documents.iter().map(move |own| (number, own)));
        let missed = missed.filter_map(|(item, document)| {
            let Document { days_before, provided_on } = *document;
            let deadline = day.saturating_sub(i32::from(days_before).days());
            let late = provided_on.unwrap_or(today) > deadline;
            late.then_some((item, deadline, provided_on))
        });
        for (item, deadline, provided_on) in missed.collect::<BTreeSet<_>>() {
            let params = Params::Document { item, deadline, provided_on };
            self.timeless(Rule::DocDeadline, &[], params, found);
        }
    }

    fn people(&self, found: &mut Vec<Finding>) {
        let duties = &self.session.duties;
        let open = duties.iter().filter(|duty| duty.weight.is_required() && !duty.confirmed);
        let open: BTreeSet<_> = open.map(|duty| Subject::Person(duty.person)).collect();
        if !open.is_empty() {
            let others: Vec<_> = open.into_iter().collect();
            self.timeless(Rule::Unconfirmed, &others, Params::None, found);
        }
    }
}
