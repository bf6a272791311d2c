//! "As last time": a request of an earlier event, prefilled for another, with what no longer holds.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::RequestDetails;
use crate::{
    groups::GroupConflict,
    identifier::{GroupId, Handle, PersonId},
    schedule::clashes::Tier,
};

crate::words! {
    /// What a request made as last time has to be looked at for.
    #[schemars(rename = "SessionRequestHintKind")]
    pub enum HintKind {
        /// A group has ended. A joint group and a conflict are left out.
        GroupEnded = "group_ended",
        /// A person has no role in the groups of the request any more.
        PersonWithoutRole = "person_without_role",
        /// A group was made since, near this one: a conflict with it is suggested.
        NewGroup = "new_group",
        /// A conflict is left out, because it follows from who chairs.
        DerivedConflict = "derived_conflict",
        /// Times at which the group could not meet are left out.
        TimesLeftOut = "times_left_out",
        /// A wish about order is left out.
        RelationLeftOut = "relation_left_out",
    }
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SessionRequestHint")]
pub struct Hint {
    /// What it is.
    pub kind: HintKind,
    /// The group or person it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// The same in plain words.
    pub detail: String,
}

/// A request prefilled as last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SessionRequestCopy")]
pub struct Again {
    /// What to send, once it was looked through.
    pub request: RequestDetails,
    /// What no longer holds, and what is new.
    pub hints: Vec<Hint>,
}

/// What became of the world since last time.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The groups of the request that have ended.
    pub ended: HashSet<GroupId>,
    /// The persons of the request who still have a role in one of its groups.
    pub in_role: HashSet<PersonId>,
    /// Groups made since that are near the one that asks.
    pub made_since: Vec<GroupId>,
    /// Groups that have a chair in common with the one that asks.
    pub chaired_alike: HashSet<GroupId>,
}

impl RequestDetails {
    /// This as a new request for another event.
    pub fn again(self, known: &Known) -> Again {
        let mut hints = vec![];
        let mut say = |kind, id: Option<Uuid>, detail: &str| hints.push(Hint { kind, id, detail: detail.to_owned() });
        let ended = |group: &Handle| group.id().filter(|id| known.ended.contains(&GroupId(*id)));
        if let Some(id) = ended(&self.group_id) {
            say(HintKind::GroupEnded, Some(id), "The group that asked has ended. Ask for another one.");
        }
        let mut joint = self.joint_group_ids.clone();
        joint.retain(|group| match ended(group) {
            Some(id) => {
                say(HintKind::GroupEnded, Some(id), "A group that sat together with it has ended and is left out.");
                false
            }
            None => true,
        });
        let mut conflicts = self.conflicts().to_vec();
        conflicts.retain(|conflict| {
            let other = conflict.group_id.id();
            if let Some(id) = ended(&conflict.group_id) {
                say(HintKind::GroupEnded, Some(id), "A group in the list of conflicts has ended and is left out.");
                return false;
            }
            let derived = other.is_some_and(|id| known.chaired_alike.contains(&GroupId(id)));
            if derived {
                let detail = "A conflict is left out: both groups have a chair in common, which counts by itself.";
                say(HintKind::DerivedConflict, other, detail);
            }
            !derived
        });
        for person in self.required_person_ids.iter().filter(|person| !known.in_role.contains(person)) {
            let detail =
                "A required person has no role in these groups any more. Name somebody else, or leave them out.";
            say(HintKind::PersonWithoutRole, Some(person.0), detail);
        }
        let told = |group: &GroupId, list: &[GroupConflict]| {
            let named = |handle: &Handle| handle.id() == Some(group.0);
            named(&self.group_id) || joint.iter().any(named) || list.iter().any(|it| named(&it.group_id))
        };
        let new: Vec<GroupId> = known.made_since.iter().filter(|group| !told(group, &conflicts)).copied().collect();
        for group in new.into_iter().filter(|group| !known.chaired_alike.contains(group)) {
            let detail = "A group was made since. A conflict with it is suggested; leave it out where there is none.";
            say(HintKind::NewGroup, Some(group.0), detail);
            conflicts.push(GroupConflict { group_id: Handle::Id(group.0), tier: Tier::Topic });
        }
        if !self.cannot_meet.is_empty() {
            let detail = "The times at which the group could not meet were those of the other event. Say them anew.";
            say(HintKind::TimesLeftOut, None, detail);
        }
        if !self.relations.is_empty() {
            let detail = "The wishes about order were about sessions of the other event. Say them anew.";
            say(HintKind::RelationLeftOut, None, detail);
        }
        let request =
            Self { joint_group_ids: joint, conflicts: Some(conflicts), cannot_meet: vec![], relations: vec![], ..self };
        Again { request, hints }
    }
}
