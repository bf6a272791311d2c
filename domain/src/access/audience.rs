//! The chosen few that an object is for, where no circle says it.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::Visibility;
use crate::{Check, identifier::Handle};

/// Organisations or persons an object may be for at most.
pub const MOST: usize = 200;

/// Which organisations or persons an object is for. It is made of their ids, so it means the same people for ever: what
/// is kept beside a change still says who could see the object then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudienceId(pub Uuid);

impl AudienceId {
    /// That of these members, in whatever order, once they are named by id; none where nobody is named.
    pub fn of(members: &[Handle]) -> Option<Self> {
        let mut ids: Vec<_> = members.iter().filter_map(Handle::id).collect();
        ids.sort_unstable();
        ids.dedup();
        let hash: [u8; 32] = ids.iter().fold(Sha256::new(), |hash, id| hash.chain_update(id)).finalize().into();
        let (start, _) = hash.split_first_chunk::<16>()?;
        (!ids.is_empty()).then(|| Self(Builder::from_custom_bytes(*start).into_uuid()))
    }
}

/// Refuses an audience that does not fit who may see the object.
pub fn check(visibility: Visibility, members: &[Handle], check: &mut Check) {
    let (least, most, who) = match visibility {
        Visibility::Parties => (2, MOST, "the organisations that are parties, two at least"),
        Visibility::OwnDelegation => (1, 1, "the one organisation whose delegation may see it"),
        Visibility::Named => (1, MOST, "the persons who may see it"),
        _ => {
            let detail = format!("What is seen by '{visibility}' names nobody. Leave it out, or choose another level.");
            check.require(members.is_empty(), "/audience_ids", "nobody_to_name", detail);
            return;
        }
    };
    let detail = format!("With the visibility '{visibility}', name {who}, and at most {most}.");
    check.require((least..=most).contains(&members.len()), "/audience_ids", "does_not_fit_visibility", detail);
    let repeated = members.iter().enumerate().any(|(at, member)| members[..at].contains(member));
    check.require(!repeated, "/audience_ids", "repeated", "Name each once.");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(n: u128) -> Handle {
        Handle::Id(Uuid::from_u128(n))
    }

    #[test]
    fn an_audience_is_known_by_its_members_alone() {
        assert_eq!(AudienceId::of(&[]), None);
        assert_eq!(AudienceId::of(&[handle(1), handle(2)]), AudienceId::of(&[handle(2), handle(1), handle(2)]));
        assert_ne!(AudienceId::of(&[handle(1)]), AudienceId::of(&[handle(1), handle(2)]));
    }

    #[test]
    fn the_few_are_named_where_they_are_meant_and_nowhere_else() {
        let fits = |visibility, members: &[Handle]| {
            let mut found = Check::new();
            check(visibility, members, &mut found);
            found.finish().is_ok()
        };
        let two = [handle(1), handle(2)];
        for visibility in Visibility::ALL.iter().copied() {
            let few = visibility.names_few();
            assert_eq!(fits(visibility, &[]), !few, "{visibility}");
            assert_eq!(fits(visibility, &two[..1]), few && visibility != Visibility::Parties, "{visibility}");
            assert_eq!(fits(visibility, &two), few && visibility != Visibility::OwnDelegation, "{visibility}");
            assert!(!fits(visibility, &[handle(1), handle(1)]), "{visibility}");
        }
    }
}
