//! The order of items: each before those below it, siblings by rank.

use std::collections::{BTreeMap, HashMap};

use crate::identifier::AgendaItemId;

/// Where an item hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// The item.
    pub id: AgendaItemId,
    /// The one above it.
    pub parent: Option<AgendaItemId>,
    /// Orders it among its siblings; ties are broken by age.
    pub rank: i32,
}

/// An item met on the way through the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The item.
    pub id: AgendaItemId,
    /// The one above it.
    pub parent: Option<AgendaItemId>,
    /// How many are above it.
    pub depth: usize,
    /// Which it is among its siblings here, from 1.
    pub position: usize,
}

/// The way through the tree. What hangs on nothing that is here is left out.
pub fn walk(branches: &[Branch]) -> Vec<Stop> {
    let mut below: BTreeMap<Option<AgendaItemId>, Vec<(i32, AgendaItemId)>> = BTreeMap::new();
    for branch in branches {
        below.entry(branch.parent).or_default().push((branch.rank, branch.id));
    }
    below.values_mut().for_each(|siblings| siblings.sort_unstable());
    let on = |parent, depth| {
        let siblings = below.get(&parent).map(Vec::as_slice).unwrap_or_default().iter().enumerate();
        siblings.rev().map(move |(at, (_, id))| Stop { id: *id, parent, depth, position: at + 1 })
    };
    let (mut ahead, mut way): (Vec<Stop>, Vec<Stop>) = (on(None, 0).collect(), vec![]);
    while let Some(stop) = ahead.pop() {
        ahead.extend(on(Some(stop.id), stop.depth + 1));
        way.push(stop);
    }
    way
}

/// Whether `item` would hang below itself if it hung on `parent`.
pub fn would_circle(branches: &[Branch], item: AgendaItemId, parent: AgendaItemId) -> bool {
    let above: HashMap<_, _> = branches.iter().map(|branch| (branch.id, branch.parent)).collect();
    let mut next = Some(parent);
    // As many steps as there are items lead to the top, or round in a circle that was there before.
    for _ in 0..=branches.len() {
        match next {
            Some(at) if at == item => return true,
            Some(at) => next = above.get(&at).copied().flatten(),
            None => return false,
        }
    }
    true
}
