//! The rules of the door against a naive model: a list of everybody who passed, looked through from the start each time.

use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};
use proptest::prelude::*;

use super::{BadgeState, CheckTypeDetails, Direction, Holder, Occasion, Passage, Rule, Verdict};
use crate::{Language, Text, attendance::Category};

fn gate(rule: Rule) -> CheckTypeDetails {
    CheckTypeDetails {
        name: Text::one(Language::english(), "Door"),
        rule,
        zone: None,
        session_id: None,
        categories: vec![],
        opens: None,
        closes: None,
    }
}

fn holder() -> Holder {
    Holder { badge: BadgeState::Valid, zones: vec![], approved: true, category: Category::Member }
}

fn seoul() -> TimeZone {
    TimeZone::get("Asia/Seoul").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn decide(check_type: &CheckTypeDetails, holder: &Holder, when: &str) -> Verdict {
    let occasion = Occasion { check_type, open: true, days: (date(2019, 10, 7), date(2019, 10, 8)), zone: &seoul() };
    occasion.decide(holder, &[], Direction::In, at(when))
}

#[test]
fn the_day_is_that_of_the_place() {
    let open = gate(Rule::Multiple);
    // Midnight in Seoul is three in the afternoon in Greenwich.
    assert_eq!(decide(&open, &holder(), "2019-10-06T14:59:59Z"), Verdict::WrongDay);
    assert_eq!(decide(&open, &holder(), "2019-10-06T15:00:00Z"), Verdict::Ok);
    assert_eq!(decide(&open, &holder(), "2019-10-08T15:00:00Z"), Verdict::WrongDay);
}

#[test]
fn a_window_takes_the_place_of_the_days() {
    let desk = CheckTypeDetails {
        opens: Some("2019-10-06T14:00:00".parse().unwrap()),
        closes: Some("2019-10-06T20:00:00".parse().unwrap()),
        ..gate(Rule::Once)
    };
    assert_eq!(decide(&desk, &holder(), "2019-10-06T04:59:59Z"), Verdict::OutsideWindow);
    assert_eq!(decide(&desk, &holder(), "2019-10-06T05:00:00Z"), Verdict::Ok);
    assert_eq!(decide(&desk, &holder(), "2019-10-06T11:00:00Z"), Verdict::OutsideWindow);
}

#[test]
fn each_refusal_of_a_holder_has_its_word() {
    let when = "2019-10-07T01:00:00Z";
    let press = CheckTypeDetails {
        zone: Some("press".into()),
        categories: vec![Category::Media, Category::Host],
        ..gate(Rule::Multiple)
    };
    let media = Holder { category: Category::Media, ..holder() };
    assert_eq!(decide(&press, &media, when), Verdict::Ok);
    assert_eq!(decide(&press, &holder(), when), Verdict::Category);
    let zoned = |zone: &str| Holder { zones: vec![zone.to_owned()], ..media.clone() };
    assert_eq!(decide(&press, &zoned("press"), when), Verdict::Ok);
    assert_eq!(decide(&press, &zoned("plenary"), when), Verdict::WrongZone);
    assert_eq!(decide(&gate(Rule::Once), &zoned("plenary"), when), Verdict::Ok);
    assert_eq!(decide(&press, &Holder { approved: false, ..media.clone() }, when), Verdict::NotApproved);
    for (badge, verdict) in [(BadgeState::Revoked, Verdict::Revoked), (BadgeState::Lost, Verdict::Lost)] {
        assert_eq!(decide(&press, &Holder { badge, ..media.clone() }, when), verdict);
    }
}

#[test]
fn a_check_type_that_was_taken_away_opens_nothing() {
    let check_type = &gate(Rule::Multiple);
    let occasion = Occasion { check_type, open: false, days: (date(2019, 10, 7), date(2019, 10, 8)), zone: &seoul() };
    let verdict = occasion.decide(&holder(), &[], Direction::In, at("2019-10-07T01:00:00Z"));
    assert_eq!(verdict, Verdict::OutsideWindow);
}

#[test]
fn a_late_scan_that_went_the_way_of_the_next_one_is_contradicted() {
    let check_type = &gate(Rule::InAndOut);
    let occasion = Occasion { check_type, open: true, days: (date(2019, 10, 7), date(2019, 10, 8)), zone: &seoul() };
    let past = [Passage { at: at("2019-10-07T02:00:00Z"), number: 1, direction: Direction::In }];
    let nine = at("2019-10-07T01:00:00Z");
    assert_eq!(occasion.decide(&holder(), &past, Direction::In, nine), Verdict::Ok);
    assert!(occasion.contradicted(&past, Direction::In, nine));
    assert!(!occasion.contradicted(&past, Direction::Out, nine));
    assert_eq!(occasion.decide(&holder(), &past, Direction::Out, nine), Verdict::NotIn);
}

/// What a doorkeeper with a notebook would say: everybody who passed, in the order in which it happened.
fn by_notebook(rule: Rule, notebook: &[(i64, Direction)], minute: i64, direction: Direction) -> Verdict {
    let day = |minute: i64| minute / (24 * 60);
    if rule == Rule::InAndOut {
        let mut lines: Vec<_> = notebook.iter().filter(|line| line.0 <= minute).collect();
        // A stable sort: of two in the same minute the one written first comes first.
        lines.sort_by_key(|line| line.0);
        let mut inside = false;
        for (_, direction) in lines {
            inside = *direction == Direction::In;
        }
        return match (direction, inside) {
            (Direction::In, true) => Verdict::AlreadyIn,
            (Direction::Out, false) => Verdict::NotIn,
            _ => Verdict::Ok,
        };
    }
    if direction == Direction::Out {
        return Verdict::NotIn;
    }
    let before = match rule {
        Rule::Once => notebook.len(),
        Rule::Daily => notebook.iter().filter(|line| day(line.0) == day(minute)).count(),
        _ => 0,
    };
    if before > 0 { Verdict::AlreadyIn } else { Verdict::Ok }
}

proptest! {
    #[test]
    fn the_rules_say_what_a_doorkeeper_with_a_notebook_says(
        rule in prop::sample::select(Rule::ALL),
        scans in prop::collection::vec((0i64..2880, any::<bool>(), prop::bool::weighted(0.1)), 1..60),
    ) {
        let midnight = at("2019-10-06T15:00:00Z");
        let (check_type, zone) = (&gate(rule), &seoul());
        let occasion = Occasion { check_type, open: true, days: (date(2019, 10, 7), date(2019, 10, 8)), zone };
        let (mut past, mut notebook) = (vec![], vec![]);
        for (minute, out, forced) in scans {
            let direction = if out { Direction::Out } else { Direction::In };
            let when = midnight + SignedDuration::from_mins(minute);
            let verdict = occasion.decide(&holder(), &past, direction, when);
            prop_assert_eq!(verdict, by_notebook(rule, &notebook, minute, direction));
            if verdict == Verdict::Ok || forced {
                past.push(Passage { at: when, number: i32::try_from(past.len()).unwrap() + 1, direction });
                notebook.push((minute, direction));
            }
        }
    }
}
