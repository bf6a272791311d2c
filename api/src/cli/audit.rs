//! `plenum audit`: the proof that the audit log is what was written.

use std::process::ExitCode;

use clap::Subcommand;
use domain::audit::{AuditKey, Head, Report};

use super::{Failure, Place, print};
use crate::{
    audit::{key, sealing, verification::verify},
    context::Ctx,
};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Go through the whole audit log; ends with 1 at the first thing that does not fit
    Verify {
        /// An earlier end of the log, SEQ:MAC as the server's log or `plenum audit head` gave it: finds out whether
        /// entries before it were cut off or made anew
        #[arg(long)]
        head: Option<Head>,
        #[command(flatten)]
        place: Place,
    },
    /// Print the end of the sealed log, to be kept elsewhere
    Head(Place),
}

pub(super) async fn carry_out(command: AuditCommand) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::Verify { head, place } => {
            let ctx = place.context().await?;
            check(&ctx, head).await
        }
        AuditCommand::Head(place) => {
            let ctx = place.context().await?;
            let head = sealing::head(&ctx.app).await?.ok_or("No entry is sealed yet; a running server seals them.")?;
            print(head)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn check(ctx: &Ctx, head: Option<Head>) -> Result<ExitCode, Failure> {
    let key = audit_key(ctx)?;
    match verify(&ctx.app, &key, head).await? {
        Ok(report) => {
            whole(&report, head)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            print(format!("FAULT: {fault}."))?;
            print("What comes after it was not checked.")?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn audit_key(ctx: &Ctx) -> Result<AuditKey, Failure> {
    let advice = "There is no audit key to check the log with. Name the server's: PLENUM_AUDIT_KEY_FILE=FILE, or \
                  audit_key_file in the file that --config names.";
    Ok(key::find(&ctx.app.config)?.ok_or(advice)?)
}

fn whole(report: &Report, expected: Option<Head>) -> Result<(), Failure> {
    let Report { entries, sealed, last_at, values, erased, head } = report;
    let until =
        last_at.map_or_else(String::new, |at| format!(", the last of {}", at.strftime("%Y-%m-%d %H:%M:%S UTC")));
    print(format!("Entries checked: {entries}{until}."))?;
    print(format!("Sealed: {sealed}; waiting for their seal: {}.", entries - sealed))?;
    print(format!("Personal values checked: {values}; erased: {erased}."))?;
    if let Some(expected) = expected {
        print(format!("The log leads to the head {expected}."))?;
    }
    if let Some(head) = head {
        print(format!("Head: {head}"))?;
    }
    print("The audit log is whole.")
}
