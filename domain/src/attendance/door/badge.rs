//! A badge: what opens the doors of an event to one delegate.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::token::QrContent;
use crate::{
    Check, Violation,
    identifier::{DelegateId, EventId, Handle},
};

crate::words! {
    /// Whether a badge opens anything.
    #[derive(Default)]
    pub enum BadgeState {
        /// It does, for as long as its holder is approved.
        #[default]
        Valid = "valid",
        /// It was taken back, or another one was printed in its place.
        Revoked = "revoked",
        /// Its holder has lost it. Whoever shows it is not the holder.
        Lost = "lost",
    }
}

/// A badge that has ended does not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This badge has ended for good. Issue the delegate another one instead.")]
pub struct BadgeEnded;

impl BadgeState {
    /// The state after the badge was reported as `to`. A lost one can still be revoked; nothing becomes valid again.
    pub fn step(self, to: Self) -> Result<Self, BadgeEnded> {
        match (self, to) {
            (Self::Valid, Self::Revoked | Self::Lost) | (Self::Lost, Self::Revoked) => Ok(to),
            _ => Err(BadgeEnded),
        }
    }
}

/// The order to issue a badge to a delegate. An earlier one stops working.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BadgeOrder {
    /// The zones it opens, each as a word: `plenary`, `press`. None for all zones.
    #[serde(default)]
    #[schemars(length(max = 30), inner(regex(pattern = "^[a-z][a-z0-9_]{1,39}$")))]
    pub zones: Vec<String>,
}

impl BadgeOrder {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.require(self.zones.len() <= 30, "/zones", "too_many", "Name at most 30 zones.");
        for (at, zone) in self.zones.iter().enumerate() {
            let pointer = format!("/zones/{at}");
            check_zone(zone, &pointer, &mut check);
            check.require(!self.zones[..at].contains(zone), &pointer, "repeated", "Name every zone once.");
        }
        check.finish()
    }
}

/// Refuses what is no name of a zone.
pub(super) fn check_zone(zone: &str, pointer: &str, check: &mut Check) {
    let is_word = (2..=40).contains(&zone.len())
        && zone.starts_with(|c: char| c.is_ascii_lowercase())
        && zone.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let detail = "Write a zone as a word of 2 to 40 small letters, digits and '_', such as 'plenary'.";
    check.require(is_word, pointer, "invalid", detail);
}

/// The order to issue badges to all who are approved and have none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BadgesOrder {
    /// Only to this delegation, by its id or the code of its organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation_id: Option<Handle>,
    /// The zones they open, each as a word. None for all zones.
    #[serde(default)]
    #[schemars(length(max = 30), inner(regex(pattern = "^[a-z][a-z0-9_]{1,39}$")))]
    pub zones: Vec<String>,
}

impl BadgesOrder {
    /// What is ordered for each of them.
    pub fn each(&self) -> BadgeOrder {
        BadgeOrder { zones: self.zones.clone() }
    }
}

/// How many badges were issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BadgesIssued {
    /// How many. None of those who had a badge before.
    pub issued: u64,
    /// How many approved delegates are still without one: order again.
    pub remaining: u64,
}

/// A badge as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Badge {
    /// Its event.
    pub event_id: EventId,
    /// Its holder.
    pub delegate_id: DelegateId,
    /// The number printed on it, from 1, given once at the event. It stays with the seat: whoever comes in the place of
    /// the holder gets it.
    pub serial: i32,
    /// Which printing of that number it is, from 1. Only the last one works.
    pub printing: i32,
    /// Whether it opens anything.
    pub state: BadgeState,
    /// The zones it opens; none for all.
    pub zones: Vec<String>,
    /// When it was picked up for the delegation (UTC); left out while it lies at the desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<Timestamp>,
    /// What its QR code says, for its holder and for the secretariat of the event, while it is valid. Whoever has it
    /// has the badge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr: Option<QrContent>,
}

/// What became of a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BadgeTransition {
    /// `revoked` or `lost`. To make it valid again, issue another one.
    pub to: BadgeState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_that_has_ended_does_not_come_back() {
        use BadgeState::{Lost, Revoked, Valid};
        assert_eq!(Valid.step(Lost), Ok(Lost));
        assert_eq!(Valid.step(Revoked), Ok(Revoked));
        assert_eq!(Lost.step(Revoked), Ok(Revoked));
        for (from, to) in [(Valid, Valid), (Lost, Valid), (Revoked, Valid), (Revoked, Lost), (Lost, Lost)] {
            assert_eq!(from.step(to), Err(BadgeEnded), "{from} to {to}");
        }
    }

    #[test]
    fn zones_are_words_and_named_once() {
        let order = |zones: &[&str]| BadgeOrder { zones: zones.iter().map(|zone| (*zone).to_owned()).collect() };
        assert_eq!(order(&["plenary", "press"]).check(), Ok(()));
        let faults = order(&["plenary", "plenary", "Press!"]).check().unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(found, [("/zones/1", "repeated"), ("/zones/2", "invalid")]);
    }
}
