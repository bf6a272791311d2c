//! `plenum account`: who may sign in.

use std::{
    io::{IsTerminal, Read},
    path::PathBuf,
};

use clap::Subcommand;
use domain::{
    access::{Account, Role},
    identifier::Handle,
    moment::Moment,
};

use super::{Failure, Place, print};
use crate::access::{accounts, sign_in::emergency};

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
        /// admin, secretariat, auditor, delegation_manager, delegate or guest
        #[arg(long, required_unless_present = "emergency")]
        role: Option<Role>,
        /// Organisation a delegation manager or a delegate acts for, by code or id
        #[arg(long, value_name = "CODE")]
        organisation: Option<Handle>,
        /// Event it is limited to, by code or id; may be repeated
        #[arg(long = "event", value_name = "CODE")]
        events: Vec<Handle>,
        /// Group it is limited to, by code or id; may be repeated
        #[arg(long = "group", value_name = "CODE")]
        groups: Vec<Handle>,
        /// Person whose it is, by id
        #[arg(long, value_name = "ID")]
        person: Option<Handle>,
        /// Day or instant from which it can no longer be used, such as 2027-01-01
        #[arg(long, value_name = "WHEN", value_parser = moment)]
        until: Option<Moment>,
        /// An administrator with a password, which is read from standard input
        #[arg(long, conflicts_with_all = ["role", "organisation", "events", "groups", "until"])]
        emergency: bool,
        /// File with the password, instead of standard input
        #[arg(long, value_name = "FILE", requires = "emergency")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Give an administrator's account a password for emergencies, or another one; it is read from standard input
    Password {
        /// Address the account is known by
        #[arg(long)]
        email: String,
        /// File with the password, instead of standard input
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
}

fn moment(value: &str) -> Result<Moment, String> {
    Moment::try_from(value.to_owned()).map_err(ToOwned::to_owned)
}

pub(super) async fn carry_out(command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::Create { email, name, emergency: true, password_file, place, .. } => {
            let password = password(password_file)?;
            print(emergency::create(&place.context().await?, email, name, password).await?.id)
        }
        AccountCommand::Create { email, name, role, organisation, events, groups, person, until, place, .. } => {
            let role = role.ok_or("Name a role.")?;
            let account = Account {
                organisation_id: organisation,
                event_ids: events,
                group_ids: groups,
                person_id: person,
                ends_at: until,
                ..Account::of(role, email, name)
            };
            print(accounts::create(&place.context().await?, account).await?.id)
        }
        AccountCommand::Password { email, password_file, place } => {
            let password = password(password_file)?;
            Ok(emergency::set_password(&place.context().await?, &email, password).await?)
        }
    }
}

/// The first line of the file, or of standard input. Never an argument: every user of the machine can read those.
fn password(file: Option<PathBuf>) -> Result<String, Failure> {
    let text = match file {
        Some(file) => std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?,
        None if std::io::stdin().is_terminal() => {
            return Err("A password is not shown on a screen: pipe it in, or name a file with --password-file.".into());
        }
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
    };
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
