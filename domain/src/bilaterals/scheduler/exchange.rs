//! The exchange of two slots among as few meetings as possible: whoever is in the way of a meeting that changes its
//! slot changes to the slot that it left. (Kempe chains, as Johnson, Aragon, McGeoch and Schevon use them to colour
//! graphs, Operations Research 39, 1991.)

use super::{
    chance::Chance,
    problem::{BUSY, Meeting, NONE, Slot},
    timetable::Timetable,
};

/// How often a meeting is sought that makes room where a pool is full.
const TRIES: usize = 3;

/// An exchange between two slots. Kept from one to the next, so that its memory is used again.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    /// Who changes, with the slot it has before.
    moved: Vec<(Meeting, Slot)>,
    /// In which exchange each meeting was moved last.
    seen: Vec<u32>,
    number: u32,
    one: Slot,
    other: Slot,
    /// For each pool, how many more there are in the other slot afterwards.
    shift: Vec<i64>,
}

impl Exchange {
    pub(super) fn new(timetable: &Timetable<'_>) -> Self {
        let problem = timetable.problem;
        Self { seen: vec![0; problem.items.len()], shift: vec![0; problem.capacity.len()], ..Self::default() }
    }

    /// How many meetings change.
    pub(super) fn len(&self) -> usize {
        self.moved.len()
    }

    /// Thinks out the exchange that brings `meeting`, which has a slot, to `to`; whether there is one.
    pub(super) fn plan(&mut self, timetable: &Timetable<'_>, chance: &mut Chance, meeting: Meeting, to: Slot) -> bool {
        self.number += 1;
        self.moved.clear();
        self.shift.fill(0);
        (self.one, self.other) = (timetable.slot(meeting), to);
        self.draw_in(timetable, meeting) && self.balance(timetable, chance) && self.keeps_order(timetable)
    }

    /// Takes `meeting` into the exchange, and everybody who then has to change too.
    fn draw_in(&mut self, timetable: &Timetable<'_>, meeting: Meeting) -> bool {
        let problem = timetable.problem;
        let mut next = self.moved.len();
        self.add(timetable, meeting);
        while let Some((meeting, from)) = self.moved.get(next).copied() {
            let to = self.opposite(from);
            if !problem.fits(meeting, to) {
                return false;
            }
            for row in &problem.items[meeting as usize].rows {
                let there = timetable.at(*row, to);
                if there < BUSY && self.seen[there as usize] != self.number {
                    self.add(timetable, there);
                }
            }
            next += 1;
        }
        true
    }

    fn add(&mut self, timetable: &Timetable<'_>, meeting: Meeting) {
        let from = timetable.slot(meeting);
        self.seen[meeting as usize] = self.number;
        self.moved.push((meeting, from));
        let change = if from == self.one { 1 } else { -1 };
        for pool in &timetable.problem.items[meeting as usize].pools {
            self.shift[*pool as usize] += change;
        }
    }

    fn opposite(&self, slot: Slot) -> Slot {
        if slot == self.one { self.other } else { self.one }
    }

    /// Draws in others until no pool is over its capacity; false if none were found.
    fn balance(&mut self, timetable: &Timetable<'_>, chance: &mut Chance) -> bool {
        for pool in 0..self.shift.len() {
            let mut tries = 0;
            while let Some(over) = self.over(timetable, pool as u32) {
                let helper = chance.pick(timetable.users(pool as u32, over));
                let helper = helper.filter(|one| self.seen[*one as usize] != self.number);
                tries += 1;
                if tries > TRIES + self.shift.len() || helper.is_some_and(|one| !self.draw_in(timetable, one)) {
                    return false;
                }
            }
        }
        (0..self.shift.len()).all(|pool| self.over(timetable, pool as u32).is_none())
    }

    /// The slot in which `pool` would be over its capacity.
    fn over(&self, timetable: &Timetable<'_>, pool: u32) -> Option<Slot> {
        let shift = self.shift[pool as usize];
        let (slot, more) = if shift > 0 { (self.other, shift) } else { (self.one, -shift) };
        let after = timetable.users(pool, slot).len() as i64 + more;
        (more > 0 && after > i64::from(timetable.problem.capacity[pool as usize])).then_some(slot)
    }

    fn keeps_order(&self, timetable: &Timetable<'_>) -> bool {
        let slot = |meeting: &Meeting| {
            let has = timetable.slot(*meeting);
            if self.seen[*meeting as usize] == self.number { self.opposite(has) } else { has }
        };
        self.moved.iter().all(|(meeting, from)| {
            let item = &timetable.problem.items[*meeting as usize];
            let to = self.opposite(*from);
            item.after.iter().all(|earlier| slot(earlier) < to)
                && item.before.iter().all(|later| slot(later) == NONE || slot(later) > to)
        })
    }

    /// Carries the planned exchange out. Done twice, it changes nothing.
    pub(super) fn carry_out(&mut self, timetable: &mut Timetable<'_>) {
        self.moved.iter().for_each(|(meeting, _)| timetable.remove(*meeting));
        for place in 0..self.moved.len() {
            let (meeting, from) = self.moved[place];
            let to = self.opposite(from);
            timetable.place(meeting, to);
            self.moved[place].1 = to;
        }
    }
}
