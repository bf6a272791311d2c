//! The tree that groups and their subgroups form.

use std::collections::{HashMap, HashSet};

use crate::identifier::GroupId;

/// Which group is part of which.
#[derive(Debug, Clone, Default)]
pub struct Tree(pub HashMap<GroupId, Option<GroupId>>);

impl Tree {
    /// Whether `group` may become a part of `parent`: not if it is that group itself or one that contains it.
    pub fn admits(&self, group: GroupId, parent: GroupId) -> bool {
        let mut above = HashSet::new();
        let mut next = Some(parent);
        while let Some(at) = next {
            // A circle that is there already must not keep us going round for ever.
            if at == group || !above.insert(at) {
                return false;
            }
            next = self.0.get(&at).copied().flatten();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_group_is_never_part_of_itself_or_of_its_own_parts() {
        let id = |n| GroupId(Uuid::from_u128(n));
        let tree = Tree(HashMap::from([(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2))), (id(4), None)]));
        assert!(!tree.admits(id(1), id(1)) && !tree.admits(id(1), id(2)) && !tree.admits(id(1), id(3)));
        assert!(tree.admits(id(3), id(1)) && tree.admits(id(1), id(4)) && tree.admits(id(4), id(3)));
    }

    #[test]
    fn a_circle_that_is_there_already_ends_the_walk() {
        let id = |n| GroupId(Uuid::from_u128(n));
        let broken = Tree(HashMap::from([(id(1), Some(id(2))), (id(2), Some(id(1)))]));
        assert!(!broken.admits(id(3), id(1)));
    }
}
