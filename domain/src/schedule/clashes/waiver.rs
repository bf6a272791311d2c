//! Taking a clash upon oneself.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

use super::{Finding, Fingerprint, Severity};
use crate::{Check, Violation, language::check_line, moment::Moment};

/// Somebody has taken one clash upon themselves. It is for that clash alone: what has another fingerprint is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ClashWaiver")]
pub struct Waiver {
    /// The clash.
    pub fingerprint: Fingerprint,
    /// Why, in plain words.
    pub reason: String,
    /// Who, by name.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
    /// The first instant at which it no longer holds; `None` while the clash is the same.
    pub until: Option<Timestamp>,
}

impl Waiver {
    /// Whether it holds at `now`.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.at <= now && self.until.is_none_or(|until| now < until)
    }
}

/// Findings by whether somebody has taken them upon themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorted<'a> {
    /// Those nobody has.
    pub standing: Vec<Finding>,
    /// Those somebody has, each with the waiver that holds longest.
    pub waived: Vec<(Finding, &'a Waiver)>,
}

impl<'a> Sorted<'a> {
    /// Sorts `findings` as they stand at `now`. What may not be waived stands whatever anybody says.
    pub fn at(now: Timestamp, findings: Vec<Finding>, waivers: &'a [Waiver]) -> Self {
        let mut holding: HashMap<&Fingerprint, &Waiver> = HashMap::new();
        for waiver in waivers.iter().filter(|waiver| waiver.holds_at(now)) {
            let longest = holding.entry(&waiver.fingerprint).or_insert(waiver);
            let lasts = |waiver: &Waiver| waiver.until.unwrap_or(Timestamp::MAX);
            if lasts(waiver) > lasts(longest) {
                *longest = waiver;
            }
        }
        let mut sorted = Self { standing: Vec::new(), waived: Vec::new() };
        for finding in findings {
            match holding.get(&finding.fingerprint).filter(|_| finding.rule.is_waivable()) {
                Some(waiver) => sorted.waived.push((finding, waiver)),
                None => sorted.standing.push(finding),
            }
        }
        sorted
    }

    /// What keeps the programme from being released.
    pub fn blocks_release(&self) -> impl Iterator<Item = &Finding> {
        self.standing.iter().filter(|finding| finding.severity <= Severity::BlockRelease)
    }

    /// What keeps an edit from being made: given the findings an edit opened.
    pub fn blocks_edit(&self) -> impl Iterator<Item = &Finding> {
        self.standing.iter().filter(|finding| finding.severity == Severity::BlockEdit)
    }
}

/// What is said when somebody takes a clash upon themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewClashWaiver")]
pub struct NewWaiver {
    /// The clash.
    pub fingerprint: Fingerprint,
    /// Why, in plain words.
    #[schemars(length(min = 1, max = 500))]
    pub reason: String,
    /// The first instant at which it no longer holds. Left out, while the clash is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl NewWaiver {
    /// Everything that is wrong with it at `now`.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.reason, "/reason", 500));
        check.require(
            self.until.is_none_or(|until| until.0 > now),
            "/until",
            "in_the_past",
            "Give a time to come, or leave it out.",
        );
        check.finish()
    }
}
