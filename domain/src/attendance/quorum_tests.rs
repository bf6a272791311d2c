use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::attendance::{
    Function,
    marks::{Mark, Source, presence, tests::history},
};

fn rule(comparison: Comparison, numerator: u32, denominator: u32) -> QuorumRule {
    QuorumRule { comparison, numerator, denominator, ..QuorumRule::default() }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn delegate(n: u128) -> DelegateId {
    DelegateId(Uuid::from_u128(n))
}

/// By hand: half of 46 is 23, so more than half is 24; a third of 10 is 3.33, so at least a third is 4.
#[test]
fn a_fraction_is_strictly_more_or_at_least() {
    let half = rule(Comparison::MoreThan, 1, 2);
    assert_eq!([0, 1, 2, 3, 46, 47].map(|entitled| half.required(entitled)), [1, 1, 2, 2, 24, 24]);
    let third = rule(Comparison::AtLeast, 1, 3);
    assert_eq!([0, 1, 9, 10, 12].map(|entitled| third.required(entitled)), [1, 1, 3, 4, 4]);
    assert_eq!(rule(Comparison::AtLeast, 1, 1).required(7), 7);
    assert_eq!(rule(Comparison::AtLeast, 1, 2).required(46), 23);
}

#[test]
fn a_quorum_that_nobody_could_reach_is_no_rule() {
    let faults = |rule: QuorumRule| {
        let mut check = Check::new();
        rule.check(&mut check);
        check.finish().err().map(|faults| faults[0].code)
    };
    assert_eq!(faults(rule(Comparison::MoreThan, 1, 2)), None);
    assert_eq!(faults(rule(Comparison::AtLeast, 1, 1)), None);
    assert_eq!(faults(rule(Comparison::MoreThan, 1, 1)), Some("never_reached"));
    assert_eq!(faults(rule(Comparison::AtLeast, 3, 2)), Some("never_reached"));
    assert_eq!(faults(rule(Comparison::AtLeast, 0, 2)), Some("out_of_range"));
}

#[test]
fn only_who_is_entitled_and_may_vote_and_is_there_counts() {
    let organisation = |n| OrganisationId(Uuid::from_u128(n));
    let seat = |n, may_vote, has_voter| Seat { organisation: organisation(n), may_vote, has_voter };
    let entitled: BTreeSet<_> = (1..=4).map(organisation).collect();
    let seats = [seat(1, true, true), seat(2, false, true), seat(3, true, false), seat(9, true, true)];
    let session = SessionId(Uuid::nil());
    let counted = count(session, at(0), QuorumRule::default(), &entitled, &seats);
    assert_eq!((counted.entitled, counted.present, counted.required, counted.reached), (4, 1, 3, false));
    let enough = [seat(1, true, true), seat(2, true, true), seat(4, true, true)];
    assert!(count(session, at(0), QuorumRule::default(), &entitled, &enough).reached);
}

#[test]
fn whoever_answers_the_roll_votes_unless_somebody_is_named_who_may_not() {
    let answered = |represented_by| {
        let mark = Mark {
            delegate: None,
            status: Status::Present,
            source: Source::Staff,
            at: at(0),
            number: 0,
            represented_by,
            level: None,
            id: Uuid::nil(),
        };
        presence(&[mark], at(1), |_| Function::Head)
    };
    let rule = QuorumRule::default();
    let only_the_first = |who| who == delegate(1);
    assert!(rule.has_voter(&answered(None), only_the_first));
    assert!(rule.has_voter(&answered(Some(delegate(1))), only_the_first));
    assert!(!rule.has_voter(&answered(Some(delegate(2))), only_the_first));
}

/// The rule read off the page, by questions about single marks.
fn naive(marks: &[Mark], until: Timestamp, online_counts: bool) -> bool {
    let mut ordered: Vec<&Mark> = marks.iter().filter(|mark| mark.at <= until).collect();
    ordered.sort_by_key(|mark| (mark.at, mark.number));
    let counts = |status| match status {
        Status::Present => true,
        Status::Online => online_counts,
        _ => false,
    };
    let said = |who: Option<DelegateId>, source| {
        let last = ordered.iter().rfind(|mark| mark.delegate == who && mark.source == source);
        last.filter(|mark| mark.status != Status::Unknown)
    };
    let there: Vec<DelegateId> = (1..4)
        .map(delegate)
        .filter(|who| {
            let sources = [Source::Staff, Source::Scan, Source::PlatformLog, Source::Own];
            let believed = sources.into_iter().find_map(|source| said(Some(*who), source));
            believed.is_some_and(|mark| counts(mark.status))
        })
        .collect();
    let voter_there = there.contains(&delegate(1)) || there.contains(&delegate(2));
    match said(None, Source::Staff) {
        None => voter_there,
        Some(mark) if !counts(mark.status) => false,
        Some(mark) => match mark.represented_by {
            _ if voter_there => true,
            Some(named) => named != delegate(3),
            None => there.is_empty(),
        },
    }
}

proptest! {
    #[test]
    fn a_voter_is_there_exactly_when_a_reader_of_the_rules_would_say_so(
        marks in history(), until in 0..9i64, online_counts in any::<bool>()
    ) {
        let rule = QuorumRule { online_counts, ..QuorumRule::default() };
        let function = |who| if who == delegate(1) { Function::Head } else { Function::Expert };
        let presence = presence(&marks, at(until), function);
        // The third delegate may not vote.
        prop_assert_eq!(rule.has_voter(&presence, |who| who != delegate(3)), naive(&marks, at(until), online_counts));
    }

    /// Against a search by trial: the smallest number that satisfies the fraction.
    #[test]
    fn the_number_required_is_the_smallest_that_satisfies_the_fraction(
        entitled in 0..400usize, numerator in 1..60usize, more in 0..60usize, strictly in any::<bool>()
    ) {
        let denominator = numerator + more + usize::from(strictly);
        let comparison = if strictly { Comparison::MoreThan } else { Comparison::AtLeast };
        let rule = rule(comparison, u32::try_from(numerator).unwrap(), u32::try_from(denominator).unwrap());
        let satisfied = |present: usize| {
            let (left, right) = (present * denominator, entitled * numerator);
            if strictly { left > right } else { left >= right }
        };
        prop_assert_eq!(Some(rule.required(entitled)), (1..=entitled.max(1)).find(|present| satisfied(*present)));
    }
}
