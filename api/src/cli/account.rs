//! `plenum account`: who may sign in.

use clap::Subcommand;
use domain::{
    access::{Account, AccountState, Role},
    identifier::Handle,
    moment::Moment,
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
        /// Person whose it is, by id
        #[arg(long, value_name = "ID")]
        person: Option<Handle>,
        /// Day or instant from which it can no longer be used, such as 2027-01-01
        #[arg(long, value_name = "WHEN", value_parser = moment)]
        until: Option<Moment>,
        #[command(flatten)]
        place: Place,
    },
}

fn moment(value: &str) -> Result<Moment, String> {
    Moment::try_from(value.to_owned()).map_err(ToOwned::to_owned)
}

pub(super) async fn carry_out(command: AccountCommand) -> Result<(), Failure> {
    let AccountCommand::Create { email, name, role, organisation, person, until, place } = command;
    let account = Account {
        email,
        name,
        role,
        organisation_id: organisation,
        person_id: person,
        ends_at: until,
        state: AccountState::Active,
        invited: true,
    };
    let made = access::accounts::create(&place.context().await?, account).await?;
    print(made.id)
}
