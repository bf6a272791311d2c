//! `plenum key`: API keys, also while the server runs.

use clap::{Args, Subcommand};
use domain::{
    access::{IssuedKey, Key, KeyRotation, Network, NewKey, Role, Scope, Tlp},
    identifier::Handle,
};
use uuid::Uuid;

use super::{Failure, Place, print};
use crate::{
    access::keys,
    context::Ctx,
    db::{Cursor, Expected, Paging, Visible},
    error::Error,
};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key and print it; it cannot be shown again
    Create(Box<Create>),
    /// List the keys there are
    List(Place),
    /// Replace a key by one like it and print that; the old one works for a while yet
    Rotate {
        /// Its id, or its prefix as `key list` shows it
        key: String,
        /// Hours for which the old key works beside the new one, 0 to 168
        #[arg(long, value_name = "HOURS", default_value_t = KeyRotation::default().overlap_hours)]
        overlap: u16,
        /// Days until the new key expires, 1 to 366
        #[arg(long, value_name = "DAYS", default_value_t = NewKey::DEFAULT_DAYS)]
        expires: u16,
        #[command(flatten)]
        place: Place,
    },
    /// Revoke a key; it stops working at once
    Revoke {
        /// Its id, or its prefix as `key list` shows it
        key: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// What it is for
    #[arg(long)]
    name: String,
    /// admin, secretariat, auditor, delegation_manager, delegate or guest
    #[arg(long)]
    role: Role,
    /// What it is narrowed to, such as sessions:read; may be repeated
    #[arg(long = "scope", value_parser = scope)]
    scopes: Vec<Scope>,
    /// Event it is limited to, by code or id; may be repeated
    #[arg(long = "event", value_name = "CODE")]
    events: Vec<Handle>,
    /// Group it is limited to, by code or id; may be repeated
    #[arg(long = "group", value_name = "CODE")]
    groups: Vec<Handle>,
    /// Organisation a delegation manager or a delegate acts for, by code or id
    #[arg(long, value_name = "CODE")]
    organisation: Option<Handle>,
    /// Label of the most confidential objects it sees: clear, green, amber, amber+strict or red
    #[arg(long, value_name = "LABEL", default_value_t = Tlp::Red)]
    tlp: Tlp,
    /// Network it works from, such as 198.51.100.0/24 or 2001:db8::/32; may be repeated, otherwise everywhere
    #[arg(long = "network", value_name = "CIDR", value_parser = network)]
    networks: Vec<Network>,
    /// Account it belongs to, by id or e-mail address, otherwise that of the server's operator; the key can never do
    /// more than its account
    #[arg(long, value_name = "ACCOUNT")]
    owner: Option<Handle>,
    /// Days until it expires, 1 to 366
    #[arg(long, value_name = "DAYS", default_value_t = NewKey::DEFAULT_DAYS)]
    expires: u16,
    #[command(flatten)]
    place: Place,
}

fn scope(value: &str) -> Result<Scope, String> {
    Scope::try_from(value.to_owned())
}

fn network(value: &str) -> Result<Network, String> {
    Network::try_from(value.to_owned())
}

pub(super) async fn carry_out(command: KeyCommand) -> Result<(), Failure> {
    match command {
        KeyCommand::Create(create) => {
            let (key, place) = create.content();
            print(keys::create(&place.context().await?, key).await?.content.secret.reveal())
        }
        KeyCommand::List(place) => list(&place.context().await?).await,
        KeyCommand::Rotate { key, overlap, expires, place } => {
            let rotation = KeyRotation { overlap_hours: overlap, expires_in_days: expires };
            let made = named(rotate(&place.context().await?, &key, rotation).await)?;
            print(made.content.secret.reveal())
        }
        KeyCommand::Revoke { key, place } => named(revoke(&place.context().await?, &key).await),
    }
}

impl Create {
    fn content(self) -> (NewKey, Place) {
        let key = NewKey {
            name: self.name,
            role: self.role,
            scopes: self.scopes,
            event_ids: self.events,
            group_ids: self.groups,
            organisation_id: self.organisation,
            tlp_ceiling: self.tlp,
            networks: self.networks.iter().map(ToString::to_string).collect(),
            owner_id: self.owner,
            expires_in_days: self.expires,
        };
        (key, self.place)
    }
}

/// What became of the key that was named, or that there is none.
fn named<T>(outcome: Result<T, Error>) -> Result<T, Failure> {
    match outcome {
        Err(Error::NotFound | Error::Gone) => {
            Err("No key in use has this id or prefix; `plenum key list` shows them.".into())
        }
        outcome => Ok(outcome?),
    }
}

async fn id_of(ctx: &Ctx, key: &str) -> Result<Uuid, Error> {
    match Uuid::try_parse(key) {
        Ok(id) => Ok(id),
        Err(_) => keys::id_by_prefix(ctx, key).await,
    }
}

async fn rotate(ctx: &Ctx, key: &str, rotation: KeyRotation) -> Result<Visible<IssuedKey>, Error> {
    keys::rotate(ctx, id_of(ctx, key).await?, Expected::Any, rotation).await
}

async fn revoke(ctx: &Ctx, key: &str) -> Result<(), Error> {
    keys::revoke(ctx, id_of(ctx, key).await?, Expected::Any).await
}

async fn list(ctx: &Ctx) -> Result<(), Failure> {
    let mut paging = Paging { limit: Paging::MAX_LIMIT, after: None };
    loop {
        let page = keys::list(ctx, &paging).await?;
        for key in &page.items {
            print(line(key))?;
        }
        let Some(next) = page.next_cursor else { return Ok(()) };
        paging.after = Some(Cursor::decode(&next)?);
    }
}

/// Columns separated by tabs: id, prefix, role, state, last day, day of last use, name.
fn line(key: &Visible<Key>) -> String {
    let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
    let used = key.content.last_used_at.map_or_else(|| "never used".to_owned(), day);
    let Key { prefix, role, state, expires_at, name, .. } = &key.content;
    format!("{}\t{prefix}\t{role}\t{state}\t{}\t{used}\t{name}", key.id, day(*expires_at))
}
