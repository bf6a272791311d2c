//! The real binary: commands that end, and a server that runs.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use super::canaries;

/// The binary with an empty environment, so that nothing of the machine configures it.
pub fn plenum(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plenum"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    if canaries::folder().is_some() {
        command.env("PLENUM_LOG_FILTER", canaries::EVERYTHING);
    }
    command
}

/// Runs a command on the data in `folder`.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    plenum(arguments).args(["--data-dir", folder.to_str().unwrap()]).output().unwrap()
}

/// What a command printed, once it has succeeded.
#[track_caller]
pub fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    canaries::plant_tokens(&String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A `plenum serve` that has said it is ready. Killed when dropped.
pub struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    /// The line it printed.
    pub line: String,
    /// Where its log goes.
    log: tempfile::NamedTempFile,
}

impl Running {
    /// Starts `command` and waits for its line; a server that ends instead fails the test with its log.
    #[track_caller]
    pub fn start(mut command: Command) -> Self {
        let log = tempfile::NamedTempFile::new().unwrap();
        command.env("PLENUM_DRAIN_DELAY_SECONDS", "0");
        let mut child = command.stdout(Stdio::piped()).stderr(log.reopen().unwrap()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let running = Self { child, out, line, log };
        assert!(!running.line.is_empty(), "{}", running.log());
        running
    }

    /// A server with everything in `folder`, on a port of its own.
    #[track_caller]
    pub fn in_folder(folder: &Path, options: &[&str]) -> Self {
        let mut command = plenum(&["serve", "--listen", "127.0.0.1:0", "--data-dir", folder.to_str().unwrap()]);
        command.args(options);
        Self::start(command)
    }

    /// The next line it prints.
    #[track_caller]
    pub fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        canaries::plant_tokens(&line);
        line.trim_end().to_owned()
    }

    /// The address it says it has.
    pub fn address(&self) -> &str {
        let from = self.line.find("http://").unwrap();
        self.line[from..].split_whitespace().next().unwrap()
    }

    /// GET with a key, if any; gives the status and the body.
    pub async fn get(&self, path: &str, key: Option<&str>) -> (u16, String) {
        let client = reqwest::Client::builder().build().unwrap();
        let mut request = client.get(format!("{}{path}", self.address()));
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    /// Sends SIGTERM, waits for the end, and gives the exit code and what else was printed.
    pub fn terminate(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if let Some(folder) = canaries::folder() {
            let name = format!("server-{}.log", self.child.id());
            std::fs::write(folder.join(name), self.log()).unwrap();
        }
    }
}
