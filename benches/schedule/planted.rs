//! Programmes of which a plan without any clash is known: nine hours a day, nine tenths of the hours of every room used.
//! The plan is then forgotten, but for one session in twenty, which is locked.

use domain::{
    identifier::PersonId,
    schedule::{
        Kind,
        clashes::{
            Availability, Conflict, Delegation, Duty, Expected, Hours, Order, Party, Relation, Room, Session, Settings,
            Snapshot, Span, Tier, Weight, evaluate,
        },
    },
};
use jiff::{SignedDuration, Timestamp, civil::time, tz::TimeZone};

use crate::draw::{Draw, id};

/// Quarters of an hour in a working day.
const DAY: u64 = 36;

/// A programme of some five sessions for each room and day, as planned and as it is to be planned again.
pub fn planted(seed: u64, rooms: u64, days: u64) -> (Snapshot, Snapshot) {
    let mut draw = Draw(seed);
    let halls: Vec<Room> = (0..rooms).map(|number| hall(&mut draw, number)).collect();
    let mut sessions = Vec::new();
    for hall in &halls {
        (0..days).for_each(|day| fill_day(&mut draw, hall, day, &mut sessions));
    }
    people(&mut draw, &mut sessions);
    let delegations = delegations(&mut draw, &mut sessions);
    let first: Timestamp = at(0);
    let first = TimeZone::UTC.to_datetime(first).date();
    let planned = Snapshot {
        as_of: at(0),
        days: Some((first, first.checked_add(SignedDuration::from_hours(24 * (days as i64 - 1))).unwrap())),
        working_hours: vec![Hours { days: vec![], from: time(9, 0, 0, 0), to: time(18, 0, 0, 0) }],
        rooms: halls,
        conflicts: conflicts(&mut draw, &mut sessions),
        relations: (0..sessions.len() / 10).filter_map(|_| relation(&mut draw, &sessions)).collect(),
        availability: availability(&mut draw, &sessions, days),
        delegations,
        sessions,
        ..Snapshot::default()
    };
    assert!(evaluate(&planned, &Settings::default()).is_empty(), "the plan of seed {seed} has clashes");
    let forgotten = forget(&mut draw, planned.clone());
    (planned, forgotten)
}

fn at(minutes: u64) -> Timestamp {
    let monday: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
    monday + SignedDuration::from_mins(minutes as i64)
}

/// Of `length` quarters of an hour from that quarter of the working day on.
fn slot(day: u64, from: u64, length: u64) -> Span {
    let starts = day * 24 * 60 + 9 * 60 + from * 15;
    Span::new(at(starts), at(starts + length * 15)).unwrap()
}

/// Half of the rooms are small, a fifth large; a third have booths.
fn hall(draw: &mut Draw, number: u64) -> Room {
    let capacity = [40, 40, 40, 40, 40, 120, 120, 120, 400, 400][draw.below(10) as usize];
    let features = if draw.one_in(3) { vec!["booths".to_owned()] } else { vec![] };
    Room { capacity: Some(capacity), features, ..Room::new(id(number)) }
}

/// Sessions of half an hour to three hours, with eight or nine tenths of an hour between them in all.
fn fill_day(draw: &mut Draw, hall: &Room, day: u64, sessions: &mut Vec<Session>) {
    let used = if draw.below(5) < 3 { 32 } else { 34 };
    let mut lengths = Vec::new();
    while lengths.iter().sum::<u64>() < used {
        let left = used - lengths.iter().sum::<u64>();
        lengths.push([2, 4, 6, 6, 8, 12][draw.below(6) as usize].min(left));
    }
    let (mut from, mut free) = (0, DAY - used);
    for length in lengths {
        let gap = if draw.one_in(3) { draw.below(free + 1) } else { 0 };
        from += gap;
        free -= gap;
        sessions.push(session(draw, hall, sessions.len() as u64, slot(day, from, length)));
        from += length;
    }
}

fn session(draw: &mut Draw, hall: &Room, number: u64, slot: Span) -> Session {
    let capacity = u64::from(hall.capacity.unwrap());
    let persons = if draw.below(10) < 6 { capacity / 2 + draw.below(capacity / 2) } else { 10 + draw.below(20) };
    let needs = hall.features.iter().filter(|_| draw.below(10) < 4).cloned().collect();
    Session {
        room: Some(hall.id),
        slot: Some(slot),
        in_room: persons as u32,
        needs,
        ..Session::new(id(number), number as i32, Kind::GroupMeeting)
    }
}

fn overlap(one: &Session, other: &Session) -> bool {
    one.slot.unwrap().shared(other.slot.unwrap()).is_some()
}

/// A chair and four who have to be there in each session, and as many persons as sessions: each is in five.
fn people(draw: &mut Draw, sessions: &mut [Session]) {
    let count = sessions.len() as u64;
    let mut busy: Vec<Vec<usize>> = vec![Vec::new(); sessions.len()];
    for at in 0..sessions.len() {
        for weight in [Weight::Chair, Weight::Required, Weight::Required, Weight::Required, Weight::Required] {
            let free = |person: &u64| {
                !busy[*person as usize].iter().any(|own| *own == at || overlap(&sessions[*own], &sessions[at]))
            };
            let person = std::iter::repeat_with(|| draw.below(count)).take(50).find(free);
            if let Some(person) = person {
                busy[person as usize].push(at);
                sessions[at].duties.push(Duty { person: id(person), weight, confirmed: true });
            }
        }
    }
}

/// Twenty delegations of two to four members, three expected in each session.
fn delegations(draw: &mut Draw, sessions: &mut [Session]) -> Vec<Delegation> {
    let able: Vec<u32> = (0..20).map(|_| 2 + draw.below(3) as u32).collect();
    for at in 0..sessions.len() {
        for _ in 0..3 {
            let number = draw.below(20);
            let own = sessions.iter().filter(|own| own.expected.iter().any(|one| one.delegation == id(number)));
            let at_once = own.filter(|own| overlap(own, &sessions[at])).count();
            let there = sessions[at].expected.iter().any(|one| one.delegation == id(number));
            if !there && at_once < able[number as usize] as usize {
                let expected = Expected { delegation: id(number), head_listed: false };
                sessions[at].expected.push(expected);
            }
        }
    }
    let facts =
        |(number, able): (u64, u32)| Delegation { id: id(number), able: Some(able), confirmed: true, zone: None };
    (0..).zip(able).map(facts).collect()
}

/// A group for every eight sessions; of the pairs whose sessions do not overlap, three for each group are in conflict.
fn conflicts(draw: &mut Draw, sessions: &mut [Session]) -> Vec<Conflict> {
    let groups = (sessions.len() as u64 / 8).max(2);
    sessions.iter_mut().for_each(|session| session.groups = vec![draw.id(groups)]);
    let pairs = (0..groups * 3).map(|_| [draw.below(groups), draw.below(groups)]).collect::<Vec<_>>();
    let of = |group: u64| sessions.iter().filter(move |session| session.groups[0] == id(group));
    let meet = |[one, other]: &[u64; 2]| of(*one).any(|first| of(*other).any(|second| overlap(first, second)));
    let apart = pairs.iter().filter(|pair| pair[0] != pair[1] && !meet(pair));
    apart.map(|pair| Conflict { groups: pair.map(id), tier: Tier::Chair }).collect()
}

fn relation(draw: &mut Draw, sessions: &[Session]) -> Option<Relation> {
    let mut any = || &sessions[draw.below(sessions.len() as u64) as usize];
    let (earlier, later) = (any(), any());
    let follows = earlier.slot?.ends_at <= later.slot?.starts_at;
    follows.then_some(Relation { earlier: earlier.id, later: later.id, order: Order::After })
}

/// One person in ten is away for a while in which they have nothing.
fn availability(draw: &mut Draw, sessions: &[Session], days: u64) -> Vec<Availability> {
    let mut known = Vec::new();
    for number in (0..sessions.len() as u64).filter(|number| number % 10 == 0) {
        let (person, away) = (id::<PersonId>(number), slot(draw.below(days), draw.below(24), 12));
        let own = sessions.iter().filter(|session| session.duties.iter().any(|duty| duty.person == person));
        if own.filter_map(|session| session.slot?.shared(away)).next().is_none() {
            known.push(Availability { of: Party::Person(person), windows: vec![], away: vec![away] });
        }
    }
    known
}

fn forget(draw: &mut Draw, mut planned: Snapshot) -> Snapshot {
    for session in &mut planned.sessions {
        session.locked = draw.one_in(20);
        if !session.locked {
            session.minutes = session.slot.map(|slot| slot.minutes() as u32);
            (session.room, session.slot) = (None, None);
        }
    }
    planned
}
