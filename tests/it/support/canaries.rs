//! Secrets that the tests hand to servers or are handed by them, and what servers say and keep, so that
//! `scripts/canaries` can look for the ones in the other. Off unless `PLENUM_TEST_CANARIES` names a folder.

use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use api::{
    config::LogFormat,
    http::{logging, metrics},
};
use regex::Regex;

use super::{Answer, setting};

/// More than any operator would ask for: statements of the database and bytes on the wire included.
pub const EVERYTHING: &str =
    "trace,sqlx=trace,sea_orm=trace,sea_orm_migration=trace,hyper=trace,hyper_util=trace,poem=trace";

static FOLDER: LazyLock<Option<PathBuf>> = LazyLock::new(|| setting("CANARIES").map(PathBuf::from));

/// A token of ours: its kind, its id, its secret.
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("(wgk_live|wg[a-z])_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})_[0-9A-Za-z]{6}").unwrap());

/// Where everything goes; none where nobody looks.
pub fn folder() -> Option<&'static Path> {
    FOLDER.as_deref()
}

/// Adds lines to a file of the folder in one write, so that tests at the same time do not tear them.
fn append(file: &str, lines: &str) {
    let Some(folder) = folder() else { return };
    let mut file = OpenOptions::new().append(true).create(true).open(folder.join(file)).unwrap();
    file.write_all(lines.as_bytes()).unwrap();
}

/// From now on all that servers in this process say is on standard error, and counted.
pub fn watch() {
    static ONCE: LazyLock<()> = LazyLock::new(|| {
        logging::init(LogFormat::Json, Some(EVERYTHING)).unwrap();
        metrics::collect().unwrap();
    });
    if folder().is_some() {
        *ONCE;
    }
}

/// Remembers a secret of this kind. What is too short to mean anything is left out.
pub fn plant(kind: &str, secret: &str) {
    if folder().is_some() && secret.len() >= 16 && !secret.contains(['\n', '\t']) {
        append("secrets.txt", &format!("{kind}\t{secret}\n"));
    }
}

/// Remembers every token of ours in `text`; their ids, which are no secrets, show that looking works.
pub fn plant_tokens(text: &str) {
    if folder().is_none() {
        return;
    }
    for token in TOKEN.captures_iter(text) {
        plant(&token[1], &token[3]);
        append("ids.txt", &format!("{}\n", &token[2]));
    }
}

/// Remembers what a request proves itself with.
pub fn plant_header(name: &str, value: &str) {
    plant_tokens(value);
    if name.eq_ignore_ascii_case("authorization") && value.len() > 40 {
        plant("authorization", value.rsplit(' ').next().unwrap());
    }
}

/// Remembers what an answer hands out, and keeps what must hand out nothing: problems, exports, calendars, changes and
/// looks into the past.
pub fn plant_answer(path: &str, answer: &Answer) {
    if folder().is_none() {
        return;
    }
    for value in answer.headers.values().filter_map(|value| value.to_str().ok()) {
        plant_tokens(value);
    }
    plant_tokens(&answer.text);
    if let Some(token) = answer.json["csrf_token"].as_str() {
        plant("csrf_token", token);
    }
    if let Some(code) = answer.json["qr"].as_str() {
        plant("badge", code);
    }
    let public = ["/export", "/ical/", "/changes", "/audit-entries", "/history"].iter().any(|part| path.contains(part));
    let problem = answer.header("content-type").starts_with("application/problem");
    if public || problem {
        append("answers.txt", &format!("{}\n", answer.text.replace('\n', " ")));
    }
}

/// Writes down what has been counted.
pub fn measure() {
    if let Some(folder) = folder() {
        std::fs::write(folder.join("metrics.txt"), metrics::collect().unwrap().render()).unwrap();
    }
}
