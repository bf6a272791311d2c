//! What two or more sessions have with each other.

use super::*;

impl Brute<'_> {
    pub(super) fn in_one_room(&mut self, one: &Sat, other: &Sat) {
        let Some(room) = one.session.room.filter(|room| Some(*room) == other.session.room) else { return };
        if self.room_facts(one.session).is_some_and(|room| room.shared) {
            return;
        }
        let sessions = &[one.session, other.session];
        let (others, shared) = (&[Subject::Room(room)], common(&one.ticks, &other.ticks));
        if !shared.is_empty() {
            let params = Params::Overlap { minutes: minutes(&shared) };
            return self.add(Rule::RoomOverlap, sessions, others, runs(&shared), params);
        }
        let layouts = [&one.session.layout, &other.session.layout];
        let otherwise = layouts[0].is_some() && layouts[1].is_some() && layouts[0] != layouts[1];
        let relayout = if otherwise { self.settings.relayout_minutes } else { 0 };
        let needed = relayout.max(self.settings.turnaround_minutes);
        self.buffer(one, other, Subject::Room(room), needed);
    }

    fn buffer(&mut self, one: &Sat, other: &Sat, who: Subject, needed: u32) {
        if let Some(minutes) = gap(one, other).filter(|minutes| *minutes < i64::from(needed)) {
            let spans = vec![one.slot, other.slot];
            let sessions = &[one.session, other.session];
            self.add(Rule::Buffer, sessions, &[who], spans, Params::Gap { minutes, needed });
        }
    }

    fn walk(&self, from: &Room, to: &Room) -> u32 {
        let told = |from: &Area, to: &Area| {
            let fits =
                |walk: &&Walk| walk.between == [from.clone(), to.clone()] || walk.between == [to.clone(), from.clone()];
            self.snapshot.walks.iter().rfind(fits).map(|walk| walk.minutes)
        };
        let whole = |room: &Room| Area { venue: room.area.venue.clone(), zone: None };
        if from.id == to.id {
            return 0;
        }
        if let Some(minutes) = told(&from.area, &to.area) {
            return minutes;
        }
        if from.area == to.area {
            return self.settings.walk_in_zone_minutes;
        }
        let in_part = [told(&from.area, &whole(to)), told(&whole(from), &to.area)];
        if let Some(minutes) = in_part.into_iter().flatten().max().or(told(&whole(from), &whole(to))) {
            return minutes;
        }
        let one_venue = from.area.venue == to.area.venue;
        if one_venue { self.settings.walk_in_venue_minutes } else { self.settings.walk_between_venues_minutes }
    }

    pub(super) fn of_one_person(&mut self, one: &Sat, other: &Sat) {
        for person in self.people.clone() {
            let (Some(first), Some(second)) = (one.weight(person), other.weight(person)) else { continue };
            let shared = common(&one.ticks, &other.ticks);
            if shared.is_empty() {
                let rooms = self.room_facts(one.session).zip(self.room_facts(other.session));
                let needed = rooms.map_or(0, |(from, to)| self.walk(&from, &to));
                self.buffer(one, other, Subject::Person(person), needed);
                continue;
            }
            let grave = [(first, second), (second, first)]
                .iter()
                .any(|(one, other)| *one <= Weight::Speaker && *other <= Weight::Required);
            let rule = if grave { Rule::PersonOverlapChair } else { Rule::PersonOverlap };
            let params = Params::Duties { weights: [first, second], minutes: minutes(&shared) };
            let sessions = &[one.session, other.session];
            self.add(rule, sessions, &[Subject::Person(person)], runs(&shared), params);
        }
    }

    pub(super) fn declared(&mut self, one: &Sat, other: &Sat) {
        let (sessions, shared) = (&[one.session, other.session], common(&one.ticks, &other.ticks));
        let of = |sat: &Sat, group: &GroupId| sat.session.groups.contains(group);
        for conflict in self.snapshot.conflicts.iter().filter(|_| !shared.is_empty()) {
            let [first, second] = &conflict.groups;
            if of(one, first) && of(other, second) || of(one, second) && of(other, first) {
                let rule = match conflict.tier {
                    Tier::Chair => Rule::GroupConflictChair,
                    Tier::Key => Rule::GroupConflictKey,
                    Tier::Topic => Rule::GroupConflictTopic,
                };
                let groups: BTreeSet<Subject> = [Subject::Group(*first), Subject::Group(*second)].into();
                let params = Params::Overlap { minutes: minutes(&shared) };
                self.add(rule, sessions, &Vec::from_iter(groups), runs(&shared), params);
            }
        }
        let pair = [one.session.id, other.session.id];
        for wish in self.snapshot.must_attend.iter().filter(|_| !shared.is_empty()) {
            if pair.iter().all(|id| wish.sessions.contains(id)) {
                let params = Params::Overlap { minutes: minutes(&shared) };
                self.add(Rule::MustAttend, sessions, &[wish.who.into()], runs(&shared), params);
            }
        }
        for wish in &self.snapshot.relations {
            let (earlier, later) = match [wish.earlier, wish.later] {
                ids if ids == pair => (one, other),
                [earlier, later] if [later, earlier] == pair => (other, one),
                _ => continue,
            };
            let days = (self.last_day(earlier).until(self.first_day(later)).unwrap()).get_days();
            let follows = earlier.ticks.last() < later.ticks.first();
            let met = match wish.order {
                Order::After => follows,
                Order::NextDay => days == 1,
                Order::FreeDay => days > 1,
                Order::OtherDay => {
                    self.last_day(earlier) < self.first_day(later) || self.last_day(later) < self.first_day(earlier)
                }
                Order::Adjacent => {
                    let closely =
                        gap(earlier, later).is_some_and(|gap| gap <= i64::from(self.settings.adjacent_minutes));
                    follows && closely && earlier.session.room == later.session.room
                }
            };
            if !met {
                let params = Params::Relation { order: wish.order, earlier: wish.earlier };
                self.add(Rule::TimeRelation, sessions, &[], vec![one.slot, other.slot], params);
            }
        }
    }

    pub(super) fn beside_plenary(&mut self, one: &Sat, other: &Sat) {
        let shared = common(&one.ticks, &other.ticks);
        let plenary = match (one.session.kind, other.session.kind) {
            (Kind::Plenary, Kind::Bilateral) => one.session,
            (Kind::Bilateral, Kind::Plenary) => other.session,
            _ => return,
        };
        for delegation in self.delegations.clone() {
            if shared.is_empty() || !one.expects(delegation) || !other.expects(delegation) {
                continue;
            }
            let listed = plenary.expected.iter().any(|own| own.delegation == delegation && own.head_listed);
            let votes = plenary.agenda.iter().any(|item| item.votes);
            let matter = if listed { PlenaryMatter::HeadListed } else { PlenaryMatter::Vote };
            if listed || votes {
                let params = Params::Plenary { matter, minutes: minutes(&shared) };
                let sessions = &[one.session, other.session];
                self.add(Rule::BilateralVsPlenary, sessions, &[Subject::Delegation(delegation)], runs(&shared), params);
            }
        }
    }

    /// The sets of sessions, more than `limit` of `sat`, that go on at some tick and are part of no larger one.
    fn at_once<'b>(sat: &[Sat<'b>], limit: u32, longer: i64) -> Vec<Vec<Sat<'b>>> {
        let going =
            |one: &Sat, tick: i64| (*one.ticks.first().unwrap()..=one.ticks.last().unwrap() + longer).contains(&tick);
        let starts: Ticks = sat.iter().map(|one| *one.ticks.first().unwrap()).collect();
        let at = |tick: i64| sat.iter().filter(|one| going(one, tick)).cloned().collect::<Vec<_>>();
        let sets: Vec<_> = starts.into_iter().map(at).filter(|set| set.len() > limit as usize).collect();
        let inside =
            |set: &Vec<Sat>, other: &Vec<Sat>| set.len() < other.len() && set.iter().all(|one| other.contains(one));
        sets.iter().filter(|set| !sets.iter().any(|other| inside(set, other))).cloned().collect()
    }

    pub(super) fn crowds(&mut self) {
        let all = |crowd: &[Sat]| {
            crowd.iter().map(|one| one.ticks.clone()).reduce(|one, other| common(&one, &other)).unwrap()
        };
        for delegation in self.snapshot.delegations.clone() {
            let Some(able) = delegation.able else { continue };
            let own: Vec<Sat> = self.sat.iter().filter(|one| one.expects(delegation.id)).cloned().collect();
            for crowd in Self::at_once(&own, able, 0) {
                let sessions: Vec<&Session> = crowd.iter().map(|one| one.session).collect();
                let params = Params::Stretched { sessions: crowd.len() as u32, able };
                let who = [Subject::Delegation(delegation.id)];
                self.add(Rule::DelegationOverstretch, &sessions, &who, runs(&all(&crowd)), params);
            }
        }
        let languages: BTreeSet<_> = self.sat.iter().flat_map(|one| one.session.languages.clone()).collect();
        for language in languages.into_iter().filter(|_| !self.snapshot.interpreters.is_empty()) {
            let teams = self.snapshot.interpreters.iter().rfind(|own| own.language == language);
            let available = teams.map_or(0, |own| own.teams);
            let own: Vec<Sat> =
                self.sat.iter().filter(|one| one.session.languages.contains(&language)).cloned().collect();
            for crowd in Self::at_once(&own, available, 0) {
                let sessions: Vec<&Session> = crowd.iter().map(|one| one.session).collect();
                let params = Params::Teams { language: language.clone(), wanted: crowd.len() as u32, available };
                self.add(Rule::InterpTeam, &sessions, &[], runs(&all(&crowd)), params);
            }
            let rest = self.settings.interpreter_rest_minutes;
            for crowd in Self::at_once(&own, available, i64::from(rest) / 5) {
                if all(&crowd).is_empty() {
                    let sessions: Vec<&Session> = crowd.iter().map(|one| one.session).collect();
                    let wanted = crowd.len() as u32;
                    let params = Params::Rest { language: language.clone(), wanted, available, minutes: rest };
                    self.add(Rule::InterpTeam, &sessions, &[], crowd.iter().map(|one| one.slot).collect(), params);
                }
            }
        }
    }
}
