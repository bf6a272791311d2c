//! Groups, delegations, interpreters and wishes, checked by hand.

use jiff::civil::date;

use super::*;

fn of_groups(groups: &[u128], session: Session) -> Session {
    Session { groups: groups.iter().map(|number| id(*number)).collect(), ..session }
}

fn of_kind(kind: Kind, session: Session) -> Session {
    Session { kind, ..session }
}

#[test]
fn groups_in_conflict_do_not_sit_at_the_same_time() {
    for (tier, rule, severity) in [
        (Tier::Chair, Rule::GroupConflictChair, Severity::BlockRelease),
        (Tier::Key, Rule::GroupConflictKey, Severity::Warn),
        (Tier::Topic, Rule::GroupConflictTopic, Severity::Warn),
    ] {
        let conflicts = vec![Conflict { groups: [id(22), id(21)], tier }];
        let both = |one: &[u128], other: &[u128]| Snapshot {
            conflicts: conflicts.clone(),
            ..programme([of_groups(one, sits(1, "8 09:00-10:00")), of_groups(other, sits(2, "8 09:15-09:45"))])
        };
        let clash = only(&both(&[21], &[23, 22]));
        let expected =
            (rule, &[s(1), s(2), g(21), g(22)][..], &[span("8 09:15-09:45")][..], &Params::Overlap { minutes: 30 });
        assert_eq!((said(&clash), clash.severity), (expected, severity));
        // A joint session is no conflict with itself; another of one of its groups is one.
        assert_eq!(only(&both(&[21, 22], &[22])).rule, rule);
        nothing(&both(&[21, 22], &[23]));
        nothing(&both(&[21], &[21]));
    }
}

#[test]
fn a_conflict_told_twice_is_found_once() {
    let conflict = |one, other| Conflict { groups: [id(one), id(other)], tier: Tier::Key };
    let conflicts = vec![conflict(21, 22), conflict(22, 21)];
    let sessions = [of_groups(&[21], sits(1, "8 09:00-10:00")), of_groups(&[22], sits(2, "8 09:15-09:45"))];
    assert_eq!(only(&Snapshot { conflicts, ..programme(sessions) }).rule, Rule::GroupConflictKey);
}

#[test]
fn who_must_be_able_to_go_to_both_can() {
    let wish = |who| vec![MustAttend { who, sessions: [id(2), id(1)] }];
    let both =
        |second, who| Snapshot { must_attend: wish(who), ..programme([sits(1, "8 09:00-10:00"), sits(2, second)]) };
    let cannot = only(&both("8 09:30-10:30", Party::Delegation(id(9))));
    let spans = [span("8 09:30-10:00")];
    assert_eq!(
        said(&cannot),
        (Rule::MustAttend, &[s(1), s(2), d(9)][..], &spans[..], &Params::Overlap { minutes: 30 })
    );
    assert_eq!(only(&both("8 09:30-10:30", Party::Person(id(5)))).subjects[2], p(5));
    nothing(&both("8 10:00-10:30", Party::Person(id(5))));
}

#[test]
fn a_small_delegation_is_in_no_more_places_than_it_has_people() {
    let delegations = vec![Delegation { id: id(9), able: Some(2), confirmed: true, zone: None }];
    let sessions = [
        sits(1, "8 09:00-12:00"),
        sits(2, "8 09:00-10:00"),
        sits(3, "8 09:30-10:30"),
        sits(4, "8 10:00-11:00"),
        sits(5, "8 11:00-12:00"),
    ];
    let found = found(&Snapshot { delegations, ..programme(sessions.map(|session| expecting(&[9], session))) });
    let mut crowds: Vec<_> = found.iter().map(|finding| (&finding.subjects[..], finding.spans[0])).collect();
    crowds.sort();
    let expected = [
        (&[s(1), s(2), s(3), d(9)][..], span("8 09:30-10:00")),
        (&[s(1), s(3), s(4), d(9)][..], span("8 10:00-10:30")),
    ];
    assert_eq!(crowds, expected);
    let stretched = Params::Stretched { sessions: 3, able: 2 };
    assert!(found.iter().all(|finding| (finding.rule, &finding.params) == (Rule::DelegationOverstretch, &stretched)));
}

#[test]
fn a_bilateral_does_not_take_a_head_or_a_vote_out_of_plenary() {
    let both = |listed, votes, second| {
        let mut plenary = of_kind(Kind::Plenary, expecting(&[8, 9], sits(1, "8 09:00-12:00")));
        plenary.expected[1].head_listed = listed;
        plenary.agenda = vec![Item { votes, ..Item::default() }];
        programme([plenary, of_kind(Kind::Bilateral, expecting(&[9, 10], sits(2, second)))])
    };
    nothing(&both(false, false, "8 10:00-10:30"));
    nothing(&both(true, true, "8 12:00-12:30"));
    let beside = |matter| Params::Plenary { matter, minutes: 30 };
    let listed = only(&both(true, true, "8 10:00-10:30"));
    let expected = (Rule::BilateralVsPlenary, &[s(1), s(2), d(9)][..], &[span("8 10:00-10:30")][..]);
    assert_eq!(said(&listed), (expected.0, expected.1, expected.2, &beside(PlenaryMatter::HeadListed)));
    assert_eq!(only(&both(false, true, "8 10:00-10:30")).params, beside(PlenaryMatter::Vote));
}

#[test]
fn sessions_sit_in_the_order_wished() {
    let both = |order, second| Snapshot {
        relations: vec![Relation { earlier: id(1), later: id(2), order }],
        ..programme([in_room(7, sits(1, "8 09:00-10:00")), in_room(7, sits(2, second))])
    };
    let missed = |order, second| {
        let missed = only(&both(order, second));
        let spans = [span("8 09:00-10:00"), span(second)];
        assert_eq!(
            said(&missed),
            (Rule::TimeRelation, &[s(1), s(2)][..], &spans[..], &Params::Relation { order, earlier: id(1) })
        );
    };
    nothing(&both(Order::After, "8 10:00-11:00"));
    missed(Order::After, "8 08:00-09:00");
    nothing(&both(Order::NextDay, "9 00:00-01:00"));
    missed(Order::NextDay, "8 23:00-23:59");
    missed(Order::NextDay, "10 09:00-10:00");
    nothing(&both(Order::FreeDay, "10 00:00-01:00"));
    missed(Order::FreeDay, "9 09:00-10:00");
    nothing(&both(Order::OtherDay, "9 00:00-01:00"));
    nothing(&both(Order::OtherDay, "7 23:00-8 00:00"));
    missed(Order::OtherDay, "8 23:00-23:59");
    nothing(&both(Order::Adjacent, "8 10:30-11:00"));
    missed(Order::Adjacent, "8 10:31-11:00");
    let mut elsewhere = both(Order::Adjacent, "8 10:00-11:00");
    elsewhere.sessions[1].room = Some(id(6));
    assert_eq!(only(&elsewhere).rule, Rule::TimeRelation);
}

#[test]
fn a_group_does_not_sit_when_it_said_that_it_cannot() {
    let away = vec![span("8 12:00-13:00"), span("8 09:30-10:00"), span("8 09:45-10:30")];
    let sits = |when| programme([Session { cannot_meet: away.clone(), ..sits(1, when) }]);
    let clash = only(&sits("8 09:00-12:00"));
    let spans = [span("8 09:30-10:30")];
    assert_eq!(said(&clash), (Rule::GroupUnavailable, &[s(1)][..], &spans[..], &Params::Outside { minutes: 60 }));
    assert_eq!(clash.severity, Severity::Warn);
    nothing(&sits("8 10:30-12:00"));
}

#[test]
fn a_session_waits_for_its_document() {
    let session = |when| {
        let not_before = vec![NotBefore { day: date(2026, 6, 8), days_after: 2 }];
        programme([Session { not_before, ..sits(1, when) }])
    };
    nothing(&session("10 00:00-01:00"));
    let early = only(&session("9 23:00-23:30"));
    assert_eq!((early.rule, early.params), (Rule::TimeRelation, Params::Wait { until: date(2026, 6, 10) }));
}

fn interpreted(language: &str, session: Session) -> Session {
    Session { languages: vec![Language::parse(language).unwrap()], ..session }
}

#[test]
fn a_team_interprets_one_session_at_a_time_and_rests_between_two() {
    let french = Language::parse("fr").unwrap();
    let team = |language: &Language, teams| Interpreters { language: language.clone(), teams };
    let both = |second| Snapshot {
        interpreters: vec![team(&french, 1)],
        ..programme([interpreted("fr", sits(1, "8 09:00-10:00")), interpreted("fr", sits(2, second))])
    };
    let teams = Params::Teams { language: french.clone(), wanted: 2, available: 1 };
    let at_once = only(&both("8 09:30-11:00"));
    assert_eq!(said(&at_once), (Rule::InterpTeam, &[s(1), s(2)][..], &[span("8 09:30-10:00")][..], &teams));
    let rest = Params::Rest { language: french.clone(), wanted: 2, available: 1, minutes: 15 };
    let close = only(&both("8 10:14-11:00"));
    assert_eq!((close.rule, close.params), (Rule::InterpTeam, rest));
    nothing(&both("8 10:15-11:00"));
    // Of a language without a team nothing can be interpreted; where no teams are told, nothing is known.
    let spanish = || programme([interpreted("es", sits(1, "8 09:00-10:00"))]);
    nothing(&spanish());
    let wanted = Params::Teams { language: Language::parse("es").unwrap(), wanted: 1, available: 0 };
    assert_eq!(only(&Snapshot { interpreters: both("9 09:00-10:00").interpreters, ..spanish() }).params, wanted);
}

#[test]
fn a_team_sits_for_three_hours() {
    nothing(&programme([interpreted("fr", sits(1, "8 09:00-12:00"))]));
    let long = only(&programme([interpreted("fr", sits(1, "8 09:00-12:01"))]));
    assert_eq!((long.rule, long.params), (Rule::InterpTeam, Params::Sitting { minutes: 181, at_most: 180 }));
}
