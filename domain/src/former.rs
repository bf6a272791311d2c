//! Names of the past, of persons and of organisations alike: which held when, and what becomes of one that is replaced.

use jiff::Timestamp;

use crate::moment::Moment;

/// Former names that are kept of one object.
pub(crate) const MOST: usize = 20;

/// Something that was the name until an instant.
pub(crate) trait Former: Clone + PartialEq {
    /// First instant at which it no longer was.
    fn until(&self) -> Moment;
}

/// The former name that held at `at`; none where today's did.
pub(crate) fn held_at<F: Former>(former: &[F], at: Timestamp) -> Option<&F> {
    former.iter().filter(|name| at < name.until().0).min_by_key(|name| name.until())
}

/// The former names to be kept: those the caller states, or else those there were and the one that is `replaced`.
pub(crate) fn kept<F: Former>(stated: Option<Vec<F>>, before: Option<&Vec<F>>, replaced: Option<F>) -> Option<Vec<F>> {
    if stated.is_some() && stated.as_ref() != before {
        return stated;
    }
    let mut former: Vec<F> = before.into_iter().flatten().cloned().chain(replaced).collect();
    let surplus = former.len().saturating_sub(MOST);
    former.drain(..surplus);
    (!former.is_empty()).then_some(former)
}
