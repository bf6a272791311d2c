//! Small, crowded programmes and edits of them, drawn from a seed. All times are multiples of five minutes.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date, time},
    tz::TimeZone,
};
use uuid::Uuid;

use super::*;

const LANGUAGES: [&str; 2] = ["fr", "es"];

/// Numbers drawn from a seed (SplitMix64).
pub(super) struct Draw(pub(super) u64);

impl Draw {
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn small(&mut self, limit: u64) -> u32 {
        u32::try_from(self.below(limit)).unwrap()
    }

    pub(super) fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }

    /// Some of the ids from 1 to `limit`, perhaps one twice.
    fn ids<T: From<Uuid>>(&mut self, limit: u64, most: u64) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| id(u128::from(1 + self.below(limit)))).collect()
    }

    fn id<T: From<Uuid>>(&mut self, limit: u64) -> T {
        id(u128::from(1 + self.below(limit)))
    }

    fn word(&mut self, words: &[&str]) -> String {
        (*self.of(words)).to_owned()
    }

    fn day(&mut self) -> Date {
        date(2026, 10, 24 + i8::try_from(self.below(4)).unwrap())
    }

    /// A span in the four days, in which the clocks of Warsaw go back.
    pub(super) fn span(&mut self, longest: u64) -> Span {
        let midnight: Timestamp = "2026-10-23T22:00:00Z".parse().unwrap();
        let minutes = |ticks: u64| i64::try_from(ticks * 5).unwrap().minutes();
        // Mostly by day, so that there is much to be found; now and then by night.
        let (hour, hours) = if self.one_in(8) { (0, 24) } else { (8, 6) };
        let starts_at = midnight + minutes(self.below(4) * 288 + hour * 12 + self.below(hours * 12));
        Span::new(starts_at, starts_at + minutes(1 + self.below(longest))).unwrap()
    }

    fn spans(&mut self, most: u64, longest: u64) -> Vec<Span> {
        (0..self.below(most + 1)).map(|_| self.span(longest)).collect()
    }

    fn hours(&mut self) -> Vec<Hours> {
        let day = |draw: &mut Self| (0..draw.below(3)).map(|_| draw.day()).collect();
        let hour = |draw: &mut Self, from: u64, hours| time(i8::try_from(from + draw.below(hours)).unwrap(), 0, 0, 0);
        (0..self.below(3)).map(|_| Hours { days: day(self), from: hour(self, 7, 4), to: hour(self, 15, 9) }).collect()
    }

    fn area(&mut self) -> Area {
        let zone = if self.one_in(4) { None } else { Some(self.word(&["east", "west"])) };
        Area { venue: self.word(&["palace", "annex"]), zone }
    }

    fn party(&mut self) -> Party {
        if self.one_in(2) { Party::Person(self.id(10)) } else { Party::Delegation(self.id(5)) }
    }

    pub(super) fn room(&mut self) -> Room {
        let blocking = |draw: &mut Self| Blocking { span: draw.span(24), kind: *draw.of(BlockingKind::ALL) };
        Room {
            id: self.id(5),
            area: self.area(),
            capacity: (!self.one_in(3)).then(|| self.small(40)),
            layouts: (0..self.below(2)).map(|_| (self.word(&["theatre", "u_shape"]), self.small(30))).collect(),
            features: (0..self.below(3)).map(|_| self.word(&["booths", "hybrid", "secure"])).collect(),
            opening: self.hours(),
            windows: if self.one_in(4) { self.spans(3, 300) } else { vec![] },
            blockings: (0..self.below(3)).map(|_| blocking(self)).collect(),
            needs_approval: self.one_in(3),
            shared: self.one_in(6),
        }
    }

    fn item(&mut self) -> Item {
        let document = |draw: &mut Self| Document {
            days_before: u16::try_from(draw.below(3)).unwrap(),
            provided_on: (!draw.one_in(2)).then(|| draw.day()),
        };
        Item {
            minutes: self.small(90),
            decides: self.one_in(2),
            votes: self.one_in(3),
            documents: (0..self.below(3)).map(|_| document(self)).collect(),
        }
    }

    pub(super) fn session(&mut self, number: u128) -> Session {
        let kind = *self.of(&[Kind::Plenary, Kind::Bilateral, Kind::GroupMeeting]);
        let duty =
            |draw: &mut Self| Duty { person: draw.id(10), weight: *draw.of(Weight::ALL), confirmed: !draw.one_in(4) };
        let expected = |draw: &mut Self| Expected { delegation: draw.id(6), head_listed: draw.one_in(4) };
        let wait = |draw: &mut Self| NotBefore { day: draw.day(), days_after: u16::try_from(draw.below(2)).unwrap() };
        Session {
            groups: self.ids(5, 2),
            room: (!self.one_in(6)).then(|| self.id(6)),
            slot: (!self.one_in(12)).then(|| self.span(30)),
            in_room: self.small(50),
            layout: (!self.one_in(3)).then(|| self.word(&["theatre", "u_shape"])),
            needs: (0..self.below(3)).map(|_| self.word(&["booths", "hybrid"])).collect(),
            languages: (0..self.below(3)).filter_map(|_| Language::parse(&self.word(&LANGUAGES))).collect(),
            duties: (0..self.below(5)).map(|_| duty(self)).collect(),
            expected: (0..self.below(5)).map(|_| expected(self)).collect(),
            agenda: (0..self.below(3)).map(|_| self.item()).collect(),
            other_sittings_minutes: if self.one_in(3) { self.small(90) } else { 0 },
            quorum: self.one_in(2).then(|| Quorum { needed: self.small(4), of: self.ids(6, 5) }),
            not_before: (0..self.below(2)).map(|_| wait(self)).collect(),
            cannot_meet: if self.one_in(3) { self.spans(3, 40) } else { vec![] },
            room_approved: self.one_in(2),
            ..Session::new(id(number), i32::try_from(number).unwrap(), kind)
        }
    }

    pub(super) fn delegation(&mut self) -> Delegation {
        let zones = ["Asia/Seoul", "America/New_York", "Asia/Kolkata", "Europe/Warsaw", "America/Santiago"];
        Delegation {
            id: self.id(5),
            able: (!self.one_in(4)).then(|| self.small(4)),
            confirmed: self.one_in(2),
            zone: (!self.one_in(4)).then(|| TimeZone::get(&self.word(&zones)).unwrap()),
        }
    }

    pub(super) fn availability(&mut self) -> Availability {
        let windows = if self.one_in(2) { self.spans(4, 200) } else { vec![] };
        Availability { of: self.party(), windows, away: self.spans(3, 60) }
    }

    fn commitment(&mut self) -> Commitment {
        Commitment { of: self.party(), span: self.span(60) }
    }

    fn relation(&mut self, sessions: u64) -> Relation {
        Relation { earlier: self.id(sessions), later: self.id(sessions), order: *self.of(Order::ALL) }
    }

    /// A programme of so many sessions.
    pub(super) fn programme(&mut self, sessions: u64) -> Snapshot {
        let most = sessions + 2;
        let conflict = |draw: &mut Self| Conflict { groups: [draw.id(5), draw.id(5)], tier: *draw.of(Tier::ALL) };
        let must = |draw: &mut Self| MustAttend { who: draw.party(), sessions: [draw.id(most), draw.id(most)] };
        let walk = |draw: &mut Self| Walk { between: [draw.area(), draw.area()], minutes: draw.small(8) * 5 };
        let teams = |draw: &mut Self| Interpreters {
            language: Language::parse(&draw.word(&LANGUAGES)).unwrap(),
            teams: draw.small(3),
        };
        Snapshot {
            as_of: self.span(1).starts_at,
            zone: TimeZone::get("Europe/Warsaw").unwrap(),
            days: None,
            working_hours: self.hours(),
            holidays: (0..self.below(2)).map(|_| Holiday { day: self.day(), name: named("founding") }).collect(),
            observances: self.spans(3, 6).into_iter().map(|span| Observance { span, name: named("prayer") }).collect(),
            walks: (0..self.below(4)).map(|_| walk(self)).collect(),
            rooms: each(5, |_| self.room(), |room, number| room.id = id(number)),
            sessions: (1..=sessions).map(|number| self.session(u128::from(number))).collect(),
            conflicts: (0..self.below(6)).map(|_| conflict(self)).collect(),
            must_attend: (0..self.below(6)).map(|_| must(self)).collect(),
            relations: (0..self.below(8)).map(|_| self.relation(most)).collect(),
            delegations: each(5, |_| self.delegation(), |delegation, number| delegation.id = id(number)),
            interpreters: (0..self.below(3)).map(|_| teams(self)).collect(),
            availability: each(4, |_| self.availability(), |own, number| own.of = Party::Person(id(number))),
            commitments: (0..self.below(8)).map(|_| self.commitment()).collect(),
        }
    }

    /// An edit of a programme of about so many sessions.
    pub(super) fn edit(&mut self, sessions: u64) -> Edit {
        match self.below(10) {
            0..5 => Edit::Place {
                session: self.id(sessions),
                room: (!self.one_in(8)).then(|| self.id(6)),
                slot: (!self.one_in(8)).then(|| self.span(30)),
            },
            5 => {
                let number = u128::from(1 + self.below(sessions));
                Edit::Put(Box::new(self.session(number)))
            }
            6 => Edit::Remove(self.id(sessions)),
            7 => Edit::Room(Box::new(Room { id: self.id(6), ..self.room() })),
            8 if self.one_in(2) => Edit::Delegation(self.delegation()),
            8 => Edit::Availability(self.availability()),
            _ => Edit::Commitments { of: self.party(), spans: self.spans(3, 60) },
        }
    }
}

/// Things numbered from 1.
fn each<T>(count: u128, mut make: impl FnMut(u128) -> T, number: impl Fn(&mut T, u128)) -> Vec<T> {
    let one = |at| {
        let mut made = make(at);
        number(&mut made, at);
        made
    };
    (1..=count).map(one).collect()
}
