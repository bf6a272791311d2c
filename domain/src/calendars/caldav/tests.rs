use proptest::prelude::*;

use super::{Element, Fault, Filter, Member, Multistatus, Place, Report, State, Wanted, free_busy};

const FILE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
BEGIN:VEVENT\r\nUID:session-1@plenum\r\nDTSTART:20270301T010000Z\r\nDTEND:20270301T020000Z\r\n\
SUMMARY:A long title that is folded somewhere in the middle of it\\, END:VEV\r\n ENT BEGIN:VEVENT\r\n\
TRANSP:OPAQUE\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:event-2@plenum\r\nDTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270303\r\nSUMMARY:Days\r\n\
TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn matching(condition: &str) -> Vec<&'static str> {
    let filter = format!(
        "<filter xmlns=\"urn:ietf:params:xml:ns:caldav\"><comp-filter name=\"VCALENDAR\">\
         <comp-filter name=\"VEVENT\">{condition}</comp-filter></comp-filter></filter>"
    );
    let filter = Filter::read(&Element::read(filter.as_bytes()).unwrap()).unwrap();
    Member::all(FILE).filter(|member| filter.holds(member)).map(|member| member.name).collect()
}

#[test]
fn a_file_is_cut_where_entries_begin_and_nowhere_else() {
    let names: Vec<_> = Member::all(FILE).map(|member| member.name).collect();
    assert_eq!(names, ["session-1", "event-2"]);
    let files: String = Member::all(FILE).map(|member| member.file()).collect();
    assert_eq!(files.matches("\r\nBEGIN:VEVENT\r\n").count(), 2);
    assert!(files.contains("END:VEV\r\n ENT BEGIN:VEVENT\r\n"), "as it stands in the feed");
}

#[test]
fn an_entry_is_in_a_time_that_it_touches_from_within() {
    let cases = [
        ("start=\"20270301T020000Z\" end=\"20270301T030000Z\"", vec!["event-2"]),
        ("start=\"20270301T015959Z\" end=\"20270301T030000Z\"", vec!["session-1", "event-2"]),
        ("end=\"20270301T010000Z\"", vec!["event-2"]),
        ("start=\"20270303T000000Z\"", vec![]),
    ];
    for (range, expected) in cases {
        assert_eq!(matching(&format!("<time-range {range}/>")), expected, "{range}");
    }
    let text = |text: &str| format!("<prop-filter name=\"SUMMARY\"><text-match>{text}</text-match></prop-filter>");
    assert_eq!(matching(&text("IT, end:vevent")), ["session-1"], "unfolded and unescaped, as people read it");
}

#[test]
fn busy_times_are_those_of_what_takes_time() {
    let span = ("2027-03-01T01:30:00Z".parse().unwrap(), "2027-03-05T00:00:00Z".parse().unwrap());
    let busy = free_busy(FILE, span, span.0);
    let lines: Vec<_> = busy.lines().filter(|line| line.starts_with("FREEBUSY")).collect();
    assert_eq!(lines, ["FREEBUSY;FBTYPE=BUSY:20270301T013000Z/20270301T020000Z"]);
}

#[test]
fn an_address_is_understood_with_and_without_its_slash_its_host_and_its_escapes() {
    let (account, feed) = ("0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506", "0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f507");
    for path in ["/dav", "/dav/", "http://host/dav/"] {
        assert_eq!(Place::parse(path), Some(Place::Root), "{path}");
    }
    let calendar = Place::parse(&format!("/dav/c/{account}/{feed}")).unwrap();
    assert_eq!(calendar.path(), format!("/dav/c/{account}/{feed}/"));
    let member = Place::parse(&format!("/dav/c/{account}/{feed}/session%2D1.ics")).unwrap();
    assert_eq!(member.path(), format!("/dav/c/{account}/{feed}/session-1.ics"));
    for path in ["/davx", "/dav/x", "/dav/p/x", "/dav/%", "/dav/%f", "/dav/%ff", "http://host", ""] {
        assert_eq!(Place::parse(path), None, "{path}");
    }
}

#[test]
fn xml_with_a_type_an_entity_or_too_much_of_anything_is_refused() {
    let deep = format!("{}{}", "<a>".repeat(33), "</a>".repeat(33));
    let wide = format!("<a>{}</a>", "<b/>".repeat(20_000));
    for (body, fault) in [
        ("<!DOCTYPE a><a/>", Fault::Entities),
        ("<a>&b;</a>", Fault::Entities),
        (&deep, Fault::TooLarge),
        (&wide, Fault::TooLarge),
        ("<a><b></a></b>", Fault::Malformed),
        ("<a/><a/>", Fault::Malformed),
        ("<x:a/>", Fault::Malformed),
        ("<a\"/>", Fault::Malformed),
        ("", Fault::Malformed),
    ] {
        assert_eq!(Element::read(body.as_bytes()), Err(fault), "{}", body.chars().take(40).collect::<String>());
    }
    assert_eq!(Element::read("\u{feff}<a>&lt;&#65;<![CDATA[&]]></a>".as_bytes()).unwrap().text(), "<A&");
}

proptest! {
    #[test]
    fn no_body_makes_reading_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (Wanted::read(&body), Report::read(&body));
    }

    #[test]
    fn whatever_address_is_missing_the_answer_can_be_read(href in "[ -~]{0,40}") {
        let mut told = Multistatus::default();
        told.missing(&href);
        let answer = Element::read(told.finish().as_bytes());
        let answer = answer.unwrap();
        prop_assert_eq!(answer.children[0].children[0].text(), href.trim());
    }

    #[test]
    fn what_changed_takes_one_state_to_the_other(
        before in prop::collection::btree_map("[a-d]", "[0-2]", 0..4),
        after in prop::collection::btree_map("[a-d]", "[0-2]", 0..4),
    ) {
        let state = |map| serde_json::from_value::<State>(serde_json::to_value(map).unwrap()).unwrap();
        let changes = state(&after).since(&state(&before));
        let mut held = before.clone();
        changes.removed.iter().for_each(|name| { held.remove(name).unwrap(); });
        for name in &changes.changed {
            prop_assert_ne!(before.get(name), after.get(name), "told in vain");
            held.insert(name.clone(), after[name].clone());
        }
        prop_assert_eq!(held, after);
    }
}
