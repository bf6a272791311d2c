//! Credentials: the documents by which an organisation says who speaks, votes and signs for it.
//!
//! What is concluded from them stands in [`finding`](super::finding).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Violation,
    identifier::{DelegationId, EventId, Handle},
    language::check_line,
};

crate::words! {
    /// What sort of paper it is.
    #[schemars(rename = "CredentialKind")]
    pub enum Kind {
        /// Credentials as rules of procedure want them: signed, sealed, original.
        FullCredentials = "full_credentials",
        /// A note verbale that names the delegation.
        NoteVerbale = "note_verbale",
        /// A letter that names the delegation.
        NominationLetter = "nomination_letter",
        /// A copy or a telefax of what is to follow.
        ProvisionalCopy = "provisional_copy",
    }
}

crate::words! {
    /// Who issued a credential.
    #[schemars(rename = "CredentialIssuer")]
    pub enum Issuer {
        /// Head of state.
        HeadOfState = "head_of_state",
        /// Head of government.
        HeadOfGovernment = "head_of_government",
        /// The ministry of foreign affairs.
        ForeignMinistry = "foreign_ministry",
        /// Somebody else, who is named.
        Other = "other",
    }
}

crate::words! {
    /// What a credential empowers to.
    #[schemars(rename = "CredentialPower")]
    pub enum Power {
        /// To represent the organisation.
        Represent = "represent",
        /// To vote for it.
        Vote = "vote",
        /// To sign what is adopted.
        Sign = "sign",
    }
}

/// Persons one credential names at most.
const MOST_NAMED: usize = 200;

/// A credential as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// What sort of paper it is.
    pub kind: Kind,
    /// Who issued it.
    pub issuer: Issuer,
    /// Name of the issuing authority; needed where it is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub issuer_name: Option<String>,
    /// Number or reference on the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub reference: Option<String>,
    /// The day it bears.
    pub issued_on: Date,
    /// Whether the secretariat has had the original in hands; only the secretariat says so.
    #[serde(default)]
    pub original_seen: bool,
    /// The delegates it names, by id, all of this delegation; none where it covers the delegation as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = MOST_NAMED))]
    pub delegate_ids: Vec<Handle>,
    /// What it empowers to, each once.
    #[schemars(length(min = 1, max = 3))]
    pub powers: Vec<Power>,
}

/// A credential of a delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DelegationCredential")]
pub struct Submitted {
    /// What is known of the paper.
    #[serde(flatten)]
    pub credential: Credential,
    /// The delegation it is for.
    pub delegation_id: DelegationId,
    /// The event of the delegation.
    pub event_id: EventId,
}

impl Credential {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(name) = &self.issuer_name {
            check.take(check_line(name, "/issuer_name", 300));
        }
        if let Some(reference) = &self.reference {
            check.take(check_line(reference, "/reference", 200));
        }
        let repeated = |at: usize| self.powers[..at].contains(&self.powers[at]);
        let named_before = |at: usize| self.delegate_ids[..at].contains(&self.delegate_ids[at]);
        let within = self.delegate_ids.len() <= MOST_NAMED;
        check
            .require(
                self.issuer != Issuer::Other || self.issuer_name.is_some(),
                "/issuer_name",
                "required",
                "Name the authority that issued it.",
            )
            .require(
                (1900..=2200).contains(&self.issued_on.year()),
                "/issued_on",
                "time_out_of_range",
                "Give a day between the years 1900 and 2200.",
            )
            .require(
                within,
                "/delegate_ids",
                "too_many",
                format!("Name at most {MOST_NAMED} delegates, or none for the delegation as a whole."),
            )
            .require(
                !within || !(0..self.delegate_ids.len()).any(named_before),
                "/delegate_ids",
                "repeated",
                "Name each delegate once.",
            )
            .require(!self.powers.is_empty(), "/powers", "required", "Say what it empowers to.")
            .require(!(0..self.powers.len()).any(repeated), "/powers", "repeated", "Name each power once.");
        check.finish()
    }

    /// Refuses to have an organisation say of its own paper that the original was seen; `before` is what was said of the
    /// paper until now.
    pub fn check_seen_by_secretariat(&self, before: Option<&Self>) -> Result<(), Violation> {
        if self.original_seen == before.is_some_and(|before| before.original_seen) {
            return Ok(());
        }
        let detail =
            "Only the secretariat says whether the original was seen. Leave this as it is and bring the original.";
        Err(Violation::new("/original_seen", "for_the_secretariat", detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn note() -> Credential {
        Credential {
            kind: Kind::NoteVerbale,
            issuer: Issuer::ForeignMinistry,
            issuer_name: None,
            reference: Some("NV 4/2025".to_owned()),
            issued_on: date(2025, 10, 1),
            original_seen: false,
            delegate_ids: vec![],
            powers: vec![Power::Represent, Power::Vote],
        }
    }

    fn pointers(credential: &Credential) -> Vec<String> {
        credential.check().unwrap_err().into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn another_issuer_is_named() {
        assert_eq!(note().check(), Ok(()));
        let mut other = Credential { issuer: Issuer::Other, ..note() };
        assert_eq!(pointers(&other), ["/issuer_name"]);
        other.issuer_name = Some("Police headquarters".to_owned());
        assert_eq!(other.check(), Ok(()));
    }

    #[test]
    fn a_credential_empowers_to_something_and_to_nothing_twice() {
        assert_eq!(pointers(&Credential { powers: vec![], ..note() }), ["/powers"]);
        assert_eq!(
            pointers(&Credential { powers: vec![Power::Vote, Power::Sign, Power::Vote], ..note() }),
            ["/powers"]
        );
    }

    #[test]
    fn an_organisation_does_not_say_itself_that_its_original_was_seen() {
        let seen = Credential { original_seen: true, ..note() };
        assert_eq!(note().check_seen_by_secretariat(None), Ok(()));
        assert_eq!(seen.check_seen_by_secretariat(None).unwrap_err().code, "for_the_secretariat");
        assert_eq!(seen.check_seen_by_secretariat(Some(&seen)), Ok(()));
        assert_eq!(note().check_seen_by_secretariat(Some(&seen)).unwrap_err().pointer, "/original_seen");
    }
}
