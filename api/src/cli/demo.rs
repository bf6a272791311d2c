//! `plenum demo`: demo data, also while the server runs.

use clap::Subcommand;

use super::{Failure, Place, print};
use crate::demo::{self, Scenario};

#[derive(Debug, Subcommand)]
pub(super) enum DemoCommand {
    /// Load one scenario; loading twice changes nothing
    Load {
        /// seoul, hanoi, border, safety or marrakesh
        scenario: Scenario,
        #[command(flatten)]
        place: Place,
    },
}

pub(super) async fn carry_out(command: DemoCommand) -> Result<(), Failure> {
    let DemoCommand::Load { scenario, place } = command;
    let ctx = place.context().await?;
    let links = demo::load(&ctx, scenario).await?;
    let file = demo::keys::write(&ctx, links).await?.file;
    print(format!("The scenario '{scenario}' is loaded. Keys and feeds are in {}.", file.display()))
}
