//! The ten-minute tour of the README, run as printed.

use std::process::{Command, Stdio};

use crate::support::plenum::Running;

/// The commands of the tour: every `sh` block between its marks.
fn commands() -> String {
    let readme = include_str!("../../README.md");
    let tour = readme.split("<!-- tour: begin").nth(1).unwrap().split("<!-- tour: end -->").next().unwrap();
    let blocks = tour.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    blocks.collect::<Vec<_>>().join("\necho\n")
}

#[tokio::test]
async fn the_tour_of_the_readme_works_as_printed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::in_folder(&folder.path().join("data"), &["--demo"]);
    let commands = commands().replace("http://127.0.0.1:8080", server.address());
    let shell = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &commands])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shell.stdout);
    assert!(shell.status.success(), "{shown}\n{}\n{}", String::from_utf8_lossy(&shell.stderr), server.log());
    // The text of the statement is broken into lines.
    let unwrapped = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "Pierwsze posiedzenie grupy roboczej",
        r#""local":"2019-10-07T09:00:00","time_zone":"Asia/Seoul","utc":"2019-10-07T00:00:00Z""#,
        "BEGIN:VCALENDAR",
        "the Republic of Korea, Poland and the United States of America",
        "Republiki Korei",
        r#""items":[]"#,
        "2027-03-28T03:30:00+02:00 or 2027-03-28T01:30:00+01:00",
        "/problems/precondition-required",
        r#""ordinal":2"#,
        r#""type":"session."#,
    ] {
        assert!(unwrapped.contains(expected), "the tour does not show {expected}\n{shown}");
    }
}
