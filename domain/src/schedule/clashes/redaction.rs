//! What a reader may know of a finding.
//!
//! Of a session they may not see they learn that there is another commitment, and when it meets what they do see: busy,
//! and no more. Its id, its other subjects, its times beyond that and all params are gone, and the fingerprint is one
//! of what is left, so that nobody can try ids against it. Where the rule alone would say whose session that is, there
//! is no finding.

use super::{Finding, Fingerprint, Params, Rule, Subject, fingerprint::Place};
use crate::identifier::SessionId;

impl Finding {
    /// The finding for somebody who may see the sessions for which `visible` holds; `None` where nothing of it is for
    /// them. Whether they may know its room, people and delegations is for their names: see [`phrase`](super::phrase).
    pub fn for_reader(&self, visible: impl Fn(SessionId) -> bool) -> Option<Self> {
        let (seen, hidden): (Vec<SessionId>, Vec<SessionId>) = self.sessions().partition(|id| visible(*id));
        if hidden.is_empty() {
            return Some(self.clone());
        }
        if seen.is_empty() || self.rule.names_a_party() {
            return None;
        }
        let others = self.subjects.iter().filter(|subject| !matches!(subject, Subject::Session(_) | Subject::Group(_)));
        let sessions = seen.into_iter().map(Subject::Session);
        let subjects: Vec<Subject> = sessions.chain(others.copied()).chain([Subject::AnotherCommitment]).collect();
        let spans = if self.params.tells_slots() { Vec::new() } else { self.spans.clone() };
        let fingerprint = Fingerprint::of(self.rule, &subjects, &Params::None, &Place::fixed(&spans));
        Some(Self { subjects, spans, params: Params::None, fingerprint, ..self.clone() })
    }
}

impl Rule {
    /// Whether the rule itself says who the other is: the group in conflict, the delegation in talks.
    fn names_a_party(self) -> bool {
        matches!(
            self,
            Self::GroupConflictChair | Self::GroupConflictKey | Self::GroupConflictTopic | Self::BilateralVsPlenary
        )
    }
}

impl Params {
    /// Whether the spans of such a finding are the slots of its sessions, and not what those have in common.
    fn tells_slots(&self) -> bool {
        matches!(self, Self::Gap { .. } | Self::Relation { .. } | Self::Rest { .. })
    }
}
