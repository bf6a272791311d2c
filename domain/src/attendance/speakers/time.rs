//! How long delegations had the floor.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Entry, Settings, SpeakerState};
use crate::{identifier::DelegationId, schedule::agenda::Period};

/// The time of all periods until `now`; what lies between them is not in it.
pub(super) fn used(periods: &[Period], now: Timestamp) -> SignedDuration {
    periods.iter().fold(SignedDuration::ZERO, |sum, period| sum.saturating_add(period.length(now)))
}

/// What a delegation had of the floor on an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SpeakingShare")]
pub struct Share {
    /// The delegation.
    pub delegation_id: DelegationId,
    /// How often it was given the floor.
    pub speeches: usize,
    /// How many of its entries wait.
    pub waiting: usize,
    /// How many seconds it had the floor until now, pauses left out.
    pub used_seconds: i64,
    /// How many are left of the time it has in all, extra time included; negative where it is over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_seconds: Option<i64>,
}

/// The shares of all delegations on a list, by their ids. `extra` is what everybody was given besides, in seconds.
pub fn shares(list: &[Entry], settings: &Settings, extra: i32, now: Timestamp) -> Vec<Share> {
    let mut shares: BTreeMap<DelegationId, (usize, usize, SignedDuration)> = BTreeMap::new();
    for (_, speaker) in list {
        let (speeches, waiting, time) = shares.entry(speaker.delegation_id).or_default();
        *speeches += usize::from(!speaker.periods.is_empty());
        *waiting += usize::from(speaker.state == SpeakerState::Waiting);
        *time = time.saturating_add(used(&speaker.periods, now));
    }
    let budget = settings.delegation_seconds.map(|seconds| i64::from(seconds) + i64::from(extra));
    let share = |(delegation_id, (speeches, waiting, time)): (DelegationId, (usize, usize, SignedDuration))| Share {
        delegation_id,
        speeches,
        waiting,
        used_seconds: time.as_secs(),
        left_seconds: budget.map(|budget| budget - time.as_secs()),
    };
    shares.into_iter().map(share).collect()
}
