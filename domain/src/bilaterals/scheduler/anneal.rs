//! Fewer breaks: simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983) over exchanges of two slots,
//! and over insertions of what has no slot in place of others that weigh no more.

use super::{
    exchange::Exchange,
    problem::{BUSY, FREE, Meeting, NONE, Slot},
    search::Search,
    timetable::{Cost, Timetable},
};

/// An exchange of more meetings than this is not worth its while.
const LONGEST: usize = 60;
/// What a break above the fairness wished for costs, in breaks.
const UNFAIR: f64 = 2.0;
/// What a slot of waiting costs, in breaks: short breaks are closed sooner.
const IDLE: f64 = 0.07;

/// How warm it is, in breaks, and for how many moves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cooling {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) moves: u64,
}

/// One cooling from `timetable` on. It ends as the best that was seen.
pub(super) fn anneal(search: &mut Search<'_>, timetable: &mut Timetable<'_>, cooling: Cooling) {
    let mut mover = Mover { exchange: Exchange::new(timetable), unplaced: open(timetable), ejected: Vec::new() };
    let (mut best, mut best_slots) = (timetable.cost(), timetable.slots().to_vec());
    let factor = (cooling.to / cooling.from).powf(1.0 / cooling.moves.max(1) as f64);
    let mut warmth = cooling.from;
    for _ in 0..cooling.moves {
        if !search.goes_on() || best.unfair == 0 && best.unplaced <= search.bound && best.breaks == 0 {
            break;
        }
        warmth *= factor;
        if mover.step(search, timetable, warmth) && timetable.cost() < best {
            best = timetable.cost();
            best_slots.copy_from_slice(timetable.slots());
            search.offer(timetable);
        }
    }
    timetable.become_like(&best_slots);
}

/// What could have a slot and has none.
fn open(timetable: &Timetable<'_>) -> Vec<Meeting> {
    let problem = timetable.problem;
    let open = |one: &Meeting| timetable.slot(*one) == NONE && !problem.items[*one as usize].slots.is_empty();
    problem.meetings().filter(open).collect()
}

struct Mover {
    exchange: Exchange,
    unplaced: Vec<Meeting>,
    ejected: Vec<(Meeting, Slot)>,
}

impl Mover {
    /// Tries a move; whether it was made.
    fn step(&mut self, search: &mut Search<'_>, timetable: &mut Timetable<'_>, warmth: f64) -> bool {
        if !self.unplaced.is_empty() && search.chance.below(8) == 0 {
            return self.insert(search, timetable, warmth);
        }
        let guided = search.chance.below(4) != 0;
        let target = if guided { mending(search, timetable) } else { any(search, timetable) };
        let Some((meeting, to)) = target else { return false };
        if !self.exchange.plan(timetable, &mut search.chance, meeting, to) || self.exchange.len() > LONGEST {
            return false;
        }
        let before = State::of(timetable);
        self.exchange.carry_out(timetable);
        let taken = accepted(search, before, State::of(timetable), warmth);
        if !taken {
            self.exchange.carry_out(timetable);
        }
        taken
    }

    /// Gives one of the unplaced a slot in place of whoever is there, if these weigh no more.
    fn insert(&mut self, search: &mut Search<'_>, timetable: &mut Timetable<'_>, warmth: f64) -> bool {
        let problem = search.problem;
        let place = search.chance.below(self.unplaced.len());
        let meeting = self.unplaced[place];
        let item = &problem.items[meeting as usize];
        let Some(slot) = search.chance.pick(&item.slots) else { return false };
        let mut allowed = item.weight as i64;
        self.ejected.clear();
        for row in &item.rows {
            let there = timetable.at(*row, slot);
            if there == FREE || self.ejected.iter().any(|(one, _)| *one == there) {
                continue;
            }
            let other = &problem.items[there as usize];
            allowed -= other.weight as i64;
            if allowed < 0 || other.locked || !other.before.is_empty() || other.required && !item.required {
                return false;
            }
            self.ejected.push((there, slot));
        }
        let before = State::of(timetable);
        self.ejected.iter().for_each(|(one, _)| timetable.remove(*one));
        let taken = timetable.is_free_for(meeting, slot) && {
            timetable.place(meeting, slot);
            let taken = accepted(search, before, State::of(timetable), warmth);
            if !taken {
                timetable.remove(meeting);
            }
            taken
        };
        if taken {
            self.unplaced.swap_remove(place);
            self.unplaced.extend(self.ejected.iter().map(|(one, _)| *one));
        } else {
            self.ejected.iter().for_each(|(one, slot)| timetable.place(*one, *slot));
        }
        taken
    }
}

/// What is weighed when a move is judged.
#[derive(Clone, Copy)]
struct State {
    cost: Cost,
    idle: u64,
}

impl State {
    fn of(timetable: &Timetable<'_>) -> Self {
        Self { cost: timetable.cost(), idle: timetable.idle() }
    }

    fn weight(self) -> (u64, u64) {
        (self.cost.missing, self.cost.unplaced)
    }

    fn trouble(self) -> f64 {
        self.cost.breaks as f64 + UNFAIR * self.cost.unfair as f64 + IDLE * self.idle as f64
    }
}

/// Less weight unplaced is always better, more never; between equals Metropolis decides.
fn accepted(search: &mut Search<'_>, before: State, after: State, warmth: f64) -> bool {
    if after.weight() != before.weight() {
        return after.weight() < before.weight();
    }
    let worse = after.trouble() - before.trouble();
    worse <= 0.0 || search.chance.fraction() < (-worse / warmth).exp()
}

/// Any meeting, to any of its slots.
fn any(search: &mut Search<'_>, timetable: &Timetable<'_>) -> Option<(Meeting, Slot)> {
    let meeting = search.chance.below(search.problem.items.len()) as Meeting;
    movable(search, timetable, meeting)
}

/// `meeting`, to any of its slots but the one it has.
fn movable(search: &mut Search<'_>, timetable: &Timetable<'_>, meeting: Meeting) -> Option<(Meeting, Slot)> {
    let item = &search.problem.items[meeting as usize];
    let to = search.chance.pick(&item.slots)?;
    let from = timetable.slot(meeting);
    (from != NONE && from != to).then_some((meeting, to))
}

/// A meeting of a delegation that has a break, into the break or away from beside it.
fn mending(search: &mut Search<'_>, timetable: &Timetable<'_>) -> Option<(Meeting, Slot)> {
    let problem = search.problem;
    let delegation = search.chance.pick(timetable.broken())?;
    let meetings = &problem.of_row[delegation as usize];
    if search.chance.below(3) == 0 {
        let meeting = search.chance.pick(meetings)?;
        return movable(search, timetable, meeting);
    }
    let gap = gap(search, timetable, delegation)?;
    let offset = search.chance.below(meetings.len());
    let order = meetings[offset..].iter().chain(&meetings[..offset]);
    let mut able = order.filter(|one| timetable.slot(**one) != NONE && problem.fits(**one, gap));
    able.next().map(|meeting| (*meeting, gap))
}

/// A free slot of `delegation` between two engagements of a block, beside one of them.
fn gap(search: &mut Search<'_>, timetable: &Timetable<'_>, delegation: u32) -> Option<Slot> {
    let problem = search.problem;
    let offset = search.chance.below(problem.slots);
    let slots = (0..problem.slots).map(|place| ((place + offset) % problem.slots) as Slot);
    let mut gaps = slots.filter(|slot| {
        let (earlier, later) = (problem.earlier[*slot as usize], problem.later[*slot as usize]);
        timetable.at(delegation, *slot) > BUSY
            && (timetable.engaged(delegation, earlier) || timetable.engaged(delegation, later))
            && timetable.breaks_if_engaged(delegation, *slot) <= 0
    });
    gaps.next()
}
