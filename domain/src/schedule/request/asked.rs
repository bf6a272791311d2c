//! What groups asked for, as the clash rules look at it.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::tz::TimeZone;

use super::RequestDetails;
use crate::{
    groups::GroupConflict,
    identifier::{GroupId, Handle, RequestId, SessionId},
    schedule::clashes::{Conflict, Relation, Span, Tier},
};

/// A request of which a session was made.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The request.
    pub id: RequestId,
    /// The session.
    pub session: SessionId,
    /// The group that asked.
    pub group: GroupId,
    /// What it asked for.
    pub details: RequestDetails,
}

/// What groups asked for and what follows from who chairs them, for the sessions of one event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Groups that had better not sit at the same time, each two once, in the gravest tier.
    pub conflicts: Vec<Conflict>,
    /// Which session comes before which.
    pub relations: Vec<Relation>,
    /// When the groups of sessions cannot meet.
    pub cannot_meet: HashMap<SessionId, Vec<Span>>,
}

impl Asked {
    /// That of these requests, of the lists that groups keep for all occasions, and of the groups that have a chair in
    /// common. What a group said of this event in its requests counts in the place of its list.
    pub fn of(
        granted: &[Granted],
        standing: &HashMap<GroupId, Vec<GroupConflict>>,
        chaired_alike: &[[GroupId; 2]],
        zone: &TimeZone,
    ) -> Self {
        let asking: HashSet<GroupId> = granted.iter().map(|request| request.group).collect();
        let requested = granted.iter().map(|request| (request.group, request.details.conflicts()));
        let kept = standing.iter().filter(|(group, _)| !asking.contains(group));
        let kept = kept.map(|(group, list)| (*group, list.as_slice()));
        let session_of: HashMap<RequestId, SessionId> =
            granted.iter().map(|request| (request.id, request.session)).collect();
        let cannot_meet = granted.iter().map(|request| (request.session, request.details.away(zone)));
        Self {
            conflicts: conflicts(requested.chain(kept), chaired_alike),
            relations: granted.iter().flat_map(|request| relations(request, &session_of)).collect(),
            cannot_meet: cannot_meet.filter(|(_, spans)| !spans.is_empty()).collect(),
        }
    }
}

fn conflicts<'a>(
    said: impl Iterator<Item = (GroupId, &'a [GroupConflict])>,
    chaired_alike: &[[GroupId; 2]],
) -> Vec<Conflict> {
    let declared = said.flat_map(|(group, list)| list.iter().map(move |other| (group, other)));
    let declared = declared.filter_map(|(group, other)| match other.group_id {
        Handle::Id(id) => Some(([group, GroupId(id)], other.tier)),
        Handle::Code(_) => None,
    });
    let derived = chaired_alike.iter().map(|groups| (*groups, Tier::Chair));
    let mut gravest: BTreeMap<[GroupId; 2], Tier> = BTreeMap::new();
    for (mut groups, tier) in declared.chain(derived).filter(|([one, other], _)| one != other) {
        groups.sort_unstable();
        let known = gravest.entry(groups).or_insert(tier);
        *known = tier.min(*known);
    }
    gravest.into_iter().map(|(groups, tier)| Conflict { groups, tier }).collect()
}

fn relations(request: &Granted, session_of: &HashMap<RequestId, SessionId>) -> Vec<Relation> {
    let wishes = request.details.relations.iter().filter_map(|wish| {
        let other = wish.session_id.or_else(|| session_of.get(&wish.request_id?).copied())?;
        (other != request.session).then(|| wish.relation.between(request.session, other))
    });
    wishes.collect()
}
