//! Ids that objects have in partner systems, so that a partner can synchronise without a mapping table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Check, Violation, language::check_line};

/// The id of an object in a partner system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalId {
    /// The partner system, such as `accreditation`.
    #[schemars(length(min = 1, max = 64))]
    pub system: String,
    /// The id it has there.
    #[schemars(length(min = 1, max = 200))]
    pub id: String,
}

impl ExternalId {
    /// Makes this one of `ids`, in place of another of the same system.
    ///
    /// # Errors
    /// What is wrong with `ids` as they were sent: also what would have been replaced.
    pub fn claim(&self, ids: &mut Vec<ExternalId>) -> Result<(), Vec<Violation>> {
        let mut sent = Check::new();
        check(ids, &mut sent);
        sent.finish()?;
        if !ids.contains(self) {
            ids.retain(|other| other.system != self.system);
            ids.push(self.clone());
        }
        Ok(())
    }
}

/// At most twenty, one per system, none blank.
pub fn check(ids: &[ExternalId], check: &mut Check) {
    check.require(ids.len() <= 20, "/external_ids", "too_many", "Give at most 20 external ids.");
    for (at, external) in ids.iter().enumerate() {
        check.take(check_line(&external.system, &format!("/external_ids/{at}/system"), 64));
        check.take(check_line(&external.id, &format!("/external_ids/{at}/id"), 200));
        let repeated = ids[..at].iter().any(|other| other.system == external.system);
        check.require(!repeated, &format!("/external_ids/{at}/system"), "repeated", "Give one id per partner system.");
    }
}
