//! A waiver lives as long as its clash is the same.

use super::*;

/// Two sessions of person 5, who chairs both, overlapping by half an hour; a third far away.
fn overlap() -> Snapshot {
    let chaired = |session| with(5, Weight::Chair, session);
    programme([chaired(sits(1, "8 09:00-10:00")), chaired(sits(2, "8 09:30-11:00")), chaired(sits(3, "9 09:00-10:00"))])
}

fn moved(mut snapshot: Snapshot, number: usize, when: &str) -> Snapshot {
    snapshot.sessions[number - 1].slot = Some(span(when));
    snapshot
}

fn fingerprint(snapshot: &Snapshot) -> Fingerprint {
    only(snapshot).fingerprint
}

#[test]
fn a_clash_stays_the_same_while_what_its_sessions_share_does() {
    let before = fingerprint(&overlap());
    let same = [
        moved(overlap(), 3, "10 15:00-16:00"),
        moved(moved(overlap(), 1, "9 12:00-13:00"), 2, "9 12:30-14:00"),
        // The end of the second is no matter of the first.
        moved(overlap(), 2, "8 09:30-12:00"),
    ];
    for snapshot in same {
        assert_eq!(fingerprint(&snapshot), before);
    }
}

#[test]
fn a_clash_is_another_with_other_participants_duties_or_overlap() {
    let before = fingerprint(&overlap());
    let mut duty = overlap();
    duty.sessions[0].duties[0].weight = Weight::Speaker;
    let mut person = overlap();
    person.sessions.iter_mut().for_each(|session| session.duties[0].person = id(6));
    let others = [
        moved(overlap(), 2, "8 09:45-11:00"),
        moved(overlap(), 2, "8 08:00-09:30"),
        // As long as before, but now the third stands in for the second.
        moved(moved(overlap(), 3, "8 09:30-11:00"), 2, "9 09:00-10:00"),
        duty,
        person,
    ];
    for snapshot in others {
        assert_ne!(fingerprint(&snapshot), before);
    }
}

#[test]
fn what_does_not_move_is_met_at_an_instant_and_a_room_too_small_is_so_at_any() {
    let commitments = vec![Commitment { of: Party::Person(id(5)), span: span("1 00:00-20 00:00") }];
    let elsewhere =
        |when| Snapshot { commitments: commitments.clone(), ..programme([with(5, Weight::Chair, sits(1, when))]) };
    assert_ne!(fingerprint(&elsewhere("8 09:00-10:00")), fingerprint(&elsewhere("9 09:00-10:00")));
    let rooms = vec![Room { capacity: Some(10), ..room(7) }];
    let full = |when, in_room| {
        let session = Session { in_room, ..super::in_room(7, sits(1, when)) };
        Snapshot { rooms: rooms.clone(), ..programme([session]) }
    };
    assert_eq!(fingerprint(&full("8 09:00-10:00", 11)), fingerprint(&full("9 09:00-10:00", 11)));
    assert_ne!(fingerprint(&full("8 09:00-10:00", 11)), fingerprint(&full("8 09:00-10:00", 30)));
}

/// Waivers are kept for months: what is hashed may change only on purpose. Computed with Python's hashlib over
/// `person_overlap_chair`, the tagged ids, 1800, 1800 and 0 as 8 bytes each, and the JSON of the params.
#[test]
fn a_fingerprint_is_the_hash_it_is_said_to_be() {
    assert_eq!(fingerprint(&overlap()).to_string(), "fd25266eec5dd4901ca25559e23966e0");
}

fn waiver(fingerprint: Fingerprint, until: Option<&str>) -> Waiver {
    let reason = "The vice-chair takes over at half past.".to_owned();
    Waiver { fingerprint, reason, by: "Secretariat".to_owned(), at: at("1 12:00"), until: until.map(at) }
}

#[test]
fn a_waiver_holds_from_when_it_was_given_until_it_ends() {
    let finding = only(&overlap());
    let waivers =
        [waiver(finding.fingerprint.clone(), Some("3 12:00")), waiver(finding.fingerprint.clone(), Some("5 12:00"))];
    let sorted = |now: &str| Sorted::at(at(now), vec![finding.clone()], &waivers);
    assert_eq!(sorted("1 11:59").waived, []);
    assert_eq!(sorted("2 12:00").waived, [(finding.clone(), &waivers[1])]);
    assert_eq!(sorted("4 12:00").blocks_release().count(), 0);
    assert_eq!(sorted("5 12:00").blocks_release().count(), 1);
}

#[test]
fn nobody_waives_a_room_booked_twice() {
    let twice = only(&programme([in_room(7, sits(1, "8 09:00-10:00")), in_room(7, sits(2, "8 09:00-10:00"))]));
    let waivers = [waiver(twice.fingerprint.clone(), None)];
    let sorted = Sorted::at(at("2 12:00"), vec![twice.clone()], &waivers);
    assert_eq!((sorted.blocks_release().count(), sorted.blocks_edit().count(), sorted.waived.len()), (1, 0, 0));
    let strict = Finding { severity: Severity::BlockEdit, ..twice };
    assert_eq!(Sorted::at(at("2 12:00"), vec![strict], &waivers).blocks_edit().count(), 1);
}
