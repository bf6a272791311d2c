//! The order of a list: points of order, then statements on behalf of groups, then statements, then rights of reply; each
//! of these queues by rank. What comes in goes where the list says; what the chair moves stays where it was put.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Entry, Kind, Order, Refusal, Speaker, SpeakerState};
use crate::identifier::SpeakerId;

/// Where an entry is moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SpeakerMove")]
pub struct Spot {
    /// Which it is to be among those that wait for the same kind of speech, from 1; beyond the last it comes last.
    #[schemars(range(min = 1, max = 10000))]
    pub position: u16,
}

/// How lots are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "SpeakersDraw")]
pub struct Lots {
    /// Whether higher levels come first, so that lots decide among those of one level only.
    pub by_level: bool,
}

/// Those that wait, in the order in which they have the floor.
pub fn in_order(list: &[Entry]) -> Vec<SpeakerId> {
    let waiting = list.iter().filter(|(_, speaker)| speaker.state == SpeakerState::Waiting);
    let mut waiting: Vec<_> = waiting.map(|(id, speaker)| (speaker.kind, speaker.rank, *id)).collect();
    waiting.sort_unstable();
    waiting.into_iter().map(|(_, _, id)| id).collect()
}

/// Those of one kind that wait, in their order.
fn queue(list: &[Entry], kind: Kind) -> Vec<&Entry> {
    let mut queue: Vec<_> =
        list.iter().filter(|(_, other)| other.state == SpeakerState::Waiting && other.kind == kind).collect();
    queue.sort_unstable_by_key(|(id, speaker)| (speaker.rank, *id));
    queue
}

/// The rank behind all of this kind.
pub(super) fn last_rank(list: &[Entry], kind: Kind) -> i32 {
    let ranks = list.iter().filter(|(_, other)| other.kind == kind).map(|(_, other)| other.rank);
    ranks.max().map_or(0, |last| last.saturating_add(1))
}

/// Those of a queue that change when it is in this order.
fn ranked(order: &[&Entry]) -> Vec<Entry> {
    let ranks = order.iter().zip(0..);
    let changed = ranks.filter(|((_, speaker), rank)| speaker.rank != *rank);
    changed.map(|((id, speaker), rank)| (*id, Speaker { rank, ..speaker.clone() })).collect()
}

/// A new entry in its place on the list, and those that make room for it. By level it comes before the first that waits
/// at a lower one; otherwise, and once lots were drawn, it comes last.
pub fn queued(list: &[Entry], speaker: Speaker, order: Order) -> (Speaker, Vec<Entry>) {
    let queue = queue(list, speaker.kind);
    let drawn = queue.iter().any(|(_, other)| other.lot.is_some());
    let by_level = order == Order::Level && speaker.kind == Kind::Statement && !drawn;
    let at = queue.iter().position(|(_, other)| by_level && other.level > speaker.level);
    let Some(at) = at else {
        let rank = last_rank(list, speaker.kind);
        return (Speaker { rank, ..speaker }, vec![]);
    };
    let rank = queue[at].1.rank;
    let behind = queue[at..].iter();
    let shifted = behind.map(|(id, other)| (*id, Speaker { rank: other.rank.saturating_add(1), ..other.clone() }));
    (Speaker { rank, ..speaker }, shifted.collect())
}

/// An entry moved among those of its kind; gives those that change.
pub fn moved(list: &[Entry], id: SpeakerId, spot: Spot) -> Result<Vec<Entry>, Refusal> {
    let kind = list.iter().find(|(other, _)| *other == id).map(|(_, speaker)| speaker.kind);
    let mut queue = queue(list, kind.unwrap_or_default());
    let at = queue.iter().position(|(other, _)| *other == id).ok_or(Refusal::OtherQueue)?;
    let own = queue.remove(at);
    queue.insert(usize::from(spot.position).saturating_sub(1).min(queue.len()), own);
    Ok(ranked(&queue))
}

/// Two entries that wait for the same in each other's place.
pub fn swapped(list: &[Entry], [one, other]: [SpeakerId; 2]) -> Result<Vec<Entry>, Refusal> {
    let waiting = |id| {
        let found = list.iter().find(|(entry, _)| *entry == id);
        found.filter(|(_, speaker)| speaker.state == SpeakerState::Waiting).ok_or(Refusal::OtherQueue)
    };
    let (first, second) = (&waiting(one)?.1, &waiting(other)?.1);
    if first.kind != second.kind || one == other {
        return Err(Refusal::OtherQueue);
    }
    let exchanged = |speaker: &Speaker, with: &Speaker| Speaker { rank: with.rank, ..speaker.clone() };
    Ok(vec![(one, exchanged(first, second)), (other, exchanged(second, first))])
}

/// The statements that wait in the order of lots: those of SHA-256 of `seed` and the id, smallest first. With the seed
/// anybody can draw them again.
pub fn drawn(list: &[Entry], seed: &[u8], lots: Lots) -> Result<Vec<Entry>, Refusal> {
    let mut queue = queue(list, Kind::Statement);
    if queue.is_empty() {
        return Err(Refusal::NothingToDraw);
    }
    let lot = |id: &SpeakerId| <[u8; 32]>::from(Sha256::new().chain_update(seed).chain_update(id.0).finalize());
    queue.sort_by_cached_key(|(id, speaker)| (lots.by_level.then_some(speaker.level), lot(id)));
    let placed = queue.into_iter().zip(0..);
    Ok(placed.map(|((id, speaker), rank)| (*id, Speaker { rank, lot: Some(rank + 1), ..speaker.clone() })).collect())
}
