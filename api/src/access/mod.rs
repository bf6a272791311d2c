//! Keys and accounts: who may knock, and what the key in their hand opens. The rules are in `domain::access`.

pub mod accounts;
pub mod keys;
pub mod oidc;
pub mod sign_in;
pub mod store;

use domain::{access::Actor, identifier::Handle};
use sea_orm::ConnectionTrait;

use crate::error::Error;
pub use keys::{HeldKey, authenticate};

/// The person whose an account is, by id.
async fn known_person(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Handle, Error> {
    let id = store::person_id(connection, handle).await?;
    let detail = "Name an existing person by id.";
    id.map(Handle::Id).ok_or_else(|| Error::invalid("/person_id", "unknown_person", detail))
}

/// Names by id the events and groups that a key or an account is limited to. They are the maker's to see, unless they are
/// sealed, so nothing is given away.
async fn know_limits(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    events: &mut [Handle],
    groups: &mut [Handle],
) -> Result<(), Error> {
    for (at, event) in events.iter_mut().enumerate() {
        let id = store::event_id(connection, actor, event).await?;
        let unknown =
            || Error::invalid(&format!("/event_ids/{at}"), "unknown_event", "Name an existing event by id or code.");
        *event = id.map(Handle::Id).ok_or_else(unknown)?;
    }
    for (at, group) in groups.iter_mut().enumerate() {
        let id = store::group_id(connection, actor, group).await?;
        let unknown =
            || Error::invalid(&format!("/group_ids/{at}"), "unknown_group", "Name an existing group by id or code.");
        *group = id.map(Handle::Id).ok_or_else(unknown)?;
    }
    Ok(())
}

/// The organisation that a key or an account acts for, by id.
async fn known_organisation(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Handle, Error> {
    let id = store::organisation_id(connection, handle).await?;
    let detail = "Name an existing organisation by id or code.";
    id.map(Handle::Id).ok_or_else(|| Error::invalid("/organisation_id", "unknown_organisation", detail))
}
