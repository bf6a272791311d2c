//! Rooms, persons, hours and agendas, checked by hand.

use jiff::{
    civil::{date, time},
    tz::TimeZone,
};

use super::*;

#[test]
fn two_sessions_in_one_room_overlap_by_what_they_share() {
    let both = |second: &str| programme([in_room(7, sits(1, "8 09:00-10:30")), in_room(7, sits(2, second))]);
    let overlap = only(&both("8 10:00-11:00"));
    let expected = (Rule::RoomOverlap, &[s(1), s(2), r(7)][..], &[span("8 10:00-10:30")][..]);
    assert_eq!((overlap.rule, &overlap.subjects[..], &overlap.spans[..]), expected);
    assert_eq!((overlap.params, overlap.severity), (Params::Overlap { minutes: 30 }, Severity::BlockRelease));
    nothing(&both("8 10:30-11:00"));
    let shared = Room { shared: true, ..room(7) };
    nothing(&Snapshot { rooms: vec![shared], ..both("8 10:00-11:00") });
}

#[test]
fn a_booking_of_another_event_is_an_overlap_and_a_blocking_makes_a_room_unavailable() {
    let taken = |kind| {
        let blockings = vec![Blocking { span: span("8 10:00-12:00"), kind }];
        let rooms = vec![Room { blockings, ..room(7) }];
        Snapshot { rooms, ..programme([in_room(7, sits(1, "8 09:00-10:30"))]) }
    };
    let booked = only(&taken(BlockingKind::Booking));
    let by = |by| Params::Blocked { by };
    let spans = [span("8 10:00-10:30")];
    assert_eq!(said(&booked), (Rule::RoomOverlap, &[s(1), r(7)][..], &spans[..], &by(BlockingKind::Booking)));
    let repaired = only(&taken(BlockingKind::Maintenance));
    assert_eq!(said(&repaired), (Rule::RoomUnavailable, &[s(1), r(7)][..], &spans[..], &by(BlockingKind::Maintenance)));
}

#[test]
fn a_room_is_closed_outside_its_hours_and_windows() {
    let opening = vec![Hours { days: vec![], from: time(8, 0, 0, 0), to: time(18, 0, 0, 0) }];
    let rooms = vec![Room { opening, windows: vec![span("8 00:00-9 12:00")], ..room(7) }];
    let session = |when| Snapshot { rooms: rooms.clone(), ..programme([in_room(7, sits(1, when))]) };
    nothing(&session("8 08:00-18:00"));
    let late = only(&session("8 17:00-19:00"));
    let spans = [span("8 18:00-19:00")];
    assert_eq!(said(&late), (Rule::RoomUnavailable, &[s(1), r(7)][..], &spans[..], &Params::Outside { minutes: 60 }));
    // Open until six, but to be had until noon only.
    assert_eq!(only(&session("9 11:00-14:00")).spans, [span("9 12:00-14:00")]);
}

#[test]
fn a_room_whose_owner_has_to_agree_waits_for_that() {
    let rooms = vec![Room { needs_approval: true, ..room(7) }];
    let session = in_room(7, sits(1, "8 09:00-10:00"));
    let open = only(&Snapshot { rooms: rooms.clone(), ..programme([session.clone()]) });
    assert_eq!(said(&open), (Rule::RoomNotApproved, &[s(1), r(7)][..], &[span("8 09:00-10:00")][..], &Params::None));
    nothing(&Snapshot { rooms, ..programme([Session { room_approved: true, ..session }]) });
}

#[test]
fn a_room_holds_so_many_by_layout() {
    let layouts = vec![("boardroom".to_owned(), 20)];
    let rooms = vec![Room { capacity: Some(60), layouts, ..room(7) }];
    let with = |in_room: u32, layout: Option<&str>| {
        let session = super::in_room(7, sits(1, "8 09:00-10:00"));
        let session = Session { in_room, layout: layout.map(str::to_owned), ..session };
        Snapshot { rooms: rooms.clone(), ..programme([session]) }
    };
    nothing(&with(60, None));
    nothing(&with(20, Some("boardroom")));
    let full = only(&with(21, Some("boardroom")));
    let layout = Some("boardroom".to_owned());
    assert_eq!((full.rule, full.params), (Rule::RoomCapacity, Params::Capacity { expected: 21, capacity: 20, layout }));
    let full = only(&with(61, Some("theatre")));
    assert_eq!(full.params, Params::Capacity { expected: 61, capacity: 60, layout: None });
}

#[test]
fn a_room_lacks_what_is_needed_and_not_there() {
    let rooms = vec![Room { features: vec!["booths".into()], ..room(7) }];
    let needs = ["secure", "booths", "hybrid"].map(String::from).to_vec();
    let session = Session { needs, ..in_room(7, sits(1, "8 09:00-10:00")) };
    let lacking = only(&Snapshot { rooms, ..programme([session]) });
    let missing = vec!["hybrid".to_owned(), "secure".to_owned()];
    assert_eq!((lacking.rule, lacking.params), (Rule::RoomFeature, Params::Features { missing }));
}

#[test]
fn a_room_is_set_up_again_between_two_layouts() {
    let layout = |layout: &str, session| in_room(7, Session { layout: Some(layout.into()), ..session });
    let both = |second: &str, other: &str| {
        programme([layout("theatre", sits(1, "8 09:00-10:00")), layout(other, sits(2, second))])
    };
    nothing(&both("8 10:00-11:00", "theatre"));
    nothing(&both("8 10:15-11:00", "u_shape"));
    let short = only(&both("8 10:10-11:00", "u_shape"));
    let spans = [span("8 09:00-10:00"), span("8 10:10-11:00")];
    assert_eq!(
        said(&short),
        (Rule::Buffer, &[s(1), s(2), r(7)][..], &spans[..], &Params::Gap { minutes: 10, needed: 15 })
    );
}

#[test]
fn what_somebody_is_in_both_sessions_says_how_grave_an_overlap_is() {
    use Weight::{Chair, Head, Invited, Optional, Required, Speaker};
    let overlap =
        |one, other| programme([with(5, one, sits(1, "8 09:00-10:00")), with(5, other, sits(2, "8 09:30-11:00"))]);
    let cases = [
        (Chair, Speaker, Some(Rule::PersonOverlapChair)),
        (Required, Head, Some(Rule::PersonOverlapChair)),
        (Chair, Invited, Some(Rule::PersonOverlap)),
        (Required, Required, Some(Rule::PersonOverlap)),
        (Invited, Invited, Some(Rule::PersonOverlap)),
        (Chair, Optional, None),
    ];
    for (one, other, rule) in cases {
        let found = found(&overlap(one, other));
        assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), Vec::from_iter(rule), "{one} {other}");
    }
    let finding = only(&overlap(Chair, Required));
    let params = Params::Duties { weights: [Chair, Required], minutes: 30 };
    assert_eq!(
        said(&finding),
        (Rule::PersonOverlapChair, &[s(1), s(2), p(5)][..], &[span("8 09:30-10:00")][..], &params)
    );
    assert_eq!(finding.severity, Severity::BlockRelease);
}

#[test]
fn somebody_has_to_have_the_time_to_walk() {
    let area = |venue: &str, zone: &str| Area { venue: venue.into(), zone: Some(zone.into()) };
    let rooms = [(1, "Palace", "east"), (2, "Palace", "west"), (3, "Annex", "a"), (4, "Palace", "east")];
    let rooms = rooms.map(|(number, venue, zone)| Room { area: area(venue, zone), ..room(number) }).to_vec();
    let walks = vec![Walk { between: [area("Palace", "west"), area("Annex", "a")], minutes: 12 }];
    let goes = |from, to, starts: &str| {
        let first = with(5, Weight::Required, in_room(from, sits(1, "8 09:00-10:00")));
        let second = with(5, Weight::Required, in_room(to, sits(2, &format!("8 {starts}-12:00"))));
        Snapshot { rooms: rooms.clone(), walks: walks.clone(), ..programme([first, second]) }
    };
    let gap = |minutes, needed| Params::Gap { minutes, needed };
    nothing(&goes(1, 4, "10:00"));
    assert_eq!(only(&goes(1, 2, "10:04")).params, gap(4, 5));
    nothing(&goes(1, 2, "10:05"));
    let short = only(&goes(3, 2, "10:10"));
    let spans = [span("8 09:00-10:00"), span("8 10:10-12:00")];
    assert_eq!(said(&short), (Rule::Buffer, &[s(1), s(2), p(5)][..], &spans[..], &gap(10, 12)));
    assert_eq!(only(&goes(1, 3, "10:29")).params, gap(29, 30));
    nothing(&goes(1, 3, "10:30"));
}

#[test]
fn the_walk_that_is_told_nearest_to_the_rooms_counts() {
    let area = |venue: &str, zone: Option<&str>| Area { venue: venue.into(), zone: zone.map(str::to_owned) };
    let areas = [("Palace", Some("east")), ("Palace", Some("west")), ("Annex", Some("a")), ("Annex", None)];
    let rooms: Vec<_> = (1..).zip(areas).map(|(number, (v, z))| Room { area: area(v, z), ..room(number) }).collect();
    let walk = |one, other, minutes| Walk { between: [one, other], minutes };
    let all = [
        walk(area("Palace", None), area("Annex", None), 20),
        walk(area("Palace", Some("west")), area("Annex", None), 12),
        walk(area("Palace", None), area("Annex", Some("a")), 14),
        walk(area("Palace", None), area("Palace", None), 7),
        walk(area("Palace", Some("east")), area("Palace", Some("west")), 3),
    ];
    // The same two rooms, with more and more told of what is between them.
    let needed = |from, to, told: &[usize]| {
        let first = with(5, Weight::Required, in_room(from, sits(1, "8 09:00-10:00")));
        let second = with(5, Weight::Required, in_room(to, sits(2, "8 10:00-12:00")));
        let walks = told.iter().map(|at| all[*at].clone()).collect();
        only(&Snapshot { rooms: rooms.clone(), walks, ..programme([first, second]) }).params
    };
    let gap = |needed| Params::Gap { minutes: 0, needed };
    assert_eq!([needed(1, 4, &[]), needed(1, 4, &[1, 3]), needed(1, 4, &[0, 1])], [30, 30, 20].map(gap));
    assert_eq!([needed(2, 4, &[0, 1]), needed(2, 3, &[0, 1]), needed(3, 2, &[0, 1, 2])], [12, 12, 14].map(gap));
    assert_eq!([needed(1, 2, &[0]), needed(1, 2, &[3]), needed(2, 1, &[3, 4])], [5, 7, 3].map(gap));
}

#[test]
fn nobody_can_come_outside_their_windows_or_while_away() {
    let of = Party::Person(id(5));
    let available = |windows: Vec<Span>, away: Vec<Span>| Snapshot {
        availability: vec![Availability { of, windows, away }],
        ..programme([with(5, Weight::Invited, sits(1, "8 09:00-12:00"))])
    };
    nothing(&available(vec![], vec![]));
    nothing(&available(vec![span("8 08:00-10:00"), span("8 10:00-12:00")], vec![span("8 12:00-13:00")]));
    let absent = only(&available(vec![span("8 08:00-11:00")], vec![span("8 09:00-09:30")]));
    let spans = [span("8 09:00-09:30"), span("8 11:00-12:00")];
    assert_eq!(
        said(&absent),
        (Rule::PersonUnavailable, &[s(1), p(5)][..], &spans[..], &Params::Outside { minutes: 90 })
    );
}

#[test]
fn who_has_to_come_has_nothing_elsewhere() {
    let commitments = vec![Commitment { of: Party::Person(id(5)), span: span("8 11:00-15:00") }];
    let session = |weight| Snapshot {
        commitments: commitments.clone(),
        ..programme([with(5, weight, sits(1, "8 09:00-12:00"))])
    };
    nothing(&session(Weight::Invited));
    let elsewhere = only(&session(Weight::Required));
    let spans = [span("8 11:00-12:00")];
    assert_eq!(said(&elsewhere), (Rule::CrossEvent, &[s(1), p(5)][..], &spans[..], &Params::Overlap { minutes: 60 }));
    let of = Party::Delegation(id(9));
    let commitments = vec![Commitment { of, span: span("8 08:00-09:30") }];
    let delegation = Snapshot { commitments, ..programme([expecting(&[9], sits(1, "8 09:00-12:00"))]) };
    assert_eq!(
        said(&only(&delegation)),
        (Rule::CrossEvent, &[s(1), d(9)][..], &[span("8 09:00-09:30")][..], &Params::Overlap { minutes: 30 })
    );
}

#[test]
fn the_host_works_at_hours_of_the_wall_and_not_on_days_off() {
    // Summer time in Warsaw: 9 to 18 are 7 to 16 in UTC; on the 10th only until noon.
    let hours = |days: Vec<_>, to| Hours { days, from: time(9, 0, 0, 0), to: time(to, 0, 0, 0) };
    let working_hours = vec![hours(vec![date(2026, 6, 8), date(2026, 6, 9)], 18), hours(vec![date(2026, 6, 10)], 12)];
    let holidays = vec![Holiday { day: date(2026, 6, 9), name: named("founding") }];
    let zone = TimeZone::get("Europe/Warsaw").unwrap();
    let session = |when| Snapshot {
        zone: zone.clone(),
        working_hours: working_hours.clone(),
        holidays: holidays.clone(),
        ..programme([sits(1, when)])
    };
    nothing(&session("8 07:00-16:00"));
    let early = only(&session("8 06:30-08:00"));
    let spans = [span("8 06:30-07:00")];
    assert_eq!(said(&early), (Rule::OutsideHours, &[s(1)][..], &spans[..], &Params::Outside { minutes: 30 }));
    assert_eq!(only(&session("10 09:00-12:00")).spans, [span("10 10:00-12:00")]);
    let off = only(&session("9 07:00-08:00"));
    let spans = [span("9 07:00-08:00")];
    assert_eq!(said(&off), (Rule::Holiday, &[s(1)][..], &spans[..], &Params::Named { name: named("founding") }));
}

#[test]
fn times_of_prayer_are_kept_free() {
    let observances = vec![Observance { span: span("12 11:30-12:30"), name: named("prayer") }];
    let session = |when| Snapshot { observances: observances.clone(), ..programme([sits(1, when)]) };
    nothing(&session("12 10:00-11:30"));
    let during = only(&session("12 12:00-13:00"));
    let spans = [span("12 12:00-12:30")];
    assert_eq!(said(&during), (Rule::Observance, &[s(1)][..], &spans[..], &Params::Named { name: named("prayer") }));
}

#[test]
fn too_many_from_afar_have_night() {
    // At 15:00 UTC it is midnight in Seoul, 11:00 in New York, 17:00 in Warsaw, 12:00 in Santiago.
    let zones = [(1, "Asia/Seoul"), (2, "America/New_York"), (3, "Europe/Warsaw"), (4, "America/Santiago")];
    let of =
        |(number, zone)| Delegation { id: id(number), able: None, confirmed: true, zone: TimeZone::get(zone).ok() };
    let with = |online: &[u128], when| Snapshot {
        delegations: zones.map(of).to_vec(),
        ..programme([expecting(online, sits(1, when))])
    };
    // One of four is a quarter, which is not more than a quarter.
    nothing(&with(&[1, 2, 3, 4], "8 15:00-16:00"));
    let night = only(&with(&[1, 2, 3], "8 15:00-16:00"));
    assert_eq!((night.rule, night.params), (Rule::UnsociableRemote, Params::Night { asleep: 1, online: 3 }));
    // Seoul goes to bed at 13:00 UTC and gets up at 21:00.
    nothing(&with(&[1], "8 12:00-13:00"));
    assert_eq!(only(&with(&[1], "8 12:00-13:01")).params, Params::Night { asleep: 1, online: 1 });
    nothing(&with(&[1], "8 21:00-22:00"));
    assert_eq!(only(&with(&[1], "8 20:59-22:00")).rule, Rule::UnsociableRemote);
}

#[test]
fn an_agenda_fits_its_sitting() {
    let item = |minutes| Item { minutes, ..Item::default() };
    let with = |agenda: Vec<Item>| programme([Session { agenda, ..sits(1, "8 09:00-10:30") }]);
    nothing(&with(vec![item(60), item(30)]));
    let over = only(&with(vec![item(60), item(31)]));
    assert_eq!(said(&over).3, &Params::Agenda { minutes: 91, available: 90 });
    assert_eq!((over.rule, over.spans), (Rule::AgendaOverflow, vec![span("8 09:00-10:30")]));
}

#[test]
fn nothing_is_decided_without_quorum() {
    let delegation = |number, confirmed| Delegation { id: id(number), able: None, confirmed, zone: None };
    let delegations = vec![delegation(1, true), delegation(2, false), delegation(3, true), delegation(4, true)];
    let with = |decides, quorum: Option<u32>| {
        let agenda = vec![Item { decides, ..Item::default() }];
        let quorum = quorum.map(|needed| Quorum { needed, of: vec![id(1), id(2), id(3)] });
        // The fourth has confirmed and sits there, and does not count.
        let session = Session { agenda, quorum, ..expecting(&[1, 2, 3, 4], sits(1, "8 09:00-10:00")) };
        Snapshot { delegations: delegations.clone(), ..programme([session]) }
    };
    nothing(&with(true, Some(2)));
    nothing(&with(false, Some(3)));
    nothing(&with(true, None));
    let short = only(&with(true, Some(3)));
    assert_eq!((short.rule, short.severity), (Rule::QuorumRisk, Severity::BlockRelease));
    assert_eq!(short.params, Params::Quorum { confirmed: 2, needed: 3 });
}

#[test]
fn a_document_for_a_decision_is_there_some_days_before() {
    let with = |provided_on, as_of: &str| {
        let documents = vec![Document { days_before: 5, provided_on }];
        let agenda = vec![Item::default(), Item { decides: true, documents, ..Item::default() }];
        Snapshot { as_of: at(as_of), ..programme([Session { agenda, ..sits(1, "10 09:00-10:00") }]) }
    };
    let provided = |day| Some(date(2026, 6, day));
    nothing(&with(provided(5), "9 12:00"));
    nothing(&with(None, "5 23:59"));
    let late = |provided_on| Params::Document { item: 2, deadline: date(2026, 6, 5), provided_on };
    let missing = only(&with(None, "6 00:00"));
    assert_eq!((missing.rule, missing.params), (Rule::DocDeadline, late(None)));
    assert_eq!(only(&with(provided(6), "6 00:00")).params, late(provided(6)));
}

#[test]
fn what_has_no_time_or_no_room_is_told() {
    let session = Session::new(id(1), 1, Kind::Workshop);
    let missing = |time, room| Params::Missing { time, room };
    let unplaced = only(&programme([session.clone()]));
    assert_eq!(said(&unplaced), (Rule::Unplaced, &[s(1)][..], &[][..], &missing(true, false)));
    assert_eq!(only(&programme([Session { in_room: 10, ..session }])).params, missing(true, true));
    let somewhere = Session { in_room: 10, ..sits(1, "8 09:00-10:00") };
    assert_eq!(only(&programme([somewhere.clone()])).params, missing(false, true));
    nothing(&programme([in_room(7, somewhere)]));
}

#[test]
fn those_who_have_to_come_and_have_not_said_so_are_told() {
    let mut session = sits(1, "8 09:00-10:00");
    let duty = |person, weight| Duty { person: id(person), weight, confirmed: false };
    session.duties = vec![duty(6, Weight::Speaker), duty(5, Weight::Required), duty(4, Weight::Invited)];
    let open = only(&programme([with(3, Weight::Chair, session)]));
    assert_eq!((open.rule, &open.subjects[..]), (Rule::Unconfirmed, &[s(1), p(5), p(6)][..]));
}

#[test]
fn what_an_event_ignores_is_not_looked_for_and_double_booking_is_never_made_light_of() {
    let both =
        programme([in_room(7, sits(1, "8 09:00-10:30")), in_room(7, with(5, Weight::Chair, sits(2, "8 10:00-11:00")))]);
    let light = [(Rule::RoomOverlap, Severity::Ignore), (Rule::RoomCapacity, Severity::BlockEdit)];
    let settings = Settings { severities: light.into(), ..Settings::default() };
    assert_eq!(settings.check().unwrap_err()[0].pointer, "/severities/room_overlap");
    assert_eq!(evaluate(&both, &settings)[0].severity, Severity::BlockRelease);
    let unplaced = programme([Session::new(id(1), 1, Kind::Workshop)]);
    let ignored = Settings { severities: [(Rule::Unplaced, Severity::Ignore)].into(), ..Settings::default() };
    assert_eq!((evaluate(&unplaced, &ignored), ignored.check()), (vec![], Ok(())));
}
