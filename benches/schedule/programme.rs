//! A general assembly in the middle of being planned: 80 sessions a day in 60 rooms, placed by chance, with 3,000 persons
//! and 179 delegations. More sessions are more days, so that a day is always as crowded.

use domain::{
    Language, Text,
    identifier::{DelegationId, PersonId},
    schedule::{
        Kind,
        clashes::{
            Area, Availability, Blocking, BlockingKind, Commitment, Conflict, Delegation, Duty, Expected, Holiday,
            Hours, Interpreters, Item, MustAttend, Observance, Order, Party, Quorum, Relation, Room, Session, Snapshot,
            Span, Tier, Walk, Weight,
        },
    },
};
use jiff::{SignedDuration, Timestamp, civil::time, tz::TimeZone};

use crate::draw::{Draw, id};

const ROOMS: u64 = 60;
const PERSONS: u64 = 3_000;
const DELEGATIONS: u64 = 179;
const GROUPS: u64 = 80;
const A_DAY: u64 = 80;
const LANGUAGES: [&str; 4] = ["ar", "es", "fr", "ru"];
const ZONES: [&str; 6] =
    ["Asia/Seoul", "America/New_York", "Asia/Kolkata", "Europe/Warsaw", "America/Santiago", "Africa/Nairobi"];

/// A programme of so many sessions.
pub fn programme(sessions: u64) -> Snapshot {
    let mut draw = Draw(sessions);
    let days = sessions.div_ceil(A_DAY);
    let sessions: Vec<Session> = (0..sessions).map(|number| session(&mut draw, number, days)).collect();
    let count = sessions.len() as u64;
    let conflict = |draw: &mut Draw| Conflict {
        groups: [draw.id(GROUPS), draw.id(GROUPS)],
        tier: Tier::ALL[draw.below(3) as usize],
    };
    let must = |draw: &mut Draw| MustAttend {
        who: Party::Delegation(draw.id(DELEGATIONS)),
        sessions: [draw.id(count), draw.id(count)],
    };
    let relation = |draw: &mut Draw| Relation {
        earlier: draw.id(count),
        later: draw.id(count),
        order: Order::ALL[draw.below(4) as usize],
    };
    Snapshot {
        as_of: monday(),
        zone: TimeZone::get("Africa/Casablanca").unwrap(),
        days: None,
        working_hours: vec![hours(9, 18)],
        holidays: vec![Holiday { day: TimeZone::UTC.to_datetime(monday()).date(), name: named("founding") }],
        observances: (0..days * 3).map(observance).collect(),
        walks: (0..5).map(|at| Walk { between: [area(at), area(at + 1)], minutes: 8 }).collect(),
        rooms: (0..ROOMS).map(|number| room(&mut draw, number, days)).collect(),
        conflicts: (0..200).map(|_| conflict(&mut draw)).collect(),
        must_attend: (0..count / 8).map(|_| must(&mut draw)).collect(),
        relations: (0..count / 8).map(|_| relation(&mut draw)).collect(),
        delegations: (0..DELEGATIONS).map(|number| delegation(&mut draw, number)).collect(),
        interpreters: LANGUAGES.map(|tag| Interpreters { language: Language::parse(tag).unwrap(), teams: 4 }).to_vec(),
        availability: (0..PERSONS / 10).map(|number| availability(&mut draw, number, days)).collect(),
        commitments: (0..count / 2).map(|_| commitment(&mut draw, days)).collect(),
        sessions,
    }
}

/// A slot of the working day, now and then a late one.
pub fn slot(draw: &mut Draw, days: u64) -> Span {
    let starts = draw.below(days) * 24 * 60 + 8 * 60 + draw.below(38) * 15;
    span(starts, [30, 60, 90, 90, 120, 180][draw.below(6) as usize])
}

fn monday() -> Timestamp {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

fn span(from: u64, minutes: u64) -> Span {
    let at = |minutes: u64| monday() + SignedDuration::from_mins(minutes as i64);
    Span::new(at(from), at(from + minutes)).unwrap()
}

fn named(name: &str) -> Text {
    Text::one(Language::english(), name)
}

fn hours(from: i8, to: i8) -> Hours {
    Hours { days: vec![], from: time(from, 0, 0, 0), to: time(to, 0, 0, 0) }
}

fn area(number: u64) -> Area {
    Area { venue: format!("venue {}", number / 4), zone: Some(format!("zone {number}")) }
}

fn observance(number: u64) -> Observance {
    Observance { span: span(number / 3 * 24 * 60 + 5 * 60 + number % 3 * 4 * 60, 20), name: named("prayer") }
}

fn room(draw: &mut Draw, number: u64, days: u64) -> Room {
    Room {
        area: area(number % 6),
        capacity: Some(20 + draw.below(400) as u32),
        layouts: vec![("u_shape".into(), 20 + draw.below(20) as u32)],
        features: ["booths", "hybrid"].iter().filter(|_| draw.one_in(2)).map(|word| (*word).to_owned()).collect(),
        opening: vec![hours(7, 22)],
        blockings: vec![Blocking { span: slot(draw, days), kind: BlockingKind::Maintenance }],
        needs_approval: draw.one_in(10),
        ..Room::new(id(number))
    }
}

fn delegation(draw: &mut Draw, number: u64) -> Delegation {
    let zone = TimeZone::get(ZONES[draw.below(6) as usize]).unwrap();
    Delegation { id: id(number), able: Some(2 + draw.below(8) as u32), confirmed: !draw.one_in(5), zone: Some(zone) }
}

fn availability(draw: &mut Draw, number: u64, days: u64) -> Availability {
    let windows = vec![span(0, days * 12 * 60)];
    Availability { of: Party::Person(id(number)), windows, away: vec![slot(draw, days)] }
}

fn commitment(draw: &mut Draw, days: u64) -> Commitment {
    Commitment { of: Party::Person(draw.id(PERSONS)), span: slot(draw, days) }
}

/// One of 80 is a plenary of everybody, a fifth are bilaterals, the others sittings of groups.
fn session(draw: &mut Draw, number: u64, days: u64) -> Session {
    let kind = match number % A_DAY {
        0 => Kind::Plenary,
        1..=16 => Kind::Bilateral,
        _ => Kind::GroupMeeting,
    };
    let (people, expected) = match kind {
        Kind::Plenary => (300, DELEGATIONS),
        Kind::Bilateral => (6, 2),
        _ => (30, 15),
    };
    let languages = LANGUAGES.iter().filter(|_| kind != Kind::Bilateral && draw.one_in(8));
    let languages = languages.map(|tag| Language::parse(tag).unwrap()).collect();
    Session {
        groups: (0..1 + draw.below(5) / 4).map(|_| draw.id(GROUPS)).collect(),
        room: Some(draw.id(ROOMS)),
        slot: Some(slot(draw, days)),
        in_room: people as u32,
        layout: draw.one_in(3).then(|| "u_shape".into()),
        needs: ["booths", "hybrid"].iter().filter(|_| draw.one_in(6)).map(|word| (*word).to_owned()).collect(),
        languages,
        duties: (0..people).map(|at| duty(draw, at)).collect(),
        expected: (0..expected).map(|at| expect(draw, at, expected)).collect(),
        agenda: (0..4).map(|_| item(draw)).collect(),
        quorum: (kind == Kind::Plenary).then(|| Quorum { needed: 120, of: (0..DELEGATIONS).map(id).collect() }),
        room_approved: draw.one_in(2),
        ..Session::new(id(number), number as i32, kind)
    }
}

fn duty(draw: &mut Draw, at: u64) -> Duty {
    let weight = match at {
        0 => Weight::Chair,
        1..=2 => Weight::Speaker,
        3..=9 => Weight::Required,
        _ => Weight::Invited,
    };
    Duty { person: draw.id::<PersonId>(PERSONS), weight, confirmed: !draw.one_in(4) }
}

fn expect(draw: &mut Draw, at: u64, of: u64) -> Expected {
    let delegation: DelegationId = if of == DELEGATIONS { id(at) } else { draw.id(DELEGATIONS) };
    Expected { delegation, head_listed: draw.one_in(9) }
}

fn item(draw: &mut Draw) -> Item {
    Item { minutes: 5 + draw.below(25) as u32, decides: draw.one_in(3), votes: draw.one_in(9), documents: vec![] }
}
