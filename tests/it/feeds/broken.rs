//! Files that are broken as calendars of other servers were, each in one place: every one is caught, by the programs of
//! others that read what we write or by our own reading of it, so that none can come from us unnoticed.

use super::{readers, strict::faults};

/// A calendar as we write it, by hand.
const GOOD: &str = "\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Plenum//Plenum calendar feeds//EN
CALSCALE:GREGORIAN
UID:event-1@plenum.example
NAME:Meeting
X-WR-CALNAME:Meeting
X-WR-TIMEZONE:Asia/Seoul
LAST-MODIFIED:20191001T083015Z
URL:https://plenum.example/events/1
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VEVENT
UID:event-1@plenum.example
DTSTAMP:20191001T083015Z
CREATED:20190902T060000Z
LAST-MODIFIED:20191001T083015Z
SEQUENCE:1
DTSTART;VALUE=DATE:20191007
DTEND;VALUE=DATE:20191009
SUMMARY:Meeting
STATUS:CONFIRMED
TRANSP:TRANSPARENT
CLASS:PUBLIC
END:VEVENT
BEGIN:VEVENT
UID:session-2@plenum.example
DTSTAMP:20191001T083015Z
CREATED:20190902T060000Z
LAST-MODIFIED:20191001T083015Z
SEQUENCE:2
DTSTART:20191007T000000Z
DTEND:20191007T033000Z
SUMMARY:Sesja otwierająca
STATUS:CONFIRMED
TRANSP:TRANSPARENT
CLASS:PUBLIC
LOCATION:Crystal Hall\\, Seoul
GEO:37.532600;126.960700
DESCRIPTION:Norms\\, trust and points to make. The room is ready at half p
 ast eight.\\n\\nhttps://plenum.example/events/1
URL:https://plenum.example/events/1
CATEGORIES:plenary
END:VEVENT
END:VCALENDAR
";

fn good() -> String {
    GOOD.replace('\n', "\r\n")
}

/// What is broken, how our own reading of it calls that, and the text that stands in the place of another.
const BROKEN: [(&str, &str, &str, &str); 33] = [
    ("long line", "line of more than 75 octets", "half p\r\n ast eight", "half past eight"),
    ("bare LF within", "line not ended by CRLF", "CLASS:PUBLIC\r\nLOC", "CLASS:PUBLIC\nLOC"),
    ("no line end at the end", "does not end with the calendar", "END:VCALENDAR\r\n", "END:VCALENDAR"),
    ("a byte order mark", "does not begin with the calendar", "BEGIN:VCALENDAR", "\u{feff}BEGIN:VCALENDAR"),
    ("words before the calendar", "does not begin with the calendar", "BEGIN:VCALENDAR", "None\r\nBEGIN:VCALENDAR"),
    ("an empty line", "empty line", "SEQUENCE:2\r\n", "SEQUENCE:2\r\n\r\n"),
    ("a day that ends when it starts", "it does not end after it starts", "DATE:20191009", "DATE:20191007"),
    ("a session that ends before it starts", "it does not end after it starts", "T033000Z", "T000000Z"),
    ("a day with an end at an instant", "it does not end after it starts", ";VALUE=DATE:20191009", ":20191009T000000Z"),
    ("the same UID twice", "the same UID twice", "session-2@", "event-1@"),
    ("an escape broken by a fold", "escape broken by a fold", "\\n\\nhttps", "\\\r\n n\\nhttps"),
    ("a carriage return in a text", "control character", "Crystal Hall", "Crystal\rHall"),
    ("a bell in a text", "control character", "Crystal Hall", "Crystal\u{7}Hall"),
    ("no product", "a property is missing", "PRODID:-//Plenum//Plenum calendar feeds//EN\r\n", ""),
    ("no version", "a property is missing", "VERSION:2.0\r\n", ""),
    ("no stamp", "a property is missing", "DTSTAMP:20191001T083015Z\r\n", ""),
    ("no UID", "a property is missing", "UID:session-2@plenum.example\r\n", ""),
    ("no start", "a property is missing", "DTSTART:20191007T000000Z\r\n", ""),
    ("no end", "a property is missing", "DTEND:20191007T033000Z\r\n", ""),
    ("a status there is not", "a value not of its type", "STATUS:CONFIRMED", "STATUS:RESCHEDULED"),
    ("a comma that is not escaped", "a value not of its type", "Hall\\, Seoul", "Hall, Seoul"),
    ("an escape there is not", "a value not of its type", "Hall\\, Seoul", "Hall\\\" Seoul"),
    ("a line that people typed", "a property we do not write", "half p", "half\r\nX-EVIL:p"),
    ("somebody's address", "a property we do not write", "CATEGORIES:", "ATTENDEE:mailto:a@example.org\r\nCATEGORIES:"),
    ("a method", "a property we do not write", "CALSCALE", "METHOD:PUBLISH\r\nCALSCALE"),
    ("a time without zone", "a value not of its type", "T000000Z", "T000000"),
    (
        "a zone without definition",
        "a value not of its type",
        "DTSTART:20191007T000000Z",
        "DTSTART;TZID=Asia/Seoul:20191007T000000",
    ),
    ("a position that is escaped", "a value not of its type", "37.532600;", "37.532600\\;"),
    (
        "an entry that goes on",
        "components that are not nested",
        "CATEGORIES:plenary\r\nEND:VEVENT\r\n",
        "CATEGORIES:plenary\r\n",
    ),
    ("two titles", "the same property twice", "SUMMARY:Meeting\r\n", "SUMMARY:Meeting\r\nSUMMARY:Another\r\n"),
    ("a day that is no date", "a value not of its type", "DTSTART;VALUE=DATE:20191007", "DTSTART:20191007"),
    ("a duration there is not", "a value not of its type", "DURATION:PT1H", "DURATION:P1H"),
    ("a property without a value", "a property without a value", "CATEGORIES:plenary", "CATEGORIES:"),
];

/// The files that cannot be had by putting one text in the place of another.
fn more() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let good = good();
    let (head, tail) = good.split_once("otwierają").unwrap();
    let head = format!("{head}otwieraj");
    // U+0105 is C4 85.
    let split = [head.as_bytes(), b"\xc4\r\n \x85", tail.as_bytes()].concat();
    vec![
        ("bare LF everywhere", "line not ended by CRLF", good.replace("\r\n", "\n").into_bytes()),
        ("a character broken by a fold", "character broken by a fold", split),
    ]
}

fn broken() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let good = good();
    let mut all = more();
    for (name, fault, from, to) in BROKEN {
        let file = good.replacen(from, to, 1);
        assert_ne!(file, good, "{name}");
        all.push((name, fault, file.into_bytes()));
    }
    all
}

#[test]
fn nothing_is_wrong_with_a_good_calendar_and_all_programs_read_the_same() {
    assert_eq!(faults(good().as_bytes()), Vec::<&str>::new());
    for (program, seen) in readers::foreign(&good()) {
        let seen: Vec<_> =
            seen.iter().map(|entry| (entry.start.as_str(), entry.end.as_str(), entry.summary.as_str())).collect();
        let expected = [
            ("2019-10-07", "2019-10-09", "Meeting"),
            ("2019-10-07T00:00:00Z", "2019-10-07T03:30:00Z", "Sesja otwierająca"),
        ];
        assert_eq!(seen, expected, "{program}");
    }
}

#[test]
fn every_broken_calendar_is_caught() {
    let broken = broken();
    let files: Vec<_> = broken.iter().map(|(.., file)| file.as_slice()).collect();
    let by_programs = readers::refusals(&files);
    let mut caught_by_programs = 0;
    for ((name, fault, file), refused_by) in broken.iter().zip(&by_programs) {
        eprintln!(
            "{name}: {fault}; refused by {}",
            if refused_by.is_empty() { "nobody".into() } else { refused_by.join(", ") }
        );
        assert!(faults(file).contains(fault), "{name}: {:?}", faults(file));
        caught_by_programs += usize::from(!refused_by.is_empty());
    }
    // No program here minds these five, and each has made a calendar disappear somewhere.
    if by_programs.iter().any(|refused| !refused.is_empty()) {
        assert!(caught_by_programs >= 15, "{caught_by_programs} of {}", broken.len());
    }
}
