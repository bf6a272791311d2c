//! What a timetable is worth, counted anew from the instance.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Instance, Meeting};

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Worth {
    pub(super) unplaced_weight: u64,
    pub(super) breaks: u64,
}

/// Its worth, or the first rule that it breaks. What is mandatory may be missing if `incomplete` says so.
pub(super) fn judge(instance: &Instance, slots: &[Option<usize>], incomplete: bool) -> Result<Worth, String> {
    let mut taken = BTreeSet::new();
    let mut used: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut unplaced_weight = 0;
    for (place, meeting) in instance.meetings.iter().enumerate() {
        if meeting.locked_slot.is_some() && slots[place] != meeting.locked_slot {
            return Err(format!("{place} is locked and was moved"));
        }
        let Some(slot) = slots[place] else {
            unplaced_weight += u64::from(meeting.weight);
            if meeting.mandatory && !incomplete {
                return Err(format!("{place} is mandatory and has no slot"));
            }
            continue;
        };
        check_alone(instance, slots, meeting, slot).map_err(|fault| format!("{place} in {slot}: {fault}"))?;
        let rows = meeting.parties.iter().map(|one| (0, *one)).chain(meeting.persons.iter().map(|one| (1, *one)));
        if let Some(row) = rows.map(|row| (row, slot)).find(|cell| !taken.insert(*cell)) {
            return Err(format!("{row:?} twice at once"));
        }
        *used.entry((0, slot)).or_default() += 1;
        meeting.resources.iter().for_each(|one| *used.entry((one + 1, slot)).or_default() += 1);
    }
    let capacity = |pool: usize| if pool == 0 { instance.tables } else { instance.resources[pool - 1].capacity };
    if let Some((cell, _)) = used.iter().find(|((pool, _), count)| **count > capacity(*pool)) {
        return Err(format!("pool and slot {cell:?} over capacity"));
    }
    let breaks: Vec<usize> = (0..instance.delegations.len()).map(|one| breaks(instance, &taken, one)).collect();
    let spread = breaks.iter().max().unwrap_or(&0) - breaks.iter().min().unwrap_or(&0);
    if instance.max_break_difference.is_some_and(|most| spread > most) {
        return Err(format!("unfair by {spread}"));
    }
    Ok(Worth { unplaced_weight, breaks: breaks.iter().sum::<usize>() as u64 })
}

fn check_alone(
    instance: &Instance,
    slots: &[Option<usize>],
    meeting: &Meeting,
    slot: usize,
) -> Result<(), &'static str> {
    if meeting.slots.as_ref().is_some_and(|slots| !slots.contains(&slot)) {
        return Err("not allowed");
    }
    let parties = meeting.parties.iter().map(|one| &instance.delegations[*one]);
    if parties.into_iter().any(|one| one.absent.contains(&slot) || one.busy.contains(&slot)) {
        return Err("a delegation cannot come");
    }
    if meeting.persons.iter().any(|one| instance.persons[*one].absent.contains(&slot)) {
        return Err("a person cannot come");
    }
    let early = |one: &usize| slots[*one].is_none_or(|earlier| earlier >= slot);
    if meeting.after.iter().any(early) { Err("too early") } else { Ok(()) }
}

fn breaks(instance: &Instance, taken: &BTreeSet<((usize, usize), usize)>, delegation: usize) -> usize {
    let blocks: BTreeSet<usize> = instance.slots.iter().map(|slot| slot.block).collect();
    let engaged = |slot: &usize| {
        taken.contains(&((0, delegation), *slot)) || instance.delegations[delegation].busy.contains(slot)
    };
    let of_block = |block: &usize| {
        let slots = (0..instance.slots.len()).filter(|slot| instance.slots[*slot].block == *block);
        let states: Vec<bool> = slots.map(|slot| engaged(&slot)).collect();
        states.chunk_by(|one, other| one == other).filter(|stretch| stretch[0]).count().saturating_sub(1)
    };
    blocks.iter().map(of_block).sum()
}
