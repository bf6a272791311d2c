//! Spans of time, and what is left of one when others are laid over it.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schedule::Slot;

/// A span of time: half-open, so that touching is not overlapping, and never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ClashSpan")]
pub struct Span {
    /// Its first instant.
    pub starts_at: Timestamp,
    /// The first instant after it.
    pub ends_at: Timestamp,
}

impl Span {
    /// From the one instant to the other; `None` where nothing lies between them.
    pub fn new(starts_at: Timestamp, ends_at: Timestamp) -> Option<Self> {
        (starts_at < ends_at).then_some(Self { starts_at, ends_at })
    }

    /// What both have in common.
    pub fn shared(self, other: Self) -> Option<Self> {
        Self::new(self.starts_at.max(other.starts_at), self.ends_at.min(other.ends_at))
    }

    /// Its length.
    pub fn length(self) -> SignedDuration {
        self.ends_at.duration_since(self.starts_at)
    }

    /// Its length in whole minutes.
    pub fn minutes(self) -> i64 {
        self.length().as_mins()
    }
}

impl From<Slot> for Span {
    fn from(slot: Slot) -> Self {
        Self { starts_at: slot.starts_at, ends_at: slot.ends_at }
    }
}

/// Any number of spans as one set of instants: sorted, and never touching each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Spans(Vec<Span>);

impl FromIterator<Span> for Spans {
    fn from_iter<T: IntoIterator<Item = Span>>(spans: T) -> Self {
        let mut sorted: Vec<Span> = spans.into_iter().collect();
        sorted.sort_unstable();
        let mut merged: Vec<Span> = Vec::with_capacity(sorted.len());
        for span in sorted {
            match merged.last_mut() {
                Some(last) if span.starts_at <= last.ends_at => last.ends_at = last.ends_at.max(span.ends_at),
                _ => merged.push(span),
            }
        }
        Self(merged)
    }
}

impl Spans {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The parts of `span` that lie in them.
    pub(crate) fn within(&self, span: Span) -> Vec<Span> {
        let first = self.0.partition_point(|own| own.ends_at <= span.starts_at);
        self.0[first..].iter().map_while(|own| own.shared(span)).collect()
    }

    /// The parts of `span` that lie outside them.
    pub(super) fn outside(&self, span: Span) -> Vec<Span> {
        let (mut parts, mut from) = (Vec::new(), span.starts_at);
        for covered in self.within(span) {
            parts.extend(Span::new(from, covered.starts_at));
            from = covered.ends_at;
        }
        parts.extend(Span::new(from, span.ends_at));
        parts
    }
}
