//! Calendars at an address, which are read again and again for when somebody is busy.
//!
//! The address often holds a token: it is kept encrypted, and what is shown of it is its host. Those who may not say when
//! somebody can come, and are not of their organisation, do not learn that there is one.

pub mod jobs;
pub mod resource;
mod store;

use domain::{
    access::Resource,
    attendance::{BusyAddress, BusyAddressInput, availability::Source, busy_address::shortest_pause},
    events::Event,
};
use uuid::Uuid;

use super::{Named, Subject, find, held, record, store::availability_find, write};
use crate::{
    attendance::availability::store::availability_hold,
    context::Ctx,
    db::{Expected, Tx, Visible, to_json},
    egress::Address,
    error::Error,
    jobs::JobKind,
    vault::Vault,
};

const CHANGED: [&str; 2] = ["delegate.busy_address_changed", "delegation.busy_address_changed"];

/// The address of a calendar as it is kept: encrypted.
struct Sealed {
    /// Whose it is.
    owner: Uuid,
    address: String,
    host: String,
    /// The reading that is next.
    turn: Uuid,
}

/// What is shown of an address, with its version.
#[derive(Debug)]
pub struct Shown {
    /// What is shown.
    pub address: BusyAddress,
    /// Rises with every address that is given or taken back.
    pub version: i32,
}

/// The address from which it is read when somebody is busy.
pub async fn get(ctx: &Ctx, named: &Named) -> Result<Shown, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let subject = find(ctx, named).await?;
    if !subject.is_own(ctx) {
        return Err(Error::NotFound);
    }
    let (shown, version) = store::address_find(connection, subject.owner).await?;
    shown.map(|address| Shown { address, version }).ok_or(Error::NotFound)
}

/// Gives an address, or another one, which is read at once and then every hour.
pub async fn set(ctx: &Ctx, named: &Named, expected: Expected, input: BusyAddressInput) -> Result<Shown, Error> {
    let (event, tx, current) = held(ctx, named).await?;
    let (before, version) = store::address_find(tx.connection(), current.owner).await?;
    // One that was taken back is not there any more.
    expected.check_version(before.as_ref().map_or(0, |_| version), &before)?;
    let address = Address::parse(&input.url, &ctx.app.config.intranet).map_err(|fault| fault.at("/url"))?;
    let vault = Vault::open(&ctx.app.config, &ctx.app.entropy)?;
    let owner = availability_hold(&tx, current.owner, current.event).await?;
    let sealed = Sealed {
        owner,
        address: vault.seal(&ctx.app.entropy, owner, address.reveal())?,
        host: address.host().to_owned(),
        turn: tx.new_id()?,
    };
    // However often an address is changed: a calendar is not asked more than once a minute.
    let read_at = store::address_write(&tx, current.event, version, &sealed).await?;
    let at = read_at.map_or(tx.now(), |read_at| tx.now().max(read_at + shortest_pause()));
    let turn = to_json(&jobs::Turn { availability_id: owner, turn: sealed.turn })?;
    tx.job_enqueue(JobKind::BusyAddress.as_str(), turn, at).await?;
    forget_read(&tx, &event, &current).await?;
    tx.commit().await?;
    let address = BusyAddress { host: sealed.host, read_at: None, result: None, not_read: vec![] };
    Ok(Shown { address, version: version + 1 })
}

/// Takes an address back, and with it the busy times that were read there.
pub async fn delete(ctx: &Ctx, named: &Named, expected: Expected) -> Result<(), Error> {
    let (event, tx, current) = held(ctx, named).await?;
    let (before, version) = store::address_find(tx.connection(), current.owner).await?;
    let before = before.ok_or(Error::NotFound)?;
    expected.check_version(version, &before)?;
    let owner = availability_hold(&tx, current.owner, current.event).await?;
    store::address_end(&tx, owner).await?;
    forget_read(&tx, &event, &current).await?;
    tx.commit().await
}

/// Records that an address is another one or none now; what was read at the one before goes with it.
async fn forget_read(tx: &Tx, event: &Visible<Event>, subject: &Subject) -> Result<(), Error> {
    let said = availability_find(tx.connection(), subject.owner).await?;
    let without = said.clone().without(Source::Subscription);
    if without != said {
        write(tx, event, subject, &without).await?;
    }
    record(tx, event, subject, CHANGED).await.map(drop)
}
