//! A mail server of others that takes what Plenum sends: `tests/foreign/receive_mail.py`.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use super::{canaries, setting};

/// A running mail server; it ends when dropped.
pub struct Mailbox {
    child: Child,
    out: BufReader<ChildStdout>,
    /// Its address, for `smtp_url`.
    pub url: String,
}

impl Mailbox {
    /// Starts one; `None`, with the reason printed, where its packages are not installed.
    pub fn open() -> Option<Self> {
        let Some(python) = setting("PYTHON") else {
            eprintln!(
                "SKIP: PLENUM_TEST_PYTHON does not name a Python with the packages of tests/foreign; scripts/test does"
            );
            return None;
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/receive_mail.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        out.read_line(&mut port).unwrap();
        Some(Self { child, out, url: format!("smtp://127.0.0.1:{}", port.trim()) })
    }

    /// The next mail that was taken; waits for it.
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        canaries::plant_tokens(&line);
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
