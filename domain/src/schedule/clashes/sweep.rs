//! Finding what overlaps: sort by start, then walk along.

use jiff::SignedDuration;

use super::{Span, snapshot::Session};

/// A session that has a slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    /// The session.
    pub(super) session: &'a Session,
    /// Its slot.
    pub(super) slot: Span,
}

impl<'a> Placed<'a> {
    /// The session, if it has a slot.
    pub(super) fn of(session: &'a Session) -> Option<Self> {
        session.slot.map(|slot| Self { session, slot })
    }
}

/// Calls `found` with every two of `placed`, sorted by start, of which the later begins before the earlier is over, or
/// less than `reach` after that. The walk ends at the first that is too far, so the cost is that of what is found.
pub(super) fn close_pairs<'a>(
    placed: &[Placed<'a>],
    reach: SignedDuration,
    mut found: impl FnMut(Placed<'a>, Placed<'a>),
) {
    for (at, earlier) in placed.iter().enumerate() {
        let near = |later: &&Placed<'a>| later.slot.starts_at.duration_since(earlier.slot.ends_at) < reach;
        placed[at + 1..].iter().take_while(near).for_each(|later| found(*earlier, *later));
    }
}

/// Every largest set of more than `limit` of `placed` that go on at the same instant, each going on for `longer` than
/// its slot. Largest: no further session goes on at all instants that its members share. Members are sorted by start.
pub(super) fn crowds<'a>(placed: &[Placed<'a>], limit: usize, longer: SignedDuration) -> Vec<Vec<Placed<'a>>> {
    let end = |placed: &Placed<'a>| placed.slot.ends_at.saturating_add(longer).unwrap_or(placed.slot.ends_at);
    let (mut crowds, mut going): (Vec<Vec<Placed<'a>>>, Vec<Placed<'a>>) = (Vec::new(), Vec::new());
    for next in placed {
        // Only when somebody leaves after somebody has come is what was there a largest set.
        if going.iter().any(|one| end(one) <= next.slot.starts_at) {
            if going.len() > limit {
                crowds.push(going.clone());
            }
            going.retain(|one| end(one) > next.slot.starts_at);
        }
        going.push(*next);
    }
    if going.len() > limit {
        crowds.push(going);
    }
    crowds
}
