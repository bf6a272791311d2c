//! `plenum account`: who may sign in.

use clap::Subcommand;
use domain::{
    access::{Account, AccountState, Role},
    identifier::Handle,
};

use super::{Failure, Place, print};
use crate::access;

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Make an account and print its id
    Create {
        /// Address the account is known by
        #[arg(long)]
        email: String,
        /// Name of the person
        #[arg(long)]
        name: String,
        /// admin, secretariat, auditor or delegate
        #[arg(long)]
        role: Role,
        /// Organisation a delegate acts for, by code or id
        #[arg(long, value_name = "CODE")]
        organisation: Option<Handle>,
        #[command(flatten)]
        place: Place,
    },
}

pub(super) async fn carry_out(command: AccountCommand) -> Result<(), Failure> {
    let AccountCommand::Create { email, name, role, organisation, place } = command;
    let account = Account { email, name, role, organisation_id: organisation, state: AccountState::Active };
    let made = access::accounts::create(&place.context().await?, account).await?;
    print(made.id)
}
