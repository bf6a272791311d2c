//! The command line: what can be asked of the binary, and how it answers.
//!
//! A command prints what was asked for on standard output and everything else on standard error. It ends with 0 when
//! it did its work, 1 when it could not, and 2 when the command line is not understood. Commands go through the use
//! cases, as the actor `console`.

mod account;
mod audit;
mod demo;
mod doctor;
mod key;
mod migrate;
mod openapi;
mod serve;
mod solve;
mod zones;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::{
    config::{Config, Database, Options},
    context::{App, Ctx},
    error::Error,
};

/// What an error is to whoever typed the command.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The server a secretariat runs to coordinate international working groups, workshops and bilateral meetings.
#[derive(Debug, Parser)]
#[command(name = "plenum", version, after_help = AFTER_HELP)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "Every option of `plenum serve` is also a variable (--data-dir is PLENUM_DATA_DIR) and a line \
in the file that --config names (data_dir). config.default.toml explains them all and holds their defaults.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    #[command(after_help = AFTER_HELP)]
    Serve {
        /// TOML file with options
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[command(flatten)]
        options: Box<Options>,
    },
    /// Make, list and revoke API keys; also while the server runs
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Make accounts; also while the server runs
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Check that nobody has changed the audit log; also while the server runs
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Print the API document as YAML
    Openapi,
    /// Bring the schema of the database up to date
    Migrate(Place),
    /// Load demo data
    #[command(subcommand)]
    Demo(demo::DemoCommand),
    /// Make the timetable of the bilateral meetings in a file
    Solve(solve::SolveCommand),
    /// Check the installation and say what to mend
    Doctor(doctor::DoctorCommand),
}

/// Where the data is that a command is about: as for `plenum serve`.
#[derive(Debug, Args)]
struct Place {
    /// TOML file with options
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory of the embedded database and other files
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// sqlite://FILE or postgres://...; otherwise plenum.sqlite in the data directory
    #[arg(long)]
    database: Option<Database>,
    /// File that holds what --database would say
    #[arg(long)]
    database_file: Option<PathBuf>,
}

impl Place {
    fn config(self) -> Result<Config, Failure> {
        let Self { config, data_dir, database, database_file } = self;
        let options = Options { data_dir, database, database_file, ..Options::default() };
        Ok(Config::load(options, config.as_deref())?)
    }

    /// The context of a command on the data there.
    async fn context(self) -> Result<Ctx, Failure> {
        Ok(Ctx::internal(&App::open(self.config()?).await?, "console"))
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let command = CommandLine::parse().command;
    let outcome =
        tokio::runtime::Runtime::new().map_err(Failure::from).and_then(|runtime| runtime.block_on(carry_out(command)));
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            for line in explain(failure.as_ref()).lines() {
                // There is nobody left to tell if even this fails.
                writeln!(std::io::stderr(), "plenum: {line}").ok();
            }
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve { config, options } => serve::serve(Config::load(*options, config.as_deref())?).await?,
        Command::Key(command) => key::carry_out(command).await?,
        Command::Account(command) => account::carry_out(command).await?,
        Command::Audit(command) => return audit::carry_out(command).await,
        Command::Openapi => openapi::print()?,
        Command::Migrate(place) => migrate::migrate(place).await?,
        Command::Demo(command) => demo::carry_out(command).await?,
        Command::Solve(command) => solve::carry_out(&command)?,
        Command::Doctor(command) => return doctor::carry_out(command).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints one line of what was asked for.
fn print(line: impl std::fmt::Display) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The failure in plain words: every fault of an input on its own line, and the causes of everything else.
fn explain(failure: &(dyn std::error::Error + 'static)) -> String {
    if let Some(Error::Invalid(violations) | Error::Malformed(violations)) = failure.downcast_ref() {
        let line = |v: &domain::Violation| format!("{}: {}", v.pointer.trim_start_matches('/'), v.detail);
        return violations.iter().map(line).collect::<Vec<_>>().join("\n");
    }
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
