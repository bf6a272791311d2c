//! The rules of procedure, as far as Plenum counts by them: what a delegation may do before its credentials are in
//! order. They are those of an event; where it has none of its own, those of its group; else the defaults here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Finding, QuorumRule};
use crate::{Violation, moment::Moment};

crate::words! {
    /// What a delegation may do.
    pub enum Entitlement {
        /// It is not seated.
        Excluded = "excluded",
        /// It sits and speaks, and does not vote.
        Seated = "seated",
        /// It sits, speaks and votes.
        Votes = "votes",
    }
}

/// What those may do whose credentials are not in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvisionalParticipation {
    /// A delegation that has handed in nothing.
    pub none: Entitlement,
    /// A delegation whose credentials are provisional.
    pub provisional: Entitlement,
}

/// The rules of procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RulesOfProcedure {
    /// Until the committee on credentials has reported.
    pub until_report: ProvisionalParticipation,
    /// Once it has.
    pub after_report: ProvisionalParticipation,
    /// First instant at which it has reported; left out until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub committee_reported_at: Option<Moment>,
    /// How many must be there to decide.
    pub quorum: QuorumRule,
}

impl Default for RulesOfProcedure {
    /// As conferences of the United Nations family do it: everybody is seated provisionally with all rights until the
    /// committee has reported; after that, votes those whose credentials are in order.
    fn default() -> Self {
        let all = |participation| ProvisionalParticipation { none: participation, provisional: participation };
        Self {
            until_report: all(Entitlement::Votes),
            after_report: all(Entitlement::Seated),
            committee_reported_at: None,
            quorum: QuorumRule::default(),
        }
    }
}

crate::words! {
    /// Where rules come from.
    pub enum RulesFrom {
        /// The event has its own.
        Event = "event",
        /// They are those of the group.
        Group = "group",
        /// Nobody has set any.
        Default = "default",
    }
}

/// The rules of procedure as they hold for an event or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RulesInForce")]
pub struct InForce {
    /// What they say.
    #[serde(flatten)]
    pub rules: RulesOfProcedure,
    /// Where they come from.
    pub from: RulesFrom,
    /// Rises with every write of the object's own rules; 0 while it has none. Send it as `If-Match` to write them.
    pub version: i32,
}

impl RulesOfProcedure {
    /// Everything that is wrong with them: that after the report somebody with less may do more is no rule.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = crate::Check::new();
        self.quorum.check(&mut check);
        for (place, rule) in [("/until_report", self.until_report), ("/after_report", self.after_report)] {
            check.require(
                rule.none <= rule.provisional,
                &format!("{place}/none"),
                "more_than_provisional",
                "Let a delegation without credentials do no more than one whose credentials are provisional.",
            );
        }
        check.finish()
    }

    /// Whether the committee on credentials had reported by `at`.
    pub fn committee_had_reported(&self, at: jiff::Timestamp) -> bool {
        self.committee_reported_at.is_some_and(|reported| reported.0 <= at)
    }
}

/// What a delegation may do, by what is found of its credentials. Whoever is challenged keeps all rights until it is
/// decided; whoever is rejected has none.
pub fn participation(finding: Finding, rules: &RulesOfProcedure, committee_reported: bool) -> Entitlement {
    let rule = if committee_reported { rules.after_report } else { rules.until_report };
    match finding {
        Finding::None => rule.none,
        Finding::Provisional => rule.provisional,
        Finding::InDueForm | Finding::Challenged | Finding::Accepted => Entitlement::Votes,
        Finding::Rejected => Entitlement::Excluded,
    }
}

/// Whether it may vote.
pub fn may_vote(finding: Finding, rules: &RulesOfProcedure, committee_reported: bool) -> bool {
    participation(finding, rules, committee_reported) == Entitlement::Votes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn until_the_report_everybody_votes_but_the_rejected() {
        let rules = RulesOfProcedure::default();
        let voting = |reported| -> Vec<_> {
            Finding::ALL.iter().copied().filter(|finding| may_vote(*finding, &rules, reported)).collect()
        };
        use Finding::*;
        assert_eq!(voting(false), [None, Provisional, InDueForm, Challenged, Accepted]);
        assert_eq!(voting(true), [InDueForm, Challenged, Accepted]);
        assert_eq!(participation(Provisional, &rules, true), Entitlement::Seated);
        assert_eq!(participation(Rejected, &rules, false), Entitlement::Excluded);
    }

    #[test]
    fn stricter_rules_keep_out_whoever_has_brought_nothing() {
        let strict = ProvisionalParticipation { none: Entitlement::Excluded, provisional: Entitlement::Seated };
        let rules = RulesOfProcedure { until_report: strict, ..RulesOfProcedure::default() };
        assert_eq!(rules.check(), Ok(()));
        assert_eq!(participation(Finding::None, &rules, false), Entitlement::Excluded);
        assert!(!may_vote(Finding::Provisional, &rules, false));
    }

    #[test]
    fn who_has_less_may_not_do_more() {
        let upside_down = ProvisionalParticipation { none: Entitlement::Votes, provisional: Entitlement::Seated };
        let rules = RulesOfProcedure { after_report: upside_down, ..RulesOfProcedure::default() };
        assert_eq!(rules.check().unwrap_err()[0].pointer, "/after_report/none");
    }

    #[test]
    fn what_is_left_out_of_the_rules_is_as_by_default() {
        let rules: RulesOfProcedure = serde_json::from_str("{}").unwrap();
        assert_eq!(rules, RulesOfProcedure::default());
    }
}
