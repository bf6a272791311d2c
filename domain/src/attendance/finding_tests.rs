use jiff::civil::date;

use super::*;
use crate::attendance::credentials::{Issuer, Kind, Power};

/// Every step that is allowed to a delegation that has brought an original.
const STEPS: &[(Finding, &[Finding])] = &[
    (Finding::None, &[Finding::Provisional, Finding::InDueForm]),
    (Finding::Provisional, &[Finding::InDueForm, Finding::Challenged, Finding::Accepted]),
    (Finding::InDueForm, &[Finding::Provisional, Finding::Challenged, Finding::Accepted]),
    (Finding::Challenged, &[Finding::InDueForm, Finding::Accepted, Finding::Rejected]),
    (Finding::Accepted, &[Finding::Challenged]),
    (Finding::Rejected, &[Finding::Provisional, Finding::InDueForm]),
];

fn document(original_seen: bool) -> Credential {
    Credential {
        kind: Kind::FullCredentials,
        issuer: Issuer::HeadOfState,
        issuer_name: None,
        reference: None,
        issued_on: date(2025, 11, 3),
        original_seen,
        delegate_ids: vec![],
        powers: vec![Power::Represent],
    }
}

fn decided(to: Finding) -> FindingInput {
    let words = |words: &str| Some(words.to_owned());
    FindingInput { to, session_id: None, committee: words("Credentials Committee"), reason: words("Two papers differ") }
}

#[test]
fn findings_follow_the_table_and_no_other_way() {
    for (from, allowed) in STEPS {
        for to in Finding::ALL {
            let taken = from.step(&decided(*to), &[document(true)]);
            assert_eq!(taken.is_ok(), allowed.contains(to), "{from} to {to}: {taken:?}");
            assert!(taken.is_err() || taken == Ok(*to), "{from} to {to} led elsewhere");
        }
    }
}

#[test]
fn nothing_is_in_due_form_without_an_original() {
    let input = decided(Finding::InDueForm);
    assert_eq!(Finding::None.step(&input, &[]), Err(FindingRefusal::NoDocument { to: Finding::InDueForm }));
    assert_eq!(Finding::Provisional.step(&input, &[document(false)]), Err(FindingRefusal::OriginalNotSeen));
    assert_eq!(Finding::Provisional.step(&input, &[document(false), document(true)]), Ok(Finding::InDueForm));
}

#[test]
fn acceptance_and_rejection_name_who_decided_and_objections_why() {
    let silent = |to| FindingInput { committee: None, reason: None, ..decided(to) };
    let refused = |from: Finding, to| from.step(&silent(to), &[document(true)]).unwrap_err().code();
    assert_eq!(refused(Finding::Challenged, Finding::Accepted), "no_decision");
    assert_eq!(refused(Finding::Challenged, Finding::Rejected), "no_decision");
    assert_eq!(refused(Finding::InDueForm, Finding::Challenged), "no_reason");
    let unreasoned = FindingInput { reason: None, ..decided(Finding::Rejected) };
    assert_eq!(Finding::Challenged.step(&unreasoned, &[]).unwrap_err().code(), "no_reason");
}

#[test]
fn credentials_are_none_again_once_every_paper_is_gone() {
    let input = decided(Finding::None);
    assert_eq!(Finding::Provisional.step(&input, &[]), Ok(Finding::None));
    assert_eq!(Finding::Provisional.step(&input, &[document(false)]), Err(FindingRefusal::DocumentsRemain));
}

#[test]
fn a_refused_step_says_where_it_starts_from() {
    let refusal = Finding::InDueForm.step(&decided(Finding::Rejected), &[document(true)]).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "Credentials that are found in_due_form cannot be found rejected; they must be challenged first."
    );
}
