//! Server processes and what the kernel says they used.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use poem::{
    Route, Server, get, handler,
    listener::{Acceptor, Listener, TcpListener},
};

/// A server process, ended with this value.
pub struct Process {
    child: Child,
    base: String,
    cpu_at_ready: f64,
}

impl Process {
    /// The server on the embedded database in `data`.
    pub async fn plenum(data: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plenum"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
        Self::start(command)
    }

    /// A bare poem server that says hello.
    pub async fn hello() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--hello");
        Self::start(command)
    }

    /// Starts `command` and waits for the line with its address.
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.find_map(|line| line.ok().filter(|line| line.contains("http://127.0.0.1:"))).unwrap();
        let base = line.split_whitespace().find_map(|word| word.strip_prefix("http://")).unwrap();
        let base = format!("http://{}", base.trim_end_matches(|c: char| !c.is_ascii_digit()));
        let mut process = Self { child, base, cpu_at_ready: 0.0 };
        process.cpu_at_ready = process.cpu_seconds();
        process
    }

    /// An address of this server.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// CPU seconds of all its threads so far.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(self.child.id())
    }

    /// CPU seconds when it said it was ready.
    pub fn cpu_seconds_at_ready(&self) -> f64 {
        self.cpu_at_ready
    }

    /// Resident memory in megabytes (`VmRSS`).
    pub fn resident_megabytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// CPU seconds of all threads of a process so far (`/proc/<pid>/task/*/schedstat`, first field, nanoseconds).
pub fn cpu_seconds(process: u32) -> f64 {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let nanoseconds: u64 = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .filter_map(|line| line.split_whitespace().next()?.parse::<u64>().ok())
        .sum();
    std::time::Duration::from_nanos(nanoseconds).as_secs_f64()
}

/// The yardstick: what poem costs when it does nothing.
pub async fn serve_hello() {
    #[handler]
    fn hello() -> &'static str {
        "hello"
    }
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
    println!("http://{}", acceptor.local_addr()[0].as_socket_addr().unwrap());
    Server::new_with_acceptor(acceptor).run(Route::new().at("/", get(hello))).await.unwrap();
}
