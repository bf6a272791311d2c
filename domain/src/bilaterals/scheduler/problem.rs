//! An instance, arranged for searching.
//!
//! Delegations and persons are alike in that each can be in one meeting at a time: both are *rows*, the delegations
//! first. Tables and resources are alike in that so many meetings can have one at a time: both are *pools*, the tables
//! first.

use super::Instance;

/// The place of a meeting in the instance.
pub(super) type Meeting = u32;
/// The place of a slot in the instance.
pub(super) type Slot = u32;

/// No slot, and no meeting.
pub(super) const NONE: u32 = u32::MAX;
/// In a row: nothing in this slot.
pub(super) const FREE: u32 = u32::MAX;
/// In a row: away in this slot.
pub(super) const AWAY: u32 = u32::MAX - 1;
/// In a row: engaged elsewhere in this slot. Everything up to here is an engagement.
pub(super) const BUSY: u32 = u32::MAX - 2;

/// A meeting, arranged for searching.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    /// Its delegations, then its persons.
    pub(super) rows: Vec<u32>,
    /// How many of them are delegations.
    pub(super) parties: usize,
    /// The tables, then its resources.
    pub(super) pools: Vec<u32>,
    pub(super) weight: u64,
    /// Whether a timetable without it is none: it is mandatory, or locked.
    pub(super) required: bool,
    pub(super) locked: bool,
    /// The slots it could have if there were no other meeting, in order.
    pub(super) slots: Vec<Slot>,
    /// The meetings that have to be over before it.
    pub(super) after: Vec<Meeting>,
    /// The meetings that wait for it.
    pub(super) before: Vec<Meeting>,
}

/// An instance, arranged for searching.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) slots: usize,
    pub(super) delegations: usize,
    pub(super) rows: usize,
    pub(super) blocks: usize,
    /// The block of each slot.
    pub(super) block: Vec<usize>,
    /// How many slots of its block come before each.
    pub(super) in_its_block: Vec<u32>,
    /// The slots of each block, in order.
    pub(super) in_block: Vec<Vec<Slot>>,
    /// The slot before each in its block.
    pub(super) earlier: Vec<Slot>,
    /// The slot after each in its block.
    pub(super) later: Vec<Slot>,
    /// What each row has in each slot while nothing is placed.
    pub(super) empty: Vec<u32>,
    /// How many meetings can have each pool at a time.
    pub(super) capacity: Vec<u32>,
    pub(super) items: Vec<Item>,
    /// The meetings of each row.
    pub(super) of_row: Vec<Vec<Meeting>>,
    /// By how many breaks two delegations may differ.
    pub(super) max_difference: Option<usize>,
    /// Meeting times slot: whether the meeting could have the slot if there were no other.
    fits: Vec<bool>,
}

impl Problem {
    /// `instance` must have passed its check.
    pub(super) fn of(instance: &Instance) -> Self {
        let slots = instance.slots.len();
        let (block, in_block) = blocks(instance);
        let (earlier, later) = neighbours(slots, &in_block);
        let mut problem = Self {
            slots,
            delegations: instance.delegations.len(),
            rows: instance.delegations.len() + instance.persons.len(),
            blocks: in_block.len(),
            in_its_block: in_its_block(&block),
            block,
            in_block,
            earlier,
            later,
            empty: empty_rows(instance),
            capacity: capacities(instance),
            items: Vec::new(),
            of_row: Vec::new(),
            max_difference: instance.max_break_difference,
            fits: Vec::new(),
        };
        problem.items = (0..instance.meetings.len()).map(|meeting| problem.item(instance, meeting)).collect();
        problem.link();
        problem.narrow_by_order();
        problem
    }

    /// The same, with only what is locked required.
    pub(super) fn relaxed(&self) -> Self {
        let mut relaxed = self.clone();
        relaxed.items.iter_mut().for_each(|item| item.required = item.locked);
        relaxed
    }

    /// The same, with no regard to fairness.
    pub(super) fn without_fairness(&self) -> Self {
        Self { max_difference: None, ..self.clone() }
    }

    pub(super) fn meetings(&self) -> impl Iterator<Item = Meeting> + use<> {
        0..self.items.len() as Meeting
    }

    fn item(&self, instance: &Instance, meeting: usize) -> Item {
        let asked = &instance.meetings[meeting];
        let persons = asked.persons.iter().map(|person| instance.delegations.len() + person);
        let rows: Vec<u32> = asked.parties.iter().copied().chain(persons).map(|row| row as u32).collect();
        let wished = |slot: &usize| {
            asked.locked_slot.is_none_or(|locked| locked == *slot)
                && asked.slots.as_ref().is_none_or(|slots| slots.contains(slot))
                && rows.iter().all(|row| self.empty[*row as usize * self.slots + slot] == FREE)
        };
        let slots = (0..self.slots).filter(wished).map(|slot| slot as Slot).collect();
        let pools = std::iter::once(0).chain(asked.resources.iter().map(|resource| *resource as u32 + 1)).collect();
        Item {
            slots,
            parties: asked.parties.len(),
            rows,
            pools,
            weight: u64::from(asked.weight),
            required: asked.mandatory || asked.locked_slot.is_some(),
            locked: asked.locked_slot.is_some(),
            after: asked.after.iter().map(|earlier| *earlier as Meeting).collect(),
            before: Vec::new(),
        }
    }

    fn link(&mut self) {
        self.of_row = vec![Vec::new(); self.rows];
        for meeting in self.meetings() {
            for row in self.items[meeting as usize].rows.clone() {
                self.of_row[row as usize].push(meeting);
            }
            for earlier in self.items[meeting as usize].after.clone() {
                self.items[earlier as usize].before.push(meeting);
            }
        }
    }

    /// Leaves out the slots that are too early for what has to come before.
    fn narrow_by_order(&mut self) {
        let mut waiting: Vec<Meeting> = self.meetings().collect();
        while let Some(meeting) = waiting.pop() {
            let item = &self.items[meeting as usize];
            let first =
                item.after.iter().map(|one| self.items[*one as usize].slots.first().map_or(NONE, |slot| slot + 1));
            let first = first.max().unwrap_or(0);
            let before = item.slots.len();
            let item = &mut self.items[meeting as usize];
            item.slots.retain(|slot| *slot >= first);
            if item.slots.len() < before {
                waiting.extend(&item.before);
            }
        }
        self.fits = vec![false; self.items.len() * self.slots];
        for (meeting, item) in self.items.iter().enumerate() {
            item.slots.iter().for_each(|slot| self.fits[meeting * self.slots + *slot as usize] = true);
        }
    }

    /// Whether `meeting` could have `slot` if there were no other.
    pub(super) fn fits(&self, meeting: Meeting, slot: Slot) -> bool {
        self.fits[meeting as usize * self.slots + slot as usize]
    }
}

fn blocks(instance: &Instance) -> (Vec<usize>, Vec<Vec<Slot>>) {
    let mut names: Vec<usize> = instance.slots.iter().map(|slot| slot.block).collect();
    names.sort_unstable();
    names.dedup();
    let block: Vec<usize> =
        instance.slots.iter().map(|slot| names.partition_point(|name| *name < slot.block)).collect();
    let mut in_block = vec![Vec::new(); names.len()];
    block.iter().enumerate().for_each(|(slot, block)| in_block[*block].push(slot as Slot));
    (block, in_block)
}

fn in_its_block(block: &[usize]) -> Vec<u32> {
    let before = |slot: usize| block[..slot].iter().filter(|one| **one == block[slot]).count() as u32;
    (0..block.len()).map(before).collect()
}

fn neighbours(slots: usize, in_block: &[Vec<Slot>]) -> (Vec<Slot>, Vec<Slot>) {
    let (mut earlier, mut later) = (vec![NONE; slots], vec![NONE; slots]);
    for pair in in_block.iter().flat_map(|block| block.windows(2)) {
        later[pair[0] as usize] = pair[1];
        earlier[pair[1] as usize] = pair[0];
    }
    (earlier, later)
}

fn empty_rows(instance: &Instance) -> Vec<u32> {
    let slots = instance.slots.len();
    let mut rows = vec![FREE; (instance.delegations.len() + instance.persons.len()) * slots];
    for (row, delegation) in instance.delegations.iter().enumerate() {
        delegation.absent.iter().for_each(|slot| rows[row * slots + slot] = AWAY);
        delegation.busy.iter().for_each(|slot| rows[row * slots + slot] = BUSY);
    }
    for (place, person) in instance.persons.iter().enumerate() {
        let row = instance.delegations.len() + place;
        person.absent.iter().for_each(|slot| rows[row * slots + slot] = AWAY);
    }
    rows
}

fn capacities(instance: &Instance) -> Vec<u32> {
    let most = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    std::iter::once(instance.tables).chain(instance.resources.iter().map(|one| one.capacity)).map(most).collect()
}
