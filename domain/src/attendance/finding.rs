//! What is found of the credentials of a delegation, the steps from one finding to the next, and the reasons a step is
//! refused.
//!
//! `none -> provisional -> in_due_form -> challenged -> accepted | rejected`. Papers that are in order at once need not
//! be provisional first; whoever was rejected may bring new ones. Nothing is overwritten: every finding stays on record,
//! and the latest is the one that holds.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Credential, rules::Entitlement};
use crate::{
    Check, Violation,
    identifier::{DelegationId, Handle, SessionId},
    language::check_line,
};

crate::words! {
    /// What is found of the credentials of a delegation.
    #[derive(Default)]
    #[schemars(rename = "CredentialFinding")]
    pub enum Finding {
        /// There are none.
        #[default]
        None = "none",
        /// There is a copy, or a paper that does not satisfy the rules yet.
        Provisional = "provisional",
        /// The original was seen and satisfies the rules.
        InDueForm = "in_due_form",
        /// Somebody objects to them; nothing is decided.
        Challenged = "challenged",
        /// They were accepted by decision.
        Accepted = "accepted",
        /// They were rejected by decision.
        Rejected = "rejected",
    }
}

/// Why a step was refused. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FindingRefusal {
    /// The step does not start from this finding.
    #[error("Credentials that are found {state} cannot be found {to}; they must be {} first.", listed(from))]
    WrongFinding {
        /// What was asked for.
        to: Finding,
        /// What holds.
        state: Finding,
        /// The findings the step starts from.
        from: &'static [Finding],
    },
    /// There is no paper at all.
    #[error("The delegation has handed in no credentials. Add the document first, then find it {to}.")]
    NoDocument {
        /// What was asked for.
        to: Finding,
    },
    /// Papers remain.
    #[error("The delegation has credentials on record. Find them provisional, or delete the documents first.")]
    DocumentsRemain,
    /// Nobody has seen an original.
    #[error("Note on one document that the original was seen; without an original nothing is in due form.")]
    OriginalNotSeen,
    /// Acceptance and rejection are decisions.
    #[error("Name the session or the committee that decided; credentials are {to} by decision only.")]
    NoDecision {
        /// What was asked for.
        to: Finding,
    },
    /// Whoever objects says why.
    #[error("Give the reason; credentials are not {to} without one.")]
    NoReason {
        /// What was asked for.
        to: Finding,
    },
}

impl FindingRefusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongFinding { .. } => "wrong_finding",
            Self::NoDocument { .. } => "no_document",
            Self::DocumentsRemain => "documents_remain",
            Self::OriginalNotSeen => "original_not_seen",
            Self::NoDecision { .. } => "no_decision",
            Self::NoReason { .. } => "no_reason",
        }
    }
}

fn listed(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.as_str()).collect::<Vec<_>>().join(" or ")
}

/// A new finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingInput {
    /// What is found.
    pub to: Finding,
    /// The session of this event that decided, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Handle>,
    /// The committee that decided, where no session of this event did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub committee: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub reason: Option<String>,
}

impl FindingInput {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(committee) = &self.committee {
            check.take(check_line(committee, "/committee", 300));
        }
        if let Some(reason) = &self.reason {
            check.take(check_line(reason, "/reason", 1000));
        }
        check.finish()
    }
}

/// A finding on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RecordedFinding")]
pub struct Found {
    /// The delegation.
    pub delegation_id: DelegationId,
    /// Which finding of the delegation it is, from 1; 0 while there is none.
    pub number: i32,
    /// What was found.
    pub finding: Finding,
    /// The session that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// The committee that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub committee: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_at: Option<Timestamp>,
}

impl Found {
    /// What holds of a delegation of which nothing was ever found.
    pub fn nothing(delegation_id: DelegationId) -> Self {
        Self {
            delegation_id,
            number: 0,
            finding: Finding::None,
            session_id: None,
            committee: None,
            reason: None,
            found_at: None,
        }
    }
}

/// What holds of the credentials of a delegation, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CredentialStanding")]
pub struct Standing {
    /// The latest finding.
    #[serde(flatten)]
    pub found: Found,
    /// What the delegation may do with it, by the rules of procedure.
    pub participation: Entitlement,
}

impl Finding {
    /// The step that `input` asks for; `documents` are those of the delegation.
    pub fn step(self, input: &FindingInput, documents: &[Credential]) -> Result<Self, FindingRefusal> {
        match input.to {
            Self::None => self.withdraw(documents),
            Self::Provisional => self.receive(documents),
            Self::InDueForm => self.find_in_due_form(documents),
            Self::Challenged => self.challenge(input),
            Self::Accepted => self.accept(input),
            Self::Rejected => self.reject(input),
        }
    }

    /// The papers were taken back.
    fn withdraw(self, documents: &[Credential]) -> Result<Self, FindingRefusal> {
        let next = self.become_from(Self::None, &[Self::Provisional, Self::InDueForm])?;
        if documents.is_empty() { Ok(next) } else { Err(FindingRefusal::DocumentsRemain) }
    }

    /// There is a paper, which does not satisfy the rules yet.
    fn receive(self, documents: &[Credential]) -> Result<Self, FindingRefusal> {
        self.become_from(Self::Provisional, &[Self::None, Self::InDueForm, Self::Rejected])?.on_paper(documents)
    }

    /// The original was seen and satisfies the rules; a challenge may be taken back.
    fn find_in_due_form(self, documents: &[Credential]) -> Result<Self, FindingRefusal> {
        let from = &[Self::None, Self::Provisional, Self::Challenged, Self::Rejected];
        let next = self.become_from(Self::InDueForm, from)?.on_paper(documents)?;
        let seen = documents.iter().any(|document| document.original_seen);
        if seen { Ok(next) } else { Err(FindingRefusal::OriginalNotSeen) }
    }

    /// Somebody objects.
    fn challenge(self, input: &FindingInput) -> Result<Self, FindingRefusal> {
        self.become_from(Self::Challenged, &[Self::Provisional, Self::InDueForm, Self::Accepted])?.with_reason(input)
    }

    /// They are accepted by decision.
    fn accept(self, input: &FindingInput) -> Result<Self, FindingRefusal> {
        self.become_from(Self::Accepted, &[Self::Provisional, Self::InDueForm, Self::Challenged])?.decided(input)
    }

    /// They are rejected by decision, after a challenge.
    fn reject(self, input: &FindingInput) -> Result<Self, FindingRefusal> {
        self.become_from(Self::Rejected, &[Self::Challenged])?.decided(input)?.with_reason(input)
    }

    fn become_from(self, to: Self, from: &'static [Self]) -> Result<Self, FindingRefusal> {
        if from.contains(&self) { Ok(to) } else { Err(FindingRefusal::WrongFinding { to, state: self, from }) }
    }

    fn on_paper(self, documents: &[Credential]) -> Result<Self, FindingRefusal> {
        if documents.is_empty() { Err(FindingRefusal::NoDocument { to: self }) } else { Ok(self) }
    }

    fn decided(self, input: &FindingInput) -> Result<Self, FindingRefusal> {
        let named = input.session_id.is_some() || input.committee.is_some();
        if named { Ok(self) } else { Err(FindingRefusal::NoDecision { to: self }) }
    }

    fn with_reason(self, input: &FindingInput) -> Result<Self, FindingRefusal> {
        if input.reason.is_some() { Ok(self) } else { Err(FindingRefusal::NoReason { to: self }) }
    }
}

#[cfg(test)]
#[path = "finding_tests.rs"]
mod tests;
