//! How much weight must be left without a slot, whatever is tried.
//!
//! Where the meetings of a delegation that can only be in certain slots are more than these slots, some of them must be
//! left out (Hall's theorem); the same goes for a person, and for a pool times its capacity. Each such shortage is a
//! constraint of a covering problem whose least weight no timetable can go below. Its Lagrangian relaxation, improved
//! by subgradient steps (Held, Wolfe and Crowder, Mathematical Programming 6, 1974), is a bound; weights are whole, so
//! it may be rounded up.

use std::collections::BTreeSet;

use super::problem::{Meeting, Problem, Slot};

/// Subgradient steps.
const STEPS: usize = 600;
/// Steps without a gain after which they become smaller.
const PATIENCE: usize = 20;
/// Of a row with more kinds of meetings than this, no two kinds are looked at together.
const KINDS: usize = 40;

/// At least `least` of `meetings` must be left out.
struct Shortage {
    meetings: Vec<Meeting>,
    least: f64,
}

/// The least weight that any timetable leaves without a slot, as far as this shows.
pub(super) fn least_unplaced(problem: &Problem) -> u64 {
    let shortages = shortages(problem);
    let mut prices = vec![0.0; shortages.len()];
    let (mut best, mut size, mut since) = (0.0_f64, 2.0, 0);
    for _ in 0..STEPS {
        let (value, excess) = relaxed(problem, &shortages, &prices);
        since = if value > best + 1e-9 { 0 } else { since + 1 };
        best = best.max(value);
        if since == PATIENCE {
            (size, since) = (size * 0.6, 0);
        }
        let norm: f64 = excess.iter().map(|one| one * one).sum();
        if norm < 0.5 {
            break;
        }
        let step = size * (0.02 * best + 1.0) / norm;
        prices.iter_mut().zip(&excess).for_each(|(price, excess)| *price = f64::max(0.0, *price + step * excess));
    }
    // What the sum may have lost to rounding must not make the bound too high.
    (best - 1e-6).ceil().max(0.0) as u64
}

/// The value of the relaxation at `prices`, and by how much each shortage is not made up for in it.
fn relaxed(problem: &Problem, shortages: &[Shortage], prices: &[f64]) -> (f64, Vec<f64>) {
    let mut reduced: Vec<f64> = problem.items.iter().map(|item| item.weight as f64).collect();
    for (shortage, price) in shortages.iter().zip(prices) {
        shortage.meetings.iter().for_each(|one| reduced[*one as usize] -= price);
    }
    let unmet = |shortage: &Shortage| {
        shortage.least - shortage.meetings.iter().filter(|one| reduced[**one as usize] < 0.0).count() as f64
    };
    let priced: f64 = shortages.iter().zip(prices).map(|(shortage, price)| shortage.least * price).sum();
    let gained: f64 = reduced.iter().map(|one| one.min(0.0)).sum();
    (priced + gained, shortages.iter().map(unmet).collect())
}

fn shortages(problem: &Problem) -> Vec<Shortage> {
    let slots: Vec<Slots> = problem.items.iter().map(|item| Slots::of(problem, &item.slots)).collect();
    let mut finder = Finder { problem, slots, found: Vec::new() };
    problem.of_row.iter().for_each(|meetings| finder.of_row(meetings));
    (0..problem.capacity.len() as u32).for_each(|pool| finder.of_pool(pool));
    let hopeless = problem.meetings().filter(|one| problem.items[*one as usize].slots.is_empty());
    finder.found.extend(hopeless.map(|one| Shortage { meetings: vec![one], least: 1.0 }));
    finder.found
}

/// A set of slots, a bit for each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Slots(Vec<u64>);

impl Slots {
    fn of(problem: &Problem, slots: &[Slot]) -> Self {
        let mut bits = vec![0; problem.slots.div_ceil(64)];
        slots.iter().for_each(|slot| bits[*slot as usize / 64] |= 1 << (slot % 64));
        Self(bits)
    }

    fn with(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one | other).collect())
    }

    fn is_within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(one, other)| one & !other == 0)
    }

    fn len(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }
}

struct Finder<'a> {
    problem: &'a Problem,
    /// The slots of each meeting.
    slots: Vec<Slots>,
    found: Vec<Shortage>,
}

impl Finder<'_> {
    /// The shortages of a row: in the slots of one of its meetings, of two of them, of a block and of all.
    fn of_row(&mut self, meetings: &[Meeting]) {
        let kinds: BTreeSet<&Slots> = meetings.iter().map(|one| &self.slots[*one as usize]).collect();
        let kinds: Vec<Slots> = kinds.into_iter().cloned().collect();
        let none = Slots::of(self.problem, &[]);
        let mut looked_at: BTreeSet<Slots> = kinds.iter().cloned().collect();
        looked_at.insert(kinds.iter().fold(none, |all, one| all.with(one)));
        looked_at.extend(self.problem.in_block.iter().map(|block| Slots::of(self.problem, block)));
        if kinds.len() <= KINDS {
            let pairs =
                kinds.iter().enumerate().flat_map(|(place, one)| kinds[..place].iter().map(|two| one.with(two)));
            looked_at.extend(pairs.filter(|slots| slots.len() < meetings.len()));
        }
        looked_at.iter().for_each(|slots| self.look(meetings, slots, 1));
    }

    fn of_pool(&mut self, pool: u32) {
        let uses = |one: &Meeting| self.problem.items[*one as usize].pools.contains(&pool);
        let users: Vec<Meeting> = self.problem.meetings().filter(uses).collect();
        let all = users.iter().fold(Slots::of(self.problem, &[]), |all, one| all.with(&self.slots[*one as usize]));
        self.look(&users, &all, self.problem.capacity[pool as usize] as usize);
    }

    /// Keeps those of `meetings` that can only be in `slots`, if they are too many there.
    fn look(&mut self, meetings: &[Meeting], slots: &Slots, capacity: usize) {
        let room = slots.len() * capacity;
        if meetings.len() <= room {
            return;
        }
        let within = |one: &&Meeting| self.slots[**one as usize].is_within(slots);
        let meetings: Vec<Meeting> = meetings.iter().filter(within).copied().collect();
        if meetings.len() > room {
            self.found.push(Shortage { least: (meetings.len() - room) as f64, meetings });
        }
    }
}
