//! The order to erase a person, and what was done.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Check, Violation,
    language::{check_line, search_key},
};

/// The order to erase a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureOrder {
    /// Why, for the audit log, where it stays for good: "Request of the person, file 17/2026". Without the name.
    #[schemars(length(min = 1, max = 500))]
    pub reason: String,
}

impl ErasureOrder {
    /// Everything that is wrong with it. `names` are the names and addresses of the person, of which the reason must
    /// hold none: it stays.
    pub fn check<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.reason, "/reason", 500));
        let reason = search_key(&self.reason);
        let told = names.into_iter().map(search_key).any(|name| !name.is_empty() && reason.contains(&name));
        check.require(
            !told,
            "/reason",
            "names_the_person",
            "The reason stays in the audit log. Say it without the name or address of the person.",
        );
        check.finish()
    }
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Erased {
    /// The person, of whom nothing but this number is left.
    pub person_id: Uuid,
    /// When (UTC).
    pub erased_at: Timestamp,
    /// How many rows of each table were blanked or deleted.
    pub rows: BTreeMap<&'static str, u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_that_names_the_person_would_undo_the_erasure() {
        let order = |reason: &str| ErasureOrder { reason: reason.to_owned() };
        let names = ["Jana Dvořáková", "jana@police.example", ""];
        assert_eq!(order("Request of 3 May, file 17").check(names), Ok(()));
        for told in ["Request of jana dvorakova", "Mail from JANA@police.example"] {
            assert_eq!(order(told).check(names).unwrap_err()[0].code, "names_the_person", "{told}");
        }
        assert_eq!(order(" ").check(names).unwrap_err()[0].code, "blank");
    }
}
