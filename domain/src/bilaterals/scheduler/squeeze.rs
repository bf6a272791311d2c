//! Placing what found no slot, by taking the slots of others that matter less or may find another: tabu search over
//! insertions with ejections (Glover, ORSA Journal on Computing 1, 1989), with the ejection counters of Nagata and
//! Bräysy (Operations Research Letters 37, 2009) to leave plateaus.

use super::{
    greedy::added_breaks,
    problem::{FREE, Meeting, NONE, Problem, Slot},
    search::Search,
    timetable::Timetable,
};

/// So many of the unplaced are looked at in a round.
const LOOKED_AT: usize = 24;
/// Rounds for which a meeting does not return to a slot it was ejected from, at least.
const TENURE: u64 = 8;
/// What is required outweighs everything that is not.
const REQUIRED: u64 = 1 << 40;

/// A meeting, a slot for it, and who has to leave.
#[derive(Debug, Clone, Default)]
struct Insertion {
    meeting: Meeting,
    slot: Slot,
    ejected: Vec<Meeting>,
}

/// What is remembered from round to round.
struct Memory {
    round: u64,
    /// Meeting times slot: until which round it is tabu.
    until: Vec<u64>,
    /// How often each meeting was ejected.
    ejections: Vec<u64>,
}

/// Goes on until everything is placed that can be, `patience` rounds have brought nothing, or the search ends. The
/// timetable ends as the best that was seen.
pub(super) fn squeeze(search: &mut Search<'_>, timetable: &mut Timetable<'_>, patience: u64) {
    let problem = search.problem;
    let mut memory = Memory {
        round: 0,
        until: vec![0; problem.items.len() * problem.slots],
        ejections: vec![0; problem.items.len()],
    };
    let mut unplaced: Vec<Meeting> =
        problem.meetings().filter(|one| timetable.slot(*one) == NONE && can_be_placed(problem, *one)).collect();
    let (mut best, mut best_slots) = (timetable.cost(), timetable.slots().to_vec());
    let mut last_gain = 0;
    while !unplaced.is_empty() && best.unplaced > search.bound && memory.round - last_gain < patience {
        if !search.goes_on() {
            break;
        }
        memory.round += 1;
        let Some(chosen) = choose(search, timetable, &mut unplaced, &memory) else { continue };
        apply(search, timetable, &mut unplaced, &mut memory, chosen);
        let cost = timetable.cost();
        if (cost.missing, cost.unplaced) < (best.missing, best.unplaced) {
            last_gain = memory.round;
        }
        if (cost.missing, cost.unplaced, cost.breaks) < (best.missing, best.unplaced, best.breaks) {
            best = cost;
            best_slots.copy_from_slice(timetable.slots());
            search.offer(timetable);
        }
    }
    timetable.become_like(&best_slots);
}

fn can_be_placed(problem: &Problem, meeting: Meeting) -> bool {
    !problem.items[meeting as usize].slots.is_empty()
}

/// The best insertion of some of the unplaced: that which loses the least weight, then ejects those that were ejected
/// least, then adds the fewest breaks.
fn choose(
    search: &mut Search<'_>,
    timetable: &Timetable<'_>,
    unplaced: &mut [Meeting],
    memory: &Memory,
) -> Option<Insertion> {
    let looked_at = unplaced.len().min(LOOKED_AT);
    let mut best: Option<((i64, u64, i64, u64), Insertion)> = None;
    let mut ejected = Vec::new();
    for place in 0..looked_at {
        let other = place + search.chance.below(unplaced.len() - place);
        unplaced.swap(place, other);
        let meeting = unplaced[place];
        for slot in &search.problem.items[meeting as usize].slots {
            if !in_the_way(timetable, memory, meeting, *slot, &mut ejected) {
                continue;
            }
            let lost =
                ejected.iter().map(|one| worth(search.problem, *one)).sum::<i64>() - worth(search.problem, meeting);
            let tabu = memory.until[meeting as usize * search.problem.slots + *slot as usize] > memory.round;
            if (tabu && lost >= 0) || best.as_ref().is_some_and(|(value, _)| value.0 < lost) {
                continue;
            }
            let often = ejected.iter().map(|one| memory.ejections[*one as usize]).sum();
            let breaks = if ejected.is_empty() { added_breaks(timetable, meeting, *slot) } else { 0 };
            let value = (lost, often, breaks, search.chance.next());
            if best.as_ref().is_none_or(|(known, _)| value < *known) {
                best = Some((value, Insertion { meeting, slot: *slot, ejected: ejected.clone() }));
            }
        }
    }
    best.map(|(_, insertion)| insertion)
}

fn worth(problem: &Problem, meeting: Meeting) -> i64 {
    let item = &problem.items[meeting as usize];
    (item.weight + if item.required { REQUIRED } else { 0 }) as i64
}

/// Gathers who has to leave for `meeting` to have `slot`; false if somebody there is locked, or the order forbids it.
fn in_the_way(
    timetable: &Timetable<'_>,
    memory: &Memory,
    meeting: Meeting,
    slot: Slot,
    ejected: &mut Vec<Meeting>,
) -> bool {
    let problem = timetable.problem;
    let item = &problem.items[meeting as usize];
    ejected.clear();
    if item.after.iter().any(|earlier| timetable.slot(*earlier) >= slot) {
        return false;
    }
    for row in &item.rows {
        let there = timetable.at(*row, slot);
        if there != FREE && !ejected.contains(&there) {
            ejected.push(there);
        }
    }
    for later in &item.before {
        let has = timetable.slot(*later);
        if has != NONE && has <= slot && !ejected.contains(later) {
            ejected.push(*later);
        }
    }
    for pool in &item.pools {
        let users = timetable.users(*pool, slot);
        if users.len() < problem.capacity[*pool as usize] as usize {
            continue;
        }
        let leaving = users.iter().filter(|one| ejected.contains(one)).count();
        if users.len() - leaving < problem.capacity[*pool as usize] as usize {
            continue;
        }
        let staying = users.iter().filter(|one| !ejected.contains(one) && !problem.items[**one as usize].locked);
        let least = staying.min_by_key(|one| (worth(problem, **one), memory.ejections[**one as usize], **one));
        let Some(least) = least else { return false };
        ejected.push(*least);
    }
    add_those_that_wait(timetable, ejected);
    ejected.iter().all(|one| !problem.items[*one as usize].locked)
}

/// Who waits for one that leaves has to leave as well.
fn add_those_that_wait(timetable: &Timetable<'_>, ejected: &mut Vec<Meeting>) {
    let mut next = 0;
    while next < ejected.len() {
        for later in &timetable.problem.items[ejected[next] as usize].before {
            if timetable.slot(*later) != NONE && !ejected.contains(later) {
                ejected.push(*later);
            }
        }
        next += 1;
    }
}

fn apply(
    search: &mut Search<'_>,
    timetable: &mut Timetable<'_>,
    unplaced: &mut Vec<Meeting>,
    memory: &mut Memory,
    insertion: Insertion,
) {
    let Insertion { meeting, slot, ejected } = insertion;
    for one in ejected {
        let left = timetable.slot(one);
        let tenure = TENURE + search.chance.below(unplaced.len() + 8) as u64;
        memory.until[one as usize * search.problem.slots + left as usize] = memory.round + tenure;
        memory.ejections[one as usize] += 1;
        timetable.remove(one);
        unplaced.push(one);
    }
    timetable.place(meeting, slot);
    unplaced.retain(|one| *one != meeting);
}
