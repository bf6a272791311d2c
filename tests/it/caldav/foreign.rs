//! Calendar programs of others, from discovery to a second look after something changed. They run where
//! `PLENUM_TEST_PYTHON` names a Python that has them.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdout, Command, Stdio},
};

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::world::staff;
use crate::{
    feeds::world::{OPENING, Sitting, announce, patch, place, seoul, step},
    on_both,
    support::{Server, setting},
};

/// A program that looks, waits until it is told, and looks again.
struct Program {
    child: Child,
    seen: BufReader<ChildStdout>,
}

impl Program {
    fn start(python: &str, arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/read_caldav.py");
        let mut command = Command::new(python);
        command.arg(script).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let seen = BufReader::new(child.stdout.take().unwrap());
        Self { child, seen }
    }

    /// What it sees next.
    fn sees(&mut self) -> Value {
        let mut line = String::new();
        self.seen.read_line(&mut line).unwrap();
        serde_json::from_str(&line).expect("a line of JSON")
    }

    fn looks_again(&mut self) -> Value {
        writeln!(self.child.stdin.as_mut().unwrap()).unwrap();
        self.sees()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// What a program sees of a meeting, and what of it after one session has moved, one was called off and one deleted.
async fn watched(server: &Server, program: &'static str) -> Option<(Value, Value)> {
    let Some(python) = setting("PLENUM_TEST_PYTHON") else {
        eprintln!("SKIP: PLENUM_TEST_PYTHON is not set");
        return None;
    };
    let admin = server.admin().await;
    announce(&admin, seoul()).await;
    let mut sessions = vec![];
    for title in ["Called off", "Deleted", "Moved"] {
        sessions.push(place(&admin, Sitting { title, ..OPENING }).await);
    }
    let desk = staff(server).await;
    desk.subscribes(json!({"name": "Seoul"})).await;
    let socket = server.on_a_socket(|_| {}).await;
    let (url, password) = (socket.url().to_owned(), desk.password.clone());
    let started = move || {
        let mut program = Program::start(&python, &[program, &url, "desk@mail.example", &password]);
        let seen = program.sees();
        (program, seen)
    };
    let (mut program, before) = tokio::task::spawn_blocking(started).await.unwrap();
    server.advance(SignedDuration::from_mins(1));
    step(&admin, &sessions[0], json!({"to": "cancelled", "reason": "Storm"})).await;
    admin.header("If-Match", "*").delete(&sessions[1]).await.expect(204);
    patch(&admin, &sessions[2], json!({"placement": {"start": "2019-10-08T09:00:00", "end": "2019-10-08T10:00:00"}}))
        .await;
    let after = tokio::task::spawn_blocking(move || program.looks_again()).await.unwrap();
    Some((before, after))
}

on_both! {
    async fn python_caldav_finds_reads_synchronises_and_cannot_write(server) {
        let Some((before, after)) = watched(&server, "caldav").await else { return };
        assert_eq!((&before["calendars"], &before["synchronised"]), (&json!(["Seoul"]), &json!(4)));
        let entry = |summary: &str, start: &str, status: &str| json!({"summary": summary, "start": start, "status": status});
        assert_eq!(before["entries"], json!([
            entry("Called off", "2019-10-07T00:00:00+00:00", "CONFIRMED"),
            entry("Deleted", "2019-10-07T00:00:00+00:00", "CONFIRMED"),
            entry("Meeting on cybersecurity", "2019-10-07", "CONFIRMED"),
            entry("Moved", "2019-10-07T00:00:00+00:00", "CONFIRMED"),
        ]));
        assert_eq!(after["updated"], json!([
            entry("Cancelled: Called off", "2019-10-07T00:00:00+00:00", "CANCELLED"),
            entry("Moved", "2019-10-08T00:00:00+00:00", "CONFIRMED"),
        ]));
        assert_eq!((&after["deleted"], &after["refused"]), (&json!(1), &json!("AuthorizationError")));
    }

    async fn khal_shows_what_vdirsyncer_fetched(server) {
        let Some((before, after)) = watched(&server, "vdirsyncer").await else { return };
        let lines = |seen: &Value| seen["entries"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(&before), [
            "2019-10-07 00:00|CONFIRMED |Called off", "2019-10-07 00:00|CONFIRMED |Deleted",
            "2019-10-07 00:00|CONFIRMED |Moved", "2019-10-07 |CONFIRMED |Meeting on cybersecurity",
        ]);
        assert_eq!(lines(&after), [
            "2019-10-07 00:00|CANCELLED |Cancelled: Called off", "2019-10-07 |CONFIRMED |Meeting on cybersecurity",
            "2019-10-08 00:00|CONFIRMED |Moved",
        ]);
    }
}
