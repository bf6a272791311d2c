//! Ids that objects have in partner systems, so that a partner can synchronise without a mapping table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Check, Violation, language::check_line};

/// What can stand in one segment of an address without another program reading it as something else: the object is
/// found at `by-external/{system}/{id}`.
pub const SEGMENT: &str =
    r"^(?!\.{1,2}$)[^\u0000-\u001f\u007f-\u009f\\]*[^\s\u0000-\u001f\u007f-\u009f\\][^\u0000-\u001f\u007f-\u009f\\]*$";

/// The id of an object in a partner system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalId {
    /// The partner system, such as `accreditation`.
    #[schemars(length(min = 1, max = 64), regex(pattern = SEGMENT))]
    pub system: String,
    /// The id it has there.
    #[schemars(length(min = 1, max = 200), regex(pattern = SEGMENT))]
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
        check.take(check_segment(&external.system, &format!("/external_ids/{at}/system"), 64));
        check.take(check_segment(&external.id, &format!("/external_ids/{at}/id"), 200));
        let repeated = ids[..at].iter().any(|other| other.system == external.system);
        check.require(!repeated, &format!("/external_ids/{at}/system"), "repeated", "Give one id per partner system.");
    }
}

/// A value as [`SEGMENT`] describes it, not longer than `longest` characters.
fn check_segment(value: &str, pointer: &str, longest: usize) -> Result<(), Violation> {
    check_line(value, pointer, longest)?;
    if matches!(value, "." | "..") || value.contains(|c: char| c == '\\' || c.is_control()) {
        let detail =
            "It stands in addresses: leave out backslashes and control characters, and do not call it '.' or '..'.";
        return Err(Violation::new(pointer, "not_addressable", detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_id_can_stand_in_an_address() {
        let faults = |id: &str| {
            let mut found = Check::new();
            check(&[ExternalId { system: "accreditation".into(), id: id.into() }], &mut found);
            found.finish().err().unwrap_or_default().into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        for id in ["4711", "A/4711", "Ünal 3", "...", "a.b"] {
            assert!(faults(id).is_empty(), "{id:?}");
        }
        for id in [".", "..", "A\\4711", "A\n4711", "A\t4711"] {
            assert_eq!(faults(id), ["not_addressable"], "{id:?}");
        }
        assert_eq!(faults("  "), ["blank"]);
        assert_eq!(faults("A\u{0}"), ["control_character"]);
    }
}
