//! On random programmes: the rules against a second implementation, edits against looking at everything again, and
//! waivers against moves.

use proptest::prelude::*;
use std::collections::BTreeSet;

use super::{brute::brute, random::Draw, *};

fn settings(draw: &mut Draw) -> Settings {
    let turnaround_minutes = u32::try_from(draw.below(3) * 5).unwrap();
    Settings { turnaround_minutes, ..Settings::default() }
}

fn fingerprints(findings: &[Finding]) -> BTreeSet<Fingerprint> {
    findings.iter().map(|finding| finding.fingerprint.clone()).collect()
}

/// The rules whose clash is between two sessions and where they lie to each other.
fn is_between_two(finding: &Finding) -> bool {
    use Rule::{
        BilateralVsPlenary, Buffer, GroupConflictChair, GroupConflictKey, GroupConflictTopic, MustAttend,
        PersonOverlap, PersonOverlapChair, RoomOverlap,
    };
    let rules = [
        BilateralVsPlenary,
        Buffer,
        GroupConflictChair,
        GroupConflictKey,
        GroupConflictTopic,
        MustAttend,
        PersonOverlap,
        PersonOverlapChair,
        RoomOverlap,
    ];
    rules.contains(&finding.rule) && finding.sessions().count() == 2
}

/// Those of which a further session makes a larger crowd: another clash, rightly.
fn is_of_a_crowd(finding: &Finding) -> bool {
    matches!(finding.params, Params::Stretched { .. } | Params::Teams { .. } | Params::Rest { .. })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_find_what_comparing_everything_with_everything_finds(seed in any::<u64>(), sessions in 0..26u64) {
        let mut draw = Draw(seed);
        let settings = settings(&mut draw);
        let snapshot = draw.programme(sessions);
        let found = evaluate(&snapshot, &settings);
        let text = |found: (&Rule, &Vec<Subject>, &Vec<Span>, &Params)| format!("{found:?}");
        let quick: Vec<_> = found.iter().map(|own| text((&own.rule, &own.subjects, &own.spans, &own.params))).collect();
        let slow: Vec<_> = brute(&snapshot, &settings).iter().map(|own| text((&own.0, &own.1, &own.2, &own.3))).collect();
        let (quick_set, slow_set) = (BTreeSet::from_iter(&quick), BTreeSet::from_iter(&slow));
        prop_assert_eq!(&quick_set, &slow_set);
        prop_assert_eq!(quick.len(), quick_set.len(), "found twice");
        prop_assert_eq!(fingerprints(&found).len(), found.len(), "two clashes are taken for one");
        prop_assert!(found.iter().all(|own| own.severity == settings.severity(own.rule)));
    }

    #[test]
    fn a_waived_clash_survives_moves_of_others_and_dies_when_one_of_its_own_moves(seed in any::<u64>()) {
        let mut draw = Draw(seed);
        let snapshot = draw.programme(20);
        let found = evaluate(&snapshot, &Settings::default());
        let mut board = Board::new(snapshot.clone(), Settings::default());
        let moved = draw.of(&snapshot.sessions).clone();
        let slot = moved.slot.map(|_| draw.span(30));
        board.apply(Edit::Place { session: moved.id, room: moved.room, slot });
        let after = fingerprints(&board.findings());
        for finding in found.iter().filter(|own| !is_of_a_crowd(own) && own.sessions().all(|id| id != moved.id)) {
            prop_assert!(after.contains(&finding.fingerprint), "{finding:?} died of a move of {}", moved.id);
        }
        // Five minutes are enough to make it another.
        let Some(slot) = moved.slot else { return Ok(()) };
        let later = |at: jiff::Timestamp| at + jiff::SignedDuration::from_mins(5);
        let slot = Span::new(later(slot.starts_at), later(slot.ends_at));
        board.apply(Edit::Place { session: moved.id, room: moved.room, slot });
        let after = fingerprints(&board.findings());
        for finding in found.iter().filter(|own| is_between_two(own) && own.sessions().any(|id| id == moved.id)) {
            prop_assert!(!after.contains(&finding.fingerprint), "{finding:?} survived a move of {}", moved.id);
        }
    }

    #[test]
    fn what_moves_together_stays_the_same_clash(seed in any::<u64>()) {
        let mut snapshot = Draw(seed).programme(20);
        let before = evaluate(&snapshot, &Settings::default());
        let week = |at: jiff::Timestamp| at + jiff::SignedDuration::from_hours(24 * 7);
        for session in &mut snapshot.sessions {
            session.slot = session.slot.and_then(|slot| Span::new(week(slot.starts_at), week(slot.ends_at)));
        }
        let after = fingerprints(&evaluate(&snapshot, &Settings::default()));
        for finding in before.iter().filter(|own| is_between_two(own)) {
            prop_assert!(after.contains(&finding.fingerprint), "{finding:?} died of a move of everything");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_board_finds_after_each_of_200_edits_what_looking_again_finds(seed in any::<u64>()) {
        let mut draw = Draw(seed);
        let settings = settings(&mut draw);
        let mut board = Board::new(draw.programme(18), settings.clone());
        let mut known = fingerprints(&board.findings());
        prop_assert_eq!(board.findings(), evaluate(board.snapshot(), &settings));
        for _ in 0..200 {
            let edit = draw.edit(24);
            let changes = board.apply(edit.clone());
            let (opened, resolved) = (fingerprints(&changes.opened), fingerprints(&changes.resolved));
            prop_assert!(known.is_disjoint(&opened) && known.is_superset(&resolved), "{edit:?}");
            known = known.difference(&resolved).chain(&opened).cloned().collect();
            let found = evaluate(board.snapshot(), &settings);
            prop_assert_eq!(&known, &fingerprints(&found), "{:?}", edit);
            prop_assert_eq!(board.findings(), found, "{:?}", edit);
        }
    }
}
