//! Looking for a plan: place one session after the other where it costs least, and take out whatever is in the way.
//!
//! What is taken out comes back later and weighs more from then on, so that what is hard to place stays where it is
//! once it has a place, and what is easy gives way. (The idea is that of iterative forward search, T. Müller, "Constraint-
//! based Timetabling", Charles University 2005, with weights in place of his statistics.)

use super::{
    super::Order,
    model::{Item, Model, Supply, Wish},
};

/// More than anything can cost.
const NEVER: u32 = u32::MAX / 64;

/// What tells places apart that cost the same is less than this.
const FINE: u32 = 16;

/// Numbers drawn from a seed (SplitMix64, G. Steele et al. 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or_default()
    }
}

/// Room and first tick.
pub(super) type Place = (Option<usize>, usize);

/// A plan in the making.
pub(super) struct Search<'a> {
    model: &'a Model,
    chance: Chance,
    /// Where each session is.
    pub(super) at: Vec<Option<Place>>,
    /// The sessions in each room.
    inside: Vec<Vec<usize>>,
    /// How many sessions are in each room in each tick.
    busy: Vec<Vec<u32>>,
    /// How much each room is wanted by those who can use few.
    scarce: Vec<u32>,
    /// How many of each supply are taken in each tick.
    taken: Vec<Vec<usize>>,
    /// The sessions without a place.
    waiting: Vec<usize>,
    /// How many were found to have none beside what is fixed.
    hopeless: usize,
    /// What it costs to take each out.
    weight: Vec<u32>,
}

impl<'a> Search<'a> {
    /// Begins with what has a place.
    pub(super) fn new(model: &'a Model, seed: u64) -> Self {
        let mut search = Self {
            model,
            chance: Chance(seed),
            at: vec![None; model.items.len()],
            inside: vec![Vec::new(); model.halls.len()],
            busy: vec![vec![0; model.ticks + 1]; model.halls.len()],
            scarce: scarce(model),
            taken: model.supplies.iter().map(|_| vec![0; model.ticks]).collect(),
            waiting: Vec::new(),
            hopeless: 0,
            weight: model.items.iter().map(|item| item.length as u32).collect(),
        };
        for (number, item) in model.items.iter().enumerate() {
            match item.at {
                Some(place) => search.put(number, place),
                None if !item.fixed => search.waiting.push(number),
                None => {}
            }
        }
        search
    }

    /// Searches while `go_on` says so, which is asked before every step; gives the plan with the fewest sessions
    /// without a place. A search that leads nowhere is begun again, with more patience each time.
    pub(super) fn run(mut self, mut go_on: impl FnMut() -> bool) -> Vec<Option<Place>> {
        let (mut best, mut least) = (self.at.clone(), self.without_place());
        let (mut steps, mut patience) = (0, 200 + 10 * self.model.items.len());
        while !self.waiting.is_empty() && go_on() {
            self.step();
            let without = self.without_place();
            if without < least {
                (best, least, steps) = (self.at.clone(), without, 0);
            }
            steps += 1;
            if steps > patience {
                let seed = self.chance.next();
                self = Self::new(self.model, seed);
                (steps, patience) = (0, patience + patience / 2);
            }
        }
        best
    }

    fn without_place(&self) -> usize {
        self.waiting.len() + self.hopeless
    }

    /// Places the session that weighs most. One that has no place beside what is fixed never gets one, and waits no
    /// longer.
    fn step(&mut self) {
        let heaviest = (0..self.waiting.len()).max_by_key(|at| self.weight[self.waiting[*at]]).unwrap_or_default();
        let number = self.waiting.swap_remove(heaviest);
        let Some(place) = self.cheapest(number) else {
            self.hopeless += 1;
            return;
        };
        for other in self.in_the_way(number, place) {
            self.take_out(other);
            self.weight[other] += 1 + self.model.items[other].length as u32 / 4;
        }
        self.put(number, place);
        self.make_do(number, place.1);
    }

    fn put(&mut self, number: usize, place: Place) {
        self.at[number] = Some(place);
        let item = &self.model.items[number];
        if let Some(room) = place.0 {
            self.inside[room].push(number);
            let end = (place.1 + item.length).min(self.model.ticks);
            self.busy[room][place.1..end].iter_mut().for_each(|busy| *busy += 1);
        }
        for supply in &item.takes {
            let end = (place.1 + item.length).min(self.model.ticks);
            self.taken[*supply][place.1..end].iter_mut().for_each(|taken| *taken += 1);
        }
    }

    fn take_out(&mut self, number: usize) {
        let Some(place) = self.at[number].take() else { return };
        let item = &self.model.items[number];
        if let Some(room) = place.0 {
            self.inside[room].retain(|own| *own != number);
            let end = (place.1 + item.length).min(self.model.ticks);
            self.busy[room][place.1..end].iter_mut().for_each(|busy| *busy -= 1);
        }
        for supply in &item.takes {
            let end = (place.1 + item.length).min(self.model.ticks);
            self.taken[*supply][place.1..end].iter_mut().for_each(|taken| *taken -= 1);
        }
        self.waiting.push(number);
    }

    /// What taking a session out costs.
    fn cost(&self, number: usize) -> u32 {
        if self.model.items[number].fixed { NEVER } else { self.weight[number] }
    }

    /// The place that costs least; one by chance of those that cost the same.
    fn cheapest(&mut self, number: usize) -> Option<Place> {
        let model = self.model;
        let item = &model.items[number];
        let by_time = self.costs_of_time(number);
        let mut best: Option<Place> = None;
        let (mut least, mut as_good) = (u32::MAX, 0);
        let rooms: Vec<Option<usize>> =
            if item.rooms.is_empty() { vec![None] } else { item.rooms.iter().copied().map(Some).collect() };
        for room in rooms {
            let by_room = room.map(|room| self.costs_of_room(item, room));
            for start in &item.starts {
                let closed = room.is_some_and(|room| {
                    let closed = &model.halls[room].closed;
                    closed[start + item.length] != closed[*start]
                });
                let cost = by_time[*start].saturating_add(by_room.as_ref().map_or(0, |costs| costs[*start]));
                if closed || cost > least / FINE || cost >= NEVER {
                    continue;
                }
                let cost = cost * FINE + room.map_or(0, |room| self.waste(room, *start, item.length));
                if cost > least {
                    continue;
                }
                as_good = if cost < least { 1 } else { as_good + 1 };
                least = cost;
                if self.chance.below(as_good) == 0 {
                    best = Some((room, *start));
                }
            }
        }
        best
    }

    /// How much of a room a place wastes: time on either side that is too short for others, and a room that others need.
    fn waste(&self, room: usize, start: usize, length: usize) -> u32 {
        let closed = &self.model.halls[room].closed;
        let free = |tick: usize| closed[tick + 1] == closed[tick] && self.busy[room][tick] == 0;
        let before = start > 0 && free(start - 1);
        let after = start + length < self.model.ticks && free(start + length);
        (u32::from(before) + u32::from(after)) * 4 + self.scarce[room]
    }

    /// What it costs to begin at each tick, by the sessions that then overlap or miss a wish, and by what is used up.
    fn costs_of_time(&self, number: usize) -> Vec<u32> {
        let item = &self.model.items[number];
        let mut costs = Costs::new(self.model.ticks);
        for other in &item.apart {
            if let Some((_, start)) = self.at[*other] {
                costs.overlap(item.length, start, self.model.items[*other].length, self.cost(*other));
            }
        }
        for supply in &item.takes {
            for (tick, cost) in self.shortages(*supply, number) {
                costs.overlap(item.length, tick, 1, cost);
            }
        }
        let mut costs = costs.sums();
        for wish in &item.wishes {
            let Some((_, other)) = self.at[wish.other] else { continue };
            for start in item.starts.iter().filter(|start| !self.is_met(*wish, item, **start, other)) {
                costs[*start] = costs[*start].saturating_add(self.cost(wish.other));
            }
        }
        costs
    }

    /// The ticks in which nothing is left of a supply, with what it costs to free one: a tick's share of the user that
    /// is the easiest to take out.
    fn shortages(&self, supply: usize, number: usize) -> Vec<(usize, u32)> {
        let Supply { limit, users } = &self.model.supplies[supply];
        let taken = &self.taken[supply];
        let mut least = vec![NEVER; self.model.ticks];
        for user in users.iter().filter(|user| **user != number) {
            let Some((_, start)) = self.at[*user] else { continue };
            let length = self.model.items[*user].length;
            let share = self.cost(*user) / length.max(1) as u32 + 1;
            let end = (start + length).min(self.model.ticks);
            least[start..end].iter_mut().for_each(|own| *own = share.min(*own));
        }
        least.into_iter().enumerate().filter(|(tick, _)| taken[*tick] >= *limit).collect()
    }

    fn costs_of_room(&self, item: &Item, room: usize) -> Vec<u32> {
        let mut costs = Costs::new(self.model.ticks);
        for other in self.inside[room].iter().filter(|_| !self.model.halls[room].shared) {
            if let Some((_, start)) = self.at[*other] {
                costs.overlap(item.length, start, self.model.items[*other].length, self.cost(*other));
            }
        }
        costs.sums()
    }

    fn is_met(&self, wish: Wish, item: &Item, start: usize, other: usize) -> bool {
        let of_other = (other, other + self.model.items[wish.other].length);
        let own = (start, start + item.length);
        let (earlier, later) = if wish.other_first { (of_other, own) } else { (own, of_other) };
        let day = |tick: usize| self.model.days.get(tick).copied().unwrap_or_default();
        let days = day(later.0) - day(earlier.1.saturating_sub(1));
        match wish.order {
            Order::After => later.0 >= earlier.1,
            Order::NextDay => days == 1,
            Order::FreeDay => days >= 2,
            Order::OtherDay => days >= 1 || day(earlier.0) > day(later.1.saturating_sub(1)),
            Order::Adjacent => (earlier.1..=earlier.1 + self.model.closely).contains(&later.0),
        }
    }

    /// The sessions that cannot stay when `number` gets `place`.
    fn in_the_way(&self, number: usize, place: Place) -> Vec<usize> {
        let model = self.model;
        let item = &model.items[number];
        let overlaps = |other: &&usize| {
            let own = self.at[**other].map(|(_, start)| (start, start + model.items[**other].length));
            own.is_some_and(|(from, to)| from < place.1 + item.length && place.1 < to)
        };
        let in_room = place.0.filter(|room| !model.halls[*room].shared).map(|room| self.inside[room].iter());
        let mut out: Vec<usize> =
            item.apart.iter().chain(in_room.into_iter().flatten()).filter(overlaps).copied().collect();
        let missed =
            |wish: &&Wish| self.at[wish.other].is_some_and(|(_, other)| !self.is_met(**wish, item, place.1, other));
        out.extend(item.wishes.iter().filter(missed).map(|wish| wish.other));
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Takes out whatever uses what `number` now uses too, until there is enough of it.
    fn make_do(&mut self, number: usize, start: usize) {
        let model = self.model;
        let item = &model.items[number];
        for supply in &item.takes {
            for tick in start..(start + item.length).min(model.ticks) {
                while self.taken[*supply][tick] > model.supplies[*supply].limit {
                    let uses = |user: &usize| {
                        let own = self.at[*user].map(|(_, start)| start..start + model.items[*user].length);
                        *user != number && !model.items[*user].fixed && own.is_some_and(|ticks| ticks.contains(&tick))
                    };
                    let users: Vec<usize> = model.supplies[*supply].users.iter().copied().filter(uses).collect();
                    if users.is_empty() {
                        break;
                    }
                    let out = users[self.chance.below(users.len())];
                    self.take_out(out);
                    self.weight[out] += 1 + model.items[out].length as u32 / 4;
                }
            }
        }
    }
}

/// What it costs to begin at each tick, kept as the differences from tick to tick.
struct Costs(Vec<i64>);

impl Costs {
    fn new(ticks: usize) -> Self {
        Self(vec![0; ticks + 1])
    }

    /// A session of `length` that begins where it would overlap one of `other` ticks from `start` costs `cost` more.
    fn overlap(&mut self, length: usize, start: usize, other: usize, cost: u32) {
        let last = self.0.len() - 1;
        self.0[(start + 1).saturating_sub(length).min(last)] += i64::from(cost);
        self.0[(start + other).min(last)] -= i64::from(cost);
    }

    fn sums(self) -> Vec<u32> {
        let sums = self.0.into_iter().scan(0i64, |sum, step| {
            *sum += step;
            Some(u32::try_from((*sum).min(i64::from(NEVER))).unwrap_or_default())
        });
        sums.collect()
    }
}

/// How much each room is wanted, from 0 to 3: a session that can use few rooms wants each of them the more.
fn scarce(model: &Model) -> Vec<u32> {
    let mut wanted = vec![0; model.halls.len()];
    for item in &model.items {
        item.rooms.iter().for_each(|room| wanted[*room] += item.length * 1_000 / item.rooms.len());
    }
    let most = wanted.iter().copied().max().unwrap_or_default().max(1);
    wanted.into_iter().map(|own| (own * 3 / most) as u32).collect()
}
