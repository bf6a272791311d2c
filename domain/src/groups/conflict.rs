//! Groups that had better not sit at the same time, as a group says it of itself once and for all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Check, Violation, identifier::Handle, schedule::clashes::Tier};

/// The most groups that one list names.
pub const MOST: usize = 100;

/// A group with which another does not want to sit at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupConflict {
    /// The other group.
    pub group_id: Handle,
    /// How badly.
    pub tier: Tier,
}

/// The groups with which a group never wants to sit at the same time: what its next request begins with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupConflicts {
    /// The groups, each once.
    #[schemars(length(max = 100))]
    pub conflicts: Vec<GroupConflict>,
}

/// The same as it is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroupConflictList {
    /// What the group said.
    pub conflicts: Vec<GroupConflict>,
    /// What follows from who chairs: groups that have a chair or co-chair in common with it now, as far as you may see
    /// them. They are looked at in any case and need not be said.
    pub derived: Vec<GroupConflict>,
}

impl GroupConflict {
    /// Everything that is wrong with `list`, which stands at `pointer` and is that of the groups of `own`.
    pub fn check_all(list: &[Self], own: &[&Handle], pointer: &str, check: &mut Check) {
        check.require(list.len() <= MOST, pointer, "too_many", format!("Name at most {MOST} groups."));
        for (at, conflict) in list.iter().enumerate() {
            let here = format!("{pointer}/{at}/group_id");
            if own.contains(&&conflict.group_id) {
                let detail =
                    "A group is in no conflict with itself, nor with a group it sits together with. Leave it out.";
                check.add(Violation::new(here, "own_group", detail));
            } else if list[..at].iter().any(|other| other.group_id == conflict.group_id) {
                check.add(Violation::new(here, "repeated", "Name every group once, in the gravest tier that fits."));
            }
        }
    }
}
