//! On random small instances, against all their timetables.

use proptest::prelude::*;

use super::{
    super::{Instance, Status, propose},
    effort,
    judge::{Worth, judge},
    proposed,
    random::instance,
};

/// The best of all timetables; of those that leave out what is mandatory too, if `incomplete`.
fn best(instance: &Instance, incomplete: bool) -> Option<Worth> {
    let choices = instance.slots.len() + 1;
    let all = choices.pow(instance.meetings.len() as u32);
    let timetable = |number: usize| {
        let digit = |place: usize| number / choices.pow(place as u32) % choices;
        (0..instance.meetings.len()).map(|place| digit(place).checked_sub(1)).collect::<Vec<_>>()
    };
    (0..all).filter_map(|number| judge(instance, &timetable(number), incomplete).ok()).min()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_called_the_best_is_the_best_of_all_timetables(instance in instance()) {
        let found = proposed(&instance, 200_000);
        match best(&instance, false) {
            Some(best) => {
                prop_assert_eq!(found.status, Status::Optimal);
                prop_assert_eq!(judge(&instance, &found.slots, false), Ok(best));
                prop_assert_eq!((found.unplaced_weight, found.breaks), (best.unplaced_weight, best.breaks));
            }
            None => prop_assert_eq!(found.status, Status::Infeasible),
        }
    }

    #[test]
    fn of_what_is_impossible_as_little_as_can_be_is_left_out(instance in instance()) {
        if let (None, Some(best)) = (best(&instance, false), best(&instance, true)) {
            let found = proposed(&instance, 200_000);
            let worth = judge(&instance, &found.slots, true);
            prop_assert_eq!(worth.map(|worth| worth.unplaced_weight), Ok(best.unplaced_weight));
        }
    }

    #[test]
    fn a_bound_is_never_above_the_best(instance in instance()) {
        if let Some(best) = best(&instance, false) {
            let found = proposed(&instance, 500);
            prop_assert!(found.least_unplaced_weight <= best.unplaced_weight);
            prop_assert!(found.unplaced_weight > best.unplaced_weight || found.least_breaks <= best.breaks);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_and_more_steps_never_less(instance in instance(), seed in 0..9_u64) {
        let mut last = None;
        for steps in [10, 200, 3_000, 20_000] {
            let found = propose(&instance, &effort(seed, steps)).unwrap();
            prop_assert_eq!(&found, &propose(&instance, &effort(seed, steps)).unwrap());
            if !matches!(found.status, Status::Infeasible) {
                prop_assert!(last.as_ref().is_none_or(|last| found.rank() <= *last));
                last = Some(found.rank());
            }
        }
    }
}
