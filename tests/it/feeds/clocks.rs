//! The clocks of every zone as we write them into calendars, followed by programs of others that know no zone but these,
//! beside Python's zoneinfo.

use std::path::Path;

use domain::calendars::Clocks;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;

use super::readers;
use crate::support::foreign::python;

/// What a program found, of so many times on the wall.
#[derive(Debug, Deserialize)]
struct Found {
    compared: usize,
    /// Zone, time on the wall, seconds ahead of UTC by zoneinfo, and by the program.
    different: Vec<(String, String, i64, i64)>,
    missing: Vec<String>,
    #[serde(default)]
    r#unsafe: Vec<String>,
}

/// The clocks of all zones there are, from 2025 to the end of 2030.
fn all() -> Vec<Clocks> {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let (from, until) = (at("2025-01-01T00:00:00Z"), at("2031-01-01T00:00:00Z"));
    let zones = jiff::tz::db().available().filter_map(|name| TimeZone::get(name.as_str()).ok());
    zones.filter_map(|zone| Clocks::of(&zone, from, until)).collect()
}

fn write(path: &Path, clocks: &[Clocks]) {
    let zones: String = clocks.iter().map(Clocks::vtimezone).collect();
    let file = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{zones}END:VCALENDAR\r\n");
    assert!(file.split("\r\n").all(|line| line.len() <= 75));
    std::fs::write(path, file).unwrap();
}

#[test]
fn the_clocks_of_every_zone_are_followed_to_the_second_from_2025_to_2030() {
    let folder = tempfile::tempdir().unwrap();
    let (file, points) = (folder.path().join("zones.ics"), folder.path().join("points.json"));
    let clocks = all();
    write(&file, &clocks);
    let names: Vec<_> = clocks.iter().map(Clocks::name).collect();
    for expected in ["Africa/Casablanca", "America/Santiago", "Asia/Gaza", "Asia/Seoul", "Europe/Warsaw", "UTC"] {
        assert!(names.contains(&expected), "{expected}");
    }
    let (_, said) = python("zone_points.py", "2025-2031", &names.join("\n"));
    std::fs::write(&points, said).unwrap();
    let found: Vec<(&str, Found)> = readers::zones(&file, &points);
    for (program, found) in &found {
        eprintln!("{program}: {} times of {} zones", found.compared, names.len());
        assert_eq!((&found.different, &found.missing), (&vec![], &vec![]), "{program}");
        assert!(found.compared > 200 * names.len(), "{program} compared {}", found.compared);
    }
    if let Some((_, by_icalendar)) = found.first() {
        let unsafe_by_us: Vec<_> = clocks.iter().filter(|clocks| !clocks.is_outlook_safe()).map(Clocks::name).collect();
        eprintln!("not for Outlook: {unsafe_by_us:?}");
        assert_eq!(by_icalendar.r#unsafe, unsafe_by_us, "what Outlook reads, by its own description");
    }
}
