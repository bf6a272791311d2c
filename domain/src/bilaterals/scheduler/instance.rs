//! What a timetable is made for, as it is written down: the JSON form `meet/1`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Check, Violation};

/// The most slots, delegations, persons, resources and meetings that are taken; more would want more memory than a
/// server can spare.
const MOST: Limits = Limits { slots: 1_000, in_block: 128, parties: 20_000, meetings: 100_000, cells: 20_000_000 };

struct Limits {
    slots: usize,
    in_block: usize,
    parties: usize,
    meetings: usize,
    /// Slots times whatever has a row of them.
    cells: usize,
}

/// Everything a timetable is made of. Slots, delegations, persons, resources and meetings are known by their place in
/// their list, counted from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// When meetings can be, in order of time.
    pub slots: Vec<Slot>,
    /// How many meetings there can be at the same time.
    pub tables: usize,
    /// Who meets.
    pub delegations: Vec<Delegation>,
    /// Who is needed by name.
    #[serde(default)]
    pub persons: Vec<Person>,
    /// What is shared by few meetings at a time, such as the interpreters of a pair of languages.
    #[serde(default)]
    pub resources: Vec<Resource>,
    /// What is asked for.
    pub meetings: Vec<Meeting>,
    /// By how many breaks two delegations may differ at most; none where it does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_break_difference: Option<usize>,
}

/// A time at which there are meetings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The half day it belongs to. Waiting from one half day to the next is no break.
    pub block: usize,
}

/// One of those who meet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// The slots in which it is away.
    #[serde(default)]
    pub absent: Vec<usize>,
    /// The slots in which it is engaged elsewhere.
    #[serde(default)]
    pub busy: Vec<usize>,
}

/// Somebody who cannot be in two places.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The slots in which they cannot come.
    #[serde(default)]
    pub absent: Vec<usize>,
}

/// Something a meeting needs beside a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// How many meetings can have it at the same time.
    pub capacity: usize,
}

/// A meeting that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// The delegations that meet, two or more.
    pub parties: Vec<usize>,
    /// How much it matters that it has a place.
    pub weight: u32,
    /// Whether a timetable without it is none.
    #[serde(default)]
    pub mandatory: bool,
    /// The slots it may have; all where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slots: Option<Vec<usize>>,
    /// The slot it has and keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_slot: Option<usize>,
    /// The meetings that have to be over before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<usize>,
    /// The persons it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<usize>,
    /// The resources it needs, one of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<usize>,
}

impl Instance {
    /// Every fault of it: what names something that is not there, and what is too large.
    ///
    /// # Errors
    ///
    /// The faults, if there are any.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        self.check_size(&mut check);
        check.finish()?;
        let mut check = Check::new();
        for (place, delegation) in self.delegations.iter().enumerate() {
            self.check_slots(&mut check, &format!("/delegations/{place}/absent"), &delegation.absent);
            self.check_slots(&mut check, &format!("/delegations/{place}/busy"), &delegation.busy);
        }
        for (place, person) in self.persons.iter().enumerate() {
            self.check_slots(&mut check, &format!("/persons/{place}/absent"), &person.absent);
        }
        for (place, meeting) in self.meetings.iter().enumerate() {
            self.check_meeting(&mut check, &format!("/meetings/{place}"), meeting);
        }
        check.finish()
    }

    fn check_size(&self, check: &mut Check) {
        let rows = self.delegations.len() + self.persons.len() + self.resources.len();
        let cells = self.slots.len().saturating_mul(rows + self.meetings.len());
        let few = |check: &mut Check, pointer: &str, count: usize, most: usize| {
            check.require(count <= most, pointer, "too_many", format!("there are {count}; at most {most} are taken"));
        };
        few(check, "/slots", self.slots.len(), MOST.slots);
        few(check, "/delegations", rows, MOST.parties);
        few(check, "/meetings", self.meetings.len(), MOST.meetings);
        few(check, "/slots", cells, MOST.cells);
        for (place, slot) in self.slots.iter().enumerate() {
            let fits = slot.block < MOST.slots;
            check.require(fits, &format!("/slots/{place}/block"), "out_of_range", "number the blocks from 0");
        }
        let mut in_block = BTreeMap::new();
        self.slots.iter().for_each(|slot| *in_block.entry(slot.block).or_insert(0) += 1);
        let longest = in_block.into_values().max().unwrap_or(0);
        let detail = format!("a block has {longest} slots; make blocks of at most {}", MOST.in_block);
        check.require(longest <= MOST.in_block, "/slots", "too_many", detail);
    }

    fn check_meeting(&self, check: &mut Check, pointer: &str, meeting: &Meeting) {
        let at = |member: &str| format!("{pointer}/{member}");
        let parties = &meeting.parties;
        check.require(parties.len() >= 2, &at("parties"), "too_few", "name two delegations or more");
        known(check, &at("parties"), parties, self.delegations.len(), "delegation");
        known(check, &at("persons"), &meeting.persons, self.persons.len(), "person");
        known(check, &at("resources"), &meeting.resources, self.resources.len(), "resource");
        known(check, &at("after"), &meeting.after, self.meetings.len(), "meeting");
        self.check_slots(check, &at("slots"), meeting.slots.as_deref().unwrap_or_default());
        self.check_slots(check, &at("locked_slot"), meeting.locked_slot.as_slice());
    }

    fn check_slots(&self, check: &mut Check, pointer: &str, slots: &[usize]) {
        let wrong = slots.iter().find(|slot| **slot >= self.slots.len());
        check.require(wrong.is_none(), pointer, "unknown", unknown("slot", wrong, self.slots.len()));
    }
}

/// Each of `named` is one of `count`, and none is named twice.
fn known(check: &mut Check, pointer: &str, named: &[usize], count: usize, what: &str) {
    let wrong = named.iter().find(|place| **place >= count);
    check.require(wrong.is_none(), pointer, "unknown", unknown(what, wrong, count));
    let distinct: BTreeSet<&usize> = named.iter().collect();
    check.require(distinct.len() == named.len(), pointer, "twice", format!("name each {what} once"));
}

fn unknown(what: &str, wrong: Option<&usize>, count: usize) -> String {
    wrong.map_or_else(String::new, |wrong| format!("there is no {what} {wrong}: there are {count}, counted from 0"))
}
