//! What subscribers' programs must be able to rely on, whatever people type.

use icalendar::{Component, DatePerhapsTime, EventLike};
use jiff::{Timestamp, ToSpan, civil::date};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;
use crate::Language;

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

fn span(start: &str, end: &str) -> When {
    When::Once(Span::new(at(start), at(end)).unwrap())
}

fn opening() -> Entry {
    Entry {
        uid: Text::line("session-0192f0c1-7d3e-7a10-8b52-3f6f1c2d4e5a@plenum.example"),
        sequence: 2,
        created: at("2019-09-02T06:00:00Z"),
        changed: at("2019-10-01T08:30:15.987654Z"),
        when: span("2019-10-07T09:00:00+09:00", "2019-10-07T12:30:00+09:00"),
        status: Status::Confirmed,
        takes_time: true,
        summary: Text::line("Sesja otwierająca: prawo międzynarodowe, normy; środki budowy zaufania"),
        location: place(["Crystal Hall", "Seoul Dragon City", "Seoul"]),
        position: Position::new(37.5326, 126.9607),
        description: Some(Text::long(
            "Współprzewodniczą: Republika Korei, Polska, Stany Zjednoczone.\r\n\
             Podkład: normy; zaufanie; punkty kontaktowe. Sala gotowa o 8:30.",
        )),
        url: Uri::parse("https://plenum.example/sessions/0192f0c1-7d3e-7a10-8b52-3f6f1c2d4e5a?lang=pl"),
        categories: vec![Text::line("warsaw-cyber"), Text::line("Plenary, opening")],
        class: Class::Public,
    }
}

fn warsaw_cyber() -> Calendar {
    Calendar {
        uid: Text::line("feed-0192f0c1-0000-7a10-8b52-3f6f1c2d4e5a@plenum.example"),
        name: Text::line("Warsaw Process; cyber"),
        description: Some(Text::line("Sessions of the group, all tracks")),
        source: Uri::parse("https://plenum.example/ical/groups/warsaw-cyber.ics"),
        page: Uri::parse("https://plenum.example/events/seoul-2019"),
        time_zone: Some(Text::line("Asia/Seoul")),
        colour: Some(Colour::Navy),
        changed: at("2019-10-01T08:30:15Z"),
    }
}

/// Written by hand from RFC 5545, the octets counted with another program.
#[test]
fn a_session_with_everything_is_written_as_the_standard_has_it() {
    let expected = [
        r"BEGIN:VEVENT",
        r"UID:session-0192f0c1-7d3e-7a10-8b52-3f6f1c2d4e5a@plenum.example",
        r"DTSTAMP:20191001T083015Z",
        r"CREATED:20190902T060000Z",
        r"LAST-MODIFIED:20191001T083015Z",
        r"SEQUENCE:2",
        r"DTSTART:20191007T000000Z",
        r"DTEND:20191007T033000Z",
        r"SUMMARY:Sesja otwierająca: prawo międzynarodowe\, normy\; środki budowy ",
        r" zaufania",
        r"STATUS:CONFIRMED",
        r"TRANSP:OPAQUE",
        r"CLASS:PUBLIC",
        r"LOCATION:Crystal Hall\, Seoul Dragon City\, Seoul",
        r"GEO:37.532600;126.960700",
        r"DESCRIPTION:Współprzewodniczą: Republika Korei\, Polska\, Stany Zjednocz",
        r" one.\nPodkład: normy\; zaufanie\; punkty kontaktowe. Sala gotowa o 8:30.",
        r" \n\nhttps://plenum.example/sessions/0192f0c1-7d3e-7a10-8b52-3f6f1c2d4e5a?l",
        r" ang=pl",
        r"URL:https://plenum.example/sessions/0192f0c1-7d3e-7a10-8b52-3f6f1c2d4e5a?la",
        r" ng=pl",
        r"CATEGORIES:warsaw-cyber,Plenary\, opening",
        r"END:VEVENT",
        "",
    ];
    assert_eq!(opening().vevent(Detail::Full, &language("pl")), expected.join("\r\n"));
}

#[test]
fn a_calendar_names_itself_for_new_and_old_programs_and_asks_nothing() {
    let expected = [
        r"BEGIN:VCALENDAR",
        r"VERSION:2.0",
        r"PRODID:-//Plenum//Plenum calendar feeds//EN",
        r"CALSCALE:GREGORIAN",
        r"UID:feed-0192f0c1-0000-7a10-8b52-3f6f1c2d4e5a@plenum.example",
        r"NAME:Warsaw Process\; cyber",
        r"X-WR-CALNAME:Warsaw Process\; cyber",
        r"DESCRIPTION:Sessions of the group\, all tracks",
        r"X-WR-CALDESC:Sessions of the group\, all tracks",
        r"X-WR-TIMEZONE:Asia/Seoul",
        r"LAST-MODIFIED:20191001T083015Z",
        r"URL:https://plenum.example/events/seoul-2019",
        r"SOURCE;VALUE=URI:https://plenum.example/ical/groups/warsaw-cyber.ics",
        r"REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        r"X-PUBLISHED-TTL:PT1H",
        r"COLOR:navy",
        r"X-APPLE-CALENDAR-COLOR:#000080",
        r"one",
        r"two",
        r"END:VCALENDAR",
        "",
    ];
    assert_eq!(warsaw_cyber().assemble(["one\r\n", "two\r\n"]), expected.join("\r\n"));
}

#[test]
fn title_only_gives_away_neither_place_nor_contents() {
    let text = opening().vevent(Detail::TitleOnly, &language("pl"));
    assert_eq!(names(&text), names_of(&opening(), Detail::TitleOnly));
    assert!(text.contains("Sesja") && !text.contains("Crystal") && !text.contains("https:"));
}

#[test]
fn busy_only_says_that_the_time_is_taken_and_nothing_of_by_what() {
    let in_a_group_feed = Entry { takes_time: false, ..opening() };
    let text = in_a_group_feed.vevent(Detail::BusyOnly, &language("ko"));
    assert!(text.contains("\r\nSUMMARY:일정 있음\r\n") && text.contains("\r\nTRANSP:OPAQUE\r\n"));
    for secret in ["Sesja", "Crystal", "https:", "warsaw", "GEO"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn a_cancelled_session_says_so_in_its_title_and_frees_the_time() {
    let cancelled = Entry { status: Status::Cancelled, summary: Text::line("Plenary"), ..opening() };
    let text = cancelled.vevent(Detail::Full, &language("pl"));
    assert!(text.contains("\r\nSUMMARY:Odwołane: Plenary\r\nSTATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n"), "{text}");
    let text = cancelled.vevent(Detail::TitleOnly, &language("mt"));
    assert!(text.contains("\r\nSUMMARY:Cancelled: Plenary\r\n"), "{text}");
}

#[test]
fn a_reminder_is_part_of_a_session_that_takes_place_and_of_nothing_else() {
    let reminded = |entry: &Entry| entry.vevent_with(Detail::TitleOnly, &language("pl"), Some(15));
    let expected = [
        r"BEGIN:VALARM",
        r"UID:alarm-session-0192f0c1-7d3e-7a10-8b52-3f6f1c2d4e5a@plenum.example",
        r"ACTION:DISPLAY",
        r"DESCRIPTION:Sesja otwierająca: prawo międzynarodowe\, normy\; środki bud",
        r" owy zaufania",
        r"TRIGGER:-PT15M",
        r"END:VALARM",
        r"END:VEVENT",
        "",
    ];
    let text = reminded(&opening());
    assert!(text.ends_with(&expected.join("\r\n")), "{text}");
    let days = Days::new(date(2019, 10, 7), date(2019, 10, 8)).unwrap();
    for quiet in [Entry { status: Status::Cancelled, ..opening() }, Entry { when: When::WholeDays(days), ..opening() }]
    {
        assert!(!reminded(&quiet).contains("VALARM"));
    }
    assert!(!opening().vevent(Detail::Full, &language("pl")).contains("VALARM"));
}

#[test]
fn a_group_feed_leaves_the_subscribers_time_free() {
    let text = Entry { takes_time: false, ..opening() }.vevent(Detail::Full, &language("en"));
    assert!(text.contains("\r\nTRANSP:TRANSPARENT\r\n"));
}

#[test]
fn an_event_of_two_days_ends_on_the_third() {
    let days = Days::new(date(2019, 10, 7), date(2019, 10, 8)).unwrap();
    let event = Entry { when: When::WholeDays(days), ..opening() };
    let text = event.vevent(Detail::Full, &language("en"));
    assert!(text.contains("\r\nDTSTART;VALUE=DATE:20191007\r\nDTEND;VALUE=DATE:20191009\r\n"));
    assert!(text.contains("\r\nTRANSP:TRANSPARENT\r\n"));
}

#[test]
fn an_entry_that_does_not_last_is_refused() {
    assert!(Span::new(at("2019-10-07T00:00:00Z"), at("2019-10-07T00:00:00Z")).is_err());
    assert!(Span::new(at("2019-10-07T00:00:00.1Z"), at("2019-10-07T00:00:00.9Z")).is_err());
    assert!(Span::new(at("2019-10-07T00:00:00.9Z"), at("2019-10-07T00:00:01Z")).is_ok());
    assert!(Days::new(date(2019, 10, 8), date(2019, 10, 7)).is_err());
    assert!(Days::new(date(2019, 10, 8), date(2019, 10, 8)).is_ok());
    assert!(Days::new(date(9999, 12, 31), date(9999, 12, 31)).is_err());
}

#[test]
fn text_that_is_too_long_ends_in_an_ellipsis_and_keeps_the_link() {
    assert_eq!(Text::line(&"한".repeat(255)).as_str().chars().count(), 255);
    assert_eq!(Text::line(&"한".repeat(256)).as_str(), format!("{}…", "한".repeat(254)));
    // 8,192 octets hold 2,729 characters of three octets and the ellipsis, which has three as well.
    assert_eq!(Text::long(&"한".repeat(3000)).as_str(), format!("{}…", "한".repeat(2729)));
    let entry = Entry { description: Some(Text::long(&"x".repeat(9000))), ..opening() };
    let text = entry.vevent(Detail::Full, &language("en"));
    assert!(text.replace("\r\n ", "").contains("x…\\n\\nhttps://plenum.example/"));
}

#[test]
fn text_loses_control_characters_and_gains_one_form() {
    assert_eq!(Text::long("a\r\nb\rc\u{2028}d\u{0}\u{7f}\u{85}e\tf ").as_str(), "a\nb\nc\nde\tf");
    assert_eq!(Text::line("e\u{301}").as_str(), "é");
}

#[test]
fn a_link_is_on_the_web_and_in_ascii() {
    let parsed = |value: &str| Uri::parse(value).map(|uri| uri.as_str().to_owned());
    assert_eq!(parsed("https://h/ł?a=\"b\"\r\nX:1").as_deref(), Some("https://h/%C5%82?a=%22b%22%0D%0AX:1"));
    assert_eq!(parsed(" HTTP://h/a%20b;c,d "), Some("HTTP://h/a%20b;c,d".into()));
    for refused in ["", "https://", "javascript:alert(1)", "javascript://h/%0aalert(1)", "file:///etc", "mailto:a@b"] {
        assert_eq!(parsed(refused), None);
    }
    assert_eq!(parsed(&format!("https://h/{}", "a".repeat(1990))).map(|uri| uri.len()), Some(2000));
    assert_eq!(parsed(&format!("https://h/{}", "a".repeat(1991))), None);
}

#[test]
fn a_place_leaves_out_what_is_unknown() {
    assert_eq!(place(["", "Venue ", "City"]), Some(Text::line("Venue, City")));
    assert_eq!(place(["", " "]), None);
    assert_eq!(
        place(["Hall", "Convention Centre, Hanoi", "Hanoi"]),
        Some(Text::line("Hall, Convention Centre, Hanoi"))
    );
    assert_eq!(place(["Chotěbuz", "Chotěbuz"]), Some(Text::line("Chotěbuz")));
    assert_eq!(place(["Hall", "New York", "York"]), Some(Text::line("Hall, New York, York")));
    assert_eq!(Position::parse("37.5326,126.9607"), Position::new(37.5326, 126.9607));
    assert_eq!(Position::parse("-33.45, -70"), Position::new(-33.45, -70.0));
    for wrong in ["", "1", "1;2", "91,0", "0,181", "1e1,0", "inf,0", "+1,2", "1.,2", ".5,2", "--1,2", "1,2,3", "1,  2"]
    {
        assert!(Position::parse(wrong).is_none(), "{wrong}");
    }
    assert!(Position::new(90.1, 0.0).is_none() && Position::new(0.0, f64::NAN).is_none());
}

#[test]
fn names_of_levels_and_colours_are_read_back() {
    assert!(Detail::ALL.iter().all(|level| Detail::parse(level.as_str()) == Some(*level)));
    assert!(Colour::ALL.iter().all(|colour| Colour::parse(colour.as_str()) == Some(*colour)));
    assert_eq!((Detail::parse("Full"), Colour::parse("#000080")), (None, None));
}

// --- whatever people type ---

/// Text with everything that has broken a calendar somewhere, at lengths that reach every position of a fold.
fn hostile() -> impl Strategy<Value = String> {
    let dangerous = select(vec![
        "\r\n",
        "\n",
        "\r",
        "\\",
        "\\n",
        "\\\\",
        ";",
        ",",
        ":",
        "\"",
        "^",
        "^n",
        "^'",
        " ",
        "  ",
        "\t",
        "\0",
        "\u{7}",
        "\u{b}",
        "\u{c}",
        "\u{1c}",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{feff}",
        "\u{37e}",
        "\u{301}",
        "\r\nATTENDEE:mailto:x@example.org",
        "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2",
        "\nBEGIN:VALARM",
        "\";X-P=\"",
        "\u{2028}METHOD:REQUEST",
        "\u{85}X-EVIL:1",
        "한국",
        "ł",
        "😀",
        "👩‍🚀",
        "ệ",
        "لغة",
    ]);
    let piece = prop_oneof![
        3 => dangerous.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        2 => "[a-z ]{0,40}",
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn instants() -> impl Strategy<Value = Timestamp> {
    // The years 1900 to 2200, which is what `time::parse` lets in.
    (-2_208_988_800_i64..7_258_118_400).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn moments() -> impl Strategy<Value = When> {
    let sessions = (instants(), 1_i64..1_000_000)
        .prop_map(|(start, seconds)| When::Once(Span::new(start, start + seconds.seconds()).unwrap()));
    let events = (instants(), 0_i64..400).prop_map(|(start, days)| {
        let first = start.to_zoned(jiff::tz::TimeZone::UTC).date();
        When::WholeDays(Days::new(first, first + days.days()).unwrap())
    });
    prop_oneof![sessions, events]
}

prop_compose! {
    fn entries()(
        (uid, summary, location, description) in (hostile(), hostile(), option::of(hostile()), option::of(hostile())),
        url in option::of(hostile()),
        categories in vec(hostile(), 0..4),
        (when, created, changed) in (moments(), instants(), instants()),
        sequence in 0_i32..,
        takes_time in any::<bool>(),
        status in select(vec![Status::Tentative, Status::Confirmed, Status::Cancelled]),
        class in select(vec![Class::Public, Class::Private, Class::Confidential]),
    ) -> Entry {
        Entry {
            uid: Text::line(&format!("session-{uid}")),
            sequence,
            created,
            changed,
            when,
            status,
            takes_time,
            summary: Text::line(&summary),
            location: location.as_deref().map(Text::line),
            position: None,
            description: description.as_deref().map(Text::long),
            url: url.and_then(|url| Uri::parse(&format!("https://{url}"))),
            categories: categories.iter().map(|category| Text::line(category)).collect(),
            class,
        }
    }
}

fn levels() -> impl Strategy<Value = Detail> {
    select(Detail::ALL.to_vec())
}

fn languages() -> impl Strategy<Value = Language> {
    select(vec!["en", "pl", "fr", "es", "cs", "ko", "vi", "ar", "de"]).prop_map(language)
}

fn unfolded(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

/// The names of the properties, in order.
fn names(text: &str) -> Vec<String> {
    unfolded(text).iter().map(|line| line.split([':', ';']).next().unwrap_or_default().to_owned()).collect()
}

fn names_of(entry: &Entry, detail: Detail) -> Vec<&'static str> {
    let written = |text: &Option<Text>| text.as_ref().is_some_and(|text| !text.as_str().is_empty());
    let full = detail == Detail::Full;
    let titled = detail == Detail::BusyOnly || entry.status == Status::Cancelled || !entry.summary.as_str().is_empty();
    let optional = [
        (true, "BEGIN"),
        (true, "UID"),
        (true, "DTSTAMP"),
        (true, "CREATED"),
        (true, "LAST-MODIFIED"),
        (true, "SEQUENCE"),
        (true, "DTSTART"),
        (true, "DTEND"),
        (titled, "SUMMARY"),
        (true, "STATUS"),
        (true, "TRANSP"),
        (true, "CLASS"),
        (full && written(&entry.location), "LOCATION"),
        (full && entry.position.is_some(), "GEO"),
        (full && (written(&entry.description) || entry.url.is_some()), "DESCRIPTION"),
        (full && entry.url.is_some(), "URL"),
        (full && entry.categories.iter().any(|category| !category.as_str().is_empty()), "CATEGORIES"),
        (true, "END"),
    ];
    optional.into_iter().filter(|(present, _)| *present).map(|(_, name)| name).collect()
}

/// The value of a property after unfolding, still escaped.
fn raw(text: &str, name: &str) -> String {
    let begins = |line: &&String| line.split([':', ';']).next() == Some(name);
    let line = unfolded(text).iter().find(begins).cloned().unwrap_or_default();
    line.split_once(':').map(|(_, value)| value.to_owned()).unwrap_or_default()
}

proptest! {
    #[test]
    fn lines_are_short_and_broken_only_where_they_may_be(
        entry in entries(), detail in levels(), language in languages()
    ) {
        let text = warsaw_cyber().assemble([entry.vevent(detail, &language)]);
        prop_assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("\r\nEND:VCALENDAR\r\n"));
        for line in text.split_terminator("\r\n") {
            prop_assert!(line.len() <= 75, "{} octets: {line:?}", line.len());
            prop_assert!(!line.chars().any(|c| c.is_control() && c != '\t'), "control character in {line:?}");
            let backslashes = line.len() - line.trim_end_matches('\\').len();
            prop_assert!(backslashes % 2 == 0, "escape broken after {line:?}");
        }
    }

    #[test]
    fn nothing_people_type_becomes_a_property(entry in entries(), detail in levels(), language in languages()) {
        let text = entry.vevent(detail, &language);
        prop_assert_eq!(names(&text), names_of(&entry, detail));
        prop_assert!(unfolded(&text).iter().filter(|line| line.starts_with("BEGIN:")).count() == 1);
    }

    #[test]
    fn a_calendar_has_the_properties_of_a_calendar(name in hostile(), description in hostile(), uid in hostile()) {
        let [name, description, uid] = [name, description, uid].map(|text| Text::line(&format!("x{text}")));
        let calendar = Calendar { name, description: Some(description), uid, ..warsaw_cyber() };
        let none: [&str; 0] = [];
        prop_assert_eq!(names(&calendar.assemble(none)), names(&warsaw_cyber().assemble(none)));
    }

    #[test]
    fn the_same_entry_always_gives_the_same_bytes(entry in entries(), detail in levels(), language in languages()) {
        prop_assert_eq!(entry.vevent(detail, &language), entry.clone().vevent(detail, &language));
    }

    #[test]
    fn an_entry_ends_after_it_starts(entry in entries()) {
        // Both forms, 20191007 and 20191007T000000Z, sort as they follow each other.
        let text = entry.vevent(Detail::Full, &language("en"));
        prop_assert!(raw(&text, "DTSTART") < raw(&text, "DTEND"), "{text}");
    }

    #[test]
    fn normalising_twice_changes_nothing(text in hostile()) {
        let (line, long) = (Text::line(&text), Text::long(&text));
        prop_assert_eq!(Text::line(line.as_str()), line);
        prop_assert_eq!(Text::long(long.as_str()), long);
    }

    #[test]
    fn another_reader_finds_one_event_with_the_same_text(entry in entries()) {
        let entry = Entry { status: Status::Tentative, url: None, ..entry };
        let text = warsaw_cyber().assemble([entry.vevent(Detail::Full, &language("en"))]);
        let read: icalendar::Calendar = text.parse().map_err(TestCaseError::fail)?;
        let events: Vec<_> = read.events().collect();
        prop_assert_eq!(events.len(), 1);
        let expected = |text: Option<&Text>| text.map(Text::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        prop_assert_eq!(events[0].get_uid(), Some(entry.uid.as_str()));
        prop_assert_eq!(events[0].get_summary().map(str::to_owned), expected(Some(&entry.summary)));
        prop_assert_eq!(events[0].get_location().map(str::to_owned), expected(entry.location.as_ref()));
        prop_assert_eq!(events[0].get_description().map(str::to_owned), expected(entry.description.as_ref()));
        prop_assert_eq!(events[0].get_sequence(), u32::try_from(entry.sequence).ok());
    }
}

#[test]
fn another_reader_finds_the_same_instants() {
    let text = warsaw_cyber().assemble([opening().vevent(Detail::Full, &language("en"))]);
    let read: icalendar::Calendar = text.parse().unwrap();
    let event = read.events().next().unwrap();
    let seconds = |time: Option<DatePerhapsTime>| match time {
        Some(DatePerhapsTime::DateTime(icalendar::CalendarDateTime::Utc(time))) => time.timestamp(),
        other => panic!("{other:?} is not an instant"),
    };
    assert_eq!(seconds(event.get_start()), at("2019-10-07T00:00:00Z").as_second());
    assert_eq!(seconds(event.get_end()), at("2019-10-07T03:30:00Z").as_second());
}
