//! The binary `plenum`.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::cli::run()
}
