//! When two findings are the same clash.
//!
//! A waiver is for one clash and dies when that becomes another. A clash is the same while rule, subjects (with the
//! sessions involved) and params are the same, and so is its place in time:
//!
//! - what sessions have among themselves counts relative to them: the length of what they share, and how far into
//!   each session that begins, or the gap between them and which comes first. So they may move together, and what one
//!   does not share with the others may grow, but a quarter of an hour's move of one of them alone is another clash;
//! - what a session has with something that does not move (a closed room, a holiday, somebody's absence) counts by the
//!   instants in which they meet;
//! - what has nothing to do with time (a room too small, a missing booth) stays the same wherever the session goes.
//!
//! The severity does not count, nor does anything of any other session. Params are hashed as their JSON, so a param
//! renamed or added there ends the waivers of its rule.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

use super::{Params, Rule, Span, Subject, snapshot::Session, sweep::Placed};

/// The first half of a SHA-256 over what makes a clash this clash, as 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "ClashFingerprint")]
pub struct Fingerprint(#[schemars(regex(pattern = "^[0-9a-f]{32}$"))] pub String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Fingerprint {
    /// Of a clash of these subjects, sorted, at this place in time.
    pub(super) fn of(rule: Rule, subjects: &[Subject], params: &Params, place: &Place) -> Self {
        let mut hash = Sha256::new();
        hash.update(rule.as_str());
        for subject in subjects {
            let (kind, id) = match subject {
                Subject::Session(id) => (1, id.0),
                Subject::Room(id) => (2, id.0),
                Subject::Person(id) => (3, id.0),
                Subject::Delegation(id) => (4, id.0),
                Subject::Group(id) => (5, id.0),
                Subject::AnotherCommitment => (6, uuid::Uuid::nil()),
            };
            hash.update([0, kind]);
            hash.update(id.as_bytes());
        }
        for number in &place.0 {
            hash.update(number.to_be_bytes());
        }
        // Params have no maps with other keys than words and no floats: they can always be written.
        hash.update(serde_json::to_vec(params).unwrap_or_default());
        let digits = "0123456789abcdef".as_bytes();
        let hash = hash.finalize();
        let hex = hash[..16].iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| digits[half as usize]);
        Self(hex.map(char::from).collect())
    }
}

/// Where a clash lies in time, as far as that makes it this clash. In seconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Place(Vec<i64>);

impl Place {
    /// Wherever its sessions go.
    pub(super) fn anywhere() -> Self {
        Self::default()
    }

    /// At these instants.
    pub(super) fn fixed(spans: &[Span]) -> Self {
        Self(spans.iter().flat_map(|span| [span.starts_at.as_second(), span.ends_at.as_second()]).collect())
    }

    /// Where `sessions`, sorted by id, share `shared`.
    pub(super) fn shared(shared: Span, sessions: &[&Session]) -> Self {
        let into = |session: &&Session| {
            let begun = session.slot.map_or(shared.starts_at, |slot| slot.starts_at);
            shared.starts_at.duration_since(begun).as_secs()
        };
        Self(std::iter::once(shared.length().as_secs()).chain(sessions.iter().map(into)).collect())
    }

    /// Between two sessions that do not overlap: the gap, and whether the one with the lower id comes first.
    pub(super) fn between(earlier: Placed<'_>, later: Placed<'_>) -> Self {
        let gap = later.slot.starts_at.duration_since(earlier.slot.ends_at).as_secs();
        Self(vec![gap, i64::from(earlier.session.id < later.session.id)])
    }

    /// How the starts and ends of several sessions, sorted by id, lie to the start of the first of them.
    pub(super) fn spread(placed: &[Placed<'_>]) -> Self {
        let Some(first) = placed.first().map(|one| one.slot.starts_at) else { return Self::default() };
        let from_first = |at: Timestamp| at.duration_since(first).as_secs();
        Self(placed.iter().flat_map(|one| [from_first(one.slot.starts_at), from_first(one.slot.ends_at)]).collect())
    }
}
