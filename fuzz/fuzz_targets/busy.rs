//! The reader of other people's calendars: whatever is sent, reading ends and says nothing that cannot be.

#![no_main]

use domain::calendars::busy;
use jiff::{Timestamp, tz::TimeZone};
use libfuzzer_sys::fuzz_target;

const ZONES: [&str; 4] = ["Asia/Seoul", "America/New_York", "Africa/Casablanca", "UTC"];
/// With this every calendar begins; half of the inputs need not find it out.
const HEAD: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n";

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let file =
        if choice & 4 == 0 { format!("{HEAD}{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n") } else { text.to_owned() };
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let between = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    let zone = TimeZone::get(ZONES[usize::from(choice % 4)]).unwrap();
    let Ok(read) = busy::read(&file, &zone, between) else { return };
    for (from, until) in &read.spans {
        assert!(between.0 <= *from && from < until && *until <= between.1, "{read:?}\n{file:?}");
    }
    assert!(read.spans.windows(2).all(|pair| pair[0].1 < pair[1].0), "{read:?}\n{file:?}");
    let lines = file.lines().count();
    assert!(read.not_read.len() <= 50 && read.not_read.windows(2).all(|pair| pair[0] < pair[1]), "{read:?}");
    assert!(read.not_read.iter().all(|line| (1..=lines).contains(line)), "{read:?}\n{file:?}");
    assert_eq!(busy::read(&file, &zone, between).unwrap(), read);
});
