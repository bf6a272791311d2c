//! Whatever people type reaches the reader's screen as it was typed and becomes nothing else: text that has broken
//! calendars somewhere, and arbitrary Unicode, read back by programs of others.

use domain::{
    Language,
    calendars::{Calendar, Class, Detail, Entry, Span, Status, Text, Uri, When},
};
use jiff::{Timestamp, ToSpan};
use proptest::{collection::vec, option, prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner};
use serde::Deserialize;

use super::{readers, strict::faults};

/// What a program reads of the texts of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Words {
    uid: String,
    summary: Option<String>,
    location: Option<String>,
    description: Option<String>,
}

/// Programs that read back all that we write. The others each change something: it is theirs.
const FAITHFUL: [&str; 3] = ["icalendar", "ical.js", "libical"];

/// Text at lengths that reach every place of a fold.
fn text() -> impl Strategy<Value = String> {
    let dangerous = select(vec![
        "\r\n",
        "\n",
        "\r",
        "\\",
        "\\n",
        "\\N",
        "\\\\",
        "\\;",
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
        "\u{a0}",
        "\u{2028}",
        "\u{2029}",
        "\u{feff}",
        "\u{37e}",
        "\u{301}",
        "\u{200b}",
        "\u{202e}",
        "\r\nATTENDEE:mailto:x@example.org",
        "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2",
        "\nBEGIN:VALARM",
        "\";X-P=\"",
        "\u{2028}METHOD:REQUEST",
        "\u{85}X-EVIL:1",
        "=0D=0A",
        "&#10;",
        "<b>",
        "한국",
        "ł",
        "😀",
        "👩‍🚀",
        "ệ",
        "لغة",
        "\u{10ffff}",
    ]);
    let piece = prop_oneof![
        3 => dangerous.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        2 => "[a-z ]{0,40}",
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

prop_compose! {
    fn entries()(
        summary in text(),
        (location, description, url) in (option::of(text()), option::of(text()), option::of(text())),
        categories in vec(text(), 0..3),
        start in 946_684_800_i64..4_102_444_800,
    ) -> Entry {
        let start = Timestamp::from_second(start).unwrap();
        Entry {
            uid: Text::line(""),
            sequence: 0,
            created: start,
            changed: start,
            when: When::Once(Span::new(start, start + 1.hour()).unwrap()),
            status: Status::Tentative,
            takes_time: true,
            summary: Text::line(&format!("x{summary}")),
            location: location.as_deref().map(Text::line),
            position: None,
            description: description.as_deref().map(Text::long),
            url: url.and_then(|url| Uri::parse(&format!("https://example.org/{url}"))),
            categories: categories.iter().map(|category| Text::line(category)).collect(),
            class: Class::Public,
        }
    }
}

/// What should be read of an entry: what is empty is not written.
fn expected(entry: &Entry) -> Words {
    let written = |text: &Text| Some(text.as_str().to_owned()).filter(|text| !text.is_empty());
    let link = entry.url.as_ref().map(|url| url.as_str().to_owned());
    let description =
        entry.description.as_ref().and_then(written).into_iter().chain(link).collect::<Vec<_>>().join("\n\n");
    Words {
        uid: entry.uid.as_str().to_owned(),
        summary: written(&entry.summary),
        location: entry.location.as_ref().and_then(written),
        description: Some(description).filter(|text| !text.is_empty()),
    }
}

fn calendar(name: &str, entries: &[Entry]) -> String {
    let calendar = Calendar {
        uid: Text::line("feed@plenum"),
        name: Text::line(&format!("x{name}")),
        description: Some(Text::line(name)),
        source: None,
        page: None,
        time_zone: Some(Text::line("UTC")),
        colour: None,
        changed: Timestamp::UNIX_EPOCH,
    };
    calendar.assemble(entries.iter().map(|entry| entry.vevent(Detail::Full, &Language::english())))
}

/// Reads back so many calendars of 25 entries.
fn read_back(runner: &mut TestRunner, calendars: usize) {
    let (mut files, mut wanted) = (vec![], vec![]);
    for _ in 0..calendars {
        let (name, mut entries) = (text(), vec(entries(), 25)).new_tree(runner).unwrap().current();
        for (number, entry) in entries.iter_mut().enumerate() {
            entry.uid = Text::line(&format!("session-{number:02}@plenum"));
        }
        files.push(calendar(&name, &entries));
        wanted.push(entries.iter().map(expected).collect::<Vec<_>>());
    }
    for file in &files {
        assert_eq!(faults(file.as_bytes()), Vec::<&str>::new(), "{file:?}");
    }
    let octets: Vec<_> = files.iter().map(|file| file.as_bytes()).collect();
    for ((file, wanted), by_programs) in files.iter().zip(&wanted).zip(readers::all_said::<Words>(&octets)) {
        for (program, read) in by_programs {
            if FAITHFUL.contains(&program.as_str()) {
                assert!(read.is_ok(), "{program}: {read:?}\n{file}");
                let read = read.unwrap();
                for (read, wanted) in read.iter().zip(wanted) {
                    assert_eq!(read, wanted, "{program}");
                }
                assert_eq!(read.len(), wanted.len(), "{program}");
            }
        }
    }
}

#[test]
fn what_people_type_is_read_back_and_becomes_nothing_else() {
    read_back(&mut TestRunner::deterministic(), 8);
}

/// The same over and over with other text each time; `scripts/prove feed-text` runs it.
#[test]
#[ignore = "takes minutes"]
fn what_people_type_is_read_back_however_often_it_is_tried() {
    let mut runner = TestRunner::default();
    for _ in 0..40 {
        read_back(&mut runner, 20);
    }
}
