//! `plenum doctor`: looks at the installation as a careful operator would, and says in plain words what to mend.
//!
//! It changes nothing, but with `--zones --confirm`. A server looks at its files in the same way when it starts.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};

use super::{Failure, Place, print, zones};
use crate::{
    audit,
    clock::Clock,
    config::Config,
    db::{Db, SchemaError},
    demo, private, vault,
};

#[derive(Debug, Args)]
pub(super) struct DoctorCommand {
    /// Instead, list sessions and bookings of rooms whose instants the installed time zone data change
    #[arg(long)]
    zones: bool,
    /// Derive these instants again and tell subscribers; also while the server runs
    #[arg(long, requires = "zones")]
    confirm: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn carry_out(command: DoctorCommand) -> Result<ExitCode, Failure> {
    let DoctorCommand { zones, confirm, place } = command;
    if zones { zones::examine(&place.context().await?, confirm).await } else { examine(place).await }
}

/// What was found out about one thing.
struct Finding {
    subject: &'static str,
    verdict: Verdict,
    words: String,
}

#[derive(PartialEq, Eq)]
enum Verdict {
    /// Nothing to do.
    Fine,
    /// Worth knowing.
    Note,
    /// Something must be done.
    Mend,
}

fn fine(subject: &'static str, words: impl Into<String>) -> Finding {
    Finding { subject, verdict: Verdict::Fine, words: words.into() }
}

fn note(subject: &'static str, words: impl Into<String>) -> Finding {
    Finding { subject, verdict: Verdict::Note, words: words.into() }
}

fn mend(subject: &'static str, words: impl Into<String>) -> Finding {
    Finding { subject, verdict: Verdict::Mend, words: words.into() }
}

/// Prints a line for each finding; fails if something must be mended.
async fn examine(place: Place) -> Result<ExitCode, Failure> {
    let config = place.config()?;
    let now = Clock::System.now();
    let mut findings = files(&config);
    findings.push(audit_key(&config));
    findings.push(disk(&config.data_dir));
    findings.extend(database(&config, now).await);
    findings.push(time_zones(now));
    findings.push(address(&config));
    for Finding { subject, verdict, words } in &findings {
        let verdict = match verdict {
            Verdict::Fine => "ok",
            Verdict::Note => "note",
            Verdict::Mend => "MEND",
        };
        print(format!("{verdict:<5} {subject}: {words}"))?;
    }
    let to_mend = findings.iter().filter(|finding| finding.verdict == Verdict::Mend).count();
    if to_mend == 0 {
        print("Nothing has to be mended.")?;
        return Ok(ExitCode::SUCCESS);
    }
    print(format!("To mend: {to_mend}."))?;
    Ok(ExitCode::FAILURE)
}

/// What a server says of its files when it starts.
pub(super) fn warn_of_files(config: &Config) {
    for finding in files(config).iter().filter(|finding| finding.verdict == Verdict::Mend) {
        tracing::warn!(subject = finding.subject, advice = finding.words, "the installation needs mending");
    }
}

/// The data directory, and the files that hold secrets.
fn files(config: &Config) -> Vec<Finding> {
    let mut findings = vec![data_directory(&config.data_dir)];
    let mut secret = config.secret_files.clone();
    secret.push(demo::keys::path(&config.data_dir));
    secret.extend(audit::key::path(config).into_iter().chain(vault::path(config)));
    if let Some(database) = embedded(config) {
        for suffix in ["", "-wal", "-shm"] {
            secret.push(PathBuf::from(format!("{}{suffix}", database.display())));
        }
    }
    let open = secret.iter().filter(|path| private::open_to_others(path).is_some_and(|mode| mode != 0));
    findings.extend(open.map(|path| {
        let path = path.display();
        mend("files", format!("others on this machine can read {path}. Run: chmod 600 '{path}'"))
    }));
    findings
}

/// What the audit log is sealed with.
fn audit_key(config: &Config) -> Finding {
    const SUBJECT: &str = "audit key";
    match (audit::key::find(config), audit::key::path(config)) {
        (Err(error), _) => mend(SUBJECT, format!("it cannot be used: {}.", super::explain(&error))),
        (Ok(_), _) if config.audit_key.is_some() => fine(SUBJECT, "it is configured. Keep a copy apart from backups."),
        (Ok(Some(_)), Some(path)) => fine(SUBJECT, format!("{}. Keep a copy apart from backups.", path.display())),
        (Ok(None), Some(path)) => {
            note(SUBJECT, format!("{} is not there yet; the server makes it when it starts.", path.display()))
        }
        (Ok(_), None) => mend(
            SUBJECT,
            "there is none, so audit entries are not sealed. Make one with `openssl rand -hex 32`, in a file that only \
             the server can read, and name it on every instance: PLENUM_AUDIT_KEY_FILE=FILE",
        ),
    }
}

fn data_directory(path: &Path) -> Finding {
    const SUBJECT: &str = "data directory";
    let shown = path.display();
    if !path.exists() {
        return note(SUBJECT, format!("{shown} is not there yet; the server makes it when it starts."));
    }
    if !path.is_dir() {
        return mend(SUBJECT, format!("{shown} is not a directory. Name another with --data-dir."));
    }
    if !writable(path) {
        return mend(SUBJECT, format!("{shown} cannot be written to. Make this user its owner, or name another."));
    }
    match private::open_to_others(path) {
        Some(mode) if mode != 0 => {
            mend(SUBJECT, format!("others on this machine can look into {shown}. Run: chmod 700 '{shown}'"))
        }
        _ => fine(SUBJECT, format!("{shown}, for its owner only.")),
    }
}

#[cfg(unix)]
fn writable(path: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(path, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn writable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// The file of an embedded database.
fn embedded(config: &Config) -> Option<PathBuf> {
    config.database_url().strip_prefix("sqlite://").map(PathBuf::from)
}

const MIB: u64 = 1024 * 1024;

#[cfg(unix)]
fn disk(data_dir: &Path) -> Finding {
    let there = data_dir.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    match rustix::fs::statvfs(there) {
        Ok(disk) => disk_finding(disk.f_bavail * disk.f_frsize / MIB),
        Err(error) => note("disk", format!("its free space is unknown ({error}).")),
    }
}

#[cfg(not(unix))]
fn disk(_: &Path) -> Finding {
    note("disk", "its free space is unknown on this system.")
}

fn disk_finding(free_mib: u64) -> Finding {
    match free_mib {
        0..200 => mend("disk", format!("only {free_mib} MiB are free. Make room before writes fail.")),
        200..1024 => note("disk", format!("{free_mib} MiB are free; make room soon.")),
        _ => fine("disk", format!("{free_mib} MiB are free.")),
    }
}

/// Whether the database answers, its schema, and what its clock says.
async fn database(config: &Config, now: Timestamp) -> Vec<Finding> {
    const SUBJECT: &str = "database";
    if let Some(path) = embedded(config).filter(|path| !path.exists()) {
        return vec![note(
            SUBJECT,
            format!("{} is not there yet; the server makes it when it starts.", path.display()),
        )];
    }
    let db = match Db::connect(&config.database_url()).await {
        Ok(db) => db,
        Err(error) => {
            return vec![mend(SUBJECT, format!("it cannot be reached: {error}. Start it, or mend its address."))];
        }
    };
    let clock = match db.now().await {
        Ok(theirs) => clock(now, theirs),
        Err(error) => return vec![mend(SUBJECT, format!("it does not answer: {error}."))],
    };
    let schema = match db.check_schema().await {
        Ok(()) => fine("schema", "it is the one this release expects."),
        Err(SchemaError::Pending) => mend("schema", "it is not up to date. Back up, then run: plenum migrate"),
        Err(error @ SchemaError::Newer(_)) => mend("schema", format!("{error}.")),
        Err(error) => mend("schema", format!("it cannot be read: {error}.")),
    };
    db.close().await.ok();
    vec![fine(SUBJECT, "it answers."), schema, clock]
}

/// No machine that runs this release can be in an earlier year.
const EARLIEST: i64 = 1_767_225_600; // 2026-01-01T00:00:00Z

fn clock(ours: Timestamp, databases: Timestamp) -> Finding {
    let apart = ours.duration_since(databases).as_secs().abs();
    if ours.as_second() < EARLIEST {
        return mend("clock", format!("it says {ours}, which is past. Set it, best by NTP."));
    }
    if apart > 5 {
        return mend("clock", format!("it is {apart} s apart from the database's. Set both, best by NTP."));
    }
    fine("clock", format!("{}, the same as the database's.", ours.strftime("%Y-%m-%d %H:%M UTC")))
}

/// Places where systems keep the source of their time zone data, whose first line names the version.
const TZDATA: [&str; 3] =
    ["/usr/share/zoneinfo/tzdata.zi", "/usr/share/lib/zoneinfo/tzdata.zi", "/var/db/timezone/zoneinfo/tzdata.zi"];

fn time_zones(now: Timestamp) -> Finding {
    const SUBJECT: &str = "time zones";
    if TimeZone::get("Asia/Seoul").is_err() {
        return mend(SUBJECT, "this system has no time zone data. Install the package tzdata.");
    }
    let version = TZDATA.iter().find_map(|path| {
        let text = std::fs::read_to_string(path).ok()?;
        Some(text.lines().next()?.strip_prefix("# version ")?.trim().to_owned())
    });
    version.map_or_else(|| note(SUBJECT, "there is data, of an unknown version."), |version| age(&version, now))
}

/// Versions are called after their year: 2025b.
fn age(version: &str, now: Timestamp) -> Finding {
    let year = version.get(..4).and_then(|year| year.parse::<i16>().ok()).unwrap_or(0);
    let this_year = now.to_zoned(TimeZone::UTC).year();
    if this_year - year > 1 {
        let advice = "Update the package tzdata: countries change their clocks every year";
        return mend("time zones", format!("the data is of version {version}. {advice}, then restart the server."));
    }
    fine("time zones", format!("the data is of version {version}."))
}

/// Whether others can reach the server as it is configured, and safely.
fn address(config: &Config) -> Finding {
    let public = config.public_url.as_str();
    if !config.listen.ip().is_loopback() && config.trusted_proxies.0.is_empty() {
        let advice = "Let it listen on loopback behind a proxy that ends TLS, and name that in trusted_proxies";
        return note("address", format!("{} is open to the network, in clear text. {advice}.", config.listen));
    }
    let local = public.starts_with("http://127.") || public.starts_with("http://[::1]");
    if public.starts_with("http://") && !local {
        return note("address", format!("{public} is clear text: keys and feed addresses travel readable."));
    }
    fine("address", format!("links begin with {public}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_given_where_something_is_wrong_and_only_there() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-22T08:00:00Z");
        assert!(clock(now, now).verdict == Verdict::Fine);
        assert!(clock(now, at("2026-11-22T08:00:06Z")).words.contains("6 s apart"));
        assert!(clock(at("2019-01-01T00:00:00Z"), now).verdict == Verdict::Mend);
        assert!(age("2025c", now).verdict == Verdict::Fine && age("2024a", now).verdict == Verdict::Mend);
        assert!(disk_finding(199).verdict == Verdict::Mend && disk_finding(5000).verdict == Verdict::Fine);
    }
}
