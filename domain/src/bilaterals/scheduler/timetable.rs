//! A timetable that is being searched, with what it costs, both kept up to date move by move.

use super::problem::{BUSY, FREE, Meeting, NONE, Problem, Slot};

/// What a timetable costs; the first that differs decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    /// By how many breaks delegations exceed what the fairness wished for allows; 0 in every timetable that is one.
    pub(super) unfair: u64,
    /// The weight of what is required and has no slot; 0 in every timetable that is one.
    pub(super) missing: u64,
    /// The weight of what has no slot.
    pub(super) unplaced: u64,
    /// The breaks of all delegations.
    pub(super) breaks: u64,
}

/// A timetable: nobody twice at once, no pool over its capacity, in every slot that it gives. The order of meetings is
/// kept by those who place them.
#[derive(Debug, Clone)]
pub(super) struct Timetable<'a> {
    pub(super) problem: &'a Problem,
    /// The slot of each meeting.
    slot: Vec<Slot>,
    /// Row times slot: the meeting there, or why there is none.
    at: Vec<u32>,
    /// Pool times slot: the meetings that have one.
    users: Vec<Vec<Meeting>>,
    /// Delegation times block: the slots in which it is engaged, a bit for each.
    engaged: Vec<u128>,
    /// The breaks of each delegation.
    breaks: Vec<u32>,
    /// How many delegations have so many breaks.
    with_breaks: Vec<u32>,
    /// The delegations that have breaks.
    broken: Vec<u32>,
    /// Where each delegation is among them.
    in_broken: Vec<u32>,
    /// The slots in which delegations wait, between two engagements of a block.
    idle: u64,
    cost: Cost,
}

impl<'a> Timetable<'a> {
    /// Nothing is placed.
    pub(super) fn new(problem: &'a Problem) -> Self {
        let mut new = Self {
            problem,
            slot: vec![NONE; problem.items.len()],
            at: problem.empty.clone(),
            users: vec![Vec::new(); problem.capacity.len() * problem.slots],
            engaged: vec![0; problem.delegations * problem.blocks],
            breaks: vec![0; problem.delegations],
            with_breaks: vec![0; problem.slots + 2],
            broken: Vec::new(),
            in_broken: vec![NONE; problem.delegations],
            idle: 0,
            cost: Cost::default(),
        };
        for item in &problem.items {
            new.cost.unplaced += item.weight;
            new.cost.missing += missing(item.weight, item.required);
        }
        (0..problem.delegations).for_each(|delegation| new.engage_elsewhere(delegation));
        new
    }

    /// With `slots` given to the meetings, which must be possible.
    pub(super) fn with(problem: &'a Problem, slots: &[Slot]) -> Self {
        let mut new = Self::new(problem);
        new.become_like(slots);
        new
    }

    /// Moves what differs.
    pub(super) fn become_like(&mut self, slots: &[Slot]) {
        let differs: Vec<Meeting> =
            self.problem.meetings().filter(|one| self.slot[*one as usize] != slots[*one as usize]).collect();
        for one in &differs {
            if self.slot(*one) != NONE {
                self.remove(*one);
            }
        }
        for one in differs {
            if slots[one as usize] != NONE {
                self.place(one, slots[one as usize]);
            }
        }
    }

    /// Enters what `delegation` is engaged in elsewhere.
    fn engage_elsewhere(&mut self, delegation: usize) {
        let problem = self.problem;
        self.with_breaks[0] += 1;
        for slot in 0..problem.slots {
            if problem.empty[delegation * problem.slots + slot] == BUSY {
                self.engage(delegation as u32, slot as Slot, true);
            }
        }
    }

    pub(super) fn slot(&self, meeting: Meeting) -> Slot {
        self.slot[meeting as usize]
    }

    pub(super) fn slots(&self) -> &[Slot] {
        &self.slot
    }

    /// What `row` has in `slot`.
    pub(super) fn at(&self, row: u32, slot: Slot) -> u32 {
        self.at[row as usize * self.problem.slots + slot as usize]
    }

    /// The meetings that have one of `pool` in `slot`.
    pub(super) fn users(&self, pool: u32, slot: Slot) -> &[Meeting] {
        &self.users[pool as usize * self.problem.slots + slot as usize]
    }

    /// Whether no more meetings can have one of `pool` in `slot`.
    pub(super) fn is_full(&self, pool: u32, slot: Slot) -> bool {
        self.users(pool, slot).len() >= self.problem.capacity[pool as usize] as usize
    }

    /// Whether a delegation is in a meeting or engaged elsewhere in `slot`.
    pub(super) fn engaged(&self, delegation: u32, slot: Slot) -> bool {
        slot != NONE && self.at(delegation, slot) <= BUSY
    }

    /// The slots in which delegations wait. Of two timetables with as many breaks, the one with the shorter is nearer
    /// to having fewer.
    pub(super) fn idle(&self) -> u64 {
        self.idle
    }

    pub(super) fn breaks_of(&self, delegation: u32) -> u32 {
        self.breaks[delegation as usize]
    }

    /// What it costs.
    pub(super) fn cost(&self) -> Cost {
        Cost { unfair: self.unfair(), ..self.cost }
    }

    /// By how many breaks delegations are above what is allowed over the one with the fewest.
    fn unfair(&self) -> u64 {
        let Some(allowed) = self.problem.max_difference else { return 0 };
        let Some(fewest) = self.with_breaks.iter().position(|count| *count > 0) else { return 0 };
        let above = self.with_breaks.iter().enumerate().skip((fewest + allowed).saturating_add(1));
        above.map(|(breaks, count)| (breaks - fewest - allowed) as u64 * u64::from(*count)).sum()
    }

    /// Gives `meeting`, which has no slot, one in which its rows are free. Pools may be over their capacity for a
    /// while.
    pub(super) fn place(&mut self, meeting: Meeting, slot: Slot) {
        let problem = self.problem;
        let item = &problem.items[meeting as usize];
        for (place, row) in item.rows.iter().enumerate() {
            debug_assert_eq!(self.at(*row, slot), FREE, "row {row} in slot {slot} for meeting {meeting}");
            if place < item.parties {
                self.engage(*row, slot, true);
            }
            self.at[*row as usize * problem.slots + slot as usize] = meeting;
        }
        for pool in &item.pools {
            self.users[*pool as usize * problem.slots + slot as usize].push(meeting);
        }
        self.slot[meeting as usize] = slot;
        self.cost.unplaced -= item.weight;
        self.cost.missing -= missing(item.weight, item.required);
    }

    /// Takes the slot of `meeting` away.
    pub(super) fn remove(&mut self, meeting: Meeting) {
        let problem = self.problem;
        let item = &problem.items[meeting as usize];
        let slot = std::mem::replace(&mut self.slot[meeting as usize], NONE);
        for (place, row) in item.rows.iter().enumerate() {
            self.at[*row as usize * problem.slots + slot as usize] = FREE;
            if place < item.parties {
                self.engage(*row, slot, false);
            }
        }
        for pool in &item.pools {
            let users = &mut self.users[*pool as usize * problem.slots + slot as usize];
            if let Some(place) = users.iter().position(|one| *one == meeting) {
                users.swap_remove(place);
            }
        }
        self.cost.unplaced += item.weight;
        self.cost.missing += missing(item.weight, item.required);
    }

    /// Counts anew after `delegation` becomes engaged in `slot`, or is so no more.
    fn engage(&mut self, delegation: u32, slot: Slot, now: bool) {
        let problem = self.problem;
        let place = delegation as usize * problem.blocks + problem.block[slot as usize];
        let (before, bit) = (self.engaged[place], 1 << problem.in_its_block[slot as usize]);
        let after = if now { before | bit } else { before & !bit };
        self.engaged[place] = after;
        self.idle = self.idle + waiting(after) - waiting(before);
        let (before, after) = (gaps(before), gaps(after));
        if before != after {
            let breaks = self.breaks[delegation as usize];
            self.with_breaks[breaks as usize] -= 1;
            self.breaks[delegation as usize] = breaks + after - before;
            self.with_breaks[(breaks + after - before) as usize] += 1;
            self.cost.breaks = self.cost.breaks + u64::from(after) - u64::from(before);
            self.list_broken(delegation);
        }
    }

    /// Puts `delegation` among those that have breaks, or takes it from them.
    fn list_broken(&mut self, delegation: u32) {
        let (place, listed) = (self.in_broken[delegation as usize], self.breaks_of(delegation) > 0);
        if listed && place == NONE {
            self.in_broken[delegation as usize] = self.broken.len() as u32;
            self.broken.push(delegation);
        } else if !listed && place != NONE {
            self.broken.swap_remove(place as usize);
            self.in_broken[delegation as usize] = NONE;
            if let Some(moved) = self.broken.get(place as usize) {
                self.in_broken[*moved as usize] = place;
            }
        }
    }

    /// The delegations that have breaks.
    pub(super) fn broken(&self) -> &[u32] {
        &self.broken
    }

    /// By how many the breaks grow if `delegation`, free in `slot`, becomes engaged there.
    pub(super) fn breaks_if_engaged(&self, delegation: u32, slot: Slot) -> i64 {
        let problem = self.problem;
        let before = self.engaged[delegation as usize * problem.blocks + problem.block[slot as usize]];
        let after = before | 1 << problem.in_its_block[slot as usize];
        i64::from(gaps(after)) - i64::from(gaps(before))
    }

    /// Whether everything that `meeting`, without a slot, needs is free in `slot`, and the order would be kept.
    pub(super) fn is_free_for(&self, meeting: Meeting, slot: Slot) -> bool {
        let item = &self.problem.items[meeting as usize];
        self.problem.fits(meeting, slot)
            && item.rows.iter().all(|row| self.at(*row, slot) == FREE)
            && item.pools.iter().all(|pool| !self.is_full(*pool, slot))
            && self.keeps_order(meeting, slot)
    }

    /// Whether `meeting` in `slot` comes after all it has to wait for, and before all that have a slot and wait for it.
    pub(super) fn keeps_order(&self, meeting: Meeting, slot: Slot) -> bool {
        let item = &self.problem.items[meeting as usize];
        item.after.iter().all(|one| self.slot(*one) < slot)
            && item.before.iter().all(|one| self.slot(*one) == NONE || self.slot(*one) > slot)
    }
}

fn missing(weight: u64, required: bool) -> u64 {
    // One that weighs nothing is missed all the same.
    if required { weight.max(1) } else { 0 }
}

/// The stretches without a gap that `engaged` forms, less one.
fn gaps(engaged: u128) -> u32 {
    (engaged & !(engaged << 1)).count_ones().saturating_sub(1)
}

/// The gaps in `engaged`, in slots.
fn waiting(engaged: u128) -> u64 {
    let span = 128 - engaged.leading_zeros().saturating_add(engaged.trailing_zeros()).min(128);
    u64::from(span - engaged.count_ones())
}
